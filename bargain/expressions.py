"""Exact numbers, text to expression without evaluation, and exact evaluation at a point.

Numbers written by people ("0.81", "3/7", "1e-7") become exact rationals. Text that
describes an expression is parsed by a whitelist over Python's own grammar; it is
never executed.
"""

import ast
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import sympy as sp

from bargain.errors import BadInput

_NUMBER = re.compile(r"[+-]?(\d{1,400}(\.\d{0,400})?|\.\d{1,400})([eE][+-]?\d{1,3})?\Z", re.ASCII)
_LIMIT = 4000  # characters of an expression
_DEPTH = 60
_MAX_EXPONENT = 64
_MAX_BITS = 4096
_FUNCTIONS = {"exp": sp.exp, "log": sp.log, "sqrt": sp.sqrt, "Min": sp.Min, "Max": sp.Max, "abs": sp.Abs}
_BINARY: dict[type, Any] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
}


def exact(value: Any) -> sp.Expr:
    """The exact sympy number meant by `value`; a float means its shortest decimal.

    >>> exact("3/7"), exact(0.81), exact("1e-7"), exact(2)
    (3/7, 81/100, 1/10000000, 2)
    """
    if isinstance(value, sp.Expr):
        return value
    if isinstance(value, bool):
        raise BadInput(f"{value!r} is a truth value, not a number", remedy="write 0 or 1")
    if isinstance(value, int):
        return sp.Integer(value)
    if isinstance(value, Fraction):
        return sp.Rational(value.numerator, value.denominator)
    if isinstance(value, float) or hasattr(value, "dtype"):
        return number(repr(float(value)))
    return number(str(value))


def number(text: str) -> sp.Rational:
    """The rational written as an integer, a decimal, a power of ten or a ratio of two of them.

    >>> number("-0.05"), number("1/3")
    (-1/20, 1/3)
    """
    parts = text.strip().split("/")
    if len(parts) > 2 or not all(_NUMBER.match(part.strip()) for part in parts):
        raise BadInput(f"{text!r} is not a number", remedy="write an integer, a decimal such as 0.25, or a ratio such as 3/7")
    fractions = [Fraction(part.strip()) for part in parts]
    if len(parts) == 2 and fractions[1] == 0:
        raise BadInput(f"{text!r} divides by zero", remedy="give a non-zero denominator")
    value = fractions[0] / fractions[1] if len(parts) == 2 else fractions[0]
    return sp.Rational(value.numerator, value.denominator)


def parse(text: str, symbols: Mapping[str, sp.Symbol]) -> sp.Expr:
    """The sympy expression written in `text` over the named `symbols` (whitelisted grammar, never executed).

    >>> w = sp.Symbol("w", real=True)
    >>> parse("(1 - w)/2 + 0.5", {"w": w})
    1 - w/2
    """
    if len(text) > _LIMIT:
        raise BadInput(f"expression of {len(text)} characters is too long", remedy=f"keep it under {_LIMIT}")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise BadInput(f"{text!r} is not an expression", remedy="use + - * / ** and parentheses") from error
    return _build(tree.body, symbols, text, 0)


def _build(node: ast.AST, symbols: Mapping[str, sp.Symbol], text: str, depth: int) -> sp.Expr:
    if depth > _DEPTH:
        raise BadInput("expression is nested too deeply", place=repr(text[:40]), remedy=f"keep it under {_DEPTH} levels")
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return number(ast.get_source_segment(text.strip(), node) or repr(node.value))
    if isinstance(node, ast.Name):
        if node.id not in symbols:
            raise BadInput(f"unknown symbol {node.id!r}", place=repr(text[:60]), remedy="known: " + ", ".join(symbols))
        return symbols[node.id]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        inner = _build(node.operand, symbols, text, depth + 1)
        return -inner if isinstance(node.op, ast.USub) else inner
    if isinstance(node, ast.BinOp):
        left, right = (_build(side, symbols, text, depth + 1) for side in (node.left, node.right))
        return _binary(node.op, left, right, text)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _FUNCTIONS and not node.keywords:
        return _FUNCTIONS[node.func.id](*(_build(argument, symbols, text, depth + 1) for argument in node.args))
    raise BadInput(f"{type(node).__name__} is not allowed in an expression", place=repr(text[:60]),
                   remedy="use numbers, parameters, + - * / ** and " + ", ".join(_FUNCTIONS))


def _binary(operator: ast.operator, left: sp.Expr, right: sp.Expr, text: str) -> sp.Expr:
    if isinstance(operator, ast.Pow):
        if right.is_Number and (not right.is_Rational or abs(right) > _MAX_EXPONENT):
            raise BadInput(f"exponent {right} is too large", place=repr(text[:60]), remedy=f"at most {_MAX_EXPONENT}")
        if left.is_Rational and right.is_Rational and max(abs(left.p), left.q).bit_length() * abs(right) > _MAX_BITS:
            raise BadInput("the power is too large a number", place=repr(text[:60]), remedy="write it out as a decimal such as 1e30")
        return left**right
    if isinstance(operator, ast.Div) and right.is_zero:
        raise BadInput("division by zero", place=repr(text[:60]), remedy="check the denominator")
    if type(operator) not in _BINARY:
        raise BadInput(f"operator {type(operator).__name__} is not allowed", place=repr(text[:60]), remedy="use + - * / **")
    return _BINARY[type(operator)](left, right)


class Evaluator:
    """Exact values of many expressions at one point, sharing common subexpressions.

    Rational results are sympy Rationals; anything irrational stays an exact sympy number.

    >>> x, y = sp.symbols("x y", real=True)
    >>> Evaluator({x: sp.Rational(1, 3)})(x*y + x**2)
    y/3 + 1/9
    """

    def __init__(self, values: Mapping[sp.Symbol, Any]) -> None:
        self._fractions: dict[sp.Basic, Fraction | None] = {}
        self._values = {symbol: exact(value) for symbol, value in values.items()}
        for symbol, value in self._values.items():
            self._fractions[symbol] = Fraction(value.p, value.q) if value.is_Rational else None

    def __call__(self, expression: sp.Expr) -> sp.Expr:
        value = self._fraction(expression)
        if value is not None:
            return sp.Rational(value.numerator, value.denominator)
        return sp.sympify(expression, strict=True).xreplace(self._values)

    def _fraction(self, e: sp.Basic) -> Fraction | None:
        if e in self._fractions:
            return self._fractions[e]
        value = self._compute(e)
        self._fractions[e] = value
        return value

    def _compute(self, e: sp.Basic) -> Fraction | None:
        if e.is_Rational:
            return Fraction(int(e.p), int(e.q))  # type: ignore[attr-defined]
        if e.is_Pow and e.args[1].is_Integer:
            base = self._fraction(e.args[0])
            exponent = int(e.args[1])  # type: ignore[call-overload]
            return None if base is None or (base == 0 and exponent < 0) else base**exponent
        if not (e.is_Add or e.is_Mul or isinstance(e, sp.Min | sp.Max)):
            return None
        parts = [self._fraction(argument) for argument in e.args]
        if any(part is None for part in parts):
            return None
        numbers = [part for part in parts if part is not None]
        if e.is_Mul:
            product = Fraction(1)
            for part in numbers:
                product *= part
            return product
        return sum(numbers, Fraction(0)) if e.is_Add else (min if isinstance(e, sp.Min) else max)(numbers)
