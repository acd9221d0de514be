"""Obedience in extensive-form correlated equilibria, by trying every plan after every trigger.

For each information set and recommended move, the player's best plan from there on is found by enumeration against the
conditional lottery; optimality of the objective is not re-proved here (the exact linear program carries its own prices).
"""

from collections.abc import Iterator
from typing import Any

import sympy as sp

from bargain.certify.check import Violation, paired
from bargain.findings.strategic import JointLottery
from bargain.games.game import Game
from bargain.games.information import successive
from bargain.games.nodes import Chance, Decision, History, Node, Terminal, show
from bargain.solution import Component, Equilibrium

Plans = tuple[dict[str, str], ...]


def violations(problem: Game, solver: Any, found: Equilibrium | Component) -> Iterator[Violation]:
    """The ways in which a claimed extensive-form (coarse) correlated equilibrium could fail."""
    assert isinstance(found, JointLottery)
    game = successive(problem)
    sets: dict[str, tuple[str, list[str], list[History]]] = {}
    for history, node in game.nodes():
        if isinstance(node, Decision):
            sets.setdefault(node.information_set or show(history), (node.player, [name for name, _ in node.moves], []))[2].append(history)
    profiles = [(weight, _plans(game, sets, cell)) for cell, weight in found.lottery.items() if weight != 0]
    for cell, weight in found.lottery.items():
        yield Violation(f"probability: of {cell} is negative", -weight)
    total = sp.Add(*found.lottery.values())
    yield from (Violation("probability: total", gap) for gap in (total - 1, 1 - total))
    for k, player in enumerate(game.players):
        paid = sp.Add(*(weight * _value(game, game.root, (), plans, k) for weight, plans in profiles))
        yield from (Violation(f"payoff: of {player}", gap) for gap in (paid - found.payoffs[player], found.payoffs[player] - paid))
    weights = dict.fromkeys(game.players, sp.Integer(1)) if solver.objective is None else solver.objective
    gap = found.value - sp.Add(*(weight * found.payoffs[player] for player, weight in weights.items()))
    yield from (Violation("value: not the objective of the payoffs", side) for side in (gap, -gap))
    for name, (player, actions, members) in sets.items():
        k = game.players.index(player)
        for told in [""] if solver.coarse else actions:
            hearing = [(w, plans) for w, plans in profiles if name in plans[k] and told in ("", plans[k][name])]
            arrivals = [(w * _reach(game, member, plans, k), member, plans) for w, plans in hearing for member in members]
            met = [(w, member, plans) for w, member, plans in arrivals if w != 0]
            if met:
                obeying = sp.Add(*(w * _value(game, game.node(*member), member, plans, k) for w, member, plans in met))
                best = _best(game, k, sets, [(w, member, game.node(*member), plans) for w, member, plans in met])
                yield Violation(f"obedience: {player} at {name} told {told or 'to obey'}", best - obeying)


def _plans(game: Game, sets: dict[str, tuple[str, list[str], list[History]]], cell: tuple[str, ...]) -> Plans:
    """The plans behind the labels of a profile: moves joined by " & " over the player's sets in tree order, "*" where ruled out."""
    found = []
    for player, label in paired(game.players, cell):
        own = [name for name, (who, _, _) in sets.items() if who == player]
        moves = label.split(" & ") if own else []
        found.append({name: move for name, move in paired(own, moves) if move != "*"})
    return tuple(found)


def _move(game: Game, node: Decision, history: History, plans: Plans) -> str:
    return plans[game.players.index(node.player)][node.information_set or show(history)]


def _value(game: Game, node: Node, history: History, plans: Plans, k: int) -> sp.Expr:
    """What a profile of plans pays player k after a history."""
    if isinstance(node, Terminal):
        return node.payoffs[game.players[k]]
    if isinstance(node, Chance):
        return sp.Add(*(p * _value(game, child, (*history, name), plans, k) for name, p, child in node.draws))
    assert isinstance(node, Decision)
    move = _move(game, node, history, plans)
    return _value(game, dict(node.moves)[move], (*history, move), plans, k)


def _reach(game: Game, member: History, plans: Plans, k: int) -> sp.Expr:
    """The probability that a profile reaches a node."""
    chance: sp.Expr = sp.Integer(1)
    node: Node = game.root
    for depth, name in enumerate(member):
        if isinstance(node, Chance):
            chance *= next(p for action, p, _ in node.draws if action == name)
        elif isinstance(node, Decision) and plans[game.players.index(node.player)].get(node.information_set or show(member[:depth])) != name:
            return sp.Integer(0)
        assert not isinstance(node, Terminal)
        node = dict(node.moves)[name]
    return chance


def _best(game: Game, k: int, sets: dict[str, tuple[str, list[str], list[History]]], met: list[tuple[sp.Expr, History, Node, Plans]]) -> sp.Expr:
    """The most player k can get from weighted nodes on, others following their plans: moves are chosen once per information set."""
    total: sp.Expr = sp.Integer(0)
    waiting: dict[str, list[tuple[sp.Expr, History, Node, Plans]]] = {}
    stack = list(met)
    while stack:
        weight, history, node, plans = stack.pop()
        if isinstance(node, Terminal):
            total += weight * node.payoffs[game.players[k]]
        elif isinstance(node, Chance):
            stack.extend((weight * p, (*history, name), child, plans) for name, p, child in node.draws)
        elif isinstance(node, Decision) and game.players.index(node.player) == k:
            waiting.setdefault(node.information_set or show(history), []).append((weight, history, node, plans))
        else:
            assert isinstance(node, Decision)
            move = _move(game, node, history, plans)
            stack.append((weight, (*history, move), dict(node.moves)[move], plans))
    for name, nodes in waiting.items():
        options = [[(w, (*history, move), dict(node.moves)[move], plans) for w, history, node, plans in nodes if not isinstance(node, Terminal)]
                   for move in sets[name][1]]
        total += max(_best(game, k, sets, option) for option in options)
    return total
