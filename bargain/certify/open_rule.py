"""The open rule checked member by member: values of all roles by recursion, and every deviation in one round.

Roles after a proposal with one partner: proposer, partner, excluded; with two: proposer, partner, partner. Whoever amends becomes proposer; she keeps
the partner of a proposal that has one.
"""

from collections.abc import Iterator
from typing import Any

import sympy as sp

from bargain.certify.check import Violation
from bargain.games.open_rule import OpenRule
from bargain.solution import Component, Equilibrium


def violations(problem: OpenRule, solver: Any, found: Equilibrium | Component) -> Iterator[Violation]:
    """The ways in which a claimed equilibrium could fail."""
    assert isinstance(found, Equilibrium)
    d, claimed = problem.discount, found.quantities
    q = claimed["chance of one partner"]
    yield Violation("chance: of one partner is negative", -q)
    yield Violation("chance: of one partner exceeds one", q - 1)
    price = 1 - claimed["kept with one partner"]
    yield from _equal("price: two partners cost twice as much as one", 1 - claimed["kept with two partners"] - 2 * price)
    # values of roles just after a proposal: with one partner P (proposer), A (partner), E (excluded); with two P2 and A2
    p, a, e = sp.symbols("p a e")
    p2, a2 = claimed["kept with two partners"], price
    propose, partner, excluded = q * p + (1 - q) * p2, q * a + (1 - q) * a2, q * e + (1 - q) * a2
    solved = sp.solve([p - (claimed["kept with one partner"] + d * excluded) / 2, a - (price + d * partner) / 2, e - d * propose / 2], [p, a, e], dict=True)[0]
    propose, partner = (sp.factor(value.subs(solved)) for value in (propose, partner))
    yield from _equal("value: of proposing", propose - claimed["value of proposing"])
    yield from _equal("second: a partner is not held to the value of amending", price - d * propose)
    one, two = solved[p], p2
    for name, chance, other in (("one partner", q, two - one), ("two partners", 1 - q, one - two)):
        if sp.simplify(chance) != 0:
            yield Violation(f"proposal: {name} is not the best number", sp.factor(sp.together(other)))
    for name, value in (("one partner", one), ("two partners", two)):
        yield Violation(f"proposal: {name} would be better than what is played", sp.factor(sp.together(value - propose)))
    nobody = d * (q * (solved[a] + solved[e]) / 2 + (1 - q) * a2)  # a proposal that nobody seconds
    yield Violation("proposal: one that is amended for sure is better", sp.factor(sp.together(nobody - propose)))
    yield Violation("vote: the partner prefers the standing proposal to an amendment that keeps her", sp.factor(sp.together(solved[a] - partner)))
    both = sp.Symbol("total")
    total = sp.solve(q * (1 + d * both) / 2 + 1 - q - both, both)[0]
    for player in problem.players:
        yield from _equal(f"payoff: of {player}", found.payoffs[player] - total / 3)
    delay = sp.solve(q * (1 + both) / 2 - both, both)[0]
    yield from _equal("delay: expected amendments", delay - claimed["expected amendments"])


def _equal(what: str, gap: sp.Expr) -> Iterator[Violation]:
    plain = sp.factor(sp.together(gap))
    yield from (Violation(what, side) for side in (plain, -plain))
