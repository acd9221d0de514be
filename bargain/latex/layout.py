"""Column types and font size from the measured width of the content, so that a table stays inside the text width.

Widths are counted in points against a line of the default article class (345 pt at 10 pt). A table that fits is a
``tabular``; a wider one a ``tabularx`` whose long columns wrap; one too high for a page a ``longtable``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from bargain.latex.metrics import room
from bargain.tables.mathematics import LATEX
from bargain.tables.table import Phrase, Table, render
from bargain.tables.writing import Written

LINE = 345.0  # a line of text, in points
LANDSCAPE = 1.55  # how much longer a line is on a turned page
_SAFE = 1.04  # widths are known to a few hundredths
# command, width of the type, gap between columns
_SIZES = (("", 1.0, 12.0), (r"\small", 0.93, 12.0), (r"\footnotesize", 0.86, 12.0), (r"\scriptsize", 0.80, 8.0), (r"\scriptsize", 0.80, 4.0))
_NARROW = 70.0  # columns up to this width wrap only where the table does not fit otherwise
_FIXED = 50.0  # columns of a table of several pages up to this width do not wrap, where that is possible
_EASY = 62.0  # a wrapped column should not be narrower, where that is possible
_WIDE = 0.6  # a table below this part of the line has notes wider than itself
ROWS = 28  # more rows than this need several pages
_HIGH = 430.0  # points: a higher table needs several pages
_LEADING = 12.0  # from line to line at normal size
_STEPS = 80  # in which columns shrink to the room there is
_STARTS, _TRIED = (0.65, 0.4), 3  # parts of its natural width to which one column is cut first, and how many columns, the widest
_SPACE = 3.0  # the room of a space at the end of a line, in points
_APART = 2.4  # lines per row from which rows stand apart
_LOOSE = 1.3  # lines per row that a table of several pages may have before its letters get smaller


@dataclass(frozen=True)
class Layout:
    """An environment, a font size with the room between columns, and the column types.

    wide: whether it takes most of the line. apart: whether most rows have several lines, so that room between rows helps the eye.
    """

    environment: str
    size: str
    columns: str
    wide: bool = True
    apart: bool = False

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
    """A column in points at normal size: its longest cell, its widest part that cannot break, its type where it does not wrap, its cells.

    formulas: whether each cell is one formula.
    """

    natural: float
    least: float
    kind: str
    cells: tuple[tuple[float, ...], ...] = ()
    formulas: bool = False
    known: dict[int, list[int]] = field(default_factory=dict, compare=False)

    def lines(self, width: float) -> list[int]:
        """The lines that each cell takes in a column of this width."""
        half = int(2 * width)
        if half not in self.known:
            self.known[half] = [_filled(parts, half / 2) for parts in self.cells]
        return self.known[half]


def _filled(parts: Sequence[float], width: float) -> int:
    """The lines that parts fill one after the other."""
    lines, taken = 1, 0.0
    for part in parts:
        if taken and taken + part - _SPACE > width:
            lines, taken = lines + 1, part
        else:
            taken += part
    return lines


def layout(table: Table, *, landscape: bool = False, number: Callable[[int], str | None] = lambda column: None, line: float = LINE) -> Layout:
    """The layout of a table; `number` gives the column type of a column of numbers, if it has one of its own; line: of text, in points.

    >>> layout(Table("", ("a", "b"), (("x", 1),))).begin
    '\\\\begin{tabular}{@{}cc@{}}'
    """
    line *= LANDSCAPE if landscape else 1.0
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
                    kinds, lines = _mixed(columns, wanted, rest, scale)
                    high = lines * _LEADING * scale > _HIGH * (1 if not landscape else 1 / LANDSCAPE)
                    return _long(columns, line) if high else Layout("tabularx", name + _tight(gap), kinds, apart=lines > _APART * len(columns[0].cells))
    name, scale, gap = _SIZES[-1]
    if not any(c.least < c.natural for c in columns):
        return Layout("tabular", name + _tight(gap), "".join(c.kind for c in columns))
    least = [c.least * scale if c.least < c.natural else 0.0 for c in columns]
    return Layout("tabularx", name + _tight(gap), _mixed(columns, least, sum(least), scale)[0])


def _measure(table: Table, index: int, number: str | None) -> _Column:
    texts = [render(row[index], LATEX) for row in table.rows]
    cells = [room(text) for text in (render(table.columns[index], LATEX), *texts)]
    formulas = all(text[:1] == text[-1:] == "$" and text.count("$") == 2 for text in texts if text)
    natural = max(cell.natural for cell in cells) * _SAFE
    words = any(isinstance(row[index], str | Phrase | Written) and room(render(row[index], LATEX)).natural > 22 for row in table.rows)
    return _Column(natural, min(natural, max(cell.least for cell in cells) * _SAFE), number or ("l" if words or natural > _NARROW else "c"),
                   tuple(tuple(part * _SAFE for part in cell.parts) for cell in cells), formulas)


def _tight(gap: float) -> str:
    return "" if gap == _SIZES[0][2] else rf"\setlength{{\tabcolsep}}{{{gap / 2:g}pt}}"


def _mixed(columns: Sequence[_Column], wanted: Sequence[float], rest: float, scale: float) -> tuple[str, float]:
    """Column types of a tabularx, and its lines: every wrapped column has at least what it wants, and together they take the rest of the line."""
    wraps = [column for column, want in zip(columns, wanted, strict=True) if want]
    fitted, lines = _shared(wraps, [want for want in wanted if want], rest, scale)
    spare = max(rest - sum(fitted), 0.0) / len(wraps)
    widths = iter([width + spare for width in fitted])
    whole = sum(fitted) + spare * len(wraps)
    kinds = [rf">{{\hsize={len(wraps) * next(widths) / whole:.3f}\hsize\raggedright\arraybackslash}}X" if want else column.kind
             for column, want in zip(columns, wanted, strict=True)]
    return "".join(kinds), lines


def _shared(columns: Sequence[_Column], least: Sequence[float], room_left: float, scale: float) -> tuple[list[float], float]:
    """Widths of wrapped columns and the lines of their table: the fewest of several starts, from natural widths and with one column narrower from the start."""
    natural = [max(low, min(column.natural * scale, room_left)) for column, low in zip(columns, least, strict=True)]
    widest = sorted(range(len(columns)), key=lambda k: (-columns[k].natural, k))[:_TRIED]
    starts = [natural, *([*natural[:k], max(least[k], natural[k] * part), *natural[k + 1 :]] for k in widest for part in _STARTS)]
    return min((_shrunk(columns, least, start, room_left, scale) for start in starts), key=lambda found: found[1])


def _shrunk(columns: Sequence[_Column], least: Sequence[float], start: Sequence[float], room_left: float, scale: float) -> tuple[list[float], float]:
    """Widths that fit, and their lines: each step takes from the column where it costs fewest lines."""
    widths = list(start)
    lines = [columns[place].lines(width / scale) for place, width in enumerate(widths)]
    step = max(sum(widths) - room_left, 0.0) / _STEPS
    while step and sum(widths) > room_left + 1e-6:
        best: tuple[tuple[int, float], int, float, list[int]] | None = None
        for place, width in enumerate(widths):
            narrower = max(width - step, least[place])
            if narrower < width:
                after = columns[place].lines(narrower / scale)
                cost = sum(max(counts) for counts in zip(*(after if k == place else one for k, one in enumerate(lines)), strict=True))
                if best is None or (cost, -width) < best[0]:
                    best = (cost, -width), place, narrower, after
        if best is None:
            break
        _, place, widths[place], lines[place] = best
    return widths, float(sum(max(counts) for counts in zip(*lines, strict=True)))


def _long(columns: Sequence[_Column], line: float) -> Layout:
    """A longtable: shares of the line, none below the widest part that cannot break, in letters that keep the lines few where that is possible."""
    gaps, rows = len(columns) - 1, len(columns[0].cells)
    for narrow in (_FIXED, 0.0):
        whole = [replace(c, least=c.natural) if c.natural <= (_NARROW if narrow and c.formulas else narrow) else c for c in columns]
        fitting = [size for size in _SIZES if sum(c.least for c in whole) * size[1] + size[2] * gaps <= line]
        if fitting:
            break
    columns, fitting = whole, fitting or [_SIZES[-1]]
    tried = [(size, *_shared(columns, [c.least * size[1] for c in columns], line - size[2] * gaps, size[1])) for size in fitting if size in _SIZES[:3]]
    tried = tried or [(fitting[0], *_shared(columns, [c.least * fitting[0][1] for c in columns], line - fitting[0][2] * gaps, fitting[0][1]))]
    (name, _, gap), widths, lines = next((one for one in tried if one[2] <= _LOOSE * rows), tried[-1])
    wide = max(sum(widths) + gap * gaps, line)
    kinds = "".join(rf">{{\raggedright\arraybackslash}}p{{{width / wide:.4f}\linewidth}}" for width in widths)
    return Layout("longtable", name + _tight(gap), kinds, apart=lines > _APART * rows)
