"""`latex`: the one function that turns a solution, a game, a notation or a table into LaTeX."""

from collections.abc import Iterable
from typing import Any

import sympy as sp

from bargain.errors import BadInput
from bargain.games import Game, MatrixGame
from bargain.latex.bimatrix import bimatrix
from bargain.latex.proposition import Proposition
from bargain.latex.tabular import float_of
from bargain.notation import Notation
from bargain.solution import Solution
from bargain.tables import Table, game_rows, matrix_rows, notation_rows, solution_rows

_PREAMBLE = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage{textcomp}
\usepackage[margin=2.5cm]{geometry}
\usepackage{booktabs,amsmath,amssymb,array,tabularx,longtable}
\begin{document}
"""


def latex(thing: Any, *, by: Iterable[str | sp.Symbol] = (), caption: str | None = None, label: str | None = None,
          standalone: bool = False) -> str:
    """LaTeX for a `Solution`, `Game`, `MatrixGame`, `Notation`, `Table` or `Proposition`.

    by: parameters to solve a solution's conditions for, in order of preference. caption, label:
    replace the title and label of the table. standalone: a complete document; otherwise a fragment
    that needs booktabs, amsmath, amssymb, array, tabularx and longtable.

    >>> game = MatrixGame.from_arrays([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> print(latex(game).splitlines()[10])
    r2 & $\\underline{5},\\ 0$ & \\fbox{$\\underline{1},\\ \\underline{1}$}\\\\
    """
    if isinstance(thing, Proposition):
        return thing.to_latex(standalone=standalone)
    if isinstance(thing, MatrixGame) and len(thing.players) == 2:
        text = bimatrix(thing, caption=caption, label=label)
    else:
        text = float_of(_table(thing, tuple(by)), caption=caption, label=label)
    return _PREAMBLE + text + "\\end{document}\n" if standalone else text


def _table(thing: Any, by: tuple[str | sp.Symbol, ...]) -> Table:
    if isinstance(thing, Table):
        return thing
    if isinstance(thing, Solution):
        return solution_rows(thing, by)
    if isinstance(thing, Game):
        return game_rows(thing)
    if isinstance(thing, MatrixGame):
        return matrix_rows(thing)
    if isinstance(thing, Notation):
        return notation_rows(thing)
    raise BadInput(f"no LaTeX for a {type(thing).__name__}", place="latex", remedy="pass a Solution, Game, MatrixGame, Notation, Table or Proposition")
