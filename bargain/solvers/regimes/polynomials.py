"""Polynomials as dictionaries of rational coefficients: quick sums, exact values and bounds on a box.

A monomial is the sorted tuple of its variables' numbers, each repeated to its power: with
variables (x, y), x²y is (0, 0, 1) and 1 is ().
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import gcd, lcm

import sympy as sp

Monomial = tuple[int, ...]
Polynomial = dict[Monomial, Fraction]
Primitive = tuple[tuple[Monomial, int], ...]  # coprime integer coefficients, the first positive, in order of the monomials
Interval = tuple[Fraction | None, Fraction | None]  # None is an infinite end

_DEGREE = 12


def polynomial(expression: sp.Expr, numbers: Mapping[sp.Basic, int]) -> Polynomial | None:
    """The expanded polynomial of an expression in the numbered variables; None if it is not one.

    >>> x, y = sp.symbols("x y", real=True)
    >>> polynomial(x * (y - 2), {x: 0, y: 1}) == {(0, 1): 1, (0,): -2}
    True
    """
    if expression.is_Rational:
        return {(): Fraction(int(expression.p), int(expression.q))} if expression != 0 else {}
    if expression in numbers:
        return {(numbers[expression],): Fraction(1)}
    if expression.is_Add or expression.is_Mul:
        parts = [polynomial(argument, numbers) for argument in expression.args]
        result: Polynomial = {} if expression.is_Add else {(): Fraction(1)}
        for part in parts:
            if part is None:
                return None
            result = plus(result, part) if expression.is_Add else times(result, part)
        return result
    if expression.is_Pow and expression.args[1].is_Integer and 0 < int(expression.args[1]) <= _DEGREE:  # type: ignore[call-overload]
        base = polynomial(expression.args[0], numbers)
        result = {(): Fraction(1)}
        for _ in range(int(expression.args[1])):  # type: ignore[call-overload]
            result = {} if base is None else times(result, base)
        return None if base is None else result
    return None


def plus(left: Polynomial, right: Polynomial, factor: int = 1) -> Polynomial:
    """left + factor · right."""
    result = dict(left)
    for monomial, coefficient in right.items():
        total = result.get(monomial, Fraction(0)) + factor * coefficient
        if total:
            result[monomial] = total
        else:
            result.pop(monomial, None)
    return result


def times(left: Polynomial, right: Polynomial) -> Polynomial:
    """The product."""
    result: Polynomial = {}
    for first, a in left.items():
        for second, b in right.items():
            monomial = tuple(sorted(first + second))
            result[monomial] = result.get(monomial, Fraction(0)) + a * b
    return {monomial: coefficient for monomial, coefficient in result.items() if coefficient}


def primitive(given: Polynomial) -> tuple[Primitive, int]:
    """The polynomial with coprime integer coefficients and positive first one, and the sign it was multiplied by (0 for zero).

    >>> primitive({(): Fraction(1, 2), (0,): Fraction(-3, 4)})
    ((((), 2), ((0,), -3)), 1)
    """
    if not given:
        return (), 0
    scale = lcm(*(coefficient.denominator for coefficient in given.values()))
    whole = {monomial: int(coefficient * scale) for monomial, coefficient in given.items()}
    common = gcd(*whole.values())
    ordered = sorted(whole.items())
    sign = 1 if ordered[0][1] > 0 else -1
    return tuple((monomial, sign * coefficient // common) for monomial, coefficient in ordered), sign


def expression(given: Primitive, variables: Sequence[sp.Expr]) -> sp.Expr:
    """The polynomial as a sympy expression."""
    return sp.Add(*(sp.Mul(coefficient, *(variables[k] for k in monomial)) for monomial, coefficient in given))


def bounds(given: Primitive, box: Sequence[Interval]) -> Interval:
    """An interval that contains every value of the polynomial on a box (term by term: sound, not sharp)."""
    low: Fraction | None = Fraction(0)
    high: Fraction | None = Fraction(0)
    for monomial, coefficient in given:
        ends: Interval = (Fraction(1), Fraction(1))
        for k in dict.fromkeys(monomial):
            ends = product(ends, power(box[k], monomial.count(k)))
        ends = product(ends, (Fraction(coefficient), Fraction(coefficient)))
        low = None if low is None or ends[0] is None else low + ends[0]
        high = None if high is None or ends[1] is None else high + ends[1]
    return low, high


def power(interval: Interval, exponent: int) -> Interval:
    """The range of x^exponent for x in the interval."""
    result = interval
    for _ in range(exponent - 1):
        result = product(result, interval)
    if exponent % 2 == 0 and (result[0] is None or result[0] < 0):
        return Fraction(0), result[1]
    return result


def product(left: Interval, right: Interval) -> Interval:
    """The product of two intervals.

    >>> product((Fraction(0), None), (Fraction(-2), Fraction(3)))
    (None, None)
    >>> product((Fraction(2), None), (Fraction(-2), Fraction(-1)))
    (None, Fraction(-2, 1))
    """
    if left[0] == left[1] == 0 or right[0] == right[1] == 0:
        return Fraction(0), Fraction(0)
    corners = [_corner(a, b, side, other) for side, a in enumerate(left) for other, b in enumerate(right)]
    lows = [value for value, sign in corners if sign <= 0]
    highs = [value for value, sign in corners if sign >= 0]
    low = None if None in lows else min(value for value, _ in corners if value is not None)
    high = None if None in highs else max(value for value, _ in corners if value is not None)
    return low, high


def _corner(a: Fraction | None, b: Fraction | None, side: int, other: int) -> tuple[Fraction | None, int]:
    """a·b and, where it is infinite, its sign (0 for a finite product); side and other are 0 for a lower end, 1 for an upper one."""
    if a is not None and b is not None:
        return a * b, 0
    if a == 0 or b == 0:
        return Fraction(0), 0
    first = (1 if side else -1) if a is None else 1 if a > 0 else -1
    second = (1 if other else -1) if b is None else 1 if b > 0 else -1
    return None, first * second
