"""The value of a two-player zero-sum game and a pair of optimal strategies, by linear programming, exactly.

With row payoffs A and column payoffs c - A, the row player solves max v subject to x^T A >= v, and the dual prices of
the columns are an optimal y. Both are found by floats and exact refinement (`bargain.kernels.exact_lp`); equal
values prove each other optimal. The value is unique; optimal strategies need not be, and `Nash()` lists them all.
Source: von Neumann (1928), Mathematische Annalen 100:295-320; Dantzig (1951), in Activity Analysis of Production and Allocation.
"""

from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable
from bargain.games.matrix import MatrixGame
from bargain.kernels.exact_lp import LinearProgram, Optimal, solve_lp
from bargain.regions import Region
from bargain.solution import Regime, Solution, Status
from bargain.solvers.matrices.nash import rational_tables, single

__all__ = ["ZeroSum"]


@dataclass(frozen=True)
class ZeroSum:
    """The value and one pair of optimal strategies of a zero-sum (or constant-sum) matrix game with rational payoffs.

    The row player's value is `quantities["value"]`.

    >>> import bargain as bg
    >>> game = bg.MatrixGame.from_arrays([[3, -1], [-2, 4]], [[-3, 1], [2, -4]])
    >>> (found,) = bg.solve(game, ZeroSum()).equilibria
    >>> found.outcome, found.quantities
    ('3/5 r1 + 2/5 r2, 1/2 c1 + 1/2 c2', {'value': 1})
    """

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "Nash equilibrium"

    def accepts(self, problem: Any) -> None:
        """Refuse what is not a two-player matrix game with rational payoffs of constant sum."""
        a, b = rational_tables(problem, "ZeroSum")
        sums = {u + w for row, other in zip(a, b, strict=True) for u, w in zip(row, other, strict=True)}
        if len(sums) != 1:
            raise NotApplicable(f"payoffs add up to {min(sums)} in some cell and to {max(sums)} in another", place="ZeroSum", remedy="use Nash()")

    def run(self, problem: MatrixGame) -> Solution:
        """One linear program and its dual."""
        a, _ = rational_tables(problem, "ZeroSum")
        m, n = problem.shape
        program = LinearProgram([0] * m + [1], a_ub=[[*(-row[j] for row in a), 1] for j in range(n)], b_ub=[0] * n, a_eq=[[1] * m + [0]], b_eq=[1], free={m})
        found = solve_lp(program)
        assert isinstance(found, Optimal), "a mixed strategy exists and payoffs are bounded"
        equilibrium = replace(single(problem, (found.x[:m], found.y_ub)), quantities={"value": sp.Rational(found.value.numerator, found.value.denominator)})
        return Solution(problem, self, Status.INCOMPLETE, (Regime(Region.everything(), (equilibrium,)),))
