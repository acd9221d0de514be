"""Matrices, coalitions and trees of plans written as stages: certificates verify, at ties and degenerate points too, and wrong answers are refuted."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import sympy as sp
from moved_numbers import checked, unrefuted

import bargain as bg
from bargain.errors import NotApplicable
from bargain.games.coalitional import airport_game, bankruptcy_game
from bargain.loading import load
from bargain.portable import certificate_json
from bargain.solution import Solution
from bargain.solving import solve

matrix, end, pays = bg.MatrixGame.from_arrays, bg.payoffs, bg.simultaneous
A = sp.Symbol("a", real=True)
HALF = sp.Rational(1, 2)
MIXED = matrix([[3, 0], [0, 3], [1, 1]], [[0, 1], [1, 0], [5, 0]])  # the third row is dominated by a mixture only
CYCLE = matrix([[2, 1, 0], [2, 0, 3], [0, 5, 1]], [[1, 2, 0], [3, 0, 1], [0, 1, 4]])
ORDERED = matrix([[1, 1], [1, 0]], [[1, 0], [1, 2]])  # weak dominance
VOTES = bg.MatrixGame("Votes", ("A", "B", "C"), (("x", "y"),) * 3, {
    cell: (cell.count("y") + (cell[0] == "y"), 2 * (cell[1] == "y") - (cell[0] == "x"), int(cell[2] == cell[0])) for cell in product("xy", repeat=3)})
HUNT, BATTLE = matrix([[4, 0], [3, 3]], [[4, 3], [0, 3]]), matrix([[3, 0], [0, 1]], [[1, 0], [0, 3]])
PENNIES, TIE = matrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]]), matrix([[2, 0], [0, 2]], [[2, 0], [0, 2]])
MYERSON = matrix(*[[[1, 0, -9], [0, 0, -7], [-9, -7, -7]]] * 2)
EDGE = matrix([[2, 2, 0], [2, 2, 1], [0, 1, 1]], [[1, 1, 0], [1, 1, 2], [2, 0, 1]])  # equilibria in a continuum
UNEVEN = bg.CoalitionalGame("Uneven", ("a", "b", "c"), {"b": 2, ("a", "b"): 7, ("b", "c"): 5, ("a", "c"): 1, ("a", "b", "c"): 8})
BOUND = bg.CoalitionalGame("Bound", ("a", "b", "c"), {"a": 3, ("b", "c"): 9, ("a", "b", "c"): 6})  # a would get less than 3
FOUR = bg.CoalitionalGame("Four", ("a", "b", "c", "d"), {("a", "b"): 3, ("c", "d"): 5, ("a", "c"): 2, ("b", "d"): 1, ("a", "b", "c"): 7, ("b", "c", "d"): 6,
                                                         ("a", "b", "d"): 4, ("a", "b", "c", "d"): 11})
RUNWAY = airport_game("Runway", {"a": 1, "b": 2, "c": 3})


def reply(left: Any, right: Any) -> bg.Game:
    return bg.decision("B", L=end(A=left, B=-left), R=end(A=right, B=-right), information_set="B's")


def card(win: int) -> Any:
    answer = bg.decision("B", call=end(A=2 * win, B=-2 * win), fold=end(A=1, B=-1), information_set="after a bet")
    return bg.decision("A", bet=answer, check=end(A=win, B=-win))


CHOICE = bg.Game("Choice", ("A", "B"), (), bg.decision("A", l=reply(2, -1), r=reply(-1, 1)))
CARD = bg.Game("One card", ("A", "B"), (), bg.chance(high=(HALF, card(1)), low=(HALF, card(-1))))
HIDDEN = bg.Game("Entry", ("E", "I"), (), bg.decision("E", out=end(E=2, I=4), into=bg.decision(
    "E", x=bg.decision("I", l=end(E=3, I=1), r=end(E=0, I=0), information_set="I's"), y=bg.decision("I", l=end(E=0, I=0), r=end(E=1, I=3), information_set="I's"))))
TALK = bg.Game("Chicken after a stop", ("A", "B"), (), bg.decision("A", stop=end(A=1, B=1), go=pays({"A": ("a", "b"), "B": ("c", "d")}, {
    ("a", "c"): end(A=6, B=6), ("a", "d"): end(A=2, B=7), ("b", "c"): end(A=7, B=2), ("b", "d"): end(A=0, B=0)})))
STAY = bg.Game("Stay", ("E", "I"), (), bg.decision("E", out=end(E=2, I=4), into=bg.decision("I", fight=end(E=0, I=0), share=end(E=3, I=2))))
CARE = bg.Game("Care", ("A", "B"), (), bg.decision("A", out=end(A=2, B=2), enter=bg.decision("B", l=end(A=1, B=1), r=bg.decision(
    "A", up=end(A=3, B=1), down=end(A=0, B=0)))))
SHIFTED = matrix([[A, 0], [0, A], [1, 1]], [[0, 1], [1, 0], [5, 0]], notation=bg.Notation((bg.Parameter(A, "gain", domain="(2, 3)"),)))
STAG = matrix([[4, 0], [A, A]], [[4, 3], [0, 3]], notation=bg.Notation((bg.Parameter(A, "hare", domain="(-1, 5)"),)))
MOVED = bg.Game("Choice with a parameter", ("A", "B"), (bg.Parameter(A, "gain", domain="(1, 3)"),), bg.decision("A", l=reply(A, -1), r=reply(-1, 1)))
HORSE = bg.Game("Horse", ("A", "B", "C"), (), bg.decision(
    "A", R=bg.decision("B", r=end(A=1, B=1, C=1), l=bg.decision("C", L=end(A=4, B=4, C=0), R=end(A=0, B=0, C=1), information_set="C's")),
    L=bg.decision("C", L=end(A=3, B=2, C=2), R=end(A=0, B=0, C=0), information_set="C's")))

CASES: dict[str, Callable[[], Solution]] = {
    "epsilon-equilibrium": lambda: solve(CHOICE, bg.CounterfactualRegret(iterations=3)),
    "iterated strict dominance": lambda: solve(MIXED, bg.IteratedDominance()),
    "dominance, pure actions only": lambda: solve(MIXED, bg.IteratedDominance(mixed=False)),
    "dominance, one round": lambda: solve(MIXED, bg.IteratedDominance(rounds=1)),
    "dominance, three players": lambda: solve(VOTES, bg.IteratedDominance()),
    "iterated weak dominance": lambda: solve(ORDERED, bg.IteratedDominance(weak=True)),
    "weak dominance, nothing goes": lambda: solve(CYCLE, bg.IteratedDominance(weak=True)),
    "rationalizability": lambda: solve(CYCLE, bg.Rationalizability()),
    "nucleolus": lambda: solve(bankruptcy_game("Talmud", 200, {"a": 100, "b": 200, "c": 300}), bg.Nucleolus()),
    "nucleolus at a bound": lambda: solve(BOUND, bg.Nucleolus()),
    "nucleolus of costs": lambda: solve(RUNWAY, bg.Nucleolus()),
    "nucleolus, four players": lambda: solve(FOUR, bg.Nucleolus()),
    "prenucleolus": lambda: solve(BOUND, bg.Nucleolus(individually_rational=False)),
    "tau value": lambda: solve(UNEVEN, bg.TauValue()),
    "tau value of costs": lambda: solve(RUNWAY, bg.TauValue()),
    "tau value, nothing to divide": lambda: solve(bg.CoalitionalGame("One", ("a",), {"a": 3}), bg.TauValue()),
    "risk-dominant equilibrium": lambda: solve(HUNT, bg.RiskDominance()),
    "risk dominance, a tie": lambda: solve(TIE, bg.RiskDominance()),
    "risk dominance, mixed": lambda: solve(PENNIES, bg.RiskDominance()),
    "payoff-undominated equilibrium": lambda: solve(BATTLE, bg.PayoffDominance()),
    "payoff dominance": lambda: solve(HUNT, bg.PayoffDominance()),
    "trembling-hand perfect equilibrium": lambda: solve(ORDERED, bg.Perfect()),
    "perfect, a continuum": lambda: solve(EDGE, bg.Perfect()),
    "proper equilibrium": lambda: solve(MYERSON, bg.Proper()),
    "proper, mixed": lambda: solve(PENNIES, bg.Proper()),
    "extensive-form perfect equilibrium": lambda: solve(STAY, bg.ExtensiveFormPerfect()),
    "perfect, several sets": lambda: solve(CARE, bg.ExtensiveFormPerfect()),
    "extensive-form correlated equilibrium": lambda: solve(TALK, bg.ExtensiveFormCorrelatedEquilibrium()),
    "extensive-form coarse correlated equilibrium": lambda: solve(TALK, bg.ExtensiveFormCorrelatedEquilibrium(coarse=True)),
    "correlated, chance": lambda: solve(CARD, bg.ExtensiveFormCorrelatedEquilibrium(objective={"A": 1})),
    "Nash equilibrium of a tree": lambda: solve(CARD, bg.Nash()),
    "Nash equilibrium, simultaneous moves": lambda: solve(TALK, bg.Nash()),
    "hidden moves": lambda: solve(HIDDEN, bg.SubgamePerfect()),
}
SYMBOLIC: dict[str, Callable[[], Solution]] = {
    "dominance": lambda: solve(SHIFTED, bg.IteratedDominance()),
    "rationalizability": lambda: solve(STAG, bg.Rationalizability()),
    "Nash equilibrium of a tree": lambda: solve(MOVED, bg.Nash()),
    "payoff dominance": lambda: solve(STAG, bg.PayoffDominance()),
    "risk": lambda: solve(STAG, bg.RiskDominance()),
    "risk, eight parameters": lambda: solve(load("classics/two_by_two").problems["matrix"][0], bg.RiskDominance()),
    "perfect": lambda: solve(STAG, bg.Perfect()),
    "perfect, eight parameters": lambda: solve(load("classics/two_by_two").problems["matrix"][0], bg.Perfect()),
}
FREE = {"payoff dominance": {"factor of r1, c1"},  # nothing speaks against the cell played, and it is no better than itself: any factor will do
        **dict.fromkeys(("proper equilibrium", "proper, mixed", "extensive-form perfect equilibrium", "perfect, several sets"), {"epsilon"})}  # any is answered
HEAVY = ("hidden moves", "Nash equilibrium, simultaneous moves", "proper equilibrium", "perfect, a continuum", "perfect, several sets")  # moved when slow


@cache
def certificate(kind: str) -> str:
    return certificate_json(CASES[kind]())


@pytest.mark.parametrize("kind", CASES)
def test_what_is_written_as_stages_verifies(kind: str, tmp_path: Path) -> None:
    report = checked(certificate(kind), tmp_path)
    assert report.verified and report.proved > 5 and report.stands_for, (report.refuted[:3], report.undecided[:3])


@pytest.mark.parametrize("kind", [kind if "eight" not in kind else pytest.param(kind, marks=pytest.mark.slow) for kind in SYMBOLIC])
def test_regimes_written_as_stages_verify(kind: str, tmp_path: Path) -> None:
    assert checked(certificate_json(SYMBOLIC[kind]()), tmp_path).verified


@pytest.mark.parametrize("kind", [kind for kind in CASES if kind not in HEAVY])
def test_a_moved_number_is_refuted(kind: str, tmp_path: Path) -> None:
    assert not [path for path in unrefuted(certificate(kind), tmp_path, 3, f"1 {kind}") if path[-1] not in FREE.get(kind, ())]


@pytest.mark.slow
@pytest.mark.parametrize("kind", CASES)
def test_many_moved_numbers_are_refuted(kind: str, tmp_path: Path) -> None:
    assert not [path for path in unrefuted(certificate(kind), tmp_path, 3 if kind in HEAVY else 8, f"2 {kind}") if path[-1] not in FREE.get(kind, ())]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["dominance", "rationalizability", "payoff dominance"])
def test_a_moved_number_of_a_regime_is_refuted(kind: str, tmp_path: Path) -> None:
    assert not unrefuted(certificate_json(SYMBOLIC[kind]()), tmp_path, 3, f"3 {kind}")


def test_dominance_with_parameters_holds_the_survivors_to_the_game(tmp_path: Path) -> None:
    """The answer of one regime stated in another one: an action that survives is said to go, and one that goes to survive."""
    data = json.loads(certificate_json(SYMBOLIC["rationalizability"]()))
    first, second = (regime["equilibria"] for regime in data["regimes"][:2])
    data["regimes"][0]["equilibria"], data["regimes"][1]["equilibria"] = second, first
    assert len(checked(json.dumps(data), tmp_path).refuted) >= 2


def answer(data: dict[str, Any], number: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = data["regimes"][0]["equilibria"][number]
    return found


@pytest.mark.parametrize("kind", ["nucleolus", "prenucleolus", "nucleolus of costs"])
def test_other_payoffs_with_their_own_excesses_are_refuted(kind: str, tmp_path: Path) -> None:
    """Payoffs moved between two players wherever they stand, so that all add up."""
    data = json.loads(certificate(kind))
    found, sign = answer(data), -1 if "costs" in kind else 1
    for player, step in (("a", "1/8"), ("b", "-1/8")):
        share = found["strategies"]["auditor"]["payoffs"]
        share[f"share of {player}"] += f" + ({step})*({sign})"
        found["payoffs"][player] += f" + ({step})"
        found["values"]["payoffs"][player] += f" + ({step})"
    refuted = checked(json.dumps(data), tmp_path).refuted
    assert refuted and all("not allowed" in claim for claim in refuted)


def replaced(solution: Solution, **changes: Any) -> Solution:
    regime = solution.regimes[0]
    return replace(solution, regimes=(replace(regime, equilibria=(replace(regime.equilibria[0], **changes), *regime.equilibria[1:])), *solution.regimes[1:]))


def test_an_equilibrium_that_is_not_perfect_is_refuted_whatever_trembles_are_stated(tmp_path: Path) -> None:
    game = matrix([[1, 0], [0, 0]], [[1, 0], [0, 0]])
    wrong = {"strategies": {"row": {"": {"r2": sp.Integer(1)}}, "column": {"": {"c2": sp.Integer(1)}}}, "payoffs": {"row": sp.Integer(0), "column": sp.Integer(0)}}
    for own in (HALF, sp.Integer(0)):
        beliefs = {"row": {"c1": own, "c2": 1 - own}, "column": {"r1": own, "r2": 1 - own}}
        assert checked(certificate_json(replaced(solve(game, bg.Perfect()), **wrong, beliefs=beliefs)), tmp_path).refuted


def test_the_riskier_equilibrium_and_a_dominated_one_are_refuted(tmp_path: Path) -> None:
    def pure(solver: Any, row: str, column: str, paid: int) -> str:
        one = {"row": {"": {row: sp.Integer(1)}}, "column": {"": {column: sp.Integer(1)}}}
        return certificate_json(replaced(solve(HUNT, solver), strategies=one, payoffs={"row": sp.Integer(paid), "column": sp.Integer(paid)}))

    assert checked(pure(bg.RiskDominance(), "r2", "c2", 3), tmp_path).verified and checked(pure(bg.PayoffDominance(), "r1", "c1", 4), tmp_path).verified
    assert checked(pure(bg.RiskDominance(), "r1", "c1", 4), tmp_path).refuted and checked(pure(bg.PayoffDominance(), "r2", "c2", 3), tmp_path).refuted


def test_the_removal_of_what_is_not_dominated_is_refuted(tmp_path: Path) -> None:
    solution = solve(MIXED, bg.IteratedDominance())
    step = solution.equilibria[0].eliminated[0]
    for by in ({"r1": sp.Integer(1)}, {"r1": sp.Rational(2, 3), "r2": sp.Rational(1, 3)}, {"r1": sp.Rational(3, 2), "r2": -HALF}):
        assert checked(certificate_json(replaced(solution, eliminated=(replace(step, by=by),))), tmp_path).refuted


def test_an_equilibrium_with_a_threat_is_refuted_in_its_subgame_but_not_in_the_tree(tmp_path: Path) -> None:
    """Stay out, because both plans of the incumbent that make entry bad for the entrant are off the path."""
    threat = {"E": {"(start)": {"out": sp.Integer(1)}, "into": {"x": sp.Integer(1)}}, "I": {"I's": {"r": sp.Integer(1)}}}
    changes = {"strategies": threat, "payoffs": {"E": sp.Integer(2), "I": sp.Integer(4)}}
    assert checked(certificate_json(replaced(solve(HIDDEN, bg.SubgamePerfect()), **changes)), tmp_path).refuted
    nash = solve(HIDDEN, bg.Nash())
    alone = replace(nash, regimes=(replace(nash.regimes[0], equilibria=(replace(nash.extreme[0], **changes),)),))
    assert checked(certificate_json(alone), tmp_path).verified


def test_a_regret_or_bounds_that_are_too_small_are_refuted(tmp_path: Path) -> None:
    solution = CASES["epsilon-equilibrium"]()
    near = solution.equilibria[0]
    for name, step in (("regret", -1), ("value_high", -1), ("value_low", 1)):
        wrong = {**near.quantities, name: near.quantities[name] + sp.Rational(step, 10**8)}
        assert checked(certificate_json(replaced(solution, quantities=wrong)), tmp_path).refuted, name


@pytest.mark.parametrize("kind", ["proper equilibrium", "extensive-form perfect equilibrium"])
def test_trembles_that_do_not_tend_to_the_strategies_are_refuted(kind: str, tmp_path: Path) -> None:
    """Neither a constant of zero nor a bound of zero on epsilon lets them go where they like."""
    for name, one in (("constant", "constant"), ("bound of epsilon", "bound")):
        data = json.loads(certificate(kind))
        found = answer(data)
        found["strategies"]["auditor"][name] = {one: "=0", "rest": "=1"}
        for action, value in ((one, "=0"), ("rest", "=1")):
            found["values"][f"chance of auditor's {action} at {name}"]["inspector"] = value
        refuted = checked(json.dumps(data), tmp_path).refuted
        assert refuted and all("not allowed" in claim for claim in refuted), refuted


def test_a_mediator_who_is_not_obeyed_is_refuted(tmp_path: Path) -> None:
    solution = CASES["extensive-form correlated equilibrium"]()
    wrong = {"lottery": {("go & a", "c"): sp.Integer(1)}, "payoffs": {"A": sp.Integer(6), "B": sp.Integer(6)}, "value": sp.Integer(12)}
    assert checked(certificate_json(replaced(solution, **wrong)), tmp_path).refuted


@pytest.mark.parametrize(("solution", "told"), [
    (lambda: solve(HORSE, bg.ExtensiveFormPerfect()), "trembles of a family"),
    (lambda: solve(STAG, bg.IteratedDominance(weak=True)), r"\(add --at\)"),
    (lambda: solve(bg.CoalitionalGame("Six", tuple("abcdef"), {tuple("abcdef"): 6}), bg.Nucleolus()), "64 coalitions")])
def test_what_a_reduction_does_not_cover_is_named(solution: Callable[[], Solution], told: str) -> None:
    with pytest.raises(NotApplicable, match=told):
        certificate_json(solution())
