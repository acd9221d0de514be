"""Lemke-Howson paths in floats: equilibria of random games, the same in numpy and in C, refusals where floats cannot tell."""

from fractions import Fraction

import numpy as np
import pytest

from bargain.errors import BadInput, NotDecided
from bargain.kernels import core
from bargain.kernels.bimatrix import lemke_howson, max_regret
from bargain.kernels.support_path import one_equilibrium, path_end

built = pytest.mark.skipif(core._loaded() is None, reason="the C extension was not built")


def drawn(seed, m, n):
    return np.random.default_rng([seed, m, n]).normal(size=(2, m, n))


@pytest.mark.parametrize("setting", ["numpy", pytest.param("c", marks=built)])
@pytest.mark.parametrize("m, n", [(1, 1), (1, 4), (3, 2), (7, 7), (12, 30), (60, 60)])
def test_what_is_returned_is_an_equilibrium(monkeypatch, setting, m, n):
    monkeypatch.setenv("BARGAIN_CORE", setting)
    for seed in range(5):
        a, b = drawn(seed, m, n)
        x, y = one_equilibrium(a, b)
        assert x.min() >= 0 and y.min() >= 0 and x.sum() == pytest.approx(1) and y.sum() == pytest.approx(1)
        gain = max((a @ y).max() - x @ a @ y, (x @ b).max() - x @ b @ y)
        assert gain <= 1e-12 * max(np.ptp(a), np.ptp(b), 1e-300)


@built
@pytest.mark.parametrize("n", [4, 9, 40])
def test_both_implementations_follow_the_same_path_from_every_label(monkeypatch, n):
    a, b = (1 + (payoff - payoff.min()) / np.ptp(payoff) for payoff in drawn(n, n, n + 3))
    for label in range(0, 2 * n + 3, max(1, n // 5)):
        ends = []
        for setting in ("numpy", "c"):
            monkeypatch.setenv("BARGAIN_CORE", setting)
            ends.append(path_end(a, b, label, 5000))
        assert ends[0] == ends[1] and ends[0] is not None


@pytest.mark.parametrize("seed", range(8))
def test_the_path_of_a_label_ends_where_the_exact_path_ends(seed):
    a, b = np.random.default_rng(seed).integers(-99, 100, size=(2, 6, 5))
    rows, columns = (1 + (payoff - payoff.min()) / np.ptp(payoff) for payoff in (a, b))
    for label in range(11):
        x, y = lemke_howson(a.tolist(), b.tolist(), label)
        assert path_end(rows, columns, label, 1000) == ([i for i, p in enumerate(x) if p], [j for j, p in enumerate(y) if p])
        assert max_regret([[Fraction(int(u)) for u in row] for row in a], [[Fraction(int(u)) for u in row] for row in b], x, y) == 0


def test_shapes_and_values_that_do_not_fit_are_refused():
    with pytest.raises(BadInput, match="shapes"):
        one_equilibrium(np.zeros((2, 3)), np.zeros((3, 2)))
    with pytest.raises(BadInput, match="finite"):
        one_equilibrium([[np.nan]], [[0.0]])


def test_games_of_ties_are_solved_or_refused_never_wrong():
    solved = 0
    for seed in range(60):
        a, b = np.random.default_rng(seed).integers(0, 2, size=(2, 6, 6)).astype(float)
        try:
            x, y = one_equilibrium(a, b)
        except NotDecided:
            continue
        solved += 1
        assert max((a @ y).max() - x @ a @ y, (x @ b).max() - x @ b @ y) <= 1e-12
    assert solved > 40
