"""Large zero-sum games in floats: bounds that meet, the exact value, ties, tall and wide shapes."""

from fractions import Fraction

import numpy as np
import pytest

import bargain as bg
from bargain.errors import BadInput
from bargain.kernels import core
from bargain.kernels.interior import zero_sum

built = pytest.mark.skipif(core._loaded() is None, reason="the C extension was not built")


@pytest.mark.parametrize("m, n", [(1, 1), (1, 5), (5, 1), (7, 4), (4, 7), (60, 60), (90, 40)])
@pytest.mark.parametrize("setting", ["numpy", pytest.param("c", marks=built)])
def test_the_bounds_meet(monkeypatch, setting, m, n):
    monkeypatch.setenv("BARGAIN_CORE", setting)
    for seed in range(4):
        a = np.random.default_rng([seed, m, n]).normal(size=(m, n)) * 10.0 ** (seed - 2)
        found = zero_sum(a)
        assert found.x.min() >= 0 and found.y.min() >= 0 and found.x.sum() == pytest.approx(1) and found.y.sum() == pytest.approx(1)
        assert -1e-12 * np.abs(a).max() <= found.high - found.low <= 1e-11 * max(np.ptp(a), np.abs(a).max())


@pytest.mark.parametrize("seed", range(12))
def test_the_value_is_the_exact_one_ties_included(seed):
    draw = np.random.default_rng(seed)
    a = draw.integers(-2, 3, size=(draw.integers(1, 7), draw.integers(1, 7)))
    (exactly,) = bg.solve(bg.MatrixGame.from_arrays(a.tolist(), (-a).tolist()), bg.ZeroSum()).equilibria
    value = Fraction(str(exactly.quantities["value"]))
    found = zero_sum(a)
    assert found.low - 1e-8 <= value <= found.high + 1e-8 and found.high - found.low <= 1e-7 * max(1, np.ptp(a))


def test_saddle_points_and_constant_tables():
    found = zero_sum(np.full((3, 4), 2.5))
    assert found.low == pytest.approx(2.5) == found.high
    saddle = zero_sum([[1, 2, 3], [0, 5, -1], [0.5, 0, 9]])
    assert saddle.low == pytest.approx(1) == saddle.high


def test_what_is_no_table_is_refused():
    with pytest.raises(BadInput, match="shape"):
        zero_sum([1, 2])
    with pytest.raises(BadInput, match="finite"):
        zero_sum([[np.inf]])
