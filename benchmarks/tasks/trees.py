"""Backward induction: many draws of one tree."""

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import networkx as nx
import numpy as np

from bargain.compile import CompiledGame, compile_game
from bargain.games.large_tree import END, LargeTree
from bargain.interop.large import graph_view
from bargain.kernels.induction import Step, backward_induction
from bargain.kernels.large_induction import induced
from bargain.models.ukraine import grand_bargain as grand
from benchmarks.task import Task


def tasks(quick: bool = False) -> list[Task]:
    """Random trees of given payoffs, and the whole grand tree with payoffs made from its parameters."""
    draws = 64 if quick else 8192
    few = 2 if quick else 10
    tree = _grown(1000)

    def fresh(number: int) -> Any:
        return np.random.default_rng([5, number]).normal(size=(len(tree.ends), 2, draws))

    listed = [Task("backward induction, 1000 nodes", "draw", fresh, lambda given: _ours(tree, given), draws,
                   lambda given: [_recursion(tree, given[:, :, k]) for k in range(few)], "recursion on a networkx DiGraph", few, _same_ends, target=120)]
    points = 2_000 if quick else 200_000
    listed.append(Task("the grand tree, payoffs from three parameters", "draw", _prior(("v_US", "a_pc", "d"), points), lambda given: _grand().outcomes(given),
                       points, lambda given: _grand_recursion(given, few), "recursion on a networkx DiGraph", few, _same_ends, target=100))
    big, small = (10, 8) if quick else (19, 16)
    nodes, beside = 2 ** (big + 1) - 1, 2 ** (small + 1) - 1
    listed.append(Task(f"a tree of {nodes:,} nodes, built and solved", "node", lambda number: number, lambda phase: _arrays(big, phase), nodes,
                       lambda phase: _digraph(small, phase), f"DiGraph of {beside:,} nodes, built, solved by recursion", beside, _same_value, target=200))
    store = LargeTree.expanded(("A", "B"), [0], _rule(big - 2, 0))
    listed.append(Task(f"a networkx graph of {store.nodes:,} nodes", "graph", lambda number: store, graph_view, 1, _copied, "building a DiGraph", 1,
                       _same_graph, target=1_000))
    return listed


def _same_graph(ours: Any, theirs: Any) -> None:
    assert ours.number_of_edges() == theirs.number_of_edges() and all(list(ours.successors(node)) == list(theirs.successors(node)) for node in range(50))


class _Tree:
    """A random tree: a graph for the peer, steps in post-order for ours."""

    def __init__(self, nodes: int) -> None:
        draw = np.random.default_rng(nodes)
        self.graph, self.steps, self.ends = nx.DiGraph(), [], []
        children: dict[int, list[int]] = {0: []}
        frontier, count = [0], 1
        while count < nodes:
            parent = frontier.pop(0)
            for _ in range(int(draw.integers(2, 4))):
                children[parent].append(count)
                children[count] = []
                frontier.append(count)
                count += 1
        mover = draw.integers(0, 2, count)
        for node, below in children.items():
            self.graph.add_node(node, player=int(mover[node]))
            self.graph.add_edges_from((node, child) for child in below)
        self._walk(0, children, mover)
        self.place = {node: k for k, node in enumerate(self.ends)}

    def _walk(self, node: int, children: dict[int, list[int]], mover: Any) -> None:
        for child in children[node]:
            self._walk(child, children, mover)
        if children[node]:
            self.steps.append(Step("choose", len(children[node]), int(mover[node])))
        else:
            self.steps.append(Step("end", len(self.ends), 0))
            self.ends.append(node)


@cache
def _grown(nodes: int) -> _Tree:
    return _Tree(nodes)


def _ours(tree: _Tree, payoffs: Any) -> Any:
    return backward_induction(tree.steps, payoffs, np.empty((0, payoffs.shape[2])))[1]


def _recursion(tree: _Tree, payoffs: Any) -> int:
    """What a user writes: payoffs in a dictionary, children from the graph."""
    paid = {node: tuple(payoffs[k].tolist()) for k, node in enumerate(tree.ends)}
    mover = nx.get_node_attributes(tree.graph, "player")

    def value(node: int) -> tuple[tuple[float, ...], int]:
        if node in paid:
            return paid[node], node
        return max((value(child) for child in tree.graph.successors(node)), key=lambda result: result[0][mover[node]])

    return tree.place[value(0)[1]]


def _same_ends(ours: Any, theirs: list[int]) -> None:
    assert ours[: len(theirs)].tolist() == theirs


def _prior(names: tuple[str, ...], points: int) -> Callable[[int], Any]:
    def fresh(number: int) -> Any:
        draw = np.random.default_rng([9, number])
        ranges = {name: grand.NOTATION[name].prior for name in names}
        return {grand.NOTATION[name].symbol: draw.uniform(float(low), float(high), points) for name, (low, high) in ranges.items()}

    return fresh


@cache
def _grand() -> CompiledGame:
    return compile_game(grand.game, [grand.NOTATION[name].symbol for name in ("v_US", "a_pc", "d")])


def _grand_recursion(values: Any, count: int) -> list[int]:
    """Payoffs of every end as floats, then the recursion over the graph."""
    table, _ = _grand().payoff({symbol: column[:count] for symbol, column in values.items()})
    paths = _grand().paths
    tree = _graph()
    mover = {h: grand.PLAYERS.index(data["player"]) for h, data in tree.nodes(data=True) if data["player"]}
    place = {path: k for k, path in enumerate(paths)}

    def value(history: Any, paid: Any) -> tuple[Any, Any]:
        if history in place:
            return paid[place[history]], history
        return max((value(child, paid) for child in tree.successors(history)), key=lambda result: result[0][mover[history]])

    return [place[value((), table[:, :, k].tolist())[1]] for k in range(count)]


@cache
def _graph() -> Any:
    return grand.game.at({s: v for s, v in grand.NOTATION.baseline.items() if s.name not in ("v_US", "a_pc", "d")}).tree



def _rule(levels: int, phase: int) -> Callable[[Any, int], Any]:
    """A binary tree, players in turn, payoffs made from the place of an end."""

    def rule(states: Any, depth: int) -> Any:
        size = len(states)
        if depth == levels:
            paid = np.column_stack([np.sin(states + phase), np.cos(3 * states + phase)])
            return np.full(size, END, dtype=np.int8), np.zeros(size, dtype=np.int32), states[:0], paid
        return np.full(size, depth % 2, dtype=np.int8), np.full(size, 2, dtype=np.int32), (2 * states[:, None] + np.arange(2)).reshape(-1), np.empty((0, 2))

    return rule


def _arrays(levels: int, phase: int) -> Any:
    return induced(LargeTree.expanded(("A", "B"), [0], _rule(levels, phase))).values[0].tolist()


def _digraph(levels: int, phase: int) -> tuple[int, int, Any]:
    """What a user writes: a DiGraph with attributes, node by node, and a recursion over it."""
    graph = nx.DiGraph()
    graph.add_node((0, 0), player=0)
    for depth in range(levels):
        for place in range(2**depth):
            for move in range(2):
                child = (depth + 1, 2 * place + move)
                graph.add_node(child, player=(depth + 1) % 2)
                graph.add_edge((depth, place), child, move=move)
    for place in range(2**levels):
        graph.nodes[levels, place]["payoffs"] = (math.sin(place + phase), math.cos(3 * place + phase))

    def value(node: Any) -> tuple[float, ...]:
        data = graph.nodes[node]
        return data["payoffs"] if "payoffs" in data else max((value(child) for child in graph.successors(node)), key=lambda paid: paid[data["player"]])

    return levels, phase, value((0, 0))


def _same_value(ours: Any, theirs: tuple[int, int, Any]) -> None:
    levels, phase, value = theirs
    assert np.allclose(_arrays(levels, phase), value, atol=1e-12) and len(ours) == 2


def _copied(tree: LargeTree) -> Any:
    """A DiGraph with the same nodes, edges and attributes."""
    graph = nx.DiGraph()
    graph.add_nodes_from((node, {"player": int(who)}) for node, who in enumerate(tree.mover))
    graph.add_edges_from((int(above), node) for node, above in enumerate(tree.parent) if node)
    return graph
