"""Stochastic games: play moves between states, with chances that depend on what is done there.

In discrete time a stage lasts one period and `moves` are probabilities; in continuous time actions
are kept until the state changes and `moves` are hazards. Payoffs are flows, values are discounted averages, so that a
flow of 1 for ever is worth 1. Source: Shapley (1953), Proceedings of the National Academy of Sciences 39:1095-1100.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

import sympy as sp

from bargain.errors import InvalidModel
from bargain.expressions import Evaluator, exact
from bargain.notation import Notation

Profile = tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """What a profile of actions brings: flow payoffs by player, and where play moves.

    moves: probability (discrete time) or hazard (continuous time) of each other state; what is left over stays.
    """

    payoffs: Mapping[str, Any]
    moves: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Stage:
    """A state: the actions of its movers (one profile of no actions if nobody moves) and the result of every profile."""

    actions: Mapping[str, tuple[str, ...]]
    results: Mapping[Profile, Result]

    @classmethod
    def fixed(cls, payoffs: Mapping[str, Any], moves: Mapping[str, Any] | None = None) -> "Stage":
        """A state in which nobody moves (absorbing without `moves`)."""
        return cls({}, {(): Result(payoffs, moves or {})})


@dataclass(frozen=True)
class StochasticGame:
    """States with their stages, the players' patience, and the state in which play starts.

    patience: a discount factor in (0, 1) for each player (or one for all) in discrete time; with ``continuous=True``
    a positive discount rate.

    >>> peace = Stage({"A": ("keep", "break")}, {("keep",): Result({"A": 0}, {"war": "1/10"}), ("break",): Result({"A": "1/5"}, {"war": "1/2"})})
    >>> game = StochasticGame("Ceasefire", ("A",), {"peace": peace, "war": Stage.fixed({"A": -1})}, "9/10", start="peace")
    >>> game.states["peace"].results["break",].moves
    {'war': 1/2}
    """

    title: str
    players: tuple[str, ...]
    states: Mapping[str, Stage]
    patience: Any
    start: str
    continuous: bool = False
    notation: Notation = Notation()
    source: str = ""

    def __post_init__(self) -> None:
        place = f"stochastic game {self.title!r}"
        object.__setattr__(self, "players", tuple(self.players))
        patience = self.patience if isinstance(self.patience, Mapping) else dict.fromkeys(self.players, self.patience)
        if set(patience) != set(self.players) or not self.players:
            raise InvalidModel("patience must name every player", place=place, remedy="players: " + ", ".join(self.players))
        object.__setattr__(self, "patience", {player: exact(patience[player]) for player in self.players})
        if self.start not in self.states:
            raise InvalidModel(f"there is no state {self.start!r} to start in", place=place, remedy="states: " + ", ".join(self.states))
        object.__setattr__(self, "states", {name: self._stage(name, stage, f"{place}, state {name!r}") for name, stage in self.states.items()})
        unknown = set().union(*(e.free_symbols for e in self.expressions())) - set(self.notation.symbols)
        if unknown:
            raise InvalidModel(f"symbol {sorted(map(str, unknown))[0]} is not in the notation", place=place, remedy="declare it as a Parameter")
        for player, value in self.patience.items():
            if value.is_number and not (value > 0 and (self.continuous or value < 1)):
                rule = "a discount rate must be positive" if self.continuous else "a discount factor must lie in (0, 1)"
                raise InvalidModel(f"{rule}, not {value}", place=f"{place}, patience of {player}", remedy="change it")

    def _stage(self, name: str, stage: Stage, place: str) -> Stage:
        actions = {player: tuple(given) for player, given in stage.actions.items()}
        for player, given in actions.items():
            if player not in self.players or not given or len(set(given)) != len(given):
                raise InvalidModel(f"the mover {player!r} needs distinct actions and must be a player", place=place, remedy="players: " + ", ".join(self.players))
        wanted = set(product(*actions.values()))
        if set(stage.results) != wanted:
            odd = sorted(wanted ^ set(stage.results))[0]
            raise InvalidModel(f"every profile needs one result: check {odd}", place=place, remedy="profiles list actions in the order of the movers")
        return Stage(actions, {profile: self._result(result, f"{place}, profile {profile}") for profile, result in stage.results.items()})

    def _result(self, result: Result, place: str) -> Result:
        if set(result.payoffs) != set(self.players):
            raise InvalidModel("payoffs must name every player exactly", place=place, remedy="players: " + ", ".join(self.players))
        wrong = set(result.moves) - set(self.states)
        if wrong:
            raise InvalidModel(f"play moves to the unknown state {min(wrong)!r}", place=place, remedy="states: " + ", ".join(self.states))
        moves = {state: exact(chance) for state, chance in result.moves.items()}
        total = sp.expand(sum(moves.values(), sp.Integer(0)))
        if any(chance.is_negative for chance in moves.values()) or (not self.continuous and total.is_number and total > 1):
            raise InvalidModel("a chance is negative, or the chances of moving exceed 1", place=place, remedy="what is left over stays in the state")
        return Result({player: exact(result.payoffs[player]) for player in self.players}, moves)

    def expressions(self) -> Iterator[sp.Expr]:
        """Every expression of the game."""
        yield from self.patience.values()
        for stage in self.states.values():
            for result in stage.results.values():
                yield from (*result.payoffs.values(), *result.moves.values())

    def at(self, values: Mapping[Any, Any]) -> "StochasticGame":
        """This game with parameters replaced by exact numbers (checked against their domains)."""
        point = self.notation.values(values)
        put = Evaluator(point)

        def fixed(result: Result) -> Result:
            return Result({p: put(e) for p, e in result.payoffs.items()}, {s: put(e) for s, e in result.moves.items()})

        states = {name: Stage(stage.actions, {profile: fixed(result) for profile, result in stage.results.items()}) for name, stage in self.states.items()}
        return replace(self, states=states, patience={p: put(e) for p, e in self.patience.items()}, notation=self.notation.substitute(point))
