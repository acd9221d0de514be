"""The Nash bargaining solution of a pie divided among n players with utilities of their own shares.

With u_i increasing and concave, the shares x_i maximise  sum w_i log(u_i(x_i) - d_i)  exactly where  w_i u_i'(x_i) / (u_i(x_i) - d_i)  is the
same number for all and the shares use up the pie. Each condition is solved for the share, then the sum for the common number.
"""

import sympy as sp

from bargain.errors import NotApplicable, NotDecided
from bargain.games.bargaining import BargainingProblem
from bargain.notation import Notation, Parameter
from bargain.regions import GE, GT, LE, LT, Cell, Oracle, Space
from bargain.solvers.axiomatic.frontier import AGREEMENT, Point, Settlement, disagreement
from bargain.solvers.axiomatic.roots import sign, tidy


def check_division(problem: BargainingProblem) -> None:
    """Refuse utilities that are not increasing and concave in the share, or do not start at disagreement."""
    assert problem.division is not None
    share, size, own = problem.division
    place = f"bargaining problem {problem.title!r}"
    wide = Space(Notation((*problem.notation.parameters, Parameter(share, "share")), problem.notation.assumptions))
    inside = Cell().where(share, GT).where(share - size, LT)
    for player, utility in own.items():
        for slope, mask, rule in ((sp.diff(utility, share), GE, "fall with the own share"), (sp.diff(utility, share, 2), LE, "are not concave")):
            if wide.implies(inside, Cell().where(slope, mask)).answer is not True:
                raise NotApplicable(f"the utilities of {player} {rule}, or this could not be excluded", place=place, remedy="give increasing concave utilities")
        if sp.simplify(utility.subs(share, 0) - problem.disagreement[player]) != 0:
            raise NotApplicable(f"no share at all is not disagreement for {player}", place=place, remedy="restate utilities as gains over disagreement")


def on_division(oracle: Oracle, problem: BargainingProblem, weights: Point) -> tuple[Settlement, ...]:
    """The shares at which all weighted marginal gains are equal."""
    assert problem.division is not None
    share, size, own = problem.division
    d = disagreement(problem)
    x, price = sp.Dummy("x", positive=True), sp.Dummy("price", positive=True)
    shares = []
    for player, weight, least in zip(problem.players, weights, d, strict=True):
        utility = own[player].subs(share, x)
        found = sp.solve(sp.numer(sp.together(sp.simplify(weight * sp.diff(utility, x) / (utility - least)) - price)), x)
        if len(found) != 1:
            raise NotDecided(f"{len(found)} closed forms of the share of {player}", place="first-order condition", remedy="use powers of the share")
        shares.append(found[0])
    prices = [value for value in sp.solve(sp.Add(*shares) - size, price) if sign(oracle, value) > 0]
    if len(prices) != 1:
        raise NotDecided(f"{len(prices)} common prices in closed form", place="first-order condition", remedy="use powers of the share")
    parts = [tidy(value.subs(price, prices[0])) for value in shares]
    payoffs = tuple(tidy(own[player].subs(share, part)) for player, part in zip(problem.players, parts, strict=True))
    return (Settlement(AGREEMENT, payoffs, tuple((f"share of {player}", part) for player, part in zip(problem.players, parts, strict=True))),)
