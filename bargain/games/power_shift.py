"""Bargaining while power shifts: one side makes all offers, the other accepts or fights, and nobody can commit.

Source: Fearon (1995), International Organization 49:379-414; Powell (2006), International Organization 60:169-203.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from bargain.errors import InvalidModel
from bargain.expressions import Evaluator, exact
from bargain.notation import Notation


@dataclass(frozen=True)
class PowerShift:
    """A flow pie of 1, divided anew at every date; war values change with time until `last` and stay as they are then.

    players: the proposer, then the responder. war: average value of a war begun at date `time`, for each player (an
    expression of `time`). last: the date at which the shift ends; a number of periods in discrete time. patience: discount
    factors in discrete time, rates with ``continuous=True``. most: the largest share that the responder can be given.
    burden: what peace costs the proposer per unit of time beside the share (a guarantee it dislikes, say).

    >>> t = sp.Symbol("t", real=True)
    >>> shift = PowerShift("Rise", ("A", "B"), t, {"A": "2/5 + 3*t/50", "B": "1/2 - 3*t/50"}, 1, "9/10")
    >>> shift.at_war("B", 1)
    11/25
    """

    title: str
    players: tuple[str, str]
    time: sp.Symbol
    war: Mapping[str, Any]
    last: Any
    patience: Any
    most: Any = 1
    burden: Any = 0
    continuous: bool = False
    notation: Notation = Notation()
    source: str = ""

    def __post_init__(self) -> None:
        place = f"power shift {self.title!r}"
        object.__setattr__(self, "players", tuple(self.players))
        if len(self.players) != 2 or len(set(self.players)) != 2:
            raise InvalidModel("needs a proposer and a responder", place=place, remedy="name two players")
        patience = self.patience if isinstance(self.patience, Mapping) else dict.fromkeys(self.players, self.patience)
        for name, given in (("war", self.war), ("patience", patience)):
            if set(given) != set(self.players):
                raise InvalidModel(f"{name} must name both players", place=place, remedy="players: " + ", ".join(self.players))
        symbols = {self.time.name: self.time, **{symbol.name: symbol for symbol in self.notation.symbols}}
        object.__setattr__(self, "war", {player: _read(self.war[player], symbols) for player in self.players})
        object.__setattr__(self, "patience", {player: exact(patience[player]) for player in self.players})
        for name in ("last", "most", "burden"):
            object.__setattr__(self, name, exact(getattr(self, name)))
        unknown = set().union(*(e.free_symbols for e in self.expressions())) - set(self.notation.symbols)
        if unknown:
            raise InvalidModel(f"symbol {sorted(map(str, unknown))[0]} is not in the notation", place=place, remedy="declare it as a Parameter")
        if not self.continuous and not (self.last.is_Integer and self.last >= 0):
            raise InvalidModel(f"the shift lasts {self.last} periods", place=place, remedy="give a whole number, or continuous=True")
        for player, value in self.patience.items():
            if value.is_number and not (value > 0 and (self.continuous or value < 1)):
                raise InvalidModel(f"the {'rate' if self.continuous else 'discount factor'} {value} of {player}", place=place, remedy="change it")

    def at_war(self, player: str, date: Any) -> sp.Expr:
        """The average value to a player of a war begun at a date."""
        return sp.expand(self.war[player].subs(self.time, date))

    def expressions(self) -> Iterator[sp.Expr]:
        """Every expression of the model, time put in."""
        yield from (self.war[player].subs(self.time, 0) for player in self.players)
        yield from (*self.patience.values(), self.last, self.most, self.burden)

    def at(self, values: Mapping[Any, Any]) -> "PowerShift":
        """This model with parameters replaced by exact numbers (checked against their domains)."""
        point = self.notation.values(values)
        put = Evaluator(point)
        return replace(self, war={p: e.subs(point) for p, e in self.war.items()}, patience={p: put(e) for p, e in self.patience.items()},
                       last=put(self.last), most=put(self.most), burden=put(self.burden), notation=self.notation.substitute(point))


def _read(value: Any, symbols: Mapping[str, sp.Symbol]) -> sp.Expr:
    from bargain.expressions import parse

    return parse(value, symbols) if isinstance(value, str) else exact(value)
