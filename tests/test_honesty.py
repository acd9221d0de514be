"""Numerical honesty: badly scaled payoffs and ties of one unit in the last place are decided exactly or flagged; a limit of iterations is never an answer."""

import math
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pytest
import sympy as sp

import bargain as bg
from bargain.errors import BargainError, NotDecided, TooLarge
from bargain.kernels.batch import all_equilibria
from bargain.solution import Status
from bargain.solving import solve

SOLVERS = [bg.Nash(), bg.LemkeHowson(), bg.OneNash()]
SCALES = [1e-12, 1e-6, 1.0, 1e6, 1e12]


@pytest.mark.parametrize("solver", SOLVERS, ids=lambda solver: type(solver).__name__)
@pytest.mark.parametrize("first", SCALES)
@pytest.mark.parametrize("second", [1e-12, 1e12])
def test_a_mixed_equilibrium_keeps_its_exact_weights_in_any_unit(solver: Any, first: float, second: float) -> None:
    """Inspection: row mixes 1/4, 3/4 and column 2/5, 3/5, whatever the units."""
    a, b = [[3, -2], [0, 0]], [[-3, 0], [2, 1]]
    game = bg.MatrixGame.from_arrays([[v * first for v in row] for row in a], [[v * second for v in row] for row in b])
    (found,) = solve(game, solver).extreme
    assert list(found.strategies["row"][""].values()) == [sp.Rational(1, 4), sp.Rational(3, 4)]
    assert list(found.strategies["column"][""].values()) == [sp.Rational(2, 5), sp.Rational(3, 5)]


@pytest.mark.parametrize("solver", SOLVERS, ids=lambda solver: type(solver).__name__)
@pytest.mark.parametrize("base", [0.1, 1.0, 1e12, 1e-12])
def test_one_unit_in_the_last_place_decides(solver: Any, base: float) -> None:
    more = math.nextafter(base, math.inf)
    game = bg.MatrixGame.from_arrays([[base, base], [more, more]], [[0, 0], [0, 0]])
    try:
        outcomes = solve(game, solver).outcomes
    except NotDecided:
        assert isinstance(solver, bg.OneNash)  # its path may end nowhere; it says so
        return
    assert all(outcome.startswith("r2") for outcome in outcomes)
    tie = bg.MatrixGame.from_arrays([[base, base], [base, base]], [[0, 0], [0, 0]])
    assert len(solve(tie, bg.Nash()).outcomes) == 4


def test_float_kernels_agree_with_exact_ones_on_near_ties_or_flag_them() -> None:
    """Payoffs that differ by units in the last place, over 24 orders of magnitude: what floats list is near an exact equilibrium, none is missing."""
    random = Random(11)
    for _ in range(60):
        scale = 10.0 ** random.randint(-12, 12)
        a, b = ([[_near(random, scale) for _ in range(3)] for _ in range(2)] for _ in range(2))
        found = all_equilibria(np.array([a]), np.array([b]))
        exact = solve(bg.MatrixGame.from_arrays(*([[Fraction(v) for v in row] for row in t] for t in (a, b))), bg.Nash()).extreme
        right = sorted(tuple(float(w) for p in ("row", "column") for w in e.strategies[p][""].values()) for e in exact)
        listed = sorted(map(tuple, np.asarray(_profiles(found)).tolist()))
        assert bool(np.asarray(found.degenerate)[0]) or len(listed) == len(right)
        for profile in listed:
            assert min(max(abs(x - y) for x, y in zip(profile, other, strict=True)) for other in right) < 1e-6


def _near(random: Random, scale: float) -> float:
    value = scale * random.choice([1.0, 2.0, 3.0])
    for _ in range(random.randint(0, 2)):
        value = math.nextafter(value, random.choice([-math.inf, math.inf]))
    return value


def _profiles(found: Any) -> Any:
    return np.concatenate([np.asarray(found.x), np.asarray(found.y)], axis=1)


def one_card() -> bg.Game:
    def card(win: int) -> Any:
        answer = bg.decision("B", call=bg.payoffs(A=2 * win, B=-2 * win), fold=bg.payoffs(A=1, B=-1), information_set="after a bet")
        return bg.decision("A", bet=answer, check=bg.payoffs(A=win, B=-win))
    return bg.Game("One card", ("A", "B"), (), bg.chance(high=(sp.Rational(1, 2), card(1)), low=(sp.Rational(1, 2), card(-1))))


@pytest.mark.parametrize("iterations", [1, 3, 50])
def test_few_iterations_of_regret_matching_are_no_equilibrium(iterations: int) -> None:
    """What is reported is an epsilon-equilibrium with the regret that remains, and the list is not called complete."""
    found = solve(one_card(), bg.CounterfactualRegret(iterations=iterations))
    (only,) = found.extreme
    assert only.concept == "epsilon-equilibrium" and only.quantities["regret"] > 0 and found.status.complete is None


def test_a_branch_that_is_not_followed_to_its_end_is_no_answer() -> None:
    game = bg.MatrixGame.from_arrays([[3e12, 0], [5e12, 1e12]], [[2, 0], [0, 1]])
    with pytest.raises((NotDecided, TooLarge)):
        solve(game, bg.QuantalResponse(1))
    small = solve(bg.MatrixGame.from_arrays([[3, 0], [5, 1]], [[2, 0], [0, 1]]), bg.QuantalResponse(1))
    assert small.status is Status.WITHIN and not small.status.certified


@pytest.mark.parametrize("scale", SCALES)
def test_trees_and_tables_in_any_unit(scale: float) -> None:
    tree = bg.Game("Scaled", ("A", "B"), (), bg.decision("A", left=bg.payoffs(A=scale, B=0), right=bg.decision(
        "B", up=bg.payoffs(A=math.nextafter(scale, math.inf), B=scale), down=bg.payoffs(A=0, B=math.nextafter(scale, 0)))))
    assert solve(tree, bg.SubgamePerfect()).extreme[0].path == ("right", "up")
    x = sp.Symbol("x", real=True)
    table = bg.AlternatingOffers("Pie", ("A", "B"), x, {"A": x, "B": scale - x}, {"A": "9/10", "B": "4/5"}, between=(0, scale))
    assert solve(table, bg.Rubinstein()).extreme[0].quantities["x"] == sp.Rational(5, 7) * bg.MatrixGame.from_arrays([[scale]], [[0]]).payoffs["r1", "c1"][0]


def test_a_search_with_too_few_cases_says_so() -> None:
    p, q = sp.symbols("p q", real=True)
    game = bg.Game("Two", ("A",), (bg.Parameter(p, "p"), bg.Parameter(q, "q")), bg.decision("A", l=bg.payoffs(A=p), m=bg.payoffs(A=q), r=bg.payoffs(A=p * q)))
    with pytest.raises(BargainError):
        solve(game, bg.SubgamePerfect(limit=1))
