"""Trees as arrays: the same answers as games, the graph view is a graph, malformed arrays are refused."""

import random

import networkx as nx
import numpy as np
import pytest

import bargain as bg
from bargain.errors import BadInput, InvalidModel
from bargain.games.large_tree import CHANCE, END, LargeTree
from bargain.interop.large import graph_view, large_tree, tree_of_graph
from bargain.kernels import core
from bargain.kernels.large_induction import induced
from bargain.models.ukraine import grand_bargain as grand

SETTINGS = ["numpy", pytest.param("c", marks=pytest.mark.skipif(core._loaded() is None, reason="the C extension was not built"))]


def random_game(seed, depth=5):
    draw = random.Random(seed)

    def grow(left):
        if left == 0 or draw.random() < 0.15:
            return bg.payoffs({p: draw.randint(-3, 3) for p in "ABC"})
        moves = {f"m{k}": grow(left - 1) for k in range(draw.randint(1, 3))}
        if draw.random() < 0.2:
            weights = [draw.randint(1, 4) for _ in moves]
            return bg.chance({name: (f"{w}/{sum(weights)}", node) for (name, node), w in zip(moves.items(), weights, strict=True)})
        return bg.decision(draw.choice("ABC"), moves)

    return bg.Game(f"random {seed}", ("A", "B", "C"), (), grow(depth))


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("seed", range(12))
def test_induction_pays_what_one_of_the_equilibria_pays(monkeypatch, setting, seed):
    monkeypatch.setenv("BARGAIN_CORE", setting)
    game = random_game(seed)
    found = induced(large_tree(game)).values[0]
    paid = [[float(e.payoffs[p]) for p in game.players] for e in bg.solve(game, bg.SubgamePerfect()).equilibria]
    assert any(np.allclose(found, one, atol=1e-9) for one in paid), (found, paid)


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_grand_tree_reaches_its_baseline_outcome(monkeypatch, setting):
    monkeypatch.setenv("BARGAIN_CORE", setting)
    tree = large_tree(grand.game)
    end, node = grand.game.root, induced(tree).play(tree)
    labels = []
    for move in node:
        name, end = end.moves[move]
        labels.append(name)
    assert "/".join(labels) == "Compact/TalksFirst/P/Swap/Accept/Comply"


def expanded(depth, seed=0):
    draw = np.random.default_rng(seed)

    def rule(states, level):
        count = np.zeros(len(states), dtype=int) if level == depth else draw.integers(1, 4, len(states))
        mover = np.where(count == 0, END, draw.integers(-2, 2, len(states)))
        mover[mover == -1] = np.where(count[mover == -1] == 0, END, 0)
        return mover, count, np.zeros(count.sum()), draw.normal(size=((count == 0).sum(), 2)).round(1)

    return LargeTree.expanded(("A", "B"), [0], rule)


@pytest.mark.skipif(core._loaded() is None, reason="the C extension was not built")
@pytest.mark.parametrize("seed", range(5))
def test_numpy_and_c_give_the_same_bits(monkeypatch, seed):
    tree, found = expanded(9, seed), []
    for setting in ("numpy", "c"):
        monkeypatch.setenv("BARGAIN_CORE", setting)
        found.append(induced(tree))
    assert np.array_equal(found[0].values, found[1].values) and np.array_equal(found[0].choice, found[1].choice)


def test_the_view_is_the_graph_that_a_copy_would_be():
    tree = expanded(6, 3)
    view = graph_view(tree)
    copy = nx.DiGraph(view)
    assert nx.utils.graphs_equal(copy, view) and nx.is_arborescence(view) and view.number_of_edges() == tree.nodes - 1
    assert list(nx.dfs_postorder_nodes(view, 0)) == list(nx.dfs_postorder_nodes(copy, 0))
    assert nx.descendants(view, 1) == nx.descendants(copy, 1) and nx.dag_longest_path_length(view) == tree.depth
    deep = tree.nodes - 1
    assert [view.edges[edge]["move"] for edge in nx.utils.pairwise(nx.shortest_path(view, 0, deep))] == list(tree.moves(deep))
    assert set(view.subgraph([0, 1, 2]).nodes) == {0, 1, 2} and list(view.predecessors(deep)) == [tree.parent[deep]]
    with pytest.raises(nx.NetworkXError):
        view.add_edge(0, deep)
    with pytest.raises(KeyError):
        view.nodes[tree.nodes]


def test_a_graph_becomes_the_arrays_it_came_from():
    tree = expanded(5, 8)
    again = tree_of_graph(graph_view(tree), tree.players)
    for name in ("mover", "count", "payoffs", "chances"):
        assert np.array_equal(getattr(again, name), getattr(tree, name)), name
    with pytest.raises(BadInput, match="no tree"):
        tree_of_graph(nx.DiGraph([(0, 1), (1, 0)]))
    with pytest.raises(BadInput, match="no 'probability'"):
        tree_of_graph(nx.DiGraph([(0, 1)]), ("A",))


GOOD = {"mover": [0, CHANCE, END, END, END], "count": [2, 2, 0, 0, 0], "payoffs": [[1, 1], [0, 3], [2, 0]], "chances": [0.25, 0.75]}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"count": [2, 2, 0, 0]}, "count has shape"),
        ({"payoffs": [[1, 1]]}, "payoffs have shape"),
        ({"chances": [1.0]}, "1 chances for 2"),
        ({"mover": [5, CHANCE, END, END, END]}, "neither a player"),
        ({"count": [2, 1, 1, 0, 0], "chances": [1]}, "ends have no children"),
        ({"count": [2, 3, 0, 0, 0], "chances": [0.2, 0.3, 0.5]}, "add up to 5"),
        ({"payoffs": [[1, 1], [0, np.nan], [2, 0]]}, "not finite"),
        ({"chances": [0.5, 0.6]}, "add up to 1"),
        ({"chances": [1.5, -0.5]}, "negative"),
    ],
)
def test_arrays_that_are_no_tree_are_refused(change, message):
    LargeTree(("A", "B"), **GOOD)
    with pytest.raises(InvalidModel, match=message):
        LargeTree(("A", "B"), **{**GOOD, **change})


def test_a_node_below_itself_is_refused():
    with pytest.raises(InvalidModel, match="own descendant"):
        LargeTree(("A",), mover=[END, 0, END], count=[0, 2, 0], payoffs=[[1], [2]])
