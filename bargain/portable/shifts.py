"""A shift of power, written as stages: an offer at every date, which is accepted or leads to war, and what would have to be offered.

The proposer may still fight once an offer is accepted, so that there is war where no offer is accepted or where he gains by it. What the responder must be
offered is the least share that an inspector can name and that she accepts, whether or not so much can be given. In continuous time with war values linear in
time she is as well off as by war at every moment iff r (x - w) = -w' (Powell 2006, International Organization 60:169-203): shares that keep this fall with
time, so that it is enough to ask for the first and for the last; averages over time are worked out here.
"""

from typing import Any

import sympy as sp

from bargain.equilibrium import Equilibrium
from bargain.errors import NotApplicable
from bargain.games.nodes import Terminal
from bargain.games.power_shift import PowerShift
from bargain.portable.arbiter import named_unlike
from bargain.portable.stages import Conditions, Proposal, Rules, Stage, Staged, ask, bounds, value_of
from bargain.regions.cells import GT
from bargain.regions.space import Space

Payoffs = dict[str, sp.Expr]
_X, _ZERO = sp.Symbol("share", real=True), sp.Integer(0)


def path(problem: PowerShift, solver: Any, e: Equilibrium) -> Staged:
    """Dates from the last one back, or the two ends of a shift in continuous time."""
    return _flowing(problem, e) if problem.continuous else _stepwise(problem, e)


def _stepwise(problem: PowerShift, e: Equilibrium) -> Staged:
    first, second = problem.players
    judge, last = named_unlike("inspector", problem.players), int(problem.last)
    stages, values, choices, measures = dict[str, Stage](), dict[str, Payoffs](), Rules(), dict[str, sp.Expr]()
    for date in range(last, -1, -1):
        here, flows = f"date {date}", {first: 1 - problem.burden - _X, second: _X}
        d, war = problem.patience, {**{p: problem.at_war(p, date) for p in problem.players}, judge: _ZERO}
        peace = {p: flow if date == last else (1 - d[p]) * flow + d[p] * value_of(f"date {date + 1}", p) for p, flow in flows.items()} | {judge: _ZERO}
        accepted = ask(first, {"settle": Terminal(peace), "fight": Terminal(war)})
        stages[here] = Proposal(first, {"share": _X}, bounds(_X, problem.most - _X), ask(second, {"accept": accepted, "fight": Terminal(war)}))
        offer = e.quantities[f"offer at {date}"]
        fought = _fought(problem, e, date, values, peace)
        choices[first, here] = {"share": _ZERO if fought else offer}
        known = {value_of(f"date {date + 1}", p): v for p, v in values.get(f"date {date + 1}", {}).items()}
        values[here] = war if fought else {p: sp.cancel(v.xreplace({**known, _X: offer})) for p, v in peace.items()}
        need: Conditions = bounds(_X, sp.expand(peace[second] - war[second]))
        stages[f"need at {date}"], values[f"need at {date}"] = _wanted(judge, problem, need), {first: _ZERO, second: _ZERO, judge: -offer}
        choices[judge, f"need at {date}"] = {"share": offer}
        measures |= {here: sp.Integer(last + 1 - date), f"need at {date}": sp.Integer(1)}
    values["date 0"] = {**values["date 0"], **e.payoffs}
    return Staged("an offer at every date, accepted or not, and war", (*problem.players, judge), stages, values, "date 0", choices, measures)


def _wanted(judge: str, problem: PowerShift, need: Conditions) -> Proposal:
    """The least share within what is needed."""
    return Proposal(judge, {"share": _X}, need, Terminal({**dict.fromkeys(problem.players, _ZERO), judge: -_X}))


def _fought(problem: PowerShift, e: Equilibrium, date: int, values: dict[str, Payoffs], peace: Payoffs) -> bool:
    """Whether there is war at a date: up to the first war as the answer says, after it as the signs of gains from war say."""
    first = e.outcome.removeprefix("peace, war at ")
    begins = None if e.outcome == "peace" else 0 if e.outcome == "war at once" else int(first)
    if begins is None or date <= begins:
        return date == begins
    known = {value_of(f"date {date + 1}", p): v for p, v in values.get(f"date {date + 1}", {}).items()}
    offer, proposer = e.quantities[f"offer at {date}"], problem.players[0]
    gaps = [offer - problem.most, problem.at_war(proposer, date) - peace[proposer].xreplace({**known, _X: offer})]
    signs = [Space(problem.notation).sign(gap) for gap in gaps]
    if GT not in signs and any(sign & GT for sign in signs):
        raise NotApplicable("no portable certificate: whether there would be a later war depends on parameters", place=f"date {date}", remedy="add --at")
    return GT in signs


def _flowing(problem: PowerShift, e: Equilibrium) -> Staged:
    """A friend of peace, who likes it the better the less is given, names the first share; the responder gains by it at once, or fights."""
    first, second = problem.players
    judge, friend = named_unlike("inspector", problem.players), named_unlike("friend of peace", problem.players)
    start, end = problem.at_war(second, 0), problem.at_war(second, problem.last)
    slope, rate = sp.diff(problem.war[second], problem.time), problem.patience
    opening, closing = e.quantities["offer at 0"], e.quantities["offer in the end"]
    if problem.notation.symbols:
        raise NotApplicable("no portable certificate: when war becomes worth nothing depends on parameters", place="certificate", remedy="add --at")
    fades = _ZERO if start <= 0 else problem.last if end >= 0 else -start / slope  # when nothing need be offered any more, or the shift ends
    nobody = dict.fromkeys((first, second, friend, judge), _ZERO)
    gain = _X if start <= 0 else sp.expand(rate[second] * (_X - start) + slope)  # of peace for a moment over war now, and then war
    t = sp.Symbol("time of the integral", real=True)
    given = sp.integrate(rate[first] * sp.exp(-rate[first] * t) * (start + slope * t - slope / rate[second]), (t, 0, fades))
    kept = sp.expand(1 - problem.burden - given - sp.exp(-rate[first] * fades) * sp.Max(end, _ZERO))
    peace = {**nobody, first: kept, second: sp.Max(start, _ZERO) + gain, friend: 1 + problem.most - _X}
    war = {**nobody, first: problem.at_war(first, 0), second: start}
    answer = ask(second, {"accept": Terminal(peace), "fight": Terminal(war)})
    stages: dict[str, Stage] = {"shift": Proposal(friend, {"share": _X}, bounds(_X, problem.most - _X), answer)}
    found = {**(nobody if e.outcome == "peace" else war), **e.payoffs}
    values: dict[str, Payoffs] = {"shift": {**found, friend: 1 + problem.most - opening if e.outcome == "peace" else _ZERO}}
    choices: Rules = {(friend, "shift"): {"share": opening if e.outcome == "peace" else _ZERO}}
    for name, need, offer in (("first", gain, opening), ("last", _X - end, closing)):
        here = f"need at the {name} date"
        stages[here] = Proposal(judge, {"share": _X}, bounds(_X, need), Terminal({**nobody, judge: -_X}))
        values[here], choices[judge, here] = {**nobody, judge: -offer}, {"share": offer}
    return Staged("the first offer, and what must be offered first and last", (first, second, friend, judge), stages, values, "shift", choices)
