"""Screening checked from the plans: no deviation in a single round, at any history.

Payoffs follow from playing the plans forward. In every round the side that offers must not gain by another price at either end of a stretch of
states (payoffs are linear between), every type must want what a price makes him do, and where next round's offer is a mixture of two, the mixture
that makes the marginal type indifferent must exist.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import sympy as sp

from bargain.certify.check import Violation
from bargain.findings.screening import Round, Screened, Step
from bargain.games.screening import Screening
from bargain.solution import Component, Equilibrium


def violations(problem: Screening, solver: Any, found: Equilibrium | Component) -> Iterator[Violation]:
    """The ways in which claimed plans could fail."""
    assert isinstance(found, Screened)
    book = Book(problem, found.plan)
    try:
        for number in range(1, len(found.plan) + 1):
            yield from _stretches(book, number)
            yield from _offers(book, number)
            yield from _answers(book, number)
        yield from _path(book, found)
    except Unplanned as gap:
        yield Violation(f"plan: {gap}", sp.Integer(1))


class Unplanned(Exception):  # noqa: N818 - a control signal, not an error
    """The plans say nothing about a history that they lead to."""


@lru_cache(maxsize=100_000)
def _same(left: sp.Expr, right: sp.Expr) -> bool:
    gap = left - right
    if gap.is_Rational:
        return bool(gap == 0)
    top = sp.expand(sp.fraction(sp.together(gap))[0])
    if top == 0 or not any(not power.exp.is_Integer for power in top.atoms(sp.Pow)):
        return bool(top == 0)  # polynomials in canonical form
    return bool(sp.simplify(top) == 0)


class Book:
    """The plans, and what they pay from any round on; `Unplanned` where they say nothing."""

    def __init__(self, problem: Screening, plan: tuple[Round, ...]) -> None:
        self.problem, self.plan, self.endless = problem, plan, problem.horizon is None
        self.first, self.second = problem.players
        self.types = list(problem.types)
        self.costs, self.ended, self.lasting, self.default = (dict(given or {}) for given in (problem.costs, problem.ended, problem.lasting, problem.default))
        self.ends = [sp.Integer(0)]
        for share in problem.types.values():
            self.ends.append(self.ends[-1] + share)
        self._utilities: dict[tuple[int, int, Step], sp.Expr] = {}

    def round(self, number: int) -> Round | None:
        """The plan of a round; None after the last."""
        if self.endless:
            return self.plan[0]
        return self.plan[number - 1] if number <= len(self.plan) else None

    def kind(self, z: sp.Expr) -> int:
        """For a point where a type is exhausted, the number of the next; -1 elsewhere."""
        return next((k for k, end in enumerate(self.ends) if _same(z, end)), -1)

    def present(self, number: int, k: int) -> sp.Expr:
        """The chance that type k has not been lost to the end of the talks before a round."""
        return self.lasting[self.types[k]] ** (number - 1)

    def mass(self, number: int, k: int, z: sp.Expr) -> dict[int, sp.Expr]:
        """Who is left where z have agreed, z lying in type k."""
        left = {k: (self.ends[k + 1] - z) * self.present(number, k)}
        return left | {i: (self.ends[i + 1] - self.ends[i]) * self.present(number, i) for i in range(k + 1, len(self.types))}

    def sides(self, number: int, z: sp.Expr) -> list[Step]:
        """The offers of a round where exactly z have agreed."""
        plan = self.round(number)
        if plan is None:
            return []
        found = [step for step in plan.offers if _same(step.low, z) or _same(step.high, z)]
        if not found:
            raise Unplanned(f"round {number} says nothing about the state {z}")
        return found

    def behind(self, number: int, step: Step) -> Step | None:
        """The offer of the next round on the stretch of an offer that nobody accepts."""
        plan = self.round(number + 1)
        if plan is None:
            return None
        for own in plan.offers:
            if _same(own.low, step.target):
                return own
        raise Unplanned(f"nothing follows an offer in round {number} that nobody accepts")

    def refusal(self, k: int, later: sp.Expr) -> sp.Expr:
        """What a refusal is worth to a type, by what it gets afterwards."""
        p, name = self.problem, self.types[k]
        on = self.lasting[name]
        return -self.costs[self.second] + on * p.discount[self.second] * later + (1 - on) * self.ended[self.second]

    def utility(self, number: int, k: int, step: Step | None) -> sp.Expr:
        """What a type gets from a round on, given its offer (None: after the last)."""
        if step is None:
            return self.default[self.types[k]]
        if step.price is not None and k <= step.marginal:
            return self.problem.worth[self.types[k]] - step.price
        key = (1 if self.endless else number, k, step)
        if key not in self._utilities:
            follows = self.behind(number, step) if step.price is None else self.follows(number, step)
            self._utilities[key] = self.refusal(k, self.utility(number + 1, k, follows))
        return self._utilities[key]

    def follows(self, number: int, answer: Step) -> Step | None:
        """Next round's offer after a price that some accept: the one that leaves the marginal type no better off by refusing."""
        options = self.sides(number + 1, answer.target)
        if not options:
            return None
        price = self.problem.worth[self.types[answer.marginal]] - answer.price
        for step in options:
            if _same(price, self.refusal(answer.marginal, self.utility(number + 1, answer.marginal, step))):
                return step
        raise Unplanned(f"{self.types[answer.marginal]} is not indifferent to {answer.price} in round {number}")

    def payoff(self, number: int, step: Step | None, k: int, z: sp.Expr) -> sp.Expr:
        """The first player's payoff from a round on where z, in type k, have agreed, counting only those who are left."""
        left = self.mass(number, k, z)
        if step is None:
            return self.default[self.first] * sp.Add(*left.values())
        target, after, accept = z, k, sp.Integer(0)
        if step.price is not None:
            target, after = step.target, self.kind(step.target)
            after = step.marginal if after < 0 else after
            remain = self.mass(number, after, target) if after < len(self.types) else {}
            accept = sp.Add(*left.values()) - sp.Add(*remain.values())
            left = remain
        total = accept * step.price if step.price is not None else sp.Integer(0)
        for i, mass in left.items():
            total += mass * (-self.costs[self.first] + (1 - self.lasting[self.types[i]]) * self.ended[self.first])
        if left:
            sides = self.sides(number + 1, target) if step.price is not None else []
            later = self.behind(number, step) if step.price is None else sides[-1] if sides else None
            total += self.problem.discount[self.first] * self.payoff(number + 1, later, after, target)
        return total

    def states(self, number: int) -> Iterator[tuple[Step, int]]:
        """Every stretch of a round with the type that lies on it."""
        plan, k = self.round(number), 0
        for step in plan.offers if plan else ():
            if k + 1 < len(self.ends) - 1 and _same(step.low, self.ends[k + 1]):
                k += 1
            yield step, k


def _equal(what: str, gap: sp.Expr) -> Iterator[Violation]:
    plain = sp.factor(sp.together(gap))
    yield from (Violation(what, side) for side in (plain, -plain))


def _stretches(book: Book, number: int) -> Iterator[Violation]:
    """The stretches fill [0, 1] in order; what is asked is an answer's price; payoffs do not jump between them."""
    plan = book.round(number)
    assert plan is not None
    steps, ends = list(book.states(number)), _ends(plan)
    if book.endless and any(step.price is None or _position(ends, step.target) <= place for place, (step, _) in enumerate(steps)):
        raise Unplanned("the talks stand still")
    yield from _equal("stretches: the first does not start at 0", steps[0][0].low)
    yield from _equal("stretches: the last does not end at 1", steps[-1][0].high - 1)
    prices = [(answer.price, answer.target, answer.marginal) for answer in plan.answers]
    for (step, k), (other, after) in zip(steps, [*steps[1:], (None, 0)], strict=True):
        yield Violation("stretches: one ends before it begins", step.low - step.high)
        if step.price is not None and (step.price, step.target, step.marginal) not in prices:
            yield Violation(f"stretches: the price {step.price} is not among the answers", sp.Integer(1))
        if other is not None:
            yield from _equal("stretches: there is a gap", other.low - step.high)
            yield from _equal("value: it jumps", book.payoff(number, other, after, step.high) - book.payoff(number, step, k, step.high))
    falling = [answer.price for answer in plan.answers if answer.price is not None]
    for high, low in zip(falling, falling[1:], strict=False):
        yield Violation("answers: prices do not fall", low - high)


def _offers(book: Book, number: int) -> Iterator[Violation]:
    """No other price is better at either end of any stretch, nor is one that nobody accepts."""
    plan = book.round(number)
    assert plan is not None
    ends = _ends(plan)
    below = book.round(number + 1)
    for place, (step, k) in enumerate(book.states(number)):
        choices = [Step(step.low, step.high, a.price, a.target, a.marginal) for a in plan.answers if _position(ends, a.target) > place]
        for z in (step.low, step.high):
            own = book.payoff(number, step, k, z)
            for choice in choices:
                yield Violation(f"offer: a demand of {choice.price} is better in round {number}", sp.factor(sp.together(book.payoff(number, choice, k, z) - own)))
            if not book.endless:
                waits = [Step(z, z, None, other.low, k) for other in (below.offers if below else ()) if _covers(below, other, plan, place)]
                for wait in waits or [Step(z, z, None, z, k)]:
                    yield Violation(f"offer: no demand is better in round {number}", sp.factor(sp.together(book.payoff(number, wait, k, z) - own)))


def _covers(below: Round | None, other: Step, plan: Round, place: int) -> bool:
    """Whether a stretch of the next round contains a stretch of this one (whose ends include those of the next)."""
    ends = _ends(plan)
    return below is not None and _position(ends, other.low) <= place < _position(ends, other.high)


def _ends(plan: Round) -> list[sp.Expr]:
    return [step.low for step in plan.offers] + [plan.offers[-1].high]


def _position(ends: list[sp.Expr], z: sp.Expr) -> int:
    for place, end in enumerate(ends):
        if _same(end, z):
            return place
    raise Unplanned(f"{z} is not the end of a stretch")


def _answers(book: Book, number: int) -> Iterator[Violation]:
    """At every price each type wants to do what the plan says."""
    plan = book.round(number)
    assert plan is not None
    worth = [book.problem.worth[name] for name in book.types]
    for answer in plan.answers[:1]:  # a price above all is refused by everybody, and the state stays 0
        stays = next(iter(book.sides(number + 1, sp.Integer(0))), None)
        gain = worth[0] - answer.price - book.refusal(0, book.utility(number + 1, 0, stays))
        yield Violation(f"answer: {book.types[0]} would accept more than {answer.price}", sp.factor(sp.together(gain)))
    for answer, lower in zip(plan.answers, [*plan.answers[1:], None], strict=True):
        k, exhausted = answer.marginal, book.kind(answer.target) > 0
        first = book.follows(number, answer)
        sides: list[Step | None] = list(book.sides(number + 1, answer.target)) or [None]
        now = {i: book.refusal(i, book.utility(number + 1, i, first)) for i in range(len(worth))}
        for i, refuse in now.items():
            gain = worth[i] - answer.price - refuse
            yield Violation(f"answer: {book.types[i]} to {answer.price} in round {number}", sp.factor(sp.together(-gain if i <= k else gain)))
        if lower is None:
            continue
        if exhausted:
            i = k + 1
            best = [worth[i] - lower.price - book.refusal(i, book.utility(number + 1, i, side)) for side in sides]
            yield Violation(f"answer: {book.types[i]} would accept more than {lower.price}", sp.factor(sp.together(sp.Min(*best) if len(best) > 1 else best[0])))
            continue
        other = next((side for side in sides if side != first), first)
        then = {i: book.refusal(i, book.utility(number + 1, i, other)) for i in range(len(worth))}
        yield Violation(f"answer: no mixture of offers makes {book.types[k]} indifferent below {answer.price}",
                        sp.factor(sp.together(worth[k] - lower.price - then[k])))
        for i in range(len(worth)):
            if i == k or _same(then[k], now[k]):
                continue
            part = (worth[k] - lower.price - now[k]) / (then[k] - now[k])
            gain = worth[i] - lower.price - now[i] - part * (then[i] - now[i])
            yield Violation(f"answer: {book.types[i]} to a price above {lower.price}", sp.factor(sp.together(-gain if i < k else gain)))


def _path(book: Book, found: Screened) -> Iterator[Violation]:
    """Payoffs and demands are those of the plans."""
    opening = found.plan[0].offers[0]
    yield from _equal(f"payoff: of {book.first}", book.payoff(1, opening, 0, sp.Integer(0)) - found.payoffs[book.first])
    own = {name: book.utility(1, k, opening) for k, name in enumerate(book.types)}
    yield from _equal(f"payoff: of {book.second}", sp.Add(*(book.problem.types[name] * u for name, u in own.items())) - found.payoffs[book.second])
    for name, value in own.items():
        yield from _equal(f"payoff: of type {name}", value - found.quantities[f"payoff of {name}"])
    step: Step | None = opening
    number = 1
    while step is not None:
        claimed = found.quantities.get(f"demand in round {number}")
        if (claimed is None) != (step.price is None):
            yield Violation(f"path: round {number} is not as planned", sp.Integer(1))
        elif claimed is not None:
            yield from _equal(f"path: the demand of round {number}", claimed - step.price)
        step = book.behind(number, step) if step.price is None else None if _same(step.target, sp.Integer(1)) else book.follows(number, step)
        number += 1
