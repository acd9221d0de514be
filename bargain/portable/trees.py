"""Trees and the strategies played in them: offers by pieces of their interval, with the value of every offer."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import sympy as sp

from bargain.certify.share_rules import reply_at
from bargain.certify.subgame_perfect import found_at
from bargain.errors import NotApplicable
from bargain.games.game import Game
from bargain.games.information import place
from bargain.games.nodes import Chance, Decision, History, Node, Offer, Simultaneous, Terminal, show
from bargain.portable.refusals import REMEDY
from bargain.portable.writer import Writer
from bargain.regions.cells import Cell
from bargain.solution import Equilibrium

Rules = dict[tuple[str, str], Mapping[str, sp.Expr]]  # (player, place) -> action -> probability, a function of shares
_CUTS = 6  # comparisons of one share that the answers to it make


def written_tree(writer: Writer, node: Node, history: History) -> dict[str, Any]:
    """A tree as nested objects, by node."""
    if isinstance(node, Terminal):
        return {"payoffs": writer.table(node.payoffs)}
    after = [[[name], written_tree(writer, child, (*history, name))] for name, child in node.moves]
    if isinstance(node, Offer):
        return {"place": show(history), "player": node.player, "shares": {"share": writer.variable(node.share)},
                "inside": writer.interval(node.share, node.between), "answer": after[0][1]}
    if isinstance(node, Chance):
        chances = {name: writer.expression(p) for name, p, _ in node.draws}
        return {"place": show(history), "players": ["nature"], "actions": [list(chances)], "chances": chances, "after": after}
    if isinstance(node, Decision):
        return {"place": place(node, history), "players": [node.player], "actions": [[name for name, _ in node.moves]], "after": after}
    assert isinstance(node, Simultaneous)
    cells = [[list(cell), written_tree(writer, child, (*history, ",".join(cell)))] for cell, child in node.cells.items()]
    return {"place": show(history), "players": list(node.players), "actions": [list(names) for names in node.actions], "after": cells}


def written_plan(writer: Writer, game: Game, e: Equilibrium) -> dict[str, Any]:
    """Strategies (zeros written out), the answers to every offer by pieces, and the values of offers."""
    rules = _rules(game, game.root, (), e)
    values: dict[str, Any] = {}
    pieces: dict[str, Any] = {}
    answers: set[tuple[str, str]] = set()
    strategies: dict[str, dict[str, Any]] = {player: {} for player in game.players}
    for history, node in game.nodes():
        if isinstance(node, Offer):
            values[show(history)] = writer.table(_value(game, node, history, e, rules))
            pieces[show(history)] = list(_pieces(writer, game, node, history, e))
            strategies[node.player][show(history)] = {"share": writer.expression(_proposal(node, history, e))}
            answers |= set(_rules(game, node.answer, (*history, f"offer {node.share}"), e))
    for (player, where), rule in rules.items():
        if (player, where) not in answers:
            strategies[player][where] = writer.table(rule)
    return {"strategies": strategies, "values": values, "pieces": pieces}


def _rules(game: Game, start: Node, history: History, e: Equilibrium) -> Rules:
    """The rule of every mover at and below a node, zeros written out."""
    found: Rules = {}
    for here, node in game.nodes():
        if here[: len(history)] != history:
            continue
        if isinstance(node, Decision):
            own = e.strategies[node.player][place(node, here)]
            found[node.player, place(node, here)] = {name: own.get(name, sp.Integer(0)) for name, _ in node.moves}
        elif isinstance(node, Simultaneous):
            for player, names in zip(node.players, node.actions, strict=True):
                found[player, show(here)] = {name: e.strategies[player][show(here)].get(name, sp.Integer(0)) for name in names}
    return found


def _proposal(node: Offer, history: History, e: Equilibrium) -> sp.Expr:
    """The share proposed; the lower end where every share of an interval is as good."""
    told = found_at(e, show(history))
    return told.get(str(node.share), told.get(f"{node.share}_low"))


def _pieces(writer: Writer, game: Game, node: Offer, history: History, e: Equilibrium) -> Iterator[dict[str, Any]]:
    """The cells of the share on which every answer to it is constant."""
    rules = _rules(game, node.answer, (*history, f"offer {node.share}"), e)
    cuts = list(dict.fromkeys(condition for rule in rules.values() for weight in rule.values() if isinstance(weight, sp.Piecewise)
                              for _, condition in weight.args if condition not in (True, sp.true) and node.share in condition.free_symbols))
    if len(cuts) > _CUTS:
        raise NotApplicable(f"no portable certificate: the answers to {node.share} make {len(cuts)} comparisons", place=show(history), remedy=REMEDY)
    for truth in product((True, False), repeat=len(cuts)):
        known = dict(zip(cuts, truth, strict=True))
        strategies: dict[str, dict[str, Any]] = {}
        for (player, where), rule in rules.items():
            constant = {name: _settled(weight, known) for name, weight in rule.items()}
            if not any(isinstance(weight, sp.Piecewise) for weight in constant.values()):
                strategies.setdefault(player, {})[where] = writer.table(constant)
        cell = Cell.of(*(cut if true else cut.negated for cut, true in known.items()))
        if not cell.trivially_empty:
            yield {"atoms": writer.cell(cell), "strategies": strategies}


def _depends(rule: Mapping[str, sp.Expr], share: sp.Symbol) -> bool:
    return any(share in condition.free_symbols for weight in rule.values() if isinstance(weight, sp.Piecewise) for _, condition in weight.args)


def _settled(weight: sp.Expr, known: Mapping[Any, bool]) -> sp.Expr:
    if not isinstance(weight, sp.Piecewise):
        return weight
    for value, condition in weight.args:
        if condition in (True, sp.true) or known.get(condition):
            return value
        if condition not in known:
            return weight
    return weight


def _value(game: Game, node: Node, history: History, e: Equilibrium, rules: Rules) -> Mapping[str, sp.Expr]:
    """What the strategies pay from a node on, every share put at what is proposed."""
    if isinstance(node, Terminal):
        return node.payoffs
    if isinstance(node, Offer):
        share = _proposal(node, history, e)
        met: Rules = {key: reply_at(rule, node.share, share) if _depends(rule, node.share) else rule for key, rule in rules.items()}
        paid = _value(game, node.answer, (*history, f"offer {node.share}"), e, met)
        return {p: sp.cancel(value.subs(node.share, share)) for p, value in paid.items()}
    total = dict.fromkeys(game.players, sp.Integer(0))
    for name, child in node.moves:
        if isinstance(node, Chance):
            weight = next(p for drawn, p, _ in node.draws if drawn == name)
        elif isinstance(node, Decision):
            weight = rules[node.player, place(node, history)][name]
        else:
            assert isinstance(node, Simultaneous)
            cell = next(cell for cell in node.cells if ",".join(cell) == name)
            weight = sp.Mul(*(rules[p, show(history)][a] for p, a in zip(node.players, cell, strict=True)))
        if weight != 0:
            paid = _value(game, child, (*history, name), e, rules)
            total = {p: total[p] + weight * paid[p] for p in game.players}
    return {p: sp.cancel(value) for p, value in total.items()}
