"""Larger cells: drop conditions as long as the outcome stays an equilibrium, numbers first, then one proof.

Conditions of a cell are dropped greedily against sample points with other outcomes, first those that keep
most uncovered samples with the same outcome out. The result is kept if "cell and not the play's
region" is refuted; otherwise its counterexample joins the samples and dropping starts again. Products of parameters
are variables of their own in that question, so that every question is linear: a refutation is a proof all the same; a
model that is no point is replaced by a counterexample with the factors fixed, or else excluded as it is.
"""

from time import process_time
from typing import Any

import numpy as np

from bargain.regions import Space
from bargain.solvers.regimes.comparisons import bits
from bargain.solvers.regimes.decider import Decider
from bargain.solvers.regimes.enlarge import Refuter
from bargain.solvers.regimes.levels import Lifted, Point
from bargain.solvers.regimes.outcomes import OutcomeTree
from bargain.solvers.regimes.reasons import AtPoint
from bargain.solvers.regimes.samples import Samples

_ROUNDS = 60  # counterexamples after which a cell is left as its reasons state it
_BRIEF = 10_000  # milliseconds for one question


class Widener:
    """Drops conditions of cells of one tree."""

    def __init__(self, space: Space, tree: OutcomeTree, samples: Samples) -> None:
        self.tree, self.samples = tree, samples
        self.comparisons = tree.comparisons
        self.decider = Decider(space, tree.comparisons, lifted=True)
        self.refuter = Refuter(tree, self.decider, _BRIEF)

    def widened(self, play: int, conditions: int, near: Point, *, shared: bool = False, end: float | None = None) -> int:
        """Fewer conditions under which the play is still an equilibrium outcome (proved), or the same ones.

        near: a point at which the conditions hold. shared: other outcomes may be equilibria there too, so that
        samples (which know one each) say nothing. end: the processor time at which to give up.
        """
        literals = list(bits(conditions))
        against = np.zeros((len(literals), 0), dtype=bool)
        for _ in range(_ROUNDS):
            trial = self._widest(play, literals, against, shared)
            if trial == conditions or (end is not None and process_time() > end):
                return conditions
            answer = self.refuter.possible(play, trial)
            if answer is not True:
                return trial if answer is False else conditions
            broken = self._counterexample(play, trial, literals, near)
            if broken is None:
                return conditions
            against = np.column_stack([against, broken])
        return conditions

    def _counterexample(self, play: int, trial: int, literals: list[int], near: Point) -> list[bool] | None:
        """Which conditions fail at a point of a cell where the play is no equilibrium outcome, or at the abstract model just found if none is near."""
        solver = self.refuter.solver
        model, point = Lifted(self.comparisons, solver.values()), solver.point()
        for anchor in (point, near) if self.decider.products else ():
            if anchor is not None and self.refuter.possible(play, trial, self.decider.slice(anchor)):
                point = solver.point()
                break
        if point is not None and self._refutes(point, play, trial):
            self._learn(point)
            return [not self._here.levels.holds(literal) for literal in literals]
        broken = [not model.holds(literal) for literal in literals]
        return broken if any(broken) else None

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
