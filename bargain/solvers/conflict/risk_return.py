"""The best demand of an opponent whose cost of war is unknown: the trade-off between risk and return.

With S(z) the chance that her cost is at least z, a demand of z above the chance of winning gains S(z) (z + cost) over war.
On each stretch between the breaks of the distribution this is a polynomial, so that the best demand is a break, a bound,
or a root of its derivative; all are compared. Source: Fearon (1995), International Organization 49:379-414.
"""

from dataclasses import dataclass
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable
from bargain.games.costly_war import UncertainWar
from bargain.regions import Oracle, Region, Space, explore, strata
from bargain.solution import Equilibrium, Solution, Status
from bargain.solvers.trees.subgame_perfect import regimes_of


@dataclass(frozen=True)
class RiskReturn:
    """Every demand that is best for the first player (several on a tie), with the chance of war.

    Where the gain from a demand is of more than third degree in it, parameters must be numbers. A demand must lie in [0, 1].

    >>> import bargain as bg
    >>> from bargain.games.costly_war import Costs
    >>> found = bg.solve(UncertainWar("Crisis", ("A", "B"), "1/2", "1/10", Costs.uniform(0, "3/10")), RiskReturn())
    >>> found.equilibria[0].quantities["demand"], found.equilibria[0].quantities["chance of war"]
    (3/5, 1/3)
    """

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "optimal demand under uncertainty"

    def accepts(self, problem: Any) -> None:
        """Refuse other problems."""
        if not isinstance(problem, UncertainWar):
            raise NotApplicable(f"a {type(problem).__name__} is not an ultimatum under uncertainty", place="RiskReturn", remedy="give UncertainWar")

    def run(self, problem: UncertainWar) -> Solution:
        """Compare the candidates, by cases of the parameters."""
        space = Space(problem.notation)
        leaves, skipped = explore(space, lambda oracle: _best(problem, oracle, self.concept), boundaries=False)
        status = Status.PROVED if problem.notation.symbols else Status.CERTIFIED
        return Solution(problem, self, status, regimes_of(space, leaves, closed=False), boundary=Region(strata(space, skipped)), stats={"cases": len(leaves)})


def _best(problem: UncertainWar, oracle: Oracle, concept: str) -> tuple[Equilibrium, ...]:
    points = _candidates(problem, oracle)
    gains = [sp.factor(_survival(problem, oracle, z) * (z + problem.cost)) for z in points]
    return tuple(_equilibrium(problem, oracle, concept, points[k]) for k in oracle.greatest(gains))


def _candidates(problem: UncertainWar, oracle: Oracle) -> list[sp.Expr]:
    """Demands, measured from the chance of winning, at which the gain can be greatest."""
    floor = -problem.chance if oracle.sign(problem.cost - problem.chance) > 0 else -problem.cost  # lower demands are worse than war
    ceiling = 1 - problem.chance
    breaks: list[sp.Expr] = []
    for value in problem.costs.breaks():
        if oracle.sign(value - floor) > 0 and oracle.sign(ceiling - value) > 0:
            place = sum(1 for other in breaks if oracle.sign(value - other) > 0)
            if place == len(breaks) or oracle.sign(value - breaks[place]) != 0:
                breaks.insert(place, value)
    ends = [floor, *breaks, ceiling]
    found = ends[1:]
    for low, high in zip(ends, ends[1:], strict=False):
        found += _stationary(problem, oracle, low, high)
    if oracle.sign(_survival(problem, oracle, ends[1]) - 1) != 0:
        found.append(floor)
    return found


def _stationary(problem: UncertainWar, oracle: Oracle, low: sp.Expr, high: sp.Expr) -> list[sp.Expr]:
    """The interior stationary points of the gain on a stretch without breaks."""
    z = sp.Dummy("z", real=True)
    slope = sp.Poly(sp.diff(_survival(problem, oracle, high, z) * (z + problem.cost), z), z)
    if slope.is_zero or slope.degree() == 0:
        return []
    if slope.degree() > 2 and slope.as_expr().free_symbols != {z}:
        raise NotApplicable("the gain from a demand is of more than third degree", place=f"uncertain war {problem.title!r}", remedy="give numbers")
    if slope.degree() == 1:
        roots = [sp.factor(-slope.nth(0) / slope.nth(1))]
    elif slope.as_expr().free_symbols == {z}:
        roots = list(dict.fromkeys(sp.real_roots(slope)))
    else:
        a, b, c = slope.all_coeffs()
        square = sp.factor(b**2 - 4 * a * c)
        roots = [] if oracle.sign(square) < 0 else [(-b + sign * sp.sqrt(square)) / (2 * a) for sign in (1, -1)]
    return [root for root in roots if oracle.sign(root - low) > 0 and oracle.sign(high - root) > 0]


def _survival(problem: UncertainWar, oracle: Oracle, place: sp.Expr, z: sp.Expr | None = None) -> sp.Expr:
    """The chance of a cost of at least `place`; as a formula of `z`, valid from the break before `place` on, if given."""
    costs = problem.costs
    parts = [chance for cost, chance in costs.atoms.items() if oracle.sign(cost - place) >= 0]
    for piece in costs.pieces:
        if oracle.sign(place - piece[0]) <= 0:
            parts.append(costs.mass(piece))
        elif oracle.sign(place - piece[1]) <= 0 and (z is not None or oracle.sign(place - piece[1]) < 0):
            parts.append(costs.mass(piece, low=place if z is None else z))
    return sp.factor(sp.Add(*parts))


def _equilibrium(problem: UncertainWar, oracle: Oracle, concept: str, z: sp.Expr) -> Equilibrium:
    demander, other = problem.players
    costs, peace = problem.costs, _survival(problem, oracle, z)
    spent = [cost * chance for cost, chance in costs.atoms.items() if oracle.sign(cost - z) < 0]
    for piece in costs.pieces:
        if oracle.sign(z - piece[0]) > 0:
            spent.append(costs.mass(piece, high=z if oracle.sign(z - piece[1]) < 0 else None, weight=costs.cost))
    payoffs = {demander: sp.factor(problem.chance - problem.cost + peace * (z + problem.cost)),
               other: sp.factor(peace * (1 - problem.chance - z) + (1 - peace) * (1 - problem.chance) - sp.Add(*spent))}
    war = sp.factor(1 - peace)
    outcome = "no war" if oracle.sign(war) == 0 else "war" if oracle.sign(peace) == 0 else "risk of war"
    demand = sp.factor(problem.chance + z)
    return Equilibrium(concept, {}, payoffs, (outcome,), outcome, quantities={"demand": demand, "chance of war": war, "least cost of those who accept": z})
