"""Iterated strict dominance and rationalizability with free parameters: one proposal for all regimes, whatever goes in which round.

The auditor also proposes who survives (one or zero) and when every action goes. A mixture for an action that goes has weights only on what does not go
earlier, and gains against every profile of which nothing goes earlier. A survivor has a conjecture over survivors, against which no survivor earns more; or it
comes without one, if no more than two actions of the player survive or only pure actions may dominate, and then no other survivor is better against
all survivors. Survivors go last. Any times will do: that an action is gone when another goes only matters for what is compared, and with strict dominance
all orders end in the same set (Pearce 1984, Econometrica 52:1029-1050; Gilboa, Kalai and Zemel 1990, Operations Research Letters 9:85-89).
"""

from itertools import product
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable
from bargain.games.matrix import MatrixGame
from bargain.portable.evidence import Draft
from bargain.portable.refusals import REMEDY
from bargain.portable.stages import Staged
from bargain.regions.cells import EQ, GE, GT, LE

_ACTIONS = 8  # of all players together
Action = tuple[int, str]


def survivors(game: MatrixGame, solver: Any, e: Any) -> Staged:
    """Who goes when, why, and what defends the others."""
    if sum(map(len, game.actions)) > _ACTIONS:
        raise NotApplicable(f"no portable certificate: more than {_ACTIONS} actions with free parameters (add --at)", place="certificate", remedy=REMEDY)
    book = _Book(game, e)
    for k, player in enumerate(game.players):
        for a in game.actions[k]:
            book.going((k, a), {step.action: step.by for step in e.eliminated if step.player == player}.get(a, {}), mixed=solver.mixed)
            book.staying((k, a), e.conjectures.get(player, {}).get(a, {}), mixed=solver.mixed)
    book.paying(e)
    book.draft.audit("removals", tuple(book.conditions), book.shares, {p: book.paid[p] for p in game.players}, e.payoffs)
    return book.draft.staged("when actions go and which mixtures dominate them, and conjectures that defend what is left; paid is the cell left, if it is one",
                             "removals")


class _Book:
    """Numbers and conditions as they are found."""

    def __init__(self, game: MatrixGame, e: Any) -> None:
        self.game, self.draft = game, Draft(game.players)
        self.worth = self.draft.cells(game)
        self.known = {own[p]: u for cell, own in self.worth.items() for p, u in zip(game.players, game.payoffs[cell], strict=True)}
        self.shares: dict[str, tuple[sp.Symbol, sp.Expr]] = {}
        self.conditions: list[tuple[sp.Expr, int]] = []
        self.paid: dict[str, sp.Symbol] = {}
        last = max((step.round for step in e.eliminated), default=0) + 1
        gone = {(game.players.index(step.player), step.action): step.round for step in e.eliminated}
        every = [(k, a) for k, names in enumerate(game.actions) for a in names]
        self.stays = {x: self.share(f"{game.players[x[0]]}'s {x[1]} survives", sp.Integer(x not in gone)) for x in every}
        self.time = {x: self.share(f"when {game.players[x[0]]}'s {x[1]} goes", sp.Integer(gone.get(x, last))) for x in every}
        self.conditions += [(self.stays[x] * (1 - self.stays[x]), EQ) for x in every]
        self.conditions += [(self.stays[x] * (self.time[y] - self.time[x]), LE) for x in every for y in every if x != y]
        self.apart = {(x, y): self.named(f"how much later {self.text(x)} goes than {self.text(y)}", self.time[x] - self.time[y])
                      for x in every for y in every if x[0] != y[0]}

    def text(self, x: Action) -> str:
        return f"{self.game.players[x[0]]}'s {x[1]}"

    def share(self, name: str, value: sp.Expr) -> sp.Symbol:
        symbol = sp.Symbol(name, real=True)
        self.shares[name], self.known[symbol] = (symbol, value), value
        return symbol

    def named(self, name: str, what: sp.Expr) -> sp.Symbol:
        """A symbol for an expression."""
        symbol = self.share(name, sp.expand(what.xreplace(self.known)))
        self.conditions.append((symbol - what, EQ))
        return symbol

    def against(self, k: int) -> list[tuple[Action, ...]]:
        """The profiles of the others."""
        return list(product(*([(j, a) for a in names] for j, names in enumerate(self.game.actions) if j != k)))

    def gap(self, x: Action, other: str, cell: tuple[Action, ...]) -> sp.Expr:
        """What another action of the player earns more against a profile of the others."""
        k, names = x[0], [a for _, a in cell]
        better, own = (self.worth[(*names[:k], a, *names[k:])][self.game.players[k]] for a in (other, x[1]))
        return better - own

    def going(self, x: Action, by: Any, *, mixed: bool) -> None:
        """The mixture, or the pure action, that dominates an action, if it goes."""
        others = [a for a in self.game.actions[x[0]] if a != x[1]]
        weight = {a: self.share(f"{a} instead of {self.text(x)}", by.get(a, sp.Integer(0))) for a in others}
        self.conditions += [(sp.Add(*weight.values()) + self.stays[x] - 1, EQ), *((w, GE) for w in weight.values()),
                            *((w * (self.time[x] - self.time[x[0], a]), LE) for a, w in weight.items()),
                            *((w * (1 - w), EQ) for w in weight.values() if not mixed)]
        for cell in self.against(x[0]):
            gain = self.named(f"gain over {self.text(x)} against {', '.join(a for _, a in cell)}", sp.Add(*(w * self.gap(x, a, cell) for a, w in weight.items())))
            self.conditions.append((sp.Max(gain, self.stays[x], *(self.apart[x, y] for y in cell)), GT))

    def staying(self, x: Action, conjecture: Any, *, mixed: bool) -> None:
        """The conjecture that defends an action, if it survives and has one; else no other survivor is better everywhere."""
        others, cells = [a for a in self.game.actions[x[0]] if a != x[1]], self.against(x[0])
        chance = {cell: self.share(f"chance of {', '.join(a for _, a in cell)} behind {self.text(x)}", conjecture.get(tuple(a for _, a in cell), sp.Integer(0)))
                  for cell in cells}
        defended = self.share(f"{self.text(x)} has a conjecture", sp.Integer(bool(conjecture)))
        alone = self.stays[x] - defended
        self.conditions += [(sp.Add(*chance.values()) - defended, EQ), (defended * (1 - defended), EQ), (alone, GE), *((q, GE) for q in chance.values()),
                            *((q * (1 - self.stays[y]), EQ) for cell, q in chance.items() for y in cell)]
        if mixed and len(others) > 1:
            self.conditions.append((alone * (sp.Add(*(self.stays[x[0], a] for a in others)) - 1), LE))
        for a in others:
            self.conditions.append((self.stays[x[0], a] * sp.Add(*(q * self.gap(x, a, cell) for cell, q in chance.items())), LE))
            asked = self.share(f"{a} must not beat {self.text(x)}", (alone * self.stays[x[0], a]).xreplace(self.known))
            self.conditions.append((asked - alone * self.stays[x[0], a], EQ))
            worst = []
            for cell in cells:
                here = f"{a} over {self.text(x)} against {', '.join(b for _, b in cell)}"
                better, gone = self.named(here, self.gap(x, a, cell)), self.named(f"gone, {here}", len(cell) - sp.Add(*(self.stays[y] for y in cell)))
                worst.append(self.named(f"left, {here}", sp.Max(better, gone)))
            self.conditions.append((sp.Min(2 * asked - 1, *worst), LE))

    def paying(self, e: Any) -> None:
        """Payoffs of the only cell left; nothing where several are left."""
        left = {cell: sp.Mul(*(self.stays[k, a] for k, a in enumerate(cell))) for cell in self.game}
        count = sp.Add(*(sp.Add(*(self.stays[k, a] for a in names)) for k, names in enumerate(self.game.actions)))
        single = self.share("one cell is left", sp.Integer(bool(e.payoffs)))
        n = len(self.game.players)
        self.conditions += [(single * (1 - single), EQ), (single * (count - n), EQ), (count - n - 1 + single, GE)]
        for p in self.game.players:
            self.paid[p] = self.share(f"payoff of {p}", e.payoffs.get(p, sp.Integer(0)))
            self.conditions.append((self.paid[p] - single * sp.Add(*(w * self.worth[cell][p] for cell, w in left.items())), EQ))
