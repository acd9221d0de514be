"""Real algebraic numbers as polynomials in one root: exact zero test, certain sign.

A `RealRoot` is the k-th real zero of an irreducible integer polynomial p, and a number of the field it
generates is a rational polynomial g modulo p: zero exactly if g = 0, and otherwise of a sign that
interval evaluation finds after finitely many refinements.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from flint import arb, arb_poly, ctx, fmpq_poly, fmpz_poly

__all__ = ["RATIONAL", "RealRoot", "real_roots"]

_ISOLATED = 128  # bits with which the zeros of a polynomial are isolated


@dataclass(frozen=True)
class RealRoot:
    """The real zero number `index`, in ascending order, of an irreducible polynomial; coefficients from the constant upwards.

    >>> (root,) = [r for r in real_roots(fmpz_poly([-2, 0, 1])) if r.index]
    >>> root.sign(fmpq_poly([-1, 1])), root.sign(root.reduced(fmpq_poly([-2, 0, 1])))
    (1, 0)
    """

    coefficients: tuple[int, ...]
    index: int = 0

    @property
    def degree(self) -> int:
        """The degree of the number."""
        return len(self.coefficients) - 1

    @cached_property
    def modulus(self) -> fmpq_poly:
        """The polynomial, over the rationals."""
        return fmpq_poly(list(self.coefficients))

    def reduced(self, value: fmpq_poly) -> fmpq_poly:
        """The number with this value at the root, in lowest degree."""
        return value if value.degree() < self.degree else value % self.modulus

    def enclosure(self, precision: int) -> arb:
        """An interval around the root, isolated from the other zeros."""
        return _enclosure(self.coefficients, self.index, precision)

    def value(self, number: fmpq_poly, precision: int) -> arb:
        """An interval around a number of the field, of radius at most 2^-precision."""
        numerator, denominator = number.numer(), int(number.denom())
        working = 128
        while working < precision + 64 + numerator.height_bits() - denominator.bit_length():
            working *= 2
        while True:
            with ctx.workprec(working):
                found = arb_poly(number)(self.enclosure(working))
                if found.rad() < arb(2) ** -precision:
                    return found
            working *= 2

    def sign(self, number: fmpq_poly) -> int:
        """-1, 0 or 1: the sign of a number of the field, decided exactly."""
        number = self.reduced(number)
        if number.degree() <= 0:
            constant = number[0]
            return int(constant > 0) - int(constant < 0)
        precision = 64
        while True:
            value = self.value(number, precision)
            if value > 0:
                return 1
            if value < 0:
                return -1
            precision *= 2


RATIONAL = RealRoot((0, 1))
"""The root 0 of the polynomial t: numbers of its field are the rationals."""


def real_roots(polynomial: fmpz_poly) -> Iterator[RealRoot]:
    """All real zeros of an irreducible polynomial of degree one or more, in ascending order."""
    coefficients = tuple(int(c) for c in polynomial.coeffs())
    for index in range(len(_enclosures(coefficients))):
        yield RealRoot(coefficients, index)


@lru_cache(maxsize=2048)
def _enclosure(coefficients: tuple[int, ...], index: int, precision: int) -> arb:
    """An interval around one real zero: narrowed by Newton's method in intervals, which stay around the zero."""
    if precision <= _ISOLATED:
        return _enclosures(coefficients)[index]
    around = _enclosure(coefficients, index, precision // 2 + 8)
    with ctx.workprec(precision + 32):
        polynomial = arb_poly(list(coefficients))
        middle, slope = around.mid(), polynomial.derivative()(around)
        if slope.contains(0):
            return _enclosures(coefficients, precision)[index]
        return around.intersection(middle - polynomial(middle) / slope)


@lru_cache(maxsize=512)
def _enclosures(coefficients: tuple[int, ...], precision: int = _ISOLATED) -> list[arb]:
    """Disjoint intervals around the real zeros, ascending. FLINT isolates all complex zeros and gives the real ones a zero imaginary part."""
    with ctx.workprec(precision):
        zeros = [zero.real for zero, _ in fmpz_poly(list(coefficients)).complex_roots() if zero.imag == 0]
    return sorted(zeros, key=lambda zero: zero.mid())
