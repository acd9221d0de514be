"""Bargaining with variable threats: the coco value, and Nash's solution with and without transfers.

Players commit to mixed threats (x, y) and then split the gains over the disagreement point d = (x A y, x B y).

Transferable utility: with S the greatest joint payoff and v the value of A - B, the outcome is (S + v)/2, (S - v)/2; this is the coco
value, and the threats are optimal in the zero-sum game A - B.

Otherwise they settle at Nash's solution over d on the convex hull of the cells. On a frontier edge with normal w and w.u = c the
solution over d has w1 u1 - w2 u2 = w1 d1 - w2 d2, so that the threats solve the zero-sum game w1 A - w2 B, with value h(w), and

    u = ((c + h) / (2 w1), (c - h) / (2 w2))   if this point lies on the edge.

The solution is a corner z of the frontier, between edges with normals w (left, towards 2's best) and w' (right), iff

    h(w) >= w1 z1 - w2 z2   and   h(w') <= w1' z1 - w2' z2 :

player 1's optimal strategy in the left game keeps the solution from moving left of z, player 2's in the right game from moving
right. Beyond the ends of the frontier the normals are (0, 1) and (1, 0). Exactly one point passes (Nash 1953).
Sources: Nash (1953), Econometrica 21:128-140; Kalai and Kalai (2013), Quarterly Journal of Economics 128:917-966.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable
from bargain.findings.strategic import Threats
from bargain.games.matrix import MatrixGame
from bargain.regions import Oracle, Region, Space, explore, strata
from bargain.solution import Solution, Status
from bargain.solvers.axiomatic.frontier import pareto_frontier
from bargain.solvers.matrices.programs import Saddle, saddle
from bargain.solvers.trees.subgame_perfect import regimes_of

__all__ = ["Coco", "VariableThreats"]

Point = tuple[sp.Expr, sp.Expr]


@dataclass(frozen=True)
class Coco:
    """The coco (cooperative-competitive) value of a two-player game with transferable utility.

    It is also Nash's variable-threat solution with transfers. exact: with free parameters, also on the boundaries.

    >>> import bargain as bg
    >>> game = bg.MatrixGame.from_arrays([[2, 10], [4, 0]], [[6, 5], [8, 0]])
    >>> bg.solve(game, Coco()).equilibria[0].payoffs
    {'row': 11/2, 'column': 19/2}
    """

    exact: bool = False
    limit: int = 2_000

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "coco value"

    def accepts(self, problem: Any) -> None:
        """Refuse what is not a two-player matrix game."""
        _two_players(problem, "Coco")

    def run(self, problem: MatrixGame) -> Solution:
        """The greatest joint payoff and one zero-sum game, by cases where payoffs are symbolic."""
        return _by_regimes(problem, self, _coco)


@dataclass(frozen=True)
class VariableThreats:
    """Nash's (1953) bargaining solution with variable threats, without transfers (`Coco` is the solution with transfers).

    Payoffs are those agreed, strategies the optimal threats. exact: with free parameters, also on the boundaries.

    >>> import bargain as bg
    >>> game = bg.MatrixGame.from_arrays([[1, "-4/3"], [-3, 4]], [[4, -4], [-1, 1]])
    >>> bg.solve(game, VariableThreats()).equilibria[0].payoffs
    {'row': 3/2, 'column': 7/2}
    """

    exact: bool = False
    limit: int = 2_000

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "Nash variable-threat solution"

    def accepts(self, problem: Any) -> None:
        """Refuse what is not a two-player matrix game."""
        _two_players(problem, "VariableThreats")

    def run(self, problem: MatrixGame) -> Solution:
        """Search the edges and corners of the Pareto frontier, by cases where payoffs are symbolic."""
        return _by_regimes(problem, self, _settlement)


def _two_players(problem: Any, place: str) -> None:
    if not isinstance(problem, MatrixGame):
        raise NotApplicable(f"needs a matrix game, not a {type(problem).__name__}", place=place, remedy="call strategic_form()")
    if len(problem.players) != 2:
        raise NotApplicable(f"{len(problem.players)} players", place=place, remedy="threats are solved for two players")


def _by_regimes(problem: MatrixGame, solver: Coco | VariableThreats, find: Any) -> Solution:
    space = Space(problem.notation)
    leaves, skipped = explore(space, lambda oracle: (find(oracle, problem),), boundaries=solver.exact, limit=solver.limit)
    status = Status.PROVED if problem.notation.symbols else Status.CERTIFIED
    return Solution(problem, solver, status, regimes_of(space, leaves, closed=solver.exact), boundary=Region(strata(space, skipped)),
                    stats={"cases": len(leaves), "queries": space.queries, "exact": solver.exact})


def _coco(oracle: Oracle, game: MatrixGame) -> Threats:
    first, second = game.players
    cells = list(game)
    best = cells[oracle.greatest([sp.Add(*game.payoffs[cell]) for cell in cells])[0]]
    joint, strength = sp.expand(sp.Add(*game.payoffs[best])), _contest(oracle, game, (sp.Integer(1), sp.Integer(1)))
    payoffs = {first: sp.cancel((joint + strength.value) / 2), second: sp.cancel((joint - strength.value) / 2)}
    found = {"joint payoff": joint, "advantage": strength.value, f"transfer to {first}": sp.cancel(payoffs[first] - game.payoffs[best][0])}
    return Threats("coco value", _threats(game, strength.rows, strength.columns), payoffs, (), ",".join(best), quantities=found,
                   agreement={best: sp.Integer(1)})


def _settlement(oracle: Oracle, game: MatrixGame) -> Threats:
    points = {cell: (values[0], values[1]) for cell, values in game.payoffs.items()}
    corners = pareto_frontier(oracle, tuple(points.values()))
    for p, q in zip(corners, corners[1:], strict=False):
        found = _on_edge(oracle, game, p, q)
        if found is not None:
            u, contest, normal, share = found
            lottery = {_cell_at(points, p): 1 - share, _cell_at(points, q): share}
            return _settled(game, u, (contest.rows, contest.columns), normal, {cell: sp.cancel(w) for cell, w in lottery.items() if w != 0})
    ends = [(sp.Integer(0), sp.Integer(1)), *(_normal(p, q) for p, q in zip(corners, corners[1:], strict=False)), (sp.Integer(1), sp.Integer(0))]
    for z, left, right in zip(corners, ends, ends[1:], strict=True):
        before = _contest(oracle, game, left)
        if oracle.sign(before.value - left[0] * z[0] + left[1] * z[1]) < 0:
            continue
        after = _contest(oracle, game, right)
        if oracle.sign(after.value - right[0] * z[0] + right[1] * z[1]) <= 0:
            normal = (left[0] + right[0], left[1] + right[1])
            return _settled(game, z, (before.rows, after.columns), normal, {_cell_at(points, z): sp.Integer(1)})
    raise AssertionError("a variable-threat solution exists (Nash 1953)")


def _on_edge(oracle: Oracle, game: MatrixGame, p: Point, q: Point) -> tuple[Point, Saddle, Point, sp.Expr] | None:
    """The solution strictly inside an edge p -> q of the frontier, its threats, the normal and the weight of q."""
    w = _normal(p, q)
    contest = _contest(oracle, game, w)
    level = w[0] * p[0] + w[1] * p[1]
    u = (sp.cancel((level + contest.value) / (2 * w[0])), sp.cancel((level - contest.value) / (2 * w[1])))
    if oracle.sign(u[0] - p[0]) <= 0 or oracle.sign(q[0] - u[0]) <= 0:
        return None
    return u, contest, w, sp.cancel((u[0] - p[0]) / (q[0] - p[0]))


def _normal(p: Point, q: Point) -> Point:
    """The normal of the edge from p to q (down to the right), positive in both coordinates."""
    return (sp.expand(p[1] - q[1]), sp.expand(q[0] - p[0]))


def _contest(oracle: Oracle, game: MatrixGame, w: Point) -> Saddle:
    """The zero-sum game w1 A - w2 B."""
    rows, columns = game.actions
    return saddle(oracle, [[sp.expand(w[0] * game.payoffs[i, j][0] - w[1] * game.payoffs[i, j][1]) for j in columns] for i in rows])


def _cell_at(points: dict[tuple[str, ...], Point], corner: Point) -> tuple[str, ...]:
    return next(cell for cell, point in points.items() if point == corner)


def _threats(game: MatrixGame, x: Sequence[sp.Expr], y: Sequence[sp.Expr]) -> dict[str, dict[str, dict[str, sp.Expr]]]:
    return {player: {"": dict(zip(names, weights, strict=True))} for player, names, weights in zip(game.players, game.actions, (x, y), strict=True)}


def _settled(game: MatrixGame, u: Point, threats: tuple[Sequence[sp.Expr], Sequence[sp.Expr]], normal: Point, agreement: dict[Any, sp.Expr]) -> Threats:
    x, y = threats
    d = [sp.cancel(sp.Add(*(a * b * game.payoffs[i, j][k] for i, a in zip(game.actions[0], x, strict=True) for j, b in zip(game.actions[1], y, strict=True))))
         for k in (0, 1)]
    total = sp.Add(*normal)
    found = {f"disagreement of {player}": value for player, value in zip(game.players, d, strict=True)}
    found |= {f"weight of {player}": sp.cancel(w / total) for player, w in zip(game.players, normal, strict=True)}
    outcome = " + ".join(",".join(cell) if w == 1 else f"{w} {','.join(cell)}" for cell, w in agreement.items())
    return Threats("Nash variable-threat solution", _threats(game, x, y), dict(zip(game.players, u, strict=True)), (), outcome, quantities=found,
                   agreement=agreement)
