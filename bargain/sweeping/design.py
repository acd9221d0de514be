"""Where a sweep evaluates: a grid, draws from the priors, a list of points, or a grid with the same draws at each of its nodes."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
import sympy as sp

from bargain.claims import Model
from bargain.errors import BadInput
from bargain.expressions import exact
from bargain.notation import Notation
from bargain.sensitivity.draws import Prior

__all__ = ["Design", "designed"]

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Design:
    """The points of a sweep, cut into chunks that do not depend on each other.

    axes: grid values by parameter. listed: columns of points by parameter (all of one length), or nothing. draws: how many, 0 for none.
    held: values of the other parameters. chunk: points a chunk, as nearly as whole rows of the grid allow. Draw k is the same whatever
    the grid is, and comes from `seed` and the number of its chunk alone.
    """

    notation: Notation
    axes: Mapping[sp.Symbol, Floats]
    listed: Mapping[sp.Symbol, Floats]
    draws: int
    seed: int
    held: Mapping[sp.Symbol, sp.Expr]
    chunk: int

    def __reduce__(self) -> Any:
        return Design, (self.notation, self.axes, self.listed, self.draws, self.seed, self.held, self.chunk)

    @cached_property
    def grid(self) -> tuple[int, ...]:
        """The number of values on each axis."""
        return tuple(len(values) for values in self.axes.values())

    @property
    def outer(self) -> str:
        """The dimension along which chunks follow each other: ``draw``, ``point``, or ``node`` of the grid."""
        return "draw" if self.draws else "point" if self.listed else "node"

    @cached_property
    def length(self) -> int:
        """The number of draws, points or nodes."""
        if self.draws:
            return self.draws
        return len(next(iter(self.listed.values()))) if self.listed else prod(self.grid)

    @cached_property
    def step(self) -> int:
        """Draws, points or nodes a chunk."""
        return max(1, self.chunk // (prod(self.grid) if self.outer != "node" else 1))

    @property
    def chunks(self) -> int:
        """The number of chunks."""
        return -(-self.length // self.step)

    @property
    def size(self) -> int:
        """The number of points in all."""
        return self.length * (prod(self.grid) if self.outer != "node" else 1)

    def shape(self, number: int) -> tuple[int, ...]:
        """The shape of the arrays of a chunk: along the outer dimension, then along the axes unless they are the outer dimension."""
        length = min(self.step, self.length - number * self.step)
        return (length,) if self.outer == "node" else (length, *self.grid)

    def varied(self, number: int) -> dict[sp.Symbol, Floats]:
        """The columns of a chunk along the outer dimension."""
        part = slice(number * self.step, min((number + 1) * self.step, self.length))
        if self.draws:
            drawn = self._prior.draws(part.stop - part.start, seed=self.seed, chunk=number)
            return {symbol: column for symbol, column in drawn.items() if symbol in set(self._prior.symbols)}
        if self.listed:
            return {symbol: column[part] for symbol, column in self.listed.items()}
        places = np.unravel_index(np.arange(part.start, part.stop), self.grid)
        return {symbol: values[place] for (symbol, values), place in zip(self.axes.items(), places, strict=True)}

    def columns(self, number: int) -> dict[sp.Symbol, Floats]:
        """Every free parameter at the points of a chunk, flat."""
        shape = self.shape(number)
        outer = {symbol: column.reshape(-1, *(1,) * (len(shape) - 1)) for symbol, column in self.varied(number).items()}
        inner: dict[sp.Symbol, Floats] = {}
        if self.outer != "node":
            for place, (symbol, values) in enumerate(self.axes.items(), 1):
                inner[symbol] = values.reshape(*(-1 if k == place else 1 for k in range(len(shape))))
        return {symbol: np.broadcast_to(column, shape).reshape(-1) for symbol, column in {**outer, **inner}.items()}

    @cached_property
    def free(self) -> tuple[sp.Symbol, ...]:
        """The parameters that vary, in the order of the notation."""
        varied = {*self.axes, *self.listed, *(self._prior.symbols if self.draws else ())}
        return tuple(symbol for symbol in self.notation.symbols if symbol in varied)

    @cached_property
    def _prior(self) -> Prior:
        fixed = {**self.held, **{symbol: exact(float(values[0])) for symbol, values in self.axes.items()}}
        return Prior(Model("sweep", {"problem": (None, None)}, notation=self.notation), values=fixed)

    @cached_property
    def fingerprint(self) -> str:
        """A digest of everything that decides the points and their order."""
        digest = hashlib.sha256()
        for name, columns in (("axes", self.axes), ("points", self.listed)):
            for symbol, values in columns.items():
                digest.update(f"{name} {symbol}".encode())
                digest.update(np.ascontiguousarray(values).tobytes())
        held = sorted((str(symbol), str(value)) for symbol, value in self.held.items())
        digest.update(repr((self.draws, self.seed, self.chunk, held, [str(parameter) for parameter in self.notation])).encode())
        return digest.hexdigest()


def designed(notation: Notation, axes: Mapping[Any, Any], *, points: Any, draws: int, seed: int, at: Mapping[Any, Any], chunk: int) -> Design:
    """A design from what a user gives; one message says which argument does not fit."""
    if draws < 0 or chunk < 1:
        raise BadInput(f"draws={draws}, chunk={chunk}", place="sweep", remedy="give draws >= 0 and chunk >= 1")
    if draws and points is not None:
        raise BadInput("points and draws exclude each other", place="sweep", remedy="give one of them; a grid can go with either")
    grid = {notation[name].symbol: _axis(str(name), values) for name, values in axes.items()}
    listed = {} if points is None else {notation[str(name)].symbol: _axis(str(name), points[name]) for name in points}
    if len({len(column) for column in listed.values()}) > 1:
        raise BadInput("columns of points differ in length", place="sweep", remedy=", ".join(f"{s}: {len(c)}" for s, c in listed.items()))
    held = {notation[name].symbol: exact(value) for name, value in at.items()}
    twice = ((grid, listed, "an axis and a column of points"), (grid, held, "an axis and a fixed value"), (listed, held, "a column of points and a fixed value"))
    for one, other, which in twice:
        if both := sorted(str(symbol) for symbol in one if symbol in other):
            raise BadInput(f"{', '.join(both)} is given as {which}", place="sweep", remedy="give it once")
    if not grid and not listed and not draws:
        raise BadInput("nothing varies", place="sweep", remedy="give values of a parameter (k=[...]), points=... or draws=N")
    return Design(notation, grid, listed, draws, seed, held, chunk)


def _axis(name: str, values: Any) -> Floats:
    try:
        column = np.atleast_1d(np.asarray(values, dtype=np.float64))
    except (TypeError, ValueError) as error:
        raise BadInput("is not a list of numbers", place=f"sweep over {name}", remedy="give numbers, for example numpy.linspace(0, 1, 101)") from error
    if column.ndim != 1 or not column.size or not np.isfinite(column).all():
        raise BadInput(f"has shape {column.shape} or values that are not finite", place=f"sweep over {name}", remedy="give a list of finite numbers")
    return column
