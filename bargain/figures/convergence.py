"""Alternating offers as they come faster: the proposals of both sides against the length of a period.

With a period of length Delta the side that proposes gains by it; as Delta tends to zero the
two proposals meet (Binmore, Rubinstein and Wolinsky 1986, RAND Journal of Economics 17:176-188).
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from bargain.figures.ranges import Values, numbers
from bargain.figures.style import BLACK, BLUE, GREY, LINES, SILVER, VERMILLION, Labels, blank, journal, legend, wrapped

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PERIODS = Labels("time between offers", "share proposed")


def convergence_figure(period: Values, proposals: Mapping[str, Values], *, limit: float | None = None, limit_name: str = "limit",
                       labels: Labels = PERIODS) -> "Figure":
    """Both sides' proposals over the period length, and the limit in which they meet.

    >>> period = np.linspace(0.01, 1, 50)
    >>> figure = convergence_figure(period, {"U proposes": 0.5 + 0.1 * period, "R proposes": 0.5 - 0.2 * period}, limit=0.5)
    >>> [text.get_text() for text in figure.legends[0].get_texts()]
    ['U proposes', 'R proposes', 'limit']
    """
    across = np.asarray(period, dtype=float)
    lines = [numbers(values, len(across), name) for name, values in proposals.items()]
    with journal():
        figure = blank(4.6, 2.6)
        axes = figure.add_subplot()
        axes.set(xlabel=wrapped(labels.x, 56), ylabel=wrapped(labels.y, 36), title=wrapped(labels.title, 56), xlim=(0, float(across.max())))
        axes.margins(y=0.1)
        handles: list[Any] = []
        if len(lines) == 2:
            axes.fill_between(across, lines[0], lines[1], facecolor=SILVER, alpha=0.25, linewidth=0)
        for place, (name, line) in enumerate(zip(proposals, lines, strict=True)):
            colour = (BLUE, VERMILLION, GREY)[place % 3]
            handles += axes.plot(across, line, color=colour, linestyle=LINES[place % len(LINES)], label=name)
        if limit is not None:
            axes.axhline(limit, color=BLACK, linewidth=0.7, linestyle=":", zorder=1)
            handles += axes.plot([0], [limit], marker="o", markersize=5, markerfacecolor="white", markeredgecolor=BLACK, linestyle="none",
                                 clip_on=False, zorder=5, label=limit_name)
        legend(figure, handles, columns=3)
    return figure
