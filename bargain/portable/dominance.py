"""Iterated dominance and rationalizability, written as what an auditor may propose.

Every cell is a stage. The auditor proposes, for every action removed in a round, a mixture of the player's other actions then present, and for every survivor a
conjecture about the others' survivors. The mixtures allowed earn more than the action against every profile of the others then present (weak dominance:
nowhere less, and more if these gains are added up); against the conjectures allowed no surviving action earns more than the survivor. With weak
dominance a conjecture gives every profile a positive chance. So each removal is justified when it happens, and nothing more can be removed: an action
is strictly dominated iff it is a best reply to no lottery over the others' profiles (Pearce 1984, Econometrica 52:1029-1050, Lemma 3), and
weakly dominated iff it is one to no lottery with full support (Gale 1953, PNAS 39:496-499). Where only pure actions may dominate, or parameters are free and a
survivor has one rival, a survivor comes without a conjecture: no surviving action of the player is then better everywhere.
What other orders of weak elimination lead to is not written down.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable
from bargain.games.matrix import MatrixGame
from bargain.portable import removals
from bargain.portable.evidence import Draft
from bargain.portable.refusals import REMEDY
from bargain.portable.stages import Staged
from bargain.regions.cells import EQ, GE, GT, LE, LT

_CONDITIONS = 600  # the file holds one for every profile against which a gain is claimed
Present = dict[str, list[str]]


def survivors(game: MatrixGame, solver: Any, e: Any) -> Staged:
    """The removals in their order, and what defends the actions left."""
    if game.notation.symbols and not solver.weak and solver.rounds is None:
        return removals.survivors(game, solver, e)
    draft = Draft(game.players)
    book = _Book(game, solver.weak, draft.cells(game))
    present: Present = dict(zip(game.players, map(list, game.actions), strict=True))
    rounds = max((step.round for step in e.eliminated), default=0)
    for number in range(1, rounds + 1):
        gone = [step for step in e.eliminated if step.round == number]
        for step in gone:
            book.removed(present, step)
        for step in gone:
            present[step.player].remove(step.action)
    if solver.rounds is None or rounds < solver.rounds:
        for player, names in present.items():
            for action in names:
                book.defended(present, player, action, e.conjectures.get(player, {}).get(action))
    if len(book.conditions) > _CONDITIONS:
        raise NotApplicable(f"no portable certificate: {len(book.conditions)} comparisons, at most {_CONDITIONS} are written", place="certificate", remedy=REMEDY)
    cells = list(product(*present.values()))
    paid = book.worth[cells[0]] if len(cells) == 1 else {}
    draft.audit("removals", tuple(book.conditions), book.shares, paid, e.payoffs)
    left = ", ".join("{" + ", ".join(names) + "}" for names in present.values())
    done = "mixtures that dominate what is removed" + ("" if solver.rounds is not None else ", conjectures that defend what is left")
    return draft.staged(f"{done}: {left}" + ("" if len(cells) == 1 else "; several cells are left, and nothing is paid"), "removals")


class _Book:
    """Numbers and conditions as they are found."""

    def __init__(self, game: MatrixGame, weak: bool, worth: Mapping[tuple[str, ...], Mapping[str, sp.Symbol]]) -> None:
        self.game, self.weak, self.worth = game, weak, worth
        self.shares: dict[str, tuple[sp.Symbol, sp.Expr]] = {}
        self.conditions: list[tuple[sp.Expr, int]] = []

    def gap(self, player: str, better: str, worse: str, cell: tuple[str, ...]) -> sp.Expr:
        """What one action earns more than another against a profile of the others, as worths of cells."""
        k = self.game.players.index(player)
        return self.worth[(*cell[:k], better, *cell[k:])][player] - self.worth[(*cell[:k], worse, *cell[k:])][player]

    def number(self, gap: sp.Expr) -> sp.Expr:
        """The same in payoffs of the game."""
        known = {symbol: self.game.payoffs[cell][self.game.players.index(p)] for cell, own in self.worth.items() for p, symbol in own.items()}
        return sp.expand(gap.xreplace(known))

    def lottery(self, what: str, weights: Mapping[Any, sp.Expr], mask: int) -> dict[Any, sp.Symbol]:
        """The symbols of a lottery, and the conditions for it to be one, with weights of the sign stated."""
        symbols = {key: sp.Symbol(f"{what}: {key if isinstance(key, str) else ', '.join(key)}", real=True) for key in weights}
        self.shares.update({str(symbol): (symbol, weights[key]) for key, symbol in symbols.items()})
        self.conditions += [(sp.Add(*symbols.values()) - 1, EQ), *((symbol, mask) for symbol in symbols.values())]
        return symbols

    def removed(self, present: Present, step: Any) -> None:
        """The mixture is better than the action against all that is present."""
        symbols = self.lottery(f"instead of {step.player}'s {step.action} in round {step.round}", step.by, GE)
        gains = [sp.Add(*(weight * self.gap(step.player, other, step.action, cell) for other, weight in symbols.items())) for cell in _against(present, step.player)]
        self.conditions += [(gain, GE if self.weak else GT) for gain in gains] + ([(sp.expand(sp.Add(*gains)), GT)] if self.weak else [])

    def defended(self, present: Present, player: str, action: str, conjecture: Mapping[tuple[str, ...], sp.Expr] | None) -> None:
        """The action is a best reply to the conjecture, or no pure action dominates it."""
        rivals, cells = [other for other in present[player] if other != action], _against(present, player)
        if not conjecture:
            self.conditions += [condition for other in rivals for condition in self.undominated([self.gap(player, other, action, cell) for cell in cells])]
        elif len(rivals) > 0:
            symbols = self.lottery(f"behind {player}'s {action}", conjecture, GT if self.weak else GE)
            self.conditions += [(sp.Add(*(symbols[cell] * self.gap(player, other, action, cell) for cell in cells)), LE) for other in rivals]

    def undominated(self, gaps: list[sp.Expr]) -> Iterator[tuple[sp.Expr, int]]:
        """A rival is not better everywhere (weakly: is worse somewhere, or the same everywhere)."""
        numbers = [self.number(gap) for gap in gaps]
        if not all(number.is_number for number in numbers):
            if self.weak:
                raise NotApplicable("no portable certificate: no conjecture defends a survivor of weak dominance where parameters are free (add --at)",
                                    place="certificate", remedy=REMEDY)
            yield sp.Min(*gaps), LE
            return
        least = min(range(len(gaps)), key=lambda k: numbers[k])
        if not self.weak or numbers[least] < 0:
            yield gaps[least], LT if self.weak else LE
        else:
            yield from ((gap, EQ) for gap in gaps)


def _against(present: Present, player: str) -> list[tuple[str, ...]]:
    return list(product(*(names for other, names in present.items() if other != player)))


