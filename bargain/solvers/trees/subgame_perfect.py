"""Subgame-perfect equilibria of a game tree, by regimes of its parameters.

Every node kind: decisions, chance, offers from an interval, simultaneous moves (all Nash
equilibria of the subgame), bargaining tables (its Rubinstein equilibrium) and information sets
of several nodes (all Nash equilibria of each stage, see `bargain.solvers.trees.stages`). Ties are kept:
all pure-strategy outcomes are found, each with one supporting profile.
Source: Selten (1965, 1975); backward induction over outcomes as in `bargain.solvers.trees.induction`.
"""

from dataclasses import dataclass
from typing import Any

from bargain.errors import BadInput, NotApplicable
from bargain.games.game import Game
from bargain.games.nodes import Offer
from bargain.regions import Region, Space, explore, merge_cells, strata
from bargain.solution import Component, Equilibrium, Regime, Solution, Status
from bargain.solvers.trees.induction import Induction
from bargain.solvers.trees.plays import Play, equilibrium
from bargain.solvers.trees.stages import stages

_SMALL = 12  # decision nodes up to which a symbolic tree is split case by case
_FREE = 8  # free parameters up to which a larger tree is searched without an estimate first


@dataclass(frozen=True)
class SubgamePerfect:
    """All subgame-perfect equilibrium outcomes in pure strategies (mixed only inside simultaneous moves and information sets).

    exact: also solve on the boundaries between regimes, as regimes of their own. By default
    they are for games with offers (where attainment of a supremum decides ties); elsewhere
    boundaries are collected in `Solution.boundary`. limit: largest number of cases explored. time_limit: seconds of
    processor time after which a discovery (see below) ends with what it has found, "not proved complete".
    Symbolic trees with more than 12 decisions are solved by outcome (`bargain.solvers.regimes.discovery`):
    regimes are unions of cells, strategies are given on the path, outcomes that pay every player
    the same count as one. With information sets of several nodes a player may mix anywhere in such a subgame;
    a continuum at the root is a `Component`. Where a continuum in a smaller subgame, a tie or a third player may add
    equilibria that are not mixtures of those listed, the status says that the list is not proved complete.

    >>> import bargain as bg
    >>> from bargain.models.classics import deterrence
    >>> solution = bg.solve(deterrence.game, bg.SubgamePerfect())
    >>> [regime.equilibria[0].outcome for regime in solution.regimes]
    ['SQ', 'CD', 'SQ', 'W']
    """

    exact: bool | None = None
    limit: int = 20_000
    time_limit: float | None = None

    def __post_init__(self) -> None:
        if self.time_limit is not None and not self.time_limit > 0:
            raise BadInput(f"time limit {self.time_limit} is not a positive number of seconds", place="SubgamePerfect", remedy="give seconds, or None")

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "subgame-perfect equilibrium"

    def accepts(self, problem: Any) -> None:
        """Refuse what is not a tree, imperfect recall, and offers or tables among nodes that an information set connects."""
        if not isinstance(problem, Game):
            raise NotApplicable(f"needs a game tree, not a {type(problem).__name__}", place="SubgamePerfect", remedy="use Nash() for a matrix")
        stages(problem, "subgame perfection")

    def _large(self, problem: Game) -> bool:
        """Whether regimes are found by discovery: a symbolic tree of decisions and chance moves too large to split case by case."""
        count = problem.count
        return bool(problem.notation.symbols and self.exact is not True and count["decisions"] > _SMALL
                    and count["nodes"] == count["ends"] + count["decisions"] + count["chance"])

    def _discovered(self, problem: Game) -> Solution:
        from bargain.solvers.regimes.discovery import discover

        return discover(problem, self, limit=self.limit, free=_FREE, seconds=self.time_limit)

    def run(self, problem: Game) -> Solution:
        """Explore the cases of backward induction and merge those with the same equilibria; discover those of a large tree."""
        linked = stages(problem, self.concept)
        if not linked and self._large(problem):
            return self._discovered(problem)
        space = Space(problem.notation)
        exact = self.exact if self.exact is not None else any(isinstance(node, Offer) for _, node in problem.nodes())
        partial = False

        def algorithm(oracle: Any) -> tuple[Any, ...]:
            nonlocal partial
            induction = Induction(problem.players, oracle, linked)
            found = _grouped(induction.plays(problem.root), induction, self.concept)
            partial |= induction.partial
            return found

        leaves, skipped = explore(space, algorithm, boundaries=exact, limit=self.limit)
        regimes = regimes_of(space, leaves, closed=exact)
        status = Status.INCOMPLETE if partial else Status.PROVED if problem.notation.symbols else Status.CERTIFIED
        return Solution(problem, self, status, regimes, boundary=Region(strata(space, skipped)),
                        stats={"cases": len(leaves), "queries": space.queries, "exact": exact, **({"stages": len(linked)} if linked else {})})


def _grouped(plays: list[Play], induction: Induction, concept: str) -> tuple[Equilibrium | Component, ...]:
    """The plays as equilibria; continua of the stage at the root as components."""
    made = {id(play): equilibrium(play, induction.players, concept) for play in plays}
    if not induction.families:
        return tuple(made.values())
    found: list[Equilibrium | Component] = []
    for family, subsets in induction.families:
        kept = [k for k, play in enumerate(family) if id(play) in made]
        vertices = tuple(made[id(family[k])] for k in kept)
        inside = dict.fromkeys(tuple(kept.index(k) for k in subset if k in kept) for subset in subsets)
        mixing = tuple(subset for subset in inside if len(subset) > 1 and not any(set(subset) < set(other) for other in inside))
        found += [Component(vertices, mixing)] if mixing else vertices
    return tuple(found)


def regimes_of(space: Space, leaves: list[tuple[Any, tuple[Any, ...]]], *, closed: bool) -> tuple[Regime, ...]:
    """Leaves with equal equilibria merged into regimes, in the order they were found."""
    keys = [repr(equilibria) for _, equilibria in leaves]
    numbers = {key: index for index, key in enumerate(dict.fromkeys(keys))}
    merged = merge_cells(space, leaves, same=[numbers[key] for key in keys], closed=closed)
    by_class = {numbers[key]: equilibria for key, (_, equilibria) in zip(keys, leaves, strict=True)}
    return tuple(Regime(Region((cell,)), by_class[kind]) for cell, kind in merged)
