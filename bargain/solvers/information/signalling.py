"""Refinements of signalling equilibria: the intuitive criterion, D1 and universal divinity.

Nature draws the sender's type, the sender moves, others who do not know the type reply; the sender may move again. For a
message m that no type sends, a reply is a best reply to some belief about the type. D(t) is the set of
replies from which type t gains against its equilibrium payoff, D0(t) the set at which it is indifferent. A type
is ruled out after m

- by the intuitive criterion if D(t) and D0(t) are empty;
- by D1 if D(t) and D0(t) lie in D(s), not empty, for one other type s;
- by universal divinity if they lie in the union of D(s) over the other types; rounds are repeated with beliefs on the types left.

An equilibrium outcome survives if after every such message some belief on the types left has a best reply from which
nobody gains. The intuitive criterion asks less: the outcome falls only if some type left gains from every best reply.
Replies, beliefs and types are compared as systems of polynomial conditions, also with free parameters.
Source: Cho and Kreps (1987), Quarterly Journal of Economics 102:179-221; Banks and Sobel (1987), Econometrica 55:647-661.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable
from bargain.games.information import InformationSet
from bargain.games.nodes import History
from bargain.regions import EQ, GE, GT, LE, Cell, Region
from bargain.solution import Equilibrium
from bargain.solvers.information.assessments import Strategies, Tree, probabilities, supports
from bargain.solvers.information.conditions import within
from bargain.solvers.information.elimination import Elimination
from bargain.solvers.information.projection import project
from bargain.solvers.information.rationality import demands

_EVERYWHERE = Region.everything()


@dataclass(frozen=True)
class Judgement:
    """Whether an equilibrium outcome survives (None: that depends on the parameters, or was not decided), and why."""

    survives: bool | None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class IntuitiveCriterion:
    """Cho and Kreps's intuitive criterion.

    >>> IntuitiveCriterion().name
    'the intuitive criterion'
    """

    name = "the intuitive criterion"

    def judge(self, problem: Any, equilibrium: Equilibrium, where: Region = _EVERYWHERE) -> Judgement:
        """Whether the outcome survives on a region of the parameters, with the reason by message and type."""
        return _judged(self, problem, equilibrium, where)

    def excluded(self, off: "_Unsent", types: list[str], cell: Cell) -> dict[str, str]:
        """Types ruled out, each with the reason."""
        return {t: "it gains from no best reply" for t in types if not off.possible(types, {t: GE}, cell)}

    def falls(self, off: "_Unsent", left: list[str], cell: Cell) -> str:
        """Why the outcome falls, or an empty text."""
        for t in left:
            if not off.possible(left, {t: LE}, cell):
                return f"{t} gains from every best reply to beliefs on {', '.join(left)}"
        return ""


@dataclass(frozen=True)
class D1:
    """Criterion D1 of Cho and Kreps (1987)."""

    name = "D1"

    def judge(self, problem: Any, equilibrium: Equilibrium, where: Region = _EVERYWHERE) -> Judgement:
        """Whether the outcome survives on a region of the parameters, with the reason by message and type."""
        return _judged(self, problem, equilibrium, where)

    def excluded(self, off: "_Unsent", types: list[str], cell: Cell) -> dict[str, str]:
        """Types ruled out, each with the reason."""
        found = {}
        for t in types:
            for s in types:
                if s != t and t not in found and not off.possible(types, {t: GE, s: LE}, cell) and off.possible(types, {s: GT}, cell):
                    found[t] = f"{s} gains from every best reply that {t} does not lose by"
        return found

    def falls(self, off: "_Unsent", left: list[str], cell: Cell) -> str:
        """Why the outcome falls, or an empty text."""
        return "" if off.possible(left, dict.fromkeys(off.types, LE), cell) else f"every best reply to beliefs on {', '.join(left)} attracts some type"


@dataclass(frozen=True)
class UniversalDivinity:
    """Universal divinity of Banks and Sobel (1987), as iterated D2 (Cho and Kreps 1987, section IV)."""

    name = "universal divinity"

    def judge(self, problem: Any, equilibrium: Equilibrium, where: Region = _EVERYWHERE) -> Judgement:
        """Whether the outcome survives on a region of the parameters, with the reason by message and type."""
        return _judged(self, problem, equilibrium, where)

    def excluded(self, off: "_Unsent", types: list[str], cell: Cell) -> dict[str, str]:
        """Types ruled out, each with the reason; rounds are repeated."""
        found: dict[str, str] = {}
        while True:
            left = [t for t in types if t not in found]
            new = {t: "whatever best reply it does not lose by, another type gains from" for t in left if len(left) > 1
                   and not off.possible(left, {t: GE, **{s: LE for s in left if s != t}}, cell) and any(off.possible(left, {s: GT}, cell) for s in left if s != t)}
            if not new or len(new) == len(left):
                return found
            found |= new

    def falls(self, off: "_Unsent", left: list[str], cell: Cell) -> str:
        """Why the outcome falls, or an empty text."""
        return "" if off.possible(left, dict.fromkeys(off.types, LE), cell) else f"every best reply to beliefs on {', '.join(left)} attracts some type"


Criterion = IntuitiveCriterion | D1 | UniversalDivinity


def _judged(criterion: Criterion, problem: Any, equilibrium: Equilibrium, where: Region) -> Judgement:
    tree = Tree.of(problem, type(criterion).__name__)
    work = Elimination(problem.notation, degenerate=True)
    verdicts, reasons = [], []
    for off in _unsent(tree, work, equilibrium):
        for cell in where:
            verdict, reason = _one(criterion, off, cell, symbolic=bool(problem.notation.symbols))
            verdicts.append(verdict)
            reasons += [reason] if reason else []
    survives = None if work.undecided else False if False in verdicts else None if None in verdicts else True
    return Judgement(survives, tuple(dict.fromkeys(reasons)))


def _one(criterion: Criterion, off: "_Unsent", cell: Cell, *, symbolic: bool) -> tuple[bool | None, str]:
    """The verdict on one message. With parameters, "falls" is proved for the whole cell, "survives" only where no further type can be ruled out."""
    excluded = criterion.excluded(off, off.types, cell)
    left = [t for t in off.types if t not in excluded] or off.types
    why = "; ".join(f"{t} is ruled out: {reason}" for t, reason in excluded.items())
    fall = criterion.falls(off, left, cell)
    if fall:
        return False, f"{off.message}: " + "; ".join(part for part in (why, fall) if part)
    if symbolic and len(left) > 1:
        return None, f"{off.message}: types may be ruled out on part of the region" + (f"; {why}" if why else "")
    if symbolic and not off.everywhere(left, cell):
        return None, f"{off.message}: survives on part of the region" + (f"; {why}" if why else "")
    return True, f"{off.message}: " + (why or "no type is ruled out")


def _unsent(tree: Tree, work: Elimination, equilibrium: Equilibrium) -> Iterator["_Unsent"]:
    """The messages that no type sends, of the player who moves first after nature."""
    first = [own for own in tree.sets if all(all(step in tree.draws for step in tree.paths[member]) for member in own.members)]
    if len(first) < 2 or len({own.player for own in first}) != 1:
        raise NotApplicable("needs one sender, whose type nature draws before anything else", place="refinement of a signalling game",
                            remedy="give each type an information set right after nature's move")
    played: Strategies = {name: dict(actions) for nodes in equilibrium.strategies.values() for name, actions in nodes.items()}
    for message in dict.fromkeys(action for own in first for action in own.actions):
        able = [own for own in first if message in own.actions]
        if all(played[own.name][message] == 0 for own in able) and len(able) > 1:
            yield _Unsent(tree, work, equilibrium, played, message, tuple(able))


class _Unsent:
    """A message that is not sent: replies to it, and what each type would gain."""

    def __init__(self, tree: Tree, work: Elimination, equilibrium: Equilibrium, played: Strategies, message: str, senders: tuple[InformationSet, ...]) -> None:
        self.tree, self.work, self.message, self.senders, self.played = tree, work, message, senders, played
        self.types = [own.name for own in senders]
        self.player = senders[0].player
        self.kept = equilibrium.free
        below = frozenset().union(*(tree.below[own.name] for own in senders))
        self.replies = [own for own in tree.bottom_up if own.name in below and own.player != self.player and any(self._sent(m) for m in own.members)]
        self.systems = list(self._systems())

    def _sent(self, history: History) -> str:
        """The type that sent the message on the way to a node; empty if none did."""
        return next((name for name, action in self.tree.paths[history] if name in self.types and action == self.message), "")

    def _systems(self) -> Iterator[tuple[dict[str, sp.Expr], Strategies, Cell]]:
        """Per combination of supports at the replies: relative frequencies of the types, strategies, and the conditions of best replies."""
        frequency = {t: sp.Symbol(f"frequency({t})", real=True) for t in self.types}
        for chosen in product(*(supports(own) for own in self.replies)):
            strategies = {**self.played, **{own.name: probabilities(own, support) for own, support in zip(self.replies, chosen, strict=True)}}
            fresh = {s: sp.Symbol(f"reply {s.name}", real=True) for own in self.replies for p in strategies[own.name].values() for s in p.free_symbols}
            strategies = {name: {a: p.xreplace(fresh) if name in {own.name for own in self.replies} else p for a, p in actions.items()}
                          for name, actions in strategies.items()}
            cell = within(within(Cell(), fresh.values(), closed=False), frequency.values(), closed=True)
            for own, support in zip(self.replies, chosen, strict=True):
                cell = self.work.where(cell, strategies[own.name][support[-1]], GT)
                weights = [self._weight(member, own.player, frequency, strategies) for member in own.members]
                for demand in demands(self.tree, own, support, strategies):
                    cell = self.work.where(cell, sp.expand(sp.Add(*(w * g for w, g in zip(weights, demand.gaps, strict=True)))), demand.mask or EQ)
            yield dict(frequency), strategies, cell

    def _weight(self, member: History, owner: str, frequency: dict[str, sp.Symbol], strategies: Strategies) -> sp.Expr:
        sender = self._sent(member)
        if not sender:
            return sp.Integer(0)
        steps = [step for step in self.tree.paths[member] if step[0] != sender and not (step[0] in self.tree.named and self.tree.named[step[0]].player == owner)]
        return frequency[sender] * sp.Mul(*(self.tree.draws[s] if s in self.tree.draws else strategies[s[0]][s[1]] for s in steps))

    def gain(self, own: InformationSet, strategies: Strategies) -> sp.Expr:
        """What a type gains by the message, weighted by nature's draws."""
        memo: dict[History, dict[str, sp.Expr]] = {}
        kept: dict[History, dict[str, sp.Expr]] = {}
        total: sp.Expr = sp.Integer(0)
        for member in own.members:
            chances = sp.Mul(*(self.tree.draws[step] for step in self.tree.paths[member]))
            sent = self.tree.values((*member, self.message), strategies, memo)[self.player]
            total += chances * (sent - self.tree.values(member, self.played, kept)[self.player])
        return sp.expand(total)

    def cells(self, types: list[str], signs: dict[str, int], cell: Cell) -> Iterator[Cell]:
        """Cells over parameters, frequencies of `types` and best replies, on which gains have the given signs."""
        for frequency, strategies, best in self.systems:
            here = cell
            out = {frequency[t]: sp.Integer(0) for t in self.types if t not in types}
            out[frequency[types[-1]]] = 1 - sp.Add(*(frequency[t] for t in types[:-1]))
            for body, mask in best.atoms:
                here = self.work.where(here, body.xreplace(out), mask)
            for own in self.senders:
                if own.name in signs:
                    here = self.work.where(here, self.gain(own, strategies), signs[own.name])
            later = {s for actions in strategies.values() for p in actions.values() for s in p.free_symbols} & here.symbols & self.kept.symbols
            yield here & self.kept if later - self.work.parameters else here

    def possible(self, types: list[str], signs: dict[str, int], cell: Cell) -> bool:
        """Whether some best reply to a belief on `types` gives gains of these signs; undecided counts as possible."""
        return any(self.work.feasible(here) for here in self.cells(types, signs, cell))

    def everywhere(self, types: list[str], cell: Cell) -> bool:
        """Whether at every parameter of the cell some best reply to a belief on `types` attracts nobody."""
        space = self.work.space(())
        projected = [found for here in self.cells(types, dict.fromkeys(self.types, LE), cell) for found in project(self.work, here)]
        return space.uncovered(projected, within=cell).answer is False


__all__ = ["D1", "IntuitiveCriterion", "Judgement", "UniversalDivinity"]
