"""Where the principal branches of logit responses end: one Nash equilibrium of each of many games, n players.

Each branch (`bargain.kernels.logit`) is followed until no player could gain more than 1e-8 of the range of payoffs. Then the actions with
weight are taken for the support, and Newton's method solves its indifference conditions: the end is accepted if every player's regret is
at most 1e-12 of the range and the weights are within 1e-5 of those on the branch. Otherwise the branch is followed further. A branch that is lost, or too
long, has no end: its weights are nan. The payoffs of all players are divided by one number, which only changes the unit of rationality.
Source: McKelvey and Palfrey (1995), Games and Economic Behavior 10:6-38; Turocy (2005), Games and Economic Behavior 51:243-263.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from bargain.errors import BadInput, NotDecided
from bargain.kernels.continuation import Curve, Floats
from bargain.kernels.core import compiled
from bargain.kernels.logit import LogitGame

__all__ = ["LogitLimits", "logit_limits"]

_NEAR, _REGRET = 1e-5, 1e-12
_PLAYED = (1e-2, 1e-4, 1e-6)  # smallest probabilities that count as played
_PLAYERS = 16  # of the compiled twin


@dataclass(frozen=True)
class LogitLimits:
    """Ends of principal branches. weights: (games, K), all players' actions in order, nan where a branch has no end.

    regret: (games,) the greatest gain from another action, as a share of the range of payoffs; infinite where there is no end. rationality:
    (games,) how far the branch was followed, in units of one over payoffs. steps: (games,).
    """

    weights: Floats
    regret: Floats
    rationality: Floats
    steps: np.ndarray[Any, np.dtype[np.int64]]

    @property
    def ended(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Which branches were followed to their end, (games,)."""
        return np.isfinite(self.regret)


def logit_limits(payoffs: Floats, *, most: int = 20_000) -> LogitLimits:
    """The end of the principal branch of every game, at most `most` steps each. payoffs: (games, players, *shape).

    >>> pennies = np.array([[[[9.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]]])
    >>> ends = logit_limits(pennies)
    >>> print(ends.weights.round(12), ends.ended)
    [[0.5 0.5 0.1 0.9]] [ True]
    """
    payoffs = np.asarray(payoffs, dtype=np.float64)
    if payoffs.ndim < 3 or payoffs.shape[1] != payoffs.ndim - 2 or 0 in payoffs.shape[1:]:
        raise BadInput(f"an array of shape {payoffs.shape} is no list of games", place="logit_limits", remedy="give (games, players, *actions of each player)")
    if not np.isfinite(payoffs).all():
        raise BadInput("some payoff is not a finite number", place="logit_limits", remedy="give finite payoffs")
    shape, cells = payoffs.shape[2:], tuple(range(2, payoffs.ndim))
    least = payoffs.min(axis=cells, keepdims=True)
    spread = (payoffs.max(axis=cells, keepdims=True) - least).max(axis=1, keepdims=True)
    spread = np.where(spread > 0, spread, 1.0)
    scaled = np.ascontiguousarray((payoffs - least) / spread)
    games = len(payoffs)
    weights, regret, paths = np.empty((games, sum(shape))), np.empty(games), np.empty((games, 2))
    module = compiled()
    if module is None or len(shape) > _PLAYERS:
        for game, tables in enumerate(scaled):
            weights[game], regret[game], paths[game] = _end(LogitGame(tuple(tables)), most)
    elif games:
        module.logit_ends(len(shape), most, np.array(shape, dtype=np.int32), scaled, weights, regret, paths)
    return LogitLimits(weights, regret, paths[:, 0] / spread.ravel(), paths[:, 1].astype(np.int64))


def _end(game: LogitGame, most: int) -> tuple[Floats, float, tuple[float, int]]:
    """Weights, regret, rationality and steps: the twin of the compiled function."""
    lost = np.full(sum(game.shape), np.nan)
    aim, steps, point = 1e-8, 0, game.start
    try:
        for steps, point in enumerate(Curve(game.residual, game.jacobian, np.inf, 1e-14).points(game.start, most=most)):
            if point[-1] < 0:
                break
            weights = np.exp(point[:-1])
            while steps and aim > 1e-16 and _regret(game, weights) <= aim:
                candidates = [*(_polished(game, weights, least) for least in _PLAYED), weights]
                for candidate in candidates:
                    if candidate is not None and _regret(game, candidate) <= _REGRET:
                        return candidate, _regret(game, candidate), (float(point[-1]), steps)
                aim *= 0.01
    except NotDecided:
        pass
    return lost, np.inf, (float(point[-1]), steps)


def _regret(game: LogitGame, weights: Floats) -> float:
    utilities = game.utilities(weights)
    return max(0.0, *(float(utilities[block].max() - weights[block] @ utilities[block]) for block in game.blocks))


def _polished(game: LogitGame, weights: Floats, least: float) -> Floats | None:
    """The equilibrium in which exactly the actions with weight above `least` are played, by Newton's method; None if there is none near."""
    played = weights > least
    found = np.where(played, weights, 0.0)
    size, blocks = len(found), game.blocks
    for block in blocks:
        found[block] /= found[block].sum()
    for _ in range(20):
        system, right = _indifference(game, found, played)
        try:
            change = np.where(played, np.linalg.solve(system, right)[:size], 0.0)
        except np.linalg.LinAlgError:
            return None
        found = found + change
        if not (np.abs(found - weights) <= _NEAR).all() or (found[played] <= 0).any():
            return None
        if np.abs(change).max() < 1e-15:
            break
    return found


def _indifference(game: LogitGame, weights: Floats, played: np.ndarray[Any, np.dtype[np.bool_]]) -> tuple[Floats, Floats]:
    """The linear system of a Newton step in the weights and in the payoff that each player has from every action played."""
    size, blocks = len(weights), game.blocks
    system, right = np.zeros((size + len(blocks),) * 2), np.zeros(size + len(blocks))
    utilities = game.utilities(weights)
    for i, own in enumerate(blocks):
        for j, other in enumerate(blocks):
            if i != j:
                system[own, other] = game.marginals(i, j, weights) * played[other]
        system[own, size + i], right[own] = -1.0, -utilities[own]
        system[size + i, own] = 1.0
    idle = np.flatnonzero(~played)
    system[idle], system[idle, idle], right[idle] = 0.0, 1.0, 0.0
    return system, right
