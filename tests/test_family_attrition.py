"""Wars of attrition: complete information, reputation, mounting audience costs; against quadrature and simulation of payoffs."""

from dataclasses import replace
from typing import Any

import pytest
import sympy as sp
from scipy.integrate import quad

from bargain import Attrition, Equilibrium, InvalidModel, NotApplicable, Status, WarOfAttrition, solve
from bargain.certify import certify
from bargain.models.classics import reputation
from bargain.regions import Region
from bargain.solution import Regime

t = sp.Symbol("t", nonnegative=True)
R = sp.Rational


def audiences(a: Any, b: Any) -> WarOfAttrition:
    return WarOfAttrition("audiences", ("A", "B"), t, {"A": 1, "B": 1}, {"A": -a * t, "B": -b * t}, {"A": a * t, "B": b * t})


def reputational(demands: tuple[str, str], rates: tuple[str, str], committed: tuple[str, str]) -> WarOfAttrition:
    demand, rate, chance = (dict(zip("AB", values, strict=True)) for values in (demands, rates, committed))
    return WarOfAttrition.reputational("reputation", ("A", "B"), demand, rate, chance)


SIEGE = WarOfAttrition("siege", ("A", "B"), t, {"A": 4 - t, "B": 2 - t}, {"A": -t, "B": -t})
FIRST = reputational(("3/5", "3/5"), ("1/10", "1/10"), ("1/10", "1/5"))
SECOND = reputational(("3/4", "1/2"), ("1/10", "1/5"), ("1/20", "1/20"))
UNEQUAL = reputational(("3/5", "7/10"), ("1/10", "1/4"), ("1/10", "1/7"))  # hazards in no simple ratio
FINITE = (FIRST, SECOND, UNEQUAL, audiences(1, 1), audiences(2, 1), audiences(R(1, 3), R(7, 5)))


def waiting(problem: WarOfAttrition) -> Equilibrium:
    (found,) = (e for e in solve(problem, Attrition()).extreme if e.outcome.startswith("both wait"))
    return found


def test_complete_information_has_a_mixed_and_two_degenerate_equilibria() -> None:  # WA1.1
    solution = solve(SIEGE, Attrition())
    found = waiting(SIEGE).quantities
    assert [found[name] for name in ("hazard of A", "hazard of B", "chance that A wins", "expected duration")] == [R(1, 2), R(1, 4), R(1, 3), R(4, 3)]
    assert solution.outcomes == ("both wait", "A concedes at once", "B concedes at once")
    assert solution.status is Status.INCOMPLETE  # between them lies a continuum


@pytest.mark.parametrize(("problem", "end", "at_once"), [
    pytest.param(FIRST, 5 * sp.log(5), (R(1, 2), 0), id="AG1.1"),
    pytest.param(SECOND, 5 * sp.log(20), (0, 0), id="AG1.2"),
    pytest.param(audiences(1, 1), (sp.sqrt(5) - 1) / 2, (0, 0), id="AC2.1"),
    pytest.param(audiences(2, 1), (sp.sqrt(3) - 1) / 2, (0, (sp.sqrt(3) - 1) / 2), id="AC2.2"),
])
def test_both_run_out_at_the_same_time(problem: WarOfAttrition, end: sp.Expr, at_once: tuple[Any, Any]) -> None:
    found = waiting(problem).quantities
    assert sp.simplify(found["end of concessions"] - end) == 0
    assert all(sp.simplify(found[f"chance that {p} concedes at once"] - value) == 0 for p, value in zip("AB", at_once, strict=True))


def test_hazards_and_chances_of_war() -> None:
    assert [waiting(p).quantities[f"hazard of {side}"] for p in (FIRST, SECOND) for side in "AB"] == [R(1, 5)] * 4  # AG1.1, AG1.2
    for a, war in ((1, (3 - sp.sqrt(5)) / 2), (2, 2 - sp.sqrt(3))):  # AC2.1, AC2.2
        assert sp.simplify(waiting(audiences(a, 1)).quantities["chance that nobody concedes"] - war) == 0


@pytest.mark.parametrize("problem", FINITE, ids=["AG1.3 first", "AG1.3 second", "unequal", "AC2.3 equal", "AC2.3 unequal", "slow and fast"])
def test_payoffs_do_not_depend_on_when_one_concedes(problem: WarOfAttrition) -> None:
    """By quadrature, in floats, over the claimed laws; and all that do not hold out have conceded at the end."""
    found = waiting(problem)
    end = float(found.quantities["end of concessions"])
    stays = {p: sp.lambdify(t, found.quantities[f"chance at t that {p} still waits"]) for p in problem.players}
    density = {p: sp.lambdify(t, -sp.diff(found.quantities[f"chance at t that {p} still waits"], t)) for p in problem.players}
    for player in problem.players:
        other = problem.other(player)
        win, concede = sp.lambdify(t, problem.win[player]), sp.lambdify(t, problem.concede[player])

        def payoff(date: float, win: Any = win, concede: Any = concede, other: str = other) -> float:
            waited = quad(lambda s: win(s) * density[other](s), 0, date)[0]
            return float((1 - stays[other](0)) * win(0) + waited + stays[other](date) * concede(date))

        assert all(abs(payoff(end * k / 9) - float(found.payoffs[player])) < 1e-9 for k in range(1, 10))
        assert abs(stays[player](end) - float(problem.obstinate(player).subs(t, end))) < 1e-12
    assert min(float(found.quantities[f"chance that {p} concedes at once"]) for p in problem.players) == 0


def test_reputation_is_decided_by_the_chances_of_commitment() -> None:
    solution = solve(reputation.reputation, Attrition())
    assert len(solution.regimes) == 2  # by whose chance is smaller
    point = {"d": "3/5", "r": "1/10", "z_A": "1/10", "z_B": "1/5"}
    (found,) = solution.at(point).extreme
    assert found.quantities["chance that A concedes at once"] == R(1, 2)
    assert found.quantities["end of concessions"].equals(5 * sp.log(5))
    (even,) = solution.at({**point, "z_A": "1/5"}).extreme  # the knife edge
    assert even.quantities["chance that A concedes at once"] == even.quantities["chance that B concedes at once"] == 0


@pytest.mark.parametrize("name", ["end of concessions", "chance that A concedes at once", "hazard of B", "chance that nobody concedes",
                                  "chance at t that B still waits"])
@pytest.mark.parametrize("problem", [FIRST, audiences(2, 1)], ids=["reputation", "audiences"])
def test_the_certificate_refutes_small_errors(problem: WarOfAttrition, name: str) -> None:
    solution = solve(problem, Attrition())
    found = waiting(problem)
    wrong = replace(found, quantities={**found.quantities, name: found.quantities[name] * R(1001, 1000) + R(1, 1000)})
    assert certify(replace(solution, regimes=(Regime(Region.everything(), (wrong,)),))).refuted


def test_models_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(InvalidModel, match="gains nothing"):
        reputational(("2/5", "2/5"), ("1/10", "1/10"), ("1/10", "1/10"))
    with pytest.raises(InvalidModel, match="outside"):
        reputational(("3/5", "3/5"), ("1/10", "1/10"), ("1", "1/10"))
    with pytest.raises(NotApplicable, match="only one side"):
        solve(reputational(("3/5", "3/5"), ("1/10", "1/10"), ("0", "1/10")), Attrition())
    with pytest.raises(NotApplicable, match="become rarer"):
        hold = {"A": R(1, 2) - t / 10, "B": R(1, 2)}
        solve(WarOfAttrition("rarer", ("A", "B"), t, {"A": 1, "B": 1}, {"A": -t, "B": -t}, hold), Attrition())
    with pytest.raises(NotApplicable, match="waiting does not cost"):
        solve(WarOfAttrition("free", ("A", "B"), t, {"A": 1, "B": 1}, {"A": 0, "B": -t}), Attrition())
