"""The range of settlements and the trade-off between risk and return: published cases, regimes, corrupted answers, refusals."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp

from bargain import (
    BargainingRange,
    CostlyWar,
    Costs,
    Equilibrium,
    InvalidModel,
    NotApplicable,
    RiskReturn,
    Sign,
    Solution,
    Status,
    UncertainWar,
    comparative_statics,
    solve,
)
from bargain.certify import certify
from bargain.models.classics import forts, risk_return, war_range
from bargain.regions import Region
from bargain.solution import Regime
from bargain.tables import solution_rows

x, c = sp.symbols("x c", real=True)
R = sp.Rational


def border(p: str, c_a: str, c_b: str, worth: Any = x, shares: tuple[Any, ...] = ()) -> CostlyWar:
    return CostlyWar("border", ("A", "B"), x, {"A": worth, "B": 1 - x}, {"A": R(p) - R(c_a), "B": 1 - R(p) - R(c_b)}, shares)


def crisis(p: str, cost: str, costs: Costs) -> UncertainWar:
    return UncertainWar("crisis", ("A", "B"), p, cost, costs)


def only(solution: Solution) -> Equilibrium:
    (found,) = solution.extreme
    return found


@pytest.mark.parametrize(("p", "c_a", "c_b", "worth", "low", "high"), [
    pytest.param("3/5", "1/10", "1/5", x, "1/2", "4/5", id="W1.1 and W1.5"),
    pytest.param("9/10", "1/20", "1/5", x, "17/20", "1", id="W1.2"),
    pytest.param("3/5", "1/10", "1/5", sp.sqrt(x), "1/4", "4/5", id="W1.3"),
    pytest.param("1/20", "1/10", "1/5", sp.sqrt(x), "0", "1/4", id="war worth less than nothing"),
])
def test_the_range_ends_where_a_side_is_indifferent_to_war(p: str, c_a: str, c_b: str, worth: sp.Expr, low: str, high: str) -> None:
    found = only(solve(border(p, c_a, c_b, worth), BargainingRange()))
    assert (found.quantities["low"], found.quantities["high"]) == (R(low), R(high))
    assert found.payoffs["A"] == worth.subs(x, R(high))  # W1.5: the ultimatum takes the upper end


def test_the_nash_solution_in_the_shadow_of_war() -> None:  # W1.4
    assert only(solve(border("3/5", "1/10", "1/5"), BargainingRange())).quantities["Nash bargaining solution"] == R(13, 20)


def test_risk_acceptance_and_indivisibility_empty_the_range() -> None:
    assert solve(border("1/2", "1/20", "1/20", x**2), BargainingRange()).outcomes == ("no settlement",)
    assert solve(border("1/2", "1/20", "1/20", shares=(0, 1)), BargainingRange()).outcomes == ("no settlement",)
    assert set(only(solve(border("1/2", "1/20", "1/20", shares=(0, "1/2", "11/20", 1)), BargainingRange())).quantities.values()) == {R(1, 2), R(11, 20)}


def test_advantages_of_striking_first_empty_the_range_iff_they_exceed_the_costs() -> None:  # C3.1
    solution = solve(war_range.strike, BargainingRange())
    assert solution.status is Status.PROVED
    base = {"p_s": "2/5", "c_A": "1/10", "c_B": "1/10"}
    assert [solution.at({**base, "p_f": p}).outcomes for p in ("59/100", "61/100")] == [("settlement",), ("no settlement",)]
    assert solution.at({**base, "p_f": "3/5"}).outcomes == ("settlement",)  # the knife edge: one point is left


def test_every_range_of_the_model_is_what_a_grid_of_divisions_finds() -> None:
    for name in ("neutral", "averse"):
        solution = solve(getattr(war_range, name), BargainingRange())
        assert solution.status is Status.PROVED
        for p, c_a, c_b in (("3/5", "1/10", "1/5"), ("1/10", "1/5", "1/5"), ("9/10", "1/5", "3/10"), ("1/2", "3/5", "7/10")):
            found = only(solution.at(p=p, c_A=c_a, c_B=c_b)).quantities
            accepted = [k for k in (Fraction(n, 400) for n in range(401))
                        if (k if name == "neutral" else float(k) ** 0.5 + 1e-12) >= Fraction(p) - Fraction(c_a) and 1 - k >= 1 - Fraction(p) - Fraction(c_b)]
            assert abs(float(found["low"]) - min(accepted)) < 1 / 400
            assert abs(float(found["high"]) - max(accepted)) < 1 / 400


@pytest.mark.parametrize(("p", "cost", "costs", "demand", "war"), [
    pytest.param("1/2", "1/10", Costs.uniform(0, "3/10"), "3/5", "1/3", id="RR1.1"),
    pytest.param("2/5", "1/20", Costs.uniform("1/10", "1/2"), "5/8", "5/16", id="RR1.2"),
    pytest.param("1/2", "1/5", Costs.uniform("1/10", "3/10"), "3/5", "0", id="RR1.3"),
    pytest.param("1/2", "1/10", Costs(atoms={"1/10": "1/4", "2/5": "3/4"}), "9/10", "1/4", id="RR2.1"),
])
def test_the_best_demand_weighs_the_risk(p: str, cost: str, costs: Costs, demand: str, war: str) -> None:
    found = only(solve(crisis(p, cost, costs), RiskReturn())).quantities
    assert (found["demand"], found["chance of war"]) == (R(demand), R(war))


def test_at_the_cut_off_both_demands_are_best() -> None:  # RR2.2
    found = solve(crisis("1/2", "1/10", Costs(atoms={"1/10": "3/5", "2/5": "2/5"})), RiskReturn())
    assert [e.quantities["demand"] for e in found.extreme] == [R(3, 5), R(9, 10)]


def test_local_optima_are_compared_globally() -> None:
    """Costs with two humps, an atom and a rising density: against a fine grid of demands."""
    costs = Costs(c, {"1/5": "1/4"}, ((0, "1/10", 5), ("3/10", "1/2", 25 * (c - R(3, 10)) / 2)))
    problem = crisis("2/5", "1/20", costs)
    found = solve(problem, RiskReturn())

    def gain(z: float) -> float:
        rising = 0.25 if z <= 0.3 else 0.0 if z >= 0.5 else 0.25 - 6.25 * (z - 0.3) ** 2
        return ((max(0.0, 0.1 - max(z, 0.0)) * 5) + (0.25 if z <= 0.2 else 0) + rising) * (z + 0.05)

    best = max(gain(k / 20000) for k in range(-1000, 12001))
    assert all(abs(float(e.payoffs["A"]) - 0.35 - best) < 1e-4 for e in found.extreme)
    assert solve(crisis("2/5", "1/20", Costs.of(c**3, c, 0, 1)), RiskReturn()).status is Status.CERTIFIED  # an algebraic demand


def test_the_risk_rises_with_uncertainty_and_falls_with_the_cost() -> None:  # RR1.4
    solution = solve(risk_return.uniform, RiskReturn())
    assert solution.status is Status.PROVED
    assert {e.outcome for r in solution.regimes for e in r.extreme()} == {"no war", "risk of war"}
    (risk,) = (e.quantities["chance of war"] for r in solution.regimes for e in r.extreme() if e.quantities["demand"] not in (1, risk_return.p))
    assert sp.simplify(risk - (risk_return.C - risk_return.c_A) / (2 * risk_return.C)) == 0
    (number,) = (k for k, r in enumerate(solution.regimes) for e in r.extreme() if e.quantities["chance of war"] == risk)
    statics = comparative_statics(solution)
    assert (statics.sign(number, "chance of war", "C"), statics.sign(number, "chance of war", "c_A")) == (Sign.POSITIVE, Sign.NEGATIVE)


def test_two_types_are_risked_iff_toughness_is_rare() -> None:
    solution = solve(risk_return.two_types, RiskReturn())
    assert solution.status is Status.PROVED
    base = {"p": "1/2", "c_A": "1/10", "c_l": "1/10", "c_h": "2/5"}
    assert [solution.at({**base, "q": q}).outcomes for q in ("59/100", "61/100")] == [("risk of war",), ("no war",)]


@pytest.mark.parametrize(("problem", "solver", "name"), [
    (border("3/5", "1/10", "1/5"), BargainingRange(), "low"),
    (border("3/5", "1/10", "1/5"), BargainingRange(), "high"),
    (border("3/5", "1/10", "1/5"), BargainingRange(), "Nash bargaining solution"),
    (crisis("1/2", "1/10", Costs.uniform(0, "3/10")), RiskReturn(), "demand"),
    (crisis("1/2", "1/10", Costs.uniform(0, "3/10")), RiskReturn(), "chance of war"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_the_certificate_refutes_small_errors(problem: Any, solver: Any, name: str) -> None:
    solution = solve(problem, solver)
    for error in (R(1, 1000), -R(1, 1000)):
        found = only(solution)
        wrong = replace(found, quantities={**found.quantities, name: found.quantities[name] + error})
        assert certify(replace(solution, regimes=(Regime(Region.everything(), (wrong,)),))).refuted


def test_models_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(InvalidModel, match="add up to 3/4"):
        Costs(atoms={0: "1/2", 1: "1/4"})
    with pytest.raises(InvalidModel, match="does not rise"):
        CostlyWar("w", ("A", "B"), x, {"A": 1 - x, "B": 1 - x}, {"A": 0, "B": 0})
    with pytest.raises(InvalidModel, match="negative"):
        crisis("1/2", "-1/10", Costs.uniform(0, 1))
    with pytest.raises(NotApplicable, match="closed form"):
        solve(border("3/5", "1/10", "1/5", sp.sin(x) + x**5), BargainingRange())


def test_the_tables_of_ranges_say_to_which_settlement_or_war_their_payoffs_belong() -> None:
    at = war_range.model.at()
    assert all("Payoffs are those of an ultimatum by A" in " ".join(map(str, solution_rows(at.solution(name)).notes)) for name in ("neutral", "averse", "strike"))
    solution = forts.model.at().solution("three")
    assert "fighting to the end from 1 fort;" in " ".join(map(str, solution_rows(solution).notes))
    (found,) = solution.extreme
    assert found.payoffs["A"] == found.quantities["low at 1 fort"] and 1 - found.payoffs["B"] == found.quantities["high at 1 fort"]
