"""Extensive-form correlated and coarse correlated equilibria, written as what an auditor may propose.

The auditor proposes a lottery over profiles of plans, and for every information set and every move recommended there (coarse: for every information set)
what the player who disobeys from there on can get at most, set by set: the greatest of what her actions lead to, counted over the
profiles in which she hears this, while the others follow them. She may propose only what pays the player who obeys no less (von Stengel and Forges 2008,
Mathematics of Operations Research 33:1002-1022; Farina, Bianchi and Sandholm 2020, AAAI 34:1934-1941, for the coarse version). What profiles of plans
lead to is written out. That no other lottery has a greater objective is not written down.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable
from bargain.games.game import Game
from bargain.games.information import InformationSet, information_sets, own_history, place, successive
from bargain.games.nodes import Chance, Decision, History, Node, Terminal
from bargain.games.strategic import planned_form
from bargain.portable.evidence import Draft
from bargain.portable.refusals import REMEDY
from bargain.portable.stages import Staged
from bargain.regions.cells import EQ, GE

_CONDITIONS = 600
Moves = tuple[tuple[str, str], ...]  # (information set, action)
Plans = tuple[dict[str, str], ...]


@dataclass(frozen=True)
class _End:
    """An end of the tree: everybody's own moves on the way, nature's chance, payoffs."""

    moves: tuple[Moves, ...]
    chance: sp.Expr
    payoffs: tuple[sp.Expr, ...]


def mediated(problem: Game, solver: Any, e: Any) -> Staged:
    """One proposal: the lottery, and what disobedience gets."""
    game = successive(problem)
    form = planned_form(game, reduced=True)
    draft, book = Draft(game.players), _Book(game, list(_ends(game, game.root, (), ((),) * len(game.players), sp.Integer(1))))
    for number, (cell, weight) in enumerate((cell, weight) for cell, weight in e.lottery.items() if weight != 0):
        plans = tuple(form.plans[player][label] for player, label in zip(game.players, cell, strict=True))
        book.profiles.append((book.share(f"chance of profile {number + 1}", weight), plans))
    book.conditions += [(sp.Add(*(w for w, _ in book.profiles)) - 1, EQ), *((w, GE) for w, _ in book.profiles)]
    paid = {player: sp.Add(*(w * book.led(plans, k, None) for w, plans in book.profiles)) for k, player in enumerate(game.players)}
    weights = dict.fromkeys(game.players, sp.Integer(1)) if solver.objective is None else solver.objective
    goal = book.share("objective", e.value)
    book.conditions.append((goal - sp.Add(*(weight * paid[player] for player, weight in weights.items())), EQ))
    for own in information_sets(game):
        for told in ("",) if solver.coarse else own.actions:
            book.obeyed(own, told)
    if len(book.conditions) > _CONDITIONS:
        raise NotApplicable(f"no portable certificate: {len(book.conditions)} comparisons, at most {_CONDITIONS} are written", place="certificate", remedy=REMEDY)
    draft.audit("mediator", tuple(book.conditions), book.shares, paid, e.payoffs)
    return draft.staged("a lottery over profiles of plans, which nobody gains by disobeying (that no other has a greater objective is not shown)", "mediator")


class _Book:
    """Numbers and conditions as they are found."""

    def __init__(self, game: Game, ends: list[_End]) -> None:
        self.game, self.ends, self.past = game, ends, own_history(game)
        self.shares: dict[str, tuple[sp.Symbol, sp.Expr]] = {}
        self.known: dict[sp.Symbol, sp.Expr] = {}
        self.conditions: list[tuple[sp.Expr, int]] = []
        self.profiles: list[tuple[sp.Symbol, Plans]] = []

    def share(self, name: str, value: sp.Expr) -> sp.Symbol:
        symbol = sp.Symbol(name, real=True)
        self.shares[name], self.known[symbol] = (symbol, value), value
        return symbol

    def led(self, plans: Plans, k: int, own: Moves | None, through: str = "") -> sp.Expr:
        """What ends pay player k to which the others' plans lead, through an information set of hers; `own` is her last move, or None: she follows her plan."""
        total: sp.Expr = sp.Integer(0)
        for end in self.ends:
            mine = end.moves[k]
            if through and all(name != through for name, _ in mine) or (own is not None and mine[-1:] != own):
                continue
            following = [moves for j, moves in enumerate(end.moves) if j != k or own is None]
            theirs = [plan for j, plan in enumerate(plans) if j != k or own is None]
            if all(plan.get(name) == action for plan, moves in zip(theirs, following, strict=True) for name, action in moves):
                total += end.chance * end.payoffs[k]
        return total

    def obeyed(self, own: InformationSet, told: str) -> None:
        """The conditions that obeying at an information set pays as much as any plan from there on."""
        k = self.game.players.index(own.player)
        hearing = [(w, plans) for w, plans in self.profiles if plans[k].get(own.name, "*") in ((told,) if told else own.actions)]
        if not hearing:
            return
        below = [s for s in information_sets(self.game) if s.player == own.player and (s.name == own.name or own.name in self._names(s))]
        most: dict[str, sp.Symbol] = {}
        for s in sorted(below, key=lambda s: -len(self._names(s))):
            ends = []
            for action in s.actions:
                later = [most[t.name] for t in below if self.past[t.members[0]][-1:] == ((s.name, action),)]
                ends.append(sp.Add(*later, *(w * self.led(plans, k, ((s.name, action),), own.name) for w, plans in hearing)))
            values = [end.xreplace(self.known) for end in ends]
            most[s.name] = self.share(f"most of {own.player} at {s.name}" + f" after {told or 'no word'} at {own.name}", max(values))
            self.conditions += [*((most[s.name] - end, GE) for end in ends), (sp.Mul(*(most[s.name] - end for end in ends)), EQ)]
        self.conditions.append((sp.Add(*(w * self.led(plans, k, None, own.name) for w, plans in hearing)) - most[own.name], GE))

    def _names(self, s: InformationSet) -> Sequence[str]:
        return [name for name, _ in self.past[s.members[0]]]


def _ends(game: Game, node: Node, history: History, done: tuple[Moves, ...], chance: sp.Expr) -> Iterator[_End]:
    if isinstance(node, Terminal):
        yield _End(done, chance, tuple(node.payoffs[p] for p in game.players))
    elif isinstance(node, Chance):
        for name, weight, child in node.draws:
            yield from _ends(game, child, (*history, name), done, chance * weight)
    else:
        assert isinstance(node, Decision)
        for name, child in node.moves:
            own = tuple((*moves, (place(node, history), name)) if p == node.player else moves for p, moves in zip(game.players, done, strict=True))
            yield from _ends(game, child, (*history, name), own, chance)
