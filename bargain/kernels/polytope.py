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
of the inequalities x >= 0 and one reply, then cut with one reply after the other. A
cut keeps the rays on its side and adds one ray for every edge it crosses, a positive
integer combination of the two ends divided by its content. Two rays span an edge if
they share d - 1 labels and one of them is simple, that is, has d labels only; if both
have more, if and only if no third ray has every label they share. Each vertex is
therefore produced once, however degenerate the game is. Replies enter in descending
order of total gain, which cuts deep early and keeps the lists between the cuts short.

References: Motzkin, Raiffa, Thompson and Thrall (1953), in Contributions to the Theory
of Games II, 51-73; Fukuda and Prodon (1996), Lecture Notes in Computer Science 1120,
91-111; von Stengel (2002), in Handbook of Game Theory 3, 1723-1759.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import gcd
from typing import Any

from bargain.kernels.packed import packed_cuts

__all__ = ["Vertices", "best_response_vertices", "bits", "cut", "holders", "rays_by_label"]

_PLAIN = 20  # own actions times replies up to which packing takes longer than it saves
_Ray = tuple[int, int, list[int]]  # labels, distance to the cutting plane, coordinates


@dataclass(frozen=True)
class Vertices:
    """Vertices as integer weights up to a positive factor, the origin first, with their label masks."""

    points: Sequence[Sequence[int]]
    labels: Sequence[int]

    def __len__(self) -> int:
        return len(self.points)


def best_response_vertices(gains: Sequence[Sequence[int]]) -> Vertices:
    """All vertices of the polytope of mixed strategies over the rows of `gains`, each once.

    >>> found = best_response_vertices([[3, 0], [1, 2]])
    >>> [(tuple(point), format(labels, "04b")) for point, labels in zip(found.points, found.labels)]
    [((0, 0), '0011'), ((1, 0), '0110'), ((0, 1), '1001'), ((1, 3), '1100')]
    """
    totals = list(map(sum, zip(*gains, strict=True)))
    order = sorted(range(len(totals)), key=totals.__getitem__, reverse=True)
    points, labels, done = _start(gains, order)
    for reply in order[done:]:
        points, labels = cut(points, labels, len(gains), 1 << (len(gains) + reply))
    return Vertices(points, labels)


def _start(gains: Sequence[Sequence[int]], order: list[int]) -> tuple[Any, list[int], int]:
    """The rays after the first reply; where packing pays, after as many replies as enter while all rays are simple."""
    if len(gains) * len(order) <= _PLAIN or any(row.count(max(row)) > 1 for row in gains):
        return *_first_cone(gains, order), 1
    packed, labels, done = packed_cuts(gains, order)
    return packed if done == len(order) else packed.with_slacks(len(gains) + done, len(gains) + len(order)), labels, done


def bits(mask: int) -> Iterator[int]:
    """The bits that are set, as powers of two.

    >>> list(bits(0b1101))
    [1, 4, 8]
    """
    while mask:
        lowest = mask & -mask
        yield lowest
        mask ^= lowest


def _first_cone(gains: Sequence[Sequence[int]], order: list[int]) -> tuple[list[list[int]], list[int]]:
    """Rays of {x >= 0, v >= gain of the first reply}: weights, then the slacks of the other replies, last one first."""
    dimension, first, pending = len(gains), order[0], order[:0:-1]
    everything = (1 << dimension) - 1
    tight = everything | 1 << dimension + first
    points, labels = [[0] * dimension + [1] * len(pending)], [everything]
    for own, row in enumerate(gains):
        best, weights = row[first], [0] * dimension
        weights[own] = 1
        points.append(weights + [best - row[reply] for reply in pending])
        labels.append(tight ^ 1 << own)
    return points, labels


def cut(points: list[list[int]], labels: list[int], dimension: int, bit: int) -> tuple[list[list[int]], list[int]]:
    """Intersect with the half-space whose slack is the last coordinate of every ray."""
    inside: list[_Ray] = []
    outside: list[_Ray] = []
    next_points, next_labels = [], []
    for number, coordinates in enumerate(points):
        mask, slack = labels[number], coordinates.pop()
        if slack > 0:
            inside.append((mask, slack, coordinates))
            next_points.append(coordinates)
            next_labels.append(mask)
        elif slack:
            outside.append((mask, -slack, coordinates))
        else:
            next_points.append(coordinates)
            next_labels.append(mask | bit)
    places = range(len(points[0]))
    for (mask, above, near), (other, below, far) in _crossed_edges(inside, outside, labels, dimension) if outside else ():
        ray = [below * near[place] + above * far[place] for place in places]
        content = gcd(*ray)
        next_points.append([entry // content for entry in ray] if content > 1 else ray)
        next_labels.append(mask & other | bit)
    return next_points, next_labels


def _crossed_edges(
    inside: list[_Ray], outside: list[_Ray], labels: list[int], dimension: int
) -> list[tuple[_Ray, _Ray]]:
    """Pairs of adjacent rays on opposite sides of the cut."""
    if len(inside) * len(outside) > 2 * dimension * (len(inside) + len(outside)):
        near = _near_by_hashing(inside, outside, dimension)
    else:
        enough = dimension - 1
        near = [(p, q) for p in inside for q in outside if (p[0] & q[0]).bit_count() >= enough]
    if all([p[0].bit_count() == dimension or q[0].bit_count() == dimension for p, q in near]):
        return near
    having = rays_by_label(labels)
    return [
        (p, q)
        for p, q in near
        if p[0].bit_count() == dimension
        or q[0].bit_count() == dimension
        or holders(p[0] & q[0], having).bit_count() == 2
    ]


def _near_by_comparison(inside: list[_Ray], outside: list[_Ray], dimension: int) -> list[tuple[_Ray, _Ray]]:
    """Pairs that share at least d - 1 labels."""
    enough = dimension - 1
    return [(p, q) for p in inside for q in outside if (p[0] & q[0]).bit_count() >= enough]


def _near_by_hashing(inside: list[_Ray], outside: list[_Ray], dimension: int) -> list[tuple[_Ray, _Ray]]:
    """The same, looking up the d edges of simple rays, each of which is all labels but one."""
    simple_in, crowded_in = _by_simplicity(inside, dimension)
    simple_out, crowded_out = _by_simplicity(outside, dimension)
    end_of = {q[0] ^ bit: q for q in simple_out for bit in bits(q[0])}
    near = [(p, end_of[p[0] ^ bit]) for p in simple_in for bit in bits(p[0]) if p[0] ^ bit in end_of]
    near += _near_by_comparison(simple_in, crowded_out, dimension)
    return near + _near_by_comparison(crowded_in, outside, dimension)


def _by_simplicity(rays: list[_Ray], dimension: int) -> tuple[list[_Ray], list[_Ray]]:
    simple = [ray for ray in rays if ray[0].bit_count() == dimension]
    return simple, [ray for ray in rays if ray[0].bit_count() > dimension]


def rays_by_label(labels: Sequence[int]) -> dict[int, int]:
    """For every label bit, the bit set of the rays that have it.

    >>> rays_by_label([0b01, 0b11])
    {1: 3, 2: 2}
    """
    having: dict[int, int] = {}
    for position, mask in enumerate(labels):
        for bit in bits(mask):
            having[bit] = having.get(bit, 0) | 1 << position
    return having


def holders(mask: int, having: dict[int, int]) -> int:
    """The bit set of the rays that have every label of a mask that is not empty.

    >>> holders(0b11, rays_by_label([0b01, 0b11]))
    2
    """
    everyone = -1
    for bit in bits(mask):
        everyone &= having.get(bit, 0)
    return everyone
