"""Correlated and coarse correlated equilibria: published values, optima against vertices and floats, symbols, certificates."""

from dataclasses import replace
from itertools import product
from random import Random
from typing import Any

import pytest
import sympy as sp
from scipy.optimize import linprog

from bargain import (
    BadInput,
    CoarseCorrelatedEquilibrium,
    CorrelatedEquilibrium,
    MatrixGame,
    Nash,
    NotApplicable,
    Notation,
    Parameter,
    Status,
    TooLarge,
    correlated_vertices,
    obedience,
    solve,
)
from bargain.certify import certify
from bargain.findings.strategic import JointLottery
from bargain.kernels.cone import extreme_rays
from bargain.models.classics import deterrence

R = sp.Rational
a, b = sp.symbols("a b", real=True)
CHICKEN = MatrixGame.from_arrays([[6, 2], [7, 0]], [[6, 7], [2, 0]], actions=(("C", "D"), ("C", "D")))


def random_game(random: Random, shape: tuple[int, ...]) -> MatrixGame:
    """Small integers, so that optima are often degenerate."""
    actions = tuple(tuple(f"{'abc'[k]}{i}" for i in range(m)) for k, m in enumerate(shape))
    return MatrixGame("random", tuple("ABC"[: len(shape)]), actions, {cell: tuple(sp.Integer(random.randint(-4, 4)) for _ in shape) for cell in product(*actions)})


def best(problem: MatrixGame, solver: Any) -> JointLottery:
    """The optimal lottery of a game without parameters."""
    answer = solve(problem, solver).equilibria[0]
    assert isinstance(answer, JointLottery)
    return answer


def test_what_is_no_matrix_game_or_no_objective_is_refused() -> None:
    with pytest.raises(NotApplicable):
        solve(deterrence.game, CorrelatedEquilibrium())
    for objective in ({"nobody": 1}, {("C", "X"): 1}, {"row": 1, ("C", "C"): 1}, {"row": a}):
        with pytest.raises(BadInput):
            solve(CHICKEN, CorrelatedEquilibrium(objective))
    with pytest.raises(NotApplicable):
        correlated_vertices(MatrixGame.from_arrays([[a], [0]], [[1], [1]], notation=Notation((Parameter(a, "payoff"),))))
    with pytest.raises(TooLarge):
        extreme_rays([[1, -1, 1, -1], [1, 1, -1, -1]], 4, limit=3)


def test_the_best_correlated_equilibrium_of_chicken() -> None:
    solution = solve(CHICKEN, CorrelatedEquilibrium())
    answer = best(CHICKEN, CorrelatedEquilibrium())
    assert answer.value == R(21, 2) and tuple(answer.lottery.values()) == (R(1, 2), R(1, 4), R(1, 4), 0)                    # CE1.1
    assert answer.payoffs == {"row": R(21, 4), "column": R(21, 4)} and answer.unique and solution.status is Status.CERTIFIED
    assert answer.strategies == {"mediator": {"": {"C,C": R(1, 2), "C,D": R(1, 4), "D,C": R(1, 4)}}}


def test_the_correlated_equilibria_of_chicken_have_five_vertices() -> None:
    vertices = {tuple(vertex.values()) for vertex in correlated_vertices(CHICKEN)}
    assert vertices == {(0, 1, 0, 0), (0, 0, 1, 0), (R(4, 9), R(2, 9), R(2, 9), R(1, 9)), (R(1, 2), R(1, 4), R(1, 4), 0), (0, R(2, 5), R(2, 5), R(1, 5))}


def test_objectives_choose_players_cells_and_signs() -> None:
    assert best(CHICKEN, CorrelatedEquilibrium({"row": 1})).payoffs == {"row": 7, "column": 2}
    assert best(CHICKEN, CorrelatedEquilibrium({"row": -1})).payoffs["row"] == 2
    assert best(CHICKEN, CorrelatedEquilibrium({("D", "D"): 1})).value == R(1, 5)
    assert not best(CHICKEN, CorrelatedEquilibrium({"row": 0})).unique
    assert solve(CHICKEN, CorrelatedEquilibrium({"row": 0})).status is Status.INCOMPLETE


def test_a_coarse_equilibrium_may_do_better() -> None:
    own = [[3, 1, 1], [4, 0, 2], [0, 3, 0]]
    table = MatrixGame.from_arrays(own, [list(column) for column in zip(*own, strict=True)])
    fine, coarse = (best(table, kind()) for kind in (CorrelatedEquilibrium, CoarseCorrelatedEquilibrium))
    assert (fine.value, coarse.value) == (R(16, 3), R(28, 5)) and fine.unique and coarse.unique
    committed = [sum(w * gain for cell, w in coarse.lottery.items() if (gain := c.gains.get(cell)) is not None) for c in obedience(table)]
    assert max(committed) > 0


@pytest.mark.parametrize("shape", [(2, 2), (3, 2), (2, 2, 2)])
def test_optima_are_attained_at_vertices(shape: tuple[int, ...]) -> None:
    random = Random(921)
    for trial in range(12):
        problem = random_game(random, shape)
        for coarse, kind in ((False, CorrelatedEquilibrium), (True, CoarseCorrelatedEquilibrium)):
            vertices = correlated_vertices(problem, coarse=coarse)
            values = [sum(w * sum(problem.payoffs[cell]) for cell, w in vertex.items()) for vertex in vertices]
            answer = best(problem, kind())
            assert answer.value == max(values), f"seed 921, trial {trial}"
            assert answer.unique == (values.count(max(values)) == 1), f"seed 921, trial {trial}"


def test_three_players_agree_with_floating_point() -> None:
    random = Random(922)
    for trial in range(5):
        problem = random_game(random, (3, 2, 3))
        cells = list(problem)
        rows = [[float(constraint.gains.get(cell, 0)) for cell in cells] for constraint in obedience(problem)]
        floats = linprog([-float(sum(problem.payoffs[cell])) for cell in cells], rows, [0.0] * len(rows), [[1.0] * len(cells)], [1.0])
        assert abs(float(best(problem, CorrelatedEquilibrium()).value) + floats.fun) < 1e-9, f"seed 922, trial {trial}"


def test_nash_equilibria_are_correlated_equilibria() -> None:
    random = Random(923)
    for trial in range(6):
        problem = random_game(random, (3, 3))
        for equilibrium in solve(problem, Nash()).extreme:
            x, y = (equilibrium.strategies[player][""] for player in problem.players)
            for constraint in obedience(problem):
                assert sum(x[i] * y[j] * gain for (i, j), gain in constraint.gains.items()) <= 0, f"seed 923, trial {trial}"


def test_symbolic_chicken_by_regimes_equals_the_numbers() -> None:
    notation = Notation((Parameter(a, "mutual restraint", domain=">2"), Parameter(b, "temptation", domain=">2")))
    table = MatrixGame.from_arrays([[a, 2], [b, 0]], [[a, b], [2, 0]], actions=(("C", "D"), ("C", "D")), notation=notation)
    solution = solve(table, CorrelatedEquilibrium())
    assert len(solution.regimes) == 3 and solution.status is Status.INCOMPLETE  # C,D and D,C are equally good
    assert solve(table, CorrelatedEquilibrium({"row": 3, "column": 2})).status is Status.PROVED
    random = Random(924)
    for trial in range(15):
        point = {a: R(random.randint(5, 20), 2), b: R(random.randint(7, 30), 3)}
        assert solution.at(point).equilibria[0].value == best(table.at(point), CorrelatedEquilibrium()).value, f"seed 924, trial {trial}"  # type: ignore[union-attr]


def test_corrupted_lotteries_are_refuted() -> None:
    solution = solve(CHICKEN, CorrelatedEquilibrium())
    right = best(CHICKEN, CorrelatedEquilibrium())
    key = next(iter(right.prices))
    wrong = [replace(right, lottery={**right.lottery, ("C", "C"): R(3, 5), ("D", "D"): R(-1, 10)}), replace(right, lottery=dict.fromkeys(CHICKEN, R(1, 4))),
             replace(right, value=R(11)), replace(right, value=R(10)), replace(right, prices={}), replace(right, prices={**right.prices, key: R(-1)}),
             replace(right, payoffs={"row": R(5), "column": R(11, 2)})]
    for number, answer in enumerate(wrong):
        assert certify(replace(solution, regimes=(replace(solution.regimes[0], equilibria=(answer,)),))).refuted, f"corruption {number}"
