"""Tables of cut-points: their definitions with the proved ordering, and the cases in terms of them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import sympy as sp

from bargain.analysis.signs import Sign
from bargain.games import MatrixGame
from bargain.solution import Equilibrium
from bargain.tables.conditions import Chain, Condition
from bargain.tables.mathematics import tidy, typical_point
from bargain.tables.profile import mixture, played
from bargain.tables.solutions import roman
from bargain.tables.table import Phrase, Table, Utility

if TYPE_CHECKING:
    from bargain.analysis.cutpoints import Comparison, CutPoints
    from bargain.analysis.lines import Segment

STRATA = 6  # more boundary strata than this are counted, not listed
_PROVED = {Sign.POSITIVE: "<", Sign.WEAKLY_POSITIVE: "<=", Sign.NEGATIVE: ">", Sign.WEAKLY_NEGATIVE: ">=", Sign.ZERO: "="}


def definition_rows(found: "CutPoints") -> Table:
    """One row per cut-point; the notes state the ordering, as one chain where it is proved."""
    notation = found.solution.problem.notation
    point = typical_point(notation)
    rows = tuple((p.symbol, tidy(p.value, point), Condition.of(p.defined, notation) if p.defined.atoms else "") for p in found.points)
    table = Table(_title("Cut-points", found), ("Cut-point", "Definition", "Defined where"), rows, tuple(_ordering(found)))
    return table.without_empty()


def case_rows(found: "CutPoints") -> Table:
    """One row per case, segment and equilibrium of the regimes that hold there."""
    problem, players = found.solution.problem, tuple(found.solution.problem.players)
    point = typical_point(problem.notation)
    rows: list[tuple[Any, ...]] = []
    for number, case in enumerate(found.cases):
        head = (chr(ord("a") + number) if number < 26 else str(number + 1), Condition.of(case.condition, problem.notation))
        for segment in case.segments:
            interval = interval_of(found, segment)
            if not segment.regimes:
                rows.append((*head, interval, "", "not solved", *("" for _ in players)))
            for k in segment.regimes:
                regime = found.solution.regimes[k]
                for equilibrium in regime.extreme():
                    paid = (tidy(sp.sympify(equilibrium.payoffs[player], strict=True), point) for player in players)
                    rows.append((*head, interval, regime.label or roman(k + 1), _outcome(found, equilibrium), *paid))
    columns = ("Case", "Where", found.parameter, "Cell", "Outcome", *(Utility(player, star=True) for player in players))
    notes = (_left_out(found),) if found.boundary.cells else ()
    return Table(_title("Cases", found), columns, tuple(rows), notes, stub=3)


def _outcome(found: "CutPoints", equilibrium: Equilibrium) -> Phrase:
    """What happens: the outcome, or in a matrix game the players' (mixed) actions."""
    problem = found.solution.problem
    if isinstance(problem, MatrixGame):
        chosen = (actions for player in problem.players for actions in equilibrium.strategies.get(player, {}).values())
        return Phrase.join("; ", (mixture(actions, problem.notation) for actions in chosen))
    return played(equilibrium.outcome, problem.notation)


def _left_out(found: "CutPoints") -> Any:
    """The sets of measure zero that the cases leave out, counted where they are many."""
    count = len(found.boundary.cells)
    if count > STRATA:
        return f"A set of measure zero ({count} strata of the other parameters) is left out."
    return Phrase.of("The set ", Condition.of(found.boundary, found.solution.problem.notation, sets=True), " of measure zero is left out.")


def interval_of(found: "CutPoints", segment: "Segment") -> Any:
    """A segment as a condition on the parameter, its ends by name."""
    low, high = found.named(segment.low), found.named(segment.high)
    if low == high:
        return Condition(((Chain((found.parameter, low), ("=",)),),))
    left, right = ("<=" if segment.low_closed else "<"), ("<=" if segment.high_closed else "<")
    if low == -sp.oo and high == sp.oo:
        return "any"
    if low == -sp.oo:
        return Condition(((Chain((found.parameter, high), (right,)),),))
    if high == sp.oo:
        return Condition(((Chain((found.parameter, low), (">=" if segment.low_closed else ">",)),),))
    return Condition(((Chain((low, found.parameter, high), (left, right)),),))


def _ordering(found: "CutPoints") -> Iterator[Any]:
    if found.ordered and len(found.points) > 1:
        neighbours = {(c.first.symbol, c.second.symbol): _PROVED[c.sign] for c in found.comparisons}
        symbols = tuple(p.symbol for p in found.points)
        signs = tuple(neighbours[pair] for pair in zip(symbols, symbols[1:], strict=False))
        yield Phrase.of("Proved: ", Condition(((Chain(symbols, signs),),)), ".")
        return
    for comparison in found.comparisons:
        yield _compared(comparison, found)


def _compared(comparison: "Comparison", found: "CutPoints") -> Phrase:
    first, second = comparison.first.symbol, comparison.second.symbol
    if comparison.sign in _PROVED:
        return Phrase.of("Proved: ", Condition(((Chain((first, second), (_PROVED[comparison.sign],)),),)), ".")
    less = Condition(((Chain((first, second), ("<",)),),))
    doubt = "" if comparison.sign is Sign.CHANGES else " (not decided whether that can fail)"
    return Phrase.of(less, " iff ", Condition.of(comparison.where, found.solution.problem.notation), f"{doubt}.")


def _title(kind: str, found: "CutPoints") -> str:
    return f"{kind}: {getattr(found.solution.problem, 'title', '')}"
