"""Finite tables checked from the last offer to the first, in terms of the frontier instead of shares.

At each date the claimed share must leave the responder exactly what refusing is worth, or be the end of the interval that the
proposer likes best; where none is claimed, no share may be better for both than refusing. Dates at which no share is
reported are worked out here, which needs numbers.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import sympy as sp

from bargain.certify.check import Violation
from bargain.certify.waiting import directions
from bargain.games.alternating import AlternatingOffers
from bargain.regions.cells import GE, GT, Cell
from bargain.regions.explore import number_sign
from bargain.solution import Component, Equilibrium

_LISTED = 24


def violations(problem: AlternatingOffers, solver: Any, equilibrium: Equilibrium | Component) -> Iterator[Violation]:
    """The deviations at every date; with free parameters only single-state tables with agreement at every date are decided."""
    assert isinstance(equilibrium, Equilibrium) and problem.horizon is not None
    numeric = not problem.notation.symbols
    worth = {state.name: {player: problem.default.get(player, sp.Integer(0)) for player in problem.players} for state in problem.states}
    for date in range(problem.horizon - 1, -1, -1):
        turn = problem.turns[date % len(problem.turns)]
        fresh: dict[str, dict[str, sp.Expr]] = {}
        for number, state in enumerate(problem.states):
            total = dict.fromkeys(problem.players, sp.Integer(0))
            for proposer, chance in turn.items():
                after = {player: _after(problem, player, proposer, number, worth) for player in problem.players}
                if number == 0 and date < _LISTED:
                    key = f"{problem.share}[{date}]" + (f"_{proposer}" if len(turn) > 1 else "")
                    share = equilibrium.quantities.get(key)
                    yield from _claimed(problem, proposer, share, after, date)
                    got = _settled(problem, proposer, after) if share is None else _at(problem, share)
                elif numeric:
                    got = _best(problem, proposer, after)
                else:
                    yield Violation("horizon: values in other states are not reported", sp.Integer(1), open=True)
                    return
                if got is None:
                    yield Violation("horizon: who leaves depends on parameters", sp.Integer(1), open=True)
                    return
                total = {player: total[player] + chance * got[player] for player in problem.players}
            fresh[state.name] = total if numeric else {player: sp.cancel(sp.together(value)) for player, value in total.items()}
        worth = fresh
    for player in problem.players:
        gap = sp.together(equilibrium.payoffs[player] - worth[problem.states[0].name][player])
        yield Violation(f"payoff: {player} gets less than claimed", gap)
        yield Violation(f"payoff: {player} gets more than claimed", -gap)
    stated = equilibrium.quantities.get(str(problem.share))
    if stated is not None:
        gap = stated - equilibrium.quantities[f"{problem.share}[0]"]
        yield Violation("proposal: the share reported is not the one proposed", gap)
        yield Violation("proposal: the share reported is not the one proposed", -gap)


def _at(problem: AlternatingOffers, share: sp.Expr) -> dict[str, sp.Expr]:
    return {player: value.subs(problem.share, share) for player, value in problem.agreement.items()}


def _after(problem: AlternatingOffers, player: str, proposer: str, number: int, worth: Mapping[str, Mapping[str, sp.Expr]]) -> sp.Expr:
    state = problem.states[number]
    refuser = next(name for name in problem.players if name != proposer)
    factor = problem.discount[player] ** problem.lags.get(refuser, 1)
    value = factor * sum((p * worth[name][player] for name, p in state.moves.items()), sp.Integer(0))
    value += (1 - factor) * state.flow[player] - problem.costs.get(player, 0)
    if problem.breakdown is not None:
        value += problem.breakdown.probability * (problem.breakdown.payoffs[player] - value)
    return value


def _exits(problem: AlternatingOffers, proposer: str) -> list[str]:
    return [player for player in problem.players if problem.outside and problem.leaves.get(player, "" if problem.leaves else "answering")
            == ("refused" if player == proposer else "answering")]


def _settled(problem: AlternatingOffers, proposer: str, after: Mapping[str, sp.Expr]) -> Mapping[str, sp.Expr] | None:
    """What a refusal leads to once those who may leave have chosen; None if that depends on parameters."""
    for player in sorted(_exits(problem, proposer), key=lambda name: name != proposer):  # the proposer's choice comes later in time, so first here
        gain = sp.together(problem.outside[player] - after[player])
        if not gain.is_number:
            return None
        after = problem.outside if number_sign(gain) > 0 else after
    return after


def _claimed(problem: AlternatingOffers, proposer: str, share: sp.Expr | None, after: Mapping[str, sp.Expr], date: int) -> Iterator[Violation]:
    responder = next(name for name in problem.players if name != proposer)
    branches: list[tuple[Mapping[str, sp.Expr], Cell]] = [(after, Cell())]
    for player in sorted(_exits(problem, proposer), key=lambda name: name != proposer):
        branches = [branch for refused, where in branches for gain in (sp.together(problem.outside[player] - refused[player]),)
                    for branch in ((refused, where.where(-gain, GE)), (problem.outside, where.where(gain, GT)))]
    if share is None:
        best = [problem.agreement[player] for player in (proposer, responder)]
        for refused, where in branches:
            level = sp.solve(sp.Eq(best[1], refused[responder]), problem.share)[0]
            at_level, *at_ends = [[sp.together(best[k].subs(problem.share, point) - refused[p]) for k, p in enumerate((proposer, responder))]
                                  for point in (level, *(problem.between or ()))]
            for riser, inside in directions(problem):  # some shares that the responder likes better than the level must be possible
                for low, high in [problem.between] if problem.between is not None else ():
                    above, below = (GE, GT) if riser == responder else (GT, GE)
                    inside = inside.where(level - low, above).where(high - level, below)
                yield Violation(f"delay: both would gain by a deal at date {date}", at_level[0], where & inside)
            for gains in at_ends:
                yield Violation(f"delay: both would gain by a deal at date {date}", gains[0], where.where(gains[1], GT))
        return
    paid = _at(problem, share)
    for refused, where in branches:
        slack = sp.together(paid[responder] - refused[responder])
        yield Violation(f"refusal: {responder} gains at date {date}", -slack, where)
        yield Violation(f"delay: {proposer} gains by no deal at date {date}", sp.together(refused[proposer] - paid[proposer]), where)
        for riser, inside in directions(problem):
            room = sp.Integer(1)
            if problem.between is not None:
                room = problem.between[1] - share if riser == proposer else share - problem.between[0]
            yield Violation(f"proposal: {proposer} leaves too much at date {date}", sp.together(slack), (where & inside).where(sp.together(room), GT))
    for end in () if problem.between is None else (problem.between[0] - share, share - problem.between[1]):
        yield Violation(f"interval: the share at date {date} is outside", sp.together(end))


def _best(problem: AlternatingOffers, proposer: str, after: Mapping[str, sp.Expr]) -> Mapping[str, sp.Expr]:
    """With numbers: the best of all acceptable points of the frontier, or no deal."""
    responder = next(name for name in problem.players if name != proposer)
    refused = _settled(problem, proposer, after)
    assert refused is not None
    slope = sp.diff(problem.agreement[responder], problem.share)
    points = [(refused[responder] - problem.agreement[responder].subs(problem.share, 0)) / slope, *(problem.between or ())]
    inside = [p for p in points if problem.between is None or problem.between[0] <= p <= problem.between[1]]
    deals = [deal for deal in (_at(problem, point) for point in inside) if deal[responder] >= refused[responder] and deal[proposer] >= refused[proposer]]
    return max(deals, key=lambda deal: deal[proposer]) if deals else refused
