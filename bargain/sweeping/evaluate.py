"""What a sweep computes at each point, as arrays: regimes of a solution, backward induction of a tree, all equilibria of a matrix.

An evaluator is built from the problem and its free parameters, and called with flat columns.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import sympy as sp

from bargain.compile import compile_game, vectorised
from bargain.errors import NotApplicable
from bargain.expressions import Evaluator
from bargain.games import Game, MatrixGame
from bargain.games.nodes import show
from bargain.kernels.batch import all_equilibria
from bargain.solution import Solution

__all__ = ["Variable", "evaluator", "labels", "outcomes"]

Columns = Mapping[sp.Symbol, Any]


@dataclass(frozen=True)
class Variable:
    """Values at N points, and the name of the further dimension they have, if they have one."""

    values: Any  # (N,) or (N, labels)
    along: str = ""


Evaluated = dict[str, Variable]


def evaluator(what: Any, free: tuple[sp.Symbol, ...], held: tuple[tuple[sp.Symbol, sp.Expr], ...]) -> Callable[[Columns], Evaluated]:
    """The function of the free parameters that a sweep of a solution or a problem calls.

    Raises NotApplicable for a problem that has no vectorised solver: it is to be solved symbolically first.
    """
    if isinstance(what, Solution):
        return _solution(what, dict(held))
    if isinstance(what, Game):
        return _tree(what.at(dict(held)) if held else what, free)
    if isinstance(what, MatrixGame) and len(what.players) == 2:
        return _matrix(what, free, dict(held))
    raise NotApplicable(f"a {type(what).__name__} has no vectorised solver", place="sweep", remedy="sweep its solution: sweep(solve(problem, solver), ...)")


def labels(what: Any, name: str) -> list[str]:
    """The labels along a further dimension."""
    problem = what.problem if isinstance(what, Solution) else what
    if name == "player":
        return list(problem.players)
    return ["/".join(cell) for cell in product(*problem.actions)]


def _solution(solution: Solution, held: Mapping[sp.Symbol, sp.Expr]) -> Callable[[Columns], Evaluated]:
    compiled = solution.compile()
    players = labels(solution, "player")

    def evaluate(columns: Columns) -> Evaluated:
        found = compiled({**held, **columns})
        variables = {"regime": Variable(found.regime), "equilibria": Variable(found.count)}
        if set(found.payoffs) >= set(players):
            variables["payoff"] = Variable(np.stack([found.payoffs[player] for player in players], axis=1), "player")
        return variables | {name: Variable(values) for name, values in found.quantities.items() if name not in variables}

    return evaluate


def _tree(game: Game, free: tuple[sp.Symbol, ...]) -> Callable[[Columns], Evaluated]:
    compiled = compile_game(game, free)

    def evaluate(columns: Columns) -> Evaluated:
        values, ends = compiled.solve({symbol: columns[symbol] for symbol in free})
        return {"outcome": Variable(ends), "payoff": Variable(values.T, "player")}

    return evaluate


def outcomes(what: Any, free: tuple[sp.Symbol, ...]) -> list[str]:
    """What the numbers of the variable `outcome` mean: the ends of a tree."""
    return [show(path) for path in compile_game(what, free).paths] if isinstance(what, Game) else []


def _matrix(game: MatrixGame, free: tuple[sp.Symbol, ...], held: Mapping[sp.Symbol, sp.Expr]) -> Callable[[Columns], Evaluated]:
    m, n = (len(actions) for actions in game.actions)
    fixed = Evaluator({**{s: v for s, v in game.notation.baseline.items() if s not in free}, **held})
    cells = [game.payoffs[cell] for cell in product(*game.actions)]
    function = vectorised([fixed(paid[player]) for player in (0, 1) for paid in cells], list(free))

    def evaluate(columns: Columns) -> Evaluated:
        table = function([columns[symbol] for symbol in free])
        a, b = table.reshape(2, m, n, -1).transpose(0, 3, 1, 2)
        found = all_equilibria(a, b)
        size = len(found.degenerate)
        paid = [np.einsum("ki,kij,kj->k", found.x, side[found.game], found.y) for side in (a, b)]
        least, greatest = np.full((size, 2), np.inf), np.full((size, 2), -np.inf)
        for player, payoff in enumerate(paid):
            np.minimum.at(least[:, player], found.game, payoff)
            np.maximum.at(greatest[:, player], found.game, payoff)
        pure = (a == a.max(axis=1, keepdims=True)) & (b == b.max(axis=2, keepdims=True))
        return {
            "equilibria": Variable(np.bincount(found.game, minlength=size)),
            "degenerate": Variable(found.degenerate),
            "pure": Variable(pure.reshape(size, -1), "profile"),
            "least_payoff": Variable(least, "player"),
            "greatest_payoff": Variable(greatest, "player"),
        }

    return evaluate
