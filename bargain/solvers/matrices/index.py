"""The index of a regular equilibrium of a two-player game: +1 or -1.

At an equilibrium with supports I, J of k actions each, whose bordered determinants do not vanish and from which every
other action is strictly worse, index = (-1)^(k+1) sgn(det [A_IJ, -1; 1, 0]) sgn(det [B_IJ, -1; 1, 0]); for payoffs shifted to be
positive these are the signs of det A_IJ and det B_IJ. Indices of a nondegenerate game add up to +1, pure strict equilibria
have +1, and the two ends of a Lemke-Howson path have opposite signs.
Source: Shapley (1974), Mathematical Programming Study 1:175-189; Gul, Pearce and Stacchetti (1993), Mathematics of Operations Research 18(3):548-552.
"""

import sympy as sp

from bargain.errors import NotApplicable, NotDecided
from bargain.games.matrix import MatrixGame
from bargain.regions import EQ, GT, LT, Cell, Region, Space
from bargain.solution import Equilibrium

__all__ = ["equilibrium_index"]


def equilibrium_index(game: MatrixGame, equilibrium: Equilibrium, condition: Region | None = None) -> int:
    """+1 or -1: the index of an isolated, regular equilibrium; with free parameters, everywhere on `condition`.

    Refuses equilibria that are not regular (unequal supports, ties, vanishing determinants), and signs that change on the condition.

    >>> import bargain as bg
    >>> battle = bg.MatrixGame.from_arrays([[3, 0], [0, 1]], [[1, 0], [0, 3]])
    >>> [(e.outcome, equilibrium_index(battle, e)) for e in bg.solve(battle, bg.Nash()).equilibria]
    [('r1,c1', 1), ('3/4 r1 + 1/4 r2, 1/4 c1 + 3/4 c2', -1), ('r2,c2', 1)]
    """
    if not isinstance(game, MatrixGame) or len(game.players) != 2:
        raise NotApplicable("needs a matrix game of two players", place="index", remedy="call strategic_form()")
    weights = [[equilibrium.strategies[player][""][action] for action in actions] for player, actions in zip(game.players, game.actions, strict=True)]
    rows, columns = ([k for k, w in enumerate(side) if w != 0] for side in weights)
    if len(rows) != len(columns):
        raise NotApplicable(f"the players mix over {len(rows)} and {len(columns)} actions", place=f"index of {equilibrium.outcome}",
                            remedy="only regular equilibria have an index")
    a, b = (game.matrix(player) for player in game.players)
    space, sign, where = Space(game.notation), (-1) ** (len(rows) + 1), condition or Region.everything()
    for payoffs in (a, b):
        sign *= _sign(space, where, _bordered([[payoffs[i][j] for j in columns] for i in rows]), equilibrium)
    transposed = [list(column) for column in zip(*b, strict=True)]
    for table, own, other, mixed in ((a, rows, columns, weights[1]), (transposed, columns, rows, weights[0])):
        for i in set(range(len(table))) - set(own):
            gap = sp.Add(*(mixed[j] * (table[own[0]][j] - table[i][j]) for j in other))
            if _sign(space, where, gap, equilibrium) < 0:
                raise NotApplicable("an action outside the support is better", place=f"index of {equilibrium.outcome}", remedy="give an equilibrium of this game")
    return sign


def _bordered(block: list[list[sp.Expr]]) -> sp.Expr:
    size = len(block)
    return sp.Matrix([[*row, -1] for row in block] + [[1] * size + [0]]).det(method="berkowitz")


def _sign(space: Space, condition: Region, value: sp.Expr, equilibrium: Equilibrium) -> int:
    """The sign of an expression on the whole condition, which must not be zero anywhere."""
    masks = {space.sign(sp.sympify(value, strict=True), cell if space.notation.symbols else Cell()) for cell in condition}
    mask = 0
    for found in masks:
        mask |= found
    if mask == EQ:
        raise NotApplicable("a tie or a vanishing determinant", place=f"index of {equilibrium.outcome}", remedy="only regular equilibria have an index")
    if mask not in (LT, GT):
        raise NotDecided("a determinant or a margin changes its sign on the condition", place=f"index of {equilibrium.outcome}", remedy="narrow the condition")
    return 1 if mask == GT else -1
