"""Random proposers: published values, value iteration as the other route, exact regions of unequal recognition."""

from dataclasses import replace

import numpy as np
import pytest
import sympy as sp

import bargain as bg
from bargain import InvalidModel, NotApplicable, Parameter
from bargain.certify import certify
from bargain.games.legislative import RandomProposer
from bargain.solvers.conflict.stationary import Stationary

R = sp.Rational


def model(recognition: object, discount: object, quota: int, vetoes: tuple[str, ...] = (), **more: object) -> RandomProposer:
    names = "ABCDE"[: len(recognition)]  # type: ignore[arg-type]
    patience = dict(zip(names, discount, strict=True)) if isinstance(discount, tuple) else discount
    return RandomProposer("m", tuple(names), dict(zip(names, recognition, strict=True)), patience, quota, vetoes, **more)  # type: ignore[arg-type, call-overload]


def values(problem: RandomProposer) -> list[sp.Expr]:
    solution = bg.solve(problem, Stationary())
    assert solution.certificate.passed and len({tuple(e.payoffs.values()) for e in solution.equilibria}) == 1
    return list(solution.equilibria[0].payoffs.values())


@pytest.mark.parametrize(("recognition", "discount", "quota", "vetoes", "expected"), [
    (["1/3"] * 3, 1, 2, (), [R(1, 3)] * 3),
    (["1/5"] * 5, "9/10", 3, (), [R(1, 5)] * 5),
    (["1/5"] * 5, "9/10", 4, (), [R(1, 5)] * 5),
    (["1/2", "1/4", "1/4"], "4/5", 2, (), [R(3, 8), R(5, 16), R(5, 16)]),
    (["1/2", "1/4", "1/4"], 1, 2, (), [R(1, 3)] * 3),
    (["1/3"] * 3, ("9/10", "4/5", "3/5"), 2, (), [R(8, 29), R(9, 29), R(12, 29)]),
    (["1/3"] * 3, "9/10", 2, ("A",), [R(11, 15), R(2, 15), R(2, 15)]),
    (["1/2", "1/2"], ("9/10", "4/5"), 2, (), [R(2, 3), R(1, 3)]),
    (["1/3", "2/3"], ("19/20", "9/10"), 2, (), [R(1, 2), R(1, 2)]),
    (["1/2", "1/4", "1/4"], ("9/10", "19/20", "4/5"), 3, (), [R(4, 9), R(4, 9), R(1, 9)]),
])
def test_published_values(recognition: list[str], discount: object, quota: int, vetoes: tuple[str, ...], expected: list[sp.Expr]) -> None:
    assert values(model(recognition, discount, quota, vetoes)) == expected


def test_proposer_keeps_what_votes_do_not_cost() -> None:
    for n, quota, discount in [(3, 2, R(1)), (5, 3, R(9, 10)), (5, 4, R(9, 10))]:
        found = bg.solve(model([R(1, n)] * n, discount, quota), Stationary()).equilibria[0]
        assert found.quantities["A keeps"] == 1 - discount * (quota - 1) / n


def test_recognition_advantage_vanishes_without_discounting() -> None:
    found = bg.solve(model(["1/2", "1/4", "1/4"], 1, 2), Stationary()).equilibria[0]
    assert (found.quantities["chance that A is offered a share"], found.quantities["chance that B is offered a share"]) == (0, R(1, 2))


@pytest.mark.parametrize("seed", range(12))
def test_smoothed_best_responses_reach_the_same_values(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(3, 5))
    quota, weights = int(rng.integers(2, n + 1)), rng.integers(1, 6, n)
    recognition = [R(int(w), int(weights.sum())) for w in weights]
    patience = tuple(R(int(d), 20) for d in rng.integers(8, 20, n))
    vetoes = ("A",) if seed % 3 == 0 and quota < n else ()
    exact = [float(v) for v in values(model(recognition, patience, quota, vetoes))]
    assert _iterated(np.array(recognition, float), np.array(patience, float), quota, n if not vetoes else 0) == pytest.approx(exact, abs=6e-3)


def _iterated(p: np.ndarray, patience: np.ndarray, quota: int, veto: int) -> list[float]:
    """Values when proposers choose coalitions by logit with vanishing noise."""
    from itertools import combinations

    n = len(p)
    winning = {i: [c for k in range(quota - 1, n) for c in combinations([j for j in range(n) if j != i], k) if veto == n or veto in (i, *c)]
               for i in range(n)}
    value = np.full(n, 1 / n)
    for noise in np.geomspace(1e-1, 1e-3, 12):
        for _ in range(150):
            price, new = patience * value, np.zeros(n)
            for i in range(n):
                costs = np.array([sum(price[j] for j in c) for c in winning[i]])
                chance = np.exp(-(costs - costs.min()) / noise)
                for c, w in zip(winning[i], chance / chance.sum(), strict=True):
                    new[i] += p[i] * w * (1 - sum(price[j] for j in c))
                    for j in c:
                        new[j] += p[i] * w * price[j]
            value = value + min(0.2, 5 * noise) * (new - value)
    return list(value)


def test_region_of_equal_values_is_found_with_both_bounds() -> None:
    """All values are 1/3 iff (1 - d)/(3 - 2d) <= p_i <= 1/(3 - d) for every i (n = 3, majority, common d)."""
    p, q, d = sp.symbols("p q d", real=True)
    rows = (Parameter(p, "recognition of A", domain="(0, 1)", baseline="1/2"), Parameter(q, "recognition of B", domain="(0, 1)", baseline="1/4"),
            Parameter(d, "discount factor", domain="(0, 1)", baseline="4/5"))
    problem = model([p, q, 1 - p - q], d, 2, notation=bg.Notation(rows, (p + q < 1,)))
    solution = bg.solve(problem, Stationary())
    assert solution.status is bg.Status.PROVED and any("cover" in check for check in solution.certificate.checks)
    equal = next(regime for regime in solution.regimes if set(regime.equilibria[0].payoffs.values()) == {R(1, 3)})
    space = bg.Space(problem.notation)
    inside = bg.Cell.of(*(rel for share in (p, q, 1 - p - q) for rel in (share * (3 - 2 * d) >= 1 - d, share * (3 - d) <= 1)))
    assert space.uncovered(list(equal.condition), inside).answer is False
    assert all(space.implies(cell, inside).answer for cell in equal.condition)
    rng = np.random.default_rng(3)
    for _ in range(20):
        a, b, c = (int(x) for x in rng.integers(1, 9, 3))
        point = {p: R(a, a + b + c), q: R(b, a + b + c), d: R(int(rng.integers(1, 20)), 20)}
        there = solution.at(point)
        assert {tuple(e.payoffs.values()) for e in there.equilibria} == {tuple(e.payoffs.values()) for e in bg.solve(problem.at(point), Stationary()).equilibria}


def test_certificate_refutes_wrong_values_and_impossible_mixtures() -> None:
    solution = bg.solve(model(["1/2", "1/4", "1/4"], "4/5", 2), Stationary())
    right = solution.equilibria[0]
    for change in ({"payoffs": {**right.payoffs, "A": right.payoffs["A"] + R(1, 100)}},
                   {"quantities": {**right.quantities, "chance that A is offered a share": right.quantities["chance that A is offered a share"] + R(1, 50)}},
                   {"quantities": {**right.quantities, "B keeps": right.quantities["B keeps"] - R(1, 50)}}):
        wrong = replace(solution, regimes=(replace(solution.regimes[0], equilibria=(replace(right, **change),)),))
        assert certify(wrong).refuted


def test_bad_models_are_refused() -> None:
    with pytest.raises(InvalidModel, match="sum to 3/4"):
        model(["1/2", "1/4"], "9/10", 2)
    with pytest.raises(InvalidModel, match="quota of 4"):
        model(["1/3"] * 3, "9/10", 4)
    with pytest.raises(InvalidModel, match="discount factor 11/10"):
        model(["1/2", "1/2"], "11/10", 2)
    with pytest.raises(InvalidModel, match="without discounting"):
        model(["1/2", "1/2"], 1, 2)
    with pytest.raises(InvalidModel, match="never recognised"):
        model([1, 0], "9/10", 2)
    with pytest.raises(NotApplicable, match="no random proposer"):
        bg.solve(bg.MatrixGame.from_arrays([[1]], [[1]]), Stationary())
