"""Security levels: what each player can guarantee alone, and how the others can hold the player down to it.

The maximin value of player i is max_x min_s sum_a x_a u_i(a, s) over own mixtures x and the others' cells s; by linear-programming
duality it equals the minimax value against others who punish jointly. With three or more players independent punishers may do
worse; that value is the solution of a non-convex program and is not computed.
Source: von Neumann (1928), Mathematische Annalen 100:295-320.
"""

from dataclasses import dataclass
from itertools import product
from typing import Any

from bargain.errors import NotApplicable
from bargain.findings.strategic import Security
from bargain.games.matrix import MatrixGame
from bargain.regions import Oracle, Region, Space, explore, strata
from bargain.solution import Solution, Status
from bargain.solvers.matrices.programs import saddle
from bargain.solvers.trees.subgame_perfect import regimes_of

__all__ = ["SecurityLevels"]


@dataclass(frozen=True)
class SecurityLevels:
    """Maximin values and strategies of every player, with the punishments that prove them; n players, by regimes.

    exact: with free parameters, also solve on the boundaries between regimes.

    >>> import bargain as bg
    >>> battle = bg.MatrixGame.from_arrays([[3, 0], [0, 1]], [[1, 0], [0, 3]])
    >>> found = bg.solve(battle, SecurityLevels()).equilibria[0]
    >>> found.payoffs, found.strategies["row"][""]
    ({'row': 3/4, 'column': 3/4}, {'r1': 1/4, 'r2': 3/4})
    """

    exact: bool = False
    limit: int = 2_000

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "security levels"

    def accepts(self, problem: Any) -> None:
        """Refuse what is not a matrix game."""
        if not isinstance(problem, MatrixGame):
            raise NotApplicable(f"needs a matrix game, not a {type(problem).__name__}", place="SecurityLevels", remedy="call strategic_form()")

    def run(self, problem: MatrixGame) -> Solution:
        """One linear program per player, by cases where payoffs are symbolic."""
        space = Space(problem.notation)
        leaves, skipped = explore(space, lambda oracle: (_levels(oracle, problem),), boundaries=self.exact, limit=self.limit)
        status = Status.PROVED if problem.notation.symbols else Status.CERTIFIED
        return Solution(problem, self, status, regimes_of(space, leaves, closed=self.exact), boundary=Region(strata(space, skipped)),
                        stats={"cases": len(leaves), "queries": space.queries, "exact": self.exact})


def _levels(oracle: Oracle, game: MatrixGame) -> Security:
    strategies, payoffs, punishments = {}, {}, {}
    for index, player in enumerate(game.players):
        others = list(product(*(names for k, names in enumerate(game.actions) if k != index)))
        table = [[game.payoffs[(*cell[:index], action, *cell[index:])][index] for cell in others] for action in game.actions[index]]
        found = saddle(oracle, table)
        payoffs[player] = found.value
        strategies[player] = {"": dict(zip(game.actions[index], found.rows, strict=True))}
        punishments[player] = {cell: weight for cell, weight in zip(others, found.columns, strict=True) if weight != 0}
    return Security("security levels", strategies, payoffs, punishments=punishments)
