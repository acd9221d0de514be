"""The nodes of a game tree: frozen values, nested like the tree itself.

A node knows its own moves, never its history; a node's id is the tuple of action names
that leads to it and is supplied by the game that holds the tree.
"""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from itertools import islice

import sympy as sp

from bargain.games.alternating import AlternatingOffers


@dataclass(frozen=True)
class Terminal:
    """An end of the game: one payoff per player, in that player's own units."""

    payoffs: Mapping[str, sp.Expr]
    label: str = ""


_FEW = 12  # a tree of more nodes than this has a short repr


class _Inner:
    """Equality and repr of a node with moves: neither recurses, so that they work on trees of any depth."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Inner) and _same(self, other)

    def __repr__(self) -> str:
        if len(list(islice(walk(self), _FEW + 1))) > _FEW:  # type: ignore[arg-type]
            whose = getattr(self, "player", "") or " & ".join(getattr(self, "players", ()))
            moves = ", ".join(name for name, _ in self.moves)  # type: ignore[attr-defined]
            return f"<{type(self).__name__}{' of ' + whose if whose else ''}: {moves}; a tree of more than {_FEW} nodes>"
        return f"{type(self).__name__}({', '.join(f'{each.name}={getattr(self, each.name)!r}' for each in fields(self))})"  # type: ignore[arg-type]


def _same(one: "_Inner", other: "_Inner") -> bool:
    """Whether two trees are equal, pair by pair of nodes; a pair of shared subtrees is compared once."""
    stack: list[tuple[object, object]] = [(one, other)]
    seen: set[tuple[int, int]] = set()
    while stack:
        left, right = stack.pop()
        if left is right or (id(left), id(right)) in seen:
            continue
        seen.add((id(left), id(right)))
        if not isinstance(left, _Inner) or not isinstance(right, _Inner) or type(left) is not type(right):
            if left != right:
                return False
            continue
        if _alone(left) != _alone(right):
            return False
        stack.extend((child, twin) for (_, child), (_, twin) in zip(left.moves, right.moves, strict=True))  # type: ignore[attr-defined]
    return True


def _alone(node: "_Inner") -> tuple[object, ...]:
    """A node without what follows it."""
    names: tuple[Hashable, ...] = tuple(name for name, _ in node.moves)  # type: ignore[attr-defined]
    if isinstance(node, Decision):
        return node.player, node.information_set, names
    if isinstance(node, Chance):
        return names, tuple(probability for _, probability, _ in node.draws)
    if isinstance(node, Offer):
        return node.player, node.share, node.between
    if isinstance(node, Simultaneous):
        return node.players, node.actions, names
    assert isinstance(node, Bargain)
    return node.table, dict(node.spectators), names


@dataclass(frozen=True, eq=False, repr=False)
class Decision(_Inner):
    """`player` chooses one of the named moves; an `information_set` groups nodes she cannot tell apart."""

    player: str
    moves: tuple[tuple[str, "Node"], ...]
    information_set: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class Chance(_Inner):
    """Nature draws a move: (name, probability, node)."""

    draws: tuple[tuple[str, sp.Expr, "Node"], ...]

    @property
    def moves(self) -> tuple[tuple[str, "Node"], ...]:
        """The moves without their probabilities."""
        return tuple((name, node) for name, _, node in self.draws)


@dataclass(frozen=True, eq=False, repr=False)
class Offer(_Inner):
    """`player` proposes a value of `share` in the interval `between`; the next mover answers it."""

    player: str
    share: sp.Symbol
    between: tuple[sp.Expr, sp.Expr]
    answer: Decision

    @property
    def moves(self) -> tuple[tuple[str, "Node"], ...]:
        """One move, named after the proposal."""
        return ((f"offer {self.share}", self.answer),)


@dataclass(frozen=True, eq=False, repr=False)
class Simultaneous(_Inner):
    """Two or more players move at once; `cells` maps a tuple of actions to the node that follows."""

    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    cells: Mapping[tuple[str, ...], "Node"]

    @property
    def moves(self) -> tuple[tuple[str, "Node"], ...]:
        """One move per cell, named by the actions joined with a comma."""
        return tuple((",".join(cell), self.cells[cell]) for cell in self.cells)


@dataclass(frozen=True, eq=False, repr=False)
class Bargain(_Inner):
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
