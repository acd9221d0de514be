"""The extreme rays of a polyhedral cone, exactly, by double description.

    {x >= 0 : rows . x <= 0}

The orthant is cut by one inequality at a time. The new rays are the points where a cut crosses an edge; two rays span an
edge iff no third ray is tight wherever both are (each inequality, of a coordinate or a cut so far, is a label).
Reference: Motzkin, Raiffa, Thompson and Thrall (1953), Contributions to the Theory of Games II, 51-73; Fukuda and Prodon (1996).
"""

from collections.abc import Sequence
from math import gcd
from operator import mul

from bargain.errors import TooLarge

__all__ = ["extreme_rays"]

_Ray = tuple[tuple[int, ...], int]  # integer coordinates, and the set of tight inequalities as bits


def extreme_rays(rows: Sequence[Sequence[int]], dimension: int, *, limit: int = 5_000) -> list[tuple[int, ...]]:
    """Primitive integer vectors, sorted; more than `limit` rays on the way raise `TooLarge`.

    >>> extreme_rays([[1, -1, 0], [0, 1, -1]], 3)
    [(0, 0, 1), (0, 1, 1), (1, 1, 1)]
    """
    everything = (1 << dimension) - 1
    rays: list[_Ray] = [(tuple(int(k == j) for k in range(dimension)), everything ^ (1 << j)) for j in range(dimension)]
    for number, row in enumerate(rows):
        bit = 1 << (dimension + number)
        values = [sum(map(mul, row, point)) for point, _ in rays]
        kept = [(point, mask | bit if value == 0 else mask) for (point, mask), value in zip(rays, values, strict=True) if value <= 0]
        inside = [(ray, value) for ray, value in zip(rays, values, strict=True) if value < 0]
        outside = [(ray, value) for ray, value in zip(rays, values, strict=True) if value > 0]
        for (p, p_mask), below in inside:
            for (q, q_mask), above in outside:
                common = p_mask & q_mask
                if common.bit_count() >= dimension - 2 and sum(common & mask == common for _, mask in rays) == 2:
                    kept.append((_primitive([above * a - below * b for a, b in zip(p, q, strict=True)]), common | bit))
        rays = kept
        if len(rays) > limit:
            raise TooLarge(f"the cone has more than {limit} rays after {number + 1} of {len(rows)} inequalities", place="extreme rays",
                           remedy="ask for an optimum instead of all vertices")
    return sorted(point for point, _ in rays)


def _primitive(values: Sequence[int]) -> tuple[int, ...]:
    divisor = gcd(*values)
    return tuple(value // divisor for value in values)
