"""Extensive-form correlation: it contains and is contained as theory says, and the certificate refuses disobedience."""

from dataclasses import replace

import numpy as np
import pytest
import sympy as sp
from test_information import random_game

import bargain as bg
from bargain import Game, chance, decision, payoffs, simultaneous
from bargain.certify import certify
from bargain.games.strategic import strategic_form
from bargain.solvers.information.extensive_correlated import ExtensiveFormCorrelatedEquilibrium
from bargain.solvers.matrices.correlated import CoarseCorrelatedEquilibrium, CorrelatedEquilibrium

R = sp.Rational


def end(a: object, b: object) -> object:
    return payoffs(A=a, B=b)


def value(game: object, solver: object) -> sp.Expr:
    solution = bg.solve(game, solver)
    assert solution.certificate.passed
    return solution.equilibria[0].value


def test_one_shot_games_have_the_usual_correlated_equilibria() -> None:
    stage = simultaneous({"A": "CD", "B": "CD"}, {("C", "C"): end(6, 6), ("C", "D"): end(2, 7), ("D", "C"): end(7, 2), ("D", "D"): end(0, 0)})
    chicken = Game("chicken", ("A", "B"), (), stage)
    assert value(chicken, ExtensiveFormCorrelatedEquilibrium()) == R(21, 2)
    assert value(chicken, ExtensiveFormCorrelatedEquilibrium(coarse=True)) == value(
        bg.MatrixGame.from_arrays([[6, 2], [7, 0]], [[6, 7], [2, 0]]), CoarseCorrelatedEquilibrium())


def signalling() -> Game:
    """A sender of two types whose reports are cheap talk, and a receiver who would like to accept only good ones."""
    def said(kind: str, word: str) -> object:
        pay = {"good": ((4, 10), (0, 6)), "bad": ((6, 0), (0, 6))}[kind]
        return decision("B", accept=end(*pay[0]), reject=end(*pay[1]), information_set=f"heard {word}")

    return Game("screening", ("A", "B"), (), chance(
        good=("1/2", decision("A", X=said("good", "X"), Y=said("good", "Y"), information_set="good type")),
        bad=("1/2", decision("A", X=said("bad", "X"), Y=said("bad", "Y"), information_set="bad type"))))


def test_hidden_recommendations_let_a_sender_be_believed() -> None:
    """No Nash or correlated equilibrium of the strategic form has B accept (both reports are free); with moves told one set at a time one has."""
    game = signalling()
    plain, extensive, coarse = (value(game.strategic_form(reduced=True) if solver is CorrelatedEquilibrium else game, made) for solver, made in [
        (CorrelatedEquilibrium, CorrelatedEquilibrium()), (None, ExtensiveFormCorrelatedEquilibrium()), (None, ExtensiveFormCorrelatedEquilibrium(coarse=True))])
    assert plain == 6 < extensive <= coarse
    assert extensive == 10  # payoffs (7/2, 13/2): von Stengel and Forges (2008), section 2.2


@pytest.mark.parametrize("seed", range(10))
def test_each_notion_is_weaker_than_the_one_before(seed: int) -> None:
    game = random_game(np.random.default_rng(40 + seed), 4)
    for objective in ({"A": 1, "B": 1}, {"A": 1, "B": -2}):
        matrix = strategic_form(game, reduced=True)
        chain = [value(matrix, CorrelatedEquilibrium(objective)), value(game, ExtensiveFormCorrelatedEquilibrium(objective)),
                 value(game, ExtensiveFormCorrelatedEquilibrium(objective, coarse=True)), value(matrix, CoarseCorrelatedEquilibrium(objective))]
        assert chain == sorted(chain)


def test_the_certificate_refutes_disobedience() -> None:
    solution = bg.solve(signalling(), ExtensiveFormCorrelatedEquilibrium())
    right = solution.equilibria[0]
    cell = next(cell for cell in right.lottery if cell[1] == "accept & accept")
    moved = {c: R(int(c == cell)) for c in right.lottery}
    paid = dict(zip("AB", strategic_form(signalling(), reduced=True)[cell], strict=True))
    wrong = replace(right, lottery=moved, payoffs=paid)
    assert any("obedience" in reason for reason in certify(replace(solution, regimes=(replace(solution.regimes[0], equilibria=(wrong,)),))).refuted)
