"""Where a claim changes its truth value: in one parameter, and nearest to a point in all of them.

Distances are Euclidean after every parameter is divided by the width of its prior. For a relation that is affine in the
parameters the nearest point is a projection, found exactly. Otherwise it is searched for: draws at which the verdict differs are pulled
towards the point along a line, and parameters that do not matter are put back; what is found is an upper bound of the distance.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp

from bargain.claims import Claim
from bargain.sensitivity.draws import Columns, Floats, Prior
from bargain.sensitivity.points import Vectorised

_CANDIDATES, _STEPS, _GRID = 12, 65, 65


@dataclass(frozen=True)
class Flip:
    """The point nearest to another one at which a claim has the other truth value (or, if `exact`, the point on the border).

    changes: the parameters that differ, with their values. distance: in widths of the priors.
    """

    distance: float
    changes: Mapping[str, Any]
    exact: bool = False


@dataclass(frozen=True)
class Threshold:
    """A value of one parameter at which a claim changes, all others held; `rises` if it becomes true as the parameter rises."""

    parameter: str
    value: Any
    rises: bool
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


def searched_flip(source: Vectorised, prior: Prior, claim: Claim, at: Mapping[sp.Symbol, sp.Expr], truth: bool, draws: Columns, verdicts: Floats) -> Flip | None:
    """The nearest point found at which the claim has the other truth value; None if it has none at any draw."""
    other = np.flatnonzero(verdicts == float(not truth))
    if not other.size:
        return None
    origin = _units(prior, {s: np.array([float(at[s])]) for s in prior.symbols})[:, 0]
    units = _units(prior, draws)[:, other]
    ends = units[:, np.argsort(((units - origin[:, None]) ** 2).sum(axis=0), kind="stable")[:_CANDIDATES]]

    def flipped(points: Floats) -> "np.ndarray[Any, np.dtype[np.bool_]]":
        columns = prior.scaled(points) | {s: np.full(points.shape[1], float(at[s])) for s in prior.box.fixed}
        found = source.truth(columns, [claim])[0] == float(not truth)
        return np.asarray(found & prior.admissible(columns))

    best = _pulled(origin, ends, flipped)
    for _ in range(2):
        order = np.argsort(np.abs(best - origin), kind="stable")
        for coordinate in order:
            trial = best.copy()
            trial[coordinate] = origin[coordinate]
            if best[coordinate] != origin[coordinate] and flipped(trial[:, None])[0]:
                best = trial
        best = _pulled(origin, best[:, None], flipped)
    size = float(np.sqrt(((best - origin) ** 2).sum()))
    changed = prior.scaled(best[:, None])
    return Flip(size, {s.name: float(changed[s][0]) for k, s in enumerate(prior.symbols) if best[k] != origin[k]})


def _units(prior: Prior, columns: Columns) -> Floats:
    ends = [tuple(map(float, prior.box.intervals[s])) for s in prior.symbols]
    return np.stack([(columns[s] - low) / (high - low) for s, (low, high) in zip(prior.symbols, ends, strict=True)])


def _pulled(origin: Floats, ends: Floats, flipped: Any) -> Floats:
    """The nearest point to the origin on the lines to the ends at which the verdict is the other one."""
    low, high = np.zeros(ends.shape[1]), np.ones(ends.shape[1])
    for _ in range(2):
        parts = low + (high - low) * np.linspace(0, 1, _STEPS)[1:, None]  # (steps, ends)
        points = origin[:, None, None] + (ends - origin[:, None])[:, None, :] * parts
        found = flipped(points.reshape(len(origin), -1)).reshape(parts.shape)
        found[-1] = True
        first = found.argmax(axis=0)
        low, high = np.where(first > 0, parts[np.maximum(first - 1, 0), range(len(first))], low), parts[first, range(len(first))]
    sizes = high * np.sqrt(((ends - origin[:, None]) ** 2).sum(axis=0))
    nearest = int(sizes.argmin())
    point: Floats = origin + (ends[:, nearest] - origin) * high[nearest]
    return point


def thresholds(source: Vectorised, claims: Sequence[Claim], at: Mapping[sp.Symbol, sp.Expr], prior: Prior) -> dict[str, tuple[Threshold, ...]]:
    """For each claim the cut-offs in each single parameter within its prior, all others held: what would have to be true.

    A relation that is affine in the parameter has an exact cut-off; others are found by a grid and bisection. Values at which
    an assumption fails are left out.
    """
    found: dict[str, list[Threshold]] = {claim.name: [] for claim in claims}
    held = {symbol: float(value) for symbol, value in at.items()}
    for symbol in prior.symbols:
        low, high = map(float, prior.box.intervals[symbol])
        grid = np.linspace(low, high, _GRID)
        rows = _along(source, prior, claims, held, symbol, grid)
        for claim, row in zip(claims, rows, strict=True):
            for k in range(_GRID - 1):
                if row[k] != row[k + 1] and not np.isnan(row[k] + row[k + 1]):
                    exact = _exact_root(claim, symbol, at, grid[k], grid[k + 1])
                    value = exact if exact is not None else _bisected(source, prior, claim, held, symbol, (grid[k], grid[k + 1]), row[k])
                    found[claim.name].append(Threshold(symbol.name, value, bool(row[k + 1]), exact is not None))
    return {name: tuple(listed) for name, listed in found.items()}


def _along(source: Vectorised, prior: Prior, claims: Sequence[Claim], held: Mapping[sp.Symbol, float], symbol: sp.Symbol, grid: Floats) -> Floats:
    columns = {s: np.full(len(grid), value) for s, value in held.items()} | {symbol: grid}
    columns |= {tied: grid for tied, other in prior.ties.items() if other == symbol}
    kept = np.flatnonzero(prior.admissible(columns))
    rows = np.full((len(claims), len(grid)), np.nan)
    if kept.size:
        rows[:, kept] = source.truth({s: column[kept] for s, column in columns.items()}, claims)
    return rows


def _exact_root(claim: Claim, symbol: sp.Symbol, at: Mapping[sp.Symbol, sp.Expr], low: float, high: float) -> sp.Expr | None:
    if not isinstance(claim.holds, sp.Basic):
        return None
    gap = claim.holds.lhs - claim.holds.rhs  # type: ignore[attr-defined]
    gap = gap.xreplace({s: value for s, value in at.items() if s != symbol})
    if not gap.is_polynomial(symbol) or sp.Poly(gap, symbol).degree() != 1:
        return None
    root = -gap.xreplace({symbol: sp.Integer(0)}) / sp.diff(gap, symbol)
    return root if low <= root <= high else None


def _bisected(source: Vectorised, prior: Prior, claim: Claim, held: Mapping[sp.Symbol, float], symbol: sp.Symbol, ends: tuple[float, float], first: float) -> float:
    low, high = ends
    for _ in range(6):
        grid = np.linspace(low, high, 33)
        row = _along(source, prior, [claim], held, symbol, grid)[0]
        k = int(np.argmax(row != first))
        low, high = grid[max(k - 1, 0)], grid[k]
    return float(high)
