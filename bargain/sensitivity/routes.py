"""Ways to solve one problem at many points: each finds, for a block of points, the equilibria of every point.

- `Cases`: the solution for all parameters, found once (if need be in composite parameters), as cells with formulas.
- `Followed`: an alternating-offers table with too many parameters for that. The solver is run on symbols, every sign it asks
  for decided at one point; its formulas hold wherever all these signs are the same. Points not yet covered are followed in turn.
- `Matrices`: a two-player matrix game, solved as arrays.
- `Trees`: a tree of decisions (or a large one with chance moves), by backward induction on arrays; it knows plays, not strategies.

A point on the boundary of a cell, or outside the reach of a route, is left to exact solution (`None`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import sympy as sp

from bargain.claims import Reduction
from bargain.compile import CompiledGame, compile_game
from bargain.errors import NotApplicable, TooLarge
from bargain.expressions import Evaluator, exact
from bargain.games import AlternatingOffers, Chance, Decision, Game, MatrixGame, Terminal
from bargain.kernels.batch import all_equilibria
from bargain.regions import Cell, Oracle, Space
from bargain.regions.cells import EQ, GT, LT
from bargain.regions.explore import number_sign
from bargain.sensitivity.draws import Floats
from bargain.sensitivity.formulas import Formulas, Found, Signs
from bargain.solution import Equilibrium, Solution
from bargain.solvers import Nash, Rubinstein, SubgamePerfect
from bargain.solvers.alternating.rubinstein import equilibria_of
from bargain.solving import solve

_FREE = 40  # parameters up to which any other problem is solved for all of them
_LARGE = 100  # nodes of a tree with chance moves
_PATTERNS = 12  # tables are followed at so many points; what they do not cover is solved exactly


Listed = Sequence[tuple[Cell, tuple[Equilibrium, ...]]]


def cases_of(solution: Solution) -> list[tuple[Cell, tuple[Equilibrium, ...]]]:
    """The cells of a solution for all parameters, with the equilibria that exist there."""
    return [(cell, tuple(regime.extreme())) for regime in solution.regimes for cell in regime.condition.cells]


class Route(Protocol):
    """Solves one problem at a block of points; `problem` at one point is what claims may look up payoffs in."""

    def at(self, formulas: Formulas) -> Sequence[Any]:
        """What is found at each point, or None."""


@dataclass
class Cases:
    """Cells with the equilibria that exist there."""

    cells: Listed
    values: Mapping[sp.Symbol, sp.Expr] | None = None
    domains: Mapping[sp.Symbol, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, solution: Solution, reduction: Reduction | None = None) -> "Cases":
        """The regimes of a solution for all parameters."""
        return cls.under(cases_of(solution), reduction)

    @classmethod
    def under(cls, cells: Listed, reduction: Reduction | None) -> "Cases":
        """Cells in composite parameters, if there is a reduction."""
        domains = {p.symbol: p.domain for p in reduction.problem.notation} if reduction else {}
        return cls(cells, reduction.values if reduction else None, domains)

    def at(self, formulas: Formulas) -> list[Found | None]:
        """The equilibria of every cell that contains the point; None on a boundary or outside."""
        if not self.cells:
            return [None] * formulas.size
        here = formulas
        if self.values is not None:
            formulas.load(list(self.values.values()))
            here = Formulas({symbol: formulas(expression) for symbol, expression in self.values.items()})
        usable = np.ones(here.size, dtype=bool)
        for symbol, domain in self.domains.items():
            column, low, high = here.columns[symbol], float(domain.low), float(domain.high)
            usable &= ((column > low) | ((column == low) & (not domain.low_open))) & ((column < high) | ((column == high) & (not domain.high_open)))
        signs = Signs(here)
        members = np.array([signs.inside(cell) & usable for cell, _ in self.cells], dtype=bool).reshape(len(self.cells), here.size)  # (cells, N)
        members &= ~signs.near()
        _, first, which = np.unique(np.packbits(members, axis=0), axis=1, return_index=True, return_inverse=True)
        listed = [self._together(members[:, index]) for index in first]  # few sets of cells have points in common
        return [Found(listed[kind], here, index) if listed[kind] else None for index, kind in enumerate(which.ravel().tolist())]

    def _together(self, member: "np.ndarray[Any, np.dtype[np.bool_]]") -> tuple[Equilibrium, ...]:
        """The equilibria of the cells that are members, each once, in order."""
        return tuple({id(e): e for (_, es), inside in zip(self.cells, member, strict=True) if inside for e in es}.values())


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
    """A table whose cases are found at the points where they are needed; with a reduction, the table in composite parameters."""

    table: AlternatingOffers
    solver: Rubinstein
    reduction: Reduction | None = None
    cases: list[tuple[Cell, tuple[Equilibrium, ...]]] = field(default_factory=list)

    def at(self, formulas: Formulas) -> list[Found | None]:
        """The equilibria of each point, further cases followed as needed."""
        found = self._covered(formulas)
        for index in range(formulas.size):
            if found[index] is None and len(self.cases) < _PATTERNS:
                self.cases.append(self._follow({symbol: exact(column[index]) for symbol, column in formulas.columns.items()}))
                found = self._covered(formulas)
        return found

    def _covered(self, formulas: Formulas) -> list[Found | None]:
        return Cases.under(self.cases, self.reduction).at(formulas) if self.cases else [None] * formulas.size

    def _follow(self, point: Mapping[sp.Symbol, sp.Expr]) -> tuple[Cell, tuple[Equilibrium, ...]]:
        if self.reduction is not None:
            at = Evaluator(point)
            point = {symbol: at(value) for symbol, value in self.reduction.values.items()}
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
    """A tree as arrays: the play of the first subgame-perfect equilibrium, from the start or after some moves.

    Where a chance move decides how play ends, the point is left to exact solution.
    """

    game: Game
    compiled: dict[tuple[str, ...], CompiledGame] = field(default_factory=dict)

    def plays(self, formulas: Formulas, after: tuple[str, ...]) -> list[tuple[str, ...] | None]:
        """The path at each point."""
        compiled = self._compiled(after)
        return [compiled.paths[end] if end >= 0 else None for end in compiled.outcomes(self._columns(formulas))]

    def at(self, formulas: Formulas) -> list[Found | None]:
        """Only the path and the payoffs are known."""
        compiled = self._compiled(())
        paid, ends = compiled.solve(self._columns(formulas))
        found: list[Found | None] = []
        labels = [getattr(self.game.node(*path), "label", "") or "/".join(path) for path in compiled.paths]
        for index, end in enumerate(ends):
            payoffs = dict(zip(self.game.players, paid[:, index].tolist(), strict=True))
            known = Found((Equilibrium("subgame-perfect equilibrium", {}, payoffs, compiled.paths[end], labels[end]),), formulas, index)
            found.append(known if end >= 0 else None)
        return found

    def _compiled(self, after: tuple[str, ...]) -> CompiledGame:
        if after not in self.compiled:
            self.compiled[after] = compile_game(self.game.subgame(*after) if after else self.game)
        return self.compiled[after]

    def _columns(self, formulas: Formulas) -> dict[sp.Symbol, Floats]:
        return {symbol: formulas.columns[symbol] for symbol in self.game.notation.symbols}


def route_of(problem: Any, solver: Any, reduction: Reduction | None, known: Listed | None = None) -> Route | None:
    """The way to solve a problem at many points; None if there is only the exact one. known: its cases, if it has been solved for all parameters."""
    stated, concept = (problem, solver) if reduction is None else (reduction.problem, reduction.solver)
    if isinstance(stated, AlternatingOffers) and isinstance(concept, Rubinstein):
        return Followed(stated, concept, reduction)
    if reduction is not None:
        return Cases.of(concept.run(stated), reduction)
    if isinstance(problem, MatrixGame) and len(problem.players) == 2 and solver == Nash():
        return Matrices(problem)
    if isinstance(problem, Game) and isinstance(solver, SubgamePerfect) and _arrays(problem):
        return Trees(problem)
    if known is not None:
        return Cases(known)
    if len(problem.notation.parameters) > _FREE:
        return None
    try:
        return Cases.of(solve(problem, solver))
    except (TooLarge, NotApplicable):
        return None


def _arrays(game: Game) -> bool:
    """Whether a tree is for arrays: of decisions alone, or with chance moves and too large to be solved for all parameters."""
    kinds = {type(node) for _, node in game.nodes()}
    return kinds <= {Terminal, Decision} or (kinds <= {Terminal, Decision, Chance} and game.count["nodes"] > _LARGE)
