"""A bargaining set of two players: what is feasible, what both prefer to disagreement, the frontier, and the solutions on it.

The hull of the vertices, a frontier curve (comprehensive below) or a finite set of alternatives; Nash (1950, Econometrica
18:155-162) and the solutions after him pick a point of it.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import sympy as sp

from bargain.errors import BadInput
from bargain.figures.style import BLACK, BLUE, GREY, PALETTE, SKY, UNLABELLED, Labels, blank, journal, legend, plain, wrapped
from bargain.figures.words import name_points
from bargain.games import BargainingProblem
from bargain.solution import Solution

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Numbers = npt.NDArray[np.float64]
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
_FINE = 400  # points along a frontier curve


def bargaining_set_figure(problem: BargainingProblem, solutions: Mapping[str, Solution | Mapping[str, Any]], *, labels: Labels = UNLABELLED) -> "Figure":
    """The set, the part of it that both players prefer to disagreement (hatched), its frontier, and the named points.

    solutions: by name, either solved (every equilibrium is marked) or as payoffs by player. The problem must have two players and
    no free parameters; put numbers in with ``problem.at(...)``.

    >>> problem = BargainingProblem("Pie", ("A", "B"), {"A": 0, "B": 0}, vertices=((0, 0), (0, 3), (2, 2), (4, 0)))
    >>> figure = bargaining_set_figure(problem, {"Nash": {"A": 2, "B": 2}, "egalitarian": {"A": 2, "B": 2}})
    >>> [text.get_text() for text in figure.legends[0].get_texts()]
    ['better than disagreement', 'frontier', 'Nash', 'egalitarian']
    """
    if len(problem.players) != 2 or any(value.free_symbols for value in problem.expressions()):
        raise BadInput("a bargaining set is drawn for two players and without free parameters", place=f"bargaining problem {problem.title!r}",
                       remedy="put numbers in: problem.at({...})")
    rest = (float(problem.disagreement[problem.players[0]]), float(problem.disagreement[problem.players[1]]))
    outline, frontier = _outline(problem, rest)
    marked = {name: _payoffs(problem, found) for name, found in solutions.items()}
    with journal():
        figure = blank(4.2, 3.4)
        axes = figure.add_subplot()
        across, up = labels.x or f"payoff of {plain(problem.players[0])}", labels.y or f"payoff of {plain(problem.players[1])}"
        axes.set(xlabel=wrapped(across, 56), ylabel=wrapped(up, 36), title=wrapped(labels.title, 56))
        handles = _set(axes, problem, outline, frontier, rest)
        for place, (name, points) in enumerate(marked.items()):
            handles += axes.plot(*points.T, linestyle="none", marker=MARKERS[place % len(MARKERS)], markersize=6 + 2 * (len(marked) - place), zorder=6 + place,
                                 markerfacecolor=PALETTE[place % len(PALETTE)], markeredgecolor=BLACK, markeredgewidth=0.7, label=plain(name))
        axes.plot([rest[0]], [rest[1]], marker="o", markersize=5, color=BLACK, zorder=5)
        _limits(axes, [outline, np.array([rest]), *marked.values()])
        legend(figure, handles, columns=3)
        name_points(axes, [(*rest, "$d$")])
    return figure


def _payoffs(problem: BargainingProblem, found: Solution | Mapping[str, Any]) -> Numbers:
    """The pairs of payoffs to mark, one row each."""
    listed = [equilibrium.payoffs for equilibrium in found.extreme] if isinstance(found, Solution) else [found]
    rows = [[complex(sp.sympify(payoffs[player], strict=True)) for player in problem.players] for payoffs in listed]
    return np.real(np.array(rows))


def _outline(problem: BargainingProblem, rest: tuple[float, float]) -> tuple[Numbers, Numbers]:
    """The corners of the set (counter-clockwise) and the points of its strong frontier from left to right."""
    if problem.curve is not None:
        symbol, (low, high), utilities = problem.curve
        grid = np.linspace(float(low), float(high), _FINE)
        with np.errstate(all="ignore"):
            sides = [np.broadcast_to(np.asarray(sp.lambdify(symbol, utilities[player], "numpy")(grid), dtype=float), grid.shape) for player in problem.players]
        curve = np.column_stack(sides)
        curve = curve[np.isfinite(curve).all(axis=1)]
        curve = curve[np.argsort(curve[:, 0])]
        floor = min(rest[1], float(curve[:, 1].min()))
        left = min(rest[0], float(curve[:, 0].min()))
        return np.vstack([curve[::-1], [[left, curve[0, 1]], [left, floor], [curve[-1, 0], floor]]]), curve
    points = np.array([[float(value) for value in row] for row in (problem.vertices or problem.points)])
    if problem.points:
        best = [row for row in points if not any((other >= row).all() and (other > row).any() for other in points)]
        return points, np.array(sorted(map(tuple, best)))
    hull = _hull(points)
    return hull, _upper(hull)


def _hull(points: Numbers) -> Numbers:
    """The corners of the convex hull, counter-clockwise (Andrew's monotone chain)."""
    ordered = sorted(set(map(tuple, points.tolist())))
    if len(ordered) < 3:
        return np.array(ordered)

    def half(chain: list[tuple[float, ...]]) -> list[tuple[float, ...]]:
        kept: list[tuple[float, ...]] = []
        for point in chain:
            while len(kept) > 1 and _turn(kept[-2], kept[-1], point) <= 0:
                kept.pop()
            kept.append(point)
        return kept[:-1]

    return np.array(half(ordered) + half(ordered[::-1]))


def _turn(one: tuple[float, ...], two: tuple[float, ...], three: tuple[float, ...]) -> float:
    return (two[0] - one[0]) * (three[1] - one[1]) - (two[1] - one[1]) * (three[0] - one[0])


def _upper(hull: Numbers) -> Numbers:
    """The corners from the best point of the second player to that of the first: nobody can gain there without loss to the other."""
    corners = list(map(tuple, hull.tolist()))
    wide = max(range(len(corners)), key=lambda k: corners[k])
    turned = corners[wide:] + corners[:wide]  # counter-clockwise from the first player's best point
    high = max(range(len(turned)), key=lambda k: (turned[k][1], turned[k][0]))
    return np.array(turned[high::-1])


def _set(axes: Any, problem: BargainingProblem, outline: Numbers, frontier: Numbers, rest: tuple[float, float]) -> list[Any]:
    """The set itself; returns what belongs into the legend."""
    from matplotlib.patches import Polygon, Rectangle

    if problem.points:
        dots = axes.plot(*outline.T, linestyle="none", marker="o", markersize=4, markerfacecolor="white", markeredgecolor=GREY, label="alternatives")
        return [*dots, *axes.plot(*frontier.T, linestyle="none", marker="o", markersize=4, color=BLUE, label="efficient alternatives")]
    axes.add_patch(Polygon(outline, closed=True, facecolor=SKY, alpha=0.25, edgecolor=GREY, linewidth=0.6, zorder=0))
    better = Polygon(outline, closed=True, facecolor="none", edgecolor=GREY, hatch="////", linewidth=0, zorder=1, label="better than disagreement")
    axes.add_patch(better)
    top = outline.max(axis=0)
    better.set_clip_path(Rectangle(rest, max(top[0] - rest[0], 0), max(top[1] - rest[1], 0), transform=axes.transData))
    lines = axes.plot(*frontier.T, color=BLUE, linewidth=1.8, zorder=3, label="frontier")
    for line in ((axes.axhline, rest[1]), (axes.axvline, rest[0])):
        line[0](line[1], color=GREY, linewidth=0.6, linestyle=":", zorder=1)
    return [better, *lines]


def _limits(axes: Any, parts: list[Numbers]) -> None:
    points = np.vstack(parts)
    low, high = points.min(axis=0), points.max(axis=0)
    margin = 0.06 * np.where(high > low, high - low, 1.0)
    axes.set(xlim=(low[0] - margin[0], high[0] + margin[0]), ylim=(low[1] - margin[1], high[1] + margin[1]))
