"""The nodes of a game tree: frozen values, nested like the tree itself.

A node knows its own moves, never its history; a node's id is the tuple of action names
that leads to it and is supplied by the game that holds the tree.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import sympy as sp

from bargain.games.bargaining import AlternatingOffers


@dataclass(frozen=True)
class Terminal:
    """An end of the game: one payoff per player, in that player's own units."""

    payoffs: Mapping[str, sp.Expr]
    label: str = ""


@dataclass(frozen=True)
class Decision:
    """`player` chooses one of the named moves; an `information_set` groups nodes she cannot tell apart."""

    player: str
    moves: tuple[tuple[str, "Node"], ...]
    information_set: str = ""


@dataclass(frozen=True)
class Chance:
    """Nature draws a move: (name, probability, node)."""

    draws: tuple[tuple[str, sp.Expr, "Node"], ...]

    @property
    def moves(self) -> tuple[tuple[str, "Node"], ...]:
        """The moves without their probabilities."""
        return tuple((name, node) for name, _, node in self.draws)


@dataclass(frozen=True)
class Offer:
    """`player` proposes a value of `share` in the interval `between`; the next mover answers it."""

    player: str
    share: sp.Symbol
    between: tuple[sp.Expr, sp.Expr]
    answer: Decision

    @property
    def moves(self) -> tuple[tuple[str, "Node"], ...]:
        """One move, named after the proposal."""
        return ((f"offer {self.share}", self.answer),)


@dataclass(frozen=True)
class Simultaneous:
    """Two or more players move at once; `cells` maps a tuple of actions to the node that follows."""

    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    cells: Mapping[tuple[str, ...], "Node"]

    @property
    def moves(self) -> tuple[tuple[str, "Node"], ...]:
        """One move per cell, named by the actions joined with a comma."""
        return tuple((",".join(cell), self.cells[cell]) for cell in self.cells)


@dataclass(frozen=True)
class Bargain:
    """An alternating-offers table inside the tree.

    Agreement on the table's share pays the two sides as the table says and every other player
    (a spectator) the given expression of the share. A node in `outside` replaces that side's
    outside option: the subgame that follows when the side walks away.
    """

    table: AlternatingOffers
    spectators: Mapping[str, sp.Expr] = field(default_factory=dict)
    outside: Mapping[str, "Node"] = field(default_factory=dict)

    @property
    def moves(self) -> tuple[tuple[str, "Node"], ...]:
        """The subgames behind the outside options."""
        return tuple((f"{player} walks away", node) for player, node in self.outside.items())


Node = Terminal | Decision | Chance | Offer | Simultaneous | Bargain
History = tuple[str, ...]


def walk(node: Node, history: History = ()) -> Iterator[tuple[History, Node]]:
    """Every node below and including `node`, parents first, with its history."""
    stack: list[tuple[History, Node]] = [(history, node)]
    while stack:
        here, current = stack.pop()
        yield here, current
        if not isinstance(current, Terminal):
            stack.extend(((*here, name), child) for name, child in reversed(current.moves))


def show(history: History) -> str:
    """A history as text: actions joined by slashes, ``(start)`` for the root."""
    return "/".join(history) or "(start)"
