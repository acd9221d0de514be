"""Exact numbers, text to expression without evaluation, and exact evaluation at a point.

Numbers written by people ("0.81", "3/7", "1e-7") become exact rationals. Text that
describes an expression is parsed by a whitelist over Python's own grammar; it is
never executed. Length, depth, digits, exponents and the number of terms after
multiplying out are bounded, so that a short text cannot ask for much work.
"""

import ast
import re
import unicodedata
from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import comb, prod
from typing import Any

import sympy as sp

from bargain.errors import BadInput

_NUMBER = re.compile(r"[+-]?(\d{1,400}(\.\d{0,400})?|\.\d{1,400})([eE][+-]?\d{1,3})?\Z", re.ASCII)
_LIMIT = 4000  # characters of an expression
_DEPTH = 60
_MAX_EXPONENT = 64
_MAX_BITS = 4096  # of a power of two numbers; of any other number, sixteen times as many
_MAX_TERMS = 100_000  # once multiplied out
_MAX_ARGUMENTS = 32
_MAX_GROWTH = 1000  # the largest number in an exponent that is not a number, and in exp(...)
_FUNCTIONS = {"exp": sp.exp, "log": sp.log, "sqrt": sp.sqrt, "Min": sp.Min, "Max": sp.Max, "abs": sp.Abs}
_SEVERAL = ("Min", "Max")
_BINARY: dict[type, Any] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
}


def exact(value: Any) -> sp.Expr:
    """The exact sympy number meant by `value`; a float, alone or in an expression, means its shortest decimal.

    >>> exact("3/7"), exact(0.81), exact("1e-7"), exact(2), exact(0.1 * sp.Symbol("x"))
    (3/7, 81/100, 1/10000000, 2, x/10)
    """
    if isinstance(value, sp.Expr):
        inexact = () if value.is_Rational or value.is_Symbol else value.atoms(sp.Float)  # 0.5*x, made by a float in a model
        return value.xreplace({given: number(repr(float(given))) for given in inexact}) if inexact else value
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
        raise BadInput(f"{text[:60]!r} is not a number", remedy="write an integer, a decimal such as 0.25, or a ratio such as 3/7")
    fractions = [Fraction(part.strip()) for part in parts]
    if len(parts) == 2 and fractions[1] == 0:
        raise BadInput(f"{text[:60]!r} divides by zero", remedy="give a non-zero denominator")
    value = fractions[0] / fractions[1] if len(parts) == 2 else fractions[0]
    return sp.Rational(value.numerator, value.denominator)


def parse(text: str, symbols: Mapping[str, sp.Symbol]) -> sp.Expr:
    """The sympy expression written in `text` over the named `symbols` (whitelisted grammar, never executed).

    >>> w = sp.Symbol("w", real=True)
    >>> parse("(1 - w)/2 + 0.5", {"w": w})
    1 - w/2
    """
    shown = repr(text[:60])
    if len(text) > _LIMIT:
        raise BadInput(f"expression of {len(text)} characters is too long", place=shown, remedy=f"keep it under {_LIMIT}")
    if unicodedata.normalize("NFKC", text) != text or any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co") and c not in " \t\n" for c in text):
        raise BadInput("look-alike, control or invisible characters are not allowed in an expression", place=shown, remedy="type plain letters")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise BadInput(f"{shown} is not an expression", remedy="use + - * / ** and parentheses") from error
    return _Builder(text.strip(), symbols).build(tree.body, 0)


def terms(e: sp.Basic) -> int:
    """A bound on the number of terms of an expression once it is multiplied out; `TypeError` for what is no expression.

    >>> a, b, c = sp.symbols("a b c")
    >>> terms((a + b)**2 * (1 + c)), terms((a + b + c)**400) > 10**4
    (6, True)
    """
    if not isinstance(e, sp.Expr):
        raise TypeError(f"{str(e)[:40]!r} is no expression")
    if e.is_Pow and e.args[1].is_Integer:
        n, t = abs(int(e.args[1])), min(terms(e.args[0]), 10**6)  # type: ignore[call-overload]
        return comb(t + n - 1, n) if n <= 400 else 10**9
    return sum(map(terms, e.args)) if e.is_Add else min(prod(map(terms, e.args)), 10**12) if e.is_Mul else max(map(terms, e.args), default=1)


class _Builder:
    """One text being turned into an expression; every refusal quotes its beginning."""

    def __init__(self, text: str, symbols: Mapping[str, sp.Symbol]) -> None:
        self.text, self.symbols = text, symbols

    def refuse(self, rule: str, remedy: str) -> BadInput:
        return BadInput(rule, place=repr(self.text[:60]), remedy=remedy)

    def build(self, node: ast.AST, depth: int) -> sp.Expr:
        """The expression of a node; sums and products are followed to the left without recursion."""
        if depth > _DEPTH:
            raise self.refuse("expression is nested too deeply", f"keep it under {_DEPTH} levels")
        if not isinstance(node, ast.BinOp):
            return self.leaf(node, depth)
        chain: list[ast.BinOp] = []
        while isinstance(node, ast.BinOp):
            chain.append(node)
            node = node.left
        value = self.leaf(node, depth + 1)
        while chain:
            last, same = chain.pop(), []
            if isinstance(last.op, ast.Add | ast.Sub):  # a run of sums is added up at once
                same = [last]
                while chain and isinstance(chain[-1].op, ast.Add | ast.Sub):
                    same.append(chain.pop())
                rights = [self.build(step.right, depth + 1) for step in same]
                value = self.checked(sp.Add(value, *(r if isinstance(step.op, ast.Add) else -r for step, r in zip(same, rights, strict=True))))
            else:
                value = self.checked(self.binary(last.op, value, self.build(last.right, depth + 1)))
        return value

    def leaf(self, node: ast.AST, depth: int) -> sp.Expr:
        """Numbers, names, signs and functions."""
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
            return number(ast.get_source_segment(self.text, node) or repr(node.value))
        if isinstance(node, ast.Name):
            if node.id not in self.symbols:
                raise BadInput(f"unknown symbol {node.id[:60]!r}", place=repr(self.text[:60]), remedy="known: " + ", ".join(self.symbols))
            return self.symbols[node.id]
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
            inner = self.build(node.operand, depth + 1)
            return -inner if isinstance(node.op, ast.USub) else inner
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _FUNCTIONS and not node.keywords:
            return self.call(node.func.id, [self.build(argument, depth + 1) for argument in node.args])
        if isinstance(node, ast.BinOp):
            return self.build(node, depth)
        raise self.refuse(f"{type(node).__name__} is not allowed in an expression", "use numbers, parameters, + - * / ** and " + ", ".join(_FUNCTIONS))

    def call(self, name: str, arguments: list[sp.Expr]) -> sp.Expr:
        """A function of expressions: real, and no tower of exponentials."""
        if not 1 <= len(arguments) <= (_MAX_ARGUMENTS if name in _SEVERAL else 1):
            raise self.refuse(f"{name} of {len(arguments)} arguments", f"give {'one to ' + str(_MAX_ARGUMENTS) if name in _SEVERAL else 'one'}")
        inner = arguments[0]
        if name == "exp" and (inner.has(sp.exp) or _largest(inner.atoms(sp.Rational)) > _MAX_GROWTH):
            raise self.refuse("the exponential is too large", f"use no number above {_MAX_GROWTH} and no other exponential inside exp(...)")
        if name in ("log", "sqrt") and (inner.is_negative or (name == "log" and inner.is_zero)):
            raise self.refuse(f"{name} of {inner} is not a real number", "check its argument")
        return self.checked(_FUNCTIONS[name](*arguments))

    def binary(self, operator: ast.operator, left: sp.Expr, right: sp.Expr) -> sp.Expr:
        """A product, quotient or power within the bounds."""
        if isinstance(operator, ast.Pow):
            return self.power(left, right)
        if isinstance(operator, ast.Div) and right.is_zero:
            raise self.refuse("division by zero", "check the denominator")
        if type(operator) not in _BINARY:
            raise self.refuse(f"operator {type(operator).__name__} is not allowed", "use + - * / **")
        return _BINARY[type(operator)](left, right)

    def power(self, left: sp.Expr, right: sp.Expr) -> sp.Expr:
        """A power, bounded before it is computed."""
        if right.is_Number and (not right.is_Rational or abs(right) > _MAX_EXPONENT or right.q > _MAX_EXPONENT):
            raise self.refuse(f"exponent {str(right)[:20]} is too large", f"at most {_MAX_EXPONENT}")
        if not right.is_Number and (right.is_number or right.has(sp.exp) or _largest(right.atoms(sp.Rational)) > _MAX_GROWTH):
            raise self.refuse("an exponent is too large or irrational", f"use rational numbers up to {_MAX_GROWTH} and parameters")
        if left.is_Rational and right.is_Rational and max(abs(left.p), left.q).bit_length() * abs(right) > _MAX_BITS:
            raise self.refuse("the power is too large a number", "write it out as a decimal such as 1e30")
        if left.is_zero and not right.is_positive:
            raise self.refuse("zero to a power that is not positive", "check the base")
        if left.is_negative and right.is_Rational and not right.is_Integer:
            raise self.refuse("a root of a negative number is not a real number", "check the base")
        return left**right

    def checked(self, value: sp.Expr) -> sp.Expr:
        """The value, if it is real, and not too much once multiplied out."""
        if value.has(sp.zoo, sp.nan, sp.oo, -sp.oo, sp.I):
            raise self.refuse("not a real number", "check denominators, logarithms and roots")
        if value.is_Rational and max(abs(value.p), value.q).bit_length() > 16 * _MAX_BITS:
            raise self.refuse("the number is too large", "use fewer digits")
        if (size := terms(value)) > _MAX_TERMS:
            raise self.refuse(f"the expression would have up to {size} terms once multiplied out", f"keep it under {_MAX_TERMS}")
        return value


def _largest(numbers: Iterable[Any]) -> Any:
    return max((max(abs(value.p), value.q) for value in numbers), default=0)


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
