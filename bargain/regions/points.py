"""Exact points that a space is known to contain, and the signs of expressions there.

A question "is there a point at which ...?" that a known point answers needs no decision procedure. Sets of points are integers, one bit a
point, so that the conditions of a cell are intersected at once; each polynomial is evaluated once at each point, in rational arithmetic.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp
from flint import Ordering, fmpq, fmpq_mpoly_ctx

from bargain.expressions import Evaluator
from bargain.regions.cells import EQ, GT, LT, NE, Cell

_MOST = 1000  # points remembered


class Points:
    """Points remembered, in order.

    >>> p, q = sp.symbols("p q", real=True)
    >>> points = Points((p, q))
    >>> for value in (1, 2, 3):
    ...     points.add({p: sp.Integer(value), q: sp.Rational(1, 2)})
    >>> bin(points.inside(Cell.of(p >= 2))), points.signs(p - 2, points.inside(Cell.of(p >= 2))) == EQ | GT
    ('0b110', True)
    """

    def __init__(self, symbols: Sequence[sp.Symbol]) -> None:
        self.listed: list[Mapping[sp.Symbol, sp.Expr]] = []
        self._symbols, self._own = tuple(symbols), frozenset(symbols)
        self._coordinates: list[list[fmpq]] = []
        self._context = fmpq_mpoly_ctx.get(tuple(f"x{k}" for k in range(max(1, len(self._symbols)))), Ordering.lex)
        self._polynomials: dict[sp.Expr, Any] = {}
        self._bits: dict[sp.Expr, list[int]] = {}  # by expression: points looked at, then those with sign -, 0, +

    def add(self, point: Mapping[sp.Symbol, sp.Expr]) -> None:
        """Remember a rational point."""
        if len(self.listed) < _MOST:
            self.listed.append(point)
            self._coordinates.append([fmpq(int(point[s].p), int(point[s].q)) for s in self._symbols])

    def inside(self, cell: Cell) -> int:
        """The points that lie in a cell."""
        left = (1 << len(self.listed)) - 1
        for body, mask in cell.atoms:
            left = self.where(body, mask, left)
        return left

    def where(self, body: sp.Expr, mask: int, among: int) -> int:
        """The points among some at which the sign of an expression is known and in the mask."""
        _, negative, zero, positive = self._looked(body, among)
        return among & ((negative if mask & LT else 0) | (zero if mask & EQ else 0) | (positive if mask & GT else 0))

    def signs(self, body: sp.Expr, among: int) -> int:
        """The signs that an expression has at some of the points, as a mask."""
        _, negative, zero, positive = self._looked(body, among)
        return (LT if negative & among else 0) | (EQ if zero & among else 0) | (GT if positive & among else 0)

    def polynomial(self, body: sp.Expr) -> Any:
        """An expression as a polynomial in the coordinates; None if it is none."""
        if body not in self._polynomials:
            self._polynomials[body] = self._converted(body)
        return self._polynomials[body]

    def convex(self, cell: Cell) -> bool:
        """Whether a cell is convex because its conditions are affine."""
        found = ((self.polynomial(body), mask) for body, mask in cell.atoms)
        return all(polynomial is not None and mask != NE and polynomial.total_degree() <= 1 for polynomial, mask in found)

    def _looked(self, body: sp.Expr, among: int) -> list[int]:
        found = self._bits.setdefault(body, [0, 0, 0, 0])
        fresh = among & ~found[0] if body.free_symbols <= self._own else 0
        found[0] |= fresh
        while fresh:
            bit = fresh & -fresh
            fresh ^= bit
            value = self._value(body, bit.bit_length() - 1)
            if value is not None:
                found[1 if value < 0 else 2 if value == 0 else 3] |= bit
        return found

    def _value(self, body: sp.Expr, index: int) -> Any:
        """The rational value of an expression at a point; None if it is not rational."""
        polynomial = self.polynomial(body)
        if polynomial is not None:
            return polynomial(*self._coordinates[index])
        value = Evaluator(self.listed[index])(body)
        return value if value.is_Rational else None

    def _converted(self, body: sp.Expr) -> Any:
        if not body.free_symbols <= self._own or not body.is_polynomial(*self._symbols):
            return None
        terms = sp.Poly(body, *self._symbols).terms() if self._symbols else [((0,), body)]
        if not all(coefficient.is_Rational for _, coefficient in terms):
            return None
        return self._context.from_dict({powers: fmpq(int(c.p), int(c.q)) for powers, c in terms})
