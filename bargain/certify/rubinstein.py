"""One-shot deviations at a bargaining table, from the strategies alone.

The proposals of all states give the value of going on after a refusal. No proposer gains by
letting talks go on (or end), no responder by refusing, no proposer by asking for more than he needs
to leave; where nothing is agreed, no share is better for both than what they then get.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import chain, combinations
from typing import Any

import sympy as sp

from bargain.certify.check import Violation, read
from bargain.certify.waiting import Exits, Shares, Slot, Values, directions, other_side, refused, slots, waiting_values
from bargain.exponentials import exponentials_apart
from bargain.games.alternating import AlternatingOffers, State
from bargain.games.nodes import Bargain
from bargain.regions.cells import GE, GT, LT, Cell
from bargain.regions.explore import number_sign
from bargain.solution import Component, Equilibrium


def violations(problem: AlternatingOffers, solver: Any, equilibrium: Equilibrium | Component) -> Iterator[Violation]:
    """The one-shot deviations of every proposer and responder in every state."""
    assert isinstance(equilibrium, Equilibrium)
    shares = _accepted(problem, equilibrium)
    exits = dict.fromkeys(problem.leavers(), problem.outside)
    yield from _told(problem, shares, equilibrium)
    yield from _answers(problem, equilibrium)
    walks = {(state, by) for (state, by), share in shares.items() if share is None and "leave" in _answer(problem, equilibrium, (state, by))}
    for state, by in walks:
        if other_side(problem, by) not in exits:
            yield Violation(f"refusal: {other_side(problem, by)} cannot leave in {state}", sp.Integer(1))
            return
    yield from _deviations(problem, shares, exits, walks, equilibrium.payoffs, bool(getattr(solver, "limit", False)))


def value_in_tree(node: Bargain, outside: Exits, found: Mapping[str, sp.Expr], claims: list[Violation]) -> Mapping[str, sp.Expr]:
    """What a table inside a tree pays every player, by its named shares `found`; its deviations are added to `claims`."""
    table = node.table
    shares = _named(table, found)
    exits = {**dict.fromkeys(table.leavers(), table.outside), **outside}
    start = slots(table)[0]
    first, walks = shares[start], _departures(table, shares, exits)
    if first is None:
        values = waiting_values(table, shares, exits, walks)
        stuck = values is not None and values[start]
        paid = exits[table.players[1]] if start in walks else stuck or dict.fromkeys(table.players, sp.nan)
        claims += list(_deviations(table, shares, exits, walks, {player: paid[player] for player in table.players}, False))
        return paid
    paid = {player: table.agreement[player].subs(table.share, first) for player in table.players}
    gap = _clean(found.get(str(table.share), first) - first)
    claims += [Violation("proposal: the share reported is not the share proposed", excess) for excess in (gap, -gap)]
    claims += list(_deviations(table, shares, exits, walks, paid, False))
    return {**paid, **{player: e.subs(table.share, first) for player, e in node.spectators.items()}}


def _departures(table: AlternatingOffers, shares: Shares, exits: Exits) -> set[Slot]:
    """Where nothing is agreed in a tree, who leaves is not stated: with numbers, whoever gains by it; with parameters, everybody who may."""
    silent = [slot for slot, share in shares.items() if share is None and other_side(table, slot[1]) in exits]
    for walks in chain.from_iterable(combinations(silent, size) for size in reversed(range(len(silent) + 1))):
        values = waiting_values(table, shares, exits, walks)
        gains = {} if values is None else {slot: _clean(exits[by][by] - refused(table, values, slot, by))
                                           for slot in silent for by in (other_side(table, slot[1]),)}
        if any(not gain.is_number for gain in gains.values()):
            break
        if values is not None and all((number_sign(gain) if slot in walks else -number_sign(gain)) >= 0 for slot, gain in gains.items()):
            return set(walks)
    return set(silent)


def _answer(table: AlternatingOffers, equilibrium: Equilibrium, slot: Slot) -> Mapping[str, sp.Expr]:
    return equilibrium.strategies[other_side(table, slot[1])].get(f"respond[{slot[0]}]", {})


def _threshold(table: AlternatingOffers, equilibrium: Equilibrium, slot: Slot) -> tuple[sp.Expr, bool] | None:
    """The share at which the responder just accepts, and whether larger shares are accepted; None if no share is."""
    rule = _answer(table, equilibrium, slot).get("accept")
    condition = rule.args[0][1] if isinstance(rule, sp.Piecewise) else None
    if condition is None:
        return None
    return (condition.rhs, condition.rel_op == ">=") if condition.lhs == table.share else (condition.lhs, condition.rel_op == "<=")


def _accepted(table: AlternatingOffers, equilibrium: Equilibrium) -> Shares:
    """The share each proposer offers in each state: the one at which the responder just accepts."""
    return {slot: None if (found := _threshold(table, equilibrium, slot)) is None else found[0] for slot in slots(table)}


def _answers(table: AlternatingOffers, equilibrium: Equilibrium) -> Iterator[Violation]:
    """A responder accepts for sure the shares that are better for him, and refuses the others for sure."""
    for state, by in slots(table):
        found, rule, responder = _threshold(table, equilibrium, (state, by)), _answer(table, equilibrium, (state, by)), other_side(table, by)
        for riser, where in directions(table):
            wrong = found is not None and found[1] != (riser == responder)
            yield Violation(f"answer: {responder} refuses the better shares in {state}", sp.Integer(int(wrong)), where)
        if found is None:
            sure = not rule or ("accept" not in rule and list(rule.values()) == [sp.Integer(1)])
        else:
            condition = rule["accept"].args[0][1]
            sure = all(weight == sp.Piecewise((int(action == "accept"), condition), (int(action != "accept"), True)) for action, weight in rule.items())
        yield Violation(f"answer: of {responder} in {state} is a lottery", sp.Integer(int(not sure)))


def _named(table: AlternatingOffers, quantities: Mapping[str, sp.Expr]) -> Shares:
    return {slot: quantities.get(_name(table, slot)) for slot in slots(table)}


def _name(table: AlternatingOffers, slot: Slot) -> str:
    """The name under which a share is reported."""
    return f"{table.share}_{slot[1]}" if slot[0] == table.states[0].name else f"{table.share}_{slot[1]}[{slot[0]}]"


def _told(table: AlternatingOffers, shares: Shares, equilibrium: Equilibrium) -> Iterator[Violation]:
    """What is proposed and what is reported must be what is accepted."""
    symbols = {str(symbol): symbol for symbol in (*table.notation.symbols, *table.drift)}
    for (state, by), share in shares.items():
        stated: list[sp.Expr | None] = [equilibrium.quantities.get(_name(table, (state, by)))]
        if (state, by) == slots(table)[0]:
            stated.append(equilibrium.quantities.get(str(table.share)))
        actions = equilibrium.strategies[by].get(f"propose[{state}]", {})
        yield Violation(f"proposal: {by} makes {len(actions)} in {state}", sp.Integer(abs(len(actions) - 1)))
        for action, weight in actions.items():
            yield from (Violation(f"proposal: {action} of {by} in {state} has another weight than one", gap) for gap in (weight - 1, 1 - weight))
            if (share is None) != (not action.startswith(f"{table.share} = ")):
                yield Violation(f"proposal: of {by} in {state} is not the share accepted", sp.Integer(1))
            elif share is not None and not action.endswith(f" = {sp.N(share, 6) if share.is_number else share}"):  # six digits, or exact
                stated.append(read(action.removeprefix(f"{table.share} = "), symbols))
        for value in stated:
            gap = None if value is None else sp.Integer(1) if share is None else _clean((value - share).subs(table.start))
            for excess in () if gap is None else (gap, -gap):
                yield Violation(f"proposal: of {by} in {state} is not the share accepted", excess)


def _deviations(table: AlternatingOffers, shares: Shares, exits: Exits, walks: Collection[Slot], claimed: Mapping[str, sp.Expr],
                limit: bool) -> Iterator[Violation]:
    silent = {state for (state, _), share in shares.items() if share is None}
    alike = all(shares[slot] is None for slot in slots(table) if slot[0] in silent)
    values = waiting_values(table, shares, exits, walks, limit) if alike or not limit else None
    if values is None:
        yield Violation("delay: the value of waiting is not determined", sp.Integer(1), open=True)
        return
    for player in table.players:
        gap = _clean((values[slots(table)[0]][player] - claimed[player]).subs(table.start))
        yield Violation(f"payoff: {player} gets more than claimed", gap)
        yield Violation(f"payoff: {player} gets less than claimed", -gap)
    for riser, where in directions(table):
        for state in table.states if limit else ():
            if state.name not in silent:
                yield from (_within(v, where) for v in _limit(table, shares, values, exits, state, riser))
        for slot, share in shares.items():
            if limit and share is not None:
                continue
            place = f"in {slot[0]} when {slot[1]} proposes"
            found = _silent(table, values, exits, slot, place, riser, slot in walks) if share is None else _slot(table, share, values, exits, slot, place, riser)
            for violation in found:
                yield from (_within(v, where) for v in _now(table, _at_once(table, violation) if limit else violation))


def _within(violation: Violation, where: Cell) -> Violation:
    return replace(violation, where=violation.where & where) if where.atoms else violation


def _slot(table: AlternatingOffers, share: sp.Expr, values: Values, exits: Exits, slot: Slot, place: str, riser: str) -> Iterator[Violation]:
    """Agreement is reached: deviations of the responder, and of the proposer to silence or to a greater demand."""
    proposer, responder = slot[1], other_side(table, slot[1])
    on = {player: refused(table, values, slot, player) for player in table.players}
    accept, ask = (table.agreement[player].subs(table.share, share) for player in (responder, proposer))
    options = [on[responder], *([exits[responder][responder]] if responder in exits else [])]
    for value in options:
        yield Violation(f"refusal: {responder} gains by refusing {place}", _clean(value - accept))
    stays = _clean(options[0] - options[-1])
    yield Violation(f"delay: {proposer} gains by waiting {place}", _clean(on[proposer] - ask), Cell().where(stays, GE if len(options) == 1 else GT))
    if responder in exits:
        yield Violation(f"delay: {proposer} gains if {responder} leaves {place}", _clean(exits[responder][proposer] - ask), Cell().where(stays, LT))
    slack = sp.Mul(*(_clean(accept - value) for value in options))
    if table.between is None:
        yield Violation(f"proposal: {proposer} leaves too much {place}", slack)
        return
    low, high = table.between
    yield Violation(f"interval: the share is below it {place}", _clean(low - share))
    yield Violation(f"interval: the share is above it {place}", _clean(share - high))
    room = high - share if riser == proposer else share - low
    yield Violation(f"proposal: {proposer} leaves too much {place}", slack * _clean(room))


def _silent(table: AlternatingOffers, values: Values, exits: Exits, slot: Slot, place: str, riser: str, leaves: bool) -> Iterator[Violation]:
    """Nothing is agreed: no share is better for both than what silence leads to."""
    proposer, responder = slot[1], other_side(table, slot[1])
    on, got = refused(table, values, slot, responder), values[slot]
    if leaves:
        yield Violation(f"refusal: {responder} would rather go on {place}", _clean(on - got[responder]))
    elif responder in exits:
        yield Violation(f"refusal: {responder} gains by leaving {place}", _clean(exits[responder][responder] - on))
    enough = {player: (got[player] - table.agreement[player].subs(table.share, 0)) / sp.diff(table.agreement[player], table.share)
              for player in table.players}
    where = Cell()
    if table.between is not None:
        least, most = (enough[player] for player in ((proposer, responder) if riser == proposer else (responder, proposer)))
        where = where.where(_clean(table.between[1] - least), GT).where(_clean(most - table.between[0]), GT)
    gain = table.agreement[proposer].subs(table.share, enough[responder]) - got[proposer]
    yield Violation(f"no deal: both gain from some share {place}", _clean(gain), where)


def _now(table: AlternatingOffers, violation: Violation) -> Iterator[Violation]:
    """A violation at the present value of the drifting variables; that it does not change with them is checked too."""
    excess, what = violation.excess, violation.what.split(": ")[1]
    for variable in table.drift:
        slope = _clean(sp.diff(excess, variable))
        yield Violation(f"drift: {what} (as {variable} moves)", slope)
        yield Violation(f"drift: {what} (as {variable} moves)", -slope)
    yield _placed(violation, table.start)


def _placed(violation: Violation, values: Mapping[sp.Symbol, sp.Expr]) -> Violation:
    where = Cell()
    for body, mask in violation.where.atoms:
        where = where.where(body.subs(values), mask)
    return replace(violation, excess=violation.excess.subs(values), where=where)


def _at_once(table: AlternatingOffers, violation: Violation) -> Violation:
    """The violation with no time between offers."""
    return violation if table.period is None else _placed(violation, {table.period: sp.Integer(0)})


def _limit(table: AlternatingOffers, shares: Shares, values: Values, exits: Exits, state: State, riser: str) -> Iterator[Violation]:
    """The table as the period vanishes: the two proposals coincide, and the first-order gains must balance.

    With both sides proposing x, refusing gains f_i(x) per unit of time. Proposals may differ by terms of
    first order, which leaves one condition: D = sum of f_i / s_i = 0, with s_i the slope of i's payoff;
    D falls in x. Nor may waiting gain them something together, sum of f_i / |s_i| > 0. Where an outside
    option holds a side up, only the sign away from it is ruled out.
    """
    period = table.period
    assert period is not None
    first, second = table.players
    share = shares[state.name, first]
    other = shares[state.name, second]
    assert share is not None and other is not None
    gap = _clean(share - other)
    for excess in (gap, -gap):
        yield from _now(table, Violation("limit: the two proposals differ", excess))
    slopes = {player: sp.diff(table.agreement[player], table.share) for player in table.players}
    drift, joint = sp.Integer(0), sp.Integer(0)
    for proposer, responder in ((first, second), (second, first)):
        gain = refused(table, values, (state.name, proposer), responder) - table.agreement[responder].subs(table.share, share)
        rate = sp.diff(gain, period).subs(period, 0) / slopes[responder]
        drift, joint = drift + rate, joint + (rate if responder == riser else -rate)
    drift = _clean(drift).subs(table.start)
    if not exits:
        yield Violation("limit: both gain by waiting", _clean(joint).subs(table.start))
    for player in table.players:
        pull = -drift if player == riser else drift
        slack = _clean(table.agreement[player].subs(table.share, share) - exits[player][player]) if player in exits else None
        yield Violation(f"limit: {player} is left more than going on is worth", pull if slack is None else sp.Min(pull, slack))
        if slack is not None:
            yield Violation(f"limit: {player} gains by walking away", -slack)


def _clean(expression: sp.Expr) -> sp.Expr:
    """The same value with exact zeros recognised: exponentials are treated as independent symbols, no gcd is taken."""
    plain, back = exponentials_apart(expression)
    numerator, denominator = sp.fraction(sp.together(plain))
    numerator = sp.expand(numerator)
    return sp.Integer(0) if numerator == 0 else (numerator / denominator).xreplace(back)
