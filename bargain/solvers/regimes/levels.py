"""Exact values at one rational point: numbers that order payoffs, and signs of atoms.

Polynomials become integers: with coordinates n_i/Q, a monomial of degree e is the product of its n_i
times Q^(D - e), and all values share the factor Q^D and one denominator. Other expressions stay exact
numbers whose differences have certified signs.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import total_ordering
from math import lcm
from typing import TYPE_CHECKING, Any

import sympy as sp

from bargain.expressions import Evaluator
from bargain.regions.explore import number_sign
from bargain.solvers.regimes.polynomials import Monomial

if TYPE_CHECKING:
    from bargain.solvers.regimes.comparisons import Comparisons

Point = tuple[Fraction, ...]


def named(symbols: Sequence[sp.Symbol], point: Point) -> dict[sp.Symbol, sp.Rational]:
    """The point as a mapping from symbols."""
    return {symbol: sp.Rational(value.numerator, value.denominator) for symbol, value in zip(symbols, point, strict=True)}


@total_ordering
class _Number:
    """An exact real number, ordered by certified signs."""

    def __init__(self, value: sp.Expr) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Number) and number_sign(self.value - other.value) == 0

    def __lt__(self, other: "_Number") -> bool:
        return number_sign(self.value - other.value) < 0

    __hash__ = None  # type: ignore[assignment]


class Levels:
    """For each numbered value of `comparisons`, a number that orders it among the others at a point; computed on demand."""

    def __init__(self, comparisons: "Comparisons", point: Point) -> None:
        self._comparisons, self._point = comparisons, point
        self._known: dict[int, Any] = {}
        self._evaluate = None if comparisons.polynomial else Evaluator(named(comparisons.symbols, point))
        self._base = lcm(*(value.denominator for value in point))
        self._degree, self._scale = comparisons.degree, comparisons.scale
        self._whole = [int(value * self._base) for value in point]
        self._monomials: dict[Monomial, Any] = {}

    def __getitem__(self, number: int) -> Any:
        value = self._known.get(number)
        if value is None:
            at, of = self._evaluate, self._comparisons
            if at is not None:
                value = _Number(at(of.formula(number)))
            else:
                value = self._sum(of.whole(number))
                if of.scale != self._scale:  # an expected value met since, with a denominator of its own
                    value = Fraction(value * self._scale) / of.scale
            self._known[number] = value
        return value

    def _sum(self, terms: Iterable[tuple[Monomial, int]]) -> Any:
        known = self._monomials
        return sum(c * (known[which] if which in known else self._monomial(which)) for which, c in terms)

    def _monomial(self, which: Monomial) -> Any:
        spare = self._degree - len(which)
        product: Any = self._base**spare if spare >= 0 else Fraction(1, self._base**-spare)
        for k in which:
            product *= self._whole[k]
        self._monomials[which] = product
        return product

    def sign(self, atom: int) -> int:
        """The sign of an atom."""
        key = self._comparisons.atoms[atom]
        if isinstance(key, tuple):
            value = self._sum(key)
            return (value > 0) - (value < 0)
        return number_sign(Evaluator(named(self._comparisons.symbols, self._point))(key))

    def holds(self, literal: int) -> bool:
        """Whether a condition holds."""
        sign = self.sign(literal >> 1)
        return sign <= 0 if literal % 2 == 0 else sign >= 0


class Lifted:
    """Levels where products of parameters have values of their own, as in an abstract model; for polynomial values only."""

    def __init__(self, comparisons: "Comparisons", values: Mapping[Monomial, Fraction]) -> None:
        self._comparisons, self._values = comparisons, values
        self._known: dict[int, Fraction] = {}

    def __getitem__(self, number: int) -> Fraction:
        if number not in self._known:
            self._known[number] = self._sum((self._comparisons.values[number] or {}).items())
        return self._known[number]

    def _sum(self, terms: Iterable[tuple[Monomial, Any]]) -> Fraction:
        return sum((c * self._value(which) for which, c in terms), Fraction(0))

    def _value(self, which: Monomial) -> Fraction:
        if not which:
            return Fraction(1)
        return self._values[which] if which in self._values else self._value(which[:-1]) * self._value(which[-1:])

    def holds(self, literal: int) -> bool:
        """Whether a condition holds (one on an expression that is no polynomial is taken to)."""
        key = self._comparisons.atoms[literal >> 1]
        if not isinstance(key, tuple):
            return True
        value = self._sum(key)
        return value <= 0 if literal % 2 == 0 else value >= 0
