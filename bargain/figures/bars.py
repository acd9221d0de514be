"""Bars and dots of a sensitivity study: tornado, first-order and total indices, shares with standard errors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bargain.figures.style import BLACK, BLUE, GREY, ORANGE, SINGLE, UNLABELLED, Labels, blank, journal, legend, plain, wrapped
from bargain.tables.symbols import latex_name

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from bargain.sensitivity.indices import SobolIndex, Tornado

VARIANCE, PRIOR = Labels("share of the variance"), Labels("share of the prior box")


@dataclass(frozen=True)
class Bar:
    """One row: a name, and two values (the output at the low and the high end; first-order and total; share and its error)."""

    name: str
    first: float
    second: float = 0.0


def tornado_figure(found: "Tornado | Sequence[Bar]", base: float | None = None, *, labels: Labels = UNLABELLED,
                   ends: tuple[str, str] = ("low end", "high end")) -> "Figure":
    """One bar per parameter, longest on top: the output at the low and at the high end of the parameter's range.

    found: what `bargain.sensitivity.indices.tornado` returns, or bars with the value `base` at the point (the middle of the first bar if left out).

    >>> figure = tornado_figure([Bar("c_U", 0.76, 0.64), Bar("w", 0.69, 0.75)], 0.72)
    >>> [tick.get_text() for tick in figure.axes[0].get_yticklabels()]
    ['c_U', 'w']
    """
    if isinstance(found, Sequence):
        bars = found
    else:
        base, bars = found.base, [Bar(_symbol(swing.parameter), swing.low, swing.high) for swing in found.swings]
        labels = labels if labels.x else Labels(plain(found.quantity), labels.y, labels.title)
    ordered = sorted(bars, key=lambda bar: (-abs(bar.first - bar.second), bar.name))
    base = (ordered[0].first + ordered[0].second) / 2 if base is None else base
    with journal():
        figure, axes = _rows(ordered, labels, SINGLE)
        for place, bar in enumerate(ordered):
            axes.barh(place, bar.first - base, left=base, height=0.62, facecolor=ORANGE, hatch="////", edgecolor=BLACK, linewidth=0.5)
            axes.barh(place, bar.second - base, left=base, height=0.62, facecolor=BLUE, edgecolor=BLACK, linewidth=0.5)
        axes.axvline(base, color=BLACK, linewidth=0.8)
        legend(figure, _swatches(ends))
    return figure


def index_figure(found: "Sequence[Bar | SobolIndex]", *, labels: Labels = VARIANCE, names: tuple[str, str] = ("first order", "total")) -> "Figure":
    """Two bars per parameter, such as the first-order and the total Sobol index (`bargain.sensitivity.indices.sobol`); largest total on top.

    >>> figure = index_figure([Bar("ell", 0.13, 0.36), Bar("F_R", 0.12, 0.35)])
    >>> [text.get_text() for text in figure.legends[0].get_texts()]
    ['first order', 'total']
    """
    bars = [one if isinstance(one, Bar) else Bar(_symbol(one.parameter), one.first, one.total) for one in found]
    ordered = sorted(bars, key=lambda bar: (-bar.second, bar.name))
    with journal():
        figure, axes = _rows(ordered, labels, SINGLE)
        for place, bar in enumerate(ordered):
            axes.barh(place - 0.19, bar.first, height=0.36, facecolor=ORANGE, hatch="////", edgecolor=BLACK, linewidth=0.5)
            axes.barh(place + 0.19, bar.second, height=0.36, facecolor=BLUE, edgecolor=BLACK, linewidth=0.5)
        axes.set_xlim(left=0)
        legend(figure, _swatches(names))
    return figure


def share_figure(bars: Sequence[Bar], *, labels: Labels = PRIOR) -> "Figure":
    """One dot per claim with its standard error, largest share on top; `second` is the standard error.

    >>> figure = share_figure([Bar("G4", 0.785, 0.004), Bar("T1", 0.997, 0.004)])
    >>> [tick.get_text() for tick in figure.axes[0].get_yticklabels()]
    ['T1', 'G4']
    """
    ordered = sorted(bars, key=lambda bar: (-bar.first, bar.name))
    with journal():
        figure, axes = _rows(ordered, labels)
        for place, bar in enumerate(ordered):
            axes.plot([0, bar.first], [place, place], color=GREY, linewidth=0.5, linestyle=":", zorder=1)
            axes.errorbar(bar.first, place, xerr=bar.second, fmt="o", color=BLUE, markersize=4, elinewidth=1.0, capsize=2.5)
        axes.set_xlim(-0.02, 1.02)
    return figure


def _symbol(name: str) -> str:
    """A parameter's name as a formula."""
    return f"${latex_name(name)}$"


def _rows(bars: Sequence[Bar], labels: Labels, width: float = 4.6) -> tuple["Figure", Any]:
    """Axes with one row per bar, the first on top."""
    figure = blank(width, 0.7 + 0.19 * max(len(bars), 2))
    axes = figure.add_subplot()
    axes.set(xlabel=wrapped(labels.x, int(12 * width)), ylabel=wrapped(labels.y, 36), title=wrapped(labels.title, 56), ylim=(len(bars) - 0.4, -0.6))
    axes.set_yticks(range(len(bars)), [bar.name for bar in bars])
    axes.tick_params(axis="y", length=0)
    return figure, axes


def _swatches(names: tuple[str, str]) -> list[Any]:
    from matplotlib.patches import Patch

    return [Patch(facecolor=ORANGE, hatch="////", edgecolor=BLACK, linewidth=0.5, label=names[0]),
            Patch(facecolor=BLUE, edgecolor=BLACK, linewidth=0.5, label=names[1])]
