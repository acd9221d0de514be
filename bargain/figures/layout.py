"""Where the nodes of a drawn tree go: folding of large subgames, then a tidy left-to-right layout.

Every leaf of the drawn tree has a row of its own and an inner node stands midway between its
first and last child. Two nodes of one column are therefore at least a row apart, and no edge
crosses the row of a leaf outside its own subtree: labels cannot meet, whatever the tree.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import sympy as sp

from bargain.games.game import Game
from bargain.games.nodes import Bargain, Chance, History, Node, Offer, Terminal, walk

AGREE = "agreement"


@dataclass(frozen=True)
class Twig:
    """A node as drawn: its history, the game node (None for an agreement or a fold), and its children.

    hidden: number of end nodes folded away here. bold: whether a highlighted path runs through it.
    """

    history: History
    node: Node | None
    children: tuple["Twig", ...] = ()
    hidden: int = 0
    bold: bool = False
    x: float = 0.0
    y: float = 0.0
    chance: sp.Expr | None = None

    def __iter__(self) -> Iterator["Twig"]:
        """This twig and all below it, parents first."""
        yield self
        for child in self.children:
            yield from child

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
        node = game.node(*path, name)
        path.append(name)
    return (*path, AGREE) if isinstance(node, Bargain) else tuple(path)


def drawn(game: Game, paths: Sequence[History], fold: int) -> Twig:
    """The tree to draw: the highlighted paths, then what fits into `fold` nodes; the rest is folded.

    Whole levels are opened while they fit; after that only subgames that fit in full.
    """
    on_path = {path[:depth] for path in paths for depth in range(len(path) + 1)}
    nodes: dict[History, Node | None] = {(): game.root}
    opened: set[History] = set()

    def unfold(history: History, *, wholly: bool = False) -> None:
        below = _moves(nodes[history])
        if below:
            opened.add(history)
            nodes.update({(*history, name): child for name, child in below})
        for name, _ in below if wholly else ():
            unfold((*history, name), wholly=True)

    for history in sorted(on_path | {()}, key=lambda item: (len(item), item)):
        unfold(history)
    for depth in range(1, fold):
        level = [history for history in nodes if len(history) == depth and history not in opened and _moves(nodes[history])]
        whole = len(nodes) + sum(len(_moves(nodes[history])) for history in level) <= fold
        for history in level:
            if whole or len(nodes) + _size(nodes[history], fold) <= fold:
                unfold(history, wholly=not whole)
    return _twig((), game.root, opened, on_path)


def _size(node: Node | None, limit: int) -> int:
    """The number of nodes below a node as drawn, not counted further than `limit`."""
    count, stack = 0, [node]
    while stack and count <= limit:
        below = [child for _, child in _moves(stack.pop())]
        count += len(below)
        stack.extend(below)
    return count


def _moves(node: Node | None) -> list[tuple[str, Node | None]]:
    if node is None or isinstance(node, Terminal):
        return []
    moves: list[tuple[str, Node | None]] = list(node.moves)
    return [(AGREE, None), *moves] if isinstance(node, Bargain) else moves


def _twig(history: History, node: Node | None, opened: set[History], on_path: set[History]) -> Twig:
    bold = history in on_path
    if history in opened:
        children = tuple(_twig((*history, name), child, opened, on_path) for name, child in _moves(node))
        if isinstance(node, Chance):
            children = tuple(replace(child, chance=p) for child, (_, p, _) in zip(children, node.draws, strict=True))
        return Twig(history, node, children, bold=bold)
    folded = node is not None and not isinstance(node, Terminal)
    return Twig(history, node, hidden=ends(node) if node is not None and folded else 0, bold=bold)


def placed(root: Twig, columns: Sequence[float], row: float) -> Twig:
    """The same tree with coordinates in points: `columns[depth]` across, rows of height `row` down from zero."""
    rows = iter(range(sum(not twig.children for twig in root)))

    def place(twig: Twig) -> Twig:
        if not twig.children:
            return replace(twig, x=columns[twig.depth], y=-row * next(rows))
        children = tuple(place(child) for child in twig.children)
        return replace(twig, x=columns[twig.depth], y=(children[0].y + children[-1].y) / 2, children=children)

    return place(root)
