"""The simplex method over any ordered ring whose signs can be asked for: symbols on a cell, germs at zero.

    maximise  c.x   subject to  A x <= b,  x >= 0        with b >= 0, so that x = 0 is feasible

The tableau is fraction-free: entries over a common positive denominator d, and a pivot p at (r, c) makes

    T'[i, j] = (T[i, j] p - T[i, c] T[r, j]) / d,    T'[i, c] = -T[i, c],    T'[r, c] = d,    d' = p,

with exact divisions, because every entry is a minor. The entering column is the first with a gain (Bland's rule), so that
no basis recurs; only signs are asked for, so a run follows one path of a decision tree over the symbols.
Reference: Bland (1977), Mathematics of Operations Research 2(2), 103-107.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable

__all__ = ["Maximum", "Tableau", "climbed", "maximum"]

Row = Sequence[sp.Expr]
Program = tuple[Sequence[Any], Sequence[Sequence[Any]], Sequence[Any]]  # objective, rows, bounds
Sign = Callable[[Any], int]
Step = Callable[[Any, Any, Any, Any, Any], Any]  # entry, pivot, left, up, denominator -> the entry after the pivot


@dataclass(frozen=True)
class Maximum:
    """The optimal value, an optimal point x (n,), and prices y (m,): y >= 0, y A >= c, y.b = value.

    sole: whether the point is the only optimum (None if not asked for).
    """

    value: sp.Expr
    x: tuple[sp.Expr, ...]
    y: tuple[sp.Expr, ...]
    sole: bool | None = None


@dataclass
class Tableau:
    """The state of one run: variables 0..n-1 are x, the others slacks; the last row is the objective that is climbed."""

    sign: Sign
    step: Step
    table: list[list[Any]]
    basic: list[int]
    outside: list[int]
    denominator: Any
    barred: frozenset[int] = frozenset()

    @property
    def allowed(self) -> list[int]:
        """The columns that may enter, in the order of their variables."""
        return sorted((k for k, variable in enumerate(self.outside) if variable not in self.barred), key=self.outside.__getitem__)

    def climb(self, until: int | None = None) -> bool:
        """Pivot to the optimum, or until a variable has left the basis; False if it never does."""
        while True:
            entering = next((k for k in self.allowed if self.sign(self.table[-1][k]) < 0), None)
            if entering is None:
                return until is None
            leaving = self._leaving(entering)
            self._pivot(leaving, entering)
            if self.outside[entering] == until:
                return True

    def _leaving(self, entering: int) -> int:
        """The row of least ratio, the least variable among ties."""
        best: int | None = None
        for r in sorted(range(len(self.basic)), key=self.basic.__getitem__):
            row = self.table[r]
            if self.sign(row[entering]) <= 0:
                continue
            if best is None or self.sign(_expanded(row[-1] * self.table[best][entering] - self.table[best][-1] * row[entering])) < 0:
                best = r
        if best is None:
            raise NotApplicable("the linear program is unbounded", place="ordered simplex", remedy="bound every variable that gains")
        return best

    def _pivot(self, r: int, c: int) -> None:
        old, pivot, d = self.table, self.table[r][c], self.denominator
        new = [[self.step(entry, pivot, row[c], old[r][k], d) for k, entry in enumerate(row)] for row in old]
        for i, row in enumerate(old):
            new[i][c] = -row[c]
        new[r] = list(old[r])
        new[r][c] = d
        self.table, self.denominator = new, pivot
        self.basic[r], self.outside[c] = self.outside[c], self.basic[r]


def climbed(sign: Sign, step: Step, program: Program, full: int | None = None) -> Tableau | None:
    """The final tableau of a bounded program; full: a row that must hold with equality; None if it cannot."""
    objective, rows, bounds = program
    m, n = len(rows), len(objective)
    zero = bounds[0] - bounds[0]
    table = [[*row, bound] for row, bound in zip(rows, bounds, strict=True)]
    state = Tableau(sign, step, [*table, [*(-gain for gain in objective), zero]], list(range(n, n + m)), list(range(n)), zero + 1)
    if full is not None:
        state.table.append([*(-entry for entry in rows[full]), zero])
        if not state.climb(until=n + full):
            return None
        state.table.pop()
        state.barred = frozenset({n + full})
    state.climb()
    return state


def maximum(sign: Sign, objective: Row, rows: Sequence[Row], bounds: Row, *, full: int | None = None, sole: bool = False) -> Maximum:
    """The optimum of a bounded program, by exact pivoting that asks `sign` for every comparison.

    full: a row that must hold with equality (its price may be negative); `NotApplicable` if it cannot. sole: also ask
    whether the optimum is the only one.

    >>> from bargain.regions.explore import number_sign
    >>> r = sp.sqrt(2)
    >>> maximum(number_sign, [r, sp.Integer(1)], [[sp.Integer(1), sp.Integer(1)], [sp.Integer(1), sp.Integer(0)]], [sp.Integer(2), r]).value
    4 - sqrt(2)
    """
    m, n = len(rows), len(objective)
    state = climbed(sign, _step, (objective, rows, bounds), full)
    if state is None:
        raise NotApplicable("the equation cannot be met", place="ordered simplex", remedy="check the constraints")
    points = {variable: state.table[r][n] for r, variable in enumerate(state.basic)}
    prices = {variable: state.table[m][k] for k, variable in enumerate(state.outside)}
    value, denominator = state.table[m][n], state.denominator
    x = tuple(_quotient(points.get(k, sp.Integer(0)), denominator) for k in range(n))
    y = tuple(_quotient(prices.get(k, sp.Integer(0)), denominator) for k in range(n, n + m))
    return Maximum(_quotient(value, denominator), x, y, _alone(state) if sole else None)


def _alone(state: Tableau) -> bool:
    """Whether no other point of the optimal face (variables with positive prices at zero) makes a variable that is zero positive."""
    last = state.table.pop()
    state.barred |= {state.outside[k] for k in state.allowed if state.sign(last[k]) > 0}
    zeros = [row for row in state.table if state.sign(row[-1]) == 0]
    count = range(len(state.outside))
    state.table.append([*(_expanded(sum((row[k] for row in zeros), -state.denominator)) for k in count), state.denominator - state.denominator])
    state.climb()
    return state.sign(state.table[-1][-1]) == 0


def _expanded(value: Any) -> Any:
    return sp.expand(value) if isinstance(value, sp.Expr) else value


@lru_cache(maxsize=100_000)
def _step(entry: sp.Expr, pivot: sp.Expr, left: sp.Expr, up: sp.Expr, denominator: sp.Expr) -> sp.Expr:
    """One entry after a pivot; runs that were restarted find it here."""
    return _quotient(entry * pivot - left * up, denominator)


@lru_cache(maxsize=100_000)
def _quotient(value: sp.Expr, denominator: sp.Expr) -> sp.Expr:
    if value.is_Rational and denominator.is_Rational:
        return value / denominator
    found = sp.cancel(value / denominator)
    return sp.expand(sp.radsimp(found)) if found.is_number and not found.is_Rational else found  # roots in a denominator would grow
