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
from bargain.expressions import Evaluator
from bargain.sensitivity.draws import Floats, Prior
from bargain.sensitivity.numeric import declared
from bargain.sensitivity.points import Vectorised

_BINS, _MISSING, _STEPS = 32, 0.05, 17
_LOOKED = 256  # draws at which several equilibria are looked for


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


@dataclass(frozen=True)
class Course:
    """How a quantity moves as one parameter goes through its prior, all others at the baseline.

    course: "rises", "falls", "constant", "rises and falls", each only where the quantity has a value, or "no value". slope: the exact derivative at
    the baseline, for a quantity that is a formula and has one there.
    """

    parameter: str
    course: str
    slope: Any = None


def courses(source: Vectorised, quantity: str) -> tuple[Course, ...]:
    """The comparative statics of a quantity: one row per parameter that varies.

    >>> from bargain.models.ukraine import commitment as m
    >>> {c.parameter: c.course for c in courses(Vectorised(m.model), "sigma_min") if c.parameter in ("Delta_p", "xbar", "e_s")}
    {'Delta_p': 'rises', 'xbar': 'falls', 'e_s': 'constant'}
    """
    prior, notation = Prior(source.model), source.model.notation
    assert notation is not None
    held, moving = notation.point(), prior.symbols
    columns = {symbol: np.full(_STEPS * len(moving), float(value)) for symbol, value in held.items()}
    for k, symbol in enumerate(moving):
        low, high = map(float, prior.box.intervals[symbol])
        for own in (symbol, *(tied for tied, other in prior.ties.items() if other == symbol)):
            columns[own][k * _STEPS : (k + 1) * _STEPS] = np.linspace(low, high, _STEPS)
    values = source.values(columns, quantity).reshape(len(moving), _STEPS)
    declared_ = declared(source.model, quantity).value
    formula = declared_ if isinstance(declared_, sp.Expr) else None
    at = Evaluator(held)
    return tuple(Course(s.name, _course(row), None if formula is None else _slope(formula, s, at)) for s, row in zip(moving, values, strict=True))


def _course(row: Floats) -> str:
    known = row[np.isfinite(row)]
    if not known.size:
        return "no value"
    steps = np.diff(known)
    tiny = 1e-12 * max(1.0, float(np.abs(known).max()))
    up, down = bool((steps > tiny).any()), bool((steps < -tiny).any())
    return "rises and falls" if up and down else "rises" if up else "falls" if down else "constant"


def _slope(formula: sp.Expr, symbol: sp.Symbol, at: Evaluator) -> Any:
    slope = at(sp.diff(formula, symbol))
    return slope if slope.is_number and slope.is_finite and not slope.has(sp.Derivative, sp.Subs, sp.Heaviside) else None


def tornado(source: Vectorised, quantity: "str | sp.Expr", *, at: Mapping[Any, Any] | None = None, prior: Mapping[Any, Any] | None = None,
            name: str | None = None) -> Tornado:
    """The quantity with each parameter at the low and at the high end of its prior, the others at the baseline (or at `at`).

    >>> from bargain.models.ukraine import leverage as m
    >>> [swing.parameter for swing in tornado(Vectorised(m.model), m.advantage).swings[:3]]
    ['chi', 'tau', 'kappa']
    """
    found = Prior(source.model, prior)
    values = source.values(_ends(found, at), quantity)
    swings = [Swing(symbol.name, float(values[2 * k + 1]), float(values[2 * k + 2])) for k, symbol in enumerate(found.symbols)]
    return Tornado(name or str(quantity), float(values[0]), tuple(sorted(swings, key=lambda swing: -np.nan_to_num(swing.size))))


def _ends(prior: Prior, at: Mapping[Any, Any] | None = None) -> dict[sp.Symbol, Floats]:
    """The point, and each parameter at the two ends of its prior."""
    assert prior.model.notation is not None
    columns = {symbol: np.full(2 * len(prior.symbols) + 1, float(value)) for symbol, value in prior.model.notation.point(at).items()}
    for k, symbol in enumerate(prior.symbols):
        ends = [float(end) for end in prior.box.intervals[symbol]]
        for own in (symbol, *(tied for tied, other in prior.ties.items() if other == symbol)):
            columns[own][[2 * k + 1, 2 * k + 2]] = ends
    return columns


def several(source: Vectorised, quantity: str) -> bool:
    """Whether a quantity is read off one of several equilibria at the ends of a prior or at one of a few draws.

    >>> from bargain.models.ukraine import burden as m
    >>> several(Vectorised(m.model), "pr_lead"), several(Vectorised(m.model), "b_star")
    (True, False)
    """
    prior = Prior(source.model)
    draws = prior.draws(_LOOKED)
    block = source.block({symbol: np.concatenate([column, draws[symbol]]) for symbol, column in _ends(prior).items()})
    block.values(quantity)
    return block.several


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
