"""Equal areas and equal lengths along a frontier, written as one proposal: kinks, flat pieces and irrational points verify, and nothing else does."""

from dataclasses import replace
from pathlib import Path

import pytest
import sympy as sp
from moved_numbers import checked, unrefuted

import bargain as bg
from bargain.errors import NotApplicable
from bargain.findings.settlements import Located
from bargain.portable import certificate_json
from bargain.solution import Solution
from bargain.solving import solve

KINKED = bg.BargainingProblem("Kinked", ("A", "B"), {"A": "1/2", "B": 0}, vertices=((0, 0), (0, 3), (2, 2), (4, 0)))
SETS = {
    "kinked": KINKED,
    "flat pieces": bg.BargainingProblem("Flat", ("A", "B"), {"A": "1/3", "B": "1/4"}, vertices=((0, 0), (0, 2), (1, 2), (3, 1), (3, 0), (1, 1))),
    "many corners": bg.BargainingProblem("Round", ("A", "B"), {"A": "-1/5", "B": "1/7"}, vertices=((-1, 0), (0, 3), (1, "14/5"), (2, 2), ("5/2", "1/2"))),
    "nothing to gain": replace(KINKED, disagreement={"A": 4, "B": 0}),
}
SOLVERS = (bg.EqualArea(), bg.PerlesMaschler())
COVERED = tuple(solver.concept for solver in SOLVERS)


def altered(solution: Solution, **given: object) -> Solution:
    (regime,) = solution.regimes
    (found,) = regime.extreme()
    return replace(solution, regimes=(replace(regime, equilibria=(replace(found, **given),)),))  # type: ignore[arg-type]


def unnoticed(kind: str, solver: object, tmp_path: Path, count: int) -> list[object]:
    """Numbers that can be moved, but for lotteries: the inspector may propose any, and one may reach more than a corner of the frontier."""
    vain = ("payoffs",) if kind == "nothing to gain" else ()
    found = unrefuted(certificate_json(solve(SETS[kind], solver)), tmp_path, count, f"{kind} {solver}", vain)
    return [path for path in found if not str(path[-1]).startswith("chance of corner")]


@pytest.mark.parametrize("solver", SOLVERS, ids=str)
@pytest.mark.parametrize("kind", SETS)
def test_what_halves_the_frontier_verifies_and_moved_numbers_are_refuted(kind: str, solver: object, tmp_path: Path) -> None:
    report = checked(certificate_json(solve(SETS[kind], solver)), tmp_path)
    assert report.verified, (report.refuted[:3], report.undecided[:3])
    assert not unnoticed(kind, solver, tmp_path, 2)


@pytest.mark.slow
@pytest.mark.parametrize("solver", SOLVERS, ids=str)
@pytest.mark.parametrize("kind", SETS)
def test_many_moved_numbers_are_refuted(kind: str, solver: object, tmp_path: Path) -> None:
    assert not unnoticed(kind, solver, tmp_path, 12)


@pytest.mark.parametrize("solver", SOLVERS, ids=str)
def test_another_point_and_another_walk_are_refuted(solver: object, tmp_path: Path) -> None:
    solution, other = solve(KINKED, solver), solve(KINKED, SOLVERS[solver == SOLVERS[0]])
    (found,), (wrong,) = solution.extreme, other.extreme
    assert isinstance(found, Located) and checked(certificate_json(solution), tmp_path).verified
    assert checked(certificate_json(altered(solution, payoffs=wrong.payoffs)), tmp_path).refuted
    inner = (found.points[0], found.points[-1])  # a chord: the corner between lies beyond it
    halved = {p: (a + b) / 2 for p, a, b in zip(KINKED.players, *inner, strict=True)}
    assert checked(certificate_json(altered(solution, points=inner, payoffs=halved)), tmp_path).refuted
    assert checked(certificate_json(altered(solution, outcome="no gains from trade", payoffs=dict(KINKED.disagreement))), tmp_path).refuted


def test_frontiers_with_symbols_or_three_players_are_refused() -> None:
    height = sp.Symbol("h", real=True)
    notation = bg.Notation((bg.Parameter(height, "height", domain="(1, 2)", baseline="3/2"),))
    free = bg.BargainingProblem("Free", ("A", "B"), {"A": 0, "B": 0}, vertices=((0, 0), (0, height), (1, 0)), notation=notation)
    with pytest.raises(NotApplicable, match="polygons with numbers"):
        certificate_json(solve(free, bg.EqualArea()))
