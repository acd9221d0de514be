"""Screening: the rows of the theory map, a grid of states in floats as the other route, and certificates that object."""

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sympy as sp

from bargain import (
    InvalidModel,
    LinearSkimming,
    NotApplicable,
    Notation,
    Parameter,
    Screening,
    Sequential,
    Skimming,
    Solution,
    Space,
    Status,
    UniformScreening,
    chance,
    decision,
    payoffs,
    solve,
)
from bargain.certify import certify
from bargain.games import Game
from bargain.models.classics import battlefield_learning
from bargain.regions import Cell, Region
from bargain.solution import Regime

R = sp.Rational
mu, delta, top = sp.symbols("mu delta top", real=True)


def sale(shares: Sequence[Any], worth: Sequence[Any], discount: Any, horizon: int | None, notation: Notation | None = None) -> Screening:
    names = [f"t{i}" for i in range(len(shares))]
    return Screening("sale", ("S", "B"), dict(zip(names, shares, strict=True)), dict(zip(names, worth, strict=True)), discount, horizon,
                     notation=notation or Notation())


def war(phi: str) -> Solution:
    return solve(battlefield_learning.war, Skimming(), at={"phi": phi, "k": "1/10"})


@pytest.mark.parametrize(("share", "price", "profit"), [("1/2", 2, R(5, 4)), ("9/10", 3, R(21, 8)), ("1/4", 1, 1)], ids=["FT1.1 skim", "FT1.2 mix", "FT1.3 pool"])
def test_two_offers_to_two_types(share: str, price: Any, profit: Any) -> None:
    (found,) = solve(sale([share, 1 - R(share)], [3, 1], "1/2", 2), Skimming()).extreme
    assert (found.quantities["demand in round 1"], found.payoffs["S"]) == (price, profit)


@pytest.mark.parametrize(("share", "path", "profit"), [("1/2", [2, 1], R(5, 4)), ("3/4", [R(5, 2), 2, 1], R(7, 4))], ids=["CO1.1", "CO1.2"])
def test_prices_fall_to_the_low_value_without_an_end(share: str, path: list[Any], profit: Any) -> None:
    (found,) = solve(sale([share, 1 - R(share)], [3, 1], "1/2", None), Skimming()).extreme
    assert [found.quantities[f"demand in round {k + 1}"] for k in range(len(path))] == path
    assert found.payoffs["S"] == profit and f"demand in round {len(path) + 1}" not in found.quantities


def test_beliefs_at_which_one_more_price_cut_is_used() -> None:  # CO1.3
    notation = Notation((Parameter(mu, "chance of a high value", domain="(0, 1)"),), (mu < R(24, 25),))
    solution = solve(sale([mu, 1 - mu], [3, 1], "1/2", None, notation), Skimming())
    assert solution.status is Status.PROVED
    borders = sorted(R(sp.solve(body, mu)[0]) for cell in solution.boundary for body, _ in cell.atoms)
    assert borders[:3] == [R(1, 3), R(2, 3), R(11, 12)]
    offers = [sum(name.startswith("demand") for name in solution.at({mu: point}).extreme[0].quantities) for point in ("1/6", "1/2", "5/6", "23/24")]
    assert offers == [1, 2, 3, 4]


@pytest.mark.parametrize(("discount", "price", "profit"), [("1/2", R(9, 20), R(9, 40)), ("9/10", R(121, 260), R(121, 520))], ids=["FT2.1", "FT2.2"])
def test_two_offers_to_uniform_types(discount: str, price: Any, profit: Any) -> None:
    (found,) = solve(UniformScreening("u", ("S", "B"), 1, discount, 2), LinearSkimming()).extreme
    assert (found.quantities["demand in round 1"], found.payoffs["S"]) == (price, profit)


@pytest.mark.parametrize(("discount", "price", "cut"), [("3/4", R(1, 3), R(2, 3)), ("24/25", R(1, 6), R(5, 6))], ids=["CO2.1", "CO2.2"])
def test_no_end_and_no_gap(discount: str, price: Any, cut: Any) -> None:
    solution = solve(UniformScreening("u", ("S", "B"), 1, discount, None), LinearSkimming())
    (found,) = solution.extreme
    assert (found.quantities["demand in round 1"], found.quantities["least worth that accepts in round 1"]) == (price, cut)
    assert solution.status is Status.INCOMPLETE  # a folk theorem holds without stationarity


def test_uniform_types_for_all_discount_factors() -> None:
    notation = Notation((Parameter(delta, "discount factor", domain="(0, 1)"), Parameter(top, "highest worth", domain=">0")))
    (found,) = solve(UniformScreening("u", ("S", "B"), top, delta, 2, notation), LinearSkimming()).extreme
    assert sp.simplify(found.quantities["demand in round 1"] - top * (2 - delta) ** 2 / (2 * (4 - 3 * delta))) == 0
    (lasting,) = solve(UniformScreening("u", ("S", "B"), top, delta, None, notation), LinearSkimming()).extreme
    s = sp.sqrt(1 - delta)
    assert sp.simplify(lasting.quantities["demand in round 1"] - top * s / (1 + s)) == 0
    assert sp.limit(lasting.payoffs["S"].subs(top, 1), delta, 1, "-") == 0  # Coase


@pytest.mark.parametrize(("phi", "offer", "value"), [("1/5", R(1, 50), R(39, 50)), ("2/5", R(9, 50), R(157, 250)), ("7/10", R(23, 50), R(27, 50))],
                         ids=["FW3.1 semi", "FW3.2 separate", "FW3.3 pool"])
def test_two_offers_with_a_battle_between(phi: str, offer: Any, value: Any) -> None:
    (found,) = war(phi).extreme
    assert (1 - found.quantities["demand in round 1"], found.payoffs["A"]) == (offer, value)


def test_cut_offs_of_the_battle_and_the_trap_that_separation_is_not_always_best() -> None:  # FW3.4
    solution = solve(battlefield_learning.war, Skimming(), free=["phi"])
    assert solution.status is Status.PROVED
    phi, space = battlefield_learning.phi, Space(solution.problem.notation)
    ranges = {"round 1: part of weak; round 2: weak; no agreement with the rest": Cell.of(phi < R(4, 13)), "round 1: weak; round 2: strong":
              Cell.of(phi > R(4, 13), phi < R(7, 12)), "round 1: weak, strong": Cell.of(phi > R(7, 12))}
    assert set(solution.outcomes) == set(ranges)
    for outcome, inside in ranges.items():
        cells = [cell for r in solution.regimes if r.equilibria[0].outcome == outcome for cell in r.condition]
        assert all(space.implies(cell, inside).answer for cell in cells)
        assert space.uncovered([*cells, *solution.boundary], inside).answer is False


@pytest.mark.parametrize(("battles", "posterior"), [((1,), R(2, 3)), ((1, 1, 0), R(16, 23))], ids=["FW2.1", "FW2.2"])
def test_beliefs_after_battles_in_a_tree(battles: tuple[int, ...], posterior: Any) -> None:
    """Strong wins 3/5, weak 3/10: the belief at A's information set after these battles, found by the solver for sequential equilibria."""
    wins = {"strong": R(3, 5), "weak": R(3, 10)}

    def fought(kind: str, left: tuple[int, ...]) -> Any:
        if not left:
            return decision("A", {"stop": payoffs(A=0), "go": payoffs(A=1 if kind == "weak" else -1)}, information_set="seen")
        seen, other = (wins[kind], 1 - wins[kind]) if left[0] else (1 - wins[kind], wins[kind])
        return chance({"as seen": (seen, fought(kind, left[1:])), "otherwise": (other, payoffs(A=0))})

    game = Game("Battles", ("A",), (), chance({kind: (R(1, 2), fought(kind, battles)) for kind in wins}))
    (found,) = solve(game, Sequential()).extreme
    assert {belief for node, belief in found.beliefs["seen"].items() if node.startswith("strong")} == {posterior}


# The other route: backward induction on a grid of states, in floats

def on_a_grid(problem: Screening, points: int = 1500) -> float:
    """The first player's payoff, to first order in the step of the grid."""
    share, worth, lasts = (np.array([float(v) for v in values.values()]) for values in (problem.types, problem.worth, problem.lasting))  # type: ignore[union-attr]
    first, second = problem.players
    d1, d2, k1, k2, e1, e2 = (float(v) for table in (problem.discount, problem.costs, problem.ended) for v in (table[first], table[second]))  # type: ignore[index]
    rest = [float(problem.default[name]) for name in problem.types]  # type: ignore[index]
    z = np.linspace(0, 1, points + 1)
    kind = np.minimum(np.searchsorted(np.cumsum(share), z[:-1] + 0.5 / points, side="left"), len(share) - 1)  # type of each small piece
    horizon = problem.horizon or 60

    def tail(weights: np.ndarray) -> np.ndarray:
        return np.append(np.cumsum((weights[kind] / points)[::-1])[::-1], 0)

    present = lasts**horizon
    value, utility = float(problem.default[first]) * tail(present), np.tile(np.array(rest)[:, None], points + 1)  # type: ignore[index]
    for number in range(horizon, 0, -1):
        present = lasts ** (number - 1)
        left, ended = tail(present), tail(present * (1 - lasts))
        going = -k1 * left + e1 * ended + d1 * value
        after = -k2 + (1 - lasts)[:, None] * e2 + d2 * lasts[:, None] * utility
        price = np.array([worth[kind[j - 1]] - after[kind[j - 1], j] for j in range(1, points + 1)])  # moves the state to j
        gains = price[None, :] * (left[:-1, None] - left[None, 1:]) + going[None, 1:]
        gains[np.tril_indices(points, -1)] = -np.inf
        best = gains.argmax(axis=1)
        waits = going[:-1] > gains.max(axis=1) + 1e-9
        new = np.where(np.arange(len(share))[:, None] <= kind[best][None, :], worth[:, None] - price[best][None, :], after[:, best + 1])
        new = np.where(waits[None, :], after[:, :-1], new)
        value = np.append(np.maximum(gains.max(axis=1), going[:-1]), 0)
        utility = np.column_stack([new[:, 0], new])  # at a jump the marginal type expects the price on the left
        utility = utility[:, : points + 1]
    return float(value[0])


DRAWS = [([R(3, 10), R(2, 5), R(3, 10)], [5, 3, 1], R(9, 10), 3), ([R(1, 2), R(1, 4), R(1, 4)], [4, 2, 1], R(7, 10), None),
         ([R(7, 10), R(3, 10)], [4, 1], R(9, 10), 4), ([R(2, 5), R(3, 10), R(9, 50), R(3, 25)], [9, 6, 2, 1], R(4, 5), 2)]


@pytest.mark.parametrize("draw", DRAWS)
def test_values_agree_with_backward_induction_on_a_grid(draw: Any) -> None:
    problem = sale(*draw)
    solution = solve(problem, Skimming())
    assert solution.status is Status.CERTIFIED
    assert on_a_grid(problem) == pytest.approx(float(solution.extreme[0].payoffs["S"]), abs=8e-3)


def test_battles_agree_with_backward_induction_on_a_grid() -> None:
    for phi in ("1/10", "9/20", "4/5"):
        problem = battlefield_learning.war.at({"phi": phi, "k": "3/20"})
        assert on_a_grid(problem) == pytest.approx(float(solve(problem, Skimming()).extreme[0].payoffs["A"]), abs=5e-3)


def test_who_gains_from_fighting_offers_nothing_first() -> None:
    """If the end of the talks is worth more to A than the pie, A waits for the first battle; the second round is as usual."""
    problem = Screening("eager", ("A", "B"), {"weak": "1/2", "strong": "1/2"}, {"weak": 1, "strong": 1}, 1, 2, {"weak": "2/5", "strong": "4/5"},
                        {"A": 3}, {"A": "1/10", "B": "1/10"}, {"weak": 1, "strong": 1})
    (found,) = solve(problem, Skimming()).extreme
    assert found.path[0] == "round 1: nobody" and on_a_grid(problem) == pytest.approx(float(found.payoffs["A"]), abs=5e-3)


@pytest.mark.parametrize("spot", ["price", "target", "high"])
@pytest.mark.parametrize("number", [0, 1])
def test_the_certificate_refutes_changed_plans(spot: str, number: int) -> None:
    solution = solve(sale(["9/10", "1/10"], [3, 1], "1/2", 2), Skimming())
    (found,) = solution.extreme
    step = found.plan[number].offers[0]
    wrong = replace(step, **{spot: getattr(step, spot) * R(99, 100)})
    plan = list(found.plan)
    plan[number] = replace(plan[number], offers=(wrong, *plan[number].offers[1:]),
                           answers=tuple(replace(a, price=wrong.price, target=wrong.target) if (a.price, a.target) == (step.price, step.target) else a
                                         for a in plan[number].answers))
    assert certify(replace(solution, regimes=(Regime(Region.everything(), (replace(found, plan=tuple(plan)),)),))).refuted


@pytest.mark.parametrize("name", ["demand in round 1", "least worth that accepts in round 2", "chance of no agreement"])
def test_the_certificate_refutes_changed_coefficients(name: str) -> None:
    solution = solve(UniformScreening("u", ("S", "B"), 1, "1/2", 3), LinearSkimming())
    (found,) = solution.extreme
    wrong = replace(found, quantities={**found.quantities, name: found.quantities[name] * R(1001, 1000)})
    assert certify(replace(solution, regimes=(Regime(Region.everything(), (wrong,)),))).refuted


def test_a_tie_between_opening_prices_is_not_called_complete() -> None:
    assert solve(sale(["1/3", "2/3"], [3, 1], "1/2", None), Skimming()).status is Status.INCOMPLETE


def test_problems_outside_the_method_are_refused() -> None:
    with pytest.raises(InvalidModel, match="add up to 3/4"):
        sale(["1/2", "1/4"], [3, 1], "1/2", 2)
    with pytest.raises(InvalidModel, match="no end and no discounting"):
        sale(["1/2", "1/2"], [3, 1], 1, None)
    with pytest.raises(InvalidModel, match="discount factor of S is 3/2"):
        sale(["1/2", "1/2"], [3, 1], "3/2", 2)
    with pytest.raises(NotApplicable, match="does not fall"):
        solve(sale(["1/2", "1/2"], [1, 3], "1/2", None), Skimming())
    with pytest.raises(NotApplicable, match="higher price than more eager"):
        solve(sale(["1/2", "1/2"], [1, 3], "1/2", 2), Skimming())
    with pytest.raises(NotApplicable, match="no gap"):
        solve(sale(["1/2", "1/2"], [3, 0], "1/2", None), Skimming())
    with pytest.raises(NotApplicable, match="give a horizon"):
        solve(replace(battlefield_learning.war.at({"phi": "1/2", "k": "1/10"}), horizon=None, discount={"A": R(1, 2), "B": R(1, 2)}), Skimming())
    with pytest.raises(InvalidModel, match="greatest worth"):
        UniformScreening("u", ("S", "B"), 0, "1/2", 2)


def test_random_problems_are_certified_and_agree_with_the_grid() -> None:
    """Sales without an end, with a horizon and with battles, one to four types; seeds 0 to 39."""
    done = 0
    for seed in range(40):
        draw = random.Random(seed)
        worth = sorted({draw.randint(1, 30) for _ in range(draw.randint(1, 4))}, reverse=True)
        weights = [draw.randint(1, 9) for _ in worth]
        shares = {f"t{i}": R(w, sum(weights)) for i, w in enumerate(weights)}
        cost = R(draw.randint(0, 3), 40)
        problem = Screening("sale", ("S", "B"), shares, dict(zip(shares, worth, strict=True)), R(draw.randint(1, 9), 10), None)
        if seed % 3 == 1:
            problem = replace(problem, horizon=draw.randint(1, 5), discount={"S": R(draw.randint(1, 10), 10), "B": R(draw.randint(1, 10), 10)},
                              costs={"S": cost, "B": cost})
        if seed % 3 == 2:
            lasting = dict(zip(shares, sorted(R(draw.randint(1, 19), 20) for _ in shares), strict=True))
            problem = Screening("war", ("S", "B"), shares, dict.fromkeys(shares, 1), 1, draw.randint(1, 3), lasting, {"S": 1}, {"S": cost, "B": cost},
                                dict.fromkeys(shares, 1))
        try:
            solution = solve(problem, Skimming())
        except NotApplicable:
            continue
        done += 1
        value = float(solution.extreme[0].payoffs["S"])
        assert solution.certificate.passed and abs(on_a_grid(problem, 300) - value) < 0.05 * max(1, value), seed
    assert done > 35
