"""Games with transferable utility: what every coalition can secure for itself.

Source: von Neumann and Morgenstern (1944); bankruptcy games after O'Neill (1982), Mathematical
Social Sciences 2:345-371; airport games after Littlechild and Owen (1973), Management Science 20:370-372.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import sympy as sp

from bargain.errors import InvalidModel, TooLarge
from bargain.expressions import Evaluator, exact
from bargain.notation import Notation

Coalition = frozenset[str]
_PLAYERS = 16


@dataclass(frozen=True)
class CoalitionalGame:
    """The worth of every coalition, exact; coalitions that are not named are worth 0 (so is the empty one).

    worth: {coalition: value}; a coalition is any collection of player names. costs: worths are costs to be
    shared (the game of savings has the opposite signs; solutions are reported as cost shares).

    >>> gloves = CoalitionalGame("Gloves", ("L", "R1", "R2"), {("L", "R1"): 1, ("L", "R2"): 1, ("L", "R1", "R2"): 1})
    >>> gloves["L", "R1"], gloves["R1", "R2"]
    (1, 0)
    """

    title: str
    players: tuple[str, ...]
    worth: Mapping[Any, Any]
    notation: Notation = Notation()
    costs: bool = False
    source: str = ""

    def __post_init__(self) -> None:
        place = f"coalitional game {self.title!r}"
        object.__setattr__(self, "players", tuple(self.players))
        if not self.players or len(set(self.players)) != len(self.players):
            raise InvalidModel("players must be named once each", place=place, remedy="list each player once")
        if len(self.players) > _PLAYERS:
            raise TooLarge(f"{len(self.players)} players have {2 ** len(self.players)} coalitions", place=place, remedy=f"use at most {_PLAYERS} players")
        found: dict[Coalition, sp.Expr] = dict.fromkeys(coalitions(self.players), sp.Integer(0))
        for members, value in self.worth.items():
            coalition = frozenset((members,) if isinstance(members, str) else members)
            if not coalition <= set(self.players):
                raise InvalidModel(f"unknown player {min(coalition - set(self.players))!r}", place=f"{place}, coalition {sorted(coalition)}",
                                   remedy="players: " + ", ".join(self.players))
            found[coalition] = exact(value)
        if found[frozenset()] != 0:
            raise InvalidModel(f"the empty coalition is worth {found[frozenset()]}", place=place, remedy="leave it out: it is worth 0")
        unknown = set().union(*(value.free_symbols for value in found.values())) - set(self.notation.symbols)
        if unknown:
            raise InvalidModel(f"symbol {sorted(map(str, unknown))[0]} is not in the notation", place=place, remedy="declare it as a Parameter")
        object.__setattr__(self, "worth", found)

    def __getitem__(self, members: Any) -> sp.Expr:
        return self.worth[frozenset((members,) if isinstance(members, str) else members)]

    @property
    def everyone(self) -> Coalition:
        """The grand coalition."""
        return frozenset(self.players)

    def at(self, values: Mapping[Any, Any]) -> "CoalitionalGame":
        """This game with parameters replaced by exact numbers (checked against their domains)."""
        point = self.notation.values(values)
        put = Evaluator(point)
        return replace(self, worth={coalition: put(value) for coalition, value in self.worth.items()}, notation=self.notation.substitute(point))

    @classmethod
    def of(cls, title: str, players: Sequence[str], worth: Callable[[Coalition], Any], **more: Any) -> "CoalitionalGame":
        """A game from a function of the coalition.

        >>> CoalitionalGame.of("Majority", "ABC", lambda s: int(len(s) >= 2))["A", "C"]
        1
        """
        return cls(title, tuple(players), {s: worth(s) for s in coalitions(players) if s}, **more)


def coalitions(players: Collection[str]) -> Iterator[Coalition]:
    """Every coalition, small ones first, the empty one included."""
    names = tuple(players)
    for size in range(len(names) + 1):
        yield from map(frozenset, combinations(names, size))


def voting_game(title: str, weights: Mapping[str, int], quota: int, *, vetoes: Collection[str] = ()) -> CoalitionalGame:
    """A simple game: a coalition wins (worth 1) with at least `quota` votes and every veto player; at most 16 players.

    >>> voting_game("Council", {"P": 1, "Q": 1, "R": 1}, 2, vetoes=["P"])["Q", "R"]
    0
    """
    place = f"voting game {title!r}"
    if not 0 < quota <= sum(weights.values()):
        raise InvalidModel(f"a quota of {quota} of {sum(weights.values())} votes", place=place, remedy="choose it between 1 and the sum of the votes")
    unknown = set(vetoes) - set(weights)
    if unknown or any(votes < 0 for votes in weights.values()):
        raise InvalidModel(f"unknown veto player {min(unknown)!r}" if unknown else "a negative number of votes", place=place, remedy="check the weights")
    return CoalitionalGame.of(title, tuple(weights), lambda s: int(set(vetoes) <= s and sum(weights[name] for name in s) >= quota))


def airport_game(title: str, costs: Mapping[str, Any], **more: Any) -> CoalitionalGame:
    """Sharing the cost of a facility that must serve the largest user in the coalition.

    >>> airport_game("Runway", {"small": 1, "large": 3})["small", "large"]
    3
    """
    needs = {name: exact(value) for name, value in costs.items()}
    return CoalitionalGame.of(title, tuple(needs), lambda s: sp.Max(*(needs[name] for name in s)), costs=True, **more)


def bankruptcy_game(title: str, estate: Any, claims: Mapping[str, Any]) -> CoalitionalGame:
    """What is left of the estate for a coalition once everyone else has been paid in full (O'Neill 1982).

    >>> bankruptcy_game("Talmud", 100, {"a": 100, "b": 200, "c": 300})["b", "c"]
    0
    """
    total, needs = exact(estate), {name: exact(value) for name, value in claims.items()}
    return CoalitionalGame.of(title, tuple(needs), lambda s: sp.Max(0, total - sum(v for name, v in needs.items() if name not in s)))
