"""Settlements of cooperative bargaining and design, with the numbers that prove them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sympy as sp

from bargain.expressions import Evaluator
from bargain.findings import Finding
from bargain.solution import Equilibrium


@dataclass(frozen=True)
class Mechanism(Finding):
    """An honest mechanism: the chance of agreement and the expected transfer to the first player for every pair of types.

    prices: constraint -> dual price, those that are not zero; they prove that no mechanism does better.
    """

    agreement: Mapping[tuple[str, str], sp.Expr] = field(default_factory=dict)
    transfer: Mapping[tuple[str, str], sp.Expr] = field(default_factory=dict)
    prices: Mapping[str, sp.Expr] = field(default_factory=dict)

    @property
    def details(self) -> Mapping[str, Any]:
        """The mechanism and its prices."""
        return {"agreement": {", ".join(pair): value for pair, value in self.agreement.items()},
                "transfer": {", ".join(pair): value for pair, value in self.transfer.items()}, "prices": dict(self.prices)}


@dataclass(frozen=True)
class Supported(Finding):
    """A point of a polytope, with mixtures of its corners that reach it (and the ideal point) and prices that nothing feasible exceeds.

    evidence: what -> (weights of the corners, prices of the players). dominated: a point at least as good for everybody and better for
    somebody, empty if there is none.
    """

    evidence: Mapping[str, tuple[tuple[sp.Expr, ...], tuple[sp.Expr, ...]]] = field(default_factory=dict)
    dominated: tuple[sp.Expr, ...] = ()

    @property
    def details(self) -> Mapping[str, Any]:
        """Weights and prices."""
        return {what: {"weights": list(weights), "prices": list(prices)} for what, (weights, prices) in self.evidence.items()}

    @property
    def remarks(self) -> tuple[str, ...]:
        """Whether the point is only weakly Pareto optimal."""
        better = ", ".join(map(str, self.dominated))
        return (f"Weakly Pareto optimal only: ({better}) is feasible, worse for nobody and better for somebody.",) if self.dominated else ()


@dataclass(frozen=True)
class Located(Finding):
    """A point of a bargaining set with the points that locate it: the corners of the frontier, or the steps of a sequence."""

    points: tuple[tuple[sp.Expr, ...], ...] = ()

    def at(self, evaluate: Evaluator) -> "Located":
        """With parameters replaced by numbers."""
        plain = Equilibrium.at(self, evaluate)
        return replace(self, payoffs=plain.payoffs, quantities=plain.quantities, points=tuple(tuple(map(evaluate, point)) for point in self.points))

    @property
    def details(self) -> Mapping[str, Any]:
        """The points."""
        return {"points": [list(point) for point in self.points]}


@dataclass(frozen=True)
class Balanced(Finding):
    """A nucleolus with the proof that no reallocation helps: positive weights on coalitions that cover every player equally.

    levels: excess -> {coalition: weight} over all coalitions with at least that excess (and tight own-worth bounds).
    """

    levels: Mapping[sp.Expr, Mapping[frozenset[str], sp.Expr]] = field(default_factory=dict)

    @property
    def details(self) -> Mapping[str, Any]:
        """The balancing weights by level of excess."""
        return {"levels": {str(level): {" ".join(sorted(s)): weight for s, weight in weights.items()} for level, weights in self.levels.items()}}


@dataclass(frozen=True)
class Ranged(Finding):
    """A range of settlements; payoffs are those of its high end, where the first player makes the only offer, or of war if it is empty."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the payoffs are."""
        first = next(iter(self.payoffs))
        return (f"Payoffs are those of an ultimatum by {first}, who takes the high end of the range; where there is no settlement, those of war.",)


@dataclass(frozen=True)
class RangedByState(Finding):
    """The range of settlements at every state of a war; payoffs are those of fighting to the end from the first one."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the payoffs are."""
        start = next(iter(self.quantities)).removeprefix("share from ")
        return (f"Payoffs are those of fighting to the end from {start}; every settlement in the range pays both at least as much.",)
