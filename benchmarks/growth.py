"""Growth curves of regime discovery: processor time, cells, outcomes and questions against tree size and number of parameters.

Run ``python -m benchmarks.growth`` (a minute of one core), or with ``--long`` (ten minutes or more) for the largest of each curve. Prints one
Markdown table per curve; the growth is fitted by least squares, as a power of the size and as a factor per parameter.
"""

import argparse
from collections.abc import Callable, Iterable
from math import exp, log
from time import process_time

import numpy as np

from bargain import Solution, SubgamePerfect, solve
from benchmarks.bench_discovery import LINEAR, grand, random_game

Row = tuple[int, float, int, int, int]  # size, seconds, cells, outcomes, questions


def measured(sizes: Iterable[int], solution_of: Callable[[int], Solution]) -> list[Row]:
    """One row per size; every solution is proved complete."""
    rows = []
    for size in sizes:
        start = process_time()
        solution = solution_of(size)
        seconds = process_time() - start
        assert solution.status.complete and solution.certificate.passed
        rows.append((size, seconds, *(solution.stats[name] for name in ("cells", "outcomes", "queries"))))
    return rows


def slope(rows: list[Row], column: int, *, powers: bool) -> float:
    """The least-squares slope of log(column) in log(size), or in size."""
    return float(np.polyfit([log(row[0]) if powers else row[0] for row in rows], [log(row[column]) for row in rows], 1)[0])


def table(title: str, rows: list[Row], *, powers: bool) -> str:
    """The rows as Markdown, with the fitted growth of time and of cells."""
    lines = [f"| {title} | CPU s | cells | outcomes | questions |", "|---|---|---|---|---|"]
    lines += [f"| {size} | {seconds:.1f} | {cells:,} | {outcomes} | {questions:,} |" for size, seconds, cells, outcomes, questions in rows]
    time, cells = (slope(rows, column, powers=powers) for column in (1, 2))
    fitted = f"time ~ n^{time:.2f}, cells ~ n^{cells:.2f}" if powers else f"each parameter multiplies time by {exp(time):.2f} and cells by {exp(cells):.2f}"
    return "\n".join([*lines, "", fitted, ""])


def main() -> None:
    """Measure and print the three curves."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--long", action="store_true", help="the largest trees and numbers of parameters too")
    long = options.parse_args().long
    solver = SubgamePerfect()
    size, count = [20, 40, 80, 160] + [320] * long, range(1, 10 if long else 8)
    print(table("end nodes (random trees, two parameters)", measured(size, lambda ends: solve(random_game(ends, 2), solver)), powers=True))
    print(table("parameters (random tree, 40 end nodes)", measured(range(1, 5 if long else 4), lambda k: solve(random_game(40, k), solver)), powers=False))
    print(table("parameters (grand tree, 264 end nodes)", measured(count, lambda k: solve(grand.game, solver, free=LINEAR[:k])), powers=False))


if __name__ == "__main__":
    main()
