"""One Nash equilibrium of a large two-player game, proved exactly.

A Lemke-Howson path leads from the artificial equilibrium, along pairs of vertices that lack one label, to an equilibrium.
Small games follow it in exact arithmetic, with ties broken lexicographically; large ones in floats, whose end is
solved over the rationals and kept only if no deviation gains. Other equilibria may exist, and the status says so.
Source: Lemke and Howson (1964), Journal of the SIAM 12(2):413-423.
"""

from dataclasses import dataclass
from typing import Any

from bargain.errors import BadInput
from bargain.games.matrix import MatrixGame
from bargain.kernels.bimatrix import lemke_howson, refined_lemke_howson
from bargain.regions import Region
from bargain.solution import Regime, Solution, Status
from bargain.solvers.matrices.nash import rational_tables, single

__all__ = ["LemkeHowson"]

_EXACT = 60  # actions of both players up to which the whole path is exact


@dataclass(frozen=True)
class LemkeHowson:
    """One Nash equilibrium, pure or mixed, of a two-player matrix game with rational payoffs.

    label: the action, numbered through both players' lists, whose label the path drops; other labels may lead to
    other equilibria. None: the first action of a small game; of a large one, whichever path ends soon.

    >>> import bargain as bg
    >>> hunt = bg.MatrixGame.from_arrays([[4, 0], [3, 3]], [[4, 3], [0, 3]])
    >>> solution = bg.solve(hunt, LemkeHowson())
    >>> solution.outcomes, solution.status.complete
    (('r1,c1',), None)
    """

    label: int | None = None

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "Nash equilibrium"

    def accepts(self, problem: Any) -> None:
        """Refuse what is not a two-player matrix game with rational payoffs, and labels that it does not have."""
        rational_tables(problem, "LemkeHowson")
        if self.label is not None and not 0 <= self.label < sum(problem.shape):
            raise BadInput(f"label {self.label} is not an action of this game", place="LemkeHowson", remedy=f"take 0 to {sum(problem.shape) - 1}")

    def run(self, problem: MatrixGame) -> Solution:
        """Follow one path."""
        a, b = rational_tables(problem, "LemkeHowson")
        x, y = lemke_howson(a, b, self.label or 0) if sum(problem.shape) <= _EXACT else refined_lemke_howson(a, b, self.label)
        return Solution(problem, self, Status.INCOMPLETE, (Regime(Region.everything(), (single(problem, (x, y)),)),), stats={"label": self.label or 0})
