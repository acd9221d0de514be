"""Branches of quantal responses: the probability of every action along the rationality, one panel per player.

McKelvey and Palfrey (1995, Games and Economic Behavior 10:6-38): the principal branch starts at uniform play and leads to a Nash
equilibrium; the rationality may turn back on the way, so points are joined in the order of the branch, by monotone cubics.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from bargain.errors import BadInput
from bargain.figures.style import BLACK, DOUBLE, LINES, PALETTE, SINGLE, Labels, blank, journal, plain, wrapped

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Numbers = npt.NDArray[np.float64]
RATIONALITY = Labels("rationality $\\lambda$", "probability")


class Branch(Protocol):
    """A traced branch, such as a `LogitBranch`."""

    def rows(self) -> Sequence[Mapping[str, Any]]:
        """One mapping per point: ``rationality``, then ``player: action`` to its probability."""


def branch_figure(branch: Branch | Sequence[tuple[float, Mapping[str, Mapping[str, float]]]], *, labels: Labels = RATIONALITY,
                  limits: Mapping[str, Mapping[str, float]] | None = None) -> "Figure":
    """The branch, one panel per player (or information set), one line per action.

    branch: a `LogitBranch`, or what `quantal_branch` returns: (rationality, place -> action -> probability). limits: the
    equilibrium that the branch approaches, by place and action, marked at the right edge.

    >>> from bargain.games import MatrixGame
    >>> from bargain.solvers.matrices.quantal_response import logit_branch
    >>> figure = branch_figure(logit_branch(MatrixGame.from_arrays([[9, 0], [0, 1]], [[0, 1], [1, 0]]), 2))
    >>> [axes.get_title() for axes in figure.axes], [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    (['row', 'column'], ['r1', 'r2'])
    """
    across, panels = _panels(branch)
    if len(across) < 2:
        raise BadInput("a branch needs at least two points", place="branch figure", remedy="trace it further")
    with journal():
        wide = DOUBLE if len(panels) > 1 else SINGLE + 0.8
        rows = -(-len(panels) // 3)
        figure = blank(wide, 2.5 * rows)
        grid = figure.subplots(rows, min(len(panels), 3), squeeze=False, sharex=True, sharey=True)
        for axes, (place, lines) in zip(grid.flat, panels.items(), strict=False):
            axes.set(title=wrapped(plain(place), 36), xlim=(float(across.min()), float(across.max())), ylim=(-0.02, 1.02))
            for number, (action, weights) in enumerate(lines.items()):
                colour, dash = PALETTE[number % len(PALETTE)], LINES[number % len(LINES)]
                axes.plot(*smooth(across, weights), color=colour, linestyle=dash, label=plain(action))
                if limits is not None:
                    axes.plot([across[-1]], [float(limits[place].get(action, 0))], marker="o", markersize=4.5, markerfacecolor="white", markeredgecolor=BLACK,
                              linestyle="none", clip_on=False, zorder=5)
            axes.legend(loc="best", handlelength=2.4, borderaxespad=0.3)
        for axes in grid.flat[len(panels):]:
            axes.set_visible(False)
        for axes in grid[-1]:
            axes.set_xlabel(labels.x)
        grid[0, 0].set_ylabel(labels.y)
    return figure


def smooth(across: Numbers, up: Numbers) -> tuple[Numbers, Numbers]:
    """A finer curve through all points, between neighbours never beyond them (Fritsch and Carlson 1980, SIAM J. Numer. Anal. 17:238-246).

    >>> x, y = smooth(np.array([0.0, 1.0, 0.5]), np.array([0.0, 0.5, 1.0]))
    >>> float(x.max()), bool((np.diff(y) >= 0).all())
    (1.0, True)
    """
    from scipy.interpolate import PchipInterpolator

    steps = np.hypot(np.diff(across) / (np.ptp(across) or 1.0), np.diff(up))
    kept = np.concatenate([[True], steps > 0])
    place = np.concatenate([[0.0], np.cumsum(steps)])[kept]
    if len(place) < 3:
        return across, up
    fine = np.union1d(np.linspace(0, place[-1], 400), place)
    return PchipInterpolator(place, across[kept])(fine), PchipInterpolator(place, up[kept])(fine)


def _panels(branch: Any) -> tuple[Any, dict[str, dict[str, Any]]]:
    """The rationalities, and per player or information set the probabilities of each action."""
    panels: dict[str, dict[str, list[float]]] = {}
    if hasattr(branch, "rows"):
        across = np.array(branch.rationality, dtype=float)
        profiles = branch.strategies
    else:
        across = np.array([rationality for rationality, _ in branch], dtype=float)
        profiles = [profile for _, profile in branch]
    for profile in profiles:
        for place, own in profile.items():
            for action, weight in own.items():
                panels.setdefault(place, {}).setdefault(action, []).append(float(weight))
    return across, {place: {action: np.array(weights) for action, weights in lines.items()} for place, lines in panels.items()}
