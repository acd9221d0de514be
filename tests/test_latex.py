"""LaTeX: the table of the paper, escaped, byte-stable, and inside the text width."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import sympy as sp
from test_tables import component, deterrence, ultimatum

import bargain as bg
from bargain.errors import BadInput
from bargain.games import MatrixGame
from bargain.latex import latex
from bargain.latex.metrics import room
from bargain.latex.preamble import document
from bargain.notation import Notation, Parameter
from bargain.regions.cells import Cell
from bargain.tables import Condition, Table, Utility, claims_rows
from bargain.tables.symbols import latex_name, latex_words


def test_a_thing_without_latex_is_refused() -> None:
    with pytest.raises(BadInput, match="no LaTeX for a int"):
        latex(3)


def test_the_deterrence_table_is_the_table_of_the_paper() -> None:
    lines = latex(deterrence(), caption="Regimes", label="tab:det").splitlines()
    assert r"\caption{Regimes}\label{tab:det}" in lines
    assert r"Cell & Condition & Equilibrium profile & Outcome & $u_{C}^*$ & $u_{D}^*$\\" in lines
    assert r"II & $w_{C} > - a$, $w_{D} < - \ell$ & challenge; concede; press & CD & $g$ & $- \ell$\\" in lines
    assert any("Outside the measure-zero set" in line and r"\} \cup \{" in line for line in lines)


def test_conditions_are_solved_for_the_symbols_asked_for() -> None:
    assert r"$a < - w_{C}$" in latex(deterrence(), by=["a"])


def test_offers_show_the_proposal_and_the_rule() -> None:
    assert r"$x = 1 - w_{B}$; accept iff $x \le 1 - w_{B}$" in latex(ultimatum()) and r"any $x \in [1 - w_{B}, 1]$; accept" in latex(ultimatum())


def test_best_responses_are_underlined_and_pure_equilibria_boxed() -> None:
    text = latex(MatrixGame.from_arrays([[3, 0], [5, 1]], [[3, 5], [0, 1]], actions=(("c", "d"), ("c", "d"))))
    assert r"d & $\underline{5},\ 0$ & \fbox{$\underline{1},\ \underline{1}$}\\" in text and r"c & $3,\ 3$" in text


def test_a_symbolic_response_is_marked_only_where_it_is_always_best() -> None:
    s = sp.Symbol("s", real=True)
    free = MatrixGame.from_arrays([[s], [0]], [[0], [0]], notation=Notation((Parameter(s, "gain"),)))
    good = MatrixGame.from_arrays([[s], [0]], [[0], [0]], notation=Notation((Parameter(s, "gain", domain=">0"),)))
    assert r"\underline{s}" not in latex(free) and r"\underline{s}" in latex(good)


@pytest.mark.parametrize(("name", "expected"), [
    ("kappa", r"\kappa"), ("sigma_A", r"\sigma_{A}"), ("F_R", "F_{R}"), ("kw_dG", r"\mathrm{kw}_{\mathrm{dG}}"), ("p1", "p_{1}"), ("l", r"\ell"),
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


def wide(rows: int, columns: int) -> MatrixGame:
    """A matrix with long names and payoffs, the pure equilibrium in its corner."""
    payoffs = [[sp.Rational(i * j, 7) + i + j for j in range(columns)] for i in range(rows)]
    names = ([f"offer number {i}" for i in range(rows)], [f"answer number {j}" for j in range(columns)])
    return MatrixGame.from_arrays(payoffs, payoffs, title="Wide", actions=names)


def three() -> MatrixGame:
    """Three players, one equilibrium: everybody plays the second action."""
    cells = {(a, b, c): tuple(int(move[-1]) for move in (a, b, c)) for a in ("a1", "a2") for b in ("b1", "b2") for c in ("c1", "c2")}
    return MatrixGame("Three", ("A", "B", "C"), (("a1", "a2"), ("b1", "b2"), ("c1", "c2")), cells)


def test_a_matrix_too_wide_for_the_page_and_one_of_three_players_are_lists_with_the_same_marks() -> None:
    assert r"\scriptsize" in latex(wide(3, 4)) and r"\begin{tabular}{@{}lcccc@{}}" in latex(wide(3, 4)) and r"size" not in latex(wide(2, 2)).split("tabular")[0]
    assert " & answer number 11 & " + r"\fbox{$\underline{275/7}" in latex(wide(12, 12))
    text = latex(three())
    assert r" &  & c2 & \fbox{$\underline{2},\ \underline{2},\ \underline{2}$}\\" in text and text.count("fbox") == 1
    assert text.count(r"\underline") == 12 and "Payoffs (A, B, C)" in text


def test_captions_labels_notes_landscape_and_decimals_are_the_callers_to_choose() -> None:
    table = Table("T", ("name", "share", "n"), (("x", "0.25", 1), ("y", "-10.5", 2)), ("A note.",), label="own")
    text = latex(table, decimals=True)
    assert r"{@{}lS[table-format=-2.2]c@{}}" in text.replace("{@{}cS", "{@{}lS") and "name & {share} & n" in text and "y & -10.5 & " in text
    assert r"\caption{T}\label{own}" in text and "A note." in text
    plain = latex(table, caption="", label="", notes=False)
    assert "caption" not in plain and "label" not in plain and "note" not in plain and "table-format" not in plain
    turned = latex(table, landscape=True, standalone=True)
    assert turned.index(r"\begin{landscape}") < turned.index(r"\begin{table}") < turned.index(r"\end{landscape}") and "pdflscape" in turned
    assert "pdflscape" not in latex(table, standalone=True) and "siunitx" in latex(table, decimals=True, standalone=True)


def test_comparative_statics_and_cut_points_have_latex() -> None:
    from bargain.models.classics import deterrence as model

    solution = bg.solve(model.game, bg.SubgamePerfect())
    text = latex(bg.comparative_statics(solution), label="tab:signs")
    assert r"\label{tab:signs}" in text and r"IV & $u_{C}^*$ & 0 & 0 & 0 & + & 0\\" in text


def _samples() -> dict[str, str]:
    V, p, d, k, c, w = sp.symbols("V p d k_surge c w", real=True)
    long = "chance that a surge succeeds, given all the support that the allies are able to send (50% & more_or_less)"
    notation = Notation((Parameter(V, long, domain=">0", baseline=1, source="Assumed ~ K14 & K15 #3 {x} ^ \\ $"),
                         Parameter(p, long, "prob.", "(0, 1)", "0.35", ("0.2", "0.5"), "stated"), Parameter(w, "w", baseline="1e-7")))
    rows = tuple((n, Condition.of(Cell.of(w > -k * n, c + n > V)), "some words " * (n % 7 + 1), sp.Rational(n, 7)) for n in range(60))
    payoffs = tuple((1 - p) * (1 - d) * V * k / 3 - c * (p + d) ** 2 / (k + c) + n * V for n in range(6))
    players = Table("Wide", tuple(Utility(f"Player{n}") for n in range(6)), (payoffs,), ("A note that is longer than the line on which it stands.",) * 3)
    decimals = Table("Decimals", ("name", "share", "n"), (("x", "0.25", 1), ("y", "-10.5", 2)), ("A note.",))
    return {"deterrence": latex(deterrence()), "ultimatum": latex(ultimatum()), "component": latex(component()), "game": latex(deterrence().problem),
            "bimatrix": latex(component().problem), "notation": latex(notation), "long": latex(Table("Long", ("n", "Where", "Words", "u"), rows)),
            "wide": latex(players), "turned": latex(players, landscape=True), "turned and long": latex(Table("Long", ("n", "Where"), [r[:2] for r in rows]),
                                                                                                     landscape=True),
            "claims": latex(claims_rows([{"claim": long, "holds": True, "note": "50% & more"}, {"claim": w > k, "holds": None, "note": long}])),
            "decimals": latex(decimals, decimals=True), "matrix": latex(wide(5, 5)), "list": latex(wide(12, 12)), "three": latex(three())}


def found(file: str) -> bool:
    """Whether TeX has a file (siunitx is a package of its own on some systems)."""
    return shutil.which("kpsewhich") is not None and subprocess.run(["kpsewhich", file], capture_output=True).returncode == 0


def run(engine: str, source: str, folder: Path) -> str:
    """The log of the second run; the test is skipped where the engine, its fonts or a package is missing."""
    if shutil.which(engine) is None:
        pytest.skip(f"{engine} is not installed")
    (folder / "tables.tex").write_text(source, encoding="utf-8")
    for _ in range(2):
        done = subprocess.run([engine, "-interaction=nonstopmode", "-no-shell-escape", "tables.tex"], cwd=folder, capture_output=True, text=True,
                              errors="replace", env={**os.environ, "max_print_line": "10000"}, timeout=300)
    missing = re.search(r"File `([^']+)' not found|luaotfload-main' not found", done.stdout)
    if missing:
        pytest.skip(f"{engine} is installed without {missing[1] or 'its fonts'}")
    assert not [line for line in done.stdout.splitlines() if line.startswith("!")], done.stdout[-3000:]
    return done.stdout


@pytest.mark.parametrize(("engine", "width"), [("pdflatex", "345pt"), ("pdflatex", "455pt"), ("lualatex", "345pt"), ("xelatex", "345pt")])
def test_every_kind_of_table_compiles_with_no_overfull_box_over_a_point(tmp_path: Path, engine: str, width: str) -> None:
    samples = {name: text for name, text in _samples().items() if name != "decimals" or found("siunitx.sty")}
    source = document("\n\\clearpage\n".join(f"\\typeout{{TABLE {name}}}\n{text}" for name, text in samples.items()))
    log = run(engine, source.replace("margin=2.5cm", f"textwidth={width},textheight=600pt"), tmp_path)
    table, over = "", []
    for line in log.splitlines():
        table = line.removeprefix("TABLE ") if line.startswith("TABLE ") else table
        wide_box = re.match(r"Overfull \\[hv]box \(([\d.]+)pt", line)
        if wide_box and float(wide_box[1]) > 1:
            over.append((table, line))
    assert not over and (tmp_path / "tables.pdf").exists()


def test_measured_widths_are_those_of_tex(tmp_path: Path) -> None:
    cells = sorted({cell.strip() for text in _samples().values() for line in text.splitlines() if line.endswith(r"\\") and " & " in line
                    for cell in line[:-2].split(" & ") if cell.strip() and "multicolumn" not in cell})
    measured = "".join(rf"\sbox0{{{cell}}}\typeout{{ROOM {number} \the\wd0}}" + "\n" for number, cell in enumerate(cells))
    log = run("pdflatex", document(measured), tmp_path)
    ratios = {cells[int(number)]: room(cells[int(number)]).natural / float(width) for number, width in re.findall(r"ROOM (\d+) ([\d.]+)pt", log)
              if float(width) > 20}
    assert len(ratios) > 100
    assert not {cell: ratio for cell, ratio in ratios.items() if not 0.96 < ratio < 1.35}


def test_a_long_table_breaks_over_pages_and_a_wide_one_wraps() -> None:
    samples = _samples()
    assert r"\begin{longtable}" in samples["long"] and r"\begin{tabularx}{\linewidth}" in samples["notation"]
    assert r"\begin{tabular}" in samples["deterrence"] or r"\begin{tabularx}" in samples["deterrence"]
