"""Bargaining with a random proposer: Baron-Ferejohn legislatures, unanimity among n players, vetoes.

In every round a player is recognised at random and proposes a division of a pie of 1. If a winning
coalition accepts, the division is carried out; otherwise the next round starts and payoffs are discounted.
Source: Baron and Ferejohn (1989), American Political Science Review 83:1181-1206 (closed rule); unequal
recognition and patience after Eraslan (2002), Journal of Economic Theory 103:11-30.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from bargain.errors import InvalidModel
from bargain.expressions import Evaluator, exact
from bargain.notation import Notation


@dataclass(frozen=True)
class RandomProposer:
    """A pie of 1, random recognition, and the votes that a proposal needs.

    recognition: probability of each player to propose, positive, summing to 1. discount: a factor in (0, 1] for
    each player, or one for all. quota: number of votes that pass a proposal, the proposer's own included (all of
    them: unanimity). vetoes: players whose vote is always needed. Delay forever pays 0.

    >>> RandomProposer("Three parties", ("A", "B", "C"), {"A": "1/2", "B": "1/4", "C": "1/4"}, "4/5", quota=2).needed("A")
    1
    """

    title: str
    players: tuple[str, ...]
    recognition: Mapping[str, Any]
    discount: Any
    quota: int
    vetoes: tuple[str, ...] = ()
    notation: Notation = Notation()
    source: str = ""

    def __post_init__(self) -> None:
        place = f"random proposer {self.title!r}"
        object.__setattr__(self, "players", tuple(self.players))
        object.__setattr__(self, "vetoes", tuple(self.vetoes))
        if len(set(self.players)) != len(self.players) or len(self.players) < 2:
            raise InvalidModel("needs two players or more, named once each", place=place, remedy="list each player once")
        if not isinstance(self.quota, int) or not 1 <= self.quota <= len(self.players):
            raise InvalidModel(f"a quota of {self.quota} of {len(self.players)} votes", place=place, remedy=f"choose it between 1 and {len(self.players)}")
        if not set(self.vetoes) <= set(self.players) or len(set(self.vetoes)) != len(self.vetoes):
            raise InvalidModel("veto players must be players, named once", place=place, remedy="players: " + ", ".join(self.players))
        patience = self.discount if isinstance(self.discount, Mapping) else dict.fromkeys(self.players, self.discount)
        for name, given in (("recognition", self.recognition), ("discount", patience)):
            if set(given) != set(self.players):
                raise InvalidModel(f"{name} must name every player", place=place, remedy="players: " + ", ".join(self.players))
            object.__setattr__(self, name, {player: exact(given[player]) for player in self.players})
        self._check_numbers(place)

    def _check_numbers(self, place: str) -> None:
        unknown = set().union(*(e.free_symbols for e in self.expressions())) - set(self.notation.symbols)
        if unknown:
            raise InvalidModel(f"symbol {sorted(map(str, unknown))[0]} is not in the notation", place=place, remedy="declare it as a Parameter")
        total = sp.simplify(sum(self.recognition.values()))
        if total != 1:
            raise InvalidModel(f"recognition probabilities sum to {total}", place=place, remedy="complete the last one as 1 - ...")
        for player in self.players:
            if self.recognition[player].is_number and not self.recognition[player] > 0:
                raise InvalidModel(f"{player} is never recognised", place=place, remedy="recognition probabilities are positive; a silent player has a vote only")
            if self.discount[player].is_number and not 0 < self.discount[player] <= 1:
                raise InvalidModel(f"the discount factor {self.discount[player]} of {player}", place=place, remedy="choose it in (0, 1]")
        if self.quota == len(self.players) and all(self.discount[player] == 1 for player in self.players):
            raise InvalidModel("unanimity without discounting: delay costs nothing and any division can be supported", place=place,
                               remedy="discount some player")

    def expressions(self) -> Iterator[sp.Expr]:
        """Every expression of the model."""
        yield from self.recognition.values()
        yield from self.discount.values()

    def needed(self, proposer: str) -> int:
        """How many votes the proposer needs from players without a veto, beside her own and those of the veto players."""
        return max(0, self.quota - len({proposer, *self.vetoes}))

    def at(self, values: Mapping[Any, Any]) -> "RandomProposer":
        """This model with parameters replaced by exact numbers (checked against their domains)."""
        point = self.notation.values(values)
        put = Evaluator(point)
        return replace(self, recognition={p: put(e) for p, e in self.recognition.items()}, discount={p: put(e) for p, e in self.discount.items()},
                       notation=self.notation.substitute(point))
