"""A game in strategic form: n players, labelled actions, one exact payoff per player and cell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import sympy as sp

from bargain.errors import InvalidModel, NotApplicable
from bargain.expressions import Evaluator, exact
from bargain.notation import Notation
from bargain.showing import Shown


@dataclass(frozen=True)
class MatrixGame(Shown):
    """Payoffs by cell: ``payoffs[("up", "left")] = (u1, u2)``; exact, iterable, printable.

    >>> from bargain import MatrixGame
    >>> game = MatrixGame.from_arrays([[3, 0], [5, 1]], [[3, 5], [0, 1]], players=("R", "C"), actions=(("c", "d"), ("c", "d")))
    >>> game["d", "c"], game.shape
    ((5, 0), (2, 2))
    """

    title: str
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    payoffs: Mapping[tuple[str, ...], tuple[sp.Expr, ...]]
    notation: Notation = Notation()
    source: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "players", tuple(self.players))
        object.__setattr__(self, "actions", tuple(tuple(names) for names in self.actions))
        place = f"matrix game {self.title!r}"
        if len(self.actions) != len(self.players) or len(set(self.players)) != len(self.players):
            raise InvalidModel("needs one list of actions per player, players named once", place=place, remedy="check players and actions")
        for player, names in zip(self.players, self.actions, strict=True):
            if not names or len(set(names)) != len(names):
                raise InvalidModel(f"actions of {player} must be non-empty and distinct", place=place, remedy="rename them")
        cells, known = {}, set(self.notation.symbols)
        for cell in product(*self.actions):
            if cell not in self.payoffs or len(self.payoffs[cell]) != len(self.players):
                raise InvalidModel(f"cell {cell} must pay every player", place=place, remedy="give one payoff per player")
            cells[cell] = tuple(exact(value) for value in self.payoffs[cell])
            unknown = set().union(*(value.free_symbols for value in cells[cell])) - known
            if unknown:
                raise InvalidModel(f"symbol {sorted(map(str, unknown))[0]} is not in the notation", place=f"{place}, cell {cell}",
                                   remedy="declare it as a Parameter")
        object.__setattr__(self, "payoffs", cells)

    @classmethod
    def from_arrays(cls, *arrays: Sequence[Sequence[Any]], title: str = "", players: Sequence[str] = ("row", "column"),
                    actions: Sequence[Sequence[str]] | None = None, notation: Notation = Notation()) -> "MatrixGame":
        """A two-player game from the row and column players' payoff matrices (m rows, n columns each)."""
        if len(arrays) != 2:
            raise InvalidModel("from_arrays takes two matrices", place=f"matrix game {title!r}", remedy="use MatrixGame(...) for n players")
        a, b = arrays
        m, n = len(a), len(a[0])
        if any(len(row) != n for row in [*a, *b]) or len(b) != m:
            raise InvalidModel("the two matrices differ in shape", place=f"matrix game {title!r}", remedy="give m x n twice")
        names = actions or ([f"r{i + 1}" for i in range(m)], [f"c{j + 1}" for j in range(n)])
        cells: dict[tuple[str, ...], tuple[Any, ...]] = {(names[0][i], names[1][j]): (a[i][j], b[i][j]) for i in range(m) for j in range(n)}
        return cls(title, tuple(players), tuple(tuple(x) for x in names), cells, notation)

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of actions of each player."""
        return tuple(len(names) for names in self.actions)

    def __getitem__(self, cell: tuple[str, ...]) -> tuple[sp.Expr, ...]:
        return self.payoffs[cell]

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        return iter(self.payoffs)

    def matrix(self, player: str) -> list[list[sp.Expr]]:
        """One player's payoffs in a two-player game, rows by the first player's actions."""
        if len(self.players) != 2:
            raise NotApplicable("a payoff matrix needs two players", place=f"matrix game {self.title!r}", remedy="read payoffs[cell]")
        index = self.players.index(player)
        return [[self.payoffs[row, column][index] for column in self.actions[1]] for row in self.actions[0]]

    def at(self, values: Mapping[Any, Any]) -> "MatrixGame":
        """This game with parameters replaced by exact numbers (checked against their domains)."""
        point = self.notation.values(values)
        at = Evaluator(point)
        return replace(self, payoffs={cell: tuple(at(u) for u in us) for cell, us in self.payoffs.items()},
                       notation=self.notation.substitute(point))
