"""Games in strategic form: a bimatrix, or a list of payoffs; best responses underlined, pure equilibria boxed.

With symbolic payoffs a response is marked only where it is best for every admissible parameter.
"""

from collections.abc import Sequence

import sympy as sp

from bargain.games import MatrixGame
from bargain.latex.layout import LINE
from bargain.latex.metrics import room
from bargain.latex.tabular import caption_of, float_of
from bargain.regions.cells import EQ, GT
from bargain.regions.space import Space
from bargain.tables.listing import decimal
from bargain.tables.mathematics import LATEX, tidy, typical_point
from bargain.tables.profile import readable
from bargain.tables.symbols import latex_words
from bargain.tables.table import Phrase, Table, Verbatim

_SIZES = (("", 1.0, 12.0), (r"\small", 0.93, 12.0), (r"\footnotesize", 0.86, 8.0), (r"\scriptsize", 0.80, 6.0))


def bimatrix(game: MatrixGame, *, caption: str | None = None, label: str | None = None) -> str:
    """The bimatrix as a ``table`` environment, in a size of type in which it fits the line; empty where none does."""
    best = [best_responses(game, player) for player in range(2)]
    inside = _grid(game, best)
    if not inside:
        return ""
    above = caption_of(game.title if caption is None else caption, label or "")
    legend = rf"\par\smallskip{{\footnotesize {legend_of(game, best)}}}"
    parts = [r"\begin{table}[htbp]", r"\centering", above, inside.rstrip("\n"), legend, r"\end{table}"]
    return "\n".join(part for part in parts if part) + "\n"


def grid(game: MatrixGame) -> str:
    """The bimatrix alone."""
    return _grid(game, [best_responses(game, player) for player in range(2)])


def _grid(game: MatrixGame, best: list[set[tuple[str, ...]]]) -> str:
    rows, columns = game.actions
    cells = [[latex_words(readable(row)), *(_cell(game, (row, column), best) for column in columns)] for row in rows]
    head = [latex_words(game.players[0]), *(latex_words(readable(column)) for column in columns)]
    size = _size([head, *cells])
    if size is None:
        return ""
    parts = ["{" + size, r"\renewcommand{\arraystretch}{1.5}",
             rf"\begin{{tabular}}{{@{{}}l{'c' * len(columns)}@{{}}}}", r"\toprule",
             rf" & \multicolumn{{{len(columns)}}}{{c}}{{{latex_words(game.players[1])}}}\\", rf"\cmidrule(l){{2-{len(columns) + 1}}}",
             " & ".join(head) + r"\\", r"\midrule", *(" & ".join(row) + r"\\" for row in cells),
             r"\bottomrule", r"\end{tabular}", "}"]
    return "\n".join(part for part in parts if part) + "\n"


def payoff_list(game: MatrixGame, *, caption: str | None = None, label: str | None = None, landscape: bool = False) -> str:
    """One row per cell with the payoffs of all players, marked in the same way: for more than two players, or a matrix too wide for the page."""
    best = [best_responses(game, player) for player in range(len(game.players))]
    rows = tuple((*map(readable, cell), Verbatim(_cell(game, cell, best))) for cell in game)
    payoffs = Phrase.of("Payoffs (", ", ".join(game.players), ")")
    table = Table(game.title, (*game.players, payoffs), rows, (legend_of(game, best),), stub=len(game.players) - 1)
    return float_of(table, caption=caption, label=label, landscape=landscape)


def legend_of(game: MatrixGame, best: Sequence[set[tuple[str, ...]]]) -> str:
    """What the marks say, or that there is nothing to mark; with parameters they hold at all admissible values.

    >>> pennies = MatrixGame.from_arrays([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    >>> legend_of(pennies, [best_responses(pennies, player) for player in range(2)])
    'Best responses are underlined; no pure equilibrium exists.'
    """
    everywhere = " at all parameter values" if any(value.free_symbols for cell in game for value in game[cell]) else ""
    if not any(best):
        return f"No response is best{everywhere}."
    none = f"no cell is an equilibrium{everywhere}" if everywhere else "no pure equilibrium exists"
    return f"Best responses{everywhere} are underlined; {'pure equilibria are boxed' if set.intersection(*best) else none}."


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


def _size(cells: list[list[str]]) -> str | None:
    """The largest size of type in which the matrix fits the line."""
    widths = [max(room(cell).natural for cell in column) for column in zip(*cells, strict=True)]
    for name, scale, gap in _SIZES:
        if sum(widths) * scale * 1.03 + gap * (len(widths) - 1) <= LINE:
            return name + ("" if gap == _SIZES[0][2] else rf"\setlength{{\tabcolsep}}{{{gap / 2:g}pt}}")
    return None


def _cell(game: MatrixGame, cell: tuple[str, ...], best: list[set[tuple[str, ...]]]) -> str:
    """The payoffs of a cell in one formula, marked."""
    point = typical_point(game.notation)
    printed = [_payoff(tidy(value, point)) for value in game[cell]]
    marked = [rf"\underline{{{text}}}" if cell in best[player] else text for player, text in enumerate(printed)]
    inside = "$" + r",\ ".join(marked) + "$"
    return rf"\fbox{{{inside}}}" if all(cell in cells for cells in best) else inside


def _payoff(value: sp.Expr) -> str:
    """A payoff; a fraction that is a short decimal is written as one."""
    short = decimal(value)
    return LATEX.formula(value) if isinstance(short, sp.Basic) else format(short, "f")
