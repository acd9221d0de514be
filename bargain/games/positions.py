"""Actors with positions on a line, capabilities and saliences: the static block of the expected utility model.

An actor's votes for x against y are capability times salience times the difference of its utilities, linear in distance over the range of positions. Position x
beats y with the chance (votes for x) / (votes for either). The rounds of offers of the full model are procedural and are not part of this.

Sources: Bueno de Mesquita (1994), in Bueno de Mesquita and Stokman (eds.), European Community Decision Making; Scholz, Calbert and Smith (2011), Journal of
Theoretical Politics 23:510-531 (their code divides by the votes over all pairs, another convention); Black (1948), Journal of Political Economy 56:23-34.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from bargain.errors import BadInput, InvalidModel
from bargain.expressions import exact
from bargain.notation import Notation


@dataclass(frozen=True)
class Actor:
    """A position on the line, a capability (positive) and a salience in (0, 1]."""

    position: Any
    capability: Any
    salience: Any


@dataclass(frozen=True)
class Positions:
    """What actors want on one issue, and how much they can and care to do about it; numbers only.

    >>> issue = Positions("Emissions", {"A": Actor(0, 2, 1), "B": Actor(10, 1, "1/2"), "C": Actor(4, 1, 1)})
    >>> issue.beats(0, 10), issue.beats(4, 0)
    (22/27, 3/7)
    """

    title: str
    actors: Mapping[str, Actor]
    source: str = ""
    notation: Notation = Notation()

    def __post_init__(self) -> None:
        place = f"positions {self.title!r}"
        read = {name: Actor(*(exact(value) for value in (a.position, a.capability, a.salience))) for name, a in self.actors.items()}
        object.__setattr__(self, "actors", read)
        if len({actor.position for actor in read.values()}) < 2:
            raise InvalidModel("all actors hold one position, so that there is nothing to decide", place=place, remedy="give at least two positions")
        for name, actor in read.items():
            if any(not value.is_Rational for value in (actor.position, actor.capability, actor.salience)):
                raise InvalidModel(f"{name} has a position, capability or salience that is not a rational number", place=place, remedy="give numbers")
            if actor.capability <= 0 or not 0 < actor.salience <= 1:
                raise InvalidModel(f"the capability of {name} is not positive, or its salience not in (0, 1]", place=place, remedy="saliences are shares")

    @property
    def players(self) -> tuple[str, ...]:
        """The actors."""
        return tuple(self.actors)

    @property
    def positions(self) -> tuple[sp.Expr, ...]:
        """The different positions, from left to right."""
        return tuple(sorted({actor.position for actor in self.actors.values()}))

    @property
    def width(self) -> sp.Expr:
        """The range of positions, by which distances are divided."""
        return self.positions[-1] - self.positions[0]

    def weight(self, name: str) -> sp.Expr:
        """An actor's capability times its salience."""
        return self.actors[name].capability * self.actors[name].salience

    def votes(self, x: Any, y: Any) -> dict[str, sp.Expr]:
        """Every actor's votes for x against y, negative if it prefers y."""
        one, other = exact(x), exact(y)
        return {name: self.weight(name) * (abs(actor.position - other) - abs(actor.position - one)) / self.width for name, actor in self.actors.items()}

    def beats(self, x: Any, y: Any) -> sp.Expr:
        """The chance that x beats y; one half where nobody votes."""
        votes = self.votes(x, y).values()
        total = sum(map(abs, votes), sp.Integer(0))
        return sp.Rational(1, 2) if total == 0 else sum((v for v in votes if v > 0), sp.Integer(0)) / total

    def challenge(self, challenger: str, target: str, *, risk: Any = 1) -> sp.Expr:
        """The challenger's expected gain from challenging the target's position, over leaving the status quo as it is.

        The target resists with the chance of its salience. risk: the exponent r of the utilities 2 - 4 (1/2 -+ |distance| / (2 range))^r.
        """
        for name in (challenger, target):
            if name not in self.actors:
                raise BadInput(f"no actor {name!r}", place=f"positions {self.title!r}", remedy="actors: " + ", ".join(self.actors))
        mine, theirs = self.actors[challenger].position, self.actors[target].position
        half, part, exponent = sp.Rational(1, 2), abs(mine - theirs) / self.width / 2, exact(risk)
        won, lost, kept = (2 - 4 * base**exponent for base in (half - part, half + part, half))
        chance, resists = self.beats(mine, theirs), self.actors[target].salience
        return resists * (chance * won + (1 - chance) * lost) + (1 - resists) * won - kept

    def at(self, values: Mapping[Any, Any]) -> "Positions":
        """The same: there are no parameters."""
        self.notation.values(values)
        return self

    def rules(self) -> Iterator[tuple[Any, ...]]:
        """The data as rows: what, for whom, value."""
        for what in ("position", "capability", "salience"):
            yield from ((what, name, getattr(actor, what)) for name, actor in self.actors.items())

    @property
    def extent(self) -> str:
        """How large the model is, in words."""
        return f"{len(self.actors)} actors, {len(self.positions)} positions"
