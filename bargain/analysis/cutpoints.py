"""Cut-points: a solution read along one parameter, as a proposition states it.

Every condition of the regimes that involves the parameter t is solved for it: alpha t + beta > 0
becomes t > -beta/alpha or t < -beta/alpha by the sign of alpha. These roots cut the range of t into
intervals, on each of which certain regimes hold. Which root is the larger, on which side of it a
regime lies, and which of the conditions without t hold, depends on the other parameters: their
space is split into cases by asking the decider (`bargain.regions.explore`), so that the list of
cases is complete and every ordering in it proved.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import sympy as sp

from bargain.analysis.signs import Sign, sign_on
from bargain.errors import BadInput, NotApplicable
from bargain.regions.cells import EQ, GT, LT, NE, Cell, Region
from bargain.regions.explore import Oracle, explore
from bargain.regions.merge import merge_cells, strata
from bargain.regions.space import Space
from bargain.solution import Solution

if TYPE_CHECKING:
    from bargain.tables.table import Table

_BITS = {-1: LT, 0: EQ, 1: GT}


@dataclass(frozen=True)
class CutPoint:
    """A named value of the parameter at which the equilibrium changes: an expression of the other parameters.

    defined: where it exists (its denominator is not zero); everywhere unless said otherwise.
    """

    symbol: sp.Symbol
    value: sp.Expr
    defined: Cell = Cell()


@dataclass(frozen=True)
class Comparison:
    """How two cut-points compare: the proved sign of ``second - first``; `where` is the cell in which it is positive, if that depends."""

    first: CutPoint
    second: CutPoint
    sign: Sign
    where: Cell = Cell()


@dataclass(frozen=True)
class Segment:
    """An interval of the parameter (its ends are cut-points, ends of the domain or infinite) and the regimes that hold on it, by index.

    Regimes that list the same equilibria count as the first of them. No regime holds on a segment that the solution leaves unsolved.
    """

    low: sp.Expr
    high: sp.Expr
    low_closed: bool
    high_closed: bool
    regimes: tuple[int, ...]


@dataclass(frozen=True)
class Case:
    """Conditions on the other parameters, and the segments from the lowest to the highest."""

    condition: Cell
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class CutPoints:
    """The cut-points of a solution in one parameter, how they compare, and what happens between them, case by case.

    boundary: sets of measure zero of the other parameters that the cases leave out (with ``exact=True``, none).
    """

    solution: Solution
    parameter: sp.Symbol
    points: tuple[CutPoint, ...]
    comparisons: tuple[Comparison, ...]
    cases: tuple[Case, ...]
    boundary: Region = Region()

    @property
    def ordered(self) -> bool:
        """Whether the points are proved to come in the order in which they are listed, wherever they are defined."""
        return all(comparison.sign in (Sign.POSITIVE, Sign.WEAKLY_POSITIVE) for comparison in self.comparisons)

    def named(self, value: sp.Expr) -> sp.Expr:
        """The symbol of a cut-point by its value; any other value as it is."""
        return next((point.symbol for point in self.points if point.value == value), value)

    def table(self) -> "Table":
        """One row per case and segment: conditions, interval, outcome, payoffs."""
        from bargain.tables.cutpoints import case_rows

        return case_rows(self)

    def definitions(self) -> "Table":
        """One row per cut-point: symbol, definition, where it is defined; the proved ordering as a note."""
        from bargain.tables.cutpoints import definition_rows

        return definition_rows(self)

    def to_latex(self) -> str:
        """Both tables as LaTeX fragments."""
        from bargain.latex import latex

        return "\n".join(map(latex, self._tables()))

    def __str__(self) -> str:
        from bargain.tables.text import to_text

        return "\n".join(map(to_text, self._tables()))

    def _repr_html_(self) -> str:
        from bargain.tables.html import to_html

        return "".join(map(to_html, self._tables()))

    def _tables(self) -> tuple["Table", ...]:
        return (self.definitions(), self.table()) if self.points else (self.table(),)


def cut_points(solution: Solution, parameter: str | sp.Symbol, *, exact: bool = False, limit: int = 2_000) -> CutPoints:
    """The cut-points of a solution in one parameter, with the list of cases in terms of them.

    exact: also list the sets of measure zero of the other parameters. limit: largest number of cases
    explored. Conditions that are not linear in the parameter are refused (`NotApplicable`).

    >>> import bargain as bg
    >>> from bargain.models.classics import deterrence as m
    >>> found = cut_points(bg.solve(m.game, bg.SubgamePerfect()), "w_C")
    >>> [(str(point.symbol), point.value) for point in found.points], found.ordered
    ([('w_C_bar_1', -a), ('w_C_bar_2', 0)], True)
    >>> [(case.condition, [segment.regimes for segment in case.segments]) for case in found.cases]
    [(Cell.of(l + w_D < 0), [(0,), (1,)]), (Cell.of(l + w_D > 0), [(0,), (2,), (3,)])]
    """
    notation = solution.problem.notation
    if not notation.symbols:
        raise BadInput("no parameter is free", place="cut-points", remedy="solve with some parameters left free")
    along = _Line(solution, notation[parameter].symbol, Space(notation))
    leaves, skipped = explore(along.space, along.segments, boundaries=exact, limit=limit)
    kinds = list(dict.fromkeys(segments for _, segments in leaves))
    merged = merge_cells(along.space, leaves, same=[kinds.index(segments) for _, segments in leaves], closed=exact)
    cases = tuple(Case(cell, kinds[kind]) for cell, kind in merged)
    points = _named(along, _inner(cases, along))
    return CutPoints(solution, along.parameter, points, tuple(_compared(along.space, points)), cases, Region(strata(along.space, skipped)))


class _Line:
    """A solution along one parameter: its conditions as linear functions of it."""

    def __init__(self, solution: Solution, parameter: sp.Symbol, space: Space) -> None:
        self.parameter, self.space = parameter, space
        self.regimes = [regime.condition.cells for regime in solution.regimes]
        listed = [regime.equilibria for regime in solution.regimes]
        self.same = [listed.index(equilibria) for equilibria in listed]
        self.linear: dict[sp.Expr, tuple[sp.Expr, sp.Expr]] = {}
        for cell in (space.domain, *(cell for cells in self.regimes for cell in cells)):
            for body, _ in cell.atoms:
                if parameter in body.free_symbols and body not in self.linear:
                    self.linear[body] = self._line(body)

    def _line(self, body: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
        """Slope and constant; a factor of known sign that holds the parameter is dropped first (see `sign`)."""
        reduced, orientation = self.space.essential(body)
        slope = sp.expand(orientation * sp.diff(reduced, self.parameter))
        if self.parameter in slope.free_symbols:
            raise NotApplicable(f"the condition on {body} is not linear in {self.parameter}", place="cut-points", remedy="choose another parameter")
        return slope, sp.expand(orientation * reduced - slope * self.parameter)

    def segments(self, oracle: Oracle) -> tuple[Segment, ...]:
        """What happens along the line, at the other parameters of the oracle's cell."""
        direction = {body: oracle.sign(slope) for body, (slope, _) in self.linear.items()}
        groups: list[list[sp.Expr]] = []  # roots in increasing order, equal ones together
        place: dict[sp.Expr, int] = {}
        for body, (slope, constant) in self.linear.items():
            if direction[body]:
                _insert(oracle, groups, sp.cancel(-constant / slope))
        for body, (slope, constant) in self.linear.items():
            if direction[body]:
                root = sp.cancel(-constant / slope)
                place[body] = next(number for number, group in enumerate(groups) if root in group)
        roots = [group[0] for group in groups]
        pieces = []
        for number in range(2 * len(roots) + 1):  # even: the interval below root number/2; odd: the root itself
            signs = {body: self._sign(oracle, body, direction[body], number, place) for body in self.linear}
            if _allowed(oracle, self.space.domain, signs, self.parameter):
                inside = dict.fromkeys(self.same[k] for k, cells in enumerate(self.regimes) if any(_allowed(oracle, cell, signs, None) for cell in cells))
                pieces.append((number, tuple(inside)))
        return tuple(_joined(pieces, roots))

    def _sign(self, oracle: Oracle, body: sp.Expr, direction: int, number: int, place: dict[sp.Expr, int]) -> int:
        if not direction:
            return oracle.sign(self.linear[body][1])
        root = 2 * place[body] + 1
        return direction * ((number > root) - (number < root))


def _insert(oracle: Oracle, groups: list[list[sp.Expr]], root: sp.Expr) -> None:
    for position, group in enumerate(groups):
        if root in group:
            return
        sign = oracle.sign(root - group[0])
        if sign == 0:
            group.append(root)
            return
        if sign < 0:
            groups.insert(position, [root])
            return
    groups.append([root])


def _allowed(oracle: Oracle, cell: Cell, signs: dict[sp.Expr, int], only: sp.Symbol | None) -> bool:
    """Whether a cell's atoms hold: first those whose sign is known, then, by asking, the rest (none of the rest if `only` is given)."""
    if not all(mask & _BITS[signs[body]] for body, mask in cell.atoms if body in signs):
        return False
    return only is not None or all(mask & _BITS[oracle.sign(body)] for body, mask in cell.atoms if body not in signs)


def _joined(pieces: list[tuple[int, tuple[int, ...]]], roots: list[sp.Expr]) -> Iterator[Segment]:
    """Neighbouring pieces with the same regimes as one segment; a root at which no regime holds separates the intervals around it."""
    runs: list[tuple[int, int, tuple[int, ...]]] = []
    for number, inside in pieces:
        if number % 2 and not inside and len(pieces) > 1:
            continue
        if runs and runs[-1][2] == inside and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number, inside)
        else:
            runs.append((number, number, inside))
    for first, last, inside in runs:
        low = roots[first // 2] if first % 2 else roots[first // 2 - 1] if first else -sp.oo
        high = roots[last // 2] if last < 2 * len(roots) else sp.oo
        yield Segment(low, high, bool(first % 2), bool(last % 2), inside)


def _inner(cases: tuple[Case, ...], along: _Line) -> list[sp.Expr]:
    """The values at which a segment ends inside the domain, in order of appearance."""
    ends = {sp.cancel(-constant / slope) for body, (slope, constant) in along.linear.items() if body in dict(along.space.domain.atoms) and slope != 0}
    values = dict.fromkeys(value for case in cases for segment in case.segments for value in (segment.low, segment.high))
    return [value for value in values if value not in ends and value.is_finite is not False]


def _named(along: _Line, values: list[sp.Expr]) -> tuple[CutPoint, ...]:
    """The cut-points in an order compatible with every comparison that was proved, numbered in it."""
    space, rest, order = along.space, list(values), []
    while rest:
        least = next((v for v in rest if not any(sign_on(space, v - other, Cell()) in (Sign.POSITIVE, Sign.WEAKLY_POSITIVE)
                                                 for other in rest if other is not v)), rest[0])
        rest.remove(least)
        order.append(least)
    taken = set(space.notation.names)
    stem = along.parameter.name + "_bar"
    while any(name.startswith(stem) for name in taken):
        stem += "_bar"
    return tuple(CutPoint(sp.Symbol(f"{stem}_{k + 1}" if len(order) > 1 else stem, real=True), value, _defined(space, value)) for k, value in enumerate(order))


def _defined(space: Space, value: sp.Expr) -> Cell:
    below = sp.fraction(sp.together(value))[1]
    if below.is_number or not space.sign(below) & EQ:
        return Cell()
    return Cell().where(below, NE)


def _compared(space: Space, points: tuple[CutPoint, ...]) -> Iterator[Comparison]:
    for first, second in combinations(points, 2):
        gap: Any = sp.together(second.value - first.value)
        sign = sign_on(space, gap, Cell())
        yield Comparison(first, second, sign, Cell().where(gap, GT) if sign in (Sign.CHANGES, Sign.NOT_DECIDED) else Cell())
