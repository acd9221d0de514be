"""Linear programs over exact payoffs, symbolic or not: the optimum of a bounded program, and the value of a matrix.

The value of a matrix M is v = max_x min_s sum_a x_a M[a][s] = min_y max_a sum_s y_s M[a][s]. With row 0 as the start, v0 = min_s M[0][s] and

    max t   subject to   t - sum_{a > 0} x_a (M[a][s] - M[0][s]) <= M[0][s] - v0 for all s,   sum_{a > 0} x_a <= 1,   x, t >= 0

is feasible at zero and has value v - v0; the prices of its first rows are y. Reference: von Neumann (1928), Mathematische Annalen 100:295-320.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import sympy as sp

from bargain.kernels.exact_lp import LinearProgram, Optimal, solve_lp
from bargain.kernels.ordered_simplex import maximum
from bargain.regions import Oracle

__all__ = ["Saddle", "fractions", "optimum", "rational", "saddle"]

Weights = tuple[sp.Expr, ...]


@dataclass(frozen=True)
class Saddle:
    """The value of a matrix, an optimal mixture of rows, and one of columns."""

    value: sp.Expr
    rows: Weights
    columns: Weights


def optimum(oracle: Oracle, objective: Sequence[sp.Expr], rows: Sequence[Sequence[sp.Expr]], bounds: Sequence[sp.Expr]) -> tuple[Weights, Weights]:
    """Primal and dual solution of max c.x, A x <= b, x >= 0 with b >= 0, bounded; by rational pivoting where everything is rational."""
    if not all(value.is_Rational for row in (objective, bounds, *rows) for value in row):
        found = maximum(oracle.sign, objective, rows, bounds)
        return found.x, found.y
    outcome = solve_lp(LinearProgram(fractions(objective), [fractions(row) for row in rows], fractions(bounds)))
    assert isinstance(outcome, Optimal), "the caller bounds the program"
    return tuple(map(rational, outcome.x)), tuple(map(rational, outcome.y_ub))


def saddle(oracle: Oracle, matrix: Sequence[Sequence[sp.Expr]]) -> Saddle:
    """Value and optimal mixtures of a matrix (the row player's payoffs in a zero-sum game).

    >>> from bargain import Notation, Space
    >>> from bargain.regions import Cell
    >>> one, two, three = sp.Integer(1), sp.Integer(2), sp.Integer(3)
    >>> saddle(Oracle(Space(Notation()), Cell()), [[three, one], [one, two]])
    Saddle(value=5/3, rows=(1/3, 2/3), columns=(1/3, 2/3))
    """
    one, zero = sp.Integer(1), sp.Integer(0)
    first, width, count = matrix[0], len(matrix[0]), len(matrix) - 1
    start = first[oracle.greatest([-value for value in first])[0]]
    rows = [[*(sp.expand(first[s] - row[s]) for row in matrix[1:]), one] for s in range(width)]
    rows.append([*(one for _ in range(count)), zero])
    bounds = [*(sp.expand(value - start) for value in first), one]
    x, y = optimum(oracle, [*(zero for _ in range(count)), one], rows, bounds)
    mixture = (sp.cancel(1 - sp.Add(*x[:-1])), *x[:-1])
    total = sp.Add(*y[:width])
    return Saddle(sp.cancel(start + x[-1]), mixture, tuple(sp.cancel(price / total) for price in y[:width]))


def fractions(values: Sequence[sp.Expr]) -> list[Fraction]:
    """Sympy rationals as fractions."""
    return [Fraction(int(value.p), int(value.q)) for value in values]


def rational(value: Fraction) -> sp.Rational:
    """A fraction as a sympy rational."""
    return sp.Rational(value.numerator, value.denominator)
