"""Logit quantal response in matrix games: published and Gambit's values, the branch as data, maximum likelihood, certificates."""

import math
from dataclasses import replace
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest
import sympy as sp

from bargain import BadInput, MatrixGame, NotApplicable, Notation, Parameter, QuantalResponse, Status, TooLarge, fit_logit, logit_branch, solve
from bargain.certify import certify
from bargain.findings.strategic import LogitResponse

PENNIES = MatrixGame.from_arrays([[9, 0], [0, 1]], [[0, 1], [1, 0]])
a = sp.Symbol("a", real=True)


def random_game(random: Random, shape: tuple[int, ...]) -> MatrixGame:
    """Integer payoffs between -5 and 5."""
    actions = tuple(tuple(f"{'abc'[k]}{i}" for i in range(m)) for k, m in enumerate(shape))
    return MatrixGame("random", tuple("ABC"[: len(shape)]), actions, {cell: tuple(sp.Integer(random.randint(-5, 5)) for _ in shape) for cell in product(*actions)})


def weights(problem: MatrixGame, rationality: Any) -> list[float]:
    """The probabilities of all players' actions, in order, of a solution that passed its certificate."""
    solution = solve(problem, QuantalResponse(rationality))
    assert solution.status is Status.WITHIN and solution.certificate.passed
    return [float(w) for player in problem.players for w in solution.equilibria[0].strategies[player][""].values()]  # type: ignore[union-attr]


def gambit_game(problem: MatrixGame) -> Any:
    gambit = pytest.importorskip("pygambit")
    return gambit, gambit.Game.from_arrays(*(np.array([float(problem.payoffs[c][k]) for c in problem]).reshape(problem.shape) for k in range(len(problem.players))))


def test_free_parameters_and_senseless_rationalities_are_refused() -> None:
    symbolic = MatrixGame.from_arrays([[a, 0], [0, 1]], [[0, 1], [1, 0]], notation=Notation((Parameter(a, "payoff"),)))
    with pytest.raises(NotApplicable, match="free"):
        solve(symbolic, QuantalResponse(1))
    for wrong in (-1, sp.I, a):
        with pytest.raises(BadInput):
            QuantalResponse(wrong)
    with pytest.raises(BadInput):
        logit_branch(PENNIES, float("inf"))
    with pytest.raises(TooLarge):
        logit_branch(PENNIES, 10, steps=3)


def test_asymmetric_matching_pennies_at_rationality_one() -> None:
    found = weights(PENNIES, 1)
    assert abs(found[0] - 0.8935763306) < 1e-10 and abs(found[2] - 0.312780375) < 1e-9                                     # QR1.1
    remarks = solve(PENNIES, QuantalResponse(1)).equilibria[0]
    assert isinstance(remarks, LogitResponse) and "principal branch" in remarks.remarks[0]


def test_the_branch_runs_from_uniform_play_to_the_equilibrium() -> None:
    assert weights(PENNIES, 0) == [0.5] * 4
    assert np.allclose(weights(PENNIES, 2000), [0.5, 0.5, 0.1, 0.9], atol=2e-3)
    branch = logit_branch(PENNIES, 5)
    assert branch.rationality[-1] == 5 and list(branch.rationality) == sorted(branch.rationality)
    assert branch.rows()[0] == {"rationality": 0.0, "row: r1": 0.5, "row: r2": 0.5, "column: c1": 0.5, "column: c2": 0.5}
    assert branch.to_frame().shape == (len(branch.rationality), 5)
    assert np.allclose([*branch.strategies[-1]["row"].values(), *branch.strategies[-1]["column"].values()], weights(PENNIES, 5), atol=1e-12)


@pytest.mark.parametrize("shape", [(2, 2), (3, 4), (2, 2, 2), (3, 2, 3)])
def test_the_principal_branch_is_gambits(shape: tuple[int, ...]) -> None:
    random = Random(931)
    for trial in range(4):
        problem = random_game(random, shape)
        gambit, form = gambit_game(problem)
        for rationality in (0.25, 1.0, 2.5):
            theirs = gambit.qre.logit_solve_lambda(form, lam=rationality)[0].profile
            gap = max(abs(x - float(theirs[s])) for x, s in zip(weights(problem, str(rationality)), (s for p in form.players for s in p.strategies), strict=True))
            assert gap < 1e-6, f"seed 931, trial {trial}"  # Gambit's own tolerance at a rationality


def test_probabilities_below_the_smallest_float_are_certified() -> None:
    dilemma = MatrixGame.from_arrays([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    solution = solve(dilemma, QuantalResponse(1000))
    rare = solution.equilibria[0].strategies["row"][""]["r1"]  # type: ignore[union-attr]
    assert solution.certificate.passed and sp.Float("1e-435") < rare < sp.Float("1e-434")


def test_a_bifurcation_of_a_symmetric_game_is_passed_straight_ahead() -> None:
    """Exchanging players and actions leaves the game as it is; so the branch satisfies p = 1 - q, and other branches leave it at 0.19."""
    game = MatrixGame.from_arrays([[11, 1], [-1, 10]], [[10, 1], [-2, 10]])
    found = weights(game, 2)
    assert abs(found[0] - found[3]) < 1e-12 and abs(found[0] - 1 / (1 + math.exp(-2 * (21 * found[2] - 9)))) < 1e-12
    assert list((branch := logit_branch(game, 4)).rationality) == sorted(branch.rationality)


def test_rescaling_payoffs_rescales_the_rationality() -> None:
    scaled = MatrixGame.from_arrays([[90, 0], [0, 10]], [[5, 15], [15, 5]])
    assert np.allclose(weights(scaled, "0.1"), weights(PENNIES, 1), atol=1e-12)


def test_maximum_likelihood_recovers_the_rationality() -> None:
    truth = weights(PENNIES, "0.7")
    counts = {"row": {"r1": round(1e6 * truth[0]), "r2": round(1e6 * truth[1])}, "column": {"c1": round(1e6 * truth[2]), "c2": round(1e6 * truth[3])}}
    fit = fit_logit(PENNIES, counts)
    assert abs(fit.rationality - 0.7) < 5 * fit.standard_error < 0.02 and not fit.at_end
    assert math.isclose(fit.log_likelihood, sum(n * math.log(fit.strategies[p][x]) for p, own in counts.items() for x, n in own.items()), rel_tol=1e-12)
    small = fit_logit(PENNIES, {p: {x: n // 100 for x, n in own.items()} for p, own in counts.items()})
    assert abs(small.standard_error / fit.standard_error - 10) < 0.1


def test_the_fit_is_gambits_and_its_error_that_of_the_curvature() -> None:
    counts = {"row": {"r1": 77, "r2": 23}, "column": {"c1": 35, "c2": 65}}
    gambit, form = gambit_game(PENNIES)
    data = form.mixed_strategy_profile()
    for player, label in zip(form.players, ("row", "column"), strict=True):
        for strategy, count in zip(player.strategies, counts[label].values(), strict=True):
            data[strategy] = float(count)
    theirs, fit = gambit.qre.logit_estimate(data), fit_logit(PENNIES, counts)
    assert abs(fit.rationality - theirs.lam) < 1e-3 and fit.log_likelihood >= theirs.log_like - 1e-9

    def likelihood(rationality: float) -> float:
        x = np.log(weights(PENNIES, repr(rationality)))
        return float(np.dot(x, [77, 23, 35, 65]))

    assert likelihood(fit.rationality) > max(likelihood(fit.rationality - 0.01), likelihood(fit.rationality + 0.01))


def test_data_without_information_or_sense_are_handled() -> None:
    always = {"row": {"r2": 10}, "column": {"c2": 10}}
    dilemma = MatrixGame.from_arrays([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    assert fit_logit(dilemma, always).at_end
    uniform = fit_logit(dilemma, {"row": {"r1": 30, "r2": 20}})
    assert uniform.rationality == 0 and not uniform.at_end
    flat = fit_logit(MatrixGame.from_arrays([[1, 1], [1, 1]], [[0, 0], [0, 0]]), {"row": {"r1": 3}})
    assert (flat.rationality, flat.standard_error, flat.at_end) == (0, math.inf, False)
    for wrong in ({"nobody": {"r1": 1}}, {"row": {"x": 1}}, {"row": {"r1": -1}}, {}):
        with pytest.raises(BadInput):
            fit_logit(PENNIES, wrong)  # type: ignore[arg-type]


def test_corrupted_responses_are_refuted() -> None:
    solution = solve(PENNIES, QuantalResponse(1))
    right = solution.equilibria[0]
    assert isinstance(right, LogitResponse)
    row, tiny = right.strategies["row"][""], sp.Float("1e-9", 17)
    moved = {"": {"r1": row["r1"] + tiny, "r2": row["r2"] - tiny}}
    wrong = [replace(right, strategies={**right.strategies, "row": moved}), replace(right, payoffs={**right.payoffs, "row": right.payoffs["row"] + 1e-6}),
             replace(right, strategies={player: {"": dict.fromkeys(own[""], sp.Rational(1, 2))} for player, own in right.strategies.items()})]
    for number, answer in enumerate(wrong):
        assert not certify(replace(solution, regimes=(replace(solution.regimes[0], equilibria=(answer,)),))).passed, f"corruption {number}"
