"""Limits as the period between offers tends to zero, by exact Taylor expansion.

A share is a ratio of sums of products of exponentials of the period. Numerator and
denominator are expanded until their first non-zero term; the ratio of these is the limit.
"""

import sympy as sp

from bargain.errors import NotDecided

_ORDERS = (1, 2, 4, 6)


def leading_term(expression: sp.Expr, period: sp.Symbol) -> tuple[sp.Expr, int]:
    """Coefficient and order of the first non-zero term at period 0.

    >>> d, r = sp.symbols("d r", positive=True)
    >>> leading_term(1 - sp.exp(-r*d), d)
    (r, 1)
    """
    numerator, denominator = sp.fraction(sp.together(expression))
    (top, high), (bottom, low) = _first(numerator, period), _first(denominator, period)
    return sp.factor(top / bottom), high - low


def limit_at_zero(expression: sp.Expr, period: sp.Symbol) -> sp.Expr:
    """The limit of the expression as the period tends to zero.

    >>> d, r, s = sp.symbols("d r s", positive=True)
    >>> limit_at_zero((1 - sp.exp(-s*d)) / (1 - sp.exp(-(r + s)*d)), d)
    s/(r + s)
    """
    if period not in expression.free_symbols:
        return expression
    coefficient, order = leading_term(expression, period)
    if order < 0:
        raise NotDecided(f"{expression} grows without bound", place=f"limit {period} -> 0", remedy="check the model")
    return coefficient if order == 0 else sp.Integer(0)


def _first(expression: sp.Expr, period: sp.Symbol) -> tuple[sp.Expr, int]:
    """First non-zero Taylor coefficient and its order, expanding only as far as needed."""
    if expression == 0 or period not in expression.free_symbols:
        return expression, (0 if expression != 0 else _ORDERS[-1])
    for order in _ORDERS:
        truncated = sp.expand(expression.replace(lambda e: isinstance(e, sp.exp) and period in e.free_symbols,
                                                 lambda e, n=order: sp.Add(*(e.args[0] ** k / sp.factorial(k) for k in range(n + 1)))))
        for power, coefficient in enumerate(sp.Poly(truncated, period).all_coeffs()[::-1][: order + 1]):
            if sp.expand(coefficient) != 0:
                return coefficient, power
    raise NotDecided(f"the first {_ORDERS[-1]} terms of {expression} vanish", place=f"limit {period} -> 0", remedy="simplify the model")
