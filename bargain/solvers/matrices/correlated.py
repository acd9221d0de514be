"""Correlated and coarse correlated equilibrium: the lottery over cells that is best among those nobody gains by disobeying.

A lottery p over cells is a correlated equilibrium iff no player gains by playing b when a is recommended,

    sum_{s: s_i = a} p(s) [u_i(b, s_-i) - u_i(s)] <= 0   for all i, a, b,

and coarse correlated iff no player gains by playing b whatever is recommended, sum_s p(s) [u_i(b, s_-i) - u_i(s)] <= 0. Both are
polytopes; a linear objective is maximised over them by exact linear programming, whose prices prove the optimum. Symbolic
payoffs are solved by regimes.
Sources: Aumann (1974), Journal of Mathematical Economics 1:67-96, and (1987), Econometrica 55:1-18; Moulin and Vial (1978),
International Journal of Game Theory 7:201-221 (coarse); Hart and Schmeidler (1989), Mathematics of Operations Research 14:18-25.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import lcm
from typing import Any, Self

import sympy as sp

from bargain.errors import BadInput, NotApplicable
from bargain.expressions import exact
from bargain.findings.strategic import JointLottery
from bargain.games.matrix import MatrixGame
from bargain.kernels.cone import extreme_rays
from bargain.kernels.exact_lp import LinearProgram, Optimal, solve_lp
from bargain.kernels.ordered_simplex import maximum
from bargain.regions import Oracle, Region, Space, explore, strata
from bargain.solution import Solution, Status
from bargain.solvers.matrices.programs import fractions, rational
from bargain.solvers.trees.subgame_perfect import regimes_of

__all__ = ["CoarseCorrelatedEquilibrium", "CorrelatedEquilibrium", "Obedience", "correlated_vertices", "obedience"]

Cell = tuple[str, ...]


@dataclass(frozen=True)
class Obedience:
    """The constraint that `player`, told to play `recommended` ("" for any), does not gain by `deviation`: sum of gains * p <= 0."""

    player: str
    recommended: str
    deviation: str
    gains: Mapping[Cell, sp.Expr]


@dataclass(frozen=True)
class CorrelatedEquilibrium:
    """The correlated equilibrium that maximises a linear objective; the sum of payoffs if none is given.

    objective: weights of the players' payoffs, or a value for each cell named (others count zero). Weights may be
    negative: the worst equilibrium for A is the best for ``{"A": -1}``. exact: with free parameters, also solve on the
    boundaries between regimes. The solution lists one optimal lottery; the status is complete where it is the only one.

    >>> import bargain as bg
    >>> chicken = bg.MatrixGame.from_arrays([[6, 2], [7, 0]], [[6, 7], [2, 0]], actions=(("C", "D"), ("C", "D")))
    >>> best = bg.solve(chicken, CorrelatedEquilibrium()).equilibria[0]
    >>> best.value, best.lottery
    (21/2, {('C', 'C'): 1/2, ('C', 'D'): 1/4, ('D', 'C'): 1/4, ('D', 'D'): 0})
    """

    objective: Mapping[Any, Any] | None = None
    exact: bool = False
    limit: int = 2_000
    coarse = False

    def __post_init__(self) -> None:
        _checked_objective(self)

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "correlated equilibrium"

    def at(self, values: Mapping[sp.Symbol, sp.Expr]) -> Self:
        """This solver with parameters in its objective replaced by numbers."""
        return replace(self, objective=self.objective and {key: exact(value).subs(values) for key, value in self.objective.items()})

    def accepts(self, problem: Any) -> None:
        """Refuse what is not a matrix game, and objectives that name neither its players nor its cells."""
        _accepts(problem, self)

    def run(self, problem: MatrixGame) -> Solution:
        """Solve the linear program, by cases where payoffs are symbolic."""
        return _by_regimes(problem, self)


@dataclass(frozen=True)
class CoarseCorrelatedEquilibrium(CorrelatedEquilibrium):
    """The coarse correlated equilibrium that maximises a linear objective (see `CorrelatedEquilibrium`).

    Players commit to following the recommendation before they learn it.

    >>> import bargain as bg
    >>> chicken = bg.MatrixGame.from_arrays([[6, 2], [7, 0]], [[6, 7], [2, 0]], actions=(("C", "D"), ("C", "D")))
    >>> bg.solve(chicken, CoarseCorrelatedEquilibrium({"row": 1})).equilibria[0].payoffs
    {'row': 7, 'column': 2}
    """

    coarse = True

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "coarse correlated equilibrium"


Correlated = CorrelatedEquilibrium | CoarseCorrelatedEquilibrium


def obedience(game: MatrixGame, *, coarse: bool = False) -> list[Obedience]:
    """The inequalities of the (coarse) correlated equilibrium polytope, besides p >= 0 and sum p = 1.

    >>> game = MatrixGame.from_arrays([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> first = obedience(game)[0]
    >>> first.recommended, first.deviation, first.gains
    ('r1', 'r2', {('r1', 'c1'): 2, ('r1', 'c2'): 1})
    """
    found = []
    for index, player in enumerate(game.players):
        for told, other in product([""] if coarse else game.actions[index], game.actions[index]):
            if told == other:
                continue
            gains = {}
            for cell in game:
                if cell[index] != other and told in ("", cell[index]):
                    gains[cell] = sp.expand(game.payoffs[(*cell[:index], other, *cell[index + 1 :])][index] - game.payoffs[cell][index])
            found.append(Obedience(player, told, other, gains))
    return found


def correlated_vertices(game: MatrixGame, *, coarse: bool = False) -> list[dict[Cell, sp.Rational]]:
    """All vertices of the (coarse) correlated equilibrium polytope of a small game with rational payoffs.

    The five correlated equilibria of a game of chicken (two of them pure equilibria, one mixed):

    >>> chicken = MatrixGame.from_arrays([[6, 2], [7, 0]], [[6, 7], [2, 0]], actions=(("C", "D"), ("C", "D")))
    >>> len(correlated_vertices(chicken))
    5
    """
    cells = list(game)
    rows = []
    for constraint in obedience(game, coarse=coarse):
        if not all(gain.is_Rational for gain in constraint.gains.values()):
            raise NotApplicable("vertices need rational payoffs", place=f"matrix game {game.title!r}", remedy="fix the parameters: game.at(...)")
        scale = lcm(*(int(gain.q) for gain in constraint.gains.values()))
        rows.append([int(constraint.gains.get(cell, 0) * scale) for cell in cells])
    rays = extreme_rays(rows, len(cells))
    return [{cell: sp.Rational(value, sum(ray)) for cell, value in zip(cells, ray, strict=True)} for ray in reversed(rays)]


def values_of(objective: Mapping[Any, sp.Expr] | None, game: MatrixGame) -> list[sp.Expr]:
    """What is maximised, cell by cell."""
    weights = objective if objective is not None else {player: sp.Integer(1) for player in game.players}
    if set(weights) <= set(game.players):
        return [sp.expand(sp.Add(*(weights[p] * u for p, u in zip(game.players, game.payoffs[cell], strict=True) if p in weights))) for cell in game]
    return [weights.get(cell, sp.Integer(0)) for cell in game]


def _checked_objective(solver: Correlated) -> None:
    if solver.objective is not None:
        object.__setattr__(solver, "objective", {key: exact(value) for key, value in solver.objective.items()})


def _accepts(problem: Any, solver: Correlated) -> None:
    place = type(solver).__name__
    if not isinstance(problem, MatrixGame):
        raise NotApplicable(f"needs a matrix game, not a {type(problem).__name__}", place=place, remedy="call strategic_form()")
    given = solver.objective or {}
    if not (set(given) <= set(problem.players) or set(given) <= set(problem)):
        raise BadInput("the objective names neither players nor cells of the game", place=place, remedy="give {player: weight} or {cell: value}")
    unknown = set().union(*(value.free_symbols for value in given.values())) - set(problem.notation.symbols)
    if unknown:
        raise BadInput(f"symbol {min(map(str, unknown))} of the objective is not in the notation", place=place, remedy="declare it as a Parameter")


def _by_regimes(problem: MatrixGame, solver: Correlated) -> Solution:
    space = Space(problem.notation)
    leaves, skipped = explore(space, lambda oracle: (_best(oracle, problem, solver),), boundaries=solver.exact, limit=solver.limit)
    unique = all(lottery.unique for _, found in leaves for lottery in found)
    status = Status.INCOMPLETE if not unique else Status.PROVED if problem.notation.symbols else Status.CERTIFIED
    return Solution(problem, solver, status, regimes_of(space, leaves, closed=solver.exact), boundary=Region(strata(space, skipped)),
                    stats={"cases": len(leaves), "queries": space.queries, "exact": solver.exact})


def _best(oracle: Oracle, game: MatrixGame, solver: Correlated) -> JointLottery:
    cells, constraints = list(game), obedience(game, coarse=solver.coarse)
    objective = values_of(solver.objective, game)
    rows = [[constraint.gains.get(cell, sp.Integer(0)) for cell in cells] for constraint in constraints]
    value, weights, prices, unique = _optimum(oracle, objective, rows)
    lottery = dict(zip(cells, weights, strict=True))
    payoffs = {player: sp.cancel(sp.Add(*(weight * game.payoffs[cell][k] for cell, weight in lottery.items()))) for k, player in enumerate(game.players)}
    named = {(c.player, c.recommended, c.deviation): price for c, price in zip(constraints, prices, strict=True) if price != 0}
    device = "mediator" if "mediator" not in game.players else "correlation device"
    drawn = {",".join(cell): weight for cell, weight in lottery.items() if weight != 0}
    outcome = " + ".join(name if weight == 1 else f"{weight} {name}" for name, weight in drawn.items())
    return JointLottery(solver.concept, {device: {"": drawn}}, payoffs, (outcome,), outcome, lottery=lottery, prices=named, value=value, unique=unique)


def _optimum(oracle: Oracle, objective: Sequence[sp.Expr], rows: Sequence[Sequence[sp.Expr]]) -> tuple[sp.Expr, Sequence[sp.Expr], Sequence[sp.Expr], bool | None]:
    """Value, lottery, prices, and whether the lottery is the only one."""
    one, zero = sp.Integer(1), sp.Integer(0)
    if not all(value.is_Rational for row in (objective, *rows) for value in row):
        found = maximum(oracle.sign, objective, [*rows, [one] * len(objective)], [zero] * len(rows) + [one], full=len(rows), sole=True)
        return found.value, found.x, found.y[:-1], found.sole
    c, g = fractions(objective), [fractions(row) for row in rows]
    best = solve_lp(LinearProgram(c, g, [0] * len(g), [[1] * len(c)], [1]))
    assert isinstance(best, Optimal), "a correlated equilibrium exists (Hart and Schmeidler 1989)"
    return rational(best.value), tuple(map(rational, best.x)), tuple(map(rational, best.y_ub)), _only(c, g, best)


def _only(c: Sequence[Fraction], g: Sequence[Sequence[Fraction]], best: Optimal) -> bool:
    """Whether no other optimum exists: no optimum is positive where `best` is zero, or slack where it is tight."""
    zeros = [j for j, value in enumerate(best.x) if value == 0]
    tight = [row for row in g if sum(a * x for a, x in zip(row, best.x, strict=True)) == 0]
    away = [Fraction(j in zeros) - sum(row[j] for row in tight) for j in range(len(c))]
    found = solve_lp(LinearProgram(away, g, [0] * len(g), [[1] * len(c), c], [1, best.value]))
    return isinstance(found, Optimal) and found.value == 0
