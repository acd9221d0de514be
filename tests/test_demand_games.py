"""Demand games and textbook 2x2 games with published answers."""

import math

import pytest
import sympy as sp
from scipy.optimize import brentq

from bargain import BargainingProblem, MatrixGame, Nash, NashBargaining, solve

R, x = sp.Rational, sp.Symbol("x", real=True)


@pytest.mark.parametrize("pie", [4, 10])
def test_discrete_demand_game_has_every_exact_division_and_the_standoff(pie: int) -> None:
    demands = range(pie + 1)
    first = [[own if own + other <= pie else 0 for other in demands] for own in demands]
    second = [[other if own + other <= pie else 0 for other in demands] for own in demands]
    extremes = solve(MatrixGame.from_arrays(first, second), Nash()).extreme
    pure = {e.outcome for e in extremes if "+" not in e.outcome}
    assert pure == {f"r{k + 1},c{pie - k + 1}" for k in demands} | {f"r{pie + 1},c{pie + 1}"} and len(pure) == pie + 2


def test_smoothed_demand_game_tends_to_the_nash_solution() -> None:
    """Demands x, y of a pie of 1 are met with probability 1 - F((x + y - 1)/s), F normal; utilities sqrt(x) and y (ND2.1)."""
    s = 1e-4

    def hazard(z: float) -> float:
        return math.exp(-z * z / 2) / math.sqrt(2 * math.pi) / (0.5 * math.erfc(z / math.sqrt(2)))

    def excess(z: float) -> float:  # first-order conditions: 1/(2x) = h/s and 1/y = h/s at x + y - 1 = s z
        rate = hazard(z) / s
        return 1 / (2 * rate) + 1 / rate - 1 - s * z

    rate = hazard(brentq(excess, -10, 10)) / s
    problem = BargainingProblem("pie", ("A", "B"), {"A": 0, "B": 0}, curve=(x, (0, 1), {"A": sp.sqrt(x), "B": 1 - x}))
    agreed = solve(problem, NashBargaining()).equilibria[0]
    assert agreed.quantities["share"] == R(1, 3) and agreed.payoffs["B"] == R(2, 3)
    assert (1 / (2 * rate), 1 / rate) == pytest.approx((1 / 3, 2 / 3), abs=1e-3)


def test_mixed_equilibria_of_chicken_and_of_asymmetric_pennies() -> None:
    chicken = solve(MatrixGame.from_arrays([[6, 2], [7, 0]], [[6, 7], [2, 0]]), Nash()).extreme
    mixed = next(e for e in chicken if "+" in e.outcome)
    assert mixed.strategies["row"][""]["r1"] == R(2, 3) and mixed.payoffs == {"row": R(14, 3), "column": R(14, 3)}
    (pennies,) = solve(MatrixGame.from_arrays([[9, 0], [0, 1]], [[0, 1], [1, 0]]), Nash()).extreme
    assert (pennies.strategies["row"][""]["r1"], pennies.strategies["column"][""]["c1"]) == (R(1, 2), R(1, 10))
