"""Linear programs whose data are polynomials in a positive infinitesimal epsilon.

A polynomial is positive if it is so for all sufficiently small epsilon > 0, that is if its lowest coefficient is. Rational
functions of epsilon ordered this way are a field, over which the simplex method works as over the rationals.

    maximise  c.x   subject to  A x <= b,  x >= 0,      b >= 0 and bounded
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flint import fmpq, fmpq_poly

from bargain.kernels.ordered_simplex import climbed

__all__ = ["Ratio", "germ_maximum", "germ_sign", "limit"]

Germ = fmpq_poly
Row = Sequence[fmpq_poly]


@dataclass(frozen=True)
class Ratio:
    """A rational function of epsilon with positive denominator."""

    numerator: fmpq_poly
    denominator: fmpq_poly


def germ_sign(polynomial: fmpq_poly) -> int:
    """The sign for all sufficiently small positive epsilon.

    >>> germ_sign(fmpq_poly([0, -3, 1])), germ_sign(fmpq_poly([])), germ_sign(fmpq_poly([2, -1]))
    (-1, 0, 1)
    """
    for coefficient in polynomial.coeffs():
        if coefficient != 0:
            return 1 if coefficient > 0 else -1
    return 0


def limit(ratio: Ratio) -> fmpq | None:
    """The value as epsilon tends to zero; None if it is unbounded.

    >>> limit(Ratio(fmpq_poly([0, 3]), fmpq_poly([0, 2, 1])))
    3/2
    """
    low = next((k for k, c in enumerate(ratio.denominator.coeffs()) if c != 0))
    if any(c != 0 for c in ratio.numerator.coeffs()[:low]):
        return None
    return ratio.numerator[low] / ratio.denominator[low]


def germ_maximum(objective: Row, rows: Sequence[Row], bounds: Row, *, full: int | None = None) -> tuple[Ratio, list[Ratio]] | None:
    """The optimal value and point; full: a row that must hold with equality; None if it cannot.

    >>> one, epsilon = fmpq_poly([1]), fmpq_poly([0, 1])
    >>> value, _ = germ_maximum([one, epsilon], [[one, one], [one, fmpq_poly([])]], [one, epsilon])
    >>> limit(value), value.numerator.coeffs()
    (0, [0, 2, -1])
    """
    state = climbed(germ_sign, _step, (objective, rows, bounds), full)
    if state is None:
        return None
    points = {variable: state.table[r][-1] for r, variable in enumerate(state.basic)}
    zero = fmpq_poly([])
    return Ratio(state.table[len(rows)][-1], state.denominator), [Ratio(points.get(k, zero), state.denominator) for k in range(len(objective))]


def _step(entry: fmpq_poly, pivot: fmpq_poly, left: fmpq_poly, up: fmpq_poly, denominator: fmpq_poly) -> fmpq_poly:
    return (entry * pivot - left * up) // denominator
