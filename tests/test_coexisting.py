"""Coexisting subgame-perfect outcomes: the exact region of each, against backward induction at points and the other route."""

from dataclasses import replace
from random import Random
from typing import Any

import pytest
import sympy as sp

from bargain import (
    Cell,
    Game,
    MatrixGame,
    NotApplicable,
    Notation,
    Parameter,
    Regime,
    Region,
    Space,
    Status,
    SubgamePerfect,
    SubgamePerfectOutcomes,
    decision,
    payoffs,
    solve,
)
from bargain.certify import certify
from bargain.models.classics import deterrence, ultimatum
from bargain.models.ukraine import guarantees

R = sp.Rational
SYMBOLS = s, t = sp.symbols("s t", real=True)


def random_tree(seed: int, depth: int = 3) -> Game:
    """A seeded tree with few distinct payoffs, hence with ties."""
    random = Random(seed)

    def node(left: int) -> Any:
        if left == 0 or random.random() < 0.1:
            return payoffs(**{player: random.randint(0, 2) + random.choice([0, 0, s, t, -s]) for player in "ABC"})
        return decision(random.choice("ABC"), {name: node(left - 1) for name in ("l", "m", "r")[:random.choice([2, 2, 3])]})

    notation = Notation(tuple(Parameter(x, "payoff", domain="[-1, 1]") for x in SYMBOLS))
    return Game(title=f"seed {seed}", players=("A", "B", "C"), notation=notation, root=decision("A", l=node(depth - 1), r=node(depth - 1)))


@pytest.mark.parametrize("problem", [ultimatum.game, MatrixGame.from_arrays([[1]], [[1]])])
def test_only_trees_of_decisions_are_accepted(problem: Any) -> None:
    with pytest.raises(NotApplicable):
        solve(problem, SubgamePerfectOutcomes())


@pytest.mark.parametrize("seed", range(12))
def test_the_outcomes_at_a_point_are_those_of_backward_induction_ties_included(seed: int) -> None:
    random, game = Random(seed), random_tree(seed)
    solution = solve(game, SubgamePerfectOutcomes())
    assert solution.status is Status.PROVED and solution.overlapping
    for _ in range(12):
        q = random.choice([1, 2, 97])
        point = {x: R(random.randint(-q, q), q) for x in SYMBOLS}
        numeric = solve(game, SubgamePerfect(), at=point)
        here = solution.at(point)
        assert {e.path for e in here.extreme} == {e.path for e in numeric.extreme}, f"seed {seed} at {point}"
        assert {e.path: dict(e.payoffs) for e in here.extreme} == {e.path: dict(e.payoffs) for e in numeric.extreme}


def test_the_regions_of_the_deterrence_game_are_those_of_its_regimes() -> None:
    regions = solve(deterrence.game, SubgamePerfectOutcomes())
    regimes = solve(deterrence.game, SubgamePerfect())
    space = Space(deterrence.NOTATION)
    for regime in regimes.regimes:
        for cell in regime.condition:
            here = {r.equilibria[0].path for r in regions.regimes if space.uncovered(r.condition, cell).answer is False}  # type: ignore[union-attr]
            assert here == {e.path for e in regime.extreme()}


def test_a_game_without_parameters_has_one_answer() -> None:
    game = guarantees.game.at(guarantees.NOTATION.point({}))
    solution = solve(game, SubgamePerfectOutcomes())
    assert solution.status is Status.CERTIFIED
    assert {e.path for r in solution.regimes for e in r.extreme()} == {e.path for e in solve(game, SubgamePerfect()).extreme}


# The proposal game of the study

def test_the_outcomes_of_the_proposal_game_coexist_where_russia_fights_on_anyway() -> None:
    solution = solve(guarantees.game, SubgamePerfectOutcomes(), free=["d", "e_P", "F_R"])
    assert solution.status is Status.PROVED and "cover of the parameter space: proved" in solution.certificate.checks
    regions = {"/".join(r.equilibria[0].path): r.condition for r in solution.regimes}  # type: ignore[union-attr]
    assert set(regions) == {"N/approve/F", "M/approve/F", "B/approve/C", "B/approve/F", "P/approve/C", "P/approve/F", "W/approve/C", "W/approve/F", "A/decline/F"}
    d, e_p, f_r = (solution.problem.notation[name].symbol for name in ("d", "e_P", "F_R"))
    fights = Cell.of(f_r - d >= -R(3, 100), 100 * f_r - 100 * d + 100 * e_p - 3 >= 0)  # no approved arrangement is worth more to Russia
    for j in "BPW":
        assert regions[f"{j}/approve/F"] == Region((fights,))
    (here,) = {frozenset(r.payoffs["US"] for r in solution.at({d: 0, e_p: "0.11", f_r: "-0.02"}).extreme)}
    assert len(here) == 3


def test_a_region_too_wide_too_narrow_or_missing_is_refuted() -> None:
    solution = solve(guarantees.game, SubgamePerfectOutcomes(), free=["d", "e_P"])
    first, *others = solution.regimes
    (cell,) = first.condition.cells
    wide, narrow = Cell(cell.atoms[1:]), cell.where(solution.problem.notation["d"].symbol - R(1, 50), 4)
    for wrong in ((replace(first, condition=Region((wide,))), *others), (replace(first, condition=Region((narrow,))), *others), tuple(others)):
        assert certify(replace(solution, regimes=wrong)).refuted
    assert isinstance(first, Regime) and certify(solution).passed
