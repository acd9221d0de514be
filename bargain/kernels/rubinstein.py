"""Alternating offers over a unit pie, for many parameter draws at once.

Unknowns per draw: x, player 1's share when 1 proposes, and y, when 2 proposes. The responder
is held to the better of walking away and going on:

    1 - x = max(o2, (1 - d2) g2 + d2 (1 - y)),     y = max(o1, (1 - d1) g1 + d1 x).

Each combination of the two maxima is a 2 x 2 linear system, eliminated for all draws at once; the one that
is consistent is kept. Rubinstein (1982); outside options as in Binmore, Shaked and Sutton (1989). `alternating_offers` and
`before_last_offer` take arrays of any library with the array API and answer in it; curves and grids are numpy's.
"""

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from bargain.errors import BadInput
from bargain.kernels.devices import foreign, namespace

Floats = npt.NDArray[np.float64]
_TOLERANCE = 1e-12


@dataclass(frozen=True)
class Shares:
    """Player 1's share when 1 proposes and when 2 proposes, arrays (N,); nan where no deal is reached (`deal` False)."""

    first: Any
    second: Any
    deal: Any


def alternating_offers(d1: Any, d2: Any, *, flows: tuple[Any, Any] = (0.0, 0.0), outside: tuple[Any, Any] = (-np.inf, -np.inf)) -> Shares:
    """Stationary equilibrium shares for N draws.

    d1, d2: discount factors in [0, 1). flows: what each side earns per period while talks last, as
    averages. outside: what each gets by walking away when responding (-inf for no such right). Where
    both outside options sum to more than the pie there is no deal.

    >>> shares = alternating_offers([0.9, 0.9], [0.8, 0.9], outside=(-np.inf, [-np.inf, 0.6]))
    >>> shares.first.round(6).tolist()
    [0.714286, 0.4]
    """
    xp, (a, b, g1, g2, o1, o2) = _columns(d1, d2, *flows, *outside)
    if not (xp.all((a >= 0) & (a < 1)) and xp.all((b >= 0) & (b < 1))):
        raise BadInput("a discount factor lies outside [0, 1)", place="alternating_offers", remedy="with no last period factors must be below 1")
    first, second = xp.full_like(a, xp.nan), xp.full_like(a, xp.nan)
    for leaves1, leaves2 in product((False, True), repeat=2):
        x, y = _solve(a, b, (g1, g2), (o1, o2), (leaves1, leaves2))
        on1, on2 = (1 - a) * g1 + a * x, (1 - b) * g2 + b * (1 - y)
        fits = ((on1 <= o1 + _TOLERANCE) if leaves1 else (on1 >= o1 - _TOLERANCE)) & ((on2 <= o2 + _TOLERANCE) if leaves2 else (on2 >= o2 - _TOLERANCE))
        fits &= xp.isfinite(x) & xp.isfinite(y) & xp.isnan(first)
        first, second = xp.where(fits, x, first), xp.where(fits, y, second)
    deal = (o1 + o2 <= 1) & (g1 + g2 <= 1) & (first >= -_TOLERANCE) & (first <= 1 + _TOLERANCE) & (second >= -_TOLERANCE) & (second <= 1 + _TOLERANCE)
    return Shares(xp.where(deal, first, xp.nan), xp.where(deal, second, xp.nan), deal)


def _columns(*values: Any) -> tuple[Any, list[Any]]:
    """The namespace of numbers and arrays, and all of them as columns of one length there."""
    xp, beside = namespace(*values), next(filter(foreign, values), None)
    place = None if beside is None else beside.device
    floats = (xp.astype(value, xp.float64) if foreign(value) else xp.asarray(value, dtype=xp.float64, device=place) for value in values)
    return xp, [xp.reshape(column, (-1,)) if column.ndim == 0 else column for column in xp.broadcast_arrays(*floats)]


def _solve(a: Any, b: Any, flows: tuple[Any, Any], outside: tuple[Any, Any], leaves: tuple[bool, bool]) -> tuple[Any, Any]:
    """x and y if player 1 (2) is held to the outside option, or to going on."""
    p, q = (0 * b if leaves[1] else b), (0 * a if leaves[0] else a)  # x - p y = u, y - q x = v
    u = 1 - outside[1] if leaves[1] else 1 - (1 - b) * flows[1] - b
    v = outside[0] if leaves[0] else (1 - a) * flows[0]
    with np.errstate(invalid="ignore"):
        x = (u + p * v) / (1 - p * q)
        return x, v + q * x


def before_last_offer(d1: Any, d2: Any, offers: int, *, flows: tuple[Any, Any] = (0.0, 0.0), outside: tuple[Any, Any] = (-np.inf, -np.inf),
                      default: tuple[Any, Any] = (0.0, 0.0)) -> tuple[Any, Any]:
    """What both get of a unit pie when player 1 makes the first of a number of offers, for N draws: backward induction over dates.

    Where refusing is worth more than the pie nothing is agreed at that date; a responder leaves where that is better than going on.
    Players who are indifferent agree. default: what each gets one period after the last offer. Stahl (1972).

    >>> [value.round(6).tolist() for value in before_last_offer([0.9, 0.5], [0.8, 0.5], 3)]
    [[0.92, 0.75], [0.08, 0.25]]
    """
    if offers < 1:
        raise BadInput(f"{offers} offers", place="before_last_offer", remedy="give at least one")
    xp, (a, b, g1, g2, o1, o2, e1, e2) = _columns(d1, d2, *flows, *outside, *default)
    factors, exits, value, nothing = (a, b), (o1, o2), [e1, e2], xp.zeros_like(a)
    rest = ((1 - a) * g1, (1 - b) * g2)
    for date in range(offers - 1, -1, -1):
        i, j = date % 2, 1 - date % 2
        value = [rest[k] + factors[k] * value[k] for k in (0, 1)]
        leaves = exits[j] > value[j]
        if xp is not np or leaves.any():
            value = [xp.where(leaves, exits[k], value[k]) for k in (0, 1)]
        given = xp.maximum(value[j], nothing)
        deal = (1 - given >= value[i] - _TOLERANCE) & (given <= 1)
        value[i], value[j] = xp.where(deal, 1 - given, value[i]), xp.where(deal, given, value[j])
    return value[0], value[1]


def on_a_curve(first: Any, second: Any, d1: Any, d2: Any, *, periods: int = 1000) -> Shares:
    """Shares on a curved frontier for N pairs of factors: the fixed point of acceptance thresholds, payoffs interpolated on a grid.

    first, second: what the sides get from equally spaced shares of player 1 from 0 to 1, (K,), strictly rising and strictly falling. Where both are
    concave gains the stationary pair is unique and found as a root; otherwise thresholds are iterated from player 1
    taking all in the last period, to the pair nearest to that. Errors are those of linear interpolation.

    >>> import numpy as np
    >>> grid = np.linspace(0, 1, 1001)
    >>> on_a_curve(np.sqrt(grid), 1 - grid, 0.81, [0.81]).first.round(3).tolist()
    [0.405]
    """
    rising, falling = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if rising.ndim != 1 or rising.shape != falling.shape or not (np.all(np.diff(rising) > 0) and np.all(np.diff(falling) < 0)):
        raise BadInput("payoffs on the grid must rise strictly for one side and fall strictly for the other", place="on_a_curve", remedy="check them")
    a, b = (np.atleast_1d(column) for column in np.broadcast_arrays(np.asarray(d1, dtype=float), np.asarray(d2, dtype=float)))
    if not (np.all((a >= 0) & (a < 1)) and np.all((b >= 0) & (b < 1))):
        raise BadInput("a discount factor lies outside [0, 1)", place="on_a_curve", remedy="with no last period factors must be below 1")
    grid = np.linspace(0.0, 1.0, rising.size)

    def earlier(x: Floats, one: Floats, two: Floats) -> Floats:
        """Player 1's share two periods before one in which he proposes and gets x."""
        y = np.interp(one * np.interp(x, grid, rising), rising, grid)
        return np.interp(two * np.interp(y, grid, falling), falling[::-1], grid[::-1])

    if _concave(rising) and _concave(falling):
        x = _newton(rising, falling, a, b)
    else:
        x = np.ones_like(a)
        for _ in range(periods):
            x, before = earlier(x, a, b), x
            if np.array_equal(x, before):
                break
    y = np.interp(a * np.interp(x, grid, rising), rising, grid)
    return Shares(x, y, np.ones(x.shape, dtype=bool))


def _newton(rising: Floats, falling: Floats, a: Floats, b: Floats) -> Floats:
    """The root of x - F(x), with F the share two periods earlier: piecewise linear with slopes below 1, so that Newton steps inside a bracket end soon."""
    cells = rising.size - 1
    up, down = np.diff(rising), np.diff(falling)
    climbing = falling[::-1].copy()
    low, high, x = np.zeros_like(a), np.ones_like(a), np.full_like(a, 0.5)
    for _ in range(80):
        at = x * cells
        i = np.minimum(at.astype(np.intp), cells - 1)
        value = a * (rising[i] + (at - i) * up[i])
        j = np.clip(np.searchsorted(rising, value) - 1, 0, cells - 1)
        part = np.clip((value - rising[j]) / up[j], 0.0, 1.0)
        value = b * (falling[j] + part * down[j])
        k = cells - 1 - np.clip(np.searchsorted(climbing, value) - 1, 0, cells - 1)
        gap = x - (k + np.clip((value - falling[k]) / down[k], 0.0, 1.0)) / cells
        low, high = np.where(gap <= 0, x, low), np.where(gap >= 0, x, high)
        fresh = x - gap / (1 - a * up[i] / up[j] * b * down[j] / down[k])
        fresh = np.where((fresh >= low) & (fresh <= high), fresh, (low + high) / 2)
        if np.abs(fresh - x).max() <= 1e-14:
            return fresh
        x = fresh
    return x


def _concave(payoffs: Floats) -> bool:
    """Whether payoffs are gains that are concave in the share: then loss to delay increases, and the stationary pair is unique."""
    return bool(payoffs.min() >= 0 and np.all(np.diff(payoffs, 2) <= 1e-12 * np.abs(payoffs).max()))


@dataclass(frozen=True)
class GridAgreements:
    """What is agreed when player 1 makes the first of several offers: the index on the grid (N,) and what both get, (N,) each."""

    index: npt.NDArray[np.intp]
    first: Floats
    second: Floats


def on_a_grid(first: Any, second: Any, d1: Any, d2: Any, *, offers: int) -> GridAgreements:
    """Backward induction over dates where only listed agreements can be proposed, for N pairs of factors.

    first, second: what the sides get from each agreement, (K,), not negative, strictly rising and strictly falling; after the last offer both get nothing. A
    responder accepts what is worth as much as waiting (within 1e-12), and the proposer takes the best of what is accepted, found by
    binary search; two dates that change nothing end the recursion, as no earlier date does. With patient players coarse grids have other equilibria too
    (van Damme, Selten and Winter 1990).

    >>> grid = np.linspace(0, 1, 101)
    >>> on_a_grid(grid, 1 - grid, 0.9, [0.8], offers=3).first.tolist()
    [0.92]
    """
    rising, falling = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if rising.ndim != 1 or rising.shape != falling.shape or not (np.all(np.diff(rising) > 0) and np.all(np.diff(falling) < 0)):
        raise BadInput("payoffs on the grid must rise strictly for one side and fall strictly for the other", place="on_a_grid", remedy="check them")
    a, b = (np.atleast_1d(column) for column in np.broadcast_arrays(np.asarray(d1, dtype=float), np.asarray(d2, dtype=float)))
    if rising[0] < 0 or falling[-1] < 0 or offers < 1 or not (np.all((a >= 0) & (a <= 1)) and np.all((b >= 0) & (b <= 1))):
        raise BadInput("a payoff is negative, a factor outside [0, 1], or there is no offer", place="on_a_grid", remedy="restate the grid as gains")
    climbing = falling[::-1].copy()
    last = rising.size - 1
    index = np.full(a.shape, last if offers % 2 else 0)
    todo, before = np.arange(a.size), index.copy()
    for date in range(offers - 2, -1, -1):
        if date % 2:
            index[todo] = np.searchsorted(rising, a[todo] * rising[index[todo]] - _TOLERANCE)
            continue
        index[todo] = last - np.searchsorted(climbing, b[todo] * falling[index[todo]] - _TOLERANCE)
        todo = todo[index[todo] != before[todo]]  # two dates that changed nothing: no earlier one will
        before[todo] = index[todo]
        if not todo.size:
            break
    return GridAgreements(index, rising[index], falling[index])
