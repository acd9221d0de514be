"""One equilibrium of a large bimatrix game: a Lemke-Howson path in floats, its end solved and proved in exact arithmetic.

The path is that of `bargain.kernels.lemke_howson`, on payoffs scaled to [1, 2], with the ratio test's near ties broken by
the larger pivot. Only the supports I, J at its end are kept. The indifference conditions

    A_IJ y = u 1,  sum(y) = 1,    x^T B_IJ = v 1,  sum(x) = 1

are then solved over the rationals, and the result is returned only if no deviation gains, exactly. None means that
the floats went astray; the exact path decides then.

References: Lemke and Howson (1964), Journal of the SIAM 12(2), 413-423; Applegate, Cook, Dash and Espinoza (2007),
Operations Research Letters 35:693-699 (exact solutions from floating-point bases).
"""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from flint import fmpz_mat
from numpy.typing import NDArray

__all__ = ["path_supports", "solved_supports"]

_PIVOTS = 50_000
_NEAR = 1e-10

Floats = NDArray[np.float64]


def path_supports(rows: Sequence[Sequence[int]], columns: Sequence[Sequence[int]], label: int) -> tuple[list[int], list[int]] | None:
    """The supports at the end of the path that drops `label`, as floats have it; None if the path does not end.

    >>> path_supports([[3, 0], [0, 1]], [[1, 0], [0, 3]], 0)
    ([0], [0])
    """
    m, n = len(rows), len(rows[0])
    a, b = (_scaled(payoff) for payoff in (rows, columns))
    if a is None or b is None:
        return None
    sides = [_Side(b.T, range(m), range(m, m + n)), _Side(a, range(m, m + n), range(m))]
    turn, entering = (0 if label < m else 1), (False, label)
    for _ in range(_PIVOTS):
        leaving = sides[turn].bring_in(entering)
        if leaving is None:
            return None
        if leaving[1] == label:
            return sides[0].support(range(m)), sides[1].support(range(m, m + n))
        entering, turn = (not leaving[0], leaving[1]), 1 - turn
    return None


def _scaled(payoff: Sequence[Sequence[int]]) -> Floats | None:
    try:
        table = np.array([[float(entry) for entry in row] for row in payoff])
    except OverflowError:
        return None
    low, high = table.min(), table.max()
    return 1 + (table - low) / ((high - low) or 1.0)


class _Side:
    """basic = constants - entries * outside, the constants in the last column."""

    def __init__(self, gains: Floats, own: range, replies: range) -> None:
        self.table = np.column_stack([gains, np.ones(len(gains))])
        self.basic = [(True, label) for label in replies]
        self.outside = [(False, label) for label in own]

    def bring_in(self, entering: tuple[bool, int]) -> tuple[bool, int] | None:
        """One pivot; the variable that leaves, or None if none can."""
        c = self.outside.index(entering)
        direction, constants = self.table[:, c], self.table[:, -1]
        positive = direction > _NEAR
        if not positive.any():
            return None
        ratios = np.full(len(direction), np.inf)
        ratios[positive] = constants[positive] / direction[positive]
        tied = np.flatnonzero(ratios <= ratios.min() + _NEAR)
        r = int(tied[np.argmax(direction[tied])])
        pivot, row, column = direction[r], self.table[r].copy(), direction.copy()
        row[c], column[r] = 1.0, -1.0
        row /= pivot
        self.table[:, c] = 0.0
        self.table[r] = 0.0
        self.table -= np.outer(column, row)
        self.basic[r], self.outside[c] = entering, self.basic[r]
        return self.outside[c]

    def support(self, own: range) -> list[int]:
        """The places of a side's own variables that are clearly positive."""
        values = {variable: value for variable, value in zip(self.basic, self.table[:, -1], strict=True)}
        return [k for k, label in enumerate(own) if values.get((False, label), 0.0) > _NEAR]


def solved_supports(gains: Sequence[Sequence[int]], replies: Sequence[int], support: Sequence[int]) -> list[Fraction] | None:
    """Weights over all strategies that make the replies equally good and sum to one; None if the system is not regular.

    gains (replies, strategies): what each reply earns against each strategy, integers.

    >>> solved_supports([[9, 0], [0, 1]], [0, 1], [0, 1])
    [Fraction(1, 10), Fraction(9, 10)]
    """
    size = len(support)
    if size != len(replies):
        return None
    system = fmpz_mat([[*(gains[i][j] for j in support), -1] for i in replies] + [[1] * size + [0]])
    right = fmpz_mat([[0]] * size + [[1]])
    try:
        solution = system.solve(right)
    except ZeroDivisionError:
        return None
    weights = [Fraction(0)] * len(gains[0])
    for k, j in enumerate(support):
        weights[j] = Fraction(int(solution[k, 0].p), int(solution[k, 0].q))
    return weights
