"""One-shot deviations at a bargaining table, from the strategies alone.

The proposals of all states give the value of going on after a refusal. No proposer gains by
waiting, no responder by refusing, and no proposer by asking for more than he needs to leave.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import sympy as sp

from bargain.certify.check import Violation
from bargain.exponentials import exponentials_apart
from bargain.games.bargaining import AlternatingOffers, State
from bargain.games.nodes import Bargain
from bargain.regions.cells import GT, LT, Cell
from bargain.solution import Component, Equilibrium

Shares = Mapping[tuple[str, str], sp.Expr | None]


def violations(problem: AlternatingOffers, solver: Any, equilibrium: Equilibrium | Component) -> Iterator[Violation]:
    """The one-shot deviations of every proposer and responder in every state."""
    assert isinstance(equilibrium, Equilibrium)
    shares = _accepted(problem, equilibrium)
    limit = bool(getattr(solver, "limit", False))
    yield from _deviations(problem, shares, problem.outside, equilibrium.payoffs, limit)


def value_in_tree(node: Bargain, outside: Mapping[str, Mapping[str, sp.Expr]], claimed: Equilibrium, place: str,
                  found: list[Violation]) -> Mapping[str, sp.Expr]:
    """What a table inside a tree pays every player; its deviations are added to `found`."""
    table = node.table
    shares = _shares(table, claimed.quantities)
    options = {**table.outside, **{player: values[player] for player, values in outside.items()}}
    first = shares[table.states[0].name, table.players[0]]
    if first is None:
        walker = table.players[1]
        values = outside.get(walker) or {player: options.get(player, sp.Integer(0)) for player in table.players}
        found += list(_deviations(table, shares, options, {player: values[player] for player in table.players}, False))
        return values
    paid = {player: table.agreement[player].subs(table.share, first) for player in table.players}
    found += list(_deviations(table, shares, options, paid, False))
    return {**paid, **{player: e.subs(table.share, first) for player, e in node.spectators.items()}}


def _accepted(table: AlternatingOffers, equilibrium: Equilibrium) -> Shares:
    """The share each proposer offers in each state: the one at which the responder just accepts."""
    shares: dict[tuple[str, str], sp.Expr | None] = {}
    for state in table.states:
        for proposer in table.players:
            responder = next(player for player in table.players if player != proposer)
            rule = equilibrium.strategies[responder].get(f"respond[{state.name}]", {}).get("accept")
            condition = rule.args[0][1] if isinstance(rule, sp.Piecewise) else None
            shares[state.name, proposer] = None if condition is None else condition.rhs if condition.lhs == table.share else condition.lhs
    return shares


def _shares(table: AlternatingOffers, quantities: Mapping[str, sp.Expr]) -> Shares:
    name, initial = str(table.share), table.states[0].name
    shares = {}
    for state in table.states:
        for player in table.players:
            key = f"{name}_{player}" if state.name == initial else f"{name}_{player}[{state.name}]"
            shares[state.name, player] = quantities.get(key)
    return shares


def _deviations(table: AlternatingOffers, shares: Shares, outside: Mapping[str, sp.Expr], claimed: Mapping[str, sp.Expr],
                limit: bool) -> Iterator[Violation]:
    first = shares[table.states[0].name, table.players[0]]
    if first is not None:
        for player in table.players:
            gap = _clean(table.agreement[player].subs(table.share, first).subs(table.start) - claimed[player])
            yield Violation(f"payoff: {player} gets more than claimed", gap)
            yield Violation(f"payoff: {player} gets less than claimed", -gap)
    if any(share is None for share in shares.values()):
        yield from _no_deal(table, shares, outside)
        return
    for state in table.states:
        if limit:
            yield from _limit(table, shares, outside, state)
            continue
        for proposer in table.players:
            for violation in _slot(table, shares, outside, (state.name, proposer)):
                yield from _now(table, violation)


def _slot(table: AlternatingOffers, shares: Shares, outside: Mapping[str, sp.Expr], slot: tuple[str, str]) -> Iterator[Violation]:
    proposer = slot[1]
    responder = next(player for player in table.players if player != proposer)
    share = shares[slot]
    assert share is not None
    on = {player: _refused(table, shares, slot, player) for player in table.players}
    place = f"in {slot[0]} when {proposer} proposes"
    accept, ask = (table.agreement[player].subs(table.share, share) for player in (responder, proposer))
    options = [on[responder], *([outside[responder]] if responder in outside else [])]
    for value in options:
        yield Violation(f"refusal: {responder} gains by refusing {place}", _clean(value - accept))
    yield from _waiting(on, outside, (proposer, responder), ask, place)
    if table.between is None:
        best = sp.Mul(*(_clean(accept - value) for value in options))
        yield Violation(f"proposal: {proposer} leaves too much {place}", best)
        return
    low, high = table.between
    yield Violation(f"interval: the share is below it {place}", _clean(low - share))
    yield Violation(f"interval: the share is above it {place}", _clean(share - high))
    end = high if _rises(table, proposer) else low
    slack = sp.Mul(*(_clean(accept - value) for value in options))
    yield Violation(f"proposal: {proposer} leaves too much {place}", slack * _clean((end - share) * (1 if end == high else -1)))


def _waiting(on: Mapping[str, sp.Expr], outside: Mapping[str, sp.Expr], sides: tuple[str, str], ask: sp.Expr, place: str) -> Iterator[Violation]:
    """An offer nobody would take: the responder then goes on, or walks away where that is worth more to her."""
    proposer, responder = sides
    if responder not in outside:
        yield Violation(f"delay: {proposer} gains by waiting {place}", _clean(on[proposer] - ask))
        return
    leaving = _clean(outside[responder] - on[responder])
    yield Violation(f"delay: {proposer} gains by waiting {place}", _clean(on[proposer] - ask), Cell().where(leaving, LT))
    if proposer in outside:
        yield Violation(f"delay: {proposer} gains by being left {place}", _clean(outside[proposer] - ask), Cell().where(leaving, GT))


def _now(table: AlternatingOffers, violation: Violation) -> Iterator[Violation]:
    """A violation at the present value of the drifting variables; that it does not change with them is checked too."""
    excess = violation.excess
    for variable in table.drift:
        slope = _clean(sp.diff(excess, variable))
        yield Violation(f"drift: {violation.what.split(': ')[1]} (as {variable} moves)", slope)
        yield Violation(f"drift: {violation.what.split(': ')[1]} (as {variable} moves)", -slope)
    yield Violation(violation.what, excess.subs(table.start), violation.where)


def _limit(table: AlternatingOffers, shares: Shares, outside: Mapping[str, sp.Expr], state: State) -> Iterator[Violation]:
    """The table as the period vanishes: the two proposals coincide, and the first-order gains must balance.

    With both sides proposing x, refusing gains f_i(x) per unit of time. Proposals may differ by terms of
    first order, which leaves one condition: D = sum of f_i / s_i = 0, with s_i the slope of i's payoff;
    D falls in x. Where an outside option holds a side up, only the sign away from it is ruled out.
    """
    period = table.period
    assert period is not None
    first, second = table.players
    share = shares[state.name, first]
    assert share is not None
    gap = _clean(share - shares[state.name, second]).subs(table.start)
    yield Violation("limit: the two proposals differ", gap)
    yield Violation("limit: the two proposals differ", -gap)
    slopes = {player: sp.diff(table.agreement[player], table.share) for player in table.players}
    drift = sp.Integer(0)
    for proposer, responder in ((first, second), (second, first)):
        gain = _refused(table, shares, (state.name, proposer), responder) - table.agreement[responder].subs(table.share, share)
        drift += sp.diff(gain, period).subs(period, 0) / slopes[responder]
    drift = _clean(drift).subs(table.start)
    for player in table.players:
        pull = -drift if slopes[player].is_positive else drift
        slack = _clean(table.agreement[player].subs(table.share, share) - outside[player]) if player in outside else None
        yield Violation(f"limit: {player} is left more than going on is worth", pull if slack is None else sp.Min(pull, slack))
        if slack is not None:
            yield Violation(f"limit: {player} gains by walking away", -slack)


def _no_deal(table: AlternatingOffers, shares: Shares, outside: Mapping[str, sp.Expr]) -> Iterator[Violation]:
    """Where talks fail at once, nothing feasible beats both outside options."""
    if set(outside) != set(table.players) or any(share is not None for share in shares.values()):
        yield Violation("delay: an equilibrium that mixes agreement and delay is not certified", sp.Integer(1))
        return
    for end in table.between or ():
        gains = [table.agreement[player].subs(table.share, end) - outside[player] for player in table.players]
        yield Violation("no deal: both sides gain from an end of the interval", sp.Min(*gains))
    first, second = table.players
    slope = {player: sp.diff(table.agreement[player], table.share) for player in table.players}
    needed = (outside[second] - table.agreement[second].subs(table.share, 0)) / slope[second]
    yield Violation("no deal: a share that satisfies one side satisfies the other", table.agreement[first].subs(table.share, needed) - outside[first])


def _refused(table: AlternatingOffers, shares: Shares, slot: tuple[str, str], player: str) -> sp.Expr:
    """What a side gets when the offer in a slot is refused and play goes on as claimed."""
    state = next(state for state in table.states if state.name == slot[0])
    proposer = next(other for other in table.players if other != slot[1])
    later = sp.Integer(0)
    for name, probability in state.moves.items():
        share = shares[name, proposer]
        assert share is not None
        later += probability * table.agreement[player].subs(table.share, share).subs(table.drift, simultaneous=True)
    factor = table.discount[player]
    value = (1 - factor) * state.flow[player] + factor * later
    if table.breakdown is None:
        return value
    chance = table.breakdown.probability
    return chance * table.breakdown.payoffs[player] + (1 - chance) * value


def _rises(table: AlternatingOffers, player: str) -> bool:
    return bool(sp.diff(table.agreement[player], table.share).is_positive)


def _clean(expression: sp.Expr) -> sp.Expr:
    """The same value with exact zeros recognised: exponentials are treated as independent symbols, no gcd is taken."""
    plain, back = exponentials_apart(expression)
    numerator, denominator = sp.fraction(sp.together(plain))
    numerator = sp.expand(numerator)
    return sp.Integer(0) if numerator == 0 else (numerator / denominator).xreplace(back)
