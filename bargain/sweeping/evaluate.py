"""What a sweep computes at each point, as arrays: regimes of a solution, backward induction of a tree, all equilibria of a matrix.

An evaluator is built from the problem and its free parameters, and called with flat columns. On a device, the columns are
taken there, payoffs are made and results reduced there, and what goes into the dataset comes back.
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
from bargain.kernels.batch import Equilibria, all_equilibria
from bargain.kernels.devices import Device, host, namespace, place_of
from bargain.solution import Solution

__all__ = ["Variable", "evaluator", "labels", "outcomes"]

Columns = Mapping[sp.Symbol, Any]


@dataclass(frozen=True)
class Variable:
    """Values at N points, and the name of the further dimension they have, if they have one."""

    values: Any  # (N,) or (N, labels)
    along: str = ""


Evaluated = dict[str, Variable]


def evaluator(what: Any, free: tuple[sp.Symbol, ...], held: tuple[tuple[sp.Symbol, sp.Expr], ...], on: Device) -> Callable[[Columns], Evaluated]:
    """The function of the free parameters that a sweep of a solution or a problem calls.

    Raises NotApplicable for a problem that has no vectorised solver, and for a solution on another device than the CPU.
    """
    if isinstance(what, Solution):
        if on.namespace is not np:
            remedy = "sweep the game itself there: sweep(solution.problem, ...), or use device='cpu'"
            raise NotApplicable("the regimes of a solution are looked up on the CPU", place=f"device {on.name!r}", remedy=remedy)
        return _solution(what, dict(held))
    if isinstance(what, Game):
        computed = _tree(what.at(dict(held)) if held else what, free)
    elif isinstance(what, MatrixGame) and len(what.players) == 2:
        computed = _matrix(what, free, dict(held))
    else:
        raise NotApplicable(f"a {type(what).__name__} has no vectorised solver", place="sweep", remedy="sweep its solution: sweep(solve(problem, solver), ...)")

    def evaluate(columns: Columns) -> Evaluated:
        found = computed({symbol: on.put(columns[symbol]) for symbol in free})
        return {name: Variable(host(variable.values), variable.along) for name, variable in found.items()}

    return computed if on.namespace is np else evaluate


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
        return {"outcome": Variable(ends), "payoff": Variable(namespace(values).moveaxis(values, 0, 1), "player")}

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
        xp, size = namespace(table), table.shape[1]
        sides = xp.moveaxis(xp.reshape(table, (2, m, n, size)), 3, 1)
        a, b = sides[0, ...], sides[1, ...]
        found = all_equilibria(a, b)
        least, greatest = _extremes(found, (a, b), size)
        pure = (a == xp.max(a, axis=1, keepdims=True)) & (b == xp.max(b, axis=2, keepdims=True))
        return {
            "equilibria": Variable(xp.diff(_starts(found.game, size))),
            "degenerate": Variable(found.degenerate),
            "pure": Variable(xp.reshape(pure, (size, m * n)), "profile"),
            "least_payoff": Variable(least, "player"),
            "greatest_payoff": Variable(greatest, "player"),
        }

    return evaluate


def _starts(game: Any, games: int) -> Any:
    """Where the equilibria of each game begin, and where the last one's end, (games + 1,)."""
    xp = namespace(game)
    return xp.searchsorted(game, xp.arange(games + 1, dtype=xp.int64, device=place_of(game)))


def _extremes(found: Equilibria, sides: tuple[Any, Any], games: int) -> tuple[Any, Any]:
    """The least and the greatest payoffs of each game's equilibria, (game, player) each; every game has one."""
    xp = namespace(found.game)
    starts = _starts(found.game, games)
    least, greatest = [], []
    for side in sides:
        if xp is np:
            paid = np.einsum("ki,kij,kj->k", found.x, side[found.game], found.y)
            least.append(np.minimum.reduceat(paid, starts[:-1]))
            greatest.append(np.maximum.reduceat(paid, starts[:-1]))
            continue
        paid = xp.sum(found.x[:, :, None] * xp.take(side, found.game, axis=0) * found.y[:, None, :], axis=(1, 2))
        order = xp.argsort(paid, stable=True)
        ranked = xp.take(paid, xp.take(order, xp.argsort(xp.take(found.game, order), stable=True)))
        least.append(xp.take(ranked, starts[:-1]))
        greatest.append(xp.take(ranked, starts[1:] - 1))
    return xp.stack(least, axis=1), xp.stack(greatest, axis=1)
