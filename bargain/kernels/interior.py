"""A large zero-sum game in floats: optimal strategies by a primal-dual interior-point method, then by the supports it points at.

With payoffs A scaled to [1, 2], optimal strategies are proportional to solutions of

    max 1'y  subject to  A y + s = 1,  y, s >= 0     and     min 1'x  subject to  A'x - z = 1,  x, z >= 0.

Mehrotra's predictor and corrector need one Cholesky factor of A diag(y/z) A' + diag(s/x) each. Near the end x_i > s_i and y_j > z_j name
the strictly complementary supports; if there are as many rows as columns, the strategies that make both indifferent are solved for, and
the pair with the smaller gap is returned. Where the compiled twins are in use, small games take their supports from a
simplex method. The bounds min A'x <= value <= max A y hold whatever the iteration did.

References: Mehrotra (1992), SIAM Journal on Optimization 2(4), 575-601; Goldman and Tucker (1956), Annals of Mathematics Studies 38.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bargain.errors import BadInput, NotDecided
from bargain.kernels.core import compiled

__all__ = ["Optimal", "zero_sum"]

_ITERATIONS = 80
_CLOSE = 1e-8  # relative gap at which supports are tried
_GAP = 1e-12  # relative gap that is good enough
_GIVEN_UP = 1e-7
_SMALL = 150  # actions up to which the simplex method is tried first

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Optimal:
    """Strategies x of the row player, y of the column player, and bounds on the value that they prove: min x'A <= value <= max A y."""

    x: Floats
    y: Floats
    low: float
    high: float


def zero_sum(a: ArrayLike) -> Optimal:
    """Optimal strategies of the game in which the row player gets a (m, n) and the column player -a.

    The relative gap between the bounds is at most 1e-12 as a rule; NotDecided is raised if it stays above 1e-7 of the range of payoffs.

    >>> found = zero_sum([[3, -1], [-2, 4]])
    >>> found.x.round(12).tolist(), found.y.round(12).tolist(), round(found.low, 12), round(found.high, 12)
    ([0.6, 0.4], [0.5, 0.5], 1.0, 1.0)
    """
    payoff = np.asarray(a, dtype=np.float64)
    if payoff.ndim != 2 or not payoff.size or not np.isfinite(payoff).all():
        raise BadInput(f"payoffs of shape {payoff.shape}, or not finite", remedy="give an (m, n) array of numbers")
    low, high = float(payoff.min()), float(payoff.max())
    scaled = 1 + (payoff - low) / ((high - low) or 1.0)
    tall = payoff.shape[0] > payoff.shape[1]  # the system to factor has one row per row
    best = _by_simplex(scaled) if max(payoff.shape) <= _SMALL else None
    if best is None:
        best = _flipped(_solve(3 - scaled.T)) if tall else _solve(scaled)
    found = Optimal(best[0], best[1], float((best[0] @ payoff).min()), float((payoff @ best[1]).max()))
    if found.high - found.low > _GIVEN_UP * ((high - low) or 1.0):
        raise NotDecided("the interior-point method did not converge", place="zero_sum", remedy="use ZeroSum() in exact arithmetic")
    return found


def _by_simplex(a: Floats) -> tuple[Floats, Floats] | None:
    """The strategies on the supports that the compiled simplex method ends with; None without it, or if they leave a gap."""
    core = compiled()
    if core is None:
        return None
    m, n = a.shape
    rows, columns = np.zeros(m, dtype=np.uint8), np.zeros(n, dtype=np.uint8)
    if core.zero_sum(m, n, 50 * (m + n), np.ascontiguousarray(a), rows, columns) < 0:
        return None
    pair = _purified(a, rows.astype(bool), columns.astype(bool))
    return pair if pair is not None and _gap(a, *pair) <= _GAP else None


def _flipped(pair: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    return pair[1], pair[0]


def _solve(a: Floats) -> tuple[Floats, Floats]:
    """Strategies (x, y) for payoffs in [1, 2]."""
    from scipy.linalg import LinAlgError, cho_factor, cho_solve

    m, n = a.shape
    x, y = np.full(m, 1 / m), np.full(n, 1 / n)
    s, z = np.maximum(1 - a @ y, 0.1), np.maximum(x @ a - 1, 0.1)
    best, least = (x / x.sum(), y / y.sum()), np.inf
    for _ in range(_ITERATIONS):
        primal, dual = 1 - a @ y - s, 1 - x @ a + z
        try:
            weighted = a * (y / z)
            system = weighted @ a.T
            system[np.diag_indices(m)] += s / x
            factor = cho_factor(system, lower=True, overwrite_a=True, check_finite=False)
        except LinAlgError:
            break

        def step(c1: Floats, c2: Floats) -> tuple[Floats, Floats, Floats, Floats]:
            dx = cho_solve(factor, a @ ((c2 + y * dual) / z) + c1 / x - primal, check_finite=False)  # noqa: B023  # called within the iteration
            dz = dx @ a - dual  # noqa: B023
            return dx, (c2 - y * dz) / z, (c1 - s * dx) / x, dz  # noqa: B023

        mean = (x @ s + y @ z) / (m + n)
        dx, dy, ds, dz = step(-x * s, -y * z)
        long, across = _longest((y, dy), (s, ds)), _longest((x, dx), (z, dz))
        after = ((x + across * dx) @ (s + long * ds) + (y + long * dy) @ (z + across * dz)) / (m + n)
        target = mean * (after / mean) ** 3
        dx, dy, ds, dz = step(target - x * s - dx * ds, target - y * z - dy * dz)
        long, across = 0.9995 * _longest((y, dy), (s, ds)), 0.9995 * _longest((x, dx), (z, dz))
        x, z, y, s = x + across * dx, z + across * dz, y + long * dy, s + long * ds
        pair = x / x.sum(), y / y.sum()
        gap = _gap(a, *pair)
        if gap < least:
            best, least = pair, gap
        if gap < _CLOSE:
            pure = _purified(a, x > s, y > z)
            if pure is not None and (exactly := _gap(a, *pure)) <= max(_GAP, least):
                return pure if exactly <= least else best
            if gap < _GAP or mean < 1e-16:
                break
    return best


def _gap(a: Floats, x: Floats, y: Floats) -> float:
    return float((a @ y).max() - (x @ a).min())


def _longest(*pairs: tuple[Floats, Floats]) -> float:
    """The longest step up to 1 that leaves all variables non-negative."""
    return min(1.0, *(float(np.min(-value[down] / change[down])) if (down := change < 0).any() else 1.0 for value, change in pairs))


def _purified(a: Floats, rows: NDArray[np.bool_], columns: NDArray[np.bool_]) -> tuple[Floats, Floats] | None:
    """The strategies on the supports that make the other side indifferent, if the system is square and its weights positive."""
    k = int(rows.sum())
    if k == 0 or k != columns.sum():
        return None
    core = a[np.ix_(rows, columns)]
    try:
        weights = [np.linalg.solve(core.T, np.ones(k)), np.linalg.solve(core, np.ones(k))]
    except np.linalg.LinAlgError:
        return None
    if min(w.min() for w in weights) < 0:
        return None
    x, y = np.zeros(a.shape[0]), np.zeros(a.shape[1])
    x[rows], y[columns] = (w / w.sum() for w in weights)
    return x, y
