"""LaTeX: the table of the paper, escaped, byte-stable, and inside the text width."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import sympy as sp
from test_tables import component, deterrence, ultimatum

from bargain.errors import BadInput
from bargain.games import MatrixGame
from bargain.latex import latex
from bargain.notation import Notation, Parameter
from bargain.regions.cells import Cell
from bargain.tables import Condition, Table, Utility
from bargain.tables.symbols import latex_name, latex_words

needs_tex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")


def test_a_thing_without_latex_is_refused() -> None:
    with pytest.raises(BadInput, match="no LaTeX for a int"):
        latex(3)


def test_the_deterrence_table_is_the_table_of_the_paper() -> None:
    lines = latex(deterrence(), caption="Regimes", label="tab:det").splitlines()
    assert r"\caption{Regimes}\label{tab:det}" in lines
    assert r"Cell & Condition & Equilibrium profile & Outcome & $u_{C}^*$ & $u_{D}^*$\\" in lines
    assert r"II & $w_{C} > - a$, $w_{D} < - \ell$ & challenge; concede; press & CD & $g$ & $- \ell$\\" in lines
    assert any("Outside the measure-zero set" in line and r"$\cup $" in line for line in lines)


def test_conditions_are_solved_for_the_symbols_asked_for() -> None:
    assert r"$a < - w_{C}$" in latex(deterrence(), by=["a"])


def test_offers_show_the_proposal_and_the_rule() -> None:
    assert r"$x$ = $1 - w_{B}$; accept iff $x \le 1 - w_{B}$" in latex(ultimatum())


def test_best_responses_are_underlined_and_pure_equilibria_boxed() -> None:
    text = latex(MatrixGame.from_arrays([[3, 0], [5, 1]], [[3, 5], [0, 1]], actions=(("c", "d"), ("c", "d"))))
    assert r"d & $\underline{5},\ 0$ & \fbox{$\underline{1},\ \underline{1}$}\\" in text and r"c & $3,\ 3$" in text


def test_a_symbolic_response_is_marked_only_where_it_is_always_best() -> None:
    s = sp.Symbol("s", real=True)
    free = MatrixGame.from_arrays([[s], [0]], [[0], [0]], notation=Notation((Parameter(s, "gain"),)))
    good = MatrixGame.from_arrays([[s], [0]], [[0], [0]], notation=Notation((Parameter(s, "gain", domain=">0"),)))
    assert r"\underline{s}" not in latex(free) and r"\underline{s}" in latex(good)


@pytest.mark.parametrize(("name", "expected"), [
    ("kappa", r"\kappa"), ("sigma_A", r"\sigma_{A}"), ("F_R", "F_{R}"), ("kw_dG", r"\mathit{kw}_{\mathit{dG}}"), ("p1", "p_{1}"), ("l", r"\ell"),
    ("alpha_N_2", r"\alpha_{N,2}"), ("x_star", "x^{*}"),
])
def test_names_are_spelled_as_in_a_paper(name: str, expected: str) -> None:
    assert latex_name(name) == expected


def test_every_special_character_is_escaped() -> None:
    assert latex_words("& % # $ _ { }") == r"\& \% \# \$ \_ \{ \}"
    assert latex_words("~^\\") == r"\textasciitilde{}\textasciicircum{}\textbackslash{}"


def test_standalone_is_a_document_and_a_fragment_is_not() -> None:
    document, fragment = latex(deterrence(), standalone=True), latex(deterrence())
    assert document.startswith(r"\documentclass") and document.endswith("\\end{document}\n") and fragment in document
    for package in ("booktabs", "amsmath", "amssymb", "array", "tabularx", "longtable", "geometry"):
        assert package in document
    assert "documentclass" not in fragment and "resizebox" not in fragment


def _samples() -> dict[str, str]:
    V, p, d, k, c, w = sp.symbols("V p d k_surge c w", real=True)
    long = "chance that a surge succeeds, given all the support that the allies are able to send (50% & more_or_less)"
    notation = Notation((Parameter(V, long, domain=">0", baseline=1, source="Assumed ~ K14 & K15 #3 {x} ^ \\ $"),
                         Parameter(p, long, "prob.", "(0, 1)", "0.35", ("0.2", "0.5"), "stated"), Parameter(w, "w", baseline="1e-7")))
    rows = tuple((n, Condition.of(Cell.of(w > -k * n, c + n > V)), "some words " * (n % 7 + 1), sp.Rational(n, 7)) for n in range(60))
    payoffs = tuple((1 - p) * (1 - d) * V * k / 3 - c * (p + d) ** 2 / (k + c) + n * V for n in range(6))
    return {"deterrence": latex(deterrence()), "ultimatum": latex(ultimatum()), "component": latex(component()), "game": latex(deterrence().problem),
            "bimatrix": latex(component().problem), "notation": latex(notation), "long": latex(Table("Long", ("n", "Where", "Words", "u"), rows)),
            "wide": latex(Table("Wide", tuple(Utility(f"Player{n}") for n in range(6)), (payoffs,)))}


@needs_tex
@pytest.mark.parametrize("width", ["345pt", "455pt"])
def test_every_kind_of_table_compiles_inside_the_text_width(tmp_path: Path, width: str) -> None:
    preamble, _ = latex(deterrence(), standalone=True).split("\\begin{document}")
    body = "\n\\clearpage\n".join(_samples().values())
    source = preamble.replace("margin=2.5cm", f"textwidth={width}") + "\\begin{document}\n" + body + "\\end{document}\n"
    (tmp_path / "tables.tex").write_text(source, encoding="utf-8")
    for _ in range(2):
        done = subprocess.run(["pdflatex", "-interaction=nonstopmode", "tables.tex"], cwd=tmp_path, capture_output=True, text=True, errors="replace")
    assert not [line for line in done.stdout.splitlines() if line.startswith("!")]
    assert all(float(width) < 10 for width in re.findall(r"Overfull \\hbox \(([\d.]+)pt", done.stdout))
    assert (tmp_path / "tables.pdf").exists()


def test_a_long_table_breaks_over_pages_and_a_wide_one_wraps() -> None:
    samples = _samples()
    assert r"\begin{longtable}" in samples["long"] and r"\begin{tabularx}{\textwidth}" in samples["notation"]
    assert r"\begin{tabular}" in samples["deterrence"] or r"\begin{tabularx}" in samples["deterrence"]
