"""Plays of a stage: what a profile of behaviour strategies leads to, as a path and payoffs."""

from collections.abc import Mapping, Sequence

import sympy as sp

from bargain.games.information import place
from bargain.games.nodes import Chance, Decision, History, Node, Simultaneous, Terminal, show
from bargain.solution import Component, Equilibrium
from bargain.solvers.trees.plays import Play, equilibrium
from bargain.solvers.trees.stage_equilibria import Behaviours, continua
from bargain.solvers.trees.stages import Stage


def staged(players: Sequence[str], stage: Stage, profile: Behaviours, combination: Sequence[Play], *, told: bool = True) -> Play:
    """The play of a profile of behaviour strategies; `combination` follows the ends of the stage."""
    after = {end.history: play for end, play in zip(stage.ends, combination, strict=True)}
    weights = []
    for end in stage.ends:
        chosen = (profile[player][name][action] for player, moves in end.done.items() for name, action in moves)
        weights.append(sp.Mul(end.chance, *chosen))
    payoffs = tuple(sp.factor(sp.Add(*(w * play.payoffs[i] for w, play in zip(weights, combination, strict=True) if w != 0)))
                    for i in range(len(players)))
    path = _story(stage.root, stage.start, profile, after) if told else ()
    reached = [play for w, play in zip(weights, combination, strict=True) if w != 0]
    label = reached[0].label if len(reached) == 1 else ""
    own = tuple((player, name, dict(actions)) for player, sets in profile.items() for name, actions in sets.items())
    return Play(payoffs, path, label, own, tuple(combination), place=show(stage.start), stage=stage.start)


def _story(node: Node, history: History, profile: Behaviours, after: Mapping[History, Play]) -> tuple[str, ...]:
    """The path of play in a stage: the moves made, and a tree of them where chance or mixing makes several."""
    if history in after:
        return after[history].path
    if isinstance(node, Decision):
        weights = profile[node.player][place(node, history)]
        played = [name for name, _ in node.moves if weights[name] != 0]
    elif isinstance(node, Simultaneous):
        played = [",".join(cell) for cell in node.cells
                  if all(profile[player][show(history)][action] != 0 for player, action in zip(node.players, cell, strict=True))]
    else:
        assert isinstance(node, Chance)
        played = [name for name, _ in node.moves]
    below = dict(node.moves)
    told = [(name, *_story(below[name], (*history, name), profile, after)) for name in played]
    return told[0] if len(told) == 1 and not isinstance(node, Chance) else ("{" + " | ".join(map("/".join, told)) + "}",)


def profile_of(players: Sequence[str], stage: Stage, profile: Behaviours, concept: str, *, told: bool = True) -> Equilibrium:
    """A profile of a game that is one stage as an equilibrium; told: whether to write out the path of play."""
    ends = []
    for end in stage.ends:
        assert isinstance(end.node, Terminal)
        ends.append(Play(tuple(end.node.payoffs[player] for player in players), label=end.node.label))
    return equilibrium(staged(players, stage, profile, ends, told=told), tuple(players), concept)


def whole_game(players: Sequence[str], stage: Stage, profiles: Sequence[Behaviours], concept: str) -> tuple[Equilibrium | Component, ...]:
    """Profiles of a game that is one stage, as equilibria grouped into components."""
    made = [profile_of(players, stage, profile, concept) for profile in profiles]
    found: list[Equilibrium | Component] = []
    for inside, subsets in continua(profiles, list(stage.sets)):
        vertices = tuple(made[k] for k in inside)
        found.append(Component(vertices, subsets) if subsets else vertices[0])
    return tuple(found)
