"""Axiomatic solutions found by walking along the frontier: egalitarian, equal loss, equal area, Perles-Maschler.

The walk runs from player 2's best individually rational point to player 1's, over the weak frontier too (free disposal
above d). Each solution is where a function that rises along the walk reaches zero, linear on
every edge of a polygon:

    egalitarian   (u1 - d1) / w1 - (u2 - d2) / w2                 Kalai (1977), Econometrica 45:1623-1630
    equal loss    (a2 - u2) - (a1 - u1), a the ideal point         Chun (1988), Economics Letters 26:103-106
    equal area    area of the set above the ray from d to u, less the area below it
                                                                    Anbarci (1993), Mathematical Social Sciences 26:163-180
    Perles-Maschler  length so far less length to come, an edge (D1, D2) being sqrt(-D1 D2) long
                                                                    Perles and Maschler (1981), International Journal of Game Theory 10:163-193
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from bargain.errors import NotDecided
from bargain.expressions import exact
from bargain.games.bargaining import BargainingProblem
from bargain.regions import Oracle
from bargain.solution import Solution
from bargain.solvers.axiomatic.arcs import arc_of, length, settled, swept
from bargain.solvers.axiomatic.frontier import (
    AGREEMENT,
    NO_GAINS,
    Curve,
    Point,
    Settlement,
    curve_of,
    disagreement,
    gains_exist,
    pareto_frontier,
    within,
)
from bargain.solvers.axiomatic.on_frontier import OnFrontier, check_weights, powers, rational_part
from bargain.solvers.axiomatic.polytopes import on_ray
from bargain.solvers.axiomatic.roots import real_roots, sign, tidy

Rise = Callable[[Oracle, list[Point], Point], list[sp.Expr]]


@dataclass(frozen=True)
class _Crossing(OnFrontier):
    """A solution where a rising function of the walk is zero."""

    def _rise(self, oracle: Oracle, walk: list[Point], d: Point) -> list[sp.Expr]:
        """The function at every corner of the walk."""
        raise NotImplementedError

    def _on_polygon(self, oracle: Oracle, problem: BargainingProblem) -> tuple[Settlement, ...]:
        d = disagreement(problem)
        frontier = pareto_frontier(oracle, problem.vertices)
        if not gains_exist(oracle, frontier, d):
            return (Settlement(NO_GAINS, d),)
        walk = rational_part(oracle, frontier, d)
        heights = self._rise(oracle, walk, d)
        for p, q, low, high in zip(walk, walk[1:], heights, heights[1:], strict=False):
            if sign(oracle, high) >= 0:
                step = low / (low - high)
                point = tuple(tidy(p[i] + step * (q[i] - p[i])) for i in (0, 1))
                return (Settlement(AGREEMENT, point, (), tuple(walk)),)
        raise NotDecided("the function has no zero along the frontier", place=self.concept, remedy="please report this problem; it is a defect")


@dataclass(frozen=True)
class Egalitarian(_Crossing):
    """Equal gains over disagreement (or gains in proportion to `weights`), as large as is feasible; weakly Pareto optimal.

    >>> from bargain import BargainingProblem
    >>> flat = BargainingProblem("Flat", ("A", "B"), {"A": 0, "B": 0}, vertices=((0, 0), (0, 1), (3, 1), (4, 0)))
    >>> Egalitarian().run(flat).equilibria[0].payoffs, Egalitarian(weights={"A": 2, "B": 1}).run(flat).equilibria[0].payoffs
    ({'A': 1, 'B': 1}, {'A': 2, 'B': 1})
    """

    weights: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.weights is not None:
            object.__setattr__(self, "weights", {player: exact(weight) for player, weight in self.weights.items()})

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "egalitarian solution" if self.weights is None else "proportional solution"

    def accepts(self, problem: Any) -> None:
        """Refuse what has no such solution, and weights that are not positive."""
        super().accepts(problem)
        check_weights(self.weights, problem)

    @property
    def many_players(self) -> bool:
        """Three or more players on a polytope are allowed."""
        return True

    def run(self, problem: BargainingProblem) -> Solution:
        """The solution on every region of parameters; with more than two players, by linear programs."""
        if len(problem.players) == 2:
            return super().run(problem)
        return on_ray(problem, self, powers(self.weights, problem))

    def _rise(self, oracle: Oracle, walk: list[Point], d: Point) -> list[sp.Expr]:
        w = powers(self.weights)
        return [w[1] * (u[0] - d[0]) - w[0] * (u[1] - d[1]) for u in walk]

    def _on_curve(self, oracle: Oracle, problem: BargainingProblem) -> tuple[Settlement, ...]:
        d, curve = disagreement(problem), curve_of(problem)
        return _root(oracle, curve, self._rise(oracle, [curve.utilities], d)[0], d, self.concept)


@dataclass(frozen=True)
class EqualLoss(_Crossing):
    """Equal losses from the ideal point, as small as is feasible; weakly Pareto optimal.

    >>> from bargain import BargainingProblem
    >>> kinked = BargainingProblem("Kinked", ("A", "B"), {"A": 0, "B": 0}, vertices=((0, 0), (0, 3), (2, 2), (4, 0)))
    >>> EqualLoss().run(kinked).equilibria[0].payoffs
    {'A': 5/2, 'B': 3/2}
    """

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "equal loss solution"

    @property
    def many_players(self) -> bool:
        """Three or more players on a polytope are allowed."""
        return True

    def run(self, problem: BargainingProblem) -> Solution:
        """The solution on every region of parameters; with more than two players, by linear programs."""
        if len(problem.players) == 2:
            return super().run(problem)
        return on_ray(problem, self)

    def _rise(self, oracle: Oracle, walk: list[Point], d: Point) -> list[sp.Expr]:
        ideal = (walk[-1][0], walk[0][1])
        return [(ideal[1] - u[1]) - (ideal[0] - u[0]) for u in walk]

    def _on_curve(self, oracle: Oracle, problem: BargainingProblem) -> tuple[Settlement, ...]:
        arc = arc_of(oracle, problem)
        rise = sp.Integer(0) if arc is None else self._rise(oracle, [arc.first, arc.curve.utilities, arc.last], disagreement(problem))[1]
        return settled(oracle, problem, arc, rise, self.concept)


@dataclass(frozen=True)
class EqualArea(_Crossing):
    """The ray from disagreement to the solution halves the area of the individually rational set.

    >>> from bargain import BargainingProblem
    >>> kinked = BargainingProblem("Kinked", ("A", "B"), {"A": 0, "B": 0}, vertices=((0, 0), (0, 3), (2, 2), (4, 0)))
    >>> EqualArea().run(kinked).equilibria[0].payoffs
    {'A': 9/4, 'B': 7/4}
    """

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "equal area solution"

    def _rise(self, oracle: Oracle, walk: list[Point], d: Point) -> list[sp.Expr]:
        above, sums = sp.Integer(0), [sp.Integer(0)]
        for p, q in zip(walk, walk[1:], strict=False):
            above += sp.expand((q[0] - d[0]) * (p[1] - d[1]) - (p[0] - d[0]) * (q[1] - d[1]))
            sums.append(above)
        return [sp.expand(2 * height - above) for height in sums]

    def _on_curve(self, oracle: Oracle, problem: BargainingProblem) -> tuple[Settlement, ...]:
        arc = arc_of(oracle, problem)
        return settled(oracle, problem, arc, sp.Integer(0) if arc is None else swept(arc, disagreement(problem)), self.concept)


@dataclass(frozen=True)
class PerlesMaschler(_Crossing):
    """Both players start from their best points and concede at equal speed sqrt(-du1 du2); they meet in the middle of the frontier.

    >>> from bargain import BargainingProblem
    >>> kinked = BargainingProblem("Kinked", ("A", "B"), {"A": 0, "B": 0}, vertices=((0, 0), (0, 3), (2, 2), (4, 0)))
    >>> PerlesMaschler().run(kinked).equilibria[0].payoffs
    {'A': 3 - sqrt(2)/2, 'B': sqrt(2)/2 + 1}
    """

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "Perles-Maschler solution"

    def _rise(self, oracle: Oracle, walk: list[Point], d: Point) -> list[sp.Expr]:
        total, sums = sp.Integer(0), [sp.Integer(0)]
        for p, q in zip(walk, walk[1:], strict=False):
            total += sp.sqrt(sp.factor((q[0] - p[0]) * (p[1] - q[1])))
            sums.append(total)
        return [2 * height - total for height in sums]

    def _on_curve(self, oracle: Oracle, problem: BargainingProblem) -> tuple[Settlement, ...]:
        arc = arc_of(oracle, problem)
        return settled(oracle, problem, arc, sp.Integer(0) if arc is None else length(arc), self.concept)


def _root(oracle: Oracle, curve: Curve, rise: sp.Expr, d: Point, concept: str) -> tuple[Settlement, ...]:
    """The point of a curve at which the function is zero and both players gain."""
    roots = real_roots(oracle, rise, curve.parameter)
    for root in roots.values:
        point = curve.at(root)
        if within(oracle, curve, root) and all(sign(oracle, u - v) > 0 for u, v in zip(point, d, strict=True)):
            return (Settlement(AGREEMENT, point, (("share", tidy(curve.share.subs(curve.parameter, root))),)),)
    raise NotDecided(f"no zero of {rise} in the interval gives both players a gain", place=concept,
                     remedy="fix more parameters, extend the interval, or restate the utilities as polynomials")
