"""The search of regime discovery: one cell after another until none is missing.

    take a point outside every cell -> solve it exactly -> collect the reasons of its outcome
    -> drop reasons while numbers allow, prove the larger cell -> assert "not in this cell" -> ...

A cell is a set of weak conditions under which one play is subgame perfect. Every cell is proved on
its own; when no point is left outside all cells, so is the cover. Then every other play is proved to be an
equilibrium outcome nowhere outside its own cells, ties apart; where one is, its cells join the list.
"""

from dataclasses import dataclass
from time import process_time

import numpy as np

from bargain.games.game import Game
from bargain.regions import Space
from bargain.solvers.regimes.comparisons import Comparisons, bits
from bargain.solvers.regimes.decider import Decider, Incremental
from bargain.solvers.regimes.enlarge import Finder, listable
from bargain.solvers.regimes.levels import Levels, Lifted, Point
from bargain.solvers.regimes.outcomes import OutcomeTree
from bargain.solvers.regimes.reasons import AtPoint
from bargain.solvers.regimes.samples import Samples
from bargain.solvers.regimes.widen import Widener

_TIMEOUT = 60_000  # milliseconds for one question
_PATIENCE = 120_000  # milliseconds for a question about products of parameters, of which there are few
_ROUNDS = 1000  # abstract models followed up for one outcome


@dataclass(frozen=True)
class Found:
    """A set of conditions and the play that is subgame perfect wherever they hold."""

    conditions: int
    play: int


class Search:
    """The state of one discovery; `run` may be called again to go on."""

    def __init__(self, game: Game, samples: int) -> None:
        self.game = game
        self.space = Space(game.notation)
        self.comparisons = Comparisons(game.notation)
        self.tree = OutcomeTree(game, self.comparisons)
        self.samples = Samples(self.tree, game.notation, samples)
        self.decider = Decider(self.space, self.comparisons)
        self.outside = Incremental(self.decider, _TIMEOUT)
        self.widener = Widener(self.space, self.tree, self.samples) if listable(self.tree) else None
        self.found: list[Found] = []
        self.several = False  # whether outcomes with different payoffs coexist away from every tie
        self.stopped = ""  # why the search ended early
        self.queries = 0

    def run(self, limit: int, seconds: float | None) -> bool:
        """Discover until the space is covered and no outcome is missing (True), or until the limit, the time or the decider stops it (False)."""
        end = None if seconds is None else process_time() + seconds
        self.stopped = ""
        complete = self._cover(limit, end) and self._others(limit, end)
        self.queries = self.outside.queries + (self.widener.refuter.solver.queries if self.widener else 0)
        return complete

    def _cover(self, limit: int, end: float | None) -> bool:
        while not self._over(limit, end):
            point = self._sample()
            if point is None:
                answer = self.outside.check()
                if answer is False:
                    return True
                point = self.outside.point() if answer else None
                if point is None or not self._new(point):
                    self.stopped = "a question about the cover was not decided"
                    return False
            self._add(point, end)
        return False

    def _over(self, limit: int, end: float | None) -> bool:
        if len(self.found) >= limit:
            self.stopped = f"limit of {limit} cells"
        elif end is not None and process_time() > end:
            self.stopped = "time limit"
        return bool(self.stopped)

    def _others(self, limit: int, end: float | None) -> bool:
        """Find the outcomes that coexist with those listed; True if it is proved that none is missing."""
        if self.widener is None or not listable(self.tree, whole=True):
            self.stopped = "too many plays to search for coexisting outcomes"
            return False
        finders = [Finder(self.tree, self.widener.decider, _TIMEOUT), Finder(self.tree, self.decider, _PATIENCE)]
        for finder in finders:
            for found in self.found:
                finder.exclude(self.tree.kind(found.play), found.conditions)
        for play in range(self.tree.plays):
            while (point := self._missed(play, *finders)) is not None:
                if self._over(limit, end):
                    return False
                if not point:
                    self.stopped = "a question about coexisting outcomes was not decided"
                    return False
                self.several = True
                reasons = AtPoint(self.tree, point).reasons(self.tree.root, play)
                self._record(play, self.widener.widened(play, reasons, point, shared=True, end=end))
                for finder in finders:
                    finder.exclude(self.tree.kind(play), self.found[-1].conditions)
        return True

    def _missed(self, play: int, lifted: Finder, exact: Finder) -> Point | None:
        """A point off all ties at which the play is an equilibrium outcome that is not listed; None proves that there is none; () means not decided.

        Asked with products as variables of their own. A model that is no point has a cell too, by the same reasons; where that cell
        is proved to add nothing, the conditions that the proof rests on are left out together and the question is asked again.
        """
        kind, decider = self.tree.kind(play), lifted.regions.decider
        for _ in range(_ROUNDS):
            answer = lifted.possible(play)
            if not answer:
                return None if answer is False else ()
            values, point = lifted.solver.values(), lifted.solver.point()
            if decider.products and point is not None:
                point = lifted.solver.point() if lifted.possible(play, *decider.slice(point)) else None
            if point is not None:
                return point if self.comparisons.admissible(point) and play in AtPoint(self.tree, point).outcomes else ()
            if not self.comparisons.polynomial:
                return ()
            cell = AtPoint(self.tree, Lifted(self.comparisons, values)).reasons(self.tree.root, play)
            answer = exact.inside(kind, cell)
            if answer is None:
                return ()
            if answer:
                point = exact.solver.point()
                return point if point is not None and self.comparisons.admissible(point) and play in AtPoint(self.tree, point).outcomes else ()
            lifted.exclude(kind, exact.core(cell))
        return ()

    def _sample(self) -> Point | None:
        """The uncovered sample nearest to the middle of those with the commonest uncovered outcome."""
        samples = self.samples
        while True:
            left = np.flatnonzero(samples.open)
            if not left.size:
                return None
            plays, counts = np.unique(samples.play[left], return_counts=True)
            group = left[samples.play[left] == plays[np.argmax(counts)]]
            ranks = samples.points[:, group].argsort(axis=1).argsort(axis=1)
            middle = group[np.argmin(np.abs(ranks - (group.size - 1) / 2).sum(axis=0))]
            samples.open[middle] = False
            point = samples.exact(int(middle))
            if self.comparisons.admissible(point):
                return point

    def _new(self, point: Point) -> bool:
        """Whether a point is admissible and really outside every cell (a model of an abstraction need not be)."""
        levels = Levels(self.comparisons, point)
        return self.comparisons.admissible(point) and not any(all(levels.holds(literal) for literal in bits(found.conditions)) for found in self.found)

    def _add(self, point: Point, end: float | None) -> None:
        here = AtPoint(self.tree, point)
        listed = {found.play for found in self.found}
        play = next((play for play in here.outcomes if play in listed), here.outcomes[0])
        conditions = here.reasons(self.tree.root, play)
        if self.widener is not None:
            conditions = self.widener.widened(play, conditions, point, end=end)
        self._record(play, conditions)

    def _record(self, play: int, conditions: int) -> None:
        import z3

        self.found.append(Found(conditions, play))
        self.outside.add(z3.Not(z3.And(*self.decider.conditions(conditions))))
        self.samples.open &= ~self.samples.inside(conditions)

    def needed(self) -> list[Found]:
        """The cells found without those that lie in the union of others of the same outcome (proved), and without empty ones."""
        import z3

        solver = Incremental(self.decider, _TIMEOUT)
        names = [z3.Bool(f"cell {k}") for k in range(len(self.found))]
        inside = np.array([self.samples.inside(found.conditions) for found in self.found]).reshape(len(names), self.samples.size)
        for name, found in zip(names, self.found, strict=True):
            solver.add(z3.Implies(name, z3.Not(z3.And(*self.decider.conditions(found.conditions)))))
        kept = set(range(len(names)))
        for k in sorted(kept, key=lambda k: (inside[k].sum(), -self.found[k].conditions.bit_count(), k)):
            others = [other for other in sorted(kept - {k}) if self.found[other].play == self.found[k].play]
            alone = bool((inside[k] & ~inside[others].any(axis=0)).any())
            if not alone and solver.check([*self.decider.conditions(self.found[k].conditions), *(names[other] for other in others)]) is False:
                kept.discard(k)
        self.queries += solver.queries
        return [self.found[k] for k in sorted(kept)]

    def parameters_in(self, found: list[Found]) -> list[str]:
        """The free parameters, those in the most conditions first."""
        atoms = {literal >> 1 for cell in found for literal in bits(cell.conditions)}
        count = {symbol: sum(symbol in self.comparisons.body(atom).free_symbols for atom in atoms) for symbol in self.comparisons.symbols}
        return [str(symbol) for symbol in sorted(count, key=lambda symbol: (-count[symbol], str(symbol)))]
