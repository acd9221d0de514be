"""A crisis with audience costs, written as best replies to what is recorded: who challenges to fight, how many bluff, how often a challenge is met.

The least war value that challenges to fight is the least at which fighting on is no worse than silence or than backing down; two stages say that nobody above
it, and nobody below, would rather do otherwise. Bluffers choose how many of them challenge, and the challenged side how often it concedes, given what
resisting is worth by Bayes' rule, or, to a challenge that nobody makes, by some belief (that it is a bluff only where some would back down). Types are
integrated over here, up to the recorded value (`bargain.portable.records`). Source: Fearon (1994), American Political Science Review 88:577-592, in one
stage.
"""

from typing import Any

import sympy as sp

from bargain.equilibrium import Equilibrium
from bargain.errors import NotApplicable
from bargain.games.audience import AudienceCosts
from bargain.games.nodes import Terminal
from bargain.portable.records import Records
from bargain.portable.stages import Proposal, Staged, ask, bounds, value_of
from bargain.regions.cells import EQ

_Q, _W, _F, _B, _G, _X, _MU, _K, _U = sp.symbols("concession least fighters bluffs gain value belief factor worth", real=True)
_ONE, _ZERO = sp.Integer(1), sp.Integer(0)


def crisis(problem: AudienceCosts, solver: Any, e: Equilibrium) -> Staged:
    """Numbers that reply to each other: the least war value, fighters, bluffs, the gain from resisting, the concession."""
    (first, second), q, records = problem.players, e.quantities, Records(problem.players)
    prize, audience, stake = problem.prize, problem.audience, problem.stake
    concede, bluff, gain = q["chance of a concession"], q["chance of a bluff"], q["gain from resisting"]
    least = _ZERO if concede == 0 else -audience
    fight = sp.cancel(q["chance of a challenge"] - bluff)
    cry, fights = _Q * prize - (1 - _Q) * audience, _Q * prize + (1 - _Q) * _X  # what a bluff, and a challenge to fight, pay
    at = {"concession": (_Q, concede, "answer"), "least": (_W, least, "least that fights"), "fighters": (_F, fight, "fighters"),
          "bluffs": (_B, bluff, "bluffs"), "gain": (_G, gain, "gain from resisting")}

    def tied(*names: str) -> tuple[dict[str, tuple[sp.Symbol, sp.Expr]], tuple[tuple[sp.Expr, int], ...]]:
        """Proposals of what is recorded, and the conditions that they are equal to it."""
        return {name: at[name][:2] for name in names}, tuple((at[name][0] - value_of(at[name][2], records.record), EQ) for name in names)

    shares, same = tied("concession")
    records.propose("least that fights", first, {**shares, "least": (_W, least)}, (*same, *bounds(_W + audience, fights.subs(_X, _W))),
                    {first: -_W, records.record: _W}, {first: -least, records.record: least})
    shares, same = tied("concession", "least")
    for word, side in (("above", 1), ("below", -1)):
        paid = side * (sp.Max(_ZERO, cry) - fights)
        records.propose(f"values {word} the least", first, {**shares, "value": (_X, least)}, (*same, *bounds(side * (_X - _W))), {first: paid}, {})
    shares, same = tied("least")
    counted, counts = _atoms(problem, records, least, shares, same)
    mass, worth = (_above(problem, _W, [symbol for symbol, _ in counted.values()], weight) for weight in (_ONE, problem.values.cost))
    records.report("fighters", mass, fight, {**shares, **counted}, (*same, *counts))
    shares, same = tied("concession", "fighters")
    records.propose("bluffs", first, {**shares, "bluffs": (_B, bluff)}, (*same, *bounds(_B, 1 - _F - _B)), {first: _B * cry, records.record: _B},
                    {first: sp.cancel(bluff * cry.subs(_Q, concede)), records.record: bluff})
    belief = sp.cancel((stake - gain) / (stake - problem.war)) if stake != problem.war else _ONE
    would = _above(problem, -audience, [sp.Integer(bool(value >= -audience)) for value in problem.values.atoms], _ONE)
    shares, same = tied("fighters", "bluffs")
    factor = sp.Max(_ZERO, (1 - belief) / (1 - would)) if sp.simplify(1 - would) != 0 else _ZERO
    records.report("gain from resisting", _G, gain, {**shares, "gain": (_G, gain), "belief": (_MU, belief), "factor": (_K, factor)},
                   (*same, *bounds(_MU, 1 - _MU, _K, _K * (1 - would) - (1 - _MU)), ((_F + _B) * _G - _F * problem.war - _B * stake, EQ),
                    (_G - _MU * problem.war - (1 - _MU) * stake, EQ)))
    shares, same = tied("gain")
    records.propose("answer", second, {**shares, "concession": (_Q, concede)}, (*same, *bounds(_Q, 1 - _Q)), {second: (1 - _Q) * _G, records.record: _Q},
                    {second: sp.cancel((1 - concede) * gain), records.record: concede})
    shares, same = tied("concession", "least", "fighters", "bluffs")
    records.report("chance of a challenge", _F + _B, q["chance of a challenge"], shares, same)
    records.report("chance of war", _F * (1 - _Q), q["chance of war"], shares, same)
    mine = _Q * prize * (_F + _B) + (1 - _Q) * (worth - audience * _B)
    yours = (1 - _F - _B) * stake + (1 - _Q) * (_F * problem.war + _B * stake)
    records.propose("crisis", records.clerk, {**shares, **counted}, (*same, *counts), {first: mine, second: yours}, dict(e.payoffs))
    return records.staged("war values, bluffs and the answer reply to each other", "crisis")


def _atoms(problem: AudienceCosts, records: Records, least: sp.Expr, shares: Any, same: Any) -> tuple[Any, Any]:
    """Whether a single war value is among those that challenge to fight, recorded as one or nothing: as a choice that pays by how much it exceeds the least."""
    found, first = {}, problem.players[0]
    for number, value in enumerate(problem.values.atoms):
        here, gap = f"value {number + 1}", sp.sympify(value - least)
        if not gap.is_number:
            raise NotApplicable("no portable certificate: whether a war value challenges depends on parameters", place=here, remedy="add --at")
        moves = {"counts": Terminal(records.paid({first: value - _W, records.record: _ONE})), "does not count": Terminal(records.paid({}))}
        records.stages[here] = Proposal(records.clerk, {name: symbol for name, (symbol, _) in shares.items()}, same, ask(first, moves))
        records.values[here] = records.paid({first: sp.Max(gap, _ZERO), records.record: sp.Integer(bool(gap >= 0))})
        records.choices[records.clerk, here] = {name: told for name, (_, told) in shares.items()}
        found[here] = (sp.Symbol(here, real=True), sp.Integer(bool(gap >= 0)))
    return found, tuple((symbol - value_of(here, records.record), EQ) for here, (symbol, _) in found.items())


def _above(problem: AudienceCosts, place: sp.Expr, counted: list[sp.Expr], weight: sp.Expr) -> sp.Expr:
    """The integral of a weight over the war values from a place on; of single values those that are said to count."""
    costs, start = problem.values, sp.Dummy("start", real=True)
    parts = [chance * weight.subs(costs.cost, value) * part for (value, chance), part in zip(costs.atoms.items(), counted, strict=True)]
    for low, high, density in costs.pieces:
        parts.append(costs.mass((low, high, density), low=start, weight=weight).subs(start, sp.Min(sp.Max(place, low), high)))
    return sp.Add(*parts)
