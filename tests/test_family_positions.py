"""The static block of the expected utility model: published numbers, refusals, certificates."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
import sympy as sp

from bargain import Actor, InvalidModel, NashBargaining, NotApplicable, Positions, WeightedPositions, solve
from bargain.certify import certify
from bargain.errors import BadInput
from bargain.models.classics.car_emissions import standards

R = sp.Rational


def test_data_that_do_not_add_up_are_refused() -> None:
    for actor in (Actor(1, 0, 1), Actor(1, 1, 2), Actor(1, 1, 0), Actor(sp.Symbol("x"), 1, 1)):
        with pytest.raises(InvalidModel):
            Positions("Bad", {"A": Actor(0, 1, 1), "B": actor})
    with pytest.raises(InvalidModel, match="one position"):
        Positions("Settled", {"A": Actor(1, 1, 1), "B": Actor(1, 2, 1)})
    with pytest.raises(BadInput, match="no actor"):
        standards.challenge("Britain", "Spain")
    with pytest.raises(NotApplicable):
        solve(standards, NashBargaining())


def test_the_emission_debate_has_the_published_numbers() -> None:                                    # BM1.1-BM1.3
    found = solve(standards, WeightedPositions()).extreme[0]
    assert (found.quantities["weighted mean"], found.quantities["weighted median"]) == (R(5003, 677), 7)
    assert found.outcome == "7 beats every other position"
    net = {rival: sum(standards.votes(7, rival).values()) * standards.width / 100 for rival in (4, 10)}
    assert net == {4: R(543, 1000), 10: R(3, 200)}
    assert standards.beats(10, 4) == R(42, 73) and standards.challenge("Britain", "Germany") == R(234, 365)
    chances = [found.quantities[f"stationary chance of {x}"] for x in (4, 7, 10)]
    assert chances == [R(9214936, 37468177), R(14689257, 37468177), R(13563984, 37468177)]


def test_half_of_the_weight_on_either_side_gives_two_medians() -> None:                              # the caution on exact halves
    tied = solve(Positions("Tied", {"A": Actor(0, 1, 1), "B": Actor(1, 1, "1/2"), "C": Actor(5, 3, "1/2")}), WeightedPositions()).extreme[0]
    assert (tied.quantities["weighted median"], tied.quantities["upper weighted median"]) == (1, 5)
    assert tied.outcome == "1 and 5 are beaten by no other position"


def test_the_median_wins_every_pairwise_vote_and_the_chain_settles_where_its_powers_do() -> None:
    random = Random(8)
    for trial in range(12):
        issue = Positions("Drawn", {name: Actor(random.randint(0, 20), random.randint(1, 9), R(random.randint(1, 10), 10)) for name in "ABCDEF"})
        solution = solve(issue, WeightedPositions())
        found = solution.extreme[0]
        assert str(found.quantities["weighted median"]) in found.outcome.split(), f"seed 8, trial {trial}"
        line = issue.positions
        step = np.array([[float(issue.beats(y, x)) if x != y else 0.0 for y in line] for x in line]) / len(line)
        step += np.diag(1 - step.sum(axis=1))
        power = np.linalg.matrix_power(step, 4000)[0]
        assert np.allclose(power, [float(found.quantities[f"stationary chance of {x}"]) for x in line], atol=1e-9)
        for name, value in found.quantities.items():
            wrong = replace(found, quantities={**found.quantities, name: value + R(1, 97)})
            assert certify(replace(solution, regimes=(replace(solution.regimes[0], equilibria=(wrong,)),))).refuted, name
