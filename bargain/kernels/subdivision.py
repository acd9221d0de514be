"""All mixed strategies that make every player indifferent on a support, isolated with proof.

Player i has m_i actions and payoffs u_i. On a support S = (S_1, ..., S_n) the unknowns are the
weights x_j on the simplices over S_j; an equilibrium solves u_i(a, x) = u_i(a', x) for a, a' in
S_i, with u_i(b, x) no higher for b outside. Both sides are multilinear, so on a product of
smaller simplices ("cell") they range exactly between their least and greatest value at the
combinations of corners. A cell is

    dropped    if some difference cannot be zero there, or an outside action is surely better,
               or the linearised equations, with a bound on their curvature, have no zero there;
    settled    if it lies in a ball around a zero that is proved to be the only one in the ball
               (Krawczyk's test);
    bisected   otherwise, at the midpoint of the edge along which the differences vary most.

When no cell is left, the zeros in the balls are all there are. Bisecting replaces a corner by a
midpoint, which for the payoffs at corners is an average: no polynomial is ever expanded.
Supports of one shape are treated together as arrays. Every comparison leaves room for rounding (`bargain.kernels.krawczyk`).

References: Porter, Nudelman and Shoham (2008), Games and Economic Behavior 63(2), 642-662 (support
enumeration); Krawczyk (1969), Computing 4, 187-201 (the test).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from bargain.kernels.krawczyk import SLACK, Array, Ball, Support, ball_around, expansion, inverse, scaled, tables_of

__all__ = ["isolate"]

_STRAIGHT = 0.7  # curvature of a cell, relative to its size, below which Newton's method is tried
_DEEPEST = 90  # bisections of one cell
_MOST = 20  # cells of one support, times 2 to the power of its unknowns (random games need fewer than 4)


@dataclass(frozen=True)
class _Cells:
    """Cells of supports of one shape s: payoffs at corners (cell, action, corner of each other player), corners (cell, corner, action)."""

    payoffs: tuple[Array, ...]
    corners: tuple[Array, ...]
    support: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.support)

    def __getitem__(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> "_Cells":
        return _Cells(tuple(u[chosen] for u in self.payoffs), tuple(v[chosen] for v in self.corners), self.support[chosen])

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(v.shape[1] for v in self.corners)


def isolate(payoffs: Sequence[Array], supports: Sequence[Support]) -> tuple[list[Ball], list[Support]]:
    """Balls around all zeros on the given supports, and the supports that were not settled.

    payoffs: per player an array over all action profiles. Every equilibrium with a support that is not returned
    as unsettled lies in one of the balls; a ball may hold a zero that is no equilibrium. Singular zeros,
    continua and zeros with an outside action that ties at the boundary leave a support unsettled.

    >>> from numpy import array
    >>> pennies = array([[1.0, 0.0], [0.0, 1.0]])
    >>> (ball,), unsettled = isolate([pennies, 1 - pennies], [((0, 1), (0, 1))])
    >>> [w.tolist() for w in ball.weights], unsettled
    ([[0.5, 0.5], [0.5, 0.5]], [])
    """
    shapes: dict[tuple[int, ...], list[Support]] = {}
    for support in supports:
        shapes.setdefault(tuple(map(len, support)), []).append(support)
    tables = [scaled(u, player) for player, u in enumerate(payoffs)]
    balls: list[Ball] = []
    unsettled: list[Support] = []
    for same in shapes.values():
        found, left = _isolate(tables, same)
        balls += found
        unsettled += left
    return balls, unsettled


def _isolate(payoffs: list[Array], supports: list[Support]) -> tuple[list[Ball], list[Support]]:
    cells = _start(payoffs, supports)
    cells = cells[_possible(cells)]
    if all(size == 1 for size in cells.shape):  # a pure profile is no system of equations
        return [], [supports[k] for k in cells.support]
    balls: list[Ball] = []
    failed: set[int] = set()
    for _ in range(_DEEPEST):
        if not len(cells):
            break
        crowded = np.flatnonzero(np.bincount(cells.support, minlength=len(supports)) > _MOST * 2 ** (sum(cells.shape) - len(cells.shape)))
        failed |= set(crowded.tolist())
        cells = cells[~np.isin(cells.support, crowded)]
        keep, readiness = _newton(cells)
        cells = _settled(payoffs, supports, cells[keep], readiness[keep], balls)
        cells = _bisected(cells)
        cells = cells[_possible(cells)]
    failed |= set(cells.support.tolist())
    return [ball for ball in balls if supports.index(ball.support) not in failed], [supports[k] for k in sorted(failed)]


def _start(payoffs: list[Array], supports: list[Support]) -> _Cells:
    """One cell per support: the whole product of simplices."""
    corners = tuple(np.broadcast_to(np.eye(len(own)), (len(supports), len(own), len(own))).copy() for own in supports[0])
    return _Cells(tables_of(payoffs, supports), corners, np.arange(len(supports)))


def _possible(cells: _Cells) -> NDArray[np.bool_]:
    """Cells on which every difference on the support can vanish and no outside action is surely better."""
    keep = np.ones(len(cells), dtype=bool)
    if not len(cells):
        return keep
    for payoff, size in zip(cells.payoffs, cells.shape, strict=True):
        flat = payoff.reshape(*payoff.shape[:2], -1)
        for a in range(size):
            for b in range(a + 1, flat.shape[1]):
                gap = flat[:, a] - flat[:, b]
                keep &= gap.max(axis=1) >= -SLACK
                if b < size:
                    keep &= gap.min(axis=1) <= SLACK
    return keep


def _newton(cells: _Cells) -> tuple[NDArray[np.bool_], Array]:
    """Cells that may hold a zero of the preconditioned equations; how curved these are (infinite where Newton's method is not worth a start)."""
    shape = cells.shape
    if not len(cells):
        return np.zeros(0, dtype=bool), np.zeros(0)
    bases = [np.vstack([np.full((1, s), 1 / s), np.eye(s)[1:] - np.eye(s)[0]])[None] for s in shape]
    reach = [1 - 1 / s for s in shape]
    value, slope, rest, _ = expansion(cells.payoffs, shape, bases, reach)
    inverted = inverse(slope)
    radius = np.repeat(reach, [s - 1 for s in shape])
    step = np.einsum("ckl,cl->ck", inverted, value)
    weight = np.abs(inverted)
    blur = np.abs(np.eye(len(radius)) - inverted @ slope) @ radius + np.einsum("ckl,cl->ck", weight, rest)
    tested = weight.any(axis=(1, 2))
    bound = radius + blur + SLACK * (1 + 10 * weight.sum(axis=2))
    keep = ~tested | (np.abs(step) <= bound).all(axis=1)
    curvature = (blur / radius).max(axis=1)
    return keep, np.where(tested & (curvature < _STRAIGHT), curvature, np.inf)


def _settled(payoffs: list[Array], supports: list[Support], cells: _Cells, readiness: Array, balls: list[Ball]) -> _Cells:
    """The cells that are in no ball; a new ball is sought in each support, from the cell where that is most promising."""
    inside = np.zeros(len(cells), dtype=bool)
    for support in np.unique(cells.support[np.isfinite(readiness)]):
        here = np.flatnonzero(cells.support == support)
        known = [ball for ball in balls if ball.support == supports[support]]
        for ball in known:
            inside[here] |= _within(cells[here], ball)
        open_ = here[~inside[here] & np.isfinite(readiness[here])]
        if not len(open_):
            continue
        start = open_[readiness[open_].argmin()]
        new = ball_around(payoffs, supports[support], tuple(v[start].mean(axis=0) for v in cells.corners))
        if new is not None and not any(_same(other, new) for other in known):
            swallowed = _within(cells[here], new) & ~inside[here]
            if swallowed.any():
                balls.append(new)
                inside[here] |= swallowed
    return cells[~inside]


def _within(cells: _Cells, ball: Ball) -> NDArray[np.bool_]:
    inside = np.ones(len(cells), dtype=bool)
    for corner, weight in zip(cells.corners, ball.weights, strict=True):
        inside &= (np.abs(corner[:, :, 1:] - weight[1:]) <= ball.radius).all(axis=(1, 2))
    return inside


def _same(first: Ball, second: Ball) -> bool:
    """Whether two balls of one support hold one zero: each is within the other's ball, up to the accuracy of Newton's method."""
    gap = max(float(np.abs(a - b).max()) for a, b in zip(first.weights, second.weights, strict=True))
    return gap < max(first.radius, second.radius) / 2


def _bisected(cells: _Cells) -> _Cells:
    """Every cell cut in two at the midpoint of the edge along which its differences vary most."""
    if not len(cells):
        return cells
    edges = list(_edges(cells.shape))
    scores = np.stack([_variation(cells, edge) for edge in edges])
    chosen = scores.argmax(axis=0)
    parts = []
    for number, edge in enumerate(edges):
        picked = cells[np.flatnonzero(chosen == number)]
        if len(picked):
            parts += [_replaced(picked, edge, edge[1]), _replaced(picked, edge, edge[2])]
    players = range(len(cells.shape))
    return _Cells(tuple(np.concatenate([part.payoffs[i] for part in parts]) for i in players),
                  tuple(np.concatenate([part.corners[i] for part in parts]) for i in players),
                  np.concatenate([part.support for part in parts]))


def _edges(shape: tuple[int, ...]) -> Iterator[tuple[int, int, int]]:
    for player, size in enumerate(shape):
        for p, q in combinations(range(size), 2):
            yield player, p, q


def _variation(cells: _Cells, edge: tuple[int, int, int]) -> Array:
    """The sum over the equations of their greatest change along an edge, and a little of the edge's length so that none is starved."""
    player, p, q = edge
    total = 1e-3 * np.abs(cells.corners[player][:, p] - cells.corners[player][:, q]).sum(axis=1)
    for i, (payoff, size) in enumerate(zip(cells.payoffs, cells.shape, strict=True)):
        if i == player or size == 1:
            continue
        along = np.moveaxis(payoff, 2 + player - (player > i), 2)
        change = along[:, :, p] - along[:, :, q]
        change = (change[:, 1:size] - change[:, :1]).reshape(len(cells), size - 1, -1)
        total = total + np.abs(change).max(axis=2).sum(axis=1)
    return total


def _replaced(cells: _Cells, edge: tuple[int, int, int], corner: int) -> _Cells:
    """The half of each cell in which one end of the edge is replaced by its midpoint."""
    player, p, q = edge
    payoffs = []
    for i, payoff in enumerate(cells.payoffs):
        if i == player:
            payoffs.append(payoff)
            continue
        moved = np.moveaxis(payoff.copy(), 2 + player - (player > i), 2)
        moved[:, :, corner] = (moved[:, :, p] + moved[:, :, q]) / 2
        payoffs.append(np.moveaxis(moved, 2, 2 + player - (player > i)))
    corners = list(cells.corners)
    vertices = corners[player].copy()
    vertices[:, corner] = (vertices[:, p] + vertices[:, q]) / 2
    corners[player] = vertices
    return _Cells(tuple(payoffs), tuple(corners), cells.support)
