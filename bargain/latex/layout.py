"""Column types and font size from the length of the content, so that a table stays inside the text width.

Lengths are counted in characters of the plain-text spelling; a line of the default article
class (345 pt at 10 pt) holds about 72. A table that fits is a ``tabular``; a wider one a
``tabularx`` whose long columns wrap; one with many rows a ``longtable``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bargain.tables.mathematics import TEXT
from bargain.tables.table import Phrase, Table, render

_LINE = 66.0  # characters in a line of text at normal size, with a margin
_GAP = 2.4  # characters between two columns
_SIZES = (("", 1.0), (r"\small", 1.1), (r"\footnotesize", 1.25), (r"\scriptsize", 1.42))
_NARROW = 14  # columns up to this length never wrap
_FORMULA = 10  # a formula breaks at its operators, so no part of it needs more
_ROWS = 28  # more rows than this need several pages


@dataclass(frozen=True)
class Layout:
    """An environment, a font size and the column types."""

    environment: str
    size: str
    columns: str

    @property
    def begin(self) -> str:
        """The line that opens the environment."""
        width = r"{\textwidth}" if self.environment == "tabularx" else ""
        return rf"\begin{{{self.environment}}}{width}{{@{{}}{self.columns}@{{}}}}"

    @property
    def end(self) -> str:
        """The line that closes it."""
        return rf"\end{{{self.environment}}}"


@dataclass(frozen=True)
class _Column:
    """A column: its longest cell, its longest part that cannot break, and whether it holds words."""

    natural: float
    least: float
    words: bool


def layout(table: Table) -> Layout:
    """The layout of a table.

    >>> layout(Table("", ("a", "b"), (("x", 1),))).begin
    '\\\\begin{tabular}{@{}cc@{}}'
    """
    columns = [_measure(table, index) for index in range(len(table.columns))]
    gaps = _GAP * (len(columns) - 1)
    if len(table.rows) > _ROWS:
        size, line = _size(sum(c.least for c in columns) * 1.15 + gaps)
        return Layout("longtable", size, _shares(columns, line))
    size, line = _size(sum(c.natural for c in columns) + gaps)
    if size in ("", r"\small"):
        return Layout("tabular", size, "".join("l" if c.words else "c" for c in columns))
    crowded = sum(min(c.natural, _NARROW) for c in columns) + gaps > _LINE * _SIZES[-1][1]
    wrapped = [c.natural > (0 if crowded else _NARROW) and c.least < c.natural for c in columns]
    fixed = sum(c.natural for c, wraps in zip(columns, wrapped, strict=True) if not wraps)
    wanted = sum(max(c.least * 1.1, min(c.natural, 12.0)) for c, wraps in zip(columns, wrapped, strict=True) if wraps)
    size, _ = _size(fixed + wanted + gaps)
    if not any(wrapped):
        return Layout("tabular", size, "".join("l" if c.words else "c" for c in columns))
    return Layout("tabularx", size, _mixed(columns, wrapped))


def _measure(table: Table, index: int) -> _Column:
    cells = [render(table.columns[index], TEXT), *(render(row[index], TEXT) for row in table.rows)]
    words = any(isinstance(row[index], str | Phrase) and len(render(row[index], TEXT)) > 4 for row in table.rows)
    formulas = {render(row[index], TEXT) for row in table.rows if not isinstance(row[index], str)}
    least = max((min(len(part), _FORMULA) if cell in formulas else len(part) for cell in cells for part in cell.split()), default=1)
    return _Column(float(max(map(len, cells))), float(least), words or max(map(len, cells)) > _NARROW)


def _size(needed: float) -> tuple[str, float]:
    """The largest font size at which so many characters fit in a line (else the smallest), and what it holds."""
    for name, factor in _SIZES:
        if needed <= _LINE * factor:
            return name, _LINE * factor
    return _SIZES[-1][0], _LINE * _SIZES[-1][1]


def _mixed(columns: Sequence[_Column], wrapped: Sequence[bool]) -> str:
    """Column types of a tabularx: wrapped columns share the rest of the line by the root of their length."""
    weights = [max(c.natural**0.5, c.least / 4) if wraps else 0.0 for c, wraps in zip(columns, wrapped, strict=True)]
    count, total = sum(wrapped), sum(weights)
    kinds = []
    for column, wraps, weight in zip(columns, wrapped, weights, strict=True):
        share = f"{count * weight / total:.2f}" if wraps else ""
        kinds.append(rf">{{\hsize={share}\hsize\raggedright\arraybackslash}}X" if wraps else "l" if column.words else "c")
    return "".join(kinds)


def _shares(columns: Sequence[_Column], line: float) -> str:
    """Column types of a longtable: shares of the text width, none below its longest part that cannot break."""
    gaps = _GAP * (len(columns) - 1)
    least = [c.least * 1.15 for c in columns]
    spare = max(0.0, line - gaps - sum(least))
    extra = [max(0.0, c.natural - low) ** 0.75 for c, low in zip(columns, least, strict=True)]
    widths = [low + spare * more / (sum(extra) or 1.0) for low, more in zip(least, extra, strict=True)]
    widths = [min(width, max(c.natural * 1.15, low)) for width, c, low in zip(widths, columns, least, strict=True)]
    scale = max(sum(widths) + gaps, line)
    return "".join(rf">{{\raggedright\arraybackslash}}p{{{width / scale:.3f}\textwidth}}" for width in widths)
