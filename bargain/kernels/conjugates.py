"""An exact zero of the indifference conditions of a support from all complex ones.

Let the zeros be x_1 .. x_N, and t_k the last unknown at x_k. If the t_k differ, P(T) = prod (T - t_k) has rational coefficients, and so have the
polynomials G_v that take the values v_k P'(t_k) at t_k for an unknown v, so that v = G_v(t) / P'(t) in the field of t (rational univariate
representation). The zeros are refined by Newton's method until the coefficients can be read off as fractions. On an irreducible factor of P
the zeros are conjugates of one another. All that is a guess until it is substituted: the equations must vanish in the field, exactly.
Reference: Rouillier (1999), Applicable Algebra in Engineering, Communication and Computing 9, 433-461.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from flint import acb, acb_poly, arb, ctx, fmpq, fmpq_poly, fmpz_poly

from bargain.kernels.algebraic import RATIONAL, real_roots
from bargain.kernels.expansions import Expansions
from bargain.kernels.indifference import System, mean, weights
from bargain.kernels.varieties import Point

__all__ = ["conjugate_points"]

_START = 40  # bits of the floats
_FIRST, _MOST = 64, 10_000  # bits that are tried first, for each zero; and at most
_GUARD = 48  # bits left for rounding

Numbers = list[acb]


def conjugate_points(system: System, zeros: np.ndarray[Any, np.dtype[np.complex128]]) -> list[Point] | None:
    """All real zeros with positive weights, exactly, given all complex zeros (zero, unknown) in floats; a zero on the boundary may be among them.

    None if they are not found, or if t does not tell the zeros apart.
    """
    equations = Expansions(system)
    upper = [zero for zero in zeros if zero.imag[np.abs(zero.imag).argmax()] >= 0]  # one of every pair
    kept = [[acb(float(z.real), float(z.imag)) for z in zero] for zero in upper]
    double = [bool(zero.imag.any()) for zero in upper]
    if len(kept) + sum(double) != len(zeros):
        return None
    known, bits = _START, _FIRST * len(zeros)
    while bits <= _MOST:
        kept = [equations.refined(zero, known, bits) for zero in kept]
        with ctx.workprec(bits + _GUARD):
            every = kept + [[x.conjugate() for x in zero] for zero, pair in zip(kept, double, strict=True) if pair]
            points = _points(system, every, bits)
        if points is not None:
            return points
        known, bits = bits, bits * 8 // 5
    return None


def _points(system: System, zeros: Sequence[Numbers], bits: int) -> list[Point] | None:
    polynomial = _read(acb_poly.from_roots([zero[-1] for zero in zeros]), bits)
    if polynomial is None or polynomial.gcd(polynomial.derivative()).degree() > 0:
        return None
    points = []
    for factor, _ in polynomial.numer().factor()[1]:
        conjugates = _roots_of(factor, zeros)
        inside = [zero for zero in conjugates if all(x.imag == 0 for x in zero) and _positive(system, zero)]
        if not inside:
            continue
        coordinates = _coordinates(factor, conjugates, bits)
        if coordinates is None:
            return None
        for root in [RATIONAL] if factor.degree() == 1 else list(real_roots(factor)):
            t = coordinates[-1][0] if factor.degree() == 1 else root.enclosure(bits)
            if any(abs(zero[-1].real - t) < arb(2) ** (-bits // 2) for zero in inside):
                point = Point(root, tuple(coordinates))
                if not _vanishes(system, point):
                    return None
                points.append(point)
    return points


def _positive(system: System, zero: Numbers) -> bool:
    """Whether the weights are positive, or nearly."""
    start = 0
    for own in system.support:
        rest = [x.real for x in zero[start : start + len(own) - 1]]
        start += len(rest)
        if any(x < -1e-9 for x in (1 - sum(rest, arb(0)), *rest)):
            return False
    return True


def _roots_of(factor: fmpz_poly, zeros: Sequence[Numbers]) -> list[Numbers]:
    """The zeros whose last unknowns are the factor's roots: those at which it is smallest."""
    values = sorted(range(len(zeros)), key=lambda k: float(abs(acb_poly(factor)(zeros[k][-1])).log()) if acb_poly(factor)(zeros[k][-1]) != 0 else -1e300)
    return [zeros[k] for k in values[: factor.degree()]]


def _coordinates(factor: fmpz_poly, zeros: Sequence[Numbers], bits: int) -> list[fmpq_poly] | None:
    """Every unknown in the field of the last one, a root of the factor."""
    if factor.degree() == 1:
        found = [_fraction(x.real, bits - _size(x.real)) for x in zeros[0]]
        return None if any(c is None for c in found) else [fmpq_poly([c]) for c in found]
    slope, modulus = factor.derivative(), fmpq_poly(factor)
    inverse = fmpq_poly(slope).xgcd(modulus)[1] % modulus
    places = [zero[-1] for zero in zeros]
    rates = [acb_poly(slope)(t) for t in places]
    coordinates = []
    for v in range(len(zeros[0]) - 1):
        numerator = _read(acb_poly.interpolate(places, [zero[v] * rate for zero, rate in zip(zeros, rates, strict=True)]), bits)
        if numerator is None:
            return None
        coordinates.append(numerator * inverse % modulus)
    return [*coordinates, fmpq_poly([0, 1])]


def _read(polynomial: acb_poly, bits: int) -> fmpq_poly | None:
    """The rational polynomial with nearly these coefficients; None if they are not near fractions of moderate size."""
    common, coefficients = 1, []
    largest = max(_size(c.real) for c in polynomial.coeffs())
    for c in reversed(polynomial.coeffs()):
        found = _fraction(c.real * common, bits - largest - common.bit_length())
        if found is None:
            return None
        coefficients.append(found / common)
        common *= int(found.q)
    return fmpq_poly(coefficients[::-1])


def _size(value: arb) -> int:
    """The bits before the point."""
    mantissa, exponent = (int(part) for part in value.mid().man_exp())
    return max(mantissa.bit_length() + exponent, 0)


def _fraction(value: arb, bits: int) -> fmpq | None:
    """The fraction near a number known to `bits` bits after the point: the continued fraction up to where an enormous quotient comes."""
    mantissa, exponent = (int(part) for part in value.mid().man_exp())
    precision = bits - _GUARD
    if precision <= 0:
        return None
    top, bottom = mantissa << max(exponent + precision, 0) >> max(-exponent - precision, 0), 1 << precision
    before, now = (0, 1), (1, 0)  # numerators and denominators of convergents
    while bottom:
        quotient, rest = divmod(top, bottom)
        if now[1] and quotient.bit_length() > _GUARD + precision // 16:
            break
        before, now = now, (quotient * now[0] + before[0], quotient * now[1] + before[1])
        top, bottom = bottom, rest
    return fmpq(*now) if now[1].bit_length() < precision // 2 else None


def _vanishes(system: System, point: Point) -> bool:
    """Whether all equations hold at the point, exactly."""
    strategies = weights(system.support, point)
    for i, own in enumerate(system.support):
        others = [ws for j, ws in enumerate(strategies) if j != i]
        for a in own[1:]:
            if point.root.reduced(mean(system.differences(i, a, own[0]), others, lambda value: fmpq_poly([value]), point.root.reduced)) != 0:
                return False
    return True
