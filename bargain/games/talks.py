"""Talks during which one side may fight, and talks between sides that are optimistic about their bargaining power.

Sources: Fernandez and Glazer (1991), American Economic Review 81:240-252; Haller and Holden (1990), Journal of Economic Theory 51:232-236; Yildiz
(2003), Econometrica 71:793-811.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from bargain.errors import InvalidModel
from bargain.expressions import Evaluator, exact
from bargain.games.declared import two_players
from bargain.notation import Notation


@dataclass(frozen=True)
class ConflictDuringTalks:
    """Alternating offers over a flow of 1; in every period without agreement the first player, the challenger, chooses to fight or not.

    truce: the challenger's part of the flow while there is no agreement and no fighting, the other having the rest. fighting: what each gets of the
    flow in a period of fighting (nothing by default). discount: the common factor in (0, 1). The challenger makes the first offer.

    >>> ConflictDuringTalks("Strike", ("U", "F"), truce="1/5", discount="9/10").fighting["F"]
    0
    """

    title: str
    players: tuple[str, str]
    truce: Any
    discount: Any
    fighting: Mapping[str, Any] | None = None
    notation: Notation = Notation()
    source: str = ""

    def __post_init__(self) -> None:
        place = f"talks {self.title!r}"
        two_players(self, place)
        object.__setattr__(self, "truce", exact(self.truce))
        object.__setattr__(self, "discount", exact(self.discount))
        given = dict.fromkeys(self.players, 0) | dict(self.fighting or {})
        if set(given) != set(self.players):
            raise InvalidModel("fighting must name players", place=place, remedy="players: " + ", ".join(self.players))
        object.__setattr__(self, "fighting", {player: exact(given[player]) for player in self.players})
        _declared(self, place)
        if self.discount.is_number and not 0 < self.discount < 1:
            raise InvalidModel(f"the discount factor is {self.discount}", place=place, remedy="choose it in (0, 1)")
        if self.truce.is_number and not 0 <= self.truce <= 1:
            raise InvalidModel(f"the challenger's part of the flow in a truce is {self.truce}", place=place, remedy="the flow is 1")
        waste = sp.simplify(1 - sp.Add(*self.fighting.values()))  # type: ignore[union-attr]
        if waste.is_number and waste < 0:
            raise InvalidModel("fighting creates value", place=place, remedy="flows in a fight must add up to at most 1")

    def expressions(self) -> Iterator[sp.Expr]:
        """Every expression of the model."""
        assert self.fighting is not None
        yield from (self.truce, self.discount, *self.fighting.values())

    def rules(self) -> Iterator[tuple[Any, ...]]:
        """The model as rows: rule, for whom, value."""
        assert self.fighting is not None
        first, second = self.players
        yield from (("flow in a truce", first, self.truce), ("flow in a truce", second, 1 - self.truce))
        yield from (("flow in a fight", player, value) for player, value in self.fighting.items())
        yield ("discount factor", "", self.discount)
        yield ("chooses to fight", first, "")

    @property
    def extent(self) -> str:
        """How large the model is, in words."""
        return "alternating offers with conflict between them"

    def at(self, values: Mapping[Any, Any]) -> "ConflictDuringTalks":
        """This model with parameters replaced by exact numbers (checked against their domains)."""
        point = self.notation.values(values)
        put = Evaluator(point)
        assert self.fighting is not None
        return replace(self, truce=put(self.truce), discount=put(self.discount), fighting={p: put(e) for p, e in self.fighting.items()},
                       notation=self.notation.substitute(point))


@dataclass(frozen=True)
class OptimisticTalks:
    """Two players divide a pie of 1 before a deadline; at each date one is recognised to make an offer, and each has his own idea of the chances.

    beliefs: the chance that each gives himself of being recognised, at every date; they are known to both and need not add up to 1. dates: how often somebody is
    recognised. discount: the common factor in (0, 1]. No agreement pays 0.

    >>> OptimisticTalks("Deadline", ("A", "B"), {"A": "9/10", "B": "9/10"}, "1/2", dates=2).optimism
    4/5
    """

    title: str
    players: tuple[str, str]
    beliefs: Mapping[str, Any]
    discount: Any
    dates: int
    notation: Notation = Notation()
    source: str = ""

    def __post_init__(self) -> None:
        place = f"talks {self.title!r}"
        two_players(self, place)
        if set(self.beliefs) != set(self.players):
            raise InvalidModel("beliefs must name both players", place=place, remedy="players: " + ", ".join(self.players))
        object.__setattr__(self, "beliefs", {player: exact(self.beliefs[player]) for player in self.players})
        object.__setattr__(self, "discount", exact(self.discount))
        _declared(self, place)
        if not isinstance(self.dates, int) or self.dates < 1:
            raise InvalidModel(f"{self.dates} dates", place=place, remedy="give a positive whole number")
        for player, value in self.beliefs.items():
            if value.is_number and not 0 <= value <= 1:
                raise InvalidModel(f"{player} is recognised with chance {value}", place=place, remedy="give a probability")
        if self.discount.is_number and not 0 < self.discount <= 1:
            raise InvalidModel(f"the discount factor is {self.discount}", place=place, remedy="choose it in (0, 1]")

    @property
    def optimism(self) -> sp.Expr:
        """By how much the chances that the players give themselves exceed 1 together."""
        return sp.simplify(sp.Add(*self.beliefs.values()) - 1)

    def expressions(self) -> Iterator[sp.Expr]:
        """Every expression of the model."""
        yield from (*self.beliefs.values(), self.discount)

    def rules(self) -> Iterator[tuple[Any, ...]]:
        """The model as rows: rule, for whom, value."""
        yield from (("chance of recognition in his own eyes", player, value) for player, value in self.beliefs.items())
        yield ("discount factor", "", self.discount)
        yield ("dates", "", self.dates)

    @property
    def extent(self) -> str:
        """How large the model is, in words."""
        return f"talks of optimists, {self.dates} dates"

    def at(self, values: Mapping[Any, Any]) -> "OptimisticTalks":
        """This model with parameters replaced by exact numbers (checked against their domains)."""
        point = self.notation.values(values)
        put = Evaluator(point)
        return replace(self, beliefs={p: put(e) for p, e in self.beliefs.items()}, discount=put(self.discount), notation=self.notation.substitute(point))


def _declared(problem: Any, place: str) -> None:
    unknown = set().union(*(e.free_symbols for e in problem.expressions())) - set(problem.notation.symbols)
    if unknown:
        raise InvalidModel(f"symbol {sorted(map(str, unknown))[0]} is not in the notation", place=place, remedy="declare it as a Parameter")
