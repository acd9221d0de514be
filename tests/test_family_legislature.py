"""Open rule and policies on a line: the rows of the theory map, iteration in floats as the other route, refusals."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sympy as sp

from bargain import InvalidModel, NoDelay, NotApplicable, OpenRule, Seconding, SpatialBargaining, Status, solve
from bargain.certify import certify
from bargain.cli import main
from bargain.models.classics import legislature
from bargain.regions import Region
from bargain.solution import Equilibrium, Regime

R = sp.Rational
BY_SUPPORT = {regime.equilibria[0].outcome: regime for regime in solve(legislature.open_rule, Seconding()).regimes}  # type: ignore[union-attr]


def kept(outcome: str, delta: Any) -> Any:
    """What a proposer keeps if everybody takes that many partners, whether or not this is an equilibrium at `delta`."""
    found = BY_SUPPORT[outcome].equilibria[0]
    assert isinstance(found, Equilibrium)
    return found.quantities[f"kept with {outcome}"].subs(legislature.delta, delta)


@pytest.mark.parametrize(("delta", "one", "two", "outcome"), [(1, R(3, 5), R(1, 3), "one partner"), (R(9, 10), R(319, 499), R(5, 14), "one partner"),
                                                              (R(1, 2), R(15, 19), R(1, 2), "two partners")], ids=["BF4.1", "BF4.2", "BF4.3"])
def test_open_rule_with_three_members(delta: Any, one: Any, two: Any, outcome: str) -> None:
    (found,) = solve(OpenRule("open", ("A", "B", "C"), delta), Seconding()).extreme
    assert found.outcome == outcome and (kept("one partner", delta), kept("two partners", delta)) == (one, two)


def test_minimal_coalitions_begin_where_both_numbers_of_partners_are_worth_the_same() -> None:  # BF4.4
    delta = legislature.delta
    solution = solve(legislature.open_rule, Seconding())
    assert solution.status is Status.INCOMPLETE and "Primo" in solution.stats["uniqueness"]  # Baron and Ferejohn's equilibrium, not "the"
    values = {outcome: regime.equilibria[0].quantities["value of proposing"] for outcome, regime in BY_SUPPORT.items()}  # type: ignore[union-attr]
    roots = [root for root in sp.solve(values["one partner"] - values["two partners"], delta) if 0 < root < 1]
    assert roots == [sp.sqrt(3) - 1]
    assert BY_SUPPORT["one partner"].cell.relations() == ((delta**2 + 2 * delta - 2 > 0),)
    # between (sqrt(5) - 1)/2 and sqrt(3) - 1 one partner is a best reply to two, and two to one: members mix
    assert set(BY_SUPPORT["one partner or two"].cell.relations()) == {delta**2 + 2 * delta - 2 <= 0, delta**2 + delta - 1 >= 0}
    (edge,) = solution.at(delta=sp.Rational(7, 10)).extreme
    assert edge.quantities["chance of one partner"] == R(38, 49)


@pytest.mark.parametrize("delta", ["2/5", "7/10", "19/20"])
def test_values_of_roles_by_iteration(delta: str) -> None:
    """In floats: the value of proposing reached by repeated best replies, the number of partners chosen by logit with vanishing noise."""
    d, value, chance = float(R(delta)), 0.4, 0.5
    for noise in np.geomspace(1e-1, 1e-4, 30):
        for _ in range(200):
            excluded = d * value / 2
            one = (1 - d * value) / 2 + d / 2 * (chance * excluded + (1 - chance) * d * value)
            two = 1 - 2 * d * value
            wanted = 1 / (1 + np.exp(np.clip((two - one) / noise, -500, 500)))
            chance += min(0.2, 2 * noise) * (wanted - chance)
            value += 0.3 * (chance * one + (1 - chance) * two - value)
    found = solve(OpenRule("open", ("A", "B", "C"), delta), Seconding()).extreme[0].quantities
    assert (value, chance) == pytest.approx((float(found["value of proposing"]), float(found["chance of one partner"])), abs=5e-3)


@pytest.mark.parametrize(("delta", "half"), [("9/10", R(1, 4)), ("99/100", R(1, 34))], ids=["BF5.1", "BF5.2"])
def test_policies_around_the_median(delta: str, half: Any) -> None:
    (found,) = solve(legislature.line, NoDelay(), at={"delta": delta}).extreme
    assert found.quantities["highest policy that passes"] - R(1, 2) == half == R(1, 2) - found.quantities["lowest policy that passes"]


def test_the_band_is_found_for_every_discount_factor() -> None:
    solution = solve(legislature.line, NoDelay())
    assert solution.status is Status.PROVED and len(solution.regimes) == 2
    delta = legislature.delta
    narrow = next(r for r in solution.regimes if r.equilibria[0].quantities["Left proposes"] != 0)  # type: ignore[union-attr]
    assert sp.simplify(narrow.equilibria[0].quantities["Right proposes"] - R(1, 2) - (1 - delta) / (1 - 2 * delta / 3)) == 0  # type: ignore[union-attr]


@pytest.mark.parametrize("seed", range(6))
def test_bands_agree_with_value_iteration_on_a_grid(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(3, 6))
    quota = n // 2 + 1 + (1 if seed % 3 == 0 else 0)
    ideals = [R(int(x), 40) for x in sorted(rng.choice(41, n, replace=False))]
    weights = [int(w) for w in rng.integers(1, 5, n)]
    recognition, discount = [R(w, sum(weights)) for w in weights], [R(int(x), 20) for x in rng.integers(10, 20, n)]
    names = "ABCDE"[:n]
    problem = SpatialBargaining("random", tuple(names), dict(zip(names, ideals, strict=True)), dict(zip(names, discount, strict=True)), quota,
                                dict(zip(names, recognition, strict=True)))
    solution = solve(problem, NoDelay())
    assert solution.certificate.passed and len(solution.equilibria) == 1
    x, p, d = np.array(ideals, float), np.array(recognition, float), np.array(discount, float)
    grid = np.linspace(-1, 2, 12001)
    value = np.full(n, 0.5)
    for _ in range(400):
        passes = ((1 - np.abs(grid[None, :] - x[:, None]) >= (d * value)[:, None]).sum(axis=0)) >= quota
        proposals = np.array([grid[passes][np.abs(grid[passes] - ideal).argmin()] for ideal in x])
        value += 0.3 * ((p[None, :] * (1 - np.abs(proposals[None, :] - x[:, None]))).sum(axis=1) - value)
    assert [float(solution.extreme[0].payoffs[name]) for name in names] == pytest.approx(list(value), abs=3e-3)


@pytest.mark.parametrize("name", ["lowest policy that passes", "L proposes", "highest policy that passes"])
def test_the_certificate_refutes_other_bands(name: str) -> None:
    solution = solve(SpatialBargaining("s", ("L", "M", "R"), {"L": 0, "M": "1/2", "R": 1}, "9/10", 2), NoDelay())
    (found,) = solution.extreme
    for shift in (R(1, 100), -R(1, 100)):
        wrong = replace(found, quantities={**found.quantities, name: found.quantities[name] + shift})
        assert certify(replace(solution, regimes=(Regime(Region.everything(), (wrong,)),))).refuted


@pytest.mark.parametrize("name", ["chance of one partner", "value of proposing", "kept with one partner", "expected amendments"])
def test_the_certificate_refutes_other_proposals(name: str) -> None:
    solution = solve(OpenRule("open", ("A", "B", "C"), "7/10"), Seconding())
    (found,) = solution.extreme
    wrong = replace(found, quantities={**found.quantities, name: found.quantities[name] * R(101, 100)})
    assert certify(replace(solution, regimes=(Regime(Region.everything(), (wrong,)),))).refuted


@pytest.mark.parametrize("form", ["text", "json", "latex", "html", "csv"])
def test_the_model_prints_in_every_format(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", "classics/legislature", "--format", form]) == 0
    assert capsys.readouterr().out


def test_models_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(NotApplicable, match="4 members"):
        OpenRule("four", ("A", "B", "C", "D"), "9/10")
    with pytest.raises(InvalidModel, match="discount factor is 3/2"):
        OpenRule("o", ("A", "B", "C"), "3/2")
    with pytest.raises(InvalidModel, match="quota of 4"):
        SpatialBargaining("s", ("L", "M", "R"), {"L": 0, "M": 1, "R": 2}, "1/2", 4)
    with pytest.raises(InvalidModel, match="named before"):
        SpatialBargaining("s", ("L", "M", "R"), {"L": 1, "M": 0, "R": 2}, "1/2", 2)
    with pytest.raises(InvalidModel, match="discount factor 1"):
        SpatialBargaining("s", ("L", "M", "R"), {"L": 0, "M": 1, "R": 2}, 1, 2)
    with pytest.raises(NotApplicable, match="no open rule"):
        solve(legislature.closed_rule, Seconding())
