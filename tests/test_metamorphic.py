"""What must not change an answer does not: units, names, order, copies, dominated actions, how chance is drawn, the tree around a game.

And four routes to the same numbers: the solver, its certificate, Gambit, and enumeration from the definition. Random problems are drawn
with fixed seeds (hypothesis, derandomized), and shrink.
"""

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
import sympy as sp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.games.nodes import Chance, Decision, Node, Terminal
from bargain.notation import Parameter
from bargain.solution import Equilibrium, Solution
from bargain.solving import solve

quick = settings(max_examples=25, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), database=None)
few = settings(quick, max_examples=5)
payoff = st.integers(-4, 4)
scale = st.tuples(st.integers(1, 7), st.integers(1, 5), st.integers(-9, 9)).map(lambda t: (sp.Rational(t[0], t[1]), sp.Integer(t[2])))


@st.composite
def matrices(draw: Any, most: int = 4) -> tuple[list[list[int]], list[list[int]]]:
    rows, columns = draw(st.integers(1, most)), draw(st.integers(1, most))
    return tuple([[draw(payoff) for _ in range(columns)] for _ in range(rows)] for _ in range(2))  # type: ignore[return-value]


def profiles(a: Any, b: Any) -> set[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """All extreme equilibria of a two-player game, as weights."""
    game = bg.MatrixGame.from_arrays(a, b)
    return weights(solve(game, bg.Nash()))


def weights(found: Solution) -> set[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    game = found.problem
    return {tuple(tuple(e.strategies[p][""].get(x, sp.Integer(0)) for x in names) for p, names in zip(game.players, game.actions, strict=True))
            for e in found.extreme}  # type: ignore[misc]


def moved(table: list[list[int]], change: tuple[Any, Any]) -> list[list[Any]]:
    return [[change[0] * value + change[1] for value in row] for row in table]


@quick
@given(matrices(), scale, scale)
def test_units_of_payoffs_do_not_matter(game: Any, first: Any, second: Any) -> None:
    a, b = game
    assert profiles(moved(a, first), moved(b, second)) == profiles(a, b)


@quick
@given(matrices(), st.randoms(use_true_random=False))
def test_the_order_of_actions_does_not_matter(game: Any, random: Any) -> None:
    a, b = game
    rows, columns = list(range(len(a))), list(range(len(a[0])))
    random.shuffle(rows)
    random.shuffle(columns)
    mixed = profiles([[a[i][j] for j in columns] for i in rows], [[b[i][j] for j in columns] for i in rows])
    assert {(tuple(x[rows.index(i)] for i in range(len(a))), tuple(y[columns.index(j)] for j in range(len(a[0])))) for x, y in mixed} == profiles(a, b)


@quick
@given(matrices())
def test_the_names_of_players_do_not_matter(game: Any) -> None:
    a, b = game
    assert {(y, x) for x, y in profiles([list(row) for row in zip(*b, strict=True)], [list(row) for row in zip(*a, strict=True)])} == profiles(a, b)


@quick
@given(matrices(3))
def test_a_dominated_action_changes_nothing(game: Any) -> None:
    a, b = game
    worse = profiles([*a, [min(row[j] for row in a) - 1 for j in range(len(a[0]))]], [*b, b[0]])
    assert {(x[:-1], y) for x, y in worse} == profiles(a, b) and all(x[-1] == 0 for x, _ in worse)


@quick
@given(matrices(3))
def test_a_copy_of_an_action_only_divides_its_weight(game: Any) -> None:
    a, b = game
    copied = profiles([*a, a[0]], [*b, b[0]])
    assert {((x[0] + x[-1], *x[1:-1]), y) for x, y in copied} == profiles(a, b)


@pytest.mark.slow
@settings(quick, max_examples=8)
@given(matrices(6))
def test_gambit_finds_the_same_extreme_equilibria(game: Any) -> None:
    gambit = pytest.importorskip("pygambit")
    a, b = game
    theirs = gambit.nash.enummixed_solve(gambit.Game.from_arrays(_rational(gambit, a), _rational(gambit, b)), rational=True)
    found = {tuple(tuple(sp.Rational(str(profile[strategy])) for strategy in player.strategies) for player in profile.game.players) for profile in theirs.equilibria}
    assert found == profiles(a, b)


def _rational(gambit: Any, table: list[list[int]]) -> Any:
    import numpy as np

    return np.array([[gambit.Rational(value) for value in row] for row in table], dtype=object)


@quick
@given(matrices(3))
def test_enumeration_from_the_definition_agrees(game: Any) -> None:
    """Pure equilibria are the cells that nobody leaves; and every extreme equilibrium passes a check written from the definition."""
    a, b = game
    rows, columns = range(len(a)), range(len(a[0]))
    pure = {(i, j) for i, j in product(rows, columns) if all(a[k][j] <= a[i][j] for k in rows) and all(b[i][m] <= b[i][j] for m in columns)}
    found = profiles(a, b)
    assert {(x.index(1), y.index(1)) for x, y in found if 1 in x and 1 in y} == pure
    for x, y in found:
        own = [sum(a[i][j] * y[j] for j in columns) for i in rows]
        other = [sum(b[i][j] * x[i] for i in rows) for j in columns]
        assert all(x[i] == 0 or own[i] == max(own) for i in rows) and all(y[j] == 0 or other[j] == max(other) for j in columns)
        assert sum(x) == sum(y) == 1 and min(*x, *y, 0) == 0


# Trees

@st.composite
def trees(draw: Any, size: int, depth: int = 5) -> Node:
    """A tree of decisions and chance moves with about so many nodes."""
    if size <= 3 or depth == 0:
        return Terminal({"A": sp.Integer(draw(payoff)), "B": sp.Integer(draw(payoff))})
    count = draw(st.integers(2, 3))
    children = [draw(trees(size // count, depth - 1)) for _ in range(count)]
    if draw(st.integers(0, 3)) == 0:
        weights = [draw(st.integers(1, 3)) for _ in range(count)]
        return Chance(tuple((f"n{k}", sp.Rational(w, sum(weights)), child) for k, (w, child) in enumerate(zip(weights, children, strict=True))))
    return Decision(draw(st.sampled_from("AB")), tuple((f"m{k}", child) for k, child in enumerate(children)))


def outcomes(root: Node) -> set[tuple[Any, ...]]:
    """What subgame-perfect equilibria pay."""
    found = solve(bg.Game("Drawn", ("A", "B"), (), root), bg.SubgamePerfect())
    return {(e.payoffs["A"], e.payoffs["B"]) for e in found.extreme}


def by_hand(node: Node) -> set[tuple[Any, ...]]:
    """Payoffs of pure subgame-perfect equilibria, from the definition: every combination of equilibria of the subgames, every best move."""
    if isinstance(node, Terminal):
        return {(node.payoffs["A"], node.payoffs["B"])}
    found: set[tuple[Any, ...]] = set()
    for below in product(*(by_hand(child) for _, child in node.moves)):  # type: ignore[union-attr]
        if isinstance(node, Chance):
            found.add(tuple(sum(p * paid[k] for (_, p, _), paid in zip(node.draws, below, strict=True)) for k in (0, 1)))
        else:
            own = "AB".index(node.player)  # type: ignore[union-attr]
            found |= {paid for paid in below if paid[own] == max(other[own] for other in below)}
    return found


def each_end(node: Node, change: Any) -> Node:
    if isinstance(node, Terminal):
        return Terminal(change(node.payoffs))
    if isinstance(node, Chance):
        return Chance(tuple((name, p, each_end(child, change)) for name, p, child in node.draws))
    return Decision(node.player, tuple((name, each_end(child, change)) for name, child in node.moves))  # type: ignore[union-attr]


@quick
@given(trees(30))
def test_a_tree_pays_what_the_definition_says(root: Node) -> None:
    assert outcomes(root) == by_hand(root)


@quick
@given(trees(24), scale, scale)
def test_units_do_not_matter_in_a_tree(root: Node, first: Any, second: Any) -> None:
    def change(paid: Mapping[str, Any]) -> dict[str, Any]:
        return {"A": first[0] * paid["A"] + first[1], "B": second[0] * paid["B"] + second[1]}

    assert outcomes(each_end(root, change)) == {(first[0] * a + first[1], second[0] * b + second[1]) for a, b in outcomes(root)}


@quick
@given(trees(20), payoff)
def test_a_larger_tree_around_a_game_does_not_change_it(root: Node, away: int) -> None:
    """The game behind a move that is worth choosing, and behind a chance move."""
    inside = outcomes(root)
    around = Decision("A", (("in", root), ("out", Terminal({"A": sp.Integer(-100), "B": sp.Integer(away)}))))
    assert outcomes(around) == inside
    drawn = Chance((("on", sp.Rational(2, 3), root), ("off", sp.Rational(1, 3), Terminal({"A": sp.Integer(0), "B": sp.Integer(3 * away)}))))
    assert outcomes(drawn) == {(a * sp.Rational(2, 3), b * sp.Rational(2, 3) + away) for a, b in inside}


@quick
@given(trees(20), trees(14))
def test_a_chance_move_may_be_split(first: Node, second: Node) -> None:
    half, quarter = sp.Rational(1, 2), sp.Rational(1, 4)
    third = Terminal({"A": sp.Integer(1), "B": sp.Integer(2)})
    whole = Chance((("a", half, first), ("b", quarter, second), ("c", quarter, third)))
    parts = Chance((("a", half, first), ("rest", half, Chance((("b", half, second), ("c", half, third))))))
    assert outcomes(whole) == outcomes(parts)


@quick
@given(trees(24))
def test_dominated_and_repeated_moves_in_a_tree_change_nothing(root: Node) -> None:
    if isinstance(root, Decision):
        low = Terminal(dict.fromkeys("AB", sp.Integer(-50)))
        assert outcomes(Decision(root.player, (*root.moves, ("worse", low)))) == outcomes(root)
        assert outcomes(Decision(root.player, (*root.moves, ("again", root.moves[0][1])))) == outcomes(root)


@pytest.mark.slow
@settings(quick, max_examples=3)
@given(trees(300, 8))
def test_large_trees_are_solved_and_certified(root: Node) -> None:
    """About 300 nodes: the first equilibrium's payoffs are among those of the definition (by enumeration where it is small enough)."""
    game = bg.Game("Drawn", ("A", "B"), (), each_end(root, _generic()))
    found = solve(game, bg.SubgamePerfect())
    assert found.status.certified and {(e.payoffs["A"], e.payoffs["B"]) for e in found.extreme} == by_hand(game.root)


def _generic() -> Any:
    """Ends without ties, so that there is one equilibrium."""
    count = iter(range(10**6))

    def change(paid: Mapping[str, Any]) -> dict[str, Any]:
        k = next(count)
        return {"A": paid["A"] + sp.Rational(k, 10**4), "B": paid["B"] - sp.Rational(k * k + 1, 10**8)}

    return change


# Symbols and numbers

P, Q = sp.symbols("p q", real=True)
UNIT = (Parameter(P, "first", domain="[-3, 3]", baseline=0), Parameter(Q, "second", domain="[-3, 3]", baseline=0))


def numbers(found: Solution) -> set[tuple[Any, ...]]:
    items = [e for item in found.equilibria for e in (item.vertices if hasattr(item, "vertices") else (item,))]
    assert all(isinstance(e, Equilibrium) for e in items)
    return {(e.payoffs["A"], e.payoffs["B"]) for e in items}


@few
@given(trees(10), st.lists(st.sampled_from([-1, 0, 1]), min_size=40, max_size=40))
def test_the_answer_in_symbols_at_a_point_is_the_answer_at_the_point(root: Node, slopes: list[int]) -> None:
    """At points inside and on boundaries, where payoffs tie."""
    left = iter(slopes)
    game = bg.Game("Drawn", ("A", "B"), UNIT, each_end(root, lambda paid: {"A": paid["A"] + next(left, 0) * P, "B": paid["B"] + next(left, 0) * Q}))
    symbolic = solve(game, bg.SubgamePerfect(exact=True))
    for point in ({P: 0, Q: 0}, {P: 1, Q: -1}, {P: sp.Rational(1, 2), Q: sp.Rational(-7, 3)}, {P: 3, Q: 3}):
        assert numbers(symbolic.at(point)) == by_hand(game.at(point).root)


@few
@given(matrices(2), st.tuples(payoff, payoff))
def test_a_matrix_in_symbols_at_a_point_is_the_matrix_at_the_point(game: Any, at: tuple[int, int]) -> None:
    a, b = game
    table = [[sp.Integer(v) for v in row] for row in a], [[sp.Integer(v) for v in row] for row in b]
    table[0][0][0], table[1][-1][-1] = P, Q
    symbolic = solve(bg.MatrixGame.from_arrays(*table, notation=bg.Notation(UNIT)), bg.Nash(exact=True))
    point = {P: sp.Rational(max(-3, min(3, at[0]))), Q: sp.Rational(max(-3, min(3, at[1])))}
    there = weights(symbolic.at(point))
    assert there == profiles(*([[v.subs(point) if hasattr(v, "subs") else v for v in row] for row in t] for t in table))


# Bargaining tables

@quick
@given(st.fractions(Fraction(1, 10), Fraction(9, 10), max_denominator=20), st.fractions(Fraction(1, 10), Fraction(9, 10), max_denominator=20),
       st.integers(1, 5), st.integers(-3, 3), st.integers(1, 4))
def test_a_bargaining_table_in_other_units(d1: Fraction, d2: Fraction, size: int, base: int, unit: int) -> None:
    """Rubinstein's shares solve his two equations, and shares of a larger pie, in other units, are the same shares of it."""
    x = sp.Symbol("x", real=True)
    pie = solve(bg.AlternatingOffers("Pie", ("A", "B"), x, {"A": x, "B": 1 - x}, {"A": d1, "B": d2}), bg.Rubinstein()).extreme[0].quantities
    first, second = pie["x_A"], pie["x_B"]
    assert 1 - first == d2 * (1 - second) and second == d1 * first
    larger = bg.AlternatingOffers("Large", ("A", "B"), x, {"A": unit * (x - base), "B": size + base - x}, {"A": d1, "B": d2}, between=(base, size + base))
    assert (solve(larger, bg.Rubinstein()).extreme[0].quantities["x_A"] - base) / size == first


@quick
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=6, unique=True), scale, scale)
def test_the_nash_solution_moves_with_the_units(points: list[tuple[int, int]], first: Any, second: Any) -> None:
    """Its product is at least that of a fine grid on every chord; other units and an irrelevant point change nothing."""
    d = (sp.Integer(-1), sp.Integer(-1))
    problem = bg.BargainingProblem("Drawn", ("A", "B"), {"A": d[0], "B": d[1]}, vertices=tuple(points))
    u = tuple(solve(problem, bg.NashBargaining()).extreme[0].payoffs[p] for p in "AB")
    best = (u[0] + 1) * (u[1] + 1)
    for (a, b), (c, e) in product(points, points):
        assert all((a + t * (c - a) + 1) * (b + t * (e - b) + 1) <= best for t in (Fraction(k, 8) for k in range(9)))
    (s, m), (r, n) = first, second
    other = bg.BargainingProblem("Moved", ("A", "B"), {"A": s * d[0] + m, "B": r * d[1] + n}, vertices=tuple((s * a + m, r * b + n) for a, b in points))
    moved_to = solve(other, bg.NashBargaining()).extreme[0].payoffs
    assert (moved_to["A"], moved_to["B"]) == (s * u[0] + m, r * u[1] + n)
