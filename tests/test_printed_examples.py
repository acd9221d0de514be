"""The two results that a person wrote out in LaTeX, side by side with what is generated from the models: same regimes, no more words."""

import os
import re
import subprocess
import sys
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
import sympy as sp
from test_latex import run

import bargain as bg
from bargain.expressions import parse
from bargain.figures import tree_tikz
from bargain.latex import statics_proposition
from bargain.latex.preamble import document
from bargain.regions.cells import Cell
from bargain.regions.space import Space
from bargain.solution import Regime, Solution
from bargain.tables.mathematics import TEXT
from bargain.tables.profile import profile
from bargain.tables.table import render

DATA = Path(__file__).parent / "data"
_SIGNS = re.compile(r"(<=|>=|<|>|=)")
_RELATION = {"<": sp.StrictLessThan, "<=": sp.LessThan, ">": sp.StrictGreaterThan, ">=": sp.GreaterThan, "=": sp.Equality}


@cache
def solved(name: str) -> Solution:
    return bg.solve(*import_module(f"bargain.models.classics.{name}").model.problems["game"])


def environment(text: str, name: str) -> str:
    """The first environment of a kind."""
    found = re.search(rf"\\begin\{{{name}\}}.*?\\end\{{{name}\}}", text, re.DOTALL)
    assert found, name
    return found[0]


def words(text: str) -> int:
    """Words of two letters or more that a reader sees outside formulas: environments, column types, sizes and labels are not words."""
    text = re.sub(r"\\begin\{tabular.*?\\toprule", " ", text, flags=re.DOTALL)
    text = re.sub(r"\\(begin|end|label|setlength|renewcommand|emergencystretch|cmidrule|item)\b(\[[^\]]*\])?(=3em)?(\{[^}]*\})*(\[[^\]]*\])?", " ", text)
    text = re.sub(r"\$[^$]*\$", " ", text)
    return len(re.findall(r"[A-Za-z]{2,}", re.sub(r"\\[a-zA-Z]+", " ", text)))


def printed(name: str) -> str:
    return (DATA / f"printed_{name}.tex").read_text(encoding="utf-8")


def printed_rows(name: str) -> list[list[str]]:
    """The rows of the printed table, cells trimmed."""
    body = environment(printed(name), "table").split(r"\midrule", 1)[1].split(r"\bottomrule")[0]
    return [[cell.strip() for cell in row.split("&")] for row in body.replace(r"\midrule", "").split(r"\\") if row.strip()]


def formula(text: str, symbols: dict[str, sp.Symbol]) -> sp.Expr:
    return parse(text.replace(r"\ell", "l").replace(" ", ""), symbols)


def condition(text: str, symbols: dict[str, sp.Symbol]) -> Cell:
    """A printed condition, chains of comparisons parted by commas, as a cell."""
    atoms = []
    for chain in text.strip("$").replace(r"\ell", "l").replace(r"\le", "<=").split(r",\ "):
        terms = _SIGNS.split(chain)
        values = [formula(term, symbols) for term in terms[::2]]
        atoms += [_RELATION[sign](left, right) for left, sign, right in zip(values[:-1], terms[1::2], values[1:], strict=True)]
    return Cell.of(*atoms)


def regimes(name: str) -> list[tuple[list[str], Cell]]:
    """The printed rows, each with its condition."""
    return [(row, condition(row[1], solved(name).problem.notation.names)) for row in printed_rows(name)]


def same(name: str, cell: Cell) -> Regime:
    """The regime of the solution that holds exactly where a printed condition does."""
    space = Space(solved(name).problem.notation)
    (found,) = [regime for regime in solved(name).regimes if len(regime.condition.cells) == 1 and space.implies(cell, regime.cell).answer is True
                and space.implies(regime.cell, cell).answer is True]
    return found


@pytest.mark.parametrize(("name", "count"), [("deterrence", 4), ("ultimatum", 7)])
def test_the_regimes_are_the_printed_ones(name: str, count: int) -> None:
    found = [same(name, cell) for _, cell in regimes(name)]
    assert len(found) == len(solved(name).regimes) == count and len({id(regime) for regime in found}) == count


def test_strategies_outcomes_and_payoffs_of_the_deterrence_game_are_the_printed_ones() -> None:
    solution = solved("deterrence")
    for row, cell in regimes("deterrence"):
        (equilibrium,) = same("deterrence", cell).extreme()
        assert render(profile(solution.problem, equilibrium), TEXT) == row[2] and equilibrium.outcome.rstrip("'") == row[3]
        for player, shown in zip("CD", row[4:], strict=True):
            assert sp.expand(equilibrium.payoffs[player] - formula(shown.strip("$"), solution.problem.notation.names)) == 0


def test_payoffs_of_the_ultimatum_game_are_the_printed_ones() -> None:
    """On the borders the printed table gives the ends of an interval of payoffs, or one of several equal formulas."""
    names = solved("ultimatum").problem.notation.names
    border = {"5": {names["w_A"]: 1 - names["w_B"]}, "6": {names["w_B"]: 0}, "7": {names["w_B"]: 1}}
    for row, cell in regimes("ultimatum"):
        on = border.get(row[0], {})
        for player, shown in zip("AB", row[3:5], strict=True):
            wanted = {sp.expand(formula(text, names).subs(on)) for text in shown.strip("$").strip("[]").split(",")}
            assert wanted == {sp.expand(e.payoffs[player].subs(on)) for e in same("ultimatum", cell).extreme()}, row


@pytest.mark.parametrize("name", ["deterrence", "ultimatum"])
def test_no_part_takes_more_words_than_the_printed_one(name: str) -> None:
    solution, shown = solved(name), printed(name)
    stated = bg.proposition(solution).to_latex()
    table = bg.latex(solution, notes=False)
    statics = statics_proposition(bg.comparative_statics(solution))
    ours = {"regimes": words(environment(stated, "proposition")), "proof": words(environment(stated, "proof")), "table": words(table), "statics": words(statics)}
    theirs = {part: words(environment(shown, kind)) for part, kind in (("regimes", "proposition"), ("proof", "proof"), ("table", "table"),
                                                                       ("statics", "corollary"))}
    if name == "ultimatum":  # the printed proposition leaves its cases to the table; the generated one states them
        theirs["regimes"] += theirs["table"]
    assert all(ours[part] <= theirs[part] for part in ours), (ours, theirs)
    whole = sum(words(environment(shown, kind)) for kind in ("proposition", "proof", "table", "corollary"))
    assert sum(ours.values()) - ours["table"] <= whole, "the generated proposition states the cases, so the table is not needed beside it"


def generated(name: str) -> str:
    """Everything that is printed of one model."""
    solution = solved(name)
    statics = bg.comparative_statics(solution)
    parts = (bg.latex(solution.problem, label=f"tab:{name}-game"), bg.latex(solution.problem.notation, label=f"tab:{name}-notation"),
             bg.proposition(solution, label=f"prop:{name}").to_latex(),
             bg.latex(solution, label=f"tab:{name}", notes=False), statics_proposition(statics), statics.to_latex(), solution._repr_latex_())
    return "\n".join(parts) + "\n"


@pytest.mark.parametrize("name", ["deterrence", "ultimatum"])
def test_the_generated_text_is_the_stored_one_whatever_the_python_and_the_hash_seed(name: str) -> None:
    """The stored file is compared under every Python version that CI runs; two more processes differ in their hash seed."""
    stored = (DATA / f"generated_{name}.tex").read_bytes()
    assert generated(name).encode() == stored
    code = f"import sys, test_printed_examples as t; sys.stdout.buffer.write(t.generated({name!r}).encode())"
    paths = os.pathsep.join((str(DATA.parents[1]), str(DATA.parent)))
    for seed in ("1", "4242"):
        done = subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": paths}, capture_output=True, check=True)
        assert done.stdout == stored, seed


@pytest.mark.parametrize("engine", ["pdflatex", "lualatex", "xelatex"])
def test_the_results_of_both_models_compile_with_no_overfull_box_over_a_point(engine: str, tmp_path: Path) -> None:
    texts = [generated(name) + tree_tikz(solved(name), regime=1, caption="Play in case (b).", label=f"fig:{name}") for name in ("deterrence", "ultimatum")]
    log = run(engine, document("\n".join(texts)), tmp_path)
    assert not [line for line in re.findall(r"Overfull [^\n]*", log) if float(re.findall(r"([\d.]+)pt", line)[0]) > 1]
    assert "undefined references" not in log and "multiply defined" not in log
