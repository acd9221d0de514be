"""Which outcomes are possible: for every play of a tree, whether it is subgame perfect somewhere in the prior box.

    draws -> plays reached, each checked exactly at its draw
    the others -> is "z is subgame perfect" satisfiable in the box? products of parameters as variables of their own
    (a refutation is a proof), then as they are

A verdict is "possible" with an exactly verified witness, "impossible" with a proof, or not decided.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import sympy as sp

from bargain.errors import TooLarge
from bargain.games.game import Game
from bargain.notation import Domain, Notation, Parameter
from bargain.regions import Space
from bargain.solvers.regimes.comparisons import Comparisons
from bargain.solvers.regimes.decider import Decider
from bargain.solvers.regimes.enlarge import Finder, listable
from bargain.solvers.regimes.levels import Point, named
from bargain.solvers.regimes.outcomes import OutcomeTree
from bargain.solvers.regimes.reasons import AtPoint
from bargain.solvers.regimes.samples import Samples


@dataclass(frozen=True)
class PossibleOutcome:
    """One play and the verdict on it.

    possible: True with a `witness` (exact parameter values at which it is a subgame-perfect outcome), False (proved), None (not decided).
    ties_only: whether it is proved to be an equilibrium only where payoffs tie (a set of measure zero).
    """

    path: tuple[str, ...]
    possible: bool | None
    witness: Mapping[sp.Symbol, sp.Rational] | None = None
    ties_only: bool = False

    @property
    def outcome(self) -> str:
        """The path as text."""
        return "/".join(self.path)


@dataclass(frozen=True)
class PossibleOutcomes:
    """The verdicts on every play of a tree over a box of parameters, with how they were reached.

    box: the range of each free parameter. stats: number of draws, of outcomes found by drawing, of questions to the decider.
    """

    problem: Game
    verdicts: tuple[PossibleOutcome, ...]
    stats: Mapping[str, Any] = field(default_factory=dict)

    @property
    def box(self) -> dict[sp.Symbol, tuple[sp.Expr, sp.Expr]]:
        """The range of each free parameter."""
        return {p.symbol: (p.domain.low, p.domain.high) for p in self.problem.notation}

    @property
    def possible(self) -> tuple[str, ...]:
        """Outcomes that are subgame perfect at some point of the box."""
        return tuple(verdict.outcome for verdict in self.verdicts if verdict.possible)

    @property
    def impossible(self) -> tuple[str, ...]:
        """Outcomes proved to be subgame perfect nowhere in the box."""
        return tuple(verdict.outcome for verdict in self.verdicts if verdict.possible is False)

    @property
    def undecided(self) -> tuple[str, ...]:
        """Outcomes that were not decided."""
        return tuple(verdict.outcome for verdict in self.verdicts if verdict.possible is None)


def possible_outcomes(game: Game, *, draws: int = 100_000, time_limit: float = 5.0, free: Iterable[str | sp.Symbol] | None = None) -> PossibleOutcomes:
    """Which plays of a finite perfect-information tree (chance moves allowed) are subgame perfect somewhere in the prior box.

    Parameters with a prior range vary over it (within their domain and the joint assumptions); those without one keep their baseline, or vary
    over their domain if they have none. free: only these vary, the others keep their baseline. draws: random points tried first. time_limit:
    seconds for each question to the decider. Ties count: an outcome that is one of several equilibrium outcomes is possible;
    `ties_only` tells those that need a coincidence.

    >>> from bargain.models.classics import deterrence
    >>> found = possible_outcomes(deterrence.game, free=["w_C"], draws=1000)
    >>> found.possible
    ('hold', 'challenge/resist/press')
    >>> found.impossible, found.undecided
    (('challenge/concede', 'challenge/resist/back_down'), ())
    """
    boxed = _boxed(game, None if free is None else {game.notation[name].symbol for name in free})
    comparisons = Comparisons(boxed.notation)
    tree = OutcomeTree(boxed, comparisons)
    if not listable(tree, whole=True):
        raise TooLarge(f"{tree.plays} plays", place=f"game {game.title!r}", remedy="ask about a subgame")
    witnesses = _drawn(tree, boxed.notation, draws)
    drawn = len(witnesses)
    search = _Directed(tree, Space(boxed.notation), time_limit)
    verdicts = [PossibleOutcome(tree.path(play), True, named(comparisons.symbols, witnesses[play])) if play in witnesses else search.verdict(play)
                for play in range(tree.plays)]
    return PossibleOutcomes(boxed, tuple(verdicts), {"draws": draws, "drawn": drawn, "queries": search.queries})


def _boxed(game: Game, free: set[sp.Symbol] | None) -> Game:
    """The game with every parameter that varies confined to its prior range, and the others at their baseline."""
    fixed = {p.symbol: p.baseline for p in game.notation if p.baseline is not None and (p.prior is None if free is None else p.symbol not in free)}
    left = game.at(fixed)
    rows = tuple(replace(p, domain=_confined(p), baseline=None) for p in left.notation)
    return replace(left, notation=Notation(rows, left.notation.assumptions))


def _confined(parameter: Parameter) -> Domain:
    domain = parameter.domain
    if parameter.prior is None:
        return domain
    low, high = parameter.prior
    return Domain(max(low, domain.low), min(high, domain.high), domain.low_open and domain.low >= low, domain.high_open and domain.high <= high)


def _drawn(tree: OutcomeTree, notation: Notation, draws: int) -> dict[int, Point]:
    """A point, verified exactly, for every play that is reached at some draw."""
    samples = Samples(tree, notation, draws, wide=False)
    found: dict[int, Point] = {}
    for play, first in zip(*np.unique(samples.play, return_index=True), strict=True):
        if play not in found:
            point = samples.exact(int(first))
            if tree.comparisons.admissible(point):
                found.update((other, point) for other in AtPoint(tree, point).outcomes if other not in found)
    return found


class _Directed:
    """Looks for a point at which one play is subgame perfect, or proves that there is none."""

    def __init__(self, tree: OutcomeTree, space: Space, seconds: float) -> None:
        self.tree = tree
        timeout = max(1, int(1000 * seconds))
        self._lifted, self._whole, self._strict = (
            Finder(tree, Decider(space, tree.comparisons, lifted=lifted), timeout, strict=strict)
            for lifted, strict in ((True, False), (False, False), (True, True)))

    @property
    def queries(self) -> int:
        """The number of questions asked."""
        return sum(finder.solver.queries for finder in (self._lifted, self._whole, self._strict))

    def verdict(self, play: int) -> PossibleOutcome:
        """Possible with a witness, impossible, or not decided."""
        path = self.tree.path(play)
        answer = self._lifted.possible(play)
        if answer is False:
            return PossibleOutcome(path, False)
        point = self._verified(play, self._lifted) if answer else None
        if point is None:
            answer = self._whole.possible(play)
            if answer is False:
                return PossibleOutcome(path, False)
            point = self._verified(play, self._whole) if answer else None
        if point is None:
            return PossibleOutcome(path, None)
        return PossibleOutcome(path, True, named(self.tree.comparisons.symbols, point), ties_only=self._strict.possible(play) is False)

    def _verified(self, play: int, finder: Finder) -> Point | None:
        """The point of the last model, if the play is really subgame perfect there."""
        point = finder.solver.point()
        if point is None or not self.tree.comparisons.admissible(point) or play not in AtPoint(self.tree, point).outcomes:
            return None
        return point
