"""A crisis with audience costs: a challenge, an answer, and the choice between war and backing down in public.

Sources: Fearon (1994), American Political Science Review 88:577-592; Schultz (2001), International Organization 55:33-60.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from bargain.errors import InvalidModel
from bargain.expressions import Evaluator, exact
from bargain.games.costly_war import Costs
from bargain.notation import Notation


@dataclass(frozen=True)
class AudienceCosts:
    """The first player may challenge the second, who concedes or resists; then the first, if resisted, fights or backs down.

    Status quo: the first gets 0, the second `stake`. A concession pays the first `prize`, the second 0. Backing down costs the first `audience` and
    leaves the second `stake`. War pays the second `war`, and the first what only it knows: `values` is the distribution (a `Costs`, whose numbers may be
    negative).

    >>> crisis = AudienceCosts("Crisis", ("A", "B"), Costs.uniform("-3/2", "1/2"), audience="1/2", war="-1/2")
    >>> crisis.war
    -1/2
    """

    title: str
    players: tuple[str, str]
    values: Costs
    audience: Any
    war: Any
    prize: Any = 1
    stake: Any = 1
    notation: Notation = Notation()
    source: str = ""

    def __post_init__(self) -> None:
        place = f"crisis {self.title!r}"
        object.__setattr__(self, "players", tuple(self.players))
        if len(self.players) != 2 or len(set(self.players)) != 2:
            raise InvalidModel("needs two players", place=place, remedy="name the challenger and the other side")
        for name in ("audience", "war", "prize", "stake"):
            object.__setattr__(self, name, exact(getattr(self, name)))
            value = getattr(self, name)
            if name != "war" and value.is_number and not value > 0:
                raise InvalidModel(f"the {name} is {value}", place=place, remedy="make it positive")
        if self.war.is_number and self.stake.is_number and self.war > self.stake:
            raise InvalidModel(f"{self.players[1]} likes war ({self.war}) better than the status quo ({self.stake})", place=place, remedy="war must not pay")
        unknown = set().union(*(e.free_symbols for e in self.expressions())) - set(self.notation.symbols)
        if unknown:
            raise InvalidModel(f"symbol {sorted(map(str, unknown))[0]} is not in the notation", place=place, remedy="declare it as a Parameter")

    def expressions(self) -> Iterator[sp.Expr]:
        """Every expression of the model."""
        yield from (self.audience, self.war, self.prize, self.stake)
        yield from (value for pair in self.values.atoms.items() for value in pair)
        for low, high, density in self.values.pieces:
            yield from (low, high, density.subs(self.values.cost, low))

    def rules(self) -> Iterator[tuple[Any, ...]]:
        """The model as rows: rule, for whom, value."""
        first, second = self.players
        yield ("cost of backing down", first, self.audience)
        yield ("worth of a concession", first, self.prize)
        yield from ((f"chance of a war worth {value}", first, chance) for value, chance in self.values.atoms.items())
        yield from ((f"density of the worth of war from {low} to {high}", first, density) for low, high, density in self.values.pieces)
        yield ("worth of the status quo", second, self.stake)
        yield ("worth of war", second, self.war)

    @property
    def extent(self) -> str:
        """How large the model is, in words."""
        return "crisis with audience costs"

    def at(self, values: Mapping[Any, Any]) -> "AudienceCosts":
        """This model with parameters replaced by exact numbers (checked against their domains)."""
        point = self.notation.values(values)
        put = Evaluator(point)
        numbers = {name: put(getattr(self, name)) for name in ("audience", "war", "prize", "stake")}
        return replace(self, values=self.values.at(put, point), notation=self.notation.substitute(point), **numbers)
