"""A bargaining table as stages: an offer in every state by every proposer, an answer, then values of later moments."""

from collections.abc import Iterator, Mapping
from typing import Any

import sympy as sp

from bargain.certify.waiting import Shares, Slot, Values, other_side, refused, slots
from bargain.games.alternating import AlternatingOffers
from bargain.portable.writer import Writer
from bargain.regions.cells import GE, GT, LE, LT, Cell
from bargain.solution import Equilibrium


def shares_of(table: AlternatingOffers, e: Equilibrium) -> Shares:
    """The share agreed in every slot, as the equilibrium reports it; None where there is no agreement."""
    first = table.states[0].name
    return {(state, who): e.quantities.get(f"{table.share}_{who}" if state == first else f"{table.share}_{who}[{state}]") for state, who in slots(table)}


def other_end(table: AlternatingOffers, proposer: str) -> sp.Expr:
    """The end of the interval that is best for the proposer: what is proposed where nothing is agreed."""
    assert table.between is not None
    rises = sp.diff(table.agreement[proposer], table.share).is_positive
    return table.between[1] if rises else table.between[0]


def written_table(writer: Writer, table: AlternatingOffers) -> dict[str, Any]:
    """The stages of a table; its values are named by moment."""
    assert table.between is not None
    low, high = table.between
    value = {slot: {p: sp.Symbol(f"value of {p} when {slot[1]} proposes in {slot[0]}", real=True) for p in table.players} for slot in slots(table)}
    stages = {}
    for slot in slots(table):
        place, responder = f"{slot[1]} proposes in {slot[0]}", other_side(table, slot[1])
        ends = {"accept": table.agreement, "refuse": {p: refused(table, value, slot, p) for p in table.players}}
        if responder in table.leavers():
            ends["leave"] = table.outside
        answer = {"place": f"answer {place}", "players": [responder], "actions": [list(ends)],
                  "after": [[[name], {"payoffs": writer.table({p: sp.expand(paid[p]) for p in table.players})}] for name, paid in ends.items()]}
        stages[place] = {"place": place, "player": slot[1], "share": writer.variable(table.share), "low": writer.expression(low), "high": writer.expression(high),
                         "answer": answer}
    names = {f"{slot[1]} proposes in {slot[0]}": {p: writer.variable(symbol) for p, symbol in own.items()} for slot, own in value.items()}
    return {"stages": stages, "values": names, "start": next(iter(stages))}


def response(table: AlternatingOffers, values: Values, slot: Slot) -> Iterator[tuple[str, Cell, Mapping[str, sp.Expr]]]:
    """Who answers, and the pieces of the interval with the reply there: accept what is worth as much as going on (and as leaving)."""
    who = other_side(table, slot[1])
    leaves = who in table.leavers()
    on, out = refused(table, values, slot, who), table.outside.get(who, sp.Integer(0))
    gain, stay = table.agreement[who] - on, on - out
    names = ("accept", "refuse", "leave") if leaves else ("accept", "refuse")

    def reply(chosen: str) -> dict[str, sp.Expr]:
        return {name: sp.Integer(name == chosen) for name in names}

    if not leaves:
        yield who, Cell().where(gain, GE), reply("accept")
        yield who, Cell().where(gain, LT), reply("refuse")
        return
    yield who, Cell().where(gain, GE).where(table.agreement[who] - out, GE), reply("accept")
    yield who, Cell().where(gain, LT).where(stay, GT), reply("refuse")
    yield who, Cell().where(table.agreement[who] - out, LT).where(stay, LE), reply("leave")
