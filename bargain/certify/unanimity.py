"""Unanimity, checked by one-shot deviations: each responder gets what refusing is worth, and the proposer would not rather wait."""

from collections.abc import Iterator
from typing import Any

import sympy as sp

from bargain.certify.check import Violation
from bargain.games.unanimity import Unanimity
from bargain.solution import Component, Equilibrium


def violations(problem: Unanimity, solver: Any, equilibrium: Equilibrium | Component) -> Iterator[Violation]:
    """What each player gains by refusing, by asking for less or more, or by waiting."""
    assert isinstance(equilibrium, Equilibrium)
    found, players = equilibrium.quantities, problem.players
    gets = {(i, j): found[f"{j} gets when {i} proposes"] for i in players for j in players}
    for number, proposer in enumerate(players):
        following = players[(number + 1) % len(players)]
        total = sp.together(sp.Add(*(gets[proposer, j] for j in players)) - 1)
        yield Violation(f"pie: {proposer} hands out more than there is", total)
        yield Violation(f"pie: {proposer} leaves part of it", -total)
        for j in players:
            yield Violation(f"pie: {j} gets less than nothing when {proposer} proposes", -gets[proposer, j])
            refusing = problem.discount[j] * gets[following, j]
            if problem.exit and j != proposer:
                alone = found[f"{j} gets of 1 when proposing to {proposer} alone"]
                answer = found[f"{proposer} gets of 1 when proposing to {j} alone"]
                gap = sp.together(1 - alone - problem.discount[proposer] * answer)
                yield Violation(f"pair: {proposer} gains by refusing {j}", -gap)
                yield Violation(f"pair: {j} leaves {proposer} too much", gap)
                refusing = problem.discount[j] * alone * (gets[proposer, j] + gets[proposer, proposer])
            if j == proposer:
                if problem.exit:  # nobody accepts an offer that is too low: each then goes on with him; all refusing is not worse than one
                    continue
                yield Violation(f"delay: {proposer} gains by waiting", sp.together(refusing - gets[proposer, proposer]))
                continue
            gap = sp.together(gets[proposer, j] - refusing)
            yield Violation(f"refusal: {j} gains when {proposer} proposes", -gap)
            yield Violation(f"proposal: {proposer} leaves {j} too much", gap)
    for player in players:
        difference = sp.together(equilibrium.payoffs[player] - gets[players[0], player])
        yield Violation(f"payoff: of {player}", difference)
        yield Violation(f"payoff: of {player}", -difference)
