"""Which nodes of a tree are drawn: highlighted paths, then whole levels, then subgames that fit; the rest is folded.

A fold hides a proper subgame, so that no information set is cut in two. Where the part of the tree before
the first proper subgames is itself larger than the limit, single nodes are folded instead.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import sympy as sp

from bargain.games.game import Game
from bargain.games.information import imperfect, subgame_roots
from bargain.games.nodes import Bargain, Chance, History, Node, Offer, Terminal, walk

AGREE = "agreement"


@dataclass(frozen=True)
class Twig:
    """A node as drawn: its history, the game node (None for an agreement), and its children.

    hidden: number of end nodes folded away here. bold: whether a highlighted path runs through it.
    """

    history: History
    node: Node | None
    children: tuple["Twig", ...] = ()
    hidden: int = 0
    bold: bool = False
    chance: sp.Expr | None = None

    def __iter__(self) -> Iterator["Twig"]:
        """This twig and all below it, parents first."""
        stack = [self]
        while stack:
            twig = stack.pop()
            yield twig
            stack.extend(reversed(twig.children))

    @property
    def depth(self) -> int:
        """Number of moves from the root."""
        return len(self.history)


def ends(node: Node) -> int:
    """The number of end nodes at or below a node; an agreement at a bargaining table is one."""
    return sum(isinstance(each, Terminal | Bargain) for _, each in walk(node))


def unfolded(path: Sequence[str]) -> list[History]:
    """The histories that an equilibrium's path stands for: ``{a/b | c}`` at its end is a fork.

    >>> unfolded(("resist", "{win | lose/{x | y}}"))
    [('resist', 'win'), ('resist', 'lose', 'x'), ('resist', 'lose', 'y')]
    """
    for place, name in enumerate(path):
        if name.startswith("{") and name.endswith("}"):
            branches = [_split(branch, "/") for branch in _split(name[1:-1], " | ")]
            return [(*path[:place], *rest) for branch in branches for rest in unfolded(branch)]
    return [tuple(path)]


def _split(text: str, separator: str) -> list[str]:
    """The pieces between separators that stand outside all braces."""
    pieces: list[str] = []
    for piece in text.split(separator):
        if pieces and pieces[-1].count("{") > pieces[-1].count("}"):
            pieces[-1] += separator + piece
        else:
            pieces.append(piece)
    return pieces


def resolve(game: Game, history: Sequence[str]) -> History:
    """A history as a path of the drawn tree: an offer may be named by what is offered.

    A bargaining table at which the path stops, or goes on with an unknown move, ends in agreement.
    """
    node = game.root
    path: list[str] = []
    for name in history:
        moves = {} if isinstance(node, Terminal) else dict(node.moves)
        if name not in moves and isinstance(node, Offer):
            name = node.moves[0][0]
        if name not in moves and isinstance(node, Bargain):
            break
        node = moves[name] if name in moves else game.node(*path, name)
        path.append(name)
    return (*path, AGREE) if isinstance(node, Bargain) else tuple(path)


def drawn(game: Game, paths: Sequence[History], fold: int) -> Twig:
    """The tree to draw: the highlighted paths, then what fits into `fold` nodes.

    Whole levels are opened while they fit; after that only subgames that fit in full.
    """
    inside = frozenset(_inside(game)) if imperfect(game) else frozenset()
    if inside and _size(game.root, (), fold, inside) > fold:
        inside = frozenset()
    on_path = {path[:depth] for path in paths for depth in range(len(path) + 1)}
    open_tree = _Opened(game.root, inside)
    for history in sorted(on_path | {()}, key=lambda item: (len(item), item)):
        open_tree.unfold(history)
    for depth in range(1, fold):
        level = open_tree.closed(depth)
        whole = len(open_tree.nodes) + sum(_size(open_tree.nodes[history], history, fold, inside) for history in level) <= fold
        for history in level:
            if whole or len(open_tree.nodes) + _size(open_tree.nodes[history], history, fold) <= fold:
                open_tree.unfold(history, wholly=not whole)
    return open_tree.twig(on_path)


def _inside(game: Game) -> set[History]:
    """The histories of inner nodes at which no proper subgame starts."""
    roots = set(subgame_roots(game))
    return {history for history, node in game.nodes() if not isinstance(node, Terminal) and history not in roots}


class _Opened:
    """The tree while it is being opened: all nodes to draw by history, and which of them show their moves."""

    def __init__(self, root: Node, inside: Collection[History]) -> None:
        self.inside = inside
        self.nodes: dict[History, Node | None] = {(): root}
        self.opened: set[History] = set()

    def unfold(self, history: History, *, wholly: bool = False) -> None:
        """Show the moves of a node, and of all nodes below it that belong to the same stage (or, wholly, of all below)."""
        stack = [history]
        while stack:
            here = stack.pop()
            below = _moves(self.nodes[here])
            if not below or here in self.opened:
                continue
            self.opened.add(here)
            self.nodes.update({(*here, name): child for name, child in below})
            stack.extend((*here, name) for name, _ in below if wholly or (*here, name) in self.inside)

    def closed(self, depth: int) -> list[History]:
        """The nodes of a level that have moves and do not show them."""
        return [history for history, node in self.nodes.items() if len(history) == depth and history not in self.opened and _moves(node)]

    def twig(self, on_path: Collection[History]) -> Twig:
        """The drawn tree, built from the ends up."""
        built: dict[History, Twig] = {}
        for history in sorted(self.nodes, key=len, reverse=True):
            node, bold = self.nodes[history], history in on_path
            if history not in self.opened:
                folded = node is not None and not isinstance(node, Terminal)
                built[history] = Twig(history, node, hidden=ends(node) if node is not None and folded else 0, bold=bold)
                continue
            children = tuple(built.pop((*history, name)) for name, _ in _moves(node))
            if isinstance(node, Chance):
                children = tuple(replace(child, chance=p) for child, (_, p, _) in zip(children, node.draws, strict=True))
            built[history] = Twig(history, node, children, bold=bold)
        return built[()]


def _size(node: Node | None, history: History, limit: int, inside: Collection[History] | None = None) -> int:
    """The number of nodes below a node as drawn, not counted further than `limit`; with `inside`, only those of its stage."""
    count, stack = 0, [(history, node)]
    while stack and count <= limit:
        here, current = stack.pop()
        below = [((*here, name), child) for name, child in _moves(current)]
        count += len(below)
        stack.extend(item for item in below if inside is None or item[0] in inside)
    return count


def _moves(node: Node | None) -> list[tuple[str, Node | None]]:
    if node is None or isinstance(node, Terminal):
        return []
    moves: list[tuple[str, Node | None]] = list(node.moves)
    return [(AGREE, None), *moves] if isinstance(node, Bargain) else moves
