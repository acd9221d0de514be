"""Comparisons of payoffs as numbered conditions.

A *value* is a payoff as a function of the parameters, an *atom* a polynomial (or another expression)
in canonical form. The condition "value a <= value b" is True, False (each certain on the whole space) or a
*literal*: bit 2k for "atom k <= 0", bit 2k + 1 for "atom k >= 0". Sets of conditions are integers.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import lcm
from typing import Any, TypeAlias

import sympy as sp

from bargain.notation import Notation
from bargain.regions import GE, LE, Cell, Space, canonical
from bargain.regions.cells import flip
from bargain.solvers.regimes.levels import Point, named
from bargain.solvers.regimes.polynomials import Interval, Monomial, Polynomial, Primitive, bounds, expression, plus, polynomial, primitive, times

Key: TypeAlias = "Primitive | sp.Expr"  # of an atom: a polynomial, or an expression that is none


def bits(conditions: int) -> Iterator[int]:
    """The numbers of the bits set, from the lowest.

    >>> list(bits(0b1010))
    [1, 3]
    """
    while conditions:
        low = conditions & -conditions
        yield low.bit_length() - 1
        conditions ^= low


class Comparisons:
    """Values, atoms and what is known of them on one parameter space; both are numbered in the order in which they come up."""

    def __init__(self, notation: Notation) -> None:
        self.notation, self.symbols = notation, notation.symbols
        self._numbers: dict[sp.Basic, int] = {symbol: k for k, symbol in enumerate(self.symbols)}
        self._box = [(_fraction(p.domain.low), _fraction(p.domain.high)) for p in notation]
        self.values: list[Polynomial | None] = []
        self.expressions: list[sp.Expr | None] = []
        self.atoms: list[Key] = []
        self._values: dict[Any, int] = {}
        self._by_expression: dict[sp.Expr, int] = {}
        self._atoms: dict[Key, int] = {}
        self._known: dict[Key, int] = {}  # signs possible on the space: 1 negative, 2 zero, 4 positive
        self._scale, self._degree = 1, 0
        self._whole: list[list[tuple[Monomial, int]]] = []
        self._compared: dict[tuple[int, int], int | bool] = {}
        self._canonical: dict[int, tuple[str, sp.Expr, int]] = {}
        for assumption in notation.assumptions:
            body, sign = self._key(*self._pair(assumption.lhs, assumption.rhs))
            mask = {"<": 1, "<=": 3, ">": 4, ">=": 6}.get(assumption.rel_op, 7)
            self._known[body] = mask if sign > 0 else flip(mask)

    def value(self, given: sp.Expr) -> int:
        """The number of a payoff; polynomials that are equal as functions share one."""
        if given not in self._by_expression:
            row = polynomial(given, self._numbers)
            self._by_expression[given] = self._intern(row, given)
        return self._by_expression[given]

    @property
    def polynomial(self) -> bool:
        """Whether every value met so far is a polynomial."""
        return all(row is not None for row in self.values)

    @property
    def degree(self) -> int:
        """The highest degree of the payoffs and atoms met so far."""
        return self._degree

    @property
    def scale(self) -> int:
        """The positive integer that `whole` multiplies values by; it grows when a value with another denominator is met."""
        self._scaled(len(self.values))
        return self._scale

    def whole(self, number: int) -> list[tuple[Monomial, int]]:
        """A polynomial value times `scale`."""
        self._scaled(number + 1)
        return self._whole[number]

    def _scaled(self, count: int) -> None:
        while len(self._whole) < count:
            row = self.values[len(self._whole)] or {}
            common = lcm(self._scale, *(c.denominator for c in row.values()))
            if common != self._scale:
                self._whole = [[(which, c * (common // self._scale)) for which, c in terms] for terms in self._whole]
                self._scale = common
            self._whole.append([(which, c.numerator * (common // c.denominator)) for which, c in row.items()])

    def mixture(self, weights: Sequence[int], parts: Sequence[int]) -> int:
        """The number of the expected value Σ weight · part."""
        rows = [self.values[number] for number in (*weights, *parts)]
        if any(row is None for row in rows):
            return self.value(sp.expand(sp.Add(*(self.formula(w) * self.formula(v) for w, v in zip(weights, parts, strict=True)))))
        total: Polynomial = {}
        for w, v in zip(weights, parts, strict=True):
            total = plus(total, times(self.values[w] or {}, self.values[v] or {}))
        return self._intern(total, None)

    def _intern(self, row: Polynomial | None, given: sp.Expr | None) -> int:
        key: Any = given if row is None else tuple(sorted(row.items()))
        if key not in self._values:
            self._values[key] = len(self.values)
            self._degree = max(self._degree, *(len(which) for which in row or ((),)))
            self.values.append(row)
            self.expressions.append(given)
        return self._values[key]

    def formula(self, number: int) -> sp.Expr:
        """A value as an expression."""
        row, given = self.values[number], self.expressions[number]
        if given is None:
            assert row is not None
            given = sp.Add(*(sp.Mul(sp.Rational(c.numerator, c.denominator), *(self.symbols[k] for k in m)) for m, c in row.items()))
            self.expressions[number] = given
        return given

    def below(self, left: int, right: int) -> int | bool:
        """The condition left <= right between two values: True, False or a literal."""
        if left == right:
            return True
        if (left, right) not in self._compared:
            key, sign = self._key(*self._difference(left, right))
            mask = self._signs(key) if sign else 2
            mask = mask if sign >= 0 else flip(mask)
            literal = 2 * self._atom(key) + (sign < 0) if mask & 4 and mask & 3 else 0
            self._compared[left, right] = True if not mask & 4 else False if not mask & 3 else literal
        return self._compared[left, right]

    def _difference(self, left: int, right: int) -> tuple[Polynomial | None, sp.Expr | None]:
        first, second = self.values[left], self.values[right]
        if first is not None and second is not None:
            return plus(first, second, -1), None
        return None, self.formula(left) - self.formula(right)

    def _pair(self, left: sp.Expr, right: sp.Expr) -> tuple[Polynomial | None, sp.Expr | None]:
        return polynomial(sp.expand(left - right), self._numbers), left - right

    def _key(self, row: Polynomial | None, given: sp.Expr | None) -> tuple[Key, int]:
        """Canonical form and orientation (0 for the zero function)."""
        if row is None:
            assert given is not None
            body, sign = canonical(given)
            row = polynomial(body, self._numbers)
            if row is None:
                return body, sign
            key, turn = primitive(row)
            return key, sign * turn
        return primitive(row)

    def _signs(self, key: Key) -> int:
        if key not in self._known:
            low, high = bounds(key, self._box) if isinstance(key, tuple) else (None, None)
            mask = 7
            if low is not None and low >= 0:
                mask &= 6 if low == 0 else 4
            if high is not None and high <= 0:
                mask &= 3 if high == 0 else 1
            self._known[key] = mask
        return self._known[key]

    def range(self, which: Monomial) -> Interval:
        """An interval that contains the values of a product of parameters."""
        return bounds(((which, 1),), self._box)

    def settle(self, atom: int, mask: int) -> None:
        """Record that an atom has been proved to take only the signs in the mask on the space (later comparisons use it)."""
        self._known[self.atoms[atom]] = mask
        self._compared = {pair: known for pair, known in self._compared.items() if known is True or known is False or known >> 1 != atom}

    def _atom(self, key: Key) -> int:
        if key not in self._atoms:
            self._atoms[key] = len(self.atoms)
            self._degree = max(self._degree, *(len(which) for which, _ in key)) if isinstance(key, tuple) else self._degree
            self.atoms.append(key)
        return self._atoms[key]

    def body(self, atom: int) -> sp.Expr:
        """An atom as an expression."""
        key = self.atoms[atom]
        return expression(key, self.symbols) if isinstance(key, tuple) else key

    def cell(self, conditions: int) -> Cell:
        """A set of conditions as a cell."""
        masks: dict[int, int] = {}
        for literal in bits(conditions):
            masks[literal >> 1] = masks.get(literal >> 1, 7) & (LE if literal % 2 == 0 else GE)
        for atom in masks:
            if atom not in self._canonical:
                body, sign = canonical(self.body(atom))
                self._canonical[atom] = (str(body), body, sign)
        listed = sorted((*self._canonical[atom], mask) for atom, mask in masks.items())
        return Cell(tuple((body, mask if sign > 0 else flip(mask)) for _, body, sign, mask in listed))

    def admissible(self, point: Point) -> bool:
        """Whether a point meets every domain and joint assumption."""
        for value, parameter in zip(point, self.notation, strict=True):
            low, high = self._box[self._numbers[parameter.symbol]]
            domain = parameter.domain
            if low is not None and (value < low or (domain.low_open and value == low)):
                return False
            if high is not None and (value > high or (domain.high_open and value == high)):
                return False
        return not self.notation.assumptions or Space(self.notation).contains(named(self.symbols, point))


def _fraction(end: sp.Expr) -> Fraction | None:
    return None if end in (sp.oo, -sp.oo) else Fraction(int(end.p), int(end.q))
