"""Which support pairs of many bimatrix games carry an equilibrium, for arrays of any library: fixed-shape verdicts, then the list.

A verdict is one bit a game: packed eight to a byte in numpy, where memory is what counts, and plain booleans elsewhere. Both
follow from the signs of the bordered minors by the same gathers and logic; nothing before `rows` depends on the data in its
shape. See `bargain.kernels.batch` for what the verdicts prove.
"""

from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any

import numpy as np

from bargain.kernels.devices import namespace
from bargain.kernels.minors import MARGIN, Minors, Tables, bordered_minors
from bargain.kernels.scaling import times_power

__all__ = ["Verdicts", "rows", "verdicts", "weights"]


@dataclass(frozen=True)
class Verdicts:
    """Of N games of m x n: the minors of both sides, the strict pairs by size (I, J, game) and the games with a weak pair that is not strict.

    Sets I are row supports, J column supports. strict: bits, to be read with `unflagged`. flagged: (N,) booleans.
    """

    x_side: Minors
    y_side: Minors
    strict: tuple[Any, ...]
    flagged: Any


def verdicts(a: Any, b: Any) -> Verdicts:
    """All verdicts on the games with payoffs a, b (game, m, n), floats of any library; cost and shapes depend on N, m and n alone."""
    xp, games = namespace(a), a.shape[0]
    y_side, x_side = bordered_minors(a), bordered_minors(xp.moveaxis(b, 1, 2))
    y_signs, x_signs = _signs(y_side, xp), _signs(x_side, xp)
    strict_pairs, doubtful = [], []
    for k in range(len(y_side.tables.shapes)):
        x_strict, x_weak = _side(x_signs, x_side.tables, k, xp)
        y_strict, y_weak = _side(y_signs, y_side.tables, k, xp)
        strict = y_strict & xp.moveaxis(x_strict, 0, 1)
        weak = y_weak & xp.moveaxis(x_weak, 0, 1)
        strict_pairs.append(strict)
        doubtful.append(_in_some_pair(weak & ~strict, xp))
    flagged = doubtful[0]
    for words in doubtful[1:]:
        flagged = flagged | words
    return Verdicts(x_side, y_side, tuple(strict & ~flagged for strict in strict_pairs), _unpacked(flagged, games, xp))


def rows(found: Verdicts) -> list[tuple[Any, Any, Any]]:
    """Game (K,), x (K, m) and y (K, n) of the equilibria of the games that are not flagged, by size of the support."""
    xp, games = namespace(found.flagged), found.flagged.shape[0]
    listed = []
    for k, strict in enumerate(found.strict):
        row, column, game = xp.nonzero(_unpacked(strict, games, xp))
        listed.append((game, weights(found.x_side, k, column, row, game), weights(found.y_side, k, row, column, game)))
    return listed


def weights(minors: Minors, k: int, replies: Any, own: Any, game: Any) -> Any:
    """Probabilities (equilibrium, strategy) from pairs of size k + 1: minors with the column scaling undone, normalised."""
    xp = namespace(minors.values)
    games, strategies = minors.exponents.shape
    tables = minors.tables
    supports, present = tables.shapes[k][1], xp.take(tables.present[k], own, axis=0)
    minor = xp.take(xp.reshape(tables.weight[k], (-1, strategies)), replies * supports + own, axis=0)
    sizes = xp.reshape(xp.take(xp.reshape(minors.values, (-1,)), xp.reshape(minor * games + game[:, None], (-1,)), axis=0), present.shape)
    exponents = xp.take(minors.exponents, game, axis=0)
    least = xp.min(xp.where(present, exponents, 4096), axis=1, keepdims=True)
    sizes = times_power(xp.where(present, xp.abs(sizes), 0.0), xp.where(present, least - exponents, 0), xp)
    total = sizes[:, 0]
    for j in range(1, strategies):
        total = total + sizes[:, j]
    return sizes / total[:, None]


def _signs(minors: Minors, xp: Any) -> Any:
    """Bits (sign and minor, game): the minors that are certainly positive, then those that are certainly negative."""
    threshold = MARGIN * minors.bounds
    count, games = minors.values.shape
    signs = xp.empty((2 * count, -(-games // 8)), dtype=xp.uint8) if xp is np else xp.empty((2 * count, games), dtype=xp.bool, device=minors.values.device)
    signs[:count, :] = _packed(minors.values > threshold, xp)
    signs[count:, :] = _packed(minors.values < -threshold, xp)
    return signs


def _side(signs: Any, tables: Tables, k: int, xp: Any) -> tuple[Any, Any]:
    """Bits (I, J, game) of the pairs of size k + 1 that are strict and of those that are weak, for one player's mixing."""
    shape = (*tables.shapes[k], signs.shape[1])
    agreeing = xp.reshape(xp.take(signs, tables.agreeing[k], axis=0), shape)
    opposed = xp.reshape(xp.take(signs, tables.opposed[k], axis=0), shape)
    strict = _every(agreeing, xp) | _every(opposed, xp)
    weak = ~(_some(agreeing, xp) & _some(opposed, xp))
    return strict, weak


def _packed(flags: Any, xp: Any) -> Any:
    return np.packbits(flags, axis=-1) if xp is np else flags


def _unpacked(words: Any, games: int, xp: Any) -> Any:
    return np.unpackbits(words, axis=-1, count=games).view(np.bool_) if xp is np else words


def _every(words: Any, xp: Any) -> Any:
    """Bits (I, J, game) that are set in all conditions of words (I, J, condition, game)."""
    return np.bitwise_and.reduce(words, axis=2) if xp is np else reduce(and_, (words[:, :, t, :] for t in range(words.shape[2])))


def _some(words: Any, xp: Any) -> Any:
    """Bits (I, J, game) that are set in some condition."""
    return np.bitwise_or.reduce(words, axis=2) if xp is np else reduce(or_, (words[:, :, t, :] for t in range(words.shape[2])))


def _in_some_pair(words: Any, xp: Any) -> Any:
    """Bits (game) that are set in some pair."""
    return np.bitwise_or.reduce(words, axis=(0, 1)) if xp is np else xp.any(words, axis=(0, 1))
