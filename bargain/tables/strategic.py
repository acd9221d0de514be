"""Tables about a strategic form beside its solutions: the inequalities of correlated equilibrium, logit branches and fits, paths of learning."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import sympy as sp

from bargain.games import MatrixGame
from bargain.solvers.matrices.correlated import obedience
from bargain.solvers.matrices.quantal_response import LogitFit
from bargain.tables.profile import readable
from bargain.tables.table import Phrase, Table


class _Path(Protocol):
    def rows(self) -> Sequence[Mapping[str, Any]]:
        """One mapping per point."""


def polytope_rows(game: MatrixGame, *, coarse: bool = False) -> Table:
    """The obedience constraints of (coarse) correlated equilibrium: who, told what, deviates how, and the inequality in the cell probabilities.

    >>> game = MatrixGame.from_arrays([[6, 2], [7, 0]], [[6, 7], [2, 0]], actions=(("C", "D"), ("C", "D")))
    >>> polytope_rows(game).records()[0]
    {'Player': 'row', 'Told': 'C', 'Deviation': 'D', 'Constraint': 'p_CC - 2*p_CD <= 0'}
    """
    symbols = {cell: sp.Symbol("p_" + "".join(cell), nonnegative=True) for cell in game}
    rows = []
    for constraint in obedience(game, coarse=coarse):
        gain = sp.Add(*(value * symbols[cell] for cell, value in constraint.gains.items()))
        told = readable(constraint.recommended) if constraint.recommended else "anything"
        rows.append((constraint.player, told, readable(constraint.deviation), sp.LessThan(gain, 0, evaluate=False)))
    notes = ("p is the probability of a cell; probabilities are non-negative and sum to one.",)
    return Table(game.title, ("Player", "Told", "Deviation", "Constraint"), tuple(rows), notes, stub=2)


def path_rows(path: _Path, title: str = "") -> Table:
    """A branch of logit responses, or a path of learning: one row per point, one column per player and action.

    >>> from bargain.solvers.matrices.quantal_response import logit_branch
    >>> branch = logit_branch(MatrixGame.from_arrays([[9, 0], [0, 1]], [[0, 1], [1, 0]]), 1)
    >>> path_rows(branch).columns
    ('rationality', 'row: r1', 'row: r2', 'column: c1', 'column: c2')
    """
    rows = list(path.rows())
    return Table(title, tuple(rows[0]), tuple(tuple(row.values()) for row in rows))


def fit_rows(fit: LogitFit, title: str = "Logit fit") -> Table:
    """A fitted rationality with its standard error, the log-likelihood and the fitted strategies."""
    strategies = ((f"{player}: {action}", weight, "") for player, own in fit.strategies.items() for action, weight in own.items())
    rows = [("rationality", fit.rationality, fit.standard_error), ("log-likelihood", fit.log_likelihood, ""), *strategies]
    note: tuple[Any, ...] = (Phrase.of("The likelihood still rises at the end of the search: the rationality is a lower bound."),) if fit.at_end else ()
    return Table(title, ("", "Estimate", "Standard error"), tuple(rows), note)
