"""Propositions: the cases of the paper, claims no stronger than what was proved, LaTeX that compiles."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
import sympy as sp

import bargain as bg
from bargain.errors import BadInput, NotCertified
from bargain.latex import proposition, statics_proposition
from bargain.latex.preamble import document
from bargain.latex.proof import proof_of
from bargain.latex.proposition import simplified
from bargain.regions.cells import Cell
from bargain.regions.space import Space
from bargain.solution import Solution, Status

needs_tex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
GOLDEN = Path(__file__).parent / "data" / "deterrence_proposition.tex"
g, l, a, w_C, w_D, w_A, w_B = sp.symbols("g l a w_C w_D w_A w_B", real=True)  # noqa: E741
WORDS = {"deterrence": 201, "ultimatum": 213}  # of the two printed examples: proposition, table and proof (theory notes, section 3)
DETERRENCE = {"(a)": Cell.of(w_C < -a), "(b)": Cell.of(w_C > -a, w_D < -l), "(c)": Cell.of(w_C > -a, w_C < 0, w_D > -l), "(d)": Cell.of(w_C > 0, w_D > -l)}
ULTIMATUM = {"(a)": Cell.of(w_B < 0), "(b)": Cell.of(w_B >= 0, w_B < 1, w_A < 1 - w_B), "(c)": Cell.of(w_B > 0, w_B <= 1, w_A > 1 - w_B),
             "(d)": Cell.of(w_B > 1), "(e)": Cell.of(w_B >= 0, w_B <= 1, sp.Eq(w_A, 1 - w_B)), "(f)": Cell.of(sp.Eq(w_B, 0), w_A > 1),
             "(g)": Cell.of(sp.Eq(w_B, 1), w_A < 0)}
CLASSICS = [("breakdown", "table"), ("crisis_demands", "matrix"), ("crisis_status_quo", "game"), ("crisis_status_quo", "ultimatum"), ("deterrence", "game"),
            ("finite_horizon", "table"), ("fixed_costs", "table"), ("log_rolling", "package"), ("outside_option", "table"), ("outside_option", "bounds"),
            ("power_shift", "game"), ("risk_aversion", "table"), ("rubinstein", "pie"), ("rubinstein", "bounds"), ("surge", "game"), ("trip_wire", "game"),
            ("two_by_two", "matrix"), ("ultimatum", "game"), ("unanimity", "exit"), ("unanimity", "waiting")]


@cache
def solved(name: str, problem: str = "game") -> Solution:
    game, solver = import_module(f"bargain.models.classics.{name}").model.problems[problem]
    return bg.solve(game, solver)


def words(text: str) -> int:
    """Words of two letters or more outside formulas and commands."""
    text = re.sub(r"\\(begin|end|item|label|textup|text|emph|emergencystretch)\b(\[[^\]]*\])?", " ", text)
    return len(re.findall(r"[A-Za-z]{2,}", re.sub(r"\\[a-zA-Z]+", " ", re.sub(r"\$[^$]*\$", " FORMULA ", text))))


def test_what_no_certificate_passed_has_no_proposition() -> None:
    for status in (Status.UNCERTIFIED, Status.NOT_DECIDED, Status.WITHIN):
        with pytest.raises(NotCertified, match="print a table"):
            proposition(replace(solved("deterrence"), status=status))


@pytest.mark.parametrize(("name", "expected"), [("deterrence", DETERRENCE), ("ultimatum", ULTIMATUM)])
def test_the_printed_examples_are_matched_in_no_more_words(name: str, expected: dict[str, Cell]) -> None:
    found = proposition(solved(name))
    space = Space(found.solution.problem.notation)
    assert [case.name for case in found.cases] == list(expected)
    for case in found.cases:
        (cell,) = case.condition.cells
        assert space.implies(cell, expected[case.name]).answer is True and space.implies(expected[case.name], cell).answer is True
    assert words(found.to_latex()) <= WORDS[name]


def test_the_proposition_of_the_deterrence_game_is_the_golden_file() -> None:
    assert proposition(solved("deterrence"), label="prop:deterrence").to_latex() == GOLDEN.read_text(encoding="utf-8")


def test_exactly_one_is_claimed_only_where_every_choice_is_strict() -> None:
    assert "exactly one subgame-perfect equilibrium" in proposition(solved("deterrence")).opening
    proof = proof_of(solved("ultimatum"))
    assert (proof.unique, proof.payoffs) == (frozenset({0, 1}), frozenset({0, 1, 2, 3}))
    tied = bg.Game("Tie", ("A",), (), bg.decision("A", left=bg.payoffs(A=1), right=bg.payoffs(A=1)))
    stated = proposition(bg.solve(tied, bg.SubgamePerfect()))
    assert "exactly one" not in stated.to_latex() and "They coexist." in stated.to_latex() and "solver's search" in stated.to_latex()


def test_an_incomplete_list_is_called_one_whatever_the_proof_shows() -> None:
    text = proposition(replace(solved("deterrence"), status=Status.INCOMPLETE)).to_latex()
    assert "the list is not proved complete" in text and "exactly" not in text


def test_the_proof_starts_with_the_last_mover_and_gives_the_comparison() -> None:
    first, second, third, *_ = proof_of(solved("deterrence")).sentences
    assert first == "After challenge, resist, C plays back down in (a): $- a > w_{C}$; press in (b)--(d): $w_{C} > - a$."
    assert second.startswith("After challenge, D plays resist in (a): $0 > - \\ell$") and third.startswith("At the start, C plays hold in (a)")


def test_a_wrong_strategy_has_no_proof_by_backward_induction() -> None:
    right = solved("deterrence")
    wrong = replace(right, regimes=(replace(right.regimes[0], equilibria=right.regimes[1].equilibria), *right.regimes[1:]))
    assert proof_of(right).kind == "backward induction" and proof_of(wrong).kind == "inequalities"


def test_cut_points_are_named_defined_ordered_and_used() -> None:
    found = proposition(solved("deterrence"), along="w_C")
    assert found.opening.startswith(r"Let $\bar{w}_{C,1} = - a$, $\bar{w}_{C,2} = 0$; then $\bar{w}_{C,1} < \bar{w}_{C,2}$.")
    assert found.cases[2].printed.latex() == r"$\bar{w}_{C,1} < w_{C} < 0$, $w_{D} > - \ell$"
    assert found.cuts is not None and found.cuts.ordered


def test_conditions_are_solved_for_the_parameters_asked_for_and_factors_of_known_sign_are_dropped() -> None:
    assert str(proposition(solved("deterrence"), by=["a"]).cases[0].printed) == "a < -w_C"
    space = Space(solved("deterrence").problem.notation)
    assert simplified(space, Cell.of(a * (w_C + a) > 0, w_C > -2 * a)) == Cell.of(w_C > -a)
    assert simplified(space, Cell.of(-a * w_C > 0)) == Cell.of(w_C < 0)


def test_title_label_and_proof_are_the_callers_to_choose() -> None:
    text = bg.latex(proposition(solved("deterrence"), title="50% & more", label="prop:x", proof=False), standalone=True)
    assert r"\begin{proposition}[50\% \& more]\label{prop:x}" in text and "begin{proof}" not in text and text.startswith(r"\documentclass")
    assert r"\begin{proposition}\emergencystretch" in proposition(solved("deterrence"), title="").to_latex()


def test_a_proof_by_exclusion_says_what_each_failure_would_need() -> None:
    """Inequalities that contradict the cases, with the failures that need them; signs known from the domain are named by kind only."""
    text = " ".join(proof_of(solved("outside_option", "table")).sentences)
    failure = "(refusal: B gains by refusing in talks when A proposes)"
    assert f"in (a) one would need $b > d/{{(d + 1)}}$ {failure}. In (b) one would need $b < d/{{(d + 1)}}$ {failure}." in text
    assert r"\le 0" not in text and "checked" not in text
    text = " ".join(proof_of(solved("war_range", "neutral")).sentences)
    assert "In (b) and (c) one would need" in text and "decided exactly by the certificate (range, Nash solution and utility)" in text


def test_actions_that_pay_the_same_are_named_together() -> None:
    text = " ".join(proof_of(solved("crisis_status_quo", "game")).sentences)
    assert "keep or challenge in (d): $1 - q = 0$; keep or challenge in (e)" in text
    assert ": indifference" in " ".join(proof_of(solved("two_by_two", "matrix")).sentences)


def test_an_inequality_that_the_domain_makes_an_equation_is_one() -> None:
    """The status quo is a share, so that at least one means one."""
    assert any("q = 1" in str(case.printed) for case in proposition(solved("crisis_status_quo", "game")).cases)


def test_statics_state_proved_signs_by_case_and_say_where_slopes_are_not_defined() -> None:
    text = statics_proposition(bg.comparative_statics(solved("ultimatum")), label="prop:s")
    assert r"\item[\textup{(b)}] $\partial u_{A}^*/\partial w_{B} = -1 < 0$; $\partial u_{B}^*/\partial w_{B} = 1 > 0$" in text
    assert r"$u_{A}^*$ jumps down by $1 - w_{A} - w_{B}$" in text  # w_A < 0 where (b) meets (d), so the size is positive
    assert "Every other slope is zero, but undefined in (e)--(g)" in text and r"\label{prop:s}" in text


def test_the_command_line_prints_propositions_as_latex_only(capsys: pytest.CaptureFixture[str]) -> None:
    from bargain.cli import main

    assert main(["solve", "classics/deterrence", "--format", "latex", "--as", "proposition"]) == 0
    assert capsys.readouterr().out.startswith(r"\begin{proposition}[Deterrence]")
    assert main(["solve", "classics/deterrence", "--as", "proposition"]) != 0
    with pytest.raises(BadInput, match="LaTeX only"):
        from bargain.cli.options import parser

        options = parser().parse_args(["solve", "classics/deterrence", "--as", "proposition"])
        options.run(options)


def test_output_is_the_same_bytes_whatever_the_hash_seed() -> None:
    code = ("import bargain as bg\nfrom bargain.models.classics import trip_wire as m\ns = bg.solve(*m.model.problems['game'])\n"
            "print(bg.proposition(s, along='q'), bg.statics_proposition(bg.comparative_statics(s)))")
    runs = {subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout
            for seed in ("0", "77")}
    assert len(runs) == 1


@needs_tex
@pytest.mark.slow
def test_every_classic_has_a_proposition_that_compiles_inside_the_text_width(tmp_path: Path) -> None:
    texts = [proposition(solved(*key), label=f"p{number}").to_latex() for number, key in enumerate(CLASSICS)]
    texts += [statics_proposition(bg.comparative_statics(solved(name))) for name in ("deterrence", "ultimatum", "trip_wire")]
    (tmp_path / "all.tex").write_text(document("\n".join(texts)), encoding="utf-8")
    done = subprocess.run(["pdflatex", "-interaction=nonstopmode", "all.tex"], cwd=tmp_path, capture_output=True, text=True, errors="replace")
    assert not [line for line in done.stdout.splitlines() if line.startswith("!")]
    assert all(float(width) <= 1 for width in re.findall(r"Overfull \\hbox \(([\d.]+)pt", done.stdout))


def test_a_proposition_states_the_assumptions_of_its_problem() -> None:
    assert r"Suppose $12 \mu < 11$. Outside" in proposition(solved("screening", "endless")).to_latex()
    assert "Suppose" not in proposition(solved("deterrence")).to_latex()
