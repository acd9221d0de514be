"""Strategic games to and from Gambit's .nfg files, and from nashpy (to nashpy: `bargain.interop.nashpy`).

The cells of a file run through the first player's strategies fastest; blank or repeated labels become
distinct ones as in Gambit ("_1", "L_2").
"""

from itertools import product
from typing import TYPE_CHECKING, Any

import sympy as sp

from bargain.errors import BadInput
from bargain.games.matrix import MatrixGame
from bargain.interop.efg import Payment
from bargain.interop.gambit_words import distinct, numeral, value
from bargain.interop.nfg import NfgFile

if TYPE_CHECKING:
    import nashpy


def nfg_to_matrix(file: NfgFile) -> MatrixGame:
    """The game that a file describes, exactly.

    >>> from bargain.interop.nfg import parse_nfg
    >>> nfg_to_matrix(parse_nfg('NFG 1 R "" { "R" "C" } { 2 1 } 0.5 2 1e1 4'))["2", "1"]
    (10, 4)
    """
    actions = [[str(k + 1) for k in range(entry)] if isinstance(entry, int) else distinct(entry) for entry in file.strategies]
    cells = [cell[::-1] for cell in product(*reversed(actions))]
    known = {text: value(text) for text in set(file.body) if isinstance(text, str)}
    if file.outcomes is None:
        step = len(file.players)
        paid = [tuple(known[str(text)] for text in file.body[k * step : (k + 1) * step]) for k in range(len(cells))]
    else:
        outcomes = [(sp.Integer(0),) * len(file.players), *(tuple(map(value, outcome.payoffs)) for outcome in file.outcomes)]
        paid = [outcomes[int(index)] for index in file.body]
    return MatrixGame(file.title, tuple(distinct(file.players)), tuple(map(tuple, actions)), dict(zip(cells, paid, strict=True)), source=file.comment or "")


def matrix_to_nfg(game: MatrixGame, *, outcomes: bool = False) -> NfgFile:
    """The file of a game without free symbols, as a list of payoffs or (`outcomes`) of numbered outcomes; equal cells share one.

    >>> print(matrix_to_nfg(MatrixGame.from_arrays([[1, 0]], [["1/2", 0]]), outcomes=True).text)
    NFG 1 R "" { "row" "column" }
    <BLANKLINE>
    { { "r1" }
    { "c1" "c2" }
    }
    ""
    <BLANKLINE>
    {
    { "" 1, 1/2 }
    { "" 0, 0 }
    }
    1 2 
    <BLANKLINE>
    """
    cells = [cell[::-1] for cell in product(*reversed(game.actions))]
    paid = [tuple(_rational(game, cell, payoff) for payoff in game[cell]) for cell in cells]
    if not outcomes:
        return NfgFile(game.title, game.players, game.actions, tuple(text for texts in paid for text in texts), None, game.source)
    numbers = {texts: k + 1 for k, texts in enumerate(dict.fromkeys(paid))}
    return NfgFile(game.title, game.players, game.actions, tuple(numbers[texts] for texts in paid), tuple(Payment("", texts) for texts in numbers), game.source)


def _rational(game: MatrixGame, cell: tuple[str, ...], payoff: sp.Expr) -> str:
    place = f"matrix game {game.title!r}, cell {cell}"
    if payoff.free_symbols:
        raise BadInput(f"the payoff {payoff} is symbolic", place=place, remedy="put numbers in first: game.at({...})")
    if not payoff.is_Rational:
        raise BadInput(f"the payoff {payoff} is not rational", place=place, remedy="replace it by a rational approximation")
    if not numeral(str(payoff)):
        raise BadInput("a payoff has more than 400 digits", place=place, remedy="round it")
    return str(payoff)


def from_nashpy(game: "nashpy.Game", *, title: str = "", players: tuple[str, str] = ("row", "column"), actions: Any = None) -> MatrixGame:
    """The exact game of nashpy's two arrays; a float means its shortest decimal.

    >>> import nashpy
    >>> from_nashpy(nashpy.Game([[0.1, 2], [3, 4]]))["r1", "c1"]
    (1/10, -1/10)
    """
    arrays = [[[entry.item() if hasattr(entry, "item") else entry for entry in row] for row in array] for array in game.payoff_matrices]
    return MatrixGame.from_arrays(*arrays, title=title, players=players, actions=actions)
