"""The actions of a bimatrix game that survive the repeated removal of those strictly dominated by an action.

A strictly dominated action is never a best reply. So in every equilibrium its weight is zero, at every strategy of the
other player its inequality has slack, and leaving it out changes neither the extreme equilibria nor their components,
however degenerate the game is. About half the 4 x 4 games with random payoffs shrink to 3 x 3 or less.

Source: Luce and Raiffa (1957), Games and Decisions, section 5.4 and appendix.
"""

from collections.abc import Sequence
from operator import gt

__all__ = ["undominated"]

Table = Sequence[Sequence[int]]


def undominated(rows: Table, columns: Table) -> tuple[list[int], list[int], Table, Table]:
    """The surviving rows and columns of the payoffs a (rows) and b (columns), and a by row and b by column on them.

    `columns` lists the column player's payoffs by column, so each table has one line for each action of its player.

    >>> undominated([[3, 0], [5, 1]], [[3, 0], [5, 1]])
    ([1], [1], [[1]], [[1]])
    """
    own, other = list(range(len(rows))), list(range(len(columns)))
    turn, idle = 0, 0
    while idle < 2:
        kept = _alive(rows)
        idle = idle + 1 if len(kept) == len(rows) else 1
        if len(kept) < len(rows):
            own = [own[k] for k in kept]
            rows = [rows[k] for k in kept]
            columns = [[line[k] for k in kept] for line in columns]
        own, other, rows, columns = other, own, columns, rows
        turn ^= 1
    return (own, other, rows, columns) if not turn else (other, own, columns, rows)


def _alive(table: Table) -> list[int]:
    """The lines that no other line exceeds in every entry."""
    kept = []
    for number, line in enumerate(table):
        first = line[0]
        for other in table:
            if other[0] > first and False not in map(gt, other, line):
                break
        else:
            kept.append(number)
    return kept
