"""All Nash equilibria of a tree, in behaviour strategies.

Two active players and rational payoffs: the extreme points of the sequence form (`bargain.kernels.realization`).
Symbolic payoffs, or more players: the reduced strategic form, solved as any matrix game is, and every mixture of
plans turned into behaviour.
Source: Kuhn (1953), Contributions to the Theory of Games II; von Stengel (1996), Games and Economic Behavior 14:220-246.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bargain.errors import NotApplicable
from bargain.games.game import Game
from bargain.games.nodes import Terminal
from bargain.regions import Cell, Oracle, Region, Space
from bargain.solution import Component, Equilibrium, Regime, Solution, Status
from bargain.solvers.trees.stage_equilibria import Values, mixed_profile, plan_matrix, stage_equilibria
from bargain.solvers.trees.stage_plays import profile_of, whole_game
from bargain.solvers.trees.stages import Stage, whole


def check_tree(problem: Game) -> None:
    """Refuse imperfect recall, offers and tables, and free parameters where more than two players move."""
    active = list(whole(problem, "Nash equilibrium in behaviour strategies").sets)
    if len(active) > 2 and problem.notation.symbols:
        raise NotApplicable(f"{len(active)} players have moves and parameters are free", place=f"game {problem.title!r}", remedy="fix all parameters (free=[])")


def tree_nash(problem: Game, solver: Any) -> Solution:
    """The solution of a tree; `solver` is the `Nash` asked for."""
    stage = whole(problem, "Nash equilibrium")
    values = [tuple(end.node.payoffs[player] for player in problem.players) for end in stage.ends if isinstance(end.node, Terminal)]
    if not stage.sets:
        return Solution(problem, solver, Status.CERTIFIED, (Regime(Region.everything(), whole_game(problem.players, stage, [{}], solver.concept)),))
    if problem.notation.symbols or len(stage.sets) > 2:
        return _by_matrix(problem, solver, stage, values)
    found = stage_equilibria(Oracle(Space(problem.notation), Cell()), stage, problem.players, values)
    equilibria = whole_game(problem.players, stage, found.profiles, solver.concept)
    return Solution(problem, solver, Status.CERTIFIED, (Regime(Region.everything(), equilibria),))


def _by_matrix(problem: Game, solver: Any, stage: Stage, values: Values) -> Solution:
    """By the reduced strategic form; with free parameters every regime of it, and regimes are disjoint."""
    movers = (*stage.sets, *(player for player in (*problem.players, "nobody") if player not in stage.sets))
    matrix, labels = plan_matrix(stage, movers[:max(2, len(stage.sets))], problem.players, values, problem.notation)
    if len(stage.sets) > 2:
        from bargain.solvers.matrices.many_players import all_equilibria

        answer = all_equilibria(matrix, solver)
        listed = [[_turned(problem, stage, labels, item, solver.concept) for item in regime.equilibria] for regime in answer.regimes]
    else:
        answer = replace(solver, partition=None if solver.exact else True).run(matrix)
        listed = []
        for regime in answer.regimes:
            profiles = [mixed_profile(stage, labels, extreme) for extreme in regime.extreme()]
            unique = list({repr(profile): profile for profile in profiles}.values())
            listed.append(list(whole_game(problem.players, stage, unique, solver.concept)))
    regimes = tuple(replace(regime, equilibria=tuple(equilibria)) for regime, equilibria in zip(answer.regimes, listed, strict=True))
    return replace(answer, problem=problem, solver=solver, regimes=regimes)


def _turned(problem: Game, stage: Stage, labels: Mapping[str, tuple[str, ...]], item: Equilibrium | Component, concept: str) -> Equilibrium | Component:
    """An equilibrium or component between plans, vertex by vertex in behaviour strategies."""
    if isinstance(item, Component):
        return replace(item, vertices=tuple(profile_of(problem.players, stage, mixed_profile(stage, labels, vertex), concept) for vertex in item.vertices))
    return profile_of(problem.players, stage, mixed_profile(stage, labels, item), concept)
