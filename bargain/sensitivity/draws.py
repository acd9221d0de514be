"""Draws from the priors of a model: independent and uniform, those rejected that violate an assumption or an order.

The parameters without a prior are held at their baseline. Draw number k of a chunk depends on the seed, the name of the
model and the number of the chunk only, so that a study can be resumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zlib import crc32

import numpy as np
import sympy as sp

from bargain.analysis.priors import PriorBox
from bargain.claims import Model
from bargain.compile import vectorised
from bargain.errors import BadInput

Floats = np.ndarray[Any, np.dtype[np.float64]]
Columns = Mapping[sp.Symbol, Floats]
_ATTEMPTS = 200  # rounds of rejection before the priors are taken to contradict the assumptions


@dataclass(frozen=True)
class Prior:
    """The prior of a model: a box, and the relations that its draws satisfy.

    >>> from bargain.models.ukraine import leverage as m
    >>> Prior(m.model, values={"chi": 1}).draws(3, seed=1)[m.chi].tolist()
    [1.0, 1.0, 1.0]
    """

    model: Model
    values: Mapping[Any, Any] | None = None

    @cached_property
    def box(self) -> PriorBox:
        """Intervals of the parameters that vary, values of the others; a parameter tied to another one does not vary on its own."""
        assert self.model.notation is not None
        return PriorBox.of(self.model.notation, self.values)

    @cached_property
    def symbols(self) -> tuple[sp.Symbol, ...]:
        """The parameters that vary, in the order of the notation."""
        return tuple(symbol for symbol in self.box.intervals if symbol not in self.ties)

    @cached_property
    def ties(self) -> dict[sp.Symbol, sp.Symbol]:
        """Parameters that have the value of another one."""
        return {relation.lhs: relation.rhs for relation in self.model.among if isinstance(relation, sp.Equality)}

    @cached_property
    def relations(self) -> tuple[Any, ...]:
        """What draws satisfy: the assumptions of the notation and the orders that the model declares."""
        assert self.model.notation is not None
        return (*self.model.notation.assumptions, *(relation for relation in self.model.among if not isinstance(relation, sp.Equality)))

    def scaled(self, units: Floats) -> dict[sp.Symbol, Floats]:
        """Points of the unit cube (dimensions, N) as parameters, every parameter included."""
        size = units.shape[1]
        columns = {symbol: np.full(size, float(value)) for symbol, value in self.box.fixed.items()}
        for symbol, row in zip(self.symbols, units, strict=True):
            low, high = map(float, self.box.intervals[symbol])
            columns[symbol] = low + (high - low) * row
        return columns | {tied: columns[other] for tied, other in self.ties.items()}

    def admissible(self, columns: Columns) -> "np.ndarray[Any, np.dtype[np.bool_]]":
        """Whether each point lies in the domains (a prior may end at an open end of one) and satisfies the relations."""
        size = len(next(iter(columns.values())))
        inside = np.ones(size, dtype=bool)
        assert self.model.notation is not None
        for row in self.model.notation:
            domain, column = row.domain, columns[row.symbol]
            inside &= (column > float(domain.low)) if domain.low_open else (column >= float(domain.low))
            inside &= (column < float(domain.high)) if domain.high_open else (column <= float(domain.high))
        if self.relations:
            gaps = self._gaps([columns[symbol] for symbol in self._order])
            for relation, gap in zip(self.relations, gaps, strict=True):
                inside &= compared(relation, gap)
        return inside

    @cached_property
    def _order(self) -> list[sp.Symbol]:
        assert self.model.notation is not None
        return list(self.model.notation.symbols)

    @cached_property
    def _gaps(self) -> Any:
        return vectorised([relation.lhs - relation.rhs for relation in self.relations], self._order)

    def draws(self, size: int, *, seed: int = 0, chunk: int = 0) -> dict[sp.Symbol, Floats]:
        """`size` draws; those of different chunks are independent."""
        source = np.random.default_rng([seed, crc32(self.model.name.encode()), chunk])
        parts: list[dict[sp.Symbol, Floats]] = []
        missing = size
        for _ in range(_ATTEMPTS):
            found = self.scaled(source.random((len(self.symbols), 2 * size)))
            kept = np.flatnonzero(self.admissible(found))[:missing]
            parts.append({symbol: column[kept] for symbol, column in found.items()})
            missing -= kept.size
            if missing == 0:
                return {symbol: np.concatenate([part[symbol] for part in parts]) for symbol in parts[0]}
        raise BadInput("hardly any draw satisfies the assumptions", place=f"priors of model {self.model.name}", remedy="change the priors or the assumptions")


def compared(relation: Any, gap: Floats) -> "np.ndarray[Any, np.dtype[np.bool_]]":
    """Whether a relation holds, given its left side less its right side."""
    compare = {sp.StrictLessThan: np.less, sp.LessThan: np.less_equal, sp.StrictGreaterThan: np.greater, sp.GreaterThan: np.greater_equal,
               sp.Equality: np.equal, sp.Unequality: np.not_equal}
    result: np.ndarray[Any, np.dtype[np.bool_]] = compare[relation.func](gap, 0)
    return result
