"""From a ball around a zero of the indifference conditions to as many digits as wanted, and to an exact number.

Newton's method in ball arithmetic (FLINT) refines the zero; Krawczyk's test proves each refinement. With enough
digits of an algebraic number t of degree at most d, lattice reduction (Lenstra, Lenstra and Lovasz 1982,
Mathematische Annalen 261, 515-534) finds its polynomial, and the other unknowns as polynomials in t.
That is a guess until it is substituted: the equations must vanish in the field of t, exactly.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from operator import mul

from flint import arb, arb_mat, ctx, fmpq, fmpq_poly, fmpz_mat, fmpz_mpoly, fmpz_poly

from bargain.kernels.algebraic import RATIONAL, RealRoot, real_roots
from bargain.kernels.indifference import System
from bargain.kernels.krawczyk import Ball
from bargain.kernels.varieties import Point

__all__ = ["count_of_zeros", "decided", "rational_point", "recognised", "refined"]

_DEGREE = 12  # zeros of a system up to which exact numbers are sought
_BITS = (600, 2400, 9600, 38_400)


def count_of_zeros(sizes: Sequence[int]) -> int:
    """The number of complex zeros, at most, of isolated ones on a support with these sizes (McKelvey and McLennan 1997, JET 72, 411-425).

    >>> [count_of_zeros(s) for s in ((2, 2, 2), (2, 3, 3), (3, 3, 3), (2, 2, 2, 2))]
    [2, 4, 10, 9]
    """
    return _count_of_zeros(tuple(sorted(s - 1 for s in sizes)))


@lru_cache(maxsize=4096)
def _count_of_zeros(degrees: tuple[int, ...]) -> int:
    totals = {tuple(0 for _ in degrees): 1}  # the coefficient of every monomial in the product of the equations' classes
    for i, degree in enumerate(degrees):
        for _ in range(degree):
            grown: dict[tuple[int, ...], int] = {}
            for monomial, c in totals.items():
                for j in range(len(degrees)):
                    if j != i and monomial[j] < degrees[j]:
                        larger = (*monomial[:j], monomial[j] + 1, *monomial[j + 1 :])
                        grown[larger] = grown.get(larger, 0) + c
            totals = grown
    return totals.get(degrees, 0)


def refined(system: System, ball: Ball, bits: int) -> list[arb] | None:
    """Enclosures of the unknowns at the zero in the ball, each of radius below 2^-bits; None if the proof fails."""
    unknowns = len(system.unknowns)
    with ctx.workprec(bits + 64):
        terms = [_terms(e) for e in system.equations]
        slopes = [[_terms(e.derivative(v)) for v in range(unknowns)] for e in system.equations]
        point = [arb(float(ball.weights[j][k])) for j, k in system.unknowns]
        start = list(point)
        for _ in range(bits.bit_length() + 6):
            inverse = arb_mat([[_value(d, point) for d in row] for row in slopes]).mid().inv().mid()
            step = inverse * arb_mat(unknowns, 1, [_value(e, point) for e in terms])
            point = [(x - step[k, 0]).mid() for k, x in enumerate(point)]
        radius = arb(2) ** -(bits + 8)
        box = [x + arb(0, radius) for x in point]
        identity = arb_mat([[arb(int(r == c)) for c in range(unknowns)] for r in range(unknowns)])
        defect = identity - inverse * arb_mat([[_value(d, box) for d in row] for row in slopes])
        image = -1 * (inverse * arb_mat(unknowns, 1, [_value(e, point) for e in terms])) + defect * arb_mat(unknowns, 1, [arb(0, radius)] * unknowns)
        proved = all(abs(image[k, 0]) < radius for k in range(unknowns))
        near = all(abs(x - s) < ball.radius / 2 for x, s in zip(point, start, strict=True))
        return [x + image[k, 0] for k, x in enumerate(point)] if proved and near else None


def _terms(polynomial: fmpz_mpoly) -> list[tuple[int, tuple[int, ...]]]:
    return [(int(c), tuple(v for v, e in enumerate(m) for _ in range(int(e)))) for m, c in polynomial.to_dict().items()]


def _value(terms: list[tuple[int, tuple[int, ...]]], point: Sequence[arb]) -> arb:
    total = arb(0)
    for c, factors in terms:
        term = arb(c)
        for v in factors:
            term *= point[v]
        total += term
    return total


def decided(system: System, zero: Sequence[arb]) -> bool | None:
    """Whether the zero is an equilibrium with exactly this support; None if the enclosure does not tell."""
    unsure = False
    for polynomials, sign in ((system.positive, 1), (system.outside, -1)):
        for polynomial in polynomials:
            value = sign * _value(_terms(polynomial), zero)
            if value < 0:
                return False
            unsure |= not value > 0
    return None if unsure else True


def recognised(system: System, ball: Ball) -> Point | None:
    """The zero in the ball as an exact point, proved by substitution; None if none of moderate degree and size was found."""
    degree = count_of_zeros([len(own) for own in system.support])
    if degree > _DEGREE:
        return None
    for bits in _BITS:
        zero = refined(system, ball, bits)
        if zero is None:
            return None
        found = _guess(system, zero, degree, bits)
        if found is not None and _vanishes(system, found):
            return found
    return None


def _guess(system: System, zero: Sequence[arb], degree: int, bits: int) -> Point | None:
    with ctx.workprec(bits + 64):
        for t in reversed(zero):
            relation = _relation(_powers(t, degree), bits)
            if relation is None:
                continue
            root = next((r for factor, _ in fmpz_poly(relation).factor()[1] for r in real_roots(factor) if r.enclosure(bits + 64).overlaps(t)), None)
            if root is None:
                continue
            coordinates = [_in_field(root, t, x, bits) for x in zero]
            if all(c is not None for c in coordinates):
                return Point(root, tuple(c for c in coordinates if c is not None))
    return None


def _in_field(root: RealRoot, t: arb, x: arb, bits: int) -> fmpq_poly | None:
    """x = N(t) / p'(t) with a short integer polynomial N, as a polynomial in t."""
    polynomial = fmpz_poly(list(root.coefficients))
    slope = polynomial.derivative()
    relation = _relation([x * slope(t), *_powers(t, root.degree - 1)], bits)
    if relation is None or relation[0] == 0:
        return None
    inverse = fmpq_poly(slope).xgcd(fmpq_poly(polynomial))[1]
    return (fmpq_poly([fmpq(-c, relation[0]) for c in relation[1:]]) * inverse) % fmpq_poly(polynomial)


def _powers(t: arb, degree: int) -> list[arb]:
    """1, t, .. up to the degree, by products (FLINT's power of a ball that holds zero is not a number)."""
    return list(accumulate([t] * degree, mul, initial=arb(1)))


def _relation(numbers: Sequence[arb], bits: int) -> list[int] | None:
    """Integers, short for the given precision, whose combination of the numbers nearly vanishes."""
    rows = []
    for k, number in enumerate(numbers):
        rows.append([int(k == j) for j in range(len(numbers))] + [_scaled(number, bits)])
    shortest = fmpz_mat(rows).lll().tolist()[0]
    combination = [int(c) for c in shortest[:-1]]
    size = max(abs(c) for c in combination).bit_length()
    return combination if size and size * len(numbers) < bits * 9 // 10 else None


def _scaled(number: arb, bits: int) -> int:
    """The midpoint of an enclosure times 2^bits, rounded down to an integer."""
    mantissa, exponent = (int(part) for part in number.mid().man_exp())
    shift = exponent + bits
    return mantissa << shift if shift >= 0 else mantissa >> -shift


def _vanishes(system: System, point: Point) -> bool:
    """Whether all equations hold at the point, exactly."""
    for equation in system.equations:
        total = fmpq_poly([0])
        for c, factors in _terms(equation):
            term = fmpq_poly([c])
            for v in factors:
                term = point.root.reduced(term * point.coordinates[v])
            total += term
        if total != 0:
            return False
    return True


def rational_point(zero: Sequence[arb], bits: int) -> Point:
    """The midpoints of enclosures, rounded to `bits` bits."""
    return Point(RATIONAL, tuple(fmpq_poly([fmpq(_scaled(x, bits), 1 << bits)]) for x in zero))
