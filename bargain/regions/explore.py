"""Symbolic execution by forking: run an ordinary algorithm on symbolic payoffs.

An algorithm asks an `Oracle` for the sign of an expression. Where the sign is not
settled on the current cell, the run is abandoned and restarted once per possible sign.
The leaves of that tree partition the space, and each leaf's result is exact on it.
"""

from collections.abc import Callable
from typing import TypeVar

import sympy as sp

from bargain.errors import NotApplicable, NotDecided, TooLarge
from bargain.limits import Stopped, stopping
from bargain.regions.cells import BIT, EQ, GT, LT, Cell
from bargain.regions.space import Space

Result = TypeVar("Result")


class Undecided(Exception):  # noqa: N818 - a control signal, not an error
    """Raised by an oracle to ask for a fork; carries the expression and its possible signs."""

    def __init__(self, body: sp.Expr, mask: int) -> None:
        super().__init__(str(body))
        self.body, self.mask = body, mask


class Oracle:
    """Answers sign questions on one cell; raises `Undecided` where the cell must be split."""

    def __init__(self, space: Space, cell: Cell) -> None:
        self.space, self.cell = space, cell

    def sign(self, expression: sp.Expr) -> int:
        """-1, 0 or 1: the sign of the expression everywhere on the cell."""
        expression = sp.sympify(expression, strict=True)
        if expression.is_Rational:
            return int(bool(expression > 0)) - int(bool(expression < 0))
        if not self.space.notation.symbols:  # an irrational number: sympy decides by certified evaluation
            return number_sign(expression)
        body, orientation = self.space.essential(expression)
        if body.is_Number:
            return orientation
        mask = self.space.sign(body, self.cell)
        if mask in (LT, EQ, GT):
            return orientation * {bit: sign for sign, bit in BIT.items()}[mask]
        raise Undecided(body, mask)

    def equal(self, left: sp.Expr, right: sp.Expr) -> bool:
        """Whether two values are known to be equal on the cell; never forks."""
        if left == right:
            return True
        gap = sp.sympify(left, strict=True) - sp.sympify(right, strict=True)
        if gap.is_Rational:
            return bool(gap == 0)
        if not self.space.notation.symbols:
            return number_sign(gap) == 0
        return gap.free_symbols <= set(self.space.notation.symbols) and self.space.sign(gap, self.cell) == EQ

    def greatest(self, values: list[sp.Expr]) -> list[int]:
        """The indices of the greatest values (all of them, on a tie)."""
        best = [0]
        for index in range(1, len(values)):
            sign = self.sign(values[index] - values[best[0]])
            best = [index] if sign > 0 else [*best, index] if sign == 0 else best
        return best


def number_sign(value: sp.Expr) -> int:
    """The sign of an exact real number: certified evaluation, then a symbolic test for zero.

    >>> number_sign(sp.exp(-1) - sp.Rational(3, 10)), number_sign(sp.sqrt(2)**2 - 2)
    (1, 0)
    """
    if value.is_Rational:
        return int(bool(value > 0)) - int(bool(value < 0))
    approximate = value.evalf(25, maxn=400)
    if approximate.is_comparable and approximate.is_nonzero:  # comparable: at least two bits are certain
        return int(sp.sign(approximate))
    if value.equals(0):
        return 0
    raise NotDecided(f"the sign of {value} could not be certified", place="comparison of numbers", remedy="use rational parameter values")


def explore(space: Space, algorithm: Callable[[Oracle], Result], *, boundaries: bool,
            limit: int = 20_000) -> tuple[list[tuple[Cell, Result]], list[Cell]]:
    """Run `algorithm` on every cell it distinguishes.

    Returns the leaves (cell, result) and, with ``boundaries=False``, the skipped strata on
    which a compared pair ties (each of measure zero). With ``boundaries=True`` the strata
    are explored too, and only those to which the algorithm does not apply are skipped. More than
    `limit` leaves raise `TooLarge`. A limit of time or memory raises `Stopped` with the leaves that were complete.
    """
    stack: list[Cell] = [Cell()]
    leaves: list[tuple[Cell, Result]] = []
    skipped: list[Cell] = []
    try:
        _explored(space, algorithm, boundaries, limit, stack, leaves, skipped)
    except Exception as error:
        if not stopping(error):
            raise
        raise Stopped(error.rule if isinstance(error, Stopped) else "a limit of time or memory was reached", tuple(leaves)) from error
    return leaves, skipped


def _explored(space: Space, algorithm: Callable[[Oracle], Result], boundaries: bool, limit: int, stack: list[Cell],
              leaves: list[tuple[Cell, Result]], skipped: list[Cell]) -> None:
    while stack:
        cell = stack.pop()
        try:
            leaves.append((cell, algorithm(Oracle(space, cell))))
        except NotApplicable:
            if not cell.has_equality:
                raise
            skipped.append(cell)
        except Undecided as fork:
            for bit in (GT, EQ, LT):
                if not fork.mask & bit:
                    continue
                part = cell & Cell(((fork.body, bit),))
                if bit == EQ and not boundaries:
                    skipped.append(part)
                else:
                    stack.append(part)
        if len(leaves) + len(stack) > limit:
            raise TooLarge(f"more than {limit} cases", place="parametric solution",
                           remedy="fix some parameters (free=...) or raise the limit")
