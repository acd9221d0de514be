"""Bounds on a sum of multiples of parameters and of their products, from the parameters' domains alone."""

from collections.abc import Iterable
from fractions import Fraction

import sympy as sp

from bargain.notation import Notation

Range = tuple[Fraction | None, Fraction | None]  # None is an infinite end


class Ranges:
    """Ranges over the domains of one notation.

    >>> from bargain.notation import Parameter
    >>> p, c = sp.symbols("p c", real=True)
    >>> ranges = Ranges(Notation((Parameter(p, "chance", domain="[0, 1]"), Parameter(c, "cost", domain=">=0"))))
    >>> ranges.total([(p, sp.Integer(-2)), (sp.Integer(1), sp.Rational(1, 2))])
    (Fraction(-3, 2), Fraction(1, 2))
    >>> ranges.total([(p * c, sp.Integer(-2))])
    (None, Fraction(0, 1))
    """

    def __init__(self, notation: Notation) -> None:
        self._known: dict[sp.Expr, Range] = {sp.Integer(1): (Fraction(1), Fraction(1))}
        for parameter in notation:
            self._known[parameter.symbol] = _fraction(parameter.domain.low), _fraction(parameter.domain.high)

    def total(self, terms: Iterable[tuple[sp.Expr, sp.Rational]]) -> Range:
        """An interval that contains the sum of coefficient times term, each term bounded by itself."""
        low: Fraction | None = Fraction(0)
        high: Fraction | None = Fraction(0)
        for term, coefficient in terms:
            factor, (least, most) = Fraction(int(coefficient.p), int(coefficient.q)), self._range(term)
            if factor < 0:
                least, most = most, least
            low = None if low is None or least is None else low + factor * least
            high = None if high is None or most is None else high + factor * most
        return low, high

    def _range(self, term: sp.Expr) -> Range:
        """The range of a parameter, or of a product of powers of parameters that are nowhere negative; anything else is unbounded."""
        if term not in self._known:
            low, high = Fraction(1), Fraction(1)
            bounds: Range = (low, high)
            for base, power in term.as_powers_dict().items():
                least, most = self._known.get(base, (None, None)) if power.is_Integer and power > 0 else (None, None)
                if least is None or least < 0:
                    bounds = (None, None)
                    break
                low *= least ** int(power)
                bounds = (low, None if most is None or bounds[1] is None else bounds[1] * most ** int(power))
            self._known[term] = bounds
        return self._known[term]


def _fraction(end: sp.Expr) -> Fraction | None:
    return Fraction(int(end.p), int(end.q)) if end.is_Rational else None
