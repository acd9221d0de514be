"""Larger cells: drop conditions as long as the outcome stays an equilibrium, numbers first, then one proof.

Conditions of a cell are dropped greedily against sample points with other outcomes, first those that keep
most uncovered samples with the same outcome out. The result is kept if "cell and not the play's
region" is refuted; otherwise its counterexample joins the samples and dropping starts again. Where products of
parameters leave a question open, it is asked again with the products as variables of their own.
"""

from functools import cached_property
from time import process_time
from typing import Any

import numpy as np

from bargain.solvers.comparisons import bits
from bargain.solvers.decider import Decider
from bargain.solvers.enlarge import Refuter
from bargain.solvers.levels import Point, holds_lifted
from bargain.solvers.outcomes import OutcomeTree
from bargain.solvers.reasons import AtPoint
from bargain.solvers.samples import Samples

_ROUNDS = 60  # counterexamples after which a cell is left as its reasons state it
_BRIEF = 10_000  # milliseconds for one question
_EFFORT = 3_000_000  # steps for one question
_PATIENCE = 6_000_000  # steps for the questions about one cell, after which products are variables of their own


class Widener:
    """Drops conditions of cells of one tree."""

    def __init__(self, tree: OutcomeTree, samples: Samples, decider: Decider) -> None:
        self.tree, self.samples = tree, samples
        self.comparisons = tree.comparisons
        self.refuter = Refuter(tree, decider, _BRIEF, _EFFORT)

    @cached_property
    def lifted(self) -> Refuter:
        """The refuter for which products of parameters are variables of their own."""
        return Refuter(self.tree, Decider(self.refuter.regions.decider.space, self.comparisons, lifted=True), _BRIEF, _EFFORT)

    @property
    def queries(self) -> int:
        """The number of questions asked."""
        return self.refuter.solver.queries + (self.lifted.solver.queries if "lifted" in self.__dict__ else 0)

    def widened(self, play: int, conditions: int, *, shared: bool = False, end: float | None = None) -> int:
        """Fewer conditions under which the play is still an equilibrium outcome (proved), or the same ones.

        shared: other outcomes may be equilibria there too, so that samples (which know one each) say nothing.
        end: the processor time at which to give up.
        """
        literals, start = list(bits(conditions)), self.refuter.solver.effort()
        against = np.zeros((len(literals), 0), dtype=bool)
        for _ in range(_ROUNDS):
            trial = self._widest(play, literals, against, shared)
            if trial == conditions or (end is not None and process_time() > end):
                return conditions
            self.refuter.solver.limit(_BRIEF if end is None else min(_BRIEF, int(1000 * (end - process_time())) + 1))
            answer = self.refuter.possible(play, trial) if self.refuter.solver.effort() - start < _PATIENCE else None
            if answer is False:
                return trial
            point = self.refuter.solver.point() if answer else None
            if point is not None and self._refutes(point, play, trial):
                self._learn(point)
                against = np.column_stack([against, [not self._here.levels.holds(literal) for literal in literals]])
                continue
            answer = self.lifted.possible(play, trial)
            if answer is False:
                return trial
            if answer is None:
                return conditions
            values = self.lifted.solver.values()
            against = np.column_stack([against, [not holds_lifted(self.comparisons.atoms[literal >> 1], literal, values) for literal in literals]])
        return conditions

    def _refutes(self, point: Point, play: int, trial: int) -> bool:
        """Whether a point lies in a cell and the play is no equilibrium outcome there (a model of an abstraction need not be one)."""
        if not self.comparisons.admissible(point):
            return False
        self._here = AtPoint(self.tree, point)
        return all(self._here.levels.holds(literal) for literal in bits(trial)) and play not in self._here.outcomes

    def _learn(self, point: Point) -> None:
        self.samples.add(np.array([[float(value)] for value in point]), open_=False, play=self._here.outcomes[0])

    def _widest(self, play: int, literals: list[int], against: Any, shared: bool) -> int:
        samples, kind = self.samples, self.tree.kind(play)
        conditions = sum(1 << literal for literal in literals)
        broken = np.array([samples.broken(literal) for literal in literals]).reshape(len(literals), samples.size)
        present = np.unique(samples.play)
        right = np.isin(samples.play, [other for other in present if self.tree.kind(int(other)) == kind])
        wrong = against if shared else np.column_stack([broken[:, ~right], against])
        fresh = broken[:, right & samples.open]
        excluded, missed = wrong.sum(axis=0), fresh.sum(axis=0)
        length = [len(str(self.comparisons.atoms[literal >> 1])) for literal in literals]
        free = np.ones(len(literals), dtype=bool)
        while True:
            free &= ~wrong[:, excluded == 1].any(axis=1)
            if not free.any():
                return conditions
            score = fresh @ np.where(missed > 0, 0.25**missed, 0.0)
            best = max(np.flatnonzero(free), key=lambda k: (score[k], length[k], literals[k]))
            free[best] = False
            excluded, missed = excluded - wrong[best], missed - fresh[best]
            conditions &= ~(1 << literals[best])
