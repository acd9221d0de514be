"""All equilibria of random bimatrix games: ours against Gambit's rational enummixed and nashpy's support enumeration.

Run with: pytest benchmarks/bench_bimatrix.py. A timed call solves a chunk of games that no earlier call has seen,
given as integer lists; the solver's own input is built and the equilibria are checked inside the clock. The rival runs
between our rounds on games of the same chunk. Both are warm. extra_info holds the milliseconds per game and the median
over the rounds of the ratio, rival over ours.
"""

import random
from collections.abc import Callable, Iterator
from itertools import count, islice, product
from statistics import median
from time import process_time
from typing import Any

import numpy as np
import pytest

from bargain.kernels.batch import all_equilibria
from bargain.kernels.bimatrix import extreme_equilibria, lemke_howson, max_regret, maximal_nash_subsets

pytest.importorskip("pytest_benchmark")
CHUNK = 20
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")  # nashpy on ties

Payoffs = list[list[int]]
Game = tuple[Payoffs, Payoffs]
Solver = Callable[[Payoffs, Payoffs], int]


def games(size: int, largest: int, seed: int = 2024) -> Iterator[Game]:
    """An endless stream of fresh games with payoffs 0..largest."""
    for number in count():
        draw = random.Random(seed * 1_000_003 + number)
        a, b = ([[draw.randint(0, largest) for _ in range(size)] for _ in range(size)] for _ in range(2))
        yield a, b


def ours(a: Payoffs, b: Payoffs) -> int:
    extremes = extreme_equilibria(a, b)
    assert extremes and max_regret(a, b, *extremes[0]) == 0
    return len(extremes)


def ours_with_components(a: Payoffs, b: Payoffs) -> int:
    extremes = extreme_equilibria(a, b)
    subsets = maximal_nash_subsets(extremes)
    assert {pair for subset in subsets for pair in product(*subset)} == set(extremes)
    return len(extremes)


def gambit_rational(a: Payoffs, b: Payoffs) -> int:
    gambit = pytest.importorskip("pygambit")
    game = gambit.Game.from_arrays(np.array(a), np.array(b))
    profiles = gambit.nash.enummixed_solve(game, rational=True).equilibria
    assert profiles and profiles[0].max_regret() == 0
    return len(profiles)


def gambit_path(a: Payoffs, b: Payoffs) -> int:
    gambit = pytest.importorskip("pygambit")
    game = gambit.Game.from_arrays(np.array(a), np.array(b))
    profiles = gambit.nash.lcp_solve(game, rational=True, stop_after=1).equilibria
    assert profiles and profiles[0].max_regret() == 0
    return 1


def our_path(a: Payoffs, b: Payoffs) -> int:
    x, y = lemke_howson(a, b)
    assert max_regret(a, b, x, y) == 0
    return 1


def nashpy_supports(a: Payoffs, b: Payoffs) -> int:
    nashpy = pytest.importorskip("nashpy")
    found = list(nashpy.Game(np.array(a), np.array(b)).support_enumeration())
    assert all(np.isfinite(x).all() and np.isfinite(y).all() for x, y in found)
    return len(found)


def compare(benchmark: Any, solve: Solver, rival: Solver, size: int, *, largest: int = 100, rounds: int = 8) -> None:
    """Time ours on `CHUNK` fresh games a round, and the rival between the rounds on the first of them, for a while."""
    stream = games(size, largest)
    rival(*next(stream))
    theirs: list[float] = []

    def rival_first() -> tuple[tuple[list[Game]], dict[str, Any]]:
        chunk = list(islice(stream, CHUNK))
        start = process_time()
        solved = 0
        while solved == 0 or (solved < CHUNK and process_time() - start < 0.1):
            rival(*chunk[solved])
            solved += 1
        theirs.append((process_time() - start) / solved)
        return (chunk,), {}

    benchmark.pedantic(lambda chunk: [solve(a, b) for a, b in chunk], setup=rival_first, rounds=rounds)
    if benchmark.stats is None:  # only the answers are wanted
        return
    ours_each = [seconds / CHUNK for seconds in benchmark.stats.stats.data]
    benchmark.extra_info["ms"] = round(1e3 * median(ours_each), 4)
    benchmark.extra_info["rival"] = rival.__name__
    benchmark.extra_info["rival_ms"] = round(1e3 * median(theirs), 4)
    benchmark.extra_info["ratio"] = round(median(t / o for t, o in zip(theirs, ours_each, strict=True)), 1)


@pytest.mark.parametrize("size", [2, 3, 4, 5, 6, 8])
def test_all_extreme_equilibria_against_gambit(benchmark: Any, size: int) -> None:
    compare(benchmark, ours, gambit_rational, size)


def test_all_extreme_equilibria_of_ten_by_ten_games_against_gambit(benchmark: Any) -> None:
    compare(benchmark, ours, gambit_rational, 10, rounds=3)


def test_the_growth_from_four_by_four_to_twelve_by_twelve(benchmark: Any) -> None:
    """Milliseconds a game by size, and the factor from each size to the next (ours alone; Gambit takes minutes at 12 x 12)."""
    sizes = range(4, 13)
    each: dict[int, list[float]] = {size: [] for size in sizes}
    streams = {size: games(size, 100, seed=7) for size in sizes}

    def solve() -> None:
        for size in sizes:
            for a, b in islice(streams[size], 3):
                start = process_time()
                ours(a, b)
                each[size].append(process_time() - start)

    benchmark.pedantic(solve, rounds=3, warmup_rounds=1)
    milliseconds = {size: 1e3 * median(times) for size, times in each.items()}
    benchmark.extra_info["ms"] = {size: round(value, 3) for size, value in milliseconds.items()}
    benchmark.extra_info["factor"] = {size: round(milliseconds[size] / milliseconds[size - 1], 2) for size in sizes if size - 1 in milliseconds}


@pytest.mark.parametrize("size", [2, 3, 4, 5, 6])
def test_all_extreme_equilibria_against_nashpy(benchmark: Any, size: int) -> None:
    compare(benchmark, ours, nashpy_supports, size)


@pytest.mark.parametrize("size", [3, 4, 6])
def test_extremes_and_components_of_tied_games_against_gambit_extremes(benchmark: Any, size: int) -> None:
    compare(benchmark, ours_with_components, gambit_rational, size, largest=2)


@pytest.mark.parametrize("size", [10, 20, 50])
def test_one_lemke_howson_path_against_gambit(benchmark: Any, size: int) -> None:
    compare(benchmark, our_path, gambit_path, size)


@pytest.mark.parametrize("size", [2, 3, 4])
def test_a_batch_of_generic_games_against_one_call_of_nashpy_a_game(benchmark: Any, size: int) -> None:
    draws = (np.random.default_rng(number).normal(size=(2, 10_000, size, size)) for number in count())

    def solve() -> int:
        found = all_equilibria(*next(draws))
        assert (np.bincount(found.game, minlength=10_000) % 2).all() and not found.degenerate.any()
        return len(found.game)

    benchmark.pedantic(solve, rounds=5, warmup_rounds=1)
    single = []
    for a, b in next(draws)[:, :30].swapaxes(0, 1).tolist():
        start = process_time()
        nashpy_supports(a, b)
        single.append(process_time() - start)
    if benchmark.stats is not None:
        benchmark.extra_info["ratio"] = round(10_000 * median(single) / benchmark.stats.stats.median, 1)
