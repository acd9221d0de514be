"""All equilibria of many 2 x 2 x 2 games (three players, two actions each), vectorised over the games.

Player i gains d_i(s_j, s_k) by her second action over her first against pure actions of the others; with mixtures
the gain is the mean. There are 27 supports:

    8   pure: every d_i has the sign of the action played.
    18  one player pure, the others as in a 2 x 2 game: the weight that makes k indifferent is p / (p - q), where p and q,
        of opposite signs, are her gains against the two actions of j; no rounding error is amplified.
    1   all mixed, one root of a quadratic: with r = z / (1 - z) the odds of player 3, the gains of player 1 against the
        actions of player 2 are linear in r, which gives y as a ratio of linear forms, likewise x from player 2, and the
        indifference of player 3 becomes a + b r + c r^2 = 0. A root counts if r > 0 and both pairs of forms have opposite signs.

The other 12 (two players pure) hold no equilibrium but at a tie. Every sign is taken only where it exceeds a bound on its rounding
error, propagated from the root. A game in which some sign that matters is uncertain is flagged and left to
`bargain.solvers.matrices.nash`; so is a game with an even count, which a game without ties cannot have (Wilson 1971, SIAM Journal on
Applied Mathematics 21, 80-87).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bargain.errors import BadInput

__all__ = ["CubeEquilibria", "all_equilibria_of_cubes"]

_BLOCK = 4096
_EPS = 2.0**-52
_FAINT = 1e-9  # discriminants smaller than this, relatively, count as uncertain

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class CubeEquilibria:
    """Equilibrium k belongs to game[k] and has the players' probabilities of their first actions in first[k]."""

    first: Floats  # (K, 3)
    game: NDArray[np.intp]  # (K,), ascending
    flagged: Flags  # (N,): nothing is listed for these


def all_equilibria_of_cubes(payoffs: ArrayLike) -> CubeEquilibria:
    """All equilibria of N games; payoffs (N, 3, 2, 2, 2): game, player paid, actions of players 1, 2, 3.

    In a game that is not flagged the list is complete and has an odd length. Ties flag a game; of 200,000 games with normal
    payoffs none was flagged. Cost: about half a microsecond a game.

    >>> found = all_equilibria_of_cubes(np.random.default_rng(0).normal(size=(1000, 3, 2, 2, 2)))
    >>> np.bincount(np.bincount(found.game)).tolist(), int(found.flagged.sum())
    ([0, 595, 0, 365, 0, 38, 0, 2], 0)
    """
    given = np.asarray(payoffs, dtype=np.float64)
    if given.ndim != 5 or given.shape[1:] != (3, 2, 2, 2):
        raise BadInput(f"payoffs have shape {given.shape}", remedy="give an (N, 3, 2, 2, 2) array")
    if not np.isfinite(given).all():
        raise BadInput("some payoffs are not finite", remedy="drop those games")
    parts = [_block(given[start : start + _BLOCK], start) for start in range(0, len(given), _BLOCK)]
    flagged = np.concatenate([part[2] for part in parts]) if parts else np.zeros(0, dtype=bool)
    game = np.concatenate([part[1] for part in parts]) if parts else np.zeros(0, dtype=np.intp)
    first = np.concatenate([part[0] for part in parts]) if parts else np.zeros((0, 3))
    return CubeEquilibria(first, game, flagged)


def _block(payoffs: Floats, start: int) -> tuple[Floats, NDArray[np.intp], Flags]:
    """First-action probabilities, games and flags of a block."""
    cells = np.ascontiguousarray(payoffs.reshape(len(payoffs), 24).T).reshape(3, 2, 2, 2, len(payoffs))
    gains = [cells[0, 1] - cells[0, 0], cells[1, :, 1] - cells[1, :, 0], cells[2, :, :, 1] - cells[2, :, :, 0]]
    with np.errstate(all="ignore"):
        found = [*_pure(gains)]
        flagged = np.zeros(len(payoffs), dtype=bool)
        for gain in gains:
            flagged |= (gain == 0).any(axis=(0, 1))
        for player in range(3):
            for action in range(2):
                flagged |= _one_pure(gains, player, action, found)
        flagged |= _all_mixed(gains, found)
    count = np.zeros(len(payoffs), dtype=np.intp)
    for here, _ in found:
        count += here
    flagged |= count % 2 == 0
    listed = [np.flatnonzero(here & ~flagged) for here, _ in found]
    first = np.concatenate([_rows(weights, games) for games, (_, weights) in zip(listed, found, strict=True)])
    game = np.concatenate(listed)
    order = np.argsort(game, kind="stable")
    return first[order], game[order] + start, flagged


def _rows(weights: list[Floats | float], games: NDArray[np.intp]) -> Floats:
    return np.stack([np.broadcast_to(w, games.shape) if np.isscalar(w) else np.asarray(w)[games] for w in weights], axis=1)


def _pure(gains: list[Floats]) -> list[tuple[Flags, list[Floats | float]]]:
    up = [gain > 0 for gain in gains]
    found: list[tuple[Flags, list[Floats | float]]] = []
    for x in range(2):
        for y in range(2):
            for z in range(2):
                likes = [up[0][y, z] == bool(x), up[1][x, z] == bool(y), up[2][x, y] == bool(z)]
                found.append((likes[0] & likes[1] & likes[2], [1.0 - x, 1.0 - y, 1.0 - z]))
    return found


def _one_pure(gains: list[Floats], player: int, action: int, found: list[tuple[Flags, list[Floats | float]]]) -> Flags:
    """The equilibrium in which one player is pure and the two others mix, and where that is uncertain."""
    j, k = (q for q in range(3) if q != player)
    own = gains[player]  # axes: j, k
    toward_j, toward_k = _along(gains[j], j, player, action), _along(gains[k], k, player, action)
    p, q = toward_k[0], toward_k[1]  # gains of k against the actions of j
    u, v = toward_j[0], toward_j[1]  # gains of j against the actions of k
    mixed = ((p > 0) != (q > 0)) & ((u > 0) != (v > 0))
    xj, xk = q / (q - p), v / (v - u)  # weights of the first actions
    parts = [xj * xk * own[0, 0], xj * (1 - xk) * own[0, 1], (1 - xj) * xk * own[1, 0], (1 - xj) * (1 - xk) * own[1, 1]]
    gain = parts[0] + parts[1] + parts[2] + parts[3]
    size = np.abs(parts[0]) + np.abs(parts[1]) + np.abs(parts[2]) + np.abs(parts[3])
    certain = np.abs(gain) > 64 * _EPS * (size + np.abs(own).max(axis=(0, 1)))
    weights: list[Floats | float] = [1.0 - action] * 3
    weights[j], weights[k] = xj, xk
    found.append((mixed & ((gain > 0) == bool(action)), weights))
    return mixed & ~certain


def _along(gain: Floats, owner: int, fixed: int, action: int) -> Floats:
    """The gains of a player with another's action fixed: one axis, the third player's actions."""
    axis = [q for q in range(3) if q != owner].index(fixed)
    return gain[action] if axis == 0 else gain[:, action]


def _all_mixed(gains: list[Floats], found: list[tuple[Flags, list[Floats | float]]]) -> Flags:
    """The equilibria in which all mix, and where their number is uncertain."""
    d, e, f = gains
    a, b, c = (sum(terms) for terms in _products(d, e, f))
    ta, tb, tc = (sum(np.abs(t) for t in terms) for terms in _products(d, e, f))
    discriminant, scale = b * b - 4 * a * c, tb * tb + 4 * ta * tc
    faint = np.abs(discriminant) <= _FAINT * scale
    root = np.sqrt(np.maximum(discriminant, 0))
    q = -(b + np.copysign(root, b)) / 2
    uncertain = faint | (np.abs(c) <= 64 * _EPS * tc)  # a root at the end r = oo may be inside
    for r in (q / c, a / q):
        blur = 64 * _EPS * (ta + np.abs(r) * (tb + np.abs(r) * tc)) / root
        possible, sure = (discriminant > 0) & np.isfinite(r), np.isfinite(r)
        possible &= r > -blur
        sure &= r > blur
        forms = []
        for low, high in ((d[0, 0], d[0, 1]), (d[1, 0], d[1, 1]), (e[0, 0], e[0, 1]), (e[1, 0], e[1, 1])):
            value = low + high * r
            forms.append((value, np.abs(high) * blur + 8 * _EPS * (np.abs(low) + np.abs(high * r))))
        weights = []
        for (n, dn), (m, dm) in (forms[2:], forms[:2]):  # x from player 2's gains, y from player 1's
            sharp = (np.abs(n) > dn) & (np.abs(m) > dm)
            opposed = (n > 0) != (m > 0)
            possible &= opposed | ~sharp
            sure &= sharp
            weights.append(m / (m - n))
        uncertain |= possible & ~sure
        found.append((possible & sure & ~faint, [*weights, 1 / (1 + r)]))
    return uncertain


def _products(d: Floats, e: Floats, f: Floats) -> tuple[list[Floats], list[Floats], list[Floats]]:
    """The terms of the coefficients of 1, r and r^2 in player 3's gain times (n1 - m1) (n2 - m2).

    n1 + .. are player 1's gains against player 2's first (n) and second (m) action, as linear forms in r; n2, m2 those of
    player 2 against the actions of player 1. The weights are y = n1 : -m1 (second : first), x = n2 : -m2.
    """
    constant, linear, square = [], [], []
    for x in range(2):
        for y in range(2):
            sign = 1.0 if x == y else -1.0
            of_x, of_y = e[1 - x], d[1 - y]  # the weight of an action comes from the gain against the other one
            weight = sign * f[x, y]
            constant.append(weight * of_x[0] * of_y[0])
            linear.append(weight * of_x[0] * of_y[1])
            linear.append(weight * of_x[1] * of_y[0])
            square.append(weight * of_x[1] * of_y[1])
    return constant, linear, square
