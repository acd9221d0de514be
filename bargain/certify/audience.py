"""A crisis with audience costs checked type by type: what each war value does given the claimed chances, and the answer given who does it.

The distribution is split into stretches between the values 0 and -audience and its own breaks, whose order is assumed case by case.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any

import sympy as sp

from bargain.certify.check import Violation, paired
from bargain.games.audience import AudienceCosts
from bargain.regions.cells import GT, LE, Cell
from bargain.solution import Component, Equilibrium


def violations(problem: AudienceCosts, solver: Any, found: Equilibrium | Component) -> Iterator[Violation]:
    """The ways in which claimed chances could fail to be an equilibrium."""
    assert isinstance(found, Equilibrium)
    claimed = found.quantities
    concede, challenge, bluff = (claimed[f"chance of a {what}"] for what in ("concession", "challenge", "bluff"))
    fight = sp.factor(sp.together(challenge - bluff))
    for name, value in (("concession", concede), ("challenge", challenge), ("bluff", bluff)):
        yield Violation(f"chance: of a {name} is negative", -value)
        yield Violation(f"chance: of a {name} exceeds one", sp.factor(sp.together(value - 1)))
    yield from _equal("war: its chance", claimed["chance of war"] - fight * (1 - concede))
    gain = sp.factor(sp.together(fight * problem.war + bluff * problem.stake))  # from resisting, over challenges
    if concede != 0 and sp.simplify(challenge) != 0:
        yield Violation("answer: resisting is better than conceding", gain)
    if concede != 1 and sp.simplify(challenge) != 0:
        yield Violation("answer: conceding is better than resisting", -gain)
    if sp.simplify(challenge) != 0:
        yield from _equal("gain: from resisting a challenge", claimed["gain from resisting"] * challenge - gain)
    for case, masses in _masses(problem):
        fighters, eager, worth_fighters, worth_eager = masses
        bluffing = concede * problem.prize - (1 - concede) * problem.audience
        yield Violation("bluff: some who back down should not challenge", -bluffing if sp.simplify(bluff) != 0 else sp.Integer(-1), case)
        idle = sp.factor(sp.together(1 - fighters - bluff))
        if sp.simplify(bluffing) != 0:
            yield Violation("bluff: all who back down should challenge", bluffing, case.where(idle, GT))
        yield Violation("bluff: more than there are", -idle, case)
        if sp.simplify(challenge) == 0:  # a challenge is taken for a bluff, unless everybody would fight
            yield from _equal("gain: from resisting a challenge", claimed["gain from resisting"] - problem.stake, case.where(1 - fighters, GT))
            yield from _equal("gain: from resisting a challenge", claimed["gain from resisting"] - problem.war, case.where(1 - fighters, LE))
        if sp.simplify(challenge) == 0 and concede != 1:
            yield Violation("answer: a challenger would fight whoever he is", -problem.war, case.where(1 - fighters, LE))
        # with a concession sure enough every fighter challenges; if none is to be expected only those who gain by war
        right = fighters if concede != 0 else eager
        yield from _equal("fight: who challenges to fight", fight - right, case)
        if concede != 0:
            yield Violation("fight: a type that would fight should not challenge", -bluffing, case)  # the least eager of them gets as much as a bluff
        worth = worth_fighters if concede != 0 else worth_eager
        mine = concede * problem.prize * challenge + (1 - concede) * (worth - problem.audience * bluff)
        yield from _equal(f"payoff: of {problem.players[0]}", mine - found.payoffs[problem.players[0]], case)
    yours = (1 - challenge) * problem.stake + (1 - concede) * (fight * problem.war + bluff * problem.stake)
    yield from _equal(f"payoff: of {problem.players[1]}", yours - found.payoffs[problem.players[1]])


def _masses(problem: AudienceCosts) -> Iterator[tuple[Cell, tuple[sp.Expr, ...]]]:
    """Types of at least -audience and of at least 0, and the integrals of their values, for every order of these two and the breaks."""
    places = (-problem.audience, sp.Integer(0))
    breaks = problem.values.breaks()
    gaps = {(place, end): end - place for place in places for end in breaks}
    known = {pair: bool(gap > 0) for pair, gap in gaps.items() if gap.is_number}
    open_questions = [pair for pair in gaps if pair not in known]
    for answers in product((True, False), repeat=len(open_questions)):
        above = {**known, **dict(paired(open_questions, answers))}
        case = Cell()
        for pair in open_questions:
            case = case.where(gaps[pair], GT if above[pair] else LE)
        if case.trivially_empty:
            continue
        totals: list[sp.Expr] = []
        for weight in (sp.Integer(1), problem.values.cost):
            for place in places:
                total: sp.Expr = sp.Integer(0)
                for value, chance in problem.values.atoms.items():
                    if above[place, value] or sp.simplify(value - place) == 0:
                        total += chance * weight.subs(problem.values.cost, value)
                for low, high, density in problem.values.pieces:
                    if above[place, high]:
                        start = low if above[place, low] else place
                        total += sp.integrate(sp.expand(density * weight), (problem.values.cost, start, high))
                totals.append(total)
        yield case, (totals[0], totals[1], totals[2], totals[3])


def _equal(what: str, gap: sp.Expr, where: Cell = Cell()) -> Iterator[Violation]:
    plain = sp.factor(sp.together(gap))
    yield from (Violation(what, side, where) for side in (plain, -plain))
