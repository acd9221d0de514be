"""The sign of an expression on a region, proved: never more precise than what was settled."""

from collections.abc import Iterable, Iterator
from enum import Enum
from itertools import product

import sympy as sp

from bargain.errors import NotApplicable
from bargain.regions.cells import EQ, GE, GT, LE, LT, NE, Cell, Region, canonical
from bargain.regions.explore import number_sign
from bargain.regions.space import Space


class Sign(Enum):
    """The sign of an expression on the whole of a region.

    ``+``, ``-`` and ``0`` hold at every point, proved. ``>= 0`` and ``<= 0`` are proved too, but there the
    value zero occurs, or could not be excluded. ``changes sign``: both strict signs occur. ``not decided``:
    neither sign could be excluded, and at least one not confirmed either. ``not defined``: the question has no
    meaning, as for a derivative across the hypersurface on which a regime lies, or where several equilibria coexist.
    """

    POSITIVE = "+"
    NEGATIVE = "-"
    ZERO = "0"
    WEAKLY_POSITIVE = ">= 0"
    WEAKLY_NEGATIVE = "<= 0"
    CHANGES = "changes sign"
    NOT_DECIDED = "not decided"
    UNDEFINED = "not defined"

    def __str__(self) -> str:
        return self.value

    def __mul__(self, other: "Sign") -> "Sign":
        """The sign of a product.

        >>> print(Sign.NEGATIVE * Sign.WEAKLY_POSITIVE, "|", Sign.CHANGES * Sign.ZERO, "|", Sign.NEGATIVE * Sign.CHANGES)
        <= 0 | 0 | changes sign
        """
        if Sign.UNDEFINED in (self, other):
            return Sign.UNDEFINED
        if Sign.ZERO in (self, other):
            return Sign.ZERO
        if self in _DIRECTED and other in _DIRECTED:
            up = _DIRECTED[self][0] == _DIRECTED[other][0]
            return _NAMED[up, _DIRECTED[self][1] and _DIRECTED[other][1]]
        strict = self in (Sign.POSITIVE, Sign.NEGATIVE) or other in (Sign.POSITIVE, Sign.NEGATIVE)
        return Sign.CHANGES if strict and Sign.CHANGES in (self, other) else Sign.NOT_DECIDED


_DIRECTED = {Sign.POSITIVE: (True, True), Sign.WEAKLY_POSITIVE: (True, False), Sign.NEGATIVE: (False, True), Sign.WEAKLY_NEGATIVE: (False, False)}
_NAMED = {value: key for key, value in _DIRECTED.items()}


def sign_on(space: Space, expression: sp.Expr, region: Region | Cell) -> Sign:
    """The sign of an expression on a region, where it is defined (points where a denominator vanishes are left out).

    >>> from bargain.notation import Notation, Parameter
    >>> p, c = sp.symbols("p c", real=True)
    >>> space = Space(Notation((Parameter(p, "chance", domain="[0, 1]"), Parameter(c, "cost", domain=">0"))))
    >>> print(*(sign_on(space, e, Cell.of(p > c)) for e in (p, 1 - p, p - c**2, c / p)), sep=" | ")
    + | >= 0 | + | +
    """
    attained, left_open = signs_on(space, expression, region)
    possible = attained | left_open
    if possible & GT and possible & LT:
        return Sign.CHANGES if attained & GT and attained & LT else Sign.NOT_DECIDED
    return {GT: Sign.POSITIVE, LT: Sign.NEGATIVE, EQ: Sign.ZERO, GE: Sign.WEAKLY_POSITIVE, LE: Sign.WEAKLY_NEGATIVE, 0: Sign.UNDEFINED}[possible]


def signs_on(space: Space, expression: sp.Expr, region: Region | Cell) -> tuple[int, int]:
    """The signs (bit masks) that the expression is known to take on a region, and those left undecided."""
    expression = sp.sympify(expression, strict=True)
    if expression.is_number:
        return {-1: LT, 0: EQ, 1: GT}[number_sign(expression)], 0
    above, below = sp.fraction(sp.together(expression))
    body, orientation = space.essential(sp.expand(above) * _odd(below))
    if body.is_Number:
        return {-1: LT, 0: EQ, 1: GT}[orientation], 0
    defined = Cell() if below.is_number else Cell().where(below, NE)
    attained = left_open = 0
    for cell in region.cells if isinstance(region, Region) else (region,):
        for bit in (GT, LT, EQ):
            named = {-1: LT, 0: EQ, 1: GT}[orientation * {GT: 1, LT: -1, EQ: 0}[bit]]
            if attained & named:
                continue
            answer = space.feasible((cell & defined).where(body, bit)).answer
            attained |= named if answer else 0
            left_open |= named if answer is None else 0
    return attained, left_open & ~attained


def _odd(denominator: sp.Expr) -> sp.Expr:
    """The factors of odd power: they carry the sign."""
    constant, factors = sp.factor_list(denominator)
    return sp.Mul(constant, *(factor for factor, power in factors if power % 2))


def smooth_pieces(expression: sp.Expr) -> Iterator[tuple[Cell, sp.Expr]]:
    """The expression without Min, Max, Abs and Piecewise, by open cells that cover all but the kinks.

    >>> x = sp.Symbol("x", real=True)
    >>> list(smooth_pieces(sp.Max(x, 1 - x)))
    [(Cell.of(2*x - 1 < 0), 1 - x), (Cell.of(2*x - 1 > 0), x)]
    """
    kinks = expression.atoms(sp.Min, sp.Max, sp.Abs, sp.Piecewise)
    inner = next((kink for kink in sorted(kinks, key=sp.default_sort_key) if not any(part.atoms(sp.Min, sp.Max, sp.Abs, sp.Piecewise)
                                                                                    for part in kink.args)), None)
    if inner is None:
        yield Cell(), expression
        return
    for cell, value in _branches(inner):
        for more, smooth in smooth_pieces(expression.xreplace({inner: value})):
            if not (cell & more).trivially_empty:
                yield cell & more, smooth


def _branches(kink: sp.Expr) -> Iterator[tuple[Cell, sp.Expr]]:
    if isinstance(kink, sp.Abs):
        (inside,) = kink.args
        yield Cell().where(inside, GT), inside
        yield Cell().where(inside, LT), -inside
        return
    if isinstance(kink, sp.Piecewise):
        yield from _cases(kink)
        return
    wanted = GT if isinstance(kink, sp.Max) else LT
    values = sorted(kink.args, key=sp.default_sort_key, reverse=True)
    for value in values:
        cell = Cell()
        for other in values:
            cell = cell if other is value else cell.where(value - other, wanted)
        yield cell, value


def _cases(kink: sp.Piecewise) -> Iterator[tuple[Cell, sp.Expr]]:
    """The cases of a Piecewise whose conditions are single comparisons, each outside the earlier ones."""
    before = Cell()
    for value, when in kink.args:
        if when == sp.true:
            yield before, value
            return
        if not getattr(when, "is_Relational", False):
            raise NotApplicable(f"the condition {when} is not one comparison", place="piecewise expression", remedy="split it into cases")
        here = Cell.of(when)
        yield before & here, value
        for body, mask in here.atoms:
            before = before & Cell(((body, 7 & ~mask),))


def plain_cells(space: Space, region: Region | Cell) -> Iterator[Cell]:
    """The interior of a region as cells of strict conditions on irreducible bodies; cells of measure zero are left out.

    A condition on a product becomes one alternative per pattern of signs of its factors.
    """
    for cell in region.cells if isinstance(region, Region) else (region,):
        choices = [list(_patterns(space, body, mask)) for body, mask in cell.atoms if mask != NE]
        for combination in product(*choices):
            joined = Cell()
            for part in combination:
                joined = joined & part
            if not joined.trivially_empty and space.feasible(joined).answer is not False:
                yield joined


def _patterns(space: Space, body: sp.Expr, mask: int) -> Iterator[Cell]:
    if mask == EQ:
        return
    reduced, orientation = space.essential(body)
    wanted = (1 if mask & GT else -1) * orientation
    if reduced.is_Number:  # every factor has a known sign
        if wanted > 0:
            yield Cell()
        return
    constant, listed = sp.factor_list(reduced)
    factors = [factor for factor, power in listed if power % 2]
    wanted *= int(sp.sign(constant))
    for signs in product((1, -1), repeat=len(factors)):
        if sp.prod(signs) == wanted:
            yield _strict(zip(factors, signs, strict=True))


def _strict(pairs: Iterable[tuple[sp.Expr, int]]) -> Cell:
    cell = Cell()
    for factor, sign in pairs:
        body, orientation = canonical(factor)
        cell = cell & Cell(((body, GT if sign * orientation > 0 else LT),))
    return cell
