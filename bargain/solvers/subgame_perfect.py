"""Subgame-perfect equilibria of a game tree, by regimes of its parameters.

Every node kind: decisions, chance, offers from an interval, simultaneous moves (all Nash
equilibria of the subgame) and bargaining tables (its Rubinstein equilibrium). Ties are kept:
all pure-strategy outcomes are found, each with one supporting profile.
Source: Selten (1965, 1975); backward induction over outcomes as in `bargain.solvers.induction`.
"""

from dataclasses import dataclass
from typing import Any

from bargain.errors import NotApplicable, TooLarge
from bargain.games.game import Game
from bargain.games.nodes import Decision, Offer, show
from bargain.regions import Region, Space, explore, merge_cells, strata
from bargain.solution import Regime, Solution, Status
from bargain.solvers.induction import Induction
from bargain.solvers.plays import equilibrium

_SMALL = 12  # decision nodes up to which a symbolic tree is split case by case
_FREE = 8  # free parameters up to which a larger tree is searched


@dataclass(frozen=True)
class SubgamePerfect:
    """All subgame-perfect equilibrium outcomes in pure strategies (mixed only inside simultaneous moves).

    exact: also solve on the boundaries between regimes, as regimes of their own. By default
    they are for games with offers (where attainment of a supremum decides ties); elsewhere
    boundaries are collected in `Solution.boundary`. limit: largest number of cases explored.
    Symbolic trees with more than 12 decisions are solved by outcome (`bargain.solvers.discovery`):
    regimes are unions of cells, strategies are given on the path, outcomes that pay every player
    the same count as one.

    >>> import bargain as bg
    >>> from bargain.models.classics import deterrence
    >>> solution = bg.solve(deterrence.game, bg.SubgamePerfect())
    >>> [regime.equilibria[0].outcome for regime in solution.regimes]
    ['SQ', 'CD', 'SQ', 'W']
    """

    exact: bool | None = None
    limit: int = 20_000

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "subgame-perfect equilibrium"

    def accepts(self, problem: Any) -> None:
        """Refuse what is not a tree, and imperfect information."""
        if not isinstance(problem, Game):
            raise NotApplicable(f"needs a game tree, not a {type(problem).__name__}", place="SubgamePerfect", remedy="use Nash() for a matrix")
        seen: set[str] = set()
        for history, node in problem.nodes():
            if isinstance(node, Decision) and node.information_set:
                if node.information_set in seen:
                    raise NotApplicable(f"information set {node.information_set!r} holds several nodes", place=f"node {show(history)}",
                                        remedy="backward induction needs perfect information or Simultaneous nodes")
                seen.add(node.information_set)

    def _large(self, problem: Game) -> bool:
        """Whether regimes are found by discovery: a symbolic tree of decisions and chance moves too large to split case by case."""
        count = problem.count
        return bool(problem.notation.symbols and self.exact is not True and count["decisions"] > _SMALL
                    and count["nodes"] == count["ends"] + count["decisions"] + count["chance"])

    def _discovered(self, problem: Game) -> Solution:
        from bargain.solvers.discovery import discover

        free = len(problem.notation.symbols)
        if free > _FREE:
            raise TooLarge(f"{free} free parameters on a tree of {problem.count['nodes']} nodes", place=f"game {problem.title!r}",
                           remedy=f"leave at most {_FREE} free (free=[...]) and fix the others")
        return discover(problem, self, limit=self.limit)

    def run(self, problem: Game) -> Solution:
        """Explore the cases of backward induction and merge those with the same equilibria; discover those of a large tree."""
        if self._large(problem):
            return self._discovered(problem)
        space = Space(problem.notation)
        exact = self.exact if self.exact is not None else any(isinstance(node, Offer) for _, node in problem.nodes())
        leaves, skipped = explore(space, lambda oracle: _solve(problem, oracle, self.concept), boundaries=exact, limit=self.limit)
        regimes = regimes_of(space, leaves, closed=exact)
        status = Status.PROVED if problem.notation.symbols else Status.CERTIFIED
        return Solution(problem, self, status, regimes, boundary=Region(strata(space, skipped)),
                        stats={"cases": len(leaves), "queries": space.queries, "exact": exact})


def _solve(game: Game, oracle: Any, concept: str) -> tuple[Any, ...]:
    plays = Induction(game.players, oracle).plays(game.root)
    return tuple(equilibrium(play, game.players, concept) for play in plays)


def regimes_of(space: Space, leaves: list[tuple[Any, tuple[Any, ...]]], *, closed: bool) -> tuple[Regime, ...]:
    """Leaves with equal equilibria merged into regimes, in the order they were found."""
    keys = [repr(equilibria) for _, equilibria in leaves]
    numbers = {key: index for index, key in enumerate(dict.fromkeys(keys))}
    merged = merge_cells(space, leaves, same=[numbers[key] for key in keys], closed=closed)
    by_class = {numbers[key]: equilibria for key, (_, equilibria) in zip(keys, leaves, strict=True)}
    return tuple(Regime(Region((cell,)), by_class[kind]) for cell, kind in merged)
