"""Axiomatic solutions by sums and by steps: utilitarian, discrete Raiffa.

The discrete Raiffa solution repeats d := the mean of the two points that are best for one player given d. References:
Raiffa (1953), Contributions to the Theory of Games II; Thomson (1981), Journal of Economic Theory 25:431-441 (utilitarian).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from bargain.errors import NotDecided
from bargain.expressions import exact
from bargain.games.bargaining import BargainingProblem
from bargain.regions import Oracle
from bargain.solvers.axiomatic.frontier import AGREEMENT, NO_GAINS, Settlement, curve_of, disagreement, gains_exist, pareto_frontier, within
from bargain.solvers.axiomatic.on_frontier import OnFrontier, check_weights, powers, rational_part
from bargain.solvers.axiomatic.roots import real_roots, tidy

_STEPS = 60


@dataclass(frozen=True)
class DiscreteRaiffa(OnFrontier):
    """From d, repeatedly to the mean of the two points that are best for one player while the other keeps what she has.

    On a polygon this ends after finitely many steps unless it converges to a corner (then refused after 60 steps).

    >>> from bargain import BargainingProblem
    >>> kinked = BargainingProblem("Kinked", ("A", "B"), {"A": 0, "B": 0}, vertices=((0, 0), (0, 3), (2, 2), (4, 0)))
    >>> DiscreteRaiffa().run(kinked).equilibria[0].payoffs
    {'A': 9/4, 'B': 7/4}
    """

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "discrete Raiffa solution"

    def _on_polygon(self, oracle: Oracle, problem: BargainingProblem) -> tuple[Settlement, ...]:
        d = disagreement(problem)
        frontier = pareto_frontier(oracle, problem.vertices)
        if not gains_exist(oracle, frontier, d):
            return (Settlement(NO_GAINS, d),)
        steps = [d]
        while len(steps) <= _STEPS:
            if not gains_exist(oracle, frontier, d):
                return (Settlement(AGREEMENT, d, (), tuple(steps)),)
            walk = rational_part(oracle, frontier, d)
            d = (tidy((d[0] + walk[-1][0]) / 2), tidy((d[1] + walk[0][1]) / 2))
            steps.append(d)
        raise NotDecided(f"not settled after {_STEPS} steps", place="discrete Raiffa solution",
                         remedy="the sequence converges to a corner of the frontier; move a vertex, or ask for another solution")


@dataclass(frozen=True)
class Utilitarian(OnFrontier):
    """The greatest (weighted) sum of utilities; a whole edge of the frontier is reported by its two ends.

    >>> from bargain import BargainingProblem
    >>> kinked = BargainingProblem("Kinked", ("A", "B"), {"A": 0, "B": 0}, vertices=((0, 0), (0, 3), (2, 2), (4, 0)))
    >>> [tuple(e.payoffs.values()) for e in Utilitarian().run(kinked).equilibria]
    [(2, 2), (4, 0)]
    """

    weights: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.weights is not None:
            object.__setattr__(self, "weights", {player: exact(weight) for player, weight in self.weights.items()})

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "utilitarian solution"

    def accepts(self, problem: Any) -> None:
        """Refuse what has no such solution, and weights that are not positive."""
        super().accepts(problem)
        check_weights(self.weights, problem)

    def _on_polygon(self, oracle: Oracle, problem: BargainingProblem) -> tuple[Settlement, ...]:
        w, frontier = powers(self.weights), pareto_frontier(oracle, problem.vertices)
        best = oracle.greatest([sp.expand(w[0] * u[0] + w[1] * u[1]) for u in frontier])
        return tuple(Settlement(AGREEMENT, frontier[k]) for k in best)

    def _on_curve(self, oracle: Oracle, problem: BargainingProblem) -> tuple[Settlement, ...]:
        w, curve = powers(self.weights), curve_of(problem)
        total = w[0] * curve.utilities[0] + w[1] * curve.utilities[1]
        slope = sp.diff(total, curve.parameter)
        inside = [root for root in real_roots(oracle, slope, curve.parameter).values if within(oracle, curve, root)]
        values = list(dict.fromkeys([*inside, curve.low, curve.high]))
        best = oracle.greatest([tidy(total.subs(curve.parameter, value)) for value in values])
        return tuple(Settlement(AGREEMENT, curve.at(values[k]), (("share", tidy(curve.share.subs(curve.parameter, values[k]))),)) for k in best)
