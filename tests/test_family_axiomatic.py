"""Axiomatic solutions beyond polygons of two players: smooth frontiers, the continuous path of Raiffa, three players, sets that are not convex."""

from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
import sympy as sp

from bargain import (
    BargainingProblem,
    ContinuousRaiffa,
    DiscreteRaiffa,
    Egalitarian,
    EqualArea,
    EqualLoss,
    InvalidModel,
    KalaiSmorodinsky,
    NashBargaining,
    NotApplicable,
    PerlesMaschler,
    Solution,
    Status,
    Utilitarian,
    solve,
)
from bargain.certify import certify

R = sp.Rational
x = sp.Symbol("x", real=True)
S_A, S_B = ((0, 0), (0, 1), (1, 1), (2, 0)), ((0, 0), (0, 3), (2, 2), (4, 0))


def curve(first: Any, second: Any, ends: Any = (0, 1), d: Any = (0, 0)) -> BargainingProblem:
    return BargainingProblem("Curve", ("A", "B"), dict(zip("AB", d, strict=True)), curve=(x, ends, {"A": first, "B": second}))


def polytope(vertices: Any, d: Any = (0, 0, 0)) -> BargainingProblem:
    return BargainingProblem("Three", ("A", "B", "C"), dict(zip("ABC", d, strict=True)), vertices=tuple(vertices))


def polygon(vertices: Any, d: Any = (0, 0)) -> BargainingProblem:
    return BargainingProblem("Polygon", ("A", "B"), dict(zip("AB", d, strict=True)), vertices=tuple(vertices))


def paid(solution: Solution) -> tuple[sp.Expr, ...]:
    (found,) = solution.extreme
    return tuple(found.payoffs.values())


def moved(solution: Solution, *gaps: sp.Expr) -> Solution:
    """The solution with its payoffs shifted."""
    found = solution.extreme[0]
    payoffs = {player: value + gap for (player, value), gap in zip(found.payoffs.items(), gaps, strict=True)}
    return replace(solution, regimes=(replace(solution.regimes[0], equilibria=(replace(found, payoffs=payoffs),)),))


# Refusals

def test_a_disagreement_point_outside_the_set_is_refused_with_the_reason() -> None:
    for make in (lambda: polygon(S_A, (1, R(11, 10))), lambda: polygon(S_A, (3, -1)), lambda: curve(x, 1 - x**2, d=(R(1, 2), R(4, 5))),
                 lambda: BargainingProblem("List", ("A", "B"), {"A": 2, "B": 2}, points=((1, 3), (3, 1)))):
        with pytest.raises(InvalidModel, match="outside the set"):
            make()
    with pytest.raises(NotApplicable, match="outside the set"):
        solve(polytope(((1, 0, 1), (0, 1, 1)), (0, 0, 2)), KalaiSmorodinsky())
    assert solve(polygon(S_A, (1, 1)), NashBargaining()).outcomes == ("no gains from trade",)   # on the frontier: feasible, nothing to gain


@pytest.mark.parametrize("solver", [NashBargaining(), Egalitarian(), EqualLoss(), EqualArea(), PerlesMaschler(), Utilitarian(), ContinuousRaiffa()])
def test_a_set_that_is_not_convex_is_refused_where_the_solution_needs_convexity(solver: Any) -> None:
    with pytest.raises(NotApplicable, match="not convex|curve"):
        solve(curve(x, (1 - x) ** 2), solver)
    if not isinstance(solver, NashBargaining):
        with pytest.raises(NotApplicable, match="finite"):
            solve(BargainingProblem("List", ("A", "B"), {"A": 0, "B": 0}, points=((1, 2), (2, 1))), solver)


# Smooth frontiers

def test_the_parabola_is_divided_by_area_and_by_length() -> None:                                    # AX2.3, AX2.4, AX2.5
    parabola = curve(x, 1 - x**2)
    assert paid(solve(parabola, Utilitarian())) == (R(1, 2), R(3, 4))
    area = solve(parabola, EqualArea())
    assert area.status is Status.CERTIFIED
    assert (paid(area)[0] ** 3 + 3 * paid(area)[0] - 2).equals(0)
    assert [round(float(u), 9) for u in paid(area)] == [0.596071638, 0.644698602]
    assert paid(solve(parabola, PerlesMaschler())) == (2 ** R(1, 3) / 2, 1 - 2 ** R(2, 3) / 4)
    for solution in (area, solve(parabola, PerlesMaschler()), solve(parabola, EqualLoss())):
        share = R(13, 21)
        found = solution.extreme[0]
        wrong = replace(found, payoffs={"A": share, "B": 1 - share**2}, quantities={**found.quantities, "share": share})
        assert certify(replace(solution, regimes=(replace(solution.regimes[0], equilibria=(wrong,)),))).refuted


@pytest.mark.parametrize("solver", [EqualArea(), PerlesMaschler(), EqualLoss()])
def test_smooth_frontiers_mirror_and_agree_with_many_corners(solver: Any) -> None:
    smooth, mirror = solve(curve(x, 1 - x**2, (0, R(4, 5))), solver), solve(curve(1 - x**2, x, (0, R(4, 5))), solver)
    assert all((a - b).equals(0) for a, b in zip(paid(smooth), paid(mirror)[::-1], strict=True))
    pieces = 4 if isinstance(solver, PerlesMaschler) else 8    # sums of many square roots are slow to compare
    chords = solve(polygon([(0, 0), *((t, 1 - t**2) for t in (R(4, 5) * R(k, pieces) for k in range(pieces + 1)))]), solver)
    assert np.allclose([float(u) for u in paid(smooth)], [float(u) for u in paid(chords)], atol=0.08 / pieces)


# The path of Raiffa

def test_the_continuous_path_ends_where_its_closed_form_does() -> None:                              # AX1.7
    found = solve(polygon(S_A), ContinuousRaiffa())
    assert found.status is Status.WITHIN
    assert all(sp.simplify(a - b) == 0 for a, b in zip(paid(found), (1 + sp.exp(-1) / 2, 1 - sp.exp(-1) / 2), strict=True))
    assert paid(solve(polygon(((0, 3), (2, 2), (3, 0))), ContinuousRaiffa())) == (2, 2)                # a symmetric corner, reached in the limit
    assert certify(moved(found, R(1, 1000), -R(1, 1000))).refuted


def test_small_steps_of_the_discrete_process_come_near_the_continuous_one() -> None:
    random = Random(3)
    for _ in range(3):
        xs, ys = sorted(random.sample(range(1, 12), 3)), sorted(random.sample(range(1, 12), 3), reverse=True)
        hull = [(0, 0), (0, ys[0] + 1), *zip(xs, ys, strict=True), (xs[-1] + 1, 0)]
        end = paid(solve(polygon(hull), ContinuousRaiffa()))
        u = [0.0, 0.0]
        for _ in range(800):
            u = [u[i] + (_most(hull, i, u[1 - i]) - u[i]) / 80 for i in (0, 1)]
        assert np.allclose(u, [float(v) for v in end], atol=0.1)


def _most(corners: list[tuple[int, int]], i: int, kept: float) -> float:
    """The most a player gets on the upper chain of corners while the other gets `kept`."""
    best = max(v[i] for v in corners if v[1 - i] >= kept)
    for p, q in zip(corners[1:], corners[2:], strict=False):
        low, high = sorted((p, q), key=lambda v: v[1 - i])
        if low[1 - i] < kept < high[1 - i]:
            best = max(best, low[i] + (kept - low[1 - i]) * (high[i] - low[i]) / (high[1 - i] - low[1 - i]))
    return float(best)


def test_continuous_and_discrete_paths_agree_on_a_triangle_only() -> None:
    pie = polygon(((0, 0), (0, 2), (3, 0)), (R(1, 3), R(1, 5)))
    assert paid(solve(pie, ContinuousRaiffa())) == paid(solve(pie, DiscreteRaiffa())) == paid(solve(pie, NashBargaining()))
    assert paid(solve(polygon(S_A), ContinuousRaiffa())) != paid(solve(polygon(S_A), DiscreteRaiffa()))


# Three players

def capped(cap: Any) -> BargainingProblem:
    return polytope(((0, 0, 0), (cap, 0, 0), (0, 1, 0), (0, 0, 1), (cap, 1 - cap, 0), (cap, 0, 1 - cap)))


def test_three_players_share_as_published() -> None:                                                 # AX3.1-AX3.4
    division = BargainingProblem("Division", ("A", "B", "C"), dict.fromkeys("ABC", 0), division=(x, 1, {"A": sp.sqrt(x), "B": x, "C": x}))
    found = solve(division, NashBargaining()).extreme[0]
    assert [found.quantities[f"share of {player}"] for player in "ABC"] == [R(1, 5), R(2, 5), R(2, 5)]
    assert paid(solve(capped(R(1, 2)), KalaiSmorodinsky())) == (R(1, 5), R(2, 5), R(2, 5))
    assert paid(solve(capped(R(1, 4)), NashBargaining())) == (R(1, 4), R(3, 8), R(3, 8))
    flat = solve(polytope(((1, 0, 1), (0, 1, 1))), KalaiSmorodinsky())
    assert paid(flat) == (R(1, 2),) * 3 and flat.extreme[0].dominated == (R(1, 2), R(1, 2), 1)         # the caution: not Pareto optimal


def test_three_player_nash_on_random_polytopes_beats_every_mixture() -> None:
    random, draws = Random(11), np.random.default_rng(11)
    for trial in range(6):
        corners = [tuple(random.randint(0, 9) for _ in "ABC") for _ in range(5)] + [(0, 0, 0)]
        weights = {"A": 1, "B": random.randint(1, 3), "C": 1}
        solution = solve(polytope(corners), NashBargaining(weights=weights))
        if solution.outcomes == ("no gains from trade",):
            continue
        mixtures = draws.dirichlet(np.full(len(corners), 0.3), 20_000) @ np.array(corners, dtype=float)
        power = np.array(list(weights.values()), dtype=float)
        with np.errstate(divide="ignore"):
            best = (power * np.log(mixtures)).sum(axis=1).max()
        assert float(sum(w * sp.log(u) for w, u in zip(weights.values(), paid(solution), strict=True))) >= best - 1e-9, f"seed 11, trial {trial}"


@pytest.mark.parametrize("solver", [NashBargaining(), KalaiSmorodinsky(), Egalitarian(), Egalitarian({"A": 2, "B": 1, "C": 3}), EqualLoss()])
def test_wrong_answers_for_three_players_are_refuted(solver: Any) -> None:
    solution = solve(capped(R(1, 3)), solver)
    for gaps in ((R(1, 100), -R(1, 100), 0), (0, R(1, 100), -R(1, 100)), (-R(1, 100),) * 3, (R(1, 100),) * 3):
        assert certify(moved(solution, *map(sp.sympify, gaps))).refuted


# Sets that are not convex

def test_without_convexity_every_point_with_the_greatest_product_is_listed_and_lotteries_are_another_problem() -> None:
    dent = solve(curve(x, (1 - x) ** 2), NashBargaining(nonconvex=True))
    assert paid(dent) == (R(1, 3), R(4, 9)) and dent.status is Status.CERTIFIED
    assert certify(moved(dent, R(1, 50), -R(1, 50))).refuted
    two = solve(curve(x**3, (1 - x) ** 3, d=(-R(1, 10), -R(1, 10))), NashBargaining(nonconvex=True))
    assert {tuple(e.payoffs.values()) for e in two.extreme} == {(0, 1), (1, 0)}
    swap = BargainingProblem("Swap", ("A", "B"), {"A": 0, "B": 0}, points=((4, 1), (1, 4), (2, 2)))
    assert {tuple(e.payoffs.values()) for e in solve(swap, NashBargaining()).extreme} == {(4, 1), (1, 4), (2, 2)}
    assert paid(solve(swap.with_lotteries(), NashBargaining())) == (R(5, 2), R(5, 2))
