"""Exponentials as independent symbols, so that identities between them become polynomial.

Each exponent is a sum of rational multiples of monomials m. With L the least common
denominator of the multiples of m, exp(q m) = T_m ** (q L). For rational exponents there is one
generator, a root of e; e is transcendental, so a polynomial in it vanishes only if it is zero.
Where that root would need very high powers (exponents such as 0.08333333333333333), the generators
are the exponents that are no small integer combination of smaller ones.
"""

from collections.abc import Iterable
from itertools import product
from math import lcm

import sympy as sp

_LARGEST = 200  # powers of one generator; beyond, rational exponents are written over several
_SMALL = (0, 1, -1, 2, -2, 3, -3)


def exponentials_apart(expression: sp.Expr) -> tuple[sp.Expr, dict[sp.Symbol, sp.Expr]]:
    """The expression with every exponential written in independent positive symbols, and what these stand for.

    >>> r, t = sp.symbols("r t", positive=True)
    >>> plain, back = exponentials_apart(sp.exp(-r*t)**2 - sp.exp(-2*r*t))
    >>> sp.expand(plain)
    0
    >>> plain, back = exponentials_apart(sp.exp(sp.Rational(1, 2)) * sp.exp(sp.Rational(1, 3)) - sp.exp(sp.Rational(5, 6)))
    >>> sp.expand(plain)
    0
    """
    atoms = sorted(expression.atoms(sp.exp), key=str)
    parts = {atom: [term.as_coeff_Mul(rational=True) for term in sp.Add.make_args(sp.expand(atom.args[0]))] for atom in atoms}
    numbers = {coefficient for terms in parts.values() for coefficient, monomial in terms if monomial == 1}
    if numbers and max(map(abs, numbers)) * lcm(*(int(q.q) for q in numbers)) > _LARGEST:
        written = _combinations(numbers)
        split = {atom: [pair for term in terms for pair in (written[term[0]] if term[1] == 1 else [term])] for atom, terms in parts.items()}
        parts = split
    denominators: dict[sp.Expr, int] = {}
    for terms in parts.values():
        for coefficient, monomial in terms:
            denominators[monomial] = lcm(denominators.get(monomial, 1), int(coefficient.q))
    symbols = {monomial: sp.Dummy("T", positive=True) for monomial in denominators}
    forward = {atom: sp.Mul(*(symbols[m] ** (coefficient * denominators[m]) for coefficient, m in terms)) for atom, terms in parts.items()}
    back = {symbol: sp.exp(monomial / denominators[monomial]) for monomial, symbol in symbols.items()}
    return expression.xreplace(forward), back


def _combinations(numbers: Iterable[sp.Rational]) -> dict[sp.Rational, list[tuple[sp.Rational, sp.Expr]]]:
    """Every number as small integer multiples of a few of them, the smallest first, as pairs (multiple, exponent)."""
    generators: list[sp.Rational] = []
    written: dict[sp.Rational, list[tuple[sp.Rational, sp.Expr]]] = {}
    for number in sorted(numbers, key=lambda q: (abs(q), -q)):
        for weights in product(_SMALL, repeat=min(len(generators), 4)):
            if sum(weight * generator for weight, generator in zip(weights, generators, strict=False)) == number:
                written[number] = [(sp.Integer(w), g) for w, g in zip(weights, generators, strict=False) if w]
                break
        else:
            generators.append(number)
            written[number] = [(sp.Integer(1), number)]
    return written
