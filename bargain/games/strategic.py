"""From a tree to its strategic form, and from a cell of a matrix back to the tree."""

from itertools import product

import sympy as sp

from bargain.errors import NotApplicable, TooLarge
from bargain.games.game import Game
from bargain.games.matrix import MatrixGame
from bargain.games.nodes import Chance, Decision, History, Node, Terminal, show

_LIMIT = 200_000


def strategic_form(game: Game) -> MatrixGame:
    """All plans of every player; payoffs are expectations over chance. At most 200,000 cells.

    A plan names an action at each information set (or node), joined by " & ".
    """
    sets: dict[str, dict[str, tuple[str, ...]]] = {player: {} for player in game.players}
    for history, node in game.nodes():
        if isinstance(node, Decision):
            sets[node.player][node.information_set or show(history)] = tuple(name for name, _ in node.moves)
        elif not isinstance(node, Terminal | Chance):
            raise NotApplicable(f"a {type(node).__name__} node has no finite list of plans", place=f"node {show(history)}",
                                remedy="solve the tree by SubgamePerfect()")
    plans = {player: [dict(zip(own, choice, strict=True)) for choice in product(*own.values())] for player, own in sets.items()}
    cells = 1
    for options in plans.values():
        cells *= len(options)
    if cells > _LIMIT:
        raise TooLarge(f"the strategic form has {cells} cells (limit {_LIMIT})", place=f"game {game.title!r}",
                       remedy="solve the tree by SubgamePerfect() instead")
    labels = tuple(tuple(" & ".join(plan.values()) or "-" for plan in plans[player]) for player in game.players)
    payoffs = {}
    for combination in product(*(range(len(plans[player])) for player in game.players)):
        profile = {player: plans[player][i] for player, i in zip(game.players, combination, strict=True)}
        payoffs[tuple(labels[k][i] for k, i in enumerate(combination))] = _expected(game, game.root, (), profile)
    return MatrixGame(game.title, game.players, labels, payoffs, game.notation, game.source)


def _expected(game: Game, node: Node, history: History, profile: dict[str, dict[str, str]]) -> tuple[sp.Expr, ...]:
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
