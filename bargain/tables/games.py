"""Games as tables: the end nodes of a tree, the payoff matrix of a game in strategic form."""

from bargain.games import Game, MatrixGame, Terminal
from bargain.tables.profile import described, readable
from bargain.tables.table import Phrase, Table, Utility


def game_rows(game: Game) -> Table:
    """One row per end node: the moves that lead there, the outcome, the payoffs.

    >>> from bargain.games import decision, payoffs
    >>> game_rows(Game("Choice", ("A",), (), decision("A", left=payoffs(A=1), right=payoffs(A=2)))).records()
    [{'Moves': 'left', 'u_A': 1}, {'Moves': 'right', 'u_A': 2}]
    """
    rows = []
    for history, node in game.nodes():
        if isinstance(node, Terminal):
            moves = Phrase.join(", ", (described(move, game.notation) for move in history)) if history else "(start)"
            rows.append((moves, readable(node.label) if node.label else "", *(node.payoffs[player] for player in game.players)))
    columns = ("Moves", "Outcome", *(Utility(player) for player in game.players))
    return Table(game.title, columns, tuple(rows), _source(game.source)).without_empty()


def matrix_rows(game: MatrixGame) -> Table:
    """The payoffs: a grid for two players, one row per combination of actions for any other number.

    >>> print(matrix_rows(MatrixGame.from_arrays([[1, 0]], [[2, 3]])).rows[0][0])
    r1
    """
    if len(game.players) != 2:
        rows = tuple((*map(readable, cell), *game[cell]) for cell in game)
        return Table(game.title, (*game.players, *map(Utility, game.players)), rows, _source(game.source), stub=len(game.players) - 1)
    row_actions, column_actions = game.actions
    grid = tuple((readable(row), *(Phrase.join(", ", game[row, column]) for column in column_actions)) for row in row_actions)
    corner = " / ".join(game.players)
    return Table(game.title, (corner, *map(readable, column_actions)), grid,
                 (f"Payoffs of {game.players[0]} (rows), then {game.players[1]} (columns).", *_source(game.source)))


def _source(source: str) -> tuple[str, ...]:
    return (f"Source: {source}.".replace("..", "."),) if source else ()
