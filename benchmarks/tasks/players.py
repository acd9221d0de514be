"""Games of three and four players: all equilibria of 2 x 2 x 2 and of larger games, exactly and in floats, and the end of the logit branch."""

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np

from bargain import Component, MatrixGame, Nash, Status, solve
from bargain.kernels.cubes import CubeEquilibria, all_equilibria_of_cubes
from bargain.kernels.logit_limits import LogitLimits, logit_limits
from bargain.kernels.tracking import EnclosedEquilibria, all_enclosed_equilibria
from bargain.solution import Solution
from bargain.solvers.matrices.one_nash import OneNash
from benchmarks.task import Task


def tasks(quick: bool = False) -> list[Task]:
    """Against pygambit's enumpoly and its branch of logit responses."""
    many, sample = (2_000, 5) if quick else (100_000, 30)
    some, few = (20, 2) if quick else (200, 10)

    def fresh(number: int) -> Any:
        return np.random.default_rng([222, number]).normal(size=(many, 3, 2, 2, 2))

    def whole(games: int, *shape: int) -> Callable[[int], Any]:
        return lambda number: np.random.default_rng([number, *shape]).integers(-1000, 1001, size=(games, len(shape), *shape))

    def larger(*shape: int) -> Callable[[int], Any]:
        return lambda number: np.random.default_rng([number, *shape]).normal(size=(some, len(shape), *shape))

    return [Task("all equilibria 2x2x2, normal payoffs", "game", fresh, all_equilibria_of_cubes, many,
                 lambda given: [_enumpoly(tables) for tables in given[:sample]],
                 "pygambit enumpoly", sample, _at_least, target=500),
            *(Task(f"all equilibria {'x'.join(map(str, shape))}, enclosed, normal payoffs", "game", larger(*shape), all_enclosed_equilibria, some,
                   lambda given: [_enumpoly(tables) for tables in given[:few]], "pygambit enumpoly", few, _no_fewer, target=None if len(shape) > 3 else 1)
              for shape in ((2, 2, 3), (3, 3, 3), (2, 2, 2, 2))),
            *(Task(f"single games {'x'.join(map(str, shape))}, exact and certified, integer payoffs", "game", whole(games, *shape),
                   lambda given: [solve(_written(tables), Nash()) for tables in given], games,
                   lambda given: [_profiles(tables) for tables in given], "pygambit enumpoly", games, _among, target=target)
              for shape, games, target in (((2, 2, 2), 2 if quick else 200, 0.25), ((2, 2, 3), 2 if quick else 100, 0.35),
                                           ((3, 3, 3), 2 if quick else 20, 0.5), ((2, 2, 2, 2), 2 if quick else 40, 0.15))),
            Task("one equilibrium 3x3x3, exact and certified, integer payoffs", "game", whole(2 * few, 3, 3, 3),
                 lambda given: [solve(_written(tables), OneNash()) for tables in given], 2 * few,
                 lambda given: [_logit(tables) for tables in given], "pygambit logit_solve", 2 * few, _certified, target=0.7),
            Task("logit branch 3x3x3 to its end, normal payoffs", "game", larger(3, 3, 3), logit_limits, some,
                 lambda given: [_branch(tables) for tables in given[:few]], "pygambit logit_solve_branch", few, _same_end, target=15)]


def _enumpoly(tables: Any) -> int:
    import pygambit as gambit

    return len(gambit.nash.enumpoly_solve(gambit.Game.from_arrays(*tables)).equilibria)


def _written(tables: Any) -> MatrixGame:
    """The game with labels, as a user writes it."""
    actions = tuple(tuple(f"{'abcd'[j]}{k}" for k in range(m)) for j, m in enumerate(tables[0].shape))
    cells = {tuple(names[k] for names, k in zip(actions, cell, strict=True)): tuple(int(u[cell]) for u in tables)
             for cell in product(*map(range, tables[0].shape))}
    return MatrixGame("drawn", tuple(f"P{j}" for j in range(len(actions))), actions, cells)


def _profiles(tables: Any) -> list[list[float]]:
    import pygambit as gambit

    found = gambit.nash.enumpoly_solve(gambit.Game.from_arrays(*tables)).equilibria
    return [[float(profile[action]) for player in profile.game.players for action in player.strategies] for profile in found]


def _logit(tables: Any) -> int:
    import pygambit as gambit

    return len(gambit.nash.logit_solve(gambit.Game.from_arrays(*tables)).equilibria)


def _among(ours: list[Solution], theirs: list[list[list[float]]]) -> None:
    """Complete and certified; without continua (from ties, rare) an odd number, with all of the peer's among them (it misses some)."""
    for solution, profiles in zip(ours, theirs, strict=True):
        assert solution.status is Status.CERTIFIED and solution.certificate.passed
        if not any(isinstance(item, Component) for item in solution.equilibria):
            listed = [[float(w) for nodes in e.strategies.values() for w in nodes[""].values()] for e in solution.extreme]
            assert len(listed) % 2 == 1
            assert all(min(np.abs(np.array(profile) - e).max() for e in listed) < 1e-5 for profile in profiles)


def _certified(ours: list[Solution], theirs: list[int]) -> None:
    """One of ours in every game, exact."""
    assert all(solution.certificate.passed and len(solution.equilibria) == 1 for solution in ours) and len(ours) == len(theirs)


def _at_least(ours: CubeEquilibria, theirs: list[int]) -> None:
    """An odd number in every game; never fewer than the peer, which misses some."""
    counts = np.bincount(ours.game, minlength=len(ours.flagged))
    assert (counts[~ours.flagged] % 2 == 1).all()
    assert all(counts[game] >= number or ours.flagged[game] for game, number in enumerate(theirs)), (counts[: len(theirs)], theirs)


def _no_fewer(ours: EnclosedEquilibria, theirs: list[int]) -> None:
    """An odd number in every game, each in a ball that is proved to hold one; never fewer than the peer, which misses some."""
    counts = np.bincount(ours.game, minlength=len(ours.flagged))
    assert not ours.flagged.any() and (counts % 2 == 1).all() and (ours.radius < 1e-3).all()
    assert all(counts[game] >= number for game, number in enumerate(theirs)), (counts[: len(theirs)], theirs)


def _branch(tables: Any) -> list[float]:
    import pygambit as gambit

    profile = gambit.qre.logit_solve_branch(gambit.Game.from_arrays(*tables))[-1].profile
    return [float(profile[action]) for player in profile.game.players for action in player.strategies]


def _same_end(ours: LogitLimits, theirs: list[list[float]]) -> None:
    """No regret above 1e-12; the same end as the peer, whose regret is 1e-8; a branch in a hundred may have no end, and then says so."""
    assert ours.ended.mean() >= 0.99 and (ours.regret[ours.ended] <= 1e-12).all()
    assert all(np.abs(ours.weights[game] - end).max() < 1e-2 for game, end in enumerate(theirs) if ours.ended[game])
