"""A compiled solution: the same answers as point by point, knife edges included, and as independent backward induction on arrays."""

import random
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
import sympy as sp

from bargain import BadInput, Cell, Game, Nash, Notation, Parameter, Regime, Region, Solution, SubgamePerfect, decision, payoffs, solve
from bargain.analysis.arrays import CompiledSolution
from bargain.compile import compile_game
from bargain.models.classics import crisis_status_quo, deterrence, power_shift, surge, trip_wire, two_by_two, ultimatum
from bargain.regions import Space

EXACT = SubgamePerfect(exact=True)


@pytest.fixture(scope="module")
def deterred() -> CompiledSolution:
    return solve(deterrence.game, SubgamePerfect()).compile()


def test_values_outside_the_domain_unknown_names_and_shapes_that_do_not_fit_are_refused(deterred: CompiledSolution) -> None:
    with pytest.raises(BadInput, match="outside the domain"):
        deterred(g=[1.0, -1.0])
    with pytest.raises(BadInput, match="outside the domain"):
        deterred(w_C=[float("nan")])
    with pytest.raises(BadInput, match="outside the domain"):
        deterred(w_C=float("inf") * np.ones(2))
    with pytest.raises(BadInput, match="unknown parameter"):
        deterred(nobody=1)
    with pytest.raises(BadInput, match="do not broadcast"):
        deterred(w_C=np.zeros(3), w_D=np.zeros(4))
    bare = Game("bare", ("A",), Notation((Parameter(sp.Symbol("k", real=True), "free"),)), decision("A", l=payoffs(A=0), r=payoffs(A=sp.Symbol("k", real=True))))
    with pytest.raises(BadInput, match="no baseline"):
        solve(bare, SubgamePerfect()).compile()()


def test_arrays_broadcast_by_name_and_the_baseline_fills_the_rest(deterred: CompiledSolution) -> None:
    found = deterred(w_C=np.array([[-1.0], [-0.2], [0.3]]), w_D=np.array([-2.0, -0.5]))
    assert found.regime.tolist() == [[0, 0], [1, 2], [1, 3]] and found.payoffs["D"].shape == (3, 2)
    assert found.payoffs["C"].tolist() == [[0, 0], [1, 0], [1, 0.3]] and found.holds.shape == (4, 3, 2)
    assert deterred(w_C=np.zeros((0, 2))).payoffs["C"].shape == (0, 2)
    scalar = deterred()
    assert scalar.shape == () and scalar.regime == 3 and scalar.payoffs["C"] == 0.2


def test_points_on_boundaries_that_the_solution_leaves_out_have_no_regime(deterred: CompiledSolution) -> None:
    found = deterred(w_C=[-0.5, 0.0, 0.0], w_D=[3, -0.5, -2])
    assert found.regime.tolist() == [-1, -1, 1] and np.isnan(found.payoffs["C"][:2]).all() and found.count.tolist() == [0, 0, 1]


def test_knife_edges_are_met_exactly_where_floats_miss_them() -> None:
    compiled = solve(ultimatum.game, EXACT).compile()
    w_A, w_B = np.array([0.7, 0.1, 0.9]), np.array([0.3, 0.9, 0.1])
    assert (1 - w_A - w_B != 0).any()  # in floats one of them is off the line
    assert len(set(compiled(w_A=w_A, w_B=w_B).regime)) == 1 and set(compiled(w_A=w_A, w_B=w_B).count) == {2}
    assert compiled(w_A=sp.Rational(1, 3), w_B="2/3").count == 2  # exact numbers stay exact


SOLVED = {
    "deterrence": (deterrence.game, SubgamePerfect()), "ultimatum": (ultimatum.game, EXACT), "crisis": (crisis_status_quo.game, EXACT),
    "power shift": (power_shift.game, EXACT), "surge": (surge.game, SubgamePerfect(exact=True)), "trip-wire": (trip_wire.game, SubgamePerfect()),
}


@cache
def solved(name: str) -> Solution:
    return solve(*SOLVED[name])


def grid(notation: Notation, count: int, seed: str) -> dict[str, np.ndarray[Any, Any]]:
    """Decimals with one digit, so that conditions often hold with equality."""
    draw, space, rows = random.Random(seed), Space(notation), []
    while len(rows) < count:
        point = {p.symbol: sp.Rational(draw.randint(max(-10, 10 * p.domain.low), min(10, 10 * p.domain.high)), 10) for p in notation}
        if space.contains(point):
            rows.append(point)
    return {s.name: np.array([float(row[s]) for row in rows]) for s in notation.symbols}


@pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.slow) if name in ("power shift", "surge") else name for name in SOLVED])
def test_the_compiled_solution_says_what_the_solution_says_at_each_point(name: str) -> None:
    game, solution = SOLVED[name][0], solved(name)
    values = grid(game.notation, 80, name)
    found, space = solution.compile()(values), Space(game.notation)
    for k in range(80):
        point = game.notation.point({parameter: float(column[k]) for parameter, column in values.items()})
        here = [n for n, regime in enumerate(solution.regimes) if any(space.contains(point, cell) for cell in regime.condition)]
        assert found.holds[:, k].nonzero()[0].tolist() == here and found.regime[k] == (here[0] if here else -1)
        if here:
            first = next(solution.regimes[here[0]].extreme())
            at = {player: float(value.xreplace(point)) for player, value in first.payoffs.items()}
            assert all(abs(found.payoffs[player][k] - value) < 1e-12 for player, value in at.items())
            named = {q: value.xreplace(point) for q, value in first.quantities.items()}
            assert all(abs(found.quantities[q][k] - float(value)) < 1e-12 for q, value in named.items() if not value.free_symbols)


@pytest.mark.parametrize("game", [deterrence.game, surge.game, trip_wire.game])
def test_payoffs_agree_with_backward_induction_at_a_hundred_thousand_points(game: Game) -> None:
    draw = np.random.default_rng(11)
    values = {p.symbol: draw.uniform(*(map(float, p.prior)) if p.prior else ((0.1, 2) if p.domain.low == 0 else (-2, 1)), 100_000) for p in game.notation}
    found, recomputed = solve(game, SubgamePerfect()).compile()(values), compile_game(game).solve(values)[0]
    assert (found.regime >= 0).all()
    for number, player in enumerate(game.players):
        assert np.allclose(found.payoffs[player], recomputed[number], atol=1e-12)


def test_probabilities_name_player_node_and_action(deterred: CompiledSolution) -> None:
    found = deterred(w_C=[-1.0, -0.2, 0.3])
    assert found.probabilities["D", "challenge", "resist"].tolist() == [1, 1, 1]
    assert found.probabilities["C", "challenge/resist", "press"].tolist() == [0, 1, 1]


def test_the_equilibrium_reported_can_be_chosen_where_a_regime_lists_several() -> None:
    compiled = solve(two_by_two.matrix, Nash()).compile()
    found = [compiled(a_UL=[3.0, 3.0], a_DR=[1.0, -1.0], equilibrium=k) for k in range(3)]
    assert [list(one.count) for one in found] == [[3, 1]] * 3
    ups = [one.probabilities["R", "", "up"][0] for one in found]
    assert sorted(ups) == [0, 0.75, 1] and np.isnan(found[1].payoffs["R"][1])


def test_points_that_break_a_joint_assumption_are_marked() -> None:
    compiled = solve(power_shift.game, SubgamePerfect(exact=False), free=["p_1", "p_2"]).compile()
    found = compiled(p_1=[0.2, 0.5, 0.8], p_2=[0.5, 0.5, 0.5])
    assert found.regime[0] >= 0 and found.regime[1:].tolist() == [-2, -2] and np.isnan(found.payoffs["A"][1:]).all() and not found.holds[:, 1:].any()


def test_regimes_that_overlap_are_told_apart_by_their_masks(deterred: CompiledSolution) -> None:
    plain = solve(deterrence.game, SubgamePerfect())
    w_C = deterrence.w_C
    wide = [Regime(Region((Cell.of(w_C < 1),)), plain.regimes[0].equilibria), Regime(Region((Cell.of(w_C > 0),)), plain.regimes[3].equilibria)]
    overlapping: Solution = replace(plain, regimes=tuple(wide), overlapping=True)
    found = overlapping.compile()(w_C=[-1.0, 0.5, 2.0])
    assert found.holds.tolist() == [[True, True, False], [False, True, True]] and found.regime.tolist() == [0, 0, 1]
    assert np.nan_to_num(found.within(1)["C"], nan=-9).tolist() == [-9, 0.5, 2.0]


def test_conditions_that_are_not_polynomial_are_decided_exactly_near_zero() -> None:
    r = sp.Symbol("r", real=True)
    game = Game("Patience", ("A",), Notation((Parameter(r, "rate", domain=">0", baseline=1),)),
                decision("A", now=payoffs(A=1), later=payoffs(A=2 * sp.exp(-r))))
    found = solve(game, SubgamePerfect()).compile()(r=[0.6931471805599452, 0.6931471805599453, 0.6931471805599454, 0.5])
    assert (found.probabilities["A", "(start)", "later"] == [1, 1, 0, 1]).all()  # log 2 = 0.69314718055994530941...
