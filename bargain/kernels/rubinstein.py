"""Alternating offers over a unit pie, for many parameter draws at once.

Unknowns per draw: x, player 1's share when 1 proposes, and y, when 2 proposes. The responder
is held to the better of walking away and going on:

    1 - x = max(o2, (1 - d2) g2 + d2 (1 - y)),     y = max(o1, (1 - d1) g1 + d1 x).

Each combination of the two maxima is a 2 x 2 linear system, eliminated for all draws at once; the one that
is consistent is kept. Rubinstein (1982); outside options as in Binmore, Shaked and Sutton (1989).
"""

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from bargain.errors import BadInput

Floats = npt.NDArray[np.float64]
_TOLERANCE = 1e-12


@dataclass(frozen=True)
class Shares:
    """Player 1's share when 1 proposes and when 2 proposes, arrays (N,); nan where no deal is reached (`deal` False)."""

    first: Floats
    second: Floats
    deal: npt.NDArray[np.bool_]


def alternating_offers(d1: Any, d2: Any, *, flows: tuple[Any, Any] = (0.0, 0.0), outside: tuple[Any, Any] = (-np.inf, -np.inf)) -> Shares:
    """Stationary equilibrium shares for N draws.

    d1, d2: discount factors in [0, 1). flows: what each side earns per period while talks last, as
    averages. outside: what each gets by walking away when responding (-inf for no such right). Where
    both outside options sum to more than the pie there is no deal.

    >>> shares = alternating_offers([0.9, 0.9], [0.8, 0.9], outside=(-np.inf, [-np.inf, 0.6]))
    >>> shares.first.round(6).tolist()
    [0.714286, 0.4]
    """
    columns = np.broadcast_arrays(*(np.asarray(a, dtype=float) for a in (d1, d2, *flows, *outside)))
    a, b, g1, g2, o1, o2 = (np.atleast_1d(column) for column in columns)
    if not (np.all((a >= 0) & (a < 1)) and np.all((b >= 0) & (b < 1))):
        raise BadInput("a discount factor lies outside [0, 1)", place="alternating_offers", remedy="with no last period factors must be below 1")
    first, second = np.full(a.shape, np.nan), np.full(a.shape, np.nan)
    for leaves1, leaves2 in product((False, True), repeat=2):
        x, y = _solve(a, b, (g1, g2), (o1, o2), (leaves1, leaves2))
        on1, on2 = (1 - a) * g1 + a * x, (1 - b) * g2 + b * (1 - y)
        fits = ((on1 <= o1 + _TOLERANCE) if leaves1 else (on1 >= o1 - _TOLERANCE)) & ((on2 <= o2 + _TOLERANCE) if leaves2 else (on2 >= o2 - _TOLERANCE))
        fits &= np.isfinite(x) & np.isfinite(y) & np.isnan(first)
        first, second = np.where(fits, x, first), np.where(fits, y, second)
    deal = (o1 + o2 <= 1) & (g1 + g2 <= 1) & (first >= -_TOLERANCE) & (first <= 1 + _TOLERANCE) & (second >= -_TOLERANCE) & (second <= 1 + _TOLERANCE)
    return Shares(np.where(deal, first, np.nan), np.where(deal, second, np.nan), deal)


def _solve(a: Floats, b: Floats, flows: tuple[Floats, Floats], outside: tuple[Floats, Floats], leaves: tuple[bool, bool]) -> tuple[Floats, Floats]:
    """x and y if player 1 (2) is held to the outside option, or to going on."""
    one = np.ones_like(a)
    zero = np.zeros_like(a)
    p, q = (zero if leaves[1] else b), (zero if leaves[0] else a)  # x - p y = u, y - q x = v
    u = 1 - outside[1] if leaves[1] else 1 - (1 - b) * flows[1] - b
    v = outside[0] if leaves[0] else (1 - a) * flows[0]
    with np.errstate(invalid="ignore"):
        x = (u + p * v) / (one - p * q)
        return x, v + q * x
