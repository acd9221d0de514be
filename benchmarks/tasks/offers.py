"""Alternating offers for many parameter draws at once: a pie, a curved frontier, a grid of agreements before a last offer."""

from collections.abc import Callable
from typing import Any

import numpy as np

from bargain.kernels.rubinstein import GridAgreements, Shares, alternating_offers, on_a_curve, on_a_grid
from benchmarks.task import Task


def tasks(quick: bool = False) -> list[Task]:
    """Shares with outside options, against the same two equations solved draw by draw with scipy's brentq."""
    many, sample = (5_000, 20) if quick else (1_000_000, 500)
    pairs, few, points = (200, 2, 101) if quick else (10_000, 20, 1_001)
    grid = np.linspace(0, 1, points)
    concave = np.sqrt(grid)
    return [Task("value iteration on a curved frontier", "pair of factors", _factors(pairs), lambda given: on_a_curve(concave, 1 - grid, *given), pairs,
                 lambda given: [_frontier(grid, concave, *column) for column in given[:, :few].T], "scipy brentq, pair by pair", few, _near, target=10),
            Task(f"{points} agreements, 1000 offers", "pair of factors", _factors(pairs), lambda given: on_a_grid(grid, 1 - grid, *given, offers=1000), pairs,
                 lambda given: [_bisected(grid.tolist(), *column, 1000) for column in given[:, :few].T.tolist()], "bisect in Python, date by date", few,
                 _agreed, target=20),
            Task("Rubinstein shares with outside options", "draw", _draws(many), lambda given: alternating_offers(*given[:2], outside=(given[2], given[3])), many,
                 lambda given: [_brentq(*column) for column in given[:, :sample].T], "scipy brentq, draw by draw", sample, _same, target=10)]


def _draws(many: int) -> Callable[[int], Any]:
    def fresh(number: int) -> Any:
        draw = np.random.default_rng([7, number])
        return np.concatenate([draw.uniform(0.5, 0.99, (2, many)), draw.uniform(0, 0.5, (2, many))])

    return fresh


def _factors(pairs: int) -> Callable[[int], Any]:
    return lambda number: np.random.default_rng([17, number]).uniform(0.5, 0.98, (2, pairs))


def _frontier(grid: Any, rising: Any, d1: float, d2: float) -> float:
    """The first share, from the two thresholds on the same grid of payoffs."""
    from scipy.optimize import brentq

    def gap(x: float) -> float:
        y = np.interp(d1 * np.interp(x, grid, rising), rising, grid)
        return float(x - (1 - d2 * (1 - y)))

    return float(brentq(gap, 0, 1, xtol=1e-14))


def _bisected(grid: list[float], d1: float, d2: float, offers: int) -> int:
    """The agreement at the first date, by backward induction with binary search, as one would write it for one game."""
    from bisect import bisect_left

    theirs = [1 - share for share in reversed(grid)]
    last = len(grid) - 1
    index = last if offers % 2 else 0
    for date in range(offers - 2, -1, -1):
        index = bisect_left(grid, d1 * grid[index] - 1e-12) if date % 2 else last - bisect_left(theirs, d2 * (1 - grid[index]) - 1e-12)
    return index


def _near(ours: Shares, theirs: list[float]) -> None:
    assert np.allclose(ours.first[: len(theirs)], theirs, atol=1e-10)


def _agreed(ours: GridAgreements, theirs: list[int]) -> None:
    assert ours.index[: len(theirs)].tolist() == theirs


def _brentq(d1: float, d2: float, o1: float, o2: float) -> float:
    from scipy.optimize import brentq

    return float(brentq(lambda x: 1 - x - max(o2, d2 * (1 - max(o1, d1 * x))), 0, 1, xtol=1e-14))


def _same(ours: Shares, theirs: list[float]) -> None:
    assert ours.deal.all() and np.allclose(ours.first[: len(theirs)], theirs, atol=1e-10)
