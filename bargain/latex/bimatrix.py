"""A two-player game as a bimatrix: best responses underlined, pure equilibria boxed.

With symbolic payoffs a response is marked only where it is best for every admissible parameter.
"""

import sympy as sp

from bargain.games import MatrixGame
from bargain.regions.cells import EQ, GT
from bargain.regions.space import Space
from bargain.tables.listing import decimal
from bargain.tables.mathematics import LATEX, tidy, typical_point
from bargain.tables.profile import readable
from bargain.tables.symbols import latex_words

_LEGEND = "Best responses are underlined; pure equilibria are boxed."


def bimatrix(game: MatrixGame, *, caption: str | None = None, label: str | None = None) -> str:
    """The bimatrix as a ``table`` environment."""
    rows, columns = game.actions
    best = [best_responses(game, player) for player in range(2)]
    lines = [rf"{latex_words(readable(row))} & " + " & ".join(_cell(game, (row, column), best) for column in columns) + r"\\" for row in rows]
    title = game.title if caption is None else caption
    above = (rf"\caption{{{latex_words(title)}}}" if title else "") + (rf"\label{{{label}}}" if label else "")
    size = r"\small" if len(columns) > 5 else ""
    parts = [r"\begin{table}[htbp]", r"\centering", above, size, r"\renewcommand{\arraystretch}{1.5}",
             rf"\begin{{tabular}}{{@{{}}l{'c' * len(columns)}@{{}}}}", r"\toprule",
             rf" & \multicolumn{{{len(columns)}}}{{c}}{{{latex_words(game.players[1])}}}\\", rf"\cmidrule(l){{2-{len(columns) + 1}}}",
             latex_words(game.players[0]) + " & " + " & ".join(latex_words(readable(column)) for column in columns) + r"\\", r"\midrule",
             *lines, r"\bottomrule", r"\end{tabular}", rf"\par\smallskip{{\footnotesize {_LEGEND}}}", r"\end{table}"]
    return "\n".join(part for part in parts if part) + "\n"


def best_responses(game: MatrixGame, player: int) -> set[tuple[str, ...]]:
    """The cells in which the player's action is a best response for every admissible parameter.

    >>> game = MatrixGame.from_arrays([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> sorted(best_responses(game, 0))
    [('r2', 'c1'), ('r2', 'c2')]
    """
    space = Space(game.notation)
    best = set()
    for cell in game:
        others = [(*cell[:player], action, *cell[player + 1 :]) for action in game.actions[player] if action != cell[player]]
        if all(_never_below(space, game[cell][player] - game[other][player]) for other in others):
            best.add(cell)
    return best


def _never_below(space: Space, gap: sp.Expr) -> bool:
    return bool(gap >= 0) if gap.is_number else space.sign(gap) & ~(EQ | GT) == 0


def _cell(game: MatrixGame, cell: tuple[str, ...], best: list[set[tuple[str, ...]]]) -> str:
    """The payoffs of a cell in one formula, marked."""
    point = typical_point(game.notation)
    printed = [_payoff(tidy(value, point)) for value in game[cell]]
    marked = [rf"\underline{{{text}}}" if cell in best[player] else text for player, text in enumerate(printed)]
    inside = rf"${marked[0]},\ {marked[1]}$"
    return rf"\fbox{{{inside}}}" if all(cell in cells for cells in best) else inside


def _payoff(value: sp.Expr) -> str:
    """A payoff; a fraction that is a short decimal is written as one."""
    short = decimal(value)
    return LATEX.formula(value) if isinstance(short, sp.Basic) else format(short, "f")
