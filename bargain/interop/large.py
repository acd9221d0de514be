"""Large trees beside games and networkx: a read-only graph over the arrays, and arrays from a game or a graph."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from bargain.compile import compile_game
from bargain.errors import BadInput
from bargain.games.game import Game
from bargain.games.large_tree import CHANCE, END, LargeTree
from bargain.games.nodes import Chance, Terminal

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["graph_view", "large_tree", "tree_of_graph"]


def graph_view(tree: LargeTree) -> "nx.DiGraph[int]":
    """The tree as a frozen networkx graph that copies nothing: nodes are integers, attributes are read from the arrays when asked for.

    A node has `player` (None at ends and chance nodes) and, at an end, `payoffs`; an edge has `move` and, below chance, `probability`.

    >>> tree = LargeTree(("A", "B"), mover=[0, 1, -1, -1, -1], count=[2, 2, 0, 0, 0], payoffs=[[1, 1], [0, 3], [2, 0]])
    >>> graph = graph_view(tree)
    >>> list(graph.successors(1)), graph.nodes[2]["payoffs"], graph.edges[0, 1]["move"]
    ([3, 4], {'A': 1.0, 'B': 1.0}, 0)
    """
    import networkx as nx

    graph: nx.DiGraph[int] = nx.DiGraph(players=tree.players)
    graph._node = _Nodes(tree)
    graph._adj = _Neighbours(tree, _Below)  # networkx keeps _succ equal to _adj
    graph._pred = _Neighbours(tree, _Above)
    return nx.freeze(graph)


class _Nodes(Mapping[int, dict[str, Any]]):
    """Attributes by node."""

    def __init__(self, tree: LargeTree) -> None:
        self.tree = tree

    def __len__(self) -> int:
        return self.tree.nodes

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.tree.nodes))

    def __contains__(self, node: object) -> bool:
        return isinstance(node, int | np.integer) and bool(0 <= node < self.tree.nodes)

    def __getitem__(self, node: int) -> dict[str, Any]:
        if node not in self:
            raise KeyError(node)
        who = int(self.tree.mover[node])
        if who == END:
            return {"player": None, "payoffs": dict(zip(self.tree.players, self.tree.payoffs[self.tree.row[node]].tolist(), strict=True))}
        return {"player": None if who == CHANCE else self.tree.players[who]}


class _Neighbours(Mapping[int, Mapping[int, dict[str, Any]]]):
    """Children or parents by node."""

    def __init__(self, tree: LargeTree, kind: Any) -> None:
        self.tree, self.kind = tree, kind

    def __len__(self) -> int:
        return self.tree.nodes

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.tree.nodes))

    def __contains__(self, node: object) -> bool:
        return isinstance(node, int | np.integer) and bool(0 <= node < self.tree.nodes)

    def __getitem__(self, node: int) -> Mapping[int, dict[str, Any]]:
        if node not in self:
            raise KeyError(node)
        found: Mapping[int, dict[str, Any]] = self.kind(self.tree, int(node))
        return found


class _Beside(Mapping[int, dict[str, Any]]):
    """A range of neighbours of a node, with the attributes of the edges."""

    def __init__(self, tree: LargeTree, nodes: range) -> None:
        self.tree, self.nodes = tree, nodes

    def __len__(self) -> int:
        return len(self.nodes)

    def __iter__(self) -> Iterator[int]:
        return iter(self.nodes)

    def _edge(self, above: int, below: int) -> dict[str, Any]:
        move = below - int(self.tree.first[above])
        if self.tree.mover[above] == CHANCE:
            return {"move": move, "probability": float(self.tree.chances[self.tree.weight[above] + move])}
        return {"move": move}


class _Below(_Beside):
    def __init__(self, tree: LargeTree, node: int) -> None:
        start = int(tree.first[node])
        super().__init__(tree, range(start, start + int(tree.count[node])))
        self.node = node

    def __getitem__(self, child: int) -> dict[str, Any]:
        if child not in self.nodes:
            raise KeyError(child)
        return self._edge(self.node, int(child))


class _Above(_Beside):
    def __init__(self, tree: LargeTree, node: int) -> None:
        above = int(tree.parent[node])
        super().__init__(tree, range(above, above + (node > 0)))
        self.node = node

    def __getitem__(self, above: int) -> dict[str, Any]:
        if above not in self.nodes:
            raise KeyError(above)
        return self._edge(int(above), self.node)


def large_tree(game: Game, at: Mapping[Any, Any] | None = None) -> LargeTree:
    """A tree of decisions and chance moves as arrays, at a point (parameters not given take their baseline).

    Raises NotApplicable if the game has other nodes.

    >>> from bargain.models.classics import deterrence
    >>> large_tree(deterrence.game).nodes
    7
    """
    held = game.at(game.notation.point(at)) if game.notation.names else game
    compiled = compile_game(held, [])
    paid, chances = compiled.payoff({})
    place = {path: number for number, path in enumerate(compiled.paths)}
    index = {player: number for number, player in enumerate(game.players)}
    mover, count, payoffs, weights = [], [], [], []
    level: list[tuple[Any, Any]] = [((), held.root)]
    while level:
        below = []
        for history, node in level:
            if isinstance(node, Terminal):
                mover.append(END)
                count.append(0)
                payoffs.append(paid[place[history], :, 0])
                continue
            mover.append(CHANCE if isinstance(node, Chance) else index[node.player])
            count.append(len(node.moves))
            weights += [float(probability) for _, probability, _ in node.draws] if isinstance(node, Chance) else []
            below += [((*history, name), child) for name, child in node.moves]
        level = below
    assert len(weights) == len(chances)
    return LargeTree(tuple(game.players), mover, count, np.array(payoffs), weights)


def tree_of_graph(graph: "nx.DiGraph[Any]", players: tuple[str, ...] | None = None) -> LargeTree:
    """A networkx arborescence as arrays: `player` at decisions, `payoffs` (by player) at ends, `probability` on edges below chance nodes.

    Siblings keep the order in which the graph lists them. Raises BadInput where the graph is no such tree.

    >>> import networkx as nx
    >>> graph = nx.DiGraph([("r", "a"), ("r", "b")])
    >>> graph.nodes["r"]["player"] = "A"
    >>> graph.nodes["a"]["payoffs"], graph.nodes["b"]["payoffs"] = {"A": 1}, {"A": 2}
    >>> tree_of_graph(graph).count.tolist()
    [2, 0, 0]
    """
    import networkx as nx

    if not graph or not nx.is_arborescence(graph):
        raise BadInput("is no tree with one root", place="graph", remedy="give an arborescence: one root, every other node below exactly one")
    root = next(node for node, above in graph.in_degree() if above == 0)
    names = players or tuple(dict.fromkeys(player for _, data in graph.nodes(data=True) for player in data.get("payoffs") or ()))

    def describe(node: Any) -> tuple[Any, Any]:
        data, below = graph.nodes[node], list(graph.successors(node))
        try:
            if not below:
                return None, [data["payoffs"][player] for player in names]
            if data.get("player") is not None:
                return data["player"], below
            return "chance", [(graph.edges[node, child]["probability"], child) for child in below]
        except KeyError as error:
            remedy = "an end needs payoffs of every player, a chance move a probability on each edge"
            raise BadInput(f"node {node!r} has no {error}"[:200], place="graph", remedy=remedy) from error

    return LargeTree.grown(names, root, describe)
