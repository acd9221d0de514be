"""Timing ours and the peer in alternation, in processor seconds, cold and warm told apart."""

import resource
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

import numpy as np

from benchmarks.task import Task

__all__ = ["Measured", "interval", "measured", "rounds_of", "seconds"]

_RESAMPLES = 2000


def seconds() -> float:
    """Processor seconds of this process and of the children it has waited for."""
    return sum(use.ru_utime + use.ru_stime for use in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


@dataclass(frozen=True)
class Measured:
    """Times of one task, in processor seconds an item: medians of warm rounds, and the first call (cold).

    ratio: the median over the rounds of peer over ours; low, high: its 95 % bootstrap interval.
    """

    name: str
    unit: str
    items: int
    ours: float
    ours_cold: float
    peer_name: str
    peer: float
    peer_cold: float
    ratio: float
    low: float
    high: float
    rounds: int
    target: float | None
    note: str

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None if there is none."""
        return None if self.target is None else self.ratio >= self.target

    def row(self) -> dict[str, Any]:
        """All figures, for a file."""
        return {**asdict(self), "met": self.met}


def rounds_of(task: Task) -> Iterator[tuple[float, float]]:
    """Seconds an item of ours and of the peer, round after round; the first round is the cold one. Answers are compared in each."""
    number = 0
    while True:
        given = task.fresh(number)
        sides: list[tuple[Callable[[Any], Any], int]] = [(task.ours, task.items), (task.peer, task.sample)]
        spent, answers = [0.0, 0.0], [None, None]
        for side in (0, 1) if number % 2 == 0 else (1, 0):
            solve, items = sides[side]
            start = seconds()
            answers[side] = solve(given)
            spent[side] = (seconds() - start) / items
        task.agree(*answers)
        yield spent[0], spent[1]
        number += 1


def measured(task: Task, rounds: int = 7) -> Measured:
    """Time a task: one cold round, then as many warm ones as asked for.

    >>> task = Task("sum", "number", lambda k: list(range(100_000)), sum, 1, lambda given: sum(x for x in given), "a loop", 1,
    ...             lambda ours, theirs: None if ours == theirs else 1 / 0)
    >>> measured(task, 3).ratio > 1
    True
    """
    stream = rounds_of(task)
    cold = next(stream)
    warm = [next(stream) for _ in range(rounds)]
    ratios = [peer / max(ours, 1e-12) for ours, peer in warm]
    low, high = interval(ratios)
    ours, peer = median(spent for spent, _ in warm), median(spent for _, spent in warm)
    return Measured(task.name, task.unit, task.items, ours, cold[0], task.peer_name, peer, cold[1], median(ratios), low, high, rounds, task.target, task.note)


def interval(values: list[float], level: float = 0.95) -> tuple[float, float]:
    """A bootstrap interval for the median, from fixed resamples."""
    draws = np.random.default_rng(0).choice(values, size=(_RESAMPLES, len(values)))
    low, high = np.quantile(np.median(draws, axis=1), [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
