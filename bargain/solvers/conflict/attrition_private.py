"""Wars of attrition with private values, and by rounds, from indifference.

A side of worth v that holds out a little longer wins v with the hazard of the other's quitting, F'(v)/(1 - F(v)) dv, and pays c dT: so quitting times
rise by T'(v) = v F'(v) / (c (1 - F(v))) from T(0) = 0. By rounds, a side that mixes is worth 0, what quitting pays; so the other quits with the
chance x at which x worth = (1 - x) cost.
Sources: Riley (1980), Journal of Theoretical Biology 82:385-400; Fudenberg and Tirole (1991), Game Theory, sections 4.5 and 6.6.
"""

from dataclasses import dataclass
from itertools import product
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable
from bargain.games.attrition_private import AttritionByRounds, PrivateAttrition
from bargain.regions import Oracle, Region, Space, explore, strata
from bargain.solution import Equilibrium, Solution, Status
from bargain.solvers.trees.subgame_perfect import regimes_of


@dataclass(frozen=True)
class QuittingTimes:
    """The symmetric equilibrium of `PrivateAttrition`: how long each worth holds out.

    The integral must have a closed form; asymmetric equilibria exist as well, and the status says that the list is not complete.
    quantities: the time and the payoff by worth, and the expected duration where its integral has a closed form.

    >>> import bargain as bg
    >>> v = sp.Symbol("v", positive=True)
    >>> bg.solve(PrivateAttrition("Siege", ("A", "B"), v, v, top=1, cost=1), QuittingTimes()).equilibria[0].quantities["quitting time (worth v)"]
    -v - log(1 - v)
    """

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "symmetric equilibrium of a war of attrition with private values"

    def accepts(self, problem: Any) -> None:
        """Refuse other problems."""
        if not isinstance(problem, PrivateAttrition):
            raise NotApplicable(f"a {type(problem).__name__} has no private values of a prize", place="QuittingTimes", remedy="give PrivateAttrition")

    def run(self, problem: PrivateAttrition) -> Solution:
        """Integrate the indifference condition."""
        v, w = problem.worth, sp.Dummy("w", positive=True)
        place = f"war of attrition {problem.title!r}"
        slope = sp.factor(sp.simplify(v * problem.density / (1 - problem.distribution)))
        primitive = sp.integrate(slope, v)
        if primitive.has(sp.Integral):
            raise NotApplicable(f"{slope} has no integral in closed form", place=place, remedy="give another distribution")
        time = _real(sp.simplify((primitive - sp.limit(primitive, v, 0, "+")) / problem.cost), v, problem.top)
        payoff = sp.integrate(problem.distribution.subs(v, w), (w, 0, v))
        mean = sp.simplify(sp.integrate(payoff * problem.density, (v, 0, problem.top)))
        quantities = {f"quitting time (worth {v})": time, f"payoff (worth {v})": sp.simplify(payoff)}
        duration = sp.integrate(sp.expand(slope / problem.cost * (1 - problem.distribution) ** 2), (v, 0, problem.top))
        if not duration.has(sp.Integral) and duration.is_finite is not False:
            quantities["expected duration"] = sp.simplify(duration)
        found = Equilibrium(self.concept, {}, dict.fromkeys(problem.players, mean), ("both hold out",), "who values the prize more wins", quantities=quantities)
        space = Space(problem.notation)
        return Solution(problem, self, Status.INCOMPLETE, regimes_of(space, [(Region.everything().cells[0], (found,))], closed=False),
                        stats={"uniqueness": "the symmetric equilibrium; others are asymmetric"})


def _real(time: sp.Expr, v: sp.Symbol, top: sp.Expr) -> sp.Expr:
    """Logarithms of what is negative below `top` turned around (they differ by a constant, which cancels)."""
    turned = time.replace(sp.log, lambda inside: sp.log(-inside) if (inside.subs(v, top / 2) / top).could_extract_minus_sign() else sp.log(inside))
    return sp.simplify(sp.expand_log(turned - sp.limit(turned, v, 0, "+"), force=False))


@dataclass(frozen=True)
class RoundByRound:
    """All stationary equilibria of `AttritionByRounds`: one in which both mix, two in which one side quits at once.

    quantities: the chance of quitting in each round.

    >>> import bargain as bg
    >>> strike = AttritionByRounds("Strike", ("A", "B"), {"A": 3, "B": 3}, {"A": 1, "B": 1})
    >>> bg.solve(strike, RoundByRound()).equilibria[0].quantities["chance that A quits"]
    1/4
    """

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "stationary equilibrium of a war of attrition by rounds"

    def accepts(self, problem: Any) -> None:
        """Refuse other problems."""
        if not isinstance(problem, AttritionByRounds):
            raise NotApplicable(f"a {type(problem).__name__} is not a war of attrition by rounds", place="RoundByRound", remedy="give AttritionByRounds")

    def run(self, problem: AttritionByRounds) -> Solution:
        """Try every pair of supports."""
        space = Space(problem.notation)
        leaves, skipped = explore(space, lambda oracle: tuple(_stationary(problem, oracle, self.concept)), boundaries=False)
        status = Status.PROVED if problem.notation.symbols else Status.CERTIFIED
        return Solution(problem, self, status, regimes_of(space, leaves, closed=False), boundary=Region(strata(space, skipped)),
                        stats={"uniqueness": "all stationary equilibria; others depend on time"})


def _stationary(problem: AttritionByRounds, oracle: Oracle, concept: str) -> list[Equilibrium]:
    """Chances of quitting, one for each side. Whoever mixes is indifferent, so that the other's chance lies inside (0, 1): both mix, or neither."""
    first, second = problem.players
    indifferent = {player: sp.factor(problem.cost[player] / (problem.worth[player] + problem.cost[player])) for player in problem.players}
    candidates = [{first: sp.sympify(mine), second: sp.sympify(yours)} for mine, yours in product((1, 0), repeat=2)]
    pure = [quits for quits in candidates if _best(problem, oracle, quits, first, second) and _best(problem, oracle, quits, second, first)]
    return [_equilibrium(problem, quits, concept) for quits in ({first: indifferent[second], second: indifferent[first]}, *pure)]


def _staying(problem: AttritionByRounds, quits: dict[str, sp.Expr], player: str, other: str) -> sp.Expr:
    """What staying now pays, going on as planned."""
    goes_on = problem.discount[player] * _worth(problem, quits, player, other) - problem.cost[player]
    return sp.factor(quits[other] * problem.worth[player] + (1 - quits[other]) * goes_on)


def _worth(problem: AttritionByRounds, quits: dict[str, sp.Expr], player: str, other: str) -> sp.Expr:
    """The value of the plans: 0 where the side may quit, else what staying for ever brings."""
    if quits[player] != 0:
        return sp.Integer(0)
    stays = 1 - quits[other]
    return sp.factor((quits[other] * problem.worth[player] - stays * problem.cost[player]) / (1 - problem.discount[player] * stays))


def _best(problem: AttritionByRounds, oracle: Oracle, quits: dict[str, sp.Expr], player: str, other: str) -> bool:
    if quits[player] == 0 and quits[other] == 0:  # both stay for ever, which costs something in every round
        return False
    gain = oracle.sign(_staying(problem, quits, player, other))
    return gain >= 0 if quits[player] == 0 else gain <= 0


def _equilibrium(problem: AttritionByRounds, quits: dict[str, sp.Expr], concept: str) -> Equilibrium:
    first, second = problem.players
    payoffs = {player: sp.factor(_worth(problem, quits, player, other)) for player, other in ((first, second), (second, first))}
    quantities = {f"chance that {player} quits": quits[player] for player in problem.players}
    stays = (1 - quits[first]) * (1 - quits[second])
    quantities["expected rounds in which both stay"] = sp.factor(stays / (1 - stays))
    sure = [player for player in problem.players if quits[player] == 1]
    outcome = f"{sure[0]} quits at once" if sure else "both may stay"
    return Equilibrium(concept, {}, payoffs, (outcome,), outcome, quantities=quantities)
