"""``bargain sensitivity``: what a quantity depends on, and the cut-offs of claims in single parameters."""

from argparse import Namespace
from typing import TYPE_CHECKING

from bargain.cli.calibration import recalibrated
from bargain.cli.output import as_json, as_tables, check_out, emit, patience
from bargain.errors import BadInput
from bargain.loading import load

if TYPE_CHECKING:
    from bargain.sensitivity.points import Vectorised
    from bargain.tables import Table


def run_sensitivity(options: Namespace) -> int:
    """Print swings and Sobol indices of a quantity, or the cut-offs of claims."""
    from bargain.sensitivity.points import Vectorised

    check_out(options.out)
    if options.points < 2 or options.points & (options.points - 1):
        raise BadInput(f"{options.points} is not a power of two", place="--points", remedy="write 1024, for example")
    (model,) = recalibrated([load(options.model)], options.at, options.prior)
    with patience(f"studying {model.name}", verbose=options.verbose):
        tables = _tables(Vectorised(model), options)
    text = as_json({table.label: table.records() for table in tables}) if options.format == "json" else as_tables(tables, options.format, title=model.name)
    emit(text, options.out)
    return 0


def _tables(source: "Vectorised", options: Namespace) -> "list[Table]":
    from bargain.sensitivity.draws import Prior
    from bargain.sensitivity.flips import thresholds
    from bargain.sensitivity.indices import sobol, tornado
    from bargain.tables.claims import sobol_rows, threshold_rows, tornado_rows

    model = source.model
    if options.quantity:
        swings = tornado(source, options.quantity)
        return [tornado_rows(swings), sobol_rows(options.quantity, sobol(source, options.quantity, points=options.points, seed=options.seed))]
    point = model.at()
    held = {claim.name: holds for claim, holds in point.claims()}
    return [threshold_rows(thresholds(source, model.claims, point.values, Prior(model)), held)]
