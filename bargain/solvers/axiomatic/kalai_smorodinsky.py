"""The Kalai-Smorodinsky solution: the frontier point on the ray from disagreement to the ideal point.

The ideal point a gives each player the most that is feasible while the other keeps at least the
disagreement payoff, a_i = max {u_i : u in S, u_j >= d_j}. The solution is the frontier point with

    (u_1 - d_1) / (a_1 - d_1) = (u_2 - d_2) / (a_2 - d_2),

found where (a1 - d1)(u2 - d2) - (a2 - d2)(u1 - d1) changes sign along the frontier.
It needs a downward-sloping frontier but not a convex set. With three or more players, on a polytope with free disposal, the ray's
last feasible point need not be Pareto optimal (Roth 1979); the answer then names a point that dominates it. A finite
set has no point on the ray in general. Where no feasible point is strictly better than d for both,
the outcome is "no gains from trade", at d itself.

References: Kalai and Smorodinsky (1975), Econometrica 43, 513-518; Roth (1979), Axiomatic
Models of Bargaining.
"""

from dataclasses import dataclass
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable, NotDecided
from bargain.games.bargaining import BargainingProblem
from bargain.regions import Oracle
from bargain.solution import Solution
from bargain.solvers.axiomatic.frontier import (
    AGREEMENT,
    NO_GAINS,
    Curve,
    Point,
    Settlement,
    by_regimes,
    check_curve,
    curve_of,
    disagreement,
    gains_exist,
    pareto_frontier,
    within,
)
from bargain.solvers.axiomatic.polytopes import check_polytope, on_ray
from bargain.solvers.axiomatic.roots import real_roots, sign, tidy


@dataclass(frozen=True)
class KalaiSmorodinsky:
    """Gives both players the same fraction of their ideal gains, as large as is feasible.

    >>> from bargain import BargainingProblem
    >>> kinked = BargainingProblem("Kinked", ("A", "B"), {"A": 0, "B": 0}, vertices=((0, 0), (0, 3), (2, 2), (4, 0)))
    >>> KalaiSmorodinsky().run(kinked).equilibria[0].payoffs
    {'A': 16/7, 'B': 12/7}
    """

    concept = "Kalai-Smorodinsky solution"

    def accepts(self, problem: Any) -> None:
        """Refuse what has no Kalai-Smorodinsky solution: other problems, finite sets, three players or more."""
        if not isinstance(problem, BargainingProblem):
            raise NotApplicable(f"a {type(problem).__name__} is not a bargaining problem", place="KalaiSmorodinsky",
                                remedy="give a BargainingProblem")
        place = f"bargaining problem {problem.title!r}"
        if problem.kind == "finite":
            raise NotApplicable("a finite set has no point on the ray to the ideal point in general", place=place,
                                remedy="allow lotteries: give the points as vertices")
        if len(problem.players) > 2:
            check_polytope(problem)
        elif problem.kind == "division":
            raise NotApplicable("a pie divided among its players", place=place, remedy="give the frontier as a curve, or its corners as vertices")
        if problem.kind == "curve":
            check_curve(problem, concave=False)

    def run(self, problem: BargainingProblem) -> Solution:
        """The solution on every region of parameters; with more than two players, by linear programs."""
        if len(problem.players) > 2:
            return on_ray(problem, self)
        return by_regimes(problem, self, {"polygon": _on_polygon, "curve": _on_curve})


def _on_polygon(oracle: Oracle, problem: BargainingProblem) -> tuple[Settlement, ...]:
    d = disagreement(problem)
    frontier = pareto_frontier(oracle, problem.vertices)
    if not gains_exist(oracle, frontier, d):
        return (Settlement(NO_GAINS, d),)
    ideal = (_most(oracle, frontier, 0, d), _most(oracle, frontier[::-1], 1, d))
    point = frontier[0]
    for p, q in zip(frontier, frontier[1:], strict=False):
        before, after = (_off_ray(u, ideal, d) for u in (p, q))
        if sign(oracle, after) <= 0:
            step = before / (before - after)
            point = tuple(tidy(p[i] + step * (q[i] - p[i])) for i in (0, 1))
            break
    return (_agreed(problem, point, ideal),)


def _most(oracle: Oracle, frontier: list[Point], i: int, d: Point) -> sp.Expr:
    """The most player i gets on the frontier (ordered by rising utility of i) while the other keeps d."""
    other = 1 - i
    for p, q in zip(frontier, frontier[1:], strict=False):
        if sign(oracle, q[other] - d[other]) < 0:
            return tidy(p[i] + (q[i] - p[i]) * (p[other] - d[other]) / (p[other] - q[other]))
    return frontier[-1][i]


def _off_ray(u: Point, ideal: Point, d: Point) -> sp.Expr:
    """Positive where u lies above the ray to the ideal point (on player 2's side), zero on it."""
    return (ideal[0] - d[0]) * (u[1] - d[1]) - (ideal[1] - d[1]) * (u[0] - d[0])


def _on_curve(oracle: Oracle, problem: BargainingProblem) -> tuple[Settlement, ...]:
    d, curve = disagreement(problem), curve_of(problem)
    ends = acceptable_part(oracle, curve, d)
    if ends is None:
        return (Settlement(NO_GAINS, d),)
    ideal = tuple(_greater(oracle, [curve.at(end)[i] for end in ends]) for i in (0, 1))
    if any(sign(oracle, a - v) <= 0 for a, v in zip(ideal, d, strict=True)):
        return (Settlement(NO_GAINS, d),)
    off_ray = _off_ray(curve.utilities, ideal, d)
    for root in real_roots(oracle, off_ray, curve.parameter).values:
        point = curve.at(root)
        if within(oracle, curve, root) and sign(oracle, point[0] - d[0]) > 0:
            return (_agreed(problem, point, ideal, ("share", tidy(curve.share.subs(curve.parameter, root)))),)
    raise NotDecided(f"no solution of {off_ray} = 0 could be confirmed in the interval", place="ray to the ideal point",
                     remedy="fix more parameters, or restate the utilities as polynomials")


def _greater(oracle: Oracle, values: list[sp.Expr]) -> sp.Expr:
    """The greater of two values."""
    return values[0] if sign(oracle, values[0] - values[1]) >= 0 else values[1]


def acceptable_part(oracle: Oracle, curve: Curve, d: Point) -> tuple[sp.Expr, sp.Expr] | None:
    """The ends of the part of the curve that both players weakly prefer to d; None where there is no such part."""
    ends = [curve.low, curve.high]
    for i in (0, 1):
        gains = [sign(oracle, curve.at(end)[i] - d[i]) for end in (curve.low, curve.high)]
        if max(gains) <= 0:
            return None
        if min(gains) < 0:
            ends[gains.index(min(gains))] = _crossing(oracle, curve, i, d)
    return (ends[0], ends[1]) if sign(oracle, ends[1] - ends[0]) > 0 else None


def _crossing(oracle: Oracle, curve: Curve, i: int, d: Point) -> sp.Expr:
    """The parameter at which player i gets exactly d (unique: the utility is monotone)."""
    for root in real_roots(oracle, curve.utilities[i] - d[i], curve.parameter).values:
        if within(oracle, curve, root):
            return root
    raise NotDecided(f"no solution of {curve.utilities[i]} = {d[i]} could be confirmed", place="ideal point", remedy="fix more parameters")


def _agreed(problem: BargainingProblem, point: Point, ideal: Point, *more: tuple[str, sp.Expr]) -> Settlement:
    named = tuple((f"ideal {player}", value) for player, value in zip(problem.players, ideal, strict=True))
    return Settlement(AGREEMENT, point, (*more, *named))
