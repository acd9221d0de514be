"""Refinements checked by their own definitions: regret, beliefs with full support, trembles, and dominance among equilibria.

- Perfect: no deviation gains; every strategy (inside a component every strategy of a set) is a best reply to stated beliefs with full
  support; the trembles have full support, tend to the strategies, and the strategies are best replies to them.
- Proper: the trembles have full support for all small epsilon, tend to the strategies, and an action that earns less
  than another against them is played at most epsilon times as often. All comparisons are of lowest powers of epsilon.
- Risk dominance: the products of deviation losses, recomputed. Payoff dominance: no listed equilibrium is better for everyone.
"""

import operator
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import sympy as sp

from bargain.certify import nash
from bargain.certify.check import Violation
from bargain.games.matrix import MatrixGame
from bargain.regions.cells import GE, GT, LE, Cell
from bargain.solution import Component, Equilibrium

_EPSILON = sp.Symbol("epsilon", positive=True)
_YES = sp.Integer(1)
Weights = Mapping[str, sp.Expr]


def perfect_violations(problem: MatrixGame, solver: Any, found: Equilibrium | Component) -> Iterator[Violation]:
    """The ways in which a claimed perfect equilibrium, or a component of them, could fail."""
    yield from nash.violations(problem, solver, found)
    for equilibrium in found.vertices if isinstance(found, Component) else (found,):
        for k, player in enumerate(problem.players):
            yield from _defended(problem, k, [_played(equilibrium, player)], equilibrium.beliefs[player])
            if problem.notation.symbols:
                yield from _towards_beliefs(problem, k, equilibrium)
                continue
            yield from _tends(equilibrium, player)
            values = _earned(problem, k, equilibrium)
            best = [values[action] for action in _played(equilibrium, player)]
            for action, value in values.items():
                if any((value - other).sign > 0 for other in best):
                    yield Violation(f"trembles: {player} prefers {action} against them", _YES)
    for number, subset in enumerate(found.subsets if isinstance(found, Component) else ()):
        members = [found.vertices[k] for k in subset]  # type: ignore[union-attr]
        for k, player in enumerate(problem.players):
            yield from _defended(problem, k, [_played(e, player) for e in members], members[0].beliefs[f"{player}, set {number + 1}"])


def proper_violations(problem: MatrixGame, solver: Any, found: Equilibrium | Component) -> Iterator[Violation]:
    """The ways in which a claimed proper equilibrium could fail."""
    assert isinstance(found, Equilibrium)
    yield from nash.violations(problem, solver, found)
    for k, player in enumerate(problem.players):
        yield from _tends(found, player)
        values, own = _earned(problem, k, found), {action: _Germ.of(chance) for action, chance in found.trembles[player].items()}
        for worse, value in values.items():
            for better, other in values.items():
                broken = (other - value).sign > 0 and (own[worse] - own[better].times(_EPSILON)).sign > 0
                yield Violation(f"order: {player}'s {worse} against {better}", sp.Integer(int(broken)))


def risk_violations(problem: MatrixGame, solver: Any, found: Equilibrium | Component) -> Iterator[Violation]:
    """The ways in which a claimed risk-dominant equilibrium of a 2 x 2 game could fail."""
    assert isinstance(found, Equilibrium)
    yield from nash.violations(problem, solver, found)
    pure = tuple(action for player in problem.players for action, weight in found.strategies[player][""].items() if weight == 1)
    for cell in problem:
        losses = _losses(problem, cell)
        if len(pure) < 2:
            yield Violation(f"selection: a mixed equilibrium although {cell} is one", _YES, Cell().where(losses[0], GE).where(losses[1], GE))
        elif all(map(operator.ne, pure, cell)):
            here = _losses(problem, pure)
            strict = Cell().where(losses[0], GT).where(losses[1], GT)
            yield Violation(f"loss product: that of {cell} is greater", sp.expand(losses[0] * losses[1] - here[0] * here[1]), strict)
            for name, product in (("loss product", here), ("other loss product", losses)):
                gap = sp.expand(found.quantities[name] - product[0] * product[1]) if name in found.quantities else sp.Integer(0)
                yield from (Violation(f"loss product: the {name} stated is not that of the game", side, strict) for side in (gap, -gap))


def payoff_violations(problem: MatrixGame, solver: Any, found: Equilibrium | Component) -> Iterator[Violation]:
    """The ways in which a claimed payoff-undominated equilibrium could fail, against all pure equilibria."""
    assert isinstance(found, Equilibrium)
    yield from nash.violations(problem, solver, found)
    for cell, values in problem.payoffs.items():
        gains = [sp.cancel(values[k] - found.payoffs[player]) for k, player in enumerate(problem.players)]
        equilibrium = Cell()
        for k, names in enumerate(problem.actions):
            for action in names:
                other = problem.payoffs[(*cell[:k], action, *cell[k + 1 :])][k]
                equilibrium = equilibrium.where(values[k] - other, GE)
        for k, gain in enumerate(gains):
            yield Violation(f"payoff dominance: the equilibrium {cell} is better", gain, equilibrium.where(gains[1 - k], GE))


def _losses(game: MatrixGame, cell: tuple[str, ...]) -> tuple[sp.Expr, sp.Expr]:
    """What each player of a 2 x 2 game loses by leaving a cell alone."""
    (i, j), (rows, columns) = cell, game.actions
    other_row, other_column = (next(name for name in names if name != own) for names, own in ((rows, i), (columns, j)))
    return game.payoffs[i, j][0] - game.payoffs[other_row, j][0], game.payoffs[i, j][1] - game.payoffs[i, other_column][1]


def _played(equilibrium: Equilibrium, player: str) -> list[str]:
    return [action for action, weight in equilibrium.strategies[player][""].items() if weight != 0]


def _worth(game: MatrixGame, k: int, belief: Weights) -> dict[str, sp.Expr]:
    """What each action of player k earns against a mixture of the other."""
    return {action: sp.Add(*(w * game.payoffs[(action, other) if k == 0 else (other, action)][k] for other, w in belief.items())) for action in game.actions[k]}


def _defended(game: MatrixGame, k: int, supports: Sequence[Sequence[str]], belief: Weights) -> Iterator[Violation]:
    """The belief has full support and every action played is a best reply to it."""
    player = game.players[k]
    if set(belief) != set(game.actions[1 - k]):
        yield Violation(f"belief: of {player} leaves out an action", _YES)
        return
    for weight in belief.values():
        yield Violation(f"belief: of {player} lacks full support", _YES, Cell().where(weight, LE))
    total = sp.cancel(sp.Add(*belief.values()) - 1)
    yield Violation(f"belief: weights of {player} do not sum to one", sp.Abs(total))
    values = _worth(game, k, belief)
    for action in sorted({action for support in supports for action in support}):
        for other in game.actions[k]:
            yield Violation(f"undominated: {player} prefers {other} to {action}", sp.together(values[other] - values[action]))


def _towards_beliefs(game: MatrixGame, k: int, equilibrium: Equilibrium) -> Iterator[Violation]:
    """The other player's trembles are (1 - epsilon) times the strategy plus epsilon times the beliefs that player k's is a best reply to.

    So they have full support, and player k's strategy, a best reply to both, is one to them.
    """
    other = game.players[1 - k]
    for action, weight in equilibrium.strategies[other][""].items():
        stated = (1 - _EPSILON) * weight + _EPSILON * equilibrium.beliefs[game.players[k]][action]
        gap = sp.cancel(equilibrium.trembles[other][action] - stated)
        yield Violation(f"trembles: {other}'s {action} is not on the way to the beliefs", sp.Integer(int(gap != 0)))


def _earned(game: MatrixGame, k: int, equilibrium: Equilibrium) -> dict[str, "_Germ"]:
    """What each action of player k earns against the other's trembles."""
    other = {action: _Germ.of(chance) for action, chance in equilibrium.trembles[game.players[1 - k]].items()}
    paid = {(own, reply): game.payoffs[(own, reply) if k == 0 else (reply, own)][k] for own in game.actions[k] for reply in other}
    return {own: reduce(operator.add, (chance.times(paid[own, reply]) for reply, chance in other.items())) for own in game.actions[k]}


def _tends(equilibrium: Equilibrium, player: str) -> Iterator[Violation]:
    """The trembles of a player are a lottery with full support that tends to the strategy."""
    trembles = {action: _Germ.of(chance) for action, chance in equilibrium.trembles[player].items()}
    total = _Germ.of(sp.Integer(-1))
    for action, weight in equilibrium.strategies[player][""].items():
        if trembles[action].sign <= 0:
            yield Violation(f"trembles: {player}'s {action} lacks a positive chance", _YES)
        yield Violation(f"trembles: {player}'s {action} tends elsewhere", sp.Integer(int(not trembles[action].tends_to(weight))))
        total += trembles[action]
    yield Violation(f"trembles: of {player} do not sum to one", sp.Integer(abs(total.sign)))


@dataclass(frozen=True)
class _Germ:
    """A ratio of polynomials in epsilon, compared for all small positive epsilon."""

    top: sp.Poly
    bottom: sp.Poly

    @classmethod
    def of(cls, value: sp.Expr) -> "_Germ":
        return cls(*(sp.Poly(part, _EPSILON, domain="QQ") for part in sp.fraction(sp.together(value))))

    def __add__(self, other: "_Germ") -> "_Germ":
        if self.bottom == other.bottom:
            return _Germ(self.top + other.top, self.bottom)
        return _Germ(self.top * other.bottom + other.top * self.bottom, self.bottom * other.bottom)

    def __sub__(self, other: "_Germ") -> "_Germ":
        return self + other.times(sp.Integer(-1))

    def times(self, factor: sp.Expr) -> "_Germ":
        return _Germ(self.top * sp.Poly(factor, _EPSILON, domain="QQ"), self.bottom)

    @property
    def sign(self) -> int:
        return int(sp.sign(self.top.terms()[-1][1]) * sp.sign(self.bottom.terms()[-1][1]))

    def tends_to(self, value: sp.Expr) -> bool:
        gap = self - _Germ.of(value)
        return gap.top.is_zero or gap.top.terms()[-1][0] > gap.bottom.terms()[-1][0]
