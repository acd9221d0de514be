"""Alternating offers in full: last offers, fixed costs, lags, who may leave and when, uniqueness by bounds, curved frontiers."""

from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
import sympy as sp

from bargain import (
    AlternatingOffers,
    BargainError,
    Breakdown,
    Component,
    CurvedFrontier,
    Equilibrium,
    FiniteHorizon,
    InvalidModel,
    NotApplicable,
    Notation,
    Parameter,
    Rubinstein,
    ShakedSutton,
    Solution,
    State,
    Status,
    TooLarge,
    solve,
)
from bargain.certify import certify

R = sp.Rational
x = sp.Symbol("x", real=True)
d, d1, d2, w = sp.symbols("d d1 d2 w", real=True)
r1, r2, t1, t2, t = sp.symbols("r1 r2 t1 t2 Delta", positive=True)
UNIQUE, MANY = "unique subgame-perfect payoffs", "a continuum of subgame-perfect payoffs"
COMMON = Notation((Parameter(d, "patience", domain="(0, 1)"),))


def table(first: Any, second: Any, **more: Any) -> AlternatingOffers:
    return AlternatingOffers("Pie", ("A", "B"), x, {"A": x, "B": 1 - x}, {"A": first, "B": second}, **more)


def ends(problem: AlternatingOffers) -> tuple[sp.Expr, sp.Expr]:
    """The least and the greatest subgame-perfect payoff of A, certified."""
    solution = solve(problem, ShakedSutton())
    assert solution.status is Status.CERTIFIED and solution.certificate.passed
    (item,) = solution.equilibria
    assert (solution.outcomes == (MANY,)) is isinstance(item, Component)
    paid = [e.payoffs["A"] for e in solution.extreme]
    return min(paid), max(paid)


def first(problem: AlternatingOffers) -> sp.Expr:
    """What A gets before a last offer, certified."""
    solution = solve(problem, FiniteHorizon())
    assert solution.status.certified and solution.certificate.passed
    return solution.extreme[0].payoffs["A"]


# Refusals

@pytest.mark.parametrize("change", [
    {"horizon": 0}, {"horizon": True}, {"horizon": 2, "default": {"A": 0}}, {"default": {"A": 0, "B": 0}}, {"costs": {"C": 1}}, {"costs": {"A": -1}},
    {"leaves": {"B": "answering"}}, {"outside": {"A": 0, "B": 0}, "leaves": {"B": "later"}}, {"recognition": {"A": "1/2", "B": "1/3"}}, {"order": ("A", "C")},
])
def test_a_protocol_that_does_not_add_up_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidModel) as refusal:
        table("1/2", "1/2", **change)
    assert refusal.value.remedy


@pytest.mark.parametrize(("problem", "solver", "error"), [
    (table("1/2", "1/2", horizon=3), Rubinstein(), NotApplicable), (table("1/2", "1/2", order=("A", "A", "B")), Rubinstein(), NotApplicable),
    (table("1/2", "1/2", outside={"A": 0, "B": "1/2"}, leaves={"B": "refused"}), Rubinstein(), NotApplicable),
    (table("1/2", "1/2"), FiniteHorizon(), NotApplicable), (table("1/2", "1/2", horizon=5000), FiniteHorizon(), TooLarge),
    (table(d, d, notation=COMMON, horizon=100), FiniteHorizon(), TooLarge), (table("1/2", "1/2", between=None), ShakedSutton(), NotApplicable),
    (table("1/2", "1/2", horizon=3), ShakedSutton(), NotApplicable), (table(d, d, notation=COMMON), CurvedFrontier(), NotApplicable),
    (AlternatingOffers("Bent", ("A", "B"), x, {"A": x * (1 - x), "B": 1 - x}, {"A": "1/2", "B": "1/2"}), CurvedFrontier(), NotApplicable),
])
def test_what_a_concept_does_not_cover_is_refused_with_a_remedy(problem: Any, solver: Any, error: type[BargainError]) -> None:
    with pytest.raises(error) as refusal:
        solve(problem, solver)
    assert refusal.value.remedy


def test_no_discounting_needs_a_last_offer_a_cost_or_a_risk() -> None:
    with pytest.raises(InvalidModel):
        table(1, 1)
    assert first(table(1, 1, horizon=3)) == 1 and ends(table(1, 1, breakdown=Breakdown("1/10", {"A": 0, "B": "1/2"}))) == (R(5, 19), R(5, 19))


# A last offer

@pytest.mark.parametrize(("factors", "offers", "share"), [
    (("9/10", "4/5"), 2, R(1, 5)), (("9/10", "4/5"), 3, R(23, 25)), (("9/10", "4/5"), 4, R(43, 125)), (("1/2", "1/2"), 5, R(11, 16)),
])
def test_published_shares_before_a_last_offer(factors: Any, offers: int, share: sp.Expr) -> None:                     # R2.1-R2.4
    assert first(table(*factors, horizon=offers)) == share


@pytest.mark.parametrize("offers", [3, 4, 7])
def test_with_a_common_factor_the_share_is_an_alternating_sum(offers: int) -> None:                                   # R2c.3, R2c.4, R2c.7
    solution = solve(table(d, d, notation=COMMON, horizon=offers), FiniteHorizon())
    assert solution.status is Status.PROVED
    assert sp.cancel(solution.equilibria[0].payoffs["A"] - (1 - (-d) ** offers) / (1 + d)) == 0  # type: ignore[union-attr]


def test_the_share_before_a_last_offer_in_two_factors_and_its_limit() -> None:
    notation = Notation((Parameter(d1, "A", domain="(0, 1)"), Parameter(d2, "B", domain="(0, 1)")))
    share = solve(table(d1, d2, notation=notation, horizon=5), FiniteHorizon()).equilibria[0].payoffs["A"]  # type: ignore[union-attr]
    assert sp.cancel(share - ((1 - d2) * (1 - (d1 * d2) ** 2) / (1 - d1 * d2) + (d1 * d2) ** 2)) == 0
    assert abs(first(table("9/10", "4/5", horizon=1000)) - R(5, 7)) < R(1, 10**60)


def recursion(problem: AlternatingOffers) -> float:
    """A's value by a plain recursion in floats over states, proposers and dates (a unit pie)."""
    value = {s.name: {p: float(problem.default.get(p, 0)) for p in "AB"} for s in problem.states}
    for date in range((problem.horizon or 0) - 1, -1, -1):
        fresh = {}
        for s in problem.states:
            total = {"A": 0.0, "B": 0.0}
            for i, chance in problem.turns[date % len(problem.turns)].items():
                j = "B" if i == "A" else "A"
                lag = float(problem.lags.get(j, 1))
                on = {p: (1 - float(problem.discount[p]) ** lag) * float(s.flow[p]) - float(problem.costs.get(p, 0))
                      + float(problem.discount[p]) ** lag * sum(float(q) * value[n][p] for n, q in s.moves.items()) for p in "AB"}
                out = {p: float(e) for p, e in problem.outside.items()}
                if i in problem.leavers("refused") and out[i] > on[i] + 1e-12:
                    on = out
                if j in problem.leavers() and out[j] > on[j] + 1e-12:
                    on = out
                given = max(on[j], 0.0)
                got = {i: 1 - given, j: given} if given <= 1 + 1e-12 and 1 - given >= on[i] - 1e-12 else on
                total = {p: total[p] + float(chance) * got[p] for p in "AB"}
            fresh[s.name] = total
        value = fresh
    return value[problem.states[0].name]["A"]


@pytest.mark.parametrize("seed", range(25))
def test_any_finite_protocol_agrees_with_a_plain_recursion(seed: int) -> None:
    random = Random(seed)

    def fraction(low: int, high: int) -> sp.Rational:
        return R(random.randint(low, high), 23)

    protocol: dict[str, Any] = random.choice([{}, {"order": ("A", "B", "B")}, {"recognition": {"A": "1/3", "B": "2/3"}}])
    exits: dict[str, Any] = random.choice([{}, {"leaves": {"B": "refused"}}, {"leaves": {"A": "answering", "B": "refused"}}, {"leaves": {"A": "answering"}}])
    if exits or random.random() < 0.5:
        exits["outside"] = {"A": fraction(0, 11), "B": fraction(0, 14)}
    move = fraction(0, 23)
    states = (State("one", {"A": fraction(-9, 9), "B": fraction(-9, 9)}, {"one": 1 - move, "two": move}), State("two", {"A": fraction(-9, 9)}))
    problem = table(fraction(9, 22), fraction(9, 22), horizon=random.randint(1, 9), default={"A": fraction(0, 11), "B": fraction(0, 11)}, states=states,
                    costs={"A": fraction(0, 2)}, lags={"B": random.choice([1, 2])}, **protocol, **exits)
    assert float(first(problem)) == pytest.approx(recursion(problem), abs=1e-10)


# Uniqueness by bounds

@pytest.mark.parametrize(("factors", "share"), [(("9/10", "4/5"), R(5, 7)), (("1/2", "1/2"), R(2, 3)), ((0, "1/2"), R(1, 2))])
def test_the_bounds_of_the_plain_table_coincide(factors: Any, share: sp.Expr) -> None:                                 # R1.1-R1.3
    assert ends(table(*factors)) == (share, share)


def test_with_free_patience_uniqueness_is_proved_for_all_parameters() -> None:
    solution = solve(table(d, d, notation=COMMON), ShakedSutton())
    assert solution.status is Status.PROVED and solution.outcomes == (UNIQUE,)
    assert sp.cancel(solution.extreme[0].payoffs["A"] - 1 / (1 + d)) == 0


@pytest.mark.parametrize(("factors", "options", "share"), [
    (("9/10", "9/10"), (0, "1/4"), R(10, 19)), (("9/10", "9/10"), (0, "3/5"), R(2, 5)), (("9/10", "9/10"), ("3/5", 0), R(16, 25)),
    (("9/10", "4/5"), ("7/10", "1/4"), R(3, 4)),
])
def test_outside_options_when_answering_leave_payoffs_unique(factors: Any, options: Any, share: sp.Expr) -> None:      # O1.1-O1.4
    assert ends(table(*factors, outside=dict(zip("AB", options, strict=True)))) == (share, share)


@pytest.mark.parametrize(("option", "low", "high"), [("3/10", R(10, 19), R(10, 19)), ("1/2", R(1, 10), R(23, 50)), ("9/10", R(1, 10), R(1, 10))])
def test_leaving_after_ones_own_offer_makes_a_continuum_in_between(option: str, low: sp.Expr, high: sp.Expr) -> None:  # O2.1-O2.3
    assert ends(table("9/10", "9/10", outside={"A": 0, "B": option}, leaves={"B": "refused"})) == (low, high)


@pytest.mark.parametrize(("factor", "option"), [(R(4, 5), R(2, 5)), (R(4, 5), R(1, 2)), (R(7, 10), R(2, 5)), (R(7, 10), R(1, 5)), (R(7, 10), R(3, 5))])
def test_the_moment_of_leaving_decides_as_in_the_set_valued_operator(factor: sp.Rational, option: sp.Rational) -> None:
    low, high = ends(table(factor, factor, outside={"A": 0, "B": option}, leaves={"B": "refused"}))
    if option < factor**2 / (1 + factor):
        assert low == high == 1 / (1 + factor)
    elif option > factor**2:
        assert low == high == 1 - factor
    else:
        assert (low, high) == (1 - factor, 1 - factor * (1 - factor + option))


def test_one_side_only_may_have_the_option() -> None:
    """The same payoffs outside, but A may not leave: A's option no longer bounds what B can ask."""
    both, only = ({"outside": {"A": "3/5", "B": 0}}, {"outside": {"A": "3/5", "B": 0}, "leaves": {"B": "answering"}})
    assert ends(table("9/10", "9/10", **both))[0] == R(16, 25) and ends(table("9/10", "9/10", **only))[0] == R(10, 19)
    assert solve(table("9/10", "9/10", **only), Rubinstein()).extreme[0].payoffs["A"] == R(10, 19)


@pytest.mark.parametrize(("costs", "low", "high"), [(("1/10", "3/10"), 1, 1), (("3/10", "1/10"), R(1, 10), R(1, 10)), (("1/5", "1/5"), R(1, 5), 1)])
def test_fixed_costs_give_all_to_the_lower_one_and_a_continuum_if_equal(costs: Any, low: Any, high: Any) -> None:      # R3.1-R3.3
    problem = table(1, 1, costs=dict(zip("AB", costs, strict=True)))
    assert ends(problem) == (low, high)
    if low == high:
        assert solve(problem, Rubinstein()).extreme[0].payoffs["A"] == low


def test_inside_the_continuum_every_share_is_a_stationary_pair() -> None:                                             # R3.4
    problem = table(1, 1, costs={"A": "1/5", "B": "1/5"})
    template = solve(table(1, 1, costs={"A": "1/10", "B": "3/10"}), Rubinstein())
    for k in range(21):
        share = R(1, 5) + R(4, 5) * R(k, 20)
        other = share - R(1, 5)
        strategies = {"A": {"propose[talks]": {f"x = {share}": sp.Integer(1)}, "respond[talks]": {"accept": sp.Piecewise((1, x >= other), (0, True))}},
                      "B": {"propose[talks]": {f"x = {other}": sp.Integer(1)}, "respond[talks]": {"accept": sp.Piecewise((1, x <= share), (0, True))}}}
        claim = Equilibrium("Rubinstein equilibrium", strategies, {"A": share, "B": 1 - share}, quantities={"x": share, "x_A": share, "x_B": other})
        regime = replace(template.regimes[0], equilibria=(claim,))
        assert certify(replace(template, problem=problem, regimes=(regime,))).passed


def iterated(problem: AlternatingOffers, rounds: int = 4000) -> float:
    """A's value with a recognition rule or an order, by value iteration in floats (a unit pie)."""
    return recursion(replace(problem, horizon=rounds))


@pytest.mark.parametrize("protocol", [{"order": ("A", "A", "B")}, {"order": ("A", "B", "B", "A")}, {"recognition": {"A": "1/3", "B": "2/3"}}])
def test_other_orders_of_proposers_agree_with_value_iteration(protocol: dict[str, Any]) -> None:
    low, high = ends(table("9/10", "4/5", outside={"A": "3/10", "B": "2/5"}, **protocol))
    assert low == high and float(low) == pytest.approx(iterated(table("9/10", "4/5", outside={"A": "3/10", "B": "2/5"}, **protocol), 400), abs=1e-10)


@pytest.mark.parametrize(("chance", "factors", "share"), [("1/2", ("9/10", "4/5"), R(2, 3)), ("1/3", ("19/20", "9/10"), R(1, 2))])
def test_with_random_proposers_shares_are_as_recognition_over_impatience(chance: str, factors: Any, share: sp.Expr) -> None:   # P1.1, P1.2
    assert ends(table(*factors, recognition={"A": chance, "B": 1 - R(chance)})) == (share, share)


@pytest.mark.parametrize("seed", range(12))
def test_with_states_and_waiting_the_bounds_agree_with_the_stationary_equilibrium(seed: int) -> None:
    random = Random(seed)
    move, back = R(random.randint(0, 10), 10), R(random.randint(0, 10), 10)
    states = (State("war", {p: R(random.randint(-9, 14), 20) for p in "AB"}, {"war": 1 - move, "lull": move}),
              State("lull", {p: R(random.randint(-9, 14), 20) for p in "AB"}, {"lull": 1 - back, "war": back}))
    problem = table(R(random.randint(5, 19), 20), R(random.randint(5, 19), 20), states=states)
    stationary = {e.payoffs["A"] for e in solve(problem, Rubinstein()).extreme}
    assert stationary == set(ends(problem))


def test_who_would_rather_wait_leaves_the_other_with_nothing_but_waiting() -> None:
    waiting = table("1/2", "1/2", states=(State("talks", {"A": "6/5", "B": "-1/2"}),))
    assert solve(waiting, ShakedSutton()).extreme[0].payoffs == {"A": R(6, 5), "B": -R(1, 2)}


def test_with_response_lags_the_weights_are_rates_times_lags() -> None:                                               # R4.3
    rows = [Parameter(s, s.name, domain=">0") for s in (r1, r2, t1, t2, t)]
    problem = table(sp.exp(-r1 * t), sp.exp(-r2 * t), notation=Notation(tuple(rows)), period=t, lags={"A": t1, "B": t2})
    solution = solve(problem, Rubinstein(limit=True))
    assert solution.status is Status.PROVED and sp.cancel(solution.extreme[0].quantities["x"] - r2 * t2 / (r1 * t1 + r2 * t2)) == 0


def test_wrong_bounds_and_wrong_shares_are_refuted() -> None:
    for problem, solver in ((table("9/10", "4/5"), ShakedSutton()), (table("9/10", "4/5", horizon=4), FiniteHorizon()),
                            (table("9/10", "9/10", outside={"A": 0, "B": "1/2"}, leaves={"B": "refused"}), ShakedSutton())):
        solution: Solution = solve(problem, solver)
        right = solution.extreme[0]
        for name in right.quantities:
            wrong = replace(right, quantities={**right.quantities, name: right.quantities[name] + R(1, 97)})
            assert certify(replace(solution, regimes=(replace(solution.regimes[0], equilibria=(wrong,)),))).refuted, name
        paid = replace(right, payoffs={**right.payoffs, "A": right.payoffs["A"] - R(1, 97)})
        assert certify(replace(solution, regimes=(replace(solution.regimes[0], equilibria=(paid,)),))).refuted


def test_bounds_of_equal_costs_that_are_a_smaller_fixed_point_are_refuted() -> None:
    """Any interval of stationary pairs reproduces itself; only the largest is the set of payoffs."""
    solution = solve(table(1, 1, costs={"A": "1/5", "B": "1/5"}), ShakedSutton())
    values = dict(zip(solution.extreme[0].quantities, map(R, ("1/2", "1/2", "1/2", "1/2", "3/10", "3/10", "7/10", "7/10")), strict=True))
    wrong = replace(solution.extreme[0], payoffs={"A": R(1, 2), "B": R(1, 2)}, quantities=values)
    refuted = certify(replace(solution, regimes=(replace(solution.regimes[0], equilibria=(wrong,)),))).refuted
    assert refuted and all(text.startswith("iteration") for text in refuted)


# Curved frontiers

def curved(first: Any, second: Any, factor: Any, **more: Any) -> Solution:
    return solve(AlternatingOffers("Curve", ("A", "B"), x, {"A": first, "B": second}, {"A": factor, "B": factor}, **more), CurvedFrontier())


def test_risk_aversion_lowers_the_share() -> None:                                                                    # N1.1
    solution = curved(sp.sqrt(x), 1 - x, "81/100")
    assert solution.status is Status.CERTIFIED and solution.extreme[0].quantities["x"] == R(10000, 24661)


def test_a_circular_frontier_has_an_irrational_answer_found_exactly() -> None:                                        # N1.3
    solution = curved(x, 1 - x**2, "9/10")
    assert sp.expand(solution.extreme[0].quantities["x"] - 10 * sp.sqrt(271) / 271) == 0 and solution.certificate.passed


def test_patience_leads_to_the_nash_solution_of_the_curve() -> None:                                                  # N1.2
    gaps = [float(curved(sp.sqrt(x), 1 - x, factor).extreme[0].quantities["x"]) - 1 / 3 for factor in (R(9, 10), R(99, 100))]
    assert 0 < gaps[1] < gaps[0] / 9 and gaps[1] < 0.004


def test_a_straight_frontier_is_rubinsteins_and_mirrors() -> None:
    straight = AlternatingOffers("Pie", ("A", "B"), x, {"A": 1 - x, "B": x}, {"A": "9/10", "B": "4/5"})
    assert solve(straight, CurvedFrontier()).extreme[0].payoffs == {"A": R(5, 7), "B": R(2, 7)}


def test_an_option_on_a_curved_frontier_is_met_exactly() -> None:
    solution = curved(x, sp.sqrt(1 - x), "9/10", outside={"A": 0, "B": "4/5"})
    assert solution.extreme[0].payoffs == {"A": R(9, 25), "B": R(4, 5)}


def test_without_a_closed_form_the_answer_is_a_box_and_says_so() -> None:
    solution = curved(1 - sp.exp(-2 * x), 1 - x, "9/10")
    found = solution.extreme[0].quantities
    assert solution.status is Status.WITHIN and solution.certificate.passed and found["x to"] - found["x from"] < R(1, 10**40)
    low, high = float(found["x_A"]), float(found["x_B"])
    assert 1 - low == pytest.approx(0.9 * (1 - high), abs=1e-12) and 1 - sp.exp(-2 * high) == pytest.approx(0.9 * (1 - float(sp.exp(-2 * low))), abs=1e-12)
    wrong = replace(solution.extreme[0], quantities={**found, **{name: found[name] + R(1, 10**9) for name in ("x_B", "x_B from", "x_B to")}})
    assert not certify(replace(solution, regimes=(replace(solution.regimes[0], equilibria=(wrong,)),))).passed


@pytest.mark.slow
def test_where_increasing_loss_to_delay_fails_all_stationary_pairs_are_found() -> None:
    """Convex utilities make three pairs; a sign count on a grid of floats finds as many."""
    utility = x / 5 + 4 * x**5 / 5
    solution = curved(utility, utility.subs(x, 1 - x), "1/2")
    u = sp.lambdify(x, utility)
    for equilibrium in solution.extreme:
        a, b = (float(equilibrium.quantities[name]) for name in ("x_A", "x_B"))
        assert u(1 - a) == pytest.approx(u(1 - b) / 2, abs=1e-12) and u(b) == pytest.approx(u(a) / 2, abs=1e-12)
    grid = np.linspace(0, 1, 200_001)
    reply = np.interp(u(grid) / 2, u(grid), grid)
    gap = u(1 - grid) - u(1 - reply) / 2
    assert int((np.sign(gap[1:]) != np.sign(gap[:-1])).sum()) == len(solution.extreme) == 3 and solution.certificate.passed
