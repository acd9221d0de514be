"""One equilibrium of a two-player tree by Lemke's algorithm on the sequence form.

With realization plans x, y (E x = e, F y = f) and payoffs A, B lowered by a constant until none is positive, (x, y) is an
equilibrium if and only if, for some p and q written as differences of non-negative vectors,

    w = b + M z >= 0,  z >= 0,  z.w = 0,    z = (x, y, p', p'', q', q''),

    w_x = -A y + E^T p,   w_y = -B^T x + F^T q,   w_p = -+(E x - e),   w_q = -+(F y - f).

Lemke's algorithm adds a variable z_0 with coefficients one to every row and follows complementary bases until z_0 is zero; on
these matrices it cannot end in a ray. Ties in the ratio test are broken lexicographically, as if constant i were larger
by epsilon^i, so that no basis recurs. Pivots are exact in integers, or in floating point, after which
the system of the last basis is solved exactly and checked.
Source: Lemke (1965), Management Science 11:681-689; Koller, Megiddo and von Stengel (1996), Games and Economic Behavior 14:247-259.
"""

from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from flint import fmpz_mat

from bargain.errors import TooLarge
from bargain.kernels.realization import RealizationForm, Weights

__all__ = ["lemke"]

_NEAR = 1e-10
_PIVOTS = 50_000


def lemke(form: RealizationForm, *, exact: bool = True) -> tuple[Weights, Weights]:
    """The equilibrium, as realization plans, that Lemke's algorithm reaches from a covering vector of ones; it is exact either way.

    exact=False pivots in floating point; if the last basis does not prove itself exactly, all pivots are repeated in integers.

    >>> one = ((0, (1, 2)),)
    >>> cells = {(1, 1): (2, 1), (1, 2): (0, 0), (2, 1): (0, 0), (2, 2): (1, 2)}
    >>> sexes = RealizationForm((one, one), {k: (Fraction(a), Fraction(b)) for k, (a, b) in cells.items()}, dict.fromkeys(cells, Fraction(1)))
    >>> lemke(sexes) == lemke(sexes, exact=False)
    True
    """
    matrix, constants = _problem(form)
    if not exact:
        basis = _followed(_Floats(matrix, constants, *form.sizes))
        solution = None if basis is None else _solved(matrix, constants, basis)
        if solution is not None:
            return _split(form, solution)
    basis = _followed(_Integers(matrix, constants))
    assert basis is not None, "exact pivoting lost its basis"
    solution = _solved(matrix, constants, basis)
    assert solution is not None, "Lemke's algorithm ended at a basis that is not a solution"
    return _split(form, solution)


def _problem(form: RealizationForm) -> tuple[list[list[int]], list[int]]:
    """M and b, in integers (payoffs scaled per player, which changes no equilibrium)."""
    (n, m), (k, h) = form.sizes, (1 + len(form.sets[0]), 1 + len(form.sets[1]))
    size = n + m + 2 * (k + h)
    matrix = [[0] * size for _ in range(size)]
    for player in (0, 1):
        scale = lcm(*(paid[player].denominator for paid in form.payoffs.values()), *(chance.denominator for chance in form.chances.values()), 1)
        # the payoff of an end is at most the largest of paid / chance over the pairs
        top = max((paid[player] / form.chances[pair] for pair, paid in form.payoffs.items() if form.chances[pair]), default=Fraction(0))
        top = Fraction(int(top) + 1)
        for (s, t), paid in form.payoffs.items():
            lowered = int((paid[player] - top * form.chances[s, t]) * scale)
            row, column = (s, n + t) if player == 0 else (n + t, s)
            matrix[row][column] = -lowered
    constants = [0] * size
    for start, first, sets in ((0, n + m, form.sets[0]), (n, n + m + 2 * k, form.sets[1])):
        count = 1 + len(sets)
        for equation, (before, sequences) in enumerate([(None, (0,)), *sets]):
            entries = [(start + s, 1) for s in sequences] + ([] if before is None else [(start + before, -1)])
            up, down = first + equation, first + count + equation
            for column, sign in entries:
                matrix[column][up], matrix[column][down] = sign, -sign
                matrix[up][column], matrix[down][column] = -sign, sign
        constants[first], constants[first + count] = 1, -1
    return matrix, constants


def _split(form: RealizationForm, solution: list[Fraction]) -> tuple[Weights, Weights]:
    n, m = form.sizes
    return tuple(solution[:n]), tuple(solution[n : n + m])


def _followed(table: "_Integers | _Floats") -> frozenset[int] | None:
    """The variables z that are basic at the end; None if floating point loses the way.

    Variables: 0..n-1 are w, n..2n-1 are z, 2n is z_0.
    """
    n = table.size
    row = table.start()
    if row is None:
        return frozenset()
    entering = n + table.exchange(row, n)
    for _ in range(_PIVOTS):
        column = table.outside.index(entering)
        leaving = table.leaving(column)
        if leaving is None:
            return None
        left = table.exchange(leaving, column)
        if left == 2 * n:
            return frozenset(variable - n for variable in table.basic if variable >= n)
        entering = left + n if left < n else left - n
    raise TooLarge(f"more than {_PIVOTS} pivots", place="Lemke's algorithm", remedy="solve a smaller game")


class _Integers:
    """d * basic + T * outside = constant, in integers; the constants are the last column."""

    def __init__(self, matrix: list[list[int]], constants: list[int]) -> None:
        self.size = len(matrix)
        self.entries = fmpz_mat([[*(-entry for entry in row), -1, right] for row, right in zip(matrix, constants, strict=True)])
        self.denominator = 1
        self.basic = list(range(self.size))
        self.outside = [*range(self.size, 2 * self.size), 2 * self.size]

    def start(self) -> int | None:
        """The row of the least constant (the last of them, which is lexicographically least); None if none is negative."""
        constants = self._column(self.size + 1)
        least = min(constants)
        return None if least >= 0 else max(r for r, value in enumerate(constants) if value == least)

    def leaving(self, column: int) -> int | None:
        """The row of the lexicographically least ratio."""
        pivots = self._column(column)
        rows = [r for r, entry in enumerate(pivots) if entry > 0]
        key = self.size + 1
        order = iter(range(self.size))
        while len(rows) > 1:
            values = {r: int(self.entries[r, key]) for r in rows} if key >= 0 else {r: self.denominator * (self.basic[r] == -1 - key) for r in rows}
            best = rows[0]
            for r in rows[1:]:
                if values[r] * pivots[best] < values[best] * pivots[r]:
                    best = r
            rows = [r for r in rows if values[r] * pivots[best] == values[best] * pivots[r]]
            slack = next(order, None)
            if slack is None:
                break
            key = self.outside.index(slack) if slack in self.outside else -1 - slack
        return rows[0] if rows else None

    def exchange(self, r: int, c: int) -> int:
        """Pivot; the variable that leaves."""
        u, v = self._column(c), [int(self.entries[r, k]) for k in range(self.size + 2)]
        pivot = u[r]
        u[r] -= self.denominator
        v[c] += self.denominator
        self.entries = (self.entries * pivot - fmpz_mat([[e] for e in u]) * fmpz_mat([v])) / self.denominator
        self.denominator = pivot
        if pivot < 0:
            self.entries, self.denominator = -self.entries, -pivot
        self.basic[r], self.outside[c] = self.outside[c], self.basic[r]
        return self.outside[c]

    def _column(self, c: int) -> list[int]:
        return [int(self.entries[r, c]) for r in range(self.size)]


class _Floats:
    """The same in floating point, both players' payoffs (their sequences come first) scaled to at most one."""

    def __init__(self, matrix: list[list[int]], constants: list[int], first: int, second: int) -> None:
        self.size = len(matrix)
        table: Any = np.array([[*(-entry for entry in row), -1, right] for row, right in zip(matrix, constants, strict=True)], dtype=float)
        n = self.size
        for block in (table[:first, first : first + second], table[first : first + second, :first]):
            block /= max(np.abs(block).max(), 1.0)
        self.entries = table
        self.basic = list(range(n))
        self.outside = [*range(n, 2 * n), 2 * n]

    def start(self) -> int | None:
        constants = self.entries[:, -1]
        least = constants.min()
        return None if least >= 0 else int(np.flatnonzero(constants == least)[-1])

    def leaving(self, column: int) -> int | None:
        pivots = self.entries[:, column]
        rows = np.flatnonzero(pivots > _NEAR)
        values = self.entries[rows, -1]
        for slack in range(self.size):
            if len(rows) < 2:
                break
            ratios = values / pivots[rows]
            rows = rows[ratios <= ratios.min() + _NEAR]
            own = self.outside.index(slack) if slack in self.outside else None
            values = self.entries[rows, own] if own is not None else np.array([float(self.basic[r] == slack) for r in rows])
        return int(rows[0]) if len(rows) else None

    def exchange(self, r: int, c: int) -> int:
        table = self.entries
        pivot = table[r, c]
        column = table[:, c].copy()
        table[r] /= pivot
        table[r, c] = 1 / pivot
        column[r] = 0
        table -= np.outer(column, table[r])
        table[:, c] = -column / pivot
        table[r, c] = 1 / pivot
        self.basic[r], self.outside[c] = self.outside[c], self.basic[r]
        return self.outside[c]


def _solved(matrix: list[list[int]], constants: list[int], basis: frozenset[int]) -> list[Fraction] | None:
    """The exact solution with w_i = 0 for i in the basis and z_i = 0 elsewhere, if it is one."""
    kept = sorted(basis)
    found = [Fraction(0)] * len(matrix)
    if kept:
        try:
            left = fmpz_mat([[matrix[i][j] for j in kept] for i in kept])
            values, scale = left.solve(fmpz_mat([[-constants[i]] for i in kept])).numer_denom()
        except ZeroDivisionError:
            return None
        for row, j in enumerate(kept):
            found[j] = Fraction(int(values[row, 0]), int(scale))
    used = [(j, value) for j, value in enumerate(found) if value]
    slacks = (right + sum(row[j] * value for j, value in used if row[j]) for row, right in zip(matrix, constants, strict=True))
    return found if all(value >= 0 for _, value in used) and all(slack >= 0 for slack in slacks) else None
