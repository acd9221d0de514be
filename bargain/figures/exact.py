"""Exact regime maps: a solution's own conditions over two parameters.

The regimes of a solution are given by signs of expressions. Their zero lines are drawn, cut
down to the pieces where the regime really changes, so that every border is a border of the
solution and not of a grid. Names stand inside their areas where they fit. Where regimes overlap, each area is a
cell of their overlay, named by the set of equilibria that exist there, and hatched if there are several.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp

from bargain.errors import BadInput
from bargain.figures.areas import Areas, Chart, without_lines
from bargain.figures.regimes import Codes, Numbers, Overlay, draw_overlay, frame, paint, swatch
from bargain.figures.style import BLACK, SINGLE, SMALL, Labels, blank, journal, legend, plain
from bargain.notation import Parameter
from bargain.solution import Solution
from bargain.tables.symbols import latex_name

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FINE = 400  # grid points along each axis


def exact_regime_map(solution: Solution, x: str | sp.Symbol, y: str | sp.Symbol, *, x_range: tuple[float, float] | None = None,
                     y_range: tuple[float, float] | None = None, overlay: Overlay | None = None) -> "Figure":
    """The regimes of a solution over its two free parameters; ranges default to the prior or the domain.

    Overlapping regimes make one area for every set of equilibria that coexist somewhere. Errors: `BadInput` if conditions depend on other
    parameters or a range is missing; `TooLarge` beyond sixty overlapping names.

    >>> import bargain as bg
    >>> a, b = sp.symbols("a b", real=True)
    >>> table = (Parameter(a, "worth of entry", domain="[-1, 1]"), Parameter(b, "worth of a fight", domain="[-1, 1]"))
    >>> root = bg.decision("E", out=bg.payoffs(E=0, I=2), enter=bg.decision("I", yield_=bg.payoffs(E=a, I=0), fight=bg.payoffs(E=-1, I=b)))
    >>> figure = exact_regime_map(bg.solve(bg.Game("Entry", ("E", "I"), table, root), bg.SubgamePerfect()), "a", "b")
    >>> sorted(text.get_text() for text in figure.axes[0].texts)
    ['enter, yield', 'out']
    """
    notation = solution.problem.notation
    rows = (notation[x], notation[y])
    chart = Chart.of(solution, (rows[0].symbol, rows[1].symbol))
    (left, right), (bottom, top) = _range(rows[0], x_range), _range(rows[1], y_range)
    across, up = np.linspace(left, right, FINE), np.linspace(bottom, top, FINE)
    grid = chart.codes(*np.meshgrid(across, up))
    grid = without_lines(grid) if chart.overlapping else grid
    areas = Areas.of(chart, grid)
    if overlay is None:
        base = [row.baseline for row in rows]
        overlay = Overlay() if None in base else Overlay(point=(float(base[0]), float(base[1])))
    with journal():
        figure = blank(SINGLE + 0.8, 2.9)
        axes = figure.add_subplot()
        paint(axes, across, up, grid, areas.codes, areas.looks)
        _borders(axes, chart, across, up)
        frame(axes, (across, up), Labels(_axis(rows[0]), _axis(rows[1])))
        handles = draw_overlay(axes, (across, up), overlay)
        swatches = [swatch(look, plain(name)) for look, name in zip(areas.looks, areas.entries, strict=True)]
        words = [axes.plot([], [], linestyle="none", label=plain(name))[0] for name in areas.others]
        legend(figure, [*swatches, *words, *handles], columns=2)
        _name_areas(axes, areas, _without(grid, (across, up), overlay.point), (across, up))
    return figure


def _range(row: Parameter, given: tuple[float, float] | None) -> tuple[float, float]:
    ends = given or row.prior or (row.domain.low, row.domain.high)
    low, high = float(ends[0]), float(ends[1])
    if not np.isfinite([low, high]).all() or low >= high:
        raise BadInput(f"no finite range for {row.name}", place="regime map", remedy="give x_range and y_range as (low, high)")
    return low, high


def _axis(row: Parameter) -> str:
    return f"{plain(row.meaning)}, ${latex_name(row.name)}$" if row.meaning else f"${latex_name(row.name)}$"


def _borders(axes: Any, chart: Chart, across: Numbers, up: Numbers) -> None:
    """The pieces of zero lines with different regimes on their two sides."""
    from contourpy import contour_generator
    from matplotlib.collections import LineCollection

    step = np.array([across[1] - across[0], up[1] - up[0]])
    pieces: list[Any] = []
    for body in chart.bodies():
        values = chart.values(body, *np.meshgrid(across, up))
        lines: list[Any] = list(contour_generator(across, up, np.ma.masked_invalid(values)).lines(0.0))
        for line in lines:
            segments = np.stack([line[:-1], line[1:]], axis=1)
            middle, along = segments.mean(axis=1) / step, (segments[:, 1] - segments[:, 0]) / step
            normal = np.stack([-along[:, 1], along[:, 0]], axis=1) / np.maximum(np.hypot(*along.T), 1e-12)[:, None]
            one, other = ((middle + side * 0.05 * normal) * step for side in (1, -1))
            pieces.extend(segments[chart.codes(*one.T) != chart.codes(*other.T)])
    axes.add_collection(LineCollection(pieces, colors=BLACK, linewidths=0.9, capstyle="round", zorder=3))


def _without(grid: Codes, ends: tuple[Numbers, Numbers], point: tuple[float, float] | None) -> Codes:
    """The codes with the neighbourhood of the baseline point kept free of names."""
    if point is None:
        return grid
    across, up = ((axis - value) / np.ptp(axis) for axis, value in zip(ends, point, strict=True))
    return np.where(np.hypot(*np.meshgrid(across, up)) < 0.03, -1, grid)


def _name_areas(axes: Any, areas: Areas, grid: Codes, ends: tuple[Numbers, Numbers]) -> None:
    """Each name in the widest part of its area, where it fits."""
    from scipy.ndimage import distance_transform_edt

    axes.figure.draw_without_rendering()
    room = axes.get_window_extent()
    pixels = room.width / grid.shape[1], room.height / grid.shape[0]
    for code, name in zip(areas.codes, areas.marks, strict=True):
        inside = np.pad(grid == code, 1)
        far = distance_transform_edt(inside, sampling=(pixels[1], pixels[0] / 3))[1:-1, 1:-1]  # words are wide: width counts a third
        row, column = np.unravel_index(int(np.argmax(far)), far.shape)
        text = axes.text(ends[0][column], ends[1][row], plain(name), fontsize=SMALL, ha="center", va="center", zorder=5,
                         bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.2, "boxstyle": "round,pad=0.15"})
        box = text.get_window_extent()
        half = int(box.width / 2 / pixels[0]) + 6, int(box.height / 2 / pixels[1]) + 6
        covered = inside[max(row + 1 - half[1], 0) : row + 2 + half[1], max(column + 1 - half[0], 0) : column + 2 + half[0]]
        if not covered.all() or covered.size == 0:
            text.remove()
