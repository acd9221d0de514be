"""Values over moving states checked by substitution: what each step makes of them, and no gain from one deviation."""

from collections.abc import Iterator
from typing import Any

import sympy as sp

from bargain.certify.check import Violation
from bargain.games.stochastic_pie import BattlefieldWar, StochasticPie
from bargain.regions.cells import GT, LT, Cell
from bargain.solution import Component, Equilibrium


def pie_violations(problem: StochasticPie, solver: Any, found: Equilibrium | Component) -> Iterator[Violation]:
    """Proposers cannot gain by offering something else or waiting, responders get what waiting is worth; delays add up."""
    assert isinstance(found, Equilibrium)
    value = {(p, s): found.quantities[f"{p} in {s}"] for p in problem.players for s in problem.pie}
    start = next(iter(problem.pie))
    for player in problem.players:
        yield from _zero(f"payoff: of {player}", found.payoffs[player] - value[player, start])
    for state, proposer in problem.proposer.items():
        waits = {p: problem.discount[p] * sp.Add(*(chance * value[p, after] for after, chance in problem.moves[state].items())) for p in problem.players}
        agreed = state in found.path
        for player in problem.players:
            yield Violation(f"value: {player} would rather refuse in {state}", _plain(waits[player] - value[player, state]))
            if player != proposer or not agreed:
                yield from _zero(f"value: of {player} in {state}", waits[player] - value[player, state])
        if agreed:
            yield from _zero(f"value: of the pie in {state}", sp.Add(*(value[p, state] for p in problem.players)) - problem.pie[state])
        else:
            others = sp.Add(*(waits[p] for p in problem.players if p != proposer))
            yield Violation(f"agreement: {proposer} would rather agree in {state}", _plain(problem.pie[state] - others - value[proposer, state]))
        name = f"expected delay from {state}"
        if name in found.quantities:
            later = sp.Integer(0) if agreed else 1 + sp.Add(*(c * found.quantities[f"expected delay from {a}"] for a, c in problem.moves[state].items() if c != 0))
            yield from _zero(f"delay: from {state}", found.quantities[name] - later)


def war_violations(problem: BattlefieldWar, solver: Any, found: Equilibrium | Component) -> Iterator[Violation]:
    """Expected shares and numbers of battles are those that one more battle leaves; ranges follow from them."""
    assert isinstance(found, Equilibrium)
    first, second = problem.players
    share = {**problem.ends, **{state: found.quantities[f"share from {state}"] for state in problem.moves}}
    battles = {**dict.fromkeys(problem.ends, sp.Integer(0)), **{state: found.quantities[f"battles from {state}"] for state in problem.moves}}
    for state, row in problem.moves.items():
        yield from _zero(f"share: from {state}", share[state] - sp.Add(*(chance * share[after] for after, chance in row.items())))
        yield from _zero(f"battles: from {state}", battles[state] - 1 - sp.Add(*(chance * battles[after] for after, chance in row.items())))
        low, high = found.quantities[f"low at {state}"], found.quantities[f"high at {state}"]
        least = _plain(share[state] - problem.costs[first] * battles[state])
        most = _plain(share[state] + problem.costs[second] * battles[state])
        for gap, inside, outside, end in ((low - least, least, low, "low"), (high - most, 1 - most, 1 - high, "high")):
            plain = _plain(gap)
            yield from (Violation(f"range: {end} end at {state}", side, Cell().where(inside, GT)) for side in (plain, -plain))
            yield from (Violation(f"range: {end} end at {state}, cut", side, Cell().where(inside, LT)) for side in (outside, -outside))
    start = next(iter(problem.moves))
    for player, worth in ((first, share[start]), (second, 1 - share[start])):
        yield from _zero(f"payoff: of {player}", found.payoffs[player] - worth + problem.costs[player] * battles[start])


def _plain(value: sp.Expr) -> sp.Expr:
    return sp.cancel(sp.together(value))


def _zero(what: str, gap: sp.Expr) -> Iterator[Violation]:
    plain = _plain(gap)
    yield from (Violation(what, side) for side in (plain, -plain))
