"""Wars of attrition with private values: no worth gains by the time of another; by rounds: no side gains by quitting or staying longer."""

from collections.abc import Iterator
from typing import Any

import sympy as sp

from bargain.certify.check import Violation
from bargain.games.attrition_private import AttritionByRounds, PrivateAttrition
from bargain.regions.cells import GT, Cell
from bargain.solution import Component, Equilibrium


def violations(problem: PrivateAttrition, solver: Any, found: Equilibrium | Component) -> Iterator[Violation]:
    """With D(v, w) what worth v gains by the time of a worth just above w rather than w's: it must be 0 at w = v and rise in v."""
    assert isinstance(found, Equilibrium)
    v = problem.worth
    time = found.quantities[f"quitting time (worth {v})"]
    density = sp.diff(problem.distribution, v)
    own = v * density - problem.cost * (1 - problem.distribution) * sp.diff(time, v)  # D(w, w); D(v, w) = D(w, w) + (v - w) density
    yield from _zero(f"indifference: a worth of {v} gains by another time", own)
    yield from _zero(f"start: a worth of 0 does not quit at once but at {time.subs(v, 0)}", sp.limit(time, v, 0, "+"))
    inside = Cell().where(v, GT).where(problem.top - v, GT)
    yield Violation("imitation: chances fall with the worth", sp.factor(-density), inside)
    payoff = found.quantities[f"payoff (worth {v})"]
    slope = sp.diff(payoff, v) - problem.distribution  # what a worth gets rises by its chance of winning
    yield from _zero("payoff: it does not rise by the chance of winning", slope)
    yield from _zero("payoff: a worth of 0 gets something", payoff.subs(v, 0))
    for player in problem.players:
        yield from _zero(f"payoff: of {player}", sp.integrate(sp.expand(payoff * density), (v, 0, problem.top)) - found.payoffs[player])
    if "expected duration" in found.quantities:  # each pays the cost until the end: the sum of payoffs is the greater worth less the costs
        greatest = sp.integrate(sp.expand(v * 2 * problem.distribution * density), (v, 0, problem.top))
        spent = greatest - sp.Add(*found.payoffs.values())
        yield from _zero("duration: it does not account for the payoffs", spent - 2 * problem.cost * found.quantities["expected duration"])


def round_violations(problem: AttritionByRounds, solver: Any, found: Equilibrium | Component) -> Iterator[Violation]:
    """Payoffs of staying n rounds and then quitting, against the other's claimed chance: none exceeds the claimed payoff."""
    assert isinstance(found, Equilibrium)
    first, second = problem.players
    for player, other in ((first, second), (second, first)):
        chance, own = found.quantities[f"chance that {other} quits"], found.quantities[f"chance that {player} quits"]
        yield Violation(f"chance: that {player} quits is negative", sp.factor(-own))
        yield Violation(f"chance: that {player} quits exceeds one", sp.factor(own - 1))
        claimed = found.payoffs[player]
        factor = sp.factor(problem.discount[player] * (1 - chance))
        step = sp.factor(chance * problem.worth[player] - (1 - chance) * problem.cost[player])  # staying one round
        for rounds in (1, 2, 3):
            longer = step * sp.Add(*(factor**k for k in range(rounds)))
            yield Violation(f"stay: {player} gains by {rounds} rounds more", sp.factor(sp.together(longer - claimed)))
        if sp.simplify(1 - factor) != 0:
            yield Violation(f"stay: {player} gains by staying for ever", sp.factor(sp.together(step / (1 - factor) - claimed)))
        yield Violation(f"quit: {player} gains by quitting", sp.factor(-claimed))
        value = sp.Symbol("value")
        (planned,) = sp.solve((1 - own) * (step + factor * value) - value, value) or [None]
        yield from _zero(f"payoff: of {player}", planned - claimed) if planned is not None else [Violation(f"payoff: of {player} is not determined", sp.Integer(1))]
    stays = (1 - found.quantities[f"chance that {first} quits"]) * (1 - found.quantities[f"chance that {second} quits"])
    count = found.quantities["expected rounds in which both stay"]
    yield from _zero("duration: expected rounds", count - stays * (1 + count))


def _zero(what: str, gap: sp.Expr) -> Iterator[Violation]:
    plain = sp.simplify(gap)
    yield from (Violation(what, side) for side in (plain, -plain))
