"""The continuous Raiffa solution: from disagreement towards the ideal point, which moves as the claims are met.

With a_1(u_2) the most player 1 can get if player 2 gets u_2, and a_2(u_1) likewise, the point moves by

    du_1 / ds = a_1(u_2) - u_1,    du_2 / ds = a_2(u_1) - u_2,    u(0) = d,

to the frontier. On a polygon a_1 = alpha - m u_2 and a_2 = beta - k u_1 while neither utility passes a corner, and the path is a sum of
exponentials with rates 1 + sqrt(m k) and 1 - sqrt(m k). Once both look at the same edge it is a straight line of slope k, whose end is exact. The
date at which a corner is passed is exact where its equation is elementary; otherwise the answer is a number of 30 digits.

Sources: Raiffa (1953), Contributions to the Theory of Games II:361-387; Livne (1989), Mathematics of Operations Research 14:264-279.
"""

from dataclasses import dataclass
from typing import Any

import mpmath as mp
import sympy as sp

from bargain.errors import NotApplicable, NotDecided
from bargain.games.bargaining import BargainingProblem
from bargain.regions import Cell, Oracle, Region, Space
from bargain.solution import Regime, Solution, Status
from bargain.solvers.axiomatic.frontier import AGREEMENT, NO_GAINS, Point, Settlement, disagreement, equilibrium_of, gains_exist, pareto_frontier, straightened
from bargain.solvers.axiomatic.on_frontier import OnFrontier, rational_part

_DIGITS = 60
_S = sp.Symbol("s", nonnegative=True)


@dataclass(frozen=True)
class ContinuousRaiffa(OnFrontier):
    """The end of the path that always moves towards the present ideal point; polygons with numbers.

    >>> from bargain import BargainingProblem
    >>> cut = BargainingProblem("Cut", ("A", "B"), {"A": 0, "B": 0}, vertices=((0, 0), (0, 1), (1, 1), (2, 0)))
    >>> ContinuousRaiffa().run(cut).equilibria[0].payoffs
    {'A': exp(-1)/2 + 1, 'B': 1 - exp(-1)/2}
    """

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "continuous Raiffa solution"

    def accepts(self, problem: Any) -> None:
        """Refuse what has no such solution, curves that bend, and free parameters."""
        super().accepts(problem)
        place = f"bargaining problem {problem.title!r}"
        if problem.notation.symbols:
            raise NotApplicable("the dates at which corners are passed need numbers", place=place, remedy="fix every parameter, at=...")
        if problem.kind == "curve" and straightened(problem) is None:
            raise NotApplicable("the path under a curve has no closed form", place=place, remedy="approximate the frontier by vertices")

    def run(self, problem: BargainingProblem) -> Solution:
        """The end of the path; verified by the certificate within a tolerance."""
        straight = straightened(problem)
        polygon = problem if straight is None else straight[0]
        settled = self._on_polygon(Oracle(Space(problem.notation), Cell()), polygon)
        if straight is not None:
            settled = tuple(Settlement(s.outcome, s.payoffs, (("share", straight[1](s.payoffs)),)) for s in settled)
        regime = Regime(Region.everything(), tuple(equilibrium_of(problem, self, s) for s in settled), settled[0].outcome)
        return Solution(problem, self, Status.WITHIN, (regime,))

    def _on_polygon(self, oracle: Oracle, problem: BargainingProblem) -> tuple[Settlement, ...]:
        d = disagreement(problem)
        frontier = pareto_frontier(oracle, problem.vertices)
        if not gains_exist(oracle, frontier, d):
            return (Settlement(NO_GAINS, d),)
        walk = rational_part(oracle, frontier, d)
        edges = list(zip(walk, walk[1:], strict=False))
        here, left, below = d, 0, len(edges) - 1      # the edge above u_1, and the edge to the right of u_2
        while left != below:
            path = _path(here, edges[left], edges[below])
            dates = [_reached(path[0], edges[left][1][0]), _reached(path[1], edges[below][0][1])]
            known = [date for date in dates if date is not None]
            if not known:
                return (Settlement(AGREEMENT, edges[left][1]),)   # the corner between the two edges is reached in the limit
            first = min(known, key=lambda date: sp.N(date, _DIGITS))
            here = tuple(_short(u.subs(_S, first)) for u in path)
            step = [date is not None and bool(abs(sp.N(date - first, _DIGITS)) < sp.Float(10) ** (20 - _DIGITS)) for date in dates]
            left, below = left + step[0], below - step[1]
            if left > below:
                return (Settlement(AGREEMENT, edges[left][0]),)
        (p, q) = edges[left]
        fall = (p[1] - q[1]) / (q[0] - p[0]) if q[0] != p[0] else sp.zoo
        if fall in (0, sp.zoo):
            raise NotDecided("the path ends on a flat part of the frontier", place=self.concept, remedy="please report this problem; it is a defect")
        gap = (p[1] - here[1]) / fall + p[0] - here[0]            # a_1(u_2) - u_1
        return (Settlement(AGREEMENT, (_short(here[0] + gap / 2, _DIGITS // 2), _short(here[1] + fall * gap / 2, _DIGITS // 2))),)


def _path(start: Point, above: tuple[Point, Point], right: tuple[Point, Point]) -> tuple[sp.Expr, sp.Expr]:
    """Both utilities as functions of the date while player 2's best lies on one edge and player 1's on another."""
    (p, q), (v, w) = above, right
    k, m = (p[1] - q[1]) / (q[0] - p[0]), (w[0] - v[0]) / (v[1] - w[1])
    beta, alpha = p[1] + k * p[0], v[0] + m * v[1]
    if k == 0:
        gap = start[1] - beta
        return alpha - m * beta + (start[0] - alpha + m * beta - m * gap * _S) * sp.exp(-_S), beta + gap * sp.exp(-_S)
    if m == 0:
        gap = start[0] - alpha
        return alpha + gap * sp.exp(-_S), beta - k * alpha + (start[1] - beta + k * alpha - k * gap * _S) * sp.exp(-_S)
    rate = sp.sqrt(m * k)
    rest = ((alpha - m * beta) / (1 - m * k), (beta - k * alpha) / (1 - m * k))
    mine, theirs = sp.sqrt(k) * (start[0] - rest[0]), sp.sqrt(m) * (start[1] - rest[1])
    fast, slow = (mine + theirs) * sp.exp(-(1 + rate) * _S), (mine - theirs) * sp.exp(-(1 - rate) * _S)
    return rest[0] + (fast + slow) / (2 * sp.sqrt(k)), rest[1] + (fast - slow) / (2 * sp.sqrt(m))


def _reached(utility: sp.Expr, level: sp.Expr) -> sp.Expr | None:
    """The date at which a rising utility passes a level; None if it never does."""
    gap = sp.lambdify(_S, utility - level, "mpmath")
    with mp.workdps(_DIGITS + 20):
        high = mp.mpf(1)
        while gap(high) <= 0:
            high *= 2
            if high > 1000:
                return None
        low = mp.mpf(0)
        for _ in range(4 * (_DIGITS + 20)):
            middle = (low + high) / 2
            low, high = (middle, high) if gap(middle) <= 0 else (low, middle)
        near = sp.Float(high, _DIGITS)
    return _elementary(utility - level, near) or sp.Rational(str(near))


def _elementary(gap: sp.Expr, near: sp.Float) -> sp.Expr | None:
    """The zero in closed form where the equation is linear in the date, or in one exponential, once the other is divided out."""
    for rest in (sp.expand(gap * sp.exp(_S)), sp.expand(gap)):
        exponentials = rest.atoms(sp.exp)
        if not exponentials and rest.is_polynomial(_S) and sp.degree(rest, _S) == 1:
            return sp.solve(rest, _S)[0]
        if len(exponentials) == 1 and not rest.subs(dict.fromkeys(exponentials, sp.Symbol("z"))).has(_S):
            (term,) = exponentials
            z = sp.Symbol("z")
            value = sp.simplify(sp.solve(rest.subs(term, z), z)[0])
            date = sp.simplify(sp.log(value) / sp.diff(term.args[0], _S))
            return date if abs(sp.N(date - near, 30)) < sp.Float("1e-25") else None
    return None


def _short(value: sp.Expr, digits: int = _DIGITS) -> sp.Expr:
    """An exact number if it is short, else a rational number near it."""
    plain = sp.expand(sp.simplify(value))
    if plain.is_Rational and plain.q > 10**digits or sp.count_ops(plain) > 40:
        return sp.Rational(str(sp.N(plain, digits)))
    return plain
