"""Checks of stationary equilibria with a random proposer, by winning coalitions instead of cost orders.

Every winning coalition is priced; the cheapest ones must cost what proposers pay. The inclusion chances must
add up to the values, and no group of players may be included more often than the cheapest coalitions allow:
these chances are the bases of a polymatroid (Edmonds 1970), so the inequalities over groups are exact.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import sympy as sp

from bargain.certify.check import Violation
from bargain.games.legislative import RandomProposer
from bargain.solution import Component, Equilibrium


def violations(problem: RandomProposer, solver: Any, equilibrium: Equilibrium | Component) -> Iterator[Violation]:
    """Every way in which claimed values, shares and chances could fail to be a stationary equilibrium."""
    assert isinstance(equilibrium, Equilibrium)
    value, found = equilibrium.payoffs, equilibrium.quantities
    price = {player: problem.discount[player] * value[player] for player in problem.players}
    most: dict[tuple[str, ...], sp.Expr] = {}
    groups = [group for size in range(1, len(problem.players) + 1) for group in combinations(problem.players, size)]
    for proposer in problem.players:
        kept, chance = found[f"{proposer} keeps"], found[f"chance that {proposer} is offered a share"]
        yield Violation(f"delay: {proposer} would rather wait", sp.together(price[proposer] - kept))
        gap = sp.together(value[proposer] - problem.recognition[proposer] * kept - price[proposer] * chance)
        yield Violation(f"value: of {proposer} is too high", gap)
        yield Violation(f"value: of {proposer} is too low", -gap)
        cheapest = []
        for partners in _winning(problem, proposer):
            saved = sp.together(1 - sp.Add(*(price[player] for player in partners)) - kept)
            yield Violation(f"coalition: {proposer} with {', '.join(partners) or 'nobody'} is cheaper", saved)
            if sp.simplify(saved) == 0:
                cheapest.append(set(partners))
        if not cheapest:
            yield Violation(f"coalition: no winning coalition leaves {proposer} her share", sp.Integer(1))
            return
        for group in groups:
            size = max(len(coalition & set(group)) for coalition in cheapest)
            most[group] = most.get(group, sp.Integer(0)) + problem.recognition[proposer] * size
    for group in groups:
        included = sp.Add(*(found[f"chance that {player} is offered a share"] for player in group))
        yield Violation(f"mixing: {', '.join(group)} cannot be offered that often", sp.together(included - most[group]))
    everyone = tuple(problem.players)
    least = sp.Add(*(found[f"chance that {player} is offered a share"] for player in everyone))
    yield Violation("mixing: proposers buy fewer votes than they need", sp.together(most[everyone] - least))


def _winning(problem: RandomProposer, proposer: str) -> Iterator[tuple[str, ...]]:
    """The partners in every winning coalition with the proposer that is minimal in number."""
    others = [player for player in problem.players if player != proposer]
    for size in range(len(others) + 1):
        for partners in combinations(others, size):
            if size + 1 >= problem.quota and set(problem.vetoes) <= {proposer, *partners}:
                yield partners
