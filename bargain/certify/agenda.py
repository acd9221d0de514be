"""A setter's proposal checked against every other point: it passes, and nothing that passes is nearer the setter's ideal."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import sympy as sp

from bargain.certify.check import Violation
from bargain.games.agenda import AgendaSetting
from bargain.regions.cells import GE, LT, Cell
from bargain.solution import Component, Equilibrium


def violations(problem: AgendaSetting, solver: Any, found: Equilibrium | Component) -> Iterator[Violation]:
    """The ways in which a claimed proposal could fail, over coalitions of voters."""
    assert isinstance(found, Equilibrium)
    proposal, quo = found.quantities["proposal"], problem.status_quo
    x = sp.Dummy("x", real=True)
    ideal = problem.ideals[problem.setter]

    def gain(voter: str, point: sp.Expr) -> sp.Expr:
        return sp.expand((quo - problem.ideals[voter]) ** 2 - (point - problem.ideals[voter]) ** 2)

    nearer = sp.expand((proposal - ideal) ** 2 - (x - ideal) ** 2)
    for winning in _coalitions(problem, problem.quota):
        where = Cell()
        for voter in winning:
            where = where.where(gain(voter, x), GE)
        yield Violation("proposal: another that passes is nearer the setter's ideal", nearer, where)
    blocking = sp.Add(*problem.weights.values()) - problem.quota
    for losing in _coalitions(problem, blocking, strictly=True):
        where = Cell()
        for voter in losing:
            where = where.where(gain(voter, proposal), LT)
        yield Violation("proposal: voted down", sp.Integer(1), where)
    for player, point in problem.ideals.items():
        distance = -found.payoffs[player]
        yield Violation(f"payoff: the distance from the ideal of {player} is negative", -distance)
        gap = sp.expand(distance**2 - (proposal - point) ** 2)
        yield from (Violation(f"payoff: of {player}", side) for side in (gap, -gap))


def _coalitions(problem: AgendaSetting, needed: sp.Expr, strictly: bool = False) -> Iterator[tuple[str, ...]]:
    """The minimal coalitions whose weight reaches (or, strictly, exceeds) what is needed."""
    found: list[set[str]] = []
    for size in range(1, len(problem.weights) + 1):
        for members in combinations(problem.weights, size):
            weight = sp.Add(*(problem.weights[voter] for voter in members))
            if (weight > needed or (weight == needed and not strictly)) and not any(map(set(members).issuperset, found)):
                found.append(set(members))
                yield members
