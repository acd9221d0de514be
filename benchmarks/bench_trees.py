"""Backward induction: ours against the networkx recursion a user would write, on the same games and points.

Run ``python -m pytest benchmarks --benchmark-only``; each row stores the ratio to the peer in
``extra_info``. Answers are asserted inside; times never are.
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from bargain import SubgamePerfect, solve
from bargain.compile import compile_game
from bargain.models.ukraine import grand_bargain as grand

POINTS = 2000


def _points() -> dict[Any, np.ndarray[Any, Any]]:
    draws = np.random.default_rng(7)
    return {grand.v_US: draws.uniform(0.4, 0.9, POINTS), grand.a_pc: draws.uniform(0, 0.6, POINTS), grand.d: draws.uniform(0, 0.36, POINTS)}


def _recursion(values: dict[Any, np.ndarray[Any, Any]], count: int) -> list[str]:
    """Backward induction over the networkx view with payoffs as Python floats, point by point."""
    import sympy as sp

    fixed = {s: v for s, v in grand.NOTATION.baseline.items() if s not in values}
    tree = grand.game.at(fixed).tree
    symbols = list(values)
    payoff = {h: sp.lambdify(symbols, [data["payoffs"][p] for p in grand.PLAYERS]) for h, data in tree.nodes(data=True) if data["payoffs"]}
    children = {h: list(tree.successors(h)) for h in tree}
    mover = {h: grand.PLAYERS.index(data["player"]) for h, data in tree.nodes(data=True) if data["player"]}

    def value(history: Any, point: list[float]) -> tuple[Any, Any]:
        if history in payoff:
            return payoff[history](*point), history
        return max((value(child, point) for child in children[history]), key=lambda result: result[0][mover[history]])

    return [grand.code(value((), [float(values[s][k]) for s in symbols])[1]) for k in range(count)]


def _timed(function: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    answer = function()
    return time.perf_counter() - start, answer


def test_a_sweep_of_the_grand_tree(benchmark: Any) -> None:
    values = _points()
    compiled = compile_game(grand.game, list(values))
    ends = benchmark(lambda: compiled.outcomes(values))
    ours = [grand.code(compiled.paths[k]) for k in ends[:200]]
    peer, theirs = _timed(lambda: _recursion(values, 200))
    assert ours == theirs
    if benchmark.stats is not None:
        benchmark.extra_info["ratio to networkx recursion"] = peer / 200 / (benchmark.stats.stats.median / POINTS)


@pytest.mark.parametrize("free", [("v_US",), ("v_US", "a_pc"), ("v_US", "a_pc", "d")])
def test_the_grand_tree_by_regimes(benchmark: Any, free: tuple[str, ...]) -> None:
    solution = benchmark.pedantic(lambda: solve(grand.game, SubgamePerfect(), free=free), rounds=1)
    assert solution.status.certified and solution.status.complete
    benchmark.extra_info.update(cells=solution.stats["cells"], outcomes=solution.stats["outcomes"], queries=solution.stats["queries"])
    assert solution.at().outcomes == ("Compact/TalksFirst/P/Swap/Accept/Comply",)


def test_the_grand_tree_at_the_baseline(benchmark: Any) -> None:
    solution = benchmark(lambda: solve(grand.game, SubgamePerfect(), at=grand.NOTATION.baseline))
    assert solution.outcomes == ("Compact/TalksFirst/P/Swap/Accept/Comply",)
