"""Builders: nested expressions shaped like the tree.

>>> threat = decision("C", press=payoffs(C="-1/5", D=-1), back_down=payoffs(C=-1, D=0))
>>> threat.player, [name for name, _ in threat.moves]
('C', ['press', 'back_down'])
"""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any, cast

import sympy as sp

from bargain.errors import InvalidModel
from bargain.expressions import exact
from bargain.games.alternating import AlternatingOffers
from bargain.games.nodes import Bargain, Chance, Decision, Node, Offer, Simultaneous, Terminal


def payoffs(by_player: Mapping[str, Any] | None = None, /, *, label: str = "", **more: Any) -> Terminal:
    """An end node; payoffs by player, as a mapping or as keywords. `label` names the outcome."""
    given = {**(by_player or {}), **more}
    return Terminal({player: exact(value) for player, value in given.items()}, label)


def decision(player: str, moves: Mapping[str, Node] | None = None, /, *, information_set: str = "", **more: Node) -> Decision:
    """A decision of `player`; moves as a mapping (any names) or as keywords."""
    return Decision(player, _moves(f"decision of {player}", {**(moves or {}), **more}), information_set)


def chance(draws: Mapping[str, tuple[Any, Node]] | None = None, /, **more: tuple[Any, Node]) -> Chance:
    """A move of nature: ``name=(probability, node)``."""
    given = {**(draws or {}), **more}
    for name, pair in given.items():
        if not (isinstance(pair, tuple) and len(pair) == 2):
            raise InvalidModel("a draw is a pair (probability, node)", place=f"chance move {name!r}", remedy="write name=(probability, node)")
    moves = _moves("chance node", {name: node for name, (_, node) in given.items()})
    return Chance(tuple((name, exact(given[name][0]), node) for name, node in moves))


def offer(player: str, share: sp.Symbol, *, between: tuple[Any, Any], answer: Decision) -> Offer:
    """`player` proposes a value of `share` within the closed interval `between`; `answer` is the reply."""
    if not isinstance(answer, Decision):
        raise InvalidModel("an offer is answered by a decision node", place=f"offer {share}", remedy="give answer=decision(...)")
    low, high = between
    return Offer(player, share, (exact(low), exact(high)), answer)


def simultaneous(actions: Mapping[str, Sequence[str]], cells: Mapping[tuple[str, ...], Node]) -> Simultaneous:
    """Players move at once: actions by player, and the node that follows each combination of actions."""
    wanted = list(product(*actions.values()))
    missing = [cell for cell in wanted if cell not in cells]
    extra = [cell for cell in cells if cell not in set(wanted)]
    if missing or extra:
        cell = (missing or extra)[0]
        raise InvalidModel(f"cell {cell} is {'missing' if missing else 'not a combination of actions'}", place="simultaneous node",
                           remedy="give exactly one node per combination of actions")
    return Simultaneous(tuple(actions), tuple(tuple(names) for names in actions.values()), {cell: cells[cell] for cell in wanted})


def bargain_node(table: AlternatingOffers, *, spectators: Mapping[str, Any] | None = None,
                 outside: Mapping[str, Node] | None = None) -> Bargain:
    """An alternating-offers table as a node; see `Bargain`."""
    watching = {player: exact(value) for player, value in (spectators or {}).items()}
    return Bargain(table, watching, dict(outside or {}))


def _moves(place: str, moves: Mapping[str, Any]) -> tuple[tuple[str, Node], ...]:
    if not moves:
        raise InvalidModel("no moves", place=place, remedy="name at least one")
    for name, node in moves.items():
        if not isinstance(name, str) or not name or "/" in name:
            raise InvalidModel(f"move name {name!r} is empty or contains '/'", place=place, remedy="choose a plain name")
        if not isinstance(node, Terminal | Decision | Chance | Offer | Simultaneous | Bargain):
            raise InvalidModel(f"move {name!r} leads to {type(node).__name__}, not to a node", place=place,
                               remedy="end it with payoffs(...)")
    return tuple(cast(Mapping[str, Node], moves).items())
