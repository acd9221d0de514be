"""Conditions on parameters as a person writes them: ``-a < w_C < 0, w_D > -l``.

A cell is a conjunction of signs of polynomials. Each atom is solved for one symbol where that
is possible (see `bargain.tables.isolate`), bounds on the same symbol are chained, and a bound
that mentions another isolated symbol comes after it. One structure, printed in any `Style`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from bargain.notation import Notation
from bargain.regions.cells import Cell, Region
from bargain.tables.isolate import Bound, Preference, bound
from bargain.tables.mathematics import HTML, LATEX, TEXT, Style

_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True)
class Chain:
    """Formulas with comparison signs between them: ``0 <= w < 1``."""

    terms: tuple[sp.Expr, ...]
    signs: tuple[str, ...]

    def render(self, style: Style) -> str:
        """The chain as one formula, without delimiters."""
        printed = style.formula(self.terms[0])
        for sign, term in zip(self.signs, self.terms[1:], strict=True):
            printed += f" {style.signs[sign]} {style.formula(term)}"
        return printed


@dataclass(frozen=True)
class Condition:
    """A union of cases, each a conjunction of chains; `sets` prints it as a union of sets of points.

    >>> w, a = sp.symbols("w a", real=True)
    >>> print(Condition.of(Cell.of(w + a > 0, w < 0), by=[w]))
    -a < w < 0
    >>> print(Condition.of(Cell()))
    always
    """

    cases: tuple[tuple[Chain, ...], ...]
    sets: bool = False

    @classmethod
    def of(cls, where: Cell | Region, notation: Notation | None = None, *, by: Iterable[str | sp.Symbol] = (), sets: bool = False) -> "Condition":
        """The condition of a cell or region, solved by preference for the symbols in `by`, then in notation order."""
        preference = Preference.of(notation, by)
        cells = where.cells if isinstance(where, Region) else (where,)
        cases = dict.fromkeys(_chains(cell, preference) for cell in cells if not cell.trivially_empty)
        return cls(((),) if () in cases else tuple(cases), sets)

    @property
    def always(self) -> bool:
        """Whether nothing is required."""
        return () in self.cases

    def render(self, style: Style) -> str:
        """The condition as words and formulas, delimiters included."""
        if self.always or not self.cases:
            return style.words("always" if self.always else "never")
        printed = [self._case(case, style) for case in self.cases]
        if self.sets:
            braces = [style.symbols["{"] + part + style.symbols["}"] for part in printed]
            return style.inline(style.symbols["union"].join(braces))
        mark = "; or " if any(len(case) > 1 for case in self.cases) and len(self.cases) > 1 else " or "
        return mark.join(self._inline(case, style) for case in self.cases)

    def code(self) -> str:
        """The condition for programs: ``and``, ``or``, chained comparisons; ``true`` where nothing is required."""
        if self.always or not self.cases:
            return "true" if self.always else "false"
        parts = [" and ".join(chain.render(CODE) for chain in case) for case in self.cases]
        return parts[0] if len(parts) == 1 else " or ".join(f"({part})" for part in parts)

    def latex(self) -> str:
        """The condition in LaTeX."""
        return self.render(LATEX)

    def html(self) -> str:
        """The condition in HTML."""
        return self.render(HTML)

    def __str__(self) -> str:
        return self.render(TEXT)

    @staticmethod
    def _case(case: tuple[Chain, ...], style: Style) -> str:
        return (r",\ " if style.name == "latex" else ", ").join(chain.render(style) for chain in case)

    @staticmethod
    def _inline(case: tuple[Chain, ...], style: Style) -> str:
        return ", ".join(style.inline(chain.render(style)) for chain in case)


CODE = Style("code", str, sp.sstr, ("", ""), {**TEXT.signs, "=": "=="}, TEXT.symbols)


def relation(relational: Any) -> Chain:
    """A sympy relation as a chain, exactly as it was written."""
    sign = {"==": "=", "!=": "!="}.get(relational.rel_op, relational.rel_op)
    return Chain((relational.lhs, relational.rhs), (sign,))


def _chains(cell: Cell, preference: Preference) -> tuple[Chain, ...]:
    """The atoms of a cell: bounds on one symbol joined, definitions before uses."""
    grouped: dict[sp.Symbol | None, list[Bound]] = {}
    for body, mask in cell.atoms:
        found = bound(body, mask, preference)
        grouped.setdefault(found.symbol, []).append(found)
    rest = grouped.pop(None, [])
    _settle(grouped)
    chains: list[Chain] = []
    waiting = sorted(grouped, key=lambda symbol: preference.order(symbol) if symbol is not None else ())
    while waiting:
        ready = [s for s in waiting if not any(b.right.free_symbols & (set(waiting) - {s}) for b in grouped[s])]
        symbol = (ready or waiting)[0]
        waiting.remove(symbol)
        chains += _joined(symbol, grouped[symbol])
    return (*chains, *(Chain((b.left, b.right), (b.sign,)) for b in rest))


def _settle(grouped: dict[sp.Symbol | None, list[Bound]]) -> None:
    """Put numbers known from equations (``w = 0``) into the other bounds."""
    known = {b.symbol: b.right for bounds in grouped.values() for b in bounds if b.sign == "=" and b.right.is_number}
    for bounds in grouped.values():
        bounds[:] = [b if b.symbol in known else replace(b, right=b.right.subs(known)) for b in bounds]
        bounds.sort(key=lambda b: not b.right.is_number)


def _joined(symbol: Any, bounds: list[Bound]) -> list[Chain]:
    """Lower and upper bounds on a symbol paired into ``low < symbol < high``."""
    lower = [b for b in bounds if b.sign in (">", ">=")]
    upper = [b for b in bounds if b.sign in ("<", "<=")]
    pairs = min(len(lower), len(upper))
    chains = [Chain((low.right, symbol, high.right), (_TURNED[low.sign], high.sign))
              for low, high in zip(lower[:pairs], upper[:pairs], strict=True)]
    single = [*lower[pairs:], *upper[pairs:], *(b for b in bounds if b.sign in ("=", "!="))]
    return chains + [Chain((symbol, b.right), (b.sign,)) for b in single]
