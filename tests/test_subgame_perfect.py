"""Subgame-perfect equilibria: the two worked propositions of the theory, ties, and a brute-force oracle on small trees."""

from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Any

import pytest
import sympy as sp

from bargain import (
    Cell,
    Game,
    MatrixGame,
    Nash,
    NotApplicable,
    Parameter,
    Region,
    Solution,
    Space,
    Status,
    SubgamePerfect,
    decision,
    offer,
    payoffs,
    simultaneous,
    solve,
)
from bargain.games import Decision, Terminal
from bargain.models.classics import deterrence, ultimatum

R = sp.Rational
x, v, p, cA, cB, q = sp.symbols("x v p cA cB q", real=True)
g, l, a, w_C, w_D = deterrence.NOTATION.symbols  # noqa: E741 - the paper's letter
w_A, w_B = ultimatum.NOTATION.symbols
PRESS, BACK = "challenge/resist:press", "challenge/resist:back_down"


def tree(root: Any, players: tuple[str, ...] = ("A", "B"), rows: tuple[Parameter, ...] = ()) -> Game:
    """A game around a root."""
    return Game("Test", players, rows, root)  # type: ignore[arg-type]


def outcomes(solution: Solution) -> list[tuple[str, ...]]:
    """The payoffs of a one-regime solution with the label of each outcome, as sorted text."""
    return sorted({(e.outcome, *map(str, e.payoffs.values())) for e in solution.extreme})


def profile(equilibrium: Any) -> set[str]:
    """The pure actions of a profile, as node:action."""
    return {f"{node}:{action}" for nodes in equilibrium.strategies.values() for node, rule in nodes.items() for action, weight in rule.items() if weight == 1}


# Refusals

@pytest.mark.parametrize("problem", [
    MatrixGame.from_arrays([[1]], [[1]]),
    tree(decision("A", {n: decision("A", {"u": payoffs(A=1, B=0), "d": payoffs(A=0, B=1)}, information_set="again") for n in ("l", "r")})),
    tree(offer("A", x, between=(0, 1), answer=decision("B", yes=payoffs(A=x**2, B=1 - x), no=payoffs(A=0, B=0)))),
    tree(simultaneous({"A": ("u",), "B": ("l",), "C": ("m",)}, {("u", "l", "m"): payoffs(A=0, B=0, C=0)}), ("A", "B", "C")),
])
def test_what_backward_induction_cannot_solve_is_refused_with_a_remedy(problem: Any) -> None:
    with pytest.raises(NotApplicable) as refusal:
        solve(problem, SubgamePerfect())
    assert refusal.value.place and refusal.value.remedy


# Example 1: the deterrence game

def test_the_deterrence_game_has_exactly_four_regimes() -> None:
    solution = solve(deterrence.game, SubgamePerfect())
    assert solution.status is Status.PROVED
    found = {regime.cell: (regime.equilibria[0].outcome, profile(regime.equilibria[0])) for regime in solution.regimes}
    assert found == {
        Cell.of(w_C < -a): ("SQ", {"(start):hold", "challenge:resist", BACK}),
        Cell.of(w_C > -a, w_D < -l): ("CD", {"(start):challenge", "challenge:concede", PRESS}),
        Cell.of(w_C > 0, w_D > -l): ("W", {"(start):challenge", "challenge:resist", PRESS}),
        Cell.of(w_C > -a, w_C < 0, w_D > -l): ("SQ", {"(start):hold", "challenge:resist", PRESS}),
    }
    assert all(len(regime.equilibria) == 1 and len(regime.condition.cells) == 1 for regime in solution.regimes)
    assert set(solution.boundary) == {Cell.of(sp.Eq(w_C, -a)), Cell.of(sp.Eq(w_D, -l), w_C > -a), Cell.of(sp.Eq(w_C, 0), w_D > -l)}


def test_the_four_regimes_of_deterrence_are_disjoint_and_full_dimensional() -> None:
    solution, space = solve(deterrence.game, SubgamePerfect()), Space(deterrence.NOTATION)
    cells = [regime.cell for regime in solution.regimes]
    assert not any(cell.has_equality for cell in cells)
    assert all(space.feasible(first & second).answer is False for k, first in enumerate(cells) for second in cells[:k])
    assert space.uncovered([*cells, *solution.boundary]).answer is False and space.uncovered(cells).answer is True


@pytest.mark.parametrize(("war", "expected"), [
    ((R(1, 5), -R(1, 2)), {"W"}),                           # D1.2
    ((0, -R(1, 2)), {"SQ", "W"}),                           # D1.3: an indifferent challenger
    ((-R(1, 2), -R(3, 2)), {"SQ", "CD"}), ((-R(1, 2), -R(1, 2)), {"SQ"}), ((R(1, 3), -1), {"CD", "W"}), ((0, -1), {"SQ", "CD", "W"}),
])
def test_on_the_boundaries_of_deterrence_all_equilibria_of_the_point_are_given(war: tuple[Any, Any], expected: set[str]) -> None:
    point = {g: 1, l: 1, a: R(1, 2), w_C: war[0], w_D: war[1]}
    for concept in (SubgamePerfect(), SubgamePerfect(exact=True)):
        here = solve(deterrence.game, concept).at(point)
        assert set(here.outcomes) == expected and here.status.complete


def test_on_a_boundary_equilibria_may_exist_that_no_adjacent_regime_has() -> None:
    def answer(high: Any, low: Any) -> Any:
        return decision("D", L=payoffs(C=high, D=v), R=payoffs(C=low, D=0))

    game = tree(decision("C", left=answer(1, 0), right=answer(R(1, 2), R(3, 4))), ("C", "D"), (Parameter(v, "value"),))
    solution = solve(game, SubgamePerfect())
    assert [{e.payoffs["C"] for e in solution.at(v=value).extreme} for value in (-1, 0, 1)] == [{R(3, 4)}, {1, R(3, 4), R(1, 2)}, {1}]


# Example 2: the ultimatum game with outside options

def test_the_ultimatum_game_has_exactly_the_seven_rows_of_the_proposition() -> None:
    solution = solve(ultimatum.game, SubgamePerfect())
    assert solution.status is Status.PROVED and solution.boundary == Region()
    deal, no_deal = (f"x = {1 - w_B}", "accept"), (f"x in [{1 - w_B}, 1]", "reject")
    assert {regime.cell: [e.path for e in regime.extreme()] for regime in solution.regimes} == {
        Cell.of(w_B < 0): [("x = 1", "accept")],
        Cell.of(w_B >= 0, w_B < 1, w_A + w_B < 1): [deal],
        Cell.of(w_B > 0, w_B <= 1, w_A + w_B > 1): [no_deal],
        Cell.of(w_B > 1): [("x in [0, 1]", "reject")],
        Cell.of(w_B >= 0, w_B <= 1, sp.Eq(w_A + w_B, 1)): [deal, no_deal],
        Cell.of(sp.Eq(w_B, 0), w_A + w_B > 1): [deal, no_deal],  # that is, w_A > 1
        Cell.of(sp.Eq(w_B, 1), w_A + w_B < 1): [deal, no_deal],  # that is, w_A < 0
    }
    paid = {regime.cell: [tuple(e.payoffs.values()) for e in regime.extreme()] for regime in solution.regimes}
    assert paid[Cell.of(w_B < 0)] == [(1, 0)] and paid[Cell.of(w_B > 1)] == [(w_A, w_B)]
    assert paid[Cell.of(w_B >= 0, w_B < 1, w_A + w_B < 1)] == [(1 - w_B, w_B)]
    assert solution.at(w_A="-7/5", w_B="6/5").outcomes == ("outside options",)  # it fails although there is a surplus
    assert paid[Cell.of(sp.Eq(w_B, 0), w_A + w_B > 1)] == [(1 - w_B, w_B), (w_A, w_B)]


@pytest.mark.parametrize(("quo", "share"), [("7/10", R(1, 2)), ("9/20", R(9, 20))])
def test_in_a_crisis_the_proposer_keeps_the_status_quo_or_what_war_leaves_him(quo: str, share: sp.Expr) -> None:
    rows = tuple(Parameter(symbol, "of the crisis", domain=domain) for symbol, domain in ((p, "[0, 1]"), (cA, ">0"), (cB, ">0"), (q, "[0, 1]")))
    answer = decision("B", accept=payoffs(A=x, B=1 - x), fight=payoffs(A=p - cA, B=1 - p - cB), keep=payoffs(A=q, B=1 - q))
    crisis = tree(offer("A", x, between=(0, 1), answer=answer), rows=rows)
    values = {p: "2/5", cA: "1/10", cB: "1/10", q: quo}
    numeric, symbolic = (solve(crisis, SubgamePerfect(), at=fixed) for fixed in (values, None))
    assert {e.payoffs["A"] for e in numeric.extreme} == {share}         # PE2.2, PE2.3: min(q, p + cB)
    assert outcomes_paid(symbolic.at(values)) == outcomes_paid(numeric) and symbolic.status is Status.PROVED


def outcomes_paid(solution: Solution) -> set[tuple[sp.Expr, ...]]:
    """The payoffs of a one-regime solution."""
    return {tuple(e.payoffs.values()) for e in solution.extreme}


# Ties

@pytest.mark.parametrize(("pie", "expected"), [(1, 3), (2, 2), (4, 2)])
def test_the_discrete_ultimatum_keeps_every_tied_outcome(pie: int, expected: int) -> None:
    demands = {str(k): decision("B", accept=payoffs(A=k, B=pie - k), reject=payoffs(A=0, B=0)) for k in range(pie + 1)}
    found = {e.path for e in solve(tree(decision("A", demands)), SubgamePerfect()).extreme}
    assert len(found) == expected and {(str(pie), "accept"), (str(pie - 1), "accept")} <= found     # EQ1


def test_ties_are_named_at_their_nodes() -> None:
    game = tree(decision("A", l=decision("B", a=payoffs(A=2, B=1), b=payoffs(A=2, B=1)), r=payoffs(A=1, B=0)))
    first, second = solve(game, SubgamePerfect()).extreme
    assert (first.path, second.path) == (("l", "a"), ("l", "b")) and (first.ties, second.ties) == ({"l": ("b",)}, {"l": ("a",)})


# Independent routes

@pytest.mark.parametrize(("game", "seed"), [(deterrence.game, 1), (ultimatum.game, 2)])
def test_the_symbolic_answer_equals_the_numeric_one_at_random_points(game: Game, seed: int) -> None:
    random, solution = Random(seed), solve(game, SubgamePerfect(exact=True))
    for trial in range(150):
        point = {}
        for parameter in game.notation:
            value = R(random.randint(-4, 4), 2) if trial % 2 else R(random.randint(-60, 60), random.randint(7, 29))
            point[parameter.symbol] = abs(value) + R(1, 2) if parameter.domain.low == 0 else value
        if trial % 5 == 0 and game is deterrence.game:
            point[random.choice([w_C, w_D])] = -random.choice([point[a], point[l]])
        assert outcomes(solution.at(point)) == outcomes(solve(game, SubgamePerfect(), at=point)), point


def grown(random: Random, depth: int) -> Decision | Terminal:
    """A random tree of three players whose payoffs are often tied."""
    if depth == 0 or random.random() < 0.25:
        return payoffs({player: random.choice((0, 1, 2)) for player in "ABC"})
    return decision(random.choice("ABC"), {f"m{k}": grown(random, depth - 1) for k in range(random.choice((2, 2, 3)))})


def profiles(game: Game) -> Iterator[dict[tuple[str, ...], str]]:
    """Every pure profile: an action at every decision node."""
    nodes = {history: [name for name, _ in node.moves] for history, node in game.nodes() if isinstance(node, Decision)}
    for choice in product(*nodes.values()):
        yield dict(zip(nodes, choice, strict=True))


def end(game: Game, plan: dict[tuple[str, ...], str], history: tuple[str, ...]) -> tuple[str, ...]:
    """The end node that a profile leads to after a history."""
    while history in plan:
        history = (*history, plan[history])
    return history


def perfect(game: Game, plan: dict[tuple[str, ...], str]) -> bool:
    """Whether no mover gains by one deviation at any node."""
    for history, action in plan.items():
        node = game.node(*history)
        assert isinstance(node, Decision)
        value = {name: game.node(*end(game, plan, (*history, name))).payoffs[node.player] for name, _ in node.moves}  # type: ignore[union-attr]
        if value[action] < max(value.values()):
            return False
    return True


def test_on_small_trees_the_outcomes_are_those_of_all_pure_profiles() -> None:
    random, ties, checked = Random(20_241), 0, 0
    while checked < 80:
        root = grown(random, 3)
        game = tree(root, ("A", "B", "C"))
        size = sp.prod([len(node.moves) for _, node in game.nodes() if isinstance(node, Decision)])
        if isinstance(root, Terminal) or size > 400:
            continue
        expected = {end(game, plan, ()) for plan in profiles(game) if perfect(game, plan)}
        found = [e.path for e in solve(game, SubgamePerfect()).extreme]
        assert len(found) == len(set(found)) and set(found) == expected, f"seed 20241, tree {checked}"
        checked, ties = checked + 1, ties + (len(found) > 1)
    assert ties > 20


def test_subgame_perfect_equilibria_are_nash_equilibria_of_the_strategic_form() -> None:
    random = Random(7)
    for _ in range(10):
        root = decision("A", {f"m{k}": decision("B", {n: payoffs(A=random.randint(0, 5), B=random.randint(0, 5)) for n in "uvw"}) for k in range(2)})
        game = tree(root)
        nash = outcomes_paid(solve(game.strategic_form(), Nash()))
        assert outcomes_paid(solve(game, SubgamePerfect())) <= nash


# Invariance

def test_rescaling_renaming_and_reordering_change_nothing_else() -> None:
    random = Random(8)
    for _ in range(15):
        root = grown(random, 3)
        game = tree(root, ("A", "B", "C"))

        def changed(node: Any) -> Any:
            if isinstance(node, Terminal):
                return payoffs({"X": 3 * node.payoffs["A"] - 7, "Y": node.payoffs["B"] / 5, "Z": 2 * node.payoffs["C"] + R(1, 3)})
            return decision({"A": "X", "B": "Y", "C": "Z"}[node.player], {name: changed(child) for name, child in reversed(node.moves)})

        other = tree(changed(root), ("Z", "Y", "X"))
        assert {e.path for e in solve(other, SubgamePerfect()).extreme} == {e.path for e in solve(game, SubgamePerfect()).extreme}
