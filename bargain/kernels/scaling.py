"""Columns of payoffs centred and scaled by powers of two, in any array library, and whether that rounded.

Adding a constant to a column and scaling it change no best reply. `numpy` splits floats with frexp and ldexp; the array API has
neither, so elsewhere exponents are looked up in the table of all powers of two and powers are taken from it, which is as exact.
"""

from functools import lru_cache
from math import factorial, log2
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.kernels.devices import place_of

__all__ = ["exponents_of", "scaled_columns", "times_power", "unrounded"]

_LEAST = -1074  # exponent of the smallest float


def scaled_columns(payoff: Any, xp: Any) -> tuple[Any, Any]:
    """Entries (reply * strategy, game) in [-1, 1], and the exponents (game, strategy) of the powers of two taken out, of payoff (game, reply, strategy)."""
    games, replies, strategies = payoff.shape
    centred = payoff - _centre(payoff, xp)
    exponents = exponents_of(xp.max(xp.abs(centred), axis=1), xp)
    entries = times_power(centred, -exponents[:, None, :], xp)
    return xp.reshape(xp.moveaxis(entries, 0, -1), (replies * strategies, games)), exponents


def _centre(payoff: Any, xp: Any) -> Any:
    return xp.max(payoff, axis=1, keepdims=True) / 2 + xp.min(payoff, axis=1, keepdims=True) / 2


def exponents_of(size: Any, xp: Any) -> Any:
    """The e with 2^(e-1) <= size < 2^e, and 0 for 0.

    >>> exponents_of(np.array([0.0, 0.75, 1.0, 5e-324]), np).tolist()
    [0, 0, 1, -1073]
    """
    if xp is np:
        return np.frexp(size)[1].astype(np.int64)
    place = place_of(size)
    found = xp.searchsorted(_powers(xp, place), xp.reshape(size, (-1,)), side="right") + _LEAST
    return xp.astype(xp.where(size > 0, xp.reshape(found, size.shape), 0), xp.int64)


def times_power(values: Any, exponents: Any, xp: Any) -> Any:
    """values * 2^exponents, for exponents in [-2146, 2046]."""
    if xp is np:
        return np.ldexp(values, exponents)
    half = exponents // 2
    return values * _power(half, xp) * _power(exponents - half, xp)


def _power(exponents: Any, xp: Any) -> Any:
    table = _powers(xp, place_of(exponents))
    return xp.reshape(xp.take(table, xp.reshape(exponents, (-1,)) - _LEAST, axis=0), exponents.shape)


@lru_cache(maxsize=8)
def _powers(xp: Any, place: Any) -> Any:
    """All powers of two from 2^-1074 to 2^1023."""
    return xp.asarray(np.ldexp(1.0, np.arange(_LEAST, 1024)), device=place)


def unrounded(payoff: NDArray[np.float64]) -> NDArray[np.bool_]:
    """In which games no bordered minor of the scaled payoffs is rounded, (game,).

    So it is where centring loses nothing and all entries are multiples of a 2^-t for which minors of the largest size k, at most
    (k + 1)! in size, are multiples of 2^-kt below 2^53.
    """
    k = min(payoff.shape[1] - 1, payoff.shape[2])
    by_entry = np.ascontiguousarray(np.moveaxis(payoff, 0, -1))  # games along the fast axis
    with np.errstate(all="ignore"):
        centre = by_entry.max(axis=0) / 2 + by_entry.min(axis=0) / 2
        centred = by_entry - centre
        back = centred - by_entry  # with the next line the rounding of the difference, found without rounding (Knuth's TwoSum)
        lost = (by_entry - (centred - back)) - (centre + back)
        exponents = np.frexp(np.abs(centred).max(axis=0))[1]
        entries = np.ldexp(centred, -exponents)
        whole = (lost == 0) & (np.ldexp(entries, exponents) == centred)
        if k:
            grid = entries * 2.0 ** int((53 - log2(factorial(k + 1))) // k)
            whole &= grid == np.rint(grid)
    found: NDArray[np.bool_] = whole.all(axis=(0, 1))
    return found
