"""Extreme equilibria of many small bimatrix games with ties, from the signs of bordered minors that are exact.

The minors of `bargain.kernels.minors` are sums of products of scaled payoffs. Where the scaled payoffs are short binary
fractions (small integers, above all), every product and every sum is a float without rounding, and a zero is a zero. A vertex
(x, v) of {x >= 0, sum x = 1, payoffs of the other's replies <= v} has a support I and |I| of its best replies J such that the
indifference system of (I, J) is regular: its weights are the minors of (I, J), all of one sign, and no shortfall has the other
sign. Those signs give all vertices, several times where there are ties; a vertex is named by its support and
its set of best replies. Two vertices are an equilibrium if each support lies within the other's best replies.

Reference: Avis, Rosenberg, Savani and von Stengel (2010), Economic Theory 42(1), 9-37.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from bargain.kernels.minors import Conditions, Minors

__all__ = ["Vertices", "matched", "vertices"]

_Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Vertices:
    """Vertex k belongs to game[k] (ascending) and is read off the minors of (replies[k], own[k]) with size[k] of each; masks are bit sets."""

    game: _Integers
    size: _Integers
    replies: _Integers
    own: _Integers
    support: _Integers
    best: _Integers


def vertices(side: Minors, pairs: tuple[Conditions, ...], games: NDArray[np.intp]) -> Vertices:
    """All vertices of one player's best-reply polytope in the given games, whose minors are exact; each listed once."""
    signs = np.sign(side.values[:, games]).astype(np.int8)
    parts = [_of_size(signs, conditions, k) for k, conditions in enumerate(pairs, 1)]
    game, size, replies, own, support, best = (np.concatenate(column) for column in zip(*parts, strict=True))
    _, first = np.unique((game << 32) | (support << 16) | best, return_index=True)  # at most 16 actions a side
    return Vertices(*(column[first] for column in (game, size, replies, own, support, best)))


def _of_size(signs: NDArray[np.int8], conditions: Conditions, k: int) -> tuple[_Integers, ...]:
    """Game, k, place of the replies, place of the support, and both masks, of the vertices with k actions in the support."""
    count = conditions.minor.shape[2]
    oriented = signs[conditions.minor] * np.where(conditions.negated, -1, 1).astype(np.int8)[..., None]
    weights, shortfalls = oriented[:, :, :k], oriented[:, :, k:]
    least, most = weights.min(axis=2), weights.max(axis=2)
    upward = (least > 0) & (shortfalls >= 0).all(axis=2)
    downward = (most < 0) & (shortfalls <= 0).all(axis=2)
    replies, own, game = np.nonzero(upward | downward)
    chosen = np.array([sum(1 << r for r in rows) for rows in combinations(range(count), k)])
    outside = np.array([[1 << r for r in range(count) if r not in rows] for rows in combinations(range(count), k)], dtype=np.int64).reshape(len(chosen), count - k)
    tied = np.where(shortfalls.transpose(0, 1, 3, 2)[replies, own, game] == 0, outside[replies], 0).sum(axis=1)
    return game, np.full_like(game, k), replies, own, (1 << conditions.support).sum(axis=1)[own], chosen[replies] + tied


def matched(x: Vertices, y: Vertices, games: int) -> tuple[_Integers, _Integers]:
    """Which vertices form equilibria: places in x and in y, game by game."""
    counts_x, counts_y = np.bincount(x.game, minlength=games), np.bincount(y.game, minlength=games)
    starts = np.concatenate([[0], np.cumsum(counts_y)])[:-1]
    repeats = counts_y[x.game]
    left = np.repeat(np.arange(len(x.game)), repeats)
    within = np.arange(len(left)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    right = starts[x.game[left]] + within
    assert counts_x.sum() == len(x.game)
    good = ((x.support[left] & ~y.best[right]) == 0) & ((y.support[right] & ~x.best[left]) == 0)
    return left[good], right[good]
