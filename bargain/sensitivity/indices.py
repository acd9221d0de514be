"""Which parameters a quantity depends on: values at the ends of the priors, and Sobol indices.

The first-order index of a parameter is the share of the variance that fixing it removes on average; the total index is
the share that is left if all others are fixed (Sobol' 2001, Mathematics and Computers in Simulation 55:271-280; estimators of
Saltelli and others 2010, Computer Physics Communications 181:259-270). Orders among parameters make them dependent, for which the
indices are not defined: they are taken on the whole box.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp

from bargain.errors import NotApplicable
from bargain.sensitivity.draws import Floats, Prior
from bargain.sensitivity.points import Vectorised

_BINS, _MISSING = 32, 0.05


@dataclass(frozen=True)
class Swing:
    """A quantity at the two ends of the prior of one parameter, all others at the point."""

    parameter: str
    low: float
    high: float

    @property
    def size(self) -> float:
        """How far apart they are."""
        return abs(self.high - self.low)


@dataclass(frozen=True)
class Tornado:
    """The swings of a quantity, widest first, and its value at the point."""

    quantity: str
    base: float
    swings: tuple[Swing, ...]


@dataclass(frozen=True)
class SobolIndex:
    """The first-order and the total index of one parameter."""

    parameter: str
    first: float
    total: float


def tornado(source: Vectorised, quantity: "str | sp.Expr", *, at: Mapping[Any, Any] | None = None, prior: Mapping[Any, Any] | None = None,
            name: str | None = None) -> Tornado:
    """The quantity with each parameter at the low and at the high end of its prior, the others at the baseline (or at `at`).

    >>> from bargain.models.ukraine import leverage as m
    >>> [swing.parameter for swing in tornado(Vectorised(m.model), m.advantage).swings[:3]]
    ['chi', 'tau', 'kappa']
    """
    found = Prior(source.model, prior)
    assert source.model.notation is not None
    held = {symbol: float(value) for symbol, value in source.model.notation.point(at).items()}
    moving = found.symbols
    columns = {symbol: np.full(2 * len(moving) + 1, value) for symbol, value in held.items()}
    for k, symbol in enumerate(moving):
        ends = [float(end) for end in found.box.intervals[symbol]]
        for own in (symbol, *(tied for tied, other in found.ties.items() if other == symbol)):
            columns[own][[2 * k + 1, 2 * k + 2]] = ends
    values = source.values(columns, quantity)
    swings = [Swing(symbol.name, float(values[2 * k + 1]), float(values[2 * k + 2])) for k, symbol in enumerate(moving)]
    return Tornado(name or str(quantity), float(values[0]), tuple(sorted(swings, key=lambda swing: -np.nan_to_num(swing.size))))


def sobol(source: Vectorised, quantity: "str | sp.Expr", *, points: int = 4096, seed: int = 0, prior: Mapping[Any, Any] | None = None) -> tuple[SobolIndex, ...]:
    """First-order and total indices of a quantity, or of the truth of a claim given by name, largest total first.

    points: a power of two; the quantity is evaluated (parameters + 2) times as often. Points at which it has no value (at most one in
    twenty) take the mean of the others.
    """
    from scipy.stats import sobol_indices, uniform

    found = Prior(source.model, prior)
    claims = [claim for claim in source.model.claims if claim.name == quantity]

    def function(units: Floats) -> Floats:
        columns = found.scaled(units)
        values = source.truth(columns, claims)[0] if claims else source.values(columns, quantity)
        kept = np.isfinite(values)
        if kept.mean() < 1 - _MISSING:
            raise NotApplicable(f"{quantity} has no value at {1 - kept.mean():.0%} of the prior", place=f"model {source.model.name}", remedy="restrict the priors")
        return np.where(kept, values, values[kept].mean())

    result = sobol_indices(func=function, n=points, dists=[uniform()] * len(found.symbols), rng=np.random.default_rng(seed))
    rows = [SobolIndex(s.name, float(a), float(b)) for s, a, b in zip(found.symbols, result.first_order, result.total_order, strict=True)]
    return tuple(sorted(rows, key=lambda row: -row.total))


def first_order(columns: Mapping[sp.Symbol, Floats], symbols: tuple[sp.Symbol, ...], values: Floats) -> dict[str, float]:
    """First-order indices from draws that exist already: the variance of means over bins of one parameter (Plischke 2012, Environmental
    Modelling & Software 34:105-107), less what chance alone would give. With orders among parameters, correlation ratios."""
    kept = np.isfinite(values)
    sample = values[kept]
    spread = sample.var()
    found = {}
    for symbol in symbols:
        order = np.argsort(columns[symbol][kept], kind="stable")
        parts = np.array_split(sample[order], _BINS)
        between = sum(len(part) * (part.mean() - sample.mean()) ** 2 for part in parts) / max(len(sample), 1) if spread else 0.0
        chance = (_BINS - 1) / max(len(sample), 1)
        found[symbol.name] = max(0.0, float(between / spread - chance)) if spread else 0.0
    return found
