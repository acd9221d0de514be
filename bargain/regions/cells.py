"""Sign conditions on expressions, in a canonical form that makes equal conditions equal.

A condition ``e > 0`` is stored as a pair (canonical polynomial, mask). The mask is the
set of signs allowed, as bits: 1 for negative, 2 for zero, 4 for positive, so that
conjunction is bitwise *and*, negation is the complement and ``w < 1`` and ``1 - w > 0``
become the same pair.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sympy as sp

from bargain.errors import BadInput

LT, EQ, LE, GT, NE, GE, ANY = 1, 2, 3, 4, 5, 6, 7
BIT = {-1: LT, 0: EQ, 1: GT}  # of a sign
_RELATIONS: dict[type, int] = {
    sp.StrictLessThan: LT, sp.LessThan: LE, sp.Equality: EQ, sp.StrictGreaterThan: GT, sp.GreaterThan: GE, sp.Unequality: NE,
}
_SYMBOLS = {LT: "<", EQ: "=", LE: "<=", GT: ">", NE: "!=", GE: ">="}
_NOWHERE = ((sp.Integer(1), 0),)  # the atoms of the empty cell


def flip(mask: int) -> int:
    """The mask of -e given the mask of e."""
    return (mask & 2) | (4 if mask & 1 else 0) | (1 if mask & 4 else 0)


def turned(mask: int, orientation: int) -> int:
    """The mask of orientation * e (orientation 1 or -1) given the mask of e."""
    return {1: mask, -1: flip(mask)}[orientation]


@lru_cache(maxsize=200_000)
def canonical(expression: sp.Expr) -> tuple[sp.Expr, int]:
    """A canonical expression with the same zero set, and +1 or -1 for its orientation (0 for the zero expression).

    Denominators are multiplied in (the sign of a ratio is the sign of the product), content,
    squared factors and exponentials that are factors are dropped.

    >>> a, b = sp.symbols("a b", real=True)
    >>> canonical(2*b - 2*a), canonical(sp.Rational(1, 2) - a), canonical(a * sp.exp(b) - 1) == canonical(a - sp.exp(-b))
    ((a - b, -1), (2*a - 1, -1), True)
    """
    if expression.is_Number:
        return sp.Integer(1), int(sp.sign(expression))
    numerator, denominator = sp.fraction(sp.together(expression))
    sign = 1
    factors: Counter[sp.Expr] = Counter()
    for part in (sp.expand(numerator), sp.expand(denominator)):
        if part.is_Number:
            sign *= int(sp.sign(part))
            continue
        constant, listed = sp.factor_list(part)
        sign *= int(sp.sign(constant))
        for factor, power in listed:
            if not (isinstance(factor, sp.exp) and factor.is_positive):
                factors[factor] += power
    if sign == 0:
        return sp.Integer(1), 0
    product = sp.Mul(*(factor if power % 2 else factor**2 for factor, power in factors.items()))
    if product.is_Number:
        return sp.Integer(1), sign * int(sp.sign(product))
    leading, body = _oriented(sp.expand(product))
    return body, sign * leading


def _oriented(polynomial: sp.Expr) -> tuple[int, sp.Expr]:
    """Sign of the leading coefficient (symbols in alphabetical order) and the polynomial made positive there."""
    terms = sp.Add.make_args(polynomial)
    lead = min(terms, key=lambda term: _term_key(term))
    return (1, polynomial) if lead.as_coeff_Mul()[0].is_positive else (-1, sp.expand(-polynomial))


def _term_key(term: sp.Expr) -> tuple[int, str]:
    body = term.as_coeff_Mul()[1]
    return (0 if body.free_symbols else 1, str(body))


@dataclass(frozen=True)
class Cell:
    """A conjunction of sign conditions; `Cell()` is the whole space.

    >>> w = sp.Symbol("w", real=True)
    >>> Cell.of(w > 0, 1 - w >= 0)
    Cell.of(w > 0, w - 1 <= 0)
    """

    atoms: tuple[tuple[sp.Expr, int], ...] = ()

    @classmethod
    def of(cls, *conditions: Any) -> "Cell":
        """The conjunction of sympy relations (or ``True``)."""
        cell = cls()
        for condition in conditions:
            if condition == sp.true:
                continue
            if isinstance(condition, sp.And):
                cell = cell & cls.of(*condition.args)
                continue
            if condition == sp.false:
                cell = cls(_NOWHERE)
                continue
            if type(condition) not in _RELATIONS:
                raise BadInput(f"{condition} is not a conjunction of comparisons", place="condition", remedy="use <, <=, =, >=, >")
            cell = cell.where(condition.lhs - condition.rhs, _RELATIONS[type(condition)])
        return cell

    def where(self, expression: sp.Expr, mask: int) -> "Cell":
        """This cell with the sign of `expression` restricted to `mask`."""
        body, orientation = canonical(sp.sympify(expression, strict=True))
        if body.is_Number:
            return self if BIT[orientation] & mask else Cell(_NOWHERE)
        signs = dict(self.atoms)
        signs[body] = signs.get(body, ANY) & turned(mask, orientation)
        return _sorted(signs)

    def __and__(self, other: "Cell") -> "Cell":
        signs = dict(self.atoms)
        for body, mask in other.atoms:
            signs[body] = signs.get(body, ANY) & mask
        return _sorted(signs)

    def mask(self, expression: sp.Expr) -> int:
        """The signs of `expression` that the atoms of this cell allow by themselves (no reasoning)."""
        body, orientation = canonical(sp.sympify(expression, strict=True))
        if body.is_Number:
            return BIT[orientation]
        return turned(dict(self.atoms).get(body, ANY), orientation)

    @property
    def trivially_empty(self) -> bool:
        """Whether some atom allows no sign at all."""
        return any(mask == 0 for _, mask in self.atoms)

    @property
    def has_equality(self) -> bool:
        """Whether the cell lies on a hypersurface (some atom is an equation)."""
        return any(mask == EQ for _, mask in self.atoms)

    @property
    def symbols(self) -> set[sp.Symbol]:
        """The symbols that occur."""
        return set().union(*(body.free_symbols for body, _ in self.atoms))

    def closure(self) -> "Cell":
        """The weak version: every strict inequality made weak."""
        return _sorted({body: mask | EQ for body, mask in self.atoms})

    def without(self, body: sp.Expr) -> "Cell":
        """This cell without its atom on `body`."""
        return Cell(tuple(atom for atom in self.atoms if atom[0] != body))

    def holds_at(self, signs: Mapping[sp.Expr, int]) -> bool:
        """Whether the cell holds where the canonical bodies have the given signs (-1, 0, 1)."""
        return all(mask & BIT[signs[body]] for body, mask in self.atoms)

    def relations(self) -> tuple[Any, ...]:
        """The atoms as sympy relations against zero."""
        return tuple(_relation(body, mask) for body, mask in self.atoms)

    def __repr__(self) -> str:
        return "Cell.of(" + ", ".join(f"{body} {_SYMBOLS.get(mask, 'never')} 0" for body, mask in self.atoms) + ")"


def _relation(body: sp.Expr, mask: int) -> Any:
    kinds = {mask_: kind for kind, mask_ in _RELATIONS.items()}
    return kinds[mask](body, 0) if mask in kinds else sp.false


def _sorted(signs: Mapping[sp.Expr, int]) -> Cell:
    kept = [(body, mask) for body, mask in signs.items() if mask != ANY]
    return Cell(tuple(sorted(kept, key=lambda atom: text(atom[0]))))


@lru_cache(maxsize=100_000)
def text(body: sp.Expr) -> str:
    """An expression in writing, by which atoms are put in order; writing takes longer than deciding if it is done each time."""
    return str(body)


@dataclass(frozen=True)
class Region:
    """A finite union of cells; `Region()` is empty, `Region((Cell(),))` everything."""

    cells: tuple[Cell, ...] = ()

    @classmethod
    def everything(cls) -> "Region":
        """The whole space."""
        return cls((Cell(),))

    @classmethod
    def union(cls, parts: Iterable["Region | Cell"]) -> "Region":
        """The union of cells and regions, duplicates dropped."""
        cells: dict[Cell, None] = {}
        for part in parts:
            cells.update(dict.fromkeys(part.cells if isinstance(part, Region) else (part,)))
        return cls(tuple(cells))

    def __iter__(self) -> Iterator[Cell]:
        return iter(self.cells)

    @property
    def is_everything(self) -> bool:
        """Whether some cell carries no condition at all."""
        return any(not cell.atoms for cell in self.cells)
