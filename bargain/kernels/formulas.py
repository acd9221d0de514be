"""Formulas that are not polynomials, evaluated with the functions of any array library.

`sympy.lambdify` writes code for one library; here the expressions, with their common parts computed once, are walked instead: one
call of the library for each operation, as in the code that lambdify would write.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable
from bargain.kernels.devices import namespace, place_of

__all__ = ["formulas"]

_FUNCTIONS: Mapping[Any, str] = {
    sp.exp: "exp", sp.log: "log", sp.Abs: "abs", sp.sign: "sign", sp.floor: "floor", sp.ceiling: "ceil", sp.sin: "sin", sp.cos: "cos", sp.tan: "tan",
    sp.asin: "asin", sp.acos: "acos", sp.atan: "atan", sp.sinh: "sinh", sp.cosh: "cosh", sp.tanh: "tanh",
}  # fmt: skip
_PAIRED: Mapping[Any, str] = {sp.Add: "add", sp.Mul: "multiply", sp.Max: "maximum", sp.Min: "minimum", sp.And: "logical_and", sp.Or: "logical_or"}
_COMPARED: Mapping[Any, str] = {
    sp.StrictGreaterThan: "greater", sp.GreaterThan: "greater_equal", sp.StrictLessThan: "less", sp.LessThan: "less_equal", sp.Eq: "equal", sp.Ne: "not_equal",
}  # fmt: skip


def formulas(expressions: Sequence[sp.Expr], symbols: Sequence[sp.Symbol]) -> Callable[[Sequence[Any]], Any]:
    """A function from columns (N,) of the symbols, arrays of one library, to an array (len(expressions), N) of that library.

    Raises NotApplicable if an expression holds a function that the array API standard does not have.

    >>> import numpy as np
    >>> x = sp.Symbol("x", positive=True)
    >>> formulas([sp.sqrt(x), sp.Piecewise((1, x > 2), (sp.exp(x), True)), 1 / x], [x])([np.array([1.0, 4.0])]).round(3).tolist()
    [[1.0, 2.0], [2.718, 1.0], [1.0, 0.25]]
    """
    known = (*_FUNCTIONS, *_PAIRED, *_COMPARED, sp.Pow, sp.Piecewise, sp.Not)
    for expression in expressions:
        for part in sp.preorder_traversal(expression):
            if part.args and not isinstance(part, (*known, sp.functions.elementary.piecewise.ExprCondPair)):
                raise NotApplicable(f"{part.func.__name__} has no function in the array API", place="device", remedy="use device='cpu'")
    shared, reduced = sp.cse(list(expressions))

    def evaluate(columns: Sequence[Any]) -> Any:
        xp, place = namespace(*columns), place_of(columns[0])
        values: dict[Any, Any] = dict(zip(symbols, columns, strict=True))
        for symbol, expression in shared:
            values[symbol] = _value(expression, values, xp, place)
        return xp.stack([xp.broadcast_to(_value(expression, values, xp, place), columns[0].shape) for expression in reduced])

    return evaluate


def _value(expression: Any, values: Mapping[Any, Any], xp: Any, place: Any) -> Any:
    if expression in values:
        return values[expression]
    if not expression.args:
        constant = bool(expression) if expression in (sp.true, sp.false) else float(expression)
        return xp.asarray(constant, dtype=xp.bool if isinstance(constant, bool) else xp.float64, device=place)
    if isinstance(expression, sp.Piecewise):
        return _cases(expression, values, xp, place)
    arguments = [_value(argument, values, xp, place) for argument in expression.args]
    for names in (_FUNCTIONS, _COMPARED):
        if expression.func in names:
            return getattr(xp, names[expression.func])(*arguments)
    if expression.func in _PAIRED:
        return reduce(getattr(xp, _PAIRED[expression.func]), arguments)
    return xp.logical_not(arguments[0]) if isinstance(expression, sp.Not) else _power(expression, arguments[0], arguments[1], xp)


def _power(expression: sp.Pow, base: Any, exponent: Any, xp: Any) -> Any:
    if expression.exp == -1:
        return 1.0 / base
    if expression.exp == sp.Rational(1, 2):
        return xp.sqrt(base)
    return base ** int(expression.exp) if expression.exp.is_Integer else xp.pow(base, exponent)


def _cases(expression: sp.Piecewise, values: Mapping[Any, Any], xp: Any, place: Any) -> Any:
    """The first case that holds; nan where none does."""
    found = xp.asarray(xp.nan, dtype=xp.float64, device=place)
    for case, condition in reversed(expression.args):
        found = xp.where(_value(condition, values, xp, place), _value(case, values, xp, place), found)
    return found
