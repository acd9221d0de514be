"""A model at many points at once: claims and quantities evaluated on floats, from the same declarations as at exact points.

`Vectorised` keeps the routes by which the problems of a model are solved (`bargain.sensitivity.routes`) and the formulas that
claims and quantities ask for; `Block` is a set of points (`bargain.sensitivity.numeric.NumericPoint` is one of them). A
problem without a route, or a point where a route does not reach, is solved exactly there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sympy as sp

from bargain.claims import Claim, Model, Point
from bargain.errors import BadInput, InvalidModel, NotApplicable
from bargain.sensitivity.draws import Columns, Floats, compared
from bargain.sensitivity.formulas import Formulas, Found
from bargain.sensitivity.numeric import NumericPoint, declared
from bargain.sensitivity.routes import Listed, Route, Trees, route_of


class _Symbolic(Point):
    """A point whose values are the symbols themselves: a problem that is a function of the point is built on it once."""

    def solution(self, name: str | None = None) -> Any:
        """Solutions have no single formula."""
        raise NotApplicable("the problem is built from a solution", place=f"model {self.model.name}", remedy="it is built and solved exactly at each point")

    @property
    def evaluate(self) -> Any:  # type: ignore[override]
        """Expressions stay as they are."""
        return lambda expression: expression


@dataclass
class Vectorised:
    """A model prepared for evaluation at many points; solutions found once serve every block.

    known: by problem, its cases where it has been solved for all parameters already.
    """

    model: Model
    known: Mapping[str, Listed] = field(default_factory=dict)
    _routes: dict[str, tuple[Any, Route | None]] = field(default_factory=dict)
    _declared: dict[str, Any] = field(default_factory=dict)
    _points: dict[tuple[tuple[sp.Symbol, float], ...], Point] = field(default_factory=dict)

    def route(self, name: str) -> tuple[Any, Route | None]:
        """The symbolic problem (None if it is built from a solution) and the way to solve it."""
        if name not in self._routes:
            problem, solver = self.model.problems[name]
            if callable(problem):
                try:
                    assert self.model.notation is not None
                    problem = problem(_Symbolic(self.model, {symbol: symbol for symbol in self.model.notation.symbols}))
                except (NotApplicable, InvalidModel, BadInput):
                    problem = None
            self._routes[name] = (problem, None if problem is None else route_of(problem, solver, self.model.reductions.get(name), self.known.get(name)))
        return self._routes[name]

    def declared(self, name: str) -> Any:
        """What a quantity is, by its name: an expression, a table, or a function of a point."""
        if name not in self._declared:
            self._declared[name] = declared(self.model, name).value
        return self._declared[name]

    def exactly(self, values: Mapping[sp.Symbol, float]) -> Point:
        """The exact point (floats mean their shortest decimals); what is solved there serves every block that contains it."""
        key = tuple(values.items())
        if key not in self._points:
            self._points[key] = self.model.at(values)
        return self._points[key]

    def block(self, columns: Columns) -> "Block":
        """Points given by parameter."""
        return Block(self, Formulas(columns))

    def truth(self, columns: Columns, claims: Sequence[Claim] | None = None, *, exact: int | None = None) -> Floats:
        """The truth values (claims, N) as 0 and 1; see `Block.truth`."""
        return self.block(columns).truth(self.model.claims if claims is None else claims, exact=exact)

    def values(self, columns: Columns, quantity: "str | sp.Expr") -> Floats:
        """A quantity (by name; ``name.key`` for an entry of a table) or an expression at N points; nan where it has no value."""
        return self.block(columns).values(quantity)


class OutOfBudget(Exception):  # noqa: N818 - a control signal, not an error
    """No more points may be solved exactly."""


@dataclass
class Block:
    """Points of a model, with everything found about them so far."""

    source: Vectorised
    formulas: Formulas
    exact: int = 0  # how many points had to be solved exactly
    budget: int | None = None
    _found: dict[str, Sequence[Any]] = field(default_factory=dict)
    _plays: dict[tuple[str, ...], list[tuple[str, ...] | None]] = field(default_factory=dict)
    _other: dict[Any, "Block"] = field(default_factory=dict)
    _points: dict[int, Point] = field(default_factory=dict)
    _numeric: dict[int, NumericPoint] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """The number of points."""
        return self.formulas.size

    def __iter__(self) -> "Iterator[NumericPoint]":
        return (self[index] for index in range(self.size))

    def __getitem__(self, index: int) -> NumericPoint:
        """One of the points; what one claim finds there serves the next."""
        if index not in self._numeric:
            self._numeric[index] = NumericPoint(self, index)
        return self._numeric[index]

    def found(self, name: str) -> Sequence[Any]:
        """What the route of a problem finds at every point."""
        if name not in self._found:
            _, route = self.source.route(name)
            self._found[name] = [None] * self.size if route is None else route.at(self.formulas)
        return self._found[name]

    @property
    def several(self) -> bool:
        """Whether a problem that has been solved has several equilibria at one of the points."""
        found = (one for row in self._found.values() for one in row if isinstance(one, Found))
        return (any(len(one.equilibria) > 1 for one in found) or any(point.several for point in self._points.values())
                or any(other.several for other in self._other.values()))

    def plays(self, name: str, after: tuple[str, ...]) -> list[tuple[str, ...] | None] | None:
        """The play of a tree after some moves, at every point; None if the route does not know it."""
        _, route = self.source.route(name)
        if not isinstance(route, Trees):
            return None
        if (name, *after) not in self._plays:
            self._plays[(name, *after)] = route.plays(self.formulas, after)
        return self._plays[(name, *after)]

    def other(self, changes: Mapping[sp.Symbol, Any]) -> "Block":
        """The same points with some parameters changed."""
        key = frozenset(changes.items())
        if key not in self._other:
            columns = {**self.formulas.columns, **{symbol: np.full(self.size, float(value)) for symbol, value in changes.items()}}
            self._other[key] = Block(self.source, Formulas(columns), budget=self.budget)
        return self._other[key]

    def point(self, index: int) -> Point:
        """The exact point (floats mean their shortest decimals)."""
        if index not in self._points:
            if self.budget is not None and self.exact >= self.budget:
                raise OutOfBudget
            self.exact += 1
            self._points[index] = self.source.exactly({symbol: float(column[index]) for symbol, column in self.formulas.columns.items()})
        return self._points[index]

    def truth(self, claims: Sequence[Claim], *, exact: int | None = None) -> Floats:
        """Whether each claim holds at each point, as 0 and 1 (claims, N).

        exact: solve at most so many points exactly; from the first point on that would take more, a claim is nan.
        """
        self.budget = exact
        result = np.full((len(claims), self.size), np.nan)
        for row, claim in zip(result, claims, strict=True):
            if isinstance(claim.holds, sp.Basic):
                row[:] = compared(claim.holds, self.formulas(claim.holds.lhs - claim.holds.rhs))  # type: ignore[attr-defined]
                continue
            try:
                for index, point in enumerate(self):
                    row[index] = bool(claim.holds(point))
                    if self._exactly(index):  # a claim that compares numbers must not mix exact ones with floats
                        row[index] = self.point(index).holds(claim)
            except OutOfBudget:
                continue
        return result

    def _exactly(self, index: int) -> bool:
        """Whether something at a point, or at the same point with other parameters, had to be solved exactly."""
        return index in self._points or any(other._exactly(index) for other in self._other.values())

    def values(self, quantity: "str | sp.Expr") -> Floats:
        """The values (N,) of a quantity or expression."""
        if isinstance(quantity, sp.Expr):
            return self.formulas(quantity)
        name, _, key = quantity.partition(".")
        value = declared(self.source.model, name).value
        if isinstance(value, sp.Expr):
            return self.formulas(value)
        return np.array([_number(point[name], key) for point in self])


def _number(value: Any, key: str) -> float:
    inner = value[key] if key else value
    return float("nan") if inner is None else float(inner)
