"""``bargain solve``: the certified equilibria of one problem of a model, for all parameters or at a point."""

import sys
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bargain.claims import Model, Point
from bargain.cli.limits import timed, unfinished
from bargain.cli.options import CONCEPTS
from bargain.cli.output import as_json, as_tables, check_out, emit, patience
from bargain.cli.values import checked, given_values, known_names
from bargain.errors import BadInput
from bargain.expressions import parse
from bargain.limits import Stopped, time_limit
from bargain.loading import load
from bargain.solution import Solution, Status

if TYPE_CHECKING:
    from bargain.tables import Table


@dataclass(frozen=True)
class Answer:
    """A solution with what the model says at the point (nothing, if parameters are free)."""

    model: str
    solution: Solution
    parameters: Mapping[Any, Any]
    quantities: Mapping[str, Any]
    claims: Mapping[str, bool]
    certified: bool


def run_solve(options: Namespace) -> int:
    """Solve, print, and report by the exit status whether the answer is certified."""
    check_out(options.out)
    if options.shape == "proposition" and options.format != "latex":
        raise BadInput("a proposition is printed as LaTeX only", place="--as proposition", remedy="add --format latex")
    declared = load(options.model)
    model = _chosen(declared, options)
    assert model.notation is not None
    by = known_names(options.by, model.notation, "--by")
    whole = options.at is None and options.free is None
    task = f"solving {model.name}" + " for all parameters (--at or --free makes it a smaller task)" * whole
    with patience(task, verbose=options.verbose):
        answer = _answered(model, declared, options)
        text = _proposed(answer, by) if options.shape == "proposition" else _printed(answer, options.format, by)
    if options.certificate:
        from bargain.portable import certificate_json

        check_out(options.certificate)
        emit(certificate_json(answer.solution), options.certificate)
    emit(text, options.out)
    return 0 if answer.certified else 1


def _answered(model: Model, declared: Model, options: Namespace) -> Answer:
    """The answer, or what was found when a limit was reached: then it is printed as not decided, and said so."""
    try:
        with time_limit(options.time_limit):
            return _symbolic(model, options) if options.at is None or options.free is not None else _at_point(model, declared, options)
    except Stopped as stop:
        problem, solver = model.problems[options.problem]
        if callable(problem) or (options.at is not None and options.free is None):
            raise
        free = set(options.free or ()) or {symbol.name for symbol in problem.notation.symbols}
        known = {s: value for s, value in checked(given_values(options.at or ()), problem.notation).items() if s.name not in free}
        solution = unfinished(stop, problem.at(known) if known else problem, solver)
        print(f"bargain: {stop}; the regimes found so far follow, not certified", file=sys.stderr)
        return _answer(model, solution, {symbol: known.get(symbol, symbol) for symbol in problem.notation.symbols})


def _chosen(model: Model, options: Namespace) -> Model:
    """The model with the solver that the options ask for; `options.problem` is the name of the problem from here on."""
    options.problem = options.problem or next(iter(model.problems))
    if options.problem not in model.problems:
        raise BadInput(f"{model.name} has no problem {options.problem!r}", place="--problem", remedy="problems: " + ", ".join(model.problems))
    problem, own = model.problems[options.problem]
    return replace(model, problems={**model.problems, options.problem: (problem, timed(_solver(own, options), options.time_limit))})


def _solver(own: Any, options: Namespace) -> Any:
    """The model's own solver, or one of another concept, with the options put in."""
    import bargain.solvers

    kind = getattr(bargain.solvers, CONCEPTS[options.concept]) if options.concept else type(own)
    solver = own if isinstance(own, kind) else kind()
    if options.rationality is not None:
        if not hasattr(solver, "rationality"):
            raise BadInput(f"{kind.__name__} has no rationality", place="--rationality", remedy="add --concept quantal-response or leave the option out")
        solver = replace(solver, rationality=parse(options.rationality, {}))
    if not options.exact:
        return solver
    if not hasattr(solver, "exact"):
        raise BadInput(f"{kind.__name__} has no separate boundaries", place="--exact", remedy="leave the option out")
    return replace(solver, exact=True)


def _symbolic(model: Model, options: Namespace) -> Answer:
    """All parameters free, or those that ``--free`` names, the others at their values."""
    from bargain.solving import solve

    problem, solver = model.problems[options.problem]
    if callable(problem):
        raise BadInput("this problem is built from others, solved at a point", place=f"--problem {options.problem}", remedy="add --at baseline")
    if options.free is None:
        return _answer(model, solve(problem, solver, throw=False), {symbol: symbol for symbol in problem.notation.symbols})
    assert model.notation is not None
    free = known_names(options.free, problem.notation, "--free")
    point = checked(given_values(options.at or ()), model.notation)
    known = {symbol: value for symbol, value in point.items() if symbol in set(problem.notation.symbols)}
    solution = solve(problem, solver, at=known, free=free, throw=False)
    return _answer(model, solution, {symbol: symbol if symbol.name in free else value for symbol, value in known.items()})


def _answer(model: Model, solution: Solution, parameters: Mapping[Any, Any]) -> Answer:
    return Answer(model.name, solution, parameters, {}, {}, passed(solution))


def _at_point(model: Model, declared: Model, options: Namespace) -> Answer:
    """The solution at one point, and what the model declares there (by its own concepts, whatever the options ask for)."""
    assert model.notation is not None
    point = model.at(checked(given_values(options.at), model.notation))
    solution = point.solution(options.problem)
    own = declared.at(point.values) if options.concept else point
    quantities, claims = own.quantities(), {claim.name: holds for claim, holds in own.claims()}
    return Answer(model.name, solution, point.values, quantities, claims, certified(point) and certified(own))


def certified(point: Point) -> bool:
    """Whether every solution that was computed at a point passed its certificate."""
    return all(passed(solution) for solution in point._solved.values())


def passed(solution: Solution) -> bool:
    """Whether the answer passed its certificate, exactly or within the tolerance that the status states."""
    within = solution.status is Status.WITHIN and solution.certificate is not None and solution.certificate.passed
    return solution.status.certified or within


def _proposed(answer: Answer, by: tuple[str, ...]) -> str:
    from bargain.latex import proposition

    return proposition(answer.solution, by=by).to_latex()


def _printed(answer: Answer, form: str, by: tuple[str, ...]) -> str:
    if form == "json":
        from bargain.tables import to_json

        return as_json(to_json(answer.solution, model=answer.model, parameters=answer.parameters, quantities=answer.quantities, claims=answer.claims))
    return as_tables(_tables(answer, by), form, title=answer.model)


def _tables(answer: Answer, by: tuple[str, ...]) -> list["Table"]:
    from bargain.tables import Table, claims_rows, solution_rows

    tables = [solution_rows(answer.solution, by)]
    if answer.quantities:
        rows = tuple((name, _cell(value)) for name, value in answer.quantities.items())
        tables.append(Table("Quantities", ("Quantity", "Value"), rows, label="quantities"))
    if answer.claims:
        tables.append(claims_rows([{"claim": name, "holds": holds} for name, holds in answer.claims.items()]))
    return tables


def _cell(value: Any) -> Any:
    """A quantity for people: irrational and unwieldy numbers as decimals, nested tables as text."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_cell(part)}" for name, part in value.items())
    if isinstance(value, list | tuple):
        return tuple(map(_cell, value))
    unwieldy = getattr(value, "is_number", False) and getattr(value, "is_real", False) and not (value.is_Rational and len(str(value)) < 12)
    return float(value) if unwieldy else value
