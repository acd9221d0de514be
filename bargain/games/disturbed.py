"""Games in which a mover bears a private cost of an action, known to her alone.

At a named information set the mover draws a cost, uniform on [low, high] and independent of all
else, and pays it if she takes the named action. The others see only a probability: with an expected
gain D from the action she takes it with chance min(1, max(0, (D - low)/(high - low))). The continuum
of cost types thus enters through one response per information set.
Source: Harsanyi (1973), International Journal of Game Theory 2:1-23.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from bargain.errors import InvalidModel
from bargain.expressions import exact
from bargain.games.game import Game
from bargain.games.information import information_sets
from bargain.games.nodes import History, Node
from bargain.notation import Notation


@dataclass(frozen=True)
class UniformCost:
    """A cost of `action`, uniform on [low, high] with low < high, drawn before the move and seen by the mover only."""

    action: str
    low: Any = 0
    high: Any = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "low", exact(self.low))
        object.__setattr__(self, "high", exact(self.high))
        if not (self.high - self.low).is_positive:
            raise InvalidModel(f"the costs [{self.low}, {self.high}] of {self.action!r} are no interval", place="private cost",
                               remedy="give numbers low < high, or divide the payoffs by the width")

    def expected(self, probability: sp.Expr) -> sp.Expr:
        """What the mover pays on average if she acts exactly at the lowest costs, with the given probability.

        >>> p = sp.Symbol("p")
        >>> UniformCost("attack").expected(p)
        p**2/2
        """
        return self.low * probability + (self.high - self.low) * probability**2 / 2


@dataclass(frozen=True)
class DisturbedGame:
    """A game, and the private costs by information set (or history of a node that is a set of its own).

    Payoffs of the tree are those before the cost. At most one action per information set is costly.

    >>> from bargain import decision, payoffs
    >>> game = Game("raid", ("A",), (), decision("A", raid=payoffs(A="2/3"), stay=payoffs(A=0)))
    >>> DisturbedGame(game, {"(start)": UniformCost("raid")}).players
    ('A',)
    """

    game: Game
    costs: Mapping[str, UniformCost]

    def __post_init__(self) -> None:
        known = {s.name: s for s in information_sets(self.game)}
        for name, cost in self.costs.items():
            if name not in known:
                raise InvalidModel(f"there is no information set {name!r}", place=f"game {self.game.title!r}", remedy="known: " + ", ".join(known))
            if cost.action not in known[name].actions or len(known[name].actions) < 2:
                raise InvalidModel(f"{cost.action!r} is not one of several actions there", place=f"information set {name!r}",
                                   remedy="actions: " + ", ".join(known[name].actions))

    @property
    def title(self) -> str:
        """The title of the game."""
        return self.game.title

    @property
    def players(self) -> tuple[str, ...]:
        """The players of the game."""
        return self.game.players

    @property
    def notation(self) -> Notation:
        """The notation of the game."""
        return self.game.notation

    @property
    def source(self) -> str:
        """The source of the game."""
        return self.game.source

    @property
    def count(self) -> dict[str, int]:
        """The size of the tree."""
        return self.game.count

    def nodes(self) -> Iterator[tuple[History, Node]]:
        """Every node of the tree with its history, parents first."""
        return self.game.nodes()

    def at(self, values: Mapping[Any, Any]) -> "DisturbedGame":
        """This game with parameters replaced by exact numbers."""
        return replace(self, game=self.game.at(values))


def played_out(problem: Any) -> tuple[Game, Mapping[str, UniformCost]]:
    """The tree of a problem and the private costs in it."""
    return (problem.game, problem.costs) if isinstance(problem, DisturbedGame) else (problem, {})
