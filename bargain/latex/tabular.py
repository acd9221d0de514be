"""A `Table` as a LaTeX float: booktabs rules, caption and label, notes below; turned on request, decimals aligned on request."""

import re
from collections.abc import Sequence

from bargain.latex.layout import LINE, Layout, layout
from bargain.tables.mathematics import LATEX, TEXT
from bargain.tables.table import Table, render
from bargain.tables.writing import latex_prose

_NUMBER = re.compile(r"-?(\d+)(?:\.(\d+))?")


def float_of(table: Table, *, caption: str | None = None, label: str | None = None, landscape: bool = False, decimals: bool = False,
             notes: bool = True, line: float = LINE) -> str:
    """The table as a ``table`` environment, or as a ``longtable`` where it has many rows.

    caption, label: replace the table's own; an empty caption leaves it out. landscape: on a turned page of its own. decimals: columns of
    numbers aligned at the decimal point by siunitx. notes: whether the table's notes stand below it. line: of text, in points.
    """
    numbers = {column: kind for column in range(len(table.columns)) if decimals and (kind := _aligned(table, column))}
    shape = layout(table, landscape=landscape, number=numbers.get, line=line)
    numbers = {} if shape.environment == "longtable" else {column: kind for column, kind in numbers.items() if kind in shape.columns}
    title = table.title if caption is None else caption
    above = caption_of(title, table.label if label is None else label)
    rows = Rows(table, frozenset(numbers))
    below = Notes(table.notes if notes else ())
    lines = _long(rows, shape, above, below) if shape.environment == "longtable" else _short(rows, shape, above, below)
    if landscape:
        lines = [r"\begin{landscape}", *lines, r"\end{landscape}"]
    return "\n".join(line for line in lines if line) + "\n"


def in_words(table: Table, caption: str) -> str:
    """A table of one row as a paragraph: the caption in bold, then each cell with its heading, then the notes.

    >>> from bargain.tables.table import Utility
    >>> print(in_words(Table("", ("Outcome", Utility("A"), Utility("B")), (("war", 2, -1),)), "At the start"))
    \\par\\noindent\\textbf{At the start.} Outcome: war. $u_{A} = 2$, $u_{B} = -1$.\\par
    """
    said, symbols = list[str](), list[str]()
    for column, cell in zip(table.columns, *table.rows, strict=True):
        head, value = render(column, LATEX), render(cell, LATEX)
        if value and head.startswith("$"):
            symbols.append(f"{head[:-1]} = {value[1:]}" if value.startswith("$") and value.count("$") == 2 else f"{head[:-1]} =$ {value}")
        elif value:
            said.append(f"{head}: {value}")
    said += [", ".join(symbols)] if symbols else []
    notes = [r"{\footnotesize\emph{Notes.} " + " ".join(Notes(table.notes).parts) + r"\par}"] if table.notes else []
    return "\n".join([rf"\par\noindent\textbf{{{latex_prose(caption)}.}} " + " ".join(part.rstrip(".") + "." for part in said) + r"\par", *notes])


def inline(table: Table) -> str:
    """The table alone, for notebooks: no float, no caption, no notes, one page."""
    shape, rows = layout(table), Rows(table, frozenset())
    if shape.environment == "longtable":
        shape = Layout("tabular", shape.size, shape.columns, shape.wide)
    return "\n".join([r"\noindent{" + shape.size + "%", shape.begin, r"\toprule", rows.heading(), r"\midrule", *rows.body(), r"\bottomrule",
                      shape.end + r"\par", "}"]) + "\n"


def caption_of(title: str, label: str) -> str:
    """Caption and label, each only if given."""
    return (rf"\caption{{{latex_prose(title)}}}" if title else "") + (rf"\label{{{label}}}" if label else "")


def _short(rows: "Rows", shape: Layout, above: str, below: "Notes") -> list[str]:
    inside = [shape.begin, r"\toprule", rows.heading(), r"\midrule", *rows.body(shape.apart), r"\bottomrule", shape.end]
    if below.parts and shape.wide:
        return [r"\begin{table}[htbp]", r"\centering", r"\begin{threeparttable}", above, shape.size, *inside, *below.listed(),
                r"\end{threeparttable}", r"\end{table}"]
    return [r"\begin{table}[htbp]", r"\centering", above, shape.size, *inside, *below.paragraph(), r"\end{table}"]


def _long(rows: "Rows", shape: Layout, above: str, below: "Notes") -> list[str]:
    first = above + (r"\\" if above else "")
    head = [r"\toprule", rows.heading(), r"\midrule"]
    return ["{" + shape.size, shape.begin, first, *head, r"\endfirsthead", *head, r"\endhead", r"\bottomrule", r"\endfoot", r"\bottomrule",
            r"\endlastfoot", *rows.body(shape.apart), shape.end, "}", *below.paragraph()]


class Rows:
    """The lines of a table's body; columns in `numbers` are aligned by siunitx."""

    def __init__(self, table: Table, numbers: frozenset[int]) -> None:
        self.table, self.numbers = table, numbers

    def heading(self) -> str:
        """The row of column headings."""
        names = (render(column, LATEX) for column in self.table.columns)
        return " & ".join(f"{{{name}}}" if place in self.numbers else name for place, name in enumerate(names)) + r"\\"

    def body(self, apart: bool = False) -> list[str]:
        """The rows; apart: with room before each that begins a group."""
        printed = self.table.printed(LATEX)
        lines = [" & ".join(self._cell(place, cell) for place, cell in enumerate(row)) + r"\\" for row in printed]
        spaced = [apart and bool(row[0]) for row in printed[1:]] + [False]
        return [line + r"\addlinespace" * space for line, space in zip(lines, spaced, strict=True)]

    def _cell(self, place: int, cell: str) -> str:
        """A cell; one that could be taken for an option of the line break before it is guarded."""
        if place in self.numbers:
            return cell.strip("$")
        return "{}" + cell if cell.startswith(("[", "*")) else cell


class Notes:
    """The notes below a table."""

    def __init__(self, parts: Sequence[object]) -> None:
        self.parts = [render(part, LATEX) for part in parts]

    def listed(self) -> list[str]:
        """As the notes of a threeparttable, as wide as the table."""
        return [r"\begin{tablenotes}[flushleft]\footnotesize", r"\item\raggedright \emph{Notes.} " + " ".join(self.parts), r"\end{tablenotes}"] if self.parts else []

    def paragraph(self) -> list[str]:
        """As a small paragraph, as wide as the line."""
        if not self.parts:
            return []
        return [r"\par\smallskip\noindent", r"\begin{minipage}{\linewidth}\footnotesize\raggedright", r"\emph{Notes.} " + " ".join(self.parts), r"\end{minipage}"]


def _aligned(table: Table, column: int) -> str | None:
    """The siunitx column type of a column of decimal numbers; None for any other."""
    texts = [text for row in table.rows if (text := render(row[column], TEXT))]
    found = [_NUMBER.fullmatch(text) for text in texts]
    numbers = [match for match in found if match]
    if len(numbers) < len(texts) or not any(match[2] for match in numbers):
        return None
    whole, parts = max(len(match[1]) for match in numbers), max(len(match[2] or "") for match in numbers)
    minus = "-" if any(text.startswith("-") for text in texts) else ""
    return f"S[table-format={minus}{whole}.{parts}]"
