"""The bargaining range against a parameter, and curves with bands.

The range at a parameter value is every agreement between the least that one side accepts
(`low`) and the most that the other side gives (`high`); where low > high it is empty.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from bargain.errors import BadInput
from bargain.figures.style import BLACK, BLUE, GREY, LINES, ORANGE, PALETTE, SKY, UNLABELLED, VERMILLION, Labels, blank, journal, legend, wrapped

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Values = npt.ArrayLike
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Marks:
    """What to draw beside the range; each with the words that go into the legend.

    point: the agreement, one value per parameter value. reference: a status quo (a number or one
    value per parameter value). threshold: a parameter value, drawn as a vertical line.
    baseline: the parameter value of the paper's baseline, marked by a dot on the agreement.
    """

    point: Values | None = None
    reference: Values | None = None
    threshold: float | None = None
    baseline: float | None = None
    words: tuple[str, str, str, str] = ("agreement", "status quo", "threshold", "baseline")


@dataclass(frozen=True)
class Curve:
    """One line, with a band around it where `low` and `high` are given."""

    values: Values
    label: str = ""
    low: Values | None = None
    high: Values | None = None


@dataclass(frozen=True)
class Span:
    """A shaded interval of the horizontal axis; a single line where both ends are equal."""

    low: float
    high: float
    label: str = ""


def numbers(values: Values, size: int, what: str) -> Numbers:
    """The values as an array of the given length (a single number is repeated), or `BadInput`."""
    array = np.asarray(values, dtype=float)
    if array.ndim == 0:
        return np.full(size, float(array))
    if array.shape != (size,):
        raise BadInput(f"{what} has shape {array.shape}, not ({size},)", place="figure", remedy="give one value per point of the horizontal axis")
    return array


def range_figure(x: Values, low: Values, high: Values, *, marks: Marks = Marks(), labels: Labels = UNLABELLED,
                 ends: tuple[str, str, str] = ("bargaining range", "", "")) -> "Figure":
    """The range from `low` to `high` as a band over `x`; `ends` names the band and its two edges.

    >>> drift = np.linspace(0, 1, 5)
    >>> figure = range_figure(drift, 0.2 - 0.1 * drift, 0.8 - drift, marks=Marks(point=0.5 - 0.5 * drift, reference=0.5))
    >>> [text.get_text() for text in figure.legends[0].get_texts()]
    ['bargaining range', 'agreement', 'status quo']
    """
    across = np.asarray(x, dtype=float)
    below, above = numbers(low, len(across), "low"), numbers(high, len(across), "high")
    with journal():
        figure = blank(4.6, 2.6)
        axes = _axes(figure, across, labels)
        band = axes.fill_between(across, below, above, where=above >= below, interpolate=True, facecolor=SKY, alpha=0.35, linewidth=0, label=ends[0])
        lower, = axes.plot(across, below, color=BLUE, linewidth=0.9, label=ends[1])
        upper, = axes.plot(across, above, color=BLUE, linewidth=0.9, linestyle="--" if ends[2] else "-", label=ends[2])
        edges = [edge for edge, name in ((lower, ends[1]), (upper, ends[2])) if name]
        legend(figure, [band, *edges, *_marks(axes, across, marks)], columns=3)
    return figure


def curve_figure(x: Values, curves: Sequence[Curve], *, spans: Sequence[Span] = (), labels: Labels = UNLABELLED) -> "Figure":
    """Lines over `x`, each with its band, and shaded intervals of the horizontal axis.

    >>> time = np.linspace(0, 2, 9)
    >>> figure = curve_figure(time, [Curve(1 - np.exp(-time), "chance")], spans=[Span(0.5, 1, "six to twelve months")])
    >>> len(figure.axes[0].lines)
    1
    """
    across = np.asarray(x, dtype=float)
    with journal():
        figure = blank(4.6, 2.6)
        axes = _axes(figure, across, labels)
        handles = []
        for place, curve in enumerate(curves):
            colour = PALETTE[place % len(PALETTE)] if len(curves) > 1 else BLUE
            if curve.low is not None and curve.high is not None:
                axes.fill_between(across, numbers(curve.low, len(across), "low"), numbers(curve.high, len(across), "high"), facecolor=colour,
                                  alpha=0.22, linewidth=0)
            values = numbers(curve.values, len(across), curve.label or "curve")
            handles += axes.plot(across, values, color=colour, linestyle=LINES[place % len(LINES)], label=curve.label)
        handles += [_span(axes, span) for span in spans]
        legend(figure, [handle for handle in handles if handle.get_label() and not handle.get_label().startswith("_")], columns=3)
    return figure


def _axes(figure: Any, across: Numbers, labels: Labels) -> Any:
    if across.ndim != 1 or len(across) < 2:
        raise BadInput("a curve needs at least two points", place="figure", remedy="give a longer horizontal axis")
    axes = figure.add_subplot()
    axes.set(xlabel=wrapped(labels.x, 56), ylabel=wrapped(labels.y, 36), title=wrapped(labels.title, 56),
             xlim=(float(across.min()), float(across.max())))
    axes.margins(y=0.06)
    return axes


def _span(axes: Any, span: Span) -> Any:
    if span.low == span.high:
        return axes.axvline(span.low, color=GREY, linewidth=0.9, linestyle=":", label=span.label)
    return axes.axvspan(span.low, span.high, facecolor="#E8E8E8", edgecolor="#888888", linewidth=0.6, linestyle=":", label=span.label, zorder=0)


def _marks(axes: Any, across: Numbers, marks: Marks) -> list[Any]:
    agreed, quo, cut, base = marks.words
    handles: list[Any] = []
    values = None if marks.point is None else numbers(marks.point, len(across), agreed)
    if values is not None:
        handles += axes.plot(across, values, color=VERMILLION, linewidth=1.8, label=agreed)
    if marks.reference is not None:
        handles += axes.plot(across, numbers(marks.reference, len(across), quo), color=BLACK, linewidth=1.0, linestyle="-.", label=quo)
    if marks.threshold is not None:
        handles.append(axes.axvline(marks.threshold, color=GREY, linewidth=0.9, linestyle=":", label=cut))
    if marks.baseline is not None and values is not None:
        height = float(np.interp(marks.baseline, across, values))
        handles += axes.plot([marks.baseline], [height], color=ORANGE, marker="o", markersize=5, markeredgecolor=BLACK, markeredgewidth=0.6,
                             linestyle="none", label=base, zorder=5)
    return handles


