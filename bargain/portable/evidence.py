"""Stages that hold the numbers of an answer to conditions: what an auditor may propose, and what a lottery gives an action.

An auditor, who is paid nothing, proposes the numbers that prove an answer; she may propose only numbers that satisfy the conditions of the concept, so
that a file in which she proposes others is refuted. The conditions may speak of what other stages are worth. A lottery played at a place becomes
such values: in one stage for each action an inspector is paid one where that action is taken and nothing otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import sympy as sp

from bargain.equilibrium import Equilibrium
from bargain.games.matrix import MatrixGame
from bargain.games.nodes import Decision, Node, Simultaneous
from bargain.portable.drafting import Drafting, Shares
from bargain.portable.stages import Conditions, Payoffs, Proposal, Rules, Stage, value_of
from bargain.regions.cells import EQ


@dataclass
class Draft(Drafting):
    """Stages with an auditor, who proposes evidence, and an inspector, who is paid chances."""

    roles = ("auditor", "inspector")

    def __post_init__(self) -> None:
        super().__post_init__()
        self.auditor, self.inspector = self.helpers

    def add(self, name: str, stage: Stage, worth: Payoffs, choices: Rules | None = None, measure: int = 1) -> None:
        """A stage, what it is worth, and what is chosen in it."""
        self.stages[name], self.values[name], self.measures[name] = stage, self.paid(worth), sp.Integer(measure)
        self.choices.update(choices or {})

    def cells(self, game: MatrixGame) -> dict[tuple[str, ...], dict[str, sp.Symbol]]:
        """The symbols of what every cell of a matrix pays, one stage for each cell."""
        found = {}
        for cell, paid in game.payoffs.items():
            here, worth = f"cell {', '.join(cell)}", dict(zip(game.players, paid, strict=True))
            self.add(here, self.end(worth), worth)
            found[cell] = {p: value_of(here, p) for p in game.players}
        return found

    def play(self, game: MatrixGame, worth: dict[tuple[str, ...], dict[str, sp.Symbol]], e: Equilibrium) -> list[dict[str, sp.Symbol]]:
        """The stage "play", the matrix with the strategies of an equilibrium; the symbols of their chances, player by player."""
        own = {p: {a: e.strategies[p][""].get(a, sp.Integer(0)) for a in names} for p, names in zip(game.players, game.actions, strict=True)}
        cells: dict[tuple[str, ...], Node] = {cell: self.end(paid) for cell, paid in worth.items()}
        self.add("play", Simultaneous(game.players, game.actions, cells), e.payoffs, measure=2)
        return [self.chances(p, "play", own[p]) for p in game.players]

    def chances(self, player: str, place: str, lottery: Mapping[str, sp.Expr]) -> dict[str, sp.Symbol]:
        """The symbols of the chances with which actions are taken at a place."""
        self.choices[player, place] = dict(lottery)
        found = {}
        for action, weight in lottery.items():
            here = f"chance of {player}'s {action} at {place}"
            ends = tuple((other, self.end({self.inspector: sp.Integer(other == action)})) for other in lottery)
            self.add(here, Decision(player, ends, place), {self.inspector: weight})
            found[action] = value_of(here, self.inspector)
        return found

    def audit(self, name: str, conditions: Conditions, shares: Shares | None = None, paid: Payoffs | None = None, worth: Payoffs | None = None,
              measure: int = 2) -> None:
        """The auditor proposes numbers within the conditions; `paid` to the players, which is worth `worth` at the numbers proposed."""
        own = dict(shares or {})
        if not own:
            nothing = sp.Symbol(f"nothing in {name}", real=True)
            own, conditions = {"nothing": (nothing, sp.Integer(0))}, (*conditions, (nothing, EQ))
        proposal = Proposal(self.auditor, {key: symbol for key, (symbol, _) in own.items()}, conditions, self.end(paid or {}))
        self.add(name, proposal, worth or {}, {(self.auditor, name): {key: value for key, (_, value) in own.items()}}, measure)
