"""Regret in a matrix game: no action earns more than the strategy played."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import product
from typing import Any

import sympy as sp

from bargain.certify.check import Violation, paired
from bargain.games.matrix import MatrixGame
from bargain.solution import Component, Equilibrium


def violations(problem: MatrixGame, solver: Any, equilibrium: Equilibrium | Component) -> Iterator[Violation]:
    """Every deviation of every (extreme) equilibrium; in a component also of every pair that may be mixed."""
    if len(problem.players) != 2:
        from bargain.certify.many_players import many_player_violations

        yield from many_player_violations(problem, equilibrium, _one)
        return
    if isinstance(equilibrium, Component):
        for vertex in equilibrium.vertices:
            yield from _one(problem, vertex)
        yield from _exchange(problem, equilibrium)
        return
    yield from _one(problem, equilibrium)


def _one(game: MatrixGame, equilibrium: Equilibrium) -> Iterator[Violation]:
    weights = [equilibrium.strategies[player][""] for player in game.players]
    for player, strategy in paired(game.players, weights):
        for action, probability in strategy.items():
            yield Violation(f"probability: of {player}'s {action} is negative", -probability)
        excess = _together(sp.Add(*strategy.values()) - 1)
        yield Violation(f"probability: {player}'s weights exceed one", excess)
        yield Violation(f"probability: {player}'s weights fall short of one", -excess)
    for index, player in enumerate(game.players):
        paid = equilibrium.payoffs[player]
        expected = sp.Integer(0)
        for action in game.actions[index]:
            value = _expected(game, weights, index, action)
            expected += weights[index][action] * value
            yield Violation(f"deviation: {player} to {action}", _together(value - paid))
        yield Violation(f"payoff: {player} gets less than claimed", _together(paid - expected))


def _expected(game: MatrixGame, weights: list[Any], index: int, action: str) -> sp.Expr:
    """A player's expected payoff from one action against the others' strategies."""
    played = [[(a, w[a]) for a in names if w[a] != 0] if k != index else [(action, sp.Integer(1))]
              for k, (w, names) in enumerate(paired(weights, game.actions))]
    return sp.Add(*(sp.Mul(*(weight for _, weight in cell)) * game[tuple(name for name, _ in cell)][index] for cell in product(*played)))


@lru_cache(maxsize=50_000)
def _together(e: sp.Expr) -> sp.Expr:
    """One fraction; the same vertex is checked in every regime that lists it."""
    return sp.together(e)


def _exchange(game: MatrixGame, component: Component) -> Iterator[Violation]:
    """Inside a maximal subset every strategy of one side is an equilibrium with every strategy of the other; listed pairs are checked already."""
    listed = {_pair(game, vertex.strategies) for vertex in component.vertices}
    for subset in component.subsets:
        members = [component.vertices[k] for k in subset]
        rows = list({str(e.strategies[game.players[0]]): e.strategies[game.players[0]] for e in members}.values())
        columns = list({str(e.strategies[game.players[1]]): e.strategies[game.players[1]] for e in members}.values())
        for x, y in product(rows, columns):
            if _pair(game, dict(paired(game.players, (x, y)))) in listed:
                continue
            for index in (0, 1):
                weights = [x[""], y[""]]
                paid = sp.Add(*(weights[index][a] * _expected(game, weights, index, a) for a in game.actions[index]))
                for action in game.actions[index]:
                    yield Violation(f"exchange: {game.players[index]} to {action}", _together(_expected(game, weights, index, action) - paid))


def _pair(game: MatrixGame, strategies: Mapping[str, Mapping[str, Mapping[str, sp.Expr]]]) -> tuple[tuple[sp.Expr, ...], ...]:
    """The two mixed strategies as tuples of weights."""
    return tuple(tuple(strategies[player][""][action] for action in actions) for player, actions in paired(game.players, game.actions))
