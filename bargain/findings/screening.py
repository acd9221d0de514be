"""The path of offers to a buyer whose value is hidden, round by round."""

from dataclasses import dataclass, replace

import sympy as sp

from bargain.expressions import Evaluator
from bargain.solution import Equilibrium


@dataclass(frozen=True)
class Step:
    """What happens where between `low` and `high` of the opponents (the most eager first) have agreed: a price, after which `target` have.

    marginal: the number, from 0, of the last type of whom some accept. price None: an offer that nobody accepts.
    """

    low: sp.Expr
    high: sp.Expr
    price: sp.Expr | None
    target: sp.Expr
    marginal: int

    def at(self, evaluate: Evaluator) -> "Step":
        """With parameters replaced by numbers."""
        return replace(self, low=evaluate(self.low), high=evaluate(self.high), target=evaluate(self.target),
                       price=None if self.price is None else evaluate(self.price))


@dataclass(frozen=True)
class Round:
    """One round of screening at every history: what is asked, by how many have agreed so far; which prices lead where.

    answers: steps in order of falling price; a price between two of them leads to the target of the higher one.
    """

    offers: tuple[Step, ...]
    answers: tuple[Step, ...]

    def at(self, evaluate: Evaluator) -> "Round":
        """With parameters replaced by numbers."""
        return Round(tuple(step.at(evaluate) for step in self.offers), tuple(step.at(evaluate) for step in self.answers))


@dataclass(frozen=True)
class Screened(Equilibrium):
    """An equilibrium of screening with the plans of both sides at every history: one round each, or one for all rounds if there is no end."""

    plan: tuple[Round, ...] = ()

    def at(self, evaluate: Evaluator) -> "Screened":
        """With parameters replaced by numbers."""
        plain = Equilibrium.at(self, evaluate)
        return replace(self, payoffs=plain.payoffs, quantities=plain.quantities, plan=tuple(each.at(evaluate) for each in self.plan))
