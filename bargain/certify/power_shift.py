"""Paths of a power shift checked by substitution: offers make the responder indifferent, or are zero; wars happen only where offers cannot help."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import sympy as sp

from bargain.certify.check import Violation
from bargain.games.power_shift import PowerShift
from bargain.regions.cells import GT, LE, Cell
from bargain.solution import Component, Equilibrium

_DECAY = sp.Symbol("decay", positive=True)


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
        if end is None or date < end:
            yield Violation(f"offer: cannot be made at {date}", sp.cancel(offers[date] - problem.most))
            yield Violation(f"war: the proposer gains by it at {date}", sp.cancel(sp.together(war[proposer] - peace[proposer])))
            later = peace
        elif date == end:
            yield from _no_peace(problem, offers[date], sp.cancel(sp.together(war[proposer] - peace[proposer])))
            later = war
        else:  # off the path: after a war that did not happen, both go on as is best for them
            later = _better(problem, offers[date], war, peace)
            if later is None:
                return
    assert later is not None
    for player in problem.players:
        yield from _zero(f"payoff: of {player}", found.payoffs[player] - later[player], Cell())


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
    """Offers x keep r (w - x) = w' while war is worth w > 0 to the responder, whose r is her rate; what the proposer keeps is averaged at his own rate."""
    proposer, responder = problem.players
    start, end = problem.at_war(responder, 0), problem.at_war(responder, problem.last)
    slope = sp.diff(problem.war[responder], problem.time)
    first, after = found.quantities["offer at 0"], found.quantities["offer in the end"]
    needed = start - slope / problem.patience[responder]
    yield Violation("shift: the responder's war value rises", slope)
    yield from _zero("offer: does not keep the responder indifferent at 0", first - needed, Cell().where(start, GT))
    yield from _zero("offer: given although war is worth nothing", first, Cell().where(start, LE))
    yield from _larger("offer: in the end", after, end)
    if found.outcome == "peace":
        yield Violation("peace: the first offer cannot be made", sp.cancel(first - problem.most))  # later ones are smaller
        yield from _larger(f"payoff: of {responder}", found.payoffs[responder], start)
        rate = problem.patience[proposer]  # the last offer that is not zero: none, where war becomes worth nothing, or when the shift ends
        date = sp.Integer(0) if first == 0 else -start / slope if after == 0 else problem.last
        given = needed + slope / rate - _DECAY * (needed + slope * date + slope / rate - after)
        gap = _decaying(found.payoffs[proposer], -rate * date) - 1 + problem.burden + given
        for violation in _zero(f"payoff: of {proposer}", gap, Cell()):
            yield replace(violation, excess=violation.excess.subs(_DECAY, sp.exp(-rate * date)))
    else:
        yield Violation("war: though the offers could be made", sp.cancel(problem.most - first))
        for player in problem.players:
            yield from _zero(f"payoff: of {player}", found.payoffs[player] - problem.at_war(player, 0), Cell())


def _larger(what: str, value: sp.Expr, other: sp.Expr) -> Iterator[Violation]:
    """The value is the larger of the other and zero."""
    yield Violation(f"{what}, below nothing", -value)
    yield Violation(f"{what}, below what war is worth", sp.cancel(other - value))
    yield Violation(f"{what}, above both", sp.expand(value * (value - other)))


def _decaying(value: sp.Expr, exponent: sp.Expr) -> sp.Expr:
    """The value with one symbol for the exponential of an exponent, however it is written."""
    return value.xreplace({power: _DECAY for power in value.atoms(sp.exp) if sp.cancel(power.args[0] - exponent) == 0})


def _zero(what: str, gap: sp.Expr, where: Cell) -> Iterator[Violation]:
    plain = sp.cancel(sp.together(gap))
    yield from (Violation(what, side, where) for side in (plain, -plain))
