"""Assessments checked from their definition: sequential rationality, Bayes' rule, and consistency by explicit trembles.

The checks recompute everything from strategies and beliefs. Consistency: along the perturbed strategies that come
with the equilibrium every action has positive probability for small epsilon > 0, they tend to the strategies, and the
Bayesian beliefs along them, compared at the lowest power of epsilon, tend to the beliefs. For a family every
check is made for all values of its free symbols, and every parameter of the regime is shown to leave such values.
Source: Kreps and Wilson (1982), Econometrica 50:863-894; for sequential equilibria one-step deviations suffice
(Hendon, Jacobsen and Sloth 1996, Games and Economic Behavior 12:274-282), for weak perfect Bayesian ones all plans are tried.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import sympy as sp

from bargain.certify.check import Violation
from bargain.games.disturbed import UniformCost, played_out
from bargain.games.information import InformationSet, information_sets, place, successive
from bargain.games.nodes import Chance, Decision, History, Node, Terminal, show
from bargain.regions.cells import LE, Cell
from bargain.regions.space import Space
from bargain.solution import Component, Equilibrium, Solution

_EPSILON = sp.Symbol("epsilon", positive=True)
Plan = Mapping[str, Mapping[str, sp.Expr]]


def violations(problem: Any, solver: Any, equilibrium: Equilibrium | Component) -> Iterator[Violation]:
    """Every way in which an assessment, or a member of a family, can fail."""
    assert isinstance(equilibrium, Equilibrium)
    check = _Check(problem, equilibrium)
    for violation in check.all():
        yield Violation(violation.what, violation.excess, violation.where & equilibrium.free, violation.open)


def existence(solution: Solution, space: Space) -> Iterator[tuple[bool | None, str]]:
    """For every family, whether each parameter point of its regime leaves some values of its free symbols."""
    known = set(space.notation.symbols)
    for number, regime in enumerate(solution.regimes):
        for equilibrium in regime.extreme():
            for cell in regime.condition if equilibrium.free.atoms else ():
                verdict = space.unmatched(cell, equilibrium.free, sorted(equilibrium.free.symbols - known, key=str))
                yield None if verdict.unknown else not verdict.answer, f"family {number + 1} exists on {cell}"


class _Check:
    def __init__(self, problem: Any, equilibrium: Equilibrium) -> None:
        game, costs = played_out(problem)
        self.game, self.costs, self.claimed = successive(game), costs, equilibrium
        self.sets = information_sets(self.game)
        self.plan = {own.name: equilibrium.strategies[own.player][own.name] for own in self.sets}
        self.strict = equilibrium.concept == "sequential equilibrium"

    def all(self) -> Iterator[Violation]:
        yield from self.probabilities()
        values = self.value(self.game.root, (), self.plan)
        for player in self.game.players:
            yield from _equal(f"payoff: {player}", values[player], self.claimed.payoffs[player])
        for own in self.sets:
            yield from self.rational(own) if self.strict else self.unimprovable(own)
        yield from self.consistent() if self.strict else self.bayes()

    def probabilities(self) -> Iterator[Violation]:
        named = [*((f"strategy at {s.name}", list(self.plan[s.name].values())) for s in self.sets),
                 *((f"belief at {name}", list(nodes.values())) for name, nodes in self.claimed.beliefs.items())]
        for where, weights in named:
            for weight in weights:
                yield Violation(f"probability: {where} is negative", -weight)
            yield from _equal(f"probability: {where} adds up", sp.Add(*weights), sp.Integer(1))

    def belief(self, own: InformationSet) -> dict[History, sp.Expr]:
        if len(own.members) == 1:
            return {own.members[0]: sp.Integer(1)}
        return {member: self.claimed.beliefs[own.name][show(member)] for member in own.members}

    # Rationality

    def value(self, node: Node, history: History, plan: Plan) -> dict[str, sp.Expr]:
        """Expected payoffs after a history, private costs paid."""
        if isinstance(node, Terminal):
            return dict(node.payoffs)
        assert isinstance(node, Decision | Chance)
        chances = {name: p for name, p, _ in node.draws} if isinstance(node, Chance) else plan[place(node, history)]
        total = dict.fromkeys(self.game.players, sp.Integer(0))
        for name, child in node.moves:
            if chances[name] != 0:
                after = self.value(child, (*history, name), plan)
                total = {player: total[player] + chances[name] * after[player] for player in total}
        if isinstance(node, Decision) and place(node, history) in self.costs:
            total[node.player] -= _average(self.costs[place(node, history)], chances)
        return total

    def gains(self, own: InformationSet, plan: Plan) -> dict[str, sp.Expr]:
        """What each action earns at an information set under the stated beliefs, its private cost left out."""
        return {action: sp.Add(*(w * self.value(self.game.node(*member, action), (*member, action), plan)[own.player]
                                 for member, w in self.belief(own).items() if w != 0)) for action in own.actions}

    def rational(self, own: InformationSet) -> Iterator[Violation]:
        """No other mixture, and with a private cost no other threshold, earns more."""
        earned, played = self.gains(own, self.plan), self.plan[own.name]
        cost = self.costs.get(own.name)
        if cost is not None:
            yield from self.threshold(own, cost, earned)
            earned = {action: value for action, value in earned.items() if action != cost.action}
        share = sp.Add(*(played[action] for action in earned))
        kept = sp.Add(*(played[action] * value for action, value in earned.items()))
        for action, value in earned.items():
            yield Violation(f"deviation: {own.player} to {action} at {own.name}", sp.together(share * value - kept))

    def threshold(self, own: InformationSet, cost: UniformCost, earned: Mapping[str, sp.Expr]) -> Iterator[Violation]:
        """The chance p of the costly action: its gain is low + p(high - low), below low at p = 0 or above high at p = 1 allowed."""
        p = self.plan[own.name][cost.action]
        others = [action for action in earned if action != cost.action]
        for action in others:
            played = self.plan[own.name][action]
            gap = earned[cost.action] - earned[action] - cost.low - p * (cost.high - cost.low)
            yield Violation(f"threshold: {cost.action} at {own.name} is taken too often", sp.together(-gap * p))
            yield Violation(f"threshold: {cost.action} at {own.name} is taken too seldom", sp.together(gap * played))

    def unimprovable(self, own: InformationSet) -> Iterator[Violation]:
        """No plan for this set and the player's later ones earns more; with private costs, and no later set, no threshold."""
        if own.name in self.costs:
            yield from self.rational(own)
            return
        later = [s for s in self.sets if s.player == own.player and self._after(s, own)]
        kept = self._worth(own, self.plan)
        for choice in product(*([(s, taken) for taken in s.actions] for s in (own, *later))):
            plan = {**self.plan, **{s.name: {a: sp.Integer(int(a == taken)) for a in s.actions} for s, taken in choice}}
            told = ", ".join(taken for _, taken in choice)
            yield Violation(f"deviation: {own.player} to {told} at {own.name}", sp.together(self._worth(own, plan) - kept))

    def _after(self, later: InformationSet, own: InformationSet) -> bool:
        return later.name != own.name and any(member[: len(first)] == first for member in later.members for first in own.members)

    def _worth(self, own: InformationSet, plan: Plan) -> sp.Expr:
        return sp.Add(*(w * self.value(self.game.node(*member), member, plan)[own.player]
                        for member, w in self.belief(own).items() if w != 0))

    # Beliefs

    def moves_to(self, member: History, plan: Plan | None = None) -> dict[tuple[str, str], sp.Expr]:
        """The moves on the way to a node, (place, action), with their probabilities."""
        found, plan = {}, plan or self.plan
        for depth, name in enumerate(member):
            node = self.game.node(*member[:depth])
            assert isinstance(node, Decision | Chance)
            if isinstance(node, Chance):
                found[f"nature: {show(member[:depth])}", name] = next(p for draw, p, _ in node.draws if draw == name)
            else:
                found[place(node, member[:depth]), name] = plan[place(node, member[:depth])][name]
        return found

    def bayes(self) -> Iterator[Violation]:
        """Beliefs are conditional probabilities where the set is reached."""
        for own in self.sets:
            reach = {member: sp.Mul(*self.moves_to(member).values()) for member in own.members}
            total = sp.Add(*reach.values())
            for member, weight in self.belief(own).items():
                yield from _equal(f"Bayes: {own.name}", sp.expand(weight * total), sp.expand(reach[member]))

    def consistent(self) -> Iterator[Violation]:
        """Beliefs are limits of conditional probabilities along the trembles."""
        perturbed: dict[str, dict[str, sp.Expr]] = {}
        for own in self.sets:
            perturbed[own.name] = {}
            for action, p in self.plan[own.name].items():
                tremble = self.claimed.trembles.get(own.name, {}).get(action, sp.Integer(0)) if p == 0 else p
                perturbed[own.name][action] = tremble
                if p == 0:
                    yield from self.positive(own, action, tremble)
                else:
                    yield Violation(f"tremble: {action} at {own.name} may have probability zero", sp.Integer(1), Cell().where(p, LE))
        for own in self.sets:
            if len(own.members) > 1:
                yield from self.limit(own, perturbed)

    def positive(self, own: InformationSet, action: str, tremble: sp.Expr) -> Iterator[Violation]:
        """A tremble is positive for small epsilon and tends to zero: its coefficients are not negative, the last one is positive."""
        powers = _powers(tremble)
        if not powers or min(powers) < 1:
            yield Violation(f"tremble: {action} at {own.name} does not tremble", sp.Integer(1))
            return
        for coefficient in powers.values():
            yield Violation(f"tremble: {action} at {own.name} is negative", -coefficient)
        yield Violation(f"tremble: {action} at {own.name} may vanish", sp.Integer(1), Cell().where(powers[max(powers)], LE))

    def limit(self, own: InformationSet, perturbed: Plan) -> Iterator[Violation]:
        """The lowest power of epsilon decides; moves that lead to every node of the set cancel."""
        common = frozenset.intersection(*(frozenset(self.moves_to(member)) for member in own.members))
        reach = {member: _powers(sp.Mul(*(p for move, p in self.moves_to(member, perturbed).items() if move not in common))) for member in own.members}
        for order in sorted(set().union(*reach.values())):
            terms = {member: powers.get(order, sp.Integer(0)) for member, powers in reach.items()}
            total = sp.cancel(sp.Add(*terms.values()))
            for member, weight in self.belief(own).items():
                yield from _equal(f"consistency: {own.name}", sp.together(weight * total), sp.together(terms[member]))
            if total != 0:
                yield Violation(f"consistency: {own.name} is not reached at the lowest order", sp.Integer(1), Cell().where(total, LE))
                return


def _powers(expression: sp.Expr) -> dict[int, sp.Expr]:
    """Coefficients by power of epsilon, those that are zero left out."""
    poly = sp.Poly(sp.expand(expression), _EPSILON)
    return {power: sp.cancel(coefficient) for (power,), coefficient in poly.terms() if coefficient != 0}


def _average(cost: UniformCost, chances: Mapping[str, sp.Expr]) -> sp.Expr:
    """The cost paid on average by a mover who acts at the lowest costs: the integral of low + t(high - low) over t up to p."""
    p, t = chances[cost.action], sp.Dummy("t")
    return sp.integrate(cost.low + t * (cost.high - cost.low), (t, 0, p))


def _equal(what: str, left: sp.Expr, right: sp.Expr) -> Iterator[Violation]:
    gap = sp.cancel(sp.together(left - right))
    if gap != 0:
        yield Violation(f"{what}: too much", gap)
        yield Violation(f"{what}: too little", -gap)
    else:
        yield Violation(f"{what}: equal", sp.Integer(0))
