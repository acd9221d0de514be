"""Every concept of a strategic form is reached from the command line and prints in every format."""

import json

import pytest
import sympy as sp

from bargain import IteratedDominance, MatrixGame, Notation, Parameter, QuantalResponse, RiskDominance, VariableThreats, fit_logit, logit_branch, solve
from bargain.cli import main
from bargain.cli.options import CONCEPTS
from bargain.interop.nashpy import fictitious_play
from bargain.latex import latex
from bargain.tables import solution_rows, to_csv, to_html, to_json, to_text
from bargain.tables.strategic import fit_rows, path_rows, polytope_rows

CONCEPTS_HERE = ("iterated-dominance", "rationalizability", "correlated", "coarse-correlated", "quantal-response", "security", "coco", "variable-threats",
                 "perfect", "proper", "risk-dominance", "payoff-dominance")
MODEL = """
from sympy import Symbol
from bargain import MatrixGame, Notation, Parameter
s = Symbol("s", real=True)
matrix = MatrixGame.from_arrays([[s, 0], [3, 3]], [[s, 3], [0, 3]], players=("Ann", "Bob"), actions=(("stag", "hare"), ("stag", "hare")), title="Stag hunt",
                                notation=Notation((Parameter(s, "value of a stag", domain=">0", baseline=4),)))
"""
s = sp.Symbol("s", real=True)
HUNT = MatrixGame.from_arrays([[s, 0], [3, 3]], [[s, 3], [0, 3]], players=("Ann", "Bob"), actions=(("stag", "hare"), ("stag", "hare")),
                              notation=Notation((Parameter(s, "value of a stag", domain=">0", baseline=4),)))


@pytest.mark.parametrize("concept", CONCEPTS_HERE)
def test_the_command_line_solves_by_every_concept(concept: str, tmp_path, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    assert concept in CONCEPTS
    path = tmp_path / "hunt.py"
    path.write_text(MODEL, encoding="utf-8")
    status = main(["solve", str(path), "--concept", concept, "--at", "baseline", "--format", "json"])
    answer = json.loads(capsys.readouterr().out)
    assert status == 0
    (regime,) = answer["regimes"]
    assert regime["equilibria"] and all("details" in found for found in regime["equilibria"])


def test_the_command_line_takes_a_rationality(tmp_path, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "hunt.py"
    path.write_text(MODEL, encoding="utf-8")
    command = ["solve", str(path), "--at", "baseline", "--format", "json", "--rationality"]
    weights = []
    for rationality in ("0", "1/2", "1.5"):
        assert main([*command, rationality, "--concept", "quantal-response"]) == 0
        answer = json.loads(capsys.readouterr().out)
        weights.append(answer["regimes"][0]["equilibria"][0]["strategies"]["Ann"]["stag"])
    assert weights[0] == 0.5 and len(set(weights)) == 3
    assert main([*command, "2", "--concept", "nash"]) == 2 and "leave the option out" in capsys.readouterr().err
    assert main([*command, "-1", "--concept", "quantal-response"]) == 2


def test_eliminations_and_reasons_stand_in_the_notes_with_their_cells() -> None:
    text = to_text(solution_rows(solve(HUNT, IteratedDominance())))
    assert "Cell I: round 1: stag of Ann is strictly dominated by hare." in text and "{stag, hare} x {stag, hare}" in text
    reasons = to_text(solution_rows(solve(HUNT, RiskDominance())))
    assert "Cell III: stag,stag: its product of deviation losses is greater." in reasons and "3 < s < 6" in reasons


def test_a_mediator_and_an_agreement_have_their_columns() -> None:
    from bargain import CorrelatedEquilibrium

    chicken = MatrixGame.from_arrays([[6, 2], [7, 0]], [[6, 7], [2, 0]], actions=(("C", "D"), ("C", "D")))
    (row,) = solution_rows(solve(chicken, CorrelatedEquilibrium())).records()
    assert row["mediator"] == "1/2 C,C + 1/4 C,D + 1/4 D,C" and row["u_row"] == "21/4"
    table = MatrixGame.from_arrays([[2, 10], [4, 0]], [[6, 5], [8, 0]])
    (row,) = solution_rows(solve(table, VariableThreats())).records()
    assert row["Outcome"] == "5/6 r2,c1 + 1/6 r1,c2" and "disagreement of row = 2" in row["Quantities"]


@pytest.mark.parametrize("solver", [IteratedDominance(), VariableThreats(), RiskDominance()])
def test_latex_html_and_json_agree_on_the_regimes(solver: object) -> None:
    solution = solve(HUNT, solver)  # type: ignore[arg-type]
    count = len(solution.regimes)
    rows = to_html(solution_rows(solution)).count('<tr><th scope="row"')
    assert rows == count == len(to_json(solution)["regimes"]) and r"\toprule" in latex(solution)


def test_polytopes_branches_fits_and_paths_are_tables() -> None:
    point = HUNT.at({s: 4})
    assert "p_staghare" in to_text(polytope_rows(point)) and len(polytope_rows(HUNT, coarse=True).rows) == 4
    for path in (logit_branch(point, 1), fictitious_play(point, 5)):
        table = path_rows(path)
        assert to_csv(table).count("\n") == len(path.rows()) + 1 and r"\toprule" in latex(table)
    fit = fit_logit(point, {"Ann": {"hare": 9, "stag": 1}})
    assert fit_rows(fit).records()[0]["Estimate"] == fit.rationality and not fit_rows(fit).notes
    assert "lower bound" in to_text(fit_rows(fit_logit(point, {"Ann": {"hare": 9}})))


def test_a_logit_response_names_its_branch() -> None:
    assert "principal branch" in to_text(solution_rows(solve(HUNT.at({s: 4}), QuantalResponse(1))))
