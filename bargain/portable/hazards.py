"""Wars of attrition in continuous time, written as what makes any date as good as any other: with types that hold out, and with private worths of the prize.

With types that hold out the law of staying that a hazard of indifference gives is integrated here; at any date that the clerk names, the hazard that he then
names must make the other side indifferent, the law must fall by it (its derivative is put in), and the chance of staying must be the law times the chance not
to concede at once. At the end of concessions, recorded like the chances at once (`bargain.portable.records`), both chances have fallen to those of holding
out; before it hazards are not negative and holding out becomes no rarer, so that neither side runs out earlier; and one side at most concedes at once. With
private worths the time of quitting, at any worth that the clerk names, is the integral along which a worth gains nothing by the time of its neighbours; where
density is not negative, farther ones gain less. Sources: Riley (1980), Journal of Theoretical Biology 82:385-400; Abreu and Gul (2000), Econometrica
68:85-117; Fearon (1994), American Political Science Review 88:577-592.
"""

from typing import Any

import sympy as sp

from bargain.equilibrium import Equilibrium
from bargain.errors import NotApplicable
from bargain.games.attrition import WarOfAttrition
from bargain.games.attrition_private import PrivateAttrition
from bargain.portable.records import Records
from bargain.portable.refusals import REMEDY
from bargain.portable.stages import Conditions, Proposal, Staged, bounds
from bargain.regions.cells import EQ, GT

_H, _STAY, _END, _HELD = sp.symbols("hazard stay end held", real=True)


def ending(problem: WarOfAttrition, solver: Any, e: Equilibrium) -> Staged:
    """The equilibrium in which both concede at random until a common time."""
    if "end of concessions" not in e.quantities or problem.notation.symbols:
        raise NotApplicable("no portable certificate: without types that hold out (concessions have no end), or with parameters", place="certificate",
                            remedy="add --at" if problem.notation.symbols else REMEDY)
    records, told, t = Records(problem.players), e.quantities, sp.Symbol("date", real=True)
    once = {p: sp.Symbol(f"{p} at once", real=True) for p in problem.players}
    start = {p: (problem.win[p].subs(problem.time, 0), problem.concede[p].subs(problem.time, 0)) for p in problem.players}
    shares = {f"{p} at once": (once[p], told[f"chance that {p} concedes at once"]) for p in problem.players} | {"end": (_END, told["end of concessions"])}
    same, _ = records.tied(shares)
    finish: Conditions = (*same, (_END, GT), *bounds(*once.values()), (sp.Mul(*once.values()), EQ))
    for player in problem.players:
        other = problem.other(player)
        win, concede = (value[other].subs(problem.time, t) for value in (problem.win, problem.concede))
        hazard = sp.cancel(sp.simplify(-sp.diff(concede, t) / (win - concede)))
        law = sp.simplify(sp.exp(-sp.integrate(hazard, (t, 0, _END)))).subs(_END, t)
        holds = problem.obstinate(player).subs(problem.time, t)
        if law.has(sp.Integral):
            raise NotApplicable("no portable certificate: a hazard has no integral in closed form", place=player, remedy=REMEDY)
        lawful = ((sp.diff(law, t) * (win - concede) - law * sp.diff(concede, t), EQ), (law.subs(t, 0) - 1, EQ))
        finish = (*finish, ((1 - once[player]) * law.subs(t, _END) - holds.subs(t, _END), EQ))
        for name, symbol, told_then, conditions in (
                (f"hazard of {player}", _H, told[f"hazard of {player}"], ((_H * (win - concede) + sp.diff(concede, t), EQ),)),
                (f"chance that {player} still waits", _STAY, told[f"chance at {problem.time} that {player} still waits"],
                 ((_STAY - (1 - once[player]) * law, EQ), *lawful))):
            _dated(records, name, (t, (*same, *bounds(t, _END - t))), symbol, told_then.subs(problem.time, t), conditions, shares)
        for what, rate in (("hazard of", hazard), ("growth of holding out by", sp.diff(holds, t))):
            records.propose(f"{what} {player}, never negative", records.clerk, {**shares, "date": (t, sp.Integer(0))}, (*same, *bounds(t, _END - t)),
                            {records.clerk: sp.Max(-rate, sp.Integer(0))}, {})
    records.propose("end of both", records.clerk, shares, finish, {}, {})
    held = sp.Mul(*(problem.obstinate(p).subs(problem.time, _END) for p in problem.players))
    records.report("chance that nobody concedes", held, told["chance that nobody concedes"], shares, same)
    paid = {p: once[problem.other(p)] * start[p][0] + (1 - once[problem.other(p)]) * start[p][1] for p in problem.players}
    records.propose("attrition", records.clerk, shares, same, paid, dict(e.payoffs))
    return records.staged("concession at any date is as good as at any other until both have run out of it", "attrition")


def private(problem: PrivateAttrition, solver: Any, e: Equilibrium) -> Staged:
    """The symmetric equilibrium: the time and the payoff of every worth."""
    if problem.notation.symbols:
        raise NotApplicable("no portable certificate: its integrals are worked out with numbers", place="certificate", remedy="add --at")
    records, told, v = Records(problem.players), e.quantities, sp.Symbol("worth", real=True)
    before, below, middle = sp.Symbol("lower worth", real=True), problem.distribution.subs(problem.worth, v), problem.top / 2 if problem.top.is_finite else 1
    density, zero = sp.diff(below, v), sp.Integer(0)
    slope = sp.cancel(v * density / (problem.cost * (1 - below)))
    whole = sp.integrate(slope, v).replace(sp.log, lambda inside: sp.log(-inside if inside.subs(v, middle) < 0 else inside))  # both have the same slope
    time, worth = whole - whole.subs(v, 0), sp.integrate(below.subs(v, before), (before, 0, v))
    reached, gets = (told[f"{what} (worth {problem.worth})"].subs(problem.worth, v) for what in ("quitting time", "payoff"))
    if time.has(sp.Integral) or worth.has(sp.Integral) or sp.cancel(time - reached) != 0:
        raise NotApplicable("no portable certificate: its integrals are not known in the form of the answer", place="certificate", remedy=REMEDY)
    inside = bounds(v, *([problem.top - v] if problem.top.is_finite else []))
    fair = (sp.cancel(v * density - problem.cost * (1 - below) * sp.diff(time, v)), EQ), (time.subs(v, 0), EQ)
    rises = (sp.expand(sp.diff(worth, v) - below), EQ), (worth.subs(v, 0), EQ)
    for name, found, conditions in (("quitting time", reached, ((_H - time, EQ), *fair)), ("payoff", gets, ((_H - worth, EQ), *rises))):
        _dated(records, f"{name} of a worth", (v, inside), _H, found, conditions)
    records.propose("density, never negative", records.clerk, {"worth": (v, zero)}, inside, {records.clerk: sp.Max(-density, zero)}, {})
    mean = sp.integrate(sp.expand(worth * density), (v, 0, problem.top))
    if "expected duration" in told:
        both = sp.integrate(sp.expand(sp.cancel(slope * (1 - below) ** 2)), (v, 0, problem.top))
        records.report("expected duration", both, told["expected duration"], {"nothing": (_H, zero)}, ((_H, EQ),))
    records.propose("attrition", records.clerk, {"nothing": (_H, zero)}, ((_H, EQ),), dict.fromkeys(problem.players, mean), dict(e.payoffs))
    return records.staged("no worth gains by the time of another", "attrition")


def _dated(records: Records, name: str, date: tuple[sp.Symbol, Conditions], symbol: sp.Symbol, told: sp.Expr, conditions: Conditions, shares: Any = None) -> None:
    """A number that depends on a date or a worth: the clerk names that, and then, as a function of it, the number, within conditions."""
    own = {key: own for key, (own, _) in (shares or {}).items()}
    inner = Proposal(records.clerk, {"number": symbol}, conditions, records.end({}))
    records.stages[name] = Proposal(records.clerk, {**own, "of": date[0]}, date[1], inner)
    records.values[name] = records.values[f"{name}/answer"] = records.paid({})
    records.choices[records.clerk, name] = {**{key: number for key, (_, number) in (shares or {}).items()}, "of": sp.Integer(0)}
    records.choices[records.clerk, f"{name}/answer"] = {"number": told}
