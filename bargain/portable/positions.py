"""The static block of the expected utility model, written as choices: an inspector is paid what a mean and a median make large, a champion stands for election.

The weighted mean is the point of least squares, the weighted medians are the points of least weighted distance, of which the lowest and the highest are sought.
A position is beaten by none iff a champion who stands for it loses to no challenger by votes (Black 1948, Journal of Political Economy 56:23-34); the
stationary chances are what balances the chain of challenges, which is irreducible where an answer lists them, so that one proposal satisfies the conditions.
"""

from typing import Any

import sympy as sp

from bargain.equilibrium import Equilibrium
from bargain.games.nodes import Node, Terminal
from bargain.games.positions import Positions
from bargain.portable.stages import Proposal, Rules, Stage, Staged, ask, bounds, value_of
from bargain.regions.cells import EQ

_X = sp.Symbol("point", real=True)
_JUDGE, _CHAMPION, _CHALLENGER = "inspector", "champion", "challenger"


def static(problem: Positions, solver: Any, e: Equilibrium) -> Staged:
    """One stage for each number, and the election."""
    q, line = e.quantities, problem.positions
    actors = [(a.position, problem.weight(name)) for name, a in problem.actors.items()]
    squares, distance = (sp.Add(*(w * f(_X - x) for x, w in actors)) for f in (lambda gap: gap**2, sp.Abs))
    nearest = bounds(-value_of("distance", _JUDGE) - distance)
    low, high = q["weighted median"], q.get("upper weighted median", q["weighted median"])
    goals = {"weighted mean": ((), -squares, q["weighted mean"]), "distance": ((), -distance, low), "weighted median": (nearest, -_X, low),
             "upper weighted median": (nearest, _X, high)}
    stages: dict[str, Stage] = {}
    values, choices = dict[str, dict[str, sp.Expr]](), Rules()
    for name, (inside, goal, found) in goals.items():
        stages[name], values[name] = Proposal(_JUDGE, {"point": _X}, inside, _paid(goal)), dict(_paid(goal.subs(_X, found)).payoffs)
        choices[_JUDGE, name] = {"point": found}
    chances = {f"chance {k + 1}": sp.Symbol(f"chance {k + 1}", real=True) for k in range(len(line))}
    stages["chances"] = Proposal(_JUDGE, chances, _balanced(problem, list(chances.values())), _paid(sp.Integer(0)))
    values["chances"] = dict(_paid(sp.Integer(0)).payoffs)
    choices[_JUDGE, "chances"] = {name: q[f"stationary chance of {x}"] for name, x in zip(chances, line, strict=True)}
    _election(problem, e, stages, values, choices)
    return Staged("a mean and medians as points that are best for an inspector, and an election", (_JUDGE, _CHAMPION, _CHALLENGER), stages, values, "election",
                  choices)


def _paid(goal: sp.Expr) -> Terminal:
    return Terminal({_JUDGE: goal, _CHAMPION: sp.Integer(0), _CHALLENGER: sp.Integer(0)})


def _balanced(problem: Positions, chances: list[sp.Symbol]) -> tuple[tuple[sp.Expr, int], ...]:
    """A distribution over the positions that as often leaves each as it comes to it."""
    line = problem.positions
    flows = []
    for i, x in enumerate(line):
        comes = sp.Add(*(chances[j] * problem.beats(x, y) for j, y in enumerate(line) if i != j))
        flows.append((sp.expand(comes - chances[i] * sp.Add(*(problem.beats(y, x) for y in line if y != x))), EQ))
    return (*bounds(*chances), (sp.Add(*chances) - 1, EQ), *flows)


def _election(problem: Positions, e: Equilibrium, stages: dict[str, Stage], values: dict[str, dict[str, sp.Expr]], choices: Rules) -> None:
    """A champion stands for the position that the answer names, the challenger for the one that beats it by most."""
    line = problem.positions
    margin = {(x, y): sp.Add(*problem.votes(y, x).values()) for x in line for y in line}
    best = {x: max(line, key=lambda y, x=x: margin[x, y]) for x in line}  # type: ignore[misc]
    named = e.outcome.partition(" beats every")[0].partition(" are beaten")[0].split(" and ")[0]
    stands = next((x for x in line if str(x) == named), None)
    stands = min(line, key=lambda x: margin[x, best[x]]) if stands is None else stands
    moves: dict[str, Node] = {}
    for x in line:
        ends: dict[str, Node] = {f"against {y}": Terminal({_JUDGE: sp.Integer(0), _CHAMPION: -margin[x, y], _CHALLENGER: margin[x, y]}) for y in line}
        moves[f"for {x}"] = ask(_CHALLENGER, ends)
        choices[_CHALLENGER, f"election/for {x}"] = {name: sp.Integer(name == f"against {best[x]}") for name in ends}
    stages["election"] = ask(_CHAMPION, moves)
    choices[_CHAMPION, "election"] = {name: sp.Integer(name == f"for {stands}") for name in moves}
    lost = margin[stands, best[stands]]
    values["election"] = {_JUDGE: sp.Integer(0), _CHAMPION: -lost, _CHALLENGER: lost}
