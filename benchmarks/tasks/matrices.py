"""Sweeps over small bimatrix games: all equilibria of every one."""

from collections.abc import Callable
from typing import Any

import numpy as np

from bargain.kernels.batch import Equilibria, all_equilibria
from bargain.kernels.core import compiled
from benchmarks.task import Task

Games = tuple[Any, Any]
_QUICKER = "nashpy took 13 ms a game on the machine of the target, and 2 ms where the table in docs/benchmarks.md was made"


def tasks(quick: bool = False) -> list[Task]:
    """Normal and discrete payoffs, against nashpy and quantecon game by game; more is promised of the compiled twins."""
    core = compiled() is not None
    many = 2_000 if quick else 100_000
    listed = []
    for size, target in ((2, None), (3, 150 if core else 15), (4, None), (5, 200 if core else 18)):
        listed.append(Task(f"all equilibria {size}x{size}, normal payoffs", "game", _normal(size, many), _solved, many, _first(200 if not quick else 20, _quantecon),
                           "quantecon support_enumeration", 200 if not quick else 20, _same, target=target))
    for size, target, note in ((3, 50_000 if core else 5_000, _QUICKER), (5, 120_000 if core else 10_000, "")):
        sample = 2 if quick else max(2, 60 // size**2)
        listed.append(Task(f"all equilibria {size}x{size}, normal payoffs (nashpy)", "game", _normal(size, many), _solved, many, _first(sample, _nashpy),
                           "nashpy support_enumeration", sample, _among, target=target, note=note if core else ""))
    few = 300 if quick else 20_000
    listed.append(Task("all equilibria 3x3, payoffs -3..3", "game", _discrete(few), lambda given: all_equilibria(*given[:2]), few,
                       lambda given: all_equilibria(*given[2:]), "ours on normal payoffs", few, lambda ours, theirs: _complete(ours), target=1 / 20))
    return listed


def _normal(size: int, many: int) -> Callable[[int], Games]:
    return lambda number: tuple(np.random.default_rng([size, number]).normal(size=(2, many, size, size)))


def _discrete(many: int) -> Callable[[int], Any]:
    def fresh(number: int) -> Any:
        draw = np.random.default_rng([33, number])
        return *draw.integers(-3, 4, size=(2, many, 3, 3)).astype(float), *draw.normal(size=(2, many, 3, 3))

    return fresh


def _solved(given: Games) -> Equilibria:
    return all_equilibria(*given)


def _first(sample: int, solve: Callable[[Any, Any], list[Any]]) -> Callable[[Games], list[list[Any]]]:
    return lambda given: [solve(a, b) for a, b in zip(given[0][:sample], given[1][:sample], strict=True)]


def _quantecon(a: Any, b: Any) -> list[Any]:
    import quantecon.game_theory as gt

    return gt.support_enumeration(gt.NormalFormGame((gt.Player(a), gt.Player(np.ascontiguousarray(b.T)))))


def _nashpy(a: Any, b: Any) -> list[Any]:
    import nashpy

    return list(nashpy.Game(a, b).support_enumeration())


def _same(ours: Equilibria, theirs: list[list[Any]]) -> None:
    """Generic games: the same equilibria, an odd number of them."""
    _among(ours, theirs)
    assert all(len(listed) == np.count_nonzero(ours.game == game) for game, listed in enumerate(theirs) if not ours.degenerate[game])


def _among(ours: Equilibria, theirs: list[list[Any]]) -> None:
    """Generic games: an odd number of equilibria, among them all that the peer lists; nashpy's tolerances lose some."""
    _complete(ours)
    for game, listed in enumerate(theirs):
        if ours.degenerate[game]:
            continue
        mine = np.column_stack([ours.x[ours.game == game], ours.y[ours.game == game]])
        assert all(np.abs(mine - np.concatenate(pair)).max(axis=1).min() < 1e-6 for pair in listed), (game, mine, listed)


def _complete(ours: Equilibria) -> None:
    counts = np.bincount(ours.game, minlength=len(ours.degenerate))
    assert (counts >= 1).all() and (counts[~ours.degenerate] % 2 == 1).all()
