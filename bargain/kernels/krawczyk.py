"""Balls of mixed strategies in which the indifference conditions of a support have exactly one zero.

The differences between a player's payoffs are multilinear, so their expansion about a point is finite and is got by contracting
the payoff table, one axis a player, with the point and the directions from it. With Y an approximate inverse of the Jacobian, the map
x - Y F(x) contracts a ball if |1 - Y F'| is small there, and maps it into itself if Y F at the centre is small (Krawczyk 1969,
Computing 4, 187-201): then it holds exactly one zero.

Rounding: payoffs are scaled to [0, 1]; a value is a sum of fewer than 2^12 products and averages fewer than 100 times, so its error is
below 2^13 2^-53 < 1e-12 = `SLACK`. Every comparison leaves that much, times the weights by which it multiplies.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["SLACK", "Array", "Ball", "Support", "ball_around", "expansion", "inverse", "scaled", "surrounded", "tables_of"]

Support = tuple[tuple[int, ...], ...]
Array = NDArray[np.float64]

SLACK = 1e-12


@dataclass(frozen=True)
class Ball:
    """Near `weights` (per player, on the support) lies exactly one zero within `radius` in every weight but the first of each player."""

    support: Support
    weights: tuple[Array, ...]
    radius: float


def surrounded(payoffs: Sequence[Array], support: Support, weights: Sequence[Array]) -> Ball | None:
    """The ball around the zero to which Newton's method leads from the given weights; None if it leads to none, or to a singular one.

    >>> from numpy import array
    >>> pennies = array([[1.0, 0.0], [0.0, 1.0]])
    >>> surrounded([pennies, 1 - pennies], ((0, 1), (0, 1)), [array([0.6, 0.4]), array([0.3, 0.7])]).radius
    1.0
    """
    return ball_around([scaled(u, player) for player, u in enumerate(payoffs)], support, tuple(weights))


def scaled(payoff: Array, player: int) -> Array:
    """Payoffs in [0, 1], the own action first: only differences between own actions matter."""
    moved = np.moveaxis(np.asarray(payoff, dtype=np.float64), player, 0)
    moved = moved - moved.min(axis=0)
    return moved / (moved.max() or 1.0)


def tables_of(payoffs: Sequence[Array], supports: Sequence[Support]) -> tuple[Array, ...]:
    """Scaled payoffs on supports of one shape: per player (support, action, action of each other player), the support's actions first."""
    tables = []
    for player, payoff in enumerate(payoffs):
        rows = []
        for support in supports:
            outside = [a for a in range(payoff.shape[0]) if a not in support[player]]
            others = [own for j, own in enumerate(support) if j != player]
            rows.append(payoff[np.ix_([*support[player], *outside], *others)])
        tables.append(np.stack(rows))
    return tuple(tables)


def _taylor(payoff: Array, bases: Sequence[Array], size: int) -> Array:
    """Coefficients (cell, equation, power of each other player) of the differences about the points in the first rows of the bases.

    The base of a player is (cell or 1, power, corner): a point and the directions from there; power 0 is the value.
    """
    found = payoff[:, 1:size] - payoff[:, :1]
    for axis, base in enumerate(bases):
        moved = np.moveaxis(found, 2 + axis, -1)
        moved = np.einsum("ce...k,cpk->ce...p", moved, np.broadcast_to(base, (len(moved), *base.shape[1:])))
        found = np.moveaxis(moved, -1, 2 + axis)
    return found


def expansion(payoffs: Sequence[Array], shape: tuple[int, ...], bases: Sequence[Array], reach: Sequence[float]) -> tuple[Array, Array, Array, Array]:
    """Value (cell, k), Jacobian (cell, k, k), bound on the higher terms (cell, k) and on their Lipschitz constant for steps up to `reach`."""
    cells, unknowns = len(payoffs[0]), sum(shape) - len(shape)
    value, slope = np.zeros((cells, unknowns)), np.zeros((cells, unknowns, unknowns))
    rest, change = np.zeros((cells, unknowns)), np.zeros((cells, unknowns))
    starts = np.concatenate([[0], np.cumsum(np.array(shape) - 1)])
    for i, (payoff, size) in enumerate(zip(payoffs, shape, strict=True)):
        if size == 1:
            continue
        others = [j for j in range(len(shape)) if j != i]
        terms = _taylor(payoff, [bases[j] for j in others], size)
        rows = slice(starts[i], starts[i + 1])
        value[:, rows] = terms.reshape(cells, size - 1, -1)[:, :, 0]
        for place, j in enumerate(others):
            along = np.moveaxis(terms, 2 + place, 2).reshape(cells, size - 1, shape[j], -1)
            slope[:, rows, starts[j] : starts[j + 1]] = along[:, :, 1:, 0]
        sizes, degrees = np.abs(terms), np.zeros(terms.shape[2:])
        for place, j in enumerate(others):
            steps = np.array([1.0] + [reach[j]] * (shape[j] - 1))
            axis = [-1 if q == place else 1 for q in range(len(others))]
            sizes = sizes * steps.reshape(axis)
            degrees = degrees + (np.arange(shape[j]) > 0).reshape(axis)
        curved = (sizes * (degrees >= 2)).reshape(cells, size - 1, -1)
        rest[:, rows] = curved.sum(axis=-1)
        change[:, rows] = (curved * degrees.reshape(-1)).sum(axis=-1)
    return value, slope, rest, change


def inverse(slope: Array) -> Array:
    """Approximate inverses; zero for a singular matrix, which makes every test that uses it fail."""
    regular = np.abs(np.linalg.det(slope)) > 1e-200
    with np.errstate(all="ignore"):
        found = np.linalg.inv(np.where(regular[:, None, None], slope, np.eye(slope.shape[1])))
    return np.where((regular & np.isfinite(found).all(axis=(1, 2)))[:, None, None], found, 0.0)


def ball_around(payoffs: list[Array], support: Support, weights: tuple[Array, ...]) -> Ball | None:
    """The largest ball proved to hold exactly one zero around the end of Newton's method; None if that fails."""
    shape = tuple(map(len, support))
    table = tables_of(payoffs, [support])
    reach = [1.0] * len(shape)
    for _ in range(30):
        value, slope, _, _ = expansion(table, shape, _bases(weights), reach)
        inverted = inverse(slope)
        if not inverted.any():
            return None
        step = inverted[0] @ value[0]
        weights = _moved(weights, -step)
        if max(float(np.abs(w).max()) for w in weights) > 4:
            return None
        if np.abs(step).max() < 1e-14:
            break
    else:
        if np.abs(step).max() > 1e-10:
            return None
    value, slope, _, _ = expansion(table, shape, _bases(weights), reach)
    inverted = inverse(slope)[0]
    weight = np.abs(inverted)
    defect = np.abs(np.eye(len(inverted)) - inverted @ slope[0]).sum(axis=1)
    first = np.abs(inverted @ value[0]) + 10 * SLACK * weight.sum(axis=1)
    radius = 1.0
    while radius > 1e-7:
        _, _, rest, change = expansion(table, shape, _bases(weights), [radius] * len(shape))
        slack = 10 * SLACK * weight.sum(axis=1)
        contraction = (defect + weight @ change[0] / radius + slack).max()
        if contraction < 0.9 and ((first + defect * radius + weight @ rest[0]) < radius).all():
            return Ball(support, weights, radius)
        radius /= 2
    return None


def _bases(weights: Sequence[Array]) -> list[Array]:
    return [np.vstack([w[None], np.eye(len(w))[1:] - np.eye(len(w))[0]])[None] for w in weights]


def _moved(weights: Sequence[Array], step: Array) -> tuple[Array, ...]:
    start, moved = 0, []
    for w in weights:
        part = step[start : start + len(w) - 1]
        moved.append(w + np.concatenate([[-part.sum()], part]))
        start += len(w) - 1
    return tuple(moved)
