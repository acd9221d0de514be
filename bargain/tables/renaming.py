"""Players and actions under the names of a paper: a game or a solution relabelled, so that every table, tree and proof uses them.

A name may be words or Greek letters ("α" is a formula in LaTeX). Nothing but labels changes, so the status and certificate stay.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from bargain.errors import BadInput, NotApplicable
from bargain.games import Game, MatrixGame
from bargain.games.game import rebuilt
from bargain.games.nodes import Bargain, Chance, Decision, Node, Offer, Simultaneous, Terminal
from bargain.solution import Component, Equilibrium, Solution

_Thing = TypeVar("_Thing", Game, MatrixGame, Solution)
_PARTS = re.compile(r"(\{|\}| \| |/)")  # what stands between the moves of a path or history


def renamed(thing: _Thing, *, players: Mapping[str, str] | None = None, actions: Mapping[str, str] | None = None) -> _Thing:
    """The same game or solution with other names of players and actions; names not given stay.

    Errors: `BadInput` for an unknown name or two names that become one; `NotApplicable` for trees with alternating-offers tables.

    >>> import bargain as bg
    >>> from bargain.models.classics import deterrence as m
    >>> solution = renamed(bg.solve(m.game, bg.SubgamePerfect()), players={"C": "Challenger", "D": "Defender"}, actions={"press": "fight"})
    >>> [row["Equilibrium profile"] for row in solution.rows()][-1], sorted(solution.regimes[-1].equilibria[0].strategies)
    ('challenge; resist; fight', ['Challenger', 'Defender'])
    """
    labels = _Labels(dict(players or {}), dict(actions or {}))
    problem = thing.problem if isinstance(thing, Solution) else thing
    if not isinstance(problem, Game | MatrixGame):
        raise BadInput(f"a {type(problem).__name__} has no actions to name", place="renamed", remedy="pass a Game, a MatrixGame or a Solution of one")
    labels.check(problem)
    other = _game(problem, labels) if isinstance(problem, Game) else _matrix(problem, labels)
    if not isinstance(thing, Solution):
        return other  # type: ignore[return-value]
    regimes = tuple(replace(regime, equilibria=tuple(_entry(entry, labels) for entry in regime.equilibria)) for regime in thing.regimes)
    return replace(thing, problem=other, regimes=regimes)


@dataclass(frozen=True)
class _Labels:
    players: Mapping[str, str]
    actions: Mapping[str, str]

    def player(self, name: str) -> str:
        return self.players.get(name, name)

    def action(self, name: str) -> str:
        return self.actions.get(name, name)

    def path(self, text: str) -> str:
        """A history or path written as text: every move in it renamed."""
        return "".join(self.action(part) for part in _PARTS.split(text))

    def check(self, game: Game | MatrixGame) -> None:
        if isinstance(game, MatrixGame):
            menus = [set(names) for names in game.actions]
        else:
            menus = [{name for name, _ in node.moves} for _, node in game.nodes() if not isinstance(node, Terminal | Simultaneous)]
            menus += [set(names) for _, node in game.nodes() if isinstance(node, Simultaneous) for names in node.actions]
        unknown = [*(set(self.players) - set(game.players)), *(set(self.actions) - set().union(*menus))]
        if unknown:
            raise BadInput(f"no player or action is called {min(unknown)!r}", place="renamed", remedy="players: " + ", ".join(game.players))
        marks = [name for name in self.actions.values() if len(_PARTS.split(name)) > 1 or not name]
        if marks:
            raise BadInput(f"the name {marks[0]!r} is empty or holds one of / | {{ }}", place="renamed", remedy="leave these signs out: histories use them")
        for menu, new in ((set(game.players), self.player), *((menu, self.action) for menu in menus)):
            if len({new(name) for name in menu}) < len(menu):
                raise BadInput("two of the names become one", place="renamed", remedy="give different names")


def _matrix(game: MatrixGame, labels: _Labels) -> MatrixGame:
    payoffs = {tuple(map(labels.action, cell)): values for cell, values in game.payoffs.items()}
    return replace(game, players=tuple(map(labels.player, game.players)), actions=tuple(tuple(map(labels.action, names)) for names in game.actions),
                   payoffs=payoffs)


def _game(game: Game, labels: _Labels) -> Game:
    """The tree with other names."""
    root = rebuilt(game.root, lambda node, below: _node(node, below, labels))
    return replace(game, players=tuple(map(labels.player, game.players)), root=root)


def _node(node: Node, below: list[Node], labels: _Labels) -> Node:
    if isinstance(node, Terminal):
        return replace(node, payoffs={labels.player(player): value for player, value in node.payoffs.items()})
    if isinstance(node, Decision):
        moves = tuple((labels.action(name), child) for (name, _), child in zip(node.moves, below, strict=True))
        return replace(node, player=labels.player(node.player), moves=moves)
    if isinstance(node, Chance):
        return Chance(tuple((labels.action(name), chance, child) for (name, chance, _), child in zip(node.draws, below, strict=True)))
    if isinstance(node, Offer):
        assert isinstance(below[0], Decision)
        return replace(node, player=labels.player(node.player), answer=below[0])
    if isinstance(node, Simultaneous):
        cells = {tuple(map(labels.action, cell)): child for cell, child in zip(node.cells, below, strict=True)}
        return Simultaneous(tuple(map(labels.player, node.players)), tuple(tuple(map(labels.action, names)) for names in node.actions), cells)
    assert isinstance(node, Bargain)
    raise NotApplicable("a tree with an alternating-offers table", place="renamed", remedy="name the players as you want to print them")


def _entry(entry: Equilibrium | Component, labels: _Labels) -> Equilibrium | Component:
    if isinstance(entry, Component):
        return replace(entry, vertices=tuple(_equilibrium(vertex, labels) for vertex in entry.vertices))
    return _equilibrium(entry, labels)


def _equilibrium(found: Equilibrium, labels: _Labels) -> Equilibrium:
    return replace(found, strategies={labels.player(player): _nested(nodes, labels.path, labels.path) for player, nodes in found.strategies.items()},
                   payoffs={labels.player(player): value for player, value in found.payoffs.items()}, path=tuple(map(labels.path, found.path)),
                   outcome=labels.path(found.outcome), beliefs=_nested(found.beliefs, labels.path, labels.path),
                   ties={labels.path(node): tuple(map(labels.action, actions)) for node, actions in found.ties.items()},
                   trembles=_nested(found.trembles, labels.path, labels.action))


def _nested(given: Mapping[str, Mapping[str, Any]], outer: Callable[[str], str], inner: Callable[[str], str]) -> dict[str, dict[str, Any]]:
    return {outer(node): {inner(name): value for name, value in own.items()} for node, own in given.items()}
