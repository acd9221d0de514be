"""Plays: equilibria of a subgame, one per outcome, with the strategies that support them.

A play shares the plays of its subgames, so that a tree with many ties needs no more memory
than its outcomes; `equilibrium` unrolls it into strategies at every node.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import sympy as sp

from bargain.solution import Equilibrium


@dataclass(frozen=True, eq=False)
class Play:
    """One equilibrium of a subgame.

    payoffs: one per player of the game. path: the moves of play. own: (player, node, action ->
    probability) at this node. below: the plays of all subgames, reached or not. ties: (node,
    other optimal actions) at this node. found: named numbers, such as the share agreed on. stage: where the
    stage starts, for a play of a subgame whose nodes an information set connects (`own` then covers the stage).
    """

    payoffs: tuple[sp.Expr, ...]
    path: tuple[str, ...] = ()
    label: str = ""
    own: tuple[tuple[str, str, Mapping[str, sp.Expr]], ...] = ()
    below: tuple["Play", ...] = ()
    ties: tuple[str, ...] = ()
    place: str = ""
    found: Mapping[str, sp.Expr] = field(default_factory=dict)
    stage: tuple[str, ...] | None = None

    def everything(self) -> Iterator["Play"]:
        """This play and all plays below it, this one first."""
        stack = [self]
        while stack:
            play = stack.pop()
            yield play
            stack.extend(reversed(play.below))


def distinct(plays: list[Play]) -> list[Play]:
    """One play per path and payoffs, in order; plays of a stage also differ by their strategies there."""
    kept: dict[tuple[object, ...], Play] = {}
    for play in plays:
        own = None if play.stage is None else repr(play.own)
        kept.setdefault((play.path, play.payoffs, own), play)
    return list(kept.values())


def equilibrium(play: Play, players: tuple[str, ...], concept: str) -> Equilibrium:
    """The play as an equilibrium: strategies on and off the path, payoffs, path, ties."""
    strategies: dict[str, dict[str, Mapping[str, sp.Expr]]] = {player: {} for player in players}
    ties, found = {}, {}
    several = sum(bool(part.found) for part in play.everything()) > 1
    for part in play.everything():
        for player, node, actions in part.own:
            strategies[player][node] = actions
        if part.ties:
            ties[part.place] = part.ties
        found.update({name: value for name, value in part.found.items() if name not in found})
        if several:  # the plain name is that of the first node; each node's own carries its place
            found.update({f"{name} after {part.place}": value for name, value in part.found.items()})
    return Equilibrium(concept, strategies, dict(zip(players, play.payoffs, strict=True)), play.path,
                       play.label or "/".join(play.path), quantities=found, ties=ties)
