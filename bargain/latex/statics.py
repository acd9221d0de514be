"""Comparative statics as a proposition: in which parameters each payoff and quantity rises and falls, case by case, and the jumps."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import sympy as sp

from bargain.analysis.signs import Sign
from bargain.latex.wording import Wording, cases, letter, listed
from bargain.solution import Regime
from bargain.tables.mathematics import LATEX
from bargain.tables.statics import crossed, named
from bargain.tables.symbols import latex_words
from bargain.tables.table import render

if TYPE_CHECKING:
    from bargain.analysis.statics import ComparativeStatics, Jump

_WORDS = {Sign.POSITIVE: "strictly increasing", Sign.NEGATIVE: "strictly decreasing", Sign.WEAKLY_POSITIVE: "weakly increasing",
          Sign.WEAKLY_NEGATIVE: "weakly decreasing", Sign.CHANGES: "not monotone", Sign.NOT_DECIDED: "of undecided slope"}
_JUMPS = {Sign.POSITIVE: "jumps up", Sign.NEGATIVE: "jumps down", Sign.WEAKLY_POSITIVE: "does not fall", Sign.WEAKLY_NEGATIVE: "does not rise",
          Sign.CHANGES: "jumps up or down", Sign.NOT_DECIDED: "jumps in an undecided direction"}


def statics_proposition(statics: "ComparativeStatics", *, label: str = "", title: str = "Comparative statics") -> str:
    """The proved signs as a ``proposition`` environment; the letters are those of the proposition of the same solution.

    Zero slopes are not listed. Slopes are those inside a case; jumps those on its borders.

    >>> import bargain as bg
    >>> from bargain.models.classics import deterrence as m
    >>> text = statics_proposition(bg.comparative_statics(bg.solve(m.game, bg.SubgamePerfect())))
    >>> next(line for line in text.splitlines() if "(b)}" in line)
    '\\\\item[\\\\textup{(b)}] $u_{C}^*$ is strictly increasing in $g$; $u_{D}^*$ is strictly decreasing in $\\\\ell$.'
    """
    wording = Wording(statics.solution)
    head = r"\begin{proposition}" + (f"[{latex_words(title)}]" if title else "") + (rf"\label{{{label}}}" if label else "")
    lines = [head + r"\emergencystretch=3em", "Inside the cases, with all other parameters fixed:", r"\begin{enumerate}"]
    lines += list(_slopes(statics))
    lines.append(r"\end{enumerate}")
    lines += list(_jumps(statics, wording))
    lines.append("Every other slope of a payoff or quantity in a case is zero.")
    if any(jump.sign is Sign.UNDEFINED for jump in statics.jumps):
        lines.append("No jump is stated to or from cases with several equilibria.")
    return "\n".join([*lines, r"\end{proposition}"]) + "\n"


def _slopes(statics: "ComparativeStatics") -> Iterator[str]:
    texts: dict[str, list[int]] = {}
    for case, regime in enumerate(statics.solution.regimes):
        texts.setdefault(_moves(statics, case, regime), []).append(case)
    order = sorted(texts.items(), key=lambda item: item[1])
    for text, found in order:
        name = letter(found[0]) if len(found) == 1 else cases(found)
        yield rf"\item[\textup{{{name}}}] {text}." if len(found) == 1 else rf"\item[] In {name}: {text}."


def _moves(statics: "ComparativeStatics", case: int, regime: Regime) -> str:
    rows: dict[tuple[int, Any], dict[str, list[str]]] = {}
    for slope in statics.derivatives:
        if slope.regime == case and slope.sign in _WORDS and slope.measure.kind != "probability":
            rows.setdefault((slope.equilibrium, slope.measure), {}).setdefault(_WORDS[slope.sign], []).append(LATEX.inline(LATEX.formula(slope.parameter)))
    several = len(list(regime.extreme())) > 1
    parts = []
    for (number, measure), words in rows.items():
        where = f" at [{number + 1}]" if several else ""
        parts.append(f"{render(named(measure), LATEX)}{where} is " + listed([f"{word} in {listed(found)}" for word, found in words.items()]))
    slopes = [slope for slope in statics.derivatives if slope.regime == case]
    if any(slope.sign is Sign.UNDEFINED for slope in slopes):
        parts.append("slopes not stated are not defined, as the case is a set of measure zero or several equilibria coexist")
    return "; ".join(parts) or "all slopes are zero"


def _jumps(statics: "ComparativeStatics", wording: Wording) -> Iterator[str]:
    """One sentence per border at which something jumps."""
    for border in statics.borders:
        jumps = [j for j in statics.jumps if j.border is border and j.measure.kind != "probability" and j.sign in _JUMPS]
        if not jumps:
            continue
        said = listed([f"{render(named(j.measure), LATEX)} {_JUMPS[j.sign]}{_size(wording, j)}" for j in jumps])
        yield f"From {letter(border.below)} to {letter(border.above)} (as {wording.phrase(crossed(border))}), {said}."


def _size(wording: Wording, jump: "Jump") -> str:
    """How far a value jumps, as a positive number, where its direction is proved."""
    if jump.size is None or jump.sign not in (Sign.POSITIVE, Sign.NEGATIVE):
        return ""
    return f" by {wording.math(jump.size if jump.sign is Sign.POSITIVE else sp.expand(-jump.size))}"
