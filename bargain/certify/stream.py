"""Self-enforcing divisions checked from the flows; that there is none is a linear system without solution, whatever the division."""

from collections.abc import Iterator
from typing import Any

import sympy as sp

from bargain.certify.check import Violation
from bargain.games.stream import FlowUnderThreat
from bargain.regions.cells import GE, Cell
from bargain.solution import Component, Equilibrium


def violations(problem: FlowUnderThreat, solver: Any, found: Equilibrium | Component) -> Iterator[Violation]:
    """The ways in which a claimed division, or a claimed war, could fail."""
    assert isinstance(found, Equilibrium)
    first, second = problem.players
    last = len(problem.war) - 1
    fought = int(found.outcome.removeprefix("war at date ")) if found.outcome.startswith("war") else None
    ends = last + 1 if fought is None else fought  # the dates before are peaceful
    flows = {date: found.quantities[f"flow to {first} " + (f"from date {date} on" if date == last else f"at date {date}")] for date in range(ends)}
    worth = _worth(problem, flows, fought)
    for date, flow in flows.items():
        yield Violation(f"flow: negative at date {date}", sp.factor(-flow))
        yield Violation(f"flow: more than all at date {date}", sp.factor(flow - 1))
        for player in problem.players:
            yield Violation(f"peace: {player} gains by war at date {date}", sp.factor(sp.together(problem.war[date][player] - worth[date][player])))
    for player in problem.players:
        yield from _zero(f"payoff: of {player}", worth[0][player] - found.payoffs[player])
    if flows:
        cell, payoff = _any_division(problem, 0, fought)
        yield Violation(f"range: {first} can get less in peace", found.quantities[f"least for {first}"] - payoff, cell)
        yield Violation(f"range: {first} can get more in peace", payoff - found.quantities[f"most for {first}"], cell)
        yield from _attained(problem, found, worth[0][first] + worth[0][second], ends)
    if fought is not None:  # neither until a later war nor for ever can peace be kept from that date on
        for later in (*range(fought + 1, last + 1), None):
            cell, _ = _any_division(problem, fought, later)
            yield Violation(f"war: peace from date {fought} to date {later} can be kept", sp.Integer(1), cell)


def _attained(problem: FlowUnderThreat, found: Equilibrium, total: sp.Expr, ends: int) -> Iterator[Violation]:
    """Neither end of the range lies beyond what a side must get: at some date its war value, and nothing before."""
    fought = ends < len(problem.war)
    first, second = problem.players
    for player, word in ((first, "least"), (second, "most")):
        claimed = found.quantities[f"{word} for {first}"]
        own = claimed if word == "least" else total - claimed
        needs = [problem.discount**date * problem.war[date][player] for date in range(ends + fought)]
        for need in [*needs, *([] if fought else [sp.Integer(0)])]:
            yield Violation(f"range: the {word} for {first} leaves {player} less than peace must give", sp.factor(sp.together(need - own)))


def _worth(problem: FlowUnderThreat, flows: dict[int, sp.Expr], fought: int | None) -> list[dict[str, sp.Expr]]:
    """Payoffs from each date on, given the flows up to a war."""
    first, second = problem.players
    d, last = problem.discount, len(problem.war) - 1
    after = dict(problem.war[fought]) if fought is not None else {first: flows[last] / (1 - d), second: (1 - flows[last]) / (1 - d)}
    worth = [after]
    for date in range((last if fought is None else fought) - 1, -1, -1):
        after = {first: flows[date] + d * after[first], second: 1 - flows[date] + d * after[second]}
        worth.insert(0, after)
    return worth


def _any_division(problem: FlowUnderThreat, start: int, fought: int | None) -> tuple[Cell, sp.Expr]:
    """With unknown flows from a date on, up to a war or for ever: the conditions for peace at all these dates, and the first side's payoff."""
    last = len(problem.war) - 1
    dates = range(start, last + 1 if fought is None else fought)
    flows = {date: sp.Symbol(f"x_{date}", real=True) for date in dates}
    filled = {date: flows.get(date, sp.Integer(0)) for date in range(last + 1)}
    worth = _worth(problem, filled, fought)
    cell = Cell()
    for date in dates:
        cell = cell.where(flows[date], GE).where(1 - flows[date], GE)
        for player in problem.players:
            cell = cell.where(sp.together(worth[date][player] - problem.war[date][player]), GE)
    return cell, worth[start][problem.players[0]]


def _zero(what: str, gap: sp.Expr) -> Iterator[Violation]:
    plain = sp.factor(sp.together(gap))
    yield from (Violation(what, side) for side in (plain, -plain))
