"""Two sides with private information, before any protocol is chosen: what every mechanism must respect.

Each side knows its type. Without agreement the sides get `conflict[t1, t2]`; an agreement is worth `agreement[t1, t2]` to them and moves a
transfer from the second to the first, between the two bounds per agreement, or any transfer if there are none. By the revelation principle an
equilibrium of any protocol is an honest mechanism: a chance of agreement and an expected transfer for every pair of reports.

Sources: Myerson and Satterthwaite (1983), Journal of Economic Theory 29:265-281; Fey and Ramsay (2011), American Journal of Political Science 55:149-169;
Hörner, Morelli and Squintani (2015), Review of Economic Studies 82:1483-1501. Linear equilibria: Chatterjee and Samuelson (1983), Operations Research 31:835-851.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import sympy as sp

from bargain.errors import InvalidModel
from bargain.expressions import exact
from bargain.notation import Notation

Pair = tuple[str, str]


@dataclass(frozen=True)
class PrivateInformation:
    """Types of two sides with their probabilities (independent), what conflict and agreement pay for every pair, and the bounds of the transfer.

    >>> dispute = PrivateInformation.war("Dispute", ("A", "B"), {"weak": "1/2", "strong": "1/2"}, {"weak": "1/2", "strong": "1/2"},
    ...                                  lambda a, b: ("2/5" if a == "strong" else "1/5", "2/5" if b == "strong" else "1/5"))
    >>> dispute.conflict["weak", "strong"]
    (1/5, 2/5)
    """

    title: str
    players: tuple[str, str]
    types: Mapping[str, Mapping[str, Any]]
    conflict: Mapping[Pair, tuple[Any, Any]]
    agreement: Mapping[Pair, tuple[Any, Any]]
    transfer: tuple[Any, Any] | None = (0, 1)
    source: str = ""
    notation: Notation = Notation()

    def __post_init__(self) -> None:
        place = f"private information {self.title!r}"
        if len(self.players) != 2 or set(self.types) != set(self.players):
            raise InvalidModel("needs two players with types for both", place=place, remedy="give types for each player")
        object.__setattr__(self, "types", {player: {name: exact(chance) for name, chance in self.types[player].items()} for player in self.players})
        for player, chances in self.types.items():
            if sum(chances.values()) != 1 or any(not chance.is_Rational or chance <= 0 for chance in chances.values()):
                raise InvalidModel(f"the type probabilities of {player} are not positive numbers that sum to 1", place=place, remedy="complete them")
        for what in ("conflict", "agreement"):
            given = getattr(self, what)
            if set(given) != set(self.pairs):
                raise InvalidModel(f"{what} must name every pair of types", place=place, remedy=f"{len(self.pairs)} pairs are needed")
            read = {pair: tuple(exact(value) for value in given[pair]) for pair in self.pairs}
            if any(not value.is_Rational for values in read.values() for value in values):
                raise InvalidModel(f"{what} has a payoff that is not a rational number", place=place, remedy="give numbers")
            object.__setattr__(self, what, read)
        if self.transfer is not None:
            object.__setattr__(self, "transfer", (exact(self.transfer[0]), exact(self.transfer[1])))

    @classmethod
    def war(cls, title: str, players: tuple[str, str], first: Mapping[str, Any], second: Mapping[str, Any], payoffs: Any, source: str = "") -> "PrivateInformation":
        """A pie of 1 that a settlement divides; payoffs: a function of both types that returns what war pays."""
        pairs = list(product(first, second))
        return cls(title, players, dict(zip(players, (first, second), strict=True)), {pair: payoffs(*pair) for pair in pairs}, dict.fromkeys(pairs, (0, 1)),
                   (0, 1), source)

    @classmethod
    def trade(cls, title: str, costs: Mapping[Any, Any], values: Mapping[Any, Any], source: str = "") -> "PrivateInformation":
        """A seller's cost and a buyer's value, with their probabilities; any price."""
        first, second = ({str(exact(key)): chance for key, chance in given.items()} for given in (costs, values))
        pairs = list(product(first, second))
        return cls(title, ("seller", "buyer"), {"seller": first, "buyer": second}, dict.fromkeys(pairs, (0, 0)),
                   {(cost, value): (-exact(cost), exact(value)) for cost, value in pairs}, None, source)

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """Every pair of types."""
        first, second = self.players
        return tuple(product(self.types[first], self.types[second]))

    def chance(self, pair: Pair) -> sp.Expr:
        """The probability of a pair of types."""
        return self.types[self.players[0]][pair[0]] * self.types[self.players[1]][pair[1]]

    def at(self, values: Mapping[Any, Any]) -> "PrivateInformation":
        """The same: there are no parameters."""
        self.notation.values(values)
        return self

    def rules(self) -> Iterator[tuple[Any, ...]]:
        """The data as rows: what, for whom, value."""
        for player in self.players:
            yield from ((f"probability of {name}", player, chance) for name, chance in self.types[player].items())
        for i, player in enumerate(self.players):
            yield from ((f"conflict of {a} and {b}", player, values[i]) for (a, b), values in self.conflict.items())

    @property
    def extent(self) -> str:
        """How large the problem is, in words."""
        return " and ".join(f"{len(self.types[player])} types of {player}" for player in self.players)


@dataclass(frozen=True)
class DoubleAuction:
    """A buyer and a seller with values and costs uniform on [0, 1] bid at once; if the buyer bids more they trade at a price between the bids.

    split: the part k of the price k b + (1 - k) s that the buyer's bid decides, in [0, 1].

    >>> DoubleAuction("Talks").split
    1/2
    """

    title: str
    split: Any = "1/2"
    source: str = ""
    notation: Notation = Notation()

    def __post_init__(self) -> None:
        object.__setattr__(self, "split", exact(self.split))
        if not self.split.is_Rational or not 0 <= self.split <= 1:
            raise InvalidModel(f"{self.split} is not a number in [0, 1]", place=f"double auction {self.title!r}", remedy="give the buyer's part of the price")

    @property
    def players(self) -> tuple[str, str]:
        """Buyer and seller."""
        return ("buyer", "seller")

    def at(self, values: Mapping[Any, Any]) -> "DoubleAuction":
        """The same: there are no parameters."""
        self.notation.values(values)
        return self

    def rules(self) -> Iterator[tuple[Any, ...]]:
        """The data as rows: what, for whom, value."""
        yield from (("value", "buyer", "uniform on [0, 1]"), ("cost", "seller", "uniform on [0, 1]"), ("part of the price", "buyer", self.split))

    @property
    def extent(self) -> str:
        """How large the problem is, in words."""
        return f"double auction, k = {self.split}"
