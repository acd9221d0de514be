"""A compiled solution at a million points, shares of the prior, cut-points and comparative statics.

Run ``python -m pytest benchmarks/bench_solution.py --benchmark-only``. Points and solutions are made before the clock
starts; every round evaluates fresh points. Answers are asserted inside; times never are.
"""

import random
import time
from functools import cache
from typing import Any

import numpy as np
import pytest
import sympy as sp

from bargain import Game, Notation, Parameter, Solution, SubgamePerfect, comparative_statics, cut_points, decision, payoffs, regime_shares, solve
from bargain.compile import compile_game
from bargain.games.nodes import Node
from bargain.models.classics import surge
from bargain.models.ukraine import grand_bargain as grand

MILLION = 1_000_000
SYMBOLS = sp.symbols("a b c", real=True)
NOTATION = Notation(tuple(Parameter(s, "free", domain="[-2, 2]", prior=(-2, 2), baseline="1/3") for s in SYMBOLS))
PLAYERS = ("A", "B", "C")


def _tree(draw: random.Random, depth: int) -> Node:
    if depth == 0:
        return payoffs({player: sum(draw.randint(-3, 3) * s for s in SYMBOLS) + sp.Rational(draw.randint(-7, 7), 3) for player in PLAYERS})
    return decision(draw.choice(PLAYERS), {name: _tree(draw, depth - draw.choice((1, 1, 2)) if depth > 1 else 0) for name in "lr"})


@cache
def _solved() -> Solution:
    """A random tree of three free parameters with 29 regimes on 15 shared conditions."""
    return solve(Game("random 2", PLAYERS, NOTATION, _tree(random.Random(2), 3)), SubgamePerfect())


def test_a_million_points_of_a_solution_with_more_than_twenty_regimes(benchmark: Any) -> None:
    solution = _solved()
    compiled, draws = solution.compile(), np.random.default_rng(1)

    def fresh() -> tuple[tuple[dict[str, Any]], dict[str, Any]]:
        return ({s.name: draws.uniform(-2, 2, MILLION) for s in SYMBOLS},), {}

    def evaluated(values: dict[str, Any]) -> Any:
        found = compiled(values)
        return values, found, found.payoffs, found.quantities, found.probabilities

    values, found, paid, *_ = benchmark.pedantic(evaluated, setup=fresh, rounds=5, warmup_rounds=1)
    few = {name: column[:2000] for name, column in values.items()}
    start = time.perf_counter()
    recomputed = compile_game(solution.problem).solve({s: few[s.name] for s in SYMBOLS})[0]
    induction = (time.perf_counter() - start) / 2000
    assert len(solution.regimes) >= 20 and (found.regime >= 0).all()
    assert all(np.allclose(paid[player][:2000], recomputed[k]) for k, player in enumerate(PLAYERS))
    if benchmark.stats is not None:
        benchmark.extra_info.update(regimes=len(solution.regimes), conditions=len(compiled.bodies),
                                    ratio_to_backward_induction_on_arrays=induction * MILLION / benchmark.stats.stats.median)


def test_a_grid_that_lies_on_knife_edges(benchmark: Any) -> None:
    compiled = _solved().compile()
    axis = np.round(np.linspace(-2, 2, 41), 12)
    found = benchmark.pedantic(lambda: compiled(a=axis[:, None, None], b=axis[:, None], c=axis), rounds=3, warmup_rounds=1)
    assert found.shape == (41, 41, 41) and 0 < (found.regime == -1).sum() < found.regime.size / 4


@pytest.mark.parametrize("free", [("v_US", "a_pc"), ("v_US", "a_pc", "d")])
def test_exact_shares_of_the_grand_tree(benchmark: Any, free: tuple[str, ...]) -> None:
    solution = solve(grand.game, SubgamePerfect(), free=free)
    shares = benchmark.pedantic(lambda: regime_shares(solution), rounds=3, warmup_rounds=1)
    assert all(found.exact for found in shares) and sum(found.value for found in shares) == 1


def test_cut_points_of_the_surge_game(benchmark: Any) -> None:
    solution = solve(surge.game, SubgamePerfect())
    found = benchmark.pedantic(lambda: cut_points(solution, "T"), rounds=3)
    assert len(found.points) == 3 and len(found.cases) == 5


def test_comparative_statics_of_the_surge_game(benchmark: Any) -> None:
    solution = solve(surge.game, SubgamePerfect())
    found = benchmark.pedantic(lambda: comparative_statics(solution), rounds=3)
    assert len(found.borders) == 7
