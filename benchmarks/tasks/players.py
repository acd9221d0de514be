"""Games of three players: batches of 2 x 2 x 2, and one equilibrium by the logit path."""

from typing import Any

import numpy as np

from bargain.kernels.cubes import CubeEquilibria, all_equilibria_of_cubes
from benchmarks.task import Task


def tasks(quick: bool = False) -> list[Task]:
    """Against pygambit's enumpoly."""
    many, sample = (2_000, 5) if quick else (100_000, 30)

    def fresh(number: int) -> Any:
        return np.random.default_rng([222, number]).normal(size=(many, 3, 2, 2, 2))

    return [Task("all equilibria 2x2x2, normal payoffs", "game", fresh, all_equilibria_of_cubes, many,
                 lambda given: [_enumpoly(tables) for tables in given[:sample]],
                 "pygambit enumpoly", sample, _at_least, target=500)]


def _enumpoly(tables: Any) -> int:
    import pygambit as gambit

    return len(gambit.nash.enumpoly_solve(gambit.Game.from_arrays(*tables)).equilibria)


def _at_least(ours: CubeEquilibria, theirs: list[int]) -> None:
    """An odd number in every game; never fewer than the peer, which misses some."""
    counts = np.bincount(ours.game, minlength=len(ours.flagged))
    assert (counts[~ours.flagged] % 2 == 1).all()
    assert all(counts[game] >= number or ours.flagged[game] for game, number in enumerate(theirs)), (counts[: len(theirs)], theirs)
