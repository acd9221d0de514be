"""Regime discovery: time and number of regimes against the number of parameters and the size of the tree, as growth curves.

Run ``python -m pytest benchmarks/bench_discovery.py --benchmark-only``; ``python -m benchmarks.growth`` prints the curves. Every
timed call starts from the game and includes the certificate; cells, outcomes and questions to the decider are in
``extra_info``. Answers are asserted, with ``--benchmark-disable`` too; times never are.
"""

import random
from typing import Any

import pytest
import sympy as sp

from bargain import Game, Notation, Parameter, Solution, SubgamePerfect, decision, payoffs, possible_outcomes, solve
from bargain.games.nodes import Node
from bargain.models.ukraine import grand_bargain as grand

LINEAR = ("v_US", "a_pc", "d", "F_R", "eta", "alpha_S", "e_P", "G_s", "Lam")  # payoffs are linear in these
BURDEN = ("v_US", "a_pc", "d", "F_R", "b_0", "b_1")  # Europe's shares of the burden decide many more comparisons
PRODUCTS = ("v_US", "b_1", "b_0", "psi", "K_S", "eta")  # payoffs of degree three
BASELINE = "Compact/TalksFirst/P/Swap/Accept/Comply"


def _recorded(benchmark: Any, solution: Solution) -> None:
    assert solution.status.complete and solution.certificate.passed and solution.stats["share"] == 1
    benchmark.extra_info.update({name: solution.stats[name] for name in ("cells", "outcomes", "queries")})


@pytest.mark.parametrize("count", [pytest.param(count, marks=pytest.mark.slow) if count > 7 else count for count in range(1, len(LINEAR) + 1)])
def test_the_grand_tree_against_the_number_of_parameters(benchmark: Any, count: int) -> None:
    solution = benchmark.pedantic(lambda: solve(grand.game, SubgamePerfect(), free=LINEAR[:count]), rounds=1)
    _recorded(benchmark, solution)
    assert BASELINE in solution.at().outcomes


@pytest.mark.slow
def test_the_grand_tree_over_six_parameters_that_are_harder(benchmark: Any) -> None:
    solution = benchmark.pedantic(lambda: solve(grand.game, SubgamePerfect(), free=BURDEN), rounds=1)
    _recorded(benchmark, solution)
    assert BASELINE in solution.at().outcomes


@pytest.mark.slow
def test_the_grand_tree_over_six_parameters_that_multiply_each_other(benchmark: Any) -> None:
    solution = benchmark.pedantic(lambda: solve(grand.game, SubgamePerfect(), free=PRODUCTS), rounds=1)
    _recorded(benchmark, solution)
    assert BASELINE in solution.at().outcomes


def test_the_grand_tree_with_chance_moves(benchmark: Any) -> None:
    game = grand.version(True, False)
    solution = benchmark.pedantic(lambda: solve(game, SubgamePerfect(), free=("pi_K", "v_US")), rounds=1)
    _recorded(benchmark, solution)
    assert set(solution.at().outcomes) >= set(solve(game, SubgamePerfect(), at=grand.NOTATION.baseline).outcomes)


def _tree(draw: random.Random, ends: int, symbols: tuple[sp.Symbol, ...]) -> Node:
    """A random tree of three players with two or three moves each and the given number of ends, payoffs linear in the symbols."""
    if ends == 1:
        return payoffs({player: sum(draw.randint(-5, 5) * s for s in symbols) + draw.randint(-9, 9) for player in ("A", "B", "C")})
    moves = min(ends, draw.choice((2, 3)))
    sizes = [ends // moves + (k < ends % moves) for k in range(moves)]
    return decision(draw.choice(("A", "B", "C")), {f"m{k}": _tree(draw, size, symbols) for k, size in enumerate(sizes)})


def random_game(ends: int, count: int) -> Game:
    """A seeded tree of three players over [-1, 1] to the power of `count`."""
    symbols = sp.symbols(f"x1:{count + 1}", real=True)
    rows = tuple(Parameter(s, "free", domain="[-1, 1]", prior=(-1, 1), baseline="1/3") for s in symbols)
    return Game(f"Random tree, {ends} ends", ("A", "B", "C"), Notation(rows), _tree(random.Random(ends), ends, symbols))


@pytest.mark.parametrize("ends", [20, 40, 80, 160, pytest.param(320, marks=pytest.mark.slow)])
def test_random_trees_against_their_size(benchmark: Any, ends: int) -> None:
    game = random_game(ends, 2)
    solution = benchmark.pedantic(lambda: solve(game, SubgamePerfect(), free=("x1", "x2")), rounds=1)
    _recorded(benchmark, solution)
    assert set(solve(game, SubgamePerfect(), at=game.notation.baseline).outcomes) <= set(solution.at().outcomes)


@pytest.mark.parametrize("count", [1, 2, 3, pytest.param(4, marks=pytest.mark.slow)])
def test_random_trees_against_the_number_of_parameters(benchmark: Any, count: int) -> None:
    game = random_game(40, count)
    solution = benchmark.pedantic(lambda: solve(game, SubgamePerfect(), free=game.notation.names), rounds=1)
    _recorded(benchmark, solution)
    assert set(solve(game, SubgamePerfect(), at=game.notation.baseline).outcomes) <= set(solution.at().outcomes)


@pytest.mark.slow
def test_the_possible_outcomes_of_the_grand_tree_with_every_parameter_free(benchmark: Any) -> None:
    found = benchmark.pedantic(lambda: possible_outcomes(grand.game), rounds=1)
    benchmark.extra_info.update(possible=len(found.possible), impossible=len(found.impossible), **found.stats)
    assert not found.undecided and len(found.possible) == 178 and len(found.impossible) == 86
