"""From symbols to arrays: a game's payoffs as vectorised functions of its free parameters.

Polynomial payoffs become one coefficient matrix times the monomials that occur (computed once
for the whole tree); anything else goes through `sympy.lambdify` with common subexpressions
shared. The tree itself becomes integers in post-order. Columns of parameters may be arrays of any
library with the array API: payoffs are then made, and the tree solved, where the columns are.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import sympy as sp

from bargain.errors import NotApplicable
from bargain.expressions import Evaluator
from bargain.games.game import Game
from bargain.games.information import imperfect
from bargain.games.nodes import Chance, Decision, History, Node, Terminal, show
from bargain.kernels.devices import namespace, on_gpu, place_of
from bargain.kernels.formulas import formulas
from bargain.kernels.induction import Step, backward_induction

_BLOCK, _GPU_BLOCK = 8192, 2**18  # points at a time


@dataclass(frozen=True)
class CompiledGame:
    """A finite tree of decisions and chance moves as arrays.

    paths: history of each end node. steps: the nodes in post-order, for the kernel. payoff:
    maps {symbol: array of N values} to payoffs (ends, players, N) and chance probabilities (draws, N).
    """

    players: tuple[str, ...]
    paths: tuple[History, ...]
    steps: tuple[Step, ...]
    payoff: Callable[[Mapping[sp.Symbol, Any]], tuple[Any, Any]]

    def solve(self, values: Mapping[sp.Symbol, Any]) -> tuple[Any, Any]:
        """Backward induction at N points: payoffs (players, N) and the index of the end reached (N,), arrays of the columns' library.

        Among equal actions the first listed is taken. The end is -1 where chance decides it.
        """
        xp = namespace(*values.values())
        columns = {symbol: xp.reshape(xp.asarray(column, dtype=xp.float64), (-1,)) for symbol, column in values.items()}
        size = max((column.shape[0] for column in columns.values()), default=1)
        columns = {symbol: xp.broadcast_to(column, (size,)) for symbol, column in columns.items()}
        parts = []
        step = _GPU_BLOCK if any(on_gpu(column) for column in columns.values()) else _BLOCK
        for start in range(0, size, step):
            block = {symbol: column[start : min(start + step, size)] for symbol, column in columns.items()}
            parts.append(backward_induction(self.steps, *self.payoff(block)))
        return xp.concat([part[0] for part in parts], axis=1), xp.concat([part[1] for part in parts])

    def outcomes(self, values: Mapping[sp.Symbol, Any]) -> Any:
        """The index into `paths` of the end reached, at each of N points."""
        return self.solve(values)[1]


def compile_game(game: Game, free: Iterable[sp.Symbol] | None = None) -> CompiledGame:
    """Compile a tree of perfect information; the parameters not in `free` are fixed at their baseline.

    Refuses information sets of several nodes (`NotApplicable`): backward induction would let their owner see what she cannot.

    >>> from bargain.models.classics import deterrence as m
    >>> compiled = compile_game(m.game, [m.w_C])
    >>> [compiled.paths[k] for k in compiled.outcomes({m.w_C: [-1.0, -0.1, 0.3]})]
    [('hold',), ('hold',), ('challenge', 'resist', 'press')]
    """
    if imperfect(game):
        raise NotApplicable("an information set holds several nodes", place=f"game {game.title!r}", remedy="solve it for its parameters and compile the solution")
    symbols = list(game.notation.symbols if free is None else free)
    fixed = Evaluator({s: v for s, v in game.notation.baseline.items() if s not in set(symbols)})
    steps: list[Step] = []
    paths: list[History] = []
    rows: list[sp.Expr] = []
    weights: list[sp.Expr] = []
    _flatten(game, game.root, (), steps, paths, rows, weights, fixed)
    payoffs = vectorised([*rows, *weights], symbols)
    ends, players = len(paths), len(game.players)

    def payoff(values: Mapping[sp.Symbol, Any]) -> tuple[Any, Any]:
        table = payoffs([values[symbol] for symbol in symbols])
        return namespace(table).reshape(table[: ends * players, :], (ends, players, table.shape[1])), table[ends * players :, :]

    return CompiledGame(game.players, tuple(paths), tuple(steps), payoff)


def _flatten(game: Game, node: Node, history: History, steps: list[Step], paths: list[History], rows: list[sp.Expr],
             weights: list[sp.Expr], fixed: Evaluator) -> None:
    """Post-order walk: every node leaves exactly one value on the kernel's stack."""
    if isinstance(node, Terminal):
        steps.append(Step("end", len(paths), 0))
        paths.append(history)
        rows.extend(fixed(node.payoffs[player]) for player in game.players)
        return
    if not isinstance(node, Decision | Chance):
        raise NotApplicable(f"a {type(node).__name__} node has no vectorised induction", place=f"node {show(history)}", remedy="solve it by SubgamePerfect()")
    for name, child in node.moves:
        _flatten(game, child, (*history, name), steps, paths, rows, weights, fixed)
    if isinstance(node, Decision):
        steps.append(Step("choose", len(node.moves), game.players.index(node.player)))
        return
    steps.append(Step("chance", len(node.draws), len(weights)))
    weights.extend(fixed(probability) for _, probability, _ in node.draws)


def vectorised(expressions: Sequence[sp.Expr], symbols: Sequence[sp.Symbol]) -> Callable[[Sequence[Any]], Any]:
    """A function from N-vectors of the symbols to an array (len(expressions), N) of their library.

    >>> x, y = sp.symbols("x y")
    >>> vectorised([x * y + 1, y], [x, y])([np.array([1.0, 2.0]), np.array([3.0, 4.0])]).tolist()
    [[4.0, 9.0], [3.0, 4.0]]
    """
    known: dict[sp.Expr, int] = {}
    index = [known.setdefault(e, len(known)) for e in expressions]
    unique = list(known)
    if not symbols or not all(e.is_polynomial(*symbols) for e in unique):
        return _lambdified(unique, index, symbols)
    monomials: dict[tuple[int, ...], int] = {}
    entries: list[tuple[int, int, float]] = []
    for row, expression in enumerate(unique):
        for powers, coefficient in sp.Poly(expression, *symbols).terms():
            entries.append((row, monomials.setdefault(powers, len(monomials)), float(coefficient)))
    matrix = np.zeros((len(unique), len(monomials)))
    for row, column, coefficient in entries:
        matrix[row, column] = coefficient
    exponents = [[(k, power) for k, power in enumerate(powers) if power] for powers in monomials]

    @lru_cache(maxsize=4)
    def placed(xp: Any, place: Any) -> tuple[Any, Any]:
        return xp.asarray(matrix, device=place), xp.asarray(np.array(index), device=place)

    def evaluate(columns: Sequence[Any]) -> Any:
        xp, place, size = namespace(*columns), place_of(columns[0]), columns[0].shape[0]
        coefficients, places = placed(xp, place)
        basis = xp.ones((len(exponents), size), dtype=xp.float64, device=place)
        for row, factors in enumerate(exponents):
            for k, power in factors:
                basis[row, :] *= columns[k] if power == 1 else columns[k] ** power
        return xp.take(coefficients @ basis, places, axis=0)

    return evaluate


def _lambdified(unique: list[sp.Expr], index: list[int], symbols: Sequence[sp.Symbol]) -> Callable[[Sequence[Any]], Any]:
    function = sp.lambdify(list(symbols), unique, modules="numpy", cse=True)
    walked = lru_cache(maxsize=1)(lambda: formulas(unique, symbols))

    def evaluate(columns: Sequence[Any]) -> Any:
        xp = namespace(*columns)
        if xp is not np:
            return xp.take(walked()(columns), xp.asarray(np.array(index), device=place_of(columns[0])), axis=0)
        size = len(columns[0]) if len(columns) else 1
        values = [np.broadcast_to(np.asarray(value, dtype=float), (size,)) for value in function(*columns)]
        return np.stack(values)[index]

    return evaluate
