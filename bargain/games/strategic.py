"""From a tree to its strategic form, reduced or not, and from plans back to the tree."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import sympy as sp

from bargain.errors import NotApplicable, TooLarge
from bargain.games.game import Game
from bargain.games.information import InformationSet, information_sets, own_history
from bargain.games.matrix import MatrixGame
from bargain.games.nodes import Chance, Decision, History, Node, Terminal, show

_LIMIT = 200_000
Plan = dict[str, str]  # information set -> action


@dataclass(frozen=True)
class StrategicForm:
    """The matrix of a tree, with the plan (information set -> action) behind every label."""

    matrix: MatrixGame
    plans: dict[str, dict[str, Plan]]


def strategic_form(game: Game, *, reduced: bool = False) -> MatrixGame:
    """All plans of every player; payoffs are expectations over chance. At most 200,000 cells.

    A plan names an action at each information set (or node), joined by " & ". reduced: plans that
    differ only at sets which they themselves rule out are one ("*" there).
    """
    return planned_form(game, reduced=reduced).matrix


def planned_form(game: Game, *, reduced: bool = False) -> StrategicForm:
    """The strategic form together with the plans that its labels stand for."""
    for history, node in game.nodes():
        if not isinstance(node, Decision | Terminal | Chance):
            raise NotApplicable(f"a {type(node).__name__} node has no finite list of plans", place=f"node {show(history)}",
                                remedy="solve the tree by SubgamePerfect()")
    sets = {player: [s for s in information_sets(game) if s.player == player] for player in game.players}
    past = own_history(game)
    plans: dict[str, list[Plan]] = {}
    cells = 1
    for player, own in sets.items():
        found = _reduced(own, past) if reduced else (dict(zip((s.name for s in own), choice, strict=True)) for choice in product(*(s.actions for s in own)))
        plans[player] = []
        for plan in found:
            plans[player].append(plan)
            if cells * len(plans[player]) > _LIMIT:
                raise TooLarge(f"the strategic form has more than {_LIMIT} cells", place=f"game {game.title!r}",
                               remedy="solve the tree by SubgamePerfect() instead")
        cells *= len(plans[player])
    labels = {player: _labels(plans[player], sets[player]) for player in game.players}
    payoffs = {}
    for combination in product(*(range(len(plans[player])) for player in game.players)):
        profile = {player: plans[player][i] for player, i in zip(game.players, combination, strict=True)}
        payoffs[tuple(labels[player][i] for player, i in zip(game.players, combination, strict=True))] = _expected(game, game.root, (), profile)
    matrix = MatrixGame(game.title, game.players, tuple(tuple(labels[player]) for player in game.players), payoffs, game.notation, game.source)
    return StrategicForm(matrix, {player: dict(zip(labels[player], plans[player], strict=True)) for player in game.players})


def _labels(plans: list[Plan], sets: list[InformationSet]) -> list[str]:
    return [" & ".join(plan.get(s.name, "*") for s in sets) or "-" for plan in plans]


def _reduced(sets: list[InformationSet], past: dict[History, tuple[tuple[str, str], ...]]) -> Iterator[Plan]:
    """Plans over the sets that they themselves leave reachable."""
    def extend(plan: Plan, rest: list[InformationSet]) -> Iterator[Plan]:
        if not rest:
            yield plan
            return
        here = rest[0]
        if any(all(plan.get(name) == action for name, action in past[member]) for member in here.members):
            for action in here.actions:
                yield from extend({**plan, here.name: action}, rest[1:])
        else:
            yield from extend(plan, rest[1:])

    yield from extend({}, sets)


def _expected(game: Game, node: Node, history: History, profile: dict[str, Plan]) -> tuple[sp.Expr, ...]:
    if isinstance(node, Terminal):
        return tuple(node.payoffs[player] for player in game.players)
    if isinstance(node, Decision):
        action = profile[node.player][node.information_set or show(history)]
        return _expected(game, dict(node.moves)[action], (*history, action), profile)
    assert isinstance(node, Chance)
    totals = [sp.Integer(0)] * len(game.players)
    for name, probability, child in node.draws:
        for index, value in enumerate(_expected(game, child, (*history, name), profile)):
            totals[index] += probability * value
    return tuple(totals)
