"""Brinkmanship: the window of risks, found by solving the tree for all chances."""

import random

import pytest
import sympy as sp

from bargain import Space, Status, solve
from bargain.cli import main
from bargain.models.classics import brinkmanship as m
from bargain.regions import GT, Cell

R = sp.Rational


def working() -> list[Cell]:
    """Where A threatens and a moderate B withdraws."""
    solution = solve(m.game, m.model.main[1])
    assert solution.status is Status.PROVED
    return [cell for r in solution.regimes if all("moderate/withdraw" in e.outcome for e in r.extreme()) for cell in r.condition]


def test_the_window_of_risks() -> None:  # D2.1
    cells, space = working(), Space(m.NOTATION)
    inside = Cell.of(m.q > R(3, 5), 8 * m.q * m.p < 3 * (1 - m.p))
    assert all(space.implies(cell.closure(), inside.closure()).answer for cell in cells)
    assert space.uncovered([cell.closure() for cell in cells], inside).answer is False
    assert m.model.at({"p": "3/10"})["greatest risk that is taken"] == R(7, 8)


def test_the_window_is_open_iff_hard_liners_are_rare() -> None:  # D2.1b
    cells, space = working(), Space(m.NOTATION)
    assert not any(space.feasible(cell.where(m.p - R(5, 13), GT)).answer for cell in cells)
    assert space.feasible(cells[0].where(m.p - R(5, 13) + R(1, 1000), GT)).answer


def test_chances_at_random_agree_with_expected_payoffs() -> None:
    draw, solution = random.Random(3), solve(m.game, m.model.main[1])
    for _ in range(200):
        p, q = (R(draw.randint(1, 39), 40) for _ in range(2))
        scared = 2 - 10 * q < -4
        threat = p * (-2 - 8 * q) + (1 - p) * (1 if scared else -2 - 8 * q)
        found = solution.at(p=p, q=q).outcomes
        if 2 - 10 * q != -4 and threat != -2:
            assert [("threaten" in outcome, "moderate/withdraw" in outcome) for outcome in found] == [(bool(threat > -2), bool(threat > -2 and scared))], (p, q)


@pytest.mark.parametrize("form", ["text", "json", "latex", "html", "csv"])
def test_the_model_prints_in_every_format(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", "classics/brinkmanship", "--at", "baseline", "--format", form]) == 0
    assert capsys.readouterr().out
