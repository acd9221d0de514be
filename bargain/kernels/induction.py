"""Backward induction on arrays: a stack machine over the nodes in post-order.

Each step leaves one value on the stack: payoffs (players, N) and the end reached (N,). The
number of points N is the fast axis; the tree is walked once for all of them. The same
recursion as the exact solver's, written independently, with first-listed ties. Payoffs are arrays of
numpy, or of any library with the array API, on a GPU too; the same steps then run there.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from bargain.kernels.core import compiled
from bargain.kernels.devices import namespace, place_of

Floats = np.ndarray[Any, np.dtype[np.float64]]
Integers = np.ndarray[Any, np.dtype[np.int64]]


_KINDS = {"end": 0, "choose": 1, "chance": 2}


class Step(NamedTuple):
    """``end`` (its number), ``choose`` (number of moves; player) or ``chance`` (number of draws; row of the first probability)."""

    kind: str
    number: int
    first: int


def backward_induction(steps: Sequence[Step], payoffs: Any, chances: Any) -> tuple[Any, Any]:
    """Payoffs (players, N) at the root and the index of the end reached (N,), -1 after a chance move; arrays of the payoffs' library.

    payoffs: (ends, players, N); chances: (draws, N).

    >>> tree = [Step("end", 0, 0), Step("end", 1, 0), Step("choose", 2, 0)]
    >>> values, end = backward_induction(tree, np.array([[[1.0, 5.0]], [[2.0, 3.0]]]), np.empty((0, 2)))
    >>> values.tolist(), end.tolist()
    ([[2.0, 5.0]], [1, 0])
    """
    xp, place, size = namespace(payoffs), place_of(payoffs), payoffs.shape[2]
    core = compiled() if xp is np else None
    if core is not None and size:
        return _with_core(core, steps, payoffs, chances)
    stack: list[tuple[Any, Any]] = []
    for kind, count, first in steps:
        if kind == "end":
            stack.append((payoffs[count, :, :], xp.full((size,), count, dtype=xp.int64, device=place)))
            continue
        children = stack[-count:]
        del stack[-count:]
        stack.append(_choose(children, first, xp) if kind == "choose" else _average(children, chances[first : first + count, :], xp, place))
    return stack[0]


def _with_core(core: Any, steps: Sequence[Step], payoffs: Floats, chances: Floats) -> tuple[Floats, Integers]:
    """The compiled twin."""
    program, depth = _program(tuple(steps))
    _, players, size = payoffs.shape
    values, ends = np.empty((players, size)), np.empty(size, dtype=np.int64)
    core.induction(players, depth, program, np.ascontiguousarray(payoffs, dtype=np.float64), np.ascontiguousarray(chances, dtype=np.float64), values, ends)
    return values, ends


@lru_cache(maxsize=8)
def _program(steps: tuple[Step, ...]) -> tuple[Integers, int]:
    """The steps as integers (end 0, choose 1, chance 2), and the depth of the stack they need."""
    heights = np.cumsum([1 if step.kind == "end" else 1 - step.number for step in steps])
    return np.array([(_KINDS[kind], number, first) for kind, number, first in steps], dtype=np.int32), int(heights.max())


def _choose(children: list[tuple[Any, Any]], player: int, xp: Any) -> tuple[Any, Any]:
    """The child that is best for the mover at each point; the first one on a tie."""
    values, ends = children[0]
    for other, reached in children[1:]:
        better = other[player, :] > values[player, :]
        if xp is np and not better.any():  # looking at the answer would stop a GPU
            continue
        values, ends = (other, reached) if xp is np and better.all() else (xp.where(better, other, values), xp.where(better, reached, ends))
    return values, ends


def _average(children: list[tuple[Any, Any]], weights: Any, xp: Any, place: Any) -> tuple[Any, Any]:
    """Expected payoffs; the end is not one node."""
    total = xp.zeros_like(children[0][0])
    for draw, (values, _) in enumerate(children):
        total = total + weights[draw, :] * values
    return total, xp.full(children[0][1].shape, -1, dtype=xp.int64, device=place)
