"""What the two-player solutions on a frontier share: the problems they accept, the walk along the frontier, their weights."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable
from bargain.games.bargaining import BargainingProblem
from bargain.regions import GT, Cell, Oracle, Space
from bargain.solution import Solution
from bargain.solvers.axiomatic.frontier import Point, Settlement, by_regimes, check_curve
from bargain.solvers.axiomatic.polytopes import check_polytope
from bargain.solvers.axiomatic.roots import sign, tidy

__all__ = ["OnFrontier", "check_weights", "powers", "rational_part"]


@dataclass(frozen=True)
class OnFrontier:
    """What the solutions of this module accept: two players, a polygon or a concave curve."""

    @property
    def concept(self) -> str:
        """The concept's name."""
        raise NotImplementedError

    def accepts(self, problem: Any) -> None:
        """Refuse other problems, finite sets and more than two players."""
        name = type(self).__name__
        if not isinstance(problem, BargainingProblem):
            raise NotApplicable(f"a {type(problem).__name__} is not a bargaining problem", place=name, remedy="give a BargainingProblem")
        if len(problem.players) > 2 and problem.kind == "polygon" and self.many_players:
            check_polytope(problem)
        elif problem.kind not in ("polygon", "curve") or len(problem.players) != 2:
            raise NotApplicable(f"{len(problem.players)} players on a {problem.kind} set", place=f"bargaining problem {problem.title!r}",
                                remedy="use two players and a convex set: vertices or a curve")
        if problem.kind == "curve":
            check_curve(problem, concave=True)

    @property
    def many_players(self) -> bool:
        """Whether the concept is defined here for more than two players."""
        return False

    def run(self, problem: BargainingProblem) -> Solution:
        """The solution on every region of parameters."""
        return by_regimes(problem, self, {"polygon": self._on_polygon, "curve": self._on_curve})

    def _on_polygon(self, oracle: Oracle, problem: BargainingProblem) -> tuple[Settlement, ...]:
        raise NotImplementedError

    def _on_curve(self, oracle: Oracle, problem: BargainingProblem) -> tuple[Settlement, ...]:
        raise NotApplicable(f"the {self.concept} on a curve", place=f"bargaining problem {problem.title!r}",
                            remedy="approximate the frontier by vertices, or ask for another solution")


def rational_part(oracle: Oracle, frontier: list[Point], d: Point) -> list[Point]:
    """The weak frontier of the individually rational set, from (d1, player 2's best) to (player 1's best, d2)."""
    inside = [u for u in frontier if sign(oracle, u[0] - d[0]) >= 0 and sign(oracle, u[1] - d[1]) >= 0]
    first, last = _cut(oracle, frontier, d, 0), _cut(oracle, frontier, d, 1)
    walk = [first, *inside, last]
    return [u for k, u in enumerate(walk) if not k or any(sign(oracle, a - b) != 0 for a, b in zip(u, walk[k - 1], strict=True))]


def _cut(oracle: Oracle, frontier: list[Point], d: Point, i: int) -> Point:
    """Where the frontier (extended by free disposal) meets u_i = d_i."""
    sides = [sign(oracle, u[i] - d[i]) for u in frontier]
    if 0 in sides:
        return frontier[sides.index(0)]
    for p, q, side, other in zip(frontier, frontier[1:], sides, sides[1:], strict=False):
        if side * other < 0:
            step = (d[i] - p[i]) / (q[i] - p[i])
            return tuple(tidy(p[k] + step * (q[k] - p[k])) for k in (0, 1))
    return (d[0], frontier[0][1]) if i == 0 else (frontier[-1][0], d[1])


def powers(weights: Mapping[str, sp.Expr] | None, problem: BargainingProblem | None = None) -> tuple[sp.Expr, ...]:
    """The weights in the order of the players; all one if none are given."""
    return tuple(weights.values()) if weights is not None else (sp.Integer(1),) * (2 if problem is None else len(problem.players))


def check_weights(weights: Mapping[str, sp.Expr] | None, problem: BargainingProblem) -> None:
    """Refuse weights that leave a player out, or are not positive on the whole domain."""
    if weights is None:
        return
    if list(weights) != list(problem.players):
        raise NotApplicable("the weights must name every player, in their order", place="weights", remedy="players: " + ", ".join(problem.players))
    space = Space(problem.notation)
    wrong = [w for w in weights.values() if w.free_symbols - set(problem.notation.symbols) or space.implies(Cell(), Cell().where(w, GT)).answer is not True]
    if wrong:
        raise NotApplicable(f"weight {wrong[0]} is not positive on the whole domain", place="weights", remedy="give positive weights in the problem's notation")
