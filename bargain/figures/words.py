"""Placing names beside points so that no name covers a point, a line or another name."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from bargain.figures.style import SMALL

Box = tuple[float, float, float, float]  # left, bottom, right, top in pixels
_SIDES = ((1, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))
_AWAY = (1.0, 1.8, 2.8, 4.0)


def overlap(one: Box, other: Box) -> float:
    """The common area of two boxes.

    >>> overlap((0, 0, 2, 2), (1, 1, 3, 3)), overlap((0, 0, 1, 1), (1, 0, 2, 1))
    (1, 0)
    """
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide * high if wide > 0 and high > 0 else 0


def name_points(axes: Any, points: Sequence[tuple[float, float, str]], *, avoid: Sequence[Any] = (), clear: float = 6.0) -> None:
    """Write each name beside its point, `clear` points away; `avoid` are drawn lines to stay clear of.

    The figure is drawn once to learn sizes, so call this last, when the axes have their limits.
    """
    figure = axes.figure
    figure.draw_without_rendering()
    unit = figure.dpi / 72
    dots = [tuple(map(float, axes.transData.transform((x, y)))) for x, y, _ in points]
    taken: list[Box] = [(x - 4 * unit, y - 4 * unit, x + 4 * unit, y + 4 * unit) for x, y in dots]
    dense = [_dense(axes, line) for line in avoid]
    frame = axes.get_window_extent()
    for (x, y, name), dot in zip(points, dots, strict=True):
        text = axes.annotate(name, (x, y), xytext=(0, 0), textcoords="offset points", fontsize=SMALL, ha="center", va="center", zorder=6)
        drawn = text.get_window_extent()
        best = min(_candidates(dot, (drawn.width, drawn.height), clear * unit), key=lambda box: _cost(box, taken, dense, frame))
        text.set_position((((best[0] + best[2]) / 2 - dot[0]) / unit, ((best[1] + best[3]) / 2 - dot[1]) / unit))
        taken.append(best)


def _candidates(dot: tuple[float, ...], size: tuple[float, float], clear: float) -> list[Box]:
    boxes = []
    for away in _AWAY:
        for right, up in _SIDES:
            scale = away * clear * (0.75 if right and up else 1.0)
            x = dot[0] + right * (scale + size[0] / 2)
            y = dot[1] + up * (scale + size[1] / 2)
            boxes.append((x - size[0] / 2, y - size[1] / 2, x + size[0] / 2, y + size[1] / 2))
    return boxes


def _cost(box: Box, taken: Sequence[Box], dense: Sequence[Any], frame: Any) -> float:
    """What is wrong with a place: area on other things, points of lines crossed, area outside the frame."""
    area = (box[2] - box[0]) * (box[3] - box[1])
    outside = area - overlap(box, (frame.x0, frame.y0, frame.x1, frame.y1))
    crossed = sum(int(np.sum((line[:, 0] > box[0] - 2) & (line[:, 0] < box[2] + 2) & (line[:, 1] > box[1] - 2) & (line[:, 1] < box[3] + 2)))
                  for line in dense)
    return 10 * sum(overlap(box, other) for other in taken) + 10 * outside + 20 * crossed


def _dense(axes: Any, line: Any) -> Any:
    """Points along a drawn line, in pixels, a pixel or two apart."""
    corners = axes.transData.transform(np.column_stack([line.get_xdata(), line.get_ydata()]).astype(float))
    pieces = [np.linspace(a, b, max(2, int(np.hypot(*(b - a)) / 2))) for a, b in zip(corners[:-1], corners[1:], strict=True)]
    return np.vstack(pieces) if pieces else corners
