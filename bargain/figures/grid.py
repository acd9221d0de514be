"""A table as a picture: the plain spelling of its cells in columns, with three rules."""

import textwrap
from typing import TYPE_CHECKING

from bargain.figures.style import BLACK, GREY, SMALL, TEXT, blank, journal, plain
from bargain.figures.wording import LINE, said
from bargain.tables.mathematics import TEXT as SPELLED
from bargain.tables.table import Table, render

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_GAP, _MARGIN, _LEAD = 12.0, 6.0, 3.5
_ACROSS, _NOTE = 44, 100  # characters at which a cell and a note wrap


def table_figure(table: Table) -> "Figure":
    """The table as a figure, as wide as its words.

    >>> figure = table_figure(Table("Squares", ("n", "square"), ((2, 4), (3, 9))))
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['Squares', 'n', 'square', '2', '4', '3', '9']
    """
    head = [_wrapped(render(column, SPELLED), _ACROSS) for column in table.columns]
    body = [[_wrapped(cell, _ACROSS) for cell in row] for row in table.printed(SPELLED)]
    notes = [_wrapped(render(note, SPELLED), _NOTE) for note in table.notes]
    with journal():
        widths = [max(said(row[place]).size[0] for row in (head, *body)) for place in range(len(head))]
        lefts = [sum(widths[:place]) + _GAP * place for place in range(len(widths))]
        right = max([sum(widths) + _GAP * (len(widths) - 1), said(table.title).size[0] * TEXT / SMALL, *(said(note).size[0] for note in notes)])
        heights = [LINE * max(cell.count("\n") + 1 for cell in row) + _LEAD for row in (head, *body)]
        below = [LINE * (note.count("\n") + 1) + _LEAD for note in notes]
        top = LINE + 2 * _LEAD if table.title else 0.0
        high = top + sum(heights) + sum(below) + 2 * _MARGIN + 2 * _LEAD
        figure = blank((right + 2 * _MARGIN) / 72, high / 72, constrained=False)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(-_MARGIN, right + _MARGIN), ylim=(-high + _MARGIN, _MARGIN))
        axes.set_axis_off()
        if table.title:
            axes.text(0, 0, plain(table.title), fontsize=TEXT, va="top")
        y = -top
        axes.plot([0, right], [y, y], color=BLACK, linewidth=1.0)
        for number, (row, height) in enumerate(zip((head, *body), heights, strict=True)):
            for left, cell in zip(lefts, row, strict=True):
                if cell:
                    axes.text(left, y - _LEAD, plain(cell), fontsize=SMALL, va="top", linespacing=1.1)
            y -= height + (_LEAD if number == 0 else 0.0)
            if number in (0, len(body)):
                axes.plot([0, right], [y, y], color=BLACK, linewidth=1.0 if number else 0.5)
        for note, height in zip(notes, below, strict=True):
            axes.text(0, y - _LEAD, plain(note), fontsize=SMALL, va="top", color=GREY, linespacing=1.1)
            y -= height
    return figure


def _wrapped(text: str, across: int) -> str:
    return "\n".join(textwrap.wrap(text, across, break_long_words=False)) if len(text) > across else text
