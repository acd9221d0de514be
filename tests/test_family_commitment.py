"""Powell's commitment problem: the rows of the theory map, a linear program over the flows as the other route, refusals."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sympy as sp
from scipy.optimize import linprog

from bargain import FlowUnderThreat, InvalidModel, NotApplicable, Notation, Parameter, SelfEnforcingPeace, Space, Status, solve
from bargain.certify import certify
from bargain.cli import main
from bargain.models.classics import commitment_problem
from bargain.regions import Cell, Region
from bargain.solution import Regime

R = sp.Rational
a, b = sp.symbols("a b", real=True)


def rise(first: Any, second: Any, notation: Notation | None = None) -> FlowUnderThreat:
    return FlowUnderThreat.shifting("rise", ("A", "B"), ["3/10", "7/10"], {"A": first, "B": second}, "9/10", notation or Notation())


@pytest.mark.parametrize(("cost", "outcome"), [(1, "war at date 0"), (2, "peace")], ids=["C1.1", "C1.2"])
def test_a_shift_of_power_makes_war_if_war_is_cheap(cost: int, outcome: str) -> None:
    solution = solve(rise(cost, cost), SelfEnforcingPeace())
    assert solution.status is Status.CERTIFIED and solution.outcomes == (outcome,)


def test_the_critical_costs() -> None:  # C1.3, C1.4
    notation = Notation((Parameter(a, "A's cost", domain=">0"), Parameter(b, "B's cost", domain=">0")))
    solution = solve(rise(a, b, notation), SelfEnforcingPeace())
    assert solution.status is Status.PROVED and solution.boundary == Region()
    war = [cell for r in solution.regimes if r.equilibria[0].outcome.startswith("war") for cell in r.condition]  # type: ignore[union-attr]
    space, claimed = Space(notation), Cell.of(9 * a / 10 + b < R(33, 10))
    assert all(space.implies(cell, claimed).answer for cell in war) and space.uncovered(war, claimed).answer is False
    for cost, outcome in (("239/100", "war at date 0"), ("12/5", "peace"), ("241/100", "peace")):
        assert solution.at({a: 1, b: cost}).outcomes == (outcome,)


def in_peace(problem: FlowUnderThreat, start: int) -> bool:
    """Whether a linear program over flows finds a division from a date on that keeps the peace for ever."""
    first, second = problem.players
    d, last = float(problem.discount), len(problem.war) - 1
    n = last - start + 1
    rows, right = [], []
    for date in range(start, last + 1):
        weights = np.array([d ** (k - date) / (1 if k < last else 1 - d) if k >= date else 0 for k in range(start, last + 1)])
        rows += [-weights, weights]
        right += [-float(problem.war[date][first]), weights.sum() - float(problem.war[date][second])]
    return bool(linprog(np.zeros(n), np.array(rows), np.array(right) + 1e-9, bounds=[(0, 1)] * n).status == 0)


@pytest.mark.parametrize("seed", range(10))
def test_peace_from_every_date_agrees_with_a_linear_program(seed: int) -> None:
    rng = np.random.default_rng(seed)
    power = [R(int(x), 20) for x in rng.integers(1, 20, int(rng.integers(2, 7)))]
    problem = FlowUnderThreat.shifting("r", ("A", "B"), power, {"A": R(int(rng.integers(1, 30)), 10), "B": R(int(rng.integers(1, 30)), 10)}, "4/5")
    for start in range(len(power)):
        later = replace(problem, war=problem.war[start:])
        solution = solve(later, SelfEnforcingPeace())
        assert solution.status is Status.CERTIFIED
        assert (solution.outcomes == ("peace",)) == in_peace(problem, start)


def test_the_bound_on_what_can_be_given_in_a_period_matters() -> None:
    """A slow rise to the same power keeps the peace where a sudden one does not."""
    sudden = rise("1/2", "1/2")
    slow = replace(sudden, war=FlowUnderThreat.shifting("s", ("A", "B"), [R(3, 10) + R(k, 20) for k in range(9)], {"A": "1/2", "B": "1/2"}, "9/10").war)
    assert solve(sudden, SelfEnforcingPeace()).outcomes == ("war at date 0",) and solve(slow, SelfEnforcingPeace()).outcomes == ("peace",)


@pytest.mark.parametrize(("problem", "changes"), [
    (rise(2, 2), {"flow to A at date 0": R(1, 100), "flow to A from date 1 on": -R(1, 100), "least for A": R(1, 100), "most for A": -R(1, 100)}),
])
def test_the_certificate_refutes_other_flows(problem: FlowUnderThreat, changes: dict[str, Any]) -> None:
    solution = solve(problem, SelfEnforcingPeace())
    (found,) = solution.extreme
    for name, shift in changes.items():
        wrong = replace(found, quantities={**found.quantities, name: found.quantities[name] + shift})
        assert certify(replace(solution, regimes=(Regime(Region.everything(), (wrong,)),))).refuted, name


def test_the_certificate_refutes_a_war_that_can_be_avoided() -> None:
    war = solve(rise(1, 1), SelfEnforcingPeace())
    avoidable = replace(war, problem=rise(2, 2))
    (found,) = war.extreme
    payoffs = {"A": R(1), "B": R(5)}
    assert certify(replace(avoidable, regimes=(Regime(Region.everything(), (replace(found, payoffs=payoffs),)),))).refuted


@pytest.mark.parametrize("form", ["text", "json", "latex", "html", "csv"])
def test_the_model_prints_in_every_format(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", "classics/commitment_problem", "--at", "baseline", "--format", form]) == 0
    assert capsys.readouterr().out


def test_models_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(InvalidModel, match="worth more than the flow"):
        rise(-1, "1/2")
    with pytest.raises(InvalidModel, match="discount factor is 1"):
        FlowUnderThreat("f", ("A", "B"), [{"A": 1, "B": 1}], sp.Integer(1))
    with pytest.raises(NotApplicable, match="not a flow"):
        solve(commitment_problem.model, SelfEnforcingPeace())
