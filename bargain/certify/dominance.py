"""Iterated dominance checked by replaying the rounds: every mixture dominates, and every survivor is defended.

A removed action must be worse than its mixture of actions still present against every cell of the others still present. A
survivor must be a best reply, among the survivors, to its conjecture (with full support for weak dominance); without
a conjecture, which only one of two survivors or one of pure dominance may lack, no other surviving pure action dominates it.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import sympy as sp

from bargain.certify.check import Violation, paired
from bargain.findings.strategic import Elimination, Survivors
from bargain.games.matrix import MatrixGame
from bargain.regions.cells import GE, GT, LE, Cell
from bargain.solution import Component, Equilibrium

Present = dict[str, list[str]]
_YES = sp.Integer(1)


def violations(problem: MatrixGame, solver: Any, found: Equilibrium | Component) -> Iterator[Violation]:
    """The ways in which a claimed elimination could fail."""
    assert isinstance(found, Survivors)
    present: Present = dict(paired(problem.players, map(list, problem.actions)))
    rounds = max((step.round for step in found.eliminated), default=0)
    if solver.rounds is not None and rounds > solver.rounds:
        yield Violation("rounds: more than asked for", _YES)
    for number in range(1, rounds + 1):
        gone = [step for step in found.eliminated if step.round == number]
        for step in gone:
            yield from _dominated(problem, present, step, solver.weak)
        for step in gone:
            if step.action in present[step.player]:
                present[step.player].remove(step.action)
    if present != {player: list(names) for player, names in found.survivors.items()}:
        yield Violation("survivors: not the actions that were left", _YES)
    yield from _paid(problem, present, found)
    if solver.rounds is None or rounds < solver.rounds:
        yield from _defended(problem, present, found.conjectures, solver)


def _paid(game: MatrixGame, present: Present, found: Survivors) -> Iterator[Violation]:
    """Payoffs are those of the only cell left; where several are left none are stated."""
    cells = list(product(*present.values()))
    if (len(cells) == 1) != bool(found.payoffs):
        yield Violation("payoff: stated where several cells are left, or missing where one is", _YES)
    elif found.payoffs:
        for player, value in paired(game.players, game.payoffs[cells[0]]):
            gap = sp.cancel(found.payoffs[player] - value)
            yield from (Violation(f"payoff: of {player} is not that of {', '.join(cells[0])}", side) for side in (gap, -gap))


def _gap(game: MatrixGame, player: str, better: str, worse: str, cell: tuple[str, ...]) -> sp.Expr:
    k = game.players.index(player)
    return game.payoffs[(*cell[:k], better, *cell[k:])][k] - game.payoffs[(*cell[:k], worse, *cell[k:])][k]


def _against(present: Present, player: str) -> list[tuple[str, ...]]:
    return list(product(*(names for other, names in present.items() if other != player)))


def _lottery(what: str, weights: Mapping[Any, sp.Expr]) -> Iterator[Violation]:
    for weight in weights.values():
        yield Violation(f"{what}: a weight is negative", -weight)
    excess = sp.cancel(sp.Add(*weights.values()) - 1)
    yield Violation(f"{what}: weights exceed one", excess)
    yield Violation(f"{what}: weights fall short of one", -excess)


def _dominated(game: MatrixGame, present: Present, step: Elimination, weak: bool) -> Iterator[Violation]:
    what = f"elimination: {step.action} of {step.player} in round {step.round}"
    if step.action not in present[step.player] or not set(step.by) <= set(present[step.player]):
        yield Violation(f"{what} names actions that are gone", _YES)
        return
    yield from _lottery(what, step.by)
    gains = [sp.cancel(sp.Add(*(weight * _gap(game, step.player, other, step.action, cell) for other, weight in step.by.items())))
             for cell in _against(present, step.player)]
    if not weak:
        for gain in gains:
            yield Violation(f"{what} is not worse somewhere", _YES, Cell().where(gain, LE))
        return
    everywhere = Cell()
    for gain in gains:
        yield Violation(f"{what} is better somewhere", -gain)
        everywhere = everywhere.where(gain, LE)
    yield Violation(f"{what} is nowhere worse", _YES, everywhere)


def _defended(game: MatrixGame, present: Present, conjectures: Mapping[str, Mapping[str, Mapping[Any, sp.Expr]]], solver: Any) -> Iterator[Violation]:
    for player, names in present.items():
        for action in names:
            lottery = conjectures.get(player, {}).get(action)
            if lottery is None:
                if solver.mixed and len(names) > 2:
                    yield Violation(f"survivor: {action} of {player} has no conjecture", _YES)
                yield from _not_purely_dominated(game, present, (player, action), solver.weak)
                continue
            what = f"conjecture: of {player} for {action}"
            if set(lottery) != set(_against(present, player)):
                yield Violation(f"{what} is not over the others' survivors", _YES)
                continue
            yield from _lottery(what, lottery)
            if solver.weak:
                for weight in lottery.values():
                    yield Violation(f"{what} lacks full support", _YES, Cell().where(weight, LE))
            for other in names:
                gain = sp.Add(*(weight * _gap(game, player, other, action, cell) for cell, weight in lottery.items()))
                yield Violation(f"survivor: {action} of {player} is no best reply; {other}", sp.cancel(gain))


def _not_purely_dominated(game: MatrixGame, present: Present, place: tuple[str, str], weak: bool) -> Iterator[Violation]:
    """No other pure action is better everywhere (weakly: at least as good everywhere and better somewhere)."""
    player, action = place
    for other in present[player]:
        if other == action:
            continue
        gains = [_gap(game, player, other, action, cell) for cell in _against(present, player)]
        what = f"survivor: {action} of {player} is dominated by {other}"
        for index, gain in enumerate(gains) if weak else ((0, gains[0]),):
            where = Cell()
            for k, rest in enumerate(gains):
                if k != index:
                    where = where.where(rest, GE) if weak else where.where(rest, GT)
            yield Violation(what, gain, where)
