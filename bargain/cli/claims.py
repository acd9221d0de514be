"""``bargain claims``: which claims of a model, or of a group of models, hold at a point."""

from argparse import Namespace
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bargain.claims import Claim, Model
from bargain.cli.output import as_json, as_tables, check_out, counted, emit, patience
from bargain.cli.solve import certified
from bargain.cli.values import checked, given_values
from bargain.errors import BadInput
from bargain.loading import groups, load, load_group

if TYPE_CHECKING:
    from bargain.tables import Table

Verdicts = Mapping[str, Sequence[tuple[Claim, bool]]]


def run_claims(options: Namespace) -> int:
    """Print claims with their truth values."""
    check_out(options.out)
    group = options.model in groups()
    models = load_group(options.model) if group else [load(options.model)]
    values = given_values(options.at)
    if group:
        _check_names(values, models)
    if options.draws is not None:
        return _studied(options, models, values)
    verdicts, sure = {}, True
    for model in models:
        with patience(f"solving {model.name}", verbose=options.verbose):
            assert model.notation is not None
            own = {name: value for name, value in values.items() if not group or name in model.notation.names}
            point = model.at(checked(own, model.notation))
            verdicts[model.name] = list(point.claims())
            sure = sure and certified(point)
    emit(_printed(verdicts, options.format, options.model), options.out)
    return 0 if sure else 1


def _studied(options: Namespace, models: Sequence[Model], values: Mapping[str, Any]) -> int:
    """Print the ledger of claims over the priors."""
    from bargain.sensitivity.study import study
    from bargain.tables.claims import details, ledger, ledger_data

    found = []
    for model in (model for model in models if model.claims):
        assert model.notation is not None
        own = checked({name: value for name, value in values.items() if name in model.notation.names}, model.notation)
        with counted(model.name) as progress:
            found.append(study(model, draws=options.draws, seed=options.seed, at=own, cache=options.cache, progress=progress))
    text = as_json(ledger_data(found)) if options.format == "json" else as_tables([ledger(found), details(found)], options.format, title=options.model)
    emit(text, options.out)
    return 0


def _check_names(values: Mapping[str, Any], models: Sequence[Model]) -> None:
    """In a group, a value is for the models that have its parameter; one of them must."""
    known = dict.fromkeys(name for model in models if model.notation for name in model.notation.names)
    for name in values:
        if name not in known:
            raise BadInput(f"unknown parameter {name!r}", place="--at", remedy="known: " + ", ".join(known))


def _printed(verdicts: Verdicts, form: str, title: str) -> str:
    if form == "json":
        return as_json({model: {claim.name: holds for claim, holds in found} for model, found in verdicts.items()})
    return as_tables([_table(verdicts)], form, title=title)


def _table(verdicts: Verdicts) -> "Table":
    from bargain.tables import Table

    rows = tuple((model, claim.name, "holds" if holds else "fails", claim.source) for model, found in verdicts.items() for claim, holds in found)
    return Table("Claims", ("Model", "Claim", "Holds", "Source"), rows, label="claims", stub=1).without_empty()
