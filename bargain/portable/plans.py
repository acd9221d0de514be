"""Screening of finitely many types by plans, written as the offers and answers of every round, at the states that the plans name.

A state is how many of the opponents, the most eager first, have agreed. Payoffs of the side that offers are linear in the state between those at which plans
change, so that it is enough that she gains nothing at either end of a stretch, by a price that the plans answer or by one that nobody accepts; a price
between two of these leads where the higher one does, and one that everybody accepts is best when it is highest. What is asked at a price, and where it leads,
stands with the plans in the problem of the file; that to ask, to accept and to refuse so is worth as much as the plans say, and best for every type and for
who offers, is what is verified. To a price between two that are answered the marginal type must be indifferent by some mixture of the offers that follow,
which the clerk names, and under it no other type may gain. Sources: Fudenberg, Levine and Tirole (1985), in Roth (ed.), Game-Theoretic Models of Bargaining,
73-98; Gul, Sonnenschein and Wilson (1986), Journal of Economic Theory 39:155-190.
"""

from typing import Any

import sympy as sp

from bargain.certify.screening import Book
from bargain.equilibrium import Equilibrium
from bargain.errors import NotApplicable
from bargain.findings.screening import Screened, Step
from bargain.games.nodes import Node, Terminal
from bargain.games.screening import Screening
from bargain.portable.records import Records
from bargain.portable.refusals import REMEDY
from bargain.portable.stages import Staged, ask, bounds, value_of
from bargain.regions.cells import EQ

_ZERO, _M = sp.Integer(0), sp.Symbol("mixture", real=True)


def rounds(problem: Screening, solver: Any, e: Equilibrium) -> Staged:
    """Every round at every state, and what the opening is worth."""
    assert isinstance(e, Screened)
    if problem.notation.symbols or problem.horizon is None and any(value != 1 for value in (problem.lasting or {}).values()):
        raise NotApplicable("no portable certificate: its states depend on parameters, or on how often talks without an end go on", place="certificate",
                            remedy="add --at" if problem.notation.symbols else REMEDY)
    return _Draft(problem, e).staged()


class _Draft:
    """The stages of all rounds; types are players of their own."""

    def __init__(self, problem: Screening, e: Screened) -> None:
        self.problem, self.e, self.book = problem, e, Book(problem, e.plan)
        self.first, self.second = problem.players
        self.types = {name: f"{self.second} of type {name}" for name in problem.types}
        self.records = Records((*problem.players, *self.types.values()))
        self.last, self.endless = len(e.plan), problem.horizon is None
        self.discount = problem.discount[self.first], problem.discount[self.second]

    def staged(self) -> Staged:
        """All stages."""
        states = {_ZERO}
        for number in range(1, self.last + 1):
            plan = self.e.plan[number - 1]
            states |= {end for step in plan.offers for end in (step.low, step.high)}
            for place, step in enumerate([*plan.answers, *(step for step in plan.offers if step.price is None)]):
                self.answer(number, step, place)
            for place, step in enumerate(plan.answers):
                self.between(number, step, plan.answers[place + 1 : place + 2])
            for z in sorted(states - {sp.Integer(1)}):
                self.offers(number, z)
        self.opening()
        return self.records.staged("the states and prices are those of the plans", "talks")

    def after(self, number: int) -> int | None:
        """The round that follows a refusal; None after the last."""
        return 1 if self.endless else number + 1 if number < self.last else None

    def measure(self, number: int) -> sp.Expr:
        """More than the price of this round and the round that follows, taken by their weights."""
        return 2 / (1 - max(self.discount)) if self.endless else sp.Integer(2 * (self.last + 2 - number))

    def name(self, number: int, step: Step) -> str:
        """The stage of an answer, without the type."""
        return f"round {number}, {step.price} asked of {step.target}" if step.price is not None else f"round {number}, none accept from {step.low}"

    def worth(self, number: int | None, step: Step | None, k: int) -> sp.Expr:
        """The symbol of what a type gets from a round on, given its offer."""
        name = self.book.types[k]
        if step is None or number is None:
            return self.book.default[name]
        return value_of(f"{self.name(number, step)}: {name}", self.types[name])

    def refusal(self, number: int, k: int, step: Step | None) -> sp.Expr:
        """What a refusal is worth to a type, by the offer that follows it."""
        return sp.expand(self.book.refusal(k, self.worth(self.after(number), step, k)))

    def price(self, number: int, step: Step) -> str:
        """The stage in which the price of an answer is named: the side that offers is paid it, and the types pay it."""
        here, asked = f"price of round {number}, {step.price}", sp.sympify(step.price)
        if here not in self.records.stages:
            x = sp.Symbol("number", real=True)
            self.records.propose(here, self.records.clerk, {"number": (x, asked)}, (), {self.first: x, **dict.fromkeys(self.types.values(), -x)},
                                 {self.first: asked, **dict.fromkeys(self.types.values(), -asked)})
        return here

    def answer(self, number: int, step: Step, place: int) -> None:
        """A price, which every type accepts or refuses; or an offer that nobody accepts."""
        follows = self.book.behind(number, step) if step.price is None else self.book.follows(number, step)
        for k, name in enumerate(self.book.types):
            here, player = f"{self.name(number, step)}: {name}", self.types[name]
            refuse: Node = Terminal(self.records.paid({player: self.refusal(number, k, follows)}))
            value = self.book.utility(number, k, step)
            if step.price is not None:
                price, accepts = self.price(number, step), k <= step.marginal
                accept = Terminal(self.records.paid({player: self.problem.worth[name] + value_of(price, player)}))
                self.records.choices[player, here] = {"accept": sp.Integer(accepts), "refuse": sp.Integer(not accepts)}
                refuse = ask(player, {"accept": accept, "refuse": refuse})
            self.records.stages[here], self.records.values[here], self.records.measures[here] = refuse, self.records.paid({player: value}), self.measure(number)

    def between(self, number: int, step: Step, lower: tuple[Step, ...]) -> None:
        """Prices just below an answer: under some mixture of what follows the marginal type does not care, and no other gains; above the first: none accept."""
        assert step.price is not None
        worth, k = [self.problem.worth[name] for name in self.book.types], step.marginal
        if step == self.e.plan[number - 1].answers[0]:
            stays = next(iter(self.book.sides(self.last + 1 if self.after(number) is None else number + 1, _ZERO)), None)
            self.condition(f"round {number}, more than {step.price}", bounds(self.refusal(number, 0, stays) - worth[0] + step.price))
        if not lower or lower[0].price is None:
            return
        sides: list[Step | None] = list(self.book.sides(number + 1, step.target)) or [None]
        one = self.book.follows(number, step)
        other = next((side for side in sides if side != one), one)
        now, then = ([self.refusal(number, i, side) for i in range(len(worth))] for side in (one, other))
        mixed = [a + _M * (b - a) for a, b in zip(now, then, strict=True)]
        gains = [w - lower[0].price - m for w, m in zip(worth, mixed, strict=True)]
        if self.book.kind(step.target) > 0:  # all of the marginal type have agreed; the next must not accept
            self.condition(f"round {number}, below {step.price}", bounds(_M, 1 - _M, -gains[k + 1]), self.part(gains[k + 1]))
            return
        others = bounds(*(gain if i < k else -gain for i, gain in enumerate(gains) if i != k))
        self.condition(f"round {number}, below {step.price}", (*bounds(_M, 1 - _M), *others, (gains[k], EQ)), self.part(gains[k]))

    def part(self, gain: sp.Expr) -> sp.Expr:
        """The mixture at which a gain vanishes, within [0, 1]."""
        known = {value_of(stage, p): v for stage, own in self.records.values.items() for p, v in own.items()}
        plain = sp.expand(gain.xreplace({**known, **self.later(gain)}))
        slope = plain.coeff(_M, 1)
        return _ZERO if slope == 0 else min(max(-plain.coeff(_M, 0) / slope, _ZERO), sp.Integer(1))

    def later(self, gain: sp.Expr) -> dict[sp.Symbol, sp.Expr]:
        """What rounds that are not written yet are worth to types."""
        found = {}
        for number in range(1, self.last + 1):
            plan = self.e.plan[number - 1]
            for step in (*plan.answers, *plan.offers):
                for k, name in enumerate(self.book.types):
                    symbol = value_of(f"{self.name(number, step)}: {name}", self.types[name])
                    if symbol in gain.free_symbols:
                        found[symbol] = self.book.utility(number, k, step)
        return found

    def condition(self, name: str, inside: Any, mixture: sp.Expr = _ZERO) -> None:
        """A mixture that the clerk names within conditions."""
        self.records.propose(name, self.records.clerk, {"mixture": (_M, mixture)}, (*inside, *bounds(_M)), {}, {})

    def offers(self, number: int, z: sp.Expr) -> None:
        """The side that offers at a state: by the plan of the stretch above it, and of the one below."""
        plan, book = self.e.plan[number - 1], self.book
        k = next(k for k in range(len(book.types)) if z < book.ends[k + 1])
        after = self.after(number)
        moves: dict[str, Node] = {}
        for step in plan.answers:
            if step.target > z:
                left = book.mass(number, k, z)
                there = book.kind(step.target)
                rest = book.mass(number, step.marginal if there < 0 else there, step.target) if step.target != 1 else {}
                accept = sp.Add(*left.values()) - sp.Add(*rest.values())
                moves[f"ask {step.price}"] = self.end(number, rest, accept * value_of(self.price(number, step), self.first), after, step.target, step)
        moves["ask too much"] = self.end(number, book.mass(number, k, z), _ZERO, after, z, None)
        for word, own in (("above", [s for s in plan.offers if s.low <= z < s.high]), ("below", [s for s in plan.offers if s.low < z <= s.high])):
            if own:
                here, asked = f"round {number}, {z} agreed, {word}", own[0].price is not None and own[0].target != z
                chosen = f"ask {own[0].price}" if asked else "ask too much"
                step = own[0] if own[0].price is not None else Step(z, z, None, own[0].target, k)
                self.records.stages[here], self.records.measures[here] = ask(self.first, moves), self.measure(number)
                self.records.values[here] = self.records.paid({self.first: book.payoff(number, step, k, z), self.records.clerk: own[0].target if asked else z,
                                                               self.records.record: own[0].price if asked and own[0].price is not None else _ZERO})
                self.records.choices[self.first, here] = {name: sp.Integer(name == chosen) for name in moves}

    def end(self, number: int, rest: dict[int, sp.Expr], paid: sp.Expr, after: int | None, z: sp.Expr, step: Step | None) -> Terminal:
        """What follows a price: those left are lost to the end of the talks or stay; the record is paid the price, the clerk the state."""
        book = self.book
        lost = sp.Add(*(m * (-book.costs[self.first] + (1 - book.lasting[book.types[i]]) * book.ended[self.first]) for i, m in rest.items()))
        later = _ZERO
        if rest and after is None:
            remain = sp.Add(*(m * book.lasting[book.types[i]] for i, m in rest.items()))
            later = self.discount[0] * book.default[self.first] * remain
        elif rest:
            later = self.discount[0] * value_of(f"round {after}, {z} agreed, above", self.first)
        asked = step.price if step is not None and step.price is not None else _ZERO
        return Terminal(self.records.paid({self.first: paid + lost + later, self.records.record: asked, self.records.clerk: z}))

    def opening(self) -> None:
        """What the talks are worth to both sides, and to every type; who accepts on the path."""
        e, records = self.e, self.records
        opening = e.plan[0].offers[0]
        own, start = sp.Symbol("own", real=True), "round 1, 0 agreed, above"
        shares = {"own": (own, e.payoffs[self.first])}
        inside = [(own - value_of(start, self.first), EQ)]
        for k, (name, player) in enumerate(self.types.items()):
            u, here = sp.Symbol(name, real=True), f"{self.name(1, opening)}: {name}"
            records.values[here] = {**records.values[here], player: e.quantities[f"payoff of {name}"]}
            shares[name] = (u, e.quantities[f"payoff of {name}"])
            inside.append((u - self.worth(1, opening, k), EQ))
        paid = sp.Add(*(chance * shares[name][0] for name, chance in self.problem.types.items()))
        records.propose("talks", records.clerk, shares, tuple(inside), {self.first: own, self.second: paid}, dict(e.payoffs))
        self.path(opening)

    def path(self, opening: Step) -> None:
        """The demands on the path, and parts of types that accept them."""
        step: Step | None = opening
        number, gone, records = 1, _ZERO, self.records
        while step is not None and gone != 1:
            here = f"round {1 if self.endless else number}, {gone} agreed, " + ("above" if step.low <= gone < step.high else "below")
            if step.price is not None:
                reached, to = sp.symbols("reached target", real=True)
                start, end = max(gone, self.book.ends[step.marginal]), self.book.ends[step.marginal + 1]
                told = f"part of {self.book.types[step.marginal]} that accepts in round {number}"
                records.report(f"demand in round {number}", reached, self.e.quantities[f"demand in round {number}"],
                               {"price": (reached, self.e.quantities[f"demand in round {number}"])}, ((reached - value_of(here, records.record), EQ),))
                if told in self.e.quantities:
                    records.report(told, (to - start) / (end - start), self.e.quantities[told], {"target": (to, step.target)},
                                   ((to - value_of(here, records.clerk), EQ),))
                gone = step.target
                step = None if gone == 1 else self.book.follows(number, step)
            else:
                step = self.book.behind(number, step)
            number += 1
