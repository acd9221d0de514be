"""Wars of attrition with private values and by rounds: the rows of the theory map, imitation by quadrature, refusals."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sympy as sp
from scipy.integrate import quad

from bargain import AttritionByRounds, InvalidModel, NotApplicable, PrivateAttrition, QuittingTimes, RoundByRound, Status, solve
from bargain.certify import certify
from bargain.cli import main
from bargain.models.classics import attrition
from bargain.regions import Region
from bargain.solution import Regime

R = sp.Rational
v = sp.Symbol("v", positive=True)
UNIFORM = PrivateAttrition("uniform", ("A", "B"), v, v, 1, 1)
SQUARE = PrivateAttrition("square", ("A", "B"), v, v**2, 1, "1/2")
FALLING = PrivateAttrition("falling", ("A", "B"), v, 2 * v - v**2, 1, 2)


def time_of(problem: PrivateAttrition) -> sp.Expr:
    return solve(problem, QuittingTimes()).extreme[0].quantities["quitting time (worth v)"]


def test_quitting_time_of_uniform_worths() -> None:  # WA1.2
    assert sp.simplify(time_of(UNIFORM) - (-v - sp.log(1 - v))) == 0
    assert time_of(UNIFORM).subs(v, R(1, 2)).equals(sp.log(2) - R(1, 2))


@pytest.mark.parametrize("problem", [UNIFORM, SQUARE, FALLING], ids=lambda problem: problem.title)
@pytest.mark.parametrize("own", [0.2, 0.5, 0.8])
def test_no_worth_gains_by_imitating_another(problem: PrivateAttrition, own: float) -> None:  # WA1.3 at 1/2, by quadrature
    time, density, below = (sp.lambdify(v, e) for e in (time_of(problem), problem.density, problem.distribution))
    cost = float(problem.cost)

    def payoff(other: float) -> float:
        return quad(lambda w: (own - cost * time(w)) * density(w), 0, other)[0] - cost * time(other) * (1 - below(other))  # type: ignore[no-any-return]

    tried = np.linspace(0.02, 0.98, 97)
    assert tried[np.argmax([payoff(w) for w in tried])] == pytest.approx(own, abs=1e-9)
    assert payoff(own) == pytest.approx(float(solve(problem, QuittingTimes()).extreme[0].quantities["payoff (worth v)"].subs(v, R(str(own)))), abs=1e-8)


def test_the_greatest_worth_and_the_cost_may_be_parameters() -> None:
    a, c = attrition.a, attrition.c
    solution = solve(attrition.private, QuittingTimes())
    found = solution.extreme[0]
    assert solution.certificate.passed and sp.simplify(found.payoffs["A"] - a / 6) == 0
    assert sp.simplify(found.quantities["expected duration"] - a / (6 * c)) == 0


def test_chance_of_quitting_by_rounds() -> None:  # WA1.4
    solution = solve(AttritionByRounds("r", ("A", "B"), {"A": 3, "B": 3}, {"A": 1, "B": 1}), RoundByRound())
    assert solution.status is Status.CERTIFIED
    assert [e.outcome for e in solution.extreme] == ["both may stay", "A quits at once", "B quits at once"]
    assert [solution.extreme[0].quantities[f"chance that {p} quits"] for p in "AB"] == [R(1, 4)] * 2


@pytest.mark.parametrize("seed", range(5))
def test_mixing_is_a_fixed_point_of_the_stage_game(seed: int) -> None:
    """In floats: with values 0 after a round in which both stay, each side's two actions pay the same."""
    rng = np.random.default_rng(seed)
    worth, cost = rng.integers(1, 9, 2), rng.integers(1, 5, 2)
    problem = AttritionByRounds("r", ("A", "B"), dict(zip("AB", map(int, worth), strict=True)), dict(zip("AB", map(int, cost), strict=True)),
                                R(int(rng.integers(1, 9)), 10))
    found = solve(problem, RoundByRound()).extreme[0].quantities
    for mine, yours in ((0, 1), (1, 0)):
        x = float(found[f"chance that {'AB'[yours]} quits"])
        assert x * worth[mine] - (1 - x) * cost[mine] == pytest.approx(0)


def test_the_known_worths_for_all_parameters() -> None:
    solution = solve(attrition.rounds, RoundByRound())
    assert solution.status is Status.PROVED and len(solution.regimes) == 1 and len(solution.extreme) == 3


@pytest.mark.parametrize("problem", [UNIFORM, AttritionByRounds("r", ("A", "B"), {"A": 3, "B": 2}, {"A": 1, "B": 1})], ids=["private", "rounds"])
def test_the_certificate_refutes_other_times_and_chances(problem: Any) -> None:
    solution = solve(problem, QuittingTimes() if problem is UNIFORM else RoundByRound())
    found = solution.extreme[0]
    for name in found.quantities:
        wrong = replace(found, quantities={**found.quantities, name: found.quantities[name] * R(101, 100)})
        assert certify(replace(solution, regimes=(Regime(Region.everything(), (wrong,)),))).refuted, name


@pytest.mark.parametrize("form", ["text", "json", "latex", "html", "csv"])
def test_the_model_prints_in_every_format(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", "classics/attrition", "--at", "baseline", "--format", form]) == 0
    assert capsys.readouterr().out


def test_models_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(InvalidModel, match="is not 1 at 2"):
        PrivateAttrition("p", ("A", "B"), v, v, 2, 1)
    with pytest.raises(InvalidModel, match="cost is -1"):
        PrivateAttrition("p", ("A", "B"), v, v, 1, -1)
    with pytest.raises(InvalidModel, match="may be negative"):
        PrivateAttrition("p", ("A", "B"), sp.Symbol("v"), sp.Symbol("v"), 1, 1)
    with pytest.raises(InvalidModel, match="worth of A is 0"):
        AttritionByRounds("r", ("A", "B"), {"A": 0, "B": 1}, {"A": 1, "B": 1})
    with pytest.raises(NotApplicable, match="no private values"):
        solve(attrition.rounds, QuittingTimes())
