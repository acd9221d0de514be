"""All equilibria of many small bimatrix games, vectorised over the games.

Every equal-size support pair (I, J) of every game is decided by the signs of bordered
minors of the two payoff matrices (`bargain.kernels.minors`), packed one bit per game. A
pair is strict if all its signs are certain and agree: it then carries exactly one
equilibrium, with those supports and no further best reply. A pair is weak if no two of
its signs are certainly opposed.

Claim: if every weak pair of a game is strict, the strict pairs give all equilibria.
An extreme equilibrium (x, y) with supports I, J and best replies I', J' is a pair of
vertices, so |J| <= |I'| and |I| <= |J'|, and there are equal-size sets I <= I* <= I',
J <= J* <= J'. The minors of (I*, J*) are the coordinates and slacks of y up to one common
factor if the indifference system has full rank, and zero if not; either way the pair is
weak in exact arithmetic, hence here, hence strict, hence (x, y) is its equilibrium. If
all extreme equilibria are such, they are isolated and there is no other equilibrium.

A game with a weak pair that is not strict is flagged, and solved exactly instead: by the
same minors where none of them is rounded (`bargain.kernels.ties`: payoffs that are small
integers), else by `extreme_equilibria` on the rationals that its floats are.

References: Dickhaut and Kaplan (1991), The Mathematica Journal 1(4), 87-93; von Stengel
(2002), in Handbook of Game Theory 3, 1723-1759; Avis, Rosenberg, Savani and von Stengel
(2010), Economic Theory 42(1), 9-37.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bargain.errors import BadInput, TooLarge
from bargain.kernels.bimatrix import extreme_equilibria
from bargain.kernels.core import compiled, tables
from bargain.kernels.minors import MARGIN, Conditions, Minors, bordered_minors, plan
from bargain.kernels.ties import Vertices, matched, vertices

__all__ = ["Equilibria", "all_equilibria"]

_WORKING_SET = 2**22  # bytes of minors per block
_CHUNK = 16_384  # games per call of the compiled twin
_LARGEST = 13_000  # support pairs: 8 x 8

_Words = NDArray[np.uint8]  # one bit per game


@dataclass(frozen=True)
class Equilibria:
    """Equilibrium k is (x[k], y[k]) of game[k]; in a game flagged degenerate, these are the extreme equilibria."""

    x: NDArray[np.float64]  # (K, m)
    y: NDArray[np.float64]  # (K, n)
    game: NDArray[np.intp]  # (K,), ascending
    degenerate: NDArray[np.bool_]  # (N,)


def all_equilibria(a: ArrayLike, b: ArrayLike) -> Equilibria:
    """All equilibria of N games with payoffs a, b of shape (N, m, n), in descending order of x, then y, in each game.

    Guaranteed: the payoffs taken as the numbers the floats are, the list of every game is complete, and no
    entry is spurious. In a game that is not flagged all equilibria are isolated; each probability is within a
    relative 2^-14 of the exact one (a bound; 1e-15 is usual). A flagged game may be degenerate, or too close to
    it for floats to tell; its extreme equilibria are found exactly, then rounded.

    Cost: about 1.5 microseconds a game at 3 x 3, 3 at 4 x 4, 20 at 6 x 6; a flagged game with small integers
    about ten times as much, any other flagged game 50 to 500 microseconds.

    >>> found = all_equilibria([[[2, 0], [0, 1]], [[1, 1], [0, 2]]], [[[1, 0], [0, 2]], [[1, 1], [1, 2]]])
    >>> found.game.tolist(), found.degenerate.tolist()
    ([0, 0, 0, 1, 1, 1], [False, True])
    >>> found.x[:3].round(3).tolist(), found.y[4].tolist()
    ([[1.0, 0.0], [0.667, 0.333], [0.0, 1.0]], [0.5, 0.5])
    """
    payoffs = _payoffs(a, b)
    core = compiled()
    return _by_numpy(*payoffs) if core is None or not len(payoffs[0]) else _with_core(core, *payoffs)


def _by_numpy(payoff_a: NDArray[np.float64], payoff_b: NDArray[np.float64]) -> Equilibria:
    games, m, n = payoff_a.shape
    degenerate, left = np.zeros((2, games), dtype=bool)
    parts = []
    size = _block_size(m, n)
    for start in range(0, games, size):
        part = slice(start, min(start + size, games))
        block, flagged, unsolved = _solve_block(payoff_a[part], payoff_b[part])
        degenerate[part] = flagged
        left[part] = unsolved
        parts += [np.column_stack([found[:, :1] + start, found[:, 1:]]) for found in block]
    for game in np.flatnonzero(left):
        parts.append(_exact(int(game), payoff_a[game], payoff_b[game]))
    rows = np.vstack([np.empty((0, 1 + m + n)), *parts])
    return _listed(rows[np.lexsort((*-rows[:, :0:-1].T, rows[:, 0]))], m, degenerate)


def _listed(rows: NDArray[np.float64], m: int, degenerate: NDArray[np.bool_]) -> Equilibria:
    return Equilibria(rows[:, 1 : 1 + m], rows[:, 1 + m :], rows[:, 0].astype(np.intp), degenerate)


def _with_core(core: Any, a: NDArray[np.float64], b: NDArray[np.float64]) -> Equilibria:
    """The compiled twin for the games without ties; the others as ever."""
    a, b = np.ascontiguousarray(a), np.ascontiguousarray(b)
    games, m, n = a.shape
    x_tables, y_tables = tables(n, m), tables(m, n)
    flags = np.zeros(games, dtype=np.uint8)
    parts, room = [], 4
    for start in range(0, games, _CHUNK):
        part = slice(start, start + _CHUNK)
        count = -1
        while count < 0:
            rows = np.empty((room * len(a[part]) + 64, 1 + m + n))
            count = core.bimatrix(start, a[part], b[part], *x_tables, *y_tables, rows, flags[part])
            room *= 2 if count < 0 else 1
        parts.append(rows[:count])
    degenerate = flags.astype(bool)
    if not degenerate.any():
        return _listed(np.concatenate(parts), m, degenerate)
    tied = np.flatnonzero(degenerate)
    extra = _by_numpy(a[tied], b[tied])
    parts.append(np.column_stack([tied[extra.game], extra.x, extra.y]))
    rows = np.concatenate(parts)
    return _listed(rows[np.argsort(rows[:, 0], kind="stable")], m, degenerate)


def _payoffs(a: ArrayLike, b: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    payoff_a, payoff_b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if payoff_a.ndim != 3 or payoff_a.shape != payoff_b.shape or 0 in payoff_a.shape[1:]:
        raise BadInput(f"payoffs have shapes {payoff_a.shape} and {payoff_b.shape}", remedy="give two (N, m, n) arrays")
    if not (np.isfinite(payoff_a).all() and np.isfinite(payoff_b).all()):
        raise BadInput("some payoffs are not finite", remedy="drop those games")
    pairs = comb(payoff_a.shape[1] + payoff_a.shape[2], payoff_a.shape[1])
    if pairs > _LARGEST:
        raise TooLarge(f"{pairs} support pairs a game", remedy="call extreme_equilibria or lemke_howson game by game")
    return payoff_a, payoff_b


def _block_size(m: int, n: int) -> int:
    """Games per block, a multiple of 64, such that the minors of both sides fill the working set."""
    minors = plan(m, n).count + plan(n, m).count
    return max(64, min(8192, _WORKING_SET // (8 * minors)) // 64 * 64)


def _solve_block(a: NDArray[np.float64], b: NDArray[np.float64]) -> tuple[list[NDArray[np.float64]], NDArray[np.bool_], NDArray[np.bool_]]:
    """Rows (game, x, y) of the games solved, the flags, and which games are left to rationals."""
    games, m, n = a.shape
    y_side, x_side = bordered_minors(a), bordered_minors(b.transpose(0, 2, 1))
    y_signs, x_signs = _signs(y_side), _signs(x_side)
    flagged = np.zeros(y_signs.shape[-1], dtype=np.uint8)
    strict_pairs = []
    conditions = list(zip(plan(n, m).pairs, plan(m, n).pairs, strict=True))
    for x_pairs, y_pairs in conditions:
        x_strict, x_weak = _verdicts(x_signs, x_pairs)
        y_strict, y_weak = _verdicts(y_signs, y_pairs)
        strict = y_strict & x_strict.swapaxes(0, 1)
        weak = y_weak & x_weak.swapaxes(0, 1)
        flagged |= np.bitwise_or.reduce(weak & ~strict, axis=(0, 1))
        strict_pairs.append(strict)
    found = []
    for (x_pairs, y_pairs), strict in zip(conditions, strict_pairs, strict=True):
        rows, columns, game = np.nonzero(np.unpackbits(strict & ~flagged, axis=-1, count=games))
        x = _weights(x_side, x_pairs, (columns, rows), game)
        y = _weights(y_side, y_pairs, (rows, columns), game)
        found.append(np.column_stack([game, x, y]))
    tied = np.unpackbits(flagged, count=games).astype(bool)
    exact = tied & x_side.exact & y_side.exact
    if exact.any():
        found.append(_tied(x_side, y_side, np.flatnonzero(exact)))
    return found, tied, tied & ~exact


def _tied(x_side: Minors, y_side: Minors, games: NDArray[np.intp]) -> NDArray[np.float64]:
    """Rows (game, x, y) of the extreme equilibria of games with ties whose minors are not rounded."""
    m, n = x_side.exponents.shape[1], y_side.exponents.shape[1]
    x_pairs, y_pairs = plan(n, m).pairs, plan(m, n).pairs
    x, y = vertices(x_side, x_pairs, games), vertices(y_side, y_pairs, games)
    rows, columns = matched(x, y, len(games))
    x_weights, y_weights = _all_weights(x_side, x_pairs, x, games), _all_weights(y_side, y_pairs, y, games)
    return np.column_stack([games[x.game[rows]], x_weights[rows], y_weights[columns]])


def _all_weights(side: Minors, pairs: tuple[Conditions, ...], found: Vertices, games: NDArray[np.intp]) -> NDArray[np.float64]:
    """Probabilities (vertex, strategy)."""
    weights = np.zeros((len(found.game), side.exponents.shape[1]))
    for k, conditions in enumerate(pairs, 1):
        here = found.size == k
        weights[here] = _weights(side, conditions, (found.replies[here], found.own[here]), games[found.game[here]])
    return weights


def _signs(minors: Minors) -> _Words:
    """Bits (sign, minor, game): certainly positive, certainly negative."""
    threshold = MARGIN * minors.bounds[:, None]
    return np.stack([np.packbits(minors.values > threshold, axis=1), np.packbits(minors.values < -threshold, axis=1)])


def _verdicts(signs: _Words, conditions: Conditions) -> tuple[_Words, _Words]:
    """Bits (I, J, game) of the pairs that are strict and of those that are weak, for one player's mixing."""
    negated = conditions.negated.astype(np.intp)
    agreeing, opposed = signs[negated, conditions.minor], signs[1 - negated, conditions.minor]
    strict = np.bitwise_and.reduce(agreeing, axis=2) | np.bitwise_and.reduce(opposed, axis=2)
    weak = ~(np.bitwise_or.reduce(agreeing, axis=2) & np.bitwise_or.reduce(opposed, axis=2))
    return strict, weak


def _weights(
    minors: Minors, conditions: Conditions, pair: tuple[NDArray[np.intp], NDArray[np.intp]], game: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Probabilities (equilibrium, strategy): minors with the column scaling undone, normalised."""
    replies, own = pair
    support = conditions.support[own]
    exponents = np.take_along_axis(minors.exponents[game], support, axis=1)
    minor = conditions.minor[replies, own, : support.shape[1]]
    sizes = np.ldexp(np.abs(minors.values[minor, game[:, None]]), exponents.min(axis=1, keepdims=True) - exponents)
    probabilities = np.zeros((len(game), minors.exponents.shape[1]))
    np.put_along_axis(probabilities, support, sizes / sizes.sum(axis=1, keepdims=True), axis=1)
    return probabilities


def _exact(game: int, a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows (game, x, y) of the extreme equilibria of one game, from exact rationals."""
    pairs = extreme_equilibria(_rationals(a), _rationals(b))
    return np.array([[game, *map(float, x), *map(float, y)] for x, y in pairs])


def _rationals(payoff: NDArray[np.float64]) -> list[list[Fraction | int]]:
    return [[int(entry) if entry.is_integer() else Fraction(entry) for entry in row] for row in payoff.tolist()]
