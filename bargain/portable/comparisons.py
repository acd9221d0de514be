"""Equilibria chosen by comparison with others, written as a play of the matrix and what an auditor may propose about it.

Risk dominance (Harsanyi and Selten 1988, A General Theory of Equilibrium Selection in Games, 3.9) of a 2 x 2 game without ties: the auditor may propose the
product of deviation losses at the equilibrium played only if no other cell is a strict equilibrium with a greater product, and that an
equilibrium in mixed strategies is played only if no cell is an equilibrium. So all equilibria that matter are compared: without ties the pure ones are strict, and
beside two of them there is only a mixed one, which risk dominance does not compare.
Payoff dominance (the same, 3.6) of two players: the auditor proposes a number K for every cell, and may do so only where the cell's greatest advantage over the
equilibrium played is at most K times what speaks against it: the most that somebody gains by leaving the cell, or loses by moving there from the
equilibrium. Where nothing speaks against a cell, it is an equilibrium that is no worse for either, and must then be better for neither. So
the equilibrium is compared with all pure ones; with mixed ones it is not compared.
"""

from collections.abc import Mapping
from typing import Any

import sympy as sp

from bargain.equilibrium import Equilibrium
from bargain.games.matrix import MatrixGame
from bargain.portable.evidence import Draft
from bargain.portable.stages import Staged, value_of
from bargain.regions.cells import EQ, GE, LE

Cell = tuple[str, ...]


def risk(game: MatrixGame, solver: Any, e: Equilibrium) -> Staged:
    """The product of losses where play is pure, not less than at any other strict equilibrium."""
    draft = Draft(game.players)
    worth = draft.cells(game)
    chance, known = draft.play(game, worth, e), _known(game, worth)
    played = [{a: e.strategies[p][""].get(a, sp.Integer(0)) for a in names} for p, names in zip(game.players, game.actions, strict=True)]
    pure, own = sp.Symbol("pure", real=True), sp.Symbol("loss product", real=True)
    opposite = {cell: (_other(game, cell, 0), _other(game, cell, 1)) for cell in game}
    book = _Book(known)
    losses = {cell: [book.named(f"loss of {p} at {', '.join(cell)}", _loss(game, worth, cell, k, opposite[cell][k])) for k, p in enumerate(game.players)]
              for cell in game}
    products = {cell: sp.Mul(*both) for cell, both in losses.items()}
    weight = {cell: chance[0][cell[0]] * chance[1][cell[1]] for cell in game}
    book.known.update({symbol: played[k][a] for k, lottery in enumerate(chance) for a, symbol in lottery.items()})
    book.share(pure, sp.Integer(all(w in (0, 1) for lottery in played for w in lottery.values())))
    book.named(str(own), pure * sp.Add(*(weight[cell] * products[cell] for cell in game)))
    book.named("other loss product", pure * sp.Add(*(weight[cell] * products[opposite[cell]] for cell in game)))
    book.conditions += [(pure * (1 - pure), EQ), *((pure * symbol * (1 - symbol), EQ) for lottery in chance for symbol in lottery.values())]
    for cell in game:
        more = book.named(f"greater product at {', '.join(cell)}", pure * (products[cell] - own) + 1 - pure)
        book.conditions.append((sp.Min(*losses[cell], more), LE))
    draft.audit("comparison", tuple(book.conditions), book.shares, {p: value_of("play", p) for p in game.players}, e.payoffs, measure=3)
    return draft.staged("the equilibrium is played, and no other strict equilibrium has a greater product of deviation losses", "comparison")


def payoff(game: MatrixGame, solver: Any, e: Equilibrium) -> Staged:
    """No pure equilibrium is as good for both and better for one."""
    draft = Draft(game.players)
    worth = draft.cells(game)
    draft.play(game, worth, e)
    book = _Book({**_known(game, worth), **{value_of("play", p): e.payoffs[p] for p in game.players}})
    for cell in game:
        here = ", ".join(cell)
        gains = [book.named(f"gain of {p} at {here}", worth[cell][p] - value_of("play", p)) for p in game.players]
        losses = [book.named(f"loss of {p} by {a} at {here}", _loss(game, worth, cell, k, a)) for k, p in enumerate(game.players) for a in game.actions[k]
                  if a != cell[k]]
        advantage, against = sp.Max(0, *gains), -sp.Min(0, *gains, *losses)
        most, objection, factor = advantage.xreplace(book.known), against.xreplace(book.known), sp.Symbol(f"factor of {here}", real=True)
        book.share(factor, most / objection if 0 not in (most, objection) else sp.Integer(0))
        book.conditions += [(factor * against - advantage, EQ), (factor, GE)]
    draft.audit("comparison", tuple(book.conditions), book.shares, {p: value_of("play", p) for p in game.players}, e.payoffs, measure=3)
    return draft.staged("the equilibrium is played, and no pure equilibrium is as good for both and better for one (mixed ones are not compared)", "comparison")


class _Book:
    """Shares of the auditor, with conditions that say what they are, and the numbers that symbols stand for."""

    def __init__(self, known: dict[sp.Symbol, sp.Expr]) -> None:
        self.known, self.shares = known, dict[str, tuple[sp.Symbol, sp.Expr]]()
        self.conditions: list[tuple[sp.Expr, int]] = []

    def share(self, symbol: sp.Symbol, value: sp.Expr) -> None:
        self.shares[str(symbol)] = (symbol, value)
        self.known[symbol] = value

    def named(self, name: str, what: sp.Expr) -> sp.Symbol:
        """A symbol for an expression."""
        symbol = sp.Symbol(name, real=True)
        self.share(symbol, sp.expand(what.xreplace(self.known)))
        self.conditions.append((symbol - what, EQ))
        return symbol


def _known(game: MatrixGame, worth: Mapping[Cell, Mapping[str, sp.Symbol]]) -> dict[sp.Symbol, sp.Expr]:
    return {own[p]: paid for cell, own in worth.items() for p, paid in zip(game.players, game.payoffs[cell], strict=True)}


def _other(game: MatrixGame, cell: Cell, k: int) -> str:
    """The other one of a player's two actions."""
    return next(a for a in game.actions[k] if a != cell[k])


def _loss(game: MatrixGame, worth: Mapping[Cell, Mapping[str, sp.Symbol]], cell: Cell, k: int, action: str) -> sp.Expr:
    """What player k loses by taking another action at a cell."""
    return worth[cell][game.players[k]] - worth[(*cell[:k], action, *cell[k + 1:])][game.players[k]]
