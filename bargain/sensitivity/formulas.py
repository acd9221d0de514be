"""Expressions and conditions evaluated at a block of points, each once.

`Formulas` evaluates expressions, `Signs` says which points satisfy the conditions of cells and where a condition is too close to zero for
floats to decide, `Found` is what is known about one point.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import sympy as sp

from bargain.compile import vectorised
from bargain.regions import Cell
from bargain.regions.cells import EQ, GT, LT
from bargain.sensitivity.draws import Columns, Floats
from bargain.solution import Equilibrium

_NEAR = 1e-12  # a condition this close to zero, relative to the size of its terms at the block, is left to exact solution
_ROUNDING = 1e-14  # a sum this small, relative to its terms, is zero up to rounding


@dataclass(slots=True, eq=False)
class Found:
    """The equilibria of one point: formulas, and the columns to evaluate them at; None stands for "solve exactly"."""

    equilibria: tuple[Equilibrium, ...]
    formulas: "Formulas"
    index: int


@dataclass
class Formulas:
    """Expressions evaluated at a block of points, each once."""

    columns: Columns
    _values: dict[sp.Expr, Floats] = field(default_factory=dict)
    _closed: dict[sp.Expr, bool] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """The number of points."""
        return len(next(iter(self.columns.values())))

    def __call__(self, expression: sp.Expr) -> Floats:
        """The values (N,) of an expression; nan where it has none."""
        if expression not in self._values:
            self.load([expression])
        return self._values[expression]

    def at(self, expression: sp.Expr, index: int) -> Any:
        """The value of an expression at one of the points; the expression itself where something else is free in it."""
        values = self._values.get(expression)
        if values is None:
            if not self.closed(expression):
                return expression
            values = self(expression)
        return float(values[index])

    def closed(self, expression: sp.Expr) -> bool:
        """Whether an expression has a number at every point: nothing in it is free but the parameters."""
        if expression not in self._closed:
            self._closed[expression] = expression.free_symbols <= self.columns.keys()
        return self._closed[expression]

    def load(self, expressions: Sequence[sp.Expr]) -> None:
        """Evaluate several expressions together."""
        new = [e for e in dict.fromkeys(expressions) if e not in self._values]
        present = set().union(*(e.free_symbols for e in new))
        used = [symbol for symbol in self.columns if symbol in present]
        if not used:
            self._values.update({e: np.full(self.size, float(e)) for e in new})
        elif new:
            sums = [e for e in new if e.is_Add]
            parts = [part for e in sums for part in e.args]
            with np.errstate(all="ignore"):
                table = iter(_compiled((*new, *parts), tuple(used))([self.columns[symbol] for symbol in used]))
                self._values.update({e: np.asarray(next(table)) for e in new})
                for e in sums:  # what is left of terms that cancel is nothing, measured by the terms at the same point
                    size = np.add.reduce([np.abs(next(table)) for _ in e.args])
                    self._values[e] = np.where(np.abs(self._values[e]) <= _ROUNDING * size, 0.0, self._values[e])


@lru_cache(maxsize=2048)
def _compiled(expressions: tuple[sp.Expr, ...], symbols: tuple[sp.Symbol, ...]) -> Any:
    return vectorised(expressions, symbols)


class Signs:
    """Which points of a block satisfy the conditions of cells."""

    def __init__(self, formulas: Formulas) -> None:
        self.formulas = formulas
        self._bits: dict[sp.Expr, np.ndarray[Any, np.dtype[np.int8]]] = {}  # of the bodies asked about: LT, EQ or GT at each point; 0 where there is no value

    def inside(self, cell: Cell) -> "np.ndarray[Any, np.dtype[np.bool_]]":
        """Whether the points lie in the cell."""
        self.formulas.load([body for body, _ in cell.atoms])
        result = np.ones(self.formulas.size, dtype=bool)
        for body, mask in cell.atoms:
            if body not in self._bits:
                values = self.formulas(body)
                self._bits[body] = np.where(values > 0, GT, np.where(values < 0, LT, np.where(values == 0, EQ, 0))).astype(np.int8)
            result &= (self._bits[body] & mask) != 0
        return result

    def near(self) -> "np.ndarray[Any, np.dtype[np.bool_]]":
        """Where a condition is so close to zero that rounding could turn it."""
        result = np.zeros(self.formulas.size, dtype=bool)
        for body in self._bits:
            values = np.abs(self.formulas(body))
            result |= values <= _NEAR * np.nanmax(values, initial=0)
        return result
