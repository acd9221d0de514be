"""Limits as the period between offers tends to zero, by exact Taylor expansion.

A share is a ratio of sums of products of exponentials of the period. Numerator and
denominator are expanded until their first non-zero term; the ratio of these is the limit.
"""

from functools import lru_cache
from math import factorial

import sympy as sp

from bargain.errors import NotDecided
from bargain.solvers.alternating.exponential_sums import exponential_sum

_HIGHEST = 8


@lru_cache(maxsize=4096)
def leading_term(expression: sp.Expr, period: sp.Symbol) -> tuple[sp.Expr, int]:
    """Coefficient and order of the first non-zero term at period 0.

    >>> d, r = sp.symbols("d r", positive=True)
    >>> leading_term(1 - sp.exp(-r*d), d)
    (r, 1)
    """
    numerator, denominator = sp.fraction(sp.together(expression))
    (top, high), (bottom, low) = _first(numerator, period), _first(denominator, period)
    return top / bottom, high - low


@lru_cache(maxsize=4096)
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
    return sp.factor(coefficient) if order == 0 else sp.Integer(0)


def _first(expression: sp.Expr, period: sp.Symbol) -> tuple[sp.Expr, int]:
    """First non-zero Taylor coefficient of a sum of terms c * t**m * exp(s*t), and its order.

    The coefficient of order n is the sum of c * s**(n - m) / (n - m)! over the terms.
    """
    if expression == 0 or period not in expression.free_symbols:
        return expression, (0 if expression != 0 else _HIGHEST)
    found = exponential_sum(expression, period)
    terms = found.terms if found else [_parts(term, period) for term in sp.Add.make_args(sp.expand(expression))]
    for order in range(_HIGHEST + 1):
        summands = [c * s ** (order - m) / factorial(order - m) for c, m, s in terms if order >= m]
        coefficient = found.written(summands) if found else sp.expand(sp.Add(*summands))
        if coefficient != 0:
            return coefficient, order
    raise NotDecided(f"the first {_HIGHEST} terms of {expression} vanish", place=f"limit {period} -> 0", remedy="simplify the model")


def _parts(term: sp.Expr, period: sp.Symbol) -> tuple[sp.Expr, int, sp.Expr]:
    """A term as (constant, power of the period, rate in its exponential)."""
    constant, power, rate = sp.Integer(1), 0, sp.Integer(0)
    for factor in sp.Mul.make_args(term):
        if period not in factor.free_symbols:
            constant *= factor
        elif isinstance(factor, sp.exp) and sp.diff(factor.args[0], period, 2) == 0 and factor.args[0].subs(period, 0) == 0:
            rate += sp.diff(factor.args[0], period)
        elif factor == period or (factor.is_Pow and factor.base == period and factor.exp.is_Integer and factor.exp > 0):
            power += 1 if factor == period else int(factor.exp)
        else:
            raise NotDecided(f"{factor} is not an exponential or a power of the period", place=f"limit {period} -> 0", remedy="write factors as exp(-r*period)")
    return constant, power, rate
