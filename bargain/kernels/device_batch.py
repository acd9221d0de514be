"""The list of all equilibria where the payoffs live: on a GPU, or in any array library, by the same verdicts as in numpy.

Blocks of games get their verdicts (fixed shapes, no word to the host), then the strict pairs are counted out. Flagged games are
brought to the host, where the exact path is, and their extreme equilibria are put back: they are few with continuous
payoffs, and most of the work with coarse ones.
"""

from collections.abc import Callable
from typing import Any

from bargain.kernels.devices import host, namespace, on_gpu, place_of
from bargain.kernels.minors import plan
from bargain.kernels.support_pairs import rows, verdicts

__all__ = ["listed_on_device", "working_games"]

_CACHE, _GPU = 2**22, 2**28  # bytes of minors per block


def listed_on_device(a: Any, b: Any, exactly: Callable[[Any, Any], Any]) -> tuple[Any, Any, Any, Any]:
    """x (K, m), y (K, n), game (K,) and the flags (N,) of payoffs a, b (N, m, n), in the order of `all_equilibria`.

    exactly: solves flagged games given as numpy arrays.
    """
    xp = namespace(a, b)
    games, m, n = a.shape
    size = working_games(m, n, _GPU if on_gpu(a) else _CACHE)
    parts, flags = [], []
    for start in range(0, max(games, 1), size):
        stop = min(start + size, games)
        found = verdicts(a[start:stop, :, :], b[start:stop, :, :])
        parts += [(game + start, x, y) for game, x, y in rows(found)]
        flags.append(found.flagged)
    flagged = xp.concat(flags)
    (tied,) = xp.nonzero(flagged)
    if tied.shape[0]:
        extra = exactly(*(host(xp.take(payoff, tied, axis=0)) for payoff in (a, b)))
        game, x, y = (xp.asarray(values, device=place_of(a)) for values in (extra.game, extra.x.copy(), extra.y.copy()))
        parts.append((xp.take(tied, game), x, y))
    game, x, y = (xp.concat(column) for column in zip(*parts, strict=True))
    order = _order(game, x, y, xp)
    return xp.take(x, order, axis=0), xp.take(y, order, axis=0), xp.take(game, order), flagged


def working_games(m: int, n: int, size: int) -> int:
    """Games per block, a multiple of 64, such that the minors of both sides fill that many bytes."""
    games = size // (8 * (plan(m, n).count + plan(n, m).count)) // 64 * 64
    return max(64, games)


def _order(game: Any, x: Any, y: Any, xp: Any) -> Any:
    """Games ascending, then x and y descending: stable sorts from the last key to the first."""
    keys = [game, *(-x[:, i] for i in range(x.shape[1])), *(-y[:, j] for j in range(y.shape[1]))]
    order = xp.argsort(keys[-1], stable=True)
    for key in keys[-2::-1]:
        order = xp.take(order, xp.argsort(xp.take(key, order), stable=True))
    return order
