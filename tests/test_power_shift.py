"""Power shifts: the traps of the preventive-war condition, brute force over dates, the continuous speed limit."""

from dataclasses import replace

import numpy as np
import pytest
import sympy as sp

import bargain as bg
from bargain import InvalidModel, NotApplicable, Notation, Parameter
from bargain.certify import certify
from bargain.games.power_shift import PowerShift
from bargain.solvers.conflict.peaceful_path import PeacefulPath

R = sp.Rational
t, p1, p2, c, d = sp.symbols("t p1 p2 c d", real=True)


def fearon(first: object, second: object, cost: object, factor: object) -> PowerShift:
    """A rises once, makes all offers, and war costs B a lump sum; averages carry (1 - d) times it."""
    notation = Notation(tuple(Parameter(s, s.name, domain=domain, baseline=b) for s, domain, b in
                              [(c, ">=0", 1), (d, "(0, 1)", "9/10")] if s in sp.sympify((cost, factor), strict=True).free_symbols))
    lump = (1 - sp.sympify(factor, strict=True)) * cost
    rise = sp.sympify(second, strict=True) - first
    return PowerShift("rise", ("A", "B"), t, {"A": first + rise * t - R(1, 100), "B": 1 - first - rise * t - lump}, 1, factor, notation=notation)


@pytest.mark.parametrize(("first", "second", "cost", "factor", "war"), [
    (R(2, 5), R(23, 50), 1, R(9, 10), True), (R(2, 5), R(23, 50), 2, R(9, 10), False),
    (R(2, 5), R(23, 50), R(139, 100), R(9, 10), True), (R(2, 5), R(23, 50), R(141, 100), R(9, 10), False),
    (R(1, 4), R(3, 4), R(274, 100), R(4, 5), True), (R(1, 4), R(3, 4), R(276, 100), R(4, 5), False),
])
def test_published_cut_offs_of_preventive_war(first: sp.Expr, second: sp.Expr, cost: sp.Expr, factor: sp.Expr, war: bool) -> None:
    solution = bg.solve(fearon(first, second, cost, factor), PeacefulPath())
    assert (solution.equilibria[0].outcome == "war at once") is war and solution.certificate.passed


def test_the_cut_off_for_all_costs_and_discount_factors() -> None:
    """dp2 - p1 > c (1 - d)^2 while c (1 - d) <= 1 - p2, else c < (1 - p1)/(1 - d) - 1."""
    solution = bg.solve(fearon(R(1, 4), R(3, 4), c, d), PeacefulPath())
    assert solution.status is bg.Status.PROVED
    for cost in (R(1, 7), R(3, 5), R(11, 8), R(27, 10), R(14, 5), R(9, 2)):
        for factor in (R(2, 7), R(1, 2), R(4, 5), R(19, 20)):
            interior = cost * (1 - factor) <= R(1, 4)
            war = factor * R(3, 4) - R(1, 4) > cost * (1 - factor) ** 2 if interior else cost < R(3, 4) / (1 - factor) - 1
            assert (solution.at({c: cost, d: factor}).equilibria[0].outcome == "war at once") is bool(war)


@pytest.mark.parametrize("seed", range(12))
def test_paths_in_periods_are_those_of_a_plain_recursion(seed: int) -> None:
    rng = np.random.default_rng(seed)
    last = int(rng.integers(0, 6))
    start, rise, cost = R(int(rng.integers(1, 12)), 20), R(int(rng.integers(-4, 8)), 60), R(int(rng.integers(0, 8)), 40)
    most, patience = R(int(rng.integers(6, 20)), 20), {"A": R(int(rng.integers(10, 19)), 20), "B": R(int(rng.integers(10, 19)), 20)}
    burden = R(int(rng.integers(0, 4)), 20)
    shift = PowerShift("s", ("A", "B"), t, {"A": start + rise * t - cost, "B": 1 - start - rise * t - cost}, last, patience, most, burden)
    found = bg.solve(shift, PeacefulPath())
    assert found.certificate.passed
    value = [0.0, 0.0]
    for date in range(last, -1, -1):
        w = [float(start + rise * date - cost), float(1 - start - rise * date - cost)]
        a, b = (float(patience[p]) for p in "AB")
        x = max(0.0, w[1] if date == last else (w[1] - b * value[1]) / (1 - b))
        go = [1 - float(burden) - x, x] if date == last else [(1 - a) * (1 - float(burden) - x) + a * value[0], (1 - b) * x + b * value[1]]
        value = w if x > float(most) + 1e-12 or w[0] > go[0] + 1e-12 else go
    assert [float(v) for v in found.equilibria[0].payoffs.values()] == pytest.approx(value, abs=1e-9)


SPEED = Notation((Parameter(p1, "chance now", domain="(0, 1)", baseline="7/20"), Parameter(p2, "growth", domain="[0, 1)", baseline="3/10")), (p1 + p2 < 1,))


def continuous(**changes: object) -> PowerShift:
    given = {"war": {"R": p1 + p2 * t / 4 - R(2, 25), "U": 1 - p1 - p2 * t / 4 - R(3, 25)}, "patience": {"R": R(1, 10), "U": R(3, 20)}, **changes}
    return PowerShift("Re-arming", ("R", "U"), t, last=4, most=R(81, 100), continuous=True, notation=SPEED, **given)  # type: ignore[arg-type]


def test_the_speed_limit_in_continuous_time() -> None:
    """Peace iff speed <= r (most - war value): here p2/4 <= 3/20 (81/100 - 1 + p1 + 3/25)."""
    solution = bg.solve(continuous(), PeacefulPath())
    assert solution.certificate.passed
    for first, growth in [(R(7, 20), R(3, 10)), (R(7, 20), R(4, 25)), (R(7, 20), R(17, 100)), (R(1, 2), R(1, 5)), (R(9, 10), R(1, 20))]:
        peace = growth / 4 <= R(3, 20) * (R(81, 100) - 1 + first + R(3, 25)) or first >= R(22, 25)
        assert (solution.at({p1: first, p2: growth}).equilibria[0].outcome == "peace") is bool(peace)


def test_short_periods_approach_the_continuous_path() -> None:
    at = replace(continuous(), most=1).at({p1: R(7, 20), p2: R(1, 20)})
    steps, period = 400, 0.01
    w = [float(at.at_war("U", date)) for date in np.linspace(0, 4, steps + 1)]
    b, value, cost, r = np.exp(-0.15 * period), w[-1], float(1 - w[-1]), np.exp(-0.1 * period)
    for date in range(steps - 1, -1, -1):
        x = (w[date] - b * value) / (1 - b)
        value, cost = w[date], (1 - r) * (1 - x) + r * cost
    paid = bg.solve(at, PeacefulPath()).equilibria[0].payoffs
    assert float(paid["U"]) == pytest.approx(value, abs=1e-12) and float(paid["R"]) == pytest.approx(cost, abs=2e-3)


def test_wrong_paths_are_refuted_and_bad_models_refused() -> None:
    solution = bg.solve(fearon(R(2, 5), R(23, 50), 2, R(9, 10)), PeacefulPath())
    right = solution.equilibria[0]
    for change in ({"outcome": "war at once"}, {"quantities": {**right.quantities, "offer at 0": right.quantities["offer at 0"] + R(1, 50)}},
                   {"payoffs": {**right.payoffs, "A": right.payoffs["A"] + R(1, 90)}}):
        assert certify(replace(solution, regimes=(replace(solution.regimes[0], equilibria=(replace(right, **change),)),))).refuted
    with pytest.raises(InvalidModel, match="whole number"):
        PowerShift("s", ("A", "B"), t, {"A": 0, "B": 0}, R(1, 2), "1/2")
    with pytest.raises(NotApplicable, match="not linear"):
        bg.solve(continuous(war={"R": t**2, "U": 1 - t**2}), PeacefulPath())
    with pytest.raises(NotApplicable, match="rises"):
        bg.solve(continuous(war={"R": 1 - t / 9, "U": t / 9}), PeacefulPath())
