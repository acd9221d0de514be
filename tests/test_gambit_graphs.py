"""Trees as networkx graphs and GraphML: what is kept, what is refused."""

import networkx as nx
import pytest
import sympy as sp

from bargain import Game, Notation, Parameter, chance, decision, offer, payoffs, simultaneous
from bargain.errors import BadInput, BargainError, InvalidModel, NotApplicable
from bargain.games.information import successive
from bargain.interop.graphs import from_graphml, from_networkx, read_graphml, to_graphml, to_networkx, write_graphml

g, h = sp.symbols("g h", real=True)
TABLE = Notation((Parameter(g, "gain", domain=">0", baseline=1), Parameter(h, "hurt", domain=">0", baseline=2)))


def example() -> Game:
    """Chance, an information set, labels, symbols, and a name that XML must escape."""
    reply = {sign: decision("B & <C>", y=payoffs({"A": sign * g**2 / 3, "B & <C>": h}, label='"yes"'), n=payoffs({"A": 0, "B & <C>": sp.sqrt(h)}),
                            information_set="blind") for sign in (1, -1)}
    draws = chance(z=("1/3", decision("A", {"go on": reply[1], "2nd": reply[-1]})), a=("2/3", payoffs({"A": 1, "B & <C>": sp.exp(-g)})))
    return Game("An example", ("A", "B & <C>"), TABLE, draws, "by hand,\nin two lines")


def test_a_tree_comes_back_from_its_graph_and_from_graphml():
    game = example()
    assert from_networkx(to_networkx(game), notation=TABLE) == game
    assert from_graphml(to_graphml(game), notation=TABLE) == game
    assert to_graphml(from_graphml(to_graphml(game), notation=TABLE)) == to_graphml(game)


def test_simultaneous_moves_come_back_as_successive_ones():
    cells = {("u", "l"): payoffs(A=1, B=0), ("u", "r"): payoffs(A=0, B=1), ("d", "l"): payoffs(A=0, B=1), ("d", "r"): payoffs(A=1, B=0)}
    game = Game("pennies", ("A", "B"), (), simultaneous({"A": ("u", "d"), "B": ("l", "r")}, cells))
    assert from_graphml(to_graphml(game)) == successive(game)


def test_a_graph_may_be_written_by_hand_and_edited():
    graph = nx.DiGraph()
    graph.add_node("start", player="A")
    graph.add_node("end", **{"payoff:A": "1/3", "payoff:B": 0.1})
    graph.add_node(7, payoffs={"A": 2, "B": "-1e-3"}, label="L")
    graph.add_edge("start", "end", action="second", position=1)
    graph.add_edge("start", 7, action="first", position=0)
    game = from_networkx(graph)
    assert game == Game("", ("A", "B"), (), decision("A", first=payoffs(A=2, B="-1/1000", label="L"), second=payoffs(A="1/3", B="1/10")))
    graph.nodes["end"]["payoff:B"] = 5
    assert from_networkx(graph).node("second").payoffs["B"] == 5
    del graph.edges["start", "end"]["position"], graph.edges["start", 7]["position"]
    assert [name for name, _ in from_networkx(graph).root.moves] == ["second", "first"]  # the order of the edges
    graph.graph["players"] = ["B", "A"]
    assert from_networkx(graph).players == ("B", "A")


def test_graphml_that_networkx_itself_wrote_is_read(tmp_path):
    graph = nx.DiGraph(title="toll")
    graph.add_node("s", player="A")
    graph.add_node("x", **{"payoff:A": 1.5})
    graph.add_node("y", **{"payoff:A": 2})
    graph.add_edge("s", "x", action="pay")
    graph.add_edge("s", "y", action="go")
    nx.write_graphml(graph, tmp_path / "toll.graphml")
    game = read_graphml(tmp_path / "toll.graphml")
    assert game == Game("toll", ("A",), (), decision("A", pay=payoffs(A="3/2"), go=payoffs(A=2)))
    write_graphml(game, tmp_path / "again.graphml")
    assert read_graphml(tmp_path / "again.graphml") == game


def corrupted(change):
    graph = nx.DiGraph()
    graph.add_node("s", player="A", kind="decision")
    graph.add_node("x", kind="terminal", payoffs={"A": 1})
    graph.add_node("y", kind="terminal", payoffs={"A": 2})
    graph.add_edge("s", "x", action="pay")
    graph.add_edge("s", "y", action="go")
    change(graph)
    return graph


@pytest.mark.parametrize("change, rule", [
    (lambda graph: graph.add_edge("x", "s"), "0 nodes have no predecessor"),
    (lambda graph: graph.add_edge("x", "y"), "'y' can be reached in two ways"),
    (lambda graph: graph.add_node("z"), "2 nodes have no predecessor"),
    (lambda graph: graph.add_edges_from([("u", "v"), ("v", "u")]), "cycle"),
    (lambda graph: graph.edges["s", "y"].update(action="pay"), "'s' of the graph: two edges have the same action"),
    (lambda graph: graph.edges["s", "y"].update(action="a/b"), "move name 'a/b'"),
    (lambda graph: graph.edges["s", "y"].update(position="1"), "no whole number"),
    (lambda graph: graph.nodes["s"].pop("player"), "kind 'decision' with 2 edges and player None"),
    (lambda graph: graph.nodes["s"].update(kind="chance"), "no probability"),
    (lambda graph: graph.nodes["s"].update(kind="offer"), "kind 'offer'"),
    (lambda graph: graph.nodes["x"].update(kind="decision", player="A"), "with 0 edges"),
    (lambda graph: graph.nodes["x"].update(payoffs={"A": "one"}), "'x' of the graph: unknown symbol 'one'"),
    (lambda graph: graph.nodes["x"].update(payoffs={"B": 1}), "payoffs must name every player"),
    (lambda graph: graph.graph.update(players="A and B"), "is not a list of names"),
    (lambda graph: graph.graph.update(players="3"), "is not a list of names"),
])
def test_a_graph_that_is_no_game_is_refused_with_its_node(change, rule):
    with pytest.raises((BadInput, InvalidModel), match=rule):
        from_networkx(corrupted(change))
    assert from_networkx(corrupted(lambda graph: None)).count["ends"] == 2


def test_undirected_and_multiple_graphs_are_refused():
    for kind in (nx.Graph, nx.MultiDiGraph):
        with pytest.raises(BadInput, match="a game is a DiGraph"):
            from_networkx(kind([(0, 1)]))


OPENING = '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph edgedefault="directed">'


@pytest.mark.parametrize("text", ["", "x", "<graphml>", "<graphml/>", "<a><b/></a>", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "<graphml>\n<graph",
                                  OPENING + "<node/></graph></graphml>", OPENING + "</graph></graphml>"])
def test_what_is_not_graphml_is_refused(text):
    with pytest.raises(BargainError):
        from_graphml(text)


def test_what_graphml_cannot_hold_is_refused(tmp_path):
    x = sp.Symbol("x", real=True)
    tree = Game("t", ("A", "B"), (), offer("A", x, between=(0, 1), answer=decision("B", yes=payoffs(A=x, B=1 - x), no=payoffs(A=0, B=0))))
    with pytest.raises(NotApplicable, match="no Offer nodes"):
        to_networkx(tree)
    with pytest.raises(BadInput, match="control characters"):
        to_graphml(Game("a\x01b", ("A",), (), payoffs(A=1)))
    with pytest.raises(BadInput, match="unknown symbol 'g'"):
        from_graphml(to_graphml(example()))  # symbols need their notation
    with pytest.raises(BadInput, match="cannot be read"):
        read_graphml(tmp_path / "absent.graphml")
