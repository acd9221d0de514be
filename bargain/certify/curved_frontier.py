"""Stationary pairs on a curved frontier, from the table alone.

Exact shares must make both responders indifferent (or be the end that the proposer likes best), exactly. A box of shares holds a pair if
the two best proposals map it into itself, or if their inverses do: four signs at its corners (Brouwer).
"""

from collections.abc import Iterator
from typing import Any

import sympy as sp

from bargain.certify.check import Violation, paired
from bargain.games.alternating import AlternatingOffers
from bargain.regions.explore import number_sign
from bargain.solution import Component, Equilibrium


def violations(problem: AlternatingOffers, solver: Any, equilibrium: Equilibrium | Component) -> Iterator[Violation]:
    """Gains from refusing or asking for more, from waiting, and gaps in payoffs."""
    assert isinstance(equilibrium, Equilibrium)
    first, second = problem.players
    found, name = equilibrium.quantities, str(problem.share)
    x, y = found[f"{name}_{first}"], found[f"{name}_{second}"]
    for player, value in problem.agreement.items():
        gap = value.subs(problem.share, x) - equilibrium.payoffs[player]
        yield Violation(f"payoff: of {player}", gap)
        yield Violation(f"payoff: of {player}", -gap)
    yield Violation("proposal: the share reported is not the one proposed", sp.Abs(found[name] - x))
    if f"{name} from" in found:
        yield from _boxed(problem, found)
        return
    for responder, given, own in ((second, x, y), (first, y, x)):
        proposer = first if responder == second else second
        slack = problem.agreement[responder].subs(problem.share, given) - _need(problem, responder, own)
        best = _best(problem, proposer)
        yield Violation(f"refusal: {responder} gains", -slack)
        yield Violation(f"proposal: {proposer} leaves too much", sp.Integer(0) if given == best else slack)
        pay = problem.agreement[proposer]
        factor = problem.discount[proposer]
        waits = (1 - factor) * problem.states[0].flow[proposer] + factor * pay.subs(problem.share, own)
        yield Violation(f"delay: {proposer} gains by waiting", waits - pay.subs(problem.share, given))


def _need(problem: AlternatingOffers, player: str, own: sp.Expr) -> sp.Expr:
    factor = problem.discount[player]
    on = (1 - factor) * problem.states[0].flow[player] + factor * problem.agreement[player].subs(problem.share, own)
    leaves = problem.outside and problem.leaves.get(player, "" if problem.leaves else "answering") == "answering"
    return problem.outside[player] if leaves and number_sign(problem.outside[player] - on) > 0 else on


def _best(problem: AlternatingOffers, player: str) -> sp.Expr:
    assert problem.between is not None
    low, high = problem.between
    return high if number_sign(problem.agreement[player].subs(problem.share, high) - problem.agreement[player].subs(problem.share, low)) > 0 else low


def _boxed(problem: AlternatingOffers, found: Any) -> Iterator[Violation]:
    first, second = problem.players
    name = str(problem.share)
    boxes = {player: [found[f"{name}_{player} {end}"] for end in ("from", "to")] for player in problem.players}
    for end, bound in paired(("from", "to"), boxes[first]):
        yield Violation("proposal: the bound reported is not that of the one proposed", sp.Abs(found[f"{name} {end}"] - bound))
    signs = set()
    for responder, proposer in ((second, first), (first, second)):
        paid = [problem.agreement[responder].subs(problem.share, end) for end in boxes[proposer]]
        rises = number_sign(paid[1] - paid[0]) > 0
        for end in (0, 1):  # at the worse end for the responder he would refuse, at the better end accept (or the reverse at all four corners)
            slack = paid[end] - _need(problem, responder, boxes[responder][end])
            signs.add(number_sign(slack) * (1 if (end == 1) == rises else -1))
        width = boxes[proposer][1] - boxes[proposer][0]
        yield Violation(f"box: of {proposer} is wide", width - sp.Rational(1, 10**20))
        middle = found[f"{name}_{proposer}"]
        yield Violation(f"box: does not hold the share of {proposer}", sp.Max(boxes[proposer][0] - middle, middle - boxes[proposer][1]))
    yield Violation("box: no pair of proposals in it is proved", sp.Integer(0) if len(signs - {0}) <= 1 else sp.Integer(1), open=True)
