"""Conditions as sides of hyperplanes, and the volume of a union of their intersections inside a polytope, exactly.

A product of affine functions has the sign of its factors of odd power. The union of several intersections of half-spaces is measured by
splitting the polytope along one plane after the other, so that overlaps count once.
"""

from fractions import Fraction

import sympy as sp

from bargain.errors import NotApplicable
from bargain.kernels.volume import Polytope, split, volume
from bargain.regions.explore import number_sign

Plane = tuple[tuple[Fraction, ...], Fraction]  # normal and constant of an affine function


class TooManyPieces(Exception):  # noqa: N818 - a control signal, not an error
    """The union takes more pieces than allowed."""


def affine_factors(body: sp.Expr, symbols: list[sp.Symbol]) -> tuple[list[Plane], int]:
    """The affine factors of odd power as planes, and the sign to multiply with."""
    if not body.is_polynomial(*symbols):
        raise NotApplicable(f"{body} is not polynomial", place="exact volume", remedy="the share is estimated instead")
    whole = sp.Poly(body, *symbols)
    constant, listed = (sp.Integer(1), [(whole, 1)]) if whole.total_degree() == 1 else whole.factor_list()
    sign, planes = number_sign(constant), []
    for factor, power in listed:
        if power % 2:
            plane, orientation = _plane(factor, symbols)
            planes.append(plane)
            sign *= orientation
    return planes, sign


def _plane(factor: sp.Poly, symbols: list[sp.Symbol]) -> tuple[Plane, int]:
    """The plane where an affine polynomial vanishes, its first slope scaled to 1, and the sign of that slope."""
    numbers = [factor.coeff_monomial(monomial) for monomial in (*symbols, 1)]
    if factor.total_degree() > 1 or not all(number.is_Rational for number in numbers):
        raise NotApplicable(f"{factor.as_expr()} is not affine", place="exact volume", remedy="the share is estimated instead")
    rational = [Fraction(int(number.p), int(number.q)) for number in numbers]
    lead = next(number for number in rational if number)
    return (tuple(number / lead for number in rational[:-1]), rational[-1] / lead), 1 if lead > 0 else -1


def union(body: Polytope, parts: list[dict[int, int]], planes: list[Plane], budget: list[int]) -> Fraction:
    """The volume of the part of a polytope that lies in at least one of the parts, each a set of sides of numbered planes."""
    if not parts:
        return Fraction(0)
    budget[0] -= 1
    if budget[0] < 0:
        raise TooManyPieces
    smallest = min(parts, key=len)
    if not smallest:
        return volume(body)
    chosen = max(smallest, key=lambda plane: sum(plane in part for part in parts))
    total = Fraction(0)
    for side, piece in zip((-1, 1), split(body, *planes[chosen]), strict=True):
        if piece is not None:
            left = [{plane: at for plane, at in part.items() if plane != chosen} for part in parts if part.get(chosen, side) == side]
            total += union(piece, left, planes, budget)
    return total
