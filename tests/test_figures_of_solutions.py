"""Figures drawn from what the package computes: bargaining sets, quantal branches, convergence, tornado and Sobol plots, prints without colour."""

from itertools import combinations

import numpy as np
import pytest
import sympy as sp
from test_figures import assert_readable

import bargain as bg
from bargain import figures
from bargain.errors import BadInput
from bargain.figures.bars import Bar
from bargain.figures.regimes import look
from bargain.figures.sets import _hull, _upper
from bargain.figures.style import HATCHES, PALETTE
from bargain.games import BargainingProblem, MatrixGame
from bargain.models.classics import deterrence, rubinstein
from bargain.sensitivity.indices import SobolIndex, Swing, Tornado

t, k = sp.symbols("t k", real=True)
HALF = sp.Rational(1, 2)
POLYGON = BargainingProblem("Pie", ("A", "B"), {"A": 0, "B": HALF}, vertices=((0, 0), (0, 3), (2, 2), (4, 0), (1, 1)))
CURVE = BargainingProblem("Risk", ("A", "B"), {"A": 0, "B": 0}, curve=(t, (0, 1), {"A": sp.sqrt(t), "B": 1 - t}))
FINITE = BargainingProblem("Plans", ("A", "B"), {"A": 0, "B": 0}, points=((1, 1), (3, 0), (0, 3), (2, 2)))


def marked(figure, name):
    """The data of the line with a name in the legend."""
    (line,) = [line for line in figure.axes[0].lines if line.get_label() == name]
    return np.column_stack(line.get_data())


@pytest.mark.parametrize("problem", [POLYGON, CURVE], ids=["polygon", "curve"])
def test_solutions_lie_on_the_frontier_that_is_drawn(problem):
    solvers = {"Nash": bg.NashBargaining(), "Kalai–Smorodinsky": bg.KalaiSmorodinsky(), "egalitarian": bg.Egalitarian()}
    solved = {name: bg.solve(problem, solver) for name, solver in solvers.items()}
    figure = figures.bargaining_set_figure(problem, solved)
    assert_readable(figure)
    frontier = marked(figure, "frontier")
    assert (np.diff(frontier[:, 0]) >= 0).all() and (np.diff(frontier[:, 1]) <= 0).all()
    for name, solution in solved.items():
        ((x, y),) = marked(figure, name)
        paid = solution.extreme[0].payoffs
        assert (x, y) == pytest.approx((float(paid["A"]), float(paid["B"])))
        assert y == pytest.approx(np.interp(x, *frontier.T), abs=2e-3)
    shapes = {line.get_marker() for line in figure.axes[0].lines if line.get_label() in solved}
    assert len(shapes) == 3, "without colour the marks still differ"


def test_the_hull_leaves_out_inner_points_and_the_frontier_what_is_dominated():
    corners = _hull(np.array([[0, 0], [0, 3], [2, 2], [4, 0], [1, 1], [2, 0]], dtype=float))
    assert corners.tolist() == [[0, 0], [4, 0], [2, 2], [0, 3]]
    assert _upper(corners).tolist() == [[0, 3], [2, 2], [4, 0]]
    assert _upper(_hull(np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=float))).tolist() == [[1, 1]]


def test_efficient_alternatives_of_a_finite_set_are_filled_and_bad_sets_refused():
    figure = figures.bargaining_set_figure(FINITE, {"chosen": {"A": 2, "B": 2}})
    assert marked(figure, "efficient alternatives").tolist() == [[0, 3], [2, 2], [3, 0]]
    three = BargainingProblem("Three", ("A", "B", "C"), {"A": 0, "B": 0, "C": 0}, points=((1, 1, 1),))
    free = BargainingProblem("Free", ("A", "B"), {"A": k, "B": 0}, points=((1, 1),), notation=bg.Notation((bg.Parameter(k, "k"),)))
    for problem in (three, free):
        with pytest.raises(BadInput, match="two players and without free"):
            figures.bargaining_set_figure(problem, {})


def test_a_branch_passes_through_every_point_traced_and_ends_near_the_equilibrium():
    game = MatrixGame.from_arrays([[9, 0], [0, 1]], [[0, 1], [1, 0]])
    branch = bg.logit_branch(game, 60)
    (nash,) = bg.solve(game, bg.Nash()).extreme
    limits = {player: {name: float(p) for name, p in own[""].items()} for player, own in nash.strategies.items()}
    figure = figures.branch_figure(branch, limits=limits)
    assert_readable(figure)
    left, right = figure.axes
    for axes, player in ((left, "row"), (right, "column")):
        for line in axes.lines[::2]:
            x, y = line.get_data()
            action = line.get_label()
            for rationality, profile in zip(branch.rationality, branch.strategies, strict=True):
                assert np.hypot(x - rationality, y - profile[player][action]).min() < 1e-9
            assert y[-1] == pytest.approx(limits[player][action], abs=0.05)


def test_a_branch_of_a_tree_has_a_panel_per_information_set():
    point = deterrence.game.at(deterrence.NOTATION.baseline)
    traced = bg.quantal_branch(point, [0.0, 0.5, 1.0])
    figure = figures.branch_figure(traced)
    assert_readable(figure)
    assert [axes.get_title() for axes in figure.axes] == list(traced[0][1])
    with pytest.raises(BadInput, match="two points"):
        figures.branch_figure(traced[:1])


def test_alternating_offers_meet_as_they_come_faster():
    evaluate = bg.solve(*rubinstein.model.problems["pie"]).compile()
    period = np.linspace(0.005, 2, 60)
    offers = evaluate({"d_A": np.exp(-0.05 * period), "d_B": np.exp(-0.1 * period)}).quantities
    figure = figures.convergence_figure(period, {"A proposes": offers["x_A"], "B proposes": offers["x_B"]}, limit=2 / 3)
    assert_readable(figure)
    first, second = marked(figure, "A proposes"), marked(figure, "B proposes")
    gap = first[:, 1] - second[:, 1]
    assert (np.diff(gap) > 0).all() and gap[0] < 1e-3 and abs(first[0, 1] - 2 / 3) < 1e-3  # Binmore, Rubinstein and Wolinsky 1986: r_B/(r_A + r_B)


def test_tornado_and_sobol_plots_take_what_the_sensitivity_study_returns():
    found = Tornado("share", 0.7, (Swing("c_U", 0.9, 0.5), Swing("kw_dG", 0.6, 0.75)))
    figure = figures.tornado_figure(found)
    assert_readable(figure)
    assert [tick.get_text() for tick in figure.axes[0].get_yticklabels()] == ["$c_{U}$", r"$\mathrm{kw}_{\mathrm{dG}}$"]
    widths = {round(abs(bar.get_width()), 9) for bar in figure.axes[0].patches}
    assert widths == {0.2, 0.1, 0.05}
    indices = figures.index_figure([SobolIndex("ell", 0.1, 0.4), SobolIndex("F_R", 0.3, 0.35)])
    assert_readable(indices)
    assert [tick.get_text() for tick in indices.axes[0].get_yticklabels()] == [r"$\ell$", "$F_{R}$"]
    assert figures.tornado_figure([Bar("w", 1.0, 3.0)]).axes[0].lines[0].get_xdata()[0] == 2.0


def test_areas_of_a_map_differ_without_colour_too():
    """Hatches of the first eight outcomes differ, and as printed: the darkest pixels of two swatches never lie alike."""
    assert len({look(place)[1] for place in range(8)}) == 8 == len(HATCHES) == len(PALETTE)
    patterns = []
    for place in range(8):
        codes = np.full((20, 20), place)
        codes[0, :8] = range(8)  # all eight are present, so that each keeps its look
        figure = figures.regime_map(np.linspace(0, 1, 20), np.linspace(0, 1, 20), codes)
        figure.canvas.draw()
        grey = np.asarray(figure.canvas.buffer_rgba())[..., :3] @ [0.299, 0.587, 0.114]
        left, top = figure.axes[0].transData.transform((0.4, 0.8))
        patch = grey[int(grey.shape[0] - top) : int(grey.shape[0] - top) + 60, int(left) : int(left) + 60]
        patterns.append(patch < np.median(patch) - 25)
    assert not patterns[0].any() and all(pattern.mean() > 0.005 for pattern in patterns[1:])
    for one, other in combinations(patterns[1:], 2):
        assert (one != other).mean() > 0.01
