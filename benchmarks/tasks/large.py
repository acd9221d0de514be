"""One large game of two players: an equilibrium within 1e-12 of the range of payoffs."""

from collections.abc import Callable
from typing import Any

import numpy as np

from bargain.kernels.interior import zero_sum
from bargain.kernels.support_path import one_equilibrium
from benchmarks.task import Task

Payoffs = Any  # (2, n, n)


def tasks(quick: bool = False) -> list[Task]:
    """Lemke-Howson paths, against quantecon at its best setting and at its default."""
    size, games = (40, 2) if quick else (300, 6)
    listed = []
    for peer, options, target in (("quantecon lemke_howson(capping=10)", {"capping": 10}, 4), ("quantecon lemke_howson()", {}, 20)):
        name = f"one equilibrium {size}x{size}" + (", plain peer" if not options else "")
        listed.append(Task(name, "game", _normal(size, games), _ours, games, _quantecon(**options), peer, games, _equilibria, target=target))
    small, large = (20, 30) if quick else (100, 1000)
    rivals = ((small, "quantecon minmax", _minmax, 1), (large, "scipy linprog highs-ipm", _highs("highs-ipm"), 4), (large, "scipy linprog", _highs("highs"), 15))
    for n, name, peer, target in rivals:
        slow = n > 500
        few = 1 if slow else 5
        listed.append(Task(f"zero-sum {n}x{n} ({name})", "game", _normal(n, few), _zero_sums, few, peer, name, few, _values, target, slow))
    return listed


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


def _zero_sums(given: list[Payoffs]) -> list[Any]:
    return [zero_sum(a) for a, _ in given]


def _minmax(given: list[Payoffs]) -> list[float]:
    from quantecon.optimize.minmax import minmax

    return [minmax(a)[0] for a, _ in given]


def _highs(method: str) -> Callable[[list[Payoffs]], list[float]]:
    def solve(given: list[Payoffs]) -> list[float]:
        from scipy.optimize import linprog

        values = []
        for a, _ in given:
            m, n = a.shape
            above = np.column_stack([-a.T, np.ones(n)])
            total, bounds = np.append(np.ones(m), 0.0)[None], [(0, None)] * m + [(None, None)]
            found = linprog(np.append(np.zeros(m), -1.0), above, np.zeros(n), total, [1.0], bounds, method=method)
            values.append(-found.fun)
        return values

    return solve


def _values(ours: list[Any], theirs: list[float]) -> None:
    for found, value in zip(ours, theirs, strict=True):
        assert found.high - found.low < 1e-10 and found.low - 1e-6 < value < found.high + 1e-6


def _equilibria(ours: list[Any], _: Any) -> None:
    """No deviation gains; the two need not find the same equilibrium."""
    for a, b, x, y in ours:
        assert max((a @ y).max() - x @ a @ y, (x @ b).max() - x @ b @ y) <= 1e-12 * max(np.ptp(a), np.ptp(b))
