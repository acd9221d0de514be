"""Alternating offers: published shares, closed forms with free parameters, outside and inside options, breakdown, limits, states."""

from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
import sympy as sp

from bargain import (
    AlternatingOffers,
    Breakdown,
    Cell,
    Equilibrium,
    MatrixGame,
    NotApplicable,
    Notation,
    NotDecided,
    Parameter,
    Rubinstein,
    ShakedSutton,
    Solution,
    State,
    Status,
    never_agreeing,
    solve,
)
from bargain.certify import certify

R = sp.Rational
x = sp.Symbol("x", real=True)
d1, d2, w1, w2, g1, g2 = sp.symbols("d1 d2 w1 w2 g1 g2", real=True)
r1, r2, hazard, b1, b2, t = sp.symbols("r1 r2 lam b1 b2 Delta", positive=True)
PATIENCE = (Parameter(d1, "patience of A", domain="(0, 1)"), Parameter(d2, "patience of B", domain="(0, 1)"))
RATES = (Parameter(r1, "rate of A", domain=">0"), Parameter(r2, "rate of B", domain=">0"), Parameter(t, "period", domain=">0"))


def table(first: Any, second: Any, **more: Any) -> AlternatingOffers:
    """A unit pie between A, who proposes first, and B."""
    return AlternatingOffers("Pie", ("A", "B"), x, {"A": x, "B": 1 - x}, {"A": first, "B": second}, **more)


def fast(*rows: Parameter, assumptions: tuple[Any, ...] = (), **more: Any) -> AlternatingOffers:
    """A unit pie in continuous time, with the period as a symbol."""
    return table(sp.exp(-r1 * t), sp.exp(-r2 * t), notation=Notation((*RATES, *rows), assumptions), period=t, **more)


def flows(first: Any, second: Any) -> tuple[State, ...]:
    """One state with flows while talks go on."""
    return (State("talks", flow={"A": first, "B": second}),)


def only(solution: Solution) -> Equilibrium:
    """The one equilibrium of a solution with one regime, certified."""
    (equilibrium,) = solution.extreme
    assert solution.status.certified and solution.certificate.passed
    return equilibrium


# Refusals

@pytest.mark.parametrize(("problem", "solver"), [
    (MatrixGame.from_arrays([[1]], [[1]]), Rubinstein()), (table("1/2", "1/3"), Rubinstein(limit=True)),
    (fast().at({t: "1/2"}), Rubinstein(limit=True)), (table("1/2", "1/3", period=R(1, 2)), Rubinstein(limit=True)),
    (AlternatingOffers("Pie", ("A", "B"), x, {"A": x, "B": x}, {"A": "1/2", "B": "1/2"}), Rubinstein()),
    (AlternatingOffers("Pie", ("A", "B"), x, {"A": x**2, "B": 1 - x}, {"A": "1/2", "B": "1/2"}), Rubinstein()),
])
def test_what_has_no_stationary_solution_here_is_refused_with_a_remedy(problem: Any, solver: Rubinstein) -> None:
    with pytest.raises(NotApplicable) as refusal:
        solve(problem, solver)
    assert refusal.value.place and refusal.value.remedy


def test_a_limit_of_discounts_that_are_not_smooth_in_the_period_is_refused() -> None:
    with pytest.raises(NotDecided):
        solve(table(sp.exp(-sp.sqrt(t)), sp.exp(-t), notation=Notation((Parameter(t, "period", domain=">0"),)), period=t), Rubinstein(limit=True))


# The unit pie

@pytest.mark.parametrize(("first", "second", "share"), [("9/10", "4/5", R(5, 7)), ("1/2", "1/2", R(2, 3)), (0, "1/2", R(1, 2)), ("1/2", 0, 1)])
def test_the_first_proposer_gets_the_published_share(first: Any, second: Any, share: sp.Expr) -> None:      # R1.1-R1.3
    equilibrium = only(solve(table(first, second), Rubinstein()))
    assert equilibrium.quantities["x"] == share and equilibrium.payoffs == {"A": share, "B": 1 - share}


def test_with_free_patience_the_share_is_rubinsteins_formula_for_all_parameters() -> None:
    solution = solve(table(d1, d2, notation=Notation(PATIENCE)), Rubinstein())
    assert solution.status is Status.PROVED and solution.regimes[0].condition.is_everything and not solution.boundary.cells
    found = only(solution).quantities
    assert sp.cancel(found["x_A"] - (1 - d2) / (1 - d1 * d2)) == 0 and sp.cancel(found["x_B"] - d1 * (1 - d2) / (1 - d1 * d2)) == 0


def test_as_offers_follow_each_other_at_once_the_share_is_the_other_sides_part_of_impatience() -> None:
    solution = solve(fast(), Rubinstein(limit=True))
    assert solution.status is Status.PROVED and sp.cancel(only(solution).quantities["x"] - r2 / (r1 + r2)) == 0     # R4.1
    assert only(solve(fast(), Rubinstein(limit=True), at={r1: "1/20", r2: "1/10"})).quantities["x"] == R(2, 3)       # R4.2
    small = only(solve(fast(), Rubinstein(), at={r1: "1/20", r2: "1/10", t: "1/1000"})).quantities["x"]
    assert abs(float(small) - 2 / 3) < 1e-4 and small != R(2, 3)


@pytest.mark.parametrize(("first", "second"), [("9/10", "4/5"), ("3/7", "11/13")])
def test_renaming_the_players_mirrors_the_shares_and_rescaling_leaves_them_alone(first: str, second: str) -> None:
    plain = only(solve(table(first, second), Rubinstein()))
    mirrored = only(solve(AlternatingOffers("Pie", ("B", "A"), x, {"A": 1 - x, "B": x}, {"A": second, "B": first}), Rubinstein()))
    assert (plain.payoffs["A"], plain.payoffs["B"]) == (mirrored.payoffs["B"], mirrored.payoffs["A"])
    scaled = AlternatingOffers("Pie", ("A", "B"), x, {"A": 3 * x, "B": (1 - x) / 7}, {"A": first, "B": second})
    assert only(solve(scaled, Rubinstein())).quantities["x"] == plain.quantities["x"]


# Outside options, inside options, breakdown

@pytest.mark.parametrize(("patience", "options", "share"), [
    (("9/10", "9/10"), (0, "1/4"), R(10, 19)), (("9/10", "9/10"), (0, "3/5"), R(2, 5)), (("9/10", "9/10"), ("3/5", 0), R(16, 25)),
    (("9/10", "4/5"), ("7/10", "1/4"), R(3, 4)),
])
def test_an_outside_option_matters_only_if_it_beats_going_on(patience: Any, options: Any, share: sp.Expr) -> None:   # O1.1-O1.4
    assert only(solve(table(*patience, outside=dict(zip("AB", options, strict=True))), Rubinstein())).quantities["x"] == share


def test_with_more_outside_than_inside_the_responder_walks_away() -> None:
    walked = only(solve(table("9/10", "4/5", outside={"A": "7/10", "B": "1/2"}), Rubinstein()))
    assert walked.path == ("B walks away",) and walked.payoffs == {"A": R(7, 10), "B": R(1, 2)} and "x" not in walked.quantities


@pytest.mark.slow
def test_with_free_outside_options_the_regimes_are_those_of_the_outside_option_principle() -> None:
    rows = (*PATIENCE, Parameter(w1, "option of A", domain="[0, 1]"), Parameter(w2, "option of B", domain="[0, 1]"))
    problem = table(d1, d2, notation=Notation(rows), outside={"A": w1, "B": w2})
    solution, random = solve(problem, Rubinstein()), Random(71)
    assert solution.status is Status.PROVED
    for _ in range(100):
        point = {s: R(random.randint(1, 18), 19) for s in (d1, d2, w1, w2)}
        for equilibrium in solution.at(point).extreme:
            assert abs(float(equilibrium.payoffs["A"]) - shaked_sutton(*map(float, point.values()))) < 1e-12, f"seed 71: {point}"


def shaked_sutton(p1: float, p2: float, o1: float, o2: float) -> float:
    """What A gets when A proposes and both have options: iteration of the bound on the proposer's share."""
    share = 1.0
    for _ in range(2000):
        share = 1 - max(o2, p2 * (1 - max(o1, p1 * share)))
    return share if o1 + o2 <= 1 else o1


@pytest.mark.parametrize(("patience", "inside", "share"), [(("9/10", "9/10"), ("1/5", "1/10"), R(54, 95)), (("19/20", "4/5"), (0, "1/2"), R(5, 12))])
def test_an_inside_option_shifts_the_share_continuously(patience: Any, inside: Any, share: sp.Expr) -> None:          # O3.1, O3.2
    assert only(solve(table(*patience, states=flows(*inside)), Rubinstein())).quantities["x"] == share


def test_with_free_inside_options_there_is_agreement_exactly_where_there_is_a_surplus() -> None:
    rows = (*PATIENCE, Parameter(g1, "flow of A", domain="[0, 1]"), Parameter(g2, "flow of B", domain="[0, 1]"))
    solution = solve(table(d1, d2, notation=Notation(rows), states=flows(g1, g2)), Rubinstein())
    regimes = {regime.cell: regime.extreme().__next__() for regime in solution.regimes}
    assert solution.status is Status.PROVED and set(regimes) == {Cell.of(g1 + g2 < 1), Cell.of(g1 + g2 > 1)}
    formula = ((1 - d2) * (1 - g2) + d2 * (1 - d1) * g1) / (1 - d1 * d2)
    assert sp.cancel(regimes[Cell.of(g1 + g2 < 1)].quantities["x"] - formula) == 0
    assert regimes[Cell.of(g1 + g2 > 1)].outcome == "no agreement" and regimes[Cell.of(g1 + g2 > 1)].payoffs == {"A": g1, "B": g2}


def test_in_the_limit_inside_options_are_the_threat_point() -> None:                                                  # O3.3
    rows = (Parameter(g1, "flow of A", domain="[0, 1]"), Parameter(g2, "flow of B", domain="[0, 1]"))
    problem = fast(*rows, assumptions=(g1 + g2 < 1,), states=flows(g1, g2))
    assert sp.cancel(only(solve(problem, Rubinstein(limit=True))).quantities["x"] - (g1 * r1 - g2 * r2 + r2) / (r1 + r2)) == 0
    assert never_agreeing(problem) == {"A": g1, "B": g2}


@pytest.mark.parametrize(("patience", "ends", "share"), [((1, 1), (0, "1/2"), R(5, 19)), (("19/20", "9/10"), ("1/5", "1/10"), R(3924, 6149))])
def test_the_risk_of_breakdown_sets_the_share(patience: Any, ends: Any, share: sp.Expr) -> None:                      # B1.1, B1.2
    broken = table(*patience, breakdown=Breakdown("1/10", dict(zip("AB", ends, strict=True))))
    assert only(solve(broken, Rubinstein())).quantities["x"] == share


def test_in_the_limit_breakdown_is_a_threat_weighted_by_its_hazard() -> None:                                         # B1.3, B1.4
    rows = (Parameter(hazard, "hazard", domain=">0"), Parameter(b1, "A after breakdown", domain="[0, 1]"), Parameter(b2, "B after", domain="[0, 1]"))
    problem = fast(*rows, assumptions=(b1 + b2 < 1,), breakdown=Breakdown(1 - sp.exp(-hazard * t), {"A": b1, "B": b2}))
    threat = {side: hazard * after / (hazard + rate) for side, after, rate in (("A", b1, r1), ("B", b2, r2))}
    formula = threat["A"] + (r2 + hazard) / (r1 + r2 + 2 * hazard) * (1 - threat["A"] - threat["B"])
    assert sp.cancel(only(solve(problem, Rubinstein(limit=True))).quantities["x"] - formula) == 0
    numbers = {r1: "1/10", r2: "1/5", hazard: "3/10", b1: "1/5", b2: "1/4"}
    assert only(solve(problem, Rubinstein(limit=True), at=numbers)).quantities["x"] == R(97, 180)


# States and delay

def test_talks_wait_for_a_state_in_which_there_is_something_to_share() -> None:
    """Good times pay more than the pie (3/5 + 3/5 > 1) and end after one period; then the sides agree."""
    good = State("good", {"A": "3/5", "B": "3/5"}, {"bad": 1})
    problem = table("1/2", "1/2", states=(good, State("bad", {"A": "1/10", "B": "1/5"})))
    waited, later = only(solve(problem, Rubinstein())), only(solve(problem.without("good"), Rubinstein()))
    assert waited.path == ("delay",) and "x" not in waited.quantities
    assert waited.payoffs["A"] == R(3, 10) + later.quantities["x_B"] / 2 and waited.quantities["x_A[bad]"] == later.quantities["x_A"]


def test_one_side_may_be_offered_its_whole_interval() -> None:
    """B suffers so much while talks go on that A proposes the end of the interval."""
    cornered = only(solve(table("9/10", "9/10", states=flows(0, -3)), Rubinstein()))
    assert cornered.quantities["x"] == 1
    unbounded = only(solve(table("9/10", "9/10", states=flows(0, -3), between=None), Rubinstein()))
    assert unbounded.quantities["x"] > 1


def test_a_side_that_earns_more_by_waiting_than_from_the_whole_interval_waits() -> None:
    waiting = only(solve(table("1/2", "1/2", states=flows("6/5", "-1/2")), Rubinstein()))
    assert waiting.outcome == "no agreement" and waiting.payoffs == {"A": R(6, 5), "B": -R(1, 2)}


def iterated(problem: AlternatingOffers, rounds: int = 3000) -> tuple[float, float]:
    """What A and B get when A proposes in the first state, by value iteration on arrays (a unit pie, no drift; responders may leave)."""
    names = [state.name for state in problem.states]
    move = np.array([[float(state.moves.get(name, 0)) for name in names] for state in problem.states])    # (S, S)
    flow = np.array([[float(state.flow[player]) for player in "AB"] for state in problem.states])         # (S, P)
    factor = np.array([float(problem.discount[player]) for player in "AB"])                               # (P,)
    low, high = (float(end) for end in problem.between or (-np.inf, np.inf))
    out = np.array([float(problem.outside.get(player, -np.inf)) for player in "AB"])                      # (P,)
    value = np.full((2, len(names), 2), 0.5)                                                              # (proposer, S, P)
    for _ in range(rounds):
        on = (1 - factor) * flow + factor * np.einsum("st,itp->isp", move, value[::-1])                   # after a refusal the other proposes
        leaves = np.stack([on[0, :, 1] < out[1], on[1, :, 0] < out[0]])                                   # (proposer, S): the responder's choice
        on = np.where(leaves[..., None], out, on)
        share = np.clip(np.stack([1 - on[0, :, 1], on[1, :, 0]]), low, high)                              # what the responder accepts
        deal = np.stack([share, 1 - share], axis=-1)
        value = np.where((deal >= on - 1e-13).all(axis=-1, keepdims=True), deal, on)
    return float(value[0, 0, 0]), float(value[0, 0, 1])


def test_the_solution_agrees_with_value_iteration_on_random_tables_with_states() -> None:
    random, waits = Random(72), 0
    for trial in range(15):
        chance, back = R(random.randint(1, 9), 10), R(random.randint(0, 9), 10)
        first = State("war", {"A": R(random.randint(-9, 12), 20), "B": R(random.randint(-9, 12), 20)}, {"war": 1 - chance, "lull": chance})
        second = State("lull", {"A": R(random.randint(-9, 9), 20), "B": R(random.randint(-9, 9), 20)}, {"lull": 1 - back, "war": back})
        problem = table(R(random.randint(1, 19), 20), R(random.randint(1, 19), 20), states=(first, second), between=random.choice([(0, 1), None]))
        found = only(solve(problem, Rubinstein()))
        assert np.allclose([float(found.payoffs[player]) for player in "AB"], iterated(problem), atol=1e-9), f"seed 72, trial {trial}"
        waits += any(action == "no acceptable offer" for rules in found.strategies.values() for rule in rules.values() for action in rule)
    assert waits > 0


def two_states(random: Random, **change: Any) -> AlternatingOffers:
    chance, back = R(random.randint(1, 9), 10), R(random.randint(0, 9), 10)
    first = State("war", {"A": R(random.randint(-9, 12), 20), "B": R(random.randint(-9, 12), 20)}, {"war": 1 - chance, "lull": chance})
    second = State("lull", {"A": R(random.randint(-9, 9), 20), "B": R(random.randint(-9, 9), 20)}, {"lull": 1 - back, "war": back})
    return table(R(random.randint(1, 19), 20), R(random.randint(1, 19), 20), states=(first, second), **change)


def test_whoever_may_leave_stays_where_going_on_is_better() -> None:
    war = State("war", {"A": R(2, 5), "B": -R(1, 4)}, {"war": R(7, 10), "lull": R(3, 10)})
    lull = State("lull", {"A": R(1, 10), "B": R(1, 2)}, {"lull": R(1, 10), "war": R(9, 10)})
    found = solve(table("7/10", "1/4", states=(war, lull), outside={"A": "9/20", "B": "1/20"}), Rubinstein())
    assert found.status.certified and only(found).payoffs == {"A": R(19, 20), "B": R(1, 20)}
    assert only(found).strategies["A"]["respond[lull]"] == {"refuse": 1}
    left = {**only(found).strategies, "A": {**only(found).strategies["A"], "respond[lull]": {"leave": sp.Integer(1)}}}
    wrong = replace(found, regimes=(replace(found.regimes[0], equilibria=(replace(only(found), strategies=left),)),))
    assert any("would rather go on" in what for what in certify(wrong).refuted)


def test_states_with_outside_options_agree_with_value_iteration() -> None:
    kinds = set()
    for seed in (3, 6, 7):   # agreement everywhere; both leave; both may leave and do not
        random = Random(seed)
        options = {player: R(random.randint(0, 12), 20) for player in "AB"}
        problem = two_states(random, outside=options)
        found = only(solve(problem, Rubinstein()))
        assert np.allclose([float(found.payoffs[player]) for player in "AB"], iterated(problem), atol=1e-9), f"seed {seed}"
        kinds |= {tuple(rule) for rules in found.strategies.values() for place, rule in rules.items() if place.startswith("respond")}
    assert kinds == {("accept", "refuse"), ("leave",), ("refuse",)}


def test_whose_payoff_rises_is_read_from_the_domain_not_from_the_symbol() -> None:
    stake = sp.Symbol("stake", real=True)   # nothing is assumed of the symbol itself
    notation = Notation((Parameter(stake, "worth", domain=">1"),))
    problem = replace(table("1/2", "1/2"), agreement={"A": stake * x, "B": stake * (1 - x)}, notation=notation)
    found = only(solve(problem, Rubinstein()))
    assert found.payoffs == {"A": 2 * stake / 3, "B": stake / 3}
    assert found.strategies["B"]["respond[talks]"]["accept"].subs(x, 0) == 1     # B takes less of the share, not more
    cornered = solve(replace(problem, states=(State("talks", {"A": 0, "B": -2 * stake}),)), Rubinstein())
    assert cornered.status.certified and all(e.quantities["x"] == 1 for regime in cornered.regimes for e in regime.extreme())
    bounds = solve(problem, ShakedSutton())
    assert bounds.status.certified and only(bounds).payoffs == {"A": 2 * stake / 3, "B": stake / 3}
