"""Growth curves of the numerical kernels: processor time against size, with the fitted exponent.

Run ``python -m benchmarks.curves`` (half a minute of one core). Prints one Markdown table per kernel; the exponent is the least-squares slope of
log(time) in log(size). Discovery of regimes has its own curves in ``benchmarks.growth``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import log
from statistics import median
from time import process_time
from typing import Any

import numpy as np

from bargain.kernels.batch import all_equilibria
from bargain.kernels.bimatrix import extreme_equilibria
from bargain.kernels.cubes import all_equilibria_of_cubes
from bargain.kernels.induction import Step, backward_induction
from bargain.kernels.interior import zero_sum
from bargain.kernels.rubinstein import on_a_grid
from bargain.kernels.support_path import one_equilibrium

__all__ = ["CURVES", "Curve", "main", "printed"]


_DRAWS = 1_024


@dataclass(frozen=True)
class Curve:
    """A kernel, the sizes it is timed at, its input by size, and how many of `unit` that input holds."""

    name: str
    unit: str
    sizes: tuple[int, ...]
    fresh: Callable[[int], Any]
    solve: Callable[[Any], Any]
    items: int = 1

    def seconds(self, size: int, repeats: int = 3) -> float:
        """The median processor time of an item; a first call, of the same size, is not counted."""
        given = self.fresh(size)
        times = []
        for _ in range(repeats + 1):
            start = process_time()
            self.solve(given)
            times.append(process_time() - start)
        return median(times[1:]) / self.items

    def exponent(self, seconds: list[float]) -> float:
        """The least-squares slope of log(time) in log(size)."""
        return float(np.polyfit([log(size) for size in self.sizes], [log(max(spent, 1e-9)) for spent in seconds], 1)[0])


def _normal(*shape: int) -> Any:
    return np.random.default_rng(shape).normal(size=shape)


def _integers(size: int) -> Any:
    return np.random.default_rng(size).integers(-50, 51, size=(10, 2, size, size)).tolist()


def _tree(ends: int) -> tuple[list[Step], Any]:
    """A complete binary tree in post-order, two players in turn, and payoffs of 1,024 draws."""
    steps: list[Step] = []

    def walk(first: int, count: int, mover: int) -> None:
        if count == 1:
            steps.append(Step("end", first, 0))
            return
        walk(first, count // 2, 1 - mover)
        walk(first + count // 2, count // 2, 1 - mover)
        steps.append(Step("choose", 2, mover))

    walk(0, ends, 0)
    return steps, _normal(ends, 2, _DRAWS)


def _induced(given: tuple[list[Step], Any]) -> Any:
    return backward_induction(*given, np.empty((0, _DRAWS)))


def _offered(points: int) -> Any:
    grid = np.linspace(0, 1, points)
    return grid, np.random.default_rng(points).uniform(0.5, 0.99, (2, 1_000))


CURVES = (
    Curve("all equilibria, n x n", "game", (2, 3, 4, 5, 6, 7), lambda n: _normal(2, 2_048, n, n), lambda given: all_equilibria(*given), 2_048),
    Curve("all extreme equilibria, n x n, exact", "game", (3, 4, 6, 8), _integers, lambda given: [extreme_equilibria(*game) for game in given], 10),
    Curve("all equilibria, n games of 2 x 2 x 2", "batch", (1_000, 4_000, 16_000), lambda n: _normal(n, 3, 2, 2, 2), all_equilibria_of_cubes),
    Curve("one equilibrium, n x n", "game", (25, 50, 100, 200), lambda n: _normal(5, 2, n, n), lambda given: [one_equilibrium(a, b) for a, b in given], 5),
    Curve("zero-sum, n x n", "game", (50, 100, 200, 400), lambda n: _normal(n, n), zero_sum),
    Curve("backward induction, n ends", "draw", (64, 256, 1_024), _tree, _induced, _DRAWS),
    Curve("n agreements, 1000 offers", "pair", (251, 501, 1_001, 2_001), _offered, lambda given: on_a_grid(given[0], 1 - given[0], *given[1], offers=1000), 1_000),
)


def printed(curve: Curve, repeats: int = 3) -> str:
    """The curve as Markdown, and the growth fitted to it."""
    seconds = [curve.seconds(size, repeats) for size in curve.sizes]
    lines = [f"| {curve.name} | us a {curve.unit} |", "|---|---|", *(f"| {size:,} | {spent * 1e6:.3g} |" for size, spent in zip(curve.sizes, seconds, strict=True))]
    return "\n".join([*lines, "", f"time ~ n^{curve.exponent(seconds):.2f}", ""])


def main() -> None:
    """Measure and print every curve."""
    for curve in CURVES:
        print(printed(curve), flush=True)


if __name__ == "__main__":
    main()
