"""Offers with several ways to answer: ties on whole intervals of offers, continua, and agreement with backward induction on a grid of offers."""

import random
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp

from bargain import Game, NotApplicable, Region, Space, Status, SubgamePerfect, decision, offer, payoffs, solve
from bargain.models.classics import crisis_status_quo as crisis
from bargain.regions import NE

R = sp.Rational
x = sp.Symbol("x", real=True)
STEP = Fraction(1, 480)  # every cut of the random games lies on this grid


def proposal(answers: dict[str, tuple[Any, ...]], players: tuple[str, ...] = ("A", "B")) -> Game:
    """A proposes a share in [0, 1]; B's answers pay as given."""
    ends = {name: payoffs(dict(zip(players, values, strict=True))) for name, values in answers.items()}
    return Game("Offer", players, (), offer("A", x, between=(0, 1), answer=decision("B", ends)))  # type: ignore[arg-type]


def test_two_ways_to_refuse_that_tie_leave_no_stratum_of_the_ultimatum_crisis_unsolved() -> None:
    solution, space = solve(crisis.ultimatum, SubgamePerfect(exact=True)), Space(crisis.NOTATION)
    assert solution.status is Status.PROVED and solution.boundary == Region() and solution.certificate.passed
    assert space.uncovered([cell for regime in solution.regimes for cell in regime.condition]).answer is False
    for regime in solution.regimes:
        for equilibrium in regime.extreme():
            gap = equilibrium.payoffs["A"] - sp.Min(crisis.q, crisis.p + crisis.c_B)
            assert all(space.feasible(cell.where(gap, NE)).answer is False for cell in regime.condition)
    knife = solution.at(q="1/2", p="2/5", c_B="1/10", c_A="1/7")
    assert [(e.path[-1], *e.quantities.values()) for e in knife.extreme] == [("accept", R(1, 2)), ("keep", R(1, 2), 1)]


@pytest.mark.parametrize(("up", "down", "refused"), [((2 * x - R(3, 2)), 2 - 2 * x, False), (4 * x - 3, 4 - 4 * x, True)])
def test_replies_that_tie_everywhere_are_given_as_they_hurt_the_proposer_most(up: Any, down: Any, refused: bool) -> None:
    """For x > 3/4, B is indifferent between `up` and `down`, which A likes for high and for low offers."""
    game = proposal({"accept": (x, 1 - x), "up": (up, R(1, 4)), "down": (down, R(1, 4))})
    if refused:  # high offers answered by `up` are worth more than 3/4, and nothing makes one of them the best
        with pytest.raises(NotApplicable, match="continuum of offers of different worth to A"):
            solve(game, SubgamePerfect())
    else:
        assert [e.path for e in solve(game, SubgamePerfect()).extreme] == [("x = 3/4", "accept")]


def test_where_only_the_proposer_is_indifferent_both_ends_are_listed_and_the_list_is_not_called_complete() -> None:
    solution = solve(proposal({"accept": (1, 1 - x), "reject": (0, R(1, 2))}), SubgamePerfect())
    assert solution.status is Status.INCOMPLETE and solution.certificate.passed
    assert {e.path[0]: e.payoffs["B"] for e in solution.extreme} == {"x = 0": 1, "x = 1/2": R(1, 2)}
    watched = solve(proposal({"accept": (x, 1 - x, 0), "keep": (R(1, 2), R(1, 2), x)}, ("A", "B", "C")), SubgamePerfect())
    assert watched.status is Status.INCOMPLETE and {e.payoffs["C"] for e in watched.extreme} == {0, R(1, 2), 1}


def on_the_grid(answers: dict[str, tuple[Any, ...]]) -> set[tuple[Fraction, ...]]:
    """All subgame-perfect payoffs when offers are multiples of STEP."""
    rows = [[(Fraction(int(v.coeff(x, 1) * 4), 4), Fraction(int(v.coeff(x, 0) * 4), 4)) for v in map(sp.sympify, values)] for values in answers.values()]
    after = []
    for k in range(int(1 / STEP) + 1):
        paid = [tuple(slope * k * STEP + level for slope, level in row) for row in rows]
        best = max(row[1] for row in paid)
        after.append([row for row in paid if row[1] == best])
    secured = max(min(row[0] for row in rows) for rows in after)
    return {row for rows in after for row in rows if row[0] >= secured}


@pytest.mark.parametrize("seed", range(60))
def test_random_offers_with_ties_agree_with_backward_induction_on_a_grid(seed: int) -> None:
    draw = random.Random(seed)
    answers = {name: (draw.randint(-2, 2) * x + R(draw.randint(-4, 4), 4), draw.randint(-2, 2) * x + R(draw.randint(-4, 4), 4)) for name in "abc"}
    if seed % 2:
        answers["b"] = (answers["b"][0], answers["a"][1])  # a tie everywhere
    grid = on_the_grid(answers)
    try:
        solution = solve(proposal(answers), SubgamePerfect())
    except NotApplicable:
        worth = {row[0] for row in grid}
        assert max(worth) - min(worth) > 8 * STEP and len(worth) > 5  # the grid shows the continuum
        return
    assert solution.certificate.passed
    listed = {tuple(Fraction(int(v.p), int(v.q)) for v in (e.payoffs["A"], e.payoffs["B"])) for e in solution.extreme}
    assert listed <= grid
    if solution.status is Status.CERTIFIED:
        assert all(any(all(abs(a - b) <= 4 * STEP for a, b in zip(v, w, strict=True)) for w in listed) for v in grid)
    else:
        assert len({row[1] for row in grid}) > 5
