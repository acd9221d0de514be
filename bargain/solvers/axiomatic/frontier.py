"""The Pareto frontier of a two-player bargaining problem, found by signs an oracle answers.

Polygon: the frontier of a convex hull runs from the highest vertex (the best for player 2, ties
to player 1) down to the rightmost one, along edges p -> q with q1 > p1 and q2 < p2. A point
d is strictly dominated by some feasible point exactly where d lies below the first vertex, left
of the last one, and strictly below every edge's line:

    p2(first) > d2,   p1(last) > d1,   (q1 - p1)(p2 - d2) - (q2 - p2)(p1 - d1) > 0.

Curve: (f(t), g(t)) on low <= t <= high is a concave frontier where f' and g' have opposite signs
and the slope g'/f' falls as f rises. Reference: Myerson (1991), Game Theory, ch. 8; the walk
along the hull is Jarvis (1973), Information Processing Letters 2, 18-21.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import lcm
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable, NotDecided
from bargain.findings.settlements import Located
from bargain.games.bargaining import BargainingProblem
from bargain.notation import Notation, Parameter
from bargain.regions import GE, GT, LE, LT, Cell, Oracle, Region, Space, explore, merge_cells
from bargain.solution import Equilibrium, Regime, Solution, Status
from bargain.solvers.axiomatic.roots import sign, tidy

AGREEMENT, NO_GAINS = "agreement", "no gains from trade"
Point = tuple[sp.Expr, ...]


@dataclass(frozen=True)
class Settlement:
    """What a solution concept selects on one cell: the outcome, the utilities, named quantities, and points that prove it."""

    outcome: str
    payoffs: Point
    quantities: tuple[tuple[str, sp.Expr], ...] = ()
    points: tuple[Point, ...] = ()


Finder = Callable[[Oracle, BargainingProblem], tuple[Settlement, ...]]


@dataclass(frozen=True)
class Curve:
    """A frontier (f(t), g(t)) over low <= t <= high; the share a reader knows is `share`, a function of t."""

    parameter: sp.Symbol
    low: sp.Expr
    high: sp.Expr
    utilities: Point
    share: sp.Expr

    def at(self, value: sp.Expr) -> Point:
        """The utilities at one value of the parameter."""
        return tuple(tidy(utility.subs(self.parameter, value)) for utility in self.utilities)

    def inside(self, space: Space) -> tuple[Space, Cell]:
        """The space widened by the curve's parameter, and the cell of its open interval."""
        rows = (*space.notation.parameters, Parameter(self.parameter, "parameter of the curve"))
        wide = Space(Notation(rows, space.notation.assumptions), timeout_ms=space.timeout_ms)
        return wide, Cell().where(self.parameter - self.low, GT).where(self.parameter - self.high, LT)


def disagreement(problem: BargainingProblem) -> Point:
    """The disagreement point in the order of the players."""
    return tuple(problem.disagreement[player] for player in problem.players)


def curve_of(problem: BargainingProblem) -> Curve:
    """The problem's curve; where utilities hold roots of t, in the parameter s with t = s**m, which is free of them."""
    assert problem.curve is not None
    t, (low, high), named = problem.curve
    utilities = tuple(named[player] for player in problem.players)
    powers = {power.exp for utility in utilities for power in utility.atoms(sp.Pow) if power.base == t and power.exp.is_Rational}
    m = lcm(*(int(exponent.q) for exponent in powers))
    if m == 1:
        return Curve(t, low, high, utilities, t)
    root = sp.Dummy(f"root of {t}", positive=True)
    replaced = tuple(utility.subs(t, root**m).subs(root, t) for utility in utilities)
    return Curve(t, low ** sp.Rational(1, m), high ** sp.Rational(1, m), replaced, t**m)


def straightened(problem: BargainingProblem) -> tuple[BargainingProblem, Callable[[Point], sp.Expr]] | None:
    """A straight curve as a polygon, and its parameter as a function of utilities; None for a curve that bends."""
    if problem.curve is None:
        return None
    t, ends, named = problem.curve
    slopes = [sp.diff(named[player], t) for player in problem.players]
    steep = [index for index, slope in enumerate(slopes) if slope.is_Rational and slope != 0]
    if any(slope.has(t) for slope in slopes) or not steep:
        return None
    i = steep[0]
    start = named[problem.players[i]].subs(t, 0)
    vertices = tuple(tuple(utility.subs(t, end) for utility in named.values()) for end in ends)
    return replace(problem, curve=None, vertices=vertices), lambda u: tidy((u[i] - start) / slopes[i])


def check_curve(problem: BargainingProblem, *, concave: bool) -> None:
    """Refuse a curve that is not a downward-sloping (and, if asked, concave) frontier."""
    place, space = f"bargaining problem {problem.title!r}", Space(problem.notation)
    curve = curve_of(problem)
    for power in set().union(*(utility.atoms(sp.Pow) for utility in curve.utilities)):
        if power.exp.free_symbols:
            raise NotDecided(f"the exponent of {power} has free parameters", place=place,
                             remedy="fix them, at=...: a rational exponent is solved exactly")
    _need(space, Cell(), Cell().where(curve.high - curve.low, GE), place, "the curve's interval is empty for some parameters")
    wide, within = curve.inside(space)
    f1, g1 = (sp.diff(utility, curve.parameter) for utility in curve.utilities)
    rising = wide.implies(within, Cell().where(f1, GE)).answer is True
    up, down = (GE, LE) if rising else (LE, GE)
    _need(wide, within, Cell().where(f1, up).where(g1, down), place, "along the curve one player does not lose as the other gains")
    if concave:
        bend = f1 * sp.diff(g1, curve.parameter) - g1 * sp.diff(f1, curve.parameter)
        _need(wide, within, Cell().where(bend, down), place, "the feasible set is not convex: the frontier is not concave")


def _need(space: Space, within: Cell, conclusion: Cell, place: str, rule: str) -> None:
    verdict = space.implies(within, conclusion)
    if verdict.answer is None:
        raise NotDecided(f"could not exclude that {rule}", place=place, remedy="fix more parameters, or restate the utilities as polynomials")
    if verdict.answer is False:
        where = f" (for example at {dict(verdict.witness)})" if verdict.witness else ""
        raise NotApplicable(rule + where, place=place, remedy="restrict the interval or the domains, or list its corners as vertices (lotteries)")


def pareto_frontier(oracle: Oracle, vertices: tuple[Point, ...]) -> list[Point]:
    """The corners of the Pareto frontier of the convex hull, from player 2's best to player 1's best."""
    highest = [vertices[index] for index in oracle.greatest([vertex[1] for vertex in vertices])]
    corner = highest[oracle.greatest([vertex[0] for vertex in highest])[0]]
    frontier = [corner]
    while right := [vertex for vertex in dict.fromkeys(vertices) if sign(oracle, vertex[0] - corner[0]) > 0]:
        corner = _next(oracle, corner, right)
        frontier.append(corner)
    return frontier


def _next(oracle: Oracle, corner: Point, right: list[Point]) -> Point:
    """The vertex seen from the corner at the flattest descent; the farthest one on a tie."""
    best = right[0]
    for other in right[1:]:
        turn = sign(oracle, (best[0] - corner[0]) * (other[1] - corner[1]) - (best[1] - corner[1]) * (other[0] - corner[0]))
        if turn > 0 or (turn == 0 and sign(oracle, other[0] - best[0]) > 0):
            best = other
    return best


def gains_exist(oracle: Oracle, frontier: list[Point], d: Point) -> bool:
    """Whether some point below the frontier gives both players strictly more than d."""
    above = [frontier[0][1] - d[1], frontier[-1][0] - d[0]]
    for p, q in zip(frontier, frontier[1:], strict=False):
        above.append((q[0] - p[0]) * (p[1] - d[1]) - (q[1] - p[1]) * (p[0] - d[0]))
    return all(sign(oracle, gap) > 0 for gap in above)


def better(oracle: Oracle, point: Point, d: Point) -> bool:
    """Whether the point gives every player strictly more than d."""
    return all(sign(oracle, u - v) > 0 for u, v in zip(point, d, strict=True))


def within(oracle: Oracle, curve: Curve, value: sp.Expr) -> bool:
    """Whether a value of the parameter lies in the curve's interval."""
    return sign(oracle, value - curve.low) >= 0 and sign(oracle, curve.high - value) >= 0


def by_regimes(problem: BargainingProblem, solver: Any, find: Mapping[str, Finder]) -> Solution:
    """Run the algorithm for the problem's kind on every cell it distinguishes, and join the cells with equal settlements."""
    space = Space(problem.notation)
    leaves, _ = explore(space, lambda oracle: _settled(oracle, problem, find), boundaries=True)
    kinds = sorted(dict.fromkeys(result for _, result in leaves), key=lambda kind: kind[0].outcome == NO_GAINS)
    boxes = merge_cells(space, leaves, same=[kinds.index(result) for _, result in leaves])
    regimes = tuple(
        Regime(Region(tuple(box for box, kind in boxes if kind == number)),
               tuple(equilibrium_of(problem, solver, settlement) for settlement in settlements))
        for number, settlements in enumerate(kinds))
    status = Status.PROVED if problem.notation.symbols else Status.CERTIFIED
    return Solution(problem, solver, status, regimes, stats={"cells": len(leaves), "queries": space.queries})


def _settled(oracle: Oracle, problem: BargainingProblem, find: Mapping[str, Finder]) -> tuple[Settlement, ...]:
    straight = straightened(problem)
    if straight is None:
        return find[problem.kind](oracle, problem)
    polygon, share = straight
    return tuple(settlement if settlement.outcome == NO_GAINS
                 else replace(settlement, quantities=(("share", share(settlement.payoffs)), *settlement.quantities))
                 for settlement in find["polygon"](oracle, polygon))


def equilibrium_of(problem: BargainingProblem, solver: Any, settlement: Settlement) -> Equilibrium:
    payoffs = dict(zip(problem.players, settlement.payoffs, strict=True))
    if settlement.points:
        return Located(solver.concept, {}, payoffs, outcome=settlement.outcome, quantities=dict(settlement.quantities), points=settlement.points)
    return Equilibrium(solver.concept, {}, payoffs, outcome=settlement.outcome, quantities=dict(settlement.quantities))
