"""Bargaining over several issues, checked by exchanges: no swap of parts of two issues makes both sides better off.

A proposal is efficient if and only if there is no pair of issues such that the first player lacks part of one, has part of the
other, and values the one relatively more. Finite sets are checked point by point; agendas stage by stage as tables.
"""

from collections.abc import Iterator
from typing import Any

import sympy as sp

from bargain.certify.check import Violation
from bargain.certify.rubinstein import value_in_tree
from bargain.games.alternating import AlternatingOffers
from bargain.games.issues import Issues
from bargain.games.nodes import Bargain
from bargain.solution import Component, Equilibrium


def violations(problem: Issues, solver: Any, equilibrium: Equilibrium | Component) -> Iterator[Violation]:
    """Feasibility and efficiency of both proposals, indifference of both responders."""
    assert isinstance(equilibrium, Equilibrium)
    first, second = problem.players
    found = equilibrium.quantities
    gets = {(who, by): found[f"{who} gets when {by} proposes"] for who in problem.players for by in problem.players}
    calm = problem.disagreement or {}
    for who, other in ((first, second), (second, first)):
        factor = problem.discount[who]
        waits = (1 - factor) * calm[who] + factor * gets[who, who]
        gap = sp.together(gets[who, other] - waits)
        yield Violation(f"refusal: {who} gains by refusing", -gap)
        if not problem.finite:
            yield Violation(f"proposal: {other} leaves {who} too much", gap)
        later = (1 - factor) * calm[who] + factor * gets[who, other]
        yield Violation(f"delay: {who} gains by waiting", sp.together(later - gets[who, who]))
        difference = sp.together(equilibrium.payoffs[who] - gets[who, first])
        yield Violation(f"payoff: of {who}", difference)
        yield Violation(f"payoff: of {who}", -difference)
    for by in problem.players:
        yield from _listed(problem, gets, by) if problem.finite else _efficient(problem, found, gets, by)


def _efficient(problem: Issues, found: Any, gets: Any, by: str) -> Iterator[Violation]:
    first, second = problem.players
    part = {issue.name: found[f"{first}'s share of {issue.name} when {by} proposes"] for issue in problem.issues}
    totals = {first: sp.Add(*(part[i.name] * i.worth[first] for i in problem.issues)),
              second: sp.Add(*((1 - part[i.name]) * i.worth[second] for i in problem.issues))}
    for who, total in totals.items():
        gap = sp.together(total - gets[who, by])
        yield Violation(f"feasibility: {who} gets more when {by} proposes", gap)
        yield Violation(f"feasibility: {who} gets less when {by} proposes", -gap)
    for one in problem.issues:
        yield Violation(f"feasibility: share of {one.name}", -part[one.name])
        yield Violation(f"feasibility: share of {one.name}", sp.together(part[one.name] - 1))
        for other in problem.issues:
            if one is not other:
                gain = one.worth[first] * other.worth[second] - other.worth[first] * one.worth[second]
                yield Violation(f"exchange: {one.name} for {other.name} when {by} proposes", sp.together((1 - part[one.name]) * part[other.name] * gain))


def _listed(problem: Issues, gets: Any, by: str) -> Iterator[Violation]:
    first, second = problem.players
    points = problem.problem().points
    if (gets[first, by], gets[second, by]) not in points:
        yield Violation(f"feasibility: {by} proposes what is not an agreement", sp.Integer(1))
    mine, other = (0, second) if by == first else (1, first)
    factor = problem.discount[other]
    needed = (1 - factor) * (problem.disagreement or {})[other] + factor * gets[other, other]
    for point in points:
        if point[1 - mine] >= needed:
            yield Violation(f"proposal: {by} could get {point[mine]}", point[mine] - gets[by, by])


def agenda_violations(problem: Issues, solver: Any, equilibrium: Equilibrium | Component) -> Iterator[Violation]:
    """Each issue as a table of its own, with the values claimed for those that follow."""
    assert isinstance(equilibrium, Equilibrium)
    first, second = problem.players
    x = sp.Symbol("x", real=True)
    later = dict.fromkeys(problem.players, sp.Integer(0))
    claims: list[Violation] = []
    for name in reversed(solver.order or [issue.name for issue in problem.issues]):
        worth = next(issue.worth for issue in problem.issues if issue.name == name)
        table = AlternatingOffers(name, problem.players, x, {first: later[first] + x * worth[first], second: later[second] + (1 - x) * worth[second]},
                                  problem.discount, problem.notation)
        shares = {f"x_{by}": equilibrium.quantities[f"{first}'s share of {name} when {by} proposes"] for by in problem.players}
        later = dict(value_in_tree(Bargain(table), {}, shares, claims))
    yield from claims
    for player in problem.players:
        gap = sp.together(equilibrium.payoffs[player] - later[player])
        yield Violation(f"payoff: of {player}", gap)
        yield Violation(f"payoff: of {player}", -gap)
