"""Correlated equilibria checked by obedience, and their optimality by the prices of the obedience constraints.

For any lottery q that passes, sum q (value + sum_k price_k gain_k) <= value; so if the bracket is at least the objective
in every cell, nothing is better than `value`.
"""

from collections.abc import Iterator
from typing import Any

import sympy as sp

from bargain.certify.check import Violation, paired
from bargain.findings.strategic import JointLottery
from bargain.games.matrix import MatrixGame
from bargain.solution import Component, Equilibrium


def violations(problem: MatrixGame, solver: Any, found: Equilibrium | Component) -> Iterator[Violation]:
    """The ways in which a claimed optimal (coarse) correlated equilibrium could fail."""
    assert isinstance(found, JointLottery)
    lottery = {cell: found.lottery[cell] for cell in problem}
    for cell, weight in lottery.items():
        yield Violation(f"probability: of {cell} is negative", -weight)
    yield from _equal("probability: total", sp.Add(*lottery.values()), sp.Integer(1))
    named = {",".join(cell): weight for cell, weight in lottery.items()}
    for device in found.strategies.values():
        if not set(device[""]) <= set(named):
            yield Violation("lottery: the mediator draws what is no cell", sp.Integer(1))
        for name, weight in named.items():
            yield from _equal(f"lottery: the mediator's chance of {name}", device[""].get(name, sp.Integer(0)), weight)
    for index, player in enumerate(problem.players):
        told = [""] if solver.coarse else list(problem.actions[index])
        for recommended in told:
            for deviation in problem.actions[index]:
                gains = [weight * _gain(problem, index, (recommended, deviation), cell) for cell, weight in lottery.items()]
                yield Violation(f"obedience: {player} told {recommended or 'anything'} gains by {deviation}", sp.cancel(sp.Add(*gains)))
        yield from _equal(f"payoff: of {player}", found.payoffs[player], sp.Add(*(w * problem.payoffs[cell][index] for cell, w in lottery.items())))
    yield from _optimal(problem, solver, found)


def _optimal(problem: MatrixGame, solver: Any, found: JointLottery) -> Iterator[Violation]:
    aims = {cell: _aim(problem, solver, cell) for cell in problem}
    yield from _equal("objective: value", found.value, sp.Add(*(found.lottery[cell] * aim for cell, aim in aims.items())))
    for key, price in found.prices.items():
        yield Violation(f"price: of {key} is negative", -price)
    for cell, aim in aims.items():
        covered = found.value
        for (player, recommended, deviation), price in found.prices.items():
            covered += price * _gain(problem, problem.players.index(player), (recommended, deviation), cell)
        yield Violation(f"optimality: {cell} is worth more than its price", sp.cancel(aim - covered))


def _gain(game: MatrixGame, index: int, move: tuple[str, str], cell: tuple[str, ...]) -> sp.Expr:
    """What a player gains in a cell by deviating, if the recommendation is the one meant."""
    recommended, deviation = move
    if recommended not in ("", cell[index]):
        return sp.Integer(0)
    return game.payoffs[(*cell[:index], deviation, *cell[index + 1 :])][index] - game.payoffs[cell][index]


def _aim(game: MatrixGame, solver: Any, cell: tuple[str, ...]) -> sp.Expr:
    given = solver.objective
    if given is None:
        return sp.Add(*game.payoffs[cell])
    if any(key in game.players for key in given):
        return sp.Add(*(given.get(player, 0) * value for player, value in paired(game.players, game.payoffs[cell])))
    return sp.sympify(given.get(cell, 0), strict=True)


def _equal(what: str, left: sp.Expr, right: sp.Expr) -> Iterator[Violation]:
    gap = sp.cancel(left - right)
    yield Violation(f"{what} is too high", gap)
    yield Violation(f"{what} is too low", -gap)
