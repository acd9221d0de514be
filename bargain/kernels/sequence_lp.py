"""Maximin strategies of a zero-sum tree by the linear program of its sequence form.

With E x = e the realization plans of player 1, A her payoffs and v_J the value of player 2's set J,

    maximise  (x A)_0 + sum of v_J over his first sets   subject to
    v_J - (sum of v_K over sets K after t) - (x A)_t <= 0  for every sequence t at J,   E x = e,  x >= 0;

the prices of the inequalities are player 2's realization plan. The number of non-zero coefficients is that of
the tree's ends, so that HiGHS solves trees with 10^5 nodes; small programs are solved exactly.
Source: von Stengel (1996), Games and Economic Behavior 14:220-246; Koller, Megiddo and von Stengel (1994), Proceedings of STOC 26:750-759.
"""

from fractions import Fraction
from typing import Any

import numpy as np

from bargain.errors import NotDecided
from bargain.kernels.exact_lp import LinearProgram, Optimal, solve_lp
from bargain.kernels.realization import RealizationForm, Sets, Weights

__all__ = ["maximin", "maximin_floats", "rounded"]

_GRID = 10**6

Entries = list[tuple[int, int, Fraction]]


def maximin(form: RealizationForm) -> tuple[Weights, Weights]:
    """Exact maximin realization plans of both players (player 2 loses what player 1 gains).

    >>> one = ((0, (1, 2)),)
    >>> cells = {(1, 1): 2, (1, 2): -1, (2, 1): -1, (2, 2): 1}
    >>> game = RealizationForm((one, one), {k: (Fraction(a), Fraction(-a)) for k, a in cells.items()})
    >>> maximin(game)[0]
    (Fraction(1, 1), Fraction(2, 5), Fraction(3, 5))
    """
    objective, upper, equal = _program(form)
    width, n = len(objective), form.sizes[0]
    rows = _dense(upper, form.sizes[1] - 1, width)
    equations = _dense(equal, 1 + len(form.sets[0]), width)
    program = LinearProgram(objective, rows, [0] * len(rows), equations, [1] + [0] * len(form.sets[0]), free=range(n, width))
    found = solve_lp(program)
    assert isinstance(found, Optimal), "a game's linear program has an optimum"
    return found.x[:n], (Fraction(1), *found.y_ub)


def maximin_floats(form: RealizationForm) -> tuple[Any, Any]:
    """The same in floating point, by HiGHS on sparse matrices."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    objective, upper, equal = _program(form)
    width, (n, m) = len(objective), form.sizes

    def sparse(entries: Entries, height: int) -> Any:
        rows, columns, values = zip(*entries, strict=True) if entries else ((), (), ())
        return csr_array(([float(value) for value in values], (rows, columns)), shape=(height, width))

    right = np.zeros(1 + len(form.sets[0]))
    right[0] = 1
    bounds = [(0, None)] * n + [(None, None)] * (width - n)
    options = {"A_ub": sparse(upper, m - 1), "b_ub": np.zeros(m - 1)} if m > 1 else {}
    found = linprog(-np.array([float(c) for c in objective]), A_eq=sparse(equal, len(right)), b_eq=right, bounds=bounds, method="highs", **options)
    if found.status != 0:
        raise NotDecided(f"HiGHS stopped: {found.message}", place="linear program of the sequence form", remedy="use CounterfactualRegret()")
    return found.x[:n], np.concatenate([[1.0], -found.ineqlin.marginals if m > 1 else []])


def rounded(sets: Sets, weights: Any) -> Weights:
    """An exact realization plan near a float one: probabilities at every set are multiples of one millionth; uniform where the plan never comes."""
    found = [Fraction(1)] * (1 + sum(len(own) for _, own in sets))
    for before, sequences in sets:
        parts = np.maximum(np.array([weights[s] for s in sequences], dtype=float), 0.0)
        total = parts.sum()
        shares = np.full(len(parts), 1 / len(parts)) if total < 1e-12 else parts / total
        grid = [round(float(share) * _GRID) for share in shares]
        grid[int(np.argmax(shares))] += _GRID - sum(grid)
        for s, part in zip(sequences, grid, strict=True):
            found[s] = found[before] * Fraction(part, _GRID)
    return tuple(found)


def _program(form: RealizationForm) -> tuple[list[Fraction], Entries, Entries]:
    """Objective, inequalities and equations over the variables x (all sequences of player 1), v (sets of player 2)."""
    mine, yours = form.sets
    n = form.sizes[0]
    one = Fraction(1)
    objective = [Fraction(0)] * (n + len(yours))
    upper: Entries = []
    for k, (before, sequences) in enumerate(yours):
        upper += [(t - 1, n + k, one) for t in sequences]
        if before:
            upper.append((before - 1, n + k, -one))
        else:
            objective[n + k] = one
    for (s, t), (a, _) in form.payoffs.items():
        if t:
            upper.append((t - 1, s, -a))
        else:
            objective[s] += a
    equal: Entries = [(0, 0, one)]
    for row, (before, sequences) in enumerate(mine, start=1):
        equal += [(row, s, one) for s in sequences]
        equal.append((row, before, -one))
    return objective, upper, equal


def _dense(entries: Entries, height: int, width: int) -> list[list[Fraction]]:
    rows = [[Fraction(0)] * width for _ in range(height)]
    for row, column, value in entries:
        rows[row][column] += value
    return rows
