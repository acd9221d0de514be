"""A model at many points at once: claims and quantities evaluated on floats, from the same declarations as at exact points.

`Vectorised` keeps the routes by which the problems of a model are solved (`bargain.sensitivity.routes`) and the formulas that
claims and quantities ask for; `Block` is a set of points, `NumericPoint` one of them, with the interface of `bargain.claims.Point`. A
problem without a route, or a point where a route does not reach, is solved exactly there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import sympy as sp

from bargain.claims import Claim, Model, Point, Quantity
from bargain.errors import BadInput, InvalidModel, NotApplicable
from bargain.games import MatrixGame
from bargain.sensitivity.draws import Columns, Floats, compared
from bargain.sensitivity.routes import Formulas, Found, Route, Trees, route_of
from bargain.solution import Equilibrium

_UNSET = object()


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
    """A model prepared for evaluation at many points; solutions found once serve every block."""

    model: Model
    _routes: dict[str, tuple[Any, Route | None]] = field(default_factory=dict)

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
            self._routes[name] = (problem, None if problem is None else route_of(problem, solver, self.model.reductions.get(name)))
        return self._routes[name]

    def block(self, columns: Columns) -> "Block":
        """Points given by parameter."""
        return Block(self, Formulas(columns))

    def truth(self, columns: Columns, claims: Sequence[Claim] | None = None, *, exact: int | None = None) -> Floats:
        """The truth values (claims, N) as 0 and 1; see `Block.truth`."""
        return self.block(columns).truth(self.model.claims if claims is None else claims, exact=exact)

    def values(self, columns: Columns, quantity: "str | sp.Expr") -> Floats:
        """A quantity (by name; ``name.key`` for an entry of a table) or an expression at N points; nan where it has no value."""
        return self.block(columns).values(quantity)


@dataclass
class Block:
    """Points of a model, with everything found about them so far."""

    source: Vectorised
    formulas: Formulas
    exact: int = 0  # how many points had to be solved exactly
    budget: int | None = None
    _found: dict[str, Sequence[Any]] = field(default_factory=dict)
    _plays: dict[tuple[str, ...], list[tuple[str, ...]]] = field(default_factory=dict)
    _other: dict[Any, "Block"] = field(default_factory=dict)
    _points: dict[int, Point] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """The number of points."""
        return self.formulas.size

    def __iter__(self) -> "Iterator[NumericPoint]":
        return (NumericPoint(self, index) for index in range(self.size))

    def found(self, name: str) -> Sequence[Any]:
        """What the route of a problem finds at every point."""
        if name not in self._found:
            _, route = self.source.route(name)
            self._found[name] = [None] * self.size if route is None else route.at(self.formulas)
        return self._found[name]

    def plays(self, name: str, after: tuple[str, ...]) -> list[tuple[str, ...]] | None:
        """The play of a tree after some moves, at every point; None if the route does not know it."""
        _, route = self.source.route(name)
        if not isinstance(route, Trees):
            return None
        if (name, *after) not in self._plays:
            self._plays[(name, *after)] = route.plays(self.formulas, after)
        return self._plays[(name, *after)]

    def other(self, changes: Mapping[sp.Symbol, float]) -> "Block":
        """The same points with some parameters changed."""
        key = tuple(sorted((str(symbol), value) for symbol, value in changes.items()))
        if key not in self._other:
            columns = {**self.formulas.columns, **{symbol: np.full(self.size, value) for symbol, value in changes.items()}}
            self._other[key] = Block(self.source, Formulas(columns), budget=self.budget)
        return self._other[key]

    def point(self, index: int) -> Point:
        """The exact point (floats mean their shortest decimals)."""
        if index not in self._points:
            if self.budget is not None and self.exact >= self.budget:
                raise OutOfBudget
            self.exact += 1
            self._points[index] = self.source.model.at({symbol: float(column[index]) for symbol, column in self.formulas.columns.items()})
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
            except OutOfBudget:
                continue
        return result

    def values(self, quantity: "str | sp.Expr") -> Floats:
        """The values (N,) of a quantity or expression."""
        if isinstance(quantity, sp.Expr):
            return self.formulas(quantity)
        name, _, key = quantity.partition(".")
        declared = _declared(self.source.model, name)
        if isinstance(declared.value, sp.Expr):
            return self.formulas(declared.value)
        return np.array([_number(point[name], key) for point in self])


def _number(value: Any, key: str) -> float:
    inner = value[key] if key else value
    return float("nan") if inner is None else float(inner)


class OutOfBudget(Exception):  # noqa: N818 - a control signal, not an error
    """No more points may be solved exactly."""


def _declared(model: Model, name: str) -> Quantity:
    for quantity in model.quantities:
        if quantity.name == name:
            return quantity
    raise BadInput(f"no quantity {name!r}", place=f"model {model.name}", remedy="quantities: " + ", ".join(q.name for q in model.quantities))


class NumericPoint:
    """One point of a block: what `bargain.claims.Point` offers to claims and quantities, in floats."""

    def __init__(self, block: Block, index: int) -> None:
        self.block, self.index, self.model = block, index, block.source.model
        self._known: dict[str, Any] = {}
        self._solved: dict[str, Any] = {}

    @property
    def values(self) -> Mapping[sp.Symbol, float]:
        """The parameters."""
        return _Values(self.block.formulas.columns, self.index)

    def evaluate(self, expression: Any) -> float:
        """The value of an expression of the parameters."""
        return float(self.block.formulas(sp.sympify(expression, strict=True))[self.index])

    def elsewhere(self, changes: Mapping[Any, Any]) -> "NumericPoint":
        """This point with some parameters changed."""
        return NumericPoint(self.block.other({symbol: float(value) for symbol, value in changes.items()}), self.index)

    def solution(self, name: str | None = None) -> Any:
        """The equilibria of a problem: `extreme`, `equilibria`, `outcomes`, and `problem` for the payoffs of a matrix game."""
        name = name or next(iter(self.model.problems))
        if name not in self._solved:
            found: Found | None = self.block.found(name)[self.index]
            if found is None:
                self._solved[name] = self.block.point(self.index).solution(name)
            else:
                listed = tuple(_numeric(e, found) for e in found.equilibria)
                problem = _Payoffs(self.block.source.route(name)[0], self)
                self._solved[name] = SimpleNamespace(extreme=listed, equilibria=listed, outcomes=tuple(dict.fromkeys(e.outcome for e in listed)), problem=problem)
        return self._solved[name]

    def equilibrium(self, name: str | None = None) -> Equilibrium:
        """The first equilibrium."""
        first: Equilibrium = self.solution(name).extreme[0]
        return first

    def play(self, name: str, *after: str) -> tuple[str, ...]:
        """The moves that the first equilibrium leads to after some moves."""
        plays = self.block.plays(name, after)
        return self.block.point(self.index).play(name, *after) if plays is None else plays[self.index]

    def __getitem__(self, name: str) -> Any:
        """A declared quantity."""
        if name not in self._known:
            value = _declared(self.model, name).value
            self._known[name] = self._evaluated(value(self) if callable(value) and not isinstance(value, sp.Basic) else value)
        return self._known[name]

    def _evaluated(self, value: Any) -> Any:
        if isinstance(value, sp.Expr):
            return self.evaluate(value)
        if isinstance(value, Mapping):
            return _Lazy(value, self._evaluated)
        if isinstance(value, list | tuple):
            return [self._evaluated(item) for item in value]
        return value


class _Values(Mapping[sp.Symbol, float]):
    def __init__(self, columns: Columns, index: int) -> None:
        self._columns, self._index = columns, index

    def __getitem__(self, symbol: sp.Symbol) -> float:
        return float(self._columns[symbol][self._index])

    def __iter__(self) -> Iterator[sp.Symbol]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


class _Lazy(Mapping[Any, Any]):
    """A table of formulas whose entries are evaluated when looked up."""

    def __init__(self, table: Mapping[Any, Any], evaluate: Any) -> None:
        self._table, self._evaluate = table, evaluate

    def __getitem__(self, key: Any) -> Any:
        return self._evaluate(self._table[key])

    def __iter__(self) -> Iterator[Any]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)


def _numeric(e: Equilibrium, found: Found) -> Equilibrium:
    """The equilibrium at one point, its numbers evaluated when looked up. What stays free in a family stays a formula."""
    known = set(found.formulas.columns)

    def evaluated(value: Any) -> Any:
        if isinstance(value, Mapping):
            return _Lazy(value, evaluated)
        if isinstance(value, sp.Expr) and value.is_Integer:
            return int(value)
        if isinstance(value, sp.Expr) and value.free_symbols <= known:
            return float(found.formulas(value)[found.index])
        return value

    return Equilibrium(e.concept, evaluated(e.strategies), evaluated(e.payoffs), e.path, e.outcome, evaluated(e.beliefs), evaluated(e.quantities), e.ties, e.free)


class _Payoffs:
    """The payoffs of a matrix game at one point, by the actions of the players."""

    def __init__(self, game: Any, point: NumericPoint) -> None:
        self._game, self._point = game, point

    def __getitem__(self, cell: Any) -> tuple[float, ...]:
        if not isinstance(self._game, MatrixGame):
            raise NotApplicable("only a matrix game has payoffs by cell", place="numeric point", remedy="ask for quantities")
        return tuple(self._point.evaluate(value) for value in self._game[cell])
