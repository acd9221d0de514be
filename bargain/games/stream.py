"""Dividing a flow in the shadow of war, whatever the rules of bargaining: can peace enforce itself?

Source: Powell (2004), "The Inefficient Use of Power: Costly Conflict with Complete Information", American Political Science Review 98:231-241; (2006),
"War as a Commitment Problem", International Organization 60:169-203.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from bargain.errors import InvalidModel
from bargain.expressions import Evaluator, exact
from bargain.notation import Notation


@dataclass(frozen=True)
class FlowUnderThreat:
    """Two sides divide a flow of 1 in every period; either can go to war at any date, which fixes both payoffs for good.

    war: for each date from 0 on, what war begun then is worth to each (a present value at that date); the last entry holds for ever after. discount: a
    factor in (0, 1). How a division is agreed is left open: any division that gives neither side less than war at any date will do.

    >>> FlowUnderThreat("Rise", ("A", "B"), [{"A": 2, "B": 6}, {"A": 6, "B": 2}], "9/10").total
    10
    """

    title: str
    players: tuple[str, str]
    war: Sequence[Mapping[str, Any]]
    discount: Any
    notation: Notation = Notation()
    source: str = ""

    def __post_init__(self) -> None:
        place = f"flow {self.title!r}"
        object.__setattr__(self, "players", tuple(self.players))
        if len(self.players) != 2 or len(set(self.players)) != 2:
            raise InvalidModel("needs two players", place=place, remedy="name two")
        object.__setattr__(self, "discount", exact(self.discount))
        if not self.war or any(set(values) != set(self.players) for values in self.war):
            raise InvalidModel("war must give both sides a value at one date or more", place=place, remedy="players: " + ", ".join(self.players))
        object.__setattr__(self, "war", tuple({player: exact(values[player]) for player in self.players} for values in self.war))
        unknown = set().union(*(e.free_symbols for e in self.expressions())) - set(self.notation.symbols)
        if unknown:
            raise InvalidModel(f"symbol {sorted(map(str, unknown))[0]} is not in the notation", place=place, remedy="declare it as a Parameter")
        if self.discount.is_number and not 0 < self.discount < 1:
            raise InvalidModel(f"the discount factor is {self.discount}", place=place, remedy="choose it in (0, 1)")
        for date, values in enumerate(self.war):
            gain = sp.simplify(sp.Add(*values.values()) - self.total)
            if gain.is_number and gain > 0:
                raise InvalidModel(f"war at date {date} is worth more than the flow for ever", place=place, remedy="war must not create value")

    @classmethod
    def shifting(cls, title: str, players: tuple[str, str], power: Sequence[Any], costs: Mapping[str, Any], discount: Any,
                 notation: Notation = Notation(), source: str = "") -> "FlowUnderThreat":
        """War gives the whole flow for ever to the winner, less a lump sum for each side; power: the first side's chance of winning, by date.

        >>> FlowUnderThreat.shifting("Rise", ("A", "B"), ["3/10", "7/10"], {"A": 1, "B": 1}, "9/10").war[1]["A"]
        6
        """
        first, second = players
        whole = 1 / (1 - exact(discount))
        war = [{first: exact(p) * whole - exact(costs[first]), second: (1 - exact(p)) * whole - exact(costs[second])} for p in power]
        return cls(title, players, war, discount, notation, source)

    @property
    def total(self) -> sp.Expr:
        """The value of the flow for ever."""
        return sp.factor(1 / (1 - self.discount))

    def expressions(self) -> Iterator[sp.Expr]:
        """Every expression of the model."""
        yield self.discount
        for values in self.war:
            yield from values.values()

    def rules(self) -> Iterator[tuple[Any, ...]]:
        """The model as rows: rule, for whom, value."""
        for date, values in enumerate(self.war):
            since = f"value of war at date {date}" + (" and later" if date == len(self.war) - 1 else "")
            yield from ((since, player, value) for player, value in values.items())
        yield ("discount factor", "", self.discount)

    @property
    def extent(self) -> str:
        """How large the model is, in words."""
        return f"division of a flow, {len(self.war)} dates of changing power"

    def at(self, values: Mapping[Any, Any]) -> "FlowUnderThreat":
        """This model with parameters replaced by exact numbers (checked against their domains)."""
        point = self.notation.values(values)
        put = Evaluator(point)
        return replace(self, war=tuple({p: put(e) for p, e in each.items()} for each in self.war), discount=put(self.discount),
                       notation=self.notation.substitute(point))
