"""Unanimity among n players who propose in rotation, with or without the right to leave with an accepted share.

Sources: Osborne and Rubinstein (1990), Bargaining and Markets, 3.13; Krishna and Serrano (1996), Review of Economic Studies 63:61-80.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from bargain.errors import InvalidModel
from bargain.expressions import Evaluator, exact
from bargain.notation import Notation


@dataclass(frozen=True)
class Unanimity:
    """A pie of 1 is divided when all accept; proposers rotate in the order of `players`.

    exit: whoever accepts leaves with the share, and those who refused go on with the proposer about the rest, the one who refused
    proposing next. Without it, and with three or more players, patience makes every division an equilibrium outcome; only
    stationary equilibria single one out.

    >>> Unanimity("Three", ("A", "B", "C"), dict.fromkeys("ABC", "9/10")).discount["B"]
    9/10
    """

    title: str
    players: tuple[str, ...]
    discount: Mapping[str, Any]
    exit: bool = False
    notation: Notation = Notation()
    source: str = ""

    def __post_init__(self) -> None:
        place = f"unanimity {self.title!r}"
        if len(self.players) < 2 or len(set(self.players)) != len(self.players):
            raise InvalidModel("needs at least two different players", place=place, remedy="name them in the order in which they propose")
        if set(self.discount) != set(self.players):
            raise InvalidModel("discount must name every player", place=place, remedy="players: " + ", ".join(self.players))
        object.__setattr__(self, "discount", {player: exact(self.discount[player]) for player in self.players})
        if any(value.is_number and not 0 <= value < 1 for value in self.discount.values()):
            raise InvalidModel("a discount factor is outside [0, 1)", place=place, remedy="with no last period factors must be below 1")
        unknown = set().union(*(e.free_symbols for e in self.expressions())) - set(self.notation.symbols)
        if unknown:
            raise InvalidModel(f"symbol {sorted(map(str, unknown))[0]} is not in the notation", place=place, remedy="declare it as a Parameter")

    def expressions(self) -> Iterator[sp.Expr]:
        """Every expression of the model."""
        yield from self.discount.values()

    def at(self, values: Mapping[Any, Any]) -> "Unanimity":
        """This model with parameters replaced by exact numbers (checked against their domains)."""
        point = self.notation.values(values)
        put = Evaluator(point)
        return replace(self, discount={player: put(value) for player, value in self.discount.items()}, notation=self.notation.substitute(point))
