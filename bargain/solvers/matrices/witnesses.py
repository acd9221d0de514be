"""A parameter space that remembers points: most questions "is there such a point?" need no decision procedure.

Points are exact. A cell that holds at a remembered point is feasible, with that point as its witness; only the others
go to the decider, and the witnesses it returns are remembered in turn. Answers are those of `Space`.
"""

from collections.abc import Mapping
from random import Random
from typing import Any

import sympy as sp
from flint import Ordering, fmpq, fmpq_mpoly_ctx

from bargain.expressions import Evaluator
from bargain.notation import Notation, Parameter
from bargain.regions import EQ, GT, LT, Cell, Space, Verdict

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
        self.points: list[Mapping[sp.Symbol, sp.Expr]] = []
        self._coordinates: list[list[fmpq]] = []
        self._polynomials: dict[sp.Expr, Any] = {}
        self._context = fmpq_mpoly_ctx.get(tuple(f"x{k}" for k in range(max(1, len(notation.symbols)))), Ordering.lex)
        self._bits: dict[sp.Expr, list[int]] = {}
        if notation.symbols:
            for point in _draws(notation):
                if self.contains(point):
                    self._remember(point)

    def feasible(self, cell: Cell) -> Verdict:
        """Whether the cell contains an admissible point."""
        if not cell.trivially_empty and cell not in self._verdicts:
            point = self._known(cell)
            if point is not None:
                self._verdicts[cell] = Verdict(True, point)
            else:
                verdict = super().feasible(cell)
                if verdict.answer and verdict.witness is not None:
                    self._remember(verdict.witness)
                return verdict
        return super().feasible(cell)

    def both_signs(self, body: sp.Expr) -> bool:
        """Whether the body is known to be negative at one point and positive at another."""
        return bool(self._where(body, LT) and self._where(body, GT))

    def _remember(self, point: Mapping[sp.Symbol, sp.Expr]) -> None:
        self.points.append(point)
        self._coordinates.append([fmpq(int(point[s].p), int(point[s].q)) for s in self.notation.symbols])

    def _known(self, cell: Cell) -> Mapping[sp.Symbol, sp.Expr] | None:
        if not self.points:
            return None
        left = (1 << len(self.points)) - 1
        for body, mask in cell.atoms:
            left &= self._where(body, mask)
            if not left:
                return None
        return self.points[(left & -left).bit_length() - 1]

    def _where(self, body: sp.Expr, mask: int) -> int:
        """The set of known points, as bits, at which the sign of `body` is in the mask."""
        if not body.free_symbols <= set(self.notation.symbols):
            return 0
        found = self._bits.setdefault(body, [0, 0, 0, 0])  # number of points looked at, then those with sign -, 0, +
        for index in range(found[0], len(self.points)):
            value = self._value(body, index)
            if value is not None:
                found[1 if value < 0 else 2 if value == 0 else 3] |= 1 << index
        found[0] = len(self.points)
        return (found[1] if mask & LT else 0) | (found[2] if mask & EQ else 0) | (found[3] if mask & GT else 0)

    def _value(self, body: sp.Expr, index: int) -> Any:
        """The rational value of a body at a known point; None if it is not rational."""
        if body not in self._polynomials:
            self._polynomials[body] = self._polynomial(body)
        polynomial = self._polynomials[body]
        if polynomial is not None:
            return polynomial(*self._coordinates[index])
        value = Evaluator(self.points[index])(body)
        return value if value.is_Rational else None

    def _polynomial(self, body: sp.Expr) -> Any:
        """The body as an element of the polynomial ring; None if it is not a polynomial in the parameters."""
        if not body.is_polynomial(*self.notation.symbols):
            return None
        terms = sp.Poly(body, *self.notation.symbols).terms()
        if not all(coefficient.is_Rational for _, coefficient in terms):
            return None
        return self._context.from_dict({powers: fmpq(int(c.p), int(c.q)) for powers, c in terms})


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
