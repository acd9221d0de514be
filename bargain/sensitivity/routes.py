"""Ways to solve one problem at many points: each finds, for a block of points, the equilibria of every point.

- `Cases`: the solution for all parameters, found once (if need be in composite parameters), as cells with formulas.
- `Followed`: an alternating-offers table with too many parameters for that. The solver is run on symbols, every sign it asks
  for decided at one point; its formulas hold wherever all these signs are the same. Points not yet covered are followed in turn.
- `Matrices`: a two-player matrix game, solved as arrays.
- `Trees`: a tree without chance moves, by backward induction on arrays; it knows plays, not strategies.

A point on the boundary of a cell, or outside the reach of a route, is left to exact solution (`None`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
import sympy as sp

from bargain.claims import Reduction
from bargain.compile import CompiledGame, compile_game, vectorised
from bargain.errors import NotApplicable, TooLarge
from bargain.expressions import Evaluator, exact
from bargain.games import AlternatingOffers, Chance, Game, MatrixGame
from bargain.kernels.batch import all_equilibria
from bargain.regions import Cell, Oracle, Space
from bargain.regions.cells import EQ, GE, GT, LE, LT, NE
from bargain.regions.explore import number_sign
from bargain.sensitivity.draws import Columns, Floats
from bargain.solution import Equilibrium, Solution
from bargain.solvers import Nash, Rubinstein, SubgamePerfect
from bargain.solvers.alternating.rubinstein import equilibria_of
from bargain.solving import solve

_NEAR = 1e-12  # a condition this close to zero, relative to the size of its terms at the block, is left to exact solution
_ROUNDING = 1e-14  # a value this small, relative to the largest in the block, is zero up to rounding
_PATTERNS = 12  # tables are followed at so many points; what they do not cover is solved exactly
_SIGNS = {LT: (-1,), EQ: (0,), LE: (-1, 0), GT: (1,), NE: (-1, 1), GE: (0, 1), 0: ()}


@dataclass(frozen=True)
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

    @property
    def size(self) -> int:
        """The number of points."""
        return len(next(iter(self.columns.values())))

    def __call__(self, expression: sp.Expr) -> Floats:
        """The values (N,) of an expression; nan where it has none."""
        if expression not in self._values:
            self.load([expression])
        return self._values[expression]

    def load(self, expressions: Sequence[sp.Expr]) -> None:
        """Evaluate several expressions together."""
        new = [e for e in dict.fromkeys(expressions) if e not in self._values]
        used = [symbol for symbol in self.columns if any(symbol in e.free_symbols for e in new)]
        if not used:
            self._values.update({e: np.full(self.size, float(e)) for e in new})
        elif new:
            with np.errstate(all="ignore"):
                table = _compiled(tuple(new), tuple(used))([self.columns[symbol] for symbol in used])
            for expression, values in zip(new, table, strict=True):
                size = np.abs(values)
                self._values[expression] = np.where(size <= _ROUNDING * np.nanmax(size, initial=0), 0.0, values)


@lru_cache(maxsize=2048)
def _compiled(expressions: tuple[sp.Expr, ...], symbols: tuple[sp.Symbol, ...]) -> Any:
    return vectorised(expressions, symbols)


class Route(Protocol):
    """Solves one problem at a block of points; `problem` at one point is what claims may look up payoffs in."""

    def at(self, formulas: Formulas) -> Sequence[Any]:
        """What is found at each point, or None."""


@dataclass
class Cases:
    """Cells with the equilibria that exist there."""

    cells: Sequence[tuple[Cell, tuple[Equilibrium, ...]]]
    values: Mapping[sp.Symbol, sp.Expr] | None = None
    domains: Mapping[sp.Symbol, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, solution: Solution, reduction: Reduction | None = None) -> "Cases":
        """The regimes of a solution for all parameters."""
        cells = [(cell, tuple(regime.extreme())) for regime in solution.regimes for cell in regime.condition.cells]
        domains = {p.symbol: p.domain for p in reduction.problem.notation} if reduction else {}
        return cls(cells, reduction.values if reduction else None, domains)

    def at(self, formulas: Formulas) -> list[Found | None]:
        """The equilibria of every cell that contains the point; None on a boundary or outside."""
        here = formulas
        if self.values is not None:
            formulas.load(list(self.values.values()))
            here = Formulas({symbol: formulas(expression) for symbol, expression in self.values.items()})
        usable = np.ones(here.size, dtype=bool)
        for symbol, domain in self.domains.items():
            column, low, high = here.columns[symbol], float(domain.low), float(domain.high)
            usable &= ((column > low) | ((column == low) & (not domain.low_open))) & ((column < high) | ((column == high) & (not domain.high_open)))
        signs = _Signs(here)
        members = [signs.inside(cell) & usable for cell, _ in self.cells]
        near = signs.near()
        found: list[Found | None] = []
        for index in range(here.size):
            listed = tuple(dict.fromkeys(id(e) for (_, es), member in zip(self.cells, members, strict=True) if member[index] for e in es))
            found.append(Found(tuple(self._by_id[k] for k in listed), here, index) if listed and not near[index] else None)
        return found

    @property
    def _by_id(self) -> dict[int, Equilibrium]:
        if not hasattr(self, "_table"):
            self._table = {id(e): e for _, es in self.cells for e in es}
        return self._table


class _Signs:
    """Which points of a block satisfy the conditions of cells."""

    def __init__(self, formulas: Formulas) -> None:
        self.formulas = formulas
        self.asked: dict[sp.Expr, None] = {}

    def inside(self, cell: Cell) -> "np.ndarray[Any, np.dtype[np.bool_]]":
        """Whether the points lie in the cell."""
        self.formulas.load([body for body, _ in cell.atoms])
        result = np.ones(self.formulas.size, dtype=bool)
        for body, mask in cell.atoms:
            self.asked[body] = None
            sign = np.sign(self.formulas(body))
            result &= np.isin(sign, _SIGNS[mask])
        return result

    def near(self) -> "np.ndarray[Any, np.dtype[np.bool_]]":
        """Where a condition is so close to zero that rounding could turn it."""
        result = np.zeros(self.formulas.size, dtype=bool)
        for body in self.asked:
            values = np.abs(self.formulas(body))
            result |= values <= _NEAR * np.nanmax(values, initial=0)
        return result


class _Follower(Oracle):
    """Decides signs at one point and keeps what it was asked; equalities hold only if they hold identically."""

    def __init__(self, space: Space, point: Mapping[sp.Symbol, sp.Expr]) -> None:
        super().__init__(space, Cell())
        self._at = Evaluator(point)
        self.asked: dict[tuple[sp.Expr, int], None] = {}

    def sign(self, expression: sp.Expr) -> int:
        """The sign at the point."""
        expression = sp.sympify(expression, strict=True)
        sign = number_sign(self._at(expression))
        if expression.free_symbols:
            self.asked[expression, {-1: LT, 0: EQ, 1: GT}[sign]] = None
        return sign

    def equal(self, left: sp.Expr, right: sp.Expr) -> bool:
        """Whether two values are identical."""
        return bool(left == right or sp.simplify(left - right) == 0)


@dataclass
class Followed:
    """A table whose cases are found at the points where they are needed."""

    table: AlternatingOffers
    solver: Rubinstein
    cases: list[tuple[Cell, tuple[Equilibrium, ...]]] = field(default_factory=list)

    def at(self, formulas: Formulas) -> list[Found | None]:
        """The equilibria of each point, further cases followed as needed."""
        found: list[Found | None] = Cases(self.cases).at(formulas) if self.cases else [None] * formulas.size
        for index, one in enumerate(found):
            if one is None and len(self.cases) < _PATTERNS and not self._known(found, index):
                self.cases.append(self._follow({symbol: exact(column[index]) for symbol, column in formulas.columns.items()}))
                found = Cases(self.cases).at(formulas)
        return found

    def _known(self, found: Sequence[Found | None], index: int) -> bool:
        return found[index] is not None

    def _follow(self, point: Mapping[sp.Symbol, sp.Expr]) -> tuple[Cell, tuple[Equilibrium, ...]]:
        oracle = _Follower(Space(self.table.notation), point)
        listed = equilibria_of(self.solver, self.table, oracle)
        return Cell(tuple(oracle.asked)), listed


@dataclass
class Matrices:
    """A two-player matrix game as arrays."""

    game: MatrixGame

    def at(self, formulas: Formulas) -> list[Found | None]:
        """All extreme equilibria of each game."""
        first, second = (self.game.matrix(player) for player in self.game.players)
        formulas.load([value for matrix in (first, second) for row in matrix for value in row])
        a, b = (np.stack([np.stack([formulas(value) for value in row]) for row in matrix]).transpose(2, 0, 1) for matrix in (first, second))
        solved = all_equilibria(a, b)
        listed: list[list[Equilibrium]] = [[] for _ in range(formulas.size)]
        for k, game in enumerate(solved.game):
            listed[game].append(self._equilibrium(solved.x[k], solved.y[k], a[game], b[game]))
        return [Found(tuple(es), formulas, index) for index, es in enumerate(listed)]

    def _equilibrium(self, x: Floats, y: Floats, a: Floats, b: Floats) -> Equilibrium:
        weights = [dict(zip(actions, map(_whole, side.tolist()), strict=True)) for actions, side in zip(self.game.actions, (x, y), strict=True)]
        pure = all(w in (0, 1) for side in weights for w in side.values())
        names = [" + ".join(action if w == 1 else f"{w:.4g} {action}" for action, w in side.items() if w) for side in weights]
        strategies = {player: {"": side} for player, side in zip(self.game.players, weights, strict=True)}
        outcome = ",".join(names) if pure else ", ".join(names)
        paid = dict(zip(self.game.players, (float(x @ a @ y), float(x @ b @ y)), strict=True))
        return Equilibrium("Nash equilibrium", strategies, paid, (outcome,), outcome)


def _whole(weight: float) -> float | int:
    return int(weight) if weight in (0.0, 1.0) else weight


@dataclass
class Trees:
    """A tree of decisions as arrays: the play of the first subgame-perfect equilibrium, from the start or after some moves."""

    game: Game
    compiled: dict[tuple[str, ...], CompiledGame] = field(default_factory=dict)

    def plays(self, formulas: Formulas, after: tuple[str, ...]) -> list[tuple[str, ...]]:
        """The path at each point."""
        if after not in self.compiled:
            self.compiled[after] = compile_game(self.game.subgame(*after) if after else self.game)
        compiled = self.compiled[after]
        return [compiled.paths[end] for end in compiled.outcomes({s: formulas.columns[s] for s in self.game.notation.symbols})]

    def at(self, formulas: Formulas) -> list[Found | None]:
        """Only the path and the payoffs are known."""
        if () not in self.compiled:
            self.compiled[()] = compile_game(self.game)
        compiled = self.compiled[()]
        paid, ends = compiled.solve({s: formulas.columns[s] for s in self.game.notation.symbols})
        found: list[Found | None] = []
        for index, end in enumerate(ends):
            path = compiled.paths[end]
            payoffs = dict(zip(self.game.players, paid[:, index].tolist(), strict=True))
            found.append(Found((Equilibrium("subgame-perfect equilibrium", {}, payoffs, path, "/".join(path)),), formulas, index))
        return found


def route_of(problem: Any, solver: Any, reduction: Reduction | None) -> Route | None:
    """The way to solve a problem at many points; None if there is only the exact one."""
    if reduction is not None:
        return Cases.of(reduction.solver.run(reduction.problem), reduction)
    if isinstance(problem, MatrixGame) and len(problem.players) == 2 and solver == Nash():
        return Matrices(problem)
    if isinstance(problem, Game) and isinstance(solver, SubgamePerfect) and not any(isinstance(node, Chance) for _, node in problem.nodes()):
        return Trees(problem)
    if isinstance(problem, AlternatingOffers) and isinstance(solver, Rubinstein):
        return Followed(problem, solver)
    try:
        return Cases.of(solve(problem, solver))
    except (TooLarge, NotApplicable):
        return None
