"""The array route and the exact route to alternating offers agree."""

from time import process_time

import numpy as np
import pytest
import sympy as sp

from bargain import AlternatingOffers, BadInput, CurvedFrontier, FiniteHorizon, Rubinstein, State, solve
from bargain.kernels.rubinstein import alternating_offers, before_last_offer, on_a_curve, on_a_grid

x = sp.Symbol("x", real=True)


def test_a_discount_factor_of_one_is_refused() -> None:
    with pytest.raises(BadInput, match="below 1"):
        alternating_offers(1.0, 0.5)


def test_published_shares_are_found() -> None:
    shares = alternating_offers([0.9, 0.5, 0.9, 0.9, 0.9], [0.8, 0.5, 0.9, 0.9, 0.8],
                                outside=([-np.inf, -np.inf, 0, 0.6, 0.7], [-np.inf, -np.inf, 0.6, 0, 0.25]))
    assert shares.first == pytest.approx([5 / 7, 2 / 3, 2 / 5, 16 / 25, 3 / 4], abs=1e-12)


def test_random_tables_agree_with_the_exact_solver() -> None:
    draws = np.random.default_rng(11)
    for _ in range(40):
        numbers = [sp.Rational(int(k), 20) for k in draws.integers(1, 19, size=4)]
        d1, d2, o1, o2 = numbers
        g1, g2 = (sp.Rational(int(k), 20) for k in draws.integers(0, 9, size=2))
        table = AlternatingOffers("Pie", ("A", "B"), x, {"A": x, "B": 1 - x}, {"A": d1, "B": d2}, states=(State("talks", {"A": g1, "B": g2}),),
                                  outside={"A": o1, "B": o2})
        shares = alternating_offers(float(d1), float(d2), flows=(float(g1), float(g2)), outside=(float(o1), float(o2)))
        found = [e.quantities.get("x_A") for e in solve(table, Rubinstein()).extreme]
        if shares.deal[0]:
            assert any(share is not None and abs(float(share) - shares.first[0]) < 1e-12 for share in found), (numbers, g1, g2, found, shares)
        else:
            assert None in found, (numbers, g1, g2, found)


def test_draws_before_a_last_offer_equal_backward_induction_one_by_one() -> None:
    rng = np.random.default_rng(75)
    d1, d2, o2, e1, e2 = rng.integers(1, 20, (5, 12)) / 20 * np.array([[1], [1], [0.9], [0.5], [0.5]])
    for offers in (1, 2, 5, 8):
        first, second = before_last_offer(d1, d2, offers, outside=(0, o2), default=(e1, e2))
        for k in range(12):
            exact = [sp.Rational(str(round(float(v), 6))) for v in (d1[k], d2[k], o2[k], e1[k], e2[k])]
            pie = AlternatingOffers("Pie", ("A", "B"), x, {"A": x, "B": 1 - x}, {"A": exact[0], "B": exact[1]}, horizon=offers,
                                    default={"A": exact[3], "B": exact[4]}, outside={"A": 0, "B": exact[2]}, leaves={"A": "answering", "B": "answering"})
            paid = solve(pie, FiniteHorizon()).extreme[0].payoffs
            assert np.allclose([first[k], second[k]], [float(paid["A"]), float(paid["B"])], atol=1e-12)


def test_iteration_on_a_curve_comes_near_the_certified_pair() -> None:
    grid = np.linspace(0, 1, 100_001)
    found = on_a_curve(grid, 1 - grid**2, [0.9, 0.5], [0.9, 0.7])
    for k, factors in enumerate((("9/10", "9/10"), ("1/2", "7/10"))):
        curve = AlternatingOffers("Curve", ("A", "B"), x, {"A": x, "B": 1 - x**2}, dict(zip("AB", factors, strict=True)))
        exact = solve(curve, CurvedFrontier()).extreme[0].quantities
        assert abs(found.first[k] - float(exact["x_A"])) < 1e-8 and abs(found.second[k] - float(exact["x_B"])) < 1e-8


def test_a_grid_of_agreements_is_solved_as_by_trying_each() -> None:
    grid = np.linspace(0, 1, 31)
    d1, d2 = np.random.default_rng(9).uniform(0.3, 1, (2, 8))
    for offers in (1, 2, 3, 4, 7, 40, 41):
        found = on_a_grid(grid**0.5, 1 - grid, d1, d2, offers=offers)
        for k in range(8):
            index = 30 if offers % 2 else 0
            for date in range(offers - 2, -1, -1):
                mine, theirs = (d1[k] * grid[index] ** 0.5, d2[k] * (1 - grid[index]))
                index = min(j for j in range(31) if grid[j] ** 0.5 >= mine - 1e-12) if date % 2 else max(j for j in range(31) if 1 - grid[j] >= theirs - 1e-12)
            assert found.index[k] == index, (offers, k)
    fine = np.linspace(0, 1, 100_001)
    assert np.allclose(on_a_grid(fine, 1 - fine, 0.9, [0.8, 0.5], offers=60).first, before_last_offer(0.9, [0.8, 0.5], 60)[0], atol=2e-4)


def test_a_million_draws_with_outside_options_take_less_than_a_second() -> None:
    draw = np.random.default_rng(4)
    d, o = draw.uniform(0.5, 0.99, (2, 1_000_000)), draw.uniform(0, 0.5, (2, 1_000_000))
    start = process_time()
    found = alternating_offers(*d, outside=(o[0], o[1]))
    assert process_time() - start < 2                                      # processor time, so at most one second on two cores
    held = np.maximum(o[0], d[0] * found.first), np.maximum(o[1], d[1] * (1 - found.second))
    assert found.deal.all() and np.allclose(found.second, held[0], atol=1e-12) and np.allclose(1 - found.first, held[1], atol=1e-12)


def test_wrong_arrays_are_refused() -> None:
    grid = np.linspace(0, 1, 11)
    for call in (lambda: before_last_offer(0.9, 0.9, 0), lambda: on_a_curve(grid, grid, 0.9, 0.9), lambda: on_a_curve(grid, 1 - grid, 1.0, 0.9),
                 lambda: on_a_grid(grid, 1 - grid, 0.9, 1.1, offers=2), lambda: on_a_grid(grid, grid, 0.9, 0.9, offers=2),
                 lambda: on_a_grid(grid - 1, 1 - grid, 0.9, 0.9, offers=2), lambda: on_a_grid(grid, 1 - grid, 0.9, 0.9, offers=0)):
        with pytest.raises(BadInput):
            call()
