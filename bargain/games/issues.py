"""Several issues at one table: each side values each issue, and what is agreed is who gets which part of which.

Worth is linear in shares and adds up over issues, so that the frontier of all agreements is a polygon whose corners give issues to
the first player in the order of comparative advantage (the ratio of the two worths).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import sympy as sp

from bargain.errors import InvalidModel, NotApplicable, TooLarge
from bargain.expressions import Evaluator, exact
from bargain.games.bargaining import BargainingProblem
from bargain.notation import Notation


@dataclass(frozen=True)
class Issue:
    """One issue: what having all of it is worth to each player (positive). An indivisible one goes to one side, or by lot."""

    name: str
    worth: Mapping[str, Any]
    divisible: bool = True


@dataclass(frozen=True)
class Issues:
    """Two sides offer in turn on several issues; the first in `players` makes the first offer.

    discount: factor of each side per period. disagreement: what each side earns per period while nothing is agreed, as an average.
    lotteries: whether indivisible issues may be given by lot; if not, nothing else may be divided either.

    >>> talks = Issues("Trade", ("A", "B"), (Issue("land", {"A": 2, "B": 1}), Issue("money", {"A": 1, "B": 2})), {"A": "4/5", "B": "4/5"})
    >>> talks.problem().vertices
    ((0, 3), (2, 2), (3, 0))
    """

    title: str
    players: tuple[str, str]
    issues: tuple[Issue, ...]
    discount: Mapping[str, Any]
    disagreement: Mapping[str, Any] | None = None
    lotteries: bool = True
    notation: Notation = Notation()
    source: str = ""

    def __post_init__(self) -> None:
        place = f"issues {self.title!r}"
        if len(self.players) != 2 or len(set(self.players)) != 2:
            raise InvalidModel("needs two different players", place=place, remedy="name the first proposer first")
        if not self.issues or len({issue.name for issue in self.issues}) != len(self.issues):
            raise InvalidModel("needs issues with different names", place=place, remedy="give at least one Issue")
        given = {"discount": self.discount, "disagreement": self.disagreement or dict.fromkeys(self.players, 0),
                 **{f"worth of {issue.name}": issue.worth for issue in self.issues}}
        for what, values in given.items():
            if set(values) != set(self.players):
                raise InvalidModel(f"{what} must name both players", place=place, remedy="players: " + ", ".join(self.players))
        for name in ("discount", "disagreement"):
            object.__setattr__(self, name, {player: exact(given[name][player]) for player in self.players})
        object.__setattr__(self, "issues", tuple(Issue(i.name, {p: exact(i.worth[p]) for p in self.players}, i.divisible) for i in self.issues))
        if any(value.is_nonpositive for issue in self.issues for value in issue.worth.values()):
            raise InvalidModel("an issue is worth nothing to a side", place=place, remedy="worths are positive; add a constant to restate a burden")
        if any(value.is_number and not 0 <= value < 1 for value in self.discount.values()):
            raise InvalidModel("a discount factor is outside [0, 1)", place=place, remedy="with no last period factors must be below 1")
        unknown = set().union(*(e.free_symbols for e in self.expressions())) - set(self.notation.symbols)
        if unknown:
            raise InvalidModel(f"symbol {sorted(map(str, unknown))[0]} is not in the notation", place=place, remedy="declare it as a Parameter")
        if not self.lotteries and len({issue.divisible for issue in self.issues}) > 1:
            raise InvalidModel("divisible and indivisible issues without lotteries", place=place, remedy="allow lotteries, or make all indivisible")

    @property
    def finite(self) -> bool:
        """Whether only finitely many agreements are possible."""
        return not self.lotteries and not self.issues[0].divisible

    def expressions(self) -> Iterator[sp.Expr]:
        """Every expression of the problem."""
        yield from (*self.discount.values(), *(self.disagreement or {}).values())
        yield from (value for issue in self.issues for value in issue.worth.values())

    def problem(self) -> BargainingProblem:
        """The set of utility pairs: the polygon under the frontier, or the finite set of agreements. Polygons need numbers."""
        first, second = self.players
        points: tuple[tuple[Any, ...], ...] = ()
        vertices: list[tuple[Any, ...]] = []
        if self.finite:
            if len(self.issues) > 16:
                raise TooLarge(f"2 to the {len(self.issues)} agreements", place=f"issues {self.title!r}", remedy="at most 16 indivisible issues")
            sums = {tuple(sp.Add(*(issue.worth[p] for issue, to in zip(self.issues, given, strict=True) if to == p)) for p in self.players): None
                    for given in product(self.players, repeat=len(self.issues))}
            points = tuple(sums)
        else:
            if any(not value.is_number for issue in self.issues for value in issue.worth.values()):
                raise NotApplicable("the order of corners needs numbers", place=f"issues {self.title!r}", remedy="use at(...) first")
            order = sorted(self.issues, key=lambda issue: sp.Rational(issue.worth[second]) / sp.Rational(issue.worth[first]))
            own, theirs = sp.Integer(0), sp.Add(*(issue.worth[second] for issue in order))
            vertices = [(own, theirs)]
            for issue in order:
                own, theirs = own + issue.worth[first], theirs - issue.worth[second]
                vertices.append((own, theirs))
        return BargainingProblem(self.title, self.players, self.disagreement or {}, vertices=tuple(vertices), points=points, notation=self.notation,
                                 source=self.source, stated=False)

    def at(self, values: Mapping[Any, Any]) -> "Issues":
        """These issues with parameters replaced by exact numbers (checked against their domains)."""
        point = self.notation.values(values)
        put = Evaluator(point)
        issues = tuple(replace(issue, worth={p: put(value) for p, value in issue.worth.items()}) for issue in self.issues)
        return replace(self, issues=issues, discount={p: put(value) for p, value in self.discount.items()},
                       disagreement={p: put(value) for p, value in (self.disagreement or {}).items()}, notation=self.notation.substitute(point))
