"""Fighting during talks and optimism: the rows of the theory map, operators on intervals and recursion as the other route, refusals."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp

from bargain import (
    BargainingRange,
    Component,
    ConflictBounds,
    ConflictDuringTalks,
    CostlyWar,
    InvalidModel,
    NotApplicable,
    OptimisticTalks,
    Optimists,
    Space,
    Status,
    solve,
)
from bargain.certify import certify
from bargain.cli import main
from bargain.models.classics import conflict_during_talks as model
from bargain.regions import Cell, Region
from bargain.solution import Regime

R = sp.Rational


def ends(truce: Any, discount: Any, **more: Any) -> list[Any]:
    return [e.payoffs["A"] for e in solve(ConflictDuringTalks("t", ("A", "B"), truce, discount, **more), ConflictBounds()).extreme]


@pytest.mark.parametrize(("truce", "discount", "expected"), [("1/5", "9/10", [R(1, 5), R(59, 95)]), ("3/10", "1/2", [R(3, 10)])], ids=["ED1.1", "ED1.2"])
def test_set_of_shares_of_the_side_that_may_fight(truce: str, discount: str, expected: list[Any]) -> None:
    assert ends(truce, discount) == expected


def test_a_fight_is_credible_exactly_up_to_the_square_of_the_discount_factor() -> None:
    solution = solve(model.talks, ConflictBounds())
    assert solution.status is Status.PROVED
    space, inside = Space(model.NOTATION), Cell.of(model.w_0 <= model.delta**2)
    many = [cell for r in solution.regimes if isinstance(r.equilibria[0], Component) for cell in r.condition]
    assert all(space.implies(cell, inside).answer for cell in many) and space.uncovered(many, inside).answer is False and solution.boundary == Region()
    high = next(r.equilibria[0] for r in solution.regimes if isinstance(r.equilibria[0], Component)).vertices[1]
    assert sp.simplify(high.payoffs["A"] - (1 + model.delta * model.w_0) / (1 + model.delta)) == 0
    assert ends("1/4", "1/2") == [R(1, 4), R(3, 4)]  # on the border a fight is still worth while


def iterated(truce: Fraction, d: Fraction, f: Fraction, g: Fraction) -> float:
    """The greatest share that reproduces itself, by iterating the operator on bounds from all feasible payoffs, in fractions."""
    most, after = Fraction(1), Fraction(1)
    for _ in range(300):
        threat = (1 - d) * g + d * (1 - after) if (1 - d) * f + d * after >= truce else Fraction(2)
        peace = (1 - d) * (1 - truce) + d * (1 - after)
        most, after = (1 - min(threat, peace)).limit_denominator(10**9), ((1 - d) * truce + d * most).limit_denominator(10**9)
    return float(most)


@pytest.mark.parametrize("draw", [("1/5", "9/10", 0, 0), ("3/10", "1/2", 0, 0), ("2/5", "4/5", "1/10", "1/5"), ("7/10", "3/5", "1/20", "1/4"),
                                  ("1/10", "3/10", 0, "9/10")])
def test_bounds_agree_with_the_operator_on_intervals(draw: tuple[Any, ...]) -> None:
    truce, discount, f, g = draw
    found = ends(truce, discount, fighting={"A": f, "B": g})
    assert float(found[-1]) == pytest.approx(iterated(*(Fraction(str(v)) for v in draw)), abs=1e-6)


@pytest.mark.parametrize(("discount", "date"), [("1/2", 1), ("3/5", 2), ("5/9", 1)])
def test_optimists_wait_for_the_deadline(discount: str, date: int) -> None:  # OP1.1
    solution = solve(OptimisticTalks("o", ("A", "B"), {"A": "9/10", "B": "9/10"}, discount, 2), Optimists())
    assert solution.status is Status.CERTIFIED and solution.outcomes == (f"agreement at date {date}",)


def test_the_threshold_of_optimism() -> None:  # OP1.1
    solution = solve(model.optimists, Optimists())
    assert solution.status is Status.PROVED
    early = next(r for r in solution.regimes if r.equilibria[0].outcome == "agreement at date 1")  # type: ignore[union-attr]
    assert early.cell.relations() == (model.delta * (model.p_A + model.p_B) - 1 < 0,) or Space(model.BELIEFS).implies(
        early.cell, Cell.of(model.delta * (model.p_A + model.p_B) < 1)).answer
    assert R(1) / (R(9, 10) * 2) == R(5, 9)


def test_long_deadlines_agree_with_recursion_in_floats() -> None:
    for dates in (3, 9, 30):
        expects = [0.0, 0.0]
        beliefs, d, agreed = (0.9, 0.7), 0.95, 0
        for date in range(dates, 0, -1):
            wait = [d * v for v in expects]
            if sum(wait) <= 1:
                agreed, expects = date, [beliefs[i] * (1 - wait[1 - i]) + (1 - beliefs[i]) * wait[i] for i in (0, 1)]
            else:
                expects = wait
        (found,) = solve(OptimisticTalks("o", ("A", "B"), {"A": "9/10", "B": "7/10"}, "19/20", dates), Optimists()).extreme
        assert found.outcome == f"agreement at date {agreed}" and [float(v) for v in found.payoffs.values()] == pytest.approx(expects)


def test_the_range_is_empty_if_optimism_exceeds_the_costs() -> None:  # OP1.2
    x = sp.Symbol("x", real=True)

    def outcome(first: str) -> str:
        values = {"A": R(first) - R(1, 20), "B": R(1, 2) - R(1, 10)}
        (found,) = solve(CostlyWar("optimism", ("A", "B"), x, {"A": x, "B": 1 - x}, values), BargainingRange()).extreme
        return found.outcome

    assert R(7, 10) + R(1, 2) - 1 - R(1, 20) - R(1, 10) == R(1, 20)
    assert outcome("7/10") == "no settlement" != outcome("13/20")


@pytest.mark.parametrize("shift", [R(-1, 100), R(1, 100)])
@pytest.mark.parametrize("vertex", [0, 1])
def test_the_certificate_refutes_other_ends(shift: Any, vertex: int) -> None:
    solution = solve(ConflictDuringTalks("t", ("A", "B"), "1/5", "9/10"), ConflictBounds())
    (found,) = solution.equilibria
    assert isinstance(found, Component)
    wrong = list(found.vertices)
    own = wrong[vertex].payoffs["A"] + shift
    wrong[vertex] = replace(wrong[vertex], payoffs={"A": own, "B": 1 - own}, quantities={**wrong[vertex].quantities, "to A when A offers": own})
    assert certify(replace(solution, regimes=(Regime(Region.everything(), (replace(found, vertices=tuple(wrong)),)),))).refuted


def test_the_certificate_refutes_a_missing_high_end_and_a_wrong_date() -> None:
    solution = solve(ConflictDuringTalks("t", ("A", "B"), "1/5", "9/10"), ConflictBounds())
    assert certify(replace(solution, regimes=(Regime(Region.everything(), (solution.extreme[0],)),))).refuted
    late = solve(OptimisticTalks("o", ("A", "B"), {"A": "9/10", "B": "9/10"}, "3/5", 2), Optimists())
    wrong = replace(late.extreme[0], outcome="agreement at date 1")
    assert certify(replace(late, regimes=(Regime(Region.everything(), (wrong,)),))).refuted


@pytest.mark.parametrize("form", ["text", "json", "latex", "html", "csv"])
def test_the_model_prints_in_every_format(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", "classics/conflict_during_talks", "--format", form]) == 0
    assert capsys.readouterr().out


def test_models_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(InvalidModel, match="fighting creates value"):
        ConflictDuringTalks("t", ("A", "B"), "1/5", "9/10", {"A": "3/5", "B": "3/5"})
    with pytest.raises(InvalidModel, match="discount factor is 1"):
        ConflictDuringTalks("t", ("A", "B"), "1/5", 1)
    with pytest.raises(NotApplicable, match="likes fighting better"):
        ends("1/5", "9/10", fighting={"A": "3/10"})
    with pytest.raises(InvalidModel, match="0 dates"):
        OptimisticTalks("o", ("A", "B"), {"A": "1/2", "B": "1/2"}, "1/2", 0)
    with pytest.raises(InvalidModel, match="recognised with chance 6/5"):
        OptimisticTalks("o", ("A", "B"), {"A": "6/5", "B": "1/2"}, "1/2", 2)
