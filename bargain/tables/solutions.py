"""The equilibrium table of a solution: one row per regime and equilibrium."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import sympy as sp

from bargain.findings import Finding
from bargain.findings.strategic import Threats
from bargain.games import MatrixGame
from bargain.notation import Notation
from bargain.regions.cells import Region
from bargain.solution import Component, Equilibrium, Regime, Solution
from bargain.tables.conditions import Condition
from bargain.tables.mathematics import tidy, typical_point
from bargain.tables.profile import described, mixture, played, profile
from bargain.tables.table import Phrase, Table, Utility

_ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_DATED = re.compile(r"\[(\d+)\]$")  # a share at a date: x[3] is x_3
_STRATA = 6  # more boundary strata than this are counted, not listed


def solution_rows(solution: Solution, by: Iterable[str | sp.Symbol] = ()) -> Table:
    """One row per regime and equilibrium: condition, strategies, outcome, payoffs; the notes say how and how surely.

    by: parameters to solve the conditions for, in order of preference. A one-regime solution
    has no condition column. A component is shown by its extreme points.
    """
    players, order = tuple(solution.problem.players), tuple(by)
    several = len(solution.regimes) > 1 or not solution.regimes[0].condition.is_everything if solution.regimes else False
    matrix = isinstance(solution.problem, MatrixGame)
    point = typical_point(solution.problem.notation)
    acting = (*players, *_devices(solution, players)) if matrix else players
    rows = []
    for number, regime in enumerate(solution.regimes):
        head = (regime.label or roman(number + 1), Condition.of(regime.condition, solution.problem.notation, by=order)) if several else ("", None)
        for name, equilibrium in _numbered(regime):
            strategies = _mixtures(equilibrium, acting, solution.problem.notation) if matrix else (profile(solution.problem, equilibrium),)
            payoffs = tuple(tidy(sp.sympify(equilibrium.payoffs[player], strict=True), point) if player in equilibrium.payoffs else "" for player in players)
            rows.append((*head, name, *strategies, _outcome(equilibrium, solution), _quantities(equilibrium, point), *payoffs))
    columns = ("Cell", "Condition", "No.", *(acting if matrix else ("Equilibrium profile",)), "Outcome", "Quantities",
               *(Utility(player, star=True) for player in players))
    table = Table(getattr(solution.problem, "title", ""), columns, tuple(rows), _notes(solution, order), stub=2)
    return table.without_empty()


def roman(number: int) -> str:
    """A number in Roman numerals.

    >>> [roman(n) for n in (1, 4, 9, 14)]
    ['I', 'IV', 'IX', 'XIV']
    """
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text


def _numbered(regime: Regime) -> Iterator[tuple[str, Equilibrium]]:
    """The equilibria of a regime with their numbers; a single equilibrium needs none."""
    components = 0
    for number, item in enumerate(regime.equilibria):
        if isinstance(item, Component):
            components += 1
            for index, vertex in enumerate(item.vertices):
                yield f"component {components}, extreme point {index + 1}", vertex
        else:
            yield str(number + 1) if len(regime.equilibria) > 1 else "", item


def _mixtures(equilibrium: Equilibrium, players: Sequence[str], notation: Notation) -> tuple[Phrase, ...]:
    return tuple(Phrase.join("; ", (mixture(actions, notation) for actions in equilibrium.strategies.get(player, {}).values())) for player in players)


def _devices(solution: Solution, players: Sequence[str]) -> tuple[str, ...]:
    """Who draws lotteries besides the players: a mediator."""
    return tuple(dict.fromkeys(name for regime in solution.regimes for e in regime.extreme() for name in e.strategies if name not in players))


def _outcome(equilibrium: Equilibrium, solution: Solution) -> Any:
    if isinstance(equilibrium, Threats):
        return mixture({",".join(cell): weight for cell, weight in equilibrium.agreement.items()}, solution.problem.notation)
    if isinstance(equilibrium, Finding) and not equilibrium.strategies:
        return described(equilibrium.outcome, solution.problem.notation)
    matrix = isinstance(solution.problem, MatrixGame)
    return "" if matrix else played(equilibrium.outcome, solution.problem.notation)


def _quantities(equilibrium: Equilibrium, point: Mapping[sp.Symbol, sp.Expr]) -> Any:
    """Named numbers, where no strategies tell them; names with one value stand together."""
    named = {} if equilibrium.strategies and not isinstance(equilibrium, Finding) else equilibrium.quantities
    if not named:
        return ""
    shared: dict[sp.Expr, list[sp.Symbol]] = {}
    for name, value in named.items():
        shared.setdefault(tidy(sp.sympify(value, strict=True), point), []).append(sp.Symbol(_DATED.sub(r"_\1", name)))
    parts = (Phrase.of(*Phrase.join(" = " if all(" " not in str(name) for name in names) else ", ", names).parts, " = ", value) for value, names in shared.items())
    return Phrase.join("; " if any(len(names) > 1 for names in shared.values()) else ", ", parts)


def _notes(solution: Solution, by: tuple[str | sp.Symbol, ...]) -> tuple[Any, ...]:
    notes: list[Any] = [f"Solver: {options_of(solution.solver)}.", f"Status: {_status(solution)}."]
    if solution.stats.get("method") == "discovery":
        notes.append("Strategies are those on the path; of outcomes that pay every player the same, one is listed.")
    if solution.overlapping:
        notes.append("Each row holds wherever its condition does; where several conditions hold, the " + nouns(solution.solver.concept)[1] + " coexist.")
    notes += _remarks(solution)
    notes += _component_notes(solution)
    notes += _family_notes(solution)
    if solution.boundary.cells:
        notes.append(boundary_sentence(solution.boundary, solution, by))
    return tuple(notes)


_LISTED = {"subgame-perfect equilibrium": "every pure-strategy equilibrium outcome", "Rubinstein equilibrium": "every stationary equilibrium"}


def options_of(solver: Any) -> str:
    """A solver as one would write it: options at their defaults are left out.

    >>> from bargain import Rubinstein
    >>> options_of(Rubinstein()), options_of(Rubinstein(limit=True))
    ('Rubinstein()', 'Rubinstein(limit=True)')
    """
    if not is_dataclass(solver):
        return repr(solver)
    chosen = [(entry, getattr(solver, entry.name)) for entry in fields(solver) if entry.repr]
    return f"{type(solver).__name__}({', '.join(f'{entry.name}={value!r}' for entry, value in chosen if value != entry.default)})"


def _status(solution: Solution) -> str:
    return str(solution.status.value).replace("every equilibrium", f"every {nouns(solution.solver.concept)[0]}")


def nouns(concept: str) -> tuple[str, str]:
    """What a concept selects, in the singular and the plural: only concepts called equilibria have equilibria.

    >>> nouns("Rubinstein equilibrium")[1], nouns("Nash bargaining solution")[1], nouns("Shapley value")[1]
    ('equilibria', 'solutions', 'values')
    """
    if "equilibri" in concept:
        return "equilibrium", "equilibria"
    return ("value", "values") if concept.endswith("value") else ("solution", "solutions")


def boundary_sentence(boundary: Region, solution: Solution, by: Iterable[str | sp.Symbol] = ()) -> Phrase:
    """What the table says about the strata that the regimes leave out."""
    strata: Any = f"a set of measure zero ({len(boundary.cells)} strata)"
    if len(boundary.cells) <= _STRATA:
        strata = Phrase.of("the measure-zero set ", Condition.of(boundary, solution.problem.notation, by=by, sets=True))
    known = {} if solution.stats.get("stages") else _LISTED
    one, several = nouns(solution.solver.concept)
    listed = known.get(solution.solver.concept, f"every {one}") + " is listed" if solution.status.complete else "the regimes hold as stated"
    if any(isinstance(e, Finding) for regime in solution.regimes for e in regime.extreme()):
        return Phrase.join("", ("Outside ", strata, ", the regimes hold as stated; that set is left out."))
    there = f"on that set the {several} of the adjacent regimes coexist, and others may exist"
    if several != "equilibria":
        there = "points of that set are to be solved by themselves"
    there = "that set is left unsolved" if solution.stats.get("exact") else there
    after = f" {listed}; {there}."
    return Phrase.join("", ("Outside ", strata, "," + after))


def _remarks(solution: Solution) -> list[str]:
    """What findings say for the reader; what does not hold in every regime is marked with its cells."""
    cells: dict[str, dict[str, None]] = {}
    for number, regime in enumerate(solution.regimes):
        for equilibrium in regime.extreme():
            for remark in equilibrium.remarks if isinstance(equilibrium, Finding) else ():
                cells.setdefault(remark, {})[regime.label or roman(number + 1)] = None
    return [remark if len(where) == len(solution.regimes) else f"Cell {', '.join(where)}: {remark}" for remark, where in cells.items()]


def _family_notes(solution: Solution) -> Iterator[Phrase]:
    """What binds the probabilities and beliefs that a family leaves free."""
    for number, regime in enumerate(solution.regimes):
        for name, equilibrium in _numbered(regime):
            if equilibrium.free.atoms:
                row = [regime.label or roman(number + 1)] * (len(solution.regimes) > 1) + [f"no. {name}"] * bool(name)
                yield Phrase.of("A family" + ", ".join(["", *row]) + ": ", Condition.of(equilibrium.free, solution.problem.notation), ".")


def _component_notes(solution: Solution) -> Iterator[str]:
    """How the extreme points of each component may be mixed; payoffs without strategies are not mixed by players."""
    for place, regime in enumerate(solution.regimes):
        components = [item for item in regime.equilibria if isinstance(item, Component)]
        cell = f"Cell {regime.label or roman(place + 1)}, component" if len(solution.regimes) > 1 else "Component"
        for number, component in enumerate(components):
            if component.subsets and any(vertex.strategies for vertex in component.vertices):
                sets = ", ".join("{" + _members(subset) + "}" for subset in component.subsets)
                yield f"{cell} {number + 1}: strategies may be mixed independently within each of the sets {sets} of extreme points."
            else:
                yield f"{cell} {number + 1}: a continuum of {nouns(solution.solver.concept)[1]}, given by its extreme points."


def _members(subset: Sequence[int]) -> str:
    """The numbers of extreme points; a long run of them with dots.

    >>> _members((0, 1, 4)), _members(range(20))
    ('1, 2, 5', '1, 2, …, 20')
    """
    numbers = [index + 1 for index in subset]
    run = len(numbers) > 4 and numbers == list(range(numbers[0], numbers[-1] + 1))
    return ", ".join(map(str, numbers)) if not run else f"{numbers[0]}, {numbers[1]}, …, {numbers[-1]}"
