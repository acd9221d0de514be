"""Symbolic bimatrix games: time against the number of free parameters and against size, certificate included.

Run with: pytest benchmarks/bench_symbolic_bimatrix.py. No other package solves these. Every timed call starts from
the symbolic game, certifies the answer and asserts that it was proved. Cold: a new parameter space each time.
"""

from random import Random
from typing import Any

import pytest
import sympy as sp

from bargain import MatrixGame, Nash, Notation, Parameter, Status, SubgamePerfectOutcomes, solve
from bargain.models.classics import crisis_demands, two_by_two
from bargain.models.ukraine import guarantees

pytest.importorskip("pytest_benchmark")
SYMBOLS = sp.symbols("s1:6", real=True)


def random_game(size: int, free: int, seed: int) -> MatrixGame:
    """Integer payoffs, half of them with a linear term in one of the parameters."""
    random = Random(1000 * size + 10 * free + seed)
    notation = Notation(tuple(Parameter(x, "payoff", domain="[0, 1]") for x in SYMBOLS[:free]))

    def payoff() -> sp.Expr:
        return random.randint(-5, 5) + (random.randint(-5, 5) * random.choice(SYMBOLS[:free]) if random.random() < 0.5 else 0)

    return MatrixGame.from_arrays(*([[payoff() for _ in range(size)] for _ in range(size)] for _ in range(2)), notation=notation)


def timed(benchmark: Any, run: Any, **info: Any) -> None:
    solution = benchmark.pedantic(run, rounds=1)
    assert solution.status is Status.PROVED
    benchmark.extra_info |= {"regimes": len(solution.regimes), "overlapping": solution.overlapping, **info}


@pytest.mark.parametrize("free", [["d"], ["d", "e_P"], ["d", "e_P", "F_R"]], ids=len)
@pytest.mark.parametrize("partition", [False, True])
def test_the_guarantees_matrix_by_free_parameters(benchmark: Any, free: list[str], partition: bool) -> None:
    timed(benchmark, lambda: solve(guarantees.matrix, Nash(partition=partition), free=free), parameters=len(free))


@pytest.mark.parametrize("free", [["d", "e_P", "F_R"], ["d", "e_P", "F_R", "v_G", "b_s"]], ids=len)
def test_the_coexisting_outcomes_of_the_proposal_game(benchmark: Any, free: list[str]) -> None:
    timed(benchmark, lambda: solve(guarantees.game, SubgamePerfectOutcomes(), free=free), parameters=len(free))


def test_two_by_two_with_eight_free_payoffs(benchmark: Any) -> None:
    timed(benchmark, lambda: solve(two_by_two.matrix, Nash()))


def test_three_demands_each_with_four_parameters(benchmark: Any) -> None:
    timed(benchmark, lambda: solve(crisis_demands.matrix, Nash(partition=False)))


@pytest.mark.parametrize(("size", "free"), [(2, 4), (3, 2), (3, 4), (4, 2), (4, 3), (5, 2), (6, 1)])
def test_random_games_by_size_and_parameters(benchmark: Any, size: int, free: int) -> None:
    timed(benchmark, lambda: solve(random_game(size, free, 0), Nash(partition=False)), size=size, parameters=free)
