"""Numbers of the field of a real root, written for sympy: exact, in canonical form, and quickly.

A number of degree two is A + B sqrt(d), its radicand free of the squares of primes below 2^15 (as sympy leaves it); one of higher
degree is a polynomial in a root of an irreducible polynomial (`sympy.CRootOf`). Terms are put together in sympy's own order without
its evaluator, which would take most of the time that a small game takes.
"""

from functools import cmp_to_key, lru_cache

import sympy as sp
from flint import fmpq, fmpq_poly, fmpz

from bargain.kernels.algebraic import RealRoot

__all__ = ["decimal", "fraction", "number", "shown"]

_UNKNOWN = sp.Symbol("t")
_SHORT = 24  # characters of a number that is spelled out in the name of an outcome
_SMALL = fmpz.primorial_ui(1 << 15)
_BITS = 64  # of a decimal
_COMPARED = cmp_to_key(sp.Basic.compare)


def number(root: RealRoot, value: fmpq_poly) -> sp.Expr:
    """A number of the field of a root, for sympy.

    >>> number(RealRoot((-1, 1, 1), 1), fmpq_poly([1, -1]))
    3/2 - sqrt(5)/2
    """
    coefficients = root.reduced(value).coeffs() or [fmpq(0)]
    if len(coefficients) == 1:
        return fraction(coefficients[0])
    constant, terms = coefficients[0], []
    if root.degree == 2:
        shift, factor, radical = _radical(root)
        constant += coefficients[1] * shift
        terms = [_times(coefficients[1] * factor, radical)]
    else:
        factor, powers = _powers(root)
        scale = fmpq(1)
        for c, power in zip(coefficients[1:], powers, strict=False):
            scale *= factor
            if c != 0:
                terms.append(_times(c * scale, power))
        terms.sort(key=_COMPARED)
    if constant != 0:
        terms.insert(0, fraction(constant))
    return terms[0] if len(terms) == 1 else sp.Add._from_args(terms, True)


def fraction(value: fmpq) -> sp.Rational:
    """A rational number, for sympy."""
    numerator, denominator = int(value.p), int(value.q)
    return sp.Integer(numerator) if denominator == 1 else sp.Rational(numerator, denominator)


def decimal(root: RealRoot, value: fmpq_poly) -> float:
    """A number of the field as a float."""
    value = root.reduced(value)
    if value.degree() <= 0:
        return int(value[0].p) / int(value[0].q)
    return float(root.value(value, _BITS).mid())


def shown(root: RealRoot, value: fmpq_poly) -> str:
    """A number as a factor in print: short ones exactly, others and those of degree above two to six digits.

    >>> shown(RealRoot((-1, 1, 1), 1), fmpq_poly([1, -1])), shown(RealRoot((-1, 1, 1), 1), fmpq_poly([fmpq(1, 3)]))
    ('(3/2 - sqrt(5)/2)', '1/3')
    """
    value = root.reduced(value)
    text = ""
    if value.degree() <= 0:
        text = str(value[0])
    elif root.degree == 2:
        shift, factor, radical = _radical(root)
        parts = (value[0] + value[1] * shift, value[1] * factor)
        if sum(len(str(int(abs(part.p)))) for part in parts) + len(str(int(radical.base))) + 2 <= _SHORT:  # no text is shorter than that
            text = str(number(root, value))
    if not text or len(text) > _SHORT:
        return format(decimal(root, value), ".6f")
    return f"({text})" if " " in text else text


def _times(c: fmpq, atom: sp.Expr) -> sp.Expr:
    return atom if c == 1 else sp.Mul._from_args((fraction(c), atom), True)


@lru_cache(maxsize=512)
def _radical(root: RealRoot) -> tuple[fmpq, fmpq, sp.Pow]:
    """Rational s and f and a square root r such that the root is s + f r."""
    c, b, a = root.coefficients
    outer, radical = _square_root(b * b - 4 * a * c)
    return fmpq(-b, 2 * a), fmpq(outer if root.index else -outer, 2 * abs(a)), radical


def _square_root(n: int) -> tuple[int, sp.Pow]:
    """The root of a positive integer that is no square, as a factor times a root in the form in which sympy leaves it."""
    inner, outer = fmpz(n), fmpz(1)
    small = inner.gcd(_SMALL % inner)
    for prime, _ in (inner // small).gcd(small).factor() if small != 1 else ():
        while inner % (prime * prime) == 0:
            inner, outer = inner // (prime * prime), outer * prime
    rest = inner // inner.gcd(_SMALL % inner)
    if rest != 1 and rest.is_perfect_power():  # of a large prime, say: rare
        factor, radical = sp.sqrt(n).as_coeff_Mul()
        return int(factor), radical
    return int(outer), sp.Pow(sp.Integer(int(inner)), sp.S.Half, evaluate=False)


@lru_cache(maxsize=512)
def _powers(root: RealRoot) -> tuple[fmpq, tuple[sp.Expr, ...]]:
    """A rational f and the powers of a `CRootOf` r, from the first on, such that the root is f r."""
    polynomial = sp.Poly.from_list(list(reversed(root.coefficients)), _UNKNOWN, domain=sp.ZZ)
    factor, atom = sp.CRootOf(polynomial, root.index, radicals=False).as_coeff_Mul()
    return fmpq(int(factor.p), int(factor.q)), tuple(atom**k for k in range(1, root.degree))
