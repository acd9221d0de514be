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
from numpy.typing import NDArray

from bargain.errors import BadInput, TooLarge
from bargain.kernels.bimatrix import extreme_equilibria
from bargain.kernels.core import compiled, tables
from bargain.kernels.device_batch import listed_on_device, working_games
from bargain.kernels.devices import foreign, namespace
from bargain.kernels.minors import Minors, plan
from bargain.kernels.scaling import unrounded
from bargain.kernels.support_pairs import rows, verdicts, weights
from bargain.kernels.ties import Vertices, matched, vertices

__all__ = ["Equilibria", "all_equilibria"]

_WORKING_SET = 2**22  # bytes of minors per block
_LARGEST = 13_000  # support pairs: 8 x 8


@dataclass(frozen=True)
class Equilibria:
    """Equilibrium k is (x[k], y[k]) of game[k]; in a game flagged degenerate, these are the extreme equilibria. Arrays of the payoffs' library."""

    x: Any  # (K, m) float64
    y: Any  # (K, n) float64
    game: Any  # (K,) int64, ascending
    degenerate: Any  # (N,) bool


def all_equilibria(a: Any, b: Any) -> Equilibria:
    """All equilibria of N games with payoffs a, b of shape (N, m, n), in descending order of x, then y, in each game.

    Guaranteed: the payoffs taken as the numbers the floats are, the list of every game is complete, and no
    entry is spurious. In a game that is not flagged all equilibria are isolated; each probability is within a
    relative 2^-14 of the exact one (a bound; 1e-15 is usual). A flagged game may be degenerate, or too close to
    it for floats to tell; its extreme equilibria are found exactly, then rounded.

    Cost: about 1.5 microseconds a game at 3 x 3, 3 at 4 x 4, 20 at 6 x 6; a flagged game with small integers
    up to ten times as much, any other flagged game 50 to 500 microseconds.

    Payoffs may be lists, numpy arrays, or arrays of torch or CuPy, on a GPU too: the answer is then of that library, in the
    same place, with the same bits. Flagged games are solved on the host.

    >>> found = all_equilibria([[[2, 0], [0, 1]], [[1, 1], [0, 2]]], [[[1, 0], [0, 2]], [[1, 1], [1, 2]]])
    >>> found.game.tolist(), found.degenerate.tolist()
    ([0, 0, 0, 1, 1, 1], [False, True])
    >>> found.x[:3].round(3).tolist(), found.y[4].tolist()
    ([[1.0, 0.0], [0.667, 0.333], [0.0, 1.0]], [0.5, 0.5])
    """
    xp, payoffs = _payoffs(a, b)
    if xp is not np:
        return Equilibria(*listed_on_device(*payoffs, all_equilibria))
    core = compiled()
    return _by_numpy(*payoffs) if core is None or not len(payoffs[0]) else _with_core(core, *payoffs)


def _by_numpy(payoff_a: NDArray[np.float64], payoff_b: NDArray[np.float64]) -> Equilibria:
    games, m, n = payoff_a.shape
    degenerate, left = np.zeros((2, games), dtype=bool)
    parts = []
    size = min(8192, working_games(m, n, _WORKING_SET))
    for start in range(0, games, size):
        part = slice(start, min(start + size, games))
        block, flagged, unsolved = _solve_block(payoff_a[part], payoff_b[part])
        degenerate[part] = flagged
        left[part] = unsolved
        parts += [np.column_stack([found[:, :1] + start, found[:, 1:]]) for found in block]
    for game in np.flatnonzero(left):
        parts.append(_exact(int(game), payoff_a[game], payoff_b[game]))
    listed = np.vstack([np.empty((0, 1 + m + n)), *parts])
    return _listed(_in_order(listed), m, degenerate)


def _in_order(listed: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows (game, x, y) by game, then in descending order."""
    return listed[np.lexsort((*-listed[:, :0:-1].T, listed[:, 0]))]


def _listed(listed: NDArray[np.float64], m: int, degenerate: NDArray[np.bool_]) -> Equilibria:
    return Equilibria(listed[:, 1 : 1 + m], listed[:, 1 + m :], listed[:, 0].astype(np.intp), degenerate)


def _with_core(core: Any, a: NDArray[np.float64], b: NDArray[np.float64]) -> Equilibria:
    """The compiled twin for all games but those that only rationals decide."""
    games, m, n = a.shape
    a, b, x_tables, y_tables = np.ascontiguousarray(a), np.ascontiguousarray(b), tables(n, m), tables(m, n)
    flags = np.empty(games, dtype=np.uint8)  # 1: with ties; 2: left to rationals
    done, room, parts = 0, games * (3 + 7 * min(m, n)) // 10 + 64, []  # a half more than random games have
    while done < games:
        memory = np.empty((m + n + 1) * room)  # in one piece, which the allocator keeps for the next batch
        x, y, game = memory[: m * room].reshape(room, m), memory[m * room : -room].reshape(room, n), memory[-room:].view(np.int64)
        count, more = core.bimatrix(a[done:], b[done:], *x_tables, *y_tables, x, y, game, flags[done:])
        game[:count] += done
        parts.append((x[:count], y[:count], game[:count]))
        done += more
        room = 2 * room if not more else (games - done) * count * 5 // (4 * more) + 64
    x, y, game = parts[0] if len(parts) == 1 else map(np.concatenate, zip(*parts, strict=True))
    degenerate, left = flags > 0, np.flatnonzero(flags == 2)
    if not left.size:
        return Equilibria(x, y, game, degenerate)
    extra = _listed(_in_order(np.vstack([_exact(int(number), a[number], b[number]) for number in left])), m, degenerate)
    listed = np.concatenate([game, extra.game])
    order = np.argsort(listed, kind="stable")
    return Equilibria(np.concatenate([x, extra.x])[order], np.concatenate([y, extra.y])[order], listed[order], degenerate)


def _payoffs(a: Any, b: Any) -> tuple[Any, tuple[Any, Any]]:
    """The namespace, and both payoffs as floats of it."""
    xp = namespace(a, b)
    payoff_a, payoff_b = (_floats(payoff, xp, next(filter(foreign, (a, b)), None)) for payoff in (a, b))
    if payoff_a.ndim != 3 or payoff_a.shape != payoff_b.shape or 0 in payoff_a.shape[1:]:
        shapes = f"payoffs have shapes {tuple(payoff_a.shape)} and {tuple(payoff_b.shape)}"
        raise BadInput(shapes, remedy="give two (N, m, n) arrays")
    if not (xp.all(xp.isfinite(payoff_a)) and xp.all(xp.isfinite(payoff_b))):
        raise BadInput("some payoffs are not finite", remedy="drop those games")
    pairs = comb(payoff_a.shape[1] + payoff_a.shape[2], payoff_a.shape[1])
    if pairs > _LARGEST:
        raise TooLarge(f"{pairs} support pairs a game", remedy="call extreme_equilibria or lemke_howson game by game")
    return xp, (payoff_a, payoff_b)


def _floats(payoff: Any, xp: Any, beside: Any) -> Any:
    if xp is np:
        return np.asarray(payoff, dtype=np.float64)
    return xp.astype(payoff if foreign(payoff) else xp.asarray(payoff, device=beside.device), xp.float64)


def _solve_block(a: NDArray[np.float64], b: NDArray[np.float64]) -> tuple[list[NDArray[np.float64]], NDArray[np.bool_], NDArray[np.bool_]]:
    """Rows (game, x, y) of the games solved, the flags, and which games are left to rationals."""
    found = verdicts(a, b)
    listed = [np.column_stack(part) for part in rows(found)]
    tied = np.flatnonzero(found.flagged)
    left = np.zeros(len(a), dtype=bool)
    if tied.size:
        exact = unrounded(a[tied]) & unrounded(b[tied].transpose(0, 2, 1))
        left[tied[~exact]] = True
        if exact.any():
            listed.append(_tied(found.x_side, found.y_side, tied[exact]))
    return listed, found.flagged, left


def _tied(x_side: Minors, y_side: Minors, games: NDArray[np.intp]) -> NDArray[np.float64]:
    """Rows (game, x, y) of the extreme equilibria of games with ties whose minors are not rounded."""
    m, n = x_side.exponents.shape[1], y_side.exponents.shape[1]
    x, y = vertices(x_side, plan(n, m).pairs, games), vertices(y_side, plan(m, n).pairs, games)
    row, column = matched(x, y, len(games))
    return np.column_stack([games[x.game[row]], _all_weights(x_side, x, row, games), _all_weights(y_side, y, column, games)])


def _all_weights(side: Minors, found: Vertices, chosen: NDArray[np.intp], games: NDArray[np.intp]) -> NDArray[np.float64]:
    """Probabilities (k, strategy) of the vertices chosen[k]."""
    probabilities = np.zeros((len(chosen), side.exponents.shape[1]))
    size = found.size[chosen]
    for k in range(len(side.tables.shapes)):
        here = np.flatnonzero(size == k + 1)
        vertex = chosen[here]
        probabilities[here] = weights(side, k, found.replies[vertex], found.own[vertex], games[found.game[vertex]])
    return probabilities


def _exact(game: int, a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows (game, x, y) of the extreme equilibria of one game, from exact rationals."""
    pairs = extreme_equilibria(_rationals(a), _rationals(b))
    return np.array([[game, *map(float, x), *map(float, y)] for x, y in pairs])


def _rationals(payoff: NDArray[np.float64]) -> list[list[Fraction | int]]:
    return [[int(entry) if entry.is_integer() else Fraction(entry) for entry in row] for row in payoff.tolist()]
