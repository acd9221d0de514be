"""Words around formulas: strategies, outcomes and payoffs as a proposition states them, in LaTeX."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sympy as sp

from bargain.findings import Finding
from bargain.games import MatrixGame
from bargain.regions.cells import EQ, Region
from bargain.solution import Component, Equilibrium, Regime, Solution
from bargain.tables.mathematics import LATEX, tidy, typical_point
from bargain.tables.profile import mixture, played, profile
from bargain.tables.symbols import GREEK, split
from bargain.tables.table import Phrase, render
from bargain.tables.writing import Written

_LONG = 24  # characters from which payoffs may be set on two lines


def letter(number: int) -> str:
    """The name of a case: ``(a)`` to ``(z)``, then numbers.

    >>> letter(0), letter(27)
    ('(a)', '(28)')
    """
    return f"({chr(ord('a') + number)})" if number < 26 else f"({number + 1})"


def listed(parts: Sequence[str], last: str = "and") -> str:
    """Words in a row: commas, and a word before the last.

    >>> listed(["x", "y", "z"])
    'x, y and z'
    """
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + f" {last} {parts[-1]}"


def cases(numbers: Iterable[int]) -> str:
    """Names of cases; three or more in a row as a range.

    >>> cases([0, 2, 3, 4])
    '(a) and (c)--(e)'
    """
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return listed([part for run in runs for part in ([f"{letter(run[0])}--{letter(run[-1])}"] if len(run) > 2 else map(letter, run))])


def plural(concept: str) -> str:
    """The plural of a concept.

    >>> plural("Nash equilibrium")
    'Nash equilibria'
    """
    return re.sub(r"equilibrium\b", "equilibria", concept, count=1)


class Wording:
    """Phrases about one solution; `known` are values that the equations of a case fix."""

    def __init__(self, solution: Solution) -> None:
        self.solution, self.problem = solution, solution.problem
        self.notation = solution.problem.notation
        self.point = typical_point(self.notation)

    def math(self, value: Any, known: Mapping[sp.Symbol, sp.Expr] | None = None) -> str:
        """A formula between dollars, short and with positive factors."""
        return LATEX.inline(self.formula(value, known))

    def formula(self, value: Any, known: Mapping[sp.Symbol, sp.Expr] | None = None) -> str:
        """A formula without dollars."""
        short = sp.sympify(value, strict=True).subs(known or {})
        halves = short.is_Add and not short.has(sp.exp) and sum(term.as_coeff_Mul()[0].is_Rational and term.as_coeff_Mul()[0].q > 1 for term in short.args) > 1
        return LATEX.formula(tidy(sp.together(short) if halves else short, self.point))

    def compared(self, left: sp.Expr, sign: str, right: sp.Expr) -> str:
        """A comparison between dollars."""
        return f"${self.formula(left)} {LATEX.signs[sign]} {self.formula(right)}$"

    def phrase(self, words: Any, known: Mapping[sp.Symbol, sp.Expr] | None = None) -> str:
        """A phrase in LaTeX, equations and intervals as one formula each."""
        parts = words.parts if isinstance(words, Phrase) else (words,)
        return render(Phrase(tuple(_put(part, known or {}, self.point) for part in parts)), LATEX)

    def equilibrium(self, found: Equilibrium, known: Mapping[sp.Symbol, sp.Expr]) -> str:
        """Strategies, outcome and payoffs of one equilibrium."""
        parts = [part for part in (self.strategies(found, known), self._outcome(found), self._named(found, known)) if part]
        paid = [self.formula(found.payoffs[player], known) for player in self.problem.players if player in found.payoffs]
        payoffs = (r",\allowbreak " if sum(map(len, paid)) > _LONG else ", ").join(paid)
        return "; ".join([*parts, f"$({payoffs})$"] if payoffs else parts)

    def strategies(self, found: Equilibrium, known: Mapping[sp.Symbol, sp.Expr]) -> str:
        """The strategies in brackets: by node of a tree, by player of a matrix."""
        if not found.strategies:
            return ""
        if isinstance(self.problem, MatrixGame):
            played = ("; ".join(self.phrase(mixture(actions, self.notation), known) for actions in nodes.values()) for nodes in found.strategies.values())
            return "(" + "; ".join(played) + ")"
        return "(" + self.phrase(profile(self.problem, found), known) + ")"

    def _outcome(self, found: Equilibrium) -> str:
        if isinstance(self.problem, MatrixGame) and found.strategies or not found.outcome:
            return ""
        return self.phrase(played(found.outcome, self.notation))

    def _named(self, found: Equilibrium, known: Mapping[sp.Symbol, sp.Expr]) -> str:
        """Named numbers, where no strategies tell them."""
        if found.strategies and not isinstance(found, Finding):
            return ""
        by: dict[str, list[str]] = {}
        for name, value in found.quantities.items():
            if not isinstance(value, tuple | list | Mapping):
                by.setdefault(self.formula(value, known), []).append(render(_spelled(name), LATEX))
        return ", ".join(f"{' $=$ '.join(names)} $= {value}$" for value, names in by.items())

    def item(self, regime: Regime) -> str:
        """Everything that is an equilibrium in a regime."""
        known = fixed(regime.condition)
        if not regime.equilibria:
            return "none"
        if elsewhere := self.elsewhere(regime):
            return f"those of {cases(elsewhere)}"
        parts = [self._entry(entry, known) for entry in regime.equilibria]
        parts = list(dict.fromkeys(parts))
        return parts[0] if len(parts) == 1 else " ".join(f"[{number + 1}]~{part}{';' if number + 1 < len(parts) else ''}" for number, part in enumerate(parts))

    def elsewhere(self, regime: Regime) -> list[int]:
        """The cases of one equilibrium each that together state what several equilibria of this case are; none if they do not."""
        if len(regime.equilibria) < 2:
            return []
        known = fixed(regime.condition)
        single = {self._entry(other.equilibria[0], known): number for number, other in enumerate(self.solution.regimes) if len(other.equilibria) == 1}
        entries = list(dict.fromkeys(self._entry(entry, known) for entry in regime.equilibria))
        return [single[entry] for entry in entries] if all(entry in single for entry in entries) else []

    def _entry(self, entry: Equilibrium | Component, known: Mapping[sp.Symbol, sp.Expr]) -> str:
        if isinstance(entry, Equilibrium):
            return self.equilibrium(entry, known)
        ends = [self.equilibrium(vertex, known) for vertex in entry.vertices]
        mixed = [set(subset) for subset in entry.subsets]
        how = "all mixtures of" if mixed == [set(range(len(ends)))] else "a continuum with the extreme points"
        return f"{how} " + listed([f"\\{{{end}\\}}" for end in ends])


def _spelled(name: str) -> Any:
    """The name of a quantity: a symbol where it is spelled like one, ``x[2]`` with a subscript, else words."""
    indexed = re.fullmatch(r"(\w)\[(\d+)\]", name)
    if indexed:
        return sp.Symbol(f"{indexed[1]}_{indexed[2]}")
    base = split(name)[0]
    return sp.Symbol(name) if name.isidentifier() and (len(base) == 1 or base in GREEK) else Written(name.replace("_", " "))


def fixed(condition: Region) -> dict[sp.Symbol, sp.Expr]:
    """Numbers that the equations of a one-cell condition give to parameters: ``w_B = 0``."""
    if len(condition.cells) != 1:
        return {}
    found = {}
    for body, mask in condition.cells[0].atoms:
        if mask == EQ and len(body.free_symbols) == 1:
            (symbol,) = body.free_symbols
            slope = sp.diff(body, symbol)
            if slope.is_number:
                found[symbol] = sp.Rational(-body.subs(symbol, 0) / slope)
    return found


def _put(part: Any, known: Mapping[sp.Symbol, sp.Expr], point: Mapping[sp.Symbol, sp.Expr]) -> Any:
    if not known or not isinstance(part, sp.Basic):
        return part
    if getattr(part, "is_Relational", False):
        return part.func(part.lhs.subs(known), part.rhs.subs(known), evaluate=False)
    return tidy(part.subs(known), point)
