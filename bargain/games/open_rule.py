"""Three legislators under an open rule: a proposal may be amended before it comes to a vote.

Source: Baron and Ferejohn (1989), American Political Science Review 83:1181-1206, section on the open rule.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from bargain.errors import InvalidModel, NotApplicable
from bargain.expressions import Evaluator, exact
from bargain.notation import Notation


@dataclass(frozen=True)
class OpenRule:
    """Each of three members is recognised with the same chance and proposes a division of a pie of 1.

    Then one of the other two is recognised, with the same chance. She seconds the proposal, which is then voted on and passes if two agree, or
    amends it: her own proposal stands against it, and if it wins, which takes two votes, it is the proposal of the next round. Each amendment costs
    a period, discounted by `discount`.

    >>> OpenRule("Committee", ("A", "B", "C"), "9/10").discount
    9/10
    """

    title: str
    players: tuple[str, ...]
    discount: Any
    notation: Notation = Notation()
    source: str = ""

    def __post_init__(self) -> None:
        place = f"open rule {self.title!r}"
        object.__setattr__(self, "players", tuple(self.players))
        object.__setattr__(self, "discount", exact(self.discount))
        if len(set(self.players)) != len(self.players):
            raise InvalidModel("a member is named twice", place=place, remedy="list each member once")
        if len(self.players) != 3:
            raise NotApplicable(f"{len(self.players)} members", place=place, remedy="name three; with more, whom an amendment keeps is open")
        unknown = self.discount.free_symbols - set(self.notation.symbols)
        if unknown:
            raise InvalidModel(f"symbol {sorted(map(str, unknown))[0]} is not in the notation", place=place, remedy="declare it as a Parameter")
        if self.discount.is_number and not 0 < self.discount <= 1:
            raise InvalidModel(f"the discount factor is {self.discount}", place=place, remedy="choose it in (0, 1]")

    def expressions(self) -> Iterator[sp.Expr]:
        """Every expression of the model."""
        yield self.discount

    def rules(self) -> Iterator[tuple[Any, ...]]:
        """The model as rows: rule, for whom, value."""
        yield ("votes needed", "", 2)
        yield ("recognition probability", "each member", sp.Rational(1, 3))
        yield ("discount factor", "", self.discount)

    @property
    def extent(self) -> str:
        """How large the model is, in words."""
        return "open rule, three members"

    def at(self, values: Mapping[Any, Any]) -> "OpenRule":
        """This model with parameters replaced by exact numbers (checked against their domains)."""
        point = self.notation.values(values)
        return replace(self, discount=Evaluator(point)(self.discount), notation=self.notation.substitute(point))
