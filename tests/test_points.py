"""A hundred thousand draws per model against numeric backward induction, and points exactly on the borders of regimes against exact induction."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
import sympy as sp

from bargain import Game, Solution, SubgamePerfect, solve
from bargain.games.nodes import Chance, Decision, Node, Offer, Terminal
from bargain.models.classics import crisis_status_quo, deterrence, power_shift, surge, trip_wire, ultimatum
from bargain.models.ukraine import grand_bargain, guarantees, leverage
from bargain.regions import Space

DRAWS = 100_000
EXACT, PLAIN = SubgamePerfect(exact=True), SubgamePerfect()


@dataclass(frozen=True)
class Case:
    """A tree with the solver and the parameters that stay free (all of them if not stated)."""

    game: Game
    solver: SubgamePerfect
    free: tuple[str, ...] | None = None


CASES = {
    "deterrence": Case(deterrence.game, EXACT),
    "surge": Case(surge.game, EXACT),
    "trip-wire": Case(trip_wire.game, EXACT),
    "ultimatum": Case(ultimatum.game, EXACT),
    "crisis": Case(crisis_status_quo.game, EXACT),
    "ultimatum crisis": Case(crisis_status_quo.ultimatum, EXACT),
    "power shift": Case(power_shift.game, PLAIN),
    "leverage": Case(leverage.model.problems["sequence"][0], PLAIN),
    "guarantees": Case(guarantees.game, PLAIN, ("d", "e_P", "F_R")),
    "grand tree": Case(grand_bargain.game, PLAIN, ("v_US", "a_pc", "d")),
    "grand tree with chance": Case(grand_bargain.version(True, False), PLAIN, ("pi_K", "v_US")),
}
OFFERS = [name for name, case in CASES.items() if any(isinstance(node, Offer) for _, node in case.game.nodes())]  # their knife edges: tests/test_classics.py
FINITE = [name for name in CASES if name not in (*OFFERS, "leverage")]  # the one border of leverage has no rational points (exponentials)


@cache
def solved(name: str) -> Solution:
    case = CASES[name]
    return solve(case.game, case.solver, free=case.free)


def draws(game: Game, count: int) -> dict[sp.Symbol, Any]:
    """Points of the prior box (of [-2, 2] within the domain where there is no prior) that meet the joint assumptions."""
    random_, columns = np.random.default_rng(20241222), {}
    for p in game.notation:
        low, high = map(float, p.prior) if p.prior else (max(-2.0, float(p.domain.low)), min(2.0, float(p.domain.high)))
        columns[p.symbol] = low + (high - low) * (1e-9 + (1 - 2e-9) * random_.random(2 * count))
    kept = np.ones(2 * count, dtype=bool)
    for assumption in game.notation.assumptions:
        kept &= sp.lambdify(list(columns), assumption)(*columns.values())
    return {symbol: column[kept][:count] for symbol, column in columns.items()}


class Numeric:
    """Backward induction on arrays: N points at once, offers from an interval included. Shares nothing with the package but the tree."""

    def __init__(self, game: Game, values: Mapping[sp.Symbol, Any]) -> None:
        self.players, self.values, self.size = game.players, dict(values), len(next(iter(values.values())))
        self.functions: dict[tuple[Any, ...], Callable[..., Any]] = {}

    def numbers(self, expressions: tuple[sp.Expr, ...], shares: Mapping[sp.Symbol, Any]) -> Any:
        """Values (expressions, N)."""
        known = {**self.values, **shares}
        if (expressions, *shares) not in self.functions:
            self.functions[expressions, *shares] = sp.lambdify(list(known), list(expressions), modules="numpy", cse=True)
        return np.stack([np.broadcast_to(np.asarray(v, dtype=float), (self.size,)) for v in self.functions[expressions, *shares](*known.values())])

    def worth(self, node: Node, shares: Mapping[sp.Symbol, Any]) -> Any:
        """Payoffs (players, N)."""
        if isinstance(node, Terminal):
            return self.numbers(tuple(node.payoffs[player] for player in self.players), shares)
        if isinstance(node, Offer):
            return self.proposed(node, shares)
        children = [self.worth(child, shares) for _, child in node.moves]
        if isinstance(node, Chance):
            weights = self.numbers(tuple(probability for _, probability, _ in node.draws), shares)
            return sum(weight * child for weight, child in zip(weights, children, strict=True))
        assert isinstance(node, Decision)
        return best(children, self.players.index(node.player))

    def proposed(self, node: Offer, shares: Mapping[sp.Symbol, Any]) -> Any:
        """The best of the ends of the interval and of the offers at which two answers tie; a tie goes to the proposer."""
        low, high = self.numbers(node.between, shares)
        moves, first, second = node.answer.moves, self.players.index(node.player), self.players.index(node.answer.player)
        at_low, at_high = (np.stack([self.worth(child, {**shares, node.share: end}) for _, child in moves]) for end in (low, high))
        slope = (at_high - at_low) / (high - low)
        tries = [low, high]
        for a, b in combinations(range(len(moves)), 2):
            with np.errstate(divide="ignore", invalid="ignore"):
                tie = low + (at_low[b] - at_low[a])[second] / (slope[a] - slope[b])[second]
            tries.append(np.clip(np.nan_to_num(tie, nan=low, posinf=0, neginf=0), low, high))
        offers = []
        for share in tries:
            answers = at_low + slope * (share - low)
            liked = answers[:, second] >= answers[:, second].max(axis=0) - 1e-12
            chosen = np.argmax(np.where(liked, answers[:, first], -np.inf), axis=0)
            offers.append(np.take_along_axis(answers, chosen[None, None, :], axis=0)[0])
        return best(offers, first)


def best(options: list[Any], mover: int) -> Any:
    """The option worth most to the mover at each point, the first on a tie."""
    found = options[0]
    for other in options[1:]:
        found = np.where(other[mover] > found[mover], other, found)
    return found


@pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.slow) if name in ("power shift", "grand tree with chance") else name for name in CASES])
def test_at_a_hundred_thousand_draws_the_payoffs_are_those_of_numeric_backward_induction(name: str) -> None:
    solution = solved(name)
    assert solution.status.certified
    game = solution.problem
    values = draws(game, DRAWS)
    expected = Numeric(game, values).worth(game.root, {})
    compiled = solution.compile()
    several = max(len(list(regime.extreme())) for regime in solution.regimes)
    right = np.zeros(len(expected[0]), dtype=bool)
    for k in range(several):
        found = compiled({symbol.name: column for symbol, column in values.items()}, equilibrium=k)
        for regime in range(len(solution.regimes)):
            paid = found.within(regime)
            right |= found.holds[regime] & np.all([np.abs(paid[player] - expected[i]) < 1e-9 for i, player in enumerate(game.players)], axis=0)
    assert len(right) == DRAWS and right.all()


class Rational:
    """Backward induction in fractions at one point, every tie kept: all payoffs of pure subgame-perfect equilibria."""

    def __init__(self, game: Game, point: Mapping[sp.Symbol, sp.Rational]) -> None:
        self.players, self.point, self.known = game.players, point, dict[sp.Expr, Fraction]()

    def number(self, expression: sp.Expr) -> Fraction:
        if expression not in self.known:
            value = sp.Rational(expression.xreplace(dict(self.point)))
            self.known[expression] = Fraction(int(value.p), int(value.q))
        return self.known[expression]

    def payoffs(self, node: Node) -> set[tuple[Fraction, ...]]:
        if isinstance(node, Terminal):
            return {tuple(self.number(node.payoffs[player]) for player in self.players)}
        after = [self.payoffs(child) for _, child in node.moves]
        if isinstance(node, Chance):
            weights = [self.number(probability) for _, probability, _ in node.draws]
            return {tuple(sum((w * v for w, v in zip(weights, column, strict=True)), Fraction(0)) for column in zip(*branch, strict=True))
                    for branch in product(*after)}
        assert isinstance(node, Decision)
        mover = self.players.index(node.player)
        floor = max(min(v[mover] for v in values) for values in after)
        return {v for values in after for v in values if v[mover] >= floor}


def border_points(solution: Solution, count: int, seed: str) -> list[dict[sp.Symbol, sp.Rational]]:
    """Admissible points at which a condition of a regime holds with equality: random in all parameters but one, which is solved for."""
    draw, space = random.Random(seed), Space(solution.problem.notation)
    bodies = sorted({body for regime in solution.regimes for cell in regime.condition for body, _ in cell.atoms}, key=str)
    found: list[dict[sp.Symbol, sp.Rational]] = []
    for number in range(200 * count):
        body = bodies[number % len(bodies)]
        point = {p.symbol: _fine(draw, p) for p in solution.problem.notation}
        symbol = draw.choice(sorted(body.free_symbols, key=str))
        line = sp.Poly(body.xreplace({s: v for s, v in point.items() if s != symbol}), symbol)
        if line.degree() == 1:
            point[symbol] = -line.nth(0) / line.nth(1)
            if space.contains(point):
                found.append(point)
        if len(found) == count:
            return found
    raise AssertionError(f"only {len(found)} border points")


def _fine(draw: random.Random, parameter: Any) -> sp.Rational:
    low, high = parameter.prior or (max(sp.Integer(-2), parameter.domain.low), min(sp.Integer(2), parameter.domain.high))
    return sp.Rational(low) + sp.Rational(draw.randint(1, 959), 960) * (sp.Rational(high) - sp.Rational(low))


@pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.slow) if name == "grand tree with chance" else name for name in FINITE])
def test_on_the_borders_of_regimes_the_equilibria_are_those_of_exact_backward_induction(name: str) -> None:
    """Where borders are regimes of their own they list exactly the equilibria; elsewhere every equilibrium listed at a border point is one."""
    solution, space = solved(name), Space(solved(name).problem.notation)
    for point in border_points(solution, 120, name):
        right = Rational(solution.problem, point).payoffs(solution.problem.root)
        here = [e for regime in solution.regimes if any(space.contains(point, cell) for cell in regime.condition) for e in regime.extreme()]
        listed = {tuple(Fraction(int(v.p), int(v.q)) for v in (sp.Rational(e.payoffs[p].xreplace(point)) for p in solution.problem.players)) for e in here}
        assert listed and listed <= right, point
        assert listed == right or not solution.stats.get("exact"), point
