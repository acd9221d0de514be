"""Nash and Kalai-Smorodinsky solutions of many two-player polygons at once, on arrays.

A second route, by another argument than the exact solvers: no frontier is traced. Every chord between two
vertices lies in the convex hull and the frontier consists of chords, so a maximum over the hull that
sits on the frontier is the greatest of the maxima over all chords v + t (w - v), 0 <= t <= 1:

- Nash: on a chord the stationary point of w1 log(u1 - d1) + w2 log(u2 - d2) is a ratio of two linear
  forms, clipped to the part of the chord where both gain;
- ideal point: the most of u_i on the part of the chord with u_j >= d_j;
- Kalai-Smorodinsky: max over t of min_i (u_i - d_i)/(a_i - d_i), at an end or where the two ratios cross.

A segment is the case of two vertices. Vertices may repeat and stand in any order. Reference: Boyd and
Vandenberghe (2004), Convex Optimization, 3.1.5.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Solutions", "kalai_smorodinsky", "nash_bargaining"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Solutions:
    """Utilities (N, 2), and whether there are gains from trade (N,); without gains the utilities are the disagreement point."""

    payoffs: Array
    gains: npt.NDArray[np.bool_]


def nash_bargaining(vertices: Any, disagreement: Any, weights: Any = (1.0, 1.0)) -> Solutions:
    """Weighted Nash solutions of the hulls of `vertices` (N, K, 2) with `disagreement` (N, 2) and `weights` (2,) or (N, 2).

    >>> nash_bargaining([[[0, 0], [0, 3], [2, 2], [4, 0]]], [[0, 0]], (0.75, 0.25)).payoffs
    array([[3., 1.]])
    """
    start, step, d = _chords(vertices, disagreement)
    power = np.broadcast_to(np.asarray(weights, dtype=float), d.shape)[:, None, :]  # (N, 1, 2)
    low, high = _both_gain(start - d[:, None], step)
    t = np.clip(_stationary(start - d[:, None], step, power), low, high)
    gain = start + t[..., None] * step - d[:, None]  # (N, chords, 2)
    inside = (low <= high) & (gain > 0).all(axis=-1)
    value = np.where(inside, (power * np.log(np.where(gain > 0, gain, 1.0))).sum(axis=-1), -np.inf)
    return _selected(gain + d[:, None], value, inside, d)


def kalai_smorodinsky(vertices: Any, disagreement: Any) -> Solutions:
    """Kalai-Smorodinsky solutions of the hulls of `vertices` (N, K, 2) with `disagreement` (N, 2).

    >>> kalai_smorodinsky([[[0, 0], [0, 3], [2, 2], [4, 0]]], [[0, 0]]).payoffs * 7
    array([[16., 12.]])
    """
    start, step, d = _chords(vertices, disagreement)
    gains = nash_bargaining(vertices, disagreement).gains
    reach = np.stack([_ideal_gain(start - d[:, None], step, player) for player in (0, 1)], axis=-1)  # (N, 2)
    scale = np.where(gains[:, None], reach, 1.0)[:, None]
    first, slope = (start - d[:, None]) / scale, step / scale  # gains as fractions of the ideal ones
    closing = slope[..., 1] - slope[..., 0]
    crossing = np.divide(first[..., 0] - first[..., 1], closing, out=np.zeros_like(closing), where=closing != 0)
    best, value = start[..., :], np.full(closing.shape, -np.inf)
    for t in (np.zeros_like(closing), np.ones_like(closing), np.clip(crossing, 0, 1)):
        fraction = (first + t[..., None] * slope).min(axis=-1)
        best = np.where((fraction > value)[..., None], start + t[..., None] * step, best)
        value = np.maximum(value, fraction)
    return _selected(best, value, np.broadcast_to(gains[:, None], value.shape), d)


def _chords(vertices: Any, disagreement: Any) -> tuple[Array, Array, Array]:
    """Starts and steps (N, chords, 2) of all chords, each vertex being a chord with itself, and the disagreement points (N, 2)."""
    corners = np.asarray(vertices, dtype=float)
    first, second = np.triu_indices(corners.shape[1])
    return corners[:, first], corners[:, second] - corners[:, first], np.asarray(disagreement, dtype=float)


def _both_gain(gain: Array, step: Array) -> tuple[Array, Array]:
    """The part of each chord, as an interval of t in [0, 1], on which both gains are at least zero (empty if low > high)."""
    low, high = np.zeros(gain.shape[:-1]), np.ones(gain.shape[:-1])
    for player in (0, 1):
        g, s = gain[..., player], step[..., player]
        zero = np.divide(-g, s, out=np.zeros_like(g), where=s != 0)
        low = np.where(s > 0, np.maximum(low, zero), np.where((s == 0) & (g < 0), np.inf, low))
        high = np.where(s < 0, np.minimum(high, zero), high)
    return low, high


def _stationary(gain: Array, step: Array, power: Array) -> Array:
    """The t at which the weighted product of gains is stationary; the better end where it is monotone."""
    top = power[..., 0] * step[..., 0] * gain[..., 1] + power[..., 1] * step[..., 1] * gain[..., 0]
    bottom = -power.sum(axis=-1) * step[..., 0] * step[..., 1]
    rising = (step >= 0).all(axis=-1)
    monotone = np.where(rising, np.inf, -np.inf)
    return np.where(bottom > 0, np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0), monotone)


def _ideal_gain(gain: Array, step: Array, player: int) -> Array:
    """The greatest gain of a player over all chords while the other's gain is at least zero (N,)."""
    other, only = 1 - player, np.zeros_like(gain)
    only[..., other] = gain[..., other]
    along = np.zeros_like(step)
    along[..., other] = step[..., other]
    low, high = _both_gain(only, along)
    ends = [gain[..., player] + np.clip(t, 0, 1) * step[..., player] for t in (low, high)]
    return np.asarray(np.where(low <= high, np.maximum(*ends), -np.inf).max(axis=-1))


def _selected(points: Array, value: Array, allowed: npt.NDArray[np.bool_], d: Array) -> Solutions:
    """The point of greatest value in each row; the disagreement point where none is allowed."""
    best = np.take_along_axis(points, np.argmax(value, axis=1)[:, None, None], axis=1)[:, 0]
    gains: npt.NDArray[np.bool_] = np.asarray(allowed.any(axis=1))
    return Solutions(np.where(gains[:, None], best, d), gains)
