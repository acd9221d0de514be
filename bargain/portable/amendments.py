"""Baron and Ferejohn's open rule for three members, written as proposals with one partner and with two, and a choice between them.

Members are alike, so that one stage stands for each role: the first member proposes, the second is the partner (or both others are), the third may be left
out. The price is one at which partners second; to offer less, to one or to two, is a choice beside these. Whoever is recognised seconds or amends; to amend
is worth what proposing is worth, a period later, and an amender keeps the partner of the proposal that stands, who must like that no less than the old
proposal. After an amendment by a partner, which happens only where too little is offered, she keeps either of the others with the same chance. What later
roles are worth is proposed with each price, equal to the values of the stages (`bargain.portable.records`): the equilibrium is a fixed point. Source: Baron
and Ferejohn (1989), American Political Science Review 83:1181-1206.
"""

from typing import Any

import sympy as sp

from bargain.equilibrium import Equilibrium
from bargain.games.nodes import Chance, Node, Terminal
from bargain.games.open_rule import OpenRule
from bargain.portable.records import Records
from bargain.portable.stages import Proposal, Staged, ask, bounds, value_of
from bargain.regions.cells import EQ

_X, _Q, _V, _A, _E, _A2, _P, _K2, _S = sp.symbols("price chance value partner excluded both proposer kept share", real=True)
_HALF, _ONE, _TWO = sp.Rational(1, 2), "one partner", "two partners"


def seconded(problem: OpenRule, solver: Any, e: Equilibrium) -> Staged:
    """The two kinds of proposals, the choice between them, and what is reported."""
    (first, second, third), d, told, records = problem.players, problem.discount, e.quantities, Records(problem.players)
    chance, value = told["chance of one partner"], told["value of proposing"]
    price, both = sp.cancel(1 - told["kept with one partner"]), sp.cancel((1 - told["kept with two partners"]) / 2)
    partner = sp.cancel((price + d * (1 - chance) * both) / (2 - d * chance))
    excluded = d * value / 2
    proposer = sp.cancel((1 - price + d * (chance * excluded + (1 - chance) * both)) / 2)
    at = {"chance": (_Q, chance, value_of("proposing", records.record)), "value": (_V, value, value_of("proposing", first)),
          "partner": (_A, partner, value_of(_ONE, second)), "excluded": (_E, excluded, value_of(_ONE, third)), "both": (_A2, both, value_of(_TWO, second)),
          "proposer": (_P, proposer, value_of(_ONE, first)), "kept": (_K2, told["kept with two partners"], value_of(_TWO, first))}
    shares = {name: (symbol, number) for name, (symbol, number, _) in at.items()}
    same = tuple((symbol - worth, EQ) for symbol, _, worth in at.values())
    out, kept = _Q * _E + (1 - _Q) * _A2, _Q * _A + (1 - _Q) * _A2  # who proposed, and the partner, after an amendment that keeps her
    either = d * (_Q * (_A + _E) / 2 + (1 - _Q) * _A2)
    lost = {first: either, second: d * _V, third: either}
    for name, paid, given, amended in ((_ONE, {first: 1 - _X, second: _X}, price, {first: d * out, second: d * kept, third: d * _V}),
                                       (_TWO, {first: 1 - 2 * _X, second: _X, third: _X}, both, {**lost, second: either, third: d * _V})):
        keeps = {records.record: paid[first]}
        draws = [(p, _HALF, ask(p, _moves(p, name == _ONE and p == third, records, {**paid, **keeps}, {**own, **keeps})))
                 for p, own in ((second, lost), (third, amended))]
        inside = (*same, *bounds(_X - d * _V, paid[first]))
        records.stages[name] = Proposal(first, {"price": _X, **{key: symbol for key, (symbol, _) in shares.items()}}, inside, Chance(tuple(draws)))
        records.choices[first, name] = {"price": given, **{key: number for key, (_, number) in shares.items()}}
    records.values[_ONE] = records.paid({first: proposer, second: partner, third: excluded, records.record: told["kept with one partner"]})
    records.values[_TWO] = records.paid({first: told["kept with two partners"], second: both, third: both, records.record: told["kept with two partners"]})
    own, vain, idle = sp.symbols("own vain idle", real=True)
    mixed = own * _P + (1 - own - vain - idle) * _K2 + vain * (either + d * out) / 2 + idle * either
    records.propose("proposing", first, {**shares, "one": (own, chance), "one in vain": (vain, sp.Integer(0)), "two in vain": (idle, sp.Integer(0))},
                    (*same, *bounds(own, vain, idle, 1 - own - vain - idle)), {first: mixed, records.record: own}, {first: value, records.record: chance})
    records.report("a partner who is kept", sp.Integer(0), sp.Integer(0), shares, (*same, *bounds(kept - _A)))
    delay, length = sp.Symbol("delay", real=True), told["expected amendments"]
    records.report("expected amendments", delay, length, {**shares, "delay": (delay, length)}, (*same, (delay - _Q * (1 + delay) / 2, EQ)))
    total = _Q * (_P + _A + _E) + (1 - _Q) * (_K2 + 2 * _A2)
    records.propose("committee", records.clerk, shares, same, dict.fromkeys(problem.players, total / 3), dict(e.payoffs))
    return records.staged("one stage for each role, amended by the rule", "committee")


def _moves(player: str, stands_apart: bool, records: Records, passed: dict[str, sp.Expr], amended: dict[str, sp.Expr]) -> dict[str, Node]:
    """To second or to amend; who is indifferent seconds, but the member left out amends."""
    moves: dict[str, Node] = {"second": Terminal(records.paid(passed)), "amend": Terminal(records.paid(amended))}
    return dict(reversed(moves.items())) if stands_apart else moves
