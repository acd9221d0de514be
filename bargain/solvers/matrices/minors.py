"""Bordered minors of a symbolic payoff matrix, and what their signs say about supports.

For payoffs A of p replies against q strategies, a set R of k + 1 replies and a set C of k strategies, let
D(R, C) = det [A_RC | 1]. Cramer's rule on the indifference conditions of replies I among which strategies J
make the opponent indifferent (both of size k) gives, with one common sign,

    weight of j  ~  (-1)^(place of j in J) D(I, J less j)          j in J,
    shortfall of i  ~  -(-1)^(place of i in I + i) D(I + i, J)     i not in I,

so the p numbers of a pair (I, J) decide whether it is a vertex of the best-reply polyhedron. All minors
follow from a Laplace recursion in the ring of polynomials (python-flint); numbers such as sqrt(2) and functions
such as exp(-r) enter as further generators, and the sign of a minor is asked of the space, factor by factor.
Source: Dickhaut and Kaplan (1991), The Mathematica Journal 1(4):87-93; von Stengel (2002), Handbook of Game Theory 3.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import Ordering, fmpq, fmpq_mpoly_ctx

from bargain.errors import NotApplicable
from bargain.regions import ANY, EQ, GT, LT, canonical
from bargain.solvers.matrices.witnesses import RememberingSpace

Rows = tuple[int, ...]


class Ring:
    """Polynomials over the rationals in everything that occurs in some expressions."""

    def __init__(self, expressions: Iterable[sp.Expr]) -> None:
        self.parts = {e: sp.fraction(sp.together(e)) for e in expressions}
        polynomials = [part for pair in self.parts.values() for part in pair if not part.is_Rational]
        self.generators: tuple[sp.Expr, ...] = ()
        if polynomials:
            _, options = sp.parallel_poly_from_expr([*polynomials, polynomials[0]])
            self.generators = options.gens
        self.context = fmpq_mpoly_ctx.get(tuple(f"x{k}" for k in range(max(1, len(self.generators)))), Ordering.lex)

    def constant(self, value: int) -> Any:
        """A number as a polynomial."""
        return self.context.constant(fmpq(value))

    def polynomial(self, e: sp.Expr) -> Any:
        """A polynomial expression in the generators as an element of the ring."""
        if e.is_Rational:
            return self.context.constant(fmpq(int(e.p), int(e.q)))
        terms = {}
        for exponents, coefficient in sp.Poly(e, *self.generators).terms():
            if not coefficient.is_Rational:
                raise NotApplicable(f"coefficient {coefficient} is not rational", place="symbolic supports", remedy="write it as a parameter")
            terms[exponents] = fmpq(int(coefficient.p), int(coefficient.q))
        return self.context.from_dict(terms)

    def expression(self, polynomial: Any) -> sp.Expr:
        """A polynomial as a sympy expression."""
        return sp.Add(*(sp.Mul(sp.Rational(int(c.p), int(c.q)), *(g**int(n) for g, n in zip(self.generators, powers, strict=False) if n))
                        for powers, c in polynomial.to_dict().items()))

    def ratio(self, numerator: Any, denominator: Any) -> sp.Expr:
        """numerator / denominator in lowest terms, factored; a minus sign goes into a factor of the numerator."""
        if numerator.is_zero():
            return sp.Integer(0)
        common = numerator.gcd(denominator)
        (above, tops), (below, bottoms) = ((part / common).factor() for part in (numerator, denominator))
        coefficient = sp.Rational(int(above.p), int(above.q)) * sp.Rational(int(below.q), int(below.p))
        factors: list[sp.Expr] = []
        for factor, power in tops:
            turned = coefficient < 0 and int(power) == 1 and len(factor.to_dict()) > 1
            coefficient = -coefficient if turned else coefficient
            factors.append(self.expression(-factor if turned else factor) ** int(power))
        factors += [self.expression(factor) ** -int(power) for factor, power in bottoms]
        if len(factors) == 1 and factors[0].is_Add and coefficient != 1:
            return sp.Mul(coefficient, factors[0], evaluate=False)
        return sp.Mul(coefficient, *factors)


@dataclass(frozen=True)
class Generic:
    """The sign of a polynomial away from the zeros of its factors: `sign` where `body` is None, else `sign` times that of `body`.

    `factors` are those that vanish somewhere on the space.
    """

    sign: int
    body: sp.Expr | None = None
    factors: tuple[sp.Expr, ...] = ()

    @property
    def strict(self) -> int:
        """The sign if it holds everywhere on the space, else 0 (as for a polynomial that is zero everywhere)."""
        return self.sign if self.body is None and not self.factors else 0


class Minors:
    """All bordered minors of one payoff matrix (replies by strategies), with their generic signs."""

    def __init__(self, space: RememberingSpace, ring: Ring, payoffs: Sequence[Sequence[sp.Expr]]) -> None:
        self.space, self.ring = space, ring
        self.replies, self.strategies = len(payoffs), len(payoffs[0])
        self._scale, self._entries = self._cleared(payoffs)
        self._values: dict[tuple[Rows, Rows], Any] = {}
        self._generic: dict[tuple[Rows, Rows], Generic] = {}
        self._signs: dict[sp.Expr, int] = {}

    def _cleared(self, payoffs: Sequence[Sequence[sp.Expr]]) -> tuple[list[Any], list[list[Any]]]:
        """A common denominator for each row, and the row multiplied by it."""
        scales, rows = [], []
        for row in payoffs:
            fractions = [tuple(self.ring.polynomial(part) for part in self.ring.parts[e]) for e in row]
            common = self.ring.constant(1)
            for _, denominator in fractions:
                common = common * (denominator / common.gcd(denominator))
            scales.append(common)
            rows.append([numerator * (common / denominator) for numerator, denominator in fractions])
        return scales, rows

    def value(self, rows: Rows, columns: Rows) -> Any:
        """D(rows, columns) times the common denominators of the rows."""
        key = (rows, columns)
        if key not in self._values:
            if not columns:
                self._values[key] = self._scale[rows[0]]
            else:
                total = self.ring.constant(0)
                for place, row in enumerate(rows):
                    entry = self._entries[row][columns[-1]]
                    if not entry.is_zero():
                        term = entry * self.value(rows[:place] + rows[place + 1:], columns[:-1])
                        total = total + term if (place + len(columns)) % 2 else total - term
                self._values[key] = total
        return self._values[key]

    def generic(self, rows: Rows, columns: Rows) -> Generic:
        """The sign of D(rows, columns)."""
        key = (rows, columns)
        if key not in self._generic:
            self._generic[key] = self._sign([self.value(rows, columns), *(self._scale[row] for row in rows)])
        return self._generic[key]

    def _sign(self, product: Sequence[Any]) -> Generic:
        sign, odd, zeros = 1, dict[sp.Expr, int](), dict[sp.Expr, None]()
        for polynomial in product:
            if polynomial.is_zero():
                return Generic(0)
            constant, factors = polynomial.factor()
            sign *= 1 if constant > 0 else -1
            for factor, power in factors:
                body, turn = canonical(self.ring.expression(factor))
                mask = self._mask(body)
                if mask == EQ:
                    return Generic(0)
                if mask & EQ:
                    zeros[body] = None
                if int(power) % 2:
                    sign *= turn * (1 if not mask & LT else -1 if not mask & GT else 1)
                    if mask & LT and mask & GT:
                        odd[body] = odd.get(body, 0) + 1
        kept = [body for body, count in odd.items() if count % 2]
        if not kept:
            return Generic(sign, None, tuple(zeros))
        body, turn = canonical(sp.Mul(*kept)) if len(kept) > 1 else (kept[0], 1)
        return Generic(sign * turn, body, tuple(zeros))

    def _mask(self, body: sp.Expr) -> int:
        """The signs that a factor may have on the space; both strict ones count as all three."""
        if body.is_Number:
            return GT
        if body not in self._signs:
            self._signs[body] = ANY if self.space.both_signs(body) else self.space.sign(body)
        return self._signs[body]

    def weights(self, tight: Rows, support: Rows) -> tuple[list[Any], Any, Any]:
        """Numerators of the weights of a support, their sum, and the numerator of the value, for tight replies."""
        parts = [self._turned(self.value(tight, support[:t] + support[t + 1:]), t) for t in range(len(support))]
        total = sum(parts[1:], parts[0])
        paid = self.ring.constant(0)
        for part, j in zip(parts, support, strict=True):
            paid = paid + part * self._entries[tight[0]][j]
        return parts, total, (paid, total * self._scale[tight[0]])

    def _turned(self, value: Any, place: int) -> Any:
        return value if place % 2 == 0 else -value

    def conditions(self, tight: Rows, support: Rows) -> list[Generic]:
        """For each weight of the support, then for each other reply in order: a sign that all must share."""
        listed = [_times(self.generic(tight, support[:t] + support[t + 1:]), 1 - 2 * (t % 2)) for t in range(len(support))]
        for i in sorted(set(range(self.replies)) - set(tight)):
            larger = tuple(sorted((*tight, i)))
            listed.append(_times(self.generic(larger, support), 2 * (larger.index(i) % 2) - 1))
        return listed


def _times(generic: Generic, sign: int) -> Generic:
    return generic if sign > 0 else Generic(-generic.sign, generic.body, generic.factors)
