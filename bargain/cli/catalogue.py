"""``bargain list`` and ``bargain show``: what models there are, and what one of them says."""

from argparse import Namespace
from typing import TYPE_CHECKING, Any

from bargain.claims import Model
from bargain.cli.output import as_json, as_tables, check_out, emit
from bargain.loading import load, shipped

if TYPE_CHECKING:
    from bargain.tables import Table


def run_list(options: Namespace) -> int:
    """Print the shipped models."""
    check_out(options.out)
    lines = {name: headline(load(name)) for name in shipped()}
    if options.format == "json":
        text = as_json([{"model": name, "summary": line} for name, line in lines.items()])
    else:
        width = max(map(len, lines), default=0)
        text = "\n".join(f"{name.ljust(width)}  {line}" for name, line in lines.items())
    emit(text, options.out)
    return 0


def headline(model: Model) -> str:
    """The first line of a model's summary."""
    return next(iter(model.summary.strip().splitlines()), "").strip()


def run_show(options: Namespace) -> int:
    """Print what a model declares."""
    check_out(options.out)
    model = load(options.model)
    tables = _tables(model)
    if options.format == "json":
        rows = {table.label: table.records() for table in tables}
        text = as_json({"model": model.name, "summary": model.summary.strip(), **rows})
    else:
        text = as_tables([table for table in tables if table.rows], options.format, title=model.name, prose=model.summary.strip())
    emit(text, options.out)
    return 0


def _tables(model: Model) -> list["Table"]:
    from bargain.tables import Table, notation_rows

    assert model.notation is not None
    problems = tuple(_described(name, problem, solver) for name, (problem, solver) in model.problems.items())
    return [
        notation_rows(model.notation),
        Table("Problems", ("Problem", "Title", "Players", "Size", "Concept"), problems, label="problems"),
        Table("Quantities", ("Quantity", "Meaning"), tuple((q.name, q.meaning) for q in model.quantities), label="quantities"),
        Table("Claims", ("Claim", "Source"), tuple((c.name, c.source) for c in model.claims), label="claims").without_empty(),
    ]


def _described(name: str, problem: Any, solver: Any) -> tuple[str, str, str, str, str]:
    if callable(problem):
        return name, "", "", "built at a point from other solutions", solver.concept
    return name, problem.title, ", ".join(problem.players), size(problem), solver.concept


def size(problem: Any) -> str:
    """How large a problem is, in words.

    >>> from bargain import MatrixGame
    >>> size(MatrixGame.from_arrays([[1, 0]], [[2, 3]]))
    '1 x 2 actions'
    """
    from bargain.games import AlternatingOffers, Game, MatrixGame

    problem = getattr(problem, "game", problem)  # the tree below private costs
    if isinstance(problem, Game):
        return ", ".join(f"{count} {kind}" for kind, count in problem.count.items() if count)
    if isinstance(problem, MatrixGame):
        return " x ".join(map(str, problem.shape)) + " actions"
    if isinstance(problem, AlternatingOffers):
        return f"alternating offers, {len(problem.states)} state" + "s" * (len(problem.states) > 1)
    from bargain.tables.problems import extent

    return extent(problem)
