"""Alternating offers for many parameter draws at once."""

from collections.abc import Callable
from typing import Any

import numpy as np

from bargain.kernels.rubinstein import Shares, alternating_offers
from benchmarks.task import Task


def tasks(quick: bool = False) -> list[Task]:
    """Shares with outside options, against the same two equations solved draw by draw with scipy's brentq."""
    many, sample = (5_000, 20) if quick else (1_000_000, 500)
    return [Task("Rubinstein shares with outside options", "draw", _draws(many), lambda given: alternating_offers(*given[:2], outside=(given[2], given[3])), many,
                 lambda given: [_brentq(*column) for column in given[:, :sample].T], "scipy brentq, draw by draw", sample, _same, target=10)]


def _draws(many: int) -> Callable[[int], Any]:
    def fresh(number: int) -> Any:
        draw = np.random.default_rng([7, number])
        return np.concatenate([draw.uniform(0.5, 0.99, (2, many)), draw.uniform(0, 0.5, (2, many))])

    return fresh


def _brentq(d1: float, d2: float, o1: float, o2: float) -> float:
    from scipy.optimize import brentq

    return float(brentq(lambda x: 1 - x - max(o2, d2 * (1 - max(o1, d1 * x))), 0, 1, xtol=1e-14))


def _same(ours: Shares, theirs: list[float]) -> None:
    assert ours.deal.all() and np.allclose(ours.first[: len(theirs)], theirs, atol=1e-10)
