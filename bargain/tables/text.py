"""A table as text for a terminal or a log, laid out by rich."""

from io import StringIO

from bargain.tables.mathematics import TEXT
from bargain.tables.table import Table, render


def to_text(table: Table, *, width: int = 100, color: bool = False) -> str:
    """The table in plain characters, at most `width` wide; `color` adds terminal styles.

    >>> print(to_text(Table("", ("n", "square"), ((2, 4),))))
    n   square
    ──────────
    2   4
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table as Grid
    from rich.text import Text

    grid = Grid(title=table.title and Text(table.title), box=box.SIMPLE_HEAD, title_justify="left", title_style="bold", show_edge=False,
                pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in table.columns:
        grid.add_column(Text(render(column, TEXT)), overflow="fold")
    for row in table.printed(TEXT):
        grid.add_row(*map(Text, row))
    out = StringIO()
    console = Console(file=out, width=width, force_terminal=color, color_system="standard" if color else None, legacy_windows=False)
    console.print(grid)
    for note in table.notes:
        console.print(Text(render(note, TEXT)), soft_wrap=False)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()).strip("\n")
