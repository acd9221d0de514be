"""What war is worth at every state of the battlefield, and the range of settlements there, by exact linear systems.

The first player's expected share w(s) and the expected number of battles D(s) solve w = P w and D = 1 + P D with their values at the
ends; a settlement of x is better than war for both iff w - k_A D <= x <= w + k_B D. Source: Smith and Stam (2004), Journal of
Conflict Resolution 48:783-813; Powell (2004), American Political Science Review 98:231-241.
"""

from dataclasses import dataclass
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable, TooLarge
from bargain.findings.settlements import RangedByState
from bargain.games.stochastic_pie import BattlefieldWar
from bargain.regions import Oracle, Region, Space, explore, strata
from bargain.solution import Equilibrium, Solution, Status
from bargain.solvers.trees.subgame_perfect import regimes_of

_MOST = {True: 12, False: 150}  # states, with and without parameters


@dataclass(frozen=True)
class RangeByState:
    """The expected share, the expected number of battles and the range of settlements, cut at 0 and 1, at every state.

    Payoffs are those of fighting to the end from the first state of `moves`.

    >>> import bargain as bg
    >>> war = BattlefieldWar.forts("War", ("A", "B"), 5, "3/5", {"A": "1/50", "B": "3/100"})
    >>> bg.solve(war, RangeByState()).equilibria[0].quantities["battles from 2 forts"]
    1265/211
    """

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "range of settlements by state"

    def accepts(self, problem: Any) -> None:
        """Refuse other problems and large symbolic ones."""
        if not isinstance(problem, BattlefieldWar):
            raise NotApplicable(f"a {type(problem).__name__} is not a war of battles", place="RangeByState", remedy="give BattlefieldWar")
        if len(problem.moves) > _MOST[bool(problem.notation.symbols)]:
            raise TooLarge(f"{len(problem.moves)} states", place="RangeByState", remedy=f"at most {_MOST[True]} with parameters, {_MOST[False]} with numbers")

    def run(self, problem: BattlefieldWar) -> Solution:
        """Solve both systems; cut the ranges by cases of the parameters."""
        space = Space(problem.notation)
        shares = _expected(problem, 0, dict(problem.ends))
        battles = _expected(problem, 1, dict.fromkeys(problem.ends, sp.Integer(0)))
        leaves, skipped = explore(space, lambda oracle: (_equilibrium(problem, oracle, shares, battles, self.concept),), boundaries=False)
        status = Status.PROVED if problem.notation.symbols else Status.CERTIFIED
        return Solution(problem, self, status, regimes_of(space, leaves, closed=False), boundary=Region(strata(space, skipped)))


def _expected(problem: BattlefieldWar, step: int, ends: dict[str, sp.Expr]) -> dict[str, sp.Expr]:
    names = {state: sp.Dummy(state) for state in problem.moves}
    known: dict[str, sp.Expr] = {**names, **ends}
    equations = [names[state] - step - sp.Add(*(chance * known[after] for after, chance in row.items())) for state, row in problem.moves.items()]
    (solved,) = sp.linsolve(equations, list(names.values()))
    return {state: sp.factor(value) for state, value in zip(names, solved, strict=True)}


def _equilibrium(problem: BattlefieldWar, oracle: Oracle, shares: dict[str, sp.Expr], battles: dict[str, sp.Expr], concept: str) -> Equilibrium:
    first, second = problem.players
    quantities: dict[str, sp.Expr] = {}
    for state in problem.moves:
        low = sp.factor(shares[state] - problem.costs[first] * battles[state])
        high = sp.factor(shares[state] + problem.costs[second] * battles[state])
        quantities |= {f"share from {state}": shares[state], f"battles from {state}": battles[state],
                       f"low at {state}": low if oracle.sign(low) > 0 else sp.Integer(0), f"high at {state}": high if oracle.sign(1 - high) > 0 else sp.Integer(1)}
    start = next(iter(problem.moves))
    payoffs = {first: sp.factor(shares[start] - problem.costs[first] * battles[start]),
               second: sp.factor(1 - shares[start] - problem.costs[second] * battles[start])}
    return RangedByState(concept, {}, payoffs, ("settlement",), "settlement", quantities=quantities)
