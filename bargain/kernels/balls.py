"""Ball arithmetic for expressions of one variable: enclosures that are proved, by Arb (Johansson 2017, IEEE Transactions on Computers 66:1281-1292).

A ball is a middle and a radius; every operation returns a ball that contains all results. A sign is told only where the ball
does not contain zero.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable

_BITS = 400


@dataclass(frozen=True)
class Ball:
    """An enclosure of real numbers.

    >>> Ball.over(Fraction(1, 3), Fraction(1, 2)).positive, (Ball.at(2) - Ball.over(Fraction(1), Fraction(3))).sign()
    (True, 0)
    """

    value: Any

    @classmethod
    def at(cls, number: Fraction | int) -> "Ball":
        """One rational number."""
        import flint

        number = Fraction(number)
        return cls(_exactly(lambda: flint.arb(number.numerator) / flint.arb(number.denominator)))

    @classmethod
    def over(cls, low: Fraction, high: Fraction) -> "Ball":
        """An interval."""
        return cls.at(low).hull(cls.at(high))

    def hull(self, other: "Ball") -> "Ball":
        """The least ball that contains both."""
        return Ball(_exactly(lambda: self.value.union(other.value)))

    def maximum(self, other: "Ball") -> "Ball":
        """The greater of the two values."""
        return Ball(_exactly(lambda: self.value.max(other.value)))

    @property
    def positive(self) -> bool:
        """Whether every number in the ball is positive."""
        return bool(self.value > 0)

    @property
    def negative(self) -> bool:
        """Whether every number in the ball is negative."""
        return bool(self.value < 0)

    def sign(self) -> int:
        """1 or -1 where that is certain, else 0."""
        return int(self.positive) - int(self.negative)

    def __add__(self, other: "Ball") -> "Ball":
        return Ball(_exactly(lambda: self.value + other.value))

    def __sub__(self, other: "Ball") -> "Ball":
        return Ball(_exactly(lambda: self.value - other.value))

    def __mul__(self, other: "Ball") -> "Ball":
        return Ball(_exactly(lambda: self.value * other.value))

    def __truediv__(self, other: "Ball") -> "Ball":
        return Ball(_exactly(lambda: self.value / other.value))


def ball(number: sp.Expr) -> Ball:
    """A ball around an exact number."""
    return compiled(number, sp.Dummy())(Ball.at(0))


def compiled(expression: sp.Expr, variable: sp.Symbol) -> Callable[[Ball], Ball]:
    """The expression as a function of balls: sums, products, powers, exponentials and logarithms.

    >>> x = sp.Symbol("x")
    >>> compiled(sp.sqrt(x) - sp.exp(-x), x)(Ball.at(1)).positive
    True
    """
    if expression == variable:
        return lambda x: x
    if expression.is_Rational:
        constant = Ball.at(Fraction(int(expression.p), int(expression.q)))
        return lambda x: constant
    parts = [compiled(part, variable) for part in expression.args]
    if expression.is_Add or expression.is_Mul:
        joined: Callable[[Any, Any], Any] = (lambda a, b: a + b) if expression.is_Add else (lambda a, b: a * b)
        return lambda x: _folded(joined, [part(x) for part in parts])
    if expression.is_Pow and expression.exp.is_Integer:
        power = int(expression.exp)
        return lambda x: Ball(_exactly(lambda: parts[0](x).value ** power))
    if expression.is_Pow and expression.exp.is_Rational and not expression.has(sp.I):
        above, below = int(expression.exp.p), int(expression.exp.q)
        return lambda x: Ball(_exactly(lambda: _root(parts[0](x).value, below) ** above))
    if expression.is_Pow:
        return lambda x: Ball(_exactly(lambda: (parts[1](x).value * parts[0](x).value.log()).exp()))
    if isinstance(expression, sp.exp | sp.log):
        name = "exp" if isinstance(expression, sp.exp) else "log"
        return lambda x: Ball(_exactly(lambda: getattr(parts[0](x).value, name)()))
    raise NotApplicable(f"{expression.func} cannot be enclosed", place="ball arithmetic", remedy="use powers, exponentials and logarithms")


def _folded(join: Callable[[Any, Any], Any], values: list[Ball]) -> Ball:
    total = values[0]
    for value in values[1:]:
        total = join(total, value)
    return total


def _root(value: Any, degree: int) -> Any:
    return value if degree == 1 else value.sqrt() if degree == 2 else value.root(degree)


def _exactly(work: Callable[[], Any]) -> Any:
    import flint

    with flint.ctx.workprec(_BITS):
        return work()
