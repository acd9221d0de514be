"""Counterfactual regret minimisation with non-negative regrets (CFR+), vectorised over the sequence form.

At every information set the action a is played in proportion to its regret R_a, which grows by

    R_a <- max(0, R_a + (value of a) - (value of the set)),

values being counterfactual: what the tree below pays against the other player's current realization plan. The
players move in turn, and the answer is the average of the realization plans, that of round t with weight t. In a
zero-sum game its exploitability falls at least as fast as 1 / sqrt(rounds), in practice about as 1 / rounds.
Source: Zinkevich, Johanson, Bowling and Piccione (2007), NIPS 20; Tammelin, Burch, Johanson and Bowling (2015), IJCAI 24:645-652.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from bargain.kernels.realization import RealizationForm, Sets

__all__ = ["average_plans"]

Floats = np.ndarray[Any, np.dtype[np.float64]]
Integers = np.ndarray[Any, np.dtype[np.int64]]


def average_plans(form: RealizationForm, rounds: int) -> tuple[Floats, Floats]:
    """The average realization plans (n,), (m,) of a zero-sum game after a number of rounds.

    >>> from fractions import Fraction
    >>> one = ((0, (1, 2)),)
    >>> cells = {(1, 1): 2, (1, 2): -1, (2, 1): -1, (2, 2): 1}
    >>> game = RealizationForm((one, one), {k: (Fraction(a), Fraction(-a)) for k, a in cells.items()})
    >>> average_plans(game, 2000)[0].round(2).tolist()
    [1.0, 0.4, 0.6]
    """
    from scipy.sparse import csr_array

    rows, columns = (np.array([pair[k] for pair in form.payoffs], dtype=np.int64) for k in (0, 1))
    payoffs = csr_array(([float(a) for a, _ in form.payoffs.values()], (rows, columns)), shape=form.sizes)
    other = csr_array(-payoffs.T)
    first, second = (_Learner.of(sets, size) for sets, size in zip(form.sets, form.sizes, strict=True))
    y = second.plan()
    averages = np.zeros(form.sizes[0]), np.zeros(form.sizes[1])
    for t in range(1, rounds + 1):
        first.learn(payoffs @ y)
        x = first.plan()
        second.learn(other @ x)
        y = second.plan()
        averages[0][:] += t * x
        averages[1][:] += t * y
    total = rounds * (rounds + 1) / 2
    return averages[0] / total, averages[1] / total


@dataclass
class _Learner:
    """One player: regrets by sequence, and her sets level by level (a level's sets follow sequences of the levels above)."""

    levels: list[tuple[Integers, Integers, Integers]]  # sequences in order of their sets; where each set starts; the sequence before each set
    regrets: Floats

    @classmethod
    def of(cls, sets: Sets, size: int) -> "_Learner":
        depth = np.zeros(size, dtype=np.int64)
        for before, sequences in sets:
            depth[list(sequences)] = depth[before] + 1
        levels = []
        for level in range(1, int(depth.max()) + 1):
            here = [(before, sequences) for before, sequences in sets if depth[sequences[0]] == level]
            counts = [len(sequences) for _, sequences in here]
            levels.append((np.array([s for _, sequences in here for s in sequences], dtype=np.int64),
                           np.cumsum([0, *counts[:-1]]).astype(np.int64), np.array([before for before, _ in here], dtype=np.int64)))
        return cls(levels, np.zeros(size))

    def _shares(self, sequences: Integers, starts: Integers) -> Floats:
        """The current behaviour at one level: in proportion to regrets, uniform where all are zero."""
        counts = np.diff(np.append(starts, len(sequences)))
        own = self.regrets[sequences]
        totals = np.repeat(np.add.reduceat(own, starts), counts)
        return np.divide(own, totals, out=1.0 / np.repeat(counts, counts), where=totals > 0)

    def plan(self) -> Floats:
        """The realization plan of the current behaviour."""
        weights = np.ones(len(self.regrets))
        for sequences, starts, before in self.levels:
            counts = np.diff(np.append(starts, len(sequences)))
            weights[sequences] = np.repeat(weights[before], counts) * self._shares(sequences, starts)
        return weights

    def learn(self, gains: Floats) -> None:
        """Add this round's regrets; gains (n,) is what the ends right after each sequence pay."""
        values = gains.copy()
        for sequences, starts, before in reversed(self.levels):
            counts = np.diff(np.append(starts, len(sequences)))
            own = values[sequences]
            level = np.add.reduceat(own * self._shares(sequences, starts), starts)
            self.regrets[sequences] = np.maximum(self.regrets[sequences] + own - np.repeat(level, counts), 0.0)
            np.add.at(values, before, level)
