"""The ends of principal branches: regret, the compiled twin against numpy, Gambit's branch, exact equilibria nearby, and branches without an end."""

from itertools import pairwise

import numpy as np
import pytest

import bargain as bg
from bargain.errors import BadInput, NotDecided
from bargain.kernels import core
from bargain.kernels.continuation import Curve
from bargain.kernels.indifference import System
from bargain.kernels.krawczyk import surrounded
from bargain.kernels.logit import LogitGame
from bargain.kernels.logit_limits import logit_limits
from bargain.kernels.refinement import refined

built = pytest.mark.skipif(core._loaded() is None, reason="the C extension was not built")
SHAPES = [(2, 2), (3, 3), (2, 2, 2), (3, 3, 3), (2, 2, 2, 2), (1, 3, 2), (4,)]


def normal(shape, games, seed=0):
    return np.random.default_rng([seed, *shape]).normal(size=(games, len(shape), *shape))


def regret(payoffs, weights):
    game = LogitGame(tuple(payoffs))
    utilities = game.utilities(weights)
    return max(float(utilities[b].max() - weights[b] @ utilities[b]) for b in game.blocks) / max(float(np.ptp(u)) for u in payoffs)


@built
@pytest.mark.parametrize("shape", SHAPES)
def test_the_twins_end_at_the_same_equilibrium_and_no_player_gains_from_another_action(monkeypatch, shape):
    payoffs = normal(shape, 5)
    monkeypatch.setenv("BARGAIN_CORE", "numpy")
    numpy = logit_limits(payoffs)
    monkeypatch.setenv("BARGAIN_CORE", "c")
    ends = logit_limits(payoffs)
    assert ends.ended.all() and numpy.ended.all()
    assert np.abs(ends.weights - numpy.weights).max() < 1e-13
    assert max(regret(u, w) for u, w in zip(payoffs, ends.weights, strict=True)) <= 1e-12


@built
def test_all_but_a_few_of_2000_branches_have_an_end_and_there_no_player_has_regret(monkeypatch):
    monkeypatch.setenv("BARGAIN_CORE", "c")
    payoffs = normal((3, 3, 3), 2000)
    ends = logit_limits(payoffs)
    assert ends.ended.sum() >= 1990 and ends.regret[ends.ended].max() <= 1e-12
    assert max(regret(u, w) for u, w in zip(payoffs[:50], ends.weights[:50], strict=True)) <= 1e-12


@pytest.mark.parametrize("shape, games", [((3, 3), 8), ((2, 2, 2), 12), ((3, 3, 3), 12), ((2, 2, 2, 2), 12)])
def test_gambit_s_branch_ends_at_the_same_equilibrium(shape, games):
    gambit = pytest.importorskip("pygambit")
    payoffs = normal(shape, games, 5)
    for tables, ours in zip(payoffs, logit_limits(payoffs).weights, strict=True):
        profile = gambit.qre.logit_solve_branch(gambit.Game.from_arrays(*tables))[-1].profile
        theirs = [float(profile[action]) for player in profile.game.players for action in player.strategies]
        assert np.abs(ours - theirs).max() < 1e-3  # theirs has a regret of 1e-8


def test_the_end_lies_in_a_proved_enclosure_of_an_exact_equilibrium():
    payoffs = np.random.default_rng(3).integers(-99, 100, size=(6, 3, 3, 3, 3))
    for tables, weights in zip(payoffs, logit_limits(payoffs).weights, strict=True):
        parts = np.split(weights, 3)
        support = tuple(tuple(int(a) for a in np.flatnonzero(p)) for p in parts)
        system = System(tuple(tables), support)
        if not system.unknowns:
            continue
        ball = surrounded([u.astype(float) for u in tables], support, [p[list(own)] for p, own in zip(parts, support, strict=True)])
        zero = refined(system, ball, 100)
        ends = [float(p[a]) for p, own in zip(parts, support, strict=True) for a in own[1:]]
        assert max(abs(float(z.mid()) - w) for z, w in zip(zero, ends, strict=True)) < 1e-12 and max(float(z.rad()) for z in zero) < 1e-25


def test_the_unit_of_payoffs_only_changes_the_unit_of_rationality():
    payoffs = normal((2, 3, 2), 4)
    one, other = logit_limits(payoffs), logit_limits(8 * payoffs + 3)
    assert np.allclose(one.weights, other.weights, atol=1e-12, rtol=0) and np.allclose(one.rationality, 8 * other.rationality, rtol=1e-3)


@pytest.mark.parametrize("setting", ["numpy", pytest.param("c", marks=built)])
def test_ties_end_without_regret_or_have_no_end(monkeypatch, setting):
    monkeypatch.setenv("BARGAIN_CORE", setting)
    payoffs = np.random.default_rng(9).integers(-2, 3, size=(12, 3, 2, 2, 2)).astype(float)
    ends = logit_limits(payoffs)
    assert ends.ended.sum() >= 10
    for tables, weights, good in zip(payoffs, ends.weights, ends.ended, strict=True):
        assert regret(tables, weights) <= 1.1e-12 if good else np.isnan(weights).all()


@pytest.mark.parametrize("setting", ["numpy", pytest.param("c", marks=built)])
def test_a_branch_that_is_not_followed_to_its_end_has_none(monkeypatch, setting):
    monkeypatch.setenv("BARGAIN_CORE", setting)
    ends = logit_limits(normal((3, 3, 3), 3), most=4)
    assert not ends.ended.any() and np.isnan(ends.weights).all() and np.isinf(ends.regret).all()


@pytest.mark.parametrize("setting", ["numpy", pytest.param("c", marks=built)])
def test_a_game_of_nothing_but_ties_stays_uniform(monkeypatch, setting):
    monkeypatch.setenv("BARGAIN_CORE", setting)
    assert logit_limits(np.ones((1, 2, 2, 3))).weights.round(12).tolist() == [[0.5, 0.5, *[round(1 / 3, 12)] * 3]]


@built
def test_both_twins_lie_on_one_curve_and_meet_at_every_rationality(monkeypatch):
    for tables in normal((2, 2, 2, 2), 4, 7):
        game, ends = LogitGame(tuple(tables)), []
        for setting in ("numpy", "c"):
            monkeypatch.setenv("BARGAIN_CORE", setting)
            ends.append([game.first(at) for at in (0.5, 3.0, 20.0)])
        assert np.allclose(*ends, atol=1e-9, rtol=0)


def test_a_curve_is_not_left_for_a_near_one():
    """The hyperbolas x^2 - t^2 = +-gap run close by at the origin: the branch from t = -1 turns there and does not go straight on."""
    gap = 1e-4
    curve = Curve(lambda z: np.array([z[0] ** 2 - z[1] ** 2 + gap]), lambda z: np.array([[2 * z[0], -2 * z[1]]]))
    points = []
    for z in curve.points(np.array([(1 - gap) ** 0.5, -1.0])):
        points.append(z)
        if abs(z[1]) > 2:
            break
    assert points[-1][1] < 0 and points[-1][0] < 0
    assert all((a - b) @ (a - b) < 16 for a, b in pairwise(points))


def test_what_is_no_list_of_games_is_refused():
    with pytest.raises(BadInput, match="list of games"):
        logit_limits(np.zeros((3, 2, 2)))
    with pytest.raises(BadInput, match="finite"):
        logit_limits(np.full((1, 2, 2, 2), np.nan))


@built
def test_the_extension_refuses_buffers_that_do_not_fit():
    module, shape = core._loaded(), np.array([2, 2], dtype=np.int32)
    with pytest.raises(ValueError, match="fit"):
        module.logit_points(2, shape, np.zeros(7), np.zeros(11), np.zeros((4, 5)))
    with pytest.raises(ValueError, match="fit"):
        module.logit_ends(2, 9, shape, np.zeros((1, 2, 2, 2)), np.zeros((1, 3)), np.zeros(1), np.zeros((1, 2)))


def test_a_branch_that_cannot_be_followed_is_an_error(monkeypatch):
    monkeypatch.setattr("bargain.kernels.logit._MOST", 50)
    with pytest.raises(NotDecided, match="beyond|reached only"):
        list(LogitGame(tuple(normal((2, 2), 1)[0])).branch())


def test_one_exact_equilibrium_is_where_the_branch_ends():
    tables = np.array([[[9, 0], [0, 1]], [[0, 1], [1, 0]]])
    found = bg.solve(bg.MatrixGame.from_arrays(*tables.tolist()), bg.OneNash()).equilibria[0]
    exact = [float(w) for nodes in found.strategies.values() for w in nodes[""].values()]
    assert np.abs(logit_limits(tables[None]).weights[0] - exact).max() < 1e-15
