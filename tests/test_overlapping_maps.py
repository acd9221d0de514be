"""Maps of coexisting equilibria: areas are the cells of the overlay, named by the set of equilibria that exist there."""

from typing import Any

import numpy as np
import pytest
import sympy as sp

import bargain as bg
from bargain import BadInput, figures
from bargain.figures.areas import Areas, Chart, without_lines
from bargain.notation import Notation
from bargain.regions import Cell, Region
from bargain.solution import Equilibrium, Regime, Solution, Status

a, q = sp.symbols("a q", real=True)


def hunt() -> bg.Game:
    """A stag hunt: both hunt the stag (worth a each) or the hare (worth q)."""
    def worth(own: str, other: str) -> Any:
        return q if own == "hare" else a if other == "stag" else 0

    def second(x: str) -> Any:
        return bg.decision("B", {y: bg.payoffs(A=worth(x, y), B=worth(y, x)) for y in ("stag", "hare")}, information_set="B")

    table = (bg.Parameter(a, "worth of a stag", domain="[0, 4]", baseline=3), bg.Parameter(q, "worth of a hare", domain="[0, 2]", baseline=1))
    return bg.Game("Hunt", ("A", "B"), table, bg.decision("A", {x: second(x) for x in ("stag", "hare")}))


def regions(*parts: tuple[str, Cell]) -> Solution:
    """A solution made by hand: named existence regions over the unit square."""
    table = Notation(tuple(bg.Parameter(s, "", domain="[0, 1]") for s in (a, q)))
    problem = bg.Game("made", ("A",), table, bg.payoffs(A=0))
    found = tuple(Regime(Region((cell,)), (Equilibrium("test", {}, {}, outcome=name),)) for name, cell in parts)
    return Solution(problem, bg.Sequential(), Status.PROVED, found, overlapping=True)


def test_each_area_is_named_by_the_equilibria_that_exist_there() -> None:
    solution = bg.solve(hunt(), bg.Sequential())
    assert solution.overlapping
    figure = figures.exact_regime_map(solution, "a", "q")
    assert sorted(text.get_text() for text in figure.axes[0].texts) == ["a, b, c", "b"]
    entries = [text.get_text().replace("\n", " ") for text in figure.legends[0].get_texts()]
    assert entries == ["b: (start): hare, B: hare", "a, b, c", "a: (start): stag, B: stag", "c: (start): stag or hare, B: stag or hare", "baseline"]
    segments = np.array(figure.axes[0].collections[-1].get_segments()).reshape(-1, 2)
    inner = segments[(segments > 0.01).all(axis=1) & (segments[:, 0] < 3.99) & (segments[:, 1] < 1.99)]
    assert len(inner) > 50 and np.abs(inner[:, 0] - inner[:, 1]).max() < 1e-9  # the border is a = q itself


def test_the_overlay_has_the_equilibria_of_exact_solutions() -> None:
    solution = bg.solve(hunt(), bg.Sequential())
    chart = Chart.of(solution, (a, q))
    for x, y in [("3", "1"), ("1", "3/2"), ("7/2", "1/3"), ("1/7", "1/5")]:
        (code,) = chart.codes(np.array([float(sp.Rational(x))]), np.array([float(sp.Rational(y))]))
        exact = {e.outcome for e in bg.solve(hunt(), bg.Sequential(), at={a: x, q: y}).extreme}
        assert {chart.names[place] for place in chart.members(int(code))} == exact


def test_short_names_stand_in_the_plot_and_several_are_hatched() -> None:
    half = sp.Rational(1, 2)
    solution = regions(("war", Cell.of(a >= half)), ("peace", Cell.of(q >= half)), ("truce", Cell.of(a < half, q < half)))
    chart = Chart.of(solution, (a, q))
    grid = without_lines(chart.codes(*np.meshgrid(np.linspace(0, 1, 41), np.linspace(0, 1, 41))))
    areas = Areas.of(chart, grid)
    assert areas.marks == areas.entries == ("war", "peace", "truce", "war and peace") and areas.others == ()
    assert [hatch != "" for _, hatch in areas.looks] == [False, False, False, True]
    assert len(set(areas.looks)) == 4 and len({colour for colour, _ in areas.looks}) == 4


def test_regions_of_one_name_are_one_and_disjoint_maps_stay_as_they_were() -> None:
    half = sp.Rational(1, 2)
    parts = (("war", Cell.of(a > half)), ("peace", Cell.of(a < half, q > half)), ("war", Cell.of(a < half, q < half)))
    for overlapping in (True, False):
        made = regions(*parts)
        chart = Chart.of(Solution(made.problem, made.solver, made.status, made.regimes, overlapping=overlapping), (a, q))
        codes = chart.codes(np.array([0.7, 0.2, 0.2, -1.0]), np.array([0.2, 0.7, 0.2, 0.5]))
        assert [tuple(chart.names[place] for place in chart.members(int(code))) for code in codes[:3]] == [("war",), ("peace",), ("war",)]
        assert codes[3] == -1  # outside the domain
        assert Areas.of(chart, codes[:3].reshape(1, 3)).marks == ("war", "peace")


def test_codes_on_lines_only_disappear() -> None:
    grid = np.array([[1, 1, 2, 3, 3], [1, 1, 2, 3, 3], [1, 1, 2, 3, 3]])
    assert set(np.unique(without_lines(grid))) == {1, 3}
    assert (without_lines(np.array([[1, 2], [2, 1]])) == [[1, 2], [2, 1]]).all()


def test_other_parameters_are_refused() -> None:
    solution = bg.solve(hunt(), bg.Sequential())
    with pytest.raises(BadInput, match="also depend on q"):
        Chart.of(solution, (a, sp.Symbol("z", real=True)))


def test_an_outcome_map_of_several_equilibria_joins_their_labels() -> None:
    from bargain.report.evaluate import Evaluation
    from bargain.report.outcomes import outcome_data

    def silent(text: str) -> None:
        """Say nothing."""

    model = bg.Model("hunt", problems={"game": (hunt(), bg.Sequential())}, summary="Hunting.")
    chart = bg.OutcomeMap("Prey", "game", (a, 0, 4), (q, "1/2", 2), lambda path: path[0])
    data = outcome_data(chart, Evaluation(model.at(), silent))
    assert "stag and hare" in data.names and "hare" in data.names
    place = {name: k for k, name in enumerate(data.names)}
    i, j = len(data.y) // 2, len(data.x) - 1  # q = 5/4, a = 4
    assert data.codes[0][i, j] == place["stag and hare"] and data.codes[0][i, 0] == place["hare"]
