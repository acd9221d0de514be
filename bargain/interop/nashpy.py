"""Learning and evolution through nashpy: a matrix game goes over as two float arrays, and labelled paths come back.

Nothing is computed here; each function calls the method of the same name of `nashpy.Game` and puts the names of players and
actions on what it returns. The results are simulations or numerical integrations: data, not equilibria, and not certified.
Source: Knight and Campbell (2018), Nashpy: A Python library for the computation of Nash equilibria, Journal of Open Source Software
3(30):904; Fudenberg and Levine (1998), The Theory of Learning in Games, MIT Press.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bargain.errors import BadInput, NotApplicable
from bargain.games.matrix import MatrixGame

if TYPE_CHECKING:
    import nashpy
    import pandas as pd

__all__ = ["LearningPath", "asymmetric_replicator_dynamics", "fictitious_play", "regret_minimization", "replicator_dynamics", "stochastic_fictitious_play",
           "to_nashpy"]

Start = Mapping[str, float]


@dataclass(frozen=True)
class LearningPath:
    """A path of play: what moves along it ("iteration" or "time"), its values, and per player one array (points, actions).

    frequencies: player -> array of action frequencies or population shares, rows summing to one.
    """

    method: str
    clock: str
    times: tuple[float, ...]
    actions: Mapping[str, tuple[str, ...]]
    frequencies: Mapping[str, np.ndarray[Any, np.dtype[np.float64]]]

    @property
    def last(self) -> dict[str, dict[str, float]]:
        """Where the path ends: player -> action -> frequency."""
        return {player: dict(zip(self.actions[player], map(float, table[-1]), strict=True)) for player, table in self.frequencies.items()}

    def rows(self) -> list[dict[str, float]]:
        """One row per point: the clock, then ``player: action`` -> frequency."""
        return [{self.clock: time, **{f"{player}: {action}": float(table[k, j]) for player, table in self.frequencies.items()
                                      for j, action in enumerate(self.actions[player])}} for k, time in enumerate(self.times)]

    def to_frame(self) -> "pd.DataFrame":
        """The rows as a pandas DataFrame."""
        import pandas as pd

        return pd.DataFrame(self.rows())


def to_nashpy(game: MatrixGame) -> "nashpy.Game":
    """The game as a `nashpy.Game` of floating-point arrays; two players, no free parameters.

    >>> to_nashpy(MatrixGame.from_arrays([[3, 0], [5, 1]], [[3, 5], [0, 1]])).payoff_matrices[0].tolist()
    [[3.0, 0.0], [5.0, 1.0]]
    """
    import nashpy

    if not isinstance(game, MatrixGame) or len(game.players) != 2:
        raise NotApplicable("nashpy takes two-player matrix games", place="nashpy", remedy="give a MatrixGame of two players")
    if game.notation.symbols:
        raise NotApplicable(f"{game.notation.symbols[0]} is free", place="nashpy", remedy="fix the parameters: game.at(...)")
    return nashpy.Game(*(np.array([[float(value) for value in row] for row in game.matrix(player)]) for player in game.players))


def fictitious_play(game: MatrixGame, iterations: int, *, seed: int = 0) -> LearningPath:
    """Each player best-responds to the other's past frequencies (Brown 1951); ties are broken at random from the seed.

    >>> hunt = MatrixGame.from_arrays([[4, 0], [3, 3]], [[4, 3], [0, 3]], actions=(("stag", "hare"), ("stag", "hare")))
    >>> fictitious_play(hunt, 200).last["row"]["hare"] > 0.9
    True
    """
    _positive(iterations)
    with _seeded(seed):
        return _counted(game, "fictitious play", list(to_nashpy(game).fictitious_play(iterations=iterations)))


def stochastic_fictitious_play(game: MatrixGame, iterations: int, *, noise: float = 0.1, shock: float = 0.01, seed: int = 0) -> LearningPath:
    """Fictitious play with logit choice (nashpy's `etha` is `noise`, `epsilon_bar` is `shock`; Fudenberg and Kreps 1993)."""
    _positive(iterations)
    with _seeded(seed):
        found = to_nashpy(game).stochastic_fictitious_play(iterations=iterations, etha=noise, epsilon_bar=shock)
        return _counted(game, "stochastic fictitious play", [counts for counts, _ in found])


def regret_minimization(game: MatrixGame, iterations: int, *, rate: float = 0.1, seed: int = 0) -> LearningPath:
    """The mixed strategies of nashpy's regret minimisation with a learning rate, one point per iteration."""
    _positive(iterations)
    with _seeded(seed):
        found = list(to_nashpy(game).regret_minimization(learning_rate=rate, iterations=iterations))
    return _path(game, "regret minimization", ("iteration", range(1, len(found) + 1)), [np.array([pair[k] for pair in found], dtype=float) for k in (0, 1)])


def replicator_dynamics(game: MatrixGame, times: Sequence[float], *, start: Start | None = None) -> LearningPath:
    """Shares of one population in a symmetric game (Taylor and Jonker 1978); from the uniform start if none is given.

    Games that are not symmetric (the second player's matrix is not the transpose of the first's, or action names differ) are refused.

    >>> game = MatrixGame.from_arrays([[1, 3], [2, 1]], [[1, 2], [3, 1]], actions=(("h", "d"), ("h", "d")))
    >>> round(replicator_dynamics(game, [0, 50]).last["row"]["h"], 4)
    0.6667
    """
    first, second = (game.matrix(player) for player in game.players) if len(game.players) == 2 else ([], [])
    if game.actions[0] != game.actions[-1] or [list(column) for column in zip(*second, strict=True)] != first:
        raise NotApplicable("one population needs a symmetric game", place="replicator_dynamics", remedy="use asymmetric_replicator_dynamics")
    found = to_nashpy(game).replicator_dynamics(y0=_shares(game, 0, start), timepoints=np.asarray(times, dtype=float))
    return _path(game, "replicator dynamics", ("time", times), [np.asarray(found)])


def asymmetric_replicator_dynamics(game: MatrixGame, times: Sequence[float], *, start: Mapping[str, Start] | None = None) -> LearningPath:
    """Shares of two populations, one per player; start: player -> action -> share (uniform where missing)."""
    first, second = (_shares(game, k, (start or {}).get(player)) for k, player in enumerate(game.players))
    found = to_nashpy(game).asymmetric_replicator_dynamics(x0=first, y0=second, timepoints=np.asarray(times, dtype=float))
    return _path(game, "asymmetric replicator dynamics", ("time", times), [np.asarray(table) for table in found])


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """nashpy draws from numpy's global generator: seed it, and leave it as it was."""
    before = np.random.get_state()
    np.random.seed(seed)
    try:
        yield
    finally:
        np.random.set_state(before)


def _counted(game: MatrixGame, method: str, counts: list[Any]) -> LearningPath:
    """Play counts as frequencies; the start, before anybody has played, is left out."""
    tables = [np.array([pair[k] for pair in counts[1:]], dtype=float) for k in (0, 1)]
    return _path(game, method, ("iteration", range(1, len(counts))), [table / table.sum(axis=1, keepdims=True) for table in tables])


def _path(game: MatrixGame, method: str, clock: tuple[str, Sequence[float]], tables: list[Any]) -> LearningPath:
    players = game.players[: len(tables)]
    return LearningPath(method, clock[0], tuple(clock[1]), dict(zip(players, game.actions, strict=False)), dict(zip(players, tables, strict=True)))


def _shares(game: MatrixGame, index: int, start: Start | None) -> Any:
    names = game.actions[index]
    if start is None:
        return np.full(len(names), 1 / len(names))
    if not set(start) <= set(names) or any(share < 0 for share in start.values()) or abs(sum(start.values()) - 1) > 1e-9:
        raise BadInput("shares must name actions, be non-negative and sum to one", place=f"start of {game.players[index]}", remedy="actions: " + ", ".join(names))
    return np.array([float(start.get(name, 0)) for name in names])


def _positive(iterations: int) -> None:
    if iterations < 1:
        raise BadInput(f"{iterations} iterations", place="learning", remedy="ask for at least one")
