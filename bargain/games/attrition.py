"""Wars of attrition: two sides wait for each other to concede.

Sources: Hendricks, Weiss and Wilson (1988), International Economic Review 29:663-680; Fearon (1994), American Political Science Review
88:577-592; Abreu and Gul (2000), Econometrica 68:85-117.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from bargain.errors import InvalidModel
from bargain.expressions import Evaluator, exact
from bargain.notation import Notation


@dataclass(frozen=True)
class WarOfAttrition:
    """Two sides choose when to concede; the first concession ends the game.

    win: a side's payoff, at time 0 valued, when the other concedes at `time` (an expression of `time`). concede: when it concedes itself at `time`.
    holdout: the chance that a side is of a type that prefers never to concede once the clock stands at `time` (0: every type
    concedes at some time; a constant: obstinate types, as in reputational bargaining; rising: types whose alternative to concession becomes
    relatively better, as when audience costs mount).

    >>> t = sp.Symbol("t", nonnegative=True)
    >>> WarOfAttrition("Siege", ("A", "B"), t, {"A": 4 - t, "B": 2 - t}, {"A": -t, "B": -t}).holdout["A"]
    0
    """

    title: str
    players: tuple[str, str]
    time: sp.Symbol
    win: Mapping[str, Any]
    concede: Mapping[str, Any]
    holdout: Mapping[str, Any] | None = None
    notation: Notation = Notation()
    source: str = ""

    def __post_init__(self) -> None:
        place = f"war of attrition {self.title!r}"
        object.__setattr__(self, "players", tuple(self.players))
        if len(self.players) != 2 or len(set(self.players)) != 2:
            raise InvalidModel("needs two players", place=place, remedy="name two")
        if self.holdout is None:
            object.__setattr__(self, "holdout", dict.fromkeys(self.players, 0))
        if not self.time.is_nonnegative:
            raise InvalidModel(f"{self.time} may be negative", place=place, remedy="declare the symbol of time nonnegative=True")
        for name in ("win", "concede", "holdout"):
            given = getattr(self, name)
            if set(given) != set(self.players):
                raise InvalidModel(f"{name} must name both players", place=place, remedy="players: " + ", ".join(self.players))
            object.__setattr__(self, name, {player: exact(given[player]) for player in self.players})
            unknown = set().union(*(e.free_symbols for e in getattr(self, name).values())) - {*self.notation.symbols, self.time}
            if unknown:
                raise InvalidModel(f"symbol {sorted(map(str, unknown))[0]} is not in the notation", place=place, remedy="declare it as a Parameter")
        for player in self.players:
            prize = self.win[player].subs(self.time, 0) - self.concede[player].subs(self.time, 0)
            if prize.is_number and prize <= 0:
                raise InvalidModel(f"{player} gains nothing from a concession", place=place, remedy="win must exceed concede")
            start = self.obstinate(player).subs(self.time, 0)
            if start.is_number and not 0 <= start < 1:
                raise InvalidModel(f"the chance {start} that {player} never concedes is outside [0, 1)", place=place, remedy="change holdout")

    @classmethod
    def reputational(cls, title: str, players: tuple[str, str], demands: Mapping[str, Any], rates: Mapping[str, Any], obstinate: Mapping[str, Any],
                     notation: Notation = Notation(), source: str = "") -> "WarOfAttrition":
        """Bargaining over a pie of 1 between sides that may be committed to their demands: to concede is to take what the other leaves.

        >>> WarOfAttrition.reputational("R", ("A", "B"), {"A": "3/5", "B": "3/5"}, {"A": 1, "B": 1}, {"A": "1/10", "B": "1/5"}).concede["A"]
        2*exp(-t)/5
        """
        t = sp.Symbol("t", nonnegative=True)
        other = dict(zip(players, reversed(players), strict=True))
        decay = {player: sp.exp(-exact(rates[player]) * t) for player in players}
        return cls(title, players, t, {p: decay[p] * exact(demands[p]) for p in players}, {p: decay[p] * (1 - exact(demands[other[p]])) for p in players},
                   obstinate, notation, source)

    def obstinate(self, player: str) -> sp.Expr:
        """The chance that a player never concedes, by the time at which the clock stands."""
        assert self.holdout is not None
        return sp.sympify(self.holdout[player], strict=True)

    def other(self, player: str) -> str:
        """The opponent."""
        return self.players[1 - self.players.index(player)]

    def expressions(self) -> Iterator[sp.Expr]:
        """Every expression of the model, at time 0."""
        assert self.holdout is not None
        for values in (self.win, self.concede, self.holdout):
            yield from (value.subs(self.time, 0) for value in values.values())

    def rules(self) -> Iterator[tuple[Any, ...]]:
        """The model as rows: rule, for whom, value."""
        assert self.holdout is not None
        yield from ((f"payoff if the other concedes at {self.time}", player, value) for player, value in self.win.items())
        yield from ((f"payoff from conceding at {self.time}", player, value) for player, value in self.concede.items())
        yield from ((f"chance of holding out from {self.time} on", player, value) for player, value in self.holdout.items())

    @property
    def extent(self) -> str:
        """How large the model is, in words."""
        return "war of attrition"

    def at(self, values: Mapping[Any, Any]) -> "WarOfAttrition":
        """This model with parameters replaced by exact numbers (checked against their domains)."""
        point = self.notation.values(values)
        put = Evaluator(point)
        assert self.holdout is not None
        win, concede, holdout = ({p: put(e) if e.free_symbols <= set(point) else e.xreplace(dict(point)) for p, e in given.items()}
                                 for given in (self.win, self.concede, self.holdout))
        return replace(self, win=win, concede=concede, holdout=holdout, notation=self.notation.substitute(point))
