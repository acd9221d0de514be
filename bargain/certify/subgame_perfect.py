"""One-shot deviations in a tree: no player gains by a single change at any node.

Values are recomputed from the strategies alone, bottom up; nothing of the solver is used.
By the one-shot-deviation principle (Hendon, Jacobsen and Sloth 1996, Games and Economic
Behavior 12:274-282, for finite trees folklore) the absence of such gains is subgame perfection.
Where information sets connect nodes, the unit of the principle is the stage: the part of a subgame up to its
proper subgames. There no player gains by any plan over her information sets in the stage.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from operator import getitem
from typing import Any, cast

import sympy as sp

from bargain.certify import rubinstein
from bargain.certify.check import Violation, read
from bargain.certify.deviations import plan_payoffs
from bargain.certify.share_rules import constant_pieces, reply_at
from bargain.errors import TooLarge
from bargain.games.game import Game
from bargain.games.information import imperfect, subgame_roots
from bargain.games.nodes import Bargain, Chance, Decision, History, Node, Offer, Simultaneous, Terminal, show
from bargain.regions.cells import GE, LE, Cell
from bargain.solution import Component, Equilibrium

Values = Mapping[str, sp.Expr]
_Inner = Decision | Chance | Offer | Simultaneous | Bargain


def violations(problem: Game, solver: Any, equilibrium: Equilibrium | Component) -> Iterator[Violation]:
    """Every one-shot deviation of an equilibrium with its gain, and the gap to the payoffs it claims."""
    if isinstance(equilibrium, Component):
        for vertex in equilibrium.vertices:
            yield from violations(problem, solver, vertex)
        for mixed in exchanged(equilibrium):
            check = _Check(problem, mixed)
            check.value(problem.root, ())
            yield from check.found
        return
    check = _Check(problem, equilibrium)
    values = check.value(problem.root, ())
    yield from check.found
    for player in problem.players:
        gap = sp.together(values[player] - equilibrium.payoffs[player])
        yield Violation(f"payoff: {player} gets more than claimed", gap)
        yield Violation(f"payoff: {player} gets less than claimed", -gap)
    for name, value in equilibrium.quantities.items():
        gaps = [value - other for key, other in equilibrium.quantities.items() if key.startswith(f"{name} after ")]
        for gap in (sp.Mul(*gaps), -sp.Mul(*gaps)) if gaps else ():
            yield Violation(f"proposal: {name} is the share of no node", sp.together(gap))
    story = check.story(problem.root, ())
    if story is not None and story != equilibrium.path:
        yield Violation(f"path: the strategies lead along {'/'.join(story)}", sp.Integer(1))


def exchanged(component: Component) -> Iterator[Equilibrium]:
    """The profiles that a maximal subset says to be equilibria too: one player's strategy of one vertex with the others' of another."""
    for subset in component.subsets:
        listed = [component.vertices[k] for k in subset]
        whole = {repr(vertex.strategies) for vertex in listed}
        for first, second in product(listed, repeat=2):
            for player in second.strategies:
                mixed = {**second.strategies, player: first.strategies[player]}
                if repr(mixed) not in whole:
                    whole.add(repr(mixed))
                    yield replace(second, strategies=mixed)


def story(problem: Game, equilibrium: Equilibrium) -> History | None:
    """The path that the strategies of an equilibrium lead along, as in `Equilibrium.path`."""
    return _Check(problem, equilibrium).story(problem.root, ())


class _Check:
    def __init__(self, game: Game, equilibrium: Equilibrium) -> None:
        self.game, self.claimed = game, equilibrium
        self.found: list[Violation] = []
        self.roots = frozenset(subgame_roots(game)) if imperfect(game) else None
        self.values: dict[History, Values] = {}

    def value(self, node: Node, history: History) -> Values:
        """What the strategies pay after a history; deviations met on the way are collected."""
        if isinstance(node, Terminal):
            return node.payoffs
        found = self._value(node, history)
        if self.roots is not None and history in self.roots:
            if not self._alone(node, history):
                self._stage(node, history, found)
            self.values[history] = found
        return found

    def _alone(self, node: Node, history: History) -> bool:
        """Whether a node is a stage of its own, so that the deviations there are those of one move."""
        if self.roots is None:
            return True
        return history in self.roots and all(isinstance(child, Terminal) or (*history, name) in self.roots for name, child in _children(node))

    def _stage(self, node: Node, history: History, found: Values) -> None:
        """No player gains by another plan in the stage that starts here; what follows the stage is as the strategies say."""
        for player in self.game.players:
            try:
                paid = plan_payoffs(self.game, history, self.values, self.claimed.strategies, player)
            except TooLarge as error:
                self.found.append(Violation(f"plan deviation: {error}", sp.Integer(1), open=True))
                continue
            for value in paid:
                self.found.append(Violation(f"plan deviation: {player} in the subgame after {show(history)}", sp.together(value - found[player])))

    def _value(self, node: _Inner, history: History) -> Values:
        if isinstance(node, Offer):
            return self._offer(node, history)
        if isinstance(node, Bargain):
            return self._bargain(node, history)
        after = {name: self.value(child, (*history, name)) for name, child in node.moves}
        if isinstance(node, Decision):
            strategy = self.claimed.strategies[node.player][node.information_set or show(history)]
            self._weights(node.player, history, strategy, tuple(after))
            mixed = self._mix({name: strategy.get(name, sp.Integer(0)) for name in after}, after)
            for name, values in after.items() if self._alone(node, history) else ():
                self._deviation(node.player, history, name, values[node.player] - mixed[node.player])
            return mixed
        if isinstance(node, Chance):
            return self._mix({name: probability for name, probability, _ in node.draws}, after)
        return self._simultaneous(node, history, after)

    def story(self, node: Node, history: History) -> History | None:
        """The path that the strategies lead along, in the words of `Equilibrium.path`; None if it ends in talks that fail."""
        if isinstance(node, Terminal):
            return ()
        if isinstance(node, Bargain):
            share = found_at(self.claimed, show(history)).get(f"{node.table.share}_{node.table.players[0]}")
            return None if share is None else (f"agree on {node.table.share} = {share}",)
        here, before = history, cast(History, ())
        if isinstance(node, Offer):
            here, before = (*history, f"offer {node.share}"), tuple(self.claimed.strategies[node.player][show(history)])
            reply = reply_at(self.claimed.strategies[node.answer.player][show(here)], node.share, self._stated(node, history)[0])
            played = [name for name, weight in reply.items() if weight == 1]
        elif isinstance(node, Decision):
            strategy = self.claimed.strategies[node.player][node.information_set or show(history)]
            played = [name for name, weight in strategy.items() if weight != 0]
        else:
            played = [name for name, _ in node.moves if self._reached(node, name, history)]
        moves = dict((node.answer if isinstance(node, Offer) else node).moves)
        if len(played) == 1 and not isinstance(node, Chance):
            rest = self.story(moves[played[0]], (*here, played[0]))
            return None if rest is None else (*before, played[0], *rest)
        parts = {name: self.story(moves[name], (*here, name)) for name in played}
        told = " | ".join("/".join((name, *rest)) for name, rest in parts.items() if rest is not None)
        return None if None in parts.values() else (*before, f"{{{told}}}")

    def _reached(self, node: Chance | Simultaneous, name: str, history: History) -> bool:
        if isinstance(node, Chance):
            return True
        cell = next(cell for cell in node.cells if ",".join(cell) == name)
        return all(self.claimed.strategies[player][show(history)][cell[place]] != 0 for place, player in enumerate(node.players))

    def _mix(self, weights: Mapping[str, sp.Expr], after: Mapping[str, Values]) -> Values:
        played = [name for name, weight in weights.items() if weight != 0]
        if len(played) == 1 and weights[played[0]] == 1:
            return after[played[0]]
        return {player: sp.Add(*(weights[name] * after[name][player] for name in played)) for player in self.game.players}

    def _weights(self, player: str, history: History, strategy: Mapping[str, sp.Expr], actions: tuple[str, ...], where: Cell = Cell()) -> None:
        """The strategy is a lottery over the actions there are."""
        for action, weight in strategy.items():
            self.found.append(Violation(f"probability: of {player}'s {action} is negative after {show(history)}", -weight, where))
        total = sp.together(sp.Add(*(strategy.get(action, sp.Integer(0)) for action in actions)))
        for excess in (total - 1, 1 - total):
            self.found.append(Violation(f"probability: {player}'s weights do not sum to one after {show(history)}", excess, where))

    def _deviation(self, player: str, history: History, action: str, gain: sp.Expr, where: Cell = Cell()) -> None:
        self.found.append(Violation(f"one-shot deviation: {player} to {action} after {show(history)}", gain, where))

    def _simultaneous(self, node: Simultaneous, history: History, after: Mapping[str, Values]) -> Values:
        strategies = [self.claimed.strategies[player][show(history)] for player in node.players]
        for index, player in enumerate(node.players):
            self._weights(player, history, strategies[index], node.actions[index])
        mixed = self._mix({",".join(cell): sp.Mul(*map(getitem, strategies, cell)) for cell in product(*node.actions)}, after)
        for index, player in enumerate(node.players) if self._alone(node, history) else ():
            for action in node.actions[index]:
                pure = [*strategies[:index], {action: sp.Integer(1)}, *strategies[index + 1:]]
                paid = sp.Add(*(sp.Mul(*map(getitem, pure, cell), after[",".join(cell)][player]) for cell in product(*node.actions) if cell[index] == action))
                self._deviation(player, history, action, sp.together(paid - mixed[player]))
        return mixed

    def _bargain(self, node: Bargain, history: History) -> Values:
        outside = {player: self.value(child, (*history, f"{player} walks away")) for player, child in node.outside.items()}
        for player in node.table.players:
            rule = self.claimed.strategies[player][show(history)]
            self._weights(player, history, rule, tuple(rule))
        return rubinstein.value_in_tree(node, outside, found_at(self.claimed, show(history)), self.found)

    def _offer(self, node: Offer, history: History) -> Values:
        here, share = (*history, f"offer {node.share}"), node.share
        after = {name: self.value(child, (*here, name)) for name, child in node.answer.moves}
        rule = self.claimed.strategies[node.answer.player][show(here)]
        proposals = self._proposals(node, history)
        pieces = constant_pieces(rule, share)
        inside = Cell().where(share - node.between[0], GE).where(share - node.between[1], LE)
        outcome = {player: self._mix(reply_at(rule, share, proposals[0]), after)[player].subs(share, proposals[0]) for player in self.game.players}
        for proposal in proposals:
            paid = self._mix(reply_at(rule, share, proposal), after)[node.player].subs(share, proposal)
            self._deviation(node.player, history, f"{share} = {proposal}", sp.expand(outcome[node.player] - paid))
        for condition, weights in pieces:
            self._weights(node.answer.player, here, weights, tuple(after), inside & condition)
            mixed = self._mix(weights, after)
            self._deviation(node.player, history, f"another {share}", sp.expand(mixed[node.player] - outcome[node.player]), inside & condition)
            for name in after:
                gain = sp.expand(after[name][node.answer.player] - mixed[node.answer.player])
                self._deviation(node.answer.player, here, name, gain, inside & condition)
        return outcome

    def _proposals(self, node: Offer, history: History) -> list[sp.Expr]:
        ends, stated = self._stated(node, history), self.claimed.strategies[node.player][show(history)]
        self._weights(node.player, history, stated, tuple(stated))
        symbols = {str(symbol): symbol for symbol in self.game.notation.symbols}
        for text in (name.removeprefix(f"{node.share} = ") for name in stated if name.startswith(f"{node.share} = ")):
            value = read(text, symbols)
            for gap in () if value is None else (value - ends[0], ends[0] - value):
                self.found.append(Violation(f"proposal: of {node.player} after {show(history)} is not the share reported", sp.together(gap)))
        for end in ends:
            self._deviation(node.player, history, "a share below the interval", node.between[0] - end)
            self._deviation(node.player, history, "a share above the interval", end - node.between[1])
        return ends

    def _stated(self, node: Offer, history: History) -> list[sp.Expr]:
        found, name = found_at(self.claimed, show(history)), str(node.share)
        return [found[name]] if name in found else [found[f"{name}_low"], found[f"{name}_high"]]


def _children(node: Node) -> tuple[tuple[str, Node], ...]:
    return () if isinstance(node, Terminal) else node.moves


def found_at(claimed: Equilibrium, place: str) -> Mapping[str, sp.Expr]:
    """The named numbers of one node: those marked with its place where several nodes have some, else all."""
    mark = f" after {place}"
    own = {name.removesuffix(mark): value for name, value in claimed.quantities.items() if name.endswith(mark)}
    return own or claimed.quantities
