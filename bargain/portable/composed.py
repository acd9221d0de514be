"""Trees with bargaining tables inside, written as stages: the tree, whose ends refer to what tables are worth, and every offer at every table.

Who is no party to a table is paid as it says on agreement, and moves nowhere at it.
"""

from typing import Any

import sympy as sp

from bargain.certify.subgame_perfect import found_at
from bargain.certify.waiting import Slot, other_side, refused, slots
from bargain.equilibrium import Equilibrium
from bargain.errors import NotApplicable
from bargain.games.game import Game
from bargain.games.information import imperfect, place
from bargain.games.nodes import Bargain, Chance, Decision, History, Node, Offer, Simultaneous, Terminal, show
from bargain.portable.refusals import REMEDY
from bargain.portable.stages import Proposal, Rules, Stage, Staged, ask, bounds, value_of

_TREE = "tree"


def with_tables(game: Game) -> bool:
    """Whether bargaining tables stand in a tree."""
    return any(isinstance(node, Bargain) for _, node in game.nodes())


def tree(game: Game, solver: Any, e: Equilibrium) -> Staged:
    """One stage for the tree, one for every state and proposer at every table."""
    if imperfect(game):
        raise NotApplicable("no portable certificate: moves are hidden in a tree with tables", place="certificate", remedy=REMEDY)
    stages: dict[str, Stage] = {_TREE: _referring(game, game.root, ())}
    values, choices = {_TREE: dict(e.payoffs)}, Rules()
    for history, node in game.nodes():
        if isinstance(node, Bargain):
            _seat(game, node, history, e, stages, values, choices)
        elif isinstance(node, Decision):
            own = e.strategies[node.player][place(node, history)]
            choices[node.player, show((_TREE, *history))] = {name: own.get(name, sp.Integer(0)) for name, _ in node.moves}
        elif isinstance(node, Simultaneous):
            for player, names in zip(node.players, node.actions, strict=True):
                own = e.strategies[player][show(history)]
                choices[player, show((_TREE, *history))] = {name: own.get(name, sp.Integer(0)) for name in names}
    return Staged("every offer at a table is a stage of its own", game.players, stages, values, _TREE, choices, {_TREE: sp.Integer(2)})


def _referring(game: Game, node: Node, history: History) -> Node:
    """The tree with what tables are worth in their places."""
    if isinstance(node, Bargain):
        return Terminal({p: value_of(_seat_name(history, slots(node.table)[0]), p) for p in game.players})
    if isinstance(node, Offer):
        raise NotApplicable("no portable certificate: an offer and a table stand in one tree", place=show(history), remedy=REMEDY)
    if isinstance(node, Terminal):
        return node
    if isinstance(node, Chance):
        return Chance(tuple((name, weight, _referring(game, child, (*history, name))) for name, weight, child in node.draws))
    if isinstance(node, Decision):
        return ask(node.player, {name: _referring(game, child, (*history, name)) for name, child in node.moves})
    return Simultaneous(node.players, node.actions, {cell: _referring(game, child, (*history, ",".join(cell))) for cell, child in node.cells.items()})


def _seat_name(history: History, slot: Slot) -> str:
    return f"{show(history)}: {slot[1]} proposes in {slot[0]}"


def _seat(game: Game, node: Bargain, history: History, e: Equilibrium, stages: dict[str, Stage], values: dict[str, dict[str, sp.Expr]], choices: Rules) -> None:
    """The stages of one table, with what is proposed and what they are worth."""
    table, told = node.table, found_at(e, show(history))
    if node.outside or table.drift or table.order or table.recognition or table.horizon or table.costs or table.leavers("refused"):
        raise NotApplicable("no portable certificate: a table inside a tree with walks into the tree, a drift or a protocol of its own", place=show(history),
                            remedy=REMEDY)
    worth = {slot: {p: value_of(_seat_name(history, slot), p) for p in game.players} for slot in slots(table)}
    inside = () if table.between is None else bounds(table.share - table.between[0], table.between[1] - table.share)
    for slot in slots(table):
        here, by, other = _seat_name(history, slot), slot[1], other_side(table, slot[1])
        share = told.get(f"{table.share}_{by}" if slot[0] == table.states[0].name else f"{table.share}_{by}[{slot[0]}]")
        if share is None:
            raise NotApplicable("no portable certificate: at a table inside a tree nothing is agreed", place=here, remedy=REMEDY)
        agreed = {**table.agreement, **node.spectators}
        paid = {p: refused(table, worth, slot, p) for p in table.players}
        later = {p: table.factor(by, other) * worth[slot[0], other][p] for p in node.spectators}
        ends: dict[str, Node] = {"accept": Terminal(agreed), "refuse": Terminal({**{p: sp.expand(v) for p, v in paid.items()}, **later})}
        if other in table.leavers():
            ends["leave"] = Terminal({**dict.fromkeys(node.spectators, sp.Integer(0)), **table.outside})
        stages[here] = Proposal(by, {"share": table.share}, inside, ask(other, ends))
        values[here], choices[by, here] = {p: sp.cancel(v.subs(table.share, share)) for p, v in agreed.items()}, {"share": share}
