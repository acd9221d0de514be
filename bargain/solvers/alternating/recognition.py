"""A candidate closed form for a number known to many digits: the root of an integer polynomial of low degree.

The guess comes from an integer relation (PSLQ, Ferguson and Bailey 1992); whoever uses it verifies it exactly.
"""

from fractions import Fraction

import sympy as sp

_DEGREE, _LARGEST = 3, 10**8


def recognised(low: Fraction, high: Fraction) -> sp.Expr | None:
    """An algebraic number inside an interval that is narrower than 1e-40; None if no simple one is found.

    >>> recognised(Fraction(1, 3) - Fraction(1, 10**45), Fraction(1, 3) + Fraction(1, 10**45))
    1/3
    """
    import mpmath

    if low == high:
        return sp.Rational(low.numerator, low.denominator)
    middle = (low + high) / 2
    simple = middle.limit_denominator(10**12)
    if low <= simple <= high:
        return sp.Rational(simple.numerator, simple.denominator)
    z = sp.Symbol("z")
    with mpmath.workdps(45):
        for degree in range(2, _DEGREE + 1):
            found = mpmath.findpoly(mpmath.mpf(middle.numerator) / middle.denominator, degree, maxcoeff=_LARGEST, tol=mpmath.mpf(10) ** -38)
            if found:
                roots = sp.Poly([int(c) for c in found], z).real_roots()
                ends = [sp.Rational(end.numerator, end.denominator) for end in (low, high)]
                inside = [root for root in roots if (root - ends[0]).evalf(60) >= 0 and (ends[1] - root).evalf(60) >= 0]
                return sp.radsimp(inside[0]) if inside else None
    return None
