"""Checks of axiomatic bargaining solutions, by inequalities that any right answer satisfies.

With s on the simplex, t on the curve, and d, u, a the disagreement, claimed and ideal points:

- feasible: no direction s separates u from the set, i.e. not s.(v - u) < 0 for every vertex v;
- Nash on a set that is not convex: no other point has a greater product;
- Nash: the hyperplane that supports the product's level set at u supports the set,
  sum_i w_i (v_i - d_i) / (u_i - d_i) <= sum_i w_i for every vertex v (or curve point), u > d; this
  is necessary and sufficient on a convex set. On a finite set the products are compared;
- Kalai-Smorodinsky: u lies on the ray from d to a, nothing feasible is better for both, and a_i is
  feasible with u_j = d_j and exceeded by no point with u_j >= d_j;
- no gains from trade: u = d and no feasible point is better for everyone.

Nothing here orders vertices or solves an equation. An algebraic number is replaced by a variable with
its polynomial and isolating interval. Reference: Boyd and Vandenberghe (2004), Convex Optimization, 2.5.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from math import lcm
from typing import Any

import sympy as sp

from bargain.certify.check import Violation, paired
from bargain.certify.polytopes import division_violations, polytope_violations
from bargain.games.bargaining import BargainingProblem
from bargain.regions.cells import EQ, GE, GT, LE, LT, Cell
from bargain.solution import Component, Equilibrium

Point = tuple[sp.Expr, ...]
_MIX = sp.Symbol("mix_of_the_check", real=True)


def nash_violations(problem: BargainingProblem, solver: Any, equilibrium: Equilibrium | Component) -> Iterator[Violation]:
    """The ways in which a claimed Nash bargaining solution could fail.

    >>> from bargain import BargainingProblem, NashBargaining
    >>> pie = BargainingProblem("Pie", ("A", "B"), {"A": 0, "B": 0}, vertices=((1, 0), (0, 1)))
    >>> wrong = Equilibrium("", {}, {"A": sp.Rational(3, 5), "B": sp.Rational(2, 5)}, outcome="agreement")
    >>> [check.excess for check in nash_violations(pie, NashBargaining(), wrong) if check.what.startswith("supporting")]
    [-2/25, 3/25]
    """
    assert isinstance(equilibrium, Equilibrium)
    if problem.vertices and len(problem.players) > 2:
        yield from polytope_violations(problem, solver, equilibrium)
        return
    d, u = _point(problem, problem.disagreement), _point(problem, equilibrium.payoffs)
    if equilibrium.outcome == "no gains from trade":
        yield from without_gains(problem, d, u)
        return
    if problem.division is not None:
        yield from division_violations(problem, solver, equilibrium)
        return
    weights = _weights(problem, solver)
    yield from map(named, _gains(problem, d, u))
    yield from map(named, feasible_below(problem, u, equilibrium.quantities.get("share")))
    yield from map(named, _greatest_product(problem, d, u, weights) if problem.points or getattr(solver, "nonconvex", False)
                   else _supported(problem, d, u, weights))


def kalai_smorodinsky_violations(problem: BargainingProblem, solver: Any, equilibrium: Equilibrium | Component) -> Iterator[Violation]:
    """The ways in which a claimed Kalai-Smorodinsky solution could fail (it must name its ideal point).

    >>> from bargain import BargainingProblem, KalaiSmorodinsky
    >>> pie = BargainingProblem("Pie", ("A", "B"), {"A": 0, "B": 0}, vertices=((1, 0), (0, 1)))
    >>> half, one = sp.Rational(1, 2), sp.Integer(1)
    >>> right = Equilibrium("", {}, {"A": half, "B": half}, outcome="agreement", quantities={"ideal A": one, "ideal B": one})
    >>> {violation.what.split(":")[0] for violation in kalai_smorodinsky_violations(pie, KalaiSmorodinsky(), right)}.issuperset({"ray"})
    True
    """
    assert isinstance(equilibrium, Equilibrium)
    if problem.vertices and len(problem.players) > 2:
        yield from polytope_violations(problem, solver, equilibrium)
        return
    d, u = _point(problem, problem.disagreement), _point(problem, equilibrium.payoffs)
    if equilibrium.outcome == "no gains from trade":
        yield from without_gains(problem, d, u)
        return
    ideal = tuple(equilibrium.quantities[f"ideal {player}"] for player in problem.players)
    yield from map(named, _gains(problem, d, u))
    yield from map(named, equal("ray", (ideal[0] - d[0]) * (u[1] - d[1]), (ideal[1] - d[1]) * (u[0] - d[0])))
    yield from map(named, feasible_below(problem, u, equilibrium.quantities.get("share")))
    yield from map(named, better_points("Pareto: a feasible point is better for both", problem, u))
    for i in (0, 1):
        yield from map(named, most_given(problem, i, ideal[i], d))


def _point(problem: BargainingProblem, named: Any) -> Point:
    return tuple(named[player] for player in problem.players)


def _weights(problem: BargainingProblem, solver: Any) -> Point:
    """The weights as the solver states them; one left out is one minus the others."""
    if solver.weights is None:
        return tuple(sp.Integer(1) for _ in problem.players)
    left = 1 - sum(solver.weights.values())
    return tuple(solver.weights.get(player, left) for player in problem.players)


def without_gains(problem: BargainingProblem, d: Point, u: Point) -> Iterator[Violation]:
    for claimed, stated in paired(u, d):
        yield from map(named, equal("disagreement", claimed, stated))
    yield from map(named, better_points("gains: a feasible point is better for everyone", problem, d))


def _gains(problem: BargainingProblem, d: Point, u: Point) -> Iterator[Violation]:
    for player, claimed, stated in paired(problem.players, u, d):
        yield Violation(f"individual rationality: {player} does not gain", sp.Integer(1), Cell().where(claimed - stated, LE))


def equal(what: str, left: sp.Expr, right: sp.Expr) -> Iterator[Violation]:
    gap = _zeroed(left - right)
    yield Violation(f"{what}: too much", gap)
    yield Violation(f"{what}: too little", -gap)


def _zeroed(gap: sp.Expr) -> sp.Expr:
    """A gap in a form that shows it to be zero if it is."""
    if gap.is_number:
        return sp.Integer(0) if gap.equals(0) else gap
    return sp.together(sp.expand(gap)) if sp.simplify(gap) != 0 else sp.Integer(0)


def _chords(problem: BargainingProblem) -> Iterator[tuple[Point, Cell]]:
    """The feasible points that matter, as families with one free number each: chords, the curve, or single points."""
    if problem.curve is not None:
        t, (low, high), utilities = problem.curve
        yield _point(problem, utilities), Cell().where(t - low, GE).where(t - high, LE)
        return
    for point in problem.points or problem.vertices:
        yield point, Cell()
    mixed = Cell().where(_MIX, GT).where(_MIX - 1, LT)
    for v, w in combinations(problem.vertices, 2):
        yield tuple(a + _MIX * (b - a) for a, b in paired(v, w)), mixed


def better_points(what: str, problem: BargainingProblem, u: Point) -> Iterator[Violation]:
    """Some feasible point is strictly above u for every player (for two players, then some point of a chord is)."""
    for point, where in _chords(problem):
        for value, bound in list(paired(point, u))[1:]:
            where = where.where(value - bound, GT)
        yield Violation(what, point[0] - u[0], where)


def feasible_below(problem: BargainingProblem, u: Point, share: sp.Expr | None) -> Iterator[Violation]:
    if problem.curve is not None:
        t, (low, high), utilities = problem.curve
        yield Violation("feasibility: the share is below the interval", low - share)
        yield Violation("feasibility: the share is above the interval", share - high)
        for claimed, utility in paired(u, _point(problem, utilities)):
            yield from equal("feasibility", claimed, utility.subs(t, share))
    elif problem.points:
        gaps = [sum((a - b) ** 2 for a, b in paired(u, point)) for point in problem.points]
        yield Violation("feasibility: not one of the points", sp.prod(_zeroed(gap) for gap in gaps))
    else:
        yield _separated("feasibility: outside the convex hull", problem, u)


def _separated(what: str, problem: BargainingProblem, u: Point) -> Violation:
    """Some weighting of the two players values u above every vertex."""
    gaps = [(u[0] - v[0]) * _MIX + (u[1] - v[1]) * (1 - _MIX) for v in problem.vertices]
    where = Cell().where(_MIX, GE).where(_MIX - 1, LE)
    for gap in gaps[1:]:
        where = where.where(gap, GT)
    return Violation(what, gaps[0], where)


def _supported(problem: BargainingProblem, d: Point, u: Point, weights: Point) -> Iterator[Violation]:
    gains = [a - b for a, b in paired(u, d)]
    others = [sp.prod(gains[:i] + gains[i + 1 :]) for i in range(len(gains))]
    family = [(vertex, Cell()) for vertex in problem.vertices] or list(_chords(problem))
    for point, where in family:
        excess = sum(w * other * (v - b - g) for w, other, v, b, g in paired(weights, others, point, d, gains))
        yield Violation("supporting hyperplane: a feasible point lies beyond it", _zeroed(sp.expand(excess)), where)


def _greatest_product(problem: BargainingProblem, d: Point, u: Point, weights: Point) -> Iterator[Violation]:
    scale = lcm(*(int(weight.q) for weight in weights))
    powers = [scale * weight for weight in weights]
    claimed = sp.prod((a - b) ** power for a, b, power in paired(u, d, powers))
    for point, where in _chords(problem):
        for value, bound in paired(point, d):
            where = where.where(value - bound, GT)
        product = sp.prod((a - b) ** power for a, b, power in paired(point, d, powers))
        yield Violation("product: another point has a greater one", _zeroed(product - claimed), where)


def most_given(problem: BargainingProblem, i: int, most: sp.Expr, d: Point) -> Iterator[Violation]:
    """The most player i can get while the other keeps d: not exceeded, and reached."""
    other, name = 1 - i, problem.players[i]
    for point, where in _chords(problem):
        yield Violation(f"ideal point: {name} could get more", point[i] - most, where.where(point[other] - d[other], GE))
    if problem.curve is None:
        target = (most, d[1]) if i == 0 else (d[0], most)
        yield _separated(f"ideal point: {name} cannot get as much", problem, target)
        return
    t, (low, high), utilities = problem.curve
    mine, theirs = utilities[name], utilities[problem.players[other]]
    first, last = mine.subs(t, low), mine.subs(t, high)
    yield Violation(f"ideal point: {name} gets it nowhere", most - first, Cell().where(most - last, GT))
    yield Violation(f"ideal point: {name} gets less nowhere", first - most, Cell().where(last - most, GT))
    yield Violation(f"ideal point: {name} gets it only below the other's disagreement", d[other] - theirs,
                    Cell().where(mine - most, EQ).where(t - low, GE).where(t - high, LE))


def named(violation: Violation) -> Violation:
    """The violation with algebraic numbers and roots replaced by variables that polynomials and bounds pin down."""
    bodies = (violation.excess, *(body for body, _ in violation.where.atoms))
    numbers = sorted(set().union(*(body.atoms(sp.CRootOf) for body in bodies)), key=str)
    radicals = sorted({power for body in bodies for power in body.atoms(sp.Pow) if power.exp.is_Rational and power.exp.q > 2}, key=str)
    if not numbers and not radicals:
        return violation
    names: dict[sp.Expr, sp.Expr] = {}
    where = Cell()
    for root in numbers:
        name, (low, high) = sp.Symbol(f"root_{len(names)}_of_the_check", real=True), _isolated(root)
        names[root] = name
        where = where.where(root.poly.as_expr().subs(root.poly.gen, name), EQ).where(name - low, GT).where(name - high, LT)
    for power in radicals:
        name = sp.Symbol(f"root_{len(names)}_of_the_check", real=True)
        names[power] = name**power.exp.p
        where = where.where(name**power.exp.q - power.base, EQ).where(name, GE)
    for body, mask in violation.where.atoms:
        where = where.where(body.xreplace(names), mask)
    return replace(violation, excess=violation.excess.xreplace(names), where=where)


def _isolated(root: sp.CRootOf) -> tuple[sp.Rational, sp.Rational]:
    """Rational bounds with no other root of the polynomial between them; on a grid, as sympy's approximations depend on those asked for before."""
    width = sp.Rational(1, 1000)
    while True:
        middle = sp.floor(4 * root.eval_rational(width / 10**6) / width + sp.Rational(1, 2)) * width / 4
        low, high = middle - width, middle + width
        if sp.Poly(root.poly).count_roots(low, high) == 1:
            return low, high
        width /= 1000
