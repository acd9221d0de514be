"""Information sets: validation, recall, subgames, successive moves, and the forms of a tree that all pay the same."""

from itertools import product

import numpy as np
import pytest
import sympy as sp

from bargain import Game, InvalidModel, NotApplicable, Parameter, chance, decision, offer, payoffs, simultaneous
from bargain.games import information_sets, sequence_form, subgame_roots, successive
from bargain.games.information import forgotten
from bargain.games.nodes import Chance, Decision, Terminal
from bargain.games.strategic import planned_form


def end(*values: object) -> Terminal:
    return payoffs(dict(zip("AB", values, strict=False)))


def blind(*values: object, name: str = "b") -> Decision:
    return decision("B", {"L": end(*values[:2]), "R": end(*values[2:])}, information_set=name)


def poker() -> Game:
    """Myerson's (1991, fig. 2.2) card game."""
    def hand(sign: int) -> Decision:
        meet = decision("B", meet=end(2 * sign, -2 * sign), **{"pass": end(1, -1)}, information_set="b")
        return decision("A", {"raise": meet, "fold": end(sign, -sign)})

    return Game("card game", ("A", "B"), (), chance(red=("1/2", hand(1)), black=("1/2", hand(-1))))


@pytest.mark.parametrize(("root", "rule"), [
    (decision("A", l=blind(1, 0, 0, 1, name="x"), r=decision("A", L=end(0, 0), R=end(1, 1), information_set="x")), "belongs to B"),
    (decision("A", l=blind(1, 0, 0, 1), r=decision("B", L=end(0, 0), M=end(1, 1), information_set="b")), "has the actions L, R"),
    (decision("A", l=blind(1, 0, 0, 1, name="r"), r=decision("B", L=end(0, 0), M=end(1, 1))), "named like the node"),
])
def test_contradictory_information_sets_are_refused(root: Decision, rule: str) -> None:
    with pytest.raises(InvalidModel, match=rule):
        Game("bad", ("A", "B"), (), root)


def test_recall() -> None:
    assert forgotten(poker()) is None
    second = decision("A", x=end(1, 0), y=end(0, 1), information_set="again")
    forgets = Game("forgets", ("A", "B"), (), decision("A", l=second, r=second))
    assert "different own moves: l and r" in str(forgotten(forgets))
    absent = Game("absent-minded", ("A", "B"), (), decision("A", {"on": decision("A", {"on": end(1, 0), "off": end(4, 0)}, information_set="exit"),
                                                                  "off": end(0, 0)}, information_set="exit"))
    assert "twice on one path" in str(forgotten(absent))
    with pytest.raises(NotApplicable, match="imperfect recall"):
        sequence_form(forgets)


def test_subgames_contain_their_information_sets_whole() -> None:
    pennies = decision("A", h=blind(1, 0, 0, 1), t=blind(0, 1, 1, 0))
    game = Game("three stages", ("A", "B"), (), decision("A", {
        "in": decision("B", {"fight": pennies, "yield": end(2, 1)}), "out": chance(u=("1/3", blind(3, 1, 2, 2, name="c")), d=("2/3", blind(0, 0, 1, 1, name="c")))}))
    assert subgame_roots(game) == ((), ("in",), ("in", "fight"), ("out",))
    assert subgame_roots(poker()) == ((),)
    with_offer = Game("offer", ("A", "B"), (), offer("A", sp.Symbol("x"), between=(0, 1), answer=decision("B", yes=end(0, 1), no=end(0, 0))))
    assert subgame_roots(with_offer) == ((), ("offer x",))


def test_simultaneous_moves_become_successive_ones() -> None:
    cells = {(a, b): (i + 2 * j, i - j) for (i, a), (j, b) in product(enumerate("xyz"), enumerate("uv"))}
    stage = simultaneous({"A": "xyz", "B": "uv"}, {cell: end(*value) for cell, value in cells.items()})
    game = successive(Game("stage", ("A", "B"), (), decision("B", go=stage, stop=end(0, 0))))
    assert [(s.name, len(s.members)) for s in information_sets(game)] == [("(start)", 1), ("A at go", 1), ("B at go", 3)]
    assert dict(game.node("go", "y", "v").payoffs) == {"A": 3, "B": 0}  # type: ignore[union-attr]
    assert ("go",) in subgame_roots(game) and ("go", "x") not in subgame_roots(game)


def random_game(rng: np.random.Generator, depth: int = 4) -> Game:
    """A random tree with perfect recall: nodes of equal depth and own past may share an information set."""
    def grow(level: int, past: dict[str, str], path: str) -> object:
        if level == depth or (level > 1 and rng.random() < 0.25):
            return end(*(sp.Rational(int(v), 3) for v in rng.integers(-9, 10, 2)))
        if rng.random() < 0.2:
            return chance(u=("1/3", grow(level + 1, past, path + "u")), d=("2/3", grow(level + 1, past, path + "d")))
        player = str(rng.choice(["A", "B"]))
        name = f"{player}{level}{past[player]}" if rng.random() < 0.6 else f"{player}{level}{past[player]}:{path}"
        return decision(player, {a: grow(level + 1, {**past, player: past[player] + f"/{name}{a}"}, path + a) for a in "lr"}, information_set=name)

    return Game("random", ("A", "B"), (), grow(0, {"A": "", "B": ""}, ""))


@pytest.mark.parametrize("seed", range(25))
def test_the_forms_of_a_tree_pay_the_same(seed: int) -> None:
    rng = np.random.default_rng(seed)
    game = random_game(rng)
    form, tree = sequence_form(game), planned_form(game, reduced=True)
    full = planned_form(game)
    for cell in list(tree.matrix)[:: max(1, len(tree.matrix.payoffs) // 20)]:
        plans = {player: tree.plans[player][label] for player, label in zip(game.players, cell, strict=True)}
        behaviour = {player: {s.name: {a: sp.Integer(a == plans[player].get(s.name, s.actions[0])) for a in s.actions} for s in form.sets[k]}
                     for k, player in enumerate(game.players)}
        weights = [form.weights(k, behaviour[player]) for k, player in enumerate(game.players)]
        paid = [sum(weights[0][i] * weights[1][j] * value[k] for (i, j), value in form.payoffs.items()) for k in (0, 1)]
        assert tuple(paid) == tree.matrix[cell]
        alike = [c for c in full.matrix if all(plans[p].items() <= full.plans[p][label].items() for p, label in zip(game.players, c, strict=True))]
        assert alike and all(full.matrix[c] == tree.matrix[cell] for c in alike)
    assert len(tree.plans["A"]) <= len(full.plans["A"])


def test_realization_weights_and_behaviour_are_inverse_where_the_plan_reaches() -> None:
    game = random_game(np.random.default_rng(7))
    form = sequence_form(game)
    for k in (0, 1):
        plan = {s.name: dict(zip(s.actions, (sp.Rational(2, 5), sp.Rational(3, 5)), strict=True)) for s in form.sets[k]}
        weights = form.weights(k, plan)
        rows, right = form.constraints(k)
        assert [sum(c * weights[i] for i, c in row.items()) for row in rows] == right
        assert form.behaviour(k, weights) == plan


def test_chance_is_inside_the_payoffs_of_the_sequence_form() -> None:
    game = poker()
    form = sequence_form(game)
    assert isinstance(game.root, Chance)
    folds = (form.sequences[0].index(("red", "fold")), 0)
    assert form.payoffs[folds] == (sp.Rational(1, 2), -sp.Rational(1, 2))


def test_a_tree_with_information_sets_is_not_compiled_as_if_everything_were_seen() -> None:
    from bargain.compile import compile_game
    from bargain.sweeping import sweep

    a = sp.Symbol("a", real=True)
    reply = {m: decision("B", {n: payoffs(A=int(m == n), B=int(m != n)) for n in "lr"}, information_set="b") for m in "lr"}
    game = Game("pennies", ("A", "B"), (Parameter(a, "not used", baseline=0),), decision("A", reply))
    for route in (compile_game, lambda game: sweep(game, a=[0, 1])):
        with pytest.raises(NotApplicable, match="several nodes"):
            route(game)  # type: ignore[operator]
