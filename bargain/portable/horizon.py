"""A finite number of offers, written as one stage for each date and proposer (after Ståhl 1972, Bargaining Theory)."""

from collections.abc import Mapping
from typing import Any

import sympy as sp

from bargain.certify.waiting import other_side
from bargain.equilibrium import Equilibrium
from bargain.errors import NotApplicable
from bargain.games.alternating import AlternatingOffers
from bargain.games.nodes import Chance, Node, Terminal
from bargain.portable.refusals import REMEDY
from bargain.portable.stages import Proposal, Rules, Stage, Staged, answers, ask, bounds, value_of
from bargain.portable.tables import other_end


def finite_horizon(table: AlternatingOffers, solver: Any, e: Equilibrium) -> Staged:
    """Values from the last date back; where no share is agreed, the proposer asks for everything in vain."""
    assert table.horizon is not None
    keys = {(date, by): f"{table.share}[{date}]" + (f"_{by}" if len(_turn(table, date)) > 1 else "") for date in range(table.horizon) for by in _turn(table, date)}
    if len(table.states) > 1 or table.drift or not set(keys.values()) <= set(e.quantities):
        raise NotApplicable("no portable certificate: what is agreed at later dates, or in other states, is not reported", place="certificate", remedy=REMEDY)
    stages, values, choices, measures = dict[str, Stage](), dict[str, Mapping[str, sp.Expr]](), Rules(), dict[str, sp.Expr]()
    known: dict[sp.Symbol, sp.Expr] = {}
    for (date, by), key in reversed(keys.items()):
        here, other, share = _name(date, by), other_side(table, by), e.quantities[key]
        refused = _refused(table, date, by, other)
        ends: dict[str, Node] = {"accept": Terminal(table.agreement), "refuse": refused}
        if other in table.leavers():
            ends["leave"] = Terminal(table.outside)
        inside = () if table.between is None else bounds(table.share - table.between[0], table.between[1] - table.share)
        stages[here], measures[here] = Proposal(by, {"share": table.share}, inside, ask(other, ends)), sp.Integer(table.horizon - date)
        if share is None:
            del ends["accept"]
            values[here] = _only(ask(other, ends), here, known)
        else:
            values[here] = {p: sp.cancel(value.subs(table.share, share)) for p, value in table.agreement.items()}
        choices[by, here] = {"share": other_end(table, by) if share is None else share}
        known.update({value_of(here, p): value for p, value in values[here].items()})
    start, *others = _turn(table, 0)
    if others:
        stages["start"], measures["start"] = Terminal({p: _worth(table, 0, p) for p in table.players}), sp.Integer(table.horizon + 1)
        values["start"] = e.payoffs
    return Staged("one stage for each date", table.players, stages, values, "start" if others else _name(0, start), choices, measures)


def _name(date: int, by: str) -> str:
    return f"{by} proposes at {date}"


def _turn(table: AlternatingOffers, date: int) -> Mapping[str, sp.Expr]:
    return table.turns[date % len(table.turns)]


def _worth(table: AlternatingOffers, date: int, player: str) -> sp.Expr:
    """What a date is worth before it is known who proposes, in terms of the values of stages."""
    if date == table.horizon:
        return table.default.get(player, sp.Integer(0))
    return sp.Add(*(chance * value_of(_name(date, by), player) for by, chance in _turn(table, date).items()))


def _refused(table: AlternatingOffers, date: int, by: str, other: str) -> Node:
    """What follows a refusal: the proposer may leave; talks may break down; then time passes."""
    paid = {}
    for p in table.players:
        factor = table.factor(p, other)
        paid[p] = factor * _worth(table, date + 1, p) + (1 - factor) * table.states[0].flow[p] - table.cost(p)
    goes_on: Node = Terminal(paid)
    if table.breakdown is not None:
        ends = table.breakdown
        goes_on = Chance((("talks end", ends.probability, Terminal(ends.payoffs)), ("talks go on", 1 - ends.probability, goes_on)))
    return ask(by, {"go on": goes_on, "leave": Terminal(table.outside)}) if by in table.leavers("refused") else goes_on


def _only(node: Node, here: str, known: Mapping[sp.Symbol, sp.Expr]) -> Mapping[str, sp.Expr]:
    found = [paid for _, _, paid in answers(node, (here,), known)]
    if len(found) != 1:
        raise NotApplicable("no portable certificate: who leaves depends on parameters", place=here, remedy=REMEDY)
    return found[0]
