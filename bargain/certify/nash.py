"""Regret in a matrix game: no action earns more than the strategy played."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import sympy as sp

from bargain.certify.check import Violation
from bargain.games.matrix import MatrixGame
from bargain.solution import Component, Equilibrium


def violations(problem: MatrixGame, solver: Any, equilibrium: Equilibrium | Component) -> Iterator[Violation]:
    """Every deviation of every (extreme) equilibrium; in a component also of every pair that may be mixed."""
    if isinstance(equilibrium, Component):
        for vertex in equilibrium.vertices:
            yield from _one(problem, vertex)
        yield from _exchange(problem, equilibrium)
        return
    yield from _one(problem, equilibrium)


def _one(game: MatrixGame, equilibrium: Equilibrium) -> Iterator[Violation]:
    weights = [equilibrium.strategies[player][""] for player in game.players]
    for player, strategy in zip(game.players, weights, strict=True):
        for action, probability in strategy.items():
            yield Violation(f"probability: of {player}'s {action} is negative", -probability)
        excess = sp.together(sp.Add(*strategy.values()) - 1)
        yield Violation(f"probability: {player}'s weights exceed one", excess)
        yield Violation(f"probability: {player}'s weights fall short of one", -excess)
    for index, player in enumerate(game.players):
        paid = equilibrium.payoffs[player]
        expected = sp.Integer(0)
        for action in game.actions[index]:
            value = _expected(game, weights, index, action)
            expected += weights[index][action] * value
            yield Violation(f"deviation: {player} to {action}", sp.together(value - paid))
        yield Violation(f"payoff: {player} gets less than claimed", sp.together(paid - expected))


def _expected(game: MatrixGame, weights: list[Any], index: int, action: str) -> sp.Expr:
    """A player's expected payoff from one action against the others' strategies."""
    total = sp.Integer(0)
    for cell in product(*game.actions):
        if cell[index] != action:
            continue
        weight = sp.Mul(*(w[a] for k, (w, a) in enumerate(zip(weights, cell, strict=True)) if k != index))
        if weight != 0:
            total += weight * game[cell][index]
    return total


def _exchange(game: MatrixGame, component: Component) -> Iterator[Violation]:
    """Inside a maximal subset every strategy of one side is an equilibrium with every strategy of the other."""
    for subset in component.subsets:
        members = [component.vertices[k] for k in subset]
        rows = list({str(e.strategies[game.players[0]]): e.strategies[game.players[0]] for e in members}.values())
        columns = list({str(e.strategies[game.players[1]]): e.strategies[game.players[1]] for e in members}.values())
        for x, y in product(rows, columns):
            for index in (0, 1):
                weights = [x[""], y[""]]
                paid = sp.Add(*(weights[index][a] * _expected(game, weights, index, a) for a in game.actions[index]))
                for action in game.actions[index]:
                    yield Violation(f"exchange: {game.players[index]} to {action}", sp.together(_expected(game, weights, index, action) - paid))
