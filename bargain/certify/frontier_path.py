"""Checks of solutions on the frontier: the corners that the solver reports are proved to be the frontier, then what the concept equalises is recomputed.

A list of points is the weak frontier of the individually rational set if it starts at d1 and ends at d2, every point can be
reached (no direction separates it from the hull), and no vertex lies beyond any of its edges.
"""

from collections.abc import Iterator
from typing import Any

import sympy as sp

from bargain.certify.axiomatic import better_points, equal, feasible_below, most_given, named, without_gains
from bargain.certify.check import Violation, paired
from bargain.certify.polytopes import polytope_violations
from bargain.findings.settlements import Located
from bargain.games.bargaining import BargainingProblem
from bargain.solution import Component, Equilibrium

Point = tuple[sp.Expr, ...]


def violations(problem: BargainingProblem, solver: Any, equilibrium: Equilibrium | Component) -> Iterator[Violation]:
    """The ways in which a claimed point could fail to be feasible, weakly Pareto optimal, or equal in what its concept equalises."""
    assert isinstance(equilibrium, Equilibrium)
    if problem.vertices and len(problem.players) > 2:
        yield from polytope_violations(problem, solver, equilibrium)
        return
    u = tuple(equilibrium.payoffs[player] for player in problem.players)
    d = tuple(problem.disagreement[player] for player in problem.players)
    if equilibrium.outcome == "no gains from trade":
        yield from without_gains(problem, d, u)
        return
    yield from map(named, feasible_below(problem, u, equilibrium.quantities.get("share")))
    yield from map(named, _concept(problem, solver, equilibrium, u, d))
    if solver.concept != "utilitarian solution":
        yield from map(named, better_points("Pareto: a feasible point is better for both", problem, u))


def _concept(problem: BargainingProblem, solver: Any, found: Equilibrium, u: Point, d: Point) -> Iterator[Violation]:
    w = tuple(solver.weights.values()) if getattr(solver, "weights", None) is not None else (sp.Integer(1), sp.Integer(1))
    if solver.concept in ("egalitarian solution", "proportional solution"):
        yield from equal("gains", w[1] * (u[0] - d[0]), w[0] * (u[1] - d[1]))
        return
    if solver.concept == "utilitarian solution":
        for v in problem.vertices if problem.curve is None else (tuple(problem.curve[2][player] for player in problem.players),):
            yield Violation("sum: a feasible point has a greater one", sp.expand(w[0] * (v[0] - u[0]) + w[1] * (v[1] - u[1])), _along(problem))
        return
    assert isinstance(found, Located)
    if solver.concept == "discrete Raiffa solution":
        yield from _steps(problem, found.points, u, d)
        return
    walk = found.points
    if problem.curve is not None and "share" in found.quantities and len(walk) == 2 and f"share best for {problem.players[0]}" in found.quantities:
        from bargain.certify.arcs import arc_violations

        yield from arc_violations(problem, solver.concept, found, u, d)
        return
    yield from _frontier(problem, walk, d)
    if solver.concept == "equal loss solution":
        yield from equal("losses", walk[-1][0] - u[0], walk[0][1] - u[1])
        return
    before, after = _divided(walk, u)
    for p, q in (before[-1], after[0]):
        yield from equal("position: on an edge of the frontier", (q[0] - p[0]) * (u[1] - p[1]), (q[1] - p[1]) * (u[0] - p[0]))
    measure = _area if solver.concept == "equal area solution" else _length
    yield from equal("halves", measure(before, d), measure(after, d))


def _along(problem: BargainingProblem) -> Any:
    from bargain.regions.cells import GE, LE, Cell

    if problem.curve is None:
        return Cell()
    t, (low, high), _ = problem.curve
    return Cell().where(t - low, GE).where(t - high, LE)


def _frontier(problem: BargainingProblem, walk: tuple[Point, ...], d: Point) -> Iterator[Violation]:
    yield from equal("frontier: starts at player 1's disagreement", walk[0][0], d[0])
    yield from equal("frontier: ends at player 2's disagreement", walk[-1][1], d[1])
    for point in walk:
        yield from feasible_below(problem, point, None)
    for p, q in zip(walk, walk[1:], strict=False):
        for v in problem.vertices:
            beyond = (q[0] - p[0]) * (v[1] - p[1]) - (q[1] - p[1]) * (v[0] - p[0])
            yield Violation("frontier: a vertex lies beyond an edge", sp.expand(beyond))


def _divided(walk: tuple[Point, ...], u: Point) -> tuple[list[tuple[Point, Point]], list[tuple[Point, Point]]]:
    """The edges up to u and from u on; u lies on the edge where it is at a typical point of the parameters."""
    symbols = sorted(set().union(*(value.free_symbols for point in (*walk, u) for value in point)), key=str)
    typical = {symbol: sp.Rational(3 + 2 * k, 7 + 3 * k) for k, symbol in enumerate(symbols)}
    gaps = [abs(_numeric((q[0] - p[0]) * (u[1] - p[1]) - (q[1] - p[1]) * (u[0] - p[0]), typical)) for p, q in zip(walk, walk[1:], strict=False)]
    inside = [_numeric((u[0] - p[0]) * (q[0] - u[0]), typical) >= -1e-30 and _numeric((u[1] - p[1]) * (q[1] - u[1]), typical) >= -1e-30
              for p, q in zip(walk, walk[1:], strict=False)]
    k = min(range(len(gaps)), key=lambda k: (not inside[k], gaps[k]))
    edges = list(zip(walk, walk[1:], strict=False))
    return [*edges[:k], (walk[k], u)], [(u, walk[k + 1]), *edges[k + 1:]]


def _numeric(value: sp.Expr, at: dict[sp.Symbol, sp.Expr]) -> float:
    return float(sp.re(sp.N(value.subs(at), 40)))


def _area(edges: list[tuple[Point, Point]], d: Point) -> sp.Expr:
    """Twice the area of the triangles from d to the edges."""
    return sp.Add(*(sp.Matrix([[q[0] - d[0], q[1] - d[1]], [p[0] - d[0], p[1] - d[1]]]).det() for p, q in edges))


def _length(edges: list[tuple[Point, Point]], d: Point) -> sp.Expr:
    return sp.Add(*(sp.sqrt(sp.factor(sp.expand((p[1] - q[1]) * (q[0] - p[0])))) for p, q in edges))


def _steps(problem: BargainingProblem, steps: tuple[Point, ...], u: Point, d: Point) -> Iterator[Violation]:
    """Every step is the mean of what each player could get at most, given the step before."""
    for first, second in ((steps[0], d), (steps[-1], u)):
        for a, b in paired(first, second):
            yield from equal("steps: from disagreement to the solution", a, b)
    for here, after in zip(steps, steps[1:], strict=False):
        for i in (0, 1):
            yield from most_given(problem, i, 2 * after[i] - here[i], here)
