"""The short form of strategies: ``hold; resist; press``, mixtures, proposals and acceptance rules."""

from collections.abc import Iterator, Mapping
from typing import Any

import sympy as sp

from bargain.games import Decision, Game, Offer
from bargain.games.nodes import show
from bargain.solution import Equilibrium
from bargain.tables.conditions import relation
from bargain.tables.mathematics import tidy
from bargain.tables.table import Phrase

SHORT = 8  # with more decision points than this, the profile column gives the path of play


def readable(action: str) -> str:
    """An action as words: underscores become spaces.

    >>> readable("back_down")
    'back down'
    """
    return action.replace("_", " ").strip() or action


def points(game: Any) -> dict[str, Any]:
    """The decision points of a game by the name that strategies use, in the order of the tree."""
    found: dict[str, Any] = {}
    if isinstance(game, Game):
        for history, node in game.nodes():
            name = getattr(node, "information_set", "") or show(history)
            if name not in found:
                found[name] = node
    return found


def profile(problem: Any, equilibrium: Equilibrium, point: Mapping[sp.Symbol, sp.Expr] | None = None) -> Phrase:
    """All strategies in one line, in the order of the tree; the path of play if there are many."""
    known = points(problem)
    listed = [(name, player, actions) for player, nodes in equilibrium.strategies.items() for name, actions in nodes.items() if actions]
    if len(listed) > SHORT and equilibrium.path:
        return Phrase.of("on the path: " + ", ".join(map(readable, equilibrium.path)))
    place = {name: index for index, name in enumerate(known)}
    listed.sort(key=lambda item: place.get(item[0], len(place)))
    return Phrase.join("; ", (_choice(name, player, actions, known.get(name), equilibrium, point or {}) for name, player, actions in listed))


def _choice(name: str, player: str, actions: Mapping[str, sp.Expr], node: Any, equilibrium: Equilibrium,
            point: Mapping[sp.Symbol, sp.Expr]) -> Phrase:
    if isinstance(node, Offer):
        return _proposal(node, actions, equilibrium, point)
    if any(isinstance(value, sp.Piecewise) for value in actions.values()):
        return _rule(actions)
    if node is None and len(actions) == 1 and name:
        action, value = next(iter(actions.items()))
        subject = f"{player} {readable(name)}: "
        return Phrase.of(subject + readable(action)) if value == 1 else Phrase.of(subject, sp.Symbol(action), " = ", tidy(value, point))
    return mixture(actions, accept_all=isinstance(node, Decision))


def mixture(actions: Mapping[str, sp.Expr], *, accept_all: bool = True) -> Phrase:
    """A mixed action; a pure one is only named.

    >>> from bargain.tables.mathematics import TEXT
    >>> from bargain.tables.table import render
    >>> render(mixture({"up": sp.Rational(1, 3), "down": sp.Rational(2, 3), "out": sp.Integer(0)}), TEXT)
    '1/3 up + 2/3 down'
    """
    played = [(action, value) for action, value in actions.items() if value != 0]
    if len(played) == 1 and played[0][1] == 1:
        return Phrase.of(readable(played[0][0]))
    return Phrase.join(" + ", (Phrase.of(_weight(value), "", " " + readable(action)) for action, value in played))


def _weight(value: Any) -> Any:
    return Phrase.of("(", value, ")") if isinstance(value, sp.Add) else value


def _proposal(node: Offer, actions: Mapping[str, sp.Expr], equilibrium: Equilibrium, point: Mapping[sp.Symbol, sp.Expr]) -> Phrase:
    """The value proposed: given by the strategy itself, or as the quantity that carries the share's name."""
    share = str(node.share)
    named = equilibrium.quantities.get(share)
    values = list(actions.items())
    if len(values) == 1 and values[0][0] in (share, f"offer {share}"):
        value = values[0][1] if named is None or values[0][1] != 1 else named
        return Phrase.of(node.share, " = ", tidy(sp.sympify(value), point))
    return mixture(actions)


def _rule(actions: Mapping[str, sp.Expr]) -> Phrase:
    """An answer that depends on the offer: ``accept iff x <= 1 - w_B``."""
    action, value = next((a, v) for a, v in actions.items() if isinstance(v, sp.Piecewise))
    certain = [when for chance, when in value.args if chance == 1]
    if len(certain) == 1 and certain[0] != sp.true and all(chance in (0, 1) for chance, _ in value.args):
        if value.args[0][0] == 1 and len(value.args) == 2:
            return Phrase.of(readable(action) + " iff ", *_when(certain[0]))
        if value.args[0][0] == 0 and len(value.args) == 1:
            return Phrase.of("never " + readable(action))
    cases = (Phrase.of(chance, *((" otherwise",) if when == sp.true else (" if ", *_when(when)))) for chance, when in value.args)
    return Phrase.of(readable(action) + " with probability ", *Phrase.join(", ", cases).parts)


def _when(condition: Any) -> Iterator[Any]:
    """A logical condition as words and relations."""
    if isinstance(condition, sp.And | sp.Or):
        word = " and " if isinstance(condition, sp.And) else " or "
        for index, part in enumerate(sorted(condition.args, key=sp.default_sort_key)):
            if index:
                yield word
            yield from _when(part)
    else:
        yield relation_value(condition)


def relation_value(condition: Any) -> Any:
    """A relation with the variable on the left, as it is read."""
    turned = getattr(condition, "reversed", condition)
    chain = relation(condition) if getattr(condition, "is_Relational", False) else None
    return turned if chain is not None and not chain.terms[0].is_Symbol and chain.terms[1].is_Symbol else condition
