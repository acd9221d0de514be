"""The batched bimatrix kernel: agreement with exact arithmetic, flags, error bounds, independence of the blocks."""

import random
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest

from bargain.errors import BadInput, TooLarge
from bargain.kernels.batch import all_equilibria
from bargain.kernels.bimatrix import extreme_equilibria, maximal_nash_subsets
from bargain.kernels.minors import bordered_minors, plan


def integer_game(seed, m, n, payoffs):
    draw = random.Random(seed)
    return tuple([[draw.choice(payoffs) for _ in range(n)] for _ in range(m)] for _ in range(2))


def test_a_batch_with_wrong_shapes_infinite_payoffs_or_too_many_strategies_is_refused():
    with pytest.raises(BadInput, match="shapes"):
        all_equilibria(np.zeros((2, 2)), np.zeros((2, 2)))
    with pytest.raises(BadInput, match="shapes"):
        all_equilibria(np.zeros((1, 2, 3)), np.zeros((1, 3, 2)))
    with pytest.raises(BadInput, match="finite"):
        all_equilibria(np.full((1, 2, 2), np.inf), np.zeros((1, 2, 2)))
    with pytest.raises(TooLarge, match="48620 support pairs"):
        all_equilibria(np.zeros((1, 9, 9)), np.zeros((1, 9, 9)))


def listed(found, game):
    mine = found.game == game
    return np.hstack([found.x[mine], found.y[mine]])


def as_floats(extremes):
    return np.array([[float(p) for side in pair for p in side] for pair in extremes])


@pytest.mark.parametrize("m, n", [(1, 1), (1, 4), (2, 2), (2, 3), (4, 2), (3, 3), (4, 4), (5, 3), (6, 6)])
def test_the_batch_lists_the_extreme_equilibria_of_integer_games_in_their_order(m, n):
    games = [integer_game(seed, m, n, (0, 1, 2) if seed % 2 else tuple(range(-99, 100))) for seed in range(12)]
    found = all_equilibria(*(np.array(side) for side in zip(*games, strict=True)))
    for index, (a, b) in enumerate(games):
        extremes = extreme_equilibria(a, b)
        np.testing.assert_allclose(listed(found, index), as_floats(extremes), atol=1e-12)
        assert found.degenerate[index] or len(maximal_nash_subsets(extremes)) == len(extremes)


@pytest.mark.parametrize("n", [2, 3, 4])
def test_the_batch_is_within_its_stated_error_on_badly_scaled_floats(n):
    draw = np.random.default_rng(n)
    a, b = (draw.normal(size=(30, n, n)) * 10.0 ** draw.integers(-8, 9, size=(30, 1, n)) for _ in range(2))
    found = all_equilibria(a, b)
    for index in range(30):
        exact = extreme_equilibria(*([[Fraction(e) for e in row] for row in p[index].tolist()] for p in (a, b)))
        np.testing.assert_allclose(listed(found, index), as_floats(exact), rtol=2.0**-14, atol=0)


def test_the_nondegenerate_game_for_which_nashpy_returns_nothing_is_not_flagged():
    found = all_equilibria([[[0, 1, 2], [5, 0, 7], [7, 6, 6]]], [[[1, 6, 5], [8, 0, 2], [0, 4, 8]]])
    assert not found.degenerate[0]
    np.testing.assert_allclose(np.hstack([found.x, found.y]), [[0, 4 / 7, 3 / 7, 1 / 3, 0, 2 / 3]], atol=1e-15)


def test_generic_games_are_not_flagged_and_have_an_odd_number_of_equilibria():
    draw = np.random.default_rng(20)
    found = all_equilibria(draw.normal(size=(20_000, 3, 3)), draw.normal(size=(20_000, 3, 3)))
    assert not found.degenerate.any()
    assert (np.bincount(found.game, minlength=20_000) % 2).all()


def test_a_tie_below_float_resolution_is_decided_exactly():
    tiny = 2.0**-60
    games = [[[1.0, 0.0], [1.0 - 2.0**-53, tiny]], [[0.0, 0.0], [0.0, tiny]]]
    found = all_equilibria(games, np.zeros((2, 2, 2)))
    assert found.degenerate.all()
    for index, a in enumerate(games):
        exact = extreme_equilibria([[Fraction(entry) for entry in row] for row in a], [[0, 0], [0, 0]])
        np.testing.assert_allclose(listed(found, index), as_floats(exact), rtol=1e-15)
    assert len(listed(found, 0)) == 4


def test_the_batch_does_not_depend_on_its_blocks_or_on_its_neighbours():
    draw = np.random.default_rng(4)
    a, b = draw.integers(-3, 4, size=(2, 700, 5, 5)).astype(float)
    together = all_equilibria(a[:699], b[:699])
    apart = [all_equilibria(a[k : k + 1], b[k : k + 1]) for k in range(0, 699, 50)]
    for index, alone in zip(range(0, 699, 50), apart, strict=True):
        np.testing.assert_array_equal(listed(together, index), listed(alone, 0))
        assert together.degenerate[index] == alone.degenerate[0]


def test_an_empty_batch_has_no_equilibria():
    found = all_equilibria(np.zeros((0, 2, 3)), np.zeros((0, 2, 3)))
    assert (found.x.shape, found.y.shape, found.game.shape, found.degenerate.shape) == ((0, 2), (0, 3), (0,), (0,))


def test_bordered_minors_stay_within_their_error_bound_of_the_exact_determinants():
    draw = np.random.default_rng(8)
    payoff = draw.normal(size=(3, 4, 3))
    found = bordered_minors(payoff)
    for game in range(3):
        centred = payoff[game] - (payoff[game].max(axis=0) / 2 + payoff[game].min(axis=0) / 2)
        scaled = centred / 2.0 ** found.exponents[game]
        keys = [(r, c) for k in range(4) for r in combinations(range(4), k + 1) for c in combinations(range(3), k)]
        assert len(keys) == plan(4, 3).count
        for index, (rows, columns) in enumerate(keys):
            bordered = [[Fraction(float(scaled[i, j])) for j in columns] + [Fraction(1)] for i in rows]
            error = abs(Fraction(float(found.values[index, game])) - determinant(bordered))
            assert error <= found.bounds[index]


def determinant(matrix):
    if len(matrix) == 1:
        return matrix[0][0]
    minors = ([row[1:] for row in matrix[:i] + matrix[i + 1 :]] for i in range(len(matrix)))
    return sum((-1) ** i * matrix[i][0] * determinant(minor) for i, minor in enumerate(minors))


@pytest.mark.parametrize("m, n", [(2, 3), (3, 3), (4, 3), (4, 4)])
@pytest.mark.parametrize("step", [0.125, 0.1])
def test_tied_games_whose_minors_are_rounded_or_not_list_the_same_extreme_equilibria_as_rationals(m, n, step):
    """Eighths never round; tenths do, and the floats nearest to them are not quite in proportion, which rationals see."""
    a, b = np.random.default_rng([m, n]).integers(-2, 3, size=(2, 60, m, n)) * step
    found = all_equilibria(a, b)
    assert found.degenerate.mean() > 0.3
    for game in range(60):
        exactly = extreme_equilibria(*([[Fraction(x) for x in row] for row in payoff[game].tolist()] for payoff in (a, b)))
        np.testing.assert_allclose(listed(found, game), as_floats(exactly), atol=1e-13)
