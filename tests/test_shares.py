"""Shares of the prior: exact where conditions are affine, estimated with an honest error elsewhere."""

import random
from fractions import Fraction
from itertools import combinations
from math import comb, factorial, log

import pytest
import sympy as sp

from bargain import BadInput, Cell, Nash, Notation, Parameter, Region, SubgamePerfect, outcome_shares, regime_shares, share, solve
from bargain.analysis.priors import PriorBox
from bargain.analysis.shares import _Measure
from bargain.kernels.volume import box, split, volume
from bargain.models.classics import crisis_status_quo, deterrence, trip_wire, two_by_two

p, c, w, v = sp.symbols("p c w v", real=True)
UNIT = Notation(tuple(Parameter(symbol, "free", prior=(0, 1)) for symbol in (p, c, w, v)))
THIRD = sp.Rational(1, 3)


def test_a_prior_that_is_missing_misplaced_or_contradictory_is_refused() -> None:
    bare = Notation((Parameter(p, "free"),))
    with pytest.raises(BadInput, match="neither a prior nor a baseline"):
        share(Cell.of(p > 0), bare)
    with pytest.raises(BadInput, match="no parameter has a prior"):
        share(Cell.of(p > 0), bare, prior={"p": 1})
    with pytest.raises(BadInput, match="not an interval"):
        share(Cell.of(p > 0), bare, prior={"p": (2, 1)})
    with pytest.raises(BadInput, match="outside the domain"):
        share(Cell.of(p > 0), Notation((Parameter(p, "free", domain="[0, 1]"),)), prior={"p": (2, 3)})
    ordered = Notation(UNIT.parameters[:2], (p < c,))
    with pytest.raises(BadInput, match="no admissible part"):
        share(Cell.of(p > 0), ordered, prior={"p": ("3/5", 1), "c": (0, "1/2")})
    with pytest.raises(BadInput, match="contradict"):
        share(Cell.of(p > 0), Notation((*ordered.parameters, Parameter(w, "free", prior=(0, 1))), (p < c,)), prior={"p": 1, "c": 0})


def test_the_whole_and_the_empty_region_and_a_hyperplane() -> None:
    assert [share(region, UNIT).value for region in (Region.everything(), Region(), Region((Cell.of(sp.Eq(p, c)),)), Cell.of(sp.Ne(p, c)))] == [1, 0, 0, 1]


@pytest.mark.parametrize("dimension", [1, 2, 3, 4, 5, 6])
def test_the_volume_below_a_sum_is_that_of_the_irwin_hall_distribution(dimension: int) -> None:
    t = Fraction(4 * dimension, 9)
    expected = sum(((-1) ** k * comb(dimension, k) * (t - k) ** dimension for k in range(dimension + 1) if k <= t), Fraction(0)) / factorial(dimension)
    below, above = split(box([(Fraction(0), Fraction(1))] * dimension), [Fraction(1)] * dimension, -t)
    assert below is not None and above is not None
    assert volume(below) == expected and volume(above) == 1 - expected


@pytest.mark.parametrize("seed", range(6))
def test_unions_count_overlaps_once(seed: int) -> None:
    draw = random.Random(seed)

    def cell() -> Cell:
        found = Cell()
        for _ in range(3):
            found = found.where(sum(draw.randint(-3, 3) * s for s in (p, c, w, v)) + sp.Rational(draw.randint(-2, 2), 3), draw.choice((1, 3, 4, 6)))
        return found

    cells = [cell() for _ in range(3)]
    signed = sum((-1) ** (size + 1) * sum(share(_all(group), UNIT).value for group in combinations(cells, size)) for size in (1, 2, 3))
    assert share(Region(tuple(cells)), UNIT).value == signed


def _all(cells: tuple[Cell, ...]) -> Cell:
    joined = Cell()
    for cell in cells:
        joined = joined & cell
    return joined


def test_products_of_affine_factors_are_exact() -> None:
    assert share(Cell.of((p - THIRD) * (c - sp.Rational(1, 4)) > 0), UNIT).value == sp.Rational(7, 12)
    assert share(Cell.of((p - THIRD) ** 2 * (c - sp.Rational(1, 4)) > 0), UNIT).value == sp.Rational(3, 4)


def test_fixed_values_and_assumptions_condition_the_prior() -> None:
    assert share(Cell.of(p * c > sp.Rational(1, 4)), UNIT, prior={"c": "1/2"}).value == sp.Rational(1, 2)
    ordered = Notation(UNIT.parameters, (p < c,))
    assert share(Cell.of(c - p > sp.Rational(1, 2)), ordered).value == sp.Rational(1, 4)
    assert share(Cell.of(c > sp.Rational(1, 2)), ordered).value == sp.Rational(3, 4)  # the assumption matters although p does not occur
    assert share(Cell.of(w > sp.Rational(1, 5)), ordered).value == sp.Rational(4, 5)


def test_polynomial_conditions_are_estimated_and_say_so() -> None:
    found = share(Cell.of(p * c < sp.Rational(1, 4)), UNIT)
    assert not found.exact and 0 < found.error < 1e-3 and abs(float(found) - (1 + log(4)) / 4) < 5 * found.error
    assert share(Cell.of(p * c < sp.Rational(1, 4)), UNIT) == found != share(Cell.of(p * c < sp.Rational(1, 4)), UNIT, seed=1)


def test_estimates_agree_with_exact_shares() -> None:
    solution = solve(crisis_status_quo.game, SubgamePerfect(exact=True))
    measure = _Measure(PriorBox.of(solution.problem.notation), solution.problem.notation, 0)
    for regime, exact in zip(solution.regimes, regime_shares(solution), strict=True):
        estimate = measure._estimate(list(regime.condition.cells))
        assert exact.exact and abs(float(exact) - float(estimate)) <= 5 * estimate.error + 1e-12


def test_the_regimes_of_the_deterrence_game_share_the_prior_as_computed_by_hand() -> None:
    prior = {"g": (0, 1), "l": 1, "a": "1/2", "w_C": (-1, 1), "w_D": (-3, 1)}
    shares = [found.value for found in solve(deterrence.game, SubgamePerfect()).shares(prior)]
    assert shares == [sp.Rational(1, 4), sp.Rational(3, 8), sp.Rational(1, 8), sp.Rational(1, 4)]


@pytest.mark.parametrize("game", [deterrence.game, crisis_status_quo.game])
def test_disjoint_regimes_fill_the_prior_exactly(game: object) -> None:
    prior = {"g": (0, 2), "l": (0, 3), "a": ("1/3", 1), "w_C": (-1, 1), "w_D": (-2, 1)} if game is deterrence.game else None
    assert sum(found.value for found in regime_shares(solve(game, SubgamePerfect()), prior=prior)) == 1


def test_outcomes_that_coexist_are_counted_for_each() -> None:
    names = ("a_UL", "a_DR", "b_UL", "b_DR")
    solution = solve(two_by_two.matrix, Nash(), free=names, at={"a_UR": 0, "a_DL": 0, "b_UR": 0, "b_DL": 0})
    found = outcome_shares(solution)
    pure = [found[f"{row},{column}"].value for row in ("up", "down") for column in ("left", "right")]
    assert pure == [sp.Rational(1, 4)] * 4 and all(value.exact for value in found.values())
    assert sum(value.value for value in found.values()) - 1 == sp.Rational(1, 4)  # the mixed one, in games of matching and of coordination


def test_bilinear_regimes_still_add_up_to_one_within_the_error() -> None:
    shares = regime_shares(solve(trip_wire.game, SubgamePerfect()))
    assert abs(sum(map(float, shares)) - 1) < 1e-9 and not any(found.exact for found in shares)
