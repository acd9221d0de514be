"""Displays in notebooks: a table or bimatrix as HTML and LaTeX, a tree, a regime map or a table as SVG, rows as a data frame."""

from dataclasses import replace
from html import escape
from io import StringIO
from typing import TYPE_CHECKING, Any

import sympy as sp

from bargain.games import Game, MatrixGame
from bargain.notation import Notation
from bargain.solution import Solution
from bargain.tables.games import game_rows, matrix_rows
from bargain.tables.html import to_html
from bargain.tables.listing import notation_rows
from bargain.tables.mathematics import HTML
from bargain.tables.profile import readable
from bargain.tables.solutions import solution_rows
from bargain.tables.table import Table, render

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

ROWS = 60  # more rows than this are counted, not shown


def html(thing: Any) -> str:
    """The value as HTML: a tree is drawn above its table of end nodes, best responses of a matrix are underlined and equilibria boxed.

    >>> game = MatrixGame.from_arrays([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> html(game).count("<u>"), html(game).count("outline:")
    (4, 1)
    """
    if isinstance(thing, MatrixGame) and len(thing.players) == 2:
        return _bimatrix(thing)
    text = to_html(_short(rows_of(thing)))
    if not isinstance(thing, Game):
        return text
    return f'<figure>{svg(thing)}</figure>\n<details><summary>{thing.count["ends"]:,} end nodes</summary>\n{text}\n</details>'


def latex(thing: Any) -> str:
    """The table alone, without float and caption, as a notebook's conversion to LaTeX takes it (booktabs, array, tabularx)."""
    from bargain.latex.bimatrix import grid
    from bargain.latex.tabular import inline

    if isinstance(thing, MatrixGame) and len(thing.players) == 2 and (found := grid(thing)):
        return found
    return inline(_short(rows_of(thing)))


def svg(thing: Any) -> str:
    """A picture: the tree of a game; a one-regime solution of a tree with its path bold; a solution over two parameters with known
    ranges as a regime map; a table of anything else."""
    from bargain.figures.style import journal

    out = StringIO()
    with journal():
        _figure(thing).savefig(out, format="svg", metadata={"Date": None})
    text = out.getvalue()
    return text[text.index("<svg"):]


def frame(thing: Any) -> "pd.DataFrame":
    """The rows of the value's table, all of them, as a pandas DataFrame."""
    import pandas as pd

    table = rows_of(thing)
    return pd.DataFrame(table.records(), columns=[str(name) for name in table.headings()])


def rows_of(thing: Any) -> Table:
    """The table that shows a value."""
    if isinstance(thing, Table):
        return thing
    if isinstance(thing, Solution):
        return solution_rows(thing)
    if isinstance(thing, Game):
        return game_rows(thing)
    return matrix_rows(thing) if isinstance(thing, MatrixGame) else notation_rows(thing)


def _short(table: Table) -> Table:
    """The first rows, with a note on how many more there are."""
    more = len(table.rows) - ROWS
    return table if more <= 0 else replace(table, rows=table.rows[:ROWS], notes=(*table.notes, f"And {more:,} more rows."))


def _figure(thing: Any) -> "Figure":
    if isinstance(thing, Game) or isinstance(thing, Solution) and isinstance(thing.problem, Game) and len(thing.regimes) == 1:
        from bargain.figures import tree_figure

        return tree_figure(thing)
    if isinstance(thing, Solution) and _mapped(thing):
        from bargain.figures import exact_regime_map

        return exact_regime_map(thing, *thing.problem.notation.symbols)
    from bargain.figures.grid import table_figure

    return table_figure(_short(rows_of(thing)))


def _mapped(solution: Solution) -> bool:
    """Whether the regimes lie over two parameters that each have a finite range."""
    notation = solution.problem.notation
    return isinstance(notation, Notation) and len(notation.symbols) == 2 and len(solution.regimes) > 1 and all(
        row.prior is not None or row.domain.low.is_finite and row.domain.high.is_finite for row in notation)


def _bimatrix(game: MatrixGame) -> str:
    """The grid of payoffs in a table of its own, marked."""
    from bargain.latex.bimatrix import best_responses, legend_of

    best = [best_responses(game, player) for player in range(2)]
    rows, columns = game.actions
    names = " / ".join(map(escape, game.players))
    lines = ['<table class="bargain">', *([f"<caption>{escape(game.title)}</caption>"] if game.title else []),
             f'<thead><tr><th scope="col">{names}</th>' + "".join(f'<th scope="col">{escape(readable(name))}</th>' for name in columns) + "</tr></thead>", "<tbody>"]
    for row in rows:
        cells = "".join(_cell(game[row, column], [(row, column) in cells for cells in best]) for column in columns)
        lines.append(f'<tr><th scope="row">{escape(readable(row))}</th>{cells}</tr>')
    return "\n".join([*lines, "</tbody>", f'<tfoot><tr><td colspan="{len(columns) + 1}">{legend_of(game, best)}</td></tr></tfoot>', "</table>"])


def _cell(payoffs: tuple[sp.Expr, ...], marks: list[bool]) -> str:
    shown = ", ".join(f"<u>{render(value, HTML)}</u>" if mark else render(value, HTML) for value, mark in zip(payoffs, marks, strict=True))
    return f'<td style="outline: 1px solid">{shown}</td>' if all(marks) else f"<td>{shown}</td>"
