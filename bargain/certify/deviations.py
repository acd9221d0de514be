"""What a player can get by another plan, in a part of a tree, against the others' behaviour strategies.

The part starts at a history and ends at terminal nodes or where `exits` gives payoffs. Write g(s) for
the expected payoff, chance and the others' strategies included, of the ends whose last own move is s
(an action at an information set). A plan that takes the moves s_1, s_2, ... pays the sum of its
g(s). With rational numbers the best plan is found by dynamic programming over the player's own
information sets; with symbols every plan is listed. Perfect recall is required.
Source: von Stengel (1996), Games and Economic Behavior 14:220-246.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import sympy as sp

from bargain.errors import TooLarge
from bargain.games.game import Game
from bargain.games.information import place
from bargain.games.nodes import Chance, Decision, History, Node, Simultaneous, Terminal, show
from bargain.solution import Strategies

_PLANS = 512  # plans of one player listed with symbolic payoffs
_Move = tuple[str, str] | None  # information set, action; None before the first own move


@dataclass
class _Moves:
    """g(s), the sets that follow each own move, and their actions, filled by one walk."""

    gains: dict[_Move, Any] = field(default_factory=dict)
    follow: dict[_Move, dict[str, tuple[str, ...]]] = field(default_factory=dict)


def plan_payoffs(game: Game, start: History, exits: Mapping[History, Mapping[str, sp.Expr]], strategies: Strategies, player: str) -> list[sp.Expr]:
    """What the player's plans pay in the part of the tree after `start`: the best one alone if all numbers are rational, else all.

    More than 512 different payoffs are refused (`TooLarge`).
    """
    known = _walked(game, start, exits, strategies, player)
    exact = all(isinstance(gain, Fraction) for gain in known.gains.values())
    order: list[_Move] = [None]
    for move in order:  # grows while it is read: own moves in the order of play
        order.extend((name, action) for name, actions in known.follow.get(move, {}).items() for action in actions)
    paid: dict[_Move, list[Any]] = {}
    for move in reversed(order):
        totals = [known.gains.get(move, Fraction(0))]
        for name, actions in known.follow.get(move, {}).items():
            after = list(dict.fromkeys(value for action in actions for value in paid[name, action]))
            after = [max(after)] if exact else after
            totals = list(dict.fromkeys(_sum(total, value) for total in totals for value in after))
            if len(totals) > _PLANS:
                raise TooLarge(f"{player} has more than {_PLANS} plans", place=f"certificate of the subgame after {show(start)}", remedy="fix all parameters")
        paid[move] = totals
    return [expression(total) for total in paid[None]]


def expected(game: Game, strategies: Strategies) -> dict[str, sp.Expr]:
    """Every player's expected payoff of a profile of behaviour strategies."""
    totals: dict[str, list[Any]] = {player: [] for player in game.players}
    stack: list[tuple[Node, History, Any]] = [(game.root, (), Fraction(1))]
    while stack:
        node, history, weight = stack.pop()
        if isinstance(node, Terminal):
            for player in game.players:
                totals[player].append(_product(weight, number(node.payoffs[player])))
        else:
            stack.extend((child, after, _product(weight, chance)) for child, after, chance, _ in _branches(node, history, strategies, None) if chance != 0)
    return {player: expression(sum(parts, Fraction(0)) if all(isinstance(part, Fraction) for part in parts) else sp.Add(*map(expression, parts)))
            for player, parts in totals.items()}


def _walked(game: Game, start: History, exits: Mapping[History, Mapping[str, sp.Expr]], strategies: Strategies, player: str) -> _Moves:
    known = _Moves()
    stack: list[tuple[Node, History, Any, _Move]] = [(game.node(*start), start, Fraction(1), None)]
    while stack:
        node, history, weight, last = stack.pop()
        ended = node.payoffs if isinstance(node, Terminal) else exits.get(history) if history != start else None
        if ended is not None:
            known.gains[last] = _sum(known.gains.get(last, Fraction(0)), _product(weight, number(ended[player])))
            continue
        if isinstance(node, Decision) and node.player == player:
            known.follow.setdefault(last, {})[place(node, history)] = tuple(name for name, _ in node.moves)
        elif isinstance(node, Simultaneous) and player in node.players:
            known.follow.setdefault(last, {})[show(history)] = node.actions[node.players.index(player)]
        for child, after, chance, move in _branches(node, history, strategies, player):
            if chance != 0:
                stack.append((child, after, _product(weight, chance), move or last))
    return known


def _branches(node: Node, history: History, strategies: Strategies, player: str | None) -> list[tuple[Node, History, Any, _Move]]:
    """Children with the chance that nature and the players other than `player` go there, and that player's own move."""
    if isinstance(node, Chance):
        return [(child, (*history, name), number(p), None) for name, p, child in node.draws]
    if isinstance(node, Decision):
        name = place(node, history)
        if node.player == player:
            return [(child, (*history, action), Fraction(1), (name, action)) for action, child in node.moves]
        weights = strategies[node.player][name]
        return [(child, (*history, action), number(weights.get(action, sp.Integer(0))), None) for action, child in node.moves]
    assert isinstance(node, Simultaneous)
    found: list[tuple[Node, History, Any, _Move]] = []
    for cell, child in node.cells.items():
        chance: Any = Fraction(1)
        move: _Move = None
        for mover, action in zip(node.players, cell, strict=True):
            if mover == player:
                move = (show(history), action)
            else:
                chance = _product(chance, number(strategies[mover][show(history)][action]))
        found.append((child, (*history, ",".join(cell)), chance, move))
    return found


def number(value: sp.Expr) -> Any:
    """A rational number as a fraction; anything else as it is."""
    return Fraction(int(value.p), int(value.q)) if value.is_Rational else value


def expression(value: Any) -> sp.Expr:
    """A fraction as a sympy number."""
    return sp.Rational(value.numerator, value.denominator) if isinstance(value, Fraction) else value


def _product(left: Any, right: Any) -> Any:
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left * right
    return expression(left) * expression(right)


def _sum(left: Any, right: Any) -> Any:
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left + right
    return expression(left) + expression(right)
