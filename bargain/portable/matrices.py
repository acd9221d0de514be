"""Values of matrix games that rest on games against an opponent, written as stages: security levels, the coco value; attrition by rounds.

In the stage of a player's security all the others are one opponent who is paid what that player loses (von Neumann 1928, Mathematische Annalen 100:295-320).
The coco value is half the greatest sum of payoffs and the value of the game over half the difference (Kalai and Kalai 2013, Quarterly Journal of Economics
128:917-966).
"""

from collections.abc import Mapping
from itertools import product
from typing import Any

import sympy as sp

from bargain.equilibrium import Equilibrium
from bargain.games.attrition_private import AttritionByRounds
from bargain.games.matrix import MatrixGame
from bargain.games.nodes import Node, Simultaneous, Terminal
from bargain.portable.arbiter import named_unlike
from bargain.portable.stages import Rules, Stage, Staged, ask, value_of
from bargain.portable.waiting import undiscounted


def security(game: MatrixGame, solver: Any, e: Any) -> Staged:
    """A stage for every player, and a start that pays each what that stage is worth."""
    rest = named_unlike("opponent", game.players)
    players, stages, values, choices = (*game.players, rest), dict[str, Stage](), dict[str, Mapping[str, sp.Expr]](), Rules()
    for k, player in enumerate(game.players):
        here = f"security of {player}"
        others = {", ".join(cell): cell for cell in product(*(names for j, names in enumerate(game.actions) if j != k))}
        cells: dict[tuple[str, ...], Node] = {
            (own, name): _lost(game.payoffs[(*cell[:k], own, *cell[k:])][k], player, rest, players) for own in game.actions[k] for name, cell in others.items()}
        stages[here] = Simultaneous((player, rest), (game.actions[k], tuple(others)), cells)
        values[here] = _lost(e.payoffs[player], player, rest, players).payoffs
        choices[player, here] = {name: e.strategies[player][""].get(name, sp.Integer(0)) for name in game.actions[k]}
        choices[rest, here] = {name: e.punishments[player].get(cell, sp.Integer(0)) for name, cell in others.items()}
    stages["start"] = Terminal({p: value_of(f"security of {p}", p) if p != rest else sp.Integer(0) for p in players})
    values["start"] = {**e.payoffs, rest: sp.Integer(0)}
    return Staged("each against all others as one opponent who is paid what that player loses", players, stages, values, "start", choices, {"start": sp.Integer(2)})


def _lost(value: sp.Expr, player: str, rest: str, players: tuple[str, ...]) -> Terminal:
    return Terminal({p: value if p == player else -value if p == rest else sp.Integer(0) for p in players})


def coco(game: MatrixGame, solver: Any, e: Equilibrium) -> Staged:
    """The greatest sum, as the choice of somebody who is paid it, and the threats, as a game over half the difference."""
    (first, second), judge = game.players, named_unlike("arbitrator", game.players)
    half = {cell: (a - b) / 2 for cell, (a, b) in game.payoffs.items()}
    threats = Simultaneous(game.players, game.actions, {cell: Terminal({first: gap, second: -gap, judge: sp.Integer(0)}) for cell, gap in half.items()})
    sums = {",".join(cell): sp.Add(*paid) for cell, paid in game.payoffs.items()}
    best = next(name for name in sums if name == e.outcome)
    choice = ask(judge, {name: Terminal({first: total / 2 + value_of("threats", first), second: total / 2 + value_of("threats", second), judge: total})
                         for name, total in sums.items()})
    edge = e.quantities["advantage"] / 2
    values = {"threats": {first: edge, second: -edge, judge: sp.Integer(0)}, "choice": {**e.payoffs, judge: sums[best]}}
    choices = {(p, "threats"): {name: e.strategies[p][""].get(name, sp.Integer(0)) for name in names} for p, names in zip(game.players, game.actions, strict=True)}
    choices[judge, "choice"] = {name: sp.Integer(name == best) for name in sums}
    return Staged("half the greatest sum, and the value of the game over half the difference", (*game.players, judge), {"choice": choice, "threats": threats},
                  values, "choice", choices, {"choice": sp.Integer(2)})


def rounds(problem: AttritionByRounds, solver: Any, e: Equilibrium) -> Staged:
    """One stage; if both stay it comes again. Without discounting, best replies (`bargain.portable.waiting`)."""
    first, second = problem.players
    assert isinstance(problem.discount, Mapping)
    if any(factor == 1 for factor in problem.discount.values()):
        return undiscounted(problem, solver, e)
    zero = sp.Integer(0)
    stay = Terminal({p: problem.discount[p] * value_of("round", p) - problem.cost[p] for p in problem.players})
    cells: dict[tuple[str, ...], Node] = {
        ("quit", "quit"): Terminal({first: zero, second: zero}), ("quit", "stay"): Terminal({first: zero, second: problem.worth[second]}),
        ("stay", "quit"): Terminal({first: problem.worth[first], second: zero}), ("stay", "stay"): stay}
    quits = {p: e.quantities[f"chance that {p} quits"] for p in problem.players}
    stage = Simultaneous(problem.players, (("quit", "stay"),) * 2, cells)
    return Staged("a round that comes again", problem.players, {"round": stage}, {"round": e.payoffs}, "round",
                  {(p, "round"): {"quit": q, "stay": 1 - q} for p, q in quits.items()})
