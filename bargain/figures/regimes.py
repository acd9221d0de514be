"""Regime maps: which outcome holds where, over two parameters, as coloured and hatched areas."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from bargain.errors import BadInput
from bargain.figures.style import BLACK, DOUBLE, HATCHES, LINES, PALETTE, SINGLE, SMALL, Labels, blank, journal, legend, wrapped

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Codes = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class MapLabels:
    """Words of a map: the axes, one name per outcome code, one title per panel. places: of codes among colours and hatches, if not in their order."""

    axes: Labels = Labels()
    outcomes: Mapping[int, str] = field(default_factory=dict)
    panels: tuple[str, ...] = ()
    places: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Path:
    """A line over the map, such as the border that a closed form gives."""

    x: npt.ArrayLike
    y: npt.ArrayLike
    name: str = ""


@dataclass(frozen=True)
class Level:
    """Contour lines of a quantity over the map; `values` has the shape of the codes."""

    values: npt.ArrayLike
    at: tuple[float, ...]
    name: str = ""


@dataclass(frozen=True)
class Overlay:
    """What is drawn over every panel: the baseline point, lines, and contour lines of a quantity."""

    point: tuple[float, float] | None = None
    point_name: str = "baseline"
    paths: tuple[Path, ...] = ()
    levels: tuple[Level, ...] = ()


def regime_map(x: npt.ArrayLike, y: npt.ArrayLike, codes: npt.ArrayLike | Sequence[npt.ArrayLike], *, labels: MapLabels = MapLabels(),
               overlay: Overlay = Overlay()) -> "Figure":
    """Areas of equal code over the grid; `codes[i, j]` belongs to (x[j], y[i]). A list of grids gives panels side by side.

    A negative code stays white (no such point). The colour of a code is the same in all panels.

    >>> figure = regime_map([0, 1, 2], [0, 1], [[0, 0, 1], [0, 1, 1]], labels=MapLabels(outcomes={0: "peace", 1: "war"}))
    >>> [text.get_text() for text in figure.legends[0].get_texts()]
    ['peace', 'war']
    """
    across, up = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    grids = _grids(codes, (len(up), len(across)))
    present = sorted({int(code) for grid in grids for code in np.unique(grid) if code >= 0})
    looks = [look(labels.places.get(code, place)) for place, code in enumerate(present)]
    with journal():
        several = len(grids) > 1
        figure = blank(DOUBLE if several else SINGLE + 0.8, 2.7 if several else 2.9)
        panels = figure.subplots(1, len(grids), squeeze=False, sharex=True, sharey=True)[0]
        handles: dict[str, Any] = {}
        for place, (axes, grid) in enumerate(zip(panels, grids, strict=True)):
            paint(axes, across, up, grid, present, looks)
            outline(axes, across, up, grid)
            frame(axes, (across, up), labels.axes if place == 0 else Labels(labels.axes.x))
            axes.set_title(labels.panels[place] if place < len(labels.panels) else labels.axes.title)
            handles |= {handle.get_label(): handle for handle in draw_overlay(axes, (across, up), overlay)}
        swatches = [swatch(drawn, labels.outcomes.get(code, f"outcome {code}")) for code, drawn in zip(present, looks, strict=True)]
        legend(figure, [*swatches, *(handle for name, handle in handles.items() if name)], columns=4 if several else 3)
    return figure


def _grids(codes: Any, shape: tuple[int, int]) -> list[Codes]:
    array = np.asarray(codes)
    grids = [array] if array.ndim == 2 else list(array)
    for grid in grids:
        if grid.shape != shape:
            raise BadInput(f"a grid of codes has shape {grid.shape}, not {shape}", place="regime map", remedy="give codes[i, j] at (x[j], y[i])")
        if not np.issubdtype(grid.dtype, np.integer):
            raise BadInput(f"codes are of type {grid.dtype}", place="regime map", remedy="number the outcomes 0, 1, 2, ...")
    return [grid.astype(np.int64) for grid in grids]


def look(place: int) -> tuple[str, str]:
    """Colour and hatch of the outcome in the given place; no two of the first 64 look the same."""
    return PALETTE[place % len(PALETTE)], HATCHES[(place + place // len(PALETTE)) % len(HATCHES)]


def swatch(drawn: tuple[str, str], name: str) -> Any:
    """The legend entry of an area of the given colour and hatch."""
    from matplotlib.patches import Patch

    colour, hatch = drawn
    return Patch(facecolor=_tint(colour), hatch=hatch, edgecolor="#555555", linewidth=0.5, label=name)


def paint(axes: Any, across: Numbers, up: Numbers, grid: Codes, present: Sequence[int], looks: Sequence[tuple[str, str]] = ()) -> None:
    """Fill the area of each code with its colour and hatch; without `looks`, those of its place."""
    import matplotlib

    with matplotlib.rc_context({"hatch.color": "#555555"}):
        for place, code in enumerate(present):
            mask = (grid == code).astype(float)
            if mask.any():
                colour, hatch = looks[place] if looks else look(place)
                axes.contourf(across, up, mask, levels=[0.5, 1.5], colors=[_tint(colour)], hatches=[hatch], zorder=1)


def outline(axes: Any, across: Numbers, up: Numbers, grid: Codes) -> None:
    """Thin black lines between areas."""
    for code in np.unique(grid):
        mask = (grid == code).astype(float)
        if 0 < mask.sum() < mask.size:
            axes.contour(across, up, mask, levels=[0.5], colors=[BLACK], linewidths=0.6, zorder=2)


def frame(axes: Any, grid: tuple[Numbers, Numbers], labels: Labels) -> None:
    """Axis labels and limits; a map has all four sides."""
    across, up = grid
    axes.set(xlabel=wrapped(labels.x, 44), ylabel=wrapped(labels.y, 34), xlim=(across[0], across[-1]), ylim=(up[0], up[-1]))
    axes.spines[["top", "right"]].set_visible(True)


def draw_overlay(axes: Any, grid: tuple[Numbers, Numbers], overlay: Overlay) -> list[Any]:
    """Lines, contour lines and the baseline point; returns what belongs into the legend."""
    handles: list[Any] = []
    for place, path in enumerate(overlay.paths):
        handles += axes.plot(np.asarray(path.x), np.asarray(path.y), color=BLACK, linestyle=LINES[1 + place % 3], linewidth=1.3,
                             label=path.name, zorder=4)
    for level in overlay.levels:
        drawn = axes.contour(*grid, np.asarray(level.values), levels=sorted(level.at), colors=[BLACK], linewidths=0.8, linestyles=":", zorder=3)
        for text in axes.clabel(drawn, fontsize=SMALL - 1, fmt="%g", manual=_clear(drawn.allsegs, grid)):
            text.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.8})
        handles += axes.plot([], [], color=BLACK, linewidth=0.8, linestyle=":", label=level.name)
    if overlay.point is not None:
        handles += axes.plot([overlay.point[0]], [overlay.point[1]], marker="o", markersize=6, markerfacecolor="white", markeredgecolor=BLACK,
                             markeredgewidth=1.2, linestyle="none", label=overlay.point_name, zorder=6, clip_on=False)
    return handles


def _clear(lines: Sequence[Any], grid: tuple[Numbers, Numbers]) -> list[tuple[float, float]]:
    """For each level the point of its lines that is farthest from the frame and from other levels, of several towards the end of the line."""
    low, size = np.array([axis[0] for axis in grid]), np.array([np.ptp(axis) for axis in grid])
    levels = [(np.vstack(pieces) - low) / size for pieces in lines if len(pieces)]
    places = []
    for number, points in enumerate(levels):
        room = np.minimum(points, 1 - points).min(axis=1)
        for other in (one[::4] for place, one in enumerate(levels) if place != number):
            room = np.minimum(room, np.sqrt(((points[:, None] - other[None]) ** 2).sum(axis=2)).min(axis=1))
        best = np.flatnonzero(room >= room.max() - 1e-3)
        x, y = points[best[int(0.8 * (len(best) - 1))]] * size + low
        places.append((float(x), float(y)))
    return places


def _tint(colour: str) -> tuple[float, float, float]:
    """The colour mixed with white, so that hatches and names stay readable on it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (0.45 + 0.55 * part for part in parts)
    return red, green, blue
