"""`latex`: the one function that turns a solution, a game, a notation or a table into LaTeX."""

from collections.abc import Iterable
from typing import Any

import sympy as sp

from bargain.errors import BadInput
from bargain.games import Game, MatrixGame
from bargain.latex.bimatrix import bimatrix, payoff_list
from bargain.latex.layout import LINE
from bargain.latex.preamble import document
from bargain.latex.proposition import Proposition
from bargain.latex.regimes import regime_table
from bargain.latex.tabular import float_of
from bargain.notation import Notation
from bargain.solution import Solution
from bargain.tables import Table, game_rows, notation_rows


def latex(thing: Any, *, by: Iterable[str | sp.Symbol] = (), caption: str | None = None, label: str | None = None,
          landscape: bool = False, decimals: bool = False, notes: bool = True, standalone: bool = False, line: float = LINE) -> str:
    """LaTeX for a `Solution`, `Game`, `MatrixGame`, `Notation`, `Table`, `Proposition`, or anything with a ``table()`` (comparative statics).

    by: parameters to solve a solution's conditions for, in order of preference. caption, label:
    replace the title and label of the table. landscape: on a turned page (pdflscape). decimals: columns of numbers aligned at
    the decimal point (siunitx). line: of text in the document, in points (the default class has 345). ``notes=False`` leaves the table's
    notes out. standalone: a complete document, for pdflatex, lualatex or xelatex; otherwise a fragment that needs booktabs, amsmath,
    amssymb, array, tabularx, longtable and threeparttable.

    >>> game = MatrixGame.from_arrays([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> print(latex(game).splitlines()[11])
    r2 & $\\underline{5},\\ 0$ & \\fbox{$\\underline{1},\\ \\underline{1}$}\\\\
    """
    if isinstance(thing, Proposition):
        return thing.to_latex(standalone=standalone)
    if isinstance(thing, MatrixGame):
        grid = bimatrix(thing, caption=caption, label=label) if len(thing.players) == 2 and not landscape else ""
        text = grid or payoff_list(thing, caption=caption, label=label, landscape=landscape)
    else:
        text = float_of(_table(thing, tuple(by)), caption=caption, label=label, landscape=landscape, decimals=decimals, notes=notes, line=line)
    return document(text) if standalone else text


def _table(thing: Any, by: tuple[str | sp.Symbol, ...]) -> Table:
    if isinstance(thing, Table):
        return thing
    if isinstance(thing, Solution):
        return regime_table(thing, by)
    if isinstance(thing, Game):
        return game_rows(thing)
    if isinstance(thing, Notation):
        return notation_rows(thing)
    if isinstance(found := thing.table() if hasattr(thing, "table") else None, Table):
        return found
    raise BadInput(f"no LaTeX for a {type(thing).__name__}", place="latex", remedy="pass a Solution, Game, MatrixGame, Notation, Table or Proposition")
