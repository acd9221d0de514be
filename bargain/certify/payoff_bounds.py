"""Bounds on subgame-perfect payoffs, checked by acceptance thresholds.

From the claimed bounds alone: with R the least or greatest that refusing is worth to a responder, he takes more than the greatest R
and nothing below the least. Every claimed bound must equal what that implies. With discounting there is one such set of
bounds. Otherwise the operator is iterated here from all feasible payoffs, in interval arithmetic of its own, and must come down to
the claimed bounds.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any

import sympy as sp

from bargain.certify.check import Violation
from bargain.certify.waiting import directions
from bargain.games.alternating import AlternatingOffers
from bargain.regions.cells import EQ, GE, GT, LE, LT, Cell
from bargain.solution import Component, Equilibrium

Slot = tuple[str, int, str]
Bounds = dict[tuple[Slot, str, str], Any]
Ends = tuple[list[sp.Expr], list[sp.Expr]]
_NEAR = sp.Rational(1, 10**9)
_BITS = {sp.Integer(1): GT, sp.Integer(0): EQ, sp.Integer(-1): LT}


def violations(problem: AlternatingOffers, solver: Any, equilibrium: Equilibrium | Component) -> Iterator[Violation]:
    """Gaps between claimed bounds and their image, between bounds and payoffs, and (without contraction) their distance from the iterates."""
    ends = list(equilibrium.vertices) if isinstance(equilibrium, Component) else [equilibrium]
    first, second = problem.players
    bounds = _read(problem, ends[0])
    if bounds is None or any(_read(problem, end) != bounds for end in ends):
        yield Violation("bounds: not all reported", sp.Integer(1))
        return
    for slot in _slots(problem):
        for expected, where in _implied(problem, bounds, slot):
            for key, value in expected.items():
                gap = sp.together(bounds[key] - value)
                yield Violation(f"bounds: {key[1]} at {key[2]} when {slot[2]} proposes is too high", gap, where)
                yield Violation(f"bounds: {key[1]} at {key[2]} when {slot[2]} proposes is too low", -gap, where)
    opening = {slot: problem.turns[0][slot[2]] for slot in _slots(problem) if slot[1] == 0 and slot[0] == problem.states[0].name}
    at = {(player, end): sum(p * bounds[slot, player, end] for slot, p in opening.items()) for player in problem.players for end in ("least", "most")}
    claimed = [(first, "least"), (second, "most")], [(first, "most"), (second, "least")]
    for number, pairs in enumerate(claimed):
        paid = ends[min(number, len(ends) - 1)].payoffs
        for player, end in pairs:
            gap = sp.together(paid[player] - at[player, end])
            yield Violation(f"payoff: of {player} is not the bound", gap)
            yield Violation(f"payoff: of {player} is not the bound", -gap)
    if len(ends) == 2:
        assert problem.between is not None
        for vertex in ends:
            levels = [sp.solve(problem.agreement[player] - vertex.payoffs[player], problem.share)[0] for player in problem.players]
            for gap in (levels[0] - levels[1], levels[1] - levels[0], problem.between[0] - levels[0], levels[0] - problem.between[1]):
                yield Violation("continuum: an end is not an agreement", sp.together(gap))
    if problem.costs or _leavers(problem, "refused"):
        yield from _iterated(problem, bounds)


def _slots(problem: AlternatingOffers) -> list[Slot]:
    return [(state.name, date, proposer) for date, turn in enumerate(problem.turns) for state in problem.states for proposer in turn]


def _read(problem: AlternatingOffers, found: Equilibrium) -> Bounds | None:
    bounds: Bounds = {}
    for state, date, proposer in _slots(problem):
        where = f"{proposer} proposes" + (f" at {date}" if problem.order else "") + (f" in {state}" if len(problem.states) > 1 else "")
        for player, end in product(problem.players, ("least", "most")):
            value = found.quantities.get(f"{player} at {end} when {where}")
            if value is None:
                return None
            bounds[(state, date, proposer), player, end] = value
    return bounds


def _leavers(problem: AlternatingOffers, moment: str) -> list[str]:
    return [player for player in problem.players if problem.outside and problem.leaves.get(player, "" if problem.leaves else "answering") == moment]


def _going_on(problem: AlternatingOffers, bounds: Bounds, slot: Slot, player: str, end: str) -> Any:
    state = next(s for s in problem.states if s.name == slot[0])
    refuser = next(name for name in problem.players if name != slot[2])
    date = (slot[1] + 1) % len(problem.turns)
    factor = problem.discount[player] ** problem.lags.get(refuser, 1)
    later = sum(move * p * bounds[(name, date, proposer), player, end] for name, move in state.moves.items() for proposer, p in problem.turns[date].items())
    value = (1 - factor) * state.flow[player] + factor * later - problem.costs.get(player, 0)
    if problem.breakdown is None:
        return value
    return value + problem.breakdown.probability * (problem.breakdown.payoffs[player] - value)


def _implied(problem: AlternatingOffers, bounds: Bounds, slot: Slot) -> Iterator[tuple[Bounds, Cell]]:
    """Each case of who would leave and what fits into the interval, with the bounds it implies; cases hold on cells."""
    proposer = slot[2]
    responder = next(name for name in problem.players if name != proposer)
    assert problem.between is not None
    ends = [[problem.agreement[player].subs(problem.share, end) for player in (proposer, responder)] for end in problem.between]
    for riser, where in directions(problem):
        yield from _implied_if(problem, bounds, slot, (ends[1], ends[0]) if riser == proposer else (ends[0], ends[1]), where)


def _implied_if(problem: AlternatingOffers, bounds: Bounds, slot: Slot, ends: Ends, within: Cell) -> Iterator[tuple[Bounds, Cell]]:
    """The cases of a slot, where the proposer likes the first of the two ends (his payoff, the responder's) better."""
    proposer = slot[2]
    responder = next(name for name in problem.players if name != proposer)
    (top, low), (bottom, high) = ends
    rate = (top - bottom) / (high - low)  # what the proposer gives up per unit for the responder
    refuse = {(player, end): _going_on(problem, bounds, slot, player, end) for player in problem.players for end in ("least", "most")}
    for refused, where in _left(problem, bounds, slot, refuse):
        cases: list[tuple[Bounds, Cell]] = [({}, where & within)]
        for end, mirror in (("least", "most"), ("most", "least")):
            need, waits = refused[responder, end], refused[proposer, mirror]
            fresh: list[tuple[Bounds, Cell]] = []
            for level, inside in ((low, Cell().where(low - need, GT)), (need, Cell().where(need - low, GE).where(high - need, GE))):
                keeps = top - rate * (level - low)
                deal, wait = inside.where(keeps - waits, GE), inside.where(waits - keeps, GT)
                fresh += [({(slot, responder, end): level, (slot, proposer, mirror): keeps}, deal)]
                fresh += [({(slot, responder, end): need, (slot, proposer, mirror): waits}, wait)]
            fresh.append(({(slot, responder, end): need, (slot, proposer, mirror): waits}, Cell().where(need - high, GT)))
            cases = [({**known, **new}, cell & more) for known, cell in cases for new, more in fresh]
        yield from cases


def _left(problem: AlternatingOffers, bounds: Bounds, slot: Slot, refuse: dict[tuple[str, str], Any]) -> Iterator[tuple[dict[tuple[str, str], Any], Cell]]:
    proposer = slot[2]
    responder = next(name for name in problem.players if name != proposer)
    out = problem.outside
    gone = {(player, end): out[player] for player in out for end in ("least", "most")}
    if proposer in _leavers(problem, "refused"):  # numbers only
        if out[proposer] > refuse[proposer, "most"]:
            refuse = gone
        elif out[proposer] >= refuse[proposer, "least"]:
            factor = problem.discount[proposer] ** problem.lags.get(responder, 1)
            flow = next(s for s in problem.states if s.name == slot[0]).flow[proposer]
            p = problem.breakdown.probability if problem.breakdown else 0
            after = out[proposer] - p * problem.breakdown.payoffs[proposer] if problem.breakdown else out[proposer]
            needs = (after / (1 - p) - (1 - factor) * flow + problem.costs.get(proposer, 0)) / factor
            (following,) = {key[0] for key in bounds if key[0][1] == (slot[1] + 1) % len(problem.turns)}
            share = sp.solve(problem.agreement[proposer] - max(needs, bounds[following, proposer, "least"]), problem.share)[0]
            rest = min(problem.agreement[responder].subs(problem.share, share), bounds[following, responder, "most"])
            going = _going_on(problem, {**bounds, (following, responder, "most"): rest}, slot, responder, "most")
            refuse = {(proposer, "least"): out[proposer], (proposer, "most"): refuse[proposer, "most"],
                      (responder, "least"): min(out[responder], refuse[responder, "least"]), (responder, "most"): max(out[responder], going)}
    if responder not in _leavers(problem, "answering"):
        yield refuse, Cell()
        return
    low, high = (out[responder] - refuse[responder, end] for end in ("least", "most"))
    yield refuse, Cell().where(low, LE)
    yield gone, Cell().where(high, GT)
    mixed = {**refuse, (responder, "least"): out[responder]}
    between = Cell().where(low, GT).where(high, LE)
    for least, worse in ((out[proposer], LE), (refuse[proposer, "least"], GT)):
        for most, better in ((out[proposer], GE), (refuse[proposer, "most"], LT)):
            where = between.where(out[proposer] - refuse[proposer, "least"], worse).where(out[proposer] - refuse[proposer, "most"], better)
            yield {**mixed, (proposer, "least"): least, (proposer, "most"): most}, where


def _iterated(problem: AlternatingOffers, claimed: Bounds) -> Iterator[Violation]:
    """The operator iterated from all feasible payoffs, each bound rounded outwards to a multiple of 1e-12, must not stop short of the claim."""
    assert problem.between is not None
    ends = {player: sorted(value.subs(problem.share, end) for end in problem.between) for player, value in problem.agreement.items()}
    extra = {player: [state.flow[player] for state in problem.states] + [problem.outside.get(player, 0)] for player in problem.players}
    if problem.breakdown is not None:
        extra = {player: [*values, problem.breakdown.payoffs[player]] for player, values in extra.items()}
    now: Bounds = {(slot, player, end): (min if end == "least" else max)([*ends[player], *extra[player]])
                   for slot in _slots(problem) for player in problem.players for end in ("least", "most")}
    for _ in range(600):
        fresh = dict(now)
        for slot in _slots(problem):
            for expected, where in _implied(problem, now, slot):
                if all(mask & _BITS[sp.sign(body)] for body, mask in where.atoms):
                    fresh |= {key: _outwards(value, key[2]) for key, value in expected.items()}
                    break
        if all(abs(fresh[key] - claimed[key]) < _NEAR for key in claimed):
            break
        if fresh == now:
            break
        now = fresh
    for key, value in claimed.items():
        gap = fresh[key] - value if key[2] == "most" else value - fresh[key]
        yield Violation(f"iteration: stops above the claimed bound of {key[1]}", max(gap - _NEAR, sp.Integer(0)))


def _outwards(value: Any, end: str) -> sp.Rational:
    scaled = sp.Rational(value) * 10**12
    return sp.Rational(sp.floor(scaled) if end == "least" else sp.ceiling(scaled), 10**12)
