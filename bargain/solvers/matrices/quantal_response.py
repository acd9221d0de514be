"""Logit quantal response equilibrium of a matrix game: at a rationality, along the principal branch, and fitted to choices.

Every player plays action a with probability proportional to exp(rationality * u(a)). Where several such equilibria exist at
one rationality, the one reported lies on the principal branch, which starts at the uniform profile; others are not searched.
Sources: McKelvey and Palfrey (1995), Games and Economic Behavior 10:6-38; Turocy (2005), Games and Economic Behavior 51:243-263;
Bajari and Hortacsu (2005), Journal of Political Economy 113:703-741 (estimation).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp

from bargain.errors import BadInput, NotApplicable
from bargain.expressions import exact
from bargain.findings.strategic import LogitResponse
from bargain.games.matrix import MatrixGame
from bargain.kernels.logit import LogitGame
from bargain.regions import Region
from bargain.solution import Regime, Solution, Status

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LogitBranch", "LogitFit", "QuantalResponse", "fit_logit", "logit_branch"]

_DIGITS = 17
_STEPS = 5_000
_FLAT = 1e-12  # log-likelihood per choice that counts as rounding


@dataclass(frozen=True)
class QuantalResponse:
    """The logit quantal response equilibrium at one rationality, on the principal branch.

    rationality: the weight of payoffs in choice (0: uniform; its unit is one over that of payoffs). Strategies are
    floating-point numbers; the certificate proves that an exact solution lies within 1e-10 of them. Where the branch meets
    another one, which only games with a special symmetry have, it is continued straight ahead.

    >>> import bargain as bg
    >>> pennies = bg.MatrixGame.from_arrays([[9, 0], [0, 1]], [[0, 1], [1, 0]])
    >>> found = bg.solve(pennies, QuantalResponse(1)).equilibria[0]
    >>> round(float(found.strategies["row"][""]["r1"]), 10)
    0.8935763306
    """

    rationality: Any = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "rationality", exact(self.rationality))
        if not (self.rationality.is_real and self.rationality.is_number and self.rationality >= 0):
            raise BadInput(f"the rationality {self.rationality} is not a non-negative number", place="QuantalResponse", remedy="give a number such as 1.5")

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "logit quantal response equilibrium"

    def accepts(self, problem: Any) -> None:
        """Refuse what is not a matrix game with numbers for payoffs."""
        _accepts(problem, "QuantalResponse")

    def run(self, problem: MatrixGame) -> Solution:
        """Follow the principal branch to the rationality."""
        arrays = _arrays(problem)
        point = arrays.first(float(self.rationality))
        strategies = {player: {"": {a: sp.exp(sp.Float(x, _DIGITS)).evalf(_DIGITS) for a, x in zip(names, point[:-1][block], strict=True)}}
                      for player, names, block in zip(problem.players, problem.actions, arrays.blocks, strict=True)}  # may be below the smallest float
        weights = np.exp(point[:-1])
        utilities = arrays.utilities(weights)
        payoffs = {player: sp.Float(float(weights[block] @ utilities[block]), _DIGITS) for player, block in zip(problem.players, arrays.blocks, strict=True)}
        found = LogitResponse(self.concept, strategies, payoffs, quantities={"rationality": self.rationality})
        return Solution(problem, self, Status.WITHIN, (Regime(Region.everything(), (found,)),), stats={"branch": "principal"})


@dataclass(frozen=True)
class LogitBranch:
    """The principal branch as data: points in order along the branch (the rationality may turn back), strategies by player and action."""

    rationality: tuple[float, ...]
    strategies: tuple[Mapping[str, Mapping[str, float]], ...]

    def rows(self) -> list[dict[str, Any]]:
        """One row per point: the rationality, then ``player: action`` -> probability."""
        return [{"rationality": rationality, **{f"{player}: {action}": weight for player, own in profile.items() for action, weight in own.items()}}
                for rationality, profile in zip(self.rationality, self.strategies, strict=True)]

    def to_frame(self) -> "pd.DataFrame":
        """The rows as a pandas DataFrame."""
        import pandas as pd

        return pd.DataFrame(self.rows())


def logit_branch(game: MatrixGame, until: float, *, steps: int = _STEPS) -> LogitBranch:
    """The principal branch from rationality 0 to the first point with rationality `until`; `TooLarge` after more than `steps` points.

    >>> game = MatrixGame.from_arrays([[9, 0], [0, 1]], [[0, 1], [1, 0]])
    >>> branch = logit_branch(game, 2)
    >>> branch.rationality[0], branch.rationality[-1], branch.strategies[0]["row"]
    (0.0, 2.0, {'r1': 0.5, 'r2': 0.5})
    """
    _accepts(game, "logit_branch")
    if not 0 < until < float("inf"):
        raise BadInput(f"the rationality {until} is not a positive number", place="logit_branch", remedy="give a number such as 10")
    arrays = _arrays(game)
    points = _until(arrays, float(until), steps)
    return LogitBranch(tuple(float(z[-1]) for z in points), tuple(_named(game, arrays, z) for z in points))


@dataclass(frozen=True)
class LogitFit:
    """The rationality on the principal branch that makes the counts most likely.

    standard_error: from the expected information at the estimate (infinite where choices do not respond, and the estimate then is 0). at_end: the
    likelihood still rises where the search ended, so that `rationality` is only a lower bound.
    """

    rationality: float
    standard_error: float
    log_likelihood: float
    strategies: Mapping[str, Mapping[str, float]]
    at_end: bool


def fit_logit(game: MatrixGame, counts: Mapping[str, Mapping[str, int]], *, largest: float | None = None) -> LogitFit:
    """Fit the rationality to how often each action was chosen, by maximum likelihood along the principal branch.

    counts: player -> action -> number of choices; what is missing counts zero. largest: where the search ends (default 100
    over the largest range of a player's payoffs).

    >>> game = MatrixGame.from_arrays([[9, 0], [0, 1]], [[0, 1], [1, 0]])
    >>> fit = fit_logit(game, {"row": {"r1": 89, "r2": 11}, "column": {"c1": 31, "c2": 69}})
    >>> round(fit.rationality, 2), round(fit.standard_error, 2)
    (1.01, 0.25)
    """
    _accepts(game, "fit_logit")
    arrays, data = _arrays(game), _counted(game, counts)
    spread = max(float(np.ptp(table)) for table in arrays.payoffs)
    end = float(largest) if largest is not None else 100 / (spread or 1.0)
    points = _until(arrays, end, _STEPS)
    scores = np.array([float(data @ z[:-1]) for z in points])
    best, rounding = int(np.argmax(scores)), _FLAT * float(data.sum())
    if float(np.ptp(scores)) <= rounding:
        best = 0
    at_end = best > 0 and scores[-1] >= scores[best] - rounding
    point = points[-1] if at_end else _climbed(arrays, data, points[max(best - 1, 0) : best + 2])
    slope = arrays.slope(point)
    totals = np.concatenate([np.full(m, data[block].sum()) for m, block in zip(arrays.shape, arrays.blocks, strict=True)])
    information = float(np.sum(totals * np.exp(point[:-1]) * slope**2))
    return LogitFit(float(point[-1]), information**-0.5 if information > 0 else float("inf"), float(data @ point[:-1]), _named(game, arrays, point), at_end)


def _climbed(arrays: LogitGame, data: Any, points: list[Any]) -> Any:
    """The most likely point between neighbours on the branch: stationary in the rationality, by bisection on the sign of the score."""
    def score(z: Any) -> float:
        return float(data @ arrays.slope(z))

    best = max(points, key=lambda z: float(data @ z[:-1]))
    if best is points[0] and best[-1] == 0 and score(best) <= 0:
        return best
    ahead = score(best) > 0
    others = [z for z in points if z is not best and (z[-1] > best[-1]) == ahead]
    if not others:  # a turning point of the branch: the score is of no use there
        return best
    low, high = best, others[0]
    for _ in range(200):
        middle = 0.5 * (low[-1] + high[-1])
        if middle in (low[-1], high[-1]):
            break
        z = arrays.at(middle, 0.5 * (low + high))
        low, high = (z, high) if (score(z) > 0) == ahead else (low, z)
    return low


def _until(arrays: LogitGame, end: float, steps: int) -> list[Any]:
    points: list[Any] = []
    for z in arrays.branch():
        if z[-1] >= end and points:
            share = (end - points[-1][-1]) / (z[-1] - points[-1][-1])
            return [*points, arrays.at(end, points[-1] + share * (z - points[-1]))]
        points.append(z)
        if len(points) > steps:
            from bargain.errors import TooLarge

            raise TooLarge(f"{steps} steps along the branch reach only rationality {z[-1]:.6g}", place="principal branch", remedy="ask for a smaller rationality")
    raise AssertionError("the branch has no end")


def _accepts(problem: Any, place: str) -> None:
    if not isinstance(problem, MatrixGame):
        raise NotApplicable(f"needs a matrix game, not a {type(problem).__name__}", place=place, remedy="call strategic_form(), or use AgentQuantalResponse()")
    if problem.notation.symbols:
        raise NotApplicable(f"{problem.notation.symbols[0]} is free", place=place, remedy="logit responses are numbers: fix every parameter: solve(..., free=[])")


def _arrays(game: MatrixGame) -> LogitGame:
    tables = []
    for index in range(len(game.players)):
        tables.append(np.array([float(game.payoffs[cell][index]) for cell in game]).reshape(game.shape))
    return LogitGame(tuple(tables))


def _named(game: MatrixGame, arrays: LogitGame, point: Any) -> dict[str, dict[str, float]]:
    weights = np.exp(point[:-1])
    return {player: dict(zip(names, map(float, weights[block]), strict=True))
            for player, names, block in zip(game.players, game.actions, arrays.blocks, strict=True)}


def _counted(game: MatrixGame, counts: Mapping[str, Mapping[str, int]]) -> Any:
    for player, chosen in counts.items():
        if player not in game.players:
            raise BadInput(f"no player {player!r}", place="counts", remedy="players: " + ", ".join(game.players))
        for action, count in chosen.items():
            if action not in game.actions[game.players.index(player)]:
                raise BadInput(f"{player} has no action {action!r}", place="counts", remedy="actions: " + ", ".join(game.actions[game.players.index(player)]))
            if count < 0:
                raise BadInput(f"the count {count} is negative", place=f"counts of {action!r}", remedy="give how often it was chosen")
    data = np.array([float(counts.get(player, {}).get(action, 0)) for player, names in zip(game.players, game.actions, strict=True) for action in names])
    if not data.any():
        raise BadInput("no choice was counted", place="counts", remedy="give counts[player][action]")
    return data
