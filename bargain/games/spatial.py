"""Bargaining over a policy on a line: random proposers, single-peaked payoffs, a quota.

Sources: Banks and Duggan (2000), American Political Science Review 94:73-88; Cho and Duggan (2003), Journal of Economic Theory 113:118-130.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from bargain.errors import InvalidModel
from bargain.expressions import Evaluator, exact
from bargain.notation import Notation


@dataclass(frozen=True)
class SpatialBargaining:
    """In every round a player, recognised at random, proposes a policy on a line; if enough accept it is carried out, else a period passes.

    ideals: the policy each player likes best, from left to right. agreement: what a player gets at his ideal policy (1 by default); a policy x pays him
    agreement - |x - ideal|, delay for ever 0. recognition: the chance of each to propose. discount: a factor in (0, 1) for each player, or one for
    all. quota: number of votes, the proposer's included.

    >>> SpatialBargaining("Council", ("L", "M", "R"), {"L": 0, "M": "1/2", "R": 1}, "9/10", quota=2).recognition["L"]
    1/3
    """

    title: str
    players: tuple[str, ...]
    ideals: Mapping[str, Any]
    discount: Any
    quota: int
    recognition: Mapping[str, Any] | None = None
    agreement: Any = 1
    notation: Notation = Notation()
    source: str = ""

    def __post_init__(self) -> None:
        place = f"spatial bargaining {self.title!r}"
        object.__setattr__(self, "players", tuple(self.players))
        object.__setattr__(self, "agreement", exact(self.agreement))
        n = len(self.players)
        if n < 2 or len(set(self.players)) != n:
            raise InvalidModel("needs two players or more, named once each", place=place, remedy="list each player once")
        if not isinstance(self.quota, int) or not n // 2 < self.quota <= n:
            raise InvalidModel(f"a quota of {self.quota} of {n} votes", place=place, remedy=f"choose it between {n // 2 + 1} and {n}")
        patience = self.discount if isinstance(self.discount, Mapping) else dict.fromkeys(self.players, self.discount)
        equal = dict.fromkeys(self.players, sp.Rational(1, n))
        for name, given in (("ideals", self.ideals), ("recognition", self.recognition or equal), ("discount", patience)):
            if set(given) != set(self.players):
                raise InvalidModel(f"{name} must name every player", place=place, remedy="players: " + ", ".join(self.players))
            object.__setattr__(self, name, {player: exact(given[player]) for player in self.players})
        unknown = set().union(*(e.free_symbols for e in self.expressions())) - set(self.notation.symbols)
        if unknown:
            raise InvalidModel(f"symbol {sorted(map(str, unknown))[0]} is not in the notation", place=place, remedy="declare it as a Parameter")
        self._check_numbers(place)

    def _check_numbers(self, place: str) -> None:
        assert self.recognition is not None
        total = sp.simplify(sp.Add(*self.recognition.values()))
        if total != 1:
            raise InvalidModel(f"recognition probabilities sum to {total}", place=place, remedy="complete the last one as 1 - ...")
        for player in self.players:
            if self.recognition[player].is_number and self.recognition[player] < 0:
                raise InvalidModel(f"{player} is recognised with chance {self.recognition[player]}", place=place, remedy="give a probability")
            if self.discount[player].is_number and not 0 < self.discount[player] < 1:
                raise InvalidModel(f"the discount factor {self.discount[player]} of {player}", place=place, remedy="choose it in (0, 1)")
        for left, right in zip(self.players, self.players[1:], strict=False):
            gap = self.ideals[right] - self.ideals[left]
            if gap.is_number and gap < 0:
                raise InvalidModel(f"{left} is named before {right} but likes policies further to the right", place=place, remedy="list players from left to right")

    def expressions(self) -> Iterator[sp.Expr]:
        """Every expression of the model."""
        assert self.recognition is not None
        yield self.agreement
        for values in (self.ideals, self.recognition, self.discount):
            yield from values.values()

    def rules(self) -> Iterator[tuple[Any, ...]]:
        """The model as rows: rule, for whom, value."""
        assert self.recognition is not None
        yield ("votes needed", "", self.quota)
        yield ("payoff at the ideal policy", "", self.agreement)
        for word, values in (("ideal policy", self.ideals), ("recognition probability", self.recognition), ("discount factor", self.discount)):
            yield from ((word, player, value) for player, value in values.items())

    @property
    def extent(self) -> str:
        """How large the model is, in words."""
        return f"spatial bargaining, {self.quota} of {len(self.players)} votes"

    def at(self, values: Mapping[Any, Any]) -> "SpatialBargaining":
        """This model with parameters replaced by exact numbers (checked against their domains)."""
        point = self.notation.values(values)
        put = Evaluator(point)
        assert self.recognition is not None
        ideals, discount, recognition = ({p: put(e) for p, e in given.items()} for given in (self.ideals, self.discount, self.recognition))
        return replace(self, agreement=put(self.agreement), ideals=ideals, discount=discount, recognition=recognition, notation=self.notation.substitute(point))
