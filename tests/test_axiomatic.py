"""Axiomatic bargaining solutions: published values, regimes with free parameters, refusals, certificates, invariance."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
import sympy as sp

from bargain import (
    AlternatingOffers,
    BargainingProblem,
    InvalidModel,
    KalaiSmorodinsky,
    NashBargaining,
    NotApplicable,
    Notation,
    NotDecided,
    Parameter,
    Status,
    solve,
)
from bargain.certify import certify
from bargain.kernels.axiomatic import kalai_smorodinsky, nash_bargaining

R, EMPTY = sp.Rational, Notation()
x, S, d1, d2, w, p, cA, cB, a, b = sp.symbols("x S d1 d2 w p cA cB a b", real=True)
ZERO = {"A": 0, "B": 0}
S_A, S_B = ((0, 0), (0, 1), (1, 1), (2, 0)), ((0, 0), (0, 3), (2, 2), (4, 0))
PIE = Notation((Parameter(S, "pie", domain=">0"), Parameter(d1, "disagreement of A"), Parameter(d2, "disagreement of B"),
                Parameter(w, "weight of A", domain="(0, 1)")))
KINK = Notation((Parameter(a, "kink of A", domain="(0, 3)"), Parameter(b, "kink of B", domain="(0, 2)")))


def polygon(vertices, disagreement=ZERO, notation=EMPTY):
    return BargainingProblem("Polygon", ("A", "B"), disagreement, vertices=vertices, notation=notation)


def curve(first, second, ends=(0, 1), disagreement=ZERO, notation=EMPTY):
    return BargainingProblem("Curve", ("A", "B"), disagreement, curve=(x, ends, {"A": first, "B": second}), notation=notation)


PIE_CURVE = curve(x, S - x, (0, S), {"A": d1, "B": d2}, PIE)
KINKED = polygon(((0, 0), (0, 2), (a, b), (3, 0)), notation=KINK)


def agreed(problem, solver):
    solution = solve(problem, solver)
    assert solution.status is Status.CERTIFIED and solution.certificate.passed
    (equilibrium,) = solution.equilibria
    return tuple(equilibrium.payoffs[player] for player in problem.players)


@pytest.mark.parametrize(("solver", "problem"), [
    (KalaiSmorodinsky(), AlternatingOffers("Pie", ("A", "B"), x, {"A": x, "B": 1 - x}, {"A": "1/2", "B": "1/2"})),
    (NashBargaining(weights={"A": 0}), polygon(S_A)), (NashBargaining(weights={"A": 2, "B": -1}), polygon(S_A)),
    (NashBargaining(weights={"C": 1}), polygon(S_A)), (NashBargaining(weights={"A": w}), polygon(S_A)),
    (NashBargaining(weights={"A": p}), curve(x, 1 - x, notation=Notation((Parameter(p, "weight", domain="[0, 1]"),)))),
    (NashBargaining(), curve(x, (1 - x) ** 2)), (KalaiSmorodinsky(), curve(x, 1 + x)),
    (NashBargaining(), BargainingProblem("Three", ("A", "B", "C"), {**ZERO, "C": d1}, vertices=((1, 0, 0), (0, 1, 0), (0, 0, 1)), notation=PIE)),
    (KalaiSmorodinsky(), BargainingProblem("Three", ("A", "B", "C"), {**ZERO, "C": d1}, vertices=((1, 0, 1), (0, 1, 1)), notation=PIE)),
    (KalaiSmorodinsky(), BargainingProblem("Three", ("A", "B", "C"), {**ZERO, "C": 2}, vertices=((1, 0, 1), (0, 1, 1)))),
    (KalaiSmorodinsky(), BargainingProblem("List", ("A", "B"), ZERO, points=((1, 2), (2, 1)))),
    (NashBargaining(weights={"A": sp.sqrt(2) / 2}), BargainingProblem("List", ("A", "B"), ZERO, points=((1, 2), (2, 1)))),
])
def test_what_has_no_axiomatic_solution_is_refused_with_a_remedy(solver, problem):
    with pytest.raises(NotApplicable) as refusal:
        solve(problem, solver)
    assert refusal.value.place and refusal.value.remedy


def test_an_undescribed_feasible_set_is_not_a_problem():
    with pytest.raises(InvalidModel):
        BargainingProblem("Nothing", ("A", "B"), ZERO)


def test_a_first_order_condition_without_closed_form_is_refused_until_parameters_are_fixed():
    notation = Notation((Parameter(d1, "disagreement", domain="[0, 1/2]"),))
    problem = curve(x, 1 - x**2 - x**5, disagreement={"A": d1, "B": 0}, notation=notation)
    with pytest.raises(NotDecided):
        solve(problem, NashBargaining())
    solution = solve(problem, NashBargaining(), at={d1: "1/10"})
    share = solution.equilibria[0].quantities["share"]
    assert solution.status is Status.CERTIFIED and share.has(sp.CRootOf)
    grid = np.linspace(0.1, 1, 100_001)
    assert abs(float(share) - grid[np.argmax((grid - 0.1) * (1 - grid**2 - grid**5))]) < 1e-4


@pytest.mark.parametrize(("vertices", "solver", "expected"), [
    (S_A, NashBargaining(), (1, 1)),                                   # AX1.1
    (S_A, KalaiSmorodinsky(), (R(4, 3), R(2, 3))),                     # AX1.2
    (S_B, NashBargaining(), (2, 2)),                                   # AX1.9
    (S_B, NashBargaining(weights={"A": "3/4"}), (3, 1)),               # AX1.10
    (S_B, NashBargaining(weights={"A": 3, "B": 1}), (3, 1)),
    (S_B, KalaiSmorodinsky(), (R(16, 7), R(12, 7))),                   # AX1.11
    (((1, 0), (0, 1)), NashBargaining(), (R(1, 2), R(1, 2))),
    (((2, 3),), KalaiSmorodinsky(), (2, 3)),
])
def test_polygons_have_the_published_solutions(vertices, solver, expected):
    assert agreed(polygon(vertices), solver) == expected


def test_the_parabola_has_the_published_solutions():
    golden = (sp.sqrt(5) - 1) / 2
    assert agreed(curve(x, 1 - x**2), NashBargaining()) == (sp.sqrt(3) / 3, R(2, 3))               # AX2.1
    assert [sp.simplify(u - golden) for u in agreed(curve(x, 1 - x**2), KalaiSmorodinsky())] == [0, 0]  # AX2.2


def test_risk_aversion_costs_a_player_share_of_the_pie():
    assert agreed(curve(sp.sqrt(x), 1 - x), NashBargaining()) == (sp.sqrt(3) / 3, R(2, 3))
    assert solve(curve(sp.sqrt(x), sp.sqrt(1 - x)), NashBargaining()).equilibria[0].quantities["share"] == R(1, 2)


def test_in_the_shadow_of_war_the_share_is_the_war_chance_corrected_by_half_the_cost_difference():
    notation = Notation((Parameter(p, "chance", domain="(0, 1)"), Parameter(cA, "cost of A", domain=">0"), Parameter(cB, "cost of B", domain=">0")))
    crisis = curve(x, 1 - x, disagreement={"A": p - cA, "B": 1 - p - cB}, notation=notation)
    solution = solve(crisis, NashBargaining())
    assert solution.status is Status.PROVED and solution.outcomes == ("agreement",)
    assert any(sp.expand(e.payoffs["A"] - (p + (cB - cA) / 2)) == 0 for regime in solution.regimes for e in regime.extreme())
    at = solution.at({p: "3/5", cA: "1/10", cB: "1/5"})
    assert at.equilibria[0].payoffs["A"] == R(13, 20)                  # W1.4


@pytest.mark.parametrize("solver", [NashBargaining(), NashBargaining(weights={"A": w}), KalaiSmorodinsky()])
@pytest.mark.parametrize("problem", [PIE_CURVE, polygon(((S, 0), (0, S)), {"A": d1, "B": d2}, PIE)])
def test_a_pie_splits_into_regimes_and_a_pie_below_disagreement_is_not_shared(problem, solver):
    solution = solve(problem, solver)
    assert solution.status is Status.PROVED and solution.outcomes == ("agreement", "no gains from trade")
    for values in ((R(7, 2), R(1, 3), R(5, 4), R(2, 7)), (2, -R(17, 5), R(3, 7), R(3, 5)), (2, R(3, 7), -R(17, 5), R(3, 5)),
                   (R(4, 3), 1, R(2, 5), R(1, 9)), (R(4, 3), 1, R(1, 3), R(1, 9)), (1, -1, R(3, 2), R(1, 2))):
        point = dict(zip((S, d1, d2, w), values, strict=True))
        fixed = solver.at(point) if isinstance(solver, NashBargaining) else solver
        assert solution.at(point).equilibria == solve(problem.at(point), fixed).equilibria
        numeric = {d1: values[1], d2: values[2]}
        expected = "agreement" if values[0] > numeric[d1] + numeric[d2] and max(values[1:3]) < values[0] else "no gains from trade"
        assert solution.at(point).outcomes == (expected,)


@pytest.mark.parametrize("solver", [NashBargaining(), KalaiSmorodinsky()])
def test_a_polygon_with_a_symbolic_vertex_agrees_with_itself_at_points(solver):
    solution = solve(KINKED, solver)
    assert solution.status is Status.PROVED and len(solution.regimes) >= 3
    for values in ((R(17, 7), R(13, 9)), (R(1, 5), R(19, 10)), (R(14, 5), R(1, 11)), (R(1, 3), R(1, 4)), (R(8, 5), R(6, 5)), (R(3, 2), 1)):
        point = dict(zip((a, b), values, strict=True))
        assert solution.at(point).equilibria == solve(KINKED.at(point), solver).equilibria


def test_a_parameter_in_the_weights_can_be_fixed_with_the_others():
    solution = solve(PIE_CURVE, NashBargaining(weights={"A": w}), at={S: 1, d1: 0, d2: 0, w: "2/7"})
    assert solution.equilibria[0].payoffs == {"A": R(2, 7), "B": R(5, 7)}


def test_a_symbolic_exponent_is_refused_until_it_is_fixed():
    averse = curve(x**a, 1 - x, notation=Notation((Parameter(a, "curvature", domain="(0, 1)"),)))
    with pytest.raises(NotDecided):
        solve(averse, NashBargaining())
    fixed = solve(averse, NashBargaining(), at={a: "2/3"})
    assert fixed.status is Status.CERTIFIED and fixed.equilibria[0].quantities["share"] == R(2, 5)


def test_every_maximiser_of_a_finite_set_is_kept():
    points = ((3, 2), (2, 3), (6, 1), (1, 1), (6, 1), (9, 0))
    solution = solve(BargainingProblem("List", ("A", "B"), ZERO, points=points), NashBargaining())
    assert [tuple(e.payoffs.values()) for e in solution.equilibria] == [(3, 2), (2, 3), (6, 1)]
    weighted = solve(BargainingProblem("List", ("A", "B"), ZERO, points=points), NashBargaining(weights={"A": "1/3"}))
    assert [tuple(e.payoffs.values()) for e in weighted.equilibria] == [(2, 3)]
    three = BargainingProblem("Three", ("A", "B", "C"), {"A": 0, "B": 0, "C": d1}, points=((1, 1, 3), (2, 1, 2)),
                              notation=Notation((Parameter(d1, "disagreement of C"),)))
    assert solve(three, NashBargaining()).outcomes == ("agreement", "no gains from trade")


def corrupted(solution, **changes):
    """The first regime of a solution alone, with its equilibrium changed."""
    regime = solution.regimes[0]
    wrong = replace(regime, equilibria=(replace(regime.equilibria[0], **changes),))
    return certify(replace(solution, status=Status.INCOMPLETE, regimes=(wrong,)))


@pytest.mark.parametrize(("problem", "solver"), [
    (polygon(S_B), NashBargaining(weights={"A": "3/4"})), (polygon(S_A), NashBargaining()), (polygon(S_B), KalaiSmorodinsky()),
    (curve(x, 1 - x**2), NashBargaining()), (curve(x, 1 - x**2), KalaiSmorodinsky()), (KINKED, NashBargaining()), (KINKED, KalaiSmorodinsky()),
    (PIE_CURVE, NashBargaining(weights={"A": w})), (PIE_CURVE, KalaiSmorodinsky()),
    (BargainingProblem("List", ("A", "B"), ZERO, points=((3, 2), (1, 1))), NashBargaining())])
def test_a_corrupted_answer_is_refuted(problem, solver):
    solution = solver.run(problem)
    assert corrupted(solution).passed
    right = solution.regimes[0].equilibria[0].payoffs
    for step in (R(1, 10), -R(1, 10), R(1, 1000), -R(1, 1000)):
        for move in ((1, 0), (0, 1), (1, -1), (1, -2)):
            payoffs = {player: value + step * move[i] for i, (player, value) in enumerate(right.items())}
            assert corrupted(solution, payoffs=payoffs).refuted


def test_a_feasible_point_that_is_not_the_solution_and_a_false_ideal_point_are_refuted():
    share = R(577, 1000)
    solution = NashBargaining().run(curve(x, 1 - x**2))
    assert corrupted(solution, payoffs={"A": share, "B": 1 - share**2}, quantities={"share": share}).refuted
    solution = KalaiSmorodinsky().run(polygon(S_B))
    for wrong in (R(41, 10), R(39, 10)):
        assert corrupted(solution, quantities={**solution.equilibria[0].quantities, "ideal A": wrong}).refuted
    assert corrupted(solution, outcome="no gains from trade", payoffs={"A": sp.Integer(0), "B": sp.Integer(0)}).refuted


@pytest.mark.parametrize("solver", [NashBargaining(), NashBargaining(weights={"A": "2/7"}), KalaiSmorodinsky()])
def test_scaling_and_shifting_utilities_scales_and_shifts_the_solution(solver):
    scale, shift, d = (R(7, 3), R(2, 5)), (-R(11, 4), R(9, 8)), (R(1, 3), R(1, 7))
    moved = [tuple(scale[i] * u[i] + shift[i] for i in (0, 1)) for u in (*S_B, d)]
    plain = agreed(polygon(S_B, dict(zip("AB", d, strict=True))), solver)
    assert agreed(polygon(tuple(moved[:-1]), dict(zip("AB", moved[-1], strict=True))), solver) == tuple(
        scale[i] * plain[i] + shift[i] for i in (0, 1))


@pytest.mark.parametrize("solver", [NashBargaining(), KalaiSmorodinsky()])
def test_renaming_players_and_reordering_or_adding_dominated_vertices_changes_nothing_else(solver):
    vertices, d = ((0, 0), (R(1, 2), 3), (2, R(9, 4)), (4, R(1, 3))), {"A": R(1, 5), "B": R(1, 7)}
    plain = agreed(polygon(vertices, d), solver)
    assert agreed(polygon((*vertices[::-1], (1, 1), vertices[2]), d), solver) == plain
    swapped = polygon(tuple(v[::-1] for v in vertices), {"A": d["B"], "B": d["A"]})
    assert agreed(swapped, solver) == plain[::-1]


def test_the_array_route_agrees_with_the_exact_one_on_random_polygons():
    random = Random(20_240)
    draw = [[tuple(R(random.randint(-30, 60), 7) for _ in "AB") for _ in range(5)] for _ in range(60)]
    d = [tuple(R(random.randint(-20, 40), 9) for _ in "AB") for _ in draw]
    power = (R(2, 5), R(3, 5))
    corners, none = np.array(draw, dtype=float), np.array(d, dtype=float)
    arrays = (nash_bargaining(corners, none, [float(v) for v in power]), kalai_smorodinsky(corners, none))
    for solver, result in zip((NashBargaining(weights={"A": power[0]}), KalaiSmorodinsky()), arrays, strict=True):
        assert 10 < result.gains.sum() < 60
        for index, vertices in enumerate(draw):
            problem = BargainingProblem("Drawn", ("A", "B"), dict(zip("AB", d[index], strict=True)), vertices=tuple(vertices), stated=False)
            (exact,) = solver.run(problem).equilibria
            assert (exact.outcome == "agreement") == result.gains[index]
            assert np.allclose([float(value) for value in exact.payoffs.values()], result.payoffs[index], atol=1e-9)
