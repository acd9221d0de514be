"""The continuous Raiffa solution checked by following the path from its definition, in floats: what each player could get at most is
recomputed at every step from all chords of the hull, and the end of the path must be the point claimed within a tolerance."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import sympy as sp

from bargain.certify.axiomatic import better_points, feasible_below, named, without_gains
from bargain.certify.check import Violation
from bargain.games.bargaining import BargainingProblem
from bargain.solution import Component, Equilibrium

_NEAR = sp.Rational(1, 10**6)
_STEP, _STEPS = 1 / 256, 256 * 24
Pair = tuple[float, float]


def violations(problem: BargainingProblem, solver: Any, equilibrium: Equilibrium | Component) -> Iterator[Violation]:
    """Feasibility and efficiency within the tolerance, and the distance from the end of the path."""
    assert isinstance(equilibrium, Equilibrium)
    u = tuple(equilibrium.payoffs[player] for player in problem.players)
    d = tuple(problem.disagreement[player] for player in problem.players)
    if equilibrium.outcome == "no gains from trade":
        yield from without_gains(problem, d, u)
        return
    plain = [sp.Rational(str(sp.N(value, 40))) for value in u]
    if problem.curve is None:
        yield from map(named, feasible_below(problem, tuple(value - _NEAR for value in plain), None))
    yield from map(named, better_points("Pareto: a feasible point is better for both", problem, tuple(value + _NEAR for value in plain)))
    end = _followed(problem, (float(d[0]), float(d[1])))
    for i, player in enumerate(problem.players):
        gap = plain[i] - sp.Rational(end[i])
        for excess in (gap, -gap):
            yield Violation(f"path: {player} does not end there", excess - _NEAR)


def _followed(problem: BargainingProblem, d: Pair) -> Pair:
    corners: list[Pair] = [(float(v[0]), float(v[1])) for v in problem.vertices]
    if problem.curve is not None:
        t, ends, named_utilities = problem.curve
        corners = [(float(x), float(y)) for x, y in (tuple(named_utilities[p].subs(t, end) for p in problem.players) for end in ends)]
    chords = list(combinations(corners, 2))

    def most(i: int, kept: float) -> float:
        found = [v[i] for v in corners if v[1 - i] >= kept]
        for v, w in chords:
            low, high = sorted((v, w), key=lambda corner: corner[1 - i])
            if low[1 - i] < kept <= high[1 - i]:
                found.append(low[i] + (kept - low[1 - i]) * (high[i] - low[i]) / (high[1 - i] - low[1 - i]))
        return max(found)

    tops = tuple(max(v[i] for v in corners) for i in (0, 1))

    def speed(x: float, y: float) -> Pair:
        return most(0, min(y, tops[1])) - x, most(1, min(x, tops[0])) - y

    x, y = d
    for _ in range(_STEPS):
        a = speed(x, y)
        b = speed(x + _STEP * a[0] / 2, y + _STEP * a[1] / 2)
        c = speed(x + _STEP * b[0] / 2, y + _STEP * b[1] / 2)
        e = speed(x + _STEP * c[0], y + _STEP * c[1])
        x, y = (z + _STEP * (a[i] + 2 * b[i] + 2 * c[i] + e[i]) / 6 for i, z in ((0, x), (1, y)))
    return x, y
