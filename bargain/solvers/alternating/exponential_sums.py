"""Sums of terms c * t**m * exp(s*t) with polynomial c and s, multiplied out in a polynomial ring.

Every exponential of t is a generator of the ring, so that products of sums are multiplied out by python-flint and the terms
collected by their power of t and their rate.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import Ordering, fmpq, fmpq_mpoly_ctx


@dataclass(frozen=True)
class ExponentialSum:
    """terms: (c, m, s) with c and s as polynomials in the symbols."""

    symbols: tuple[sp.Symbol, ...]
    terms: tuple[tuple[Any, int, Any], ...]

    def written(self, summands: Sequence[Any]) -> sp.Expr:
        """The sum of polynomials, as an expression that is multiplied out."""
        if not summands:
            return sp.Integer(0)
        total = sum(summands[1:], summands[0])
        return sp.Add(*(sp.Mul(sp.Rational(int(c.p), int(c.q)), *(symbol ** int(power) for symbol, power in zip(self.symbols, powers, strict=False)))
                        for powers, c in total.to_dict().items()))


def exponential_sum(expression: sp.Expr, period: sp.Symbol) -> ExponentialSum | None:
    """The terms of an expression; None if it is no polynomial in symbols and exponentials of their products with the period.

    >>> t, r = sp.symbols("t r", real=True)
    >>> found = exponential_sum((1 - sp.exp(-r*t)) * (1 + r*t), t)
    >>> sorted(m for _, m, _ in found.terms), found.written([c for c, m, _ in found.terms if m == 1])
    ([0, 0, 1, 1], 0)
    """
    functions = sorted((e for e in expression.atoms(sp.exp) if period in e.free_symbols), key=str)
    symbols = tuple(sorted(expression.free_symbols - {period}, key=str))
    plain, whole = _context(len(symbols)), _context(len(symbols) + 1 + len(functions))
    own = _generators(plain, symbols)
    rates: list[Any] = [_polynomial(sp.expand(function.args[0] / period), plain, own) for function in functions]
    product = _polynomial(expression, whole, _generators(whole, (*symbols, period, *functions)))
    if product is None or None in rates:
        return None
    collected: dict[tuple[int, ...], dict[tuple[int, ...], fmpq]] = {}
    for powers, coefficient in product.to_dict().items():
        exponents = tuple(map(int, powers))
        collected.setdefault(exponents[len(symbols):], {})[exponents[:len(symbols)] or (0,)] = coefficient
    terms = [(plain.from_dict(c), power, sum((n * rate for n, rate in zip(times, rates, strict=True)), plain.from_dict({})))
             for (power, *times), c in collected.items()]
    return ExponentialSum(symbols, tuple(terms))


def _context(count: int) -> Any:
    return fmpq_mpoly_ctx.get(tuple(f"x{k}" for k in range(max(1, count))), Ordering.lex)


def _generators(context: Any, listed: Sequence[sp.Expr]) -> dict[sp.Expr, Any]:
    return dict(zip(listed, context.gens(), strict=False))


def _polynomial(e: sp.Expr, context: Any, generators: Mapping[sp.Expr, Any]) -> Any:
    """An expression in the ring; None if it is not in it."""
    if e in generators:
        return generators[e]
    if e.is_Rational:
        return context.from_dict({(0,) * context.nvars(): fmpq(int(e.p), int(e.q))}) if e else context.from_dict({})
    if e.is_Pow and e.args[1].is_Integer and e.args[1].is_positive:
        base = _polynomial(e.args[0], context, generators)
        return None if base is None else base ** int(e.args[1])
    if not (e.is_Add or e.is_Mul):
        return None
    found = None
    for argument in e.args:
        part = _polynomial(argument, context, generators)
        if part is None:
            return None
        found = part if found is None else found + part if e.is_Add else found * part
    return found
