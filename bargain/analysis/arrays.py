"""A solution as a vectorised function: solve once, evaluate at millions of points.

The conditions of all regimes share their polynomials, so each polynomial is evaluated once per
point, and a regime holds where the signs match. A float means its shortest decimal, as everywhere
in the package; a sign that rounding could turn, |value| at most the error bound of the evaluation,
is decided in exact arithmetic at that point (`bargain.analysis.exactsigns`). Knife edges therefore come out as `Solution.at` has them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp

from bargain.analysis.exactsigns import Array, Exact, SignFunction, sign_function
from bargain.analysis.measures import Measure, measures
from bargain.compile import vectorised
from bargain.errors import BadInput
from bargain.expressions import exact
from bargain.notation import Notation, Parameter
from bargain.regions.cells import EQ, GE, GT, LE, LT, NE, Cell
from bargain.regions.space import Space
from bargain.solution import Solution

_BLOCK = 16_384


@dataclass(frozen=True)
class CompiledSolution:
    """A function of arrays, by parameter name; see `compile_solution`.

    bodies: the expressions whose signs decide, each evaluated once per point. cells: those of each regime, in the
    order of the solution. assumed: the joint assumptions. equilibria: by regime, the measures of each equilibrium.
    """

    notation: Notation
    bodies: tuple[sp.Expr, ...]
    cells: tuple[tuple[Cell, ...], ...]
    assumed: Cell
    equilibria: tuple[tuple[dict[Measure, sp.Expr], ...], ...]
    signs: SignFunction = field(repr=False)

    def __call__(self, values: Mapping[Any, Any] | None = None, /, *, equilibrium: int = 0, **more: Any) -> "Evaluated":
        """Evaluate at points given by name; arrays broadcast against each other, parameters not given take their baseline.

        equilibrium: which of the equilibria that a regime lists (extreme points of components included) is reported.
        """
        given = {self.notation[name].symbol: value for name, value in {**(values or {}), **more}.items()}
        known = {symbol: exact(value) for symbol, value in {**self.notation.baseline, **given}.items() if np.ndim(value) == 0}
        arrays = {parameter.symbol: _column(parameter, given) for parameter in self.notation}
        try:
            shape = np.broadcast_shapes(*(array.shape for array in arrays.values()))
        except ValueError as error:
            shapes = ", ".join(f"{symbol}: {array.shape}" for symbol, array in arrays.items() if array.shape)
            raise BadInput("the arrays do not broadcast", place="compiled solution", remedy=f"shapes are {shapes}") from error
        columns = {symbol: np.broadcast_to(array, shape).reshape(-1) for symbol, array in arrays.items()}
        size = int(np.prod(shape, dtype=int))
        regime = np.full(size, -1, dtype=np.int16 if len(self.cells) < 2**15 else np.int32)
        holds = np.zeros((len(self.cells), size), dtype=bool)
        for start in range(0, size, _BLOCK):
            block = {symbol: column[start : start + _BLOCK] for symbol, column in columns.items()}
            self._classify(block, known, regime[start : start + _BLOCK], holds[:, start : start + _BLOCK])
        return Evaluated(self, shape, columns, regime.reshape(shape), holds.reshape(len(self.cells), *shape), equilibrium)

    def _classify(self, block: Mapping[sp.Symbol, Array], known: Exact, regime: Array, holds: Array) -> None:
        """Fill in, for one block of points, which regimes hold and the first of them (-2 outside the assumptions)."""
        tests = _Tests(self.bodies, *self.signs(block, known))
        outside = ~tests.all_of(self.assumed, regime.size) if self.assumed.atoms else None
        for number in reversed(range(len(self.cells))):
            for cell in self.cells[number]:
                holds[number] |= tests.all_of(cell, regime.size)
            if outside is not None:
                holds[number] &= ~outside
            np.copyto(regime, number, where=holds[number])
        if outside is not None:
            regime[outside] = -2


@dataclass(frozen=True)
class Evaluated:
    """A solution at an array of points; every array has their common shape, values are nan where nothing is listed.

    regime: the index of the first regime that contains the point; -1 where none does (boundary strata that the
    solution leaves out), -2 where a joint assumption fails. holds: (regimes, *shape), whether each regime contains
    the point; where regimes overlap, several do.
    """

    source: CompiledSolution = field(repr=False)
    shape: tuple[int, ...]
    columns: Mapping[sp.Symbol, Array] = field(repr=False)
    regime: Array
    holds: Array = field(repr=False)
    equilibrium: int = 0

    @cached_property
    def count(self) -> Array:
        """The number of equilibria (extreme points of components included) that the regime of each point lists."""
        sizes = np.array([*(len(listed) for listed in self.source.equilibria), 0, 0], dtype=np.int64)
        return sizes[self.regime]

    @cached_property
    def payoffs(self) -> dict[str, Array]:
        """Payoffs by player."""
        return {measure.player: array for measure, array in self._all("payoff").items()}

    @cached_property
    def quantities(self) -> dict[str, Array]:
        """Named quantities; nan in regimes that have no quantity of that name."""
        return {measure.name: array for measure, array in self._all("quantity").items()}

    @cached_property
    def probabilities(self) -> dict[tuple[str, str, str], Array]:
        """Chances by (player, node or information set, action)."""
        return {(measure.player, measure.node, measure.name): array for measure, array in self._all("probability").items()}

    def within(self, regime: int) -> dict[str, Array]:
        """Payoffs by player of one regime wherever it holds, nan elsewhere: for solutions whose regimes overlap."""
        held = self.holds[regime].reshape(-1)
        places = [np.flatnonzero(held) if number == regime else held[:0].nonzero()[0] for number in range(len(self.source.cells))]
        found = self._values(np.where(held, regime, -1), places, "payoff")
        return {measure.player: array for measure, array in found.items()}

    @cached_property
    def _places(self) -> list[Array]:
        """The flat indices of the points of each regime."""
        flat = self.regime.reshape(-1)
        order = np.argsort(flat, kind="stable")
        ends = np.searchsorted(flat[order], np.arange(len(self.source.cells) + 1))
        return [order[ends[number] : ends[number + 1]] for number in range(len(self.source.cells))]

    def _all(self, kind: str) -> dict[Measure, Array]:
        return self._values(self.regime.reshape(-1), self._places, kind)

    def _values(self, regime: Array, places: Sequence[Array], kind: str) -> dict[Measure, Array]:
        """One array per measure of a kind: constants looked up by regime, expressions evaluated at the places of each regime."""
        listed = [{m: e for m, e in (one[self.equilibrium] if self.equilibrium < len(one) else {}).items() if m.kind == kind} for one in self.source.equilibria]
        found = {}
        for measure in dict.fromkeys(m for values in listed for m in values):
            constants = [float(values[measure]) if measure in values and values[measure].is_number else np.nan for values in listed]
            found[measure] = np.array([*constants, np.nan, np.nan])[regime]  # -2 and -1 find the last two
        for values, where in zip(listed, places, strict=True):
            moving = {measure: e for measure, e in values.items() if not e.is_number}
            if not moving:
                continue
            used = [symbol for symbol in self.columns if any(symbol in e.free_symbols for e in moving.values())]
            table = vectorised(list(moving.values()), used)
            for start in range(0, where.size, _BLOCK):
                some = where[start : start + _BLOCK]
                for measure, row in zip(moving, table([self.columns[symbol][some] for symbol in used]), strict=True):
                    found[measure][some] = row
        return {measure: array.reshape(self.shape) for measure, array in found.items()}


def compile_solution(solution: Solution) -> CompiledSolution:
    """The solution as a function of arrays of its free parameters.

    >>> import bargain as bg
    >>> from bargain.models.classics import deterrence as m
    >>> solved = compile_solution(bg.solve(m.game, bg.SubgamePerfect()))(w_C=np.array([-1.0, -0.2, 0.0, 0.3]))
    >>> solved.regime.tolist(), solved.payoffs["C"].tolist(), solved.probabilities["C", "(start)", "challenge"].tolist()
    ([0, 2, -1, 3], [0.0, 0.0, nan, 0.3], [0.0, 0.0, nan, 1.0])
    """
    cells = tuple(regime.condition.cells for regime in solution.regimes)
    joint = Cell(tuple(atom for atom in Space(solution.problem.notation).domain.atoms if len(atom[0].free_symbols) > 1))
    bodies = tuple(dict.fromkeys(body for cell in (joint, *(cell for part in cells for cell in part)) for body, _ in cell.atoms))
    listed = tuple(tuple(measures(solution.problem, e) for e in regime.extreme()) for regime in solution.regimes)
    return CompiledSolution(solution.problem.notation, bodies, cells, joint, listed, sign_function(bodies, solution.problem.notation.symbols))


def _column(parameter: Parameter, given: Mapping[sp.Symbol, Any]) -> Array:
    """The values of a parameter, checked against its domain."""
    value = given.get(parameter.symbol, parameter.baseline)
    place = f"parameter {parameter.name}"
    if value is None:
        raise BadInput("no value given and no baseline", place=place, remedy=f"add {parameter.name}=...")
    column = np.asarray(float(exact(value)) if np.ndim(value) == 0 else value, dtype=float)
    low, high = float(parameter.domain.low), float(parameter.domain.high)
    below = column <= low if parameter.domain.low_open else column < low
    above = column >= high if parameter.domain.high_open else column > high
    wrong = ~np.isfinite(column) | below | above
    if wrong.any():
        raise BadInput(f"value {column[wrong].flat[0]} lies outside the domain {parameter.domain}", place=place, remedy="choose values inside it")
    return column


class _Tests:
    """The sign conditions of one block of points, each evaluated once however many cells name it."""

    def __init__(self, bodies: Sequence[sp.Expr], positive: Array, negative: Array) -> None:
        self.row = {body: k for k, body in enumerate(bodies)}
        self.positive, self.negative = positive, negative
        self.known: dict[tuple[sp.Expr, int], Array] = {}

    def all_of(self, cell: Cell, size: int) -> Array:
        """Whether every condition of a cell holds, by point."""
        if not cell.atoms:
            return np.ones(size, dtype=bool)
        first, *others = cell.atoms
        inside = self._one(first)
        for atom in others:
            inside = inside & self._one(atom)
        return inside

    def _one(self, atom: tuple[sp.Expr, int]) -> Array:
        if atom not in self.known:
            above, below = self.positive[self.row[atom[0]]], self.negative[self.row[atom[0]]]
            self.known[atom] = {GT: lambda: above, LT: lambda: below, GE: lambda: ~below, LE: lambda: ~above, NE: lambda: above | below,
                                EQ: lambda: ~(above | below), 0: lambda: np.zeros_like(above)}[atom[1]]()
        return self.known[atom]
