"""Bargaining problems: a feasible set of utilities and a disagreement point (Nash 1950, Econometrica 18:155-162)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

import sympy as sp

from bargain.errors import InvalidModel
from bargain.expressions import Evaluator, exact
from bargain.notation import Notation, Parameter
from bargain.regions.cells import GE, Cell
from bargain.regions.space import Space

__all__ = ["BargainingProblem"]


@dataclass(frozen=True)
class BargainingProblem:
    """A feasible set of utility pairs (or n-tuples) and a disagreement point.

    Exactly one of: `vertices` (the convex hull of exact points, with free disposal down to disagreement), `curve` (utilities as
    expressions of one parameter over an interval: ``(t, (low, high), {player: expr})``), `points` (a finite set, no lotteries), or
    `division` (a pie divided among all players: ``(share, size, {player: utility of the own share})``). Stated in numbers, a disagreement
    point outside a set of two players is refused; `stated` is False for a problem made from one with parameters, where it is a regime.

    >>> problem = BargainingProblem("Pie", ("A", "B"), {"A": 0, "B": 0}, vertices=((0, 0), (0, 3), (2, 2), (4, 0)))
    >>> problem.kind
    'polygon'
    """

    title: str
    players: tuple[str, ...]
    disagreement: Mapping[str, Any]
    vertices: tuple[tuple[Any, ...], ...] = ()
    curve: tuple[sp.Symbol, tuple[Any, Any], Mapping[str, Any]] | None = None
    points: tuple[tuple[Any, ...], ...] = ()
    notation: Notation = Notation()
    source: str = ""
    division: tuple[sp.Symbol, Any, Mapping[str, Any]] | None = None
    stated: bool = field(default=True, repr=False, compare=False)

    def __post_init__(self) -> None:
        place = f"bargaining problem {self.title!r}"
        if sum(map(bool, (self.vertices, self.curve, self.points, self.division))) != 1:
            raise InvalidModel("needs exactly one of vertices, curve, points, division", place=place, remedy="describe the feasible set one way")
        if set(self.disagreement) != set(self.players):
            raise InvalidModel("the disagreement point must name every player", place=place, remedy="players: " + ", ".join(self.players))
        object.__setattr__(self, "disagreement", {player: exact(self.disagreement[player]) for player in self.players})
        for name in ("vertices", "points"):
            rows = tuple(tuple(exact(value) for value in row) for row in getattr(self, name))
            if any(len(row) != len(self.players) for row in rows):
                raise InvalidModel(f"each of the {name} needs {len(self.players)} utilities", place=place, remedy="one per player")
            object.__setattr__(self, name, rows)
        if self.curve is not None:
            symbol, (low, high), utilities = self.curve
            if set(utilities) != set(self.players):
                raise InvalidModel("the curve must name every player", place=place, remedy="players: " + ", ".join(self.players))
            object.__setattr__(self, "curve", (symbol, (exact(low), exact(high)), {p: exact(utilities[p]) for p in self.players}))
        if self.division is not None:
            share, size, utilities = self.division
            if set(utilities) != set(self.players):
                raise InvalidModel("the division must name every player", place=place, remedy="players: " + ", ".join(self.players))
            object.__setattr__(self, "division", (share, exact(size), {p: exact(utilities[p]) for p in self.players}))
        unknown = set().union(*(e.free_symbols for e in self.expressions())) - set(self.notation.symbols)
        if unknown:
            raise InvalidModel(f"symbol {sorted(map(str, unknown))[0]} is not in the notation", place=place, remedy="declare it as a Parameter")
        if self.stated and len(self.players) == 2 and not self._attainable():
            values = ", ".join(f"{player}: {value}" for player, value in self.disagreement.items())
            raise InvalidModel(f"the disagreement point ({values}) is outside the set: no feasible point gives both as much", place=place,
                               remedy="check it; who gets more from disagreement than any agreement pays does not bargain")

    def _attainable(self) -> bool:
        """Whether some feasible point gives both players at least disagreement; True where parameters decide it."""
        if any(not e.is_number for e in self.expressions()) or self.division is not None:
            return True
        d = tuple(self.disagreement.values())
        if self.curve is not None:
            t, (low, high), named = self.curve
            line = Space(Notation((Parameter(t, "parameter of the curve"),)))
            inside = Cell().where(t - low, GE).where(high - t, GE)
            for player, least in self.disagreement.items():
                inside = inside.where(named[player] - least, GE)
            return line.feasible(inside).answer is not False
        if any(all(u >= v for u, v in zip(point, d, strict=True)) for point in (*self.vertices, *self.points)):
            return True
        for p, q in combinations(self.vertices, 2):  # the point of the segment at which player 1 keeps d
            low, high = (p, q) if p[0] <= q[0] else (q, p)
            if low[0] < d[0] < high[0] and low[1] + (high[1] - low[1]) * (d[0] - low[0]) / (high[0] - low[0]) >= d[1]:
                return True
        return False

    @property
    def kind(self) -> str:
        """``polygon``, ``curve``, ``finite`` or ``division``."""
        return "polygon" if self.vertices else "curve" if self.curve else "division" if self.division else "finite"

    def with_lotteries(self) -> "BargainingProblem":
        """A finite set with lotteries over its points: their convex hull.

        >>> BargainingProblem("Swap", ("A", "B"), {"A": 0, "B": 0}, points=((3, 1), (1, 3))).with_lotteries().kind
        'polygon'
        """
        if self.kind != "finite":
            raise InvalidModel(f"lotteries over a {self.kind}", place=f"bargaining problem {self.title!r}", remedy="only finite sets lack them")
        return replace(self, points=(), vertices=self.points)

    def expressions(self) -> Iterator[sp.Expr]:
        """Every expression of the problem, the curve's own parameter removed."""
        yield from self.disagreement.values()
        yield from (value for row in (*self.vertices, *self.points) for value in row)
        if self.curve is not None:
            symbol, ends, utilities = self.curve
            yield from ends
            yield from (value.subs(symbol, sp.Rational(1, 2)) for value in utilities.values())
        if self.division is not None:
            share, size, own = self.division
            yield size
            yield from (value.subs(share, sp.Rational(1, 2)) for value in own.values())

    def at(self, values: Mapping[Any, Any]) -> "BargainingProblem":
        """This problem with parameters replaced by exact numbers (checked against their domains)."""
        point = self.notation.values(values)
        at = Evaluator(point)
        curve = None
        division = None
        if self.division is not None:
            share, size, own = self.division
            division = (share, at(size), {player: at(value) for player, value in own.items()})
        if self.curve is not None:
            symbol, (low, high), utilities = self.curve
            curve = (symbol, (at(low), at(high)), {player: at(value) for player, value in utilities.items()})
        return replace(self, disagreement={player: at(value) for player, value in self.disagreement.items()}, curve=curve,
                       vertices=tuple(tuple(at(v) for v in row) for row in self.vertices),
                       points=tuple(tuple(at(v) for v in row) for row in self.points), notation=self.notation.substitute(point), division=division,
                       stated=self.stated and not self.notation.symbols)
