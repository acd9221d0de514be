"""Formulas in three spellings (text, LaTeX, HTML), and the form of a formula that a person would write.

`tidy` only rearranges: it looks for the shortest of a few equal forms and turns pairs of
factors around so that each is positive at a typical point, ``(d - 1)*(p - 1)`` becoming
``(1 - d)*(1 - p)``. Nothing is decided here, so a badly chosen point costs looks, not truth.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import sympy as sp
from sympy.printing.precedence import precedence
from sympy.printing.str import StrPrinter

from bargain.notation import Notation, Parameter
from bargain.tables.formulas import in_line, plus_first
from bargain.tables.symbols import html_name, latex_words

_OPERATIONS = 150  # longer formulas are printed as they come
_SLASHED = 24  # characters from which a formula can break after a slash
_IRRATIONAL = 8  # operations from which an irrational number is printed as a decimal


class _Text(StrPrinter):  # type: ignore[misc]
    def _as_ordered_terms(self, expression: sp.Expr, order: str | None = None) -> list[sp.Expr]:
        return plus_first(list(super()._as_ordered_terms(expression, order=order)))

    def _print_Min(self, expression: sp.Min) -> str:
        return self._call("min", expression)

    def _print_Max(self, expression: sp.Max) -> str:
        return self._call("max", expression)

    def _call(self, name: str, expression: sp.Basic) -> str:
        return f"{name}({', '.join(self._print(part) for part in sorted(expression.args, key=sp.default_sort_key))})"

    def _print_Piecewise(self, expression: sp.Piecewise) -> str:
        return "; ".join(f"{self._print(value)} otherwise" if when == sp.true else f"{self._print(value)} if {self._print(when)}"
                         for value, when in expression.args)

    def _print_Float(self, number: sp.Float) -> str:
        return format(float(number), ".6g")


class _Html(_Text):
    def _print_Symbol(self, symbol: sp.Symbol) -> str:
        return html_name(symbol.name)

    def _print_log(self, logarithm: sp.log) -> str:
        return f"ln({self._print(logarithm.args[0])})"

    def _print_Relational(self, relation: Any) -> str:
        return f"{self._print(relation.lhs)} {escape(relation.rel_op)} {self._print(relation.rhs)}"

    def _print_Pow(self, power: sp.Pow, rational: bool = False) -> str:
        if power.exp.is_Rational and power.exp.is_negative or power.exp == sp.Rational(1, 2):
            return str(super()._print_Pow(power, rational))
        return f"{self.parenthesize(power.base, precedence(power))}<sup>{self._print(power.exp)}</sup>"


def _text(formula: sp.Basic) -> str:
    return str(_Text().doprint(_short(formula)))


def _html(formula: sp.Basic) -> str:
    return str(_Html().doprint(_short(formula))).replace("*", "&thinsp;").replace("-", "−")


def _latex(formula: sp.Basic) -> str:
    """LaTeX of one line's height that can break across lines where it is long; plain brackets.

    >>> d, loss = sp.symbols("d loss")
    >>> print(_latex(3*loss*d/(1 - d)), _latex(-d/2 + sp.Rational(1, 3)), _latex(sp.log(d)/(2*d)))
    3 d\\, \\mathrm{loss}/{(1 - d)} 1/3 - d/2 \\ln{(d)}/(2 d)
    """
    formula = _short(formula)
    return in_line(formula, breaking=len(_text(formula)) > _SLASHED)


def _short(formula: sp.Basic) -> sp.Basic:
    """The formula, or its decimal if it is a long irrational number."""
    irrational = isinstance(formula, sp.Expr) and formula.is_number and not formula.is_Rational
    return sp.N(formula, 15) if irrational and formula.count_ops() > _IRRATIONAL else formula


@dataclass(frozen=True)
class Style:
    """How one output spells things: plain words, formulas, and the signs between them."""

    name: str
    words: Callable[[str], str]
    formula: Callable[[sp.Basic], str]
    math: tuple[str, str]
    signs: Mapping[str, str]
    symbols: Mapping[str, str]

    def inline(self, formula: str) -> str:
        """A printed formula set among words."""
        return self.math[0] + formula + self.math[1]


_SAME = {sign: sign for sign in ("<", "<=", "=", "!=", ">=", ">")}
TEXT = Style("text", str, _text, ("", ""), _SAME, {"{": "{", "}": "}", "union": " ∪ ", "reals": "real", "infinity": "oo"})
HTML = Style("html", escape, _html, ("", ""), {"<": "&lt;", "<=": "≤", "=": "=", "!=": "≠", ">=": "≥", ">": "&gt;"},
             {"{": "{", "}": "}", "union": " ∪ ", "reals": "ℝ", "infinity": "∞"})
LATEX = Style("latex", latex_words, _latex, ("$", "$"), {"<": "<", "<=": r"\le", "=": "=", "!=": r"\ne", ">=": r"\ge", ">": ">"},
              {"{": r"\{", "}": r"\}", "union": r" \cup ", "reals": r"\mathbb{R}", "infinity": r"\infty"})


def typical_point(notation: Notation | None) -> dict[sp.Symbol, sp.Expr]:
    """A point inside every domain: the baseline where there is one, else a point near the middle."""
    return {parameter.symbol: _typical(parameter, index) for index, parameter in enumerate(notation or ())}


def _typical(parameter: Parameter, index: int) -> sp.Expr:
    domain, step = parameter.domain, sp.Rational(1, 7 + index)
    if parameter.baseline is not None:
        return parameter.baseline
    if domain.low == -sp.oo:
        return step if domain.high == sp.oo else domain.high - step
    return domain.low + step if domain.high == sp.oo else domain.low + (domain.high - domain.low) * (sp.Rational(1, 3) + step / 7)


def tidy(formula: sp.Expr, point: Mapping[sp.Symbol, sp.Expr] | None = None) -> sp.Expr:
    """An equal formula as a person would write it: short, and with positive factors.

    >>> V, d, p = sp.symbols("V d p", positive=True)
    >>> tidy(V*(d - 1)*(p - 1)), tidy(V*p - V*d*p)
    (V*(1 - d)*(1 - p), V*p*(1 - d))
    >>> tidy(-1/(d - 1), {d: sp.Rational(1, 2)}), tidy(sp.Rational(16, 25) - sp.Rational(9, 5)*d, {d: sp.Rational(1, 10)})
    (1/(1 - d), (16 - 45*d)/25)
    """
    if not (formula.is_Add or formula.is_Mul or formula.is_Pow) or formula.is_number or formula.count_ops() > _OPERATIONS:
        return formula
    forms = [formula, sp.factor(formula)]
    if formula.is_Add:
        forms += [sp.collect(sp.expand(formula), symbol, func=sp.factor) for symbol in sorted(formula.free_symbols, key=str)]
    turned = dict.fromkeys(_turn(form, point or {}) for form in forms)
    return min(turned, key=lambda form: (sp.count_ops(form), len(_text(form))))


def _turn(formula: sp.Expr, point: Mapping[sp.Symbol, sp.Expr]) -> sp.Expr:
    if formula.is_Add:
        return sp.Add(*(_turn(term, point) for term in formula.args))
    if not formula.is_Mul:
        return formula
    sign, factors, turned = 1, [], []
    for factor in formula.args:
        base, power = factor.as_base_exp()
        if base.is_Add and power.is_Integer and _negative(base, point):
            sign = -sign if power % 2 else sign
            turned.append((-base) ** power)
        else:
            factors.append(factor)
    number = sp.Mul(sign, *(factor for factor in factors if factor.is_Number))
    if sign < 0 and len(turned) == 1 and turned[0].is_Add and len(formula.args) == 1 + sum(factor.is_Number for factor in factors):
        return sp.Mul(number, turned[0], evaluate=False) if number > 0 and number != 1 else turned[0] if number == 1 else formula
    return sp.Mul(sign, *factors, *turned)


def _negative(factor: sp.Expr, point: Mapping[sp.Symbol, sp.Expr]) -> bool:
    missing = sorted(factor.free_symbols - set(point), key=str)
    values = {**point, **{symbol: sp.Rational(1, 7 + 2 * index) for index, symbol in enumerate(missing)}}
    return bool(factor.subs(values).is_negative)
