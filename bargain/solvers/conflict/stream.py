"""Divisions of a flow that keep the peace by themselves, whatever the protocol.

Let S_t be the set of payoffs of the first side from date t on that peace can give it: U = x + d U' with x in [0, 1] and U' in S_{t+1}, at least M_A(t), and
leaving the other at least M_B(t). Each S_t is an interval, found backwards from the last date, after which all that war leaves both sides content
with can be kept. Where S_t is empty there is war at t in every equilibrium of every protocol in which either side can go to war, and payoffs are those of war.
While no end of an interval is cut by [0, 1], this is Powell's condition d M_A(t+1) + M_B(t) > B.
Source: Powell (2004), American Political Science Review 98:231-241.
"""

from dataclasses import dataclass
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable, TooLarge
from bargain.games.stream import FlowUnderThreat
from bargain.regions import Oracle, Region, Space, explore, strata
from bargain.solution import Equilibrium, Solution, Status
from bargain.solvers.trees.subgame_perfect import regimes_of

_MOST, _SYMBOLIC = 100, 6  # dates with numbers and with parameters


@dataclass(frozen=True)
class SelfEnforcingPeace:
    """Whether peace can last from date 0 on, the payoffs it can give, and otherwise the first date of war.

    The answer holds for every protocol: "peace" says that some division keeps the peace (one is given, the one that gives the first side least), not that
    every protocol reaches it. payoffs are those of this division, or of peace up to the war, the first side again getting the least.

    >>> import bargain as bg
    >>> rise = FlowUnderThreat.shifting("Rise", ("A", "B"), ["3/10", "7/10"], {"A": 1, "B": 1}, "9/10")
    >>> bg.solve(rise, SelfEnforcingPeace()).outcomes
    ('war at date 0',)
    """

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "self-enforcing division of a flow"

    def accepts(self, problem: Any) -> None:
        """Refuse other problems and too many dates."""
        if not isinstance(problem, FlowUnderThreat):
            raise NotApplicable(f"a {type(problem).__name__} is not a flow under the threat of war", place="SelfEnforcingPeace", remedy="give FlowUnderThreat")
        most = _SYMBOLIC if problem.notation.symbols else _MOST
        if len(problem.war) > most:
            raise TooLarge(f"{len(problem.war)} dates", place=f"flow {problem.title!r}", remedy=f"at most {most}")

    def run(self, problem: FlowUnderThreat) -> Solution:
        """Work backwards, by cases of the parameters."""
        space = Space(problem.notation)
        leaves, skipped = explore(space, lambda oracle: (_found(problem, oracle, self.concept),), boundaries=True)
        status = Status.PROVED if problem.notation.symbols else Status.CERTIFIED
        return Solution(problem, self, status, regimes_of(space, leaves, closed=True), boundary=Region(strata(space, skipped)), stats={"cases": len(leaves)})


def _largest(oracle: Oracle, values: list[sp.Expr]) -> sp.Expr:
    return values[oracle.greatest(values)[0]]


@dataclass(frozen=True)
class _Stage:
    """What can be had from a date on: the first side's payoffs in peace, the sum of payoffs, and whether there is war instead."""

    low: sp.Expr
    high: sp.Expr
    total: sp.Expr
    war: bool


def _stages(problem: FlowUnderThreat, oracle: Oracle) -> list[_Stage]:
    first, second = problem.players
    d, zero = problem.discount, sp.Integer(0)
    stages: list[_Stage] = []
    for values in reversed(problem.war):
        if not stages:  # power no longer changes: any division of the flow for ever can be kept up
            total, low, high = problem.total, zero, problem.total
        else:
            after = stages[0]
            total, low, high = sp.factor(1 + d * after.total), sp.factor(d * after.low), sp.factor(1 + d * after.high)
        low = _largest(oracle, [low, values[first]])
        high = -_largest(oracle, [-high, values[second] - total])
        war = oracle.sign(sp.factor(high - low)) < 0
        stages.insert(0, _Stage(values[first], values[first], sp.Add(*values.values()), True) if war else _Stage(low, high, total, False))
    return stages


def _found(problem: FlowUnderThreat, oracle: Oracle, concept: str) -> Equilibrium:
    first, second = problem.players
    stages = _stages(problem, oracle)
    quantities: dict[str, sp.Expr] = {}
    wars = [date for date, stage in enumerate(stages) if stage.war]
    if not stages[0].war:
        quantities = {f"least for {first}": stages[0].low, f"most for {first}": stages[0].high}
    worth = stages[0].low
    for date, stage in enumerate(stages):
        if stage.war:
            break
        if date + 1 == len(stages):
            quantities[f"flow to {first} from date {date} on"] = sp.factor((1 - problem.discount) * worth)
        else:
            after = _largest(oracle, [stages[date + 1].low, sp.factor((worth - 1) / problem.discount)])
            quantities[f"flow to {first} at date {date}"] = sp.factor(worth - problem.discount * after)
            worth = after
    outcome = f"war at date {wars[0]}" if wars else "peace"
    payoffs = {first: stages[0].low, second: sp.factor(stages[0].total - stages[0].low)}
    return Equilibrium(concept, {}, payoffs, (outcome,), outcome, quantities=quantities)
