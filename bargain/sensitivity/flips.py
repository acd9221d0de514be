"""Where a claim changes its truth value as one parameter moves: what would have to be true.

A relation that is affine in the parameter has an exact cut-off; others are found by a grid and bisection.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp

from bargain.claims import Claim
from bargain.sensitivity.draws import Floats, Prior
from bargain.sensitivity.points import Vectorised

_GRID = 65


@dataclass(frozen=True)
class Threshold:
    """A value of one parameter at which a claim changes, all others held; `rises` if it becomes true as the parameter rises."""

    parameter: str
    value: Any
    rises: bool
    exact: bool = False


def thresholds(source: Vectorised, claims: Sequence[Claim], at: Mapping[sp.Symbol, sp.Expr], prior: Prior) -> dict[str, tuple[Threshold, ...]]:
    """For each claim the cut-offs in each single parameter within its prior, all others held: what would have to be true.

    Values at which an assumption fails are left out.
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
                    exact = _exact_root(prior, claim, symbol, at, grid[k], grid[k + 1])
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


def _exact_root(prior: Prior, claim: Claim, symbol: sp.Symbol, at: Mapping[sp.Symbol, sp.Expr], low: float, high: float) -> sp.Expr | None:
    if not isinstance(claim.holds, sp.Basic):
        return None
    gap = claim.holds.lhs - claim.holds.rhs  # type: ignore[attr-defined]
    gap = gap.xreplace({tied: other for tied, other in prior.ties.items() if other == symbol}).xreplace({s: value for s, value in at.items() if s != symbol})
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
