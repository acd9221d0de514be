"""Curves of completely mixed profiles that run into a strategy, in powers of epsilon.

Trembles are c*epsilon^k. Put into a polynomial condition they leave, for small epsilon, the sign of its coefficient at the lowest
power. Orders k are tried, the smallest first; for each, coefficients c are sought that make all these signs right.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import sympy as sp

from bargain.notation import Notation, Parameter
from bargain.regions import EQ, GE, GT, LE, LT, NE, Cell, Space
from bargain.solvers.information.elimination import Case
from bargain.solvers.information.perturbations import Nearby
from bargain.solvers.information.trembles import EPSILON

_HIGHEST = 4
_ORDERS = 3000


@dataclass(frozen=True)
class Curve:
    """Unknowns as functions of epsilon, and the cell of the family's free symbols on which the curve does what it should."""

    values: dict[sp.Symbol, sp.Expr]
    cell: Cell


def curve(profile: Nearby, case: Case, among: Cell) -> Curve | None:
    """A curve in a solved case, good at some point of `among` (a cell over the free symbols); None if none was found."""
    if any(mask == EQ or not body.is_polynomial() for body, mask in case.cell.atoms) or not all(value.is_rational_function() for value in case.values.values()):
        return None
    left = [symbol for symbol in profile.unknowns if symbol not in case.values]
    size = {symbol: sp.Symbol(f"size {number}", real=True) for number, symbol in enumerate(left)}
    rows = [Parameter(symbol, "coefficient", domain=">0" if old in profile.trembles else "real") for old, symbol in size.items()]
    space = Space(Notation((*rows, *(Parameter(symbol, "free", domain="[0, 1]") for symbol in profile.free))), timeout_ms=2000)
    for orders in _orders(len(left)):
        put = {symbol: profile.mixing.get(symbol, sp.Integer(0)) + size[symbol] * EPSILON**order for symbol, order in zip(left, orders, strict=True)}
        signs = _leading(case.cell, put)
        if signs is None or signs.trivially_empty:
            continue
        verdict = space.feasible(signs & among)
        if not verdict.answer or verdict.witness is None:
            continue
        chosen = {symbol: verdict.witness[symbol] for symbol in size.values()}
        values = {symbol: value.xreplace(chosen) for symbol, value in put.items()}
        values |= {symbol: sp.cancel(sp.together(value.xreplace(values))) for symbol, value in case.values.items()}
        if all(_tends(values[symbol], profile.mixing.get(symbol, sp.Integer(0))) for symbol in profile.unknowns):
            here = Cell()
            for body, mask in signs.atoms:
                here = here.where(body.xreplace(chosen), mask)
            return Curve(values, here)
    return None


def _orders(count: int) -> Iterator[tuple[int, ...]]:
    """Orders of trembles, the smallest sums first; those with a common factor are multiples of others."""
    highest = _HIGHEST
    while highest > 2 and highest**count > _ORDERS:
        highest -= 1
    listed = sorted(product(range(1, highest + 1), repeat=count), key=lambda orders: (sum(orders), orders)) if highest**count <= _ORDERS else [(1,) * count]
    return (orders for orders in listed if not orders or min(orders) == 1)


def _leading(cell: Cell, put: dict[sp.Symbol, sp.Expr]) -> Cell | None:
    """The cell's conditions on the coefficients at the lowest power of epsilon, strict; None if one fails there."""
    found = Cell()
    for body, mask in cell.atoms:
        poly = sp.Poly(sp.expand(body.xreplace(put)), EPSILON)
        if poly.is_zero:
            if not mask & EQ:
                return None
            continue
        lowest = sp.factor_terms(poly.EC())
        found = found.where(lowest, {GE: GT, GT: GT, LE: LT, LT: LT, NE: NE}[mask])
    return found


def _tends(value: sp.Expr, limit: sp.Expr) -> bool:
    """Whether a ratio of polynomials in epsilon tends to a value."""
    top, bottom = sp.fraction(sp.cancel(sp.together(value - limit)))
    return bottom.subs(EPSILON, 0) != 0 and sp.cancel(top.subs(EPSILON, 0)) == 0


__all__ = ["Curve", "curve"]
