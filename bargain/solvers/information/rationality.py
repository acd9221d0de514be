"""Sequential rationality as a system of equations and inequalities, for given supports and beliefs.

At an information set with weights w of its nodes and continuation values V, every action of the support earns the
same, sum_x w(x)(V(x,a) - V(x,b)) = 0, and no other action earns more. A private cost of an action, uniform
on [low, high], turns the comparison with that action into a response: it is taken with probability (gain - low)/(high - low),
never or always where that leaves [0, 1].
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import sympy as sp

from bargain.games.information import InformationSet
from bargain.regions import GE, GT, LE, LT
from bargain.solvers.information.assessments import Strategies, Support, Tree


@dataclass(frozen=True)
class Demand:
    """sum_x w(x)*gap(x) has a sign in `mask`, or is zero (mask 0: an equation); `gaps` has one entry per node of the set."""

    gaps: tuple[sp.Expr, ...]
    mask: int

    @property
    def same(self) -> sp.Expr | None:
        """The gap, if it is the same at every node: then beliefs do not matter."""
        return self.gaps[0] if all(gap == self.gaps[0] for gap in self.gaps) else None


def demands(tree: Tree, own: InformationSet, support: Support, strategies: Strategies) -> Iterator[Demand]:
    """What optimality of the support at one information set asks for, one step ahead."""
    worth = {action: _after(tree, own, action, strategies) for action in own.actions}
    cost = tree.costs.get(own.name)
    costly = cost.action if cost else None
    plain = [action for action in support if action != costly]
    if plain:
        yield from (Demand(_gaps(worth[action], worth[plain[0]]), 0) for action in plain[1:])
        yield from (Demand(_gaps(worth[plain[0]], worth[action]), GE) for action in own.actions if action not in support and action != costly)
    if cost is None:
        return
    assert costly is not None
    if not plain:  # the costly action for sure, at the highest cost too
        yield from (Demand(_gaps(worth[costly], worth[action], cost.high), GE) for action in own.actions if action != costly)
    elif costly in support:
        width = cost.high - cost.low
        yield Demand(_gaps(worth[costly], worth[plain[0]], cost.low + width * strategies[own.name][costly]), 0)
    else:
        yield Demand(_gaps(worth[costly], worth[plain[0]], cost.low), LE)


def plan_demands(tree: Tree, own: InformationSet, strategies: Strategies) -> Iterator[Demand]:
    """No plan for this information set and the player's later ones earns more (beliefs at later sets play no part)."""
    later = [tree.named[s.name] for s in tree.sets if s.player == own.player and s.name in tree.below[own.name]]
    if not later:
        return
    memo: dict[tuple[str, ...], dict[str, sp.Expr]] = {}
    kept = [tree.values(member, strategies, memo)[own.player] for member in own.members]
    for plan in product(*(s.actions for s in (own, *later))):
        changed = {**strategies, **{s.name: {a: sp.Integer(int(a == chosen)) for a in s.actions} for s, chosen in zip((own, *later), plan, strict=True)}}
        fresh: dict[tuple[str, ...], dict[str, sp.Expr]] = {}
        yield Demand(tuple(sp.expand(k - tree.values(member, changed, fresh)[own.player]) for k, member in zip(kept, own.members, strict=True)), GE)


def _after(tree: Tree, own: InformationSet, action: str, strategies: Strategies) -> list[sp.Expr]:
    memo: dict[tuple[str, ...], dict[str, sp.Expr]] = {}
    return [tree.values((*member, action), strategies, memo)[own.player] for member in own.members]


def _gaps(left: list[sp.Expr], right: list[sp.Expr], less: sp.Expr = sp.S.Zero) -> tuple[sp.Expr, ...]:
    return tuple(sp.expand(a - b - less) for a, b in zip(left, right, strict=True))


def possible(mask: int, signs: list[int]) -> bool:
    """Whether a weighted sum of terms with the given possible signs can have a sign in `mask` (0 stands for an equation)."""
    if mask == 0:
        return not all(s == LT for s in signs) and not all(s == GT for s in signs)
    return not all(s == (LT if mask & GT else GT) for s in signs)
