"""Demands that are answered once, written as stages: the ends of a bargaining range, a war fought battle by battle, a demand of an unknown opponent.

The range of what both prefer to war ends where either side, free to make the only demand, would put it. Sources: Fearon (1995), International Organization
49:379-414; Smith and Stam (2004), Journal of Conflict Resolution 48:783-813; Powell (1999), In the Shadow of Power, chapter 3.
"""

from collections.abc import Mapping
from typing import Any

import sympy as sp

from bargain.equilibrium import Equilibrium
from bargain.games.costly_war import CostlyWar, Costs, UncertainWar
from bargain.games.nodes import Chance, Node, Terminal
from bargain.games.stochastic_pie import BattlefieldWar
from bargain.portable.arbiter import named_unlike
from bargain.portable.stages import Proposal, Rules, Stage, Staged, ask, bounds, value_of

_X = sp.Symbol("share", real=True)
_RANGE = "the ends of the range are what either side demands that makes the only demand"


def war_range(problem: CostlyWar, solver: Any, e: Equilibrium) -> Staged:
    """Either side makes the only demand, and may still fight once it is accepted; the first player's payoffs are those that the range reports."""
    (first, second), stages, values, choices = problem.players, dict[str, Stage](), dict[str, Mapping[str, sp.Expr]](), Rules()
    listed = [e.quantities[key] for key in e.quantities if key.startswith("share ")] or [e.quantities.get("low"), e.quantities.get("high")]
    for by, other, end, vain in ((first, second, listed[-1], sp.Integer(1)), (second, first, listed[0], sp.Integer(0))):
        here, settled = f"{by} demands", e.outcome == "settlement"
        values[here] = {p: value.subs(problem.share, end) for p, value in problem.utilities.items()} if settled else problem.war
        if problem.shares:
            stages[here] = ask(by, {str(s): _answer(problem, by, other, s) for s in problem.shares})
        else:
            stages[here] = Proposal(by, {"share": _X}, bounds(_X, 1 - _X), _answer(problem, by, other, _X))
            choices[by, here] = {"share": end if settled else vain}
    return Staged(_RANGE, problem.players, stages, values, f"{first} demands", choices)


def _answer(problem: CostlyWar, by: str, other: str, share: sp.Expr) -> Node:
    fight = Terminal(problem.war)
    agreed = Terminal({p: value.subs(problem.share, share) for p, value in problem.utilities.items()})
    return ask(other, {"accept": ask(by, {"settle": agreed, "fight": fight}), "fight": fight})


def battlefield(problem: BattlefieldWar, solver: Any, e: Equilibrium) -> Staged:
    """War to its end as stages that lead to each other, and in every state the only demand of either side before it."""
    (first, second), q = problem.players, e.quantities
    stages, values, choices, measures = dict[str, Stage](), dict[str, dict[str, sp.Expr]](), Rules(), dict[str, sp.Expr]()
    for state, row in problem.moves.items():
        war = f"war from {state}"
        worth = {first: q[f"share from {state}"], second: 1 - q[f"share from {state}"]}
        values[war] = {p: worth[p] - problem.costs[p] * q[f"battles from {state}"] for p in problem.players}
        measures[war] = q[f"battles from {state}"]
        ends = {s: {first: end, second: 1 - end} for s, end in problem.ends.items()}
        stages[war] = Terminal({p: sp.Add(*(w * (ends[s][p] if s in ends else value_of(f"war from {s}", p)) for s, w in row.items())) - problem.costs[p]
                                for p in problem.players})
        for by, other, end in ((first, second, "high"), (second, first, "low")):
            here, share = f"{by} demands at {state}", q[f"{end} at {state}"]
            answer = ask(other, {"accept": Terminal({first: _X, second: 1 - _X}), "fight": Terminal({p: value_of(war, p) for p in problem.players})})
            stages[here], measures[here] = Proposal(by, {"share": _X}, bounds(_X, 1 - _X), answer), measures[war] + 1
            values[here], choices[by, here] = {first: share, second: 1 - share}, {"share": share}
    return Staged(_RANGE, problem.players, stages, values,
                  f"war from {next(iter(problem.moves))}", choices, measures)


def demand(problem: UncertainWar, solver: Any, e: Equilibrium) -> Staged:
    """The opponent's cost is drawn after the demand, which is as good as unknown to who makes it.

    A piece of the distribution is one draw: of its costs those fight that are too low, a part worked out here as an integral. That a type accepts iff its cost
    is at least what the demand exceeds the chance of winning by is a stage of its own, for every demand and cost. Two more players record what is reported.
    """
    first, second = problem.players
    war, least = named_unlike("recorder of war", problem.players), named_unlike("recorder of costs", problem.players)
    players, zero = (first, second, war, least), sp.Integer(0)
    here, c = _X - problem.chance, problem.costs.cost
    lost = problem.chance - problem.cost
    draws: list[tuple[str, sp.Expr, Node]] = []
    for cost, chance in problem.costs.atoms.items():
        fight = Terminal({first: lost, second: 1 - problem.chance - cost, war: sp.Integer(1), least: here})
        draws.append((f"cost {len(draws) + 1}", chance, ask(second, {"accept": Terminal({first: _X, second: 1 - _X, war: zero, least: here}), "fight": fight})))
    stages, values, choices = dict[str, Stage](), dict[str, dict[str, sp.Expr]](), Rules()
    for number, piece in enumerate(problem.costs.pieces):
        low, high, _ = piece
        cut, mass = sp.Min(sp.Max(here, low), high), problem.costs.mass(piece)
        fought, spent = (_integral(problem.costs, piece, cut, weight) for weight in (sp.Integer(1), c))
        paid = {first: (mass - fought) * _X + fought * lost, second: (mass - fought) * (1 - _X) + fought * (1 - problem.chance) - spent, war: fought}
        draws.append((f"costs {number + 1}", mass, Terminal({**{p: value / mass for p, value in paid.items()}, least: here})))
        ends: dict[str, Node] = {"accept": Terminal({**dict.fromkeys(players, zero), second: 1 - _X}),
                                 "fight": Terminal({**dict.fromkeys(players, zero), second: 1 - problem.chance - c})}
        stages[f"types {number + 1}"] = Proposal(war, {"share": _X, "cost": c}, bounds(_X, 1 - _X, c - low, high - c), ask(second, ends))
        values[f"types {number + 1}"] = {**dict.fromkeys(players, zero), second: sp.Max(1 - problem.chance - low, zero)}
        choices[war, f"types {number + 1}"] = {"share": sp.Integer(1), "cost": low}
    stages["demand"] = Proposal(first, {"share": _X}, bounds(_X, 1 - _X), Chance(tuple(draws)))
    values["demand"] = {**e.payoffs, war: e.quantities["chance of war"], least: e.quantities["least cost of those who accept"]}
    choices[first, "demand"] = {"share": e.quantities["demand"]}
    return Staged("the opponent's cost is drawn after the demand", players, stages, values, "demand", choices)


def _integral(costs: Costs, piece: tuple[sp.Expr, sp.Expr, sp.Expr], high: sp.Expr, weight: sp.Expr) -> sp.Expr:
    """The integral of weight times density up to a cut, which is put into the polynomial."""
    end = sp.Dummy("end", real=True)
    return costs.mass(piece, high=end, weight=weight).subs(end, high)
