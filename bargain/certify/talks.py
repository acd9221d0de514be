"""Talks with conflict checked as plans with a punishment; talks of optimists by what each date offers."""

from collections.abc import Iterator
from typing import Any

import sympy as sp

from bargain.certify.check import Violation
from bargain.games.talks import ConflictDuringTalks, OptimisticTalks
from bargain.regions.cells import GE, LE, Cell
from bargain.solution import Component, Equilibrium

_BOUNDS = sp.symbols("x y", real=True)  # that plans could support when the challenger offers and when the other does


def conflict_violations(problem: ConflictDuringTalks, solver: Any, found: Equilibrium | Component) -> Iterator[Violation]:
    """Every deviation in one period from the plans behind each end, and that nothing above the high end can be supported.

    Behind the low end: the truce's division is offered and accepted at every date, and nobody fights. Behind the high one: the challenger fights after
    his own demand is refused and, if he does not, the low plans follow for ever.
    """
    first, second = problem.players
    assert problem.fighting is not None
    d, w, f, g = problem.discount, problem.truce, problem.fighting[first], problem.fighting[second]
    low, *more = found.vertices if isinstance(found, Component) else (found,)
    for end in (low, *more):
        yield from _zero("payoffs: they do not divide the flow", sp.Add(*end.payoffs.values()) - 1)
        yield from _zero(f"payoffs: {first} offers first", end.payoffs[first] - end.quantities[f"to {first} when {first} offers"])
    yield from _zero("low end: it is not the truce's division", low.payoffs[first] - w)
    yield Violation("low end: fighting is better than the truce", f - w)
    yield from _zero("low end: when the other offers", low.quantities[f"to {first} when {second} offers"] - w)
    x, y = _BOUNDS
    fights = Cell().where((1 - d) * f + d * y - w, GE)  # the best after a fight against the worst after none
    feasible = Cell().where((1 - d) * w + d * x - y, GE)
    if not more:
        supported = fights.where(1 - (1 - d) * g - d * (1 - y) - x, GE) & feasible
        yield Violation("low end: more can be supported by a credible fight", x - w, supported)
        return
    (high,) = more
    own, other = (high.quantities[f"to {first} when {who} offers"] for who in (first, second))
    yield Violation("high end: it is below the low one", w - own)
    refusal = (1 - d) * g + d * (1 - other)  # of the other, who is then fought
    yield from _zero(f"high end: {second} is not indifferent to the demand", 1 - own - refusal)
    spared = (1 - d) * w + d * low.quantities[f"to {first} when {second} offers"]
    yield Violation(f"high end: {first} would not carry out the threat", spared - (1 - d) * f - d * other)
    yield from _zero(f"high end: {first} is not indifferent to the other's offer", other - (1 - d) * w - d * own)
    yield Violation(f"high end: {first} would fight after refusing an offer", f - w)
    yield Violation(f"high end: {second} would rather be refused than offer", (1 - d) * (1 - w) + d * (1 - own) - (1 - other))
    yield Violation(f"high end: {first} would rather be refused than demand", (1 - d) * f + d * other - own)
    # bounds above would have to satisfy both inequalities; adding d times the second to the first leaves only x <= own
    above = feasible.where(1 - (1 - d) * g - d * (1 - y) - x, GE)
    yield Violation("high end: more can be supported", x - own, above)


def optimist_violations(problem: OptimisticTalks, solver: Any, found: Equilibrium | Component) -> Iterator[Violation]:
    """At each date: offers, answers and expectations, from the claimed values of waiting at this date and the one before."""
    assert isinstance(found, Equilibrium)
    first, second = problem.players
    agreed = int(found.outcome.removeprefix("agreement at date "))
    d, p = problem.discount, problem.beliefs
    waits = {date: {player: found.quantities[f"{player} can get by waiting at date {date}"] for player in problem.players} for date in range(1, problem.dates + 1)}
    for player in problem.players:
        yield from _zero(f"deadline: {player} gets something afterwards", waits[problem.dates][player])
    for date in range(1, problem.dates + 1):
        surplus = 1 - waits[date][first] - waits[date][second]
        for player, other in ((first, second), (second, first)):
            value = waits[date - 1][player] / d if date > 1 else found.payoffs[player]
            for case, offering in ((Cell().where(surplus, GE), 1 - waits[date][other]), (Cell().where(surplus, LE), waits[date][player])):
                gap = value - p[player] * offering - (1 - p[player]) * waits[date][player]
                for side in (gap, -gap):
                    yield Violation(f"date {date}: what {player} expects", sp.factor(sp.together(side)), case)
        if date < agreed:
            yield Violation(f"date {date}: there is a surplus over waiting", sp.factor(surplus))
        elif date == agreed:
            yield Violation(f"date {date}: there is no surplus over waiting", sp.factor(-surplus))


def _zero(what: str, gap: sp.Expr) -> Iterator[Violation]:
    plain = sp.factor(sp.together(gap))
    yield from (Violation(what, side) for side in (plain, -plain))
