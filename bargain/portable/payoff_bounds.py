"""Least and greatest subgame-perfect payoffs of alternating offers, written as two plays of the table, one as good as can be for each side.

What a responder must be offered lies between the least and the greatest that refusing can be worth to him, so that the bounds at one moment follow from those
at the next (Shaked and Sutton 1984, Econometrica 52:1351-1364): the greatest payoff of one side and the least of the other are what they get by proposing and
answering optimally where the greatest and the least of the next moment follow. That is a play of the table itself, once with one side favoured and once with
the other. With discounting these equations have one solution, which the two plays then share: every subgame-perfect payoff. With fixed costs of delay they
have many: the two plays then last a number of rounds, after which everything feasible is given to the favoured side; the number is large enough for the last
round to repeat the one before, so that both plays are equilibria without an end too (for ever to refuse costs more than there is).
"""

from typing import Any

import sympy as sp

from bargain.certify.waiting import other_side
from bargain.equilibrium import Equilibrium
from bargain.errors import NotApplicable
from bargain.games.alternating import AlternatingOffers
from bargain.games.nodes import Chance, Node, Terminal
from bargain.portable.arbiter import named_unlike
from bargain.portable.refusals import REMEDY
from bargain.portable.stages import Proposal, Rules, Stage, Staged, ask, bounds, value_of

Slot = tuple[str, int, str]  # state, date within the cycle, proposer
Payoffs = dict[str, sp.Expr]
_ROUNDS = 60


def extreme_plays(table: AlternatingOffers, solver: Any, e: Equilibrium) -> Staged:
    """A stage for each favoured side and moment (with fixed costs: for each number of rounds left), and somebody who names the play that the answer pays."""
    told = {(side, slot): _told(table, e, side, slot) for side in table.players for slot in _slots(table)}
    first, second = table.players
    if table.leavers("refused") or table.costs and table.outside:
        raise NotApplicable("no portable certificate: it has leaving after an own offer, or fixed costs and options to leave", place="certificate", remedy=REMEDY)
    if not table.costs and any(sp.simplify(told[first, slot][p] - told[second, slot][p]) != 0 for slot in _slots(table) for p in table.players):
        raise NotApplicable("no portable certificate: payoffs are not unique at some moment although they are discounted", place="certificate", remedy=REMEDY)
    name = named_unlike("chooser", table.players)
    stages, values, choices, rounds = dict[str, Stage](), dict[str, Payoffs](), Rules(), [told]
    if table.costs:
        rounds = _rounds(table, told)
    for left, worth in enumerate(rounds):
        for (side, slot), paid in worth.items():
            here, by = _name(table, side, slot, left if table.costs else None), slot[2]
            later = left - 1 if table.costs else None
            values[here] = {**paid, name: sp.Integer(0)}
            if later == -1:
                stages[here] = Terminal(values[here])
                continue
            proposal = _offer(table, side, slot, later, name)
            stages[here], choices[by, here] = proposal, {"share": _share(table, by, paid)}
    last = len(rounds) - 1 if table.costs else None
    opening = {by: chance for (state, date, by) in _slots(table) if date == 0 and state == table.states[0].name for chance in (table.turns[0][by],)}
    moves: dict[str, Node] = {}
    for side in table.players:
        at = {by: _name(table, side, (table.states[0].name, 0, by), last) for by in opening}
        paid = {p: sp.Add(*(chance * value_of(at[by], p) for by, chance in opening.items())) for p in table.players}
        moves[f"for {side}"] = Terminal({**paid, name: sp.Integer(0)})
    stages["start"], values["start"] = ask(name, moves), {**e.payoffs, name: sp.Integer(0)}
    found = {side: sp.Add(*(chance * told[side, (table.states[0].name, 0, by)][side] for by, chance in opening.items())) for side in table.players}
    favoured = second if sp.simplify(found[first] - e.payoffs[first]) != 0 else first
    choices[name, "start"] = {f"for {side}": sp.Integer(side == favoured) for side in table.players}
    measures = {here: sp.Integer(3) if here == "start" else sp.Integer(1) for here in stages}
    if table.costs:
        measures = {here: sp.Integer(2 * len(rounds) + 1) for here in stages}
        measures |= {_name(table, *key, left): sp.Integer(left + 1) for left, worth in enumerate(rounds) for key in worth}
    return Staged("one play for each side that favours it most", (*table.players, name), stages, values, "start", choices, measures)


def _slots(table: AlternatingOffers) -> list[Slot]:
    return [(state.name, date, by) for date, turn in enumerate(table.turns) for state in table.states for by in turn]


def _name(table: AlternatingOffers, side: str, slot: Slot, left: int | None) -> str:
    state, date, by = slot
    when = f" at {date}" * bool(table.order) + f" in {state}" * (len(table.states) > 1)
    return f"for {side}: {by} proposes{when}" + (f", {left} rounds left" if left is not None else "")


def _told(table: AlternatingOffers, e: Equilibrium, side: str, slot: Slot) -> Payoffs:
    """The bounds of the answer that favour a side."""
    state, date, by = slot
    where = f"when {by} proposes" + f" at {date}" * bool(table.order) + f" in {state}" * (len(table.states) > 1)
    return {p: e.quantities[f"{p} at {'most' if p == side else 'least'} {where}"] for p in table.players}


def _offer(table: AlternatingOffers, side: str, slot: Slot, later: int | None, name: str) -> Proposal:
    """A proposal, an answer, and what follows a refusal in the same play."""
    state, date, by = slot
    other, after = other_side(table, by), (date + 1) % len(table.turns)
    here = next(s for s in table.states if s.name == state)
    on = dict.fromkeys((name,), sp.Integer(0))
    for p in table.players:
        factor = table.factor(p, other)
        worth = sp.Add(*(chance * q * value_of(_name(table, side, (s, after, who), later), p)
                         for s, chance in here.moves.items() for who, q in table.turns[after].items()))
        on[p] = sp.expand((1 - factor) * here.flow[p] + factor * worth - table.cost(p))
    goes_on: Node = Terminal(on)
    if table.breakdown is not None:
        chance = table.breakdown.probability
        ends = Terminal({**table.breakdown.payoffs, name: sp.Integer(0)})
        goes_on = Chance((("talks end", chance, ends), ("talks go on", 1 - chance, goes_on)))
    moves: dict[str, Node] = {"accept": Terminal({**table.agreement, name: sp.Integer(0)}), "refuse": goes_on}
    if other in table.leavers():
        moves["leave"] = Terminal({**table.outside, name: sp.Integer(0)})
    assert table.between is not None
    return Proposal(by, {"share": table.share}, bounds(table.share - table.between[0], table.between[1] - table.share), ask(other, moves))


def _share(table: AlternatingOffers, by: str, paid: Payoffs) -> sp.Expr:
    """The share that pays so; where none does, the proposer asks in vain for everything."""
    assert table.between is not None
    low, high = table.between
    own, other = table.agreement[by], table.agreement[other_side(table, by)]
    rises = (own.subs(table.share, high) - own.subs(table.share, low))
    share = sp.factor(low + (high - low) * (paid[by] - own.subs(table.share, low)) / rises)
    if sp.simplify(other.subs(table.share, share) - paid[other_side(table, by)]) == 0:
        return share
    if not rises.is_number:
        raise NotApplicable("no portable certificate: in which direction a share is good depends on parameters", place="certificate", remedy="add --at")
    return high if rises > 0 else low


def _rounds(table: AlternatingOffers, told: dict[tuple[str, Slot], Payoffs]) -> list[dict[tuple[str, Slot], Payoffs]]:
    """Bounds by the number of rounds left, from all that is feasible on, until the bounds of the answer repeat themselves."""
    assert table.between is not None
    ends = {p: [value.subs(table.share, end) for end in table.between] for p, value in table.agreement.items()}
    extra = {p: [state.flow[p] for state in table.states] + ([table.breakdown.payoffs[p]] if table.breakdown else []) for p in table.players}
    found = [{(side, slot): {p: (sp.Max if p == side else sp.Min)(*ends[p], *extra[p]) for p in table.players} for side, slot in told}]
    for left in range(_ROUNDS):
        known = {value_of(_name(table, *key, left), p): v for key, paid in found[-1].items() for p, v in paid.items()}
        found.append({(side, slot): _played(table, _offer(table, side, slot, left, "chooser"), known) for side, slot in told})
        if all(sp.expand(v - told[key][p]) == 0 for worth in found[-2:] for key, paid in worth.items() for p, v in paid.items()):
            return found
    raise NotApplicable(f"no portable certificate: the bounds have not settled after {_ROUNDS} rounds", place="certificate", remedy=REMEDY)


def _played(table: AlternatingOffers, offer: Proposal, known: dict[sp.Symbol, sp.Expr]) -> Payoffs:
    """What a proposer and a responder get who know what follows: the share at which the responder is indifferent, if it is better than to wait."""
    assert table.between is not None and not isinstance(offer.answer, Proposal)
    refused = dict(offer.answer.moves)["refuse"]  # type: ignore[union-attr]
    parts = [(sp.Integer(1), refused)] if isinstance(refused, Terminal) else [(chance, child) for _, chance, child in refused.draws]
    waits = {p: sp.Add(*(chance * child.payoffs[p].xreplace(known) for chance, child in parts)) for p in table.players}
    by, other = offer.player, other_side(table, offer.player)
    own, paid = table.agreement[by], table.agreement[other]
    low, high = sorted(table.between, key=lambda end: own.subs(table.share, end))  # worst and best for who proposes
    start, end = (paid.subs(table.share, x) for x in (high, low))
    given = sp.Max(start, waits[other])
    share = high + (low - high) * (given - start) / (end - start)
    return {by: own.subs(table.share, share), other: given} if given <= end and own.subs(table.share, share) >= waits[by] else waits
