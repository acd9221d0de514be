"""Exponentials as independent symbols, so that identities between them become polynomial.

Each exponent is a sum of rational multiples of monomials m. With L the least common
denominator of the multiples of m, exp(q m) = T_m ** (q L). For rational exponents there is one
generator, a root of e; e is transcendental, so a polynomial in it vanishes only if it is zero.
"""

from math import lcm

import sympy as sp


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
    denominators: dict[sp.Expr, int] = {}
    for terms in parts.values():
        for coefficient, monomial in terms:
            denominators[monomial] = lcm(denominators.get(monomial, 1), int(coefficient.q))
    symbols = {monomial: sp.Dummy("T", positive=True) for monomial in denominators}
    forward = {atom: sp.Mul(*(symbols[m] ** (coefficient * denominators[m]) for coefficient, m in terms)) for atom, terms in parts.items()}
    back = {symbol: sp.exp(monomial / denominators[monomial]) for monomial, symbol in symbols.items()}
    return expression.xreplace(forward), back
