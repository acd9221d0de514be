"""The shipped models give the recorded quantities, claims and equilibria, exactly where the records are rational."""

import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import sympy as sp

from bargain import Rubinstein, Solution, Status, never_agreeing, solve
from bargain.claims import Point
from bargain.loading import load_group
from bargain.models.classics import deterrence, ultimatum
from bargain.models.ukraine import burden, commitment, enforcement, grand_bargain, guarantees, leverage, territory

EXPECTED = json.loads((Path(__file__).parent / "data" / "models_expected.json").read_text(encoding="utf-8"), parse_float=str)
MODELS = {"T": territory, "G": guarantees, "G_surge": guarantees, "B": burden, "C": commitment, "L": leverage, "E": enforcement,
          "X": grand_bargain, "X_tolerant": grand_bargain, "X_tie": grand_bargain}
HISTORY = EXPECTED["calibration_history"]
POINTS: dict[str, Point] = {}
SENSITIVE: dict[str, Any] = {}
TOLERANT = {"d": "0.045"}


def point(name: str) -> Point:
    """A model at the recorded parameters (solved once for all tests); a month is one twelfth of a year."""
    if name not in POINTS:
        values = dict(EXPECTED[name]["params"])
        if "Delta" in values:
            values["Delta"] = str(Fraction(values["Delta"]).limit_denominator(1000))
        POINTS[name] = MODELS[name].model.at(values)
    return POINTS[name]


def same(found: Any, recorded: Any) -> bool:
    """Equality with a record: floats in the record are decimals of twelve digits."""
    if isinstance(recorded, dict):
        return set(found) == set(recorded) and all(same(found[key], value) for key, value in recorded.items())
    if isinstance(recorded, list):
        return len(found) == len(recorded) and all(same(a, b) for a, b in zip(found, recorded, strict=True))
    if isinstance(recorded, bool) or recorded is None or isinstance(found, str):
        return bool(found == recorded)
    return abs(float(found) - float(recorded)) <= 1e-9 * max(1, abs(float(recorded)))


def exact(found: Any, recorded: Any) -> bool:
    """Equality of a rational value with a short decimal."""
    return bool(sp.Rational(found) == sp.Rational(str(recorded)))


def moves(values: dict[str, Any]) -> tuple[tuple[str, ...], dict[str, sp.Expr]]:
    """Path and payoffs of the perfect-information version at some values, certified."""
    solution = grand_bargain.model.at(values).solution("X1_focal")
    assert solution.status is Status.CERTIFIED
    return solution.extreme[0].path, dict(solution.extreme[0].payoffs)


QUANTITIES = [(name, quantity) for name in MODELS for quantity in EXPECTED[name]["expected"]]


@pytest.mark.parametrize(("name", "quantity"), QUANTITIES, ids=[f"{name}.{quantity}" for name, quantity in QUANTITIES])
def test_every_recorded_quantity_is_reproduced(name: str, quantity: str) -> None:
    assert same(point(name)[quantity], EXPECTED[name]["expected"][quantity])


CLAIMS = [(name, claim) for name in MODELS for claim in EXPECTED[name].get("claims", {})]


@pytest.mark.parametrize(("name", "claim"), CLAIMS, ids=[f"{name}.{claim.split()[0]}" for name, claim in CLAIMS])
def test_every_recorded_claim_has_its_truth_value(name: str, claim: str) -> None:
    (declared,) = (c for c in MODELS[name].model.claims if c.name == claim)
    assert point(name).holds(declared) is EXPECTED[name]["claims"][claim]


@pytest.mark.parametrize(("record", "version"), [("claims_rubinstein", "X1_rubinstein"), ("claims_X2", "X2_focal")])
def test_the_claims_hold_or_fail_alike_in_the_other_versions(record: str, version: str) -> None:
    claims = {claim.name: point("X").holds(claim) for claim in grand_bargain.propositions(version)}
    assert claims == EXPECTED["X"][record]


@pytest.mark.parametrize("name", MODELS)
def test_all_claims_and_quantities_on_record_are_declared_and_the_others_can_be_computed(name: str) -> None:
    at = point(name)
    assert set(EXPECTED[name]["expected"]) <= {quantity.name for quantity in at.model.quantities}
    if "claims" in EXPECTED[name]:
        more = {claim.name for claim in at.model.claims} - set(EXPECTED[name]["claims"])
        assert {claim.split()[0] for claim in more} == ({"B2'", "B2b'"} if name == "B" else set())  # two that the record does not have
        assert len(at.model.claims) == len(EXPECTED[name]["claims"]) + len(more)


@pytest.mark.parametrize("name", MODELS)
def test_every_problem_of_every_model_is_certified(name: str) -> None:
    at = point(name)
    for problem in at.model.problems:
        solution = at.solution(problem)
        assert solution.status.certified and solution.certificate.passed, problem


def test_the_baseline_of_a_model_is_the_recorded_point() -> None:
    for name in ("T", "G", "X"):
        baseline = MODELS[name].model.at().values
        assert {str(symbol): value for symbol, value in baseline.items()} == {str(symbol): value for symbol, value in point(name).values.items()}


@pytest.mark.parametrize("module", [deterrence, ultimatum])
def test_the_classics_are_solved_at_their_baseline_and_for_all_parameters(module: Any) -> None:
    at = module.model.at()
    assert at.solution().status is Status.CERTIFIED and len(at.solution().extreme) == 1
    assert at.solution().outcomes == (("W",) if module is deterrence else ("agreement",))


# Territory: the records along the period, the drift and the hazard

EXACT = {name: value for name, value in EXPECTED["T"]["params"].items() if name != "Delta"}


def along(parameter: str) -> tuple[Solution, Solution]:
    """The limit line with and without the Kursk chip, with one parameter left free."""
    values = {name: value for name, value in EXACT.items() if name != parameter}
    return solve(territory.game, Rubinstein(limit=True), at=values), solve(territory.without_kursk, Rubinstein(limit=True), at=values)


@pytest.mark.parametrize("row", EXPECTED["T_table_Delta"], ids=lambda row: row["Delta"])
def test_the_territory_table_has_the_recorded_lines(row: dict[str, str]) -> None:
    at = territory.model.at({**EXACT, "Delta": str(Fraction(row["Delta"]).limit_denominator(100))})
    assert all(same(at[name], row[name]) for name in ("x_U", "x_R", "x_U_noK", "prem_U")) and at.solution("talks").status is Status.CERTIFIED


@pytest.mark.slow
def test_the_faster_the_front_moves_the_less_is_kept() -> None:
    with_kursk, _ = along("g")
    war = never_agreeing(territory.game)
    assert with_kursk.status is Status.PROVED and with_kursk.regimes[-1].equilibria[0].outcome == "no agreement"
    for row in EXPECTED["T_curve_g"]:
        at = territory.model.at({**EXACT, "g": row["g"]}).evaluate
        line = with_kursk.at(g=row["g"], Delta="1/12").extreme[0].quantities["x"]
        assert same([line, at(war["U"]), at(1 - war["R"])], [row["x_lim"], row["lo"], row["hi"]])
        assert bool(at(territory.g - territory.r_R * territory.c_R) <= 0) == row["front_ok"]


def test_a_chip_that_can_be_lost_is_worth_little() -> None:
    lines = along("h")
    for row in EXPECTED["T_curve_h"]:
        held, lost = (line.at(h=row["h"], Delta="1/12").extreme[0].quantities["x"] for line in lines)
        assert same(held - lost, row["premK"])


def test_a_period_with_many_decimals_is_solved_like_the_ratio_it_rounds() -> None:
    rounded, ratio = (territory.model.at({**EXACT, "Delta": period})["x_U_noK"] for period in ("0.08333333333333333", "1/12"))
    assert abs(float(rounded - ratio)) < 1e-12


# Rational records, exactly

@pytest.mark.parametrize("name", ["G", "G_surge"])
def test_the_extreme_equilibria_of_the_guarantees_matrix_are_the_recorded_set(name: str) -> None:
    def strategy(weights: Any) -> tuple[sp.Rational, ...]:
        return tuple(sp.Rational(str(weight)) for weight in weights)

    recorded = {tuple(strategy(side) for side in sides) for sides in EXPECTED[name]["extreme_nash_exact"]["equilibria"]}
    found = [tuple(strategy(nodes[""].values()) for nodes in e.strategies.values()) for e in point(name).solution("matrix").extreme]
    assert len(found) == EXPECTED[name]["extreme_nash_exact"]["n"] == len(set(found)) and set(found) == recorded


@pytest.mark.parametrize("name", ["G", "G_surge"])
def test_the_guarantees_payoffs_and_margins_are_exact(name: str) -> None:
    expected, at = EXPECTED[name]["expected"], point(name)
    for quantity in ("U", "R"):
        assert all(exact(a, b) for found, row in zip(at[quantity], expected[quantity], strict=True) for a, b in zip(found, row, strict=True))
    for quantity in ("sigma", "dm", "am", "um"):
        assert all(exact(at[quantity][j], value) for j, value in expected[quantity].items())


@pytest.mark.parametrize("name", ["X", "X_tolerant"])
def test_the_payoffs_of_the_grand_tree_are_exact(name: str) -> None:
    for version in ("X1_focal", "X1_rubinstein", "X2_focal", "X2_rubinstein"):
        payoffs = point(name)[version]["payoffs"]
        assert all(exact(payoffs[player], value) for player, value in EXPECTED[name]["expected"][version]["payoffs"].items())


def test_the_limit_line_of_the_territory_model_is_a_ratio_of_the_parameters() -> None:
    at = point("T")
    assert at["x_lim"] == sp.Rational(11927, 16500) and at["W_U"] == sp.Rational(5519, 8500) and at["x_dejure"] == sp.Rational(631, 825)


def test_the_trees_have_the_recorded_size() -> None:
    for chancy, name in ((False, "X1"), (True, "X2")):
        count, recorded = grand_bargain.version(chancy, False).count, EXPECTED["tree_counts"][name]
        assert count == {"ends": recorded["leaves"], "nodes": recorded["nodes"], "decisions": recorded["decisions"], "chance": recorded["chance"]}


# Curves and grids

@pytest.mark.parametrize("row", EXPECTED["X_curve_mG"], ids=lambda row: row["m_G"])
def test_the_guarantors_cost_decides_the_package(row: dict[str, str]) -> None:
    assert "/".join(moves({"m_G": row["m_G"]})[0]) == row["sensitive"]
    assert "/".join(moves({"m_G": row["m_G"], **TOLERANT})[0]) == row["tolerant"]


@pytest.mark.parametrize(("panel", "more"), [("sensitive", SENSITIVE), ("tolerant", TOLERANT)])
@pytest.mark.slow
def test_the_map_of_leading_against_selling_out_is_the_recorded_one(panel: str, more: dict[str, str]) -> None:
    grid = EXPECTED["X_grids"]
    found = [[grand_bargain.code(moves({"a_pc": gain, "v_US": value, **more})[0]) for value in grid["v_US_cols"]] for gain in grid["a_pc_rows"]]
    assert found == grid[panel]


@pytest.mark.slow
def test_the_map_of_war_value_against_surge_damage_is_the_recorded_one() -> None:
    grid = EXPECTED["X_grids"]
    assert [[grand_bargain.code(moves({"F_R": war, "d": damage})[0]) for damage in grid["d_cols"]] for war in grid["F_R_rows"]] == grid["F_R_d"]


@pytest.mark.parametrize("name", ["X_first_draft", "X_first_draft_tolerant"])
def test_the_first_draft_of_the_calibration_is_reproduced(name: str) -> None:
    path, paid = moves(HISTORY[name]["params"])
    assert "/".join(path) == HISTORY[name]["expected"]["path"]
    assert all(exact(paid[player], value) for player, value in HISTORY[name]["expected"]["payoffs"].items())


# Leverage and enforcement: the records along a parameter, and what the bargaining solutions say about the tree


@pytest.mark.parametrize(("module", "parameter", "record"), [(leverage, "chi", "L_curve_chi"), (enforcement, "acc", "E_curve_acc")])
def test_curves_of_leverage_and_enforcement(module: Any, parameter: str, record: str) -> None:
    for row in EXPECTED[record]:
        at = module.model.at({parameter: row[parameter]})
        assert all(same(at[name], value) for name, value in row.items() if name != parameter)


def test_the_tree_of_leverage_is_built_on_the_solutions_of_the_talks() -> None:
    at = leverage.model.at({"beta": "3/7", "phi": "1/9", "a_W": "1/11"})
    for problem, settled in (("without leverage", leverage.plain), ("under a threat", leverage.threatened), ("with leverage", leverage.built)):
        assert at.equilibrium(problem).payoffs == {player: at.evaluate(value) for player, value in settled.items()}


def test_the_patience_that_keeps_the_ceasefire_is_where_the_equilibrium_ends() -> None:
    for shift, holds in ((sp.Rational(-1, 10**6), False), (sp.Rational(1, 10**6), True)):
        rate = -sp.log(sp.Rational(500, 577) + shift)
        assert enforcement.peaceful(enforcement.model.at({"r_R": sp.Rational(str(sp.N(rate, 30)))}), "with peacekeepers") is holds


# Words: every parameter and quantity says what it is


@pytest.mark.parametrize("group", ["ukraine", "classics"])
def test_every_parameter_and_quantity_says_by_itself_what_it_is(group: str) -> None:
    """A meaning, a unit and a source in every row; no meaning twice in a model, none that leans on another row, no code for another model."""
    for model in load_group(group):
        assert model.notation is not None
        found = [model.notation, *(problem.notation for problem, _ in model.problems.values() if not callable(problem))]
        rows = {row.name: row for notation in reversed(found) for row in notation}
        assert all(row.meaning and row.unit and row.source for row in rows.values()), model.name
        said = [*(row.meaning for row in rows.values()), *(f"{q.name}: {q.meaning}" if not q.name.isidentifier() else q.meaning for q in model.quantities)]
        parameters, quantities = said[:len(rows)], said[len(rows):]
        assert len(set(parameters)) == len(parameters) and len(set(quantities)) == len(quantities), model.name
        assert not [words for words in said if not words or re.match(r"(the )?(same|latter|former)\b|as in\b|those\b", words)], model.name
        assert not [row.source for row in rows.values() if re.search(r"\b(linked to|model) [A-Z]\b", row.source)], model.name
