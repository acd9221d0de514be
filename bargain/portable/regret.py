"""Nash equilibria of trees, epsilon-equilibria, and subgame perfection with hidden moves, written as stages.

Where play starts (and, for subgame perfection, in every subgame) there is one stage in which everybody's moves are drawn with the chances of the equilibrium:
what it is worth is what play pays. What a player could get at most, by any plan, is found set by set: the auditor proposes the most that can be had from an
information set on, which is what the best of its actions leads to, counted with the chances with which nature and the others let play arrive there and
go on; an action leads to ends, and to the player's next information sets (von Stengel 1996, Games and Economic Behavior 14:220-246; with perfect recall
no plan gets more, Kuhn 1953, Contributions to the Theory of Games II). Nobody may get more by any plan than play pays, or than that and the
regret stated. In a zero-sum tree what either player could get at most encloses the value.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from bargain.equilibrium import Equilibrium
from bargain.errors import NotApplicable
from bargain.games.game import Game
from bargain.games.information import forgotten, imperfect, place, subgame_roots
from bargain.games.nodes import Bargain, Chance, Decision, History, Node, Offer, Simultaneous, Terminal, show
from bargain.portable.evidence import Draft
from bargain.portable.refusals import REMEDY
from bargain.portable.stages import Staged, value_of
from bargain.regions.cells import EQ, GE

_NODES = 400  # of the tree; every information set repeats what can come before and after it
Set = tuple[str, str]  # a player, and the name of an information set
Moves = tuple[tuple[Set, str], ...]


def written(game: Game, concept: str) -> str:
    """Which function of this module writes a concept of a tree, if any does."""
    if concept == "Nash equilibrium":
        return "nash"
    return "subgames" if concept == "subgame-perfect equilibrium" and imperfect(game) else ""


def nash(game: Game, solver: Any, e: Equilibrium) -> Staged:
    """Play, and that no plan of anybody pays more."""
    tree = Tree(game, e)
    conditions = [(value - best, GE) for value, best in tree.compared((), "")]
    tree.draft.audit("no regret", tuple(conditions), None, tree.start, e.payoffs)
    return tree.draft.staged("moves drawn with the chances of the equilibrium, and the most that any plan of a player pays", "no regret")


def near(game: Game, solver: Any, e: Equilibrium) -> Staged:
    """Play, and that no plan of anybody pays more than the regret stated on top."""
    tree, bounds = Tree(game, e), e.quantities
    compared = tree.compared((), "")
    conditions = [(value - best + bounds["regret"], GE) for value, best in compared]
    if "value_low" in bounds:
        movers = {player for player, _ in tree.lotteries}
        first, second = (compared[k] for k in sorted(range(len(game.players)), key=lambda k: game.players[k] not in movers)[:2])
        conditions += [(bounds["value_high"] - first[1], GE), (first[0] + second[0] - second[1] - bounds["value_low"], GE)]
    tree.draft.audit("regret", tuple(conditions), None, tree.start, e.payoffs)
    return tree.draft.staged("moves drawn with the chances stated, and the most that any plan of a player pays, not more by more than the regret", "regret")


def subgames(game: Game, solver: Any, e: Equilibrium) -> Staged:
    """The same in every subgame."""
    tree = Tree(game, e)
    conditions = [(value - best, GE) for root in subgame_roots(game) for value, best in tree.compared(root, f" from {show(root)}" if root else "")]
    tree.draft.audit("no regret", tuple(conditions), None, tree.start, e.payoffs)
    return tree.draft.staged("moves drawn with the chances of the equilibrium, and the most that any plan of a player pays, in every subgame", "no regret")


class Tree:
    """A tree with the lotteries of an equilibrium, and the stages written so far."""

    def __init__(self, game: Game, e: Equilibrium) -> None:
        nodes = list(game.nodes())
        wrong = next((node for _, node in nodes if isinstance(node, Offer | Bargain)), None)
        reason = ("it has an offer" if isinstance(wrong, Offer) else "it has a bargaining table" if wrong is not None
                  else f"it has {len(nodes)} nodes, at most {_NODES} are written" if len(nodes) > _NODES else forgotten(game))
        if reason:
            raise NotApplicable(f"no portable certificate: {reason}", place="certificate", remedy=REMEDY)
        self.game, self.draft, self.lotteries = game, Draft(game.players), dict[Set, dict[str, sp.Expr]]()
        self.past: dict[Set, Moves] = {}
        self._gather(game.root, (), {p: () for p in game.players}, e)
        self.chance = {own: self.draft.chances(own[0], own[1], lottery) for own, lottery in self.lotteries.items()}
        self.known = {symbol: self.lotteries[own][a] for own, symbols in self.chance.items() for a, symbol in symbols.items()}
        self.start = {p: value_of("play", p) for p in game.players}

    def _gather(self, node: Node, history: History, done: dict[str, Moves], e: Equilibrium) -> None:
        """The lotteries at all information sets, and the own moves before each."""
        for player, own, names in _movers(node, history):
            rule = e.strategies[player][own]
            self.lotteries[player, own] = {name: rule.get(name, sp.Integer(0)) for name in names}
            self.past[player, own] = done[player]
        for name, child, taken in _branches(node, history):
            self._gather(child, (*history, name), {p: (*moves, ((p, taken[p][0]), taken[p][1])) if p in taken else moves for p, moves in done.items()}, e)

    def play(self, root: History, where: str) -> None:
        """The stage of play from a node on."""
        tree = self.drawn(self.game.node(*root), root, _Way())
        self.draft.add(f"play{where}", tree, self.value(tree))

    def compared(self, root: History, where: str) -> list[tuple[sp.Symbol, sp.Symbol]]:
        """What play from a node on pays every player, and the most that a plan pays."""
        self.play(root, where)
        start = self.game.node(*root)
        below = dict.fromkeys(self._sets(start, root))
        return [(value_of(f"play{where}", p), self.most(p, start, root, where, below)) for p in self.game.players]

    def _sets(self, node: Node, history: History) -> Iterator[Set]:
        yield from ((player, own) for player, own, _ in _movers(node, history))
        for name, child, _ in _branches(node, history):
            yield from self._sets(child, (*history, name))

    def most(self, player: str, start: Node, root: History, where: str, below: dict[Set, None]) -> sp.Symbol:
        """The stages of one player's best replies, from the last information sets to the first."""
        sets = sorted((own for own in below if own[0] == player), key=lambda own: -len(self.past[own]))
        before = min((len(self.past[own]) for own in sets), default=0)  # own moves before play comes to the first node
        after: dict[Any, list[sp.Symbol]] = {}
        for own in sets:
            name, moves = f"{player} at {own[1]}{where}", self.past[own]
            ends = [self.leading(f"{action} by {name}", start, root, _Way(player, own, action, moves, tuple(after.get((own, action), ()))))
                    for action in self.lotteries[own]]
            after.setdefault(moves[-1] if len(moves) > before else None, []).append(self.best(f"most of {name}", player, ends))
        return self.leading(f"most of {player}{where}", start, root, _Way(player, extra=tuple(after.get(None, ())), passed=True))

    def leading(self, name: str, start: Node, root: History, way: "_Way") -> sp.Symbol:
        """The stage of what an action leads to."""
        tree = self.drawn(start, root, way)
        self.draft.add(name, tree, self.value(tree), measure=1 + len(way.extra))
        self.known[value_of(name, way.player)] = self.draft.values[name][way.player]
        return value_of(name, way.player)

    def best(self, name: str, player: str, ends: list[sp.Symbol]) -> sp.Symbol:
        """The auditor proposes the greatest of what actions lead to."""
        most, top = sp.Symbol(f"the {name}", real=True), sp.Max(*(self.known[end] for end in ends))
        conditions = (*((most - end, GE) for end in ends), (sp.Mul(*(most - end for end in ends)), EQ))
        self.draft.audit(name, conditions, {"most": (most, top)}, {player: most}, {player: top}, measure=1)
        self.known[value_of(name, player)] = top
        return value_of(name, player)

    def drawn(self, node: Node, history: History, way: "_Way") -> Node:
        """The tree with moves drawn; with a player on her way to an information set, only what she is paid after the action there, before she moves again."""
        if isinstance(node, Terminal):
            return self.draft.end({way.player: (node.payoffs[way.player] if way.passed else 0) + way.sum} if way.player else node.payoffs)
        chances = {name: weight for name, weight, _ in node.draws} if isinstance(node, Chance) else {}
        draws: list[tuple[str, sp.Expr, Node]] = []
        for name, child, taken in _branches(node, history):
            on = way
            if way.player in taken:
                own, action = (way.player, taken[way.player][0]), taken[way.player][1]
                if own != way.goal and (way.passed or own not in dict(way.past)):
                    return self.draft.end({way.player: way.sum})
                if action != (way.action if own == way.goal else dict(way.past)[own]):
                    continue
                on = replace(way, passed=way.passed or own == way.goal)
            weight = sp.Mul(chances.get(name, 1), *(self.chance[p, own][action] for p, (own, action) in taken.items() if p != way.player))
            draws.append((name, weight, self.drawn(child, (*history, name), on)))
        first = draws[0][2]
        same = isinstance(first, Terminal) and all(child == first for _, _, child in draws)
        return first if same or (len(draws) == 1 and draws[0][1] == 1) else Chance(tuple(draws))

    def value(self, node: Node) -> dict[str, sp.Expr]:
        """What a tree of drawn moves pays."""
        if isinstance(node, Terminal):
            return {p: v.xreplace(self.known) for p, v in node.payoffs.items()}
        assert isinstance(node, Chance)
        parts = [(weight.xreplace(self.known), self.value(child)) for _, weight, child in node.draws]
        return {p: sp.cancel(sp.Add(*(weight * own[p] for weight, own in parts))) for p in parts[0][1]}


@dataclass(frozen=True)
class _Way:
    """The way of a player to an information set, the action there, and the values of her next sets; without a player, everybody's moves are drawn."""

    player: str = ""
    goal: Set | None = None
    action: str = ""
    past: Moves = ()
    extra: tuple[sp.Symbol, ...] = ()
    passed: bool = False

    @property
    def sum(self) -> sp.Expr:
        """What the next sets are worth."""
        return sp.Add(*self.extra)


def _movers(node: Node, history: History) -> list[tuple[str, str, tuple[str, ...]]]:
    """Who moves at a node, under which name of an information set, with which actions."""
    if isinstance(node, Decision):
        return [(node.player, place(node, history), tuple(name for name, _ in node.moves))]
    return [(p, show(history), names) for p, names in zip(node.players, node.actions, strict=True)] if isinstance(node, Simultaneous) else []


def _branches(node: Node, history: History) -> Iterator[tuple[str, Node, dict[str, tuple[str, str]]]]:
    """What follows a node, and who took which action at which information set to get there."""
    if isinstance(node, Simultaneous):
        for cell, child in node.cells.items():
            yield ",".join(cell), child, {p: (show(history), action) for p, action in zip(node.players, cell, strict=True)}
    elif not isinstance(node, Terminal):
        for name, child in node.moves:
            yield name, child, {node.player: (place(node, history), name)} if isinstance(node, Decision) else {}
