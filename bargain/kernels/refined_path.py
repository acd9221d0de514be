"""One equilibrium of a large bimatrix game: a Lemke-Howson path in floats, its end solved and proved in exact arithmetic.

The path is that of `bargain.kernels.support_path`. Only the supports I, J at its end are kept. The indifference conditions

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

from bargain.kernels.support_path import path_end

__all__ = ["path_supports", "solved_supports"]

Floats = NDArray[np.float64]


def path_supports(rows: Sequence[Sequence[int]], columns: Sequence[Sequence[int]], label: int, cap: int = 50_000) -> tuple[list[int], list[int]] | None:
    """The supports at the end of the path that drops `label`, as floats have it; None if it does not end within `cap` pivots.

    >>> path_supports([[3, 0], [0, 1]], [[1, 0], [0, 3]], 0)
    ([0], [0])
    """
    a, b = (_scaled(payoff) for payoff in (rows, columns))
    return None if a is None or b is None else path_end(a, b, label, cap)


def _scaled(payoff: Sequence[Sequence[int]]) -> Floats | None:
    try:
        table = np.array([[float(entry) for entry in row] for row in payoff])
    except OverflowError:
        return None
    low, high = table.min(), table.max()
    return 1 + (table - low) / ((high - low) or 1.0)


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
