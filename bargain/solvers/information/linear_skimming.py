"""Screening a worth that is uniform on [0, z]: prices and cut-offs proportional to z, coefficients by backward induction or a fixed point.

Let next round's price be a y and the side's value w y^2 where worths up to y are left. Who is indifferent has y - p = d_2 (y - a y), so that a price
g y with g = 1 - d_2 + d_2 a leaves y. The best y maximises g y (z - y) + d_1 w y^2: y = c z, c = g / (2 (g - d_1 w)), if g > d_1 w. Without
an end the coefficients of both rounds are the same, which makes c a root of a quadratic.
Sources: Stokey (1981), Bell Journal of Economics 12:112-128; Sobel and Takahashi (1983), Review of Economic Studies 50:411-426; Gul, Sonnenschein and
Wilson (1986), Journal of Economic Theory 39:155-190; on other equilibria without an end Ausubel and Deneckere (1989), Econometrica 57:511-531.
"""

from dataclasses import dataclass
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable, TooLarge
from bargain.games.screening import UniformScreening
from bargain.regions import Oracle, Region, Space, explore, strata
from bargain.solution import Equilibrium, Solution, Status
from bargain.solvers.trees.subgame_perfect import regimes_of

_MOST, _SYMBOLIC = 60, 12  # rounds with numbers and with parameters


@dataclass(frozen=True)
class LinearSkimming:
    """The equilibrium of `UniformScreening` in prices proportional to the greatest worth that is left.

    With a horizon it is the only one. Without, it is the only stationary one of this form; the status says that others exist
    (patient sides support nearly every division in equilibria that are not stationary).

    >>> import bargain as bg
    >>> found = bg.solve(UniformScreening("Sale", ("S", "B"), 1, "1/2", horizon=2), LinearSkimming()).equilibria[0]
    >>> found.quantities["demand in round 1"], found.payoffs["S"]
    (9/20, 9/40)
    """

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "perfect Bayesian equilibrium in linear skimming strategies"

    def accepts(self, problem: Any) -> None:
        """Refuse other problems and horizons too long to write down."""
        if not isinstance(problem, UniformScreening):
            raise NotApplicable(f"a {type(problem).__name__} is not a screening problem with uniform types", place="LinearSkimming", remedy="give UniformScreening")
        most = _SYMBOLIC if problem.notation.symbols else _MOST
        if problem.horizon is not None and problem.horizon > most:
            raise TooLarge(f"{problem.horizon} offers", place=f"screening {problem.title!r}", remedy=f"at most {most}, or no end")

    def run(self, problem: UniformScreening) -> Solution:
        """Work backwards, or solve for the fixed point."""
        space = Space(problem.notation)
        leaves, skipped = explore(space, lambda oracle: tuple(_found(problem, oracle, self.concept)), boundaries=False)
        endless = problem.horizon is None
        status = Status.INCOMPLETE if endless else Status.PROVED if problem.notation.symbols else Status.CERTIFIED
        return Solution(problem, self, status, regimes_of(space, leaves, closed=False), boundary=Region(strata(space, skipped)),
                        stats={"uniqueness": "the only stationary equilibrium that is linear" if endless else "the only equilibrium"})


def _found(problem: UniformScreening, oracle: Oracle, concept: str) -> list[Equilibrium]:
    return [_endless(problem, cut, concept) for cut in _cuts(problem, oracle)] if problem.horizon is None else [_finite(problem, oracle, concept)]


def _finite(problem: UniformScreening, oracle: Oracle, concept: str) -> Equilibrium:
    first, second = (problem.discount[player] for player in problem.players)
    price, value, surplus = sp.Integer(1), sp.Integer(0), sp.Integer(0)  # after the last offer whoever is left gets nothing, as at a price of his worth
    rounds: list[tuple[sp.Expr, sp.Expr]] = []
    assert problem.horizon is not None
    for _ in range(problem.horizon):
        slope = sp.factor(1 - second + second * price)
        if oracle.sign(slope - first * value) <= 0:
            raise NotApplicable("no best price: selling later is better than selling now", place=f"screening {problem.title!r}", remedy="check the discount factors")
        cut = sp.factor(slope / (2 * (slope - first * value)))
        if oracle.sign(1 - cut) <= 0:
            raise NotApplicable("nobody accepts the best price", place=f"screening {problem.title!r}", remedy="check the discount factors")
        price = sp.factor(slope * cut)
        value = sp.factor(price * (1 - cut) + first * value * cut**2)
        surplus = sp.factor((1 - cut**2) / 2 - price * (1 - cut) + second * surplus * cut**2)
        rounds.insert(0, (price, cut))
    quantities, left = {}, problem.top
    for number, (price, cut) in enumerate(rounds, start=1):
        quantities[f"demand in round {number}"] = sp.factor(price * left)
        left = sp.factor(cut * left)
        quantities[f"least worth that accepts in round {number}"] = left
    quantities["chance of no agreement"] = sp.factor(left / problem.top)
    payoffs = dict(zip(problem.players, (sp.factor(value * problem.top), sp.factor(surplus * problem.top)), strict=True))
    return Equilibrium(concept, {}, payoffs, ("falling prices",), "falling prices", quantities=quantities)


def _cuts(problem: UniformScreening, oracle: Oracle) -> list[sp.Expr]:
    """The part of the worths that is left after every round, in endless talks: all roots in (0, 1) of the condition that the best part repeats itself."""
    first = problem.discount[problem.players[0]]
    c, w = sp.symbols("c w", real=True)
    best = sp.numer(sp.together(c - 1 / (2 * (1 - first * w))))  # value and price divided by g
    stationary = sp.numer(sp.together(w - c * (1 - c) - first * w * c**2))
    found = []
    for factor, _ in sp.factor_list(sp.resultant(best, stationary, w), c)[1]:
        found += [root for root in _roots(sp.Poly(factor, c), oracle) if oracle.sign(root) > 0 and oracle.sign(1 - root) > 0]
    return [root for root in found if oracle.sign(sp.simplify(1 - first * root**2 - first * root * (1 - root))) > 0]


def _roots(factor: sp.Poly, oracle: Oracle) -> list[sp.Expr]:
    """The real roots of a polynomial of degree one or two."""
    if factor.degree() == 1:
        return [sp.factor(-factor.nth(0) / factor.nth(1))]
    constant, linear, square = (factor.nth(k) for k in range(3))
    under = sp.factor(linear**2 - 4 * square * constant)
    if oracle.sign(under) < 0:
        return []
    return [sp.simplify((-linear + sign * sp.sqrt(under)) / (2 * square)) for sign in (1, -1)]


def _endless(problem: UniformScreening, cut: sp.Expr, concept: str) -> Equilibrium:
    first, second = (problem.discount[player] for player in problem.players)
    price = sp.radsimp((1 - second) * cut / (1 - second * cut))
    value = sp.radsimp(sp.simplify(price * (1 - cut) / (1 - first * cut**2)))
    surplus = sp.radsimp(sp.simplify((1 - cut**2) / 2 - price * (1 - cut)) / (1 - second * cut**2))
    quantities = {"demand in round 1": sp.simplify(price * problem.top), "least worth that accepts in round 1": sp.simplify(cut * problem.top),
                  "factor from round to round": cut}
    payoffs = dict(zip(problem.players, (sp.simplify(value * problem.top), sp.simplify(surplus * problem.top)), strict=True))
    return Equilibrium(concept, {}, payoffs, ("falling prices",), "falling prices", quantities=quantities)
