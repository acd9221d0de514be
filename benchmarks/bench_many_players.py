"""All equilibria of games with three and four players: ours, exact and complete, against Gambit's enumpoly, floating and not always complete.

Run with: pytest benchmarks/bench_many_players.py. A timed call solves games that no earlier call has seen; the solver's own input is
built and the answers are checked inside the clock. The rival runs between our rounds on games of the same chunk. Both are
warm. extra_info holds the milliseconds per game, the median over the rounds of the ratio (rival over ours), and how many of the
rival's games it left incomplete (fewer equilibria than the exact list).
"""

from collections.abc import Iterator
from itertools import count, product
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import pytest

from bargain import MatrixGame, Nash, Status, solve
from bargain.kernels.cubes import all_equilibria_of_cubes
from bargain.solvers.matrices.one_nash import OneNash

pytest.importorskip("pytest_benchmark")
CHUNK, BATCH = 5, 20_000

Tables = list[Any]


def games(shape: tuple[int, ...], seed: int = 2024) -> Iterator[Tables]:
    """An endless stream of fresh games with payoffs -1000..1000."""
    for number in count():
        random = np.random.default_rng([seed, number, *shape])
        yield [random.integers(-1000, 1001, size=shape) for _ in shape]


def written(tables: Tables) -> MatrixGame:
    """The game with labels, as a user writes it."""
    actions = tuple(tuple(f"{'abcd'[j]}{k}" for k in range(m)) for j, m in enumerate(tables[0].shape))
    cells = {tuple(names[k] for names, k in zip(actions, cell, strict=True)): tuple(int(u[cell]) for u in tables)
             for cell in product(*map(range, tables[0].shape))}
    return MatrixGame("drawn", tuple(f"P{j}" for j in range(len(actions))), actions, cells)


def ours(tables: Tables) -> int:
    solution = solve(written(tables), Nash())
    assert solution.status is Status.CERTIFIED and solution.certificate.passed
    return len(solution.equilibria)


def one_of_ours(tables: Tables) -> int:
    solution = solve(written(tables), OneNash())
    assert solution.certificate.passed
    return len(solution.equilibria)


def enumpoly(tables: Tables) -> int:
    gambit = pytest.importorskip("pygambit")
    found = gambit.nash.enumpoly_solve(gambit.Game.from_arrays(*tables)).equilibria
    assert all(profile.max_regret() < 1e-3 for profile in found)
    return len(found)


def logit(tables: Tables) -> int:
    gambit = pytest.importorskip("pygambit")
    found = gambit.nash.logit_solve(gambit.Game.from_arrays(*tables)).equilibria
    assert all(profile.max_regret() < 1e-3 for profile in found)
    return len(found)


def compare(benchmark: Any, solver: Any, rival: Any, shape: tuple[int, ...], *, rounds: int = 5) -> None:
    """Time ours on fresh games a round, and the rival between the rounds on the same."""
    stream = games(shape)
    rival(next(stream))
    theirs: list[float] = []
    short: list[bool] = []

    def rival_first() -> tuple[tuple[list[Tables], list[int]], dict[str, Any]]:
        chunk = [next(stream) for _ in range(CHUNK)]
        start = perf_counter()
        counts = [rival(tables) for tables in chunk]
        theirs.append((perf_counter() - start) / CHUNK)
        return (chunk, counts), {}

    def all_of(chunk: list[Tables], counts: list[int]) -> None:
        for tables, found in zip(chunk, counts, strict=True):
            short.append(solver(tables) > found)

    benchmark.pedantic(all_of, setup=rival_first, rounds=rounds)
    if benchmark.stats is None:  # only the answers are wanted
        return
    each = [seconds / CHUNK for seconds in benchmark.stats.stats.data]
    benchmark.extra_info["ms"] = round(1e3 * median(each), 3)
    benchmark.extra_info["rival"] = rival.__name__
    benchmark.extra_info["rival_ms"] = round(1e3 * median(theirs), 3)
    benchmark.extra_info["ratio"] = round(median(t / o for t, o in zip(theirs, each, strict=True)), 2)
    benchmark.extra_info["rival_incomplete"] = f"{sum(short)} of {len(short)}"


@pytest.mark.parametrize("shape", [(2, 2, 2), (2, 2, 3), (3, 3, 3), (2, 2, 2, 2)])
def test_all_equilibria_exactly_against_enumpoly(benchmark: Any, shape: tuple[int, ...]) -> None:
    compare(benchmark, ours, enumpoly, shape)


@pytest.mark.parametrize("shape", [(3, 3, 3), (4, 4, 4)])
def test_one_certified_equilibrium_against_gambit_s_logit_path(benchmark: Any, shape: tuple[int, ...]) -> None:
    compare(benchmark, one_of_ours, logit, shape)


def test_a_batch_of_cubes_against_one_call_of_enumpoly_a_game(benchmark: Any) -> None:
    draws = (np.random.default_rng(number).normal(size=(BATCH, 3, 2, 2, 2)) for number in count())

    def batch() -> int:
        found = all_equilibria_of_cubes(next(draws))
        assert (np.bincount(found.game, minlength=BATCH) % 2).all() and not found.flagged.any()
        return len(found.game)

    benchmark.pedantic(batch, rounds=5, warmup_rounds=1)
    single, short = [], 0
    sample = next(draws)[:30]
    complete = np.bincount(all_equilibria_of_cubes(sample).game, minlength=30)
    for payoffs, number in zip(sample, complete, strict=True):
        start = perf_counter()
        found = enumpoly(list(payoffs))
        single.append(perf_counter() - start)
        short += found < number
    if benchmark.stats is not None:
        benchmark.extra_info["ratio"] = round(BATCH * median(single) / benchmark.stats.stats.median, 1)
        benchmark.extra_info["rival_incomplete"] = f"{short} of 30"
