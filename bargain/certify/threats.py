"""Security levels, coco values and variable threats checked against every pure reply.

- Security: the strategy earns at least the level against every cell of the others; against the punishment no action earns more.
- Coco: no cell has a greater joint payoff; no pure reply changes the advantage of a threat; the surplus is split equally around it.
- Variable threats u with threats x, y: u is feasible (the agreement pays it) and efficient (positive weights put no cell above it). Against
  x and any pure reply, with disagreement d, the Nash product at u rises towards no point with less for player 1:
  (p1 - u1)(u2 - d2) + (p2 - u2)(u1 - d1) <= 0 for every cell p with p1 < u1, where d1 <= u1; so player 1 never settles for less. Likewise for 2.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import sympy as sp

from bargain.certify.check import Violation
from bargain.findings.strategic import Security, Threats
from bargain.games.matrix import MatrixGame
from bargain.regions.cells import LE, LT, Cell
from bargain.solution import Component, Equilibrium

Mixture = Mapping[Any, sp.Expr]


def security_violations(problem: MatrixGame, solver: Any, found: Equilibrium | Component) -> Iterator[Violation]:
    """The ways in which claimed security levels could fail."""
    assert isinstance(found, Security)
    for index, player in enumerate(problem.players):
        level, own, punishment = found.payoffs[player], found.strategies[player][""], found.punishments[player]
        yield from _lottery(f"strategy: of {player}", own)
        yield from _lottery(f"punishment: of {player}", punishment)
        for cell in product(*(names for k, names in enumerate(problem.actions) if k != index)):
            earned = sp.Add(*(weight * problem.payoffs[(*cell[:index], a, *cell[index:])][index] for a, weight in own.items()))
            yield Violation(f"guarantee: {player} against {cell}", sp.cancel(level - earned))
        for action in problem.actions[index]:
            earned = sp.Add(*(weight * problem.payoffs[(*cell[:index], action, *cell[index:])][index] for cell, weight in punishment.items()))
            yield Violation(f"punishment: {player} escapes by {action}", sp.cancel(earned - level))


def coco_violations(problem: MatrixGame, solver: Any, found: Equilibrium | Component) -> Iterator[Violation]:
    """The ways in which a claimed coco value could fail."""
    assert isinstance(found, Threats)
    first, second = problem.players
    joint, advantage = found.quantities["joint payoff"], found.quantities["advantage"]
    (agreed,) = found.agreement
    yield from _lottery("agreement", found.agreement)
    yield from _equal("joint payoff", joint, sp.Add(*problem.payoffs[agreed]))
    for cell, values in problem.payoffs.items():
        yield Violation(f"joint payoff: {cell} has more", sp.expand(sp.Add(*values) - joint))
    x, y = (found.strategies[player][""] for player in problem.players)
    yield from _lottery(f"threat: of {first}", x)
    yield from _lottery(f"threat: of {second}", y)
    for j in problem.actions[1]:
        yield Violation(f"threat: {second} replies {j}", sp.cancel(advantage - sp.Add(*(w * _lead(problem, i, j) for i, w in x.items()))))
    for i in problem.actions[0]:
        yield Violation(f"threat: {first} replies {i}", sp.cancel(sp.Add(*(w * _lead(problem, i, j) for j, w in y.items())) - advantage))
    yield from _equal("split: sum", found.payoffs[first] + found.payoffs[second], joint)
    yield from _equal("split: difference", found.payoffs[first] - found.payoffs[second], advantage)
    yield from _equal("transfer", found.payoffs[first], problem.payoffs[agreed][0] + found.quantities[f"transfer to {first}"])


def threat_violations(problem: MatrixGame, solver: Any, found: Equilibrium | Component) -> Iterator[Violation]:
    """The ways in which a claimed variable-threat solution could fail."""
    assert isinstance(found, Threats)
    u = [found.payoffs[player] for player in problem.players]
    weights = [found.quantities[f"weight of {player}"] for player in problem.players]
    yield from _lottery("agreement", found.agreement)
    for k, player in enumerate(problem.players):
        yield from _equal(f"agreement: pays {player}", u[k], sp.Add(*(w * problem.payoffs[cell][k] for cell, w in found.agreement.items())))
        yield Violation(f"efficiency: the weight of {player} is not positive", sp.Integer(1), Cell().where(weights[k], LE))
    for cell, values in problem.payoffs.items():
        yield Violation(f"efficiency: {cell} lies above", sp.cancel(sum(weights[k] * (values[k] - u[k]) for k in (0, 1))))
    mixtures = [found.strategies[player][""] for player in problem.players]
    for k, player in enumerate(problem.players):
        yield from _lottery(f"threat: of {player}", mixtures[k])
        for reply in problem.actions[1 - k]:
            d = [sp.Add(*(w * problem.payoffs[(a, reply) if k == 0 else (reply, a)][i] for a, w in mixtures[k].items())) for i in (0, 1)]
            for cell, p in problem.payoffs.items():
                rise = (p[0] - u[0]) * (u[1] - d[1]) + (p[1] - u[1]) * (u[0] - d[0])
                worse = Cell().where(p[k] - u[k], LT).where(d[k] - u[k], LE)
                yield Violation(f"threat: of {player} fails against {reply}, towards {cell}", sp.cancel(rise), worse)
    for k, player in enumerate(problem.players):
        met = sp.Add(*(a * b * problem.payoffs[i, j][k] for i, a in mixtures[0].items() for j, b in mixtures[1].items()))
        yield from _equal(f"disagreement of {player}", found.quantities[f"disagreement of {player}"], met)


def _lead(game: MatrixGame, i: str, j: str) -> sp.Expr:
    return game.payoffs[i, j][0] - game.payoffs[i, j][1]


def _lottery(what: str, weights: Mixture) -> Iterator[Violation]:
    for weight in weights.values():
        yield Violation(f"{what}: a weight is negative", -weight)
    yield from _equal(f"{what}: total", sp.Add(*weights.values()), sp.Integer(1))


def _equal(what: str, left: sp.Expr, right: sp.Expr) -> Iterator[Violation]:
    gap = sp.cancel(left - right)
    yield Violation(f"{what} is too high", gap)
    yield Violation(f"{what} is too low", -gap)
