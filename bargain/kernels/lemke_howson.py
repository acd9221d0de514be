"""Lemke-Howson paths by exact, fraction-free complementary pivoting.

With payoffs shifted to be positive the path runs through pairs of vertices of

    {(x, s) >= 0 : b^T x + s = 1}    and    {(y, r) >= 0 : a y + r = 1},

where x_i and r_i share label i and y_j and s_j share label m + j. It starts at the
origin, drops one label, and after each pivot brings in the variable that shares the
duplicate label, on the other side, until the dropped label is found again.

A dictionary is an integer matrix T with one row per basic variable, one column per
non-basic variable and a last column for the constants, over a common denominator d:
d * basic = constant - T * non-basic. Bringing in column c at row r, with p = T[r, c],
is one rank-one update,

    T' = (p T - u v^T) / d,    u = T e_c - d e_r,    v = T^T e_r + d e_c,    d' = p,

whose division is exact because every entry is a minor of the first matrix. Ties in the
ratio test are broken lexicographically, as if constant i were 1 + epsilon^i, so that no
pair of bases recurs and the path ends, degenerate or not.

References: Lemke and Howson (1964), Journal of the SIAM 12(2), 413-423; Edmonds (1967),
Journal of Research of the National Bureau of Standards 71B(4), 241-245; von Stengel
(2002), in Handbook of Game Theory 3, 1723-1759.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flint import fmpz_mat

__all__ = ["first_equilibrium"]


_Variable = tuple[bool, int]  # is it a slack?, label


@dataclass(frozen=True)
class _Dictionary:
    """denominator * basic = constants - entries * outside; the constants are the last column."""

    entries: fmpz_mat
    denominator: int
    basic: tuple[_Variable, ...]
    outside: tuple[_Variable, ...]

    def column(self, c: int) -> list[int]:
        return [int(self.entries[r, c]) for r in range(len(self.basic))]


def first_equilibrium(
    rows: Sequence[Sequence[int]], columns: Sequence[Sequence[int]], label: int
) -> tuple[list[int], list[int]]:
    """Integer weights (x, y) of the equilibrium that the path dropping `label` leads to.

    >>> first_equilibrium([[3, 0], [0, 1]], [[1, 0], [0, 3]], 0)
    ([1, 0], [1, 0])
    """
    m, n = len(rows), len(rows[0])
    mine, yours = range(m), range(m, m + n)
    sides = [_origin(list(zip(*columns, strict=True)), mine, yours), _origin(rows, yours, mine)]
    turn = 0 if label in mine else 1
    entering = (False, label)
    while True:
        sides[turn], (is_slack, found) = _bring_in(sides[turn], entering)
        if found == label:
            return _weights(sides[0], mine), _weights(sides[1], yours)
        entering = (not is_slack, found)
        turn = 1 - turn


def _origin(gains: Sequence[Sequence[int]], own: range, replies: range) -> _Dictionary:
    """The dictionary at weight zero; every column is shifted to minimum 1, which changes no best reply."""
    least = [min(column) - 1 for column in zip(*gains, strict=True)]
    table = [[*(gain - low for gain, low in zip(row, least, strict=True)), 1] for row in gains]
    slacks = tuple((True, label) for label in replies)
    return _Dictionary(fmpz_mat(table), 1, slacks, tuple((False, label) for label in own))


def _bring_in(side: _Dictionary, entering: _Variable) -> tuple[_Dictionary, _Variable]:
    """One pivot: the dictionary after it, and the variable that left."""
    c = side.outside.index(entering)
    r = _leaving_row(side, c)
    pivot = int(side.entries[r, c])
    u = side.column(c)
    u[r] -= side.denominator
    v = [int(side.entries[r, k]) for k in range(len(side.outside) + 1)]
    v[c] += side.denominator
    entries = (side.entries * pivot - fmpz_mat([[e] for e in u]) * fmpz_mat([v])) / side.denominator
    leaving = side.basic[r]
    basic = (*side.basic[:r], entering, *side.basic[r + 1 :])
    outside = (*side.outside[:c], leaving, *side.outside[c + 1 :])
    return _Dictionary(entries, pivot, basic, outside), leaving


def _leaving_row(side: _Dictionary, c: int) -> int:
    """The row of the lexicographically least ratio of (constant, slack columns) to the entering column."""
    direction = side.column(c)
    positive = [r for r, entry in enumerate(direction) if entry > 0]
    tied = _least_ratio(positive, side.column(len(side.outside)), direction)
    slack_labels = sorted(label for is_slack, label in (*side.basic, *side.outside) if is_slack)
    for label in slack_labels:
        if len(tied) == 1:
            break
        tied = _least_ratio(tied, _slack_column(side, label), direction)
    return tied[0]


def _least_ratio(rows: list[int], values: list[int], direction: list[int]) -> list[int]:
    """The rows with the least value / direction, compared by cross-multiplication."""
    best = rows[:1]
    for r in rows[1:]:
        difference = values[r] * direction[best[0]] - values[best[0]] * direction[r]
        if difference < 0:
            best = [r]
        elif difference == 0:
            best.append(r)
    return best


def _slack_column(side: _Dictionary, label: int) -> list[int]:
    """The column of a slack: stored if it is outside, a multiple of a unit vector if it is basic."""
    slack = (True, label)
    if slack in side.outside:
        return side.column(side.outside.index(slack))
    return [side.denominator if variable == slack else 0 for variable in side.basic]


def _weights(side: _Dictionary, own: range) -> list[int]:
    """The values of a side's own variables, over the common denominator."""
    constants = dict(zip(side.basic, side.column(len(side.outside)), strict=True))
    return [constants.get((False, label), 0) for label in own]
