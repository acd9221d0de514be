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
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.kernels.devices import namespace, place_of
from bargain.kernels.scaling import scaled_columns

__all__ = ["MARGIN", "Conditions", "Level", "Minors", "Plan", "Tables", "bordered_minors", "placed", "plan"]

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
class Tables:
    """The plan as index arrays where the payoffs are.

    terms: by level, then by term: the entry that each minor of the level takes, and the smaller minor it is multiplied with. bounds: (minor, 1).
    agreeing, opposed: by size k, the places of the conditions of all pairs among the positive signs followed by the negative ones, flat. shapes:
    of these, (I, J, condition). weight: by size, the minor of each strategy (I, J, strategy), flat; present: whether it is in J, (J, strategy).
    """

    terms: tuple[tuple[tuple[Any, Any], ...], ...]
    bounds: Any
    agreeing: tuple[Any, ...]
    opposed: tuple[Any, ...]
    shapes: tuple[tuple[int, int, int], ...]
    weight: tuple[Any, ...]
    present: tuple[Any, ...]


@dataclass(frozen=True)
class Minors:
    """Of N games of p x q: values of all minors (minor, game), the column exponents (game, strategy), and the tables."""

    values: Any
    exponents: Any
    tables: Tables

    @property
    def bounds(self) -> Any:
        """How far a minor may be from its exact value, (minor, 1)."""
        return self.tables.bounds


def bordered_minors(payoff: Any) -> Minors:
    """All bordered minors of payoff (game, reply, strategy), an array of floats of any library, with columns centred and scaled.

    Every library rounds each multiplication and addition alike, so that all of them give the same bits.

    >>> found = bordered_minors(np.array([[[3.0, 0.0], [1.0, 4.0]]]))
    >>> found.values[:, 0].tolist()
    [1.0, 1.0, 1.0, -1.0]
    """
    xp, place = namespace(payoff), place_of(payoff)
    games, replies, strategies = payoff.shape
    tables = placed(replies, strategies, xp, place)
    with np.errstate(all="ignore"):
        entries, exponents = scaled_columns(payoff, xp)
        values = xp.empty((tables.bounds.shape[0], games), dtype=xp.float64, device=place)
        smaller, start = xp.ones((replies, games), dtype=xp.float64, device=place), replies
        values[:replies, :] = smaller
        for k, terms in enumerate(tables.terms, 1):
            block: Any = None
            for t, (cell, child) in enumerate(terms):
                product = xp.take(entries, cell, axis=0)
                product *= xp.take(smaller, child, axis=0)
                if block is None:
                    block = product if k % 2 else -product
                elif (t + k) % 2:
                    block += product
                else:
                    block -= product
            values[start : start + block.shape[0], :] = block
            smaller, start = block, start + block.shape[0]
    return Minors(values, exponents, tables)


@lru_cache(maxsize=64)
def placed(replies: int, strategies: int, xp: Any, place: Any) -> Tables:
    """The plan of p x q matrices as arrays of a namespace."""
    recipe = plan(replies, strategies)

    def put(values: Any) -> Any:
        return xp.asarray(np.ascontiguousarray(values), device=place)

    levels = [[(put(level.row[:, t] * strategies + level.column), put(level.child[:, t])) for t in range(level.row.shape[1])] for level in recipe.levels]
    bounds = np.concatenate([np.zeros(replies), *(np.full(len(level.column), level.bound) for level in recipe.levels)])
    weights, present = [], []
    for pairs in recipe.pairs:
        minor = np.zeros((*pairs.minor.shape[:2], strategies), dtype=np.intp)
        inside = np.zeros((len(pairs.support), strategies), dtype=bool)
        for own, support in enumerate(pairs.support):
            minor[:, own, support] = pairs.minor[:, own, : len(support)]
            inside[own, support] = True
        weights.append(put(minor.reshape(-1)))
        present.append(put(inside))
    return Tables(
        terms=tuple(tuple(level) for level in levels),
        bounds=put(bounds[:, None]),
        agreeing=tuple(put((pairs.minor + recipe.count * pairs.negated).reshape(-1)) for pairs in recipe.pairs),
        opposed=tuple(put((pairs.minor + recipe.count * ~pairs.negated).reshape(-1)) for pairs in recipe.pairs),
        shapes=tuple(pairs.minor.shape for pairs in recipe.pairs),
        weight=tuple(weights),
        present=tuple(present),
    )


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
