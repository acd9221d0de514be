"""Sample points of the parameter space: the play reached at each, and which conditions hold there.

Half of the points are drawn from the prior box, half from a wider part of the domain. Floats only
steer the search; nothing is concluded from them.
"""

from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

from bargain.compile import vectorised
from bargain.notation import Notation, Parameter
from bargain.solvers.regimes.comparisons import bits
from bargain.solvers.regimes.levels import Point
from bargain.solvers.regimes.outcomes import OutcomeTree

Floats = np.ndarray[Any, np.dtype[np.float64]]
Booleans = np.ndarray[Any, np.dtype[np.bool_]]
_BLOCK = 2048
_SEED = 20241222
_ROUNDING = 1e-12


class Samples:
    """Points (K, N) with the play reached at each; conditions are evaluated on demand and remembered.

    The first `prior` points are independent uniform draws from the prior box that meet the joint assumptions; with `wide`, as many are
    drawn from beyond it.
    """

    def __init__(self, tree: OutcomeTree, notation: Notation, count: int, *, wide: bool = True) -> None:
        self.tree, self.notation, self.comparisons = tree, notation, tree.comparisons
        draws = np.random.default_rng(_SEED)
        inside = _admissible(notation, within_prior(notation, draws, count))
        beyond = _admissible(notation, beyond_prior(notation, draws, count if wide else 0))
        self.prior = inside.shape[1]
        self.points: Floats = np.empty((len(notation.symbols), 0))
        self.play = np.empty(0, dtype=np.int64)
        self.open: Booleans = np.empty(0, dtype=bool)
        self._signs: dict[int, np.ndarray[Any, np.dtype[np.int8]]] = {}
        self._basis: dict[tuple[int, ...], Floats] = {}
        self.add(np.concatenate([inside, beyond], axis=1), open_=True)

    @property
    def size(self) -> int:
        """The number of points."""
        return self.points.shape[1]

    def add(self, points: Floats, *, open_: bool, play: int | None = None) -> None:
        """Add points (K, M), with the play reached at each (computed if not given); `open_`: whether they are still to be covered."""
        blocks = [self._reached(points[:, k : k + _BLOCK]) for k in range(0, points.shape[1], _BLOCK)] if play is None else [np.full(points.shape[1], play)]
        self.points = np.concatenate([self.points, points], axis=1)
        self.play = np.concatenate([self.play, *blocks])
        self.open = np.concatenate([self.open, np.full(points.shape[1], open_)])
        self._basis = {}

    def _reached(self, points: Floats) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Backward induction over plays, all points at once; the first move on a tie."""
        values = self._values(points)
        stack: list[tuple[Any, Any]] = []
        for vertex in self.tree.vertices:
            if vertex.kind == "end":
                stack.append((values[list(vertex.payoffs)], np.zeros(points.shape[1], dtype=np.int64)))
                continue
            below = stack[-len(vertex.children):]
            del stack[-len(vertex.children):]
            counts = [self.tree.vertices[child].count for child in vertex.children]
            if vertex.kind == "choose":
                stack.append(_best(below, counts, vertex.mover))
            else:
                expected = sum((values[w] * worth for w, (worth, _) in zip(vertex.chances, below, strict=True)), np.zeros_like(below[0][0]))
                play = np.zeros(points.shape[1], dtype=np.int64)
                for count, (_, part) in zip(counts, below, strict=True):
                    play = play * count + part
                stack.append((expected, play))
        return stack[0][1]

    def _values(self, points: Floats) -> Floats:
        rows = self.comparisons.values
        if not self.comparisons.polynomial:
            return vectorised([self.comparisons.formula(k) for k in range(len(rows))], self.comparisons.symbols)(list(points))
        columns: dict[tuple[int, ...], int] = {}
        for row in rows:
            for which in row or {}:
                columns.setdefault(which, len(columns))
        matrix = np.zeros((len(rows), len(columns)))
        for k, row in enumerate(rows):
            for which, coefficient in (row or {}).items():
                matrix[k, columns[which]] = float(coefficient)
        return matrix @ np.stack([_product(which, points) for which in columns]) if columns else np.zeros((len(rows), points.shape[1]))

    def sign(self, atom: int) -> np.ndarray[Any, np.dtype[np.int8]]:
        """The sign of an atom at each point (0 within rounding)."""
        known = self._signs.get(atom)
        if known is None or known.size < self.size:
            start = 0 if known is None else known.size
            fresh = self._sign(atom, start)
            self._signs[atom] = fresh if known is None else np.concatenate([known, fresh])
        return self._signs[atom]

    def _sign(self, atom: int, start: int) -> np.ndarray[Any, np.dtype[np.int8]]:
        key, points = self.comparisons.atoms[atom], self.points[:, start:]
        if isinstance(key, sp.Expr):
            values = vectorised([key], self.comparisons.symbols)(list(points))[0]
            scale = np.abs(values) + 1
        else:
            terms = [coefficient * (self._monomial(which)[start:] if start == 0 else _product(which, points)) for which, coefficient in key]
            values, scale = np.sum(terms, axis=0), np.sum(np.abs(terms), axis=0)
        return np.where(np.abs(values) <= _ROUNDING * scale, 0, np.sign(values)).astype(np.int8)

    def _monomial(self, which: tuple[int, ...]) -> Floats:
        if which not in self._basis:
            self._basis[which] = _product(which, self.points)
        return self._basis[which]

    def broken(self, condition: int) -> Booleans:
        """Where a condition fails."""
        sign = self.sign(condition >> 1)
        return sign > 0 if condition % 2 == 0 else sign < 0

    def inside(self, conditions: int) -> Booleans:
        """Where every condition of a set holds."""
        result = np.ones(self.size, dtype=bool)
        for condition in bits(conditions):
            result &= ~self.broken(condition)
        return result

    def exact(self, number: int) -> Point:
        """A point as rational numbers (the floats' exact values)."""
        return tuple(Fraction(float(value)) for value in self.points[:, number])


def _best(below: list[tuple[Any, Any]], counts: list[int], mover: int) -> tuple[Any, Any]:
    worth, play = below[0]
    first = 0
    for count, (other, reached) in zip(counts, below[1:], strict=False):
        first += count
        better = other[mover] > worth[mover]
        if better.any():
            worth, play = np.where(better, other, worth), np.where(better, first + reached, play)
    return worth, play


def _product(which: tuple[int, ...], points: Floats) -> Floats:
    result = np.ones(points.shape[1])
    for k in which:
        result = result * points[k]
    return result


def range_of(parameter: Parameter) -> tuple[float, float]:
    """The prior range as floats; without one, a part of the domain of length at most 2 (around the baseline, where there is one)."""
    low, high = (float(end) for end in parameter.prior or (parameter.domain.low, parameter.domain.high))
    if parameter.prior is None and not np.isfinite([low, high]).all():
        centre = float(parameter.baseline) if parameter.baseline is not None else low + 1 if np.isfinite(low) else high - 1 if np.isfinite(high) else 0.0
        low, high = max(low, centre - 1), min(high, centre + 1)
    return low, high


def within_prior(notation: Notation, draws: np.random.Generator, count: int) -> Floats:
    """Uniform draws (K, count) from the prior box."""
    ends = np.array([range_of(parameter) for parameter in notation]).reshape(-1, 2)
    return ends[:, :1] + draws.random((len(ends), count)) * (ends[:, 1:] - ends[:, :1])


def beyond_prior(notation: Notation, draws: np.random.Generator, count: int) -> Floats:
    """Draws (K, count) from the domain at scales from a tenth of the prior range to a hundred times it, around its middle."""
    rows = []
    for parameter in notation:
        low, high = range_of(parameter)
        floor, ceiling = float(parameter.domain.low), float(parameter.domain.high)
        spread = (high - low or 1.0) * 10 ** draws.uniform(-1, 2, count) * draws.standard_normal(count)
        value = (low + high) / 2 + spread
        value = np.where(value < floor, np.minimum(2 * floor - value, ceiling), value) if np.isfinite(floor) else value
        value = np.where(value > ceiling, np.maximum(2 * ceiling - value, floor), value) if np.isfinite(ceiling) else value
        rows.append(value)
    return np.array(rows).reshape(len(rows), count)


def _admissible(notation: Notation, points: Floats) -> Floats:
    """The points that lie in every domain and meet the joint assumptions (within rounding)."""
    kept = np.ones(points.shape[1], dtype=bool)
    for column, parameter in zip(points, notation, strict=True):
        domain = parameter.domain
        kept &= (column > float(domain.low)) if domain.low_open else (column >= float(domain.low))
        kept &= (column < float(domain.high)) if domain.high_open else (column <= float(domain.high))
    for assumption in notation.assumptions:
        gap = vectorised([sp.expand(assumption.lhs - assumption.rhs)], notation.symbols)(list(points))[0]
        kept &= {"<": gap < 0, "<=": gap <= 0, ">": gap > 0, ">=": gap >= 0}.get(assumption.rel_op, gap == 0)
    return points[:, kept]
