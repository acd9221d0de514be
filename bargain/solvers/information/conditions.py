"""Polynomial conditions on parameters and on unknowns of the unit interval: empty or not, signs, and what is linear in what."""

from collections.abc import Iterable

import sympy as sp

from bargain.notation import Domain, Notation, Parameter
from bargain.regions import EQ, GE, GT, LE, LT, Cell, Space
from bargain.regions.explore import number_sign

_UNIT = Domain.parse("[0, 1]")
_EVERYWHERE = Cell()
_BITS = {-1: LT, 0: EQ, 1: GT}


class Unsolved(Exception):  # noqa: N818 - a control signal: this case is reported as left open, never dropped
    """An equation, or a projection, that the methods here do not settle."""


class Conditions:
    """Decisions over one parameter space, widened as needed: a variable that is not a parameter is an unknown of [0, 1]."""

    def __init__(self, notation: Notation, *, timeout_ms: int = 3000) -> None:
        self.notation, self.timeout_ms = notation, timeout_ms
        self.parameters = set(notation.symbols)
        self.undecided = 0
        self._spaces: dict[frozenset[sp.Symbol], Space] = {}

    @property
    def queries(self) -> int:
        """How many questions were put to the decider."""
        return sum(space.queries for space in self._spaces.values())

    def space(self, symbols: Iterable[sp.Symbol]) -> Space:
        """The parameter space widened by the unknowns among some symbols."""
        unknowns = frozenset(symbols) - self.parameters
        if unknowns not in self._spaces:
            rows = (Parameter(symbol, "unknown", domain=_UNIT) for symbol in sorted(unknowns, key=str))
            self._spaces[unknowns] = Space(Notation((*self.notation.parameters, *rows), self.notation.assumptions), timeout_ms=self.timeout_ms)
        return self._spaces[unknowns]

    def feasible(self, cell: Cell) -> bool:
        """False only where the cell is proved empty."""
        if cell.trivially_empty:
            return False
        if not cell.atoms:
            return True
        answer = self.space(cell.symbols).feasible(cell).answer
        self.undecided += answer is None
        return answer is not False

    def sign(self, expression: sp.Expr, cell: Cell = _EVERYWHERE) -> int:
        """The signs that an expression can take on a cell, as a mask."""
        if expression.is_number:
            return _BITS[number_sign(expression)]
        return self.space(expression.free_symbols | cell.symbols).sign(expression, cell)

    def where(self, cell: Cell, expression: sp.Expr, mask: int) -> Cell:
        """The cell with one more condition; factors of known sign are dropped."""
        expression = sp.sympify(expression, strict=True)
        if expression.is_number:
            return cell if _BITS[number_sign(expression)] & mask else Cell(((sp.Integer(1), 0),))
        body, orientation = self.space(expression.free_symbols).essential(expression)
        return cell.where(orientation * body, mask)


def within(cell: Cell, unknowns: Iterable[sp.Symbol], *, closed: bool) -> Cell:
    """The cell with every unknown in the unit interval, its ends included or not."""
    for unknown in unknowns:
        cell = cell.where(unknown, GE if closed else GT).where(unknown - 1, LE if closed else LT)
    return cell


def affine(expression: sp.Expr, unknown: sp.Symbol) -> tuple[sp.Expr, sp.Expr] | None:
    """(a, b) with expression = a*unknown + b, or None."""
    if not expression.is_polynomial(unknown):
        return None
    poly = sp.Poly(expression, unknown)
    return (poly.coeff_monomial(unknown), poly.coeff_monomial(1)) if poly.degree() == 1 else None


__all__ = ["Conditions", "Unsolved", "affine", "within"]
