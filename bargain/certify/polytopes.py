"""Solutions of three or more players on a polytope, checked by weights of corners and prices of players.

A mixture of corners that gives everybody at least u proves that u is feasible (free disposal); non-negative prices under which no corner is worth
more than u prove that nothing feasible is better for everyone. The ideal point has such a pair for every player.
"""

import operator
from collections.abc import Iterator
from typing import Any

import sympy as sp

from bargain.certify.check import Violation
from bargain.findings.settlements import Supported
from bargain.games.bargaining import BargainingProblem
from bargain.regions.cells import LE, Cell
from bargain.solution import Component, Equilibrium

Point = tuple[sp.Expr, ...]


def polytope_violations(problem: BargainingProblem, solver: Any, equilibrium: Equilibrium | Component) -> Iterator[Violation]:
    """Feasibility, weak Pareto optimality, and what the concept equalises or maximises."""
    if not isinstance(equilibrium, Supported):
        yield Violation("evidence: no mixture and no prices", sp.Integer(1))
        return
    u = tuple(equilibrium.payoffs[player] for player in problem.players)
    d = tuple(problem.disagreement[player] for player in problem.players)
    gains = tuple(map(operator.sub, u, d))
    weights, prices = equilibrium.evidence["solution"]
    yield from _mixture(weights, problem, u)
    yield from _prices(prices, problem, u)
    if equilibrium.outcome == "no gains from trade":
        for gain in gains:
            yield from _zero("disagreement: not what is reported", gain)
        return
    if solver.concept != "equal loss solution":  # with three players equal losses may exceed a gain
        yield from (Violation("individual rationality: a player loses", sp.expand(-gain)) for gain in gains)
    if equilibrium.dominated:
        yield from _mixture(equilibrium.evidence["dominated"][0], problem, equilibrium.dominated)
        yield from (Violation("dominated: by a point that is worse for somebody", a - b) for a, b in zip(u, equilibrium.dominated, strict=True))
        yield Violation("dominated: by a point that is better for nobody", sp.Integer(int(u == tuple(equilibrium.dominated))))
    if solver.concept == "Nash bargaining solution":
        for i, power in enumerate(_powers(problem, solver)):
            yield from _zero("product: the prices are not its slopes", sp.simplify(prices[i] * gains[i] - power))
        return
    ideal = [equilibrium.quantities.get(f"ideal {player}") for player in problem.players]
    base, direction = d, list(_powers(problem, solver))
    if solver.concept in ("Kalai-Smorodinsky solution", "equal loss solution"):
        for i, player in enumerate(problem.players):
            yield from _ideal(problem, i, ideal[i], d, *equilibrium.evidence[f"ideal {player}"])
        if solver.concept == "equal loss solution":
            base = tuple(ideal)
        else:
            direction = list(map(operator.sub, ideal, d))
    for k in range(1, len(u)):
        yield from _zero("ray: not on it", sp.expand((u[0] - base[0]) * direction[k] - (u[k] - base[k]) * direction[0]))


def _zero(what: str, gap: sp.Expr) -> Iterator[Violation]:
    yield Violation(what, gap)
    yield Violation(what, -gap)


def _mixture(weights: Point, problem: BargainingProblem, u: Point) -> Iterator[Violation]:
    yield from _zero("feasibility: the weights do not sum to 1", sp.expand(sp.Add(*weights) - 1))
    yield from (Violation("feasibility: a weight is negative", -weight) for weight in weights)
    for i, value in enumerate(u):
        yield Violation("feasibility: the mixture gives less", sp.expand(value - sp.Add(*(w * v[i] for w, v in zip(weights, problem.vertices, strict=True)))))


def _prices(prices: Point, problem: BargainingProblem, u: Point) -> Iterator[Violation]:
    yield Violation("Pareto: the prices are all zero", sp.Integer(int(not any(prices))))
    yield from (Violation("Pareto: a price is negative", -price) for price in prices)
    for v in problem.vertices:
        yield Violation("Pareto: a corner is worth more", sp.simplify(_worth(prices, v, u)))


def _ideal(problem: BargainingProblem, i: int, most: Any, d: Point, weights: Point, prices: Point) -> Iterator[Violation]:
    target = tuple(most if j == i else value for j, value in enumerate(d))
    yield from _mixture(weights, problem, target)
    yield from (Violation("ideal point: a price is negative", -price) for price in prices)
    for v in problem.vertices:
        yield Violation("ideal point: more is possible", sp.expand(v[i] - most + _worth(prices, v, d)))


def _worth(prices: Point, v: Point, u: Point) -> sp.Expr:
    """How much more a point is worth than another."""
    return sp.Add(*(price * (a - b) for price, a, b in zip(prices, v, u, strict=True)))


def _powers(problem: BargainingProblem, solver: Any) -> Point:
    given = getattr(solver, "weights", None)
    if given is None:
        return (sp.Integer(1),) * len(problem.players)
    left = 1 - sum(given.values())
    return tuple(given.get(player, left) for player in problem.players)


def division_violations(problem: BargainingProblem, solver: Any, equilibrium: Equilibrium) -> Iterator[Violation]:
    """A pie divided: the shares use it up, utilities are those of the shares, and weighted marginal gains are equal (enough, as utilities are concave)."""
    assert problem.division is not None
    share, size, own = problem.division
    parts = {player: equilibrium.quantities[f"share of {player}"] for player in problem.players}
    yield from _zero("feasibility: the shares do not use up the pie", sp.simplify(sp.Add(*parts.values()) - size))
    slopes, powers = [], _powers(problem, solver)
    for i, (player, part) in enumerate(parts.items()):
        yield Violation(f"feasibility: the share of {player} is not positive", sp.Integer(1), Cell().where(part, LE))
        yield from _zero(f"feasibility: {player} gets something else", sp.simplify(own[player].subs(share, part) - equilibrium.payoffs[player]))
        slopes.append(powers[i] * sp.diff(own[player], share).subs(share, part) / (equilibrium.payoffs[player] - problem.disagreement[player]))
    for slope in slopes[1:]:
        yield from _zero("first-order condition: marginal gains differ", sp.simplify(slope - slopes[0]))
