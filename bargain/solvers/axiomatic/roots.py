"""Real roots in closed form, with the signs of their coefficients answered by an oracle.

A polynomial in t is factored first. A factor of degree one or two is solved by formula, its
leading coefficient and discriminant being asked for their signs (a vanishing leading coefficient
lowers the degree, a negative discriminant has no real root). A factor of higher degree
is solved where its coefficients are rational: its roots are exact algebraic numbers, isolated by
Sturm sequences (sympy's `CRootOf`). What is not a polynomial goes to `sympy.solve`.
"""

from dataclasses import dataclass

import sympy as sp

from bargain.errors import NotDecided
from bargain.regions import GT, LT, Oracle


@dataclass(frozen=True)
class Roots:
    """Closed forms of real roots; `complete` if no real root can be missing."""

    values: tuple[sp.Expr, ...]
    complete: bool


def sign(oracle: Oracle, expression: sp.Expr) -> int:
    """-1, 0 or 1: as `oracle.sign`, irrational numbers included (zero is decided by minimal polynomials).

    Factors of one sign on the cell are dropped first, so that a case is split on ``S - d1 - d2`` and not on
    ``S*(S - d1 - d2)`` where S is positive.
    """
    if expression.is_Rational:
        return oracle.sign(expression)
    if expression.is_number:
        zero = expression.equals(0)
        if zero is None:
            raise NotDecided(f"could not decide whether {expression} is zero", remedy="restate the number")
        return 0 if zero else 1 if expression > 0 else -1
    rest: sp.Expr = sp.Integer(1)
    numerator, denominator = sp.fraction(sp.together(expression))
    for factor in sp.Mul.make_args(sp.factor(numerator) * sp.factor(denominator)):
        settled = {GT: 1, LT: -1}.get(oracle.space.sign(factor, oracle.cell))
        rest *= factor if settled is None else settled
    return oracle.sign(rest)


def tidy(expression: sp.Expr) -> sp.Expr:
    """One form for equal expressions: factored if rational, simplified if a radical, an algebraic number as it is.

    >>> a, b = sp.symbols("a b", real=True)
    >>> tidy(a/2 + (b - a)/4), tidy((b - a)/(2 - a)), tidy(1/sp.sqrt(2) - sp.sqrt(2)/2)
    ((a + b)/4, (a - b)/(a - 2), 0)
    """
    if expression.has(sp.CRootOf):
        return expression
    if expression.is_number:
        return sp.radsimp(sp.simplify(expression))
    numerator, denominator = sp.fraction(sp.factor(sp.together(expression)))
    if denominator.is_number:
        expanded = sp.together(sp.expand(expression))
        return expanded if sp.count_ops(expanded) <= sp.count_ops(numerator / denominator) else numerator / denominator
    return _oriented(numerator) / _oriented(denominator) * _turned(numerator) * _turned(denominator)


def _turned(product: sp.Expr) -> int:
    """The sign that `_oriented` takes out of a product."""
    return -1 if sum(_backward(factor) for factor in sp.Mul.make_args(product)) % 2 else 1


def _oriented(product: sp.Expr) -> sp.Expr:
    """The product with every sum turned to start with a positive term."""
    return sp.Mul(*(-factor if _backward(factor) else factor for factor in sp.Mul.make_args(product)))


def _backward(factor: sp.Expr) -> bool:
    """Whether a sum starts (in alphabetical order of its terms) with a negative coefficient."""
    if not factor.is_Add:
        return False
    terms = [term.as_coeff_Mul() for term in factor.args]
    return bool(min((body.is_number, str(body), coefficient) for coefficient, body in terms)[2] < 0)


def real_roots(oracle: Oracle, expression: sp.Expr, t: sp.Symbol) -> Roots:
    """The real roots in t of an expression, on the oracle's cell.

    >>> from bargain.notation import Notation
    >>> from bargain.regions import Cell, Space
    >>> t = sp.Symbol("t", real=True)
    >>> real_roots(Oracle(Space(Notation()), Cell()), t**3 - 2*t, t).values
    (0, sqrt(2), -sqrt(2))
    """
    numerator = sp.fraction(sp.together(expression))[0]
    if not numerator.is_polynomial(t):
        return _solved(expression, t)
    values: dict[sp.Expr, None] = {}
    for factor, _ in sp.factor_list(numerator)[1]:
        if factor.has(t):
            values.update(dict.fromkeys(_of_polynomial(oracle, sp.Poly(factor, t))))
    return Roots(tuple(values), True)


def _of_polynomial(oracle: Oracle, polynomial: sp.Poly) -> list[sp.Expr]:
    coefficients = polynomial.all_coeffs()
    if len(coefficients) > 3 and all(value.is_Rational for value in coefficients):
        return list(dict.fromkeys(polynomial.real_roots()))
    while len(coefficients) > 1 and sign(oracle, coefficients[0]) == 0:
        coefficients = coefficients[1:]
    if len(coefficients) > 3:
        raise NotDecided(f"the roots of {polynomial.as_expr()} have no usable closed form", place="condition on the frontier",
                         remedy="fix every parameter, at=..., or restate the problem with rational numbers and lower degrees")
    if len(coefficients) == 1:
        return []
    if len(coefficients) == 2:
        return [tidy(-coefficients[1] / coefficients[0])]
    return _quadratic(oracle, *coefficients)


def _quadratic(oracle: Oracle, a: sp.Expr, b: sp.Expr, c: sp.Expr) -> list[sp.Expr]:
    discriminant = sp.factor(b**2 - 4 * a * c)
    direction = sign(oracle, discriminant)
    if direction < 0:
        return []
    if direction == 0:
        return [tidy(-b / (2 * a))]
    root = _square_root(discriminant)
    return [tidy((-b + root) / (2 * a)), tidy((-b - root) / (2 * a))]


def _square_root(square: sp.Expr) -> sp.Expr:
    """A square root up to its sign: even powers leave the radical without absolute values."""
    constant, factors = sp.factor_list(square)
    outside, under = sp.Integer(1), constant
    for factor, power in factors:
        outside *= factor ** (power // 2)
        under *= factor ** (power % 2)
    return outside * sp.sqrt(under)


def _solved(expression: sp.Expr, t: sp.Symbol) -> Roots:
    try:
        found = sp.solve(expression, t)
    except NotImplementedError as error:
        raise NotDecided(f"{expression} = 0 has no closed form in {t}", place="first-order condition",
                         remedy="fix parameters, or restate the utilities as polynomials") from error
    return Roots(tuple(value for value in found if not value.has(sp.I, t)), False)
