"""Dividing a flow in the shadow of war, written as stages: at each date somebody divides, and either side obeys or goes to war.

What can be kept from a date on are the payoffs between a least and a most for the first side (`bargain.solvers.conflict.stream`). Two stages stand for each
date. In one a mediator who is paid what the second side would like, in the other one who is paid what the first side would like, names the division of
today's flow and a lottery over which of the two stages of the next date follows; so everything between least and most can be promised (Powell 2004, American
Political Science Review 98:231-241; promised values as in Abreu, Pearce and Stacchetti 1990, Econometrica 58:1041-1063). For both mediators war is worse than
any peace, so that there is war only where no division is obeyed. The flows that an answer names are one more proposal: all of them at once, obeyed at every
date, as good for the second side as can be.
"""

from typing import Any

import sympy as sp

from bargain.equilibrium import Equilibrium
from bargain.errors import NotApplicable
from bargain.games.nodes import Terminal
from bargain.games.stream import FlowUnderThreat
from bargain.portable.arbiter import named_unlike
from bargain.portable.stages import Conditions, Proposal, Rules, Stage, Staged, ask, bounds, value_of

Payoffs = dict[str, sp.Expr]
_FLOW, _LOT = sp.Symbol("flow", real=True), sp.Symbol("chance of the most", real=True)


def division(problem: FlowUnderThreat, solver: Any, e: Equilibrium) -> Staged:
    """The least and the most for the first side at every date, from the last one back, and the flows of the answer."""
    if problem.notation.symbols:
        raise NotApplicable("no portable certificate: which bound holds at which date depends on parameters", place="certificate", remedy="add --at")
    first, second = problem.players
    low, high = (named_unlike(f"mediator for {p}", problem.players) for p in (second, first))
    players, last = (first, second, low, high), len(problem.war) - 1
    bad = problem.total + 1 + sp.Add(*(sp.Abs(war[first]) for war in problem.war))
    stages, values, choices = dict[str, Stage](), dict[str, Payoffs](), Rules()
    for date in range(last, -1, -1):
        war = {**problem.war[date], low: -bad, high: -bad}
        peace = _peace(problem, players, date)
        answer = ask(first, {"obey": ask(second, {"obey": Terminal(peace), "fight": Terminal(war)}), "fight": Terminal(war)})
        lots = {} if date == last else {"chance of the most": _LOT}
        for word, by in (("least", low), ("most", high)):
            here = f"{word} at {date}"
            found = _best(problem, values, date, word == "most")
            known = {value_of(s, p): v for s, own in values.items() for p, v in own.items()}
            stages[here] = Proposal(by, {"flow": _FLOW, **lots}, bounds(_FLOW, 1 - _FLOW, *(x for s in lots.values() for x in (s, 1 - s))), answer)
            flow, lot = found or (sp.Integer(0), sp.Integer(0))
            choices[by, here] = {"flow": flow, **dict.fromkeys(lots, lot)}
            values[here] = {p: sp.cancel(v.xreplace({**known, _FLOW: flow, _LOT: lot})) for p, v in peace.items()} if found else war
    _path(problem, e, players, stages, values, choices)
    values["least at 0"] = {**values["least at 0"], **e.payoffs}
    for word in ("least", "most"):
        if f"{word} for {first}" in e.quantities:
            values[f"{word} at 0"] = {**values[f"{word} at 0"], first: e.quantities[f"{word} for {first}"]}
    return Staged("mediators divide the flow of each date and draw what follows, and either side may fight", players, stages, values, "least at 0", choices)


def _peace(problem: FlowUnderThreat, players: tuple[str, ...], date: int) -> Payoffs:
    """What a flow, and the lottery over what follows, are worth if both sides obey; from the last date on the flow is the same for ever."""
    first, second, low, high = players
    flows = {first: _FLOW, second: 1 - _FLOW, low: -_FLOW, high: _FLOW}
    if date + 1 == len(problem.war):
        return {p: flow * problem.total for p, flow in flows.items()}
    later = {p: (1 - _LOT) * value_of(f"least at {date + 1}", p) + _LOT * value_of(f"most at {date + 1}", p) for p in players}
    return {p: flows[p] + problem.discount * later[p] for p in players}


def _best(problem: FlowUnderThreat, values: dict[str, Payoffs], date: int, most: bool) -> tuple[sp.Expr, sp.Expr] | None:
    """Flow and lottery with the least or the most for the first side; None if both sides obey none."""
    first, second = problem.players
    d, war, after = problem.discount, problem.war[date], f"at {date + 1}"
    if date + 1 == len(problem.war):
        total, low, high, step = problem.total, sp.Integer(0), sp.Integer(0), problem.total
    else:
        low, high = values[f"least {after}"][first], values[f"most {after}"][first]
        total, step = 1 + d * (low + values[f"least {after}"][second]), sp.Integer(1)
    start, end = sp.Max(d * low, war[first]), sp.Min(step + d * high, total - war[second])
    if start > end:
        return None
    worth = end if most else start
    flow = sp.Min(sp.Integer(1), (worth - d * low) / step)
    rest = worth - step * flow - d * low
    return flow, sp.Integer(0) if rest == 0 else rest / (d * (high - low))


def _path(problem: FlowUnderThreat, e: Equilibrium, players: tuple[str, ...], stages: dict[str, Stage], values: dict[str, Payoffs], choices: Rules) -> None:
    """All flows up to a war or for ever, obeyed at every date; the mediator for the second side names them."""
    first, second, low, high = players
    last, d = len(problem.war) - 1, problem.discount
    war = int(e.outcome.removeprefix("war at date ")) if e.outcome.startswith("war") else None
    dates = range(last + 1 if war is None else war)
    if not dates:
        return
    flows = {date: sp.Symbol(f"flow at {date}", real=True) for date in dates}
    inside: Conditions = bounds(*(x for flow in flows.values() for x in (flow, 1 - flow)))
    worth = {first: flows[last] * problem.total, second: (1 - flows[last]) * problem.total} if war is None else dict(problem.war[war])
    for date in reversed(dates):
        if date != last:
            worth = {first: flows[date] + d * worth[first], second: 1 - flows[date] + d * worth[second]}
        inside = (*inside, *bounds(*(sp.expand(worth[p] - problem.war[date][p]) for p in problem.players)))
    told = {date: e.quantities[f"flow to {first} " + (f"from date {date} on" if date == last else f"at date {date}")] for date in dates}
    stages["flows"] = Proposal(low, {str(flow): flow for flow in flows.values()}, inside, Terminal({**worth, low: -worth[first], high: sp.Integer(0)}))
    values["flows"] = {**e.payoffs, low: -e.payoffs[first], high: sp.Integer(0)}
    choices[low, "flows"] = {str(flow): told[date] for date, flow in flows.items()}
