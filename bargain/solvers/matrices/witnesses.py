"""A parameter space that remembers points: most questions "is there such a point?" need no decision procedure.

Beside the witnesses that every `Space` remembers there are seeded points to begin with, and a cell that holds at one of them is feasible, with
that point as its witness; only the others go to the decider. Answers are those of `Space`.
"""

from random import Random

import sympy as sp

from bargain.notation import Notation, Parameter
from bargain.regions import NE, Cell, Space, Verdict

_DRAWS = 160
_SEED = 20241222


class RememberingSpace(Space):
    """A `Space` that looks among the points it knows first.

    >>> p = sp.Symbol("p", real=True)
    >>> space = RememberingSpace(Notation((Parameter(p, "chance", domain="[0, 1]"),)))
    >>> space.feasible(Cell.of(3*p > 1)).answer, space.queries
    (True, 0)
    """

    def __init__(self, notation: Notation, *, timeout_ms: int = 5000) -> None:
        super().__init__(notation, timeout_ms=timeout_ms)
        if notation.symbols:
            for point in _draws(notation):
                if self.contains(point):
                    self.points.add(point)

    def feasible(self, cell: Cell) -> Verdict:
        """Whether the cell contains an admissible point."""
        if not cell.trivially_empty and cell not in self._verdicts:
            here = self.points.inside(cell)
            if here:
                self._verdicts[cell] = Verdict(True, self.points.listed[(here & -here).bit_length() - 1])
        return super().feasible(cell)

    def both_signs(self, body: sp.Expr) -> bool:
        """Whether the body is known to be negative at one point and positive at another."""
        return self.points.signs(body, self.points.inside(Cell())) & NE == NE


def _draws(notation: Notation) -> list[dict[sp.Symbol, sp.Expr]]:
    """Seeded points: from the prior ranges, and from the domains near their ends and far out."""
    random = Random(_SEED)
    return [{parameter.symbol: _draw(parameter, random, number % 2 == 0) for parameter in notation} for number in range(_DRAWS)]


def _draw(parameter: Parameter, random: Random, typical: bool) -> sp.Expr:
    low, high = parameter.domain.low, parameter.domain.high
    if typical and parameter.prior:
        low, high = parameter.prior
    share = sp.Rational(random.randint(1, 9972), 9973)
    if low == -sp.oo and high == sp.oo:
        return (2 * share - 1) * sp.Integer(4) ** random.randint(-1, 2)
    if high == sp.oo:
        return low + share * sp.Integer(4) ** random.randint(-1, 2)
    if low == -sp.oo:
        return high - share * sp.Integer(4) ** random.randint(-1, 2)
    return low + share * (high - low)
