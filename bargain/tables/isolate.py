"""Solving one sign condition for one symbol: ``k - a - V*p + V*d*p <= 0`` becomes ``k <= a + V*p*(1 - d)``.

A symbol can be isolated if the polynomial is linear in it and its coefficient is a number or
has a sign that the parameter space proves. Otherwise the terms are sorted so that both
sides of the comparison carry plus signs.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sympy as sp

from bargain.notation import Notation
from bargain.regions.cells import EQ, GE, GT, LE, LT, NE, flip
from bargain.tables.mathematics import tidy, typical_point

if TYPE_CHECKING:
    from bargain.regions.space import Space

_SIGNS = {LT: "<", LE: "<=", EQ: "=", NE: "!=", GE: ">=", GT: ">"}


@dataclass(frozen=True)
class Bound:
    """A comparison ``left sign right``; `symbol` is the left side if it was isolated."""

    left: sp.Expr
    sign: str
    right: sp.Expr
    symbol: sp.Symbol | None = None


@dataclass(frozen=True)
class Preference:
    """Which symbol to solve for: those asked for first, then free payoffs (domain real), then notation order."""

    asked: tuple[str, ...]
    listed: tuple[str, ...]
    free: frozenset[str]
    point: Mapping[sp.Symbol, sp.Expr] = field(hash=False)
    space: "Space | None" = field(compare=False)

    @classmethod
    def of(cls, notation: Notation | None, by: Iterable[str | sp.Symbol] = ()) -> "Preference":
        """The preference for the parameters of a notation."""
        asked = tuple(str(name) for name in by)
        if notation is None:
            return cls(asked, (), frozenset(), {}, None)
        from bargain.regions.space import Space

        free = frozenset(p.name for p in notation if str(p.domain) == "real")
        return cls(asked, tuple(p.name for p in notation), free, typical_point(notation), Space(notation))

    def order(self, symbol: sp.Symbol) -> tuple[int, int, str]:
        """Sorting key: position among the asked, position in the notation, name."""
        name = symbol.name
        return (self.asked.index(name) if name in self.asked else len(self.asked),
                self.listed.index(name) if name in self.listed else len(self.listed), name)

    def rank(self, symbol: sp.Symbol, coefficient: sp.Expr) -> tuple[object, ...]:
        """Smaller is better: asked, number as coefficient, unrestricted, unit coefficient, notation order."""
        first, listed, name = self.order(symbol)
        return (first, not coefficient.is_number, name not in self.free, abs(coefficient) != 1, listed, name)


def bound(body: sp.Expr, mask: int, preference: Preference) -> Bound:
    """The condition ``sign of body in mask`` solved for the preferred symbol.

    >>> w, a = sp.symbols("w a", real=True)
    >>> found = bound(a + w, LT, Preference.of(None, [w]))
    >>> print(found.left, found.sign, found.right)
    w < -a
    """
    choices = sorted(_isolable(body, preference), key=lambda choice: preference.rank(choice[0], choice[1]))
    if not choices:
        return _sides(body, mask, preference)
    symbol, coefficient, orientation = choices[0]
    right = sp.expand(-(body - sp.expand(coefficient * symbol)))
    right = tidy(right / coefficient if coefficient.is_number else sp.factor(right / coefficient), preference.point)
    return Bound(symbol, _SIGNS[mask if orientation > 0 else flip(mask)], right, symbol)


def _isolable(body: sp.Expr, preference: Preference) -> Iterator[tuple[sp.Symbol, sp.Expr, int]]:
    """Symbols in which the body is linear, with their coefficient and its sign."""
    for symbol in sorted(body.free_symbols, key=str):
        coefficient = sp.expand(sp.diff(body, symbol))
        if symbol in coefficient.free_symbols or coefficient == 0:
            continue
        sign = int(sp.sign(coefficient)) if coefficient.is_number else _proved_sign(coefficient, preference)
        if sign:
            yield symbol, coefficient, sign


def _proved_sign(coefficient: sp.Expr, preference: Preference) -> int:
    """+1 or -1 if every factor is linear and has a proved sign, else 0. Linear questions are settled exactly and at once."""
    space = preference.space
    if space is None or not coefficient.free_symbols <= set(space.notation.symbols) or not coefficient.is_polynomial():
        return 0
    constant, factors = sp.factor_list(coefficient)
    sign = int(sp.sign(constant))
    for factor, power in factors:
        if sp.total_degree(factor) != 1:
            return 0
        mask = space.sign(factor)
        if mask not in (LT, GT):
            return 0
        sign *= (1 if mask == GT else -1) ** int(power)
    return sign


def _sides(body: sp.Expr, mask: int, preference: Preference) -> Bound:
    """Nothing to isolate: a product against zero, or plus terms against minus terms."""
    product = sp.factor(body)
    if product.is_Mul and sum(bool(factor.free_symbols) for factor in product.args) > 1:
        return Bound(tidy(product, preference.point), _SIGNS[mask], sp.Integer(0))
    plus = [term for term in sp.Add.make_args(body) if not term.could_extract_minus_sign()]
    minus = [-term for term in sp.Add.make_args(body) if term.could_extract_minus_sign()]
    left, right = (tidy(sp.Add(*terms), preference.point) for terms in (plus, minus))
    return Bound(right, _SIGNS[flip(mask)], left) if left.is_number else Bound(left, _SIGNS[mask], right)
