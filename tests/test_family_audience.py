"""Crises with audience costs: the rows of the theory map, whole game trees with finitely many types as the other route, refusals."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
import sympy as sp

from bargain import AudienceCosts, Costs, CrisisBluff, Equilibrium, Game, InvalidModel, Lemke, NotApplicable, Sequential, Status, chance, decision, payoffs, solve
from bargain.certify import certify
from bargain.cli import main
from bargain.models.classics import audience_costs
from bargain.regions import Region
from bargain.solution import Regime

R = sp.Rational
FIRST = AudienceCosts("first", ("A", "B"), Costs.uniform("-3/2", "1/2"), "1/2", "-1/2")  # half of the types would fight
SECOND = AudienceCosts("second", ("A", "B"), Costs.uniform("-11/2", "1/2"), 1, -2)  # a quarter would
SIX = (["-7/4", "-5/4", "-3/4", "-1/4", "1/4", "3/4"], "1/2", "-1/2")
FOUR = (["-3", "-2", "-3/2", "1/2"], 1, -2)


def finite(values: Sequence[str], audience: Any, war: Any) -> AudienceCosts:
    return AudienceCosts("types", ("A", "B"), Costs(atoms={value: R(1, len(values)) for value in values}), audience, war)


def name(value: str) -> str:
    return value.replace("/", ":")


def tree(values: Sequence[str], audience: Any, war: Any) -> Game:
    """The whole game with one information set for each type and one for B; no equilibrium reasoning goes in."""
    a, b = R(audience), R(war)

    def start(value: str) -> Any:
        fight = decision("A", {"fight": payoffs(A=R(value), B=b), "back down": payoffs(A=-a, B=1)}, information_set=f"resisted {name(value)}")
        answer = decision("B", {"concede": payoffs(A=1, B=0), "resist": fight}, information_set="challenged")
        return decision("A", {"challenge": answer, "wait": payoffs(A=0, B=1)}, information_set=f"start {name(value)}")

    return Game("crisis", ("A", "B"), (), chance({name(value): (R(1, len(values)), start(value)) for value in values}))


def chances(found: Equilibrium) -> tuple[Any, ...]:
    return tuple(found.quantities[f"chance of {what}"] for what in ("a challenge", "a concession", "war"))


def chances_in(found: Equilibrium, values: Sequence[str]) -> tuple[Any, ...]:
    """The same three numbers from the strategies of a tree."""
    challenge = {value: found.strategies["A"][f"start {name(value)}"]["challenge"] for value in values}
    concede = found.strategies["B"]["challenged"]["concede"]
    fights = sum(challenge[v] * found.strategies["A"][f"resisted {name(v)}"]["fight"] for v in values)
    return sp.Add(*challenge.values()) / len(values), concede, fights * (1 - concede) / len(values)


@pytest.mark.parametrize(("problem", "expected"), [(FIRST, (R(3, 4), R(1, 3), R(1, 3))), (SECOND, (R(3, 4), R(1, 2), R(1, 8)))], ids=["AC1.1", "AC1.2"])
def test_chances_of_challenge_concession_and_war(problem: AudienceCosts, expected: tuple[Any, ...]) -> None:
    solution = solve(problem, CrisisBluff())
    assert solution.status is Status.CERTIFIED and [chances(e) for e in solution.extreme] == [expected]


@pytest.mark.parametrize(("case", "expected"), [(SIX, (R(3, 4), R(1, 3), R(1, 3))), (FOUR, (R(3, 4), R(1, 2), R(1, 8)))], ids=["AC1.1g", "AC1.2g"])
def test_the_tree_with_finitely_many_types_has_the_same_chances(case: Any, expected: tuple[Any, ...]) -> None:
    (found,) = solve(tree(*case), Lemke()).extreme
    assert chances_in(found, case[0]) == expected
    assert [chances(e) for e in solve(finite(*case), CrisisBluff()).extreme] == [expected]


@pytest.mark.parametrize(("audience", "expected"), [("1/10", (R(3, 4), R(1, 11), R(5, 11))), ("3/10", (1, 1, 0))], ids=["SG2.2", "SG2.3"])
def test_tying_hands_with_two_types(audience: str, expected: tuple[Any, ...]) -> None:
    """Strong 1/5, weak -1/5, half each: with small audience costs no pure equilibrium, with large ones both mobilise and B concedes."""
    case = (["1/5", "-1/5"], audience, "-1/2")
    (listed,) = solve(finite(*case), CrisisBluff()).extreme
    assert chances(listed) == expected
    found = solve(tree(*case), Sequential()).extreme
    assert {chances_in(e, case[0]) for e in found} == {expected}
    if expected[0] != 1:
        assert found[0].strategies["A"]["start -1:5"]["challenge"] == R(1, 2)
        assert all(not set(e.strategies["B"]["challenged"].values()) <= {0, 1} for e in found)


def test_all_crises_with_uniform_values() -> None:
    solution = solve(audience_costs.crisis, CrisisBluff())
    assert solution.status is Status.PROVED
    assert set(solution.outcomes) == {"bluffs and a risk of war", "resistance", "concession"}
    a, w = audience_costs.a, audience_costs.w_B
    mixed = next(r.equilibria[0] for r in solution.regimes if r.equilibria[0].outcome.startswith("bluffs"))  # type: ignore[union-attr]
    part = (a + R(1, 2)) / 2
    assert isinstance(mixed, Equilibrium) and chances(mixed) == tuple(sp.factor(e) for e in (part * (1 - w), a / (1 + a), part / (1 + a)))


@pytest.mark.parametrize(("case", "outcomes"), [((["-2", "-1"], "1/2", "-1/2"), ["no challenge"]), ((["-1/4", "-1/8"], "1/2", "-1/2"), ["concession"]),
                                                ((["-2", "1/2"], 1, "1/4"), ["resistance"]), ((["-2", "-1/4"], 1, "-3"), ["concession", "no challenge"])])
def test_corners_agree_with_sequential_equilibria_of_the_tree(case: Any, outcomes: list[str]) -> None:
    listed = solve(finite(*case), CrisisBluff())
    assert [e.outcome for e in listed.extreme] == outcomes
    found = solve(tree(*case), Sequential())
    paid = {(round(float(e.payoffs["A"]), 9), round(float(e.payoffs["B"]), 9)) for e in found.extreme}
    assert paid == {(float(e.payoffs["A"]), float(e.payoffs["B"])) for e in listed.extreme}


def test_types_that_do_not_care_leave_the_list_open() -> None:
    for values, audience, war in ((["-1/2", "1/2"], "1/2", "-1/2"), (["-2", "0"], "1/2", "1/4"), (["-2", "1/2"], 1, 0)):
        assert solve(finite(values, audience, war), CrisisBluff()).status is Status.INCOMPLETE


@pytest.mark.parametrize("name", ["chance of a challenge", "chance of a concession", "chance of a bluff", "chance of war"])
def test_the_certificate_refutes_other_chances(name: str) -> None:
    solution = solve(FIRST, CrisisBluff())
    (found,) = solution.extreme
    for factor in (R(99, 100), R(101, 100)):
        wrong = replace(found, quantities={**found.quantities, name: found.quantities[name] * factor})
        assert certify(replace(solution, regimes=(Regime(Region.everything(), (wrong,)),))).refuted


@pytest.mark.parametrize("form", ["text", "json", "latex", "html", "csv"])
def test_the_model_prints_in_every_format(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", "classics/audience_costs", "--at", "baseline", "--format", form]) == 0
    assert capsys.readouterr().out


def test_models_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(InvalidModel, match="audience is 0"):
        replace(FIRST, audience=0)
    with pytest.raises(InvalidModel, match="better than the status quo"):
        replace(FIRST, war=2)
    with pytest.raises(NotApplicable, match="not a crisis"):
        solve(tree(*FOUR), CrisisBluff())
