"""Solutions that refer to the ideal point, written as ones that do not: the ideal point is put in as weights, or instead of disagreement.

Equal fractions of the ideal gains are gains in proportion to them (Kalai and Smorodinsky 1975, Econometrica 43:513-518); equal losses from the ideal point are
equal gains from it, all negative (Chun 1988, Economics Letters 26:103-106).
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

import sympy as sp

from bargain.equilibrium import Equilibrium
from bargain.errors import NotApplicable
from bargain.games.bargaining import BargainingProblem
from bargain.kernels.exact_lp import LinearProgram, Optimal, solve_lp
from bargain.portable.drafting import fraction
from bargain.portable.refusals import REMEDY


class Restated(NamedTuple):
    """The concept that stands for another, its weights, and the point from which it counts gains."""

    concept: str
    weights: Mapping[str, sp.Expr]
    reference: Mapping[str, sp.Expr]
    why: str


def kalai_smorodinsky(problem: BargainingProblem, e: Equilibrium) -> Restated:
    """Gains in proportion to the ideal gains that the answer reports."""
    gains = {p: sp.cancel(e.quantities[f"ideal {p}"] - problem.disagreement[p]) for p in problem.players}
    return Restated("proportional solution", gains, problem.disagreement, "gains in proportion to the ideal gains")


def equal_loss(problem: BargainingProblem, e: Equilibrium) -> Restated:
    """Equal gains, all negative, from the ideal point, which is worked out here."""
    ideal = {p: _most(problem, p) for p in problem.players}
    return Restated("egalitarian solution", dict.fromkeys(problem.players, sp.Integer(1)), ideal, "equal gains from the ideal point, all negative")


def _most(problem: BargainingProblem, player: str) -> sp.Expr:
    """The most that a player can get while nobody gets less than disagreement, over the lotteries of the corners."""
    numbers = [*problem.disagreement.values(), *(u for corner in problem.vertices for u in corner)]
    if not problem.vertices or not all(u.is_Rational for u in numbers):
        raise NotApplicable("no portable certificate: the ideal point is known only for polygons with numbers", place="certificate", remedy=REMEDY)
    worth = {p: [fraction(corner[k]) for corner in problem.vertices] for k, p in enumerate(problem.players)}
    found = solve_lp(LinearProgram(worth[player], a_ub=[[-u for u in own] for own in worth.values()], b_ub=[-fraction(problem.disagreement[p]) for p in worth],
                                   a_eq=[[Fraction(1)] * len(problem.vertices)], b_eq=[Fraction(1)]))
    if not isinstance(found, Optimal):
        raise NotApplicable("no portable certificate: nothing feasible is as good as disagreement", place="certificate", remedy=REMEDY)
    return sp.Rational(found.value.numerator, found.value.denominator)
