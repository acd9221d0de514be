"""Stationary equilibria under an open rule with three members, by how many partners a proposer satisfies.

Let V be the value of proposing. A member who can second must be offered what amending is worth, d V. Two partners pass the proposal at once, which
leaves 1 - 2 d V. One partner leaves 1 - d V, but with chance 1/2 the excluded member is recognised and amends: she keeps the partner, and either
satisfies the old proposer too or excludes him, who then gets d V only if he is recognised in turn. With q the chance of one partner, V is the best
of both, which gives linear equations for V and q on each support.
Source: Baron and Ferejohn (1989), American Political Science Review 83:1181-1206; other equilibria in Primo (2006), Social Choice and Welfare 27.
"""

from dataclasses import dataclass
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable
from bargain.games.open_rule import OpenRule
from bargain.regions import Oracle, Region, Space, explore, strata
from bargain.solution import Equilibrium, Solution, Status
from bargain.solvers.trees.subgame_perfect import regimes_of


@dataclass(frozen=True)
class Seconding:
    """The symmetric stationary equilibria in which an amender keeps the partner of the standing proposal (Baron and Ferejohn's).

    Others exist, so that the status never says that the list is complete. quantities: the chance of one partner, what a proposer keeps with one and
    with two partners at these values, and how many periods pass before a proposal carries (0: the first does).

    >>> import bargain as bg
    >>> found = bg.solve(OpenRule("Committee", ("A", "B", "C"), "9/10"), Seconding()).equilibria[0]
    >>> found.quantities["chance of one partner"], found.quantities["kept with one partner"]
    (1, 319/499)
    """

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "Baron and Ferejohn's equilibrium under the open rule"

    def accepts(self, problem: Any) -> None:
        """Refuse other problems."""
        if not isinstance(problem, OpenRule):
            raise NotApplicable(f"a {type(problem).__name__} has no open rule", place="Seconding", remedy="give OpenRule; Stationary() solves the closed rule")

    def run(self, problem: OpenRule) -> Solution:
        """Try each support, by cases of the discount factor."""
        space = Space(problem.notation)
        leaves, skipped = explore(space, lambda oracle: tuple(_found(problem, oracle, self.concept)), boundaries=True)
        return Solution(problem, self, Status.INCOMPLETE, regimes_of(space, leaves, closed=True), boundary=Region(strata(space, skipped)),
                        stats={"uniqueness": "other symmetric stationary equilibria exist (Primo 2006)"})


def _payoffs(value: sp.Expr, alone: sp.Expr, discount: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """What a proposer gets with one partner and with two, given the value of proposing and the chance of one partner."""
    excluded = discount * value / 2
    after = alone * excluded + (1 - alone) * discount * value
    return (1 - discount * value) / 2 + discount * after / 2, 1 - 2 * discount * value


def _found(problem: OpenRule, oracle: Oracle, concept: str) -> list[Equilibrium]:
    value, chance = sp.symbols("value chance", real=True)
    one, two = _payoffs(value, chance, problem.discount)
    found = []
    for support in ((1,), (2,), (1, 2)):
        fixed = {chance: sp.Integer(int(support == (1,)))} if len(support) == 1 else {}
        equations = [sp.expand((option - value).subs(fixed)) for k, option in ((1, one), (2, two)) if k in support]
        if support == (1, 2):  # the second option fixes the value, the first then the chance
            value_there = sp.solve(equations[1], value)[0]
            point = {value: value_there, chance: sp.factor(sp.solve(equations[0].subs(value, value_there), chance)[0])}
        else:
            point = {value: sp.solve(equations[0], value)[0], **fixed}
        gap = sp.factor(sp.together((one - two).subs(point)))
        fits = oracle.sign(gap) > 0 if support == (1,) else oracle.sign(gap) < 0 if support == (2,) else \
            oracle.sign(point[chance]) >= 0 and oracle.sign(1 - point[chance]) >= 0
        if fits:
            found.append(_equilibrium(problem, sp.factor(point[value]), sp.factor(point[chance]), concept))
    return found


def _equilibrium(problem: OpenRule, value: sp.Expr, chance: sp.Expr, concept: str) -> Equilibrium:
    delay = sp.factor(chance / 2 / (1 - chance / 2))  # expected amendments: one partner is amended with chance 1/2
    share = sp.factor(_total(value, chance, problem.discount) / 3)
    kept = {"kept with one partner": sp.factor(1 - problem.discount * value), "kept with two partners": sp.factor(1 - 2 * problem.discount * value)}
    outcome = "one partner" if chance == 1 else "two partners" if chance == 0 else "one partner or two"
    quantities = {"chance of one partner": chance, "value of proposing": value, **kept, "expected amendments": delay}
    return Equilibrium(concept, {}, dict.fromkeys(problem.players, share), (outcome,), outcome, quantities=quantities)


def _total(value: sp.Expr, chance: sp.Expr, discount: sp.Expr) -> sp.Expr:
    """What all three get together: the pie, discounted by the amendments that come before."""
    total = sp.Symbol("total")
    return sp.solve(chance * (sp.Rational(1, 2) + discount * total / 2) + (1 - chance) - total, total)[0]
