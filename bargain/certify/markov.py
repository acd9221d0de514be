"""Markov perfect equilibria checked by substitution: claimed values repeat themselves, and no action beats them."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import sympy as sp

from bargain.certify.check import Violation, paired
from bargain.games.stochastic import StochasticGame
from bargain.solution import Component, Equilibrium


def violations(problem: StochasticGame, solver: Any, equilibrium: Equilibrium | Component) -> Iterator[Violation]:
    """The ways in which claimed strategies and values could fail; mixtures over actions are allowed."""
    assert isinstance(equilibrium, Equilibrium)
    for player in problem.players:
        value = {state: equilibrium.quantities[f"value of {player} in {state}"] for state in problem.states}
        for gap in (value[problem.start] - equilibrium.payoffs[player], equilibrium.payoffs[player] - value[problem.start]):
            yield Violation(f"payoff: of {player}", sp.together(gap))
        for state, stage in problem.states.items():
            weights = {mover: equilibrium.strategies[mover][state] for mover in stage.actions}
            if player in stage.actions:
                for action in stage.actions[player]:
                    told = _expected(problem, state, player, {**weights, player: {action: sp.Integer(1)}}, value)
                    yield Violation(f"one-shot deviation: {player} to {action} in {state}", sp.together(told))
                    yield Violation(f"probability: of {action} in {state} is negative", -weights[player][action])
                yield from _both(f"probability: {player}'s weights in {state}", sp.Add(*weights[player].values()) - 1)
            yield from _both(f"value: of {player} in {state}", sp.together(_expected(problem, state, player, weights, value)))


def _both(what: str, gap: sp.Expr) -> Iterator[Violation]:
    yield Violation(what, gap)
    yield Violation(what, -gap)


def _expected(problem: StochasticGame, state: str, player: str, weights: dict[str, Any], value: dict[str, sp.Expr]) -> sp.Expr:
    """What the lottery over profiles gains the player, per period or unit of time, on the value claimed for the state."""
    stage, patience = problem.states[state], problem.patience[player]
    total: sp.Expr = sp.Integer(0)
    for profile in product(*stage.actions.values()):
        weight = sp.Mul(*(weights[mover].get(action, 0) for mover, action in paired(stage.actions, profile)))
        if weight == 0:
            continue
        result = stage.results[profile]
        drift = sp.Add(*(chance * (value[other] - value[state]) for other, chance in result.moves.items()))
        flow = result.payoffs[player] - value[state]
        total += weight * (patience * flow + drift if problem.continuous else (1 - patience) * flow + patience * drift)
    return total
