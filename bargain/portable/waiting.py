"""Attrition by rounds that are not discounted, written as two best replies to the chance with which the other side quits.

What a round that comes again is worth refers to itself, and no measure falls: that one round at a time is enough to compare rests on the cost of rounds instead.
Whoever stays for ever against a side that never quits pays without end; against one that may quit, play ends with certainty; so nothing is gained by a
plan that no single round gains by (Fudenberg and Tirole 1991, Game Theory, 4.2). Values and chances are recorded (`bargain.portable.records`).
"""

from typing import Any

import sympy as sp

from bargain.equilibrium import Equilibrium
from bargain.games.attrition_private import AttritionByRounds
from bargain.games.nodes import Terminal
from bargain.portable.records import Records
from bargain.portable.stages import Staged, bounds, value_of
from bargain.regions.cells import EQ

_OWN, _OTHER, _LATER, _LONG = sp.symbols("own other later rounds", real=True)


def undiscounted(problem: AttritionByRounds, solver: Any, e: Equilibrium) -> Staged:
    """Each side names its chance of quitting, given the other's and what the round is worth when it comes again."""
    (first, second), records = problem.players, Records(problem.players)
    quits = {p: e.quantities[f"chance that {p} quits"] for p in problem.players}
    for player, other in ((first, second), (second, first)):
        here = f"{player} quits or stays"
        tied = ((_OTHER - value_of(f"{other} quits or stays", records.record), EQ), (_LATER - value_of(here, player), EQ), *bounds(_OWN, 1 - _OWN))
        stays = _OTHER * problem.worth[player] + (1 - _OTHER) * (problem.discount[player] * _LATER - problem.cost[player])
        shares = {"own chance": (_OWN, quits[player]), "other's chance": (_OTHER, quits[other]), "worth of the next round": (_LATER, e.payoffs[player])}
        records.propose(here, player, shares, tied, {player: (1 - _OWN) * stays, records.record: _OWN}, {player: e.payoffs[player], records.record: quits[player]})
    stay = sp.Mul(*(1 - value_of(f"{p} quits or stays", records.record) for p in problem.players))
    told = e.quantities["expected rounds in which both stay"]
    records.report("expected rounds", _LONG, told, {"rounds": (_LONG, told)}, ((_LONG - stay * (1 + _LONG), EQ),))
    records.stages["start"] = Terminal(records.paid({p: value_of(f"{p} quits or stays", p) for p in problem.players}))
    records.values["start"], records.measures["start"] = records.paid(e.payoffs), sp.Integer(2)
    return records.staged("each side replies to the chance with which the other quits", "start")
