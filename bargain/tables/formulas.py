"""LaTeX of formulas as they stand among words and in cells: of one line's height, a slash for every fraction.

Names of several letters are set apart from their neighbours, short sums in brackets are kept whole, and a long formula
may break after a slash and before brackets.
"""

import re

import sympy as sp
from sympy.printing.latex import LatexPrinter

from bargain.tables.symbols import latex_name

_LONG = 40  # characters from which a product is set so that it can break
_SHORT = 4  # characters of a divisor that stays with its slash
_WHOLE = 12  # characters of a sum in brackets that stays on one line
_MARKS = re.compile(r"\\allowbreak|(?<=\\[A-Za-z])[A-Za-z]+|[\\{}_^ ]")  # what takes no room of its own
_BETWEEN = "\0"  # two factors, until it is known what stands there
_BRACKETS = re.compile(r"(\)(?:\^\{[^{}]*\})?|\0[^\0]*)\0(?=\\left\()")  # after a bracket, or after two factors
_BESIDE_WORD = re.compile(r"(\\mathrm\{\w+\}(?:_\{(?:[^{}]|\{[^{}]*\})*\})?(?:\^\{[^{}]*\})?)\0|\0(?=\\mathrm)")


def in_line(formula: sp.Basic, *, breaking: bool = False) -> str:
    """The formula in LaTeX, without delimiters; breaking: with places where a line may end.

    >>> d, loss = sp.symbols("d loss")
    >>> print(in_line(3*loss*d/(1 - d)))
    3 d\\, \\mathrm{loss}/{(1 - d)}
    """
    printed = str(_Latex(breaking=breaking).doprint(formula))
    return _kept(printed.replace(r"\left(", "(").replace(r" \right)", ")").replace(r"\right)", ")"))


def plus_first(terms: list[sp.Expr]) -> list[sp.Expr]:
    """``k - a`` rather than ``-a + k``."""
    return sorted(terms, key=lambda term: bool(term.could_extract_minus_sign()))


class _Latex(LatexPrinter):  # type: ignore[misc]
    """Formulas of one line's height, as they stand among words and in cells: a slash for every fraction, thin spaces beside names of several letters.

    breaking: long formulas get places to break, after a slash and in a long product before brackets, but not after a single letter.
    """

    def __init__(self, *, breaking: bool = False) -> None:
        super().__init__({"ln_notation": True})
        self._breaking, self._slash = breaking, r"/\allowbreak " if breaking else "/"

    def _as_ordered_terms(self, expression: sp.Expr, order: str | None = None) -> list[sp.Expr]:
        return plus_first(list(super()._as_ordered_terms(expression, order=order)))

    def _print_Symbol(self, symbol: sp.Symbol, style: str = "plain") -> str:
        return latex_name(symbol.name)

    def _print_Float(self, number: sp.Float) -> str:
        return _scientific(format(float(number), ".6g"))

    def _print_Rational(self, number: sp.Rational) -> str:
        return str(number.p) if number.q == 1 else f"{number.p}/{number.q}"

    def _print_Pow(self, power: sp.Pow) -> str:
        if power.exp.is_Rational and power.exp.is_negative:
            return self._over("1", [power.base**-power.exp])
        return str(super()._print_Pow(power))

    def _print_Mul(self, product: sp.Mul) -> str:
        number, above, below = sp.Integer(1), list[sp.Expr](), list[sp.Expr]()
        for factor in product.args:
            base, exponent = factor.as_base_exp()
            if factor.is_Rational:
                number *= factor
            elif exponent.is_negative:
                below.append(sp.Pow(base, -exponent))
            else:
                above.append(factor)
        if not below and number.q == 1:
            return self._side_by_side(product)
        above = ([sp.Integer(abs(number.p))] if abs(number.p) != 1 else []) + above
        below = ([sp.Integer(number.q)] if number.q != 1 else []) + below
        top = self._side_by_side(sp.Mul(*above, evaluate=False)) if len(above) > 1 else self._bracketed(above[0], above[0].is_Add) if above else "1"
        return ("- " if number.is_negative else "") + self._over(top, below)

    def _over(self, top: str, below: list[sp.Expr]) -> str:
        whole = sp.Mul(*below, evaluate=False) if len(below) > 1 else below[0]
        bottom = self._bracketed(whole, whole.is_Add or whole.is_Mul)
        return top + (self._slash if len(bottom) > _SHORT else "/") + bottom

    def _bracketed(self, formula: sp.Expr, needed: bool) -> str:
        text = self._side_by_side(formula) if formula.is_Mul else self._print(formula)
        return f"({text})" if needed else str(text)

    def _side_by_side(self, product: sp.Mul) -> str:
        """A product without a fraction."""
        before, self._settings["mul_symbol_latex"] = self._settings["mul_symbol_latex"], _BETWEEN
        try:
            text = _BESIDE_WORD.sub(lambda found: (found[1] or "") + r"\, ", str(super()._print_Mul(product)))
        finally:
            self._settings["mul_symbol_latex"] = before
        if self._breaking and len(text) > _LONG:
            text = _BRACKETS.sub(r"\1\\allowbreak ", text)
        return text.replace(_BETWEEN, " ")


def _scientific(text: str) -> str:
    mantissa, mark, exponent = text.lower().partition("e")
    return rf"{mantissa}\times 10^{{{int(exponent)}}}" if mark else mantissa


def _kept(latex: str) -> str:
    """Short brackets as one piece each, which no line breaks.

    >>> _kept("(1 - p) (q + 1)^{2} - \\\\min(p - 1, q)")
    '{(1 - p)} {(q + 1)^{2}} - \\\\min(p - 1, q)'
    """
    text, depth, place = "", 0, 0
    while place < len(latex):
        letter = latex[place]
        depth += (letter == "{") - (letter == "}")
        end = _closing(latex, place) if letter == "(" and not depth and not re.search(r"\\[A-Za-z]+$", latex[:place]) else 0
        if end and re.search("[-+]", inside := latex[place:end]) and len(_MARKS.sub("", inside)) <= _WHOLE:
            raised = re.match(r"\^\{[^{}]*\}", latex[end:])  # inside, or it stands too high
            end += raised.end() if raised else 0
            text, place = text + "{" + latex[place:end] + "}", end
        else:
            text, place = text + letter, place + 1
    return text


def _closing(latex: str, place: int) -> int:
    """Where the bracket that opens at a place has closed."""
    depth = 0
    for end in range(place, len(latex)):
        depth += (latex[end] == "(") - (latex[end] == ")")
        if not depth:
            return end + 1
    return 0
