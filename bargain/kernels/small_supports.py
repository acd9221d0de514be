"""Equilibria on supports where two players mix, or three who mix two actions each: linear and quadratic equations, in integers.

Two players: each one's indifference is a linear system in the other's weights. Three with two actions: the gains of the first are
A0 + A1 y + A2 z + A3 y z, those of the second alike in x and z; y and x are ratios of linear forms in z, and the third's indifference becomes a
quadratic equation in z. The sign of u + v sqrt(D) is that of integers. A system that is singular is left to exact algebra (`bargain.kernels.varieties`).
"""

from collections.abc import Iterator, Sequence
from math import gcd, isqrt, prod
from typing import Any

from flint import fmpq, fmpq_mat, fmpq_poly

from bargain.kernels.algebraic import RATIONAL, RealRoot
from bargain.kernels.indifference import Support, System, Table
from bargain.kernels.varieties import Point

__all__ = ["SmallSupports"]

Form = tuple[int, int]  # a + b z
_UNIT = fmpq_poly([0, 1])


class SmallSupports:
    """The payoffs of a game as lists of integers, from which its smaller supports are solved.

    >>> from numpy import array
    >>> pennies = array([[9, 0], [0, 1]]), array([[0, 1], [1, 0]])
    >>> (point,) = SmallSupports(pennies).points(((0, 1), (0, 1)))
    >>> [str(w) for w in point.coordinates]
    ['1/2', '9/10']
    """

    def __init__(self, payoffs: Sequence[Table]) -> None:
        self.payoffs, self.shape = tuple(payoffs), payoffs[0].shape
        self.flat = [payoff.reshape(-1).tolist() for payoff in payoffs]
        self.strides = [prod(self.shape[j + 1 :]) for j in range(len(self.shape))]

    def points(self, support: Support) -> list[Point] | None:
        """All equilibria with exactly this support; None if it is of another kind, or singular."""
        mixing = [j for j, own in enumerate(support) if len(own) > 1]
        if len(mixing) == 2:
            return self._pair(support, mixing[0], mixing[1])
        if len(mixing) == 3 and all(len(support[j]) == 2 for j in mixing):
            return self._trio(support, mixing)
        return None

    def _gains(self, i: int, a: int, b: int, start: int, along: Sequence[tuple[int, Sequence[int]]]) -> Any:
        """u_i(a, .) - u_i(b, .) along the axes of other players, as nested lists."""
        if not along:
            return self.flat[i][start + a * self.strides[i]] - self.flat[i][start + b * self.strides[i]]
        (j, own), *rest = along
        return [self._gains(i, a, b, start + c * self.strides[j], rest) for c in own]

    def _start(self, support: Support, moving: Sequence[int]) -> int:
        """The cell at which the players who are not moving play, and the others' first actions."""
        return sum(own[0] * self.strides[j] for j, own in enumerate(support) if j not in moving)

    def _pair(self, support: Support, j: int, k: int) -> list[Point] | None:
        """Two players mix: both must be made indifferent by positive weights of the other."""
        start = self._start(support, (j, k))
        weights: dict[int, list[int]] = {}
        for i, other in ((j, k), (k, j)):
            rows = [self._gains(i, a, support[i][0], start, [(other, support[other])]) for a in support[i][1:]]
            found = _opposite(*rows[0]) if len(rows) == 1 and len(rows[0]) == 2 else _solved(rows, len(support[other]))
            if found is None:
                return None
            if not found or min(found) <= 0:
                return []
            weights[other] = found
        for i, outside in self._outside(support):
            moving = [(m, support[m]) for m in (j, k) if m != i]
            table = self._gains(i, outside, support[i][0], self._start(support, (i, j, k)), moving)
            if _average(table, [weights[m] for m, _ in moving]) > 0:
                return []
        values = {m: [fmpq_poly([fmpq(w, sum(ws))]) for w in ws[1:]] for m, ws in weights.items()}
        return [Point(RATIONAL, (*values[j], *values[k]))]

    def _outside(self, support: Support) -> Iterator[tuple[int, int]]:
        return ((i, b) for i, own in enumerate(support) if len(own) < self.shape[i] for b in range(self.shape[i]) if b not in own)

    def _trio(self, support: Support, mixing: Sequence[int]) -> list[Point] | None:
        """Three players mix two actions each: y = -ny / dy and x = -nx / dx in the weight z of the last."""
        start = self._start(support, mixing)
        forms = []
        for i in mixing:
            (one, c), (b, d) = self._gains(i, support[i][1], support[i][0], start, [(m, support[m]) for m in mixing if m != i])
            forms.append((one, b - one, c - one, d - c - b + one))  # 1, first, second, product
        (a0, a1, a2, a3), (b0, b1, b2, b3), (c0, c1, c2, c3) = forms
        ny, dy, nx, dx = (a0, a2), (a1, a3), (b0, b2), (b1, b3)
        terms = ((c0, dx, dy), (-c1, nx, dy), (-c2, dx, ny), (c3, nx, ny))
        q = [sum(c * f[0] * g[0] for c, f, g in terms), sum(c * (f[0] * g[1] + f[1] * g[0]) for c, f, g in terms), sum(c * f[1] * g[1] for c, f, g in terms)]
        roots = _roots(q)
        if roots is None:
            return None
        points = []
        for z in roots:
            signs = [z.sign(*form) for form in (dy, dx)]
            if 0 in signs:
                return None
            inside = z.sign(0, 1) > 0 < z.sign(1, -1)
            inside &= all(z.sign(*n) == -sign == -z.sign(n[0] + d[0], n[1] + d[1]) for sign, n, d in zip(signs, (ny, nx), (dy, dx), strict=True))
            if inside:
                points.append(Point(z.root, (z.ratio(nx, dx), z.ratio(ny, dy), z.itself)))
        system = System(self.payoffs, support)
        return [point for point in points if system.holds(point)]


def _opposite(first: int, second: int) -> list[int] | None:
    """Weights, up to a common factor, at which two gains cancel; none if they do not, None if they always do."""
    if first == second:
        return None if first == 0 else []
    return [-second, first] if first > second else [second, -first]


def _solved(rows: list[list[int]], unknowns: int) -> list[int] | None:
    """The weights, up to a common factor, that make all rows zero; an empty list if none do, None if there are several, or too few rows."""
    if len(rows) + 1 < unknowns:
        return None
    square, rest = rows[: unknowns - 1], rows[unknowns - 1 :]
    try:
        found = fmpq_mat(unknowns, unknowns, [c for row in ([1] * unknowns, *square) for c in row]).solve(fmpq_mat(unknowns, 1, [1] + [0] * (unknowns - 1)))
    except ZeroDivisionError:  # FLINT's name for a singular matrix
        return None
    numbers = [int(w) for w in found.numer_denom()[0].entries()]
    if rest:
        return None if all(sum(c * w for c, w in zip(row, numbers, strict=True)) == 0 for row in rest) else []
    return numbers


def _average(table: Any, weights: Sequence[Sequence[int]]) -> int:
    if not weights:
        return int(table)
    return sum(w * _average(part, weights[1:]) for w, part in zip(weights[0], table, strict=True))


class _Quadratic:
    """A real number z = (u + v sqrt(D)) / w, the root of q0 + q1 z + q2 z^2 if D is not 0."""

    def __init__(self, u: int, v: int, w: int, square: int, q: Sequence[int] = ()) -> None:
        self.u, self.v, self.w, self.square, self.q = (u, v, w, square, q) if w > 0 else (-u, -v, -w, square, q)

    @property
    def root(self) -> RealRoot:
        """What generates its field."""
        return RealRoot(tuple(self.q), int(self.v > 0)) if self.v else RATIONAL

    @property
    def itself(self) -> fmpq_poly:
        """The number in its field."""
        return _UNIT if self.v else fmpq_poly([fmpq(self.u, self.w)])

    def sign(self, a: int, b: int) -> int:
        """The sign of a + b z."""
        u, v = a * self.w + b * self.u, b * self.v
        if u * u < v * v * self.square:
            u = v
        return (u > 0) - (u < 0)

    def ratio(self, n: Form, d: Form) -> fmpq_poly:
        """-(n0 + n1 z) / (d0 + d1 z) in its field: with the conjugate d0 - d1 q1 / q2 - d1 z of the denominator."""
        if not self.v:
            return fmpq_poly([-fmpq(n[0] * self.w + n[1] * self.u, d[0] * self.w + d[1] * self.u)])
        q0, q1, q2 = self.q
        e = (d[0] * q2 - d[1] * q1, -d[1] * q2)  # q2 times the conjugate
        norm = d[0] * d[0] * q2 - d[0] * d[1] * q1 + d[1] * d[1] * q0
        constant, slope, both = n[0] * e[0], n[0] * e[1] + n[1] * e[0], n[1] * e[1]
        return fmpq_poly([-fmpq(constant * q2 - both * q0, q2 * norm), -fmpq(slope * q2 - both * q1, q2 * norm)])


def _roots(q: Sequence[int]) -> list[_Quadratic] | None:
    """The real roots of an integer polynomial of degree two or less; None if they are all numbers, or a double one."""
    common = gcd(*q)
    if not common:
        return None
    q0, q1, q2 = (c // common if q[2] >= 0 else -c // common for c in q)
    if q2 == 0:
        return [_Quadratic(-q0, 0, q1, 0)] if q1 else []
    square = q1 * q1 - 4 * q0 * q2
    if square <= 0:
        return None if square == 0 else []
    exact = isqrt(square)
    if exact * exact == square:
        return [_Quadratic(-q1 + side * exact, 0, 2 * q2, 0) for side in (-1, 1)]
    return [_Quadratic(-q1, side, 2 * q2, square, (q0, q1, q2)) for side in (-1, 1)]
