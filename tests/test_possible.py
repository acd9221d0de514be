"""Which outcomes are possible: witnesses are equilibria, the impossible ones have no region, and nothing is left undecided."""

from random import Random
from typing import Any

import pytest
import sympy as sp

from bargain import Game, NotApplicable, Notation, Parameter, SubgamePerfect, SubgamePerfectOutcomes, chance, decision, payoffs, possible_outcomes, solve
from bargain.models.classics import ultimatum
from bargain.models.ukraine import grand_bargain as grand
from bargain.models.ukraine import guarantees
from bargain.regions import Space

SYMBOLS = s, t, u = sp.symbols("s t u", real=True)


def tree(seed: int, *, curved: bool = False) -> Game:
    """A seeded tree of three players with few distinct payoffs, hence with ties; every parameter in [-1, 1]."""
    draw = Random(seed)

    def node(left: int) -> Any:
        if left == 0:
            extra = draw.choice((0, s * t, -t * u)) if curved else 0
            return payoffs(**{player: draw.randint(-1, 2) + draw.choice((0, s, -s, t, u)) + extra for player in "ABC"})
        return decision(draw.choice("ABC"), {name: node(left - 1) for name in "lmr"[: draw.choice((2, 2, 3))]})

    rows = tuple(Parameter(x, "payoff", domain="[-1, 1]", prior=(-1, 1), baseline=0) for x in SYMBOLS)
    return Game(f"seed {seed}", ("A", "B", "C"), Notation(rows), node(3))


def test_games_with_offers_are_refused() -> None:
    with pytest.raises(NotApplicable, match="finite tree"):
        possible_outcomes(ultimatum.game)


@pytest.mark.parametrize(("seed", "curved"), [*((seed, False) for seed in range(10)), (0, True), (3, True)])
def test_the_possible_outcomes_are_those_with_a_region(seed: int, curved: bool) -> None:
    """Few draws, so that the decider has to find what drawing missed."""
    game = tree(seed, curved=curved)
    found = possible_outcomes(game, draws=20)
    regions = {"/".join(regime.equilibria[0].path) for regime in solve(game, SubgamePerfectOutcomes()).regimes}  # type: ignore[union-attr]
    assert not found.undecided and set(found.possible) == regions
    for verdict in found.verdicts:
        if verdict.possible:
            assert verdict.witness is not None and Space(game.notation).contains(verdict.witness)
            assert verdict.path in {e.path for e in solve(game, SubgamePerfect(), at=verdict.witness).extreme}


def test_an_outcome_that_needs_a_tie_is_possible_and_said_to_need_it() -> None:
    game = Game("Tie", ("A",), tree(0).notation, decision("A", low=payoffs(A=s - 1), high=payoffs(A=0), none=payoffs(A=s - 2)))
    verdicts = {verdict.outcome: verdict for verdict in possible_outcomes(game, draws=10).verdicts}
    assert verdicts["low"].possible and verdicts["low"].ties_only and verdicts["low"].witness == {s: 1, t: verdicts["low"].witness[t], u: verdicts["low"].witness[u]}
    assert verdicts["high"].possible and not verdicts["high"].ties_only and verdicts["none"].possible is False


def test_chance_moves_count_a_play_for_each_combination_of_branches() -> None:
    game = Game("Lottery", ("A",), tree(0).notation, chance(
        l=(sp.Rational(1, 2), decision("A", a=payoffs(A=s), b=payoffs(A=0))), r=(sp.Rational(1, 2), decision("A", a=payoffs(A=s), b=payoffs(A=1)))))
    assert possible_outcomes(game, draws=10).impossible == ("{l/b | r/a}",)  # s <= 0 and s >= 1
    half = possible_outcomes(game, free=["t"])  # s = 0: only the branch on the left ties
    assert set(half.possible) == {"{l/a | r/b}", "{l/b | r/b}"}


def test_the_proposal_game_over_its_priors_has_the_outcomes_of_its_regions() -> None:
    free = ["d", "e_P", "F_R"]
    found = possible_outcomes(guarantees.game, free=free)
    box = {parameter.symbol: parameter for parameter in found.problem.notation}
    assert not found.undecided and {str(symbol) for symbol in box} == set(free)
    regions = solve(found.problem, SubgamePerfectOutcomes())
    assert set(found.possible) == {"/".join(regime.equilibria[0].path) for regime in regions.regimes}  # type: ignore[union-attr]


@pytest.mark.slow
def test_every_outcome_of_the_grand_tree_with_all_parameters_free_is_decided() -> None:
    found = possible_outcomes(grand.game)
    assert (len(found.possible), len(found.impossible), found.undecided) == (178, 86, ())
    space = Space(found.problem.notation)
    for verdict in found.verdicts[::13]:
        if verdict.witness is not None:
            assert space.contains(verdict.witness)
            assert verdict.path in {e.path for e in solve(found.problem, SubgamePerfect(), at=verdict.witness).extreme}
