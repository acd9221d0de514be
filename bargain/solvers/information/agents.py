"""The agents of a tree: one per information set, as arrays and by name, and points of their logit branch."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import sympy as sp

from bargain.errors import BadInput, NotApplicable
from bargain.games.game import Game
from bargain.games.information import imperfect, information_sets, place, successive
from bargain.games.nodes import Chance, Decision, Terminal, show
from bargain.kernels.agent_logit import AgentTree
from bargain.kernels.continuation import Floats
from bargain.regions import Region
from bargain.solution import Equilibrium, Regime, Solution, Status


class Agents:
    """The agents of a game: names, arrays, and points of the branch."""

    def __init__(self, game: Game) -> None:
        self.game = game
        self.tree_game = successive(game)
        self.perfect = not imperfect(self.tree_game)
        self.sets = information_sets(self.tree_game)
        self.names = [(s.name, action) for s in self.sets for action in s.actions]
        self.tree = _arrays(self.tree_game, self.names, {s.name: k for k, s in enumerate(self.sets)})
        ends = self.tree.payoffs
        self.range = max(float(ends.max() - ends.min()), 1e-300)

    def branch(self, largest: float) -> Iterator[Floats]:
        """Points of the branch from the uniform profile to rationality `largest` (the last one exactly there)."""
        if not self.names:
            yield np.zeros(1)
            return
        for point in self.tree.curve.points(self.tree.uniform):
            if point[-1] >= largest:
                yield self.near(largest, point)
                return
            yield point

    def through(self, rationalities: Sequence[float]) -> Iterator[Floats]:
        """The points of the branch where it first reaches each of the increasing values."""
        wanted = list(rationalities)
        if wanted and wanted[0] < 0:
            raise BadInput("a rationality is negative", place="quantal_branch", remedy="give non-negative numbers")
        if self.perfect:
            yield from (self.near(value, self.tree.uniform) for value in wanted)
            return
        for point in self.branch(wanted[-1]) if wanted else ():
            while wanted and wanted[0] <= point[-1]:
                yield self.near(wanted.pop(0), point)

    def at(self, rationality: float) -> Floats:
        """The point at one rationality."""
        return next(self.through([rationality]))

    def near(self, rationality: float, point: Floats) -> Floats:
        """The point at a rationality by Newton from a neighbour on the branch; by backward recursion with perfect information."""
        if not self.names:
            return np.array([rationality])
        if not self.perfect:
            return self.tree.curve.at(rationality, point)
        here = np.append(point[:-1], rationality)
        for _ in range(int(self.tree.depth.max()) + 1):
            utilities = rationality * self.tree.utilities(here[:-1, None])[:, 0]
            top = np.full(len(self.sets), -np.inf)
            np.maximum.at(top, self.tree.sets, utilities)
            shifted = utilities - top[self.tree.sets]
            here[:-1] = shifted - np.log(np.bincount(self.tree.sets, weights=np.exp(shifted)))[self.tree.sets]
        return here

    def slope(self, point: Floats) -> Floats:
        """The derivative of the log-probabilities in the rationality."""
        jacobian = self.tree.jacobian(point)
        return np.asarray(np.linalg.solve(jacobian[:, :-1], -jacobian[:, -1]))

    def regret(self, point: Floats) -> float:
        """The most that an agent gains, given that its set is reached, by its best action instead of its lottery."""
        if not self.names:
            return 0.0
        utilities, weights = self.tree.utilities(point[:-1, None])[:, 0], np.exp(point[:-1])
        best = np.full(len(self.sets), -np.inf)
        np.maximum.at(best, self.tree.sets, utilities)
        return float(np.max(best - np.bincount(self.tree.sets, weights=weights * utilities)))

    def named(self, point: Floats) -> dict[str, dict[str, float]]:
        """Probabilities by information set and action."""
        found: dict[str, dict[str, float]] = {}
        for (name, action), weight in zip(self.names, np.exp(point[:-1]), strict=True):
            found.setdefault(name, {})[action] = float(weight)
        return found

    def counted(self, counts: Mapping[str, Mapping[str, int]]) -> Floats:
        """Counts as a vector; unknown names and negative numbers are refused."""
        known = set(self.names)
        for name, chosen in counts.items():
            for action, count in chosen.items():
                if (name, action) not in known:
                    raise BadInput(f"no action {action!r} at {name!r}", place="counts", remedy="sets: " + ", ".join(s.name for s in self.sets))
                if count < 0:
                    raise BadInput(f"the count {count} is negative", place=f"counts of {action!r} at {name!r}", remedy="give how often it was chosen")
        data = np.array([float(counts.get(name, {}).get(action, 0)) for name, action in self.names])
        if not data.any():
            raise BadInput("no choice was counted", place="counts", remedy="give counts[information set][action]")
        return data

    def solution(self, solver: Any, point: Floats, stats: Mapping[str, Any]) -> Solution:
        """The point as a solution of one regime."""
        found = self.named(point)
        strategies = {player: {s.name: {a: sp.Float(w, 17) for a, w in found[s.name].items()} for s in self.sets if s.player == player}
                      for player in self.game.players}
        logs = self.tree.log_reach(point[:-1, None])[0][:, 0]
        number = {history: k for k, (history, _) in enumerate(self.tree_game.nodes())}
        beliefs = {}
        for s in self.sets:
            if len(s.members) > 1:
                own = logs[[number[h] for h in s.members]]
                shares = np.exp(own - own.max()) / np.exp(own - own.max()).sum()
                beliefs[s.name] = {show(h): sp.Float(share, 17) for h, share in zip(s.members, shares, strict=True)}
        reach = {history: float(np.exp(logs[k])) for history, k in number.items()}
        paid = {player: sp.Float(sum(reach[h] * float(node.payoffs[player]) for h, node in self.tree_game.nodes() if isinstance(node, Terminal)), 17)
                for player in self.game.players}
        likeliest = max((h for h, node in self.tree_game.nodes() if isinstance(node, Terminal)), key=lambda h: reach[h])
        equilibrium = Equilibrium(solver.concept, strategies, paid, likeliest, show(likeliest), beliefs, {"rationality": sp.Float(point[-1], 17)})
        return Solution(self.game, solver, Status.WITHIN, (Regime(Region.everything(), (equilibrium,)),), stats=stats)


def _arrays(game: Game, names: list[tuple[str, str]], sets: Mapping[str, int]) -> AgentTree:
    order = list(game.nodes())
    number = {history: k for k, (history, _) in enumerate(order)}
    index = {name: k for k, name in enumerate(names)}
    parent, action, chance = np.full(len(order), -1), np.full(len(order), -1), np.ones(len(order))
    payoffs = np.zeros((len(game.players), len(order)))
    owner = np.zeros(len(names), dtype=np.int64)
    for history, node in order:
        if isinstance(node, Terminal):
            payoffs[:, number[history]] = [float(node.payoffs[player]) for player in game.players]
        elif isinstance(node, Chance):
            for name, probability, _ in node.draws:
                parent[number[(*history, name)]], chance[number[(*history, name)]] = number[history], float(probability)
        elif isinstance(node, Decision):
            for name, _ in node.moves:
                k = index[place(node, history), name]
                parent[number[(*history, name)]], action[number[(*history, name)]] = number[history], k
                owner[k] = game.players.index(node.player)
        else:
            raise NotApplicable(f"a {type(node).__name__} node has no finite list of actions", place=f"node {show(history)}",
                                remedy="quantal responses need a tree of decisions and chance moves")
    depth = np.array([len(history) for history, _ in order])
    return AgentTree(parent, action, chance, depth, payoffs, owner, np.array([sets[name] for name, _ in names], dtype=np.int64))
