"""Cut-points: named, ordered with proof, and the cases in terms of them say what the regimes say."""

import random
from typing import Any

import pytest
import sympy as sp

from bargain import BadInput, Nash, NotApplicable, Sign, Solution, SubgamePerfect, TooLarge, cut_points, latex, solve
from bargain.models.classics import crisis_status_quo, deterrence, power_shift, surge, trip_wire, two_by_two, ultimatum
from bargain.regions import Space
from bargain.tables import to_html, to_text
from bargain.tables.conditions import Condition

CASES: list[Any] = [
    (deterrence, "w_C", False), (deterrence, "w_C", True), (deterrence, "w_D", False), (deterrence, "a", False), (ultimatum, "w_A", True), (ultimatum, "w_B", True),
    (crisis_status_quo, "q", True), (crisis_status_quo, "c_B", True), (surge, "T", False), (surge, "alpha", False), (trip_wire, "T", False), (trip_wire, "q", False),
    pytest.param(power_shift, "p_1", False, marks=pytest.mark.slow),
]
SOLVED: dict[tuple[str, bool], Solution] = {}


def solved(module: Any, exact: bool) -> Solution:
    key = (module.__name__, exact)
    if key not in SOLVED:
        SOLVED[key] = solve(module.game, SubgamePerfect(exact=exact))
    return SOLVED[key]


def test_a_parameter_that_enters_conditions_not_linearly_or_not_at_all_is_refused() -> None:
    k = deterrence.NOTATION
    with pytest.raises(BadInput, match="unknown parameter"):
        cut_points(solved(deterrence, False), "nobody")
    with pytest.raises(BadInput, match="no parameter is free"):
        cut_points(solved(deterrence, False).at(), "a")
    from bargain import Game, decision, payoffs

    square = Game("square", ("A",), k, decision("A", l=payoffs(A=deterrence.w_C**2), r=payoffs(A=deterrence.w_D)))
    with pytest.raises(NotApplicable, match="not linear in w_C"):
        cut_points(solve(square, SubgamePerfect()), "w_C")
    with pytest.raises(TooLarge, match="more than 2 cases"):
        cut_points(solved(surge, False), "T", limit=2)


def test_a_parameter_without_influence_has_no_cut_points() -> None:
    found = cut_points(solved(deterrence, False), "g")
    assert found.points == () and all(len(case.segments) == 1 for case in found.cases) and found.ordered


@pytest.mark.parametrize(("module", "parameter", "exact"), CASES, ids=lambda value: getattr(value, "__name__", str(value)).rpartition(".")[2])
def test_the_cases_say_what_the_regimes_say(module: Any, parameter: str, exact: bool) -> None:
    solution = solved(module, exact)
    listed = [regime.equilibria for regime in solution.regimes]
    found, space, draw, seen = cut_points(solution, parameter, exact=exact), Space(module.NOTATION), random.Random(parameter), 0
    while seen < 150:
        point = {p.symbol: sp.Rational(draw.randint(max(-8, 8 * p.domain.low), min(16, 8 * p.domain.high)), 8) for p in module.NOTATION}
        if not space.contains(point):
            continue
        seen += 1
        cases = [case for case in found.cases if space.contains(point, case.condition)]
        left_out = any(space.contains(point, cell) for cell in found.boundary)
        assert cases or left_out, point
        holding = [regime.equilibria for regime in solution.regimes if any(space.contains(point, cell) for cell in regime.condition)]
        here = tuple(dict.fromkeys(listed.index(equilibria) for equilibria in holding))
        for case in cases:
            at = point[found.parameter]
            inside = [segment for segment in case.segments
                      if (at > segment.low.subs(point) or (segment.low_closed and at == segment.low.subs(point)))
                      and (at < segment.high.subs(point) or (segment.high_closed and at == segment.high.subs(point)))]
            assert [segment.regimes for segment in inside] == ([here] if here else []), (point, case)
            ends = [end.subs(point) for segment in case.segments for end in (segment.low, segment.high)]
            assert ends == sorted(ends)


def test_the_cut_points_of_the_deterrence_game_are_ordered() -> None:
    found = cut_points(solved(deterrence, False), deterrence.w_C)
    assert [(str(p.symbol), p.value) for p in found.points] == [("w_C_bar_1", -deterrence.a), ("w_C_bar_2", sp.Integer(0))]
    assert found.ordered and found.comparisons[0].sign is Sign.POSITIVE
    assert r"\bar{w}_{C,1} < \bar{w}_{C,2}" in latex(found.definitions()) and "w_C_bar_1 < w_C < w_C_bar_2" in to_text(found.table())


def test_the_length_of_a_surge_has_a_window_that_opens_only_if_it_is_believed_long_enough() -> None:
    m, found = surge, cut_points(solved(surge, False), "T")
    value = {str(point.symbol): point.value for point in found.points}
    assert value == {"T_bar_1": m.g / m.k, "T_bar_2": sp.cancel((m.g + m.alpha) / m.k), "T_bar_3": m.loss / m.D}
    signs = {(str(c.first.symbol), str(c.second.symbol)): c.sign for c in found.comparisons}
    assert signs == {("T_bar_1", "T_bar_2"): Sign.POSITIVE, ("T_bar_1", "T_bar_3"): Sign.CHANGES, ("T_bar_2", "T_bar_3"): Sign.CHANGES}
    assert not found.ordered
    depends = next(c.where for c in found.comparisons if str(c.second.symbol) == "T_bar_3" and str(c.first.symbol) == "T_bar_2")
    assert Space(m.NOTATION).implies(depends, type(depends)().where(m.loss * m.k - m.D * (m.g + m.alpha), 4)).answer is True


def test_the_trip_wire_needs_no_more_than_its_cut_point() -> None:
    m = trip_wire
    deployment, reliability = (cut_points(solved(m, False), name).points for name in ("T", "q"))
    assert [sp.simplify(p.value - (m.k - m.V) / m.a) for p in deployment] == [0] and [sp.simplify(p.value - m.G / (m.G + m.L)) for p in reliability] == [0]
    assert str(deployment[0].symbol) == "T_bar"


def test_regimes_with_the_same_equilibria_are_not_cut_apart() -> None:
    solution = solve(two_by_two.matrix, Nash())
    found = cut_points(solution, "a_UL")
    assert [(str(p.symbol), p.value) for p in found.points] == [("a_UL_bar", two_by_two.c)]
    assert all(len(case.segments) == len({segment.regimes for segment in case.segments}) for case in found.cases)
    assert "(b_DR - b_DL)/(b_DR + b_UL - b_DL - b_UR) up" in " ".join(map(str, (row["Outcome"] for row in found.table().records())))


def test_the_tables_print_in_every_format() -> None:
    found = cut_points(solved(surge, False), "T")
    for table in (found.definitions(), found.table()):
        assert to_text(table) and "<table" in to_html(table) and r"\bar{T}_{1}" in latex(table)
    assert str(found) and found._repr_html_() and found.to_latex() == cut_points(solved(surge, False), "T").to_latex()


def test_conditions_are_solved_for_the_two_parameters_chosen_the_first_before_the_second() -> None:
    regimes = solved(surge, False).regimes
    printed = {by: [str(Condition.of(regime.condition, surge.NOTATION, by=by)) for regime in regimes] for by in (("T", "loss"), ("k", "D"))}
    assert printed["T", "loss"] == ["T < loss/D, T < g/k", "g/k < T < loss/D, T < (alpha + g)/k", "loss/D < T < (alpha + g)/k",
                                    "T > (alpha + g)/k, loss < -b", "T > (alpha + g)/k, loss > -b"]
    assert printed["k", "D"] == ["k < g/T, D < loss/T", "g/T < k < (alpha + g)/T, D < loss/T", "k < (alpha + g)/T, D > loss/T",
                                 "k > (alpha + g)/T, loss < -b", "k > (alpha + g)/T, loss > -b"]
