"""Bargaining and conflict written as stages: certificates verify, at ties and degenerate points too, and numbers of an answer that are moved are refuted."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sympy as sp
from moved_numbers import checked, unrefuted

import bargain as bg
from bargain.errors import NotApplicable
from bargain.games.alternating import Breakdown
from bargain.games.attrition_private import PrivateAttrition
from bargain.games.audience import AudienceCosts
from bargain.games.open_rule import OpenRule
from bargain.games.power_shift import PowerShift
from bargain.loading import load
from bargain.portable import certificate_json
from bargain.solution import Solution
from bargain.solving import solve

X, T, C = sp.Symbol("x", real=True), sp.Symbol("t", real=True), sp.Symbol("c", real=True)
S, V = sp.Symbol("s", nonnegative=True), sp.Symbol("v", positive=True)
AB = ("A", "B")
SPLIT = {"A": X, "B": 1 - X}
PATIENT = {"A": "9/10", "B": "4/5"}
A, D = sp.symbols("a d", real=True)
ROWS = bg.Notation((bg.Parameter(A, "shift", domain="(0, 1/5)", baseline="1/10"), bg.Parameter(D, "patience", domain="(0, 1)", baseline="9/10")))


def shipped(name: str, problem: str, *, point: bool = True) -> Solution:
    game, solver = load(name).problems[problem]
    return solve(game, solver, at=game.notation.point() if point else None)


def flow(*war: dict[str, Any]) -> Solution:
    return solve(bg.FlowUnderThreat("Flow", AB, war, "9/10"), bg.SelfEnforcingPeace())


def shift(war: dict[str, Any], last: int, most: Any = 1, **given: Any) -> Solution:
    return solve(PowerShift("Shift", AB, T, war, last, given.pop("patience", "9/10"), most=most, **given), bg.PeacefulPath())


def table(discount: Any = PATIENT, **given: Any) -> Solution:
    return solve(bg.AlternatingOffers("Table", AB, X, SPLIT, discount, **given), bg.ShakedSutton())


def crisis(values: bg.Costs, war: Any = "-1/2") -> Solution:
    return solve(AudienceCosts("Crisis", AB, values, audience="1/2", war=war), bg.CrisisBluff())


KINKED = bg.BargainingProblem("Kinked", AB, {"A": "1/2", "B": 0}, vertices=((0, 0), (0, 3), (2, 2), (4, 0)))
JUMP = {"A": "1/10 + t*(t - 1)/5", "B": "4/5 - t*(t - 1)/5"}
CASES: dict[str, Callable[[], Solution]] = {
    "positions": lambda: shipped("classics/car_emissions", "static"),
    "positions, two medians": lambda: solve(bg.Positions("Four", {n: bg.Actor(x, 1, 1) for n, x in zip("ABCD", (0, 10, 4, 6), strict=True)}),
                                            bg.WeightedPositions()),
    "flow, war at once": lambda: shipped("classics/commitment_problem", "shift"),
    "flow, peace": lambda: flow({"A": 2, "B": 6}, {"A": 3, "B": 5}, {"A": 4, "B": 4}),
    "flow, war later": lambda: flow({"A": 1, "B": 1}, {"A": 2, "B": 7}, {"A": 7, "B": 2}),
    "flow, cut by nothing to give": lambda: flow({"A": 5, "B": 0}, {"A": 8, "B": 1}),
    "flow, a single point": lambda: flow({"A": 3, "B": 1}, {"A": 5, "B": 5}),
    "shift, continuous": lambda: shipped("ukraine/commitment", "shift"),
    "shift, war at once": lambda: shift({"A": "2/5 + 3*t/50", "B": "1/2 - 3*t/50"}, 1),
    "shift, peace": lambda: shift({"A": "2/5 + t/50", "B": "1/2 - t/50"}, 3),
    "shift, war later": lambda: shift(JUMP, 3),
    "bounds": lambda: shipped("classics/outside_option", "bounds"),
    "bounds, a continuum": lambda: shipped("classics/fixed_costs", "table"),
    "bounds, drawn": lambda: table(recognition={"A": "1/3", "B": "2/3"}, breakdown=Breakdown("1/10", {"A": 0, "B": "1/10"})),
    "bounds, an order": lambda: table(order=("A", "A", "B"), outside={"A": 0, "B": "3/5"}, leaves={"B": "answering"}),
    "bounds, states": lambda: table(states=(bg.State("war", flow={"A": "9/10", "B": "3/10"}, moves={"war": "1/2", "peace": "1/2"}), bg.State("peace"))),
    "demand, uniform": lambda: shipped("classics/risk_return", "uniform"),
    "demand, mixed": lambda: solve(bg.UncertainWar("Mixed", AB, "1/2", "1/10", bg.Costs(C, {"1/5": "1/4"}, ((0, "1/10", "5/2"), ("1/10", "3/10", "5/2")))),
                                   bg.RiskReturn()),
    "auction": lambda: shipped("classics/double_auction", "auction"),
    "auction, the buyer's price": lambda: solve(bg.DoubleAuction("Bid", 1), bg.LinearBids()),
    "auction, uneven": lambda: solve(bg.DoubleAuction("Uneven", "1/3"), bg.LinearBids()),
    "curved": lambda: shipped("classics/risk_aversion", "table"),
    "curved, option": lambda: solve(bg.AlternatingOffers("Curved", AB, X, {"A": X, "B": 1 - X**2}, {"A": "1/2", "B": "1/2"}, outside={"A": 0, "B": "9/10"},
                                                         leaves={"B": "answering"}), bg.CurvedFrontier()),
    "linear screening": lambda: shipped("classics/screening", "uniform"),
    "linear screening, no end": lambda: shipped("classics/screening", "coase"),
    "linear screening, uneven": lambda: solve(bg.UniformScreening("Uneven", ("S", "B"), 2, {"S": "9/10", "B": "1/3"}, 3), bg.LinearSkimming()),
    "screening, two offers": lambda: shipped("classics/screening", "two_offers"),
    "screening, battles": lambda: shipped("classics/battlefield_learning", "war"),
    "screening, no end": lambda: shipped("classics/screening", "endless"),
    "screening, something in the end": lambda: solve(bg.Screening("End", ("S", "B"), {"high": "9/10", "low": "1/10"}, {"high": 3, "low": 1}, 1, 2,
                                                                  default={"S": "1/2", "high": "1/4", "low": "1/5"}), bg.Skimming()),
    "open rule": lambda: shipped("classics/legislature", "open_rule"),
    "open rule, mixed": lambda: solve(OpenRule("Committee", ("A", "B", "C"), "7/10"), bg.Seconding()),
    "open rule, patient": lambda: solve(OpenRule("Committee", ("A", "B", "C"), 1), bg.Seconding()),
    "attrition, reputations": lambda: shipped("classics/reputation", "reputation"),
    "attrition, audiences": lambda: shipped("classics/reputation", "audiences"),
    "attrition, uneven": lambda: solve(bg.WarOfAttrition("Siege", AB, S, {"A": 4 - S, "B": 2 - S}, {"A": -S, "B": -S}, {"A": "1/10", "B": "1/5"}), bg.Attrition()),
    "attrition, private worths": lambda: shipped("classics/attrition", "private"),
    "attrition, no greatest worth": lambda: solve(PrivateAttrition("Siege", AB, V, 1 - sp.exp(-V), sp.oo, 1), bg.QuittingTimes()),
    "steps": lambda: solve(KINKED, bg.DiscreteRaiffa()),
    "steps, nothing to gain": lambda: solve(replace(KINKED, disagreement={"A": 4, "B": 0}), bg.DiscreteRaiffa()),
    "threats": lambda: solve(bg.MatrixGame.from_arrays([[1, 5], [7, 0]], [[4, 1], [2, 0]]), bg.VariableThreats()),
    "threats, a corner": lambda: solve(bg.MatrixGame.from_arrays([[4, 0, 1], [0, 2, -1]], [[5, 1, -2], [0, 0, 3]]), bg.VariableThreats()),
    "rounds, not discounted": lambda: shipped("classics/attrition", "rounds"),
    "audience": lambda: shipped("classics/audience_costs", "crisis"),
    "audience, silence too": lambda: crisis(bg.Costs.uniform("-3/2", "-1/4")),
    "audience, single values": lambda: crisis(bg.Costs(atoms={-1: "1/3", "1/4": "2/3"})),
    "audience, nobody backs down": lambda: crisis(bg.Costs(atoms={"-1/4": 1})),
}
COVERED = {  # concept -> a case of it
    "static expected-utility values": "positions", "self-enforcing division of a flow": "flow, peace", "subgame-perfect path of a power shift": "shift, peace",
    "subgame-perfect equilibrium payoffs of alternating offers": "bounds", "linear equilibrium of a double auction": "auction",
    "stationary equilibrium on a curved frontier": "curved", "perfect Bayesian equilibrium in linear skimming strategies": "linear screening",
    "perfect Bayesian equilibrium in skimming strategies": "screening, no end", "perfect Bayesian equilibrium of a crisis with audience costs": "audience",
    "Baron and Ferejohn's equilibrium under the open rule": "open rule", "equilibrium of a war of attrition": "attrition, uneven",
    "symmetric equilibrium of a war of attrition with private values": "attrition, private worths", "Nash variable-threat solution": "threats",
    "discrete Raiffa solution": "steps"}
SYMBOLIC: dict[str, Callable[[], Solution]] = {
    "shift": lambda: shift({"A": sp.Rational(2, 5) + A * T, "B": sp.Rational(1, 2) - A * T}, 1, patience=D, notation=ROWS),
    "bounds": lambda: shipped("classics/rubinstein", "bounds", point=False),
    "open rule": lambda: solve(OpenRule("Committee", ("A", "B", "C"), D, notation=ROWS), bg.Seconding()),
    "rounds": lambda: shipped("classics/attrition", "rounds", point=False),
    "demand": lambda: shipped("classics/risk_return", "uniform", point=False),
    "linear screening": lambda: shipped("classics/screening", "uniform", point=False),
    "audience": lambda: shipped("classics/audience_costs", "crisis", point=False),
}
WORTHS = ("quitting time of a worth", "payoff of a worth")
DATES = tuple(f"{what}{player}{then}" for player in AB for what, then in (("hazard of ", ""), ("chance that ", " still waits"), ("hazard of ", ", never negative"),
                                                                           ("growth of holding out by ", ", never negative")))
VAIN = {  # stages in which something is proposed only to be refused, or somebody is only asked about a type, a worth or a date
    "flow, war at once": ("least at 0", "most at 0"), "flow, war later": ("least at 0", "most at 0", "least at 1", "most at 1"),
    "shift, war at once": ("date 0",), "shift, war later": ("date 1", "date 2", "date 3"), "demand, uniform": ("types 1",),
    "demand, mixed": ("types 1", "types 2"), **dict.fromkeys(("attrition, private worths", "attrition, no greatest worth"), WORTHS),
    **dict.fromkeys(("attrition, reputations", "attrition, audiences", "attrition, uneven"), DATES), "shift, continuous": ("shift",),
    "threats, a corner": ("weight of row", "weight of column"),  # another line supports the corner too
    "bounds, states": tuple(f"for {side}: {by} proposes in war" for side in AB for by in AB),
    **dict.fromkeys(("audience, single values", "audience, silence too", "audience, nobody backs down"),  # any value where all are met; any large factor
                    ("values above the least", "values below the least", "gain from resisting"))}
HEAVY = ("screening, battles", "screening, two offers", "screening, something in the end")  # whose numbers are moved in the slow tests only


@cache
def certificate(kind: str) -> str:
    return certificate_json(CASES[kind]())


@pytest.mark.parametrize("kind", CASES)
def test_what_is_written_as_stages_verifies(kind: str, tmp_path: Path) -> None:
    report = checked(certificate(kind), tmp_path)
    assert report.verified and report.stands_for and report.proved > 30, (report.refuted[:3], report.undecided[:3])


@pytest.mark.parametrize(("concept", "kind"), COVERED.items())
def test_the_file_says_what_the_stages_stand_for(concept: str, kind: str, tmp_path: Path) -> None:
    assert checked(certificate(kind), tmp_path).stands_for.startswith(f"{concept} of a ")


@pytest.mark.parametrize("kind", SYMBOLIC)
def test_regimes_written_as_stages_verify(kind: str, tmp_path: Path) -> None:
    report = checked(certificate_json(SYMBOLIC[kind]()), tmp_path)
    assert report.verified, (report.refuted[:3], report.undecided[:3])


@pytest.mark.parametrize("kind", [kind for kind in CASES if kind not in HEAVY])
def test_a_moved_number_is_refuted(kind: str, tmp_path: Path) -> None:
    assert not unrefuted(certificate(kind), tmp_path, 3, f"1 {kind}", VAIN.get(kind, ()))


@pytest.mark.slow
@pytest.mark.parametrize("kind", CASES)
def test_many_moved_numbers_are_refuted(kind: str, tmp_path: Path) -> None:
    assert not unrefuted(certificate(kind), tmp_path, 4 if kind in HEAVY else 12, f"2 {kind}", VAIN.get(kind, ()))


def test_offers_with_fixed_costs_are_written_as_they_are_if_delay_is_discounted(tmp_path: Path) -> None:
    costly = bg.AlternatingOffers("Costs", AB, X, SPLIT, PATIENT, costs={"A": "1/100", "B": "1/50"})
    text = certificate_json(solve(costly, bg.Rubinstein()))
    assert checked(text, tmp_path).verified and not unrefuted(text, tmp_path, 20, "costs")
    with pytest.raises(NotApplicable, match="delay that is not discounted"):
        certificate_json(solve(replace(costly, discount={"A": 1, "B": 1}), bg.Rubinstein()))


@pytest.mark.parametrize(("solution", "told"), [
    (lambda: shipped("classics/commitment_problem", "shift", point=False), "which bound holds"),
    (lambda: shipped("ukraine/commitment", "shift", point=False), "depends on parameters"),
    (lambda: solve(bg.AlternatingOffers("Log", AB, X, {"A": X, "B": sp.log(2 - X)}, {"A": "1/2", "B": "1/2"}), bg.CurvedFrontier()), "neither rational functions"),
    (lambda: solve(bg.WarOfAttrition("Bare", AB, S, {"A": 4 - S, "B": 2 - S}, {"A": -S, "B": -S}), bg.Attrition()), "without types that hold out")])
def test_what_a_reduction_does_not_cover_is_named(solution: Callable[[], Solution], told: str) -> None:
    with pytest.raises(NotApplicable, match=told):
        certificate_json(solution())
