"""All equilibria by path tracking: complete by count, the same by bisection and by exact algebra, and honest about ties."""

import numpy as np
import pytest

import bargain as bg
from bargain.errors import BadInput, TooLarge
from bargain.kernels import core
from bargain.kernels.batch import all_equilibria
from bargain.kernels.cubes import all_equilibria_of_cubes
from bargain.kernels.tracking import all_enclosed_equilibria, tracked

built = pytest.mark.skipif(core._loaded() is None, reason="the C extension was not built")


def normal(shape, games, seed=0):
    return np.random.default_rng([seed, *shape]).normal(size=(games, len(shape), *shape))


def exactly(tables):
    """All equilibria as floats, by exact algebra."""
    actions = tuple(tuple(f"{'abcd'[j]}{k}" for k in range(m)) for j, m in enumerate(tables[0].shape))
    cells = {tuple(actions[j][k] for j, k in enumerate(cell)): tuple(int(u[cell]) for u in tables) for cell in np.ndindex(tables[0].shape)}
    solution = bg.solve(bg.MatrixGame("drawn", tuple(f"P{j}" for j in range(len(actions))), actions, cells), bg.Nash())
    return np.array([[float(w) for nodes in e.strategies.values() for w in nodes[""].values()] for e in solution.equilibria])


def in_order(weights):
    return weights[np.lexsort(np.round(weights, 6).T)]


def by_game(found, games):
    return [in_order(found.weights[found.game == g]) for g in range(games)]


@built
@pytest.mark.parametrize("shape, games", [((2, 2), 20), ((3, 3), 10), ((2, 2, 2), 15), ((2, 2, 3), 8), ((2, 2, 2, 2), 4), ((3, 3, 3), 2)])
def test_paths_and_bisection_prove_the_same_equilibria(monkeypatch, shape, games):
    payoffs = normal(shape, games, 5)
    monkeypatch.setenv("BARGAIN_CORE", "numpy")
    twin = all_enclosed_equilibria(payoffs)
    monkeypatch.setenv("BARGAIN_CORE", "c")
    found = all_enclosed_equilibria(payoffs)
    assert not found.flagged.any() and not twin.flagged.any()
    for ours, theirs in zip(by_game(found, games), by_game(twin, games), strict=True):
        assert ours.shape == theirs.shape and np.abs(ours - theirs).max() < 1e-9
    assert (np.bincount(found.game, minlength=games) % 2 == 1).all()  # Wilson (1971): almost every game has an odd number


@built
@pytest.mark.parametrize("shape, games", [((2, 2, 3), 100), ((3, 3, 3), 20), ((2, 2, 2, 2), 40), ((2, 3, 4), 20)])
def test_every_game_in_general_position_is_settled_and_has_an_odd_number(monkeypatch, shape, games):
    monkeypatch.setenv("BARGAIN_CORE", "c")
    found = all_enclosed_equilibria(normal(shape, games))
    assert not found.flagged.any()
    assert (np.bincount(found.game, minlength=games) % 2 == 1).all()


@built
def test_paths_alone_leave_few_supports_open(monkeypatch):
    monkeypatch.setenv("BARGAIN_CORE", "c")
    _, _, undecided = tracked(normal((2, 2, 3), 100))
    assert sum(map(len, undecided)) <= 5


@built
def test_batches_of_cubes_and_of_two_players_by_their_own_kernels_agree():
    cubes = normal((2, 2, 2), 200)
    ours, theirs = all_enclosed_equilibria(cubes), all_equilibria_of_cubes(cubes)
    for game in range(200):
        mine, other = in_order(ours.weights[ours.game == game][:, ::2]), in_order(theirs.first[theirs.game == game])
        assert mine.shape == other.shape and np.abs(mine - other).max() < 1e-6
    pairs = normal((3, 3), 200)
    minors = all_equilibria(pairs[:, 0], pairs[:, 1])
    assert np.array_equal(np.bincount(minors.game, minlength=200), np.bincount(all_enclosed_equilibria(pairs).game, minlength=200))


@built
@pytest.mark.parametrize("shape", [(2, 2, 2), (2, 2, 3)])
def test_exact_algebra_finds_the_same_equilibria_and_each_lies_in_its_ball(monkeypatch, shape):
    payoffs = np.random.default_rng([4, *shape]).integers(-99, 100, size=(4, len(shape), *shape))
    found = all_enclosed_equilibria(payoffs.astype(float))
    for number, tables in enumerate(payoffs):
        monkeypatch.setenv("BARGAIN_CORE", "numpy")
        exact = in_order(exactly(tables))
        monkeypatch.setenv("BARGAIN_CORE", "c")
        assert np.array_equal(exact, in_order(exactly(tables)))
        chosen = found.game == number
        assert not found.flagged[number] and len(exact) == chosen.sum()
        assert np.abs(in_order(found.weights[chosen]) - exact).max() <= found.radius[chosen].max(initial=0) + 1e-12


@pytest.mark.parametrize("setting", ["numpy", pytest.param("c", marks=built)])
def test_ties_are_flagged_and_nothing_is_claimed(monkeypatch, setting):
    monkeypatch.setenv("BARGAIN_CORE", setting)
    payoffs = np.zeros((2, 3, 2, 2, 2))
    payoffs[1] = normal((2, 2, 2), 1)[0]
    found = all_enclosed_equilibria(payoffs)
    assert found.flagged.tolist() == [True, False]
    assert (np.bincount(found.game, minlength=2) % 2)[1] == 1


@built
@pytest.mark.parametrize("seed", range(3))
def test_unflagged_games_with_small_integer_payoffs_are_complete(monkeypatch, seed):
    payoffs = np.random.default_rng(seed).integers(0, 6, size=(15, 3, 2, 2, 2)).astype(float)
    monkeypatch.setenv("BARGAIN_CORE", "c")
    found = all_enclosed_equilibria(payoffs)
    for number in np.flatnonzero(~found.flagged)[:4]:
        assert len(exactly(payoffs[number])) == (found.game == number).sum()


def test_what_is_no_list_of_games_or_too_large_is_refused():
    with pytest.raises(BadInput, match="list of games"):
        all_enclosed_equilibria(np.zeros((3, 2, 2)))
    with pytest.raises(TooLarge, match="supports"):
        all_enclosed_equilibria(np.zeros((1, 2, 10, 10)))


@built
def test_the_extension_refuses_buffers_that_do_not_fit():
    shape = np.array([2, 2], dtype=np.int32)
    with pytest.raises(ValueError, match="fit"):
        core._loaded().many_players(2, shape, np.zeros((1, 2, 2, 2)), np.zeros((4, 4)), np.zeros(4, dtype=np.int64), np.zeros((9, 2), dtype=np.int64),
                                    np.zeros((1, 2), dtype=np.int64))
