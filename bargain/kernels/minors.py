"""Bordered minors of many payoff matrices at once: the signs that decide every support pair.

For a matrix A of payoffs to p replies (rows) against q strategies (columns), a set R
of k + 1 rows and a set C of k columns, let D(R, C) = det [A_RC | 1]. Cramer's rule on
the indifference conditions of equal-size supports, replies I and strategies J, gives
with one common sign

    y_j          ~  (-1)^(place of j in J)        D(I, J less j),         j in J,
    u - (Ay)_i   ~ -(-1)^(place of i in I + i)    D(I and i, J),          i not in I,

so (I, J) supports an equilibrium, as far as this player's mixing goes, if and only if
these p numbers have one sign. All minors follow from a Laplace recursion along the last
column. Adding a constant to a column of A leaves every D as it is and scaling a column
scales it, so columns are centred and scaled by powers of two to entries in [-1, 1].
Then the sum of the absolute products in D is at most (k + 1)!, no product passes
through more than 2k + k(k + 1)/2 roundings, and

    |computed D - exact D| <= gamma (k + 1)!,  gamma = w u / (1 - w u),  w = 2k + k(k + 1)/2,

where u = 2^-53. A minor counts as signed only beyond `MARGIN` times that bound.

References: Dickhaut and Kaplan (1991), The Mathematica Journal 1(4), 87-93, for support
enumeration; Higham (2002), Accuracy and Stability of Numerical Algorithms, section 3.1,
for the rounding analysis.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

__all__ = ["MARGIN", "Level", "Minors", "Plan", "Conditions", "bordered_minors", "plan"]

MARGIN = 2.0**16

_Key = tuple[tuple[int, ...], tuple[int, ...]]  # rows R, columns C
_Signed = tuple[int, int]


@dataclass(frozen=True)
class Level:
    """The minors with k columns: minor s is the sum over t of sign[t] A[row[s, t], column[s]] smaller[child[s, t]]."""

    row: NDArray[np.intp]
    column: NDArray[np.intp]
    child: NDArray[np.intp]
    sign: NDArray[np.float64]
    bound: float


@dataclass(frozen=True)
class Conditions:
    """For all pairs (replies I, strategies J) of size k: the p minors that must agree in sign, the first k for y."""

    minor: NDArray[np.intp]  # (I, J, condition)
    negated: NDArray[np.bool_]  # (I, J, condition)
    support: NDArray[np.intp]  # (J, place)


@dataclass(frozen=True)
class Plan:
    """The recursion for p x q matrices, and the tests of their support pairs by size."""

    levels: tuple[Level, ...]
    pairs: tuple[Conditions, ...]
    count: int


@dataclass(frozen=True)
class Minors:
    """Values of all minors (minor, game), their error bounds (minor,), the column exponents (game, strategy), and which games have no rounding in any (game,)."""

    values: NDArray[np.float64]
    bounds: NDArray[np.float64]
    exponents: NDArray[np.intp]
    exact: NDArray[np.bool_]


def bordered_minors(payoff: NDArray[np.float64]) -> Minors:
    """All bordered minors of payoff (game, reply, strategy) with columns centred and scaled.

    >>> found = bordered_minors(np.array([[[3.0, 0.0], [1.0, 4.0]]]))
    >>> found.values[:, 0].tolist()
    [1.0, 1.0, 1.0, -1.0]
    """
    games, replies, strategies = payoff.shape
    recipe = plan(replies, strategies)
    with np.errstate(all="ignore"):
        entries, exponents = _scaled(payoff)
        values = np.empty((recipe.count, games))
        bounds = np.empty(recipe.count)
        values[:replies], bounds[:replies] = 1.0, 0.0
        start, size = 0, replies
        for level in recipe.levels:
            smaller = values[start : start + size]
            start, size = start + size, len(level.column)
            block = values[start : start + size]
            block[:] = 0.0
            for t in range(level.row.shape[1]):
                product = entries[level.row[:, t], level.column] * smaller[level.child[:, t]]
                block += level.sign[t] * product
            bounds[start : start + size] = level.bound
    return Minors(values, bounds, exponents, _unrounded(entries, recipe))


def _scaled(payoff: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Entries (reply, strategy, game) in [-1, 1], and the exponents of the powers of two taken out."""
    centre = payoff.max(axis=1, keepdims=True) / 2 + payoff.min(axis=1, keepdims=True) / 2
    centred = payoff - centre
    exponents = np.frexp(np.abs(centred).max(axis=1))[1]
    entries = np.ldexp(centred, -exponents[:, None, :])
    return np.ascontiguousarray(entries.transpose(1, 2, 0)), exponents.astype(np.intp)


def _unrounded(entries: NDArray[np.float64], recipe: Plan) -> NDArray[np.bool_]:
    """Whether all entries are multiples of 2^-t for a t such that minors of the largest size k, at most (k + 1)! in size, are multiples of 2^-kt below 2^53."""
    k = len(recipe.levels)
    if k == 0:
        return np.ones(entries.shape[2], dtype=bool)
    grid = np.ldexp(entries, int((53 - np.log2(factorial(k + 1))) // k))
    whole: NDArray[np.bool_] = (grid == np.rint(grid)).all(axis=(0, 1))
    return whole


@lru_cache(maxsize=64)
def plan(replies: int, strategies: int) -> Plan:
    """Index tables for p x q matrices; the same for every game of that shape.

    >>> [plan(4, 4).count, len(plan(4, 4).pairs)]
    [56, 4]
    """
    smaller: dict[_Key, int] = {((row,), ()): row for row in range(replies)}
    place = dict(smaller)
    levels = []
    for k in range(1, min(replies - 1, strategies) + 1):
        keys = _keys(replies, strategies, k)
        levels.append(_level(keys, smaller, k))
        smaller = {key: index for index, key in enumerate(keys)}
        place |= {key: len(place) + index for index, key in enumerate(keys)}
    sizes = range(1, min(replies, strategies) + 1)
    return Plan(tuple(levels), tuple(_pairs(replies, strategies, k, place) for k in sizes), len(place))


def _keys(replies: int, strategies: int, k: int) -> list[_Key]:
    column_sets = list(combinations(range(strategies), k))
    return [(rows, columns) for rows in combinations(range(replies), k + 1) for columns in column_sets]


def _level(keys: list[_Key], smaller: dict[_Key, int], k: int) -> Level:
    terms = range(k + 1)
    child = [[smaller[rows[:t] + rows[t + 1 :], columns[:-1]] for t in terms] for rows, columns in keys]
    roundings = (2 * k + k * (k + 1) / 2) * 2.0**-53
    return Level(
        row=np.array([rows for rows, _ in keys]),
        column=np.array([columns[-1] for _, columns in keys]),
        child=np.array(child),
        sign=np.array([(-1.0) ** (t + k - 1) for t in terms]),
        bound=roundings / (1 - roundings) * factorial(k + 1),
    )


def _pairs(replies: int, strategies: int, k: int, place: dict[_Key, int]) -> Conditions:
    chosen = list(combinations(range(replies), k))
    supports = list(combinations(range(strategies), k))
    pairs = [[_conditions(rows, columns, replies, place) for columns in supports] for rows in chosen]
    signed = np.array(pairs).reshape(len(chosen), len(supports), replies, 2)
    return Conditions(signed[..., 0], signed[..., 1].astype(bool), np.array(supports))


def _conditions(rows: tuple[int, ...], columns: tuple[int, ...], replies: int, place: dict[_Key, int]) -> list[_Signed]:
    """The weights of J, then the shortfalls of the replies outside I, as (minor, is it negated)."""
    weights = [(place[rows, columns[:t] + columns[t + 1 :]], t % 2) for t in range(len(columns))]
    shortfalls = []
    for reply in sorted(set(range(replies)) - set(rows)):
        larger = tuple(sorted((*rows, reply)))
        shortfalls.append((place[larger, columns], 1 - larger.index(reply) % 2))
    return weights + shortfalls
