"""Nash equilibria of two-player games: published values, all regimes of a general 2x2 game, components, refusals."""

import json
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest
import sympy as sp

from bargain import Cell, Component, Equilibrium, MatrixGame, Nash, NotApplicable, Notation, Parameter, Solution, Space, Status, TooLarge, solve
from bargain.kernels.bimatrix import extreme_equilibria
from bargain.models.classics import ultimatum

R = sp.Rational
SYMBOLS = a, b, c, d, e, f, g, h = sp.symbols("a b c d e f g h", real=True)
GENERAL = MatrixGame.from_arrays([[a, b], [c, d]], [[e, f], [g, h]], notation=Notation(tuple(Parameter(s, "payoff") for s in SYMBOLS)))
DEGENERATE = json.loads((Path(__file__).parent / "data" / "degenerate_games.json").read_text(encoding="utf-8"))


def game(first: Any, second: Any, **more: Any) -> MatrixGame:
    """A game from two matrices."""
    return MatrixGame.from_arrays(first, second, **more)


def mixtures(equilibrium: Equilibrium) -> tuple[tuple[sp.Expr, ...], ...]:
    """The two mixed strategies of an equilibrium."""
    return tuple(tuple(sp.cancel(weight) for weight in nodes[""].values()) for nodes in equilibrium.strategies.values())


def extremes(solution: Solution) -> set[tuple[tuple[sp.Expr, ...], ...]]:
    """The extreme equilibria of a one-regime solution."""
    return {mixtures(equilibrium) for equilibrium in solution.extreme}


# Refusals

@pytest.mark.parametrize("problem", ["no game", ultimatum.game])
def test_what_is_neither_a_matrix_nor_a_finite_tree_is_refused_with_a_remedy(problem: Any) -> None:
    with pytest.raises(NotApplicable) as refusal:
        solve(problem, Nash())
    assert refusal.value.place and refusal.value.remedy


def test_a_large_game_with_symbols_is_refused_until_they_are_fixed() -> None:
    size = range(8)
    large = game([[a + i * j for i in size] for j in size], [[(i - j) ** 2 for i in size] for j in size], notation=Notation((Parameter(a, "payoff"),)))
    with pytest.raises(TooLarge, match="symbolic payoffs"):
        solve(large, Nash())
    assert solve(large, Nash(), at={a: "1/3"}).status is Status.CERTIFIED


def test_more_cases_than_the_limit_are_refused() -> None:
    with pytest.raises(TooLarge):
        solve(GENERAL, Nash(limit=5))


# Published games

def test_the_prisoners_dilemma_has_one_equilibrium() -> None:
    solution = solve(game([[3, 0], [5, 1]], [[3, 5], [0, 1]]), Nash())
    assert solution.outcomes == ("r2,c2",) and solution.status is Status.CERTIFIED and solution.certificate.max_regret == 0


def test_chicken_has_a_mixed_equilibrium_besides_the_two_pure_ones() -> None:
    solution = solve(game([[6, 2], [7, 0]], [[6, 7], [2, 0]], actions=(("C", "D"), ("C", "D"))), Nash())
    two_thirds = (R(2, 3), R(1, 3))
    assert extremes(solution) == {((1, 0), (0, 1)), ((0, 1), (1, 0)), (two_thirds, two_thirds)}                    # NE1.1
    assert [x.payoffs for x in solution.extreme if mixtures(x)[0] == two_thirds] == [{"row": R(14, 3), "column": R(14, 3)}]


def test_asymmetric_matching_pennies_mixes_to_make_the_other_indifferent() -> None:
    (equilibrium,) = solve(game([[9, 0], [0, 1]], [[0, 1], [1, 0]]), Nash()).equilibria
    assert isinstance(equilibrium, Equilibrium) and mixtures(equilibrium) == ((R(1, 2), R(1, 2)), (R(1, 10), R(9, 10)))  # NE1.2


@pytest.mark.parametrize(("pie", "expected"), [(4, 6), (7, 9)])
def test_the_demand_game_has_a_pure_equilibrium_per_division_and_one_of_greed(pie: int, expected: int) -> None:
    demands = range(pie + 1)
    first = [[i if i + j <= pie else 0 for j in demands] for i in demands]
    pure = [x for x in extremes(solve(game(first, [list(column) for column in zip(*first, strict=True)]), Nash())) if all(max(weights) == 1 for weights in x)]
    assert len(pure) == expected                                                                                  # ND1.4


def test_the_demand_game_over_a_pie_of_ten_has_twelve_pure_equilibria() -> None:
    first = [[i if i + j <= 10 else 0 for j in range(11)] for i in range(11)]
    found = extreme_equilibria(first, [list(column) for column in zip(*first, strict=True)])
    assert sum(all(max(weights) == 1 for weights in profile) for profile in found) == 12                          # ND1.10


# Eight free symbols

def test_a_general_two_by_two_game_has_twelve_regimes() -> None:
    solution = solve(GENERAL, Nash())
    assert solution.status is Status.PROVED and len(solution.regimes) == 12
    count = {regime.cell: len(regime.equilibria) for regime in solution.regimes}
    assert sorted(count.values()) == [1] * 10 + [3] * 2
    assert {cell for cell, number in count.items() if number == 3} == {
        Cell.of(a > c, d > b, e > f, h > g), Cell.of(a < c, d < b, e < f, h < g)}
    space = Space(GENERAL.notation)
    assert space.uncovered([*count, *solution.boundary]).answer is False
    (cyclic,) = (r.equilibria[0] for r in solution.regimes if r.cell == Cell.of(a > c, d > b, e < f, h < g))
    assert isinstance(cyclic, Equilibrium)
    row, column = mixtures(cyclic)
    assert sp.cancel(row[0] - (h - g) / (e - f - g + h)) == 0 and sp.cancel(column[0] - (d - b) / (a - b - c + d)) == 0


def test_the_regimes_equal_the_numeric_equilibria_at_random_points() -> None:
    random, solution = Random(61), solve(GENERAL, Nash())
    for trial in range(100):
        point = {s: R(random.randint(-50, 50), random.randint(3, 11)) if trial % 3 else sp.Integer(random.randint(0, 3)) for s in SYMBOLS}
        here, numeric = solution.at(point), solve(GENERAL, Nash(), at=point)
        assert extremes(here) == extremes(numeric), f"seed 61, trial {trial}"
        assert [type(x) for x in here.equilibria] == [type(x) for x in numeric.equilibria]


@pytest.mark.slow
def test_the_boundaries_of_a_general_game_are_solved_on_request() -> None:
    random, solution = Random(62), solve(GENERAL, Nash(exact=True))
    assert solution.status is Status.PROVED and not solution.boundary.cells and any(r.cell.has_equality for r in solution.regimes)
    space = Space(GENERAL.notation)
    for trial in range(100):
        point = {s: sp.Integer(random.randint(0, 2)) for s in SYMBOLS}
        assert sum(space.contains(point, cell) for regime in solution.regimes for cell in regime.condition) >= 1
        assert extremes(solution.at(point)) == extremes(solve(GENERAL, Nash(), at=point)), f"seed 62, trial {trial}"


def test_parameters_may_be_fixed_or_left_free() -> None:
    notation = Notation((Parameter(a, "temptation", domain=">0", baseline=5), Parameter(b, "trust", domain=">0", baseline=3)))
    hunt = game([[b, 0], [a, 1]], [[b, a], [0, 1]], notation=notation)
    assert solve(hunt, Nash(), at={}).problem.notation.symbols == (a, b)
    assert solve(hunt, Nash(), free=[]).outcomes == ("r2,c2",)
    assert {r.cell: len(r.equilibria) for r in solve(hunt, Nash(), free=["a"]).regimes} == {Cell.of(a < 3): 3, Cell.of(a > 3): 1}
    assert {r.cell: len(r.equilibria) for r in solve(hunt, Nash(), at={a: "7/2"}, free=["b"]).regimes} == {Cell.of(b > R(7, 2)): 3, Cell.of(b < R(7, 2)): 1}


# Components

@pytest.mark.parametrize("entry", DEGENERATE, ids=lambda entry: entry["name"].split()[0])
def test_degenerate_games_have_the_recorded_components(entry: dict[str, Any]) -> None:
    solution = solve(game(entry["a"], entry["b"]), Nash())
    assert solution.status is Status.CERTIFIED and solution.certificate.passed
    assert len(solution.equilibria) == entry["components"] and len(solution.extreme) == entry["extremes"] == len(extremes(solution))
    recorded = {tuple(frozenset(tuple(map(R, row.split())) for row in side) for side in subset) for subset in entry["subsets"]}
    found = set()
    for item in solution.equilibria:
        subsets = [[item.vertices[k] for k in subset] for subset in item.subsets] if isinstance(item, Component) else [[item]]
        found |= {tuple(frozenset(mixtures(vertex)[side] for vertex in subset) for side in (0, 1)) for subset in subsets}
    assert found == recorded


@pytest.mark.parametrize("entry", [entry for entry in DEGENERATE if entry["extremes"] > entry["components"]], ids=lambda entry: entry["name"].split()[0])
def test_inside_a_maximal_subset_any_mixture_is_an_equilibrium(entry: dict[str, Any]) -> None:
    random, form = Random(63), game(entry["a"], entry["b"])
    first, second = (sp.Matrix(form.matrix(player)) for player in form.players)
    for item in solve(form, Nash()).equilibria:
        for subset in item.subsets if isinstance(item, Component) else ():
            members = [mixtures(item.vertices[k]) for k in subset]
            x, y = (blended(random, [member[side] for member in members]) for side in (0, 1))
            assert max(first * y) == (x.T * first * y)[0] and max(second.T * x) == (x.T * second * y)[0]


def blended(random: Random, strategies: list[tuple[sp.Expr, ...]]) -> sp.Matrix:
    """A random mixture of mixed strategies."""
    weights = [random.randint(1, 9) for _ in strategies]
    return sum((sp.Matrix(s) * R(weight, sum(weights)) for s, weight in zip(strategies, weights, strict=True)), sp.zeros(len(strategies[0]), 1))


# Invariance

def test_positive_affine_payoffs_and_reordered_actions_change_only_the_labels() -> None:
    random = Random(64)
    for _ in range(20):
        first, second = ([[random.randint(0, 4) for _ in range(3)] for _ in range(3)] for _ in range(2))
        plain = extremes(solve(game(first, second), Nash()))
        scaled = game([[2 * u - 9 for u in row] for row in first], [[R(u, 7) + 1 for u in row] for row in second])
        assert extremes(solve(scaled, Nash())) == plain
        swapped = game([list(column) for column in zip(*second, strict=True)], [list(column) for column in zip(*first, strict=True)])
        assert extremes(solve(swapped, Nash())) == {x[::-1] for x in plain}
        order = random.sample(range(3), 3)
        moved = game([first[k] for k in order], [second[k] for k in order])
        assert extremes(solve(moved, Nash())) == {(tuple(x[k] for k in order), y) for x, y in plain}


def test_two_routes_agree_on_random_games_with_ties() -> None:
    """Support enumeration on symbols (forced by a free parameter that cancels out) against exact vertex enumeration on numbers."""
    random = Random(65)
    for _ in range(12):
        first, second = ([[random.randint(0, 2) for _ in range(3)] for _ in range(2)] for _ in range(2))
        shifted = game([[u + a for u in row] for row in first], second, notation=Notation((Parameter(a, "shift"),)))
        symbolic = solve(shifted, Nash())
        assert len(symbolic.regimes) == 1 and symbolic.status is Status.PROVED
        assert extremes(symbolic) == extremes(solve(game(first, second), Nash()))


def test_every_pure_equilibrium_is_found() -> None:
    random = Random(66)
    for _ in range(20):
        first, second = ([[random.randint(0, 3) for _ in range(4)] for _ in range(3)] for _ in range(2))
        cells = product(range(3), range(4))
        pure = {(i, j) for i, j in cells if first[i][j] == max(row[j] for row in first) and second[i][j] == max(second[i])}
        found = {tuple(weights.index(1) for weights in x) for x in extremes(solve(game(first, second), Nash())) if all(max(weights) == 1 for weights in x)}
        assert found == pure
