"""Completely mixed profiles near a strategy, and what they must satisfy so that every action played is a best reply to them.

An action outside the support gets a tremble, an unknown small positive number; a probability inside the support is an unknown near
its value, unless it is a free symbol of the family: that stays, and is a parameter of the system. At every information set
the actions played earn the same, reach weighted, and no other action earns more:
sum_x reach(x)*(V(x, a) - V(x, c)) is zero or not negative. These are polynomials, linear in the strategy of each information set.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import sympy as sp

from bargain.games.information import InformationSet
from bargain.games.nodes import History
from bargain.regions import EQ, GE, GT, LE, LT, Cell
from bargain.solvers.information.assessments import Step, Strategies, Tree


@dataclass(frozen=True)
class Nearby:
    """Completely mixed strategies near `limit`: polynomials in `trembles` (which tend to 0) and `mixing` (which tend to values)."""

    limit: Strategies
    strategies: Strategies
    trembles: dict[sp.Symbol, Step]
    mixing: dict[sp.Symbol, sp.Expr]

    @property
    def unknowns(self) -> list[sp.Symbol]:
        """Probabilities first: they are solved for where there is a choice."""
        return [*self.mixing, *self.trembles]

    @property
    def free(self) -> list[sp.Symbol]:
        """The symbols of the family, in a fixed order."""
        return sorted(set().union(*(p.free_symbols for actions in self.limit.values() for p in actions.values())), key=str)

    @property
    def inside(self) -> Cell:
        """Trembles are positive and too small to use up the probability of an action that is played."""
        cell = Cell()
        for tremble in self.trembles:
            cell = cell.where(tremble, GT).where((len(self.trembles) + 1) * tremble - 1, LT)
        for symbol in self.mixing:
            cell = cell.where(symbol, GT).where(symbol - 1, LT)
        return cell

    def within(self, radius: sp.Expr) -> Cell:
        """Closer than a radius to the limit."""
        cell = self.inside
        for tremble in self.trembles:
            cell = cell.where(tremble - radius, LE)
        for symbol, value in self.mixing.items():
            cell = cell.where(symbol - value - radius, LE).where(symbol - value + radius, GE)
        return cell


def nearby(tree: Tree, limit: Strategies) -> Nearby:
    """The completely mixed profiles near a strategy."""
    strategies: Strategies = {}
    trembles: dict[sp.Symbol, Step] = {}
    mixing: dict[sp.Symbol, sp.Expr] = {}
    taken: set[sp.Expr] = set()
    for own in tree.sets:
        played = [action for action in own.actions if limit[own.name][action] != 0]
        chances: dict[str, sp.Expr] = {}
        for action in own.actions:
            value = limit[own.name][action]
            if value == 0:
                chances[action] = sp.Symbol(f"tremble({action} | {own.name})", real=True)
                trembles[chances[action]] = (own.name, action)
            elif action != played[-1] and value.is_Symbol and value not in taken:
                taken.add(value)
                chances[action] = value
            elif action != played[-1]:
                chances[action] = sp.Symbol(f"near({action} | {own.name})", real=True)
                mixing[chances[action]] = value
        chances[played[-1]] = 1 - sp.Add(*chances.values())
        strategies[own.name] = {action: chances[action] for action in own.actions}
    return Nearby(limit, strategies, trembles, mixing)


@dataclass(frozen=True)
class Reply:
    """What one information set asks of the profile: `equal` vanish, `better` are not negative."""

    name: str
    equal: tuple[sp.Expr, ...]
    better: tuple[sp.Expr, ...]

    def cell(self, cell: Cell) -> Cell:
        """The cell with these conditions."""
        for body in self.equal:
            cell = cell.where(body, EQ)
        for body in self.better:
            cell = cell.where(body, GE)
        return cell


def replies(tree: Tree, profile: Nearby) -> list[Reply]:
    """The conditions of every information set."""
    memo: dict[History, dict[str, sp.Expr]] = {}
    found = []
    for own in tree.sets:
        worth = {action: sp.expand(sp.Add(*(_reach(tree, own, member, profile.strategies) * tree.values((*member, action), profile.strategies, memo)[own.player]
                                            for member in own.members))) for action in own.actions}
        played = [action for action in own.actions if profile.limit[own.name][action] != 0]
        gaps = {action: _positive(worth[played[-1]] - worth[action], profile) for action in own.actions if action != played[-1]}
        found.append(Reply(own.name, tuple(gaps[action] for action in gaps if action in played), tuple(gaps[action] for action in gaps if action not in played)))
    return found


def _reach(tree: Tree, own: InformationSet, member: History, strategies: Strategies) -> sp.Expr:
    """The probability of the moves to a node that the mover did not make herself; with perfect recall hers are the same at all nodes."""
    return sp.Mul(*(tree.draws[step] if step in tree.draws else strategies[step[0]][step[1]]
                    for step in tree.paths[member] if step in tree.draws or tree.named[step[0]].player != own.player))


def _positive(gap: sp.Expr, profile: Nearby) -> sp.Expr:
    """The gap without factors that are positive in any case: trembles."""
    gap = sp.expand(gap)
    if gap == 0:
        return gap
    constant, factors = sp.factor_list(gap)
    return sp.Mul(constant, *(factor**power for factor, power in factors if factor not in profile.trembles))


def along(profile: Nearby, values: Mapping[sp.Symbol, sp.Expr]) -> Strategies:
    """The strategies with trembles and probabilities put in."""
    return {name: {action: sp.cancel(sp.together(p.xreplace(dict(values)))) for action, p in actions.items()} for name, actions in profile.strategies.items()}


__all__ = ["Nearby", "Reply", "along", "nearby", "replies"]
