"""A problem and its answer as tables: payoffs or rules first, then the equilibria."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

import sympy as sp

from bargain.claims import Model, Point
from bargain.games import AlternatingOffers, Game, MatrixGame
from bargain.notation import Notation
from bargain.report.bounds import unmet
from bargain.report.content import Tabular
from bargain.report.readable import rounded, written
from bargain.solution import Solution
from bargain.tables import Phrase, Table, game_rows, matrix_rows, problem_rows, solution_rows
from bargain.tables.listing import decimal
from bargain.tables.mathematics import TEXT
from bargain.tables.solutions import nouns, options_of
from bargain.tables.table import render

SYMBOLIC = 5  # with at most this many parameters a problem is solved and shown with all of them free
_RUN = 5  # as many equal rows of a long table become one
_BESIDE = 24  # characters of a cell that has one line
_LISTED = 40  # end nodes; a larger tree is described by its size
_SPOKEN = {"limit": "as the time between offers goes to zero", "weights": "weights {}", "objective": "the best for {}"}  # options that change what is selected
_EXTREME = re.compile(r"component (\d+), extreme point (\d+)")


def few(notation: Notation) -> bool:
    """Whether a problem has parameters, and few enough to leave all of them free."""
    return 0 < len(notation.parameters) <= SYMBOLIC


def shown_free(model: Model) -> bool:
    """Whether some problem of a model is solved with all parameters free, as it stands."""
    return any(not callable(problem) and few(problem.notation) and name not in model.reductions for name, (problem, _) in model.problems.items())


def posed(name: str, problem: Any, fixed: Any, title: str) -> Iterator[Tabular]:
    """What is played for: payoffs of a tree or a matrix, rules of a table; `fixed` is the problem at the baseline."""
    shown, where = (problem, "") if few(problem.notation) or not problem.notation.parameters else (fixed, ", at the baseline")
    problem, shown = getattr(problem, "game", problem), getattr(shown, "game", shown)  # the tree below private costs
    if isinstance(problem, Game) and problem.count["ends"] > _LISTED:
        yield Tabular(f"{name}-size", _size(problem), f"{title}: size of the tree")
    elif isinstance(problem, Game):
        yield Tabular(f"{name}-payoffs", plain_numbers(game_rows(shown)), f"{title}: moves and payoffs{where}")
    elif isinstance(problem, MatrixGame):
        content = shown if len(problem.players) == 2 else plain_numbers(matrix_rows(shown))
        yield Tabular(f"{name}-payoffs", content, f"{title}: payoffs{where}")
    elif isinstance(problem, AlternatingOffers):
        yield Tabular(f"{name}-rules", _rules(problem), f"{title}: rules of the table")
    else:
        content = problem_rows(problem) if few(problem.notation) or not problem.notation.parameters else problem_rows(fixed)
        yield Tabular(f"{name}-problem", written(folded(plain_numbers(content)), ("Rule",)), f"{title}: the problem{where}")


def answered(name: str, solution: Solution, at: Point, title: str) -> Tabular:
    """The equilibria at the baseline, or by regime where the problem's own parameters are none of the model's."""
    regimes = tuple(replace(regime, equilibria=tuple(e.at(at.evaluate) for e in regime.equilibria)) for regime in solution.regimes)
    table = rounded(_short_numbers(plain_numbers(_conceptual(solution_rows(replace(solution, regimes=regimes)), solution))))
    if isinstance(solution.problem, AlternatingOffers):
        table = _line_by_line(table)
    if isinstance(solution.problem, AlternatingOffers) and solution.problem.drift:
        moving = ", ".join(sorted(map(str, solution.problem.drift)))
        table = replace(table, notes=(*table.notes, f"Offers and answers are those at the start; they move with {moving} while talks go on."))
    beyond = unmet(solution)
    if beyond is not None:
        table = replace(table, notes=(*table.notes, beyond))
    where = ", every parameter free" if solution.problem.notation.parameters and varies(solution) else " at the baseline"  # a limit leaves the period free
    return Tabular(f"{name}-equilibria", table, f"{title}: {nouns(solution.solver.concept)[1]}{where}")


def regimes(name: str, solution: Solution, title: str, *, free: Sequence[str] = ()) -> Tabular:
    """The equilibria by regime, with every parameter free or only those named."""
    which = f"{' and '.join(free)} free, the others at the baseline" if free else "every parameter free"
    table = rounded(_short_numbers(_conceptual(solution_rows(solution), solution)))
    return Tabular(f"{name}-regimes", table, f"{title}: {nouns(solution.solver.concept)[1]} by regime, {which}")


def _conceptual(table: Table, solution: Solution) -> Table:
    """The table with the solution concept in place of the solver's name, and those options in words that change what is selected."""
    said = [solution.solver.concept]
    for name, words in _SPOKEN.items():
        value = getattr(solution.solver, name, None)
        if value and f"{name}=" in options_of(solution.solver):
            shown = ", ".join(f"{key} {part}" for key, part in value.items()) if isinstance(value, Mapping) else str(value)
            said.append(words.format(shown))
    return _told_once(replace(table, notes=tuple(f"Solution concept: {', '.join(said)}." if str(note).startswith("Solver: ") else note for note in table.notes)))


def _told_once(table: Table) -> Table:
    """The table without its outcomes where they only repeat the profiles: what is done at information sets that the profile names, or the path itself."""
    heads = table.headings()
    if "Outcome" not in heads or "Equilibrium profile" not in heads:
        return table
    profile, outcome = heads.index("Equilibrium profile"), heads.index("Outcome")
    if not all(_repeats(render(row[profile], TEXT), render(row[outcome], TEXT)) for row in table.rows):
        return table
    kept = [place for place in range(len(heads)) if place != outcome]
    return replace(table, columns=tuple(table.columns[k] for k in kept), rows=tuple(tuple(row[k] for k in kept) for row in table.rows))


def _repeats(profile: str, outcome: str) -> bool:
    """Whether an outcome says only what the profile does: its path, or moves at places that the profile names.

    >>> _repeats("after compact: 2/3 lead + 1/3 walk", "after compact: lead or walk"), _repeats("hold; press", "hold")
    (True, False)
    """
    places = [move.partition(": ") for move in outcome.split(", ")]
    return profile.startswith(f"on the path: {outcome}") or all(colon and place + colon in profile for place, colon, _ in places)


def varies(solution: Solution) -> bool:
    """Whether any parameter left free matters: there are several regimes, or payoffs that depend on it."""
    payoffs = (value for regime in solution.regimes for e in regime.extreme() for value in e.payoffs.values())
    return len(solution.regimes) > 1 or any(value.free_symbols for value in payoffs)


def plain_numbers(table: Table) -> Table:
    """The table with fractions written as decimals where the decimal is short and exact."""
    return replace(table, rows=tuple(tuple(map(number, row)) for row in table.rows))


def number(value: Any) -> Any:
    """A fraction as the decimal it equals, if that has at most eight digits; so for each number in a phrase.

    >>> number(sp.Rational(1, 4)), number(sp.Rational(1, 3))
    (Decimal('0.25'), 1/3)
    """
    if isinstance(value, Phrase):
        return Phrase(tuple(map(number, value.parts)))
    return decimal(value) if isinstance(value, sp.Rational) else value


def folded(table: Table) -> Table:
    """A long table with one row in place of five or more that follow each other and differ in their first cell only.

    >>> long = Table("", ("Rule", "Value"), (*((f"loss of type {k}", 0) for k in range(40)), ("prize", 1)))
    >>> folded(long).rows
    (('loss of type 0 to loss of type 39 (40 rows)', 0), ('prize', 1))
    """
    if len(table.rows) <= _LISTED:
        return table
    rows: list[tuple[Any, ...]] = []
    for _, run in groupby(table.rows, key=lambda row: (isinstance(row[0], str) and row[0].split(" ")[0], row[1:])):
        same = list(run)
        short = len(same) < _RUN or not isinstance(same[0][0], str)
        rows += same if short else [(f"{same[0][0]} to {same[-1][0]} ({len(same)} rows)", *same[0][1:])]
    return replace(table, rows=tuple(rows))


def _short_numbers(table: Table) -> Table:
    """Extreme points numbered 1.2 instead of in words, with the key in a note."""
    rows = tuple(tuple(_EXTREME.sub(r"\1.\2", cell) if isinstance(cell, str) else cell for cell in row) for row in table.rows)
    if rows == table.rows:
        return table
    return replace(table, rows=rows, notes=("No. 1.2 is extreme point 2 of component 1.", *table.notes))


def _line_by_line(table: Table) -> Table:
    """Each offer and each answer of a profile on a line of its own, where nothing beside them needs several lines."""
    rows: list[tuple[Any, ...]] = []
    for row in table.rows:
        place = next((k for k, value in enumerate(row) if isinstance(value, Phrase) and "; " in value.parts), None)
        if place is None or any(k != place and len(render(value, TEXT)) > _BESIDE for k, value in enumerate(row)):
            rows.append(row)
            continue
        lines: list[list[Any]] = [[]]
        for part in row[place].parts:
            if part == "; ":
                lines.append([])
            else:
                lines[-1].append(part)
        blank = ("",) * len(row)
        for number_, line in enumerate(lines):
            kept = row if number_ == 0 else blank
            rows.append((*kept[:place], Phrase(tuple(line)), *kept[place + 1 :]))
    return replace(table, rows=tuple(rows))


def _size(game: Game) -> Table:
    names = {"ends": "end nodes", "decisions": "decision nodes", "chance": "chance nodes", "others": "offers, simultaneous moves and tables",
             "nodes": "nodes in all"}
    count = {**game.count, "others": game.count["nodes"] - sum(game.count[key] for key in ("ends", "decisions", "chance"))}
    depth = max(len(history) for history, _ in game.nodes())
    rows = [*((names[key], count[key]) for key in names), ("longest play, in moves", depth), ("players", ", ".join(game.players))]
    return Table("", ("What", "Number"), tuple(rows))


def _rules(table: AlternatingOffers) -> Table:
    first, second = table.players
    rows: list[tuple[Any, ...]] = [("first offer", first, ""), ("offers on", "", table.share)]
    rows += [("range of offers", "", Phrase.of("[", table.between[0], ", ", table.between[1], "]"))] if table.between else []
    rows += [("worth of agreement", player, table.agreement[player]) for player in (first, second)]
    rows += [("discount factor", player, table.discount[player]) for player in (first, second)]
    for state in table.states:
        rows += [(f"flow, {state.name}", player, state.flow[player]) for player in (first, second)]
        rows += [(f"after {state.name}", f"to {name}", chance) for name, chance in state.moves.items() if len(table.states) > 1]
    rows += [("drift of", str(symbol), moved) for symbol, moved in table.drift.items()]
    rows += [("outside option", player, value) for player, value in table.outside.items()]
    rows += [("may leave", player, "when answering" if moment == "answering" else "after its own offer is refused") for player, moment in table.leaves.items()]
    rows += [(text, player, value) for text, values in (("cost of a delay", table.costs), ("periods after a refusal by", table.lags),
             ("after the last offer", table.default), ("chance to propose", table.recognition)) for player, value in values.items()]
    rows += [("number of offers", "", table.horizon)] if table.horizon is not None else []
    rows += [("order of proposers", "", ", ".join(table.order))] if table.order else []
    if table.breakdown is not None:
        rows += [("chance of breakdown", "", table.breakdown.probability)]
        rows += [("after breakdown", player, value) for player, value in table.breakdown.payoffs.items()]
    sources = (f"Source: {table.source}.",) if table.source else ()
    return plain_numbers(Table("", ("Rule", "For", "Value"), tuple(rows), sources)).without_empty()
