"""Spatial bargaining checked from the claimed proposals: expected payoffs, who accepts what, and what each proposer could do better.

Absolute values are split by cases of their sign; votes are counted at the claimed ends and at a free policy x, by winning coalitions.
"""

from collections.abc import Iterator
from itertools import combinations, product
from typing import Any

import sympy as sp

from bargain.certify.check import Violation
from bargain.games.spatial import SpatialBargaining
from bargain.regions.cells import GE, GT, LE, Cell
from bargain.solution import Component, Equilibrium

_X = sp.Symbol("x", real=True)  # any policy


def violations(problem: SpatialBargaining, solver: Any, found: Equilibrium | Component) -> Iterator[Violation]:
    """The ways in which a claimed equilibrium could fail."""
    assert isinstance(found, Equilibrium)
    proposals = {player: found.quantities[f"{player} proposes"] for player in problem.players}
    low, high = found.quantities["lowest policy that passes"], found.quantities["highest policy that passes"]
    for player in problem.players:
        for where, away in _distances(problem, player, proposals):
            gap = found.payoffs[player] - problem.agreement + away
            for side in (gap, -gap):
                yield Violation(f"payoff: of {player}", sp.factor(sp.together(side)), where)
    reach = {player: problem.agreement - problem.discount[player] * found.payoffs[player] for player in problem.players}
    yield Violation("interval: it is empty", low - high)
    for player, policy in proposals.items():
        ideal = problem.ideals[player]
        for side in (policy - ideal - reach[player], ideal - policy - reach[player]):
            yield Violation(f"proposal: {player} would rather wait", sp.factor(sp.together(side)))
        yield Violation(f"proposal: that of {player} does not pass", sp.factor(sp.together(low - policy)))
        yield Violation(f"proposal: that of {player} does not pass", sp.factor(sp.together(policy - high)))
        # the nearest policy of the interval: any other in it is no nearer
        inside = Cell().where(_X - low, GE).where(high - _X, GE)
        for here, there in product((GE, LE), repeat=2):
            cell = inside.where(policy - ideal, here).where(_X - ideal, there)
            own, other = (policy - ideal) * (1 if here == GE else -1), (_X - ideal) * (1 if there == GE else -1)
            yield Violation(f"proposal: another that passes is nearer to {player}", own - other, cell)
    yield from _votes(problem, reach, low, high)


def _distances(problem: SpatialBargaining, player: str, proposals: dict[str, sp.Expr]) -> Iterator[tuple[Cell, sp.Expr]]:
    """The expected distance of what is proposed, for every pattern of sides."""
    assert problem.recognition is not None
    gaps = {other: sp.factor(sp.together(policy - problem.ideals[player])) for other, policy in proposals.items()}
    open_gaps = [other for other, gap in gaps.items() if not gap.is_number]
    known = sp.Add(*(problem.recognition[other] * abs(gap) for other, gap in gaps.items() if gap.is_number))
    for sides in product(*map(_either_side, open_gaps)):
        where, away = Cell(), known
        for other, sign in sides:
            where = where.where(sign * gaps[other], GE)
            away += problem.recognition[other] * sign * gaps[other]
        if not where.trivially_empty:
            yield where, away


def _either_side(player: str) -> tuple[tuple[str, int], tuple[str, int]]:
    return (player, 1), (player, -1)


def _votes(problem: SpatialBargaining, reach: dict[str, sp.Expr], low: sp.Expr, high: sp.Expr) -> Iterator[Violation]:
    """Every policy of the interval has enough votes, and none outside."""
    blocking = len(problem.players) - problem.quota + 1
    inside = Cell().where(_X - low, GE).where(high - _X, GE)
    for coalition in combinations(problem.players, blocking):  # all of them refuse a policy inside: impossible
        for *rest, last in product(*map(_either_side, coalition)):
            cell = inside
            for player, side in rest:
                cell = cell.where(side * (_X - problem.ideals[player]) - reach[player], GT)
            yield Violation("interval: a policy inside is refused", last[1] * (_X - problem.ideals[last[0]]) - reach[last[0]], cell)
    for coalition in combinations(problem.players, problem.quota):
        accepted = Cell()
        for player in coalition:
            accepted = accepted.where(reach[player] - (_X - problem.ideals[player]), GE).where(reach[player] + (_X - problem.ideals[player]), GE)
        yield Violation("interval: a policy below has enough votes", low - _X, accepted)
        yield Violation("interval: a policy above has enough votes", _X - high, accepted)
