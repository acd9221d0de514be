"""The divisions that both sides prefer to war.

A accepts x iff u_A(x) >= w_A and B iff u_B(x) >= w_B, so the range runs from the root of u_A(x) = w_A to that of u_B(x) = w_B, cut
at 0 and 1. Source: Fearon (1995), International Organization 49:379-414.
"""

from dataclasses import dataclass
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable
from bargain.findings.settlements import Ranged
from bargain.games.costly_war import CostlyWar
from bargain.regions import Oracle, Region, Space, explore, strata
from bargain.solution import Equilibrium, Solution, Status
from bargain.solvers.trees.subgame_perfect import regimes_of


@dataclass(frozen=True)
class BargainingRange:
    """The range of settlements, with the ends that ultimatums by either side reach and, for utilities linear in the share, the Nash solution.

    Payoffs are those when the first player makes the only offer; where the range is empty, those of war. Symbolic utilities are inverted
    in closed form; one that cannot be is refused. With few possible shares the range is the list of those that both accept.

    >>> import bargain as bg
    >>> x = sp.Symbol("x", real=True)
    >>> war = CostlyWar("Border", ("A", "B"), x, {"A": sp.sqrt(x), "B": 1 - x}, {"A": "1/2", "B": "1/5"})
    >>> bg.solve(war, BargainingRange()).equilibria[0].quantities
    {'low': 1/4, 'high': 4/5}
    """

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "bargaining range"

    def accepts(self, problem: Any) -> None:
        """Refuse other problems."""
        if not isinstance(problem, CostlyWar):
            raise NotApplicable(f"a {type(problem).__name__} is not a costly war", place="BargainingRange", remedy="give CostlyWar")

    def run(self, problem: CostlyWar) -> Solution:
        """The ends of the range, by cases of the parameters."""
        space = Space(problem.notation)
        find = _listed if problem.shares else _interval
        leaves, skipped = explore(space, lambda oracle: (find(problem, oracle, self.concept),), boundaries=False)
        status = Status.PROVED if problem.notation.symbols else Status.CERTIFIED
        return Solution(problem, self, status, regimes_of(space, leaves, closed=False), boundary=Region(strata(space, skipped)))


def _interval(problem: CostlyWar, oracle: Oracle, concept: str) -> Equilibrium:
    first, second = problem.players
    low, high = _end(problem, oracle, first, 0), _end(problem, oracle, second, 1)
    if low is None or high is None or oracle.sign(high - low) < 0:
        return _war(problem, concept)
    quantities = {"low": low, "high": high}
    middle = _nash(problem, oracle)
    if middle is not None:
        quantities["Nash bargaining solution"] = middle
    payoffs = {player: _worth(problem, player, high) for player in problem.players}
    return Ranged(concept, {}, payoffs, ("settlement",), "settlement", quantities=quantities)


def _end(problem: CostlyWar, oracle: Oracle, player: str, best_for_other: int) -> sp.Expr | None:
    """The share at which a player is indifferent to war, cut at 0 and 1; None if the whole pie is too little."""
    worth, war = problem.utilities[player], problem.war[player]
    if oracle.sign(war - _worth(problem, player, best_for_other)) <= 0:
        return sp.Integer(best_for_other)
    if oracle.sign(war - _worth(problem, player, 1 - best_for_other)) > 0:
        return None
    x = sp.Dummy("x", nonnegative=True)
    try:
        found = [sp.factor(root) for root in sp.solve(worth.subs(problem.share, x) - war, x)]
    except NotImplementedError:  # sympy's word for an equation that it cannot solve
        found = []
    if len(found) > 1:
        found = [root for root in found if root.is_real is not False and oracle.sign(root) >= 0 and oracle.sign(1 - root) >= 0]
    if len(found) != 1:
        raise NotApplicable(f"{worth} = {war} has no single solution in closed form", place=f"costly war {problem.title!r}", remedy="fix more parameters")
    return found[0]


def _nash(problem: CostlyWar, oracle: Oracle) -> sp.Expr | None:
    """The maximiser of the product of gains over [0, 1] for linear utilities (the product is concave where both gain)."""
    x = problem.share
    if any(sp.simplify(sp.diff(utility, x, 2)) != 0 for utility in problem.utilities.values()):
        return None
    gains = [problem.utilities[player] - problem.war[player] for player in problem.players]
    peak = sp.factor(sp.solve(sp.expand(sp.diff(gains[0] * gains[1], x)), x)[0])
    if oracle.sign(peak) < 0:
        return sp.Integer(0)
    return sp.Integer(1) if oracle.sign(peak - 1) > 0 else peak


def _listed(problem: CostlyWar, oracle: Oracle, concept: str) -> Equilibrium:
    first = problem.players[0]
    accepted = [share for share in sorted(problem.shares)
                if all(oracle.sign(_worth(problem, player, share) - problem.war[player]) >= 0 for player in problem.players)]
    if not accepted:
        return _war(problem, concept)
    payoffs = {player: _worth(problem, player, accepted[-1]) for player in problem.players}
    quantities = {f"share {k + 1} of {first}": share for k, share in enumerate(accepted)}
    return Ranged(concept, {}, payoffs, ("settlement",), "settlement", quantities=quantities)


def _war(problem: CostlyWar, concept: str) -> Equilibrium:
    return Ranged(concept, {}, {player: problem.war[player] for player in problem.players}, ("war",), "no settlement")


def _worth(problem: CostlyWar, player: str, share: Any) -> sp.Expr:
    return sp.expand(problem.utilities[player].subs(problem.share, share))
