"""Screening of a uniform worth, written as one stage for each round: which worths are left to accept, the price that does it, and the worths that wait.

Where worths up to z are left everything is in proportion to z, and what remains is worth z squared times what it is at z = 1, so that the stages take z to be
1. The price that leaves worths below y is s y; s follows from the price of the next round, at which the worth y is indifferent. The side that offers chooses
y. That worths above y do not wait, and those below do not accept, are stages of their own: what the best of them would gain is nothing. To wait for one round
is enough to compare: who waits goes on as planned. Prices and cut-offs are recorded as what stages are worth (`bargain.portable.records`). Without an end the
round follows itself. Sources: Stokey (1981), Bell Journal of Economics 12:112-128; Sobel and Takahashi (1983), Review of Economic Studies 50:411-426.
"""

from typing import Any

import sympy as sp

from bargain.equilibrium import Equilibrium
from bargain.games.nodes import Terminal
from bargain.games.screening import UniformScreening
from bargain.portable.records import Records
from bargain.portable.stages import Staged, bounds, value_of
from bargain.regions.cells import EQ

_Y, _V, _S, _P, _L = sp.symbols("cut worth slope price left", real=True)
_ONE = sp.Integer(1)


def linear(problem: UniformScreening, solver: Any, e: Equilibrium) -> Staged:
    """The rounds from the first on, and the demands on the path."""
    (first, second), q, endless = problem.players, e.quantities, problem.horizon is None
    d, records = problem.discount, Records(problem.players)
    rounds = 1 if problem.horizon is None else problem.horizon
    least = [problem.top, *(q[f"least worth that accepts in round {n}"] for n in range(1, rounds + 1))]
    cuts = {n: sp.cancel(least[n] / least[n - 1]) for n in range(1, rounds + 1)}
    prices = {n: sp.cancel(q[f"demand in round {n}"] / least[n - 1]) for n in range(1, rounds + 1)}
    worth = _worth(problem, cuts, prices)
    for n in range(1, rounds + 1):
        later = 1 if endless else n + 1
        there = later <= rounds
        after = value_of(f"price {later}", records.record) if there else _ONE
        slope = sp.radsimp(1 - d[second] + d[second] * (prices[later] if there else _ONE))
        tied = ((_S - (1 - d[second] + d[second] * after), EQ), *bounds(_Y, 1 - _Y))
        on = {p: value_of(f"round {later}", p) if there else sp.Integer(0) for p in problem.players}
        paid = {first: (1 - _Y) * _S * _Y + d[first] * _Y**2 * on[first],
                second: (1 - _Y**2) / 2 - _S * _Y * (1 - _Y) + d[second] * _Y**2 * on[second], records.record: _Y}
        records.propose(f"round {n}", first, {"cut": (_Y, cuts[n]), "slope": (_S, slope)}, tied, paid, {**worth[n], records.record: cuts[n]})
        here = value_of(f"round {n}", records.record)
        records.report(f"price {n}", _S * _Y, prices[n], {"cut": (_Y, cuts[n]), "slope": (_S, slope)}, (*tied, (_Y - here, EQ)))
        waits = d[second] * (_V - _P * _Y) if there else sp.Integer(0)
        for word, side, gain in (("above", _V - _Y, waits - (_V - _S * _Y)), ("below", _Y - _V, _V - _S * _Y - waits)):
            records.propose(f"worths {word} in round {n}", second,
                            {"cut": (_Y, _ONE), "slope": (_S, slope), "price": (_P, prices[later] if there else _ONE), "worth": (_V, _ONE)},
                            (*tied, (_P - after, EQ), *bounds(_V, 1 - _V, side)), {second: gain}, {})
        left = value_of(f"least worth that accepts in round {n - 1}", records.record) if n > 1 else problem.top
        records.report(f"least worth that accepts in round {n}", _L * _Y, least[n], {"left": (_L, least[n - 1]), "cut": (_Y, cuts[n])},
                       ((_L - left, EQ), (_Y - here, EQ)))
        records.report(f"demand in round {n}", _L * _P, q[f"demand in round {n}"], {"left": (_L, least[n - 1]), "price": (_P, prices[n])},
                       ((_L - left, EQ), (_P - value_of(f"price {n}", records.record), EQ)))
    final, name = f"least worth that accepts in round {rounds}", "factor from round to round" if endless else "chance of no agreement"
    records.report(name, _L / problem.top, q[name], {"left": (_L, least[rounds])}, ((_L - value_of(final, records.record), EQ),))
    records.stages["talks"] = Terminal(records.paid({p: problem.top * value_of("round 1", p) for p in problem.players}))
    records.values["talks"], records.measures["talks"] = records.paid(e.payoffs), problem.top + 1
    return records.staged("worths up to 1 are left, of which an offer leaves those below a cut-off", "talks")


def _worth(problem: UniformScreening, cuts: dict[int, sp.Expr], prices: dict[int, sp.Expr]) -> dict[int, dict[str, sp.Expr]]:
    """What rounds are worth to both sides where worths up to 1 are left."""
    first, second = problem.players
    found: dict[int, dict[str, sp.Expr]] = {}
    for n in sorted(cuts, reverse=True):
        now = {first: prices[n] * (1 - cuts[n]), second: (1 - cuts[n] ** 2) / 2 - prices[n] * (1 - cuts[n])}
        if problem.horizon is None:
            found[n] = {p: sp.radsimp(sp.simplify(v / (1 - problem.discount[p] * cuts[n] ** 2))) for p, v in now.items()}
        else:
            after = found.get(n + 1, dict.fromkeys(problem.players, sp.Integer(0)))
            found[n] = {p: sp.cancel(v + problem.discount[p] * cuts[n] ** 2 * after[p]) for p, v in now.items()}
    return found
