"""Games and bargaining problems: what is invalid is refused with place and remedy; views of a game agree with each other."""

from collections.abc import Callable
from itertools import product
from typing import Any

import networkx as nx
import pytest
import sympy as sp

from bargain import (
    AlternatingOffers,
    BadInput,
    BargainingProblem,
    Breakdown,
    Game,
    InvalidModel,
    MatrixGame,
    NotApplicable,
    Notation,
    Parameter,
    State,
    TooLarge,
    bargain_node,
    chance,
    decision,
    offer,
    payoffs,
    simultaneous,
)
from bargain.games import Terminal

R = sp.Rational
x, y, g, l, q = sp.symbols("x y g l q", real=True)  # noqa: E741 - the paper's letter
ROWS = (Parameter(g, "gain", domain=">0", baseline=2), Parameter(q, "chance", domain="[0, 1]", baseline="1/3"))
WAR = payoffs(A="-1/3", B="-2/7", label="war")
PIE = {"agreement": {"A": x, "B": 1 - x}, "discount": {"A": "9/10", "B": "4/5"}}


def table(**changes: Any) -> AlternatingOffers:
    """A valid table, some fields changed."""
    return AlternatingOffers("Pie", ("A", "B"), x, **{**PIE, **changes})  # type: ignore[arg-type]


def crisis() -> Game:
    """A demands or not; B answers; a refused demand is settled by chance."""
    fight = chance(wins=(q, payoffs(A=g, B=-1)), loses=(1 - q, payoffs(A=-1, B=g)))
    return Game("Crisis", ("A", "B"), ROWS, decision("A", wait=payoffs(A=0, B=0), demand=decision("B", concede=payoffs(A=1, B="-1/2"), resist=fight)))  # type: ignore[arg-type]


def game(root: Any, players: tuple[str, ...] = ("A", "B"), rows: tuple[Parameter, ...] = ROWS) -> Game:
    """A game around a root."""
    return Game("Test", players, rows, root)  # type: ignore[arg-type]


ANSWER = decision("B", yes=payoffs(A=x, B=1 - x), no=WAR)
INVALID: list[tuple[str, Callable[[], Any]]] = [
    ("players must be named once", lambda: game(WAR, ("A", "A"))),
    ("players must be named once", lambda: game(WAR, ())),
    ("is not a Parameter", lambda: game(WAR, rows=(g,))),  # type: ignore[arg-type]
    ("payoffs must name every player", lambda: game(payoffs(A=1))),
    ("payoffs must name every player", lambda: game(payoffs(A=1, B=2, C=3))),
    ("l is not in the notation", lambda: game(decision("A", stop=WAR, go=payoffs(A=l, B=0)))),
    ("x is not in the notation", lambda: game(decision("A", stop=WAR, go=payoffs(A=x, B=0)))),
    ("unknown player 'C'", lambda: game(decision("C", stop=WAR))),
    ("unknown player 'C'", lambda: game(simultaneous({"A": ("u",), "C": ("v",)}, {("u", "v"): WAR}))),
    ("unknown player 'C'", lambda: game(offer("C", x, between=(0, 1), answer=ANSWER))),
    ("probabilities sum to 4/5", lambda: game(chance(win=("1/2", WAR), lose=("3/10", WAR)))),
    ("probabilities sum to", lambda: game(chance(win=(q, WAR), lose=(q, WAR)))),
    ("of 'lose' is negative", lambda: game(chance(win=("3/2", WAR), lose=("-1/2", WAR)))),
    ("is empty", lambda: game(offer("A", x, between=(1, 0), answer=ANSWER))),
    ("both offered and a parameter", lambda: game(offer("A", g, between=(0, 1), answer=decision("B", yes=WAR)))),
    ("every player outside the table", lambda: game(bargain_node(table()), ("A", "B", "C"))),
    ("every player outside the table", lambda: game(bargain_node(table(), spectators={"A": x}))),
    ("no moves", lambda: decision("A")),
    ("no moves", lambda: chance()),
    ("empty or contains '/'", lambda: decision("A", {"a/b": WAR})),
    ("empty or contains '/'", lambda: decision("A", {"": WAR})),
    ("not to a node", lambda: decision("A", stop=3)),  # type: ignore[arg-type]
    ("a draw is a pair", lambda: chance(win=WAR)),  # type: ignore[arg-type]
    ("answered by a decision node", lambda: offer("A", x, between=(0, 1), answer=WAR)),  # type: ignore[arg-type]
    ("is missing", lambda: simultaneous({"A": ("u", "d"), "B": ("l",)}, {("u", "l"): WAR})),
    ("is not a combination of actions", lambda: simultaneous({"A": ("u",), "B": ("l",)}, {("u", "l"): WAR, ("d", "l"): WAR})),
    ("one list of actions per player", lambda: MatrixGame("M", ("A", "B"), (("u",),), {("u",): (1, 1)})),  # type: ignore[dict-item]
    ("one list of actions per player", lambda: MatrixGame("M", ("A", "A"), (("u",), ("l",)), {("u", "l"): (1, 1)})),  # type: ignore[dict-item]
    ("non-empty and distinct", lambda: MatrixGame("M", ("A", "B"), (("u", "u"), ("l",)), {("u", "l"): (1, 1)})),  # type: ignore[dict-item]
    ("must pay every player", lambda: MatrixGame("M", ("A", "B"), (("u",), ("l", "r")), {("u", "l"): (1, 1)})),  # type: ignore[dict-item]
    ("must pay every player", lambda: MatrixGame("M", ("A", "B"), (("u",), ("l",)), {("u", "l"): (1,)})),  # type: ignore[dict-item]
    ("g is not in the notation", lambda: MatrixGame("M", ("A", "B"), (("u",), ("l",)), {("u", "l"): (g, 1)})),  # type: ignore[dict-item]
    ("takes two matrices", lambda: MatrixGame.from_arrays([[1]])),
    ("differ in shape", lambda: MatrixGame.from_arrays([[1, 2]], [[1], [2]])),
    ("two different players", lambda: AlternatingOffers("Pie", ("A", "A"), x, **PIE)),  # type: ignore[arg-type]
    ("agreement must name both", lambda: table(agreement={"A": x})),
    ("discount must name both", lambda: table(discount={"A": "1/2", "B": "1/2", "C": "1/2"})),
    ("outside options must name both", lambda: table(outside={"B": "1/4"})),
    ("outside options must name both", lambda: table(outside={"A": 0, "B": "1/4", "C": 0})),
    ("unknown state 'away'", lambda: table(states=(State("talks", moves={"away": 1}),))),
    ("do not sum to 1", lambda: table(states=(State("talks", moves={"talks": "1/2"}),))),
    ("transition probability is negative", lambda: table(states=(State("talks", moves={"talks": "3/2", "war": "-1/2"}), State("war")))),
    ("with no last period", lambda: table(discount={"A": 1, "B": "4/5"})),
    ("with no last period", lambda: table(discount={"A": "-1/5", "B": "4/5"})),
    ("g is not in the notation", lambda: table(outside={"A": 0, "B": g}, notation=Notation((Parameter(q, "chance"),)))),
    ("exactly one of vertices, curve, points", lambda: BargainingProblem("P", ("A", "B"), {"A": 0, "B": 0}, vertices=((1, 1),), points=((1, 1),))),
    ("must name every player", lambda: BargainingProblem("P", ("A", "B"), {"A": 0}, vertices=((1, 1),))),
    ("needs 2 utilities", lambda: BargainingProblem("P", ("A", "B"), {"A": 0, "B": 0}, vertices=((1, 1, 1),))),
    ("curve must name every player", lambda: BargainingProblem("P", ("A", "B"), {"A": 0, "B": 0}, curve=(x, (0, 1), {"A": x}))),
    ("g is not in the notation", lambda: BargainingProblem("P", ("A", "B"), {"A": g, "B": 0}, vertices=((1, 1),))),
]


@pytest.mark.parametrize(("rule", "build"), INVALID, ids=[f"{number}: {rule}" for number, (rule, _) in enumerate(INVALID)])
def test_what_does_not_add_up_is_refused_with_place_and_remedy(rule: str, build: Callable[[], Any]) -> None:
    with pytest.raises(InvalidModel, match=rule) as refusal:
        build()
    assert refusal.value.place and refusal.value.remedy


def test_a_node_deep_in_the_tree_is_named_by_its_history() -> None:
    with pytest.raises(InvalidModel) as refusal:
        game(decision("A", go=decision("B", stop=WAR, strike=payoffs(A=1))))
    assert refusal.value.place == "node go/strike"


def test_an_unknown_move_or_parameter_is_refused_with_what_is_known() -> None:
    with pytest.raises(BadInput, match="wait, demand"):
        crisis().node("attack")
    with pytest.raises(BadInput, match="g, q"):
        crisis().at({"h": 1})
    with pytest.raises(BadInput, match="outside the domain"):
        crisis().at({"q": 2})


def test_the_graph_shows_the_tree_and_is_frozen() -> None:
    graph = crisis().tree
    assert nx.is_frozen(graph) and nx.is_arborescence(graph) and graph.number_of_nodes() == 7 == crisis().count["nodes"]
    assert graph.nodes[("demand",)]["player"] == "B" and graph.nodes[("demand", "resist")]["kind"] == "chance"
    assert graph.edges[("demand", "resist"), ("demand", "resist", "wins")] == {"action": "wins", "probability": q}
    assert graph.nodes[("wait",)]["payoffs"] == {"A": 0, "B": 0} and graph.graph["players"] == ("A", "B")
    with pytest.raises(nx.NetworkXError):
        graph.add_node("another")


def test_games_are_values_and_solving_views_leave_them_alone() -> None:
    original = crisis()
    fixed = original.at({"g": "5/2", q: 0.25})
    assert original == crisis() and fixed.notation.symbols == ()
    assert fixed.node("demand", "resist", "wins") == Terminal({"A": R(5, 2), "B": sp.Integer(-1)})
    assert original.at({"q": "1/4"}).notation.symbols == (g,)
    assert original.at({}).root == original.root
    subgame = original.subgame("demand")
    assert subgame.root is original.node("demand") and subgame.count == {"nodes": 5, "ends": 3, "decisions": 1, "chance": 1}


def test_every_kind_of_node_takes_values() -> None:
    node = decision("A", {
        "offer": offer("A", x, between=(0, g), answer=decision("B", yes=payoffs(A=x, B=g - x), no=WAR)),
        "rush": simultaneous({"A": ("u",), "B": ("l", "r")}, {("u", "l"): payoffs(A=g, B=0), ("u", "r"): WAR}),
        "talk": bargain_node(table(agreement={"A": x, "B": g - x}), outside={"B": payoffs(A=0, B=g / 5)})})
    fixed = game(node).at({g: 3, q: "1/2"})
    assert not set().union(*(e.free_symbols for _, n in fixed.nodes() if isinstance(n, Terminal) for e in n.payoffs.values())) - {x}
    assert fixed.node("offer").between == (0, 3) and fixed.node("rush", "u,l").payoffs["A"] == 3  # type: ignore[union-attr]
    assert fixed.node("talk").table.agreement["B"] == 3 - x and fixed.node("talk", "B walks away").payoffs["B"] == R(3, 5)  # type: ignore[union-attr]


def test_the_strategic_form_pays_what_the_plans_lead_to() -> None:
    form = crisis().strategic_form()
    assert form.shape == (2, 2) and form.actions == (("wait", "demand"), ("concede", "resist"))
    assert [sp.expand(u) for u in form["demand", "resist"]] == [sp.expand(q * g - (1 - q)), sp.expand((1 - q) * g - q)]
    assert form["wait", "resist"] == (0, 0) and form["demand", "concede"] == (1, R(-1, 2))
    twice = game(decision("A", l=decision("A", a=WAR, b=WAR), r=decision("B", c=WAR, d=WAR, e=WAR)))
    assert twice.strategic_form().shape == (4, 3) and twice.strategic_form().actions[0][0] == "l & a"
    blind = decision("B", {"heads": WAR, "tails": WAR}, information_set="B")
    assert game(decision("A", heads=blind, tails=blind)).strategic_form().shape == (2, 2)


def test_the_strategic_form_of_a_continuum_or_of_a_giant_is_refused() -> None:
    with pytest.raises(NotApplicable, match="Offer"):
        game(offer("A", x, between=(0, 1), answer=ANSWER)).strategic_form()
    root: Any = WAR
    for depth in range(18):
        root = decision("A" if depth % 2 else "B", stop=WAR, go=root)
    with pytest.raises(TooLarge, match="cells"):
        game(root).strategic_form()


def test_a_matrix_game_reads_like_its_matrices() -> None:
    form = MatrixGame.from_arrays([[g, 0], [5, 1]], [[3, "1/2"], [0, 0.25]], players=("A", "B"), notation=Notation(ROWS))
    assert form.actions == (("r1", "r2"), ("c1", "c2")) and list(form) == list(product(*form.actions))
    assert form["r1", "c2"] == (0, R(1, 2)) and form.matrix("A") == [[g, 0], [5, 1]] and form.matrix("B") == [[3, R(1, 2)], [0, R(1, 4)]]
    assert form.at({"g": 7})["r1", "c1"] == (7, 3) and form["r1", "c1"] == (g, 3)
    three = MatrixGame("Three", ("A", "B", "C"), (("u",), ("l",), ("s", "t")), {("u", "l", "s"): (1, 2, 3), ("u", "l", "t"): (4, 5, 6)})  # type: ignore[dict-item]
    assert three.shape == (1, 1, 2) and three["u", "l", "t"] == (4, 5, 6)
    with pytest.raises(NotApplicable):
        three.matrix("A")


def test_bargaining_problems_take_values_and_know_their_kind() -> None:
    d = {"A": g - 2, "B": 0}
    notation = Notation(ROWS)
    polygon = BargainingProblem("P", ("A", "B"), d, vertices=((g, 0), (0, "1/2")), notation=notation)
    curve = BargainingProblem("P", ("A", "B"), d, curve=(x, (0, g), {"A": x, "B": g - x}), notation=notation)
    finite = BargainingProblem("P", ("A", "B"), d, points=((1, g), (2, 0.5)), notation=notation)
    assert [problem.kind for problem in (polygon, curve, finite)] == ["polygon", "curve", "finite"]
    assert polygon.at({"g": 3}).vertices == ((3, 0), (0, R(1, 2))) and polygon.at({"g": 3}).disagreement == {"A": 1, "B": 0}
    assert curve.at({"g": 3}).curve == (x, (0, 3), {"A": x, "B": 3 - x}) and finite.at({"g": "1/3"}).points == ((1, R(1, 3)), (2, R(1, 2)))


def test_a_table_takes_values_fills_its_defaults_and_drops_states() -> None:
    fading = table(states=(State("war", flow={"A": g}, moves={"war": q, "lull": 1 - q}), State("lull")), notation=Notation(ROWS))
    fixed = fading.at({"g": "1/5", "q": "1/4"})
    assert fixed.states[0] == State("war", {"A": R(1, 5), "B": sp.Integer(0)}, {"war": R(1, 4), "lull": R(3, 4)})
    assert fixed.states[1].moves == {"lull": 1} and fading.without("war").states[0].name == "lull"
    assert [state.name for state in fading.without(start="lull").states] == ["lull", "war"]
    with pytest.raises(InvalidModel, match="unknown state"):
        fading.without("lull")
    broken = table(discount={"A": 1, "B": 1}, breakdown=Breakdown("0.1", {"A": 0, "B": "1/2"}))
    assert broken.breakdown == Breakdown(R(1, 10), {"A": sp.Integer(0), "B": R(1, 2)})


def test_a_drifting_variable_keeps_its_symbol_and_remembers_its_start() -> None:
    drifting = table(agreement={"A": x + y, "B": 1 - x}, drift={y: y - q}, notation=Notation((*ROWS, Parameter(y, "front", domain="[0, 1]"))))
    fixed = drifting.at({"y": "1/2", "q": "1/8", "g": 1})
    assert fixed.start == {y: R(1, 2)} and fixed.drift == {y: y - R(1, 8)} and fixed.agreement["A"] == x + y
