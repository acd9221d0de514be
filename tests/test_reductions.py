"""Problems written as stages of another game: their certificates verify, and every number of an answer that is moved is refuted, but for those that may move."""

import json
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import sympy as sp
from moved_numbers import checked, unrefuted

import bargain as bg
from bargain.errors import BadInput
from bargain.games.alternating import Breakdown
from bargain.games.attrition_private import AttritionByRounds
from bargain.games.costly_war import CostlyWar
from bargain.games.legislative import RandomProposer
from bargain.loading import load
from bargain.portable import REDUCED, certificate_json
from bargain.portable.stages import answers, ask, value_of
from bargain.regions.cells import Cell
from bargain.solution import Solution
from bargain.solving import solve

X = sp.Symbol("x", real=True)
KINKED = bg.BargainingProblem("Kinked", ("A", "B"), {"A": "1/2", "B": 0}, vertices=((0, 0), (0, 3), (2, 2), (4, 0)))
W = sp.Symbol("w", real=True)
BATTLE = bg.MatrixGame.from_arrays([[3, 0], [0, 1]], [[1, 0], [0, 3]])
STAHL = bg.AlternatingOffers("Three offers", ("A", "B"), X, {"A": X, "B": 1 - X}, {"A": "9/10", "B": "4/5"}, horizon=3, default={"A": "1/10", "B": "1/20"},
                             outside={"A": "1/5", "B": "3/10"}, breakdown=Breakdown("1/10", {"A": "1/20", "B": "1/20"}))
DRAWN = bg.AlternatingOffers("Two draws", ("A", "B"), X, {"A": X, "B": 1 - X}, {"A": 1, "B": 1}, horizon=2, recognition={"A": "2/3", "B": "1/3"})
FRONT = bg.AlternatingOffers("Front", ("A", "B"), X, {"A": X, "B": 1 - X}, {"A": sp.exp(sp.Rational(-1, 8)), "B": sp.exp(sp.Rational(-1, 12))}, between=None,
                             states=(bg.State("war", flow={"A": W - sp.Rational(1, 10), "B": sp.Rational(4, 5) - W}),), drift={W: W - sp.Rational(1, 50)},
                             start={W: sp.Rational(1, 2)})
TALKS = bg.AlternatingOffers("Talks", ("A", "B"), X, {"A": X, "B": 1 - X}, {"A": "9/10", "B": "4/5"}, outside={"A": 0, "B": "3/5"}, leaves={"B": "answering"})
TABLED = bg.Game("War or talks", ("A", "B", "C"), (), bg.chance(
    calm=("1/3", bg.decision("A", talk=bg.bargain_node(TALKS, spectators={"C": 1 - X}), fight=bg.payoffs(A="1/4", B="1/4", C=0))),
    crisis=("2/3", bg.simultaneous({"A": ("up", "down"), "B": ("left", "right")}, {
        ("up", "left"): bg.payoffs(A=1, B=0, C=0), ("up", "right"): bg.payoffs(A=0, B=1, C=0), ("down", "left"): bg.payoffs(A=0, B=1, C=1),
        ("down", "right"): bg.bargain_node(TALKS, spectators={"C": X})}))))
UNEVEN = RandomProposer("Uneven", ("A", "B", "C"), {"A": "1/2", "B": "1/4", "C": "1/4"}, "4/5", quota=2)
LISTED = CostlyWar("Cities", ("A", "B"), X, {"A": X, "B": 1 - X}, {"A": "2/5", "B": "1/5"}, shares=(0, "1/4", "1/2", "3/4", 1))


def shipped(name: str, problem: str, *, point: bool = True) -> Solution:
    game, solver = load(name).problems[problem]
    return solve(game, solver, at=game.notation.point() if point else None)


CASES: dict[str, Callable[[], Solution]] = {
    "proposal of an agenda setter": lambda: shipped("classics/agenda_setter", "vote"),
    "stationary equilibrium without delay of spatial bargaining": lambda: shipped("classics/legislature", "line"),
    "stationary subgame-perfect equilibrium": lambda: solve(UNEVEN, bg.Stationary()),
    "stationary equilibrium under unanimity": lambda: shipped("classics/unanimity", "waiting"),
    "unanimity, exit": lambda: shipped("classics/unanimity", "exit"),
    "stationary equilibrium over a stochastic pie": lambda: shipped("classics/stochastic_pie", "pie"),
    "stationary equilibrium of package bargaining": lambda: shipped("classics/log_rolling", "package"),
    "package, finite": lambda: shipped("classics/kursk_swap", "offers"),
    "subgame-perfect equilibrium of an agenda": lambda: shipped("classics/log_rolling", "agenda"),
    "subgame-perfect equilibrium of a finite horizon": lambda: solve(STAHL, bg.FiniteHorizon()),
    "horizon, drawn": lambda: solve(DRAWN, bg.FiniteHorizon()),
    "bargaining range": lambda: shipped("classics/war_range", "averse"),
    "range, listed": lambda: solve(LISTED, bg.BargainingRange()),
    "range of settlements by state": lambda: shipped("classics/forts", "three"),
    "optimal demand under uncertainty": lambda: shipped("classics/risk_return", "two_types"),
    "optimal incentive-compatible mechanism": lambda: shipped("classics/mediation", "arbitration"),
    "subgame-perfect payoffs of talks with conflict": lambda: shipped("classics/conflict_during_talks", "talks"),
    "subgame-perfect equilibrium of talks of optimists": lambda: shipped("classics/conflict_during_talks", "optimists"),
    "stationary equilibrium of a war of attrition by rounds":
        lambda: solve(AttritionByRounds("Strike", ("A", "B"), {"A": 3, "B": 2}, {"A": 1, "B": "1/2"}, {"A": "9/10", "B": "4/5"}), bg.RoundByRound()),
    "security levels": lambda: solve(BATTLE, bg.SecurityLevels()),
    "coco value": lambda: solve(BATTLE, bg.Coco()),
    "finite set": lambda: shipped("classics/kursk_swap", "settlement"),
    "Kalai-Smorodinsky solution": lambda: solve(KINKED, bg.KalaiSmorodinsky()),
    "equal loss solution": lambda: solve(KINKED, bg.EqualLoss()),
    "tables in a tree": lambda: solve(TABLED, bg.SubgamePerfect()),
    "drift": lambda: solve(FRONT, bg.Rubinstein()),
}
LONG = pytest.mark.slow
SYMBOLIC = [("classics/agenda_setter", "vote"), ("classics/finite_horizon", "table"), ("classics/unanimity", "waiting"),
            *(pytest.param(*case, marks=LONG) for case in (("classics/war_range", "strike"), ("classics/risk_return", "two_types"),
                                                           ("classics/log_rolling", "agenda"), ("classics/stochastic_pie", "pie")))]
IN_VAIN = {  # stages in which something is proposed only to be refused, or whether it is refused makes no difference
    "stationary equilibrium over a stochastic pie": ("low, A", "low, B"), "horizon, drawn": ("A proposes at 0", "B proposes at 0"),
    "subgame-perfect equilibrium of talks of optimists": ("A is recognised at 1", "B is recognised at 1")}
HEAVY = ("unanimity, exit", "stationary subgame-perfect equilibrium", "drift", "tables in a tree")  # whose numbers are moved in the slow tests only
UNUSED = [("values", "share")]  # of a polygon


@cache
def certificate(kind: str) -> str:
    return certificate_json(CASES[kind]())


@pytest.mark.parametrize("kind", CASES)
def test_what_is_written_as_stages_verifies(kind: str, tmp_path: Path) -> None:
    report = checked(certificate(kind), tmp_path)
    assert report.verified and report.proved > 5, (report.refuted[:3], report.undecided[:3])
    assert report.stands_for or kind == "drift"


def test_every_reduction_is_tested() -> None:
    """Here or in the files beside this one, which say in COVERED (or by the names of their CASES) which concepts they test."""
    others = [import_module(path.stem) for path in Path(__file__).parent.glob("test_reductions_*.py")]
    assert set(REDUCED) <= set(CASES).union(*(getattr(other, "COVERED", getattr(other, "CASES", ())) for other in others))


@pytest.mark.parametrize(("name", "problem"), SYMBOLIC)
def test_regimes_written_as_stages_verify(name: str, problem: str, tmp_path: Path) -> None:
    report = checked(certificate_json(shipped(name, problem, point=False)), tmp_path)
    assert report.verified, (report.refuted[:3], report.undecided[:3])


@pytest.mark.parametrize("kind", [kind for kind in CASES if kind not in HEAVY])
def test_a_moved_number_is_refuted(kind: str, tmp_path: Path) -> None:
    assert not unrefuted(certificate(kind), tmp_path, 3, f"1 {kind}", IN_VAIN.get(kind, ()), UNUSED)


@pytest.mark.slow
@pytest.mark.parametrize("kind", CASES)
def test_many_moved_numbers_are_refuted(kind: str, tmp_path: Path) -> None:
    assert not unrefuted(certificate(kind), tmp_path, 3 if kind in HEAVY else 9, f"2 {kind}", IN_VAIN.get(kind, ()), UNUSED)


@pytest.mark.parametrize(("kind", "stage", "measure"), [
    ("horizon, drawn", "A proposes at 0", "=1"), ("horizon, drawn", "A proposes at 1", "=0"), ("horizon, drawn", "B proposes at 1", "=-1"),
    ("range of settlements by state", "war from 1", "=1"), ("stationary subgame-perfect equilibrium", "round", "=1/100")])
def test_a_measure_that_does_not_fall_is_refuted(kind: str, stage: str, measure: str, tmp_path: Path) -> None:
    """Without discounting only a measure shows that play ends; it must be positive and more than what follows."""
    bad = json.loads(certificate(kind))
    measures = bad["regimes"][0]["equilibria"][0]["measures"]
    measures[next(name for name in measures if name.startswith(stage))] = measure
    assert any(claim.startswith("patience") for claim in checked(json.dumps(bad), tmp_path).refuted)


def test_a_gap_in_the_answers_to_two_numbers_is_refuted(tmp_path: Path) -> None:
    bad = json.loads(certificate("stationary equilibrium under unanimity"))
    bad["regimes"][0]["equilibria"][0]["pieces"]["A proposes"].pop(0)
    assert any("without answer" in claim for claim in checked(json.dumps(bad), tmp_path).refuted)


def test_a_proposal_outside_what_is_allowed_is_refuted(tmp_path: Path) -> None:
    """To divide more than the pie would pay the proposer more."""
    bad = json.loads(certificate("stationary equilibrium under unanimity"))
    bad["problem"]["stages"]["A proposes"]["inside"][-1][0] += " - 1/2"
    bad["problem"]["stages"]["A proposes"]["inside"].append(["=1", "<"])
    assert any("not allowed" in claim for claim in checked(json.dumps(bad), tmp_path).refuted)


def test_a_better_alternative_left_unchosen_is_refuted(tmp_path: Path) -> None:
    bad = json.loads(certificate("finite set"))
    rule = bad["regimes"][0]["equilibria"][0]["strategies"]["arbitrator"]["choice"]
    for name, other in zip(rule, reversed(list(rule)), strict=True):
        rule[name] = "=1" if rule[other] == "=1" and name != other else "=0"
    assert checked(json.dumps(bad), tmp_path).refuted


@pytest.mark.parametrize("change", [
    lambda d: d["problem"].pop("drift"), lambda d: d["problem"].pop("now"), lambda d: d["problem"].update(drift=[["=1"]]), lambda d: d.pop("stands for"),
    lambda d: d["problem"].update(start="nowhere"), lambda d: d["regimes"][0]["equilibria"][0].pop("measures"),
    lambda d: d["regimes"][0]["equilibria"][0]["measures"].popitem(), lambda d: stage(d).pop("inside"), lambda d: stage(d).update(shares=[]),
    lambda d: stage(d).update(inside=[["=1"]]), lambda d: stage(d).update(shares={"nobody": "=share"}),
    lambda d: d["regimes"][0]["equilibria"][0]["strategies"]["A"].popitem(), lambda d: d["problem"]["values"].update({"A proposes": {"A": "=1"}})])
def test_malformed_stages_end_in_one_typed_error(change: Callable[[dict[str, Any]], Any], tmp_path: Path) -> None:
    data = json.loads(certificate("stationary equilibrium under unanimity"))
    change(data)
    with pytest.raises(BadInput) as caught:
        checked(json.dumps(data), tmp_path)
    assert caught.value.place and caught.value.remedy


def stage(data: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = data["problem"]["stages"]["A proposes"]
    return found


def test_answers_are_found_backwards_with_ties_to_the_first() -> None:
    tree = ask("B", {"yes": bg.payoffs(A=1 - X, B=X), "no": ask("A", {"on": bg.payoffs(A=value_of("later", "A"), B=0), "off": bg.payoffs(A=0, B="1/4")})})
    found = list(answers(tree, ("stage",), {value_of("later", "A"): sp.Rational(1, 2)}))
    assert [(cell, paid["B"]) for cell, _, paid in found] == [(Cell.of(X >= 0), X), (Cell.of(X < 0), 0)]
    assert all(rules["A", "stage/no"] == {"on": 1, "off": 0} for _, rules, _ in found)

