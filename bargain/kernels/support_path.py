"""One equilibrium of a large bimatrix game by Lemke-Howson paths in floats that cost only as much as the supports on them.

With payoffs scaled to [1, 2] the path runs through pairs of vertices of {x >= 0 : b^T x <= 1} and {y >= 0 : a y <= 1}, as in
`bargain.kernels.lemke_howson`. A side keeps its own support S, its tight constraints T, as many, and the inverse of the k x k matrix
between them; no pivot touches the rest of the table but for one product with the k columns in S. Lengths of paths on random games
are heavy-tailed, so several first labels are tried under a rising cap on the number of pivots.

The end of a path is two supports; probabilities come from solving the indifference conditions afresh, and the regret is computed from
the payoffs. `bargain.kernels.refined_path` solves and proves the same supports over the rationals.

References: Lemke and Howson (1964), Journal of the SIAM 12(2), 413-423; Codenotti, De Rossi and Pagan (2008), An experimental
analysis of Lemke-Howson algorithm (on restarts).
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bargain.errors import BadInput, NotDecided
from bargain.kernels.core import compiled

__all__ = ["attempts", "one_equilibrium", "path_end"]

_NEAR = 1e-11
_REGRET = 1e-12  # relative to the range of payoffs
_LABELS = 24  # first labels tried at each cap

Floats = NDArray[np.float64]
Supports = tuple[list[int], list[int]]


def one_equilibrium(a: ArrayLike, b: ArrayLike) -> tuple[Floats, Floats]:
    """Mixed strategies (x, y) of an equilibrium of the game with payoffs a, b of shape (m, n); regret at most 1e-12 of the range of payoffs.

    Raises NotDecided if no path ends in an equilibrium that floats can tell from its neighbours (games with ties, above all):
    the exact solvers decide those.

    >>> x, y = one_equilibrium([[3, 0], [0, 1]], [[1, 0], [0, 3]])
    >>> x.tolist(), y.tolist()
    ([1.0, 0.0], [1.0, 0.0])
    """
    payoffs = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if payoffs[0].ndim != 2 or payoffs[0].shape != payoffs[1].shape or not payoffs[0].size:
        raise BadInput(f"payoffs have shapes {payoffs[0].shape} and {payoffs[1].shape}", remedy="give two (m, n) arrays")
    if not all(np.isfinite(payoff).all() for payoff in payoffs):
        raise BadInput("some payoffs are not finite", remedy="correct them")
    rows, columns = (_scaled(payoff) for payoff in payoffs)
    for label, cap in attempts(*rows.shape):
        supports = path_end(rows, columns, label, cap)
        if supports is not None and (found := _solved(*payoffs, *supports)) is not None:
            return found
    raise NotDecided("no path ended in an equilibrium that floats can tell from its neighbours", remedy="solve the game exactly, with LemkeHowson() or Nash()")


def attempts(m: int, n: int) -> Iterator[tuple[int, int]]:
    """(label, cap) of the paths to try in an (m, n) game: labels spread over both players' actions, under a rising cap of pivots.

    >>> list(attempts(2, 2))[:5]
    [(0, 10), (1, 10), (2, 10), (3, 10), (0, 12)]
    """
    labels = range(0, m + n, max(1, (m + n) // _LABELS))
    for share in (8, 2):
        yield from ((label, (m + n) // share + 10) for label in labels)
    for times in (2, 8):
        yield from ((label, times * (m + n)) for label in labels)
    yield from ((label, 1000 * (m + n)) for label in labels[:4])


def _scaled(payoff: Floats) -> Floats:
    low, high = float(payoff.min()), float(payoff.max())
    return 1 + (payoff - low) / ((high - low) or 1.0)


def path_end(rows: Floats, columns: Floats, label: int, cap: int) -> Supports | None:
    """The supports at the end of the path that drops `label` in a game with payoffs in [1, 2]; None if it does not end within `cap` pivots.

    >>> path_end(np.array([[2.0, 1.0], [1.0, 1.5]]), np.array([[1.5, 1.0], [1.0, 2.0]]), 0, 100)
    ([0], [0])
    """
    m, n = rows.shape
    x_gains, y_gains = np.ascontiguousarray(columns), np.ascontiguousarray(rows.T)
    core = compiled()
    if core is not None:
        x, y = np.zeros(m, dtype=np.uint8), np.zeros(n, dtype=np.uint8)
        return (np.flatnonzero(x).tolist(), np.flatnonzero(y).tolist()) if core.lemke_howson(m, n, label, cap, x_gains, y_gains, x, y) >= 0 else None
    sides = (_Side(x_gains), _Side(y_gains))
    turn, variable = (0, label) if label < m else (1, label - m)
    for _ in range(cap):
        left = sides[turn].bring_in(variable)
        if left is None:
            return None
        own = left >= 0
        if (left + m * turn if own else m * (1 - turn) - 1 - left) == label:
            return sorted(sides[0].support), sorted(sides[1].support)
        variable, turn = -1 - left, 1 - turn
    return None


class _Side:
    """One side of the path. A variable is coded v (own) or -1 - c (the slack of constraint c)."""

    def __init__(self, gains: Floats) -> None:
        """gains (own, constraints): the coefficient of an own variable in a constraint."""
        self.gains = gains
        self.support: list[int] = []
        self.tight: list[int] = []
        self.inverse, self.values, self.slack = np.zeros((0, 0)), np.zeros(0), np.ones(gains.shape[1])

    def bring_in(self, variable: int) -> int | None:
        """One pivot; the variable that leaves, or None if none can."""
        gain = self.gains[variable] if variable >= 0 else np.zeros(len(self.slack))
        place = None if variable >= 0 else self.tight.index(-1 - variable)
        fall = self.inverse @ gain[self.tight] if place is None else self.inverse[:, place].copy()
        slack_fall = gain - fall @ self.gains[self.support]
        slack_fall[self.tight] = 0.0
        leaving, step = self._leaving(fall, slack_fall)
        if leaving is None:
            return None
        self.values = self.values - step * fall
        self.slack = self.slack - step * slack_fall
        self.slack[self.tight] = 0.0
        if place is None and leaving >= 0:
            self._swap_support(variable, leaving, fall, step)
        elif place is None:
            self._grow(variable, -1 - leaving, fall, slack_fall, step)
        elif leaving >= 0:
            self._shrink(place, self.support.index(leaving))
            self.slack[-1 - variable] = step
        else:
            self._swap_tight(place, -1 - leaving)
            self.slack[-1 - variable] = step
        return leaving

    def _leaving(self, fall: Floats, slack_fall: Floats) -> tuple[int | None, float]:
        """The variable with the least ratio, near ties broken by the larger pivot, and the ratio."""
        heights, falls = np.concatenate([self.values, self.slack]), np.concatenate([fall, slack_fall])
        able = np.flatnonzero(falls > _NEAR)
        if not able.size:
            return None, 0.0
        ratios = heights[able] / falls[able]
        near = able[ratios <= ratios.min() + _NEAR]
        chosen = int(near[np.argmax(falls[near])])
        k = len(self.support)
        return (self.support[chosen] if chosen < k else k - 1 - chosen), max(float(ratios.min()), 0.0)

    def _swap_support(self, entering: int, leaving: int, fall: Floats, step: float) -> None:
        q = self.support.index(leaving)
        row = self.inverse[q] / fall[q]
        self.inverse = self.inverse - np.outer(fall, row)
        self.inverse[q], self.support[q], self.values[q] = row, entering, step

    def _grow(self, entering: int, constraint: int, fall: Floats, slack_fall: Floats, step: float) -> None:
        through, corner = self.gains[self.support, constraint] @ self.inverse, slack_fall[constraint]
        self.inverse = np.block([[self.inverse + np.outer(fall, through) / corner, -fall[:, None] / corner], [-through[None] / corner, np.array([[1 / corner]])]])
        self.support.append(entering)
        self.tight.append(constraint)
        self.values, self.slack[constraint] = np.append(self.values, step), 0.0

    def _shrink(self, p: int, q: int) -> None:
        reduced = self.inverse - np.outer(self.inverse[:, p], self.inverse[q]) / self.inverse[q, p]
        self.inverse = np.delete(np.delete(reduced, q, axis=0), p, axis=1)
        self.values = np.delete(self.values, q)
        del self.support[q], self.tight[p]

    def _swap_tight(self, p: int, constraint: int) -> None:
        through = self.gains[self.support, constraint] @ self.inverse
        column = self.inverse[:, p] / through[p]
        self.inverse = self.inverse - np.outer(column, through)
        self.inverse[:, p], self.tight[p], self.slack[constraint] = column, constraint, 0.0


def _solved(a: Floats, b: Floats, rows: list[int], columns: list[int]) -> tuple[Floats, Floats] | None:
    """The strategies on the supports that make the other's support indifferent; None unless no deviation gains."""
    if len(rows) != len(columns):
        return None
    y, x = _indifferent(a[np.ix_(rows, columns)]), _indifferent(b[np.ix_(rows, columns)].T)
    if x is None or y is None:
        return None
    mixed_x, mixed_y = np.zeros(a.shape[0]), np.zeros(a.shape[1])
    mixed_x[rows], mixed_y[columns] = x, y
    regret = max(np.max(a @ mixed_y) - mixed_x @ a @ mixed_y, np.max(mixed_x @ b) - mixed_x @ b @ mixed_y)
    return (mixed_x, mixed_y) if regret <= _REGRET * max(np.ptp(a), np.ptp(b), 1e-300) else None


def _indifferent(payoff: Floats) -> Floats | None:
    """Weights on the columns with equal row payoffs, refined once; None if the system is singular or a weight is not positive."""
    k = len(payoff)
    system, right = np.ones((k + 1, k + 1)), np.zeros(k + 1)
    system[:k, :k], system[:k, k], system[k, k], right[k] = payoff, -1.0, 0.0, 1.0
    try:
        weights = np.linalg.solve(system, right)
        weights += np.linalg.solve(system, right - system @ weights)
    except np.linalg.LinAlgError:
        return None
    return weights[:k] / weights[:k].sum() if (weights[:k] > 0).all() else None
