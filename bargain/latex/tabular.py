"""A `Table` as a LaTeX float: booktabs rules, caption and label, notes below."""

from bargain.latex.layout import Layout, layout
from bargain.tables.mathematics import LATEX
from bargain.tables.symbols import latex_words
from bargain.tables.table import Table, render


def float_of(table: Table, *, caption: str | None = None, label: str | None = None) -> str:
    """The table as a ``table`` environment, or as a ``longtable`` where it has many rows.

    caption, label: replace the table's own; an empty caption leaves it out.
    """
    shape = layout(table)
    title = table.title if caption is None else caption
    mark = table.label if label is None else label
    above = (rf"\caption{{{latex_words(title)}}}" if title else "") + (rf"\label{{{mark}}}" if mark else "")
    lines = _long(table, shape, above) if shape.environment == "longtable" else _short(table, shape, above)
    return "\n".join(line for line in lines if line) + "\n"


def _short(table: Table, shape: Layout, above: str) -> list[str]:
    return [r"\begin{table}[htbp]", r"\centering", above, shape.size, _stretch(table), shape.begin, r"\toprule", heading(table), r"\midrule",
            *body(table), r"\bottomrule", shape.end, *notes(table), r"\end{table}"]


def _long(table: Table, shape: Layout, above: str) -> list[str]:
    first = above + (r"\\" if above else "")
    head = [r"\toprule", heading(table), r"\midrule"]
    return ["{" + shape.size + _stretch(table), shape.begin, first, *head, r"\endfirsthead", *head, r"\endhead", r"\bottomrule",
            r"\endlastfoot", *body(table), shape.end, "}", *notes(table)]


def _stretch(table: Table) -> str:
    """More room between rows that carry fractions."""
    return r"\renewcommand{\arraystretch}{1.3}" if any(r"\frac" in line for line in body(table)) else ""


def heading(table: Table) -> str:
    """The row of column headings."""
    return " & ".join(render(column, LATEX) for column in table.columns) + r"\\"


def body(table: Table) -> list[str]:
    """The rows."""
    return [" & ".join(_guarded(cell) for cell in row) + r"\\" for row in table.printed(LATEX)]


def _guarded(cell: str) -> str:
    """A cell that cannot be taken for an option of the line break before it."""
    return "{}" + cell if cell.startswith(("[", "*")) else cell


def notes(table: Table) -> list[str]:
    """The notes as a small paragraph."""
    if not table.notes:
        return []
    text = " ".join(render(note, LATEX) for note in table.notes)
    return [r"\par\smallskip", r"\begin{minipage}{\textwidth}\footnotesize\raggedright", r"\emph{Notes.} " + text, r"\end{minipage}"]
