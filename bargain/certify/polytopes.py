"""Solutions of three or more players on a polytope, checked by weights of corners and prices of players.

A mixture of corners that gives everybody at least u proves that u is feasible (free disposal); non-negative prices under which no corner is worth
more than u prove that nothing feasible is better for everyone. The ideal point has such a pair for every player.
"""

from collections.abc import Iterator
from typing import Any

import sympy as sp

from bargain.certify.check import Violation
from bargain.findings.settlements import Supported
from bargain.games.bargaining import BargainingProblem
from bargain.solution import Component, Equilibrium

Point = tuple[sp.Expr, ...]


def polytope_violations(problem: BargainingProblem, solver: Any, equilibrium: Equilibrium | Component) -> Iterator[Violation]:
    """Feasibility, weak Pareto optimality, and what the concept equalises or maximises."""
    if not isinstance(equilibrium, Supported):
        yield Violation("evidence: no mixture and no prices", sp.Integer(1))
        return
    u = tuple(equilibrium.payoffs[player] for player in problem.players)
    d = tuple(problem.disagreement[player] for player in problem.players)
    weights, prices = equilibrium.evidence["solution"]
    yield from _mixture(weights, problem, u)
    yield from _prices(prices, problem, u)
    if equilibrium.outcome == "no gains from trade":
        yield from (Violation("disagreement: not what is reported", gap) for a, b in zip(u, d, strict=True) for gap in (a - b, b - a))
        return
    for player, a, b in zip(problem.players, u, d, strict=True):
        if solver.concept != "equal loss solution":  # with three players equal losses may exceed a gain
            yield Violation(f"individual rationality: {player} loses", sp.expand(b - a))
    if equilibrium.dominated:
        yield Violation("dominated: not feasible or not better", sp.Integer(int(not _listed(equilibrium.dominated, u))))
    if solver.concept == "Nash bargaining solution":
        powers = _powers(problem, solver)
        for price, power, a, b in zip(prices, powers, u, d, strict=True):
            yield from _zero("product: the prices are not its slopes", sp.simplify(price * (a - b) - power))
        return
    ideal = [equilibrium.quantities.get(f"ideal {player}") for player in problem.players]
    base, direction = d, list(_powers(problem, solver))
    if solver.concept in ("Kalai-Smorodinsky solution", "equal loss solution"):
        for i, (player, most) in enumerate(zip(problem.players, ideal, strict=True)):
            yield from _ideal(problem, i, most, d, *equilibrium.evidence[f"ideal {player}"])
        if solver.concept == "equal loss solution":
            base = tuple(ideal)
        else:
            direction = [a - b for a, b in zip(ideal, d, strict=True)]
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
    yield Violation("Pareto: the prices are all zero", sp.Integer(1) if all(price == 0 for price in prices) else sp.Integer(0))
    yield from (Violation("Pareto: a price is negative", -price) for price in prices)
    for v in problem.vertices:
        yield Violation("Pareto: a corner is worth more", sp.simplify(sp.Add(*(p * (a - b) for p, a, b in zip(prices, v, u, strict=True)))))


def _ideal(problem: BargainingProblem, i: int, most: Any, d: Point, weights: Point, prices: Point) -> Iterator[Violation]:
    target = tuple(most if j == i else value for j, value in enumerate(d))
    yield from _mixture(weights, problem, target)
    yield from (Violation("ideal point: a price is negative", -price) for price in prices)
    for v in problem.vertices:
        yield Violation("ideal point: more is possible", sp.expand(v[i] - most + sp.Add(*(p * (a - b) for p, a, b in zip(prices, v, d, strict=True)))))


def _listed(better: Point, u: Point) -> bool:
    return all(a >= b for a, b in zip(better, u, strict=True)) and any(a > b for a, b in zip(better, u, strict=True))


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
    parts = [equilibrium.quantities[f"share of {player}"] for player in problem.players]
    yield from _zero("feasibility: the shares do not use up the pie", sp.simplify(sp.Add(*parts) - size))
    slopes = []
    for player, part, power in zip(problem.players, parts, _powers(problem, solver), strict=True):
        yield Violation(f"feasibility: the share of {player} is not positive", sp.Integer(1) if not part.free_symbols and part <= 0 else -part)
        yield from _zero(f"feasibility: {player} gets something else", sp.simplify(own[player].subs(share, part) - equilibrium.payoffs[player]))
        slopes.append(power * sp.diff(own[player], share).subs(share, part) / (equilibrium.payoffs[player] - problem.disagreement[player]))
    for slope in slopes[1:]:
        yield from _zero("first-order condition: marginal gains differ", sp.simplify(slope - slopes[0]))
