"""Wars of attrition with private values, and by rounds.

Sources: Maynard Smith (1974), Journal of Theoretical Biology 47:209-221; Riley (1980), Journal of Theoretical Biology 82:385-400; Fudenberg and Tirole (1991), Game
Theory, chapters 4 and 6.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from bargain.errors import InvalidModel
from bargain.expressions import Evaluator, exact
from bargain.games.declared import declared, two_players
from bargain.notation import Notation


@dataclass(frozen=True)
class PrivateAttrition:
    """Two sides hold out at a cost per unit of time; who outlasts the other wins a prize whose worth, drawn independently, only he knows.

    worth: the symbol of the worth. distribution: the chance of a worth below it, an expression that rises from 0 at worth 0 to 1 at `top`. cost: of holding
    out, per unit of time, to either side; both pay until the first quits.

    >>> v = sp.Symbol("v", positive=True)
    >>> PrivateAttrition("Siege", ("A", "B"), v, v, top=1, cost=1).density
    1
    """

    title: str
    players: tuple[str, str]
    worth: sp.Symbol
    distribution: Any
    top: Any
    cost: Any
    notation: Notation = Notation()
    source: str = ""

    def __post_init__(self) -> None:
        place = f"war of attrition {self.title!r}"
        two_players(self, place)
        for name in ("distribution", "top", "cost"):
            object.__setattr__(self, name, exact(getattr(self, name)))
        if not self.worth.is_positive:
            raise InvalidModel(f"{self.worth} may be negative", place=place, remedy="declare the symbol of the worth positive=True")
        declared([self.distribution, self.top, self.cost], {*self.notation.symbols, self.worth}, place)
        for end, value in ((sp.Integer(0), 0), (self.top, 1)):
            if sp.simplify(self.distribution.subs(self.worth, end) - value) != 0:
                raise InvalidModel(f"the distribution is not {value} at {end}", place=place, remedy="it rises from 0 to 1")
        for name, value in (("top", self.top), ("cost", self.cost)):
            if value.is_number and not value > 0:
                raise InvalidModel(f"{name} is {value}", place=place, remedy="make it positive")

    @property
    def density(self) -> sp.Expr:
        """The density of the worth."""
        return sp.simplify(sp.diff(self.distribution, self.worth))

    def expressions(self) -> Iterator[sp.Expr]:
        """Every expression of the model, the worth put at its greatest value."""
        yield from (self.distribution.subs(self.worth, self.top), self.top, self.cost)

    def rules(self) -> Iterator[tuple[Any, ...]]:
        """The model as rows: rule, for whom, value."""
        yield (f"chance of a worth below {self.worth}", "either side", self.distribution)
        yield ("greatest worth", "either side", self.top)
        yield ("cost per unit of time", "either side", self.cost)

    @property
    def extent(self) -> str:
        """How large the model is, in words."""
        return "war of attrition with private values"

    def at(self, values: Mapping[Any, Any]) -> "PrivateAttrition":
        """This model with parameters replaced by exact numbers (checked against their domains)."""
        point = self.notation.values(values)
        put = Evaluator(point)
        return replace(self, distribution=self.distribution.xreplace(dict(point)), top=put(self.top), cost=put(self.cost), notation=self.notation.substitute(point))


@dataclass(frozen=True)
class AttritionByRounds:
    """In every round both sides choose to quit or to stay. Who stays alone wins the prize; if both stay each pays a cost and the next round starts.

    worth: of the prize. cost: of a round in which both stay. discount: a factor in (0, 1] for each side, or one for both. Who quits gets 0.

    >>> AttritionByRounds("Strike", ("A", "B"), {"A": 3, "B": 3}, {"A": 1, "B": 1}, 1).cost["A"]
    1
    """

    title: str
    players: tuple[str, str]
    worth: Mapping[str, Any]
    cost: Mapping[str, Any]
    discount: Any = 1
    notation: Notation = Notation()
    source: str = ""

    def __post_init__(self) -> None:
        place = f"war of attrition {self.title!r}"
        two_players(self, place)
        patience = self.discount if isinstance(self.discount, Mapping) else dict.fromkeys(self.players, self.discount)
        for name, given in (("worth", self.worth), ("cost", self.cost), ("discount", patience)):
            if set(given) != set(self.players):
                raise InvalidModel(f"{name} must name both players", place=place, remedy="players: " + ", ".join(self.players))
            object.__setattr__(self, name, {player: exact(given[player]) for player in self.players})
            for player, value in getattr(self, name).items():
                if value.is_number and (value <= 0 or name == "discount" and value > 1):
                    raise InvalidModel(f"the {name} of {player} is {value}", place=place, remedy="make it positive" + ", at most 1" * (name == "discount"))
        declared(list(self.expressions()), set(self.notation.symbols), place)

    def expressions(self) -> Iterator[sp.Expr]:
        """Every expression of the model."""
        for values in (self.worth, self.cost, self.discount):
            yield from values.values()

    def rules(self) -> Iterator[tuple[Any, ...]]:
        """The model as rows: rule, for whom, value."""
        for word, values in (("worth of the prize", self.worth), ("cost of a round in which both stay", self.cost), ("discount factor", self.discount)):
            yield from ((word, player, value) for player, value in values.items())

    @property
    def extent(self) -> str:
        """How large the model is, in words."""
        return "war of attrition by rounds"

    def at(self, values: Mapping[Any, Any]) -> "AttritionByRounds":
        """This model with parameters replaced by exact numbers (checked against their domains)."""
        point = self.notation.values(values)
        put = Evaluator(point)
        worth, cost, discount = ({p: put(e) for p, e in given.items()} for given in (self.worth, self.cost, self.discount))
        return replace(self, worth=worth, cost=cost, discount=discount, notation=self.notation.substitute(point))
