"""The point nearest to another one at which a claim has the other truth value.

Distances are Euclidean after every parameter is divided by the width of its prior. For a relation that is affine in the
parameters the nearest point is a projection, found exactly. Otherwise it is searched for, and what is found is an upper bound of the
distance: lines are followed from the point to draws at which the verdict differs, to the cut-offs in single parameters, and in the directions that
the cut-offs would give together if the border were flat; the best points are then moved along shrinking spheres.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp

from bargain.claims import Claim
from bargain.sensitivity.draws import Columns, Floats, Prior
from bargain.sensitivity.flips import Threshold
from bargain.sensitivity.points import Vectorised

_CANDIDATES, _STEPS = 12, 65
_STARTS, _MOVES, _FINEST = 2, 24, 1 / 64  # points that are improved, moves of each at most, the last step as a part of the distance
_END = 2e-3  # widths from an end of a prior within which a search means the end
_BEYOND = 1e-9  # widths beyond a cut-off at which the verdict is the other one
_FURTHER = 1.6  # how far beyond a flat border a joint change is tried first
_EXACT = 40  # exact solutions on the first lines from which on points are too dear for more than these lines
Mask = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Flip:
    """The point nearest to another one at which a claim has the other truth value (or, if `exact`, the point on the border).

    changes: the parameters that differ, with their values. distance: in widths of the priors.
    """

    distance: float
    changes: Mapping[str, Any]
    exact: bool = False


def affine_flip(prior: Prior, claim: Claim, at: Mapping[sp.Symbol, sp.Expr]) -> Flip | None:
    """The exact nearest point on the border of a relation that is affine in the parameters that vary; None if there is none in the box."""
    if not isinstance(claim.holds, sp.Basic):
        return None
    gap = (claim.holds.lhs - claim.holds.rhs).xreplace(prior.ties)  # type: ignore[attr-defined]
    gap = gap.xreplace({symbol: value for symbol, value in at.items() if symbol not in prior.symbols})
    used = [symbol for symbol in prior.symbols if symbol in gap.free_symbols]
    if not used or not gap.is_polynomial(*used) or sp.Poly(gap, *used).total_degree() != 1:
        return None
    width = {s: prior.box.intervals[s][1] - prior.box.intervals[s][0] for s in used}
    slope = {s: sp.diff(gap, s) * width[s] for s in used}
    step = -gap.xreplace(dict(at)) / sum(value**2 for value in slope.values())
    moved = {s: at[s] + step * slope[s] * width[s] for s in used}
    if not all(prior.box.intervals[s][0] <= value <= prior.box.intervals[s][1] for s, value in moved.items()):
        return None
    full = {**at, **moved}
    if not all(bool(relation.xreplace(full)) for relation in prior.relations):
        return None
    return Flip(float(sp.sqrt(sum(value**2 for value in slope.values())) * abs(step)), {s.name: value for s, value in moved.items() if value != at[s]}, exact=True)


def searched_flip(source: Vectorised, prior: Prior, claim: Claim, at: Mapping[sp.Symbol, sp.Expr], truth: bool, draws: Columns, verdicts: Floats,
                  cuts: Sequence[Threshold] = ()) -> Flip | None:
    """The nearest point found at which the claim has the other truth value; None if it has none at any draw and no cut-off.

    cuts: the cut-offs of the claim in single parameters (`bargain.sensitivity.flips.thresholds`); what is found is no farther than any of them.
    """
    search = _Search(source, prior, claim, at, truth)
    other = _units(prior, {s: column[verdicts == float(not truth)] for s, column in draws.items()})
    near = other[:, np.argsort(((other - search.origin[:, None]) ** 2).sum(axis=0), kind="stable")[:_CANDIDATES]]
    alone = search.alone(cuts)
    ends = np.concatenate([near, alone, search.together(alone)], axis=1)
    ends = ends[:, search.flipped(ends)] if ends.shape[1] else ends
    if not ends.shape[1]:
        return None
    found = search.pulled(ends)
    if search.solved <= _EXACT:
        order = np.argsort(search.sizes(found), kind="stable")[:_STARTS]
        found = np.stack([found[:, order[0]], *(search.improved(found[:, k]) for k in order)], axis=1)
    best = found[:, int(search.sizes(found).argmin())]
    changed = prior.scaled(best[:, None])
    return Flip(float(search.sizes(best[:, None])[0]), {s.name: float(changed[s][0]) for k, s in enumerate(prior.symbols) if best[k] != search.origin[k]})


@dataclass
class _Search:
    """The points of the unit cube at which a claim has the other verdict."""

    source: Vectorised
    prior: Prior
    claim: Claim
    at: Mapping[sp.Symbol, sp.Expr]
    truth: bool
    solved: int = 0

    @cached_property
    def origin(self) -> Floats:
        """The point from which distances are measured."""
        return _units(self.prior, {s: np.array([float(self.at[s])]) for s in self.prior.symbols})[:, 0]

    def flipped(self, points: Floats) -> Mask:
        """At which points (parameters, N), inside the box but for what is as at the origin, the verdict is the other one."""
        inside = ((points >= 0) & (points <= 1) | (points == self.origin[:, None])).all(axis=0)
        columns = self.prior.scaled(points) | {s: np.full(points.shape[1], float(self.at[s])) for s in self.prior.box.fixed}
        kept = np.flatnonzero(inside & self.prior.admissible(columns))
        found = np.zeros(points.shape[1], dtype=bool)
        if kept.size:
            block = self.source.block({s: column[kept] for s, column in columns.items()})
            found[kept] = block.truth([self.claim])[0] == float(not self.truth)
            self.solved += block.exact
        return found

    def sizes(self, points: Floats) -> Floats:
        """Their distances from the origin."""
        return np.asarray(np.sqrt(((points - self.origin[:, None]) ** 2).sum(axis=0)))

    def alone(self, cuts: Sequence[Threshold]) -> Floats:
        """Just beyond the nearest cut-off in each parameter."""
        place = {symbol.name: k for k, symbol in enumerate(self.prior.symbols)}
        nearest: dict[int, float] = {}
        for cut in cuts:
            k = place[cut.parameter]
            low, high = map(float, self.prior.box.intervals[self.prior.symbols[k]])
            moved = (float(cut.value) - low) / (high - low) + (-_BEYOND if cut.rises == self.truth else _BEYOND) - self.origin[k]
            if k not in nearest or abs(moved) < abs(nearest[k]):
                nearest[k] = moved
        ends = np.repeat(self.origin[:, None], len(nearest), axis=1)
        for column, (k, moved) in enumerate(nearest.items()):
            ends[k, column] = np.clip(self.origin[k] + moved, 0, 1)
        return ends

    def together(self, alone: Floats) -> Floats:
        """Beyond the flat borders through the nearest two, three, ... of these points."""
        steps = (alone - self.origin[:, None]).sum(axis=1)
        order = [k for k in np.argsort(np.abs(steps), kind="stable") if steps[k] != 0]
        ends = [np.empty((len(steps), 0))]
        for count in range(2, len(order) + 1):
            slopes = np.zeros(len(steps))
            slopes[order[:count]] = 1 / steps[order[:count]]
            ends.append(np.clip(self.origin + _FURTHER * slopes / (slopes**2).sum(), 0, 1)[:, None])
        return np.concatenate(ends, axis=1)

    def pulled(self, ends: Floats) -> Floats:
        """The nearest points to the origin on the lines to the ends at which the verdict is the other one."""
        low, high = np.zeros(ends.shape[1]), np.ones(ends.shape[1])
        for _ in range(2):
            parts = low + (high - low) * np.linspace(0, 1, _STEPS)[1:, None]  # (steps, ends)
            parts[-1] = high
            points = self.origin[:, None, None] + (ends - self.origin[:, None])[:, None, :] * parts
            found = self.flipped(points.reshape(len(self.origin), -1)).reshape(parts.shape)
            found[-1] = True
            first = found.argmax(axis=0)
            low, high = np.where(first > 0, parts[np.maximum(first - 1, 0), range(len(first))], low), parts[first, range(len(first))]
        return np.asarray(np.where(high == 1, ends, self.origin[:, None] + (ends - self.origin[:, None]) * high))

    def improved(self, best: Floats) -> Floats:
        """A point moved along spheres that shrink, one parameter at a time; parameters that do not matter are put back, others to an end of their prior."""
        step, count = 0.5, 0
        while step >= _FINEST and count < _MOVES:
            count += 1
            moved = self._moved(best, step)
            if moved is None:
                step /= 2
            else:
                best = moved
        best = self.pulled(self._settled(best, self.origin, np.inf)[:, None])[:, 0]
        return self._settled(self._settled(best, np.zeros(len(best)), _END), np.ones(len(best)), _END)

    def _settled(self, best: Floats, target: Floats, near: float) -> Floats:
        """The point with every parameter at its target that is near it and need not be elsewhere."""
        for k in np.argsort(np.abs(best - self.origin), kind="stable"):
            trial = best.copy()
            trial[k] = target[k]
            if 0 < abs(best[k] - target[k]) < near and best[k] != self.origin[k] and self.flipped(trial[:, None])[0]:
                best = trial
        return best

    def _moved(self, best: Floats, step: float) -> Floats | None:
        """A nearer point with the other verdict; None if none is found with this step."""
        size = float(self.sizes(best[:, None])[0])
        along = step * size * np.eye(len(best))
        back = np.repeat(best[:, None], len(best), axis=1)
        np.fill_diagonal(back, self.origin)
        turned = np.concatenate([best[:, None] + along, best[:, None] - along, back], axis=1) - self.origin[:, None]
        length = np.sqrt((turned**2).sum(axis=0))
        turned, length = turned[:, length > 0], length[length > 0]
        radii = np.minimum(length, size) * (1 - step * np.array([0.6, 0.2, 0.05, 0.01])[:, None])
        points = np.concatenate([self.origin[:, None] + turned / length * row for row in radii], axis=1)
        found = np.flatnonzero(self.flipped(points))
        if not found.size:
            return None
        return np.asarray(points[:, found[int(self.sizes(points[:, found]).argmin())]])


def _units(prior: Prior, columns: Columns) -> Floats:
    ends = [tuple(map(float, prior.box.intervals[s])) for s in prior.symbols]
    return np.stack([(columns[s] - low) / (high - low) for s, (low, high) in zip(prior.symbols, ends, strict=True)])
