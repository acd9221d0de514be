"""The sequence form: strategies as realization weights on a player's own sequences of moves.

A sequence is what a player did on the way to a node. With perfect recall a behaviour strategy is
a point of {x >= 0, x(empty) = 1, sum of x over the actions of an information set = x(before it)},
so the size is that of the tree, where the strategic form's is exponential.
Source: von Stengel (1996), Games and Economic Behavior 14:220-246.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable
from bargain.games.game import Game
from bargain.games.information import InformationSet, information_sets, place, require_recall
from bargain.games.nodes import Chance, Decision, Node, Terminal, show

Plan = Mapping[str, Mapping[str, sp.Expr]]


@dataclass(frozen=True)
class SequenceForm:
    """Sequences, their constraints, and the sparse payoffs of a finite game with perfect recall.

    sequences: per player; number 0 is the empty sequence, number k > 0 an (information set, action)
    pair. before: per player, the number of the sequence that leads to each of its information sets.
    payoffs: (one sequence number per player) -> expected payoffs over the end nodes that these last
    sequences lead to, chance included; combinations that reach no end are absent.
    """

    players: tuple[str, ...]
    sets: tuple[tuple[InformationSet, ...], ...]
    sequences: tuple[tuple[tuple[str, str], ...], ...]
    before: tuple[Mapping[str, int], ...]
    payoffs: Mapping[tuple[int, ...], tuple[sp.Expr, ...]]

    def constraints(self, player: int) -> tuple[list[dict[int, int]], list[int]]:
        """The equations E x = e of a player's realization weights: sparse rows {sequence: coefficient}, and the right-hand side."""
        rows, right = [{0: 1}], [1]
        numbers = {pair: k for k, pair in enumerate(self.sequences[player])}
        for own in self.sets[player]:
            rows.append({**{numbers[own.name, action]: 1 for action in own.actions}, self.before[player][own.name]: -1})
            right.append(0)
        return rows, right

    def weights(self, player: int, plan: Plan) -> list[sp.Expr]:
        """The realization weights of a behaviour strategy: set name -> action -> probability."""
        found: list[Any] = [sp.Integer(1)]
        for name, action in self.sequences[player][1:]:
            found.append(found[self.before[player][name]] * plan[name].get(action, sp.Integer(0)))
        return found

    def behaviour(self, player: int, weights: Any) -> dict[str, dict[str, Any]]:
        """The behaviour strategy of realization weights; sets that the strategy itself never reaches are left out."""
        plan: dict[str, dict[str, Any]] = {}
        numbers = {pair: k for k, pair in enumerate(self.sequences[player])}
        for own in self.sets[player]:
            total = weights[self.before[player][own.name]]
            if total != 0:
                plan[own.name] = {action: weights[numbers[own.name, action]] / total for action in own.actions}
        return plan


def sequence_form(game: Game) -> SequenceForm:
    """The sequence form of a tree of decisions and chance moves with perfect recall (write simultaneous moves by `successive` first).

    >>> from bargain import Game, decision, payoffs
    >>> reply = lambda u, v: decision("B", L=payoffs(A=u, B=v), R=payoffs(A=v, B=u), information_set="B's")
    >>> form = sequence_form(Game("pennies", ("A", "B"), (), decision("A", l=reply(1, 0), r=reply(0, 1))))
    >>> form.sequences, form.payoffs[1, 2]
    (((('', ''), ('(start)', 'l'), ('(start)', 'r')), (('', ''), ("B's", 'L'), ("B's", 'R'))), (0, 1))
    """
    require_recall(game, "the sequence form")
    sets = tuple(tuple(s for s in information_sets(game) if s.player == player) for player in game.players)
    sequences = tuple((("", ""), *((s.name, action) for s in own for action in s.actions)) for own in sets)
    numbers = [{pair: k for k, pair in enumerate(own)} for own in sequences]
    before: list[dict[str, int]] = [{} for _ in game.players]
    totals: dict[tuple[int, ...], list[list[sp.Expr]]] = {}
    stack: list[tuple[Node, tuple[str, ...], tuple[int, ...], sp.Expr]] = [(game.root, (), (0,) * len(game.players), sp.Integer(1))]
    while stack:
        node, history, done, chances = stack.pop()
        if isinstance(node, Terminal):
            totals.setdefault(done, []).append([chances * node.payoffs[player] for player in game.players])
        elif isinstance(node, Chance):
            stack.extend((child, (*history, name), done, chances * p) for name, p, child in reversed(node.draws))
        elif isinstance(node, Decision):
            mover, name = game.players.index(node.player), place(node, history)
            before[mover][name] = done[mover]
            for action, child in reversed(node.moves):
                after = (*done[:mover], numbers[mover][name, action], *done[mover + 1:])
                stack.append((child, (*history, action), after, chances))
        else:
            raise NotApplicable(f"a {type(node).__name__} node has no finite list of moves of one player", place=f"node {show(history)}",
                                remedy="write simultaneous moves by successive(game); solve offers and tables by SubgamePerfect()")
    payoffs = {key: tuple(sp.Add(*column) for column in zip(*parts, strict=True)) for key, parts in totals.items()}
    return SequenceForm(game.players, sets, sequences, tuple(before), payoffs)
