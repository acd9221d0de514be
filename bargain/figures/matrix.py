"""Alternatives in a plane, with the walls between what works and what does not.

Each alternative is a point (what it achieves, what it asks); a wall is a line or a curve with
an allowed side; an alternative is feasible if it lies on the allowed side of every wall.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from bargain.figures.style import BLACK, BLUE, GREEN, LINES, PURPLE, UNLABELLED, VERMILLION, Labels, blank, journal, legend, wrapped
from bargain.figures.words import name_points

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Side = Literal["", "above", "below", "left", "right"]
_COLOURS = (BLUE, VERMILLION, PURPLE, GREEN)


@dataclass(frozen=True)
class Point:
    """An alternative; `marked` ones are drawn full (an equilibrium, the baseline), the others open."""

    x: float
    y: float
    name: str
    marked: bool = False


@dataclass(frozen=True)
class Wall:
    """A line or curve through points (x, y), both increasing along the wall's own axis; `allowed` is shaded."""

    x: npt.ArrayLike
    y: npt.ArrayLike
    name: str
    allowed: Side = ""


@dataclass(frozen=True)
class Arrow:
    """A move in the plane from `start` to `end`, such as what a threat does to a wall."""

    start: tuple[float, float]
    end: tuple[float, float]
    name: str = ""


def walls_figure(points: Sequence[Point], walls: Sequence[Wall], *, arrows: Sequence[Arrow] = (), labels: Labels = UNLABELLED) -> "Figure":
    """Named points, walls with their allowed sides shaded, and arrows.

    >>> figure = walls_figure([Point(0.2, 0.1, "memorandum"), Point(0.8, 0.9, "alliance", marked=True)],
    ...                       [Wall([0.5, 0.5], [0, 1], "deters", "right"), Wall([0, 1], [0.6, 0.6], "acceptable", "below")])
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['memorandum', 'alliance']
    """
    with journal():
        figure = blank(4.8, 3.1)
        axes = figure.add_subplot()
        axes.set(xlabel=wrapped(labels.x, 56), ylabel=wrapped(labels.y, 36), title=wrapped(labels.title, 56))
        left, right, bottom, top = _frame(points, arrows, walls)
        axes.set(xlim=(left, right), ylim=(bottom, top))
        handles: list[Any] = []
        for place, wall in enumerate(walls):
            handles += _wall(axes, wall, place)
        for point in points:
            axes.plot([point.x], [point.y], marker="o", markersize=5.5, linestyle="none", markeredgecolor=BLACK, zorder=5,
                      markerfacecolor=BLACK if point.marked else "white")
        shafts = [_arrow(axes, arrow) for arrow in arrows]
        legend(figure, [handle for handle in handles if handle.get_label()], columns=2)
        named = [*((point.x, point.y, point.name) for point in points), *((*_middle(arrow), arrow.name) for arrow in arrows if arrow.name)]
        name_points(axes, named, avoid=[line for line in handles if hasattr(line, "get_xdata")] + shafts)
    return figure


def _frame(points: Sequence[Point], arrows: Sequence[Arrow], walls: Sequence[Wall]) -> tuple[float, float, float, float]:
    """Limits around points and arrows, widened so that straight walls show."""
    across = [p.x for p in points] + [end[0] for a in arrows for end in (a.start, a.end)]
    up = [p.y for p in points] + [end[1] for a in arrows for end in (a.start, a.end)]
    for wall in walls:
        x, y = np.asarray(wall.x, dtype=float), np.asarray(wall.y, dtype=float)
        across += [float(x[0])] if np.ptp(x) == 0 else []
        up += [float(y[0])] if np.ptp(y) == 0 else []
    wide, high = (max(across) - min(across)) or 1.0, (max(up) - min(up)) or 1.0
    return min(across) - 0.09 * wide, max(across) + 0.12 * wide, min(up) - 0.12 * high, max(up) + 0.14 * high


def _wall(axes: Any, wall: Wall, place: int) -> list[Any]:
    colour, dash = _COLOURS[place % len(_COLOURS)], LINES[place % len(LINES)]
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    x, y = np.asarray(wall.x, dtype=float), np.asarray(wall.y, dtype=float)
    if np.ptp(x) == 0:
        y = np.array([bottom, top])
        x = np.full(2, x[0])
    elif np.ptp(y) == 0:
        x, y = np.array([left, right]), np.full(2, y[0])
    shade = {"facecolor": colour, "alpha": 0.10, "linewidth": 0, "zorder": 0}
    if wall.allowed in ("above", "below"):
        axes.fill_between(x, y, top if wall.allowed == "above" else bottom, **shade)
    elif wall.allowed:
        axes.fill_betweenx(y, x, right if wall.allowed == "right" else left, **shade)
    return list(axes.plot(x, y, color=colour, linestyle=dash, label=wall.name))


def _arrow(axes: Any, arrow: Arrow) -> Any:
    axes.annotate("", arrow.end, xytext=arrow.start, arrowprops={"arrowstyle": "-|>", "color": BLACK, "linewidth": 1.2, "shrinkA": 0, "shrinkB": 0})
    shaft, = axes.plot(*zip(arrow.start, arrow.end, strict=True), linewidth=0)
    return shaft


def _middle(arrow: Arrow) -> tuple[float, float]:
    return (arrow.start[0] + arrow.end[0]) / 2, (arrow.start[1] + arrow.end[1]) / 2
