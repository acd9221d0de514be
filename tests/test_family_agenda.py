"""Agenda setting: the published cases, random committees against a grid, corrupted answers, refusals."""

import random
from dataclasses import replace
from fractions import Fraction

import pytest
import sympy as sp

from bargain import AgendaSetting, Equilibrium, InvalidModel, SetterProposal, Solution, Status, TooLarge, solve
from bargain.certify import certify
from bargain.loading import load
from bargain.models.classics import agenda_setter
from bargain.regions import Region
from bargain.solution import Regime
from bargain.tables import solution_rows, to_text

R = sp.Rational


def only(solution: Solution) -> Equilibrium:
    (found,) = solution.extreme
    return found


def test_the_setter_takes_what_the_median_allows() -> None:
    solution = solve(agenda_setter.vote, SetterProposal())
    assert solution.status is Status.PROVED
    for quo, proposal, outcome in (("-2/5", "2/5", "change"), ("7/10", "7/10", "gridlock"), ("-3/2", "1", "change"), ("3/2", "1", "change")):
        found = only(solution.at(q=quo, s=1))  # MV1.1, MV1.2, and the setter's ideal on both sides
        assert (found.quantities["proposal"], found.outcome) == (R(proposal), outcome)
    assert only(solution.at(q=0, s=1)).quantities["proposal"] == 0  # the knife edge: the median is content


@pytest.mark.parametrize("seed", range(8))
def test_random_committees_with_quotas_agree_with_a_grid(seed: int) -> None:
    draw = random.Random(seed)
    ideals = {"setter": draw.randint(-20, 20), **{f"v{k}": draw.randint(-20, 20) for k in range(5)}}
    weights = {f"v{k}": draw.randint(1, 4) for k in range(5)}
    quota, quo = draw.randint(1, sum(weights.values())), draw.randint(-20, 20)
    found = solve(AgendaSetting("committee", "setter", {n: R(v, 10) for n, v in ideals.items()}, weights, quota, R(quo, 10)), SetterProposal())
    passing = [x for x in range(-80, 81) if sum(w for v, w in weights.items() if abs(x - ideals[v]) <= abs(quo - ideals[v])) >= quota]
    nearest = min(abs(x - ideals["setter"]) for x in passing)
    expected = {Fraction(x, 10) for x in passing if abs(x - ideals["setter"]) == nearest}
    assert {Fraction(int(e.quantities["proposal"].p), int(e.quantities["proposal"].q)) for e in found.extreme} == expected


def test_the_certificate_refutes_small_errors() -> None:
    problem = AgendaSetting("committee", "a", {"a": 1, "b": 0, "c": "-1/3"}, {"a": 1, "b": 1, "c": 1}, 2, "-2/5")
    solution = solve(problem, SetterProposal())
    assert only(solution).quantities["proposal"] == R(2, 5)
    for error in (R(1, 1000), -R(1, 1000)):
        place = R(2, 5) + error
        payoffs = {p: -abs(place - ideal) for p, ideal in problem.ideals.items()}
        wrong = replace(only(solution), quantities={"proposal": place}, payoffs=payoffs)
        assert certify(replace(solution, regimes=(Regime(Region.everything(), (wrong,)),))).refuted


def test_models_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(InvalidModel, match="quota 2 is not between"):
        AgendaSetting("c", "a", {"a": 1, "b": 0}, {"b": 1}, 2, 0)
    with pytest.raises(InvalidModel, match="ideal point"):
        AgendaSetting("c", "a", {"a": 1}, {"b": 1}, 1, 0)
    many = {f"v{k}": k for k in range(16)}
    with pytest.raises(TooLarge, match="16 voters"):
        solve(AgendaSetting("c", "v0", many, dict.fromkeys(many, 1), 9, 3), SetterProposal())


def test_what_is_no_equilibrium_is_not_called_one_in_the_table() -> None:
    problem, solver = load("classics/agenda_setter").main
    table = to_text(solution_rows(solve(problem, solver)))
    assert "every solution is listed" in " ".join(table.split()) and "equilibri" not in table
