"""All equilibria of many games with any number of players, in floating point, each enclosed and none missing.

On every support the compiled kernel (csource/tracking.h) follows the complex zeros of a system in general position to those of the game's
indifference conditions, and proves by counting that it has them all; what it leaves open, and everything where it is not in use, goes through
certified bisection (`bargain.kernels.subdivision`). The two prove the same statement by different means: which supports hold an
equilibrium with all weights positive and every action outside strictly worse. A game in which neither decides some support is flagged; it has
ties or nearly so, and wants exact arithmetic (`bargain.solvers.matrices.many_players`).
Source: McKelvey and McLennan (1997), Journal of Economic Theory 72:411-425 (the number of zeros); Sommese and Wampler (2005), The
Numerical Solution of Systems of Polynomials, ch. 7 (path tracking); Krawczyk (1969), Computing 4:187-201 (the proof).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import prod
from typing import Any

import numpy as np

from bargain.errors import BadInput, TooLarge
from bargain.kernels.core import compiled
from bargain.kernels.krawczyk import SLACK, Array, Ball, Support, expansion, inverse, scaled, tables_of
from bargain.kernels.subdivision import isolate

__all__ = ["EnclosedEquilibria", "all_enclosed_equilibria", "complex_zeros", "tracked", "tracked_on"]

Integers = np.ndarray[Any, np.dtype[np.int64]]
Complexes = np.ndarray[Any, np.dtype[np.complex128]]
_PLAYERS = _ACTIONS = 16  # of the compiled kernel
_UNKNOWNS, _PATHS = 12, 64
_SUPPORTS = 5000


@dataclass(frozen=True)
class EnclosedEquilibria:
    """Equilibria of a batch. weights: (E, K), all players' actions in order; radius: (E,) of the ball around the weights that holds exactly one.

    game: (E,) where each belongs, ascending. flagged: (games,) whether some support was not settled; only the lists of other games are proved complete.
    """

    weights: Array
    radius: Array
    game: Integers
    flagged: np.ndarray[Any, np.dtype[np.bool_]]


def all_enclosed_equilibria(payoffs: Array) -> EnclosedEquilibria:
    """All equilibria of each game. payoffs: (games, players, *shape), at least two players; `TooLarge` beyond 5000 supports a game.

    >>> pennies = np.array([[[[9.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]]])
    >>> found = all_enclosed_equilibria(pennies)
    >>> print(found.weights.round(9), found.flagged)
    [[0.5 0.5 0.1 0.9]] [False]
    """
    payoffs = np.asarray(payoffs, dtype=np.float64)
    if payoffs.ndim < 4 or payoffs.shape[1] != payoffs.ndim - 2 or 0 in payoffs.shape[1:] or not np.isfinite(payoffs).all():
        raise BadInput(f"an array of shape {payoffs.shape} is no list of games with finite payoffs", place="all_enclosed_equilibria",
                       remedy="give (games, players, *actions of each player)")
    shape = payoffs.shape[2:]
    if prod(2**m - 1 for m in shape) > _SUPPORTS:
        raise TooLarge(f"a {'x'.join(map(str, shape))} game has more than {_SUPPORTS} supports", place="all_enclosed_equilibria",
                       remedy="use logit_limits for one equilibrium")
    rows, game, undecided = tracked(payoffs)
    parts, owners, flagged = [rows], [game], np.zeros(len(payoffs), dtype=bool)
    for number, supports in enumerate(undecided):
        if supports:
            more, left = _bisected(payoffs[number], supports)
            flagged[number] = bool(left)
            parts.append(more)
            owners.append(np.full(len(more), number))
    every, owner = np.concatenate(parts), np.concatenate(owners)
    order = np.argsort(owner, kind="stable")
    return EnclosedEquilibria(every[order, :-1], every[order, -1], owner[order], flagged)


def tracked(payoffs: Array) -> tuple[Array, Integers, list[list[Support]]]:
    """What the compiled kernel settles: (weights, radius) by equilibrium, its game, and per game the supports left open: all where it is not in use."""
    games, shape = len(payoffs), payoffs.shape[2:]
    size, module = sum(shape), compiled()
    if module is None or len(shape) > _PLAYERS or max(shape) > _ACTIONS or not games:
        return np.empty((0, size + 1)), np.empty(0, dtype=np.int64), [list(_supports(shape)) for _ in range(games)]
    tables = np.stack([_scaled(payoffs[:, player], player) for player in range(len(shape))], axis=1)
    room, several = 8 * games + 64, prod(2**m - 1 for m in shape)
    while True:
        rows, game = np.empty((room, size + 1)), np.empty(room, dtype=np.int64)
        undecided, counts = np.empty((games * several, len(shape)), dtype=np.int64), np.empty((games, 2), dtype=np.int64)
        found = module.many_players(len(shape), np.array(shape, dtype=np.int32), tables, rows, game, undecided, counts)
        if found >= 0:
            break
        room *= 4
    ends = np.cumsum(counts[:, 1])
    lists = [[_read(masks) for masks in undecided[end - count : end].tolist()] for end, count in zip(ends, counts[:, 1], strict=True)]
    return rows[:found], game[:found], lists


def tracked_on(payoffs: Array, supports: Sequence[Support]) -> tuple[Array, list[Support]]:
    """What the compiled kernel settles of some supports of one game: (weights, radius) by equilibrium, and the supports left open: all where it is not in use.

    payoffs: (players, *shape).
    """
    shape = payoffs.shape[1:]
    size, module = sum(shape), compiled()
    if module is None or len(shape) > _PLAYERS or max(shape) > _ACTIONS or not supports:
        return np.empty((0, size + 1)), list(supports)
    tables = np.stack([_scaled(payoffs[None, player], player)[0] for player in range(len(shape))])
    masks = np.array([[sum(1 << a for a in own) for own in support] for support in supports], dtype=np.int64)
    room = 64
    while True:
        rows, undecided = np.empty((room, size + 1)), np.empty(len(supports), dtype=np.int64)
        found, left = module.many_players_on(len(shape), np.array(shape, dtype=np.int32), tables, masks, rows, undecided)
        if found >= 0:
            break
        room *= 4
    return rows[:found], [supports[k] for k in undecided[:left].tolist()]


def complex_zeros(payoffs: Array, support: Support) -> Complexes | None:
    """All complex zeros (zero, unknown) of a support's indifference conditions, simple ones, as floats; None if they are not proved to be all.

    payoffs: (players, *shape). The unknowns are those of `bargain.kernels.indifference.System`.
    """
    shape, module = payoffs.shape[1:], compiled()
    unknowns = sum(map(len, support)) - len(support)
    if module is None or len(shape) > _PLAYERS or max(shape) > _ACTIONS or unknowns > _UNKNOWNS:
        return None
    tables = np.stack([_scaled(payoffs[None, player], player)[0] for player in range(len(shape))])
    masks = np.array([sum(1 << a for a in own) for own in support], dtype=np.int64)
    zeros = np.empty((_PATHS, _UNKNOWNS), dtype=np.complex128)
    count = module.complex_zeros(len(shape), np.array(shape, dtype=np.int32), tables, masks, zeros)
    return zeros[:count, :unknowns] if count else None


def _scaled(payoffs: Array, player: int) -> Array:
    """Many games' payoffs of one player (games, *shape) in [0, 1], as in `bargain.kernels.krawczyk.scaled`, the axes as they are."""
    moved = payoffs - payoffs.min(axis=1 + player, keepdims=True)
    most = moved.reshape(len(moved), -1).max(axis=1)
    return moved / np.where(most > 0, most, 1.0).reshape(-1, *[1] * (moved.ndim - 1))


def _read(masks: Sequence[int]) -> Support:
    return tuple(tuple(a for a in range(mask.bit_length()) if mask >> a & 1) for mask in masks)


def _supports(shape: tuple[int, ...]) -> Iterator[Support]:
    yield from product(*([own for size in range(1, m + 1) for own in combinations(range(m), size)] for m in shape))


def _bisected(payoffs: Array, supports: list[Support]) -> tuple[Array, list[Support]]:
    """Equilibria with given supports by certified bisection, as rows (weights, radius), and the supports that stay undecided."""
    mixed = [support for support in supports if any(len(own) > 1 for own in support)]
    balls, left = isolate(list(payoffs), mixed)
    tables = [scaled(u, player) for player, u in enumerate(payoffs)]
    pure = [Ball(support, tuple(np.ones(1) for _ in support), 0.0) for support in supports if support not in mixed]
    rows, undecided = [], list(left)
    for ball in (*pure, *balls):
        if ball.support in left:
            continue
        radius = _tight(tables, ball) if ball.radius else 0.0
        verdict = None if radius is None else _is_equilibrium(tables, ball, radius)
        if radius is None or verdict is None:
            undecided.append(ball.support)
        elif verdict:
            rows.append(np.append(np.concatenate([_spread(m, own, w) for m, own, w in zip(payoffs.shape[1:], ball.support, ball.weights, strict=True)]), radius))
    kept = [row for row in rows if _read_row(row, payoffs.shape[1:]) not in undecided]
    return np.array(kept).reshape(len(kept), sum(payoffs.shape[1:]) + 1), undecided


def _read_row(row: Array, shape: tuple[int, ...]) -> Support:
    parts = np.split(row[:-1], np.cumsum(shape)[:-1])
    return tuple(tuple(int(a) for a in np.flatnonzero(part)) for part in parts)


def _spread(actions: int, own: tuple[int, ...], weights: Array) -> Array:
    found = np.zeros(actions)
    found[list(own)] = weights
    return found


def _tight(tables: list[Array], ball: Ball) -> float | None:
    """A small radius within which the zero of a ball lies, by Krawczyk's test; None if that is not proved."""
    sizes = tuple(map(len, ball.support))
    table = tables_of(tables, [ball.support])
    bases = [np.vstack([w[None], np.eye(len(w))[1:] - np.eye(len(w))[0]])[None] for w in ball.weights]
    value, slope, _, _ = expansion(table, sizes, bases, [1.0] * len(sizes))
    inverted = inverse(slope)[0]
    weight = np.abs(inverted).sum(axis=1)
    first = np.abs(inverted @ value[0]) + 10 * SLACK * weight
    radius = max(1e-8, 2 * float(first.max()))
    _, _, rest, change = expansion(table, sizes, bases, [radius] * len(sizes))
    defect = np.abs(np.eye(len(inverted)) - inverted @ slope[0]).sum(axis=1)
    contraction = (defect + np.abs(inverted) @ change[0] / radius + 10 * SLACK * weight).max()
    inside = (first + defect * radius + np.abs(inverted) @ rest[0] < radius).all()
    return radius if inverted.any() and contraction < 0.9 and inside and radius <= ball.radius else None


def _is_equilibrium(tables: list[Array], ball: Ball, radius: float) -> bool | None:
    """Whether the zero has positive weights and no better action outside; None if that is within the error."""
    support, margin = ball.support, radius * max(map(len, ball.support)) + SLACK
    mixed = [w for w in ball.weights if len(w) > 1]
    if any((w < -margin).any() for w in mixed):
        return False
    sure = all((w > margin).all() for w in mixed)
    error = prod(1 + 2 * (len(own) - 1) * radius for own in support) - 1 + SLACK
    for player, payoff in enumerate(tables):
        others = [j for j in range(len(support)) if j != player]
        average = payoff[np.ix_(range(payoff.shape[0]), *(support[j] for j in others))]
        for j in reversed(others):
            average = average @ ball.weights[j]
        gains = np.delete(average, list(support[player])) - average[support[player][0]]
        if (gains > error).any():
            return False
        sure = sure and bool((gains < -error).all())
    return True if sure else None
