"""Regret in a tree: no plan earns more than the behaviour strategy played, whatever it does off the path."""

from collections.abc import Iterator
from typing import Any

import sympy as sp

from bargain.certify.check import Violation
from bargain.certify.deviations import expected, plan_payoffs
from bargain.certify.subgame_perfect import exchanged, story
from bargain.errors import TooLarge
from bargain.games.game import Game
from bargain.games.information import place
from bargain.games.nodes import Decision, History, Node, Simultaneous, show
from bargain.solution import Component, Equilibrium


def violations(problem: Game, solver: Any, equilibrium: Equilibrium | Component) -> Iterator[Violation]:
    """Every player's best plan (with symbols: every plan), the lotteries, the payoffs and the path of every extreme equilibrium."""
    if isinstance(equilibrium, Component):
        for vertex in equilibrium.vertices:
            yield from violations(problem, solver, vertex)
        for mixed in exchanged(equilibrium):
            yield from _regret(problem, mixed, expected(problem, mixed.strategies), "exchange")
        return
    yield from _lotteries(problem, equilibrium)
    values = expected(problem, equilibrium.strategies)
    yield from _regret(problem, equilibrium, values, "plan deviation")
    yield from _claims(problem, equilibrium, values)


def within(problem: Game, solver: Any, equilibrium: Equilibrium | Component) -> Iterator[Violation]:
    """The same with every gain lowered by the bound that the equilibrium states (`quantities["regret"]`)."""
    assert isinstance(equilibrium, Equilibrium)
    yield from _lotteries(problem, equilibrium)
    values = expected(problem, equilibrium.strategies)
    for violation in _regret(problem, equilibrium, values, "plan deviation beyond the bound"):
        yield Violation(violation.what, violation.excess - equilibrium.quantities["regret"], violation.where, violation.open)
    if "value_low" in equilibrium.quantities:
        yield from _enclosure(problem, equilibrium, values)
    yield from _claims(problem, equilibrium, values)


def _enclosure(game: Game, claimed: Equilibrium, values: dict[str, sp.Expr]) -> Iterator[Violation]:
    """The value of a zero-sum game, to the first player who moves, lies between the bounds stated."""
    movers = {player for _, node in game.nodes() for player in _movers(node)}
    first, second = sorted(game.players, key=lambda player: player not in movers)[:2]
    best = [max(plan_payoffs(game, (), {}, claimed.strategies, player)) for player in (first, second)]
    yield Violation("value: above the bound stated", best[0] - claimed.quantities["value_high"])
    yield Violation("value: below the bound stated", claimed.quantities["value_low"] - (values[first] + values[second] - best[1]))


def _movers(node: Node) -> tuple[str, ...]:
    return (node.player,) if isinstance(node, Decision) else node.players if isinstance(node, Simultaneous) else ()


def _lotteries(game: Game, claimed: Equilibrium) -> Iterator[Violation]:
    sets: dict[tuple[str, str], tuple[History, tuple[str, ...]]] = {}
    for history, node in game.nodes():
        if isinstance(node, Decision):
            sets.setdefault((node.player, place(node, history)), (history, tuple(name for name, _ in node.moves)))
        elif isinstance(node, Simultaneous):
            for index, player in enumerate(node.players):
                sets.setdefault((player, show(history)), (history, node.actions[index]))
    for (player, name), (_, actions) in sets.items():
        strategy = claimed.strategies[player][name]
        for action, weight in strategy.items():
            yield Violation(f"probability: of {player}'s {action} is negative at {name}", -weight)
        excess = sp.together(sp.Add(*(strategy.get(action, sp.Integer(0)) for action in actions)) - 1)
        yield Violation(f"probability: {player}'s weights exceed one at {name}", excess)
        yield Violation(f"probability: {player}'s weights fall short of one at {name}", -excess)


def _regret(game: Game, claimed: Equilibrium, values: dict[str, sp.Expr], kind: str) -> Iterator[Violation]:
    for player in game.players:
        try:
            paid = plan_payoffs(game, (), {}, claimed.strategies, player)
        except TooLarge as error:
            yield Violation(f"{kind}: {error}", sp.Integer(1), open=True)
            continue
        for value in paid:
            yield Violation(f"{kind}: of {player}", sp.together(value - values[player]))


def _claims(game: Game, claimed: Equilibrium, values: dict[str, sp.Expr]) -> Iterator[Violation]:
    for player in game.players:
        gap = sp.together(values[player] - claimed.payoffs[player])
        yield Violation(f"payoff: {player} gets more than claimed", gap)
        yield Violation(f"payoff: {player} gets less than claimed", -gap)
    told = story(game, claimed) if claimed.path else None
    if told is not None and told != claimed.path:
        yield Violation(f"path: the strategies lead along {'/'.join(told)}", sp.Integer(1))
