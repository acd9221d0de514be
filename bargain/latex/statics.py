"""Comparative statics as a proposition: the proved slopes of payoffs and quantities, case by case, and the jumps at the borders."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import sympy as sp

from bargain.analysis.signs import Sign
from bargain.latex.metrics import room
from bargain.latex.wording import Wording, cases, letter, listed
from bargain.tables.mathematics import LATEX
from bargain.tables.statics import named
from bargain.tables.symbols import latex_words
from bargain.tables.table import render

if TYPE_CHECKING:
    from bargain.analysis.statics import ComparativeStatics, Derivative, Jump

_SIGNS = {Sign.POSITIVE: ">", Sign.NEGATIVE: "<", Sign.WEAKLY_POSITIVE: ">=", Sign.WEAKLY_NEGATIVE: "<="}
_WORDS = {Sign.POSITIVE: "rises", Sign.NEGATIVE: "falls", Sign.WEAKLY_POSITIVE: "does not fall", Sign.WEAKLY_NEGATIVE: "does not rise",
          Sign.CHANGES: "is not monotone", Sign.NOT_DECIDED: "has an undecided slope"}
_JUMPS = {Sign.POSITIVE: "up", Sign.NEGATIVE: "down", Sign.WEAKLY_POSITIVE: "not down", Sign.WEAKLY_NEGATIVE: "not up",
          Sign.CHANGES: "up or down", Sign.NOT_DECIDED: "in an undecided direction"}
_SHORT = 60.0  # a derivative wider than this, in points, is left out beside its sign


def statics_proposition(statics: "ComparativeStatics", *, label: str = "", title: str = "Comparative statics") -> str:
    """The proved signs as a ``proposition`` environment; the letters are those of the proposition of the same solution.

    Zero slopes are not listed. Slopes are those inside a case; jumps those on its borders.

    >>> import bargain as bg
    >>> from bargain.models.classics import deterrence as m
    >>> text = statics_proposition(bg.comparative_statics(bg.solve(m.game, bg.SubgamePerfect())))
    >>> next(line for line in text.splitlines() if "(b)}" in line)
    '\\\\item[\\\\textup{(b)}] $\\\\partial u_{C}^*/\\\\partial g = 1 > 0$; $\\\\partial u_{D}^*/\\\\partial \\\\ell = -1 < 0$.'
    """
    wording = Wording(statics.solution)
    head = r"\begin{proposition}" + (f"[{latex_words(title)}]" if title else "") + (rf"\label{{{label}}}" if label else "")
    items = list(_slopes(statics, wording))
    lines = [head + r"\emergencystretch=3em"]
    lines += ["Inside the cases:", r"\begin{enumerate}", *items, r"\end{enumerate}", "Every other slope"] if items else ["Every slope"]
    undefined = [case for case in range(len(statics.solution.regimes)) if any(d.regime == case and d.sign is Sign.UNDEFINED for d in statics.derivatives)]
    lines[-1] += " is zero" + (f", but undefined in {cases(undefined)} (measure zero, or several equilibria)." if undefined else ".")
    lines += list(_jumps(statics, wording))
    if any(jump.sign is Sign.UNDEFINED for jump in statics.jumps):
        lines.append("No jump is stated to or from cases with several equilibria.")
    return "\n".join([*lines, r"\end{proposition}"]) + "\n"


def _slopes(statics: "ComparativeStatics", wording: Wording) -> Iterator[str]:
    """One item per case, or per group of cases with the same slopes."""
    texts: dict[str, list[int]] = {}
    for case, regime in enumerate(statics.solution.regimes):
        several = len(list(regime.extreme())) > 1
        parts = [_slope(slope, wording) + (f" at [{slope.equilibrium + 1}]" if several else "") for slope in statics.derivatives
                 if slope.regime == case and slope.sign in _WORDS and slope.measure.kind != "probability"]
        if parts:
            texts.setdefault("; ".join(parts), []).append(case)
    for text, found in sorted(texts.items(), key=lambda item: item[1]):
        yield rf"\item[\textup{{{letter(found[0])}}}] {text}." if len(found) == 1 else rf"\item[] In {cases(found)}: {text}."


def _slope(slope: "Derivative", wording: Wording) -> str:
    """A derivative with its sign, and its value where that is short; a quantity named in words has a sentence."""
    name, parameter = render(named(slope.measure), LATEX), LATEX.formula(slope.parameter)
    if not name.startswith("$") or slope.sign not in _SIGNS:
        return f"{name} {_WORDS[slope.sign]} in ${parameter}$"
    value = "" if slope.value is None else wording.formula(slope.value)
    stated = f" = {value}" if value and room(f"${value}$").natural <= _SHORT else ""
    return rf"$\partial {name.strip('$')}/\partial {parameter}{stated} {LATEX.signs[_SIGNS[slope.sign]]} 0$"


def _jumps(statics: "ComparativeStatics", wording: Wording) -> Iterator[str]:
    """One sentence per border at which something jumps."""
    for border in statics.borders:
        jumps = [j for j in statics.jumps if j.border is border and j.measure.kind != "probability" and j.sign in _JUMPS]
        if not jumps:
            continue
        said = [f"{render(named(j.measure), LATEX)}{' jumps' if not place else ''} {_JUMPS[j.sign]}{_size(wording, j)}" for place, j in enumerate(jumps)]
        ways = [_moved([s for s, sign in border.crossing.items() if sign.value == mark], word) for mark, word in (("+", "rises"), ("-", "falls"))]
        yield f"From {letter(border.below)} to {letter(border.above)}, as {' or '.join(filter(None, ways))}, {listed(said)}."


def _moved(symbols: Sequence[sp.Symbol], word: str) -> str:
    return f"{listed([LATEX.inline(LATEX.formula(symbol)) for symbol in symbols], 'or')} {word}" if symbols else ""


def _size(wording: Wording, jump: "Jump") -> str:
    """How far a value jumps, as a positive number, where its direction is proved."""
    if jump.size is None or jump.sign not in (Sign.POSITIVE, Sign.NEGATIVE):
        return ""
    return f" by {wording.math(jump.size if jump.sign is Sign.POSITIVE else sp.expand(-jump.size))}"
