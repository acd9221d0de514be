"""Column types and font size from the measured width of the content, so that a table stays inside the text width.

Widths are counted in points against a line of the default article class (345 pt at 10 pt). A table that fits is a
``tabular``; a wider one a ``tabularx`` whose long columns wrap; one with many rows a ``longtable``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bargain.latex.metrics import room
from bargain.tables.mathematics import LATEX
from bargain.tables.table import Phrase, Table, render

LINE = 345.0  # a line of text, in points
LANDSCAPE = 1.55  # how much longer a line is on a turned page
_SAFE = 1.04  # widths are known to a few hundredths
# command, width of the type, gap between columns
_SIZES = (("", 1.0, 12.0), (r"\small", 0.93, 12.0), (r"\footnotesize", 0.86, 12.0), (r"\scriptsize", 0.80, 8.0), (r"\scriptsize", 0.80, 4.0))
_NARROW = 70.0  # columns up to this width wrap only where the table does not fit otherwise
_EASY = 62.0  # a wrapped column should not be narrower, where that is possible
_WIDE = 0.6  # a table below this part of the line has notes wider than itself
ROWS = 28  # more rows than this need several pages


@dataclass(frozen=True)
class Layout:
    """An environment, a font size with the room between columns, and the column types; wide: whether it takes most of the line."""

    environment: str
    size: str
    columns: str
    wide: bool = True

    @property
    def begin(self) -> str:
        """The line that opens the environment."""
        width = r"{\linewidth}" if self.environment == "tabularx" else ""
        return rf"\begin{{{self.environment}}}{width}{{@{{}}{self.columns}@{{}}}}"

    @property
    def end(self) -> str:
        """The line that closes it."""
        return rf"\end{{{self.environment}}}"


@dataclass(frozen=True)
class _Column:
    """A column in points at normal size: its longest cell, its widest part that cannot break, and its type where it does not wrap."""

    natural: float
    least: float
    kind: str


def layout(table: Table, *, landscape: bool = False, number: Callable[[int], str | None] = lambda column: None) -> Layout:
    """The layout of a table; `number` gives the column type of a column of numbers, if it has one of its own.

    >>> layout(Table("", ("a", "b"), (("x", 1),))).begin
    '\\\\begin{tabular}{@{}cc@{}}'
    """
    line = LINE * (LANDSCAPE if landscape else 1.0)
    columns = [_measure(table, index, number(index)) for index in range(len(table.columns))]
    if len(table.rows) > ROWS:
        return _long(columns, line)
    for name, scale, gap in _SIZES[:2]:
        taken = sum(c.natural for c in columns) * scale + gap * (len(columns) - 1)
        if taken <= line:
            return Layout("tabular", name, "".join(c.kind for c in columns), taken > _WIDE * line)
    for easy in (_EASY, 0.0):
        for name, scale, gap in _SIZES:
            for narrow in (_NARROW, 0.0) if not easy or name == _SIZES[-1][0] else (_NARROW,):
                wrapped = [c.natural > narrow and c.least < c.natural for c in columns]
                rest = line - gap * (len(columns) - 1) - sum(c.natural * scale for c, wraps in zip(columns, wrapped, strict=True) if not wraps)
                wanted = [max(c.least, min(easy, c.natural)) * scale if wraps else 0.0 for c, wraps in zip(columns, wrapped, strict=True)]
                if any(wrapped) and sum(wanted) <= rest:
                    return Layout("tabularx", name + _tight(gap), _mixed(columns, wanted, rest, scale))
    name, scale, gap = _SIZES[-1]
    if not any(c.least < c.natural for c in columns):
        return Layout("tabular", name + _tight(gap), "".join(c.kind for c in columns))
    least = [c.least * scale if c.least < c.natural else 0.0 for c in columns]
    return Layout("tabularx", name + _tight(gap), _mixed(columns, least, sum(least), scale))


def _measure(table: Table, index: int, number: str | None) -> _Column:
    cells = [room(text) for text in (render(table.columns[index], LATEX), *(render(row[index], LATEX) for row in table.rows))]
    natural = max(cell.natural for cell in cells) * _SAFE
    words = any(isinstance(row[index], str | Phrase) and room(render(row[index], LATEX)).natural > 22 for row in table.rows)
    return _Column(natural, min(natural, max(cell.least for cell in cells) * _SAFE), number or ("l" if words or natural > _NARROW else "c"))


def _tight(gap: float) -> str:
    return "" if gap == _SIZES[0][2] else rf"\setlength{{\tabcolsep}}{{{gap / 2:g}pt}}"


def _mixed(columns: Sequence[_Column], wanted: Sequence[float], rest: float, scale: float) -> str:
    """Column types of a tabularx: every wrapped column has what it wants, and a share of what is left by the root of what it lacks."""
    lacks = [max(c.natural * scale - want, 0.0) ** 0.5 if want else 0.0 for c, want in zip(columns, wanted, strict=True)]
    spare, total = max(rest - sum(wanted), 0.0), sum(lacks) or 1.0
    widths = [want + spare * lack / total for want, lack in zip(wanted, lacks, strict=True)]
    count, whole = sum(want > 0 for want in wanted), sum(widths)
    kinds = []
    for column, want, width in zip(columns, wanted, widths, strict=True):
        share = f"{count * width / whole:.3f}" if want else ""
        kinds.append(rf">{{\hsize={share}\hsize\raggedright\arraybackslash}}X" if want else column.kind)
    return "".join(kinds)


def _long(columns: Sequence[_Column], line: float) -> Layout:
    """A longtable: shares of the line, none below the widest part that cannot break."""
    gaps, needed = len(columns) - 1, sum(c.least for c in columns)
    name, scale, gap = next((size for size in _SIZES if needed * size[1] + size[2] * gaps <= line), _SIZES[-1])
    room_left = line - gap * gaps
    least = [c.least * scale for c in columns]
    lacks = [max(c.natural * scale - low, 0.0) ** 0.75 for c, low in zip(columns, least, strict=True)]
    spare, total = max(0.0, room_left - sum(least)), sum(lacks) or 1.0
    widths = [min(low + spare * lack / total, max(c.natural * scale, low)) for c, low, lack in zip(columns, least, lacks, strict=True)]
    whole = max(sum(widths) + gap * gaps, line)
    kinds = "".join(rf">{{\raggedright\arraybackslash}}p{{{width / whole:.4f}\linewidth}}" for width in widths)
    return Layout("longtable", name + _tight(gap), kinds)
