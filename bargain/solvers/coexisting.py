"""Every subgame-perfect outcome of a tree, each with the exact region in which it is one.

"z is subgame perfect" is one formula over comparisons of payoffs (`bargain.solvers.enlarge`): at every node on the way
to z each other move has an equilibrium worth no more than z to the mover. Its region is found cell by cell: a point
that satisfies the formula is solved exactly, the reasons that make z an equilibrium there are collected, those
without which z is still one are dropped (proved), and the search goes on outside the cell until the formula has no
point left. So the union of the cells is the region, ties included; regions of different outcomes may share points, and
an outcome whose formula has no point is proved impossible. By Kuhn (1953) the regions cover the space, which the
certificate proves.
Source: Selten (1975), International Journal of Game Theory 4:25-55; ties after Osborne and Rubinstein (1994), ch. 6.
"""

from dataclasses import dataclass
from typing import Any

import sympy as sp
import z3

from bargain.errors import NotApplicable, TooLarge
from bargain.games.game import Game
from bargain.games.information import imperfect
from bargain.games.nodes import Decision, Terminal, show
from bargain.regions import Region, Space
from bargain.solution import Equilibrium, Regime, Solution, Status
from bargain.solvers.comparisons import Comparisons, bits
from bargain.solvers.decider import Decider, Incremental
from bargain.solvers.enlarge import PlayRegions
from bargain.solvers.levels import Point, named
from bargain.solvers.outcomes import OutcomeTree
from bargain.solvers.reasons import AtPoint

__all__ = ["SubgamePerfectOutcomes"]

_TIMEOUT = 20_000  # milliseconds for one question
_ENDS = 600


@dataclass(frozen=True)
class SubgamePerfectOutcomes:
    """Every outcome of a subgame-perfect equilibrium in pure strategies, with the region in which it is one.

    Regions overlap where several outcomes coexist (`Solution.overlapping`); outcomes that are in none are impossible.
    Trees of decisions with perfect information. Strategies are given on the path. limit: cells per outcome.

    >>> import bargain as bg
    >>> from bargain.models.classics import deterrence
    >>> solution = bg.solve(deterrence.game, SubgamePerfectOutcomes())
    >>> [(regime.equilibria[0].outcome, len(regime.condition.cells)) for regime in solution.regimes]
    [('hold', 2), ('challenge/concede', 1), ('challenge/resist/press', 1)]
    """

    limit: int = 200

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "subgame-perfect equilibrium"

    def accepts(self, problem: Any) -> None:
        """Refuse what is not a tree of decisions with perfect information."""
        if not isinstance(problem, Game):
            raise NotApplicable(f"needs a game tree, not a {type(problem).__name__}", place="SubgamePerfectOutcomes", remedy="use Nash() for a matrix")
        for history, node in problem.nodes():
            if not isinstance(node, Decision | Terminal):
                raise NotApplicable(f"a {type(node).__name__} node", place=f"node {show(history)}", remedy="use SubgamePerfect()")
        if imperfect(problem):
            raise NotApplicable("some information set holds several nodes", place=f"game {problem.title!r}", remedy="use SubgamePerfect()")
        if problem.count["ends"] > _ENDS:
            raise TooLarge(f"{problem.count['ends']} outcomes", place=f"game {problem.title!r}", remedy=f"solve a subgame; at most {_ENDS} outcomes are listed")

    def run(self, problem: Game) -> Solution:
        """The region of every outcome, one after another."""
        search = _Regions(problem, self.limit)
        regimes, complete = [], True
        for play in range(search.tree.plays):
            cells, finished = search.cells(play)
            complete &= finished
            if cells:
                condition = Region(tuple(search.comparisons.cell(conditions) for conditions in cells))
                regimes.append(Regime(condition, (_equilibrium(search.tree, play),)))
        found = Status.PROVED if problem.notation.symbols else Status.CERTIFIED
        stats = {"outcomes": len(regimes), "possible": search.tree.plays, "queries": search.queries, "method": "coexistence"}
        return Solution(problem, self, found if complete else Status.INCOMPLETE, tuple(regimes), stats=stats, overlapping=True)


class _Regions:
    """The cells of each play of one game."""

    def __init__(self, game: Game, limit: int) -> None:
        self.limit = limit
        self.space = Space(game.notation)
        self.comparisons = Comparisons(game.notation)
        self.tree = OutcomeTree(game, self.comparisons)
        self.decider = Decider(self.space, self.comparisons)
        self.formulas = PlayRegions(self.tree, self.decider)
        self.queries = 0  # questions put to the decider

    def cells(self, play: int) -> tuple[list[int], bool]:
        """Conditions whose union is the region of a play, and whether nothing was left out."""
        formula = self.formulas.region(self.tree.root, play)
        if formula is False:
            return [], True
        inside, outside = Incremental(self.decider, _TIMEOUT), Incremental(self.decider, _TIMEOUT)
        inside.add(z3.BoolVal(True) if formula is True else formula)
        outside.add(z3.BoolVal(False) if formula is True else z3.Not(formula))
        found: list[int] = []
        while len(found) < self.limit:
            self.queries += 1
            answer = inside.check()
            if answer is False:
                return found, True
            point = inside.point() if answer else None
            here = AtPoint(self.tree, point) if point is not None and self._new(point, found) else None
            if here is None or play not in here.outcomes:
                return found, False
            conditions = self._enlarged(outside, here.reasons(self.tree.root, play))
            found.append(conditions)
            inside.add(z3.Not(z3.And(*self.decider.conditions(conditions))))
        return found, False

    def _new(self, point: Point, found: list[int]) -> bool:
        """Whether a point is admissible and outside the cells found."""
        inside = self.space.contains(named(self.comparisons.symbols, point))
        return inside and not any(self.comparisons.holds(conditions, point) for conditions in found)

    def _enlarged(self, outside: Incremental, conditions: int) -> int:
        """The conditions without those that can go, the longest first: what remains has no point outside the region (proved)."""
        for literal in sorted(bits(conditions), key=lambda k: -len(str(self.comparisons.atoms[k >> 1]))):
            trial = conditions & ~(1 << literal)
            self.queries += 1
            if outside.check(self.decider.conditions(trial)) is False:
                conditions = trial
        return conditions


def _equilibrium(tree: OutcomeTree, play: int) -> Equilibrium:
    path = tree.path(play)
    strategies: dict[str, dict[str, dict[str, sp.Expr]]] = {player: {} for player in tree.game.players}
    number, end = tree.root, tree.game.node(*path)
    assert isinstance(end, Terminal)
    for depth, name in enumerate(path):
        vertex = tree.vertices[number]
        strategies[tree.game.players[vertex.mover]][show(path[:depth])] = {name: sp.Integer(1)}
        number = vertex.children[vertex.names.index(name)]
    return Equilibrium("subgame-perfect outcome", strategies, {player: end.payoffs[player] for player in tree.game.players}, path, "/".join(path))
