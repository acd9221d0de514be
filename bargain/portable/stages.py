"""A problem stated as stages, and an equilibrium of it: what the reductions of this package return.

A stage is a tree, or a proposal (one number or several, within conditions) and a tree of answers to it, or another proposal. Ends, chances and conditions may
refer to what stages are worth to a player. Answers are found by going backwards from the ends; proposals, lotteries and values are those of the answer that is
being written down. Decisions in the same information set, in different stages, are made by the same lottery.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable
from bargain.games.information import place as at
from bargain.games.nodes import Bargain, Chance, Decision, History, Node, Offer, Simultaneous, Terminal, show
from bargain.portable.refusals import REMEDY
from bargain.portable.trees import written_tree
from bargain.portable.writer import Writer
from bargain.regions.cells import GE, GT, Cell

Payoffs = Mapping[str, sp.Expr]
Conditions = tuple[tuple[sp.Expr, int], ...]  # expressions with the masks of their signs
Rules = dict[tuple[str, str], dict[str, sp.Expr]]  # (player, place) -> action -> probability, or name of a share -> what is proposed
_PIECES = 512  # patterns of answers to one proposal


@dataclass(frozen=True)
class Proposal:
    """`player` proposes the values of `shares` (by name) within `inside`; `answer` follows, which may be a proposal at the place ``<place>/answer``."""

    player: str
    shares: Mapping[str, sp.Symbol]
    inside: Conditions
    answer: "Node | Proposal"


Stage = Proposal | Node


@dataclass(frozen=True)
class Staged:
    """Stages, and in them: values, what is chosen where (proposals, and lotteries that the ends do not settle), and measures.

    measures: a positive number for each stage (1 by default), more than those of the stages that any of its ends refers to taken together, by their weights.
    """

    why: str
    players: tuple[str, ...]
    stages: Mapping[str, Stage]
    values: Mapping[str, Payoffs]
    start: str
    choices: Rules = field(default_factory=dict)
    measures: Mapping[str, sp.Expr] = field(default_factory=dict)

    @property
    def known(self) -> dict[sp.Symbol, sp.Expr]:
        """The values that the symbols of `value_of` stand for."""
        return {value_of(stage, player): value for stage, own in self.values.items() for player, value in own.items()}


def value_of(stage: str, player: str) -> sp.Symbol:
    """The symbol for what a stage is worth to a player."""
    return sp.Symbol(f"value of {player} in {stage}", real=True)


def ask(player: str, moves: Mapping[str, Node]) -> Decision:
    """A decision; the moves by name, the first is taken when indifferent."""
    return Decision(player, tuple(moves.items()))


def bounds(*at_least_zero: sp.Expr) -> Conditions:
    """The conditions that expressions are not negative."""
    return tuple((e, GE) for e in at_least_zero)


def written_stages(writer: Writer, staged: Staged) -> dict[str, Any]:
    """The stages, as the verifier reads them."""
    stages = {name: _written_stage(writer, stage, (name,)) for name, stage in staged.stages.items()}
    names = {stage: {p: writer.variable(value_of(stage, p)) for p in staged.players} for stage in staged.stages}
    return {"stages": stages, "values": names, "start": staged.start, "drift": [], "now": []}


def _written_stage(writer: Writer, stage: Stage, history: History) -> dict[str, Any]:
    if not isinstance(stage, Proposal):
        return written_tree(writer, stage, history)
    return {"place": show(history), "player": stage.player, "shares": {key: writer.variable(symbol) for key, symbol in stage.shares.items()},
            "inside": writer.conditions(stage.inside), "answer": _written_stage(writer, stage.answer, (*history, "answer"))}


def written_play(writer: Writer, staged: Staged) -> dict[str, Any]:
    """Values, measures, choices, and the answers to every proposal by pieces."""
    strategies: dict[str, dict[str, Any]] = {player: {} for player in staged.players}
    pieces: dict[str, Any] = {}
    for name, stage in staged.stages.items():
        if isinstance(stage, Proposal):
            for place, proposal in _proposals(stage, (name,)):
                pieces[place] = list(_replies(writer, staged, place, proposal))
                strategies[proposal.player][place] = writer.table(staged.choices[proposal.player, place])
        else:
            for (player, place), rule in _settled(stage, name, staged).items():
                strategies[player][place] = writer.table(rule)
    return {"strategies": strategies, "pieces": pieces, "values": {name: writer.table(own) for name, own in staged.values.items()},
            "measures": {name: writer.expression(staged.measures.get(name, 1)) for name in staged.stages}}


def _proposals(stage: Stage, history: History) -> Iterator[tuple[str, Proposal]]:
    """A proposal and those that answer it, by place."""
    while isinstance(stage, Proposal):
        yield show(history), stage
        stage, history = stage.answer, (*history, "answer")


def _replies(writer: Writer, staged: Staged, place: str, proposal: Proposal) -> Iterator[dict[str, Any]]:
    """The pieces of what may be proposed, with the replies there; a proposal that follows is the reply everywhere."""
    if isinstance(proposal.answer, Proposal):
        yield {"atoms": [], "strategies": {}}
        return
    for cell, rules, _ in _limited(answers(proposal.answer, (place, "answer"), staged.known), place):
        if _meets(cell, proposal.inside):
            yield {"atoms": writer.cell(cell), "strategies": _by_player(writer, rules)}


def _meets(cell: Cell, inside: Conditions) -> bool:
    """Whether some piece may be proposed, as far as single conditions tell."""
    for body, mask in inside if cell.atoms else ():
        cell = cell.where(body, mask)
    return not cell.trivially_empty


def _by_player(writer: Writer, rules: Rules) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for (player, place), rule in rules.items():
        found.setdefault(player, {})[place] = writer.table(rule)
    return found


def _limited(found: Iterator[tuple[Cell, Rules, Payoffs]], place: str) -> Iterator[tuple[Cell, Rules, Payoffs]]:
    for number, each in enumerate(found):
        if number == _PIECES:
            raise NotApplicable(f"no portable certificate: more than {_PIECES} patterns of answers", place=place, remedy=REMEDY)
        yield each


def _settled(stage: Node, name: str, staged: Staged) -> Rules:
    """What is chosen in a stage without a proposal: as `choices` say, otherwise going backwards, which must not depend on parameters."""
    places = set(_movers(stage, (name,)))
    if places <= set(staged.choices):
        return {key: rule for key, rule in staged.choices.items() if key in places}
    found = list(answers(stage, (name,), staged.known))
    if len(found) != 1:
        raise NotApplicable("no portable certificate: who chooses what depends on parameters", place=name, remedy=REMEDY)
    return found[0][1]


def _movers(node: Node, history: History) -> Iterator[tuple[str, str]]:
    """Who moves where: at an information set, or at a history."""
    if isinstance(node, Decision):
        yield node.player, at(node, history)
    if isinstance(node, Simultaneous):
        yield from ((player, show(history)) for player in node.players)
    if not isinstance(node, Terminal):
        for name, child in node.moves:
            yield from _movers(child, (*history, name))


def answers(node: Node, history: History, known: Mapping[sp.Symbol, sp.Expr]) -> Iterator[tuple[Cell, Rules, Payoffs]]:
    """Where which replies are optimal from a node on, and what they pay; of equally good actions the first is taken."""
    if isinstance(node, Terminal):
        yield Cell(), {}, {player: value.xreplace(dict(known)) for player, value in node.payoffs.items()}
        return
    if isinstance(node, Offer | Simultaneous | Bargain):
        raise NotApplicable("no portable certificate: only decisions and chance moves may follow here", place=show(history), remedy=REMEDY)
    names = [name for name, _ in node.moves]
    for below in product(*(list(answers(child, (*history, name), known)) for name, child in node.moves)):
        where, rules = Cell(), Rules()
        for cell, own, _ in below:
            where, rules = where & cell, {**rules, **own}
        if where.trivially_empty:
            continue
        paid = [own for _, _, own in below]
        if isinstance(node, Chance):
            weights = [weight for _, weight, _ in node.draws]
            yield where, rules, {p: sp.Add(*(w * own[p] for w, own in zip(weights, paid, strict=True))) for p in paid[0]}
            continue
        for k, name in enumerate(names):
            cell = where
            for j in range(len(names)):
                if j != k:
                    cell = cell.where(paid[k][node.player] - paid[j][node.player], GE if k < j else GT)
            if not cell.trivially_empty:
                yield cell, {**rules, (node.player, show(history)): {other: sp.Integer(other == name) for other in names}}, paid[k]
