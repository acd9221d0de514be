"""The indifference conditions of a support as multilinear expansions in the unknowns: values and slopes in any arithmetic, and Newton's method.

An expansion is a nested list of integers: along the axis of each other player who mixes, entry 0 is a constant and entry k the slope in her k-th unknown.
"""

from collections.abc import Sequence
from itertools import accumulate
from operator import mul
from typing import Any

import numpy as np
from flint import acb, acb_mat, ctx

from bargain.kernels.indifference import System

__all__ = ["Expansions"]

_GUARD = 48  # bits left for rounding
_STEPS = 30  # of Newton's method in floats


class Expansions:
    """The equations of a system (in its order), expanded."""

    def __init__(self, system: System) -> None:
        sizes = [len(own) for own in system.support]
        self.mixing = [j for j, size in enumerate(sizes) if size > 1]
        starts = [0, *accumulate(sizes[j] - 1 for j in self.mixing)]
        self.blocks = {j: range(start, start + sizes[j] - 1) for j, start in zip(self.mixing, starts, strict=False)}
        self.tables = [(i, _expanded(system.differences(i, a, own[0]), sizes[:i] + sizes[i + 1 :])) for i, own in enumerate(system.support) for a in own[1:]]

    def at(self, point: Sequence[Any]) -> tuple[list[Any], list[list[Any]]]:
        """Values by equation, and slopes by equation and unknown."""
        values, slopes = [], []
        for i, table in self.tables:
            others = [self.blocks[j] for j in self.mixing if j != i]
            row: list[Any] = [0] * len(point)
            if others:
                value, gradient = _evaluated(table, [[point[v] for v in block] for block in others])
                for block, part in zip(others, gradient, strict=True):
                    row[block.start : block.stop] = part
            else:
                value = table
            values.append(value)
            slopes.append(row)
        return values, slopes

    def newton(self, start: Sequence[float]) -> list[float] | None:
        """The zero to which Newton's method leads in floats; None if it leads to none, or to one that is singular or nearly so."""
        point = np.array(start, dtype=np.float64)
        for _ in range(_STEPS):
            values, slopes = self.at(point.tolist())
            try:
                step = np.linalg.solve(np.array(slopes, dtype=np.float64), np.array(values, dtype=np.float64))
            except np.linalg.LinAlgError:
                return None
            point = point - step
            if not np.abs(point).max() < 4:
                return None
            if np.abs(step).max() < 1e-12:
                return [float(x) for x in point]
        return None

    def refined(self, zero: Sequence[acb], known: int, bits: int) -> list[acb]:
        """A complex zero after steps of Newton's method with ever more bits, from `known` ones."""
        found = list(zero)
        while known < bits:
            known = min(2 * known, bits)
            with ctx.workprec(known + _GUARD):
                values, slopes = self.at(found)
                step = acb_mat(slopes).solve(acb_mat(len(values), 1, values))
                found = [(x - d).mid() for x, d in zip(found, step.entries(), strict=True)]
        return found


def _expanded(table: Any, sizes: Sequence[int]) -> Any:
    """A nested list with entry 0 along every axis, and from each other one entry 0 subtracted; axes of one entry dropped."""
    if not sizes:
        return table
    parts = [_expanded(part, sizes[1:]) for part in table]
    return parts[0] if len(parts) == 1 else [parts[0], *(_less(part, parts[0]) for part in parts[1:])]


def _less(first: Any, second: Any) -> Any:
    return [_less(a, b) for a, b in zip(first, second, strict=True)] if isinstance(first, list) else first - second


def _evaluated(table: Any, unknowns: Sequence[Sequence[Any]]) -> tuple[Any, list[list[Any]]]:
    """The value of an expansion, and its slopes in every player's unknowns."""
    own, *rest = unknowns
    if not rest:
        return sum(map(mul, table[1:], own), table[0]), [table[1:]]
    (value, slopes), *others = [_evaluated(part, rest) for part in table]
    for x, (other, more) in zip(own, others, strict=True):
        value = value + x * other
        slopes = [[s + x * t for s, t in zip(row, change, strict=True)] for row, change in zip(slopes, more, strict=True)]
    return value, [[other for other, _ in others], *slopes]
