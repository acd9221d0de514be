"""One large game of two players: an equilibrium within 1e-12 of the range of payoffs."""

from collections.abc import Callable
from typing import Any

import numpy as np

from bargain.kernels.support_path import one_equilibrium
from benchmarks.task import Task

Payoffs = Any  # (2, n, n)


def tasks(quick: bool = False) -> list[Task]:
    """Lemke-Howson paths, against quantecon at its best setting and at its default."""
    size, games = (40, 2) if quick else (300, 6)
    return [
        Task(f"one equilibrium {size}x{size}", "game", _normal(size, games), _ours, games, _quantecon(capping=10), "quantecon lemke_howson(capping=10)", games, _equilibria, target=4),
        Task(f"one equilibrium {size}x{size} (default)", "game", _normal(size, games), _ours, games, _quantecon(), "quantecon lemke_howson()", games, _equilibria, target=20),
    ]


def _normal(size: int, games: int) -> Callable[[int], list[Payoffs]]:
    return lambda number: list(np.random.default_rng([size, number]).normal(size=(games, 2, size, size)))


def _ours(given: list[Payoffs]) -> list[Any]:
    return [(a, b, *one_equilibrium(a, b)) for a, b in given]


def _quantecon(**options: Any) -> Callable[[list[Payoffs]], Any]:
    def solve(given: list[Payoffs]) -> None:
        import quantecon.game_theory as gt

        for a, b in given:
            gt.lemke_howson(gt.NormalFormGame((gt.Player(a), gt.Player(np.ascontiguousarray(b.T)))), **options)

    return solve


def _equilibria(ours: list[Any], _: Any) -> None:
    """No deviation gains; the two need not find the same equilibrium."""
    for a, b, x, y in ours:
        assert max((a @ y).max() - x @ a @ y, (x @ b).max() - x @ b @ y) <= 1e-12 * max(np.ptp(a), np.ptp(b))
