"""Answers about a strategic form that are more than a profile of strategies, with the numbers that prove them.

Each is an `Equilibrium` with further fields: what was eliminated and by which mixture, the joint lottery of a
mediator with the prices of its constraints, the punishments behind a security level.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sympy as sp

from bargain.expressions import Evaluator
from bargain.regions.cells import Cell
from bargain.solution import Equilibrium, Strategies

Mixture = Mapping[str, sp.Expr]
Lottery = Mapping[tuple[str, ...], sp.Expr]


@dataclass(frozen=True)
class Finding(Equilibrium):
    """An answer with `details` (plain data for JSON) and `remarks` (sentences for the notes of a table)."""

    @property
    def details(self) -> Mapping[str, Any]:
        """What the further fields say, as nested mappings of exact values."""
        return {}

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a reader of the table must know."""
        return ()


@dataclass(frozen=True)
class Elimination:
    """An action removed in a round, and the mixture of actions then present that dominates it."""

    round: int
    player: str
    action: str
    by: Mixture

    def at(self, evaluate: Evaluator) -> "Elimination":
        """With parameters replaced by numbers."""
        return replace(self, by={action: evaluate(weight) for action, weight in self.by.items()})


@dataclass(frozen=True)
class Survivors(Finding):
    """The actions left by iterated elimination, every elimination in order, and a conjecture behind each survivor.

    conjectures: player -> surviving action -> lottery over the others' surviving cells to which it is a best reply (empty
    if only pure dominance was asked for). others: for weak dominance, the sets that other orders of elimination lead to;
    None if they were not examined.
    """

    survivors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    eliminated: tuple[Elimination, ...] = ()
    conjectures: Mapping[str, Mapping[str, Lottery]] = field(default_factory=dict)
    others: tuple[Mapping[str, tuple[str, ...]], ...] | None = ()
    notion: str = ""

    def at(self, evaluate: Evaluator) -> "Survivors":
        """With parameters replaced by numbers."""
        conjectures = {player: {action: {cell: evaluate(w) for cell, w in lottery.items()} for action, lottery in own.items()}
                       for player, own in self.conjectures.items()}
        changed = {"payoffs": {player: evaluate(value) for player, value in self.payoffs.items()}, "conjectures": conjectures,
                   "eliminated": tuple(step.at(evaluate) for step in self.eliminated)}
        return replace(self, **changed)  # type: ignore[arg-type]

    @property
    def details(self) -> Mapping[str, Any]:
        """Survivors, eliminations and conjectures."""
        return {"survivors": self.survivors, "eliminated": [{"round": str(e.round), "player": e.player, "action": e.action, "by": e.by} for e in self.eliminated],
                "conjectures": {player: {action: {",".join(cell): w for cell, w in lottery.items()} for action, lottery in own.items()}
                                for player, own in self.conjectures.items()},
                "other_orders": None if self.others is None else list(self.others)}

    @property
    def remarks(self) -> tuple[str, ...]:
        """The eliminations, and what is known about their order."""
        return (*(f"{step}." for step in self.path), self.notion) if self.notion else tuple(f"{step}." for step in self.path)


@dataclass(frozen=True)
class JointLottery(Finding):
    """A lottery over cells that no player gains by disobeying, with the prices that prove it best.

    lottery: cell -> probability. prices: (player, recommended action or "", deviation) -> price of that obedience
    constraint (positive ones only). objective: cell -> what is maximised there.
    """

    lottery: Lottery = field(default_factory=dict)
    prices: Mapping[tuple[str, str, str], sp.Expr] = field(default_factory=dict)
    value: sp.Expr = sp.Integer(0)
    unique: bool | None = None

    def at(self, evaluate: Evaluator) -> "JointLottery":
        """With parameters replaced by numbers."""
        plain = Equilibrium.at(self, evaluate)
        return replace(self, strategies=plain.strategies, payoffs=plain.payoffs, quantities=plain.quantities, value=evaluate(self.value),
                       lottery={cell: evaluate(w) for cell, w in self.lottery.items()}, prices={key: evaluate(w) for key, w in self.prices.items()})

    @property
    def details(self) -> Mapping[str, Any]:
        """The lottery, the value of the objective and the prices of the constraints."""
        return {"lottery": {",".join(cell): w for cell, w in self.lottery.items()}, "value": self.value,
                "prices": {" / ".join(filter(None, key)): w for key, w in self.prices.items()}, "unique": self.unique}

    @property
    def remarks(self) -> tuple[str, ...]:
        """Whether another lottery is as good."""
        said = {True: "The optimal lottery is unique.", False: "Other lotteries reach the same value; one is shown."}
        return (said[self.unique],) if self.unique is not None else ()


@dataclass(frozen=True)
class Security(Finding):
    """What each player can guarantee, the strategy that does, and how the others (together) hold the player down to it.

    punishments: player -> lottery over the others' cells.
    """

    punishments: Mapping[str, Lottery] = field(default_factory=dict)

    def at(self, evaluate: Evaluator) -> "Security":
        """With parameters replaced by numbers."""
        plain = Equilibrium.at(self, evaluate)
        return replace(self, strategies=plain.strategies, payoffs=plain.payoffs,
                       punishments={player: {cell: evaluate(w) for cell, w in lottery.items()} for player, lottery in self.punishments.items()})

    @property
    def details(self) -> Mapping[str, Any]:
        """The punishments."""
        return {"punishments": {player: {",".join(cell): w for cell, w in lottery.items()} for player, lottery in self.punishments.items()}}

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the payoffs are."""
        joint = " The others punish by a joint lottery." if len(self.payoffs) > 2 else ""
        return ("Payoffs are security levels, each guaranteed by the player's own strategy; the strategies together are no equilibrium." + joint,)


@dataclass(frozen=True)
class LogitResponse(Finding):
    """A logit quantal response equilibrium on the principal branch."""

    @property
    def details(self) -> Mapping[str, Any]:
        """The rationality, and the branch."""
        return {"quantities": self.quantities, "branch": "principal"}

    @property
    def remarks(self) -> tuple[str, ...]:
        """Which equilibrium it is, should there be several."""
        return ("The equilibrium lies on the principal branch, which starts at the uniform profile; others may exist at the same rationality.",)


@dataclass(frozen=True)
class Threats(Finding):
    """A settlement under threats: strategies are what is threatened, payoffs what is agreed, `agreement` the lottery over cells played.

    With transferable utility the agreement is a cell, and `quantities` name the transfer.
    """

    agreement: Lottery = field(default_factory=dict)

    def at(self, evaluate: Evaluator) -> "Threats":
        """With parameters replaced by numbers."""
        plain = Equilibrium.at(self, evaluate)
        return replace(self, strategies=plain.strategies, payoffs=plain.payoffs, quantities=plain.quantities,
                       agreement={cell: evaluate(w) for cell, w in self.agreement.items()})

    @property
    def details(self) -> Mapping[str, Any]:
        """The agreement and the named numbers."""
        return {"agreement": {",".join(cell): w for cell, w in self.agreement.items()}, "quantities": self.quantities}

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the columns mean."""
        return ("Strategies are threats, carried out only if talks fail; payoffs are those of the agreement.",)


@dataclass(frozen=True)
class Selected(Finding):
    """An equilibrium that a refinement or a selection criterion keeps, with the reason and the ones it drops."""

    reason: str = ""
    dropped: tuple[tuple[str, str], ...] = ()

    @property
    def details(self) -> Mapping[str, Any]:
        """The reason, the named numbers behind it, and what falls and why."""
        return {"reason": self.reason, "quantities": self.quantities, "dropped": [{"equilibrium": name, "reason": why} for name, why in self.dropped]}

    @property
    def remarks(self) -> tuple[str, ...]:
        """Why this one, and why not the others."""
        return (f"{self.outcome}: {self.reason}.", *(f"Dropped: {name}: {why}." for name, why in self.dropped))


@dataclass(frozen=True)
class Fallen:
    """A sequential equilibrium, or a family with free symbols in `free`, that is not perfect: within `radius` no completely mixed
    profile makes what is played a best reply at the information set `at`, or at all of them together if that is empty."""

    strategies: Strategies
    free: Cell
    radius: sp.Expr
    at: str = ""


@dataclass(frozen=True)
class TremblingHand(Selected):
    """A perfect equilibrium of a tree with its trembles at every information set; the first one listed also holds what falls."""

    fallen: tuple[Fallen, ...] = ()


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
