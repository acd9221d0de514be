"""Answers about a strategic form: what was eliminated and by which mixture, the joint lottery of a mediator, the punishments behind a security level."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sympy as sp

from bargain.expressions import Evaluator
from bargain.findings import Finding, Lottery, Mixture
from bargain.solution import Equilibrium


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
