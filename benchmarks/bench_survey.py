"""A survey of the grand tree: regimes over randomly chosen parameters, proved, with the distribution of times.

Run ``python -m pytest benchmarks/bench_survey.py --benchmark-only -s`` (about four minutes of one core). The choices are seeded draws
from the parameters that occur in the tree; processor seconds, certificate included, are printed as one line per choice and one of
quantiles per size. Every solution is asserted to be complete and certified, and the slowest to stay under the time that is promised for its size.
"""

import random
from statistics import median
from time import process_time
from typing import Any

import pytest

from bargain import SubgamePerfect, solve
from bargain.games.nodes import Terminal
from bargain.models.ukraine import grand_bargain as grand

ENDS = [node for _, node in grand.game.nodes() if isinstance(node, Terminal)]
OCCURRING = {symbol for end in ENDS for payoff in end.payoffs.values() for symbol in payoff.free_symbols}
NAMES = [symbol.name for symbol in grand.NOTATION.symbols if symbol in OCCURRING]
SURVEY = [(3, 40, 5), (6, 15, 60), (8, 5, 600)]  # parameters, choices, processor seconds promised


def choices(size: int, count: int, seed: int = 1) -> list[tuple[str, ...]]:
    """Seeded draws of sets of parameters."""
    draw = random.Random(seed)
    return [tuple(draw.sample(NAMES, size)) for _ in range(count)]


@pytest.mark.slow
@pytest.mark.parametrize(("size", "count", "promised"), SURVEY, ids=[f"any {size}" for size, _, _ in SURVEY])
def test_the_grand_tree_over_randomly_chosen_parameters(benchmark: Any, size: int, count: int, promised: float) -> None:
    assert len(NAMES) == 68
    rows: list[tuple[float, int, int, tuple[str, ...]]] = []

    def survey() -> None:
        rows.clear()
        for free in choices(size, count):
            start = process_time()
            solution = solve(grand.game, SubgamePerfect(), free=free)
            seconds = process_time() - start
            assert solution.status.complete and solution.certificate.passed and solution.stats["share"] == 1
            rows.append((seconds, solution.stats["cells"], solution.stats["outcomes"], free))
            print(f"{seconds:6.1f} s  {solution.stats['cells']:4} cells  {solution.stats['outcomes']:2} outcomes  {', '.join(free)}")

    benchmark.pedantic(survey, rounds=1)
    seconds = sorted(row[0] for row in rows)
    figures = {"median": median(seconds), "ninth decile": seconds[int(0.9 * (count - 1))], "worst": seconds[-1]}
    print(f"any {size}: " + ", ".join(f"{name} {value:.1f} s" for name, value in figures.items()))
    benchmark.extra_info.update(figures, cells=[row[1] for row in rows])
    assert seconds[-1] < promised or benchmark.stats is None  # a promise of speed is checked when speed is measured
