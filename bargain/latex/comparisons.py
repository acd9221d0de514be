"""What decides the choice at each node of a tree, case by case: the comparisons a proof by backward induction states.

The values are those that the equilibrium's own strategies pay, from the end nodes up; the sign of each
difference is decided on the whole case. `NotDecided` is raised where a sign is not, `NotApplicable` where
the tree has other nodes than decisions, chance moves and offers with two replies; other proofs apply there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from bargain.certify.subgame_perfect import found_at
from bargain.errors import NotApplicable, NotDecided
from bargain.games import Chance, Decision, Game, Offer, Terminal
from bargain.games.information import imperfect
from bargain.games.nodes import History, Node, show
from bargain.notation import Notation, Parameter
from bargain.regions.cells import EQ, GE, GT, LE, NE, Cell, Region
from bargain.regions.space import Space
from bargain.solution import Equilibrium, Solution

Values = Mapping[str, sp.Expr]
_OTHERWISE = "the inequalities of the certificate are listed instead"


@dataclass(frozen=True)
class Choice:
    """What the mover of a node gets from each action, what she plays, and the signs (a mask) of played minus other on the case."""

    values: tuple[tuple[str, sp.Expr], ...]
    played: tuple[str, ...]
    signs: tuple[tuple[str, int], ...]

    @property
    def strict(self) -> bool:
        """Whether one action is strictly better than every other, on the whole case."""
        return len(self.played) == 1 and all(mask == GT for _, mask in self.signs)


@dataclass(frozen=True)
class Piece:
    """A part of the range of proposals with one reply: what it pays the proposer and the responder, and what the other reply pays the latter.

    where: the relation that the share satisfies, None for the whole range. gain: signs of the equilibrium payoff of the
    proposer minus `proposer`; margin: signs of the reply's advantage to the responder.
    """

    where: Any
    reply: str
    other: str
    proposer: sp.Expr
    responder: sp.Expr
    instead: sp.Expr
    gain: int
    margin: int


@dataclass(frozen=True)
class Proposal:
    """An offer in equilibrium: the share (or the interval of shares), what it pays the proposer, the rule of the reply and its pieces.

    after: each reply with what it pays proposer and responder. rule: relation (None for the whole range) and reply; `pieces`
    are the parts of it that occur. settled: why no other reply and no other payoff is possible, as one of ``accepted``,
    ``rejected``, ``constant``; empty if unproved. alone: whether every other offer was proved to pay strictly less.
    """

    low: sp.Expr
    high: sp.Expr
    pays: sp.Expr
    after: tuple[tuple[str, sp.Expr, sp.Expr], ...]
    rule: tuple[tuple[Any, str], ...]
    pieces: tuple[Piece, ...]
    settled: str = ""
    alone: bool = False


@dataclass(frozen=True)
class Step:
    """A node and what happens there: one entry per case and equilibrium, by their indices."""

    history: History
    node: Decision | Offer
    found: Mapping[tuple[int, int], Choice | Proposal]

    @property
    def player(self) -> str:
        """Who moves."""
        return self.node.player


def steps(solution: Solution) -> tuple[Step, ...]:
    """The nodes of a tree of perfect information, last movers first, with what decides each of them.

    >>> import bargain as bg
    >>> from bargain.models.classics import deterrence as m
    >>> [(show(step.history), step.player, all(c.strict for c in step.found.values())) for step in steps(bg.solve(m.game, bg.SubgamePerfect()))]
    [('challenge/resist', 'C', True), ('challenge', 'D', True), ('(start)', 'C', True)]
    """
    game = solution.problem
    if not isinstance(game, Game) or imperfect(game):
        raise NotApplicable("backward induction needs a tree of perfect information", place="proof", remedy=_OTHERWISE)
    space = _widened(game)
    gathered: dict[History, dict[tuple[int, int], Choice | Proposal]] = {}
    for case, regime in enumerate(solution.regimes):
        for number, equilibrium in enumerate(regime.extreme()):
            reading = _Reading(space, regime.condition, equilibrium)
            reading.value(game.root, (), Cell())
            for history, choice in reading.found.items():
                gathered.setdefault(history, {})[case, number] = choice
    nodes = {history: node for history, node in game.nodes() if history in gathered}
    order = sorted(nodes, key=lambda history: (-len(history), list(nodes).index(history)))
    return tuple(Step(history, nodes[history], gathered[history]) for history in order)  # type: ignore[arg-type]


def _widened(game: Game) -> Space:
    """The parameter space with the offered shares as further real variables."""
    shares = dict.fromkeys(node.share for _, node in game.nodes() if isinstance(node, Offer))
    rows = tuple(Parameter(share, "offered share") for share in shares if share not in game.notation.symbols)
    return Space(Notation((*game.notation.parameters, *rows), game.notation.assumptions))


class _Reading:
    """One equilibrium read along the tree on the region where it holds."""

    def __init__(self, space: Space, region: Region, equilibrium: Equilibrium) -> None:
        self.space, self.region, self.equilibrium = space, region, equilibrium
        self.found: dict[History, Choice | Proposal] = {}

    def value(self, node: Node, history: History, inside: Cell) -> Values:
        """What the strategies pay after a history."""
        if isinstance(node, Terminal):
            return node.payoffs
        if isinstance(node, Offer):
            return self._offer(node, history, inside)
        if not isinstance(node, Decision | Chance):
            raise NotApplicable(f"the node {show(history)} is a {type(node).__name__}", place="proof", remedy=_OTHERWISE)
        after = {name: self.value(child, (*history, name), inside) for name, child in node.moves}
        if isinstance(node, Chance):
            return _mixed({name: chance for name, chance, _ in node.draws}, after)
        strategy = self.equilibrium.strategies.get(node.player, {}).get(node.information_set or show(history))
        if strategy is None or any(isinstance(weight, sp.Piecewise) for weight in strategy.values()):
            raise NotApplicable(f"no fixed choice is stated at {show(history)}", place="proof", remedy=_OTHERWISE)
        played = tuple(name for name in after if strategy.get(name, 0) != 0)
        best = after[played[0]][node.player]
        signs = tuple((name, self.sign(best - values[node.player], inside, GE if name not in played else EQ))
                      for name, values in after.items() if name != played[0])
        self.found[history] = Choice(tuple((name, values[node.player]) for name, values in after.items()), played, signs)
        return _mixed({name: strategy[name] for name in played}, after)

    def sign(self, gap: sp.Expr, inside: Cell, allowed: int) -> int:
        """The signs of an expression on the case; refused unless all are allowed."""
        mask = 0
        for cell in self.region:
            mask |= self.space.sign(sp.together(gap), cell & inside)
        if mask & ~allowed:
            raise NotDecided(f"the sign of {gap} on {self.region}", place="proof", remedy=_OTHERWISE)
        return mask

    def _offer(self, node: Offer, history: History, inside: Cell) -> Values:
        here, share, answer = (*history, f"offer {node.share}"), node.share, node.answer
        within = inside & Cell().where(share - node.between[0], GE).where(share - node.between[1], LE)
        after = {name: self.value(child, (*here, name), within) for name, child in answer.moves}
        rule = self.equilibrium.strategies.get(answer.player, {}).get(show(here))
        stated, name = found_at(self.equilibrium, show(history)), str(share)
        if rule is None or len(after) != 2 or not (name in stated or f"{name}_low" in stated):
            raise NotApplicable(f"the offer at {show(history)} has no rule of two replies", place="proof", remedy=_OTHERWISE)
        low, high = (stated[name],) * 2 if name in stated else (stated[f"{name}_low"], stated[f"{name}_high"])
        stated_rule = tuple(_rule(rule, tuple(after)))
        parts = [(where, reply) for where, reply in stated_rule if self._possible(within & _cell(where))]
        accepted = next(reply for where, reply in parts if where is None or _holds(where, share, low))
        outcome = {player: sp.sympify(value, strict=True).subs(share, low) for player, value in after[accepted].items()}
        pieces = tuple(self._piece(node, after, where, reply, outcome[node.player], within & _cell(where)) for where, reply in parts)
        pays, elsewhere = outcome[node.player], within.where(share - low, NE)
        alone = all(self._sure(pays - piece.proposer, elsewhere & _cell(piece.where), GT) for piece in pieces)
        paid = tuple((name, values[node.player], values[answer.player]) for name, values in after.items())
        self.found[history] = Proposal(low, high, pays, paid, stated_rule, pieces, self._settled(node, after, pieces, pays, within), alone)
        return outcome

    def _possible(self, cell: Cell) -> bool:
        return any(self.space.feasible(part & cell).answer is not False for part in self.region)

    def _piece(self, node: Offer, after: Mapping[str, Values], where: Any, reply: str, pays: sp.Expr, cell: Cell) -> Piece:
        other = next(name for name in after if name != reply)
        responder, instead = after[reply][node.answer.player], after[other][node.answer.player]
        proposer = after[reply][node.player]
        return Piece(where, reply, other, proposer, responder, instead, self.sign(pays - proposer, cell, GE), self.sign(responder - instead, cell, GE))

    def _settled(self, node: Offer, after: Mapping[str, Values], pieces: tuple[Piece, ...], pays: sp.Expr, within: Cell) -> str:
        """Why the replies and the proposer's payoff are the only ones possible, where one of three arguments holds on the whole case."""
        if len(pieces) == 1 and pieces[0].margin == GT:
            return "constant"
        share = node.share
        for yes, no in (tuple(after), tuple(reversed(tuple(after)))):
            gap = sp.expand(after[yes][node.answer.player] - after[no][node.answer.player])
            slope, gains = sp.diff(gap, share), sp.diff(sp.expand(after[yes][node.player]), share)
            refused = after[no][node.player]
            if not (slope.is_number and gains.is_number and gains > 0 > slope) or refused.has(share):
                continue
            cut = sp.expand(share - gap / slope)
            most = after[yes][node.player].subs(share, cut)
            if self._sure(cut - node.between[0], within, GT) and self._sure(node.between[1] - cut, within, GE) and self._sure(most - refused, within, GT):
                return "accepted" if sp.expand(most - pays) == 0 else ""
            if self._sure(node.between[1] - cut, within, GT) and self._sure(refused - most, within, GT):
                return "rejected" if sp.expand(refused - pays) == 0 else ""
        return ""

    def _sure(self, gap: sp.Expr, within: Cell, allowed: int) -> bool:
        return all(self.space.sign(gap, cell & within) & ~allowed == 0 for cell in self.region)


def _mixed(weights: Mapping[str, sp.Expr], after: Mapping[str, Values]) -> Values:
    if len(weights) == 1 and next(iter(weights.values())) == 1:
        return after[next(iter(weights))]
    players = next(iter(after.values()))
    return {player: sp.expand(sp.Add(*(weight * after[name][player] for name, weight in weights.items()))) for player in players}


def _rule(rule: Mapping[str, Any], replies: tuple[str, ...]) -> list[tuple[Any, str]]:
    """A pure reply rule as (relation, reply); None for the whole range."""
    first, second = replies
    weight = rule.get(first, sp.Integer(0))
    if not isinstance(weight, sp.Piecewise):
        if weight not in (0, 1):
            raise NotApplicable("a mixed reply to an offer", place="proof", remedy=_OTHERWISE)
        return [(None, first if weight == 1 else second)]
    if len(weight.args) != 2 or {value for value, _ in weight.args} != {sp.Integer(0), sp.Integer(1)} or not weight.args[0][1].is_Relational:
        raise NotApplicable("a reply rule of more than one cut", place="proof", remedy=_OTHERWISE)
    (value, where), _ = weight.args
    return [(where, first if value == 1 else second), (where.negated, second if value == 1 else first)]


def _cell(where: Any) -> Cell:
    return Cell() if where is None else Cell.of(where)


def _holds(where: Any, share: sp.Symbol, value: sp.Expr) -> bool:
    """Whether the stated proposal meets a relation, as an identity: the cut itself, or a number."""
    gap = sp.expand((where.lhs - where.rhs).subs(share, value))
    if gap.is_number:
        return bool(where.func(gap, 0))
    raise NotApplicable("a proposal off the cut of the reply", place="proof", remedy=_OTHERWISE)


