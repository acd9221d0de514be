"""What an equilibrium determines, by name: payoffs, named quantities, and the chance of every action."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from bargain.games.game import Game
from bargain.games.matrix import MatrixGame
from bargain.games.nodes import Decision, Offer, Simultaneous, show
from bargain.solution import Equilibrium


@dataclass(frozen=True)
class Measure:
    """A named number of an equilibrium: kind ``payoff`` (of `player`), ``quantity`` (`name`) or ``probability`` (of the action `name`).

    >>> print(Measure("payoff", "C"), Measure("quantity", name="x"), Measure("probability", "C", "press", "challenge/resist"), sep="; ")
    u_C; x; Pr(C: press at challenge/resist)
    """

    kind: str
    player: str = ""
    name: str = ""
    node: str = ""

    def __str__(self) -> str:
        if self.kind == "payoff":
            return f"u_{self.player}"
        if self.kind == "quantity":
            return self.name
        return f"Pr({self.player}: {self.name}{f' at {self.node}' if self.node else ''})"


def measures(problem: Any, equilibrium: Equilibrium) -> dict[Measure, sp.Expr]:
    """Every measure of an equilibrium that is an expression of the parameters.

    Proposals, and answers to offers (functions of the offered share), have no probability here; an
    agreed share is a quantity.
    """
    known = set(problem.notation.symbols)
    found = {Measure("payoff", player): value for player, value in equilibrium.payoffs.items()}
    found.update({Measure("quantity", name=name): value for name, value in equilibrium.quantities.items()})
    for player, node, actions in _choices(problem):
        played = equilibrium.strategies.get(player, {}).get(node)
        if played is not None:
            found.update({Measure("probability", player, action, node): played.get(action, sp.Integer(0)) for action in actions})
    exact = {measure: sp.sympify(value, strict=True) for measure, value in found.items() if not isinstance(value, tuple | list | Mapping)}
    return {measure: value for measure, value in exact.items() if value.free_symbols <= known}


def _choices(problem: Any) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Player, node (or information set) and actions, wherever a player chooses among named actions."""
    if isinstance(problem, MatrixGame):
        yield from ((player, "", actions) for player, actions in zip(problem.players, problem.actions, strict=True))
        return
    if not isinstance(problem, Game):
        return
    answers = {(*history, name) for history, node in problem.nodes() if isinstance(node, Offer) for name, _ in node.moves}
    for history, node in problem.nodes():
        if isinstance(node, Decision) and history not in answers:
            yield node.player, node.information_set or show(history), tuple(name for name, _ in node.moves)
        elif isinstance(node, Simultaneous):
            yield from ((player, show(history), actions) for player, actions in zip(node.players, node.actions, strict=True))
