"""Exact volumes of polytopes cut out of a box by hyperplanes, in rational arithmetic.

A polytope is its vertices, each with the set of hyperplanes through it (a bit mask). Cutting by
a.x + b = 0 keeps the vertices of each side and adds one vertex on every edge that crosses; two
vertices span an edge iff no third vertex lies on all hyperplanes they share (double description),
which needs no search where one of them is simple, on just as many hyperplanes as dimensions.
The volume is the sum over a triangulation: cone from one vertex over the facets that miss it,
again inside each facet, down to simplices.

References: Motzkin, Raiffa, Thompson and Thrall (1953), in Contributions to the Theory of Games
II, 51-73; Cohen and Hickey (1979), Journal of the ACM 26:401-414.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import factorial
from typing import Any

from flint import fmpq, fmpq_mat


@dataclass(frozen=True)
class Polytope:
    """Vertices (rational points) and, for each, the bits of the hyperplanes that hold it; `planes` counts hyperplanes so far."""

    points: tuple[tuple[Any, ...], ...]
    tight: tuple[int, ...]
    planes: int

    @property
    def dimension(self) -> int:
        """The dimension of the space around."""
        return len(self.points[0])


def box(intervals: Sequence[tuple[Fraction, Fraction]]) -> Polytope:
    """The product of intervals of positive length.

    >>> volume(box([(Fraction(0), Fraction(2)), (Fraction(1), Fraction(4))]))
    Fraction(6, 1)
    """
    points: list[tuple[Any, ...]] = [()]
    tight = [0]
    for k, (low, high) in enumerate(intervals):
        ends = [(fmpq(low.numerator, low.denominator), 1 << 2 * k), (fmpq(high.numerator, high.denominator), 2 << 2 * k)]
        tight = [mask | bit for mask in tight for _, bit in ends]
        points = [(*point, end) for point in points for end, _ in ends]
    return Polytope(tuple(points), tuple(tight), 2 * len(intervals))


def split(body: Polytope, normal: Sequence[Fraction], constant: Fraction) -> tuple[Polytope | None, Polytope | None]:
    """The parts where normal.x + constant is at most zero and at least zero; None for a part without volume."""
    slopes = [(k, fmpq(a.numerator, a.denominator)) for k, a in enumerate(normal) if a]
    base = fmpq(constant.numerator, constant.denominator)
    heights = [sum((a * point[k] for k, a in slopes), base) for point in body.points]
    below, above = any(h < 0 for h in heights), any(h > 0 for h in heights)
    if not (below and above):
        return (body if below else None), (body if above else None)
    crossing = _crossings(body, heights)
    return _side(body, heights, crossing, -1), _side(body, heights, crossing, 1)


def _crossings(body: Polytope, heights: list[Any]) -> list[tuple[tuple[Any, ...], int]]:
    """The points where edges cross the hyperplane, with the hyperplanes each edge lies on."""
    found, need = [], body.dimension - 1
    under = [i for i, h in enumerate(heights) if h < 0]
    over = [i for i, h in enumerate(heights) if h > 0]
    for i in under:
        for j in over:
            shared = body.tight[i] & body.tight[j]
            if shared.bit_count() < need:
                continue
            simple = body.tight[i].bit_count() == body.dimension or body.tight[j].bit_count() == body.dimension
            if not simple and sum(mask & shared == shared for mask in body.tight) > 2:
                continue
            t = heights[i] / (heights[i] - heights[j])
            found.append((tuple(p + t * (q - p) for p, q in zip(body.points[i], body.points[j], strict=True)), shared))
    return found


def _side(body: Polytope, heights: list[Any], crossing: list[tuple[tuple[Any, ...], int]], sign: int) -> Polytope:
    cut = 1 << body.planes
    kept = [(point, mask | cut if h == 0 else mask) for point, mask, h in zip(body.points, body.tight, heights, strict=True) if h * sign >= 0]
    kept += [(point, mask | cut) for point, mask in crossing]
    return Polytope(tuple(point for point, _ in kept), tuple(mask for _, mask in kept), body.planes + 1)


def volume(body: Polytope) -> Fraction:
    """The exact volume.

    >>> corner, _ = split(box([(Fraction(0), Fraction(1))] * 3), [Fraction(1)] * 3, Fraction(-1))
    >>> volume(corner)
    Fraction(1, 6)
    """
    holders = [sum(1 << i for i, mask in enumerate(body.tight) if mask >> plane & 1) for plane in range(body.planes)]
    total = _cones(body, holders, (1 << len(body.points)) - 1, [], {}) / factorial(body.dimension)
    return Fraction(int(total.p), int(total.q))


def _cones(body: Polytope, holders: list[int], face: int, apexes: list[int], seen: dict[int, list[int]]) -> Any:
    """The sum of the absolute determinants of the simplices over one face, coned from the apexes."""
    apex = (face & -face).bit_length() - 1
    apexes = [*apexes, apex]
    if len(apexes) == body.dimension + 1:
        origin = body.points[apexes[0]]
        rows = [x - o for other in apexes[1:] for x, o in zip(body.points[other], origin, strict=True)]
        return abs(fmpq_mat(body.dimension, body.dimension, rows).det())
    if face not in seen:
        cuts = {face & holder for holder in holders} - {face, 0}
        seen[face] = sorted(cut for cut in cuts if not any(cut & other == cut and cut != other for other in cuts))
    facets = [facet for facet in seen[face] if not facet >> apex & 1]
    return sum((_cones(body, holders, facet, apexes, seen) for facet in facets), fmpq(0))
