"""The tree as the search for assessments reads it: paths, continuation values, and strategies by support.

A support is a set of actions at an information set that are played with positive probability; the probabilities
of all but its last action are unknowns, named "Pr(action | information set)".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable
from bargain.games.disturbed import UniformCost, played_out
from bargain.games.game import Game
from bargain.games.information import InformationSet, information_sets, place, require_recall, successive
from bargain.games.nodes import Chance, Decision, History, Node, Terminal, show

Support = tuple[str, ...]
Strategies = dict[str, dict[str, sp.Expr]]  # information set -> action -> probability
Step = tuple[str, str]  # (information set, action); a draw of nature has the node's history, marked, for its set


@dataclass(frozen=True)
class Tree:
    """A finite tree with perfect recall: decisions, chance moves and end nodes only."""

    game: Game
    costs: Mapping[str, UniformCost]

    @classmethod
    def of(cls, problem: Any, concept: str) -> "Tree":
        """The tree of a `Game` or a `DisturbedGame`; refuses what has no finite list of moves, and imperfect recall."""
        game, costs = played_out(problem)
        if not isinstance(game, Game):
            raise NotApplicable(f"needs a game tree, not a {type(problem).__name__}", place=concept, remedy="use Nash() for a matrix")
        game = successive(game)
        for history, node in game.nodes():
            if not isinstance(node, Decision | Chance | Terminal):
                raise NotApplicable(f"a {type(node).__name__} node has no finite list of moves", place=f"node {show(history)}",
                                    remedy="put a finite grid of offers in its place, or use SubgamePerfect()")
            if isinstance(node, Chance):
                for name, probability, _ in node.draws:
                    if probability.is_zero:
                        raise NotApplicable(f"nature never draws {name!r}", place=f"node {show(history)}", remedy="leave the draw out")
        require_recall(game, concept)
        return cls(game, dict(costs))

    @cached_property
    def sets(self) -> tuple[InformationSet, ...]:
        """Information sets, in the order in which play can meet them."""
        return information_sets(self.game)

    @cached_property
    def named(self) -> dict[str, InformationSet]:
        """Information sets by name."""
        return {s.name: s for s in self.sets}

    @cached_property
    def _walk(self) -> tuple[dict[History, tuple[Step, ...]], dict[Step, sp.Expr], dict[History, Node]]:
        paths: dict[History, tuple[Step, ...]] = {}
        draws: dict[Step, sp.Expr] = {}
        nodes: dict[History, Node] = {}
        stack: list[tuple[History, Node, tuple[Step, ...]]] = [((), self.game.root, ())]
        while stack:
            history, node, path = stack.pop()
            paths[history], nodes[history] = path, node
            if isinstance(node, Chance):
                for name, probability, child in reversed(node.draws):
                    step = (f"nature at {show(history)}", name)
                    draws[step] = probability
                    stack.append(((*history, name), child, (*path, step)))
            elif isinstance(node, Decision):
                stack.extend(((*history, name), child, (*path, (place(node, history), name))) for name, child in reversed(node.moves))
        return paths, draws, nodes

    @property
    def paths(self) -> dict[History, tuple[Step, ...]]:
        """The steps that lead to every node."""
        return self._walk[0]

    @property
    def draws(self) -> dict[Step, sp.Expr]:
        """The probability of every draw of nature."""
        return self._walk[1]

    @property
    def nodes(self) -> dict[History, Node]:
        """Every node by its history."""
        return self._walk[2]

    @cached_property
    def below(self) -> dict[str, frozenset[str]]:
        """For every information set, the sets met after it."""
        found: dict[str, set[str]] = {s.name: set() for s in self.sets}
        for s in self.sets:
            for member in s.members:
                for step in self.paths[member]:
                    if step[0] in found:
                        found[step[0]].add(s.name)
        return {name: frozenset(later) for name, later in found.items()}

    @cached_property
    def bottom_up(self) -> tuple[InformationSet, ...]:
        """Information sets ordered so that, where the tree allows it, later sets come first."""
        left, order, done = list(reversed(self.sets)), [], set[str]()
        while left:
            ready = [s for s in left if self.below[s.name] <= done]
            chosen = ready[0] if ready else left[0]
            left.remove(chosen)
            order.append(chosen)
            done.add(chosen.name)
        return tuple(order)

    def values(self, history: History, strategies: Strategies, memo: dict[History, dict[str, sp.Expr]]) -> dict[str, sp.Expr]:
        """Expected payoffs after a history; every set below must have a strategy."""
        if history not in memo:
            node = self.nodes[history]
            if isinstance(node, Terminal):
                memo[history] = dict(node.payoffs)
            else:
                assert isinstance(node, Decision | Chance)
                memo[history] = self._mixed(node, history, strategies, memo)
        return memo[history]

    def _mixed(self, node: Decision | Chance, history: History, strategies: Strategies, memo: dict[History, dict[str, sp.Expr]]) -> dict[str, sp.Expr]:
        name = place(node, history) if isinstance(node, Decision) else ""
        weights = strategies[name] if isinstance(node, Decision) else {draw: probability for draw, probability, _ in node.draws}
        after = [(weights[move], self.values((*history, move), strategies, memo)) for move, _ in node.moves if weights[move] != 0]
        found = {player: sp.expand(sp.Add(*(weight * values[player] for weight, values in after))) for player in self.game.players}
        if name in self.costs:
            assert isinstance(node, Decision)
            cost = self.costs[name]
            found[node.player] = sp.expand(found[node.player] - cost.expected(weights[cost.action]))
        return found


def supports(own: InformationSet) -> Iterator[Support]:
    """Every non-empty set of actions, the smallest first."""
    for size in range(1, len(own.actions) + 1):
        yield from combinations(own.actions, size)


def probabilities(own: InformationSet, support: Support) -> dict[str, sp.Expr]:
    """The strategy with a given support; unknown probabilities are symbols.

    >>> probabilities(InformationSet("A", "start", ("l", "r"), ((),)), ("l", "r"))
    {'l': Pr(l | start), 'r': 1 - Pr(l | start)}
    """
    chances: dict[str, sp.Expr] = {action: sp.Integer(0) for action in own.actions}
    for action in support[:-1]:
        chances[action] = sp.Symbol(f"Pr({action} | {own.name})", real=True)
    chances[support[-1]] = 1 - sp.Add(*(chances[action] for action in support[:-1]))
    return chances
