"""The simplex method in exact integer arithmetic, for linear programs in standard form.

    maximise  c.x   subject to  A x <= b,  x >= 0        (all entries integers)

A tableau holds, over a common denominator d, one row per basic variable, one column per non-basic
variable and a last column of constants,  d * basic + T * non-basic = constant;  the last row is the objective.
A pivot at row r, column c with p = T[r, c] is the rank-one update

    T' = (p T - u v^T) / d,    u = T e_c - d e_r,    v = T^T e_r + d e_c,    d' = p,

whose division is exact because every entry is a minor of the first matrix. A first phase lowers an artificial
variable x0 in  A x - x0 <= b  to zero. The column with the largest gain enters; after a step that gains nothing
the least index does (Bland's rule), until one gains, so that no basis recurs.

References: Edmonds (1967), Journal of Research of the National Bureau of Standards 71B(4), 241-245;
Bland (1977), Mathematics of Operations Research 2(2), 103-107; Azulay and Pique (1998), SIAM Journal on Computing 27.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import fmpz_mat

__all__ = ["Basis", "simplex"]

_Row = list[int]


@dataclass(frozen=True)
class Basis:
    """Where the method stopped: kind is "optimal", "infeasible" or "unbounded".

    x (n,): the primal point (not for "infeasible"). y (m,): the dual point, or for "infeasible" y >= 0 with
    y A >= 0 and y.b < 0. ray (n,): for "unbounded", a direction of unlimited gain.
    """

    kind: str
    x: tuple[Fraction, ...] = ()
    y: tuple[Fraction, ...] = ()
    ray: tuple[Fraction, ...] = ()


@dataclass
class _Tableau:
    """The state of one run, local to `simplex`: variables 0..n-1 are x, n..n+m-1 the slacks, -1 is x0."""

    entries: fmpz_mat
    denominator: int
    basic: list[int]
    outside: list[int]

    def row(self, r: int) -> _Row:
        return [int(self.entries[r, c]) for c in range(self.entries.ncols())]

    def column(self, c: int) -> _Row:
        return [int(self.entries[r, c]) for r in range(self.entries.nrows())]

    def pivot(self, r: int, c: int) -> None:
        u, v, p = self.column(c), self.row(r), int(self.entries[r, c])
        u[r] -= self.denominator
        v[c] += self.denominator
        self.entries = (self.entries * p - fmpz_mat([[e] for e in u]) * fmpz_mat([v])) / self.denominator
        self.denominator = p
        if p < 0:
            self.entries, self.denominator = -self.entries, -p
        self.basic[r], self.outside[c] = self.outside[c], self.basic[r]


def simplex(c: Sequence[int], a: Sequence[Sequence[int]], b: Sequence[int]) -> Basis:
    """An optimal basis, a proof that there is no feasible point, or a direction of unlimited gain.

    >>> simplex([3, 2], [[1, 1], [1, 0]], [4, 3])
    Basis(kind='optimal', x=(Fraction(3, 1), Fraction(1, 1)), y=(Fraction(2, 1), Fraction(1, 1)), ray=())
    >>> simplex([1], [[1], [-1]], [1, -2]).y
    (Fraction(1, 2), Fraction(1, 2))
    """
    m, n = len(a), len(c)
    rows = [[*row, right] for row, right in zip(a, b, strict=True)]
    tableau = _Tableau(fmpz_mat([*rows, [*(-gain for gain in c), 0]]), 1, list(range(n, n + m)), list(range(n)))
    if min(b, default=0) < 0:
        infeasible = _first_phase(tableau, rows, n, m)
        if infeasible is not None:
            return infeasible
    ray = _climb(tableau, range(m))
    if ray is not None:
        return Basis("unbounded", _primal(tableau, n), ray=_direction(tableau, ray, n))
    return Basis("optimal", _primal(tableau, n), _dual(tableau, n, m))


def _first_phase(tableau: _Tableau, rows: list[_Row], n: int, m: int) -> Basis | None:
    """Bring the tableau to a feasible basis without x0; or the weights of the rows that cannot hold together."""
    objective = tableau.row(m)
    tableau.entries = fmpz_mat([*([*row[:-1], -1, row[-1]] for row in rows), [*objective[:-1], 0, objective[-1]], [0] * n + [1, 0]])
    tableau.outside.append(-1)
    tableau.basic += [-2, -3]  # the two objective rows, which never leave
    tableau.pivot(min(range(m), key=lambda r: rows[r][-1]), n)
    _climb(tableau, range(m), until=-1)
    if -1 in tableau.basic:
        return Basis("infeasible", y=_dual(tableau, n, m))
    gone = tableau.outside.index(-1)
    kept = [column for column in range(n + 2) if column != gone]
    tableau.entries = fmpz_mat([[int(tableau.entries[r, k]) for k in kept] for r in range(m + 1)])
    tableau.outside.remove(-1)
    del tableau.basic[m:]
    return None


def _climb(tableau: _Tableau, rows: range, until: int | None = None) -> int | None:
    """Pivot to the optimum of the last row (or until a variable has left); the column of an unbounded gain, if any."""
    gained = True
    while True:
        gains = tableau.row(tableau.entries.nrows() - 1)[:-1]
        better = [k for k, gain in enumerate(gains) if gain < 0]
        if not better:
            return None
        entering = min(better, key=lambda k: gains[k]) if gained else min(better, key=lambda k: tableau.outside[k])
        direction, constants = tableau.column(entering), tableau.column(len(gains))
        leaving = _leaving(tableau, [r for r in rows if direction[r] > 0], direction, constants, until)
        if leaving is None:
            return entering
        gained, left = constants[leaving] > 0, tableau.basic[leaving]
        tableau.pivot(leaving, entering)
        if left == until:
            return None


def _leaving(tableau: _Tableau, rows: list[int], direction: _Row, constants: _Row, first: int | None) -> int | None:
    """The row of least ratio; among equal ones that of x0, then that of the least variable."""
    best = None
    for r in rows:
        gap = -1 if best is None else constants[r] * direction[best] - constants[best] * direction[r]
        if gap < 0 or (gap == 0 and best is not None and tableau.basic[best] != first and tableau.basic[r] < tableau.basic[best]):
            best = r
    return best


def _primal(tableau: _Tableau, n: int) -> tuple[Fraction, ...]:
    constants = tableau.column(tableau.entries.ncols() - 1)
    known = dict(zip(tableau.basic, constants, strict=False))
    return tuple(Fraction(known.get(k, 0), tableau.denominator) for k in range(n))


def _dual(tableau: _Tableau, n: int, m: int) -> tuple[Fraction, ...]:
    prices = dict(zip(tableau.outside, tableau.row(tableau.entries.nrows() - 1), strict=False))
    return tuple(Fraction(prices.get(n + k, 0), tableau.denominator) for k in range(m))


def _direction(tableau: _Tableau, entering: int, n: int) -> tuple[Fraction, ...]:
    moves = dict(zip(tableau.basic, tableau.column(entering), strict=False))
    ray = [Fraction(-moves.get(k, 0), tableau.denominator) for k in range(n)]
    if tableau.outside[entering] < n:
        ray[tableau.outside[entering]] = Fraction(1)
    return tuple(ray)
