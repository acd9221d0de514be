"""A pie that moves with the state, and war as a chain of battles: published cases, value iteration, corrupted answers, refusals."""

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sympy as sp

from bargain import BattlefieldWar, Equilibrium, InvalidModel, RangeByState, Solution, Status, StochasticAgreement, StochasticPie, TooLarge, solve
from bargain.certify import certify
from bargain.models.classics import forts, stochastic_pie
from bargain.regions import Region
from bargain.solution import Regime

R = sp.Rational
PATH = StochasticPie("path", ("A", "B"), {"1": 1, "2": "3/2", "3": 1, "4": 0}, {"1": "A", "2": "B", "3": "A", "4": "B"},
                     {"1": {"2": 1}, "2": {"3": 1}, "3": {"4": 1}, "4": {"4": 1}}, "9/10")


def only(solution: Solution) -> Equilibrium:
    (found,) = solution.extreme
    return found


def test_patient_sides_wait_for_the_larger_pie_and_impatient_ones_do_not() -> None:
    solution = solve(stochastic_pie.pie, StochasticAgreement())
    assert solution.status is Status.PROVED
    patient = only(solution.at(d="9/10", g=2))
    assert (patient.quantities["A in (high, A)"], patient.quantities["B in (high, A)"]) == (R(13, 11), R(9, 11))  # MW1.1
    assert patient.quantities["A in (low, A)"] + patient.quantities["B in (low, A)"] == R(18, 11)  # MW1.2
    assert patient.outcome == "agreement in (high, A), (high, B)"
    assert patient.quantities["expected delay from (low, B)"] == 2
    impatient = only(solution.at(d="1/2", g=2))  # MW1.3
    assert len(impatient.path) == 4
    assert impatient.quantities["A in (low, A)"] + impatient.quantities["B in (low, A)"] == 1
    assert len(only(solution.at(d="2/3", g=2)).path) == 4  # the knife edge: ties agree


def test_a_known_path_of_pies_is_solved_from_its_end() -> None:  # MW1.4
    found = only(solve(PATH, StochasticAgreement()))
    assert (found.payoffs["A"], found.payoffs["B"], found.quantities["expected delay from 1"]) == (R(81, 100), R(27, 50), 1)


@pytest.mark.parametrize("seed", range(6))
def test_random_chains_agree_with_value_iteration(seed: int) -> None:
    """Unequal discount factors and three players included; iteration in floats from agreement nowhere."""
    draw = random.Random(seed)
    players = ("A", "B", "C")[: 2 + seed % 2]
    states = [str(k) for k in range(4)]
    pie = {s: R(draw.randint(0, 20), 10) for s in states}
    weights = {s: [draw.randint(1, 5) for _ in states] for s in states}
    moves = {s: {a: R(w, sum(weights[s])) for a, w in zip(states, weights[s], strict=True)} for s in states}
    proposer = {s: draw.choice(players) for s in states}
    discount = {p: R(draw.randint(50, 95), 100) for p in players}
    found = solve(StochasticPie("random", players, pie, proposer, moves, discount), StochasticAgreement())
    matrix = np.array([[float(moves[s][a]) for a in states] for s in states])
    values = np.zeros((len(players), 4))
    for _ in range(3000):
        waits = np.array([float(discount[p]) * matrix @ values[k] for k, p in enumerate(players)])
        new = waits.copy()
        for j, s in enumerate(states):
            k = players.index(proposer[s])
            new[k, j] = max(waits[k, j], float(pie[s]) - waits[:, j].sum() + waits[k, j])
        values = new
    assert any(np.allclose([[float(e.quantities[f"{p} in {s}"]) for s in states] for p in players], values) for e in found.extreme)
    if len(players) == 2:
        assert len(found.extreme) == 1


@pytest.mark.parametrize(("number", "held", "chance", "share", "battles"), [
    pytest.param(5, 2, "3/5", R(135, 211), R(1265, 211), id="FW1.1"),
    pytest.param(6, 3, "1/2", R(1, 2), 9, id="FW1.2"),
])
def test_a_war_over_forts_is_a_random_walk(number: int, held: int, chance: str, share: Any, battles: Any) -> None:
    found = only(solve(BattlefieldWar.forts("war", ("A", "B"), number, chance, {"A": "1/50", "B": "3/100"}), RangeByState())).quantities
    assert (found[f"share from {held} forts"], found[f"battles from {held} forts"]) == (share, battles)


def test_the_range_moves_with_the_front() -> None:
    found = only(solve(forts.long, RangeByState())).quantities
    assert (found["low at 2 forts"], found["high at 2 forts"]) == (R(1097, 2110), R(3459, 4220))  # FW1.3
    assert found["high at 4 forts"] == 1  # cut at the whole pie
    p = forts.p
    (share,) = {sp.factor(e.quantities["share from 1 fort"]) for r in solve(forts.short, RangeByState()).regimes for e in r.extreme()}
    r = (1 - p) / p
    assert sp.simplify(share - (1 - r) / (1 - r**3)) == 0  # the ruin probability


def test_the_short_war_is_solved_for_all_parameters() -> None:
    solution = solve(forts.short, RangeByState())
    assert solution.status is Status.PROVED
    for point in ({"p": "3/5", "k_A": "1/50", "k_B": "3/100"}, {"p": "1/2", "k_A": "9/10", "k_B": "1/100"}, {"p": "1/10", "k_A": "1/2", "k_B": "7/10"}):
        direct = only(solve(forts.short, RangeByState(), at=point)).quantities
        assert {k: sp.nsimplify(v) for k, v in only(solution.at(point)).quantities.items()} == dict(direct)


@pytest.mark.parametrize(("problem", "solver", "name"), [
    (PATH, StochasticAgreement(), "A in 1"), (PATH, StochasticAgreement(), "B in 3"), (PATH, StochasticAgreement(), "expected delay from 1"),
    (BattlefieldWar.forts("war", ("A", "B"), 3, "3/5", {"A": "1/50", "B": "3/100"}), RangeByState(), "battles from 1 fort"),
    (BattlefieldWar.forts("war", ("A", "B"), 3, "3/5", {"A": "1/50", "B": "3/100"}), RangeByState(), "low at 2 forts"),
    (BattlefieldWar.forts("war", ("A", "B"), 3, "3/5", {"A": "1/50", "B": "9/10"}), RangeByState(), "high at 2 forts"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_the_certificate_refutes_small_errors(problem: Any, solver: Any, name: str) -> None:
    solution = solve(problem, solver)
    found = only(solution)
    wrong = replace(found, quantities={**found.quantities, name: found.quantities[name] - R(1, 1000)})
    assert certify(replace(solution, regimes=(Regime(Region.everything(), (wrong,)),))).refuted


def test_the_certificate_refutes_a_wrong_agreement_set() -> None:
    solution = solve(PATH, StochasticAgreement())
    early = replace(only(solution), path=("1", "2", "3", "4"))
    assert certify(replace(solution, regimes=(Regime(Region.everything(), (early,)),))).refuted


def test_models_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(InvalidModel, match="add up to 1/2"):
        replace(PATH, moves={**PATH.moves, "4": {"4": "1/2"}})
    with pytest.raises(InvalidModel, match="outside"):
        replace(PATH, discount=1)
    with pytest.raises(InvalidModel, match="never ends"):
        BattlefieldWar("war", ("A", "B"), {"a": {"a": 1}, "b": {"end": 1}}, {"end": 1}, {"A": 0, "B": 0})
    many = [str(k) for k in range(9)]
    with pytest.raises(TooLarge, match="9 states"):
        solve(StochasticPie("many", ("A", "B"), dict.fromkeys(many, 1), dict.fromkeys(many, "A"), {s: {s: 1} for s in many}, "1/2"), StochasticAgreement())
