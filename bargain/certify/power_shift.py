"""Paths of a power shift checked by substitution: offers make the responder indifferent, or are zero; wars happen only where offers cannot help."""

from collections.abc import Iterator
from typing import Any

import sympy as sp

from bargain.certify.check import Violation
from bargain.games.power_shift import PowerShift
from bargain.regions.cells import GT, Cell
from bargain.solution import Component, Equilibrium


def violations(problem: PowerShift, solver: Any, equilibrium: Equilibrium | Component) -> Iterator[Violation]:
    """The ways in which a claimed path could fail; values of later dates are rebuilt from the claimed offers."""
    assert isinstance(equilibrium, Equilibrium)
    yield from _flowing(problem, equilibrium) if problem.continuous else _stepwise(problem, equilibrium)


def _stepwise(problem: PowerShift, found: Equilibrium) -> Iterator[Violation]:
    proposer, responder = problem.players
    text = found.outcome.removeprefix("peace, war at ")
    end = None if found.outcome == "peace" else 0 if found.outcome == "war at once" else int(text)
    offers = [found.quantities[f"offer at {date}"] for date in range(int(problem.last) + 1)]
    later: dict[str, sp.Expr] | None = None
    for date in range(int(problem.last), -1, -1):
        war = {player: problem.at_war(player, date) for player in problem.players}
        flow = {proposer: 1 - problem.burden - offers[date], responder: offers[date]}
        peace = flow if later is None else {p: (1 - problem.patience[p]) * flow[p] + problem.patience[p] * later[p] for p in problem.players}
        slack = sp.cancel(sp.together(peace[responder] - war[responder]))
        yield Violation(f"offer: below what the responder accepts at {date}", -slack)
        yield Violation(f"offer: more than she needs at {date}", slack, Cell().where(offers[date], GT))
        yield Violation(f"offer: negative at {date}", -offers[date])
        if end is not None and date == end:
            yield from _no_peace(problem, offers[date], sp.cancel(sp.together(war[proposer] - peace[proposer])))
            later = war
        elif end is None or date < end:
            yield Violation(f"offer: cannot be made at {date}", sp.cancel(offers[date] - problem.most))
            yield Violation(f"war: the proposer gains by it at {date}", sp.cancel(sp.together(war[proposer] - peace[proposer])))
            later = peace
        else:  # off the path: after a war that did not happen, both go on as is best for them
            later = _better(problem, offers[date], war, peace)
            if later is None:
                return
    assert later is not None
    for player in problem.players:
        for gap in (found.payoffs[player] - later[player], later[player] - found.payoffs[player]):
            yield Violation(f"payoff: of {player}", sp.cancel(sp.together(gap)))


def _no_peace(problem: PowerShift, offer: sp.Expr, gain: sp.Expr) -> Iterator[Violation]:
    """At the date of war the offer needed cannot be made, or the proposer gains by war."""
    yield Violation("war: though an acceptable offer could be made", sp.cancel(problem.most - offer), Cell().where(-gain, GT))


def _better(problem: PowerShift, offer: sp.Expr, war: dict[str, sp.Expr], peace: dict[str, sp.Expr]) -> dict[str, sp.Expr] | None:
    """What happens at a date after the war of the path; None if that depends on parameters left free."""
    proposer = problem.players[0]
    tests = [sp.cancel(offer - problem.most), sp.cancel(sp.together(war[proposer] - peace[proposer]))]
    if any(test.free_symbols for test in tests):
        return None
    return war if any(test > 0 for test in tests) else peace


def _flowing(problem: PowerShift, found: Equilibrium) -> Iterator[Violation]:
    proposer, responder = problem.players
    start, end = problem.at_war(responder, 0), problem.at_war(responder, problem.last)
    slope, rate = sp.diff(problem.war[responder], problem.time), problem.patience[responder]
    first, after = found.quantities["offer at 0"], found.quantities["offer in the end"]
    needed = sp.together(start - slope / rate)  # keeps r (w - x) = w'
    for gap in (first - needed, needed - first):
        yield Violation("offer: does not keep the responder indifferent at 0", sp.cancel(sp.together(gap)), Cell().where(start, GT))
    yield Violation("offer: given although war is worth nothing", first, Cell().where(-start, GT))
    for gap in (after - end, end - after):
        yield Violation("offer: in the end", sp.cancel(gap), Cell().where(end, GT))
    yield Violation("offer: in the end, below nothing", -after)
    if found.outcome == "peace":
        yield Violation("peace: the first offer cannot be made", sp.cancel(first - problem.most))
        yield Violation("peace: the last offer cannot be made", sp.cancel(after - problem.most))
        for gap in (found.payoffs[responder] - start, start - found.payoffs[responder]):
            yield Violation("payoff: of the responder", sp.cancel(gap), Cell().where(start, GT))
    else:
        yield Violation("war: though the offers could be made", sp.cancel(problem.most - first), Cell().where(problem.most - after, GT))
        for player in problem.players:
            for gap in (found.payoffs[player] - problem.at_war(player, 0), problem.at_war(player, 0) - found.payoffs[player]):
                yield Violation(f"payoff: of {player}", sp.cancel(gap))
