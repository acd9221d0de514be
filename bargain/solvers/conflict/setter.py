"""The proposal of an agenda setter: the point nearest its ideal among those that beat or tie the status quo.

A voter with ideal v accepts the points between the status quo q and its mirror image 2 v - q, so that the set of points that pass is a union of intervals
whose ends are q and mirror images; the best proposal is the setter's ideal if it passes, and one of these ends otherwise.
Source: Romer and Rosenthal (1978), Public Choice 33:27-43.
"""

from dataclasses import dataclass
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable, TooLarge
from bargain.games.agenda import AgendaSetting
from bargain.regions import Oracle, Region, Space, explore, strata
from bargain.solution import Equilibrium, Solution, Status
from bargain.solvers.trees.subgame_perfect import regimes_of

_MOST = {True: 6, False: 15}  # voters, with and without parameters


@dataclass(frozen=True)
class SetterProposal:
    """Every best proposal of the setter, with who votes for it; the indifferent vote for it. Payoffs are distances from ideals, negative.

    >>> import bargain as bg
    >>> bg.solve(AgendaSetting("Budget", "setter", {"setter": 1, "median": 0}, {"median": 1}, 1, "-2/5"), SetterProposal()).equilibria[0].quantities
    {'proposal': 2/5}
    """

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "proposal of an agenda setter"

    def accepts(self, problem: Any) -> None:
        """Refuse other problems and many voters with parameters."""
        if not isinstance(problem, AgendaSetting):
            raise NotApplicable(f"a {type(problem).__name__} is not agenda setting", place="SetterProposal", remedy="give AgendaSetting")
        if len(problem.weights) > _MOST[bool(problem.notation.symbols)]:
            raise TooLarge(f"{len(problem.weights)} voters", place="SetterProposal", remedy=f"at most {_MOST[True]} with parameters, {_MOST[False]} with numbers")

    def run(self, problem: AgendaSetting) -> Solution:
        """Compare the candidates, by cases of the parameters."""
        space = Space(problem.notation)
        leaves, skipped = explore(space, lambda oracle: _best(problem, oracle, self.concept), boundaries=False)
        status = Status.PROVED if problem.notation.symbols else Status.CERTIFIED
        return Solution(problem, self, status, regimes_of(space, leaves, closed=False), boundary=Region(strata(space, skipped)))


def _best(problem: AgendaSetting, oracle: Oracle, concept: str) -> tuple[Equilibrium, ...]:
    ideal, quo = problem.ideals[problem.setter], problem.status_quo
    if _passes(problem, oracle, ideal):
        return (_equilibrium(problem, oracle, ideal, concept),)
    mirrors = [sp.expand(2 * problem.ideals[voter] - quo) for voter in problem.weights]
    points = [quo, *(point for point in dict.fromkeys(mirrors) if _passes(problem, oracle, point))]
    best: list[sp.Expr] = []
    for point in dict.fromkeys(points):
        order = _nearer(oracle, point, best[0], ideal) if best else 1
        best = [point] if order > 0 else [*best, point] if order == 0 else best
    return tuple(_equilibrium(problem, oracle, point, concept) for point in best)


def _for(problem: AgendaSetting, oracle: Oracle, voter: str, point: sp.Expr) -> bool:
    ideal = problem.ideals[voter]
    return _nearer(oracle, point, problem.status_quo, ideal) >= 0


def _nearer(oracle: Oracle, point: sp.Expr, other: sp.Expr, ideal: sp.Expr) -> int:
    """Whether a point is nearer to an ideal than another: the sign of (other - point)(other + point - 2 ideal), factor by factor."""
    return oracle.sign(sp.expand(other - point)) * oracle.sign(sp.expand(other + point - 2 * ideal))


def _passes(problem: AgendaSetting, oracle: Oracle, point: sp.Expr) -> bool:
    return bool(sp.Add(*(weight for voter, weight in problem.weights.items() if _for(problem, oracle, voter, point))) >= problem.quota)


def _equilibrium(problem: AgendaSetting, oracle: Oracle, point: sp.Expr, concept: str) -> Equilibrium:
    payoffs = {player: -(gap if oracle.sign(gap) >= 0 else -gap) for player, gap in ((p, sp.expand(point - ideal)) for p, ideal in problem.ideals.items())}
    moved = oracle.sign(point - problem.status_quo) != 0
    outcome = "change" if moved else "gridlock"
    return Equilibrium(concept, {}, payoffs, (outcome,), outcome, quantities={"proposal": point})

