"""Screening: a side that makes all offers faces an opponent whose type she does not know, over one or more rounds.

Sales of a durable good and ultimatums repeated between battles are the same game: a refusal costs time (discounting), effort (costs), and may
end the talks, with a chance that depends on the type, so that the next round is itself news about the type.
Sources: Fudenberg, Levine and Tirole (1985), in Roth (ed.), Game-Theoretic Models of Bargaining, 73-98; Gul, Sonnenschein and Wilson (1986), Journal of
Economic Theory 39:155-190; Powell (2004), American Political Science Review 98:231-241 (battles between offers).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from bargain.errors import InvalidModel
from bargain.expressions import Evaluator, exact
from bargain.notation import Notation


@dataclass(frozen=True)
class Screening:
    """The first player demands a price in every round; the second, whose type only he knows, accepts or refuses.

    types: type -> chance, the most eager type first. worth: what an agreement is worth to each type before the price: he gets worth - price, she the
    price. discount: a factor in (0, 1] for each player, or one for both. horizon: number of offers, None for no end. lasting: the chance that the talks
    go on after a refusal, for each type (1 by default); ended: what each player gets otherwise (a battle that settles the matter, say).
    costs: what every refusal costs each player. default: what the first player, and each type, gets after the last refusal, valued like an
    agreement in the round that would have come next. Payoffs not named are 0.

    >>> Screening("Sale", ("S", "B"), {"high": "1/2", "low": "1/2"}, {"high": 3, "low": 1}, "1/2", horizon=2).worth["high"]
    3
    """

    title: str
    players: tuple[str, str]
    types: Mapping[str, Any]
    worth: Mapping[str, Any]
    discount: Any
    horizon: int | None
    lasting: Mapping[str, Any] | None = None
    ended: Mapping[str, Any] | None = None
    costs: Mapping[str, Any] | None = None
    default: Mapping[str, Any] | None = None
    notation: Notation = Notation()
    source: str = ""

    def __post_init__(self) -> None:
        place = f"screening {self.title!r}"
        object.__setattr__(self, "players", tuple(self.players))
        if len(self.players) != 2 or len(set(self.players)) != 2:
            raise InvalidModel("needs two players", place=place, remedy="name who offers and who answers")
        if not self.types or set(self.types) & set(self.players):
            raise InvalidModel("needs types, named unlike the players", place=place, remedy="give types={name: chance, ...}")
        if self.horizon is not None and (not isinstance(self.horizon, int) or self.horizon < 1):
            raise InvalidModel(f"a horizon of {self.horizon} offers", place=place, remedy="give a positive whole number, or None for no end")
        patience = self.discount if isinstance(self.discount, Mapping) else dict.fromkeys(self.players, self.discount)
        zero_types, zero_players = dict.fromkeys(self.types, 0), dict.fromkeys(self.players, 0)
        self._fill("types", self.types, self.types, place)
        self._fill("worth", self.worth, self.types, place)
        self._fill("discount", patience, self.players, place)
        self._fill("lasting", dict.fromkeys(self.types, 1) | dict(self.lasting or {}), self.types, place)
        self._fill("ended", zero_players | dict(self.ended or {}), self.players, place)
        self._fill("costs", zero_players | dict(self.costs or {}), self.players, place)
        self._fill("default", {self.players[0]: 0} | zero_types | dict(self.default or {}), [self.players[0], *self.types], place)
        self._check(place)

    def _fill(self, name: str, given: Mapping[str, Any], keys: Iterable[str], place: str) -> None:
        if set(given) != set(keys):
            raise InvalidModel(f"{name} must name {', '.join(keys)}", place=place, remedy=f"it names {', '.join(given)}")
        object.__setattr__(self, name, {key: exact(given[key]) for key in keys})

    def _check(self, place: str) -> None:
        unknown = set().union(*(e.free_symbols for e in self.expressions())) - set(self.notation.symbols)
        if unknown:
            raise InvalidModel(f"symbol {sorted(map(str, unknown))[0]} is not in the notation", place=place, remedy="declare it as a Parameter")
        total = sp.simplify(sp.Add(*self.types.values()))
        if total != 1:
            raise InvalidModel(f"the chances of the types add up to {total}", place=place, remedy="complete the last one as 1 - ...")
        assert self.lasting is not None and self.costs is not None
        within = [*((f"the chance of {name}", e, 0, 1) for name, e in self.types.items()),
                  *((f"the discount factor of {name}", e, 0, 1) for name, e in self.discount.items())]
        for what, value, low, high in within:
            if value.is_number and not low < value <= high:
                raise InvalidModel(f"{what} is {value}", place=place, remedy=f"choose it in ({low}, {high}]")
        for name, value in self.lasting.items():
            if value.is_number and not 0 <= value <= 1:
                raise InvalidModel(f"the talks last with chance {value} after a refusal by {name}", place=place, remedy="give a probability")
        for name, value in self.costs.items():
            if value.is_number and value < 0:
                raise InvalidModel(f"a refusal costs {name} {value}", place=place, remedy="costs are not negative")
        if self.horizon is None and any(value == 1 for value in self.discount.values()):
            raise InvalidModel("no end and no discounting: delay costs nothing", place=place, remedy="give discount factors below 1, or a horizon")

    def expressions(self) -> Iterator[sp.Expr]:
        """Every expression of the model."""
        for values in (self.types, self.worth, self.discount, self.lasting, self.ended, self.costs, self.default):
            assert values is not None
            yield from values.values()

    def rules(self) -> Iterator[tuple[Any, ...]]:
        """The model as rows: rule, for whom, value."""
        words = {"types": "chance of the type", "worth": "worth of an agreement", "discount": "discount factor",
                 "lasting": "chance that talks go on after a refusal", "ended": "payoff if they end", "costs": "cost of a refusal",
                 "default": "payoff after the last refusal"}
        usual = {"lasting": 1, "ended": 0, "costs": 0, "default": 0}
        yield ("offers", self.players[0], "no end" if self.horizon is None else self.horizon)
        for name, word in words.items():
            values = getattr(self, name)
            if name not in usual or any(value != usual[name] for value in values.values()):
                yield from ((word, who, value) for who, value in values.items())

    @property
    def extent(self) -> str:
        """How large the model is, in words."""
        return f"screening of {len(self.types)} types, " + ("no end" if self.horizon is None else f"{self.horizon} offers")

    def at(self, values: Mapping[Any, Any]) -> "Screening":
        """This model with parameters replaced by exact numbers (checked against their domains)."""
        point = self.notation.values(values)
        put = Evaluator(point)
        named: dict[str, Any] = {name: {key: put(e) for key, e in getattr(self, name).items()}
                                 for name in ("types", "worth", "discount", "lasting", "ended", "costs", "default")}
        return replace(self, notation=self.notation.substitute(point), **named)


@dataclass(frozen=True)
class UniformScreening:
    """The first player demands a price in every round of a second whose worth of an agreement is uniform on [0, top] and known to him alone.

    discount: a factor in (0, 1) for each player, or one for both. horizon: number of offers, None for no end. No agreement pays 0.

    >>> UniformScreening("Sale", ("S", "B"), 1, "1/2", horizon=2).extent
    'screening of a continuum of types, 2 offers'
    """

    title: str
    players: tuple[str, str]
    top: Any
    discount: Any
    horizon: int | None
    notation: Notation = Notation()
    source: str = ""

    def __post_init__(self) -> None:
        place = f"screening {self.title!r}"
        object.__setattr__(self, "players", tuple(self.players))
        object.__setattr__(self, "top", exact(self.top))
        if len(self.players) != 2 or len(set(self.players)) != 2:
            raise InvalidModel("needs two players", place=place, remedy="name who offers and who answers")
        if self.horizon is not None and (not isinstance(self.horizon, int) or self.horizon < 1):
            raise InvalidModel(f"a horizon of {self.horizon} offers", place=place, remedy="give a positive whole number, or None for no end")
        patience = self.discount if isinstance(self.discount, Mapping) else dict.fromkeys(self.players, self.discount)
        if set(patience) != set(self.players):
            raise InvalidModel("discount must name both players", place=place, remedy="players: " + ", ".join(self.players))
        object.__setattr__(self, "discount", {player: exact(patience[player]) for player in self.players})
        unknown = set().union(*(e.free_symbols for e in self.expressions())) - set(self.notation.symbols)
        if unknown:
            raise InvalidModel(f"symbol {sorted(map(str, unknown))[0]} is not in the notation", place=place, remedy="declare it as a Parameter")
        for player, factor in self.discount.items():
            if factor.is_number and not 0 < factor < 1:
                raise InvalidModel(f"the discount factor of {player} is {factor}", place=place, remedy="choose it in (0, 1)")
        if self.top.is_number and not self.top > 0:
            raise InvalidModel(f"the greatest worth is {self.top}", place=place, remedy="make it positive")

    def expressions(self) -> Iterator[sp.Expr]:
        """Every expression of the model."""
        yield self.top
        yield from self.discount.values()

    def rules(self) -> Iterator[tuple[Any, ...]]:
        """The model as rows: rule, for whom, value."""
        yield ("offers", self.players[0], "no end" if self.horizon is None else self.horizon)
        yield ("worth of an agreement, uniform from 0 to", self.players[1], self.top)
        yield from (("discount factor", player, value) for player, value in self.discount.items())

    @property
    def extent(self) -> str:
        """How large the model is, in words."""
        return "screening of a continuum of types, " + ("no end" if self.horizon is None else f"{self.horizon} offers")

    def at(self, values: Mapping[Any, Any]) -> "UniformScreening":
        """This model with parameters replaced by exact numbers (checked against their domains)."""
        point = self.notation.values(values)
        put = Evaluator(point)
        return replace(self, top=put(self.top), discount={p: put(e) for p, e in self.discount.items()}, notation=self.notation.substitute(point))
