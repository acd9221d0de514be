"""Solutions that halve what lies along the frontier, written as one proposal: the frontier, the point on it, and the halves.

The auditor proposes the corners of the frontier that is better for both than disagreement, each with a lottery over the corners of the set that gives both as
much, the point claimed, and how far along its edge it lies; she may propose only a walk from the best for the second player to the best for the first that no corner
of the set lies beyond, and only a point that halves the area seen from disagreement (Anbarci and Bigelow 1994, Mathematical Social Sciences 28:133-142) or the
length in which an edge counts as the root of what one player concedes times what the other gains (Perles and Maschler 1981, International Journal of Game
Theory 10:163-193).
"""

from fractions import Fraction
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable
from bargain.games.bargaining import BargainingProblem
from bargain.kernels.exact_lp import LinearProgram, Optimal, solve_lp
from bargain.portable.drafting import fraction
from bargain.portable.evidence import Draft
from bargain.portable.refusals import REMEDY
from bargain.portable.stages import Proposal, Staged, bounds
from bargain.regions.cells import EQ, GE, GT

Point = tuple[sp.Expr, ...]


def halves(problem: BargainingProblem, solver: Any, e: Any) -> Staged:
    """The frontier and its halves; where nothing is better for both than disagreement, that."""
    given = [*problem.disagreement.values(), *(u for corner in problem.vertices for u in corner)]
    if not problem.vertices or len(problem.players) > 2 or not all(u.is_Rational for u in given):
        raise NotApplicable("no portable certificate: the frontier is known only for two players' polygons with numbers", place="certificate",
                            remedy="add --at" if problem.notation.symbols else REMEDY)
    draft, d = Draft(problem.players), tuple(problem.disagreement[p] for p in problem.players)
    if e.outcome == "no gains from trade":
        return _without_gains(draft, problem, d, e)
    walk, area = tuple(e.points), solver.concept == "equal area solution"
    names: dict[str, tuple[sp.Symbol, sp.Expr]] = {}

    def named(name: str, value: sp.Expr) -> sp.Symbol:
        symbol = sp.Symbol(name, real=True)
        names[name] = (symbol, value)
        return symbol

    u = [named(f"share of {p}", e.payoffs[p]) for p in problem.players]
    conditions, corners = [], []
    for k, corner in enumerate(walk):
        weights = [named(f"chance of corner {j + 1} at {k}", weight) for j, weight in enumerate(_lottery(problem, corner))]
        place = [named(f"{p} at {k}", value) for p, value in zip(problem.players, corner, strict=True)]
        conditions += [*bounds(*weights), (sp.Add(*weights) - 1, EQ)]
        conditions += bounds(*(sp.Add(*(w * v[i] for w, v in zip(weights, problem.vertices, strict=True))) - place[i] for i in (0, 1)))
        corners.append(place)
    conditions += [(corners[0][0] - d[0], EQ), (corners[0][1] - d[1], GE), (corners[-1][0] - d[0], GE), (corners[-1][1] - d[1], EQ)]
    for p, q in zip(corners, corners[1:], strict=False):
        conditions += [*bounds(q[0] - p[0], p[1] - q[1]), (q[0] - p[0] + p[1] - q[1], GT)]
        conditions += bounds(*((q[1] - p[1]) * (v[0] - p[0]) - (q[0] - p[0]) * (v[1] - p[1]) for v in problem.vertices))
    sizes = [_size(p, q, d, area) for p, q in zip(walk, walk[1:], strict=False)]
    here, way = _middle(sizes)
    if area:
        measures = [_size(p, q, d, area) for p, q in zip(corners, corners[1:], strict=False)]
    else:
        measures = [named(f"length {k + 1}", size) for k, size in enumerate(sizes)]
        conditions += [*bounds(*measures), *((m**2 - (q[0] - p[0]) * (p[1] - q[1]), EQ) for m, p, q in zip(measures, corners, corners[1:], strict=False))]
    along = named("way along the edge", way)
    conditions += [*bounds(along, 1 - along), *((u[i] - corners[here][i] - along * (corners[here + 1][i] - corners[here][i]), EQ) for i in (0, 1))]
    conditions.append((sp.Add(*measures[:here]) + (2 * along - 1) * measures[here] - sp.Add(*measures[here + 1:]), EQ))
    draft.audit("payoffs", tuple(conditions), names, dict(zip(problem.players, u, strict=True)), e.payoffs)
    return draft.staged(f"a frontier that nothing lies beyond, and a point that halves its {'area' if area else 'length'}", "payoffs")


def _without_gains(draft: Draft, problem: BargainingProblem, d: Point, e: Any) -> Staged:
    """An inspector who is paid what both gain, if that is positive, and finds nothing."""
    lots, gain = [sp.Symbol(f"chance of corner {j + 1}", real=True) for j in range(len(problem.vertices))], sp.Symbol("gain", real=True)
    paid = [sp.Add(*(s * v[i] for s, v in zip(lots, problem.vertices, strict=True))) for i in (0, 1)]
    inside = (*bounds(*lots), (sp.Add(*lots) - 1, EQ), *bounds(*(paid[i] - d[i] - gain for i in (0, 1))))
    first = [sp.Integer(j == 0) for j in range(len(lots))]
    proposed = {str(gain): min(problem.vertices[0][i] - d[i] for i in (0, 1)), **{str(s): w for s, w in zip(lots, first, strict=True)}}
    worth = {**dict(zip(problem.players, d, strict=True)), draft.inspector: sp.Max(gain, 0)}
    stage = Proposal(draft.inspector, {str(s): s for s in (gain, *lots)}, inside, draft.end(worth))
    draft.add("payoffs", stage, e.payoffs, {(draft.inspector, "payoffs"): proposed})
    return draft.staged("disagreement, where nothing is better for both", "payoffs")


def _lottery(problem: BargainingProblem, point: Point) -> list[sp.Rational]:
    """Chances of the corners of the set that reach a point, or one that is better for somebody."""
    rows = [[fraction(v[i]) for v in problem.vertices] for i in (0, 1)]
    target, count = [fraction(x) for x in point], len(problem.vertices)
    found = solve_lp(LinearProgram([Fraction(0)] * count, a_ub=[[-x for x in row] for row in rows], b_ub=[-x for x in target], a_eq=[[Fraction(1)] * count],
                                   b_eq=[Fraction(1)]))
    if not isinstance(found, Optimal):
        raise NotApplicable("no portable certificate: a corner of the frontier is not feasible", place="certificate", remedy=REMEDY)
    return [sp.Rational(x.numerator, x.denominator) for x in found.x[:count]]


def _size(p: Any, q: Any, d: Point, area: bool) -> sp.Expr:
    """Twice the area between disagreement and an edge, or the root of what is conceded times what is gained along it."""
    if area:
        return sp.expand((q[0] - d[0]) * (p[1] - d[1]) - (p[0] - d[0]) * (q[1] - d[1]))
    return sp.sqrt((q[0] - p[0]) * (p[1] - q[1]))


def _middle(sizes: list[sp.Expr]) -> tuple[int, sp.Expr]:
    """The edge on which the middle lies, and how far along it."""
    half, before = sp.Add(*sizes) / 2, sp.Integer(0)
    for k, size in enumerate(sizes):
        if size != 0 and bool(before + size >= half):
            return k, sp.radsimp((half - before) / size)
        before += size
    raise NotApplicable("no portable certificate: the frontier has no length", place="certificate", remedy=REMEDY)
