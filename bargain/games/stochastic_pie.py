"""Bargaining while the world moves: a pie that changes with the state, and a war fought battle by battle.

Sources: Merlo and Wilson (1995), Econometrica 63:371-399; Smith and Stam (2004), Journal of Conflict Resolution 48:783-813.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from bargain.errors import InvalidModel
from bargain.expressions import Evaluator, exact
from bargain.notation import Notation

Moves = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class StochasticPie:
    """In each period the state names the pie and who proposes to divide it; all must agree, or the state moves and time is discounted.

    pie: state -> what can be divided. proposer: state -> player. moves: state -> next state -> probability. The first state of `pie` is where
    bargaining begins.

    >>> pie = StochasticPie("Wait", ("A", "B"), {"low": 1, "high": 2}, {"low": "A", "high": "B"}, {"low": {"high": 1}, "high": {"low": 1}}, "9/10")
    >>> pie.discount["A"]
    9/10
    """

    title: str
    players: tuple[str, ...]
    pie: Mapping[str, Any]
    proposer: Mapping[str, str]
    moves: Moves
    discount: Any
    notation: Notation = Notation()
    source: str = ""

    def __post_init__(self) -> None:
        place = f"stochastic pie {self.title!r}"
        object.__setattr__(self, "players", tuple(self.players))
        if len(self.players) < 2 or len(set(self.players)) != len(self.players):
            raise InvalidModel("needs at least two different players", place=place, remedy="name them")
        if set(self.proposer) != set(self.pie) or not set(self.proposer.values()) <= set(self.players):
            raise InvalidModel("proposer must name a player for every state", place=place, remedy="states: " + ", ".join(self.pie))
        given = self.discount if isinstance(self.discount, Mapping) else dict.fromkeys(self.players, self.discount)
        if set(given) != set(self.players):
            raise InvalidModel("discount must name every player", place=place, remedy="players: " + ", ".join(self.players))
        object.__setattr__(self, "discount", {player: exact(given[player]) for player in self.players})
        object.__setattr__(self, "pie", {state: exact(value) for state, value in self.pie.items()})
        object.__setattr__(self, "moves", _chances(self.moves, set(self.pie), set(self.pie), place))
        _declared(self, place)
        if any(value.is_number and not 0 <= value < 1 for value in self.discount.values()):
            raise InvalidModel("a discount factor is outside [0, 1)", place=place, remedy="with no last period factors must be below 1")
        if any(value.is_number and value < 0 for value in self.pie.values()):
            raise InvalidModel("a pie is negative", place=place, remedy="the sides can leave it undivided: state 0")

    def expressions(self) -> Iterator[sp.Expr]:
        """Every expression of the model."""
        yield from (*self.pie.values(), *self.discount.values())
        yield from (chance for row in self.moves.values() for chance in row.values())

    def rules(self) -> Iterator[tuple[Any, ...]]:
        """The model as rows: rule, for whom, value."""
        yield from ((f"pie in state {state}", f"{self.proposer[state]} proposes", value) for state, value in self.pie.items())
        yield from ((f"from {state} to {after}", "", chance) for state, row in self.moves.items() for after, chance in row.items())
        yield from (("discount factor", player, value) for player, value in self.discount.items())

    @property
    def extent(self) -> str:
        """How large the model is, in words."""
        return f"stochastic pie, {len(self.pie)} states"

    def at(self, values: Mapping[Any, Any]) -> "StochasticPie":
        """This model with parameters replaced by exact numbers (checked against their domains)."""
        point = self.notation.values(values)
        put = Evaluator(point)
        return replace(self, pie={s: put(v) for s, v in self.pie.items()}, discount={p: put(v) for p, v in self.discount.items()},
                       moves=_put(self.moves, put), notation=self.notation.substitute(point))


@dataclass(frozen=True)
class BattlefieldWar:
    """A war as a chain of battles that ends when one side collapses; each battle costs both sides.

    moves: state -> next state -> probability of a battle leading there. ends: state -> the first player's share when the war ends in
    it. costs: what a battle costs each player. The pie is 1 and is not discounted.

    >>> BattlefieldWar.forts("War", ("A", "B"), 5, "3/5", {"A": "1/50", "B": "3/100"}).moves["2 forts"]
    {'3 forts': 3/5, '1 fort': 2/5}
    """

    title: str
    players: tuple[str, str]
    moves: Moves
    ends: Mapping[str, Any]
    costs: Mapping[str, Any]
    notation: Notation = Notation()
    source: str = ""

    def __post_init__(self) -> None:
        place = f"battlefield {self.title!r}"
        object.__setattr__(self, "players", tuple(self.players))
        if len(self.players) != 2 or set(self.costs) != set(self.players):
            raise InvalidModel("needs two players, each with a cost", place=place, remedy="name two")
        if not self.ends or set(self.ends) & set(self.moves):
            raise InvalidModel("a state is an end or has moves, and there must be ends", place=place, remedy="list each state once")
        object.__setattr__(self, "ends", {state: exact(value) for state, value in self.ends.items()})
        object.__setattr__(self, "costs", {player: exact(self.costs[player]) for player in self.players})
        object.__setattr__(self, "moves", _chances(self.moves, set(self.moves), {*self.moves, *self.ends}, place))
        _declared(self, place)
        reached = set(self.ends)
        while more := {s for s, row in self.moves.items() if s not in reached and any(after in reached and chance != 0 for after, chance in row.items())}:
            reached |= more
        if reached != {*self.moves, *self.ends}:
            raise InvalidModel("the war never ends from some state", place=place, remedy="let every state lead to an end")

    @classmethod
    def forts(cls, title: str, players: tuple[str, str], forts: int, chance: Any, costs: Mapping[str, Any], notation: Notation = Notation(),
              source: str = "") -> "BattlefieldWar":
        """A war over a number of forts, one battle for each in turn, won by the first player with the same chance; all or none ends it."""
        chance = exact(chance)
        name = [f"{k} fort{'s' * (k != 1)}" for k in range(forts + 1)]
        moves = {name[k]: {name[k + 1]: chance, name[k - 1]: 1 - chance} for k in range(1, forts)}
        return cls(title, players, moves, {name[0]: 0, name[forts]: 1}, costs, notation, source)

    def expressions(self) -> Iterator[sp.Expr]:
        """Every expression of the model."""
        yield from (*self.ends.values(), *self.costs.values())
        yield from (chance for row in self.moves.values() for chance in row.values())

    def rules(self) -> Iterator[tuple[Any, ...]]:
        """The model as rows: rule, for whom, value."""
        yield from ((f"from {state} to {after}", "", chance) for state, row in self.moves.items() for after, chance in row.items())
        yield from ((f"share at {state}", self.players[0], value) for state, value in self.ends.items())
        yield from (("cost of a battle", player, value) for player, value in self.costs.items())

    @property
    def extent(self) -> str:
        """How large the model is, in words."""
        return f"war of battles, {len(self.moves)} states"

    def at(self, values: Mapping[Any, Any]) -> "BattlefieldWar":
        """This model with parameters replaced by exact numbers (checked against their domains)."""
        point = self.notation.values(values)
        put = Evaluator(point)
        return replace(self, moves=_put(self.moves, put), ends={s: put(v) for s, v in self.ends.items()}, costs={p: put(v) for p, v in self.costs.items()},
                       notation=self.notation.substitute(point))


def _chances(moves: Moves, states: set[str], targets: set[str], place: str) -> dict[str, dict[str, sp.Expr]]:
    if set(moves) != states:
        raise InvalidModel("moves must be given from every state", place=place, remedy="states: " + ", ".join(sorted(states)))
    found = {state: {after: exact(chance) for after, chance in row.items()} for state, row in moves.items()}
    for state, row in found.items():
        if not set(row) <= targets:
            raise InvalidModel(f"{state} moves to an unknown state", place=place, remedy="states: " + ", ".join(sorted(targets)))
        if sp.simplify(sp.Add(*row.values()) - 1) != 0:
            raise InvalidModel(f"the probabilities from {state} add up to {sp.Add(*row.values())}", place=place, remedy="make them add up to 1")
        if any(chance.is_number and chance < 0 for chance in row.values()):
            raise InvalidModel(f"a probability from {state} is negative", place=place, remedy="change it")
    return found


def _put(moves: Moves, put: Evaluator) -> dict[str, dict[str, sp.Expr]]:
    return {state: {after: put(chance) for after, chance in row.items()} for state, row in moves.items()}


def _declared(problem: Any, place: str) -> None:
    unknown = set().union(*(e.free_symbols for e in problem.expressions())) - set(problem.notation.symbols)
    if unknown:
        raise InvalidModel(f"symbol {sorted(map(str, unknown))[0]} is not in the notation", place=place, remedy="declare it as a Parameter")
