"""Checks of solutions of coalitional games, by properties that any right answer has.

Shapley: efficiency and the average marginal contribution over coalitions by size (the solver goes through
dividends). Core: every coalition gets its worth; an empty core by balanced weights. Nucleolus: Kohlberg's
criterion, every collection of most dissatisfied coalitions is balanced. Sources: Kohlberg (1971), SIAM Journal on
Applied Mathematics 20:62-66; Bondareva (1963); Tijs (1981).
"""

from collections.abc import Iterator, Mapping
from math import factorial
from typing import Any

import sympy as sp

from bargain.certify.check import Violation
from bargain.findings.settlements import Balanced
from bargain.games.coalitional import Coalition, CoalitionalGame, coalitions
from bargain.solution import Component, Equilibrium


def value_violations(problem: CoalitionalGame, solver: Any, equilibrium: Equilibrium | Component) -> Iterator[Violation]:
    """The ways in which a claimed Shapley or Banzhaf value could fail: it is compared with average marginal contributions."""
    assert isinstance(equilibrium, Equilibrium)
    n = len(problem.players)
    found = {}
    for player in problem.players:
        total: sp.Expr = sp.Integer(0)
        for others in coalitions([p for p in problem.players if p != player]):
            k = len(others)
            weight = sp.Rational(factorial(k) * factorial(n - k - 1), factorial(n)) if solver.concept == "Shapley value" else sp.Rational(1, 2 ** (n - 1))
            total += weight * (problem.worth[others | {player}] - problem.worth[others])
        found[player] = sp.expand(total)
    scale = sp.expand(sum(found.values())) if solver.concept.startswith("normalised") else sp.Integer(1)
    for player in problem.players:
        yield from _equal(f"value: of {player}", sp.together(equilibrium.payoffs[player] - found[player] / scale))


def core_violations(problem: CoalitionalGame, solver: Any, equilibrium: Equilibrium | Component) -> Iterator[Violation]:
    """Every extreme point shares the worth of everyone and leaves no coalition less than its own."""
    for point in equilibrium.vertices if isinstance(equilibrium, Component) else (equilibrium,):
        yield from _equal("efficiency: of an extreme point", sum(point.payoffs.values()) - problem.worth[problem.everyone])
        for coalition in _proper(problem):
            excess = _worth(problem, coalition) - _paid(problem, point, coalition)
            yield Violation(f"coalition: {sorted(coalition)} can improve", excess)


def nucleolus_violations(problem: CoalitionalGame, solver: Any, equilibrium: Equilibrium | Component) -> Iterator[Violation]:
    """Kohlberg's criterion: at every level, the coalitions with at least that excess carry balanced weights, all positive."""
    assert isinstance(equilibrium, Balanced)
    yield from _equal("efficiency: of the shares", sum(equilibrium.payoffs.values()) - problem.worth[problem.everyone])
    excess = {s: _worth(problem, s) - _paid(problem, equilibrium, s) for s in _proper(problem)}
    bound = [] if not solver.individually_rational else [single for p in problem.players if (single := frozenset((p,))) in excess]
    for single in bound:
        yield Violation(f"rationality: of {min(single)}", excess[single])
    tight = [single for single in bound if excess[single] == 0]
    if excess:
        yield from _equal("excess: the greatest", max(excess.values()) - equilibrium.quantities["excess"])
    for level in sorted(set(excess.values()), reverse=True):
        members = [s for s, value in excess.items() if value >= level]
        if not _balancing(problem, equilibrium.levels.get(level, {}), members, [s for s in tight if s not in members]):
            yield Violation(f"balance: of the coalitions with excess {level} or more", sp.Integer(1))


def tau_violations(problem: CoalitionalGame, solver: Any, equilibrium: Equilibrium | Component) -> Iterator[Violation]:
    """Efficient, between minimal rights and utopia payoffs, and on the line through both."""
    assert isinstance(equilibrium, Equilibrium)
    high = {p: _worth(problem, problem.everyone) - _worth(problem, problem.everyone - {p}) for p in problem.players}
    low = {p: sp.Max(*(_worth(problem, s) - sum(high[q] for q in s if q != p) for s in coalitions(problem.players) if p in s)) for p in problem.players}
    sign = -1 if problem.costs else 1
    paid = {p: sign * equilibrium.payoffs[p] for p in problem.players}
    yield from _equal("efficiency: of the shares", sum(paid.values()) - _worth(problem, problem.everyone))
    for p in problem.players:
        yield Violation(f"rights: of {p}", low[p] - paid[p])
        yield Violation(f"utopia: of {p}", paid[p] - high[p])
        for q in problem.players:
            yield from _equal(f"line: {p} and {q}", (paid[p] - low[p]) * (high[q] - low[q]) - (paid[q] - low[q]) * (high[p] - low[p]))


def balanced(problem: CoalitionalGame, weights: dict[Coalition, sp.Expr]) -> bool:
    """Whether weights are balanced and prove the core empty: each player's weights sum to 1, and the weighted worths exceed v(N)."""
    sums = all(sum(w for s, w in weights.items() if p in s) == 1 for p in problem.players)
    return sums and all(w > 0 for w in weights.values()) and sum(w * _worth(problem, s) for s, w in weights.items()) > _worth(problem, problem.everyone)


def _equal(what: str, gap: sp.Expr) -> Iterator[Violation]:
    yield Violation(f"{what} is too high", gap)
    yield Violation(f"{what} is too low", -gap)


def _proper(problem: CoalitionalGame) -> list[Coalition]:
    return [s for s in coalitions(problem.players) if 0 < len(s) < len(problem.players)]


def _worth(problem: CoalitionalGame, coalition: Coalition) -> sp.Expr:
    return -problem.worth[coalition] if problem.costs else problem.worth[coalition]


def _paid(problem: CoalitionalGame, point: Equilibrium, coalition: Coalition) -> sp.Expr:
    total = sum((point.payoffs[p] for p in coalition), sp.Integer(0))
    return -total if problem.costs else total


def _balancing(problem: CoalitionalGame, weights: Mapping[Coalition, sp.Expr], members: list[Coalition], helpers: list[Coalition]) -> bool:
    """Whether weights are positive on all members, non-negative on helpers, zero elsewhere, and give every player the same sum."""
    allowed = all(s in members or s in helpers for s in weights)
    sums = {sum(w for s, w in weights.items() if p in s) for p in problem.players}
    return allowed and len(sums) == 1 and all(weights.get(s, 0) > 0 for s in members) and all(w >= 0 for w in weights.values())
