"""``bargain claims``: which claims of a model, or of a group of models, hold at a point."""

import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bargain.claims import Claim, Model
from bargain.cli.calibration import recalibrated
from bargain.cli.options import jobs
from bargain.cli.output import as_json, as_tables, bars, check_out, emit, patience
from bargain.cli.solve import certified
from bargain.limits import Stopped, time_limit
from bargain.loading import groups, load, load_group

if TYPE_CHECKING:
    from bargain.tables import Table

Verdicts = Mapping[str, Sequence[tuple[Claim, bool]]]


def run_claims(options: Namespace) -> int:
    """Print claims with their truth values."""
    check_out(options.out)
    group = options.model in groups()
    models = recalibrated(load_group(options.model) if group else [load(options.model)], options.at, options.prior)
    if options.draws is not None:
        return _studied(options, models)
    verdicts, sure = dict[str, list[tuple[Claim, bool]]](), True
    try:
        with time_limit(options.time_limit):
            for model in models:
                with patience(f"solving {model.name}", verbose=options.verbose):
                    point, own = model.at(), verdicts.setdefault(model.name, [])
                    own.extend(point.claims())
                    sure = sure and certified(point)
    except Stopped as stop:
        judged = sum(map(len, verdicts.values()))
        if not judged:
            raise
        print(f"bargain: {stop}; the {judged} claims judged so far follow", file=sys.stderr)
        sure = False
    emit(_printed(verdicts, options.format, options.model), options.out)
    return 0 if sure else 1


def _studied(options: Namespace, models: Sequence[Model]) -> int:
    """Print the ledger of claims over the priors."""
    from bargain.report.files import tidy
    from bargain.report.studies import begun
    from bargain.sensitivity.assessment import Plan, studied
    from bargain.tables.claims import details, ledger, ledger_data

    plan = Plan(options.draws, options.seed, cache=options.cache, jobs=jobs(options), whole=False)
    if options.cache is not None:
        tidy(options.cache)
    with time_limit(options.time_limit), bars(sys.stderr.isatty()) as told, begun(models, plan, told) as running:
        found = [running.found(model).study for model in models if studied(model)]
    text = as_json(ledger_data(found)) if options.format == "json" else as_tables([ledger(found), details(found)], options.format, title=options.model)
    emit(text, options.out)
    return 0


def _printed(verdicts: Verdicts, form: str, title: str) -> str:
    if form == "json":
        return as_json({model: {claim.name: holds for claim, holds in found} for model, found in verdicts.items()})
    return as_tables([_table(verdicts)], form, title=title)


def _table(verdicts: Verdicts) -> "Table":
    from bargain.tables import Table

    rows = tuple((model, claim.name, "holds" if holds else "fails", claim.source) for model, found in verdicts.items() for claim, holds in found)
    return Table("Claims", ("Model", "Claim", "Holds", "Source"), rows, label="claims", stub=1).without_empty()
