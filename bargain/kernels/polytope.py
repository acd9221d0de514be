"""Vertices of a best-response polytope, in integers.

A player mixes over d strategies with weights x. Row i of `gains` (d x k) lists what
the opponent's k replies earn against strategy i. The best-response polyhedron

    {(x, v) : x >= 0, sum(x) = 1, gains^T x <= v}

is the projective image of P = {x >= 0, gains^T x <= 1} for gains shifted to be
positive; both are sections of the pointed cone

    C = {(x, v) : x >= 0, v - gains^T x >= 0},

so the vertices of P are the extreme rays of C, and shifting or scaling the gains
changes none of their supports and replies. A vertex carries the set of its labels,
the inequalities of C that bind, as a bit mask: bit i if x_i = 0, bit d + j if reply
j is a best reply.

The rays are found by the double description method: start from the simplicial cone
of the inequalities x >= 0 and reply 0, then cut with one reply after the other. A
cut keeps the rays on its side and adds one ray for every edge it crosses, a positive
integer combination of the two ends divided by its content. A ray with exactly d
labels is simple and its d edges are its labels less one, found by dictionary; two
rays with more labels span an edge if and only if no third ray has every label they
share. Each vertex is therefore produced once, however degenerate the game is.

References: Motzkin, Raiffa, Thompson and Thrall (1953), in Contributions to the Theory
of Games II, 51-73; Fukuda and Prodon (1996), Lecture Notes in Computer Science 1120,
91-111; von Stengel (2002), in Handbook of Game Theory 3, 1723-1759.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import gcd

__all__ = ["Vertices", "bits", "best_response_vertices"]

_Ray = tuple[int, int, list[int]]  # labels, distance to the cutting plane, coordinates


@dataclass(frozen=True)
class Vertices:
    """Vertices as integer weights up to a positive factor, the origin first, with their label masks."""

    points: tuple[tuple[int, ...], ...]
    labels: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.points)


def best_response_vertices(gains: Sequence[Sequence[int]]) -> Vertices:
    """All vertices of the polytope of mixed strategies over the rows of `gains`, each once.

    >>> found = best_response_vertices([[3, 0], [1, 2]])
    >>> [(point, format(labels, "04b")) for point, labels in zip(found.points, found.labels)]
    [((0, 0), '0011'), ((1, 0), '0110'), ((0, 1), '1001'), ((1, 3), '1100')]
    """
    dimension, replies = len(gains), len(gains[0])
    points, labels = _first_cone(gains)
    for reply in range(1, replies):
        points, labels = _cut(points, labels, dimension, 1 << (dimension + reply))
    return Vertices(tuple(map(tuple, points)), tuple(labels))


def bits(mask: int) -> Iterator[int]:
    """The bits that are set, as powers of two.

    >>> list(bits(0b1101))
    [1, 4, 8]
    """
    while mask:
        lowest = mask & -mask
        yield lowest
        mask ^= lowest


def _first_cone(gains: Sequence[Sequence[int]]) -> tuple[list[list[int]], list[int]]:
    """Rays of {x >= 0, v >= payoff of reply 0}: weights, then the slacks of the last reply down to reply 1."""
    dimension, replies = len(gains), len(gains[0])
    everything = (1 << dimension) - 1
    points = [[0] * dimension + [1] * (replies - 1)]
    labels = [everything]
    for own, row in enumerate(gains):
        weights = [0] * dimension
        weights[own] = 1
        points.append(weights + [row[0] - gain for gain in row[:0:-1]])
        labels.append(everything ^ (1 << own) | 1 << dimension)
    return points, labels


def _cut(points: list[list[int]], labels: list[int], dimension: int, bit: int) -> tuple[list[list[int]], list[int]]:
    """Intersect with the half-space whose slack is the last coordinate of every ray."""
    inside: list[_Ray] = []
    outside: list[_Ray] = []
    next_points, next_labels = [], []
    for coordinates, mask in zip(points, labels, strict=True):
        slack = coordinates.pop()
        if slack < 0:
            outside.append((mask, -slack, coordinates))
            continue
        if slack:
            inside.append((mask, slack, coordinates))
        next_points.append(coordinates)
        next_labels.append(mask if slack else mask | bit)
    if outside:
        for (mask, above, near), (other, below, far) in _crossed_edges(inside, outside, labels, dimension):
            ray = [below * a + above * b for a, b in zip(near, far, strict=True)]
            content = gcd(*ray)
            next_points.append([entry // content for entry in ray] if content > 1 else ray)
            next_labels.append(mask & other | bit)
    return next_points, next_labels


def _crossed_edges(
    inside: list[_Ray], outside: list[_Ray], labels: list[int], dimension: int
) -> Iterator[tuple[_Ray, _Ray]]:
    """Pairs of adjacent rays on opposite sides of the cut."""
    simple, crowded = _split(outside, dimension)
    end_of = {ray[0] ^ bit: ray for ray in simple for bit in bits(ray[0])}
    inside_simple, inside_crowded = _split(inside, dimension)
    for ray in inside_simple:
        mask = ray[0]
        for bit in bits(mask):
            if mask ^ bit in end_of:
                yield ray, end_of[mask ^ bit]
        for other in crowded:
            if (mask & other[0]).bit_count() == dimension - 1:
                yield ray, other
    if not inside_crowded:
        return
    having = _rays_by_label(labels)
    for ray in inside_crowded:
        for other in simple:
            if (ray[0] & other[0]).bit_count() == dimension - 1:
                yield ray, other
        for other in crowded:
            shared = ray[0] & other[0]
            if shared.bit_count() >= dimension - 1 and _holders(shared, having).bit_count() == 2:
                yield ray, other


def _split(rays: list[_Ray], dimension: int) -> tuple[list[_Ray], list[_Ray]]:
    """Simple rays, with exactly as many labels as the dimension, and the others."""
    simple = [ray for ray in rays if ray[0].bit_count() == dimension]
    if len(simple) == len(rays):
        return simple, []
    return simple, [ray for ray in rays if ray[0].bit_count() > dimension]


def _rays_by_label(labels: Sequence[int]) -> dict[int, int]:
    """For every label bit, the bit set of the rays that have it."""
    having: dict[int, int] = {}
    for position, mask in enumerate(labels):
        for bit in bits(mask):
            having[bit] = having.get(bit, 0) | 1 << position
    return having


def _holders(mask: int, having: dict[int, int]) -> int:
    """The bit set of the rays that have every label of a mask that is not empty."""
    everyone = -1
    for bit in bits(mask):
        everyone &= having[bit]
    return everyone
