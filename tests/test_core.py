"""The compiled twins give the bits that numpy gives, and are refused where they are not there."""

import numpy as np
import pytest

import bargain as bg
from bargain.errors import BadInput
from bargain.kernels import core
from bargain.kernels.batch import all_equilibria
from bargain.kernels.induction import Step, backward_induction

built = pytest.mark.skipif(core._loaded() is None, reason="the C extension was not built")


def both(monkeypatch, function):
    answers = []
    for setting in ("numpy", "c"):
        monkeypatch.setenv("BARGAIN_CORE", setting)
        answers.append(function())
    return answers


@built
@pytest.mark.parametrize("m, n", [(1, 1), (1, 3), (2, 2), (3, 3), (2, 5), (4, 4), (5, 5), (6, 6), (8, 8)])
@pytest.mark.parametrize("kind", ["normal", "integers", "scales"])
def test_batches_are_the_same_bit_for_bit(monkeypatch, m, n, kind):
    draw, games = np.random.default_rng([m, n]), 30 if m == 8 else 200
    payoffs = draw.normal(size=(2, games, m, n)) if kind == "normal" else draw.integers(-2, 3, size=(2, games, m, n)).astype(float)
    if kind == "integers" and m * n > 20:
        payoffs = payoffs[:, :10]  # most of these are solved by rationals, on both sides
    if kind == "scales":
        payoffs = draw.normal(size=(2, games, m, n)) * 2.0 ** draw.integers(-500, 500, size=(2, games, 1, n))
    numpy, c = both(monkeypatch, lambda: all_equilibria(*payoffs))
    for name in ("x", "y", "game", "degenerate"):
        assert np.array_equal(getattr(numpy, name), getattr(c, name)), name


@built
def test_subnormal_and_huge_payoffs_are_the_same_bit_for_bit(monkeypatch):
    a = np.array([[[5e-324, 0], [0, 1e-310]], [[1.7e308, -1.7e308], [-1e308, 1e308]]])
    numpy, c = both(monkeypatch, lambda: all_equilibria(a, -a))
    assert np.array_equal(numpy.x, c.x) and np.array_equal(numpy.y, c.y) and np.array_equal(numpy.degenerate, c.degenerate)


def agree(monkeypatch, a, b):
    """Both answers have the same bits, and some games have ties; the answer."""
    numpy, c = both(monkeypatch, lambda: all_equilibria(a, b))
    for name in ("x", "y", "game", "degenerate"):
        assert np.ascontiguousarray(getattr(numpy, name)).tobytes() == np.ascontiguousarray(getattr(c, name)).tobytes(), name
    assert c.degenerate.any()
    return c


@built
@pytest.mark.parametrize("m, n", [(m, n) for m in range(1, 6) for n in range(1, 6) if m * n > 1])
def test_games_with_ties_are_the_same_bit_for_bit(monkeypatch, m, n):
    draw = np.random.default_rng([m, n, 3])
    small, wide = draw.integers(-1, 2, size=(2, 100, m, n)).astype(float), draw.integers(-3, 4, size=(2, 100, m, n)).astype(float)
    small[:, :2], small[0, 2:5], small[1, 4:7] = 0.0, 7.0, -3.0  # nothing at stake, for both or for one
    wide[:, :20, -1], wide[:, 20:40, :, -1] = wide[:, :20, 0], wide[:, 20:40, :, 0]  # an action twice
    wide[0, 40:50, -1] = wide[0, 40:50, 0] - draw.integers(0, 2, size=(10, n))  # dominated, weakly or strictly
    scale = 2.0 ** draw.integers(-500, 501, size=(2, 100, 1, 1))
    games = np.concatenate([small, wide, draw.normal(size=(2, 70, m, n)), wide * scale], axis=1)[:, draw.permutation(370)]
    agree(monkeypatch, *games)
    agree(monkeypatch, *small)  # many more equilibria than random games have: the list is made in several parts


@built
def test_games_with_ties_that_only_rationals_decide_stand_in_their_place(monkeypatch):
    draw = np.random.default_rng(8)
    a, b = draw.integers(-2, 3, size=(2, 200, 3, 3)).astype(float)
    a[::20, 0] = a[::20, 1] + 1e-20 * draw.integers(0, 3, size=(10, 3))
    a[5::20, 0, 0], b[5::20, 1, 1] = 1e-20, 1.0
    b[7::20, 0] = [0.1 + 0.2, 0.3, 0.3]
    a[9::20], b[9::20] = a[9::20] * 2.0**-1000, b[9::20] * 2.0**900
    found = agree(monkeypatch, a, b)
    assert (np.diff(found.game) >= 0).all()
    fine = draw.integers(0, 2**30, size=(2, 100, 4, 4)) / 2.0**30  # minors are rounded, though centring is exact
    fine[0, :, 3], fine[1, :, :, 3] = fine[0, :, 1], fine[1, :, :, 1]
    agree(monkeypatch, *fine)


@built
def test_near_ties_of_exact_minors_are_no_ties(monkeypatch):
    draw = np.random.default_rng(10)
    payoffs = draw.choice([-1.0, 1.0], size=(2, 400, 3, 3)) + draw.integers(0, 3, size=(2, 400, 3, 3)) * 2.0**-22  # minors of 2^-44, and none rounded
    agree(monkeypatch, *payoffs)
    a = np.array([[2.0**900, -(2.0**900)], [-(2.0**900), 2.0**900], [2.0**-200, 0.0]])  # scaled, 2^-200 is lost
    for scale in (1.0, 2.0**-501):
        found = agree(monkeypatch, a[None] * scale, np.zeros((1, 3, 2)))
        assert found.y[found.x[:, 2] == 1].tolist() == [[0.5, 0.5]] * 2  # rounded; exactly, they are on either side of a half


@built
def test_ties_in_large_games_and_eight_weights_at_once_are_the_same_bit_for_bit(monkeypatch):
    draw = np.random.default_rng(9)
    for m, n, games in ((8, 8, 3), (2, 14, 20), (7, 3, 20), (12, 1, 20)):
        agree(monkeypatch, *draw.integers(-1, 2, size=(2, games, m, n)).astype(float))
    coordination = np.stack([np.eye(8) + draw.normal(size=(2, 8, 8)) / 50, np.zeros((2, 8, 8))])  # 255 equilibria, one of them on all actions
    found = agree(monkeypatch, *coordination.swapaxes(0, 1))
    assert (found.x[found.game == 0] > 0).all(axis=1).any()


def random_steps(draw, depth, ends, draws):
    if depth == 0:
        ends.append(None)
        return [Step("end", len(ends) - 1, 0)]
    children = int(draw.integers(1, 4))
    below = [step for _ in range(children) for step in random_steps(draw, depth - int(draw.integers(1, 3)) if depth > 1 else 0, ends, draws)]
    if draw.random() < 0.3:
        draws.extend([None] * children)
        return [*below, Step("chance", children, len(draws) - children)]
    return [*below, Step("choose", children, int(draw.integers(0, 3)))]


@built
@pytest.mark.parametrize("seed", range(6))
def test_backward_induction_is_the_same_bit_for_bit_ties_and_chance_included(monkeypatch, seed):
    draw, ends, draws = np.random.default_rng(seed), [], []
    steps = random_steps(draw, 6, ends, draws)
    payoffs, chances = draw.integers(-3, 4, size=(len(ends), 3, 130)).astype(float), draw.random((len(draws), 130))
    (values, reached), (twin, same) = both(monkeypatch, lambda: backward_induction(steps, payoffs, chances))
    assert np.array_equal(values, twin) and np.array_equal(reached, same)


@built
def test_the_extension_refuses_buffers_that_do_not_fit():
    module, a = core._loaded(), np.zeros((3, 2, 2))
    x, y = core.tables(2, 2), core.tables(3, 3)
    room = np.zeros((9, 2)), np.zeros((9, 2)), np.zeros(9, dtype=np.int64)
    with pytest.raises(ValueError, match="fit"):
        module.bimatrix(a, a, *x, *y, *room, np.zeros(3, dtype=np.uint8))
    with pytest.raises(ValueError, match="fit"):
        module.bimatrix(a, a, x[0][:-1].copy(), x[1], *x, *room, np.zeros(3, dtype=np.uint8))
    with pytest.raises(ValueError, match="fit"):
        module.bimatrix(a, a, *x, *x, room[0][:8], *room[1:], np.zeros(3, dtype=np.uint8))
    assert module.bimatrix(a + np.eye(2), a + np.eye(2), *x, *x, *(part[:8] for part in room), np.zeros(3, dtype=np.uint8)) == (0, 0)
    steps = np.array([[0, 5, 0]], dtype=np.int32)
    with pytest.raises(ValueError, match="fit"):
        module.induction(1, 1, steps, np.zeros((1, 1, 4)), np.zeros((0, 4)), np.zeros((1, 4)), np.zeros(4, dtype=np.int64))


def test_the_setting_is_obeyed_and_a_wrong_one_is_refused(monkeypatch):
    monkeypatch.setenv("BARGAIN_CORE", "numpy")
    assert bg.core_info() == "numpy"
    monkeypatch.setenv("BARGAIN_CORE", "fortran")
    with pytest.raises(BadInput, match="BARGAIN_CORE=fortran"):
        bg.core_info()
    monkeypatch.setenv("BARGAIN_CORE", "c")
    monkeypatch.setattr(core, "_loaded", lambda: None)
    with pytest.raises(BadInput, match="compiler"):
        bg.core_info()
