"""Axiomatic solutions of three or more players on a polytope with free disposal: exact, numbers only.

On a ray  b + t w  (from disagreement towards the ideal point, from disagreement with equal gains, from the ideal point with equal losses) the last
feasible point is a linear program over mixtures of the corners; its dual prices prove that nothing feasible is better for everyone.

The Nash product is maximal at u exactly where the hyperplane with weights w_i / (u_i - d_i) supports the set, so that every candidate is decided by the
corners alone. Candidates: a corner; on an edge, the zeros of the derivative of the product, a polynomial; on a facet with normal n, the point
u_i = d_i + c w_i / n_i. With three players these are all faces.

Sources: Roth (1979), Axiomatic Models of Bargaining (Kalai and Smorodinsky's solution of three players need not be Pareto optimal); Thomson (1994), Handbook of
Game Theory 2:1237-1284.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable, NotDecided, TooLarge
from bargain.findings.settlements import Supported
from bargain.games.bargaining import BargainingProblem
from bargain.kernels.exact_lp import LinearProgram, Optimal, solve_lp
from bargain.regions import Region
from bargain.regions.explore import number_sign
from bargain.solution import Regime, Solution, Status
from bargain.solvers.axiomatic.frontier import AGREEMENT, NO_GAINS, Point, disagreement

_MOST = 20_000  # candidate faces
Evidence = tuple[tuple[sp.Expr, ...], tuple[sp.Expr, ...]]  # weights of the corners, prices of the players


def check_polytope(problem: BargainingProblem) -> None:
    """Refuse free parameters and irrational corners."""
    place = f"bargaining problem {problem.title!r}"
    if problem.notation.symbols:
        raise NotApplicable(f"{len(problem.players)} players and free parameters", place=place, remedy="fix every parameter, at=...")
    if any(not value.is_Rational for row in (*problem.vertices, disagreement(problem)) for value in row):
        raise NotApplicable("irrational corners of a polytope", place=place, remedy="give rational numbers")


def on_ray(problem: BargainingProblem, solver: Any, weights: Sequence[sp.Expr] | None = None) -> Solution:
    """The last feasible point on the ray of a concept: egalitarian or proportional (with weights), Kalai-Smorodinsky or equal loss."""
    concept = solver.concept
    d = disagreement(problem)
    ones = (sp.Integer(1),) * len(d)
    gain, proof = _last(problem, d, ones)
    if gain <= 0:
        return _solution(problem, solver, _without_gains(problem, concept, d, gain, proof))
    evidence: dict[str, Evidence] = {}
    quantities: dict[str, sp.Expr] = {}
    base, direction = d, tuple(weights or ones)
    if weights is None:
        ideal = []
        for i, player in enumerate(problem.players):
            most, evidence[f"ideal {player}"] = _most(problem, i, d)
            ideal.append(most)
            quantities[f"ideal {player}"] = most
        base, direction = (d, tuple(a - b for a, b in zip(ideal, d, strict=True))) if concept.startswith("Kalai") else (tuple(ideal), ones)
    step, evidence["solution"] = _last(problem, base, direction)
    point = tuple(b + step * w for b, w in zip(base, direction, strict=True))
    better, weights_of_better = improved(problem, point)
    if better != point:
        evidence["dominated"] = weights_of_better, ()
    return _solution(problem, solver, Supported(concept, {}, dict(zip(problem.players, point, strict=True)), outcome=AGREEMENT, quantities=quantities,
                                                 evidence=evidence, dominated=() if better == point else better))


def nash_on_polytope(problem: BargainingProblem, solver: Any, weights: Point) -> Solution:
    """The corner, point of an edge or point of a facet at which the weighted product of gains is maximal."""
    concept = solver.concept
    d = disagreement(problem)
    gain, proof = _last(problem, d, (sp.Integer(1),) * len(d))
    if gain <= 0:
        return _solution(problem, solver, _without_gains(problem, concept, d, gain, proof))
    corners = list(dict.fromkeys(problem.vertices))
    for point, mixture in _candidates(corners, d, weights):
        gains = [u - v for u, v in zip(point, d, strict=True)]
        if any(number_sign(g) <= 0 for g in gains):
            continue
        total = sum(weights)
        if all(number_sign(sp.simplify(sum(w * (v[i] - d[i]) / g for i, (w, g) in enumerate(zip(weights, gains, strict=True))) - total)) <= 0 for v in corners):
            prices = tuple(w / g for w, g in zip(weights, gains, strict=True))
            full = tuple(mixture.get(corner, sp.Integer(0)) for corner in problem.vertices)
            return _solution(problem, solver, Supported(concept, {}, dict(zip(problem.players, point, strict=True)), outcome=AGREEMENT,
                                                         evidence={"solution": (full, prices)}))
    raise NotDecided("the product is maximal on a face between an edge and a facet", place=concept, remedy="reduce the problem to three players")


def _without_gains(problem: BargainingProblem, concept: str, d: Point, gain: sp.Expr, proof: Evidence) -> Supported:
    if gain < 0:
        raise NotApplicable("the disagreement point is outside the set: no mixture of corners gives everybody as much",
                            place=f"bargaining problem {problem.title!r}", remedy="check the disagreement point")
    return Supported(concept, {}, dict(zip(problem.players, d, strict=True)), outcome=NO_GAINS, evidence={"solution": proof})


def _candidates(corners: list[Point], d: Point, weights: Point) -> Iterator[tuple[Point, dict[Point, sp.Expr]]]:
    n = len(d)
    for corner in corners:
        yield corner, {corner: sp.Integer(1)}
    z = sp.Symbol("z", real=True)
    for p, q in combinations(corners, 2):
        gains = [a - c + z * (b - a) for a, b, c in zip(p, q, d, strict=True)]
        slope = sp.Add(*(w * (b - a) * sp.Mul(*(gains[:i] + gains[i + 1:])) for i, (w, a, b) in enumerate(zip(weights, p, q, strict=True))))
        polynomial = sp.Poly(sp.expand(slope), z)
        for root in [] if polynomial.degree() < 1 else dict.fromkeys(polynomial.real_roots()):
            if number_sign(root) > 0 and number_sign(1 - root) > 0:
                yield tuple(sp.expand(a + root * (b - a)) for a, b in zip(p, q, strict=True)), {p: 1 - root, q: root}
    if sp.binomial(len(corners), n) > _MOST:
        raise TooLarge(f"{sp.binomial(len(corners), n)} candidate facets", place="Nash bargaining on a polytope", remedy="give fewer corners")
    seen: set[tuple[sp.Expr, ...]] = set()
    for face in combinations(corners, n):
        rows = sp.Matrix([[b - a for a, b in zip(face[0], corner, strict=True)] for corner in face[1:]])
        kernel = rows.nullspace()
        if len(kernel) != 1:
            continue
        normal = kernel[0] / sum(kernel[0]) if sum(kernel[0]) != 0 else kernel[0]
        level = sum(a * b for a, b in zip(normal, face[0], strict=True))
        heights = [sum(a * b for a, b in zip(normal, v, strict=True)) for v in corners]
        if any(value <= 0 for value in normal) or (*normal, level) in seen or max(heights) > level:
            continue
        seen.add((*normal, level))
        room = (level - sum(a * b for a, b in zip(normal, d, strict=True))) / sum(weights)
        point = tuple(c + room * w / a for a, c, w in zip(normal, d, weights, strict=True))
        mixture = _mixed(corners, point)
        if mixture is not None:
            yield point, dict(zip(corners, mixture, strict=True))


def _mixed(corners: Sequence[Point], point: Point) -> tuple[sp.Expr, ...] | None:
    """Weights of the corners that give the point exactly; None if it lies outside."""
    if not all(value.is_Rational for value in point):
        return None
    outcome = solve_lp(LinearProgram([0] * len(corners), a_eq=[[_f(v[i]) for v in corners] for i in range(len(point))] + [[1] * len(corners)],
                                     b_eq=[*map(_f, point), 1]))
    return _exact(outcome.x) if isinstance(outcome, Optimal) else None


def _last(problem: BargainingProblem, base: Point, direction: Point) -> tuple[sp.Expr, Evidence]:
    """The greatest step (maybe negative) along a direction from a base that stays feasible with free disposal."""
    corners, count = problem.vertices, len(problem.vertices)
    rows = [[-_f(v[i]) for v in corners] + [_f(direction[i])] for i in range(len(base))]
    outcome = solve_lp(LinearProgram([0] * count + [1], a_ub=rows, b_ub=[-_f(b) for b in base], a_eq=[[1] * count + [0]], b_eq=[1], free={count}))
    assert isinstance(outcome, Optimal)
    return _number(outcome.value), (_exact(outcome.x[:count]), _exact(outcome.y_ub))


def _most(problem: BargainingProblem, i: int, d: Point) -> tuple[sp.Expr, Evidence]:
    """The most a player gets while every other keeps disagreement."""
    corners = problem.vertices
    outcome = solve_lp(LinearProgram([_f(v[i]) for v in corners], a_ub=[[-_f(v[j]) for v in corners] for j in range(len(d))],
                                     b_ub=[-_f(value) for value in d], a_eq=[[1] * len(corners)], b_eq=[1]))
    assert isinstance(outcome, Optimal)
    return _number(outcome.value), (_exact(outcome.x), _exact(outcome.y_ub))


def improved(problem: BargainingProblem, point: Point) -> tuple[Point, Point]:
    """A feasible point with the greatest sum among those that are at least as good for everybody (the point itself if it is one), and its weights."""
    corners = problem.vertices
    outcome = solve_lp(LinearProgram([_f(sum(v)) for v in corners], a_ub=[[-_f(v[j]) for v in corners] for j in range(len(point))],
                                     b_ub=[-_f(value) for value in point], a_eq=[[1] * len(corners)], b_eq=[1]))
    assert isinstance(outcome, Optimal)
    best = tuple(_number(sum((weight * _f(v[i]) for weight, v in zip(outcome.x, corners, strict=True)), Fraction(0))) for i in range(len(point)))
    return point if sum(best) == sum(point) else best, _exact(outcome.x)


def _solution(problem: BargainingProblem, solver: Any, found: Supported) -> Solution:
    return Solution(problem, solver, Status.CERTIFIED, (Regime(Region.everything(), (found,), found.outcome),))


def _f(value: sp.Expr) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def _number(value: Fraction) -> sp.Expr:
    return sp.Rational(value.numerator, value.denominator)


def _exact(values: Sequence[Fraction]) -> tuple[sp.Expr, ...]:
    return tuple(_number(value) for value in values)
