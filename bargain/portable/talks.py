"""Talks between which one side may fight, and talks of optimists, written as stages.

What a threat rests on is remembered: the stages of talks with conflict come twice, before and after the challenger once failed to carry it out, where only the
truce is left to talk about. Optimists weigh what follows each by their own chances. Sources: Fernandez and Glazer (1991), American Economic Review
81:240-252; Yildiz (2003), Econometrica 71:793-811.
"""

from collections.abc import Mapping
from typing import Any

import sympy as sp

from bargain.equilibrium import Equilibrium
from bargain.errors import NotApplicable
from bargain.games.nodes import Terminal
from bargain.games.talks import ConflictDuringTalks, OptimisticTalks
from bargain.portable.refusals import REMEDY
from bargain.portable.stages import Proposal, Rules, Stage, Staged, ask, bounds, value_of

_X = sp.Symbol("share", real=True)


def conflict(problem: ConflictDuringTalks, solver: Any, e: Equilibrium) -> Staged:
    """The first player, whose share is offered, fights or not after every refusal."""
    first, second = problem.players
    assert problem.fighting is not None
    stages, values, choices, d = dict[str, Stage](), dict[str, Mapping[str, sp.Expr]](), Rules(), problem.discount
    flows = {"fight": problem.fighting, "wait": {first: problem.truce, second: 1 - problem.truce}}
    for mood in ("threat", "truce"):
        for by, other in ((first, second), (second, first)):
            here = f"{mood}, {by} offers"
            carried = mood == "threat" and by == first
            after = {"fight": f"{mood}, {other} offers", "wait": f"{'truce' if carried else mood}, {other} offers"}
            ends = {move: Terminal({p: (1 - d) * flows[move][p] + d * value_of(after[move], p) for p in problem.players})
                    for move in (("fight", "wait") if carried else ("wait", "fight"))}
            stages[here] = Proposal(by, {"share": _X}, bounds(_X, 1 - _X), ask(other, {"accept": Terminal({first: _X, second: 1 - _X}), "refuse": ask(first, ends)}))
            share = e.quantities[f"to {first} when {by} offers"] if mood == "threat" else problem.truce
            values[here], choices[by, here] = {first: share, second: 1 - share}, {"share": share}
    return Staged("the stages remember whether the challenger failed to fight", problem.players, stages, values, f"threat, {first} offers", choices)


def optimists(problem: OptimisticTalks, solver: Any, e: Equilibrium) -> Staged:
    """One stage for each date and who is recognised; where waiting is worth more, everything is asked for and refused."""
    first, second = problem.players
    stages, values, choices, measures = dict[str, Stage](), dict[str, Mapping[str, sp.Expr]](), Rules(), dict[str, sp.Expr]()
    for date in range(1, problem.dates + 1):
        waits = {p: e.quantities[f"{p} can get by waiting at date {date}"] for p in problem.players}
        agreed = _agreed(e, date, 1 - sp.Add(*waits.values()))
        for by, other in ((first, second), (second, first)):
            here, later = f"{by} is recognised at {date}", {p: _expected(problem, p, date + 1) for p in problem.players}
            refused = Terminal({p: problem.discount * later[p] for p in problem.players})
            stages[here] = Proposal(by, {"share": _X}, bounds(_X, 1 - _X), ask(other, {"accept": Terminal({by: 1 - _X, other: _X}), "refuse": refused}))
            values[here] = {by: 1 - waits[other], other: waits[other]} if agreed else waits
            choices[by, here], measures[here] = {"share": waits[other] if agreed else sp.Integer(0)}, sp.Integer(problem.dates + 1 - date)
    stages["start"], values["start"] = Terminal({p: _expected(problem, p, 1) for p in problem.players}), e.payoffs
    measures["start"] = sp.Integer(problem.dates + 1)
    return Staged("each weighs who is recognised by the chances of their own", problem.players, stages, values, "start", choices, measures)


def _expected(problem: OptimisticTalks, player: str, date: int) -> sp.Expr:
    if date > problem.dates:
        return sp.Integer(0)
    return sp.Add(*((problem.beliefs[player] if by == player else 1 - problem.beliefs[player]) * value_of(f"{by} is recognised at {date}", player)
                    for by in problem.players))


def _agreed(e: Equilibrium, date: int, surplus: sp.Expr) -> bool:
    first = int(e.outcome.removeprefix("agreement at date "))
    if date <= first:
        return date == first
    if not surplus.is_number:
        raise NotApplicable("no portable certificate: whether they would agree later depends on parameters", place=f"date {date}", remedy=REMEDY)
    return bool(surplus >= 0)
