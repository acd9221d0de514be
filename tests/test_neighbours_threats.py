"""Security levels, the coco value and Nash's variable threats: published values, brute force, covariance, symbols, certificates."""

from dataclasses import replace
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest
import sympy as sp
from scipy.optimize import linprog

from bargain import Coco, MatrixGame, NotApplicable, Notation, Parameter, SecurityLevels, Status, VariableThreats, solve
from bargain.certify import certify
from bargain.models.classics import deterrence

R = sp.Rational
a, b = sp.symbols("a b", real=True)
KALAI = MatrixGame.from_arrays([[2, 10], [4, 0]], [[6, 5], [8, 0]])
THREE = MatrixGame("Three", ("A", "B", "C"), (("u",), ("l",), ("s",)), {("u", "l", "s"): (1, 1, 1)})  # type: ignore[dict-item]


def payoffs(problem: MatrixGame, solver: Any) -> tuple[sp.Expr, ...]:
    """The payoffs of the one answer of a game without parameters."""
    solution = solve(problem, solver)
    assert solution.status is Status.CERTIFIED
    return tuple(solution.equilibria[0].payoffs.values())  # type: ignore[union-attr]


def random_matrices(random: Random, rows: int, columns: int) -> tuple[list[list[int]], list[list[int]]]:
    first, second = ([[random.randint(-4, 6) for _ in range(columns)] for _ in range(rows)] for _ in range(2))
    return first, second


@pytest.mark.parametrize(("problem", "solver"), [(deterrence.game, SecurityLevels()), (THREE, Coco()), (THREE, VariableThreats()), (deterrence.game, Coco())])
def test_other_problems_are_refused_with_a_remedy(problem: Any, solver: Any) -> None:
    with pytest.raises(NotApplicable) as refusal:
        solve(problem, solver)
    assert refusal.value.remedy


def test_published_values() -> None:
    assert payoffs(KALAI, Coco()) == (R(11, 2), R(19, 2))                                                                   # KK1.1
    assert payoffs(MatrixGame.from_arrays([[1, 5], [0, 2]], [[1, 0], [4, 3]]), Coco()) == (R(5, 2), R(5, 2))               # KK1.2
    assert payoffs(KALAI, VariableThreats()) == (5, R(15, 2))                                                               # NV1.1
    assert payoffs(MatrixGame.from_arrays([[1, "-4/3"], [-3, 4]], [[4, -4], [-1, 1]]), VariableThreats()) == (R(3, 2), R(7, 2))  # NV1.2
    assert payoffs(MatrixGame.from_arrays([[3, 0], [0, 1]], [[1, 0], [0, 3]]), SecurityLevels()) == (R(3, 4), R(3, 4))


def test_the_answer_may_be_a_corner_an_edge_or_a_single_point() -> None:
    corner = MatrixGame.from_arrays([[0, 3], [2, 1]], [[4, 3], [0, 1]])
    found = solve(corner, VariableThreats()).equilibria[0]
    assert found.payoffs == {"row": 3, "column": 3} and list(found.agreement) == [("r1", "c2")]  # type: ignore[union-attr]
    alone = MatrixGame.from_arrays([[5, 0], [1, 2]], [[7, 0], [3, 1]])
    assert payoffs(alone, VariableThreats()) == (5, 7)


def bargained(points: list[tuple[float, float]], d: Any) -> tuple[float, float]:
    """Nash's solution on the convex hull of points over d, from the best point of every chord."""
    best = (-1.0, -1e9, tuple(d))
    for p, q in product(np.array(points, dtype=float), repeat=2):
        slope, bend = (q - p)[0] * (p - d)[1] + (q - p)[1] * (p - d)[0], (q - p)[0] * (q - p)[1]
        for t in (0.0, 1.0, -slope / (2 * bend) if bend else 0.0):
            u = p + t * (q - p)
            if 0 <= t <= 1 and (u >= np.array(d) - 1e-9).all():
                best = max(best, (float((u - d)[0] * (u - d)[1]), float(u.sum()), tuple(u)))
    return best[2]  # type: ignore[return-value]


@pytest.mark.parametrize("shape", [(2, 2), (3, 2), (2, 3)])
def test_threats_guarantee_the_settlement_against_every_mixture(shape: tuple[int, int]) -> None:
    random = Random(941)
    for trial in range(12):
        first, second = random_matrices(random, *shape)
        found = solve(MatrixGame.from_arrays(first, second), VariableThreats()).equilibria[0]
        u = [float(value) for value in found.payoffs.values()]  # type: ignore[union-attr]
        x, y = (np.array([float(w) for w in found.strategies[player][""].values()]) for player in ("row", "column"))  # type: ignore[union-attr]
        f, s = np.array(first, dtype=float), np.array(second, dtype=float)
        points = list(zip(f.ravel(), s.ravel(), strict=True))
        draws = np.random.default_rng(941).dirichlet
        for reply in (*np.eye(shape[1]), *draws(np.ones(shape[1]), 5)):
            assert bargained(points, (x @ f @ reply, x @ s @ reply))[0] >= u[0] - 1e-7, f"seed 941, trial {trial}"
        for reply in (*np.eye(shape[0]), *draws(np.ones(shape[0]), 5)):
            assert bargained(points, (reply @ f @ y, reply @ s @ y))[1] >= u[1] - 1e-7, f"seed 941, trial {trial}"


def test_rescaling_one_player_rescales_the_settlement_but_not_the_coco_value() -> None:
    random, changed = Random(942), 0
    for trial in range(15):
        first, second = random_matrices(random, 3, 3)
        scaled = MatrixGame.from_arrays([[3 * value + 2 for value in row] for row in first], second)
        plain = MatrixGame.from_arrays(first, second)
        before, after = payoffs(plain, VariableThreats()), payoffs(scaled, VariableThreats())
        assert after == (3 * before[0] + 2, before[1]), f"seed 942, trial {trial}"
        coco = payoffs(plain, Coco())
        changed += payoffs(scaled, Coco()) != (3 * coco[0] + 2, coco[1])
        swapped = MatrixGame.from_arrays([list(c) for c in zip(*second, strict=True)], [list(c) for c in zip(*first, strict=True)])
        assert payoffs(swapped, VariableThreats()) == before[::-1] and payoffs(swapped, Coco()) == coco[::-1]
    assert changed


def test_security_levels_of_three_players_agree_with_floating_point() -> None:
    random = Random(943)
    actions = (("u", "d"), ("l", "m", "r"), ("x", "y"))
    for trial in range(6):
        problem = MatrixGame("random", ("A", "B", "C"), actions, {cell: tuple(sp.Integer(random.randint(-5, 5)) for _ in range(3)) for cell in product(*actions)})
        for k, level in enumerate(payoffs(problem, SecurityLevels())):
            others = list(product(*(names for j, names in enumerate(actions) if j != k)))
            rows = [[*(-float(problem.payoffs[(*cell[:k], own, *cell[k:])][k]) for own in actions[k]), 1.0] for cell in others]
            n = len(actions[k])
            floats = linprog([0.0] * n + [-1.0], rows, [0.0] * len(rows), [[1.0] * n + [0.0]], [1.0], [(0, None)] * n + [(None, None)])
            assert abs(float(level) + floats.fun) < 1e-9, f"seed 943, trial {trial}"


@pytest.mark.parametrize("solver", [SecurityLevels(), Coco(), VariableThreats()])
def test_symbolic_answers_equal_the_numbers(solver: Any) -> None:
    notation = Notation((Parameter(a, "payoff", domain=">0"), Parameter(b, "payoff", domain=">0")))
    table = MatrixGame.from_arrays([[a, 0], [0, b]], [[1, 0], [0, 2]], notation=notation)
    solution = solve(table, solver)
    assert solution.status is Status.PROVED
    random = Random(944)
    for trial in range(15):
        point = {a: R(random.randint(1, 9), 2), b: R(random.randint(1, 9), random.randint(1, 3))}
        here = solution.at(point).equilibria[0].payoffs  # type: ignore[union-attr]
        assert tuple(here.values()) == payoffs(table.at(point), solver), f"seed 944, trial {trial}"


@pytest.mark.parametrize("solver", [SecurityLevels(), Coco(), VariableThreats()])
def test_corrupted_answers_are_refuted(solver: Any) -> None:
    table = MatrixGame.from_arrays([[1, "-4/3"], [-3, 4]], [[4, -4], [-1, 1]])
    solution = solve(table, solver)
    right: Any = solution.equilibria[0]
    half = {"": {"r1": R(1, 2), "r2": R(1, 2)}}
    wrong = [replace(right, payoffs={**right.payoffs, "row": right.payoffs["row"] + step}) for step in (R(1, 1000), R(-1, 1000))]
    wrong += [replace(right, strategies={**right.strategies, "row": half}),
              replace(right, strategies={**right.strategies, "row": {"": {"r1": R(3, 2), "r2": R(-1, 2)}}})]
    shifted = {"row": right.payoffs["row"] + R(1, 10), "column": right.payoffs["column"] - R(1, 10)}
    wrong.append(replace(right, payoffs=shifted))
    wrong += [replace(right, quantities={**right.quantities, name: value + 1}) for name, value in right.quantities.items() if "weight" not in name]
    if isinstance(solver, SecurityLevels):
        wrong.append(replace(right, punishments={**right.punishments, "row": {("c1",): R(1)}}))
    for number, answer in enumerate(wrong):
        assert certify(replace(solution, regimes=(replace(solution.regimes[0], equilibria=(answer,)),))).refuted, f"corruption {number}"
