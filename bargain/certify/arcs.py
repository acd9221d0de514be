"""Solutions on a smooth frontier: the ends of the individually rational arc, and both halves of what a concept divides, recomputed.

Areas are those under the arc, by definite integrals of utility 2 over utility 1; lengths are definite integrals too. Each is compared
with a numerical quadrature, so that a wrong closed form does not pass.
"""

from collections.abc import Iterator

import mpmath as mp
import sympy as sp

from bargain.certify.axiomatic import equal
from bargain.certify.check import Violation
from bargain.games.bargaining import BargainingProblem
from bargain.regions.explore import number_sign
from bargain.solution import Equilibrium

Point = tuple[sp.Expr, ...]


def arc_violations(problem: BargainingProblem, concept: str, found: Equilibrium, u: Point, d: Point) -> Iterator[Violation]:
    """The ends are the last points that both players accept; losses, areas or lengths on both sides of the point are equal."""
    assert problem.curve is not None
    t, interval, named = problem.curve
    f, g = (named[player] for player in problem.players)
    here = found.quantities["share"]
    last, first = (found.quantities[f"share best for {player}"] for player in problem.players)
    for i, end in ((0, first), (1, last)):
        utilities = [utility.subs(t, end) for utility in (f, g)]
        yield Violation("arc: an end is worse than disagreement", d[1 - i] - utilities[1 - i])
        yield Violation("arc: an end is worse than disagreement", d[i] - utilities[i])
        if end not in interval:
            yield from equal("arc: an end is neither disagreement for a player nor an end of the curve", utilities[i], d[i])
    yield from (Violation("arc: the point lies outside", gap) for gap in (-(here - first) * (last - here),))
    tops = (f.subs(t, last), g.subs(t, first))
    if concept == "equal loss solution":
        yield from equal("losses", tops[0] - u[0], tops[1] - u[1])
        return
    if concept == "equal area solution":
        slope = (g - d[1]) * sp.diff(f, t)
        above = (f.subs(t, first) - d[0]) * (tops[1] - d[1]) + _integral(slope, t, first, here)
        below = _integral(slope, t, here, last)
        triangle = (u[0] - d[0]) * (u[1] - d[1]) / 2
        yield from _near("area", slope, t, first, last, above + below - (f.subs(t, first) - d[0]) * (tops[1] - d[1]))
        yield from equal("halves", _plain(above - triangle), _plain(below + triangle))
        return
    slope = sp.sqrt(sp.factor(-sp.diff(f, t) * sp.diff(g, t)))
    forward = 1 if number_sign(last - first) > 0 else -1
    before, after = (forward * _integral(slope, t, *ends) for ends in ((first, here), (here, last)))
    yield from _near("length", forward * slope, t, first, last, before + after)
    yield from equal("halves", _plain(before), _plain(after))


def _integral(slope: sp.Expr, t: sp.Symbol, low: sp.Expr, high: sp.Expr) -> sp.Expr:
    return sp.integrate(sp.expand(slope) if slope.is_polynomial(t) else slope, (t, low, high))


def _near(what: str, slope: sp.Expr, t: sp.Symbol, low: sp.Expr, high: sp.Expr, value: sp.Expr) -> Iterator[Violation]:
    if value.free_symbols:
        return
    with mp.workdps(30):
        total = mp.quad(sp.lambdify(t, slope, "mpmath"), [mp.mpf(sp.N(low, 40)), mp.mpf(sp.N((low + high) / 2, 40)), mp.mpf(sp.N(high, 40))])
    off = abs(sp.N(value, 30) - sp.Float(str(total), 30)) - sp.Float("1e-9")
    yield Violation(f"{what}: the integral is not its numerical value", sp.Rational(str(off)))


def _plain(value: sp.Expr) -> sp.Expr:
    """A polynomial in one algebraic number reduced by the number's own polynomial, so that zeros show."""
    roots = value.atoms(sp.CRootOf)
    if len(roots) != 1:
        return sp.simplify(value)
    (root,) = roots
    z = root.poly.gen
    return sp.rem(sp.Poly(sp.expand(value.subs(root, z)), z), sp.Poly(root.poly.as_expr(), z)).as_expr().subs(z, root)
