"""The individually rational arc of a smooth frontier, and integrals along it.

On a curve (f(t), g(t)) the arc runs between the parameters at which one player keeps just d, or the curve ends. From player 2's end to t the ray
from d sweeps twice the area  integral of (g - d2) df - (f - d1) dg,  and the length of Perles and Maschler grows by sqrt(-df dg).
Integrals are closed forms of sympy; where there is none the problem is refused.
"""

from dataclasses import dataclass

import sympy as sp

from bargain.errors import NotDecided
from bargain.games.bargaining import BargainingProblem
from bargain.regions import Oracle
from bargain.solvers.axiomatic.frontier import AGREEMENT, NO_GAINS, Curve, Point, Settlement, curve_of, disagreement, within
from bargain.solvers.axiomatic.kalai_smorodinsky import acceptable_part
from bargain.solvers.axiomatic.roots import real_roots, sign, tidy


@dataclass(frozen=True)
class Arc:
    """The part of a curve that both players prefer to d: the parameters of player 2's end and of player 1's, and the utilities there."""

    curve: Curve
    start: sp.Expr
    end: sp.Expr
    first: Point
    last: Point


def arc_of(oracle: Oracle, problem: BargainingProblem) -> Arc | None:
    """The individually rational arc; None where there are no gains."""
    d, curve = disagreement(problem), curve_of(problem)
    ends = acceptable_part(oracle, curve, d)
    if ends is None or any(max(sign(oracle, curve.at(end)[i] - d[i]) for end in ends) <= 0 for i in (0, 1)):
        return None
    low, high = ends if sign(oracle, curve.at(ends[1])[0] - curve.at(ends[0])[0]) > 0 else (ends[1], ends[0])
    return Arc(curve, low, high, curve.at(low), curve.at(high))


def settled(oracle: Oracle, problem: BargainingProblem, arc: Arc | None, rise: sp.Expr, concept: str) -> tuple[Settlement, ...]:
    """The point of the arc at which the function is zero; its quantities name the share there and at both ends of the arc."""
    if arc is None:
        return (Settlement(NO_GAINS, disagreement(problem)),)
    curve = arc.curve
    for root in real_roots(oracle, rise, curve.parameter).values:
        inside = sign(oracle, (root - arc.start) * (arc.end - root)) >= 0 and within(oracle, curve, root)
        if inside:
            shares = {"share": root, f"share best for {problem.players[1]}": arc.start, f"share best for {problem.players[0]}": arc.end}
            named = tuple((name, tidy(curve.share.subs(curve.parameter, value))) for name, value in shares.items())
            return (Settlement(AGREEMENT, curve.at(root), named, (arc.first, arc.last)),)
    raise NotDecided(f"no zero of {rise} on the individually rational arc could be confirmed", place=concept,
                     remedy="fix more parameters, or restate the utilities as polynomials; a solution beyond the ends of the curve is not searched")


def swept(arc: Arc, d: Point) -> sp.Expr:
    """Twice the area swept up to t less the area still to come."""
    f, g = arc.curve.utilities
    t = arc.curve.parameter
    area = _antiderivative(arc, sp.expand((g - d[1]) * sp.diff(f, t) - (f - d[0]) * sp.diff(g, t)), "area")
    before = (arc.first[0] - d[0]) * (arc.first[1] - d[1])
    after = (arc.last[0] - d[0]) * (arc.last[1] - d[1])
    return 2 * area - area.subs(t, arc.start) - area.subs(t, arc.end) + before - after


def length(arc: Arc) -> sp.Expr:
    """The length up to t less the length still to come."""
    f, g = (sp.diff(utility, arc.curve.parameter) for utility in arc.curve.utilities)
    gone = _antiderivative(arc, sp.sqrt(sp.factor(-f * g)), "length of Perles and Maschler")
    t = arc.curve.parameter
    turned = -1 if sp.N(arc.end - arc.start) < 0 else 1
    return turned * (2 * gone - gone.subs(t, arc.start) - gone.subs(t, arc.end))


def _antiderivative(arc: Arc, slope: sp.Expr, what: str) -> sp.Expr:
    t = arc.curve.parameter
    positive = sp.Dummy("t", positive=True) if arc.curve.low.is_nonnegative else sp.Dummy("t", real=True)
    found = sp.integrate(slope.subs(t, positive), positive)
    if found.has(sp.Integral, sp.Piecewise):
        raise NotDecided(f"the integral of {slope} has no closed form", place=what, remedy="approximate the frontier by vertices")
    return found.subs(positive, t)
