"""The Nash bargaining solution, with bargaining weights, on polygons, curves and finite sets.

It maximises the weighted product of gains over the feasible set S,

    max  sum_i w_i log(u_i - d_i)   over  u in S, u > d,

unique where S is convex. On a frontier edge p -> q with D = q - p the product rises at p towards q
exactly where  w1 D1 (p2 - d2) + w2 D2 (p1 - d1) > 0, so the solution is the first corner from which it
does not rise, or the stationary point of the edge on which it turns. On a concave
curve (f(t), g(t)) the same sign is that of  w1 f'(g - d2) + w2 g'(f - d1). A finite set is
compared point by point and keeps every maximiser. Where no feasible point is strictly better than d
for everyone, the outcome is "no gains from trade", at d itself.

References: Nash (1950), Econometrica 18, 155-162; Harsanyi and Selten (1972), Management Science
18(5), 80-106 (weights); Mariotti (1998), Review of Economic Studies 65, 733-741 (finite sets).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import lcm
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable, NotDecided
from bargain.expressions import exact
from bargain.games.bargaining import BargainingProblem
from bargain.regions import GT, Cell, Oracle, Space
from bargain.solution import Solution
from bargain.solvers.axiomatic.division import check_division, on_division
from bargain.solvers.axiomatic.frontier import (
    AGREEMENT,
    NO_GAINS,
    Curve,
    Point,
    Settlement,
    better,
    by_regimes,
    check_curve,
    curve_of,
    disagreement,
    gains_exist,
    pareto_frontier,
    within,
)
from bargain.solvers.axiomatic.polytopes import check_polytope, nash_on_polytope
from bargain.solvers.axiomatic.roots import real_roots, sign, tidy


@dataclass(frozen=True)
class NashBargaining:
    """Maximises the product of gains over disagreement, each to the power of the player's weight.

    weights: positive, equal if not given; a single player left out has one minus the sum of the others. nonconvex: also take
    curves that are not concave, and list every point of the curve with the greatest product (Mariotti 1998, as for finite sets); lotteries, that is the
    convex hull, are another problem, with another answer.

    >>> from bargain import BargainingProblem
    >>> kinked = BargainingProblem("Kinked", ("A", "B"), {"A": 0, "B": 0}, vertices=((0, 0), (0, 3), (2, 2), (4, 0)))
    >>> NashBargaining(weights={"A": "3/4"}).run(kinked).equilibria[0].payoffs
    {'A': 3, 'B': 1}
    """

    weights: Mapping[str, Any] | None = None
    nonconvex: bool = False
    concept = "Nash bargaining solution"

    def __post_init__(self) -> None:
        if self.weights is not None:
            object.__setattr__(self, "weights", {player: exact(weight) for player, weight in self.weights.items()})

    def at(self, values: Mapping[sp.Symbol, sp.Expr]) -> "NashBargaining":
        """This solver with parameters in its weights replaced by numbers."""
        return replace(self, weights=self.weights and {player: exact(weight).subs(values) for player, weight in self.weights.items()})

    def powers(self, players: tuple[str, ...]) -> Point:
        """The weights in the order of the players."""
        if self.weights is None:
            return (sp.Integer(1),) * len(players)
        rest = 1 - sum(self.weights.values())
        return tuple(self.weights.get(player, rest) for player in players)

    def accepts(self, problem: Any) -> None:
        """Refuse what has no Nash solution: other problems, weights that are not positive, sets that are not convex."""
        if not isinstance(problem, BargainingProblem):
            raise NotApplicable(f"a {type(problem).__name__} is not a bargaining problem", place="NashBargaining", remedy="give a BargainingProblem")
        if problem.kind == "curve" and len(problem.players) != 2:
            raise NotApplicable(f"{len(problem.players)} players on a {problem.kind}", place=f"bargaining problem {problem.title!r}",
                                remedy="use two players, vertices, a division of a pie, or a finite set of points")
        self._check_weights(problem)
        if problem.kind == "polygon" and len(problem.players) > 2:
            check_polytope(problem)
        if problem.kind == "division":
            check_division(problem)
        if problem.kind == "curve":
            check_curve(problem, concave=not self.nonconvex)

    def _check_weights(self, problem: BargainingProblem) -> None:
        place = "weights of the Nash product"
        named = set(problem.players) if self.weights is None else set(self.weights)
        if not named <= set(problem.players) or len(named) < len(problem.players) - 1:
            raise NotApplicable("the weights must name every player, or all but one", place=place, remedy="players: " + ", ".join(problem.players))
        space = Space(problem.notation)
        for player, weight in zip(problem.players, self.powers(problem.players), strict=True):
            unknown = weight.free_symbols - set(problem.notation.symbols)
            if unknown:
                raise NotApplicable(f"symbol {min(map(str, unknown))} is not in the problem's notation", place=place,
                                    remedy="declare it there as a Parameter")
            if space.implies(Cell(), Cell().where(weight, GT)).answer is not True:
                raise NotApplicable(f"weight {weight} of {player} is not positive on the whole domain", place=place,
                                    remedy="give positive weights, or a narrower domain such as (0, 1)")
            if (problem.kind == "finite" or self.nonconvex) and not weight.is_Rational:
                raise NotApplicable(f"weight {weight} of {player} is not a rational number", place=place,
                                    remedy="on a set that is not convex, give rational weights: products with other powers cannot be compared exactly")

    def run(self, problem: BargainingProblem) -> Solution:
        """The solution on every region of parameters."""
        weights = self.powers(problem.players)
        if problem.kind == "polygon" and len(problem.players) > 2:
            return nash_on_polytope(problem, self, weights)
        return by_regimes(problem, self, {
            "polygon": lambda oracle, stated: _on_polygon(oracle, stated, weights),
            "curve": lambda oracle, stated: (_highest_on_curve if self.nonconvex else _on_curve)(oracle, stated, weights),
            "finite": lambda oracle, stated: _among_points(oracle, stated, weights),
            "division": lambda oracle, stated: on_division(oracle, stated, weights)})


def _on_polygon(oracle: Oracle, problem: BargainingProblem, weights: Point) -> tuple[Settlement, ...]:
    d = disagreement(problem)
    frontier = pareto_frontier(oracle, problem.vertices)
    if not gains_exist(oracle, frontier, d):
        return (Settlement(NO_GAINS, d),)
    for p, q in zip(frontier, frontier[1:], strict=False):
        edge = (q[0] - p[0], q[1] - p[1])
        start, end = _rise(p, edge, d, weights), _rise(q, edge, d, weights)
        if sign(oracle, start) <= 0:
            return (Settlement(AGREEMENT, p),)
        if sign(oracle, end) < 0:
            step = start / (start - end)
            return (Settlement(AGREEMENT, tuple(tidy(p[i] + step * edge[i]) for i in (0, 1))),)
    return (Settlement(AGREEMENT, frontier[-1]),)


def _rise(u: Point, direction: Point, d: Point, weights: Point) -> sp.Expr:
    """The sign of the product's derivative at u in a direction (linear in u along that direction)."""
    return weights[0] * direction[0] * (u[1] - d[1]) + weights[1] * direction[1] * (u[0] - d[0])


def _on_curve(oracle: Oracle, problem: BargainingProblem, weights: Point) -> tuple[Settlement, ...]:
    d, curve = disagreement(problem), curve_of(problem)
    t = curve.parameter
    rise = _slope(oracle, curve, _rise(curve.utilities, tuple(sp.diff(u, t) for u in curve.utilities), d, weights))
    roots = real_roots(oracle, rise, t)
    stationary = (root for root in roots.values if better(oracle, curve.at(root), d) and within(oracle, curve, root))
    corners = (end for end, outward in ((curve.low, 1), (curve.high, -1))
               if better(oracle, curve.at(end), d) and outward * sign(oracle, tidy(rise.subs(t, end))) <= 0)
    for value in (*stationary, *corners):
        return (Settlement(AGREEMENT, curve.at(value), (("share", tidy(curve.share.subs(t, value))),)),)
    if not roots.complete:
        raise NotDecided(f"no solution of {rise} = 0 could be confirmed in the interval", place="first-order condition",
                         remedy="fix more parameters, or restate the utilities as polynomials")
    return (Settlement(NO_GAINS, d),)


def _highest_on_curve(oracle: Oracle, problem: BargainingProblem, weights: Point) -> tuple[Settlement, ...]:
    """Every stationary point and end of a curve with the greatest product."""
    d, curve = disagreement(problem), curve_of(problem)
    t = curve.parameter
    roots = real_roots(oracle, _slope(oracle, curve, _rise(curve.utilities, tuple(sp.diff(u, t) for u in curve.utilities), d, weights)), t)
    if not roots.complete:
        raise NotDecided("stationary points may be missing", place="first-order condition", remedy="restate the utilities as polynomials")
    values = [value for value in dict.fromkeys([*roots.values, curve.low, curve.high]) if within(oracle, curve, value) and better(oracle, curve.at(value), d)]
    if not values:
        return (Settlement(NO_GAINS, d),)
    scale = lcm(*(int(weight.q) for weight in weights))
    products = [sp.prod((u - v) ** (scale * weight) for u, v, weight in zip(curve.at(value), d, weights, strict=True)) for value in values]
    highest = [0]
    for k in range(1, len(values)):
        order = sign(oracle, products[k] - products[highest[0]])
        highest = [k] if order > 0 else [*highest, k] if order == 0 else highest
    return tuple(Settlement(AGREEMENT, curve.at(values[k]), (("share", tidy(curve.share.subs(t, values[k]))),)) for k in highest)


def _slope(oracle: Oracle, curve: Curve, rise: sp.Expr) -> sp.Expr:
    """An expression with the sign of `rise` inside the interval, and finite at its ends: the denominator in t is cleared."""
    numerator, denominator = sp.fraction(sp.together(rise))
    constant, moving = denominator.as_independent(curve.parameter, as_Add=False)
    if moving == 1:
        return numerator * constant
    wide, inside = curve.inside(oracle.space)
    if wide.sign(moving, inside & oracle.cell) != GT:
        raise NotDecided(f"the sign of the denominator {moving} is not settled", place="first-order condition", remedy="fix more parameters")
    return numerator * constant


def _among_points(oracle: Oracle, problem: BargainingProblem, weights: Point) -> tuple[Settlement, ...]:
    d = disagreement(problem)
    points = [point for point in dict.fromkeys(problem.points) if better(oracle, point, d)]
    if not points:
        return (Settlement(NO_GAINS, d),)
    scale = lcm(*(int(weight.q) for weight in weights))
    products = [sp.prod((u - v) ** (scale * weight) for u, v, weight in zip(point, d, weights, strict=True)) for point in points]
    return tuple(Settlement(AGREEMENT, points[index]) for index in oracle.greatest(products))
