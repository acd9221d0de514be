"""Extensive-form perfection checked from its definition, along the trembles that come with each equilibrium, and refutations repeated.

Along the trembles every action has positive probability for all small epsilon > 0, probabilities sum to one, and they tend to
the strategies; what an action earns at an information set, summed over its nodes with their probabilities of being reached, is recomputed by
walking from each node to the ends. Every action played earns at least as much as every other one: the difference is a ratio of
polynomials in epsilon, whose coefficient at the lowest power decides. For a family this is shown where its conditions hold strictly;
these are linear, so that the range is the closure of that part, and limits of perfect equilibria are perfect (Selten 1975). For what
was dropped it is decided again, from gains derived here, that no completely mixed profile nearby satisfies the conditions.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import sympy as sp

from bargain.certify.check import Violation, paired
from bargain.findings.selected import Fallen, TremblingHand
from bargain.games.game import Game
from bargain.games.information import InformationSet, information_sets, place, successive
from bargain.games.nodes import Chance, Decision, History, Node, Terminal, show
from bargain.notation import Notation, Parameter
from bargain.regions.cells import EQ, GE, GT, LE, LT, Cell
from bargain.regions.space import Space
from bargain.solution import Component, Equilibrium

_EPSILON = sp.Symbol("epsilon", positive=True)
_WRONG = sp.Integer(1)
Profile = Mapping[str, Mapping[str, sp.Expr]]


def violations(problem: Game, solver: Any, equilibrium: Equilibrium | Component) -> Iterator[Violation]:
    """Every way in which a claimed perfect equilibrium, or a family of them, can fail."""
    assert isinstance(equilibrium, TremblingHand)
    check = _Check(successive(problem), equilibrium)
    yield from check.range()
    for violation in check.all():
        yield Violation(violation.what, violation.excess, violation.where & check.inside, violation.open)
    for fallen in equilibrium.fallen:
        yield from check.again(fallen)


class _Check:
    def __init__(self, game: Game, claimed: TremblingHand) -> None:
        self.game, self.claimed, self.sets = game, claimed, information_sets(game)
        self.plan = _flat(claimed.strategies)
        self.inside = Cell(tuple((body, {GE: GT, LE: LT}.get(mask, mask)) for body, mask in claimed.free.atoms))

    def range(self) -> Iterator[Violation]:
        """The conditions on free symbols are linear inequalities that can hold strictly together."""
        symbols = sorted(self.inside.symbols, key=str)
        for body, mask in self.inside.atoms:
            linear = mask in (LT, GT) and sp.Poly(body, *body.free_symbols).total_degree() == 1
            yield Violation("family: a condition is not a linear inequality", sp.Integer(int(not linear)))
        if symbols:
            empty = not Space(Notation(tuple(Parameter(s, "free") for s in symbols))).feasible(self.inside).answer
            yield Violation("family: the conditions have no inside", sp.Integer(int(empty)))

    def all(self) -> Iterator[Violation]:
        """Lotteries, limits, replies, beliefs and payoffs."""
        missing = [own.name for own in self.sets if set(self.claimed.trembles.get(own.name, {})) != set(own.actions)]
        if missing:
            yield Violation(f"trembles: an action at {missing[0]} has none", _WRONG)
            return
        for own in self.sets:
            yield from self.trembling(own)
            yield from self.replying(own)
            if len(own.members) > 1:
                yield from self.believing(own)
        paid = _worth(self.game.root, (), self.plan, self.game.players)
        for player, value in self.claimed.payoffs.items():
            gap = sp.cancel(sp.together(paid[player] - value))
            yield Violation(f"payoff: {player}", sp.Integer(int(gap != 0)))

    def trembling(self, own: InformationSet) -> Iterator[Violation]:
        """A lottery with full support that tends to the strategy."""
        chances = self.claimed.trembles[own.name]
        for weights, what in ((chances, "trembles"), (self.plan[own.name], "strategy")):
            yield Violation(f"{what}: at {own.name} do not sum to one", sp.Integer(int(sp.cancel(sp.together(sp.Add(*weights.values()) - 1)) != 0)))
        for action, chance in chances.items():
            yield Violation(f"trembles: {action} at {own.name} lacks a positive chance", _WRONG, _lowest(chance, LE))
            gap = sp.fraction(sp.cancel(sp.together(chance - self.plan[own.name][action])))
            tends = gap[0].subs(_EPSILON, 0) == 0 and gap[1].subs(_EPSILON, 0) != 0
            yield Violation(f"trembles: {action} at {own.name} tends elsewhere", sp.Integer(int(not tends)))

    def replying(self, own: InformationSet) -> Iterator[Violation]:
        """No action earns more than one that is played."""
        earned = {action: sp.Integer(0) for action in own.actions}
        for member in own.members:
            reach = sp.Mul(*(chance for mover, chance in _moves(self.game, member, self.claimed.trembles) if mover != own.player))
            for action in own.actions:
                node = self.game.node(*member, action)
                earned[action] += reach * _worth(node, (*member, action), self.claimed.trembles, self.game.players)[own.player]
        for action, chance in self.plan[own.name].items():
            for other in own.actions if chance != 0 else ():
                gap = sp.cancel(sp.together(earned[other] - earned[action]))
                better = Cell(((sp.Integer(1), 0),)) if gap == 0 else _lowest(gap, GE)
                yield Violation(f"reply: {own.player} prefers {other} to {action} at {own.name}", _WRONG, better)

    def believing(self, own: InformationSet) -> Iterator[Violation]:
        """Beliefs are limits of conditional probabilities."""
        reach = [sp.Mul(*(chance for _, chance in _moves(self.game, member, self.claimed.trembles))) for member in own.members]
        for member, here in paired(own.members, reach):
            top, bottom = sp.fraction(sp.cancel(sp.together(here / sp.Add(*reach) - self.claimed.beliefs[own.name][show(member)])))
            yield Violation(f"belief: at {show(member)} is no limit", sp.Integer(int(top.subs(_EPSILON, 0) != 0 or bottom.subs(_EPSILON, 0) == 0)))

    def again(self, fallen: Fallen) -> Iterator[Violation]:
        """What was dropped: completely mixed profiles within the radius, all probabilities unknown, and what the set asks of them."""
        plan = _flat(fallen.strategies)
        free = sorted(set().union(*(p.free_symbols for actions in plan.values() for p in actions.values())), key=str)
        chances = {own.name: {action: sp.Symbol(f"chance {k} {j}", real=True) for j, action in enumerate(own.actions)} for k, own in enumerate(self.sets)}
        cell, last = fallen.free, {}
        for own in self.sets:
            *others, base = [chances[own.name][a] for a in sorted(own.actions, key=lambda a, own=own: plan[own.name][a] != 0)]  # type: ignore[misc]
            last[base] = 1 - sp.Add(*others)
        for own in self.sets:
            for action, symbol in chances[own.name].items():
                value, limit = last.get(symbol, symbol), plan[own.name][action]
                cell = cell.where(value, GT).where(value - limit - fallen.radius * len(own.actions), LE).where(value - limit + fallen.radius * len(own.actions), GE)
        profile = {name: {a: last.get(s, s) for a, s in actions.items()} for name, actions in chances.items()}
        for own in self.sets:
            if fallen.at in ("", own.name):
                cell = self.asked(own, plan, profile, cell)
        rows = tuple(Parameter(s, "unknown", domain="[0, 1]") for s in (*free, *(s for actions in chances.values() for s in actions.values() if s not in last)))
        verdict = Space(Notation(rows), timeout_ms=10_000).feasible(cell)
        yield Violation(f"dropped: {fallen.at or 'a profile'} may be perfect", sp.Integer(int(verdict.answer is not False)), open=verdict.answer is not False)

    def asked(self, own: InformationSet, plan: Profile, profile: Profile, cell: Cell) -> Cell:
        """Actions played earn the same, others no more."""
        earned = {action: sp.Add(*(sp.Mul(*(chance for mover, chance in _moves(self.game, member, profile) if mover != own.player))
                                   * _worth(self.game.node(*member, action), (*member, action), profile, self.game.players)[own.player]
                                   for member in own.members)) for action in own.actions}
        played = [action for action, p in plan[own.name].items() if p != 0]
        for action in own.actions:
            if action != played[0]:
                cell = cell.where(sp.expand(earned[played[0]] - earned[action]), EQ if action in played else GE)
        return cell


def _flat(strategies: Mapping[str, Mapping[str, Mapping[str, sp.Expr]]]) -> dict[str, Mapping[str, sp.Expr]]:
    return {name: actions for nodes in strategies.values() for name, actions in nodes.items()}


def _moves(game: Game, member: History, profile: Profile) -> Iterator[tuple[str, sp.Expr]]:
    """Who moved on the way to a node ("" for nature), and the probability of the move."""
    nodes: list[Node] = [game.node(*member[:depth]) for depth in range(len(member) + 1)]
    for depth, (node, _) in enumerate(pairwise(nodes)):
        if isinstance(node, Chance):
            yield "", next(p for name, p, _ in node.draws if name == member[depth])
        else:
            assert isinstance(node, Decision)
            yield node.player, profile[place(node, member[:depth])][member[depth]]


def _worth(node: Node, history: History, profile: Profile, players: tuple[str, ...]) -> dict[str, sp.Expr]:
    """Expected payoffs from a node on."""
    if isinstance(node, Terminal):
        return dict(node.payoffs)
    assert isinstance(node, Decision | Chance)
    chances = {name: p for name, p, _ in node.draws} if isinstance(node, Chance) else profile[place(node, history)]
    after = [(chances[name], _worth(child, (*history, name), profile, players)) for name, child in node.moves]
    return {player: sp.Add(*(p * paid[player] for p, paid in after)) for player in players}


def _lowest(ratio: sp.Expr, mask: int) -> Cell:
    """Where the coefficient at the lowest power of epsilon has a sign in `mask`; the empty cell if it never has."""
    top, bottom = (sp.Poly(part, _EPSILON).EC() for part in sp.fraction(sp.cancel(sp.together(ratio))))
    return Cell().where(sp.cancel(top * bottom), mask)
