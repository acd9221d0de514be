"""Dividing a pie in the shadow of a costly war, with known and with privately known costs.

Sources: Fearon (1995), International Organization 49:379-414; Powell (1999), In the Shadow of Power, chapter 3.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sympy as sp

from bargain.errors import InvalidModel
from bargain.expressions import Evaluator, exact
from bargain.games.declared import declared, two_players
from bargain.notation import Notation


@dataclass(frozen=True)
class CostlyWar:
    """Two sides divide a pie of 1 or fight a war of known value to each.

    share: the symbol of the first player's share. utilities: what a share is worth, an expression of `share` for each player, rising
    for the first and falling for the second. war: the value of war. shares: the possible shares, if the pie cannot be divided freely.

    >>> x = sp.Symbol("x", real=True)
    >>> CostlyWar("Border", ("A", "B"), x, {"A": x, "B": 1 - x}, {"A": "1/2", "B": "1/5"}).war["B"]
    1/5
    """

    title: str
    players: tuple[str, str]
    share: sp.Symbol
    utilities: Mapping[str, Any]
    war: Mapping[str, Any]
    shares: tuple[Any, ...] = ()
    notation: Notation = Notation()
    source: str = ""

    def __post_init__(self) -> None:
        place = f"costly war {self.title!r}"
        two_players(self, place)
        for name in ("utilities", "war"):
            if set(getattr(self, name)) != set(self.players):
                raise InvalidModel(f"{name} must name both players", place=place, remedy="players: " + ", ".join(self.players))
            object.__setattr__(self, name, {player: exact(getattr(self, name)[player]) for player in self.players})
        object.__setattr__(self, "shares", tuple(exact(value) for value in self.shares))
        if any(not value.is_number or not 0 <= value <= 1 for value in self.shares):
            raise InvalidModel("a possible share is not a number in [0, 1]", place=place, remedy="the pie is 1")
        known = {*self.notation.symbols, self.share}
        declared([*self.utilities.values(), *self.war.values()], known, place)
        first, second = (self.utilities[player] for player in self.players)
        for value, sign, word in ((first, 1, "rise"), (second, -1, "fall")):
            rise = sp.simplify(value.subs(self.share, 1) - value.subs(self.share, 0))
            if rise.is_number and sign * rise <= 0:
                raise InvalidModel(f"the utility {value} does not {word} in {self.share}", place=place, remedy="it is the first player's share")

    def expressions(self) -> Iterator[sp.Expr]:
        """Every expression of the model, the share put at 0 and 1."""
        yield from (utility.subs(self.share, end) for utility in self.utilities.values() for end in (0, 1))
        yield from self.war.values()

    def rules(self) -> Iterator[tuple[Any, ...]]:
        """The model as rows: rule, for whom, value."""
        yield from (("utility", player, value) for player, value in self.utilities.items())
        yield from (("value of war", player, value) for player, value in self.war.items())
        yield from (("possible share", self.players[0], value) for value in self.shares)

    @property
    def extent(self) -> str:
        """How large the model is, in words."""
        return f"costly war, {len(self.shares)} possible divisions" if self.shares else "costly war"

    def at(self, values: Mapping[Any, Any]) -> "CostlyWar":
        """This model with parameters replaced by exact numbers (checked against their domains)."""
        point = self.notation.values(values)
        put = Evaluator(point)
        return replace(self, utilities={p: e.xreplace(point) for p, e in self.utilities.items()}, war={p: put(e) for p, e in self.war.items()},
                       notation=self.notation.substitute(point))


@dataclass(frozen=True)
class Costs:
    """A distribution of a cost: atoms (cost -> probability) and pieces (low, high, density) of polynomial density in `cost`.

    >>> Costs.uniform(0, "3/10").pieces[0][2]
    10/3
    """

    cost: sp.Symbol = sp.Symbol("c", real=True)
    atoms: Mapping[Any, Any] = field(default_factory=dict)
    pieces: tuple[tuple[Any, Any, Any], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "atoms", {exact(cost): exact(chance) for cost, chance in self.atoms.items()})
        object.__setattr__(self, "pieces", tuple((exact(low), exact(high), exact(density)) for low, high, density in self.pieces))
        if any(not density.is_polynomial(self.cost) for _, _, density in self.pieces):
            raise InvalidModel("a density is not a polynomial of the cost", place="costs", remedy="use pieces of polynomial density")
        total = sp.simplify(sp.Add(*self.atoms.values(), *(self.mass(piece) for piece in self.pieces)))
        if total != 1:
            raise InvalidModel(f"the probabilities add up to {total}", place="costs", remedy="make them add up to 1")
        if any(chance.is_number and chance < 0 for chance in self.atoms.values()) or any((high - low).is_number and high <= low for low, high, _ in self.pieces):
            raise InvalidModel("a probability is negative or a piece has no length", place="costs", remedy="give low < high")

    @classmethod
    def uniform(cls, low: Any, high: Any) -> "Costs":
        """A cost uniform on [low, high]."""
        low, high = exact(low), exact(high)
        return cls(pieces=((low, high, 1 / (high - low)),))

    @classmethod
    def of(cls, cdf: Any, cost: sp.Symbol, low: Any, high: Any) -> "Costs":
        """The costs with this distribution function on [low, high); jumps at the ends are atoms there.

        >>> c = sp.Symbol("c", real=True)
        >>> Costs.of(c**2 / 2, c, 0, 1).atoms
        {1: 1/2}
        """
        cdf, low, high = exact(cdf), exact(low), exact(high)
        ends = {low: cdf.subs(cost, low), high: 1 - cdf.subs(cost, high)}
        return cls(cost, {end: mass for end, mass in ends.items() if sp.simplify(mass) != 0}, ((low, high, sp.diff(cdf, cost)),))

    def mass(self, piece: tuple[sp.Expr, sp.Expr, sp.Expr], low: sp.Expr | None = None, high: sp.Expr | None = None, weight: Any = 1) -> sp.Expr:
        """The integral of weight times density over a piece, or over its part from `low` to `high`."""
        start, end, density = piece
        return sp.integrate(density * weight, (self.cost, start if low is None else low, end if high is None else high))

    def breaks(self) -> tuple[sp.Expr, ...]:
        """Where the distribution function jumps or bends."""
        return tuple(dict.fromkeys([*self.atoms, *(end for low, high, _ in self.pieces for end in (low, high))]))

    def at(self, put: Evaluator, point: Mapping[sp.Symbol, sp.Expr]) -> "Costs":
        """These costs with parameters replaced by numbers; atoms that come to coincide are added."""
        atoms: dict[sp.Expr, sp.Expr] = {}
        for cost, chance in self.atoms.items():
            atoms[put(cost)] = atoms.get(put(cost), sp.Integer(0)) + put(chance)
        return Costs(self.cost, atoms, tuple((put(low), put(high), density.xreplace(dict(point))) for low, high, density in self.pieces))


@dataclass(frozen=True)
class UncertainWar:
    """The first player demands a share of a pie of 1; the second accepts, or fights at a cost that only she knows.

    chance: the first player's chance of winning the pie in war. cost: what war costs the first player. costs: the distribution of
    what it costs the second. Who is indifferent accepts.

    >>> UncertainWar("Crisis", ("A", "B"), "1/2", "1/10", Costs.uniform(0, "3/10")).cost
    1/10
    """

    title: str
    players: tuple[str, str]
    chance: Any
    cost: Any
    costs: Costs
    notation: Notation = Notation()
    source: str = ""

    def __post_init__(self) -> None:
        place = f"uncertain war {self.title!r}"
        two_players(self, place)
        for name in ("chance", "cost"):
            object.__setattr__(self, name, exact(getattr(self, name)))
        declared(list(self.expressions()), set(self.notation.symbols), place)
        if self.chance.is_number and not 0 <= self.chance <= 1:
            raise InvalidModel(f"the chance of winning is {self.chance}", place=place, remedy="give a probability")
        if self.cost.is_number and self.cost < 0:
            raise InvalidModel(f"the cost {self.cost} of {self.players[0]} is negative", place=place, remedy="war must not be a pleasure to the side that demands")

    def expressions(self) -> Iterator[sp.Expr]:
        """Every expression of the model."""
        yield from (self.chance, self.cost)
        yield from (value for pair in self.costs.atoms.items() for value in pair)
        for low, high, density in self.costs.pieces:
            yield from (low, high, density.subs(self.costs.cost, low))

    def rules(self) -> Iterator[tuple[Any, ...]]:
        """The model as rows: rule, for whom, value."""
        demander, other = self.players
        yield ("chance of winning", demander, self.chance)
        yield ("cost of war", demander, self.cost)
        yield from ((f"chance of a cost of {cost}", other, chance) for cost, chance in self.costs.atoms.items())
        yield from ((f"density of costs from {low} to {high}", other, density) for low, high, density in self.costs.pieces)

    @property
    def extent(self) -> str:
        """How large the model is, in words."""
        return "ultimatum to an opponent of unknown cost"

    def at(self, values: Mapping[Any, Any]) -> "UncertainWar":
        """This model with parameters replaced by exact numbers (checked against their domains)."""
        point = self.notation.values(values)
        put = Evaluator(point)
        return replace(self, chance=put(self.chance), cost=put(self.cost), costs=self.costs.at(put, point), notation=self.notation.substitute(point))
