"""Wars of attrition checked from the claimed laws of concession: expected payoffs do not depend on when one concedes.

With F(t) the claimed chance that the other has conceded by t, the payoff from conceding at t is the integral of win dF plus
(1 - F(t)) concede(t); its derivative must vanish until the end, and at the end exactly the types that hold out are left.
"""

from collections.abc import Iterator
from typing import Any

import sympy as sp

from bargain.certify.check import Violation
from bargain.games.attrition import WarOfAttrition
from bargain.regions.cells import GT, Cell
from bargain.solution import Component, Equilibrium


def violations(problem: WarOfAttrition, solver: Any, found: Equilibrium | Component) -> Iterator[Violation]:
    """The ways in which a claimed equilibrium could fail."""
    assert isinstance(found, Equilibrium)
    start = {p: (problem.win[p].subs(problem.time, 0), problem.concede[p].subs(problem.time, 0)) for p in problem.players}
    if found.outcome.endswith("concedes at once"):
        yield from _surrender(problem, found, start)
        return
    stays = {player: found.quantities[f"chance at {problem.time} that {player} still waits"] for player in problem.players}
    date = sp.Symbol("s", positive=True)
    for player in problem.players:
        other = problem.other(player)
        stay = stays[other]
        flow = -sp.diff(stay, problem.time) * (problem.win[player] - problem.concede[player]) + stay * sp.diff(problem.concede[player], problem.time)
        yield from _zero(f"indifference: of {player} about when to concede", flow.subs(problem.time, date))
        hazard = -sp.diff(sp.log(stay), problem.time) - found.quantities[f"hazard of {other}"]
        yield from _zero(f"hazard: of {other}", hazard.subs(problem.time, date))
        at_once = 1 - stay.subs(problem.time, 0)
        yield Violation(f"concession: {other} concedes at once with negative chance", sp.simplify(-at_once))
        win, concede = start[player]
        yield from _zero(f"payoff: of {player}", found.payoffs[player] - at_once * win - (1 - at_once) * concede)
    both = [1 - stays[player].subs(problem.time, 0) for player in problem.players]
    yield from _zero("concession: both concede at once", sp.Mul(*both))
    if "end of concessions" in found.quantities:
        yield from _end(problem, found, stays)
    elif "expected duration" in found.quantities:
        yield from _statistics(problem, found, stays)


def _end(problem: WarOfAttrition, found: Equilibrium, stays: dict[str, sp.Expr]) -> Iterator[Violation]:
    end = found.quantities["end of concessions"]
    yield Violation("end: not later than the start", sp.simplify(-end))
    left = sp.Integer(1)
    for player in problem.players:
        holding = problem.obstinate(player).subs(problem.time, end)
        yield from _zero(f"end: {player} has not run out of types that concede", stays[player].subs(problem.time, end) - holding)
        at_once = 1 - stays[player].subs(problem.time, 0)
        yield from _zero(f"concession: the chance that {player} concedes at once", at_once - found.quantities[f"chance that {player} concedes at once"])
        left *= holding
        date = sp.Symbol("s", real=True)  # staying falls, holding out does not: so nobody has run out before
        before = Cell().where(date, GT).where(end - date, GT)
        rarer = -sp.diff(problem.obstinate(player), problem.time)
        if rarer != 0:
            yield Violation(f"end: holding out becomes rarer for {player}", rarer.subs(problem.time, date), before)
        slope = sp.simplify(sp.diff(stays[player], problem.time) / stays[player])
        yield Violation(f"end: {player} does not concede before", slope.subs(problem.time, date), before)
    yield from _zero("end: the chance that nobody concedes", left - found.quantities["chance that nobody concedes"])


def _statistics(problem: WarOfAttrition, found: Equilibrium, stays: dict[str, sp.Expr]) -> Iterator[Violation]:
    """The duration and the chance of winning, by integration over the claimed laws."""
    first, second = problem.players
    t = problem.time
    rates = {player: found.quantities[f"hazard of {player}"] for player in problem.players}
    wins = sp.integrate(sp.expand(rates[second] * sp.exp(-(rates[first] + rates[second]) * t)), (t, 0, sp.oo), conds="none")
    yield from _zero("chance of winning", wins - found.quantities[f"chance that {first} wins"])
    yield from _zero("duration", wins / rates[second] - found.quantities["expected duration"])


def _surrender(problem: WarOfAttrition, found: Equilibrium, start: dict[str, tuple[sp.Expr, sp.Expr]]) -> Iterator[Violation]:
    """Conceding at once against somebody who never will is best, and the other then need not concede."""
    player = found.outcome.removesuffix(" concedes at once")
    other = problem.other(player)
    later = sp.diff(problem.concede[player], problem.time)
    date = sp.Symbol("s", positive=True)
    yield Violation(f"concession: {player} gains by waiting", sp.simplify(later.subs(problem.time, date)))
    yield Violation(f"concession: {other} would rather concede", sp.simplify(start[other][1] - start[other][0]))
    yield from _zero(f"payoff: of {player}", found.payoffs[player] - start[player][1])
    yield from _zero(f"payoff: of {other}", found.payoffs[other] - start[other][0])


def _zero(what: str, gap: sp.Expr) -> Iterator[Violation]:
    plain = sp.simplify(gap)
    for side in (plain, -plain):
        yield Violation(what, side)
