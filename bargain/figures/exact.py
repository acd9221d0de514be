"""Exact regime maps: a solution's own conditions over two parameters.

The regimes of a solution are given by signs of expressions. Their zero lines are drawn, cut
down to the pieces where the regime really changes, so that every border is a border of the
solution and not of a grid. Names stand inside their areas where they fit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp

from bargain.errors import BadInput
from bargain.figures.regimes import Codes, Numbers, Overlay, draw_overlay, frame, paint, swatch
from bargain.figures.style import BLACK, SINGLE, SMALL, Labels, blank, journal, legend, plain
from bargain.notation import Parameter
from bargain.regions.cells import EQ, GT, LT, Region
from bargain.regions.space import Space
from bargain.solution import Solution

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FINE = 400  # grid points along each axis
BITS = {-1: LT, 0: EQ, 1: GT}


@dataclass(frozen=True)
class _Map:
    """Named regions over two symbols, with every body as a function of two arrays."""

    names: tuple[str, ...]
    regions: tuple[Region, ...]
    domain: Region
    symbols: tuple[sp.Symbol, sp.Symbol]

    def bodies(self) -> list[sp.Expr]:
        """The canonical expressions of all conditions, domain included, in a fixed order."""
        return sorted({body for region in (*self.regions, self.domain) for cell in region for body, _ in cell.atoms}, key=str)

    def values(self, body: sp.Expr, across: Numbers, up: Numbers) -> Numbers:
        """The expression on a grid or along a line."""
        with np.errstate(all="ignore"):
            found = sp.lambdify(self.symbols, body, "numpy")(across, up)
        return np.broadcast_to(np.asarray(found, dtype=float), across.shape)

    def codes(self, across: Numbers, up: Numbers) -> Codes:
        """The place of the first region that holds at each point; -1 where none does (outside the assumptions)."""
        signs = {body: np.sign(self.values(body, across, up)) for body in self.bodies()}
        codes: Codes = np.full(across.shape, -1, dtype=np.int64)
        for weak in (False, True):  # on a border the regimes that meet there hold too
            for place, region in reversed(list(enumerate(self.regions))):
                held = _held(region, signs, across.shape, weak)
                codes = np.where(held & ((codes < 0) | (not weak)), place, codes)
        return np.where(_held(self.domain, signs, across.shape, True), codes, -1)


def _held(region: Region, signs: dict[sp.Expr, Numbers], shape: tuple[int, ...], weak: bool) -> Any:
    held = np.zeros(shape, dtype=bool)
    for cell in region:
        here = np.ones(shape, dtype=bool)
        for body, mask in cell.atoms:
            allowed = mask | EQ if weak else mask
            here &= np.isin(signs[body], [sign for sign, bit in BITS.items() if bit & allowed])
        held |= here
    return held


def exact_regime_map(solution: Solution, x: str | sp.Symbol, y: str | sp.Symbol, *, x_range: tuple[float, float] | None = None,
                     y_range: tuple[float, float] | None = None, overlay: Overlay | None = None) -> "Figure":
    """The regimes of a solution over its two free parameters; ranges default to the prior or the domain.

    >>> import bargain as bg
    >>> a, b = sp.symbols("a b", real=True)
    >>> table = (Parameter(a, "worth of entry", domain="[-1, 1]"), Parameter(b, "worth of a fight", domain="[-1, 1]"))
    >>> root = bg.decision("E", out=bg.payoffs(E=0, I=2), enter=bg.decision("I", yield_=bg.payoffs(E=a, I=0), fight=bg.payoffs(E=-1, I=b)))
    >>> figure = exact_regime_map(bg.solve(bg.Game("Entry", ("E", "I"), table, root), bg.SubgamePerfect()), "a", "b")
    >>> sorted(text.get_text() for text in figure.axes[0].texts)
    ['enter/yield_', 'out']
    """
    notation = solution.problem.notation
    rows = (notation[x], notation[y])
    chart = _chart(solution, (rows[0].symbol, rows[1].symbol))
    (left, right), (bottom, top) = _range(rows[0], x_range), _range(rows[1], y_range)
    across, up = np.linspace(left, right, FINE), np.linspace(bottom, top, FINE)
    grid = chart.codes(*np.meshgrid(across, up))
    if overlay is None:
        base = [row.baseline for row in rows]
        overlay = Overlay() if None in base else Overlay(point=(float(base[0]), float(base[1])))
    with journal():
        figure = blank(SINGLE + 0.8, 2.9)
        axes = figure.add_subplot()
        present = list(range(len(chart.names)))
        paint(axes, across, up, grid, present)
        _borders(axes, chart, across, up)
        frame(axes, (across, up), Labels(_axis(rows[0]), _axis(rows[1])))
        handles = draw_overlay(axes, (across, up), overlay)
        legend(figure, [*(swatch(place, plain(chart.names[place])) for place in present if (grid == place).any()), *handles], columns=2)
        _name_areas(axes, chart.names, _without(grid, (across, up), overlay.point), (across, up))
    return figure


def _chart(solution: Solution, symbols: tuple[sp.Symbol, sp.Symbol]) -> _Map:
    named: dict[str, list[Region]] = {}
    for place, regime in enumerate(solution.regimes):
        outcomes = dict.fromkeys(equilibrium.outcome for equilibrium in regime.extreme())
        name = regime.label or " or ".join(filter(None, outcomes)) or f"regime {place + 1}"
        named.setdefault(name, []).append(regime.condition)
    regions = tuple(Region.union(parts) for parts in named.values())
    free = set().union(*(cell.symbols for region in regions for cell in region)) - set(symbols)
    if free:
        raise BadInput(f"the regimes also depend on {', '.join(sorted(map(str, free)))}", place="regime map",
                       remedy="solve with free=[" + ", ".join(repr(symbol.name) for symbol in symbols) + "]")
    return _Map(tuple(named), regions, Region((Space(solution.problem.notation).domain,)), symbols)


def _range(row: Parameter, given: tuple[float, float] | None) -> tuple[float, float]:
    ends = given or row.prior or (row.domain.low, row.domain.high)
    low, high = float(ends[0]), float(ends[1])
    if not np.isfinite([low, high]).all() or low >= high:
        raise BadInput(f"no finite range for {row.name}", place="regime map", remedy="give x_range and y_range as (low, high)")
    return low, high


def _axis(row: Parameter) -> str:
    return f"{plain(row.meaning)}, ${sp.latex(row.symbol)}$" if row.meaning else f"${sp.latex(row.symbol)}$"


def _borders(axes: Any, chart: _Map, across: Numbers, up: Numbers) -> None:
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


def _name_areas(axes: Any, names: Sequence[str], grid: Codes, ends: tuple[Numbers, Numbers]) -> None:
    """Each name in the widest part of its area, where it fits."""
    from scipy.ndimage import distance_transform_edt

    axes.figure.draw_without_rendering()
    room = axes.get_window_extent()
    pixels = room.width / grid.shape[1], room.height / grid.shape[0]
    for place, name in enumerate(names):
        inside = np.pad(grid == place, 1)
        far = distance_transform_edt(inside, sampling=(pixels[1], pixels[0] / 3))[1:-1, 1:-1]  # words are wide: width counts a third
        row, column = np.unravel_index(int(np.argmax(far)), far.shape)
        text = axes.text(ends[0][column], ends[1][row], plain(name), fontsize=SMALL, ha="center", va="center", zorder=5,
                         bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.2, "boxstyle": "round,pad=0.15"})
        box = text.get_window_extent()
        half = int(box.width / 2 / pixels[0]) + 6, int(box.height / 2 / pixels[1]) + 6
        covered = inside[max(row + 1 - half[1], 0) : row + 2 + half[1], max(column + 1 - half[0], 0) : column + 2 + half[0]]
        if not covered.all() or covered.size == 0:
            text.remove()
