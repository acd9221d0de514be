"""Cuts of a cone whose rays are all simple, each ray one integer.

A ray has one coordinate for each inequality of the cone, its distance to that plane, zero exactly for its labels. The
coordinates are packed into one integer, c_0 + c_1 2^w + c_2 2^2w + ..., so that a positive combination of two rays is one
combination of two integers. A ray with labels L is scaled to the generalised cross product of the planes in L; its
coordinates are then minors of the gains bordered by ones, at most (R sqrt(s))^s in size (Hadamard) for payoffs that
differ by at most R and s = min(d, k - 1), which gives the width w. If near and far share all labels but p and q, the edge
between them meets the plane c in

    (|c(far)| near + c(near) far) / q(near),

exactly, by the identity between the minors that the planes p, q and c have over the shared labels (Bareiss 1968).
A ray with a further label breaks that scale: the caller goes on without packing.

Source: Bareiss (1968), Mathematics of Computation 22:565-578, for the exact division; Motzkin, Raiffa, Thompson and
Thrall (1953), in Contributions to the Theory of Games II, 51-73, for the cuts.
"""

from collections.abc import Sequence
from math import gcd
from typing import overload

__all__ = ["Packed", "packed_cuts"]

_Ray = tuple[int, int, int]  # labels, distance to the cutting plane, packed coordinates


class Packed(Sequence[tuple[int, ...]]):
    """The first `dimension` coordinates of packed rays, divided by their content when they are read."""

    def __init__(self, rays: list[int], width: int, dimension: int) -> None:
        self.rays, self.width, self.dimension = rays, width, dimension

    def __len__(self) -> int:
        return len(self.rays)

    @overload
    def __getitem__(self, index: int) -> tuple[int, ...]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[tuple[int, ...]]: ...
    def __getitem__(self, index: int | slice) -> tuple[int, ...] | Sequence[tuple[int, ...]]:
        if isinstance(index, slice):
            return Packed(self.rays[index], self.width, self.dimension)
        ray, width, full = self.rays[index], self.width, (1 << self.width) - 1
        weights = [ray >> width * own & full for own in range(self.dimension)]
        content = gcd(*weights)
        return tuple([weight // content for weight in weights]) if content > 1 else tuple(weights)

    def with_slacks(self, start: int, stop: int) -> list[list[int]]:
        """Each ray's coordinates, then its signed coordinates at the places from stop - 1 down to start; those between are not negative."""
        width, half, full = self.width, 1 << self.width - 1, (1 << self.width) - 1
        unpacked = []
        for ray in self.rays:
            slacks, rest = [], ray >> width * start
            for _ in range(start, stop):
                slacks.append((rest + half & full) - half)
                rest = rest - slacks[-1] >> width
            unpacked.append([ray >> width * own & full for own in range(self.dimension)] + slacks[::-1])
        return unpacked


def packed_cuts(gains: Sequence[Sequence[int]], order: Sequence[int]) -> tuple[Packed, list[int], int]:
    """The rays of the cone of the replies in that order, their labels, and how many replies entered while all rays were simple.

    Places d + t hold the slacks of the reply order[t]; labels are bit i for own action i and bit d + j for reply j.

    >>> points, labels, done = packed_cuts([[3, 0], [1, 2]], [0, 1])
    >>> list(points), [format(mask, "04b") for mask in labels], done
    ([(0, 0), (1, 0), (0, 1), (1, 3)], ['0011', '0110', '1001', '1100'], 2)
    """
    dimension = len(gains)
    width = _width(gains, dimension, len(order))
    size, half = 1 << width, 1 << width - 1
    full = size - 1
    shift = {1 << own: width * own for own in range(dimension)}
    shift |= {1 << dimension + reply: width * (dimension + t) for t, reply in enumerate(order)}
    masks, rays = _first_rays(gains, order, width)
    for done in range(1, len(order)):
        bit = 1 << dimension + order[done]
        place = width * (dimension + done)
        inside: list[_Ray] = []
        outside: list[_Ray] = []
        for number, ray in enumerate(rays):
            mask, slack = masks[number], ray >> place & full
            if slack >= half:
                outside.append((mask, size - slack, ray))
            elif slack:
                inside.append((mask, slack, ray))
            else:
                return Packed(rays, width, dimension), masks, done
        if outside:
            masks, rays = [ray[0] for ray in inside], [ray[2] for ray in inside]
            for (mask, above, near), (other, below, far) in crossed(inside, outside, dimension, shift):
                masks.append(mask & other | bit)
                rays.append((below * near + above * far) // (near >> shift[other & ~mask] & full))
    return Packed(rays, width, dimension), masks, len(order)


def crossed(inside: list[_Ray], outside: list[_Ray], dimension: int, bits: Sequence[int] | dict[int, int]) -> list[tuple[_Ray, _Ray]]:
    """Pairs on opposite sides that share all labels but one each: by comparison if few, else by looking up the edges."""
    if len(inside) * len(outside) <= 2 * dimension * (len(inside) + len(outside)):
        enough = dimension - 1
        return [(p, q) for p in inside for q in outside if (p[0] & q[0]).bit_count() == enough]
    end_of = {mask ^ bit: q for bit in bits for q in outside if (mask := q[0]) & bit}
    return [(p, end_of[edge]) for bit in bits for p in inside if (mask := p[0]) & bit and (edge := mask ^ bit) in end_of]


def _width(gains: Sequence[Sequence[int]], dimension: int, replies: int) -> int:
    """Bits enough for every coordinate and its sign."""
    spread = max(1, *(max(row) - min(row) for row in gains))
    size = min(dimension, replies - 1)
    return int(spread**size * size ** ((size + 1) // 2)).bit_length() + 1


def _first_rays(gains: Sequence[Sequence[int]], order: Sequence[int], width: int) -> tuple[list[int], list[int]]:
    """The origin and one ray for each own action, with the first reply tight."""
    dimension, first = len(gains), order[0]
    everything = (1 << dimension) - 1
    masks, rays = [everything], [sum(1 << width * (dimension + t) for t in range(len(order)))]
    for own, row in enumerate(gains):
        best, packed = row[first], 0
        for reply in reversed(order):
            packed = (packed << width) + best - row[reply]
        masks.append(everything ^ (1 << own) | 1 << dimension + first)
        rays.append((packed << width * dimension) + (1 << width * own))
    return masks, rays
