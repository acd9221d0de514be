"""Where the nodes of a drawn tree go: folding of large subgames, then a tidy left-to-right layout.

Every leaf of the drawn tree has a row of its own and an inner node stands midway between its
first and last child. Two nodes of one column are therefore at least a row apart, and no edge
crosses the row of a leaf outside its own subtree: labels cannot meet, whatever the tree.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

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
    chance: str = field(default="")

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


def resolve(game: Game, history: Sequence[str]) -> History:
    """A history as a path of the drawn tree: an offer may be named by what is offered.

    A bargaining table at which the path stops, or goes on with an unknown move, ends in agreement.
    """
    node, path = game.root, []
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
    """The tree to draw: the highlighted paths, then level by level what fits into `fold` nodes; the rest is folded."""
    on_path = {path[:depth] for path in paths for depth in range(len(path) + 1)}
    opened, count = {()}, 1 + len(_moves(game.root))
    for history in sorted(on_path - {()}, key=lambda item: (len(item), item)):
        inner = AGREE not in history[-1:] and _moves(game.node(*history))
        if inner and history not in opened:
            opened.add(history)
            count += len(inner)
    level = [(name,) for name, _ in _moves(game.root)]
    while level:
        below: list[History] = []
        for history in level:
            moves = [] if history[-1] == AGREE else _moves(game.node(*history))
            if history not in opened and moves and count + len(moves) <= fold:
                opened.add(history)
                count += len(moves)
            if history in opened:
                below += [(*history, name) for name, _ in moves]
        level = below
    return _twig((), game.root, opened, on_path)


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
            children = tuple(replace(child, chance=str(p)) for child, (_, p, _) in zip(children, node.draws, strict=True))
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
