"""Linear programs solved exactly: floats propose, rational arithmetic decides.

    maximise  c.x   subject to  A_ub x <= b_ub,  A_eq x = b_eq,  x_j >= 0 for j not in `free`.

`solve_lp` returns an `Optimal` (point, value and dual prices), an `Infeasible` (a Farkas certificate) or an `Unbounded` (a
point and a ray), and `holds` checks any of them by substitution. Large programs are first solved by HiGHS in
floating point; the positive variables, tight rows and positive prices it reports make two linear systems, which are
solved exactly, and the result is kept only if it passes `holds`. Otherwise, and for small programs, the exact simplex method
of `bargain.kernels.pivoting` decides.

    y_ub >= 0,  y_ub A_ub + y_eq A_eq >= c (= c on free variables),  value = c.x = y_ub.b_ub + y_eq.b_eq

References: Huangfu and Hall (2018), Mathematical Programming Computation 10:119-142 (HiGHS); Applegate, Cook, Dash and
Espinoza (2007), Operations Research Letters 35:693-699 (exact solutions from floating-point bases).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from operator import mul

from flint import fmpz_mat

from bargain.errors import BadInput
from bargain.kernels.pivoting import Basis, simplex

__all__ = ["Infeasible", "LinearProgram", "Optimal", "Unbounded", "holds", "solve_lp"]

Number = Fraction | int
Vector = tuple[Fraction, ...]
Matrix = tuple[Vector, ...]

_SMALL = 5000  # entries of the tableau up to which exact pivoting is faster than a call of HiGHS
_NEAR = 1e-9


@dataclass(frozen=True)
class LinearProgram:
    """maximise objective.x subject to a_ub x <= b_ub, a_eq x = b_eq and x_j >= 0 except for j in `free`.

    objective (n,), a_ub (m, n), b_ub (m,), a_eq (k, n), b_eq (k,): integers or fractions. free: indices of
    variables of either sign.

    >>> solve_lp(LinearProgram((1, 1), a_ub=((2, 1), (1, 3)), b_ub=(1, 1))).value
    Fraction(3, 5)
    """

    objective: Sequence[Number]
    a_ub: Sequence[Sequence[Number]] = ()
    b_ub: Sequence[Number] = ()
    a_eq: Sequence[Sequence[Number]] = ()
    b_eq: Sequence[Number] = ()
    free: Collection[int] = ()

    def __post_init__(self) -> None:
        for name in ("objective", "b_ub", "b_eq"):
            object.__setattr__(self, name, _vector(getattr(self, name)))
        for name in ("a_ub", "a_eq"):
            object.__setattr__(self, name, tuple(map(_vector, getattr(self, name))))
        object.__setattr__(self, "free", frozenset(self.free))
        n = len(self.objective)
        shapes = (len(self.a_ub) == len(self.b_ub), len(self.a_eq) == len(self.b_eq), all(len(row) == n for row in (*self.a_ub, *self.a_eq)),
                  all(0 <= j < n for j in self.free))
        if not n or not all(shapes):
            raise BadInput("rows, right-hand sides and objective differ in length", place="linear program",
                           remedy="give n coefficients per row, one right-hand side per row, and free variables among 0 to n - 1")


@dataclass(frozen=True)
class Optimal:
    """An optimal point x (n,), its value, and dual prices y_ub (m,), y_eq (k,) that prove it."""

    value: Fraction
    x: Vector
    y_ub: Vector
    y_eq: Vector


@dataclass(frozen=True)
class Infeasible:
    """Farkas certificate: y_ub >= 0, y_ub A_ub + y_eq A_eq >= 0 (= 0 on free variables), y_ub.b_ub + y_eq.b_eq < 0."""

    y_ub: Vector
    y_eq: Vector


@dataclass(frozen=True)
class Unbounded:
    """A feasible point x and a ray with A_ub ray <= 0, A_eq ray = 0, ray_j >= 0 (j not free) and objective.ray > 0."""

    x: Vector
    ray: Vector


Outcome = Optimal | Infeasible | Unbounded


def solve_lp(program: LinearProgram) -> Outcome:
    """The exact outcome of a linear program; it always passes `holds`.

    >>> solve_lp(LinearProgram((1, 0), a_eq=((1, 1),), b_eq=(Fraction(1, 3),)))
    Optimal(value=Fraction(1, 3), x=(Fraction(1, 3), Fraction(0, 1)), y_ub=(), y_eq=(Fraction(1, 1),))
    >>> solve_lp(LinearProgram((1,), a_ub=((-1,),), b_ub=(-2,)))
    Unbounded(x=(Fraction(2, 1),), ray=(Fraction(1, 1),))
    >>> solve_lp(LinearProgram((1,), a_ub=((1,),), b_ub=(-2,)))
    Infeasible(y_ub=(Fraction(1, 1),), y_eq=())
    """
    size = (len(program.b_ub) + 2 * len(program.b_eq) + 1) * (len(program.objective) + len(program.free) + 1)
    proposed = _proposed(program) if size > _SMALL else None
    outcome = proposed or _pivoted(program)
    assert holds(program, outcome), "the exact simplex method ended without a valid certificate"
    return outcome


def holds(program: LinearProgram, outcome: Outcome) -> bool:
    """Whether the outcome proves itself, by substitution into the program.

    >>> program = LinearProgram((1,), a_ub=((1,),), b_ub=(2,))
    >>> holds(program, Optimal(Fraction(2), (Fraction(2),), (Fraction(1),), ())), holds(program, Infeasible((Fraction(1),), ()))
    (True, False)
    """
    if isinstance(outcome, Optimal):
        value = _dot(program.objective, outcome.x)
        return (_feasible(program, outcome.x, 1) and _priced(program, outcome.y_ub, outcome.y_eq, 1)
                and value == outcome.value == _dot(program.b_ub, outcome.y_ub) + _dot(program.b_eq, outcome.y_eq))
    if isinstance(outcome, Infeasible):
        return _priced(program, outcome.y_ub, outcome.y_eq, 0) and _dot(program.b_ub, outcome.y_ub) + _dot(program.b_eq, outcome.y_eq) < 0
    return _feasible(program, outcome.x, 1) and _feasible(program, outcome.ray, 0) and _dot(program.objective, outcome.ray) > 0


def _feasible(program: LinearProgram, x: Vector, scale: int) -> bool:
    """Whether x satisfies the constraints with right-hand sides times `scale` (0: is a direction)."""
    return (len(x) == len(program.objective) and all(value >= 0 for j, value in enumerate(x) if j not in program.free)
            and all(_dot(row, x) <= scale * right for row, right in zip(program.a_ub, program.b_ub, strict=True))
            and all(_dot(row, x) == scale * right for row, right in zip(program.a_eq, program.b_eq, strict=True)))


def _priced(program: LinearProgram, y_ub: Vector, y_eq: Vector, scale: int) -> bool:
    """Whether the prices cover the objective times `scale` (0: are a direction)."""
    if len(y_ub) != len(program.b_ub) or len(y_eq) != len(program.b_eq) or any(price < 0 for price in y_ub):
        return False
    cost = [-scale * Fraction(gain) for gain in program.objective]
    for row, price in zip((*program.a_ub, *program.a_eq), (*y_ub, *y_eq), strict=True):
        if price:
            cost = [have + price * entry if entry else have for have, entry in zip(cost, row, strict=True)]
    return all(gap == 0 if j in program.free else gap >= 0 for j, gap in enumerate(cost))


def _pivoted(program: LinearProgram) -> Outcome:
    """By exact pivoting: free variables are split, equations become two inequalities, rows are made integer."""
    n, m, free = len(program.objective), len(program.b_ub), sorted(program.free)
    pairs = [*zip(program.a_ub, program.b_ub, strict=True), *zip(program.a_eq, program.b_eq, strict=True)]
    pairs += [(tuple(-entry for entry in row), -right) for row, right in pairs[m:]]
    rows, scales = [], []
    for row, right in [*pairs, (program.objective, 0)]:
        scale = lcm(*(entry.denominator for entry in (*row, right)))
        line = [int(entry * scale) for entry in row]
        rows.append([*line, *(-line[j] for j in free), int(right * scale)])
        scales.append(scale)
    objective = rows.pop()[:-1]
    basis = simplex(objective, [row[:-1] for row in rows], [row[-1] for row in rows])
    return _translated(program, basis, scales, n, m)


def _translated(program: LinearProgram, basis: Basis, scales: list[int], n: int, m: int) -> Outcome:
    def joined(x: Sequence[Fraction]) -> Vector:
        negative = dict(zip(sorted(program.free), x[n:], strict=True))
        return tuple(value - negative.get(j, 0) for j, value in enumerate(x[:n]))

    if basis.kind == "unbounded":
        return Unbounded(joined(basis.x), joined(basis.ray))
    unit = scales[-1] if basis.kind == "optimal" else 1
    y = [price * scale / unit for price, scale in zip(basis.y, scales, strict=False)]
    k = len(program.b_eq)
    y_ub, y_eq = tuple(y[:m]), tuple(up - down for up, down in zip(y[m : m + k], y[m + k :], strict=True))
    if basis.kind == "infeasible":
        return Infeasible(y_ub, y_eq)
    x = joined(basis.x)
    return Optimal(_dot(program.objective, x), x, y_ub, y_eq)


def _proposed(program: LinearProgram) -> Optimal | None:
    """The exact optimum with the support that HiGHS reports; None if it reports none or its support is not optimal."""
    from scipy.optimize import linprog

    try:
        c, b_ub, b_eq = ([float(value) for value in part] for part in (program.objective, program.b_ub, program.b_eq))
        a_ub, a_eq = ([[float(value) for value in row] for row in part] for part in (program.a_ub, program.a_eq))
    except OverflowError:
        return None
    bounds = [(None, None) if j in program.free else (0, None) for j in range(len(c))]
    found = linprog([-gain for gain in c], a_ub or None, b_ub or None, a_eq or None, b_eq or None, bounds, method="highs-ds")
    if found.status != 0:
        return None
    m = len(b_ub)
    used = [j for j, value in enumerate(found.x) if abs(value) > _NEAR]
    tight = [i for i, slack in enumerate(found.slack) if slack <= _NEAR]
    prices = [i for i, price in enumerate(found.ineqlin.marginals) if abs(price) > _NEAR]
    costs = [j for j, (low, value) in enumerate(zip(found.lower.marginals, found.x, strict=True)) if abs(low) <= _NEAR or abs(value) > _NEAR]
    matrix, right = (*program.a_ub, *program.a_eq), (*program.b_ub, *program.b_eq)
    rows, priced = [*tight, *range(m, len(right))], [*prices, *range(m, len(right))]
    x = _solved(len(used), [[*(matrix[i][j] for j in used), right[i]] for i in rows])
    y = _solved(len(priced), [[*(matrix[i][j] for i in priced), program.objective[j]] for j in costs])
    if x is None or y is None:
        return None
    point, price = dict(zip(used, x, strict=True)), dict(zip(priced, y, strict=True))
    whole = tuple(point.get(j, Fraction(0)) for j in range(len(c)))
    dual = tuple(price.get(i, Fraction(0)) for i in range(len(right)))
    outcome = Optimal(_dot(program.objective, whole), whole, dual[:m], dual[m:])
    return outcome if holds(program, outcome) else None


def _solved(width: int, equations: Sequence[Sequence[Number]]) -> list[Fraction] | None:
    """A solution of linear equations, coefficients then right-hand side (variables left open are zero); None if there is none."""
    found = [Fraction(0)] * width
    if not equations:
        return found
    rows = []
    for equation in equations:
        scale = lcm(*(entry.denominator for entry in equation))
        rows.append([int(entry * scale) for entry in equation])
    reduced, denominator, rank = fmpz_mat(rows).rref()
    for r in range(rank):
        lead = next(c for c in range(width + 1) if reduced[r, c] != 0)
        if lead == width:
            return None
        found[lead] = Fraction(int(reduced[r, width]), int(denominator))
    return found


def _vector(values: Sequence[Number]) -> Vector:
    """Numbers as fractions; anything inexact is refused."""
    if not all(isinstance(value, int | Fraction) for value in values):
        raise BadInput("coefficients must be integers or fractions", place="linear program", remedy="write Fraction(1, 3), not a decimal")
    return tuple(map(Fraction, values))


def _dot(left: Sequence[Number], right: Sequence[Number]) -> Fraction:
    return Fraction(sum(map(mul, left, right)))
