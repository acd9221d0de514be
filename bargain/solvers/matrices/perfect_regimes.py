"""Perfect equilibria of a two-player game with symbolic payoffs, by regimes.

With two players an equilibrium is perfect iff both strategies are undominated (van Damme 1991, theorem 3.2.2), and a strategy x is
undominated iff the program

    max sum_s sum_k p_k d_k(s)   subject to   sum_k p_k d_k(s) >= 0 for all s,   sum_k p_k <= 1,   p >= 0,

with d_k(s) = u(k, s) - u(x, s), has the value zero; its prices then give beliefs with full support to which x is a best reply, and
so is every strategy on the actions that x plays. The vertices of the best-reply polyhedra, their pairs, and these programs
are run on symbols by asking for signs, so that each list of perfect equilibria comes with the region in which it holds.

Source: van Damme (1991), Stability and Perfection of Nash Equilibria, 2nd ed., Springer, 3.2.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import sympy as sp

from bargain.games.matrix import MatrixGame
from bargain.kernels.bimatrix import maximal_nash_subsets
from bargain.regions import Cell, Oracle, Region, explore, strata
from bargain.solution import Component, Equilibrium, Regime, Solution, Status
from bargain.solvers.matrices.dominance import dominating
from bargain.solvers.matrices.refinements import Survey, mixture
from bargain.solvers.matrices.supports import extreme_points
from bargain.solvers.matrices.witnesses import RememberingSpace

Strategy = tuple[sp.Expr, ...]


def perfect_by_regimes(problem: MatrixGame, solver: Any) -> Solution:
    """The solution by the cases that the comparisons of payoffs make.

    Cases with the same answer are listed as one regime but not merged into wider cells: unlike Nash equilibria, perfect ones may be
    lost on the border of a case.
    """
    space = RememberingSpace(problem.notation)
    leaves, skipped = explore(space, lambda oracle: _perfect(oracle, problem), boundaries=solver.exact, limit=solver.limit)
    cells: dict[str, list[Cell]] = {}
    for cell, found in leaves:
        cells.setdefault(repr(found), []).append(space.reduced(cell))
    answers = {repr(found): found for _, found in leaves}
    regimes = tuple(Regime(Region(tuple(cells[key])), answers[key]) for key in cells)
    return Solution(problem, solver, Status.PROVED, regimes, boundary=Region(strata(space, skipped)),
                    stats={"cases": len(leaves), "queries": space.queries, "exact": solver.exact})


def _perfect(oracle: Oracle, game: MatrixGame) -> tuple[Equilibrium | Component, ...]:
    return _OnCell(oracle, game).perfect()


class _OnCell(Survey):
    """The equilibria on one cell, with symbols for weights."""

    def __init__(self, oracle: Oracle, game: MatrixGame) -> None:
        self.oracle, self.game = oracle, game
        rows, columns = (game.matrix(player) for player in game.players)
        self.gains: tuple[Any, Any] = (rows, [list(column) for column in zip(*columns, strict=True)])
        self.extremes: list[Any] = extreme_points(oracle, rows, columns)
        self._judged: dict[tuple[int, Strategy], tuple[Strategy | None, Strategy]] = {}

    def subsets(self) -> list[Any]:
        """The maximal Nash subsets; strategies are numbered for it, as symbols have no order."""
        xs, ys = (list(dict.fromkeys(pair[side] for pair in self.extremes)) for side in (0, 1))
        numbered = [((Fraction(-xs.index(x)),), (Fraction(-ys.index(y)),)) for x, y in self.extremes]
        return [([xs[-int(k)] for (k,) in left], [ys[-int(k)] for (k,) in right]) for left, right in maximal_nash_subsets(numbered)]

    def defence(self, side: int, strategies: Sequence[Any]) -> Any:
        """Full-support beliefs to which all the strategies are best replies; None if there are none."""
        count = len(strategies)
        average = strategies[0] if count == 1 else tuple(sp.cancel(sp.Add(*weights) / count) for weights in zip(*strategies, strict=True))
        by, beliefs = self._judgement(side, average)
        return beliefs if by is None else None

    def _dominated(self, side: int, weights: Any) -> str:
        by, _ = self._judgement(side, weights)
        assert by is not None
        actions = self.game.actions[side]
        return f"{mixture(actions, weights)} of {self.game.players[side]} is weakly dominated by {mixture(actions, by)}"

    def _judgement(self, side: int, weights: Strategy) -> tuple[Strategy | None, Strategy]:
        """What weakly dominates a mixture, if anything, and the beliefs that defend it otherwise."""
        if (side, weights) not in self._judged:
            table = self.gains[side]
            paid = [sp.Add(*(w * row[s] for w, row in zip(weights, table, strict=True))) for s in range(len(table[0]))]
            gaps = [[sp.cancel(value - own) for value, own in zip(row, paid, strict=True)] for row in table]
            self._judged[side, weights] = dominating(self.oracle, gaps, len(paid), False)
        return self._judged[side, weights]
