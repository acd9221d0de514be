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

from bargain.analysis.lines import Line, Segment
from bargain.analysis.signs import Sign, sign_on
from bargain.errors import BadInput
from bargain.regions.cells import EQ, GT, NE, Cell, Region
from bargain.regions.explore import explore
from bargain.regions.merge import merge_cells, strata
from bargain.regions.space import Space
from bargain.solution import Solution

if TYPE_CHECKING:
    from bargain.tables.table import Table


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
    along = Line(solution, notation[parameter].symbol, Space(notation))
    leaves, skipped = explore(along.space, along.segments, boundaries=exact, limit=limit)
    kinds = list(dict.fromkeys(segments for _, segments in leaves))
    merged = merge_cells(along.space, leaves, same=[kinds.index(segments) for _, segments in leaves], closed=exact)
    cases = tuple(Case(cell, kinds[kind]) for cell, kind in merged)
    points = _named(along, _inner(cases, along))
    return CutPoints(solution, along.parameter, points, tuple(_compared(along.space, points)), cases, Region(strata(along.space, skipped)))


def _inner(cases: tuple[Case, ...], along: Line) -> list[sp.Expr]:
    """The values at which a segment ends inside the domain, in order of appearance."""
    ends = {sp.cancel(-constant / slope) for body, (slope, constant) in along.linear.items() if body in dict(along.space.domain.atoms) and slope != 0}
    values = dict.fromkeys(value for case in cases for segment in case.segments for value in (segment.low, segment.high))
    return [value for value in values if value not in ends and value.is_finite is not False]


def _named(along: Line, values: list[sp.Expr]) -> tuple[CutPoint, ...]:
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
