"""Screening by skimming: more eager types accept first, so that the state is how many of the opponents have agreed.

With z the share that has agreed (the most eager first), the prices at which the state moves to z fall in z. The value of the side that offers is
piecewise linear in z, and only states at which next round's price jumps, or a type is exhausted, are worth moving to: at a jump next
round's price may be the higher one, which makes the marginal type accept the highest price. So every round is the upper envelope of finitely
many lines. Without an end the rounds are worked out from a last one in which the toughest type's worth is asked; they come to rest after
finitely many, because the toughest type's worth is positive (the gap).
Sources: Fudenberg, Levine and Tirole (1985), in Roth (ed.), Game-Theoretic Models of Bargaining, 73-98; Gul, Sonnenschein and Wilson (1986), Journal of
Economic Theory 39:155-190; Fudenberg and Tirole (1991), Game Theory, chapter 10.
"""

from dataclasses import dataclass
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable, TooLarge
from bargain.findings.screening import Round, Screened, Step
from bargain.games.screening import Screening
from bargain.regions import Oracle, Region, Space, explore, strata
from bargain.solution import Equilibrium, Solution, Status
from bargain.solvers.information.skimming_rounds import MOST, Ahead, Talks
from bargain.solvers.trees.subgame_perfect import regimes_of


@dataclass(frozen=True)
class Skimming:
    """The perfect Bayesian equilibrium in which more eager types accept first, with plans at every history.

    Among equilibria of this form it is the only one, except at a tie between two opening prices, where the higher is asked and the status says that
    the list is not complete. Without types that differ in whether the talks last, there are generically no others (Fudenberg, Levine and Tirole
    1985, cited). limit: the most cases of the parameters.

    >>> import bargain as bg
    >>> sale = Screening("Sale", ("S", "B"), {"high": "1/2", "low": "1/2"}, {"high": 3, "low": 1}, "1/2", horizon=2)
    >>> found = bg.solve(sale, Skimming()).equilibria[0]
    >>> found.quantities["demand in round 1"], found.payoffs["S"]
    (2, 5/4)
    """

    limit: int = 400

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "perfect Bayesian equilibrium in skimming strategies"

    def accepts(self, problem: Any) -> None:
        """Refuse other problems, and endless talks in which refusals cost anything but time or may end the talks."""
        if not isinstance(problem, Screening):
            raise NotApplicable(f"a {type(problem).__name__} is not a screening problem", place="Skimming", remedy="give Screening")
        place = f"screening {problem.title!r}"
        if problem.horizon is None and (any(problem.costs.values()) or any(value != 1 for value in problem.lasting.values())):  # type: ignore[union-attr]
            raise NotApplicable("no end, and refusals that cost something or may end the talks", place=place, remedy="give a horizon")
        if problem.horizon is not None and problem.horizon > MOST:
            raise TooLarge(f"{problem.horizon} offers", place=place, remedy=f"at most {MOST}")

    def run(self, problem: Screening) -> Solution:
        """Work backwards, by cases of the parameters."""
        space = Space(problem.notation)
        leaves, skipped = explore(space, lambda oracle: (_solved(problem, oracle, self.concept),), boundaries=False, limit=self.limit)
        tied = any("tie" in equilibrium.ties for _, (equilibrium,) in leaves)
        status = Status.INCOMPLETE if tied else Status.PROVED if problem.notation.symbols else Status.CERTIFIED
        return Solution(problem, self, status, regimes_of(space, leaves, closed=False), boundary=Region(strata(space, skipped)), stats={"cases": len(leaves)})


def _solved(problem: Screening, oracle: Oracle, concept: str) -> Equilibrium:
    talks = Talks(problem, oracle)
    return _Path(talks, talks.rounds()).equilibrium(concept)


class _Path:
    """Play from the start, and what it pays."""

    def __init__(self, talks: Talks, rounds: list[tuple[Round, Ahead]]) -> None:
        self.talks, self.rounds = talks, rounds

    def equilibrium(self, concept: str) -> Equilibrium:
        """The equilibrium with its path, payoffs and plans."""
        talks = self.talks
        (opening, ahead), endless = self.rounds[0], talks.problem.horizon is None
        own = Ahead(talks, list(opening.offers), ahead, 1)
        payoffs = {talks.problem.players[0]: own.value(sp.Integer(0), 0)}
        utilities = [sp.factor(own.utility(k, opening.offers[0])) for k in range(len(talks.share))]
        payoffs[talks.problem.players[1]] = sp.factor(sp.Add(*(s * u for s, u in zip(talks.share, utilities, strict=True))))
        quantities: dict[str, sp.Expr] = {}
        path, gone, number = [], sp.Integer(0), 1
        step: Step | None = opening.offers[0]
        while step is not None:
            if step.price is not None:
                quantities[f"demand in round {number}"] = step.price
                accepted = self._accepted(gone, step)
                quantities |= {f"part of {name} that accepts in round {number}": share for name, share in accepted.items() if share not in (0, 1)}
                path.append(f"round {number}: " + ", ".join(name if share == 1 else f"part of {name}" for name, share in accepted.items() if share != 0))
                gone = step.target
                step = None if gone == 1 else ahead.chosen(gone, step.marginal)
            else:
                path.append(f"round {number}: nobody")
                step = ahead.within(step)
            number += 1
            ahead = ahead.ahead or ahead if not endless else ahead
        if gone != 1:
            path.append("no agreement with the rest")
        quantities |= {f"payoff of {name}": value for name, value in zip(talks.names, utilities, strict=True)}
        plan = tuple(found for found, _ in self.rounds)
        ties = {"tie": ("another opening price",)} if talks.tied else {}
        return Screened(concept, {}, payoffs, tuple(path), "; ".join(path), quantities=quantities, ties=ties, plan=plan)

    def _accepted(self, gone: sp.Expr, step: Step) -> dict[str, sp.Expr]:
        """The part of each type, of those left of it, that accepts."""
        talks, found = self.talks, {}
        reached = False
        for k, name in enumerate(talks.names):
            reached = reached or talks.sign(talks.sold[k + 1] - gone) > 0
            if k > step.marginal or not reached or step.price is None:
                continue
            start = gone if talks.sign(gone - talks.sold[k]) > 0 else talks.sold[k]
            found[name] = sp.factor((step.target - start) / (talks.sold[k + 1] - start)) if k == step.marginal else sp.Integer(1)
        return found
