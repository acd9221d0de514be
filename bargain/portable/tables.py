"""A bargaining table as stages: an offer in every state by every proposer, an answer, then values of later moments."""

from collections.abc import Iterator, Mapping
from math import lcm
from typing import Any

import sympy as sp

from bargain.certify.waiting import Shares, Slot, Values, other_side, refused, slots
from bargain.games.alternating import AlternatingOffers
from bargain.portable.writer import Writer
from bargain.regions.cells import GE, GT, LE, LT
from bargain.solution import Equilibrium

Conditions = list[tuple[sp.Expr, int]]  # an expression and the mask of its signs


def shares_of(table: AlternatingOffers, e: Equilibrium) -> Shares:
    """The share agreed in every slot, as the equilibrium reports it, with a drift as the answers say; None where there is no agreement."""
    if table.drift:
        return {slot: _accepted(table, e, slot) for slot in slots(table)}
    first = table.states[0].name
    return {(state, who): e.quantities.get(f"{table.share}_{who}" if state == first else f"{table.share}_{who}[{state}]") for state, who in slots(table)}


def _accepted(table: AlternatingOffers, e: Equilibrium, slot: Slot) -> sp.Expr | None:
    """The share from which on an offer is accepted."""
    rule = e.strategies[other_side(table, slot[1])].get(f"respond[{slot[0]}]", {}).get("accept")
    if not isinstance(rule, sp.Piecewise):
        return None
    condition = rule.args[0][1]
    return condition.rhs if condition.lhs == table.share else condition.lhs


def root(table: AlternatingOffers) -> int:
    """The L for which all exponentials of numbers in a table with a drift are powers of exp(1/L); 0 without a drift."""
    exponents = {part.args[0] for e in table.expressions() for part in e.atoms(sp.exp)} if table.drift else set()
    return lcm(*(int(q.q) for q in exponents)) if exponents and all(q.is_Rational for q in exponents) else 0


def other_end(table: AlternatingOffers, proposer: str) -> sp.Expr:
    """The end of the interval that is best for the proposer: what is proposed where nothing is agreed."""
    assert table.between is not None
    rises = sp.diff(table.agreement[proposer], table.share).is_positive
    return table.between[1] if rises else table.between[0]


def written_table(writer: Writer, table: AlternatingOffers) -> dict[str, Any]:
    """The stages of a table; its values are named by moment."""
    value = {slot: {p: sp.Symbol(f"value of {p} when {slot[1]} proposes in {slot[0]}", real=True) for p in table.players} for slot in slots(table)}
    stages = {}
    for slot in slots(table):
        place, responder = f"{slot[1]} proposes in {slot[0]}", other_side(table, slot[1])
        ends = {"accept": table.agreement, "refuse": {p: refused(table, value, slot, p) for p in table.players}}
        if responder in table.leavers():
            ends["leave"] = table.outside
        answer = {"place": f"answer {place}", "players": [responder], "actions": [list(ends)],
                  "after": [[[name], {"payoffs": writer.table({p: sp.expand(paid[p]) for p in table.players})}] for name, paid in ends.items()]}
        stages[place] = {"place": place, "player": slot[1], "shares": {"share": writer.variable(table.share)},
                         "inside": writer.interval(table.share, table.between), "answer": answer}
    names = {f"{slot[1]} proposes in {slot[0]}": {p: writer.variable(symbol) for p, symbol in own.items()} for slot, own in value.items()}
    return {"stages": stages, "values": names, "start": next(iter(stages)),
            "drift": [[writer.variable(symbol), writer.expression(moved)] for symbol, moved in table.drift.items()],
            "now": [[writer.variable(symbol), writer.expression(table.start[symbol])] for symbol in table.drift]}


def response(table: AlternatingOffers, values: Values, slot: Slot) -> Iterator[tuple[str, Conditions, Mapping[str, sp.Expr]]]:
    """Who answers, and the pieces of the interval with the reply there: accept what is worth as much as going on (and as leaving)."""
    who = other_side(table, slot[1])
    leaves = who in table.leavers()
    on, out = refused(table, values, slot, who), table.outside.get(who, sp.Integer(0))
    gain, stay, above = table.agreement[who] - on, on - out, table.agreement[who] - out
    names = ("accept", "refuse", "leave") if leaves else ("accept", "refuse")

    def reply(chosen: str) -> dict[str, sp.Expr]:
        return {name: sp.Integer(name == chosen) for name in names}

    if not leaves:
        yield who, [(gain, GE)], reply("accept")
        yield who, [(gain, LT)], reply("refuse")
        return
    yield who, [(gain, GE), (above, GE)], reply("accept")
    yield who, [(gain, LT), (stay, GT)], reply("refuse")
    yield who, [(above, LT), (stay, LE)], reply("leave")
