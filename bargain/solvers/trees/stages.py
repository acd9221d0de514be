"""Stages: a subgame cut off where its proper subgames start, as plans over information sets.

A plan of a player names an action at each of her information sets in the stage that the plan
itself leaves reachable. The end nodes that a combination of plans leads to are those that every
player's plan allows, so a cell of the strategic form is an intersection of sets of ends. With
perfect recall a mixture of plans is equivalent to a behaviour strategy: the chance of an action
is the weight of the plans that take it among those that reach the set.
Source: Kuhn (1953), Contributions to the Theory of Games II:193-216; Selten (1965).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable, TooLarge
from bargain.games.game import Game
from bargain.games.information import imperfect, place, require_recall, subgame_roots
from bargain.games.nodes import Bargain, Chance, Decision, History, Node, Offer, Simultaneous, Terminal, show

_CELLS = 200_000
Plan = Mapping[str, str]  # information set -> action
Behaviour = dict[str, dict[str, sp.Expr]]  # information set -> action -> probability
Moves = tuple[tuple[str, str], ...]
_REMEDY = "fix all parameters (free=[]), or use Lemke() or Minimax(); these work on the sequence form"
_ONE = sp.Integer(1)


@dataclass(frozen=True)
class OwnSet:
    """An information set of one player: its name in strategies, the actions, and what she did before."""

    name: str
    actions: tuple[str, ...]
    past: Moves

    def normalised(self, parts: Mapping[str, Any]) -> dict[str, sp.Expr]:
        """Chances in proportion to the parts; the first action where all parts are zero."""
        total = sp.factor(sp.Add(*parts.values()))
        if total == 0:
            return {action: sp.Integer(action == self.actions[0]) for action in self.actions}
        return {action: sp.factor(parts[action] / total) for action in self.actions}


@dataclass(frozen=True)
class End:
    """Where a stage ends: a terminal node or the root of a proper subgame; nature's chances and every player's moves on the way."""

    history: History
    node: Node
    chance: sp.Expr
    done: Mapping[str, Moves]


@dataclass(frozen=True)
class Stage:
    """One stage: where it starts, where it ends, and the information sets of its active players in the order of play."""

    title: str
    start: History
    root: Node
    ends: tuple[End, ...]
    sets: Mapping[str, tuple[OwnSet, ...]]

    @cached_property
    def plans(self) -> Mapping[str, tuple[Plan, ...]]:
        """The reduced plans of every active player; more than 200,000 combinations are refused."""
        found, cells = {}, 1
        for player, own in self.sets.items():
            found[player] = tuple(_plans(own))
            cells *= len(found[player])
            if cells > _CELLS:
                raise TooLarge(f"more than {_CELLS} combinations of plans after {show(self.start)}", place=f"game {self.title!r}", remedy=_REMEDY)
        return found

    @cached_property
    def reach(self) -> Mapping[str, tuple[int, ...]]:
        """Bit sets of the ends that each plan allows."""
        return {player: tuple(sum(1 << k for k, end in enumerate(self.ends) if all(plan.get(name) == action for name, action in end.done[player]))
                              for plan in plans) for player, plans in self.plans.items()}

    def expected(self, chosen: Mapping[str, int], values: Sequence[Sequence[sp.Expr]]) -> tuple[sp.Expr, ...]:
        """What everybody expects where each active player follows the plan with the number chosen; values (ends, players)."""
        mask = (1 << len(self.ends)) - 1
        for player, k in chosen.items():
            mask &= self.reach[player][k]
        return tuple(sp.Add(*(self.ends[k].chance * values[k][index] for k in _members(mask))) for index in range(len(values[0])))

    def mixed(self, player: str, weights: Sequence[sp.Expr]) -> Behaviour:
        """The behaviour strategy of a mixture of plans; where the mixture itself never comes, the first action."""
        found: Behaviour = {}
        used = [(plan, weight) for plan, weight in zip(self.plans[player], weights, strict=True) if weight != 0]
        for own in self.sets[player]:
            parts = {action: sp.Add(*(w for plan, w in used if plan.get(own.name) == action)) for action in own.actions}
            found[own.name] = own.normalised(parts)
        return found


def stages(game: Game, concept: str) -> dict[History, Stage]:
    """The stages of a game that hold an information set of several nodes, by the history at which they start.

    Imperfect recall is refused, and so is an offer or a table inside such a stage.
    """
    if not imperfect(game):
        return {}
    require_recall(game, concept)
    roots = frozenset(subgame_roots(game))
    found = {}
    for start in roots:
        node = game.node(*start)
        moves = () if isinstance(node, Terminal) else node.moves
        if any((*start, name) not in roots and not isinstance(child, Terminal) for name, child in moves):
            found[start] = stage(game, start, roots)
    return found


def whole(game: Game, concept: str) -> Stage:
    """The whole game as one stage."""
    require_recall(game, concept)
    return stage(game, (), frozenset())


def stage(game: Game, start: History, roots: frozenset[History]) -> Stage:
    """The stage that starts after a history and ends where a subgame in `roots` does."""
    ends: list[End] = []
    sets: dict[str, dict[str, OwnSet]] = {}
    none: dict[str, Moves] = {player: () for player in game.players}
    stack = [(start, game.node(*start), _ONE, none)]
    while stack:
        history, node, chance, done = stack.pop()
        if isinstance(node, Terminal) or (history in roots and history != start):
            ends.append(End(history, node, chance, done))
        else:
            stack.extend(reversed(list(_step(history, node, chance, done, sets))))
    return Stage(game.title, start, game.node(*start), tuple(ends), {player: tuple(sets[player].values()) for player in game.players if player in sets})


def _step(history: History, node: Node, chance: sp.Expr, done: dict[str, Moves],
          sets: dict[str, dict[str, OwnSet]]) -> Iterator[tuple[History, Node, sp.Expr, dict[str, Moves]]]:
    """The nodes one move further, with nature's chances and every player's own moves."""
    if isinstance(node, Offer | Bargain):
        raise NotApplicable(f"the {type(node).__name__} node lies among nodes that an information set connects", place=f"node {show(history)}",
                            remedy="offers and tables may stand above or below such a subgame, not inside it")
    if isinstance(node, Chance):
        for name, p, child in node.draws:
            yield (*history, name), child, chance * p, done
        return
    assert isinstance(node, Decision | Simultaneous)
    movers = [(node.player, tuple(name for name, _ in node.moves))] if isinstance(node, Decision) else list(zip(node.players, node.actions, strict=True))
    name = place(node, history) if isinstance(node, Decision) else show(history)
    for player, actions in movers:
        sets.setdefault(player, {}).setdefault(name, OwnSet(name, actions, done[player]))
    if isinstance(node, Decision):
        for action, child in node.moves:
            yield (*history, action), child, chance, {**done, node.player: (*done[node.player], (name, action))}
    else:
        for cell, child in node.cells.items():
            after = {player: (*done[player], (name, action)) for player, action in zip(node.players, cell, strict=True)}
            yield (*history, ",".join(cell)), child, chance, {**done, **after}


def _plans(sets: Sequence[OwnSet]) -> list[dict[str, str]]:
    """Every reduced plan; sets come in the order in which play can meet them."""
    found: list[dict[str, str]] = [{}]
    for own in sets:
        extended: list[dict[str, str]] = []
        for plan in found:
            reached = all(plan.get(name) == action for name, action in own.past)
            extended += [{**plan, own.name: action} for action in own.actions] if reached else [plan]
        if len(extended) > _CELLS:
            raise TooLarge(f"more than {_CELLS} plans of one player", place=f"information set {own.name!r}",
                           remedy=_REMEDY)
        found = extended
    return found


def _members(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
