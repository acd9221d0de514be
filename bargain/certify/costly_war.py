"""Settlement ranges and demands under uncertainty, checked from the model: by indifference and by comparison with every other demand."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import sympy as sp

from bargain.certify.check import Violation, paired
from bargain.games.costly_war import CostlyWar, UncertainWar
from bargain.regions.cells import GE, GT, LE, Cell
from bargain.solution import Component, Equilibrium


def range_violations(problem: CostlyWar, solver: Any, found: Equilibrium | Component) -> Iterator[Violation]:
    """The ends are accepted, nothing beyond them is, and an empty range is empty; utilities move in the direction stated."""
    assert isinstance(found, Equilibrium)
    x = problem.share
    inside = Cell().where(x, GE).where(1 - x, GE)
    gains = {player: _plain(problem.utilities[player] - problem.war[player]) for player in problem.players}
    first, second = problem.players
    if problem.shares:
        yield from _members(problem, found, gains)
    elif found.outcome == "no settlement":
        yield Violation("range: a division is better than war for both", _plain(gains[first]), inside.where(gains[second], GE))
        yield from _pays(problem, found, None)
    else:
        low, high = found.quantities["low"], found.quantities["high"]
        yield Violation("range: its ends are in the wrong order or outside [0, 1]", -low)
        yield Violation("range: its ends are in the wrong order or outside [0, 1]", high - 1)
        yield Violation("range: its ends are in the wrong order or outside [0, 1]", low - high)
        yield Violation("range: the first player refuses the low end", -_plain(gains[first].subs(x, low)))
        yield Violation("range: the second player refuses the high end", -_plain(gains[second].subs(x, high)))
        yield Violation("range: the first player would take less than the low end", _plain(gains[first].subs(x, low)), Cell().where(low, GT))
        yield Violation("range: the second player would take less than the high end leaves", _plain(gains[second].subs(x, high)), Cell().where(1 - high, GT))
        yield from _pays(problem, found, high)
        if "Nash bargaining solution" in found.quantities:
            best = found.quantities["Nash bargaining solution"]
            more = sp.expand(gains[first] * gains[second] - (gains[first] * gains[second]).subs(x, best))
            yield Violation("Nash solution: another division has a greater product", more, inside.where(gains[first], GE).where(gains[second], GE))
    for player, sign in ((first, -1), (second, 1)):
        slope = sp.diff(problem.utilities[player], x)
        yield Violation(f"utility: of {player} moves the wrong way", _plain(sign * slope), inside.where(x, GT).where(1 - x, GT))


def _members(problem: CostlyWar, found: Equilibrium, gains: dict[str, sp.Expr]) -> Iterator[Violation]:
    listed = set(found.quantities.values())
    for share in listed - set(problem.shares):
        yield Violation(f"range: the listed share {share} is not a possible one", sp.Integer(1))
    first, second = problem.players
    for share in problem.shares:
        here = {player: _plain(gain.subs(problem.share, share)) for player, gain in gains.items()}
        if share in listed:
            yield from (Violation("range: somebody refuses a listed share", -gain) for gain in here.values())
        else:
            yield Violation("range: a share that both accept is missing", here[first], Cell().where(here[second], GE))
    yield from _pays(problem, found, max(listed, default=None))


def _pays(problem: CostlyWar, found: Equilibrium, share: sp.Expr | None) -> Iterator[Violation]:
    """The payoffs stated are those of a share, or of war."""
    for player in problem.players:
        due = problem.war[player] if share is None else problem.utilities[player].subs(problem.share, share)
        gap = _plain(found.payoffs[player] - due)
        yield from (Violation(f"payoff: of {player}", side) for side in (gap, -gap))


def demand_violations(problem: UncertainWar, solver: Any, found: Equilibrium | Component) -> Iterator[Violation]:
    """No demand in [0, 1] gains more than the one claimed, and its chance of war and payoff are right."""
    assert isinstance(found, Equilibrium)
    costs, cost, chance = problem.costs, problem.cost, problem.chance
    demand, war = found.quantities["demand"], found.quantities["chance of war"]
    claimed = found.payoffs[problem.players[0]] - chance + cost
    z = sp.Dummy("z", real=True)
    yield from (Violation("demand: outside the pie", body) for body in (-demand, demand - 1))
    here = sp.factor(demand - chance)
    gap = sp.factor(found.quantities["least cost of those who accept"] - here)
    yield from (Violation("least cost: of those who accept is not what the demand leaves", side) for side in (gap, -gap))
    for where, peace, spent in _stretches(problem, here):
        yield from (Violation("chance of war: not that of the demand", side, where) for side in (sp.factor(1 - peace - war), sp.factor(war + peace - 1)))
        gap = sp.factor(peace * (here + cost) - claimed)
        yield from (Violation("payoff: of the demand", side, where) for side in (gap, -gap))
        gap = sp.factor(peace * (1 - chance - here) + (1 - peace) * (1 - chance) - spent - found.payoffs[problem.players[1]])
        yield from (Violation("payoff: of the other side", side, where) for side in (gap, -gap))
    for where, peace, _ in _stretches(problem, z):
        allowed = where.where(z + chance, GE).where(1 - chance - z, GE)
        yield Violation("demand: another one gains more", sp.together(peace * (z + cost) - claimed), allowed)
    for low, high, density in costs.pieces:
        where = Cell().where(costs.cost - low, GT).where(high - costs.cost, GT)
        yield Violation("costs: a negative density", -density, where)
    yield from (Violation("costs: a negative probability", -mass) for mass in costs.atoms.values())


def _stretches(problem: UncertainWar, z: sp.Expr) -> Iterator[tuple[Cell, sp.Expr, sp.Expr]]:
    """Every way in which z can lie between the breaks: the condition, the chance of a higher cost, the expected cost below z."""
    costs = problem.costs
    breaks = costs.breaks()
    for sides in product((True, False), repeat=len(breaks)):  # whether z is at most the break
        below = dict(paired(breaks, sides))
        numbers = [value for value in breaks if value.is_number]
        if any(a < b and below[a] and not below[b] for a in numbers for b in numbers):
            continue
        where = Cell()
        for value, least in below.items():
            where = where.where(z - value, LE if least else GT)
        if where.trivially_empty or any(not below[high] and below[low] for low, high, _ in costs.pieces):
            continue
        peace = [mass for cost, mass in costs.atoms.items() if below[cost]]
        spent = [cost * mass for cost, mass in costs.atoms.items() if not below[cost]]
        for low, high, density in costs.pieces:
            if below[low]:
                peace.append(sp.integrate(density, (costs.cost, low, high)))
            elif below[high]:
                peace.append(sp.integrate(density, (costs.cost, z, high)))
                spent.append(sp.integrate(density * costs.cost, (costs.cost, low, z)))
            else:
                spent.append(sp.integrate(density * costs.cost, (costs.cost, low, high)))
        yield where, sp.Add(*peace), sp.Add(*spent)


def _plain(value: sp.Expr) -> sp.Expr:
    """The value without absolute values, which inverse functions leave behind."""
    return sp.expand(value).replace(sp.Abs, lambda inner: sp.Max(inner, -inner))
