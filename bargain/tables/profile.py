"""The short form of strategies: ``hold; resist; press``, mixtures, proposals and acceptance rules."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import sympy as sp

from bargain.errors import BadInput
from bargain.expressions import parse
from bargain.games import AlternatingOffers, Game, Offer
from bargain.games.nodes import show
from bargain.notation import Notation
from bargain.solution import Equilibrium
from bargain.tables.mathematics import tidy, typical_point
from bargain.tables.table import Phrase

_NO_PARAMETERS = Notation()
SHORT = 8  # with more decision points than this, the profile column gives the path of play
_EQUATION = re.compile(r"\b(\w+) = ([^;,=]+?)(?=$|[;,]| \((?=[a-z_ ]+\)))")
_RANGE = re.compile(r"(\w+) in \[(.+), (.+)\]")
_SLOT = re.compile(r"(propose|respond)\[(.*)\]")
_CAPITAL = re.compile(r"(?<=[a-z])[A-Z](?=[a-z])")
_STEP = re.compile(r"(\{| \| |\}|/(?![\d(]))")  # a slash before a digit or a bracket divides


def readable(action: str) -> str:
    """An action as words: underscores become spaces, and capitals inside it begin a word.

    >>> readable("back_down"), readable("TalksFirst")
    ('back down', 'Talks first')
    """
    return _CAPITAL.sub(lambda found: " " + found[0].lower(), action.replace("_", " ")).strip() or action


def described(action: str, notation: Notation) -> Phrase:
    """An action as words and formulas: what stands after ``name =`` is read as a formula where it is one."""
    interval = _RANGE.fullmatch(action)
    if interval:
        return Phrase.of("any ", sp.Symbol(interval[1]), " in [", _read(interval[2], notation), ", ", _read(interval[3], notation), "]")
    parts: list[Any] = []
    start = 0
    for match in _EQUATION.finditer(action):
        parts += [readable(action[start : match.start()]) + " " if action[start : match.start()].strip() else "",
                  sp.Symbol(match[1]), " = ", _read(match[2], notation)]
        start = match.end()
    rest = action[start:]
    return Phrase(tuple(part for part in (*parts, _CAPITAL.sub(lambda found: " " + found[0].lower(), rest.replace("_", " "))) if part != ""))


def played(outcome: str, notation: Notation) -> Phrase:
    """A play as words: its moves in order, and where it parts what comes in each case.

    >>> from bargain.tables.mathematics import TEXT
    >>> from bargain.tables.table import render
    >>> render(played("attack/{able/fight_back | unable}", _NO_PARAMETERS), TEXT), render(played("Wait,Build/agree on y = -7/67", _NO_PARAMETERS), TEXT)
    ('attack, then (able, fight back; or unable)', '(Wait, Build), agree on y = -7/67')
    """
    return Phrase(tuple(_sequence([token for token in _STEP.split(outcome) if token], notation)))


def _sequence(tokens: list[str], notation: Notation) -> Iterator[Any]:
    """Moves and cases up to the end, or up to the bar or brace that ends this case."""
    first = True
    while tokens and tokens[0] not in (" | ", "}"):
        token = tokens.pop(0)
        if token == "{":
            yield from ("then (" if first else ", then (", *_parted(tokens, notation), ")")
        elif token != "/":
            yield from ("" if first else ", ", *_step(token, notation).parts)
        first = False


def _parted(tokens: list[str], notation: Notation) -> Iterator[Any]:
    """The cases between two braces."""
    cases = [tuple(_sequence(tokens, notation))]
    while tokens and tokens.pop(0) == " | ":
        cases.append(tuple(_sequence(tokens, notation)))
    between = "; or " if any(", " in case or ", then (" in case for case in cases) else " or "
    for place, case in enumerate(cases):
        yield from ((between, *case) if place else case)


def _step(move: str, notation: Notation) -> Phrase:
    """One move; those made at once in brackets."""
    at_once = "," in move and ", " not in move and " = " not in move
    return Phrase.of("(", readable(move.replace(",", ", ")), ")") if at_once else described(move, notation)


def _read(text: str, notation: Notation) -> Any:
    """The formula in a piece of text, or the text."""
    try:
        return tidy(parse(text, notation.names), typical_point(notation))
    except BadInput:
        return readable(text)


def profile(problem: Any, equilibrium: Equilibrium) -> Phrase:
    """All strategies in one line, in the order of the tree, those at named information sets with the name; the path of play if there are many."""
    known = _points(problem)
    listed = [(name, player, actions) for player, nodes in equilibrium.strategies.items() for name, actions in nodes.items() if actions]
    if len(listed) > SHORT and equilibrium.path:
        path = played("/".join(equilibrium.path), problem.notation)
        return Phrase.of("on the path: ", *path.parts)
    place = {name: index for index, name in enumerate(known)}
    listed.sort(key=lambda item: (place.get(item[0], len(place)), item[0].startswith("respond[")))
    return Phrase.join("; ", (_choice(problem, equilibrium, item, known.get(item[0])) for item in listed))


def _points(game: Any) -> dict[str, Any]:
    """The nodes of a game by the name that strategies use, in the order of the tree."""
    found: dict[str, Any] = {}
    for history, node in game.nodes() if isinstance(game, Game) else ():
        found.setdefault(getattr(node, "information_set", "") or show(history), node)
    return found


def _choice(problem: Any, equilibrium: Equilibrium, item: tuple[str, str, Mapping[str, sp.Expr]], node: Any) -> Phrase:
    name, player, actions = item
    slot = _SLOT.fullmatch(name)
    if slot and isinstance(problem, AlternatingOffers):
        where = f" ({readable(slot[2])})" if len(problem.states) > 1 else ""
        return Phrase.of(f"{player}{where}: ", *_move(problem, equilibrium, actions, _agreed(equilibrium, problem, player, slot[2])).parts)
    move = _move(problem, equilibrium, actions, _proposed(equilibrium, problem, node))
    return Phrase.of(f"{readable(name)}: ", *move.parts) if getattr(node, "information_set", "") else move


def _move(problem: Any, equilibrium: Equilibrium, actions: Mapping[str, sp.Expr], proposal: Phrase | None) -> Phrase:
    if any(isinstance(value, sp.Piecewise) for value in actions.values()):
        return _rule(actions, problem.notation)
    if proposal is not None and len(actions) == 1 and " = " in next(iter(actions)):
        return proposal
    return mixture(actions, problem.notation)


def _agreed(equilibrium: Equilibrium, table: AlternatingOffers, player: str, state: str) -> Phrase | None:
    """The share a side proposes in a state, from the named numbers of the equilibrium."""
    name = f"{table.share}_{player}" if state == table.states[0].name else f"{table.share}_{player}[{state}]"
    return _equals(table.share, equilibrium.quantities.get(name), table.notation)


def _proposed(equilibrium: Equilibrium, game: Any, node: Any) -> Phrase | None:
    """The share proposed at a node, if it is the only offer of that share in the game."""
    if not isinstance(node, Offer):
        return None
    offers = [other for _, other in game.nodes() if isinstance(other, Offer) and other.share == node.share]
    return _equals(node.share, equilibrium.quantities.get(str(node.share)), game.notation) if len(offers) == 1 else None


def _equals(share: sp.Symbol, value: Any, notation: Notation) -> Phrase | None:
    return None if value is None else Phrase.of(share, " = ", tidy(sp.sympify(value, strict=True), typical_point(notation)))


def mixture(actions: Mapping[str, sp.Expr], notation: Notation = _NO_PARAMETERS) -> Phrase:
    """A mixed action; a pure one is only named.

    >>> from bargain.tables.mathematics import TEXT
    >>> from bargain.tables.table import render
    >>> render(mixture({"up": sp.Rational(1, 3), "down": sp.Rational(2, 3), "out": sp.Integer(0)}), TEXT)
    '1/3 up + 2/3 down'
    """
    played = [(action, value) for action, value in actions.items() if value != 0]
    if len(played) == 1 and played[0][1] == 1:
        return described(played[0][0], notation)
    return Phrase.join(" + ", (Phrase.of(*_weight(value, notation), " ", *described(action, notation).parts) for action, value in played))


def _weight(value: Any, notation: Notation) -> tuple[Any, ...]:
    value = tidy(value, typical_point(notation)) if isinstance(value, sp.Expr) else value
    return ("(", value, ")") if isinstance(value, sp.Add) else (value,)


def _rule(actions: Mapping[str, sp.Expr], notation: Notation) -> Phrase:
    """An answer that depends on the offer: ``accept iff x <= 1 - w_B``."""
    action, value = next((a, v) for a, v in actions.items() if isinstance(v, sp.Piecewise))
    (first, when), *others = value.args
    if first == 1 and len(others) == 1 and others[0] == (sp.Integer(0), sp.true):
        return Phrase.of(readable(action) + " iff ", *_when(when, notation))
    if first == 0 and len(others) == 1 and others[0] == (sp.Integer(1), sp.true):
        return Phrase.of(readable(action) + " iff ", *_when(sp.Not(when), notation))
    cases = (Phrase.of(chance, *((" otherwise",) if test == sp.true else (" if ", *_when(test, notation)))) for chance, test in value.args)
    return Phrase.of(readable(action) + " with probability ", *Phrase.join(", ", cases).parts)


def _when(condition: Any, notation: Notation) -> Iterator[Any]:
    """A logical condition as words and relations, the variable on the left."""
    if isinstance(condition, sp.And | sp.Or):
        word = " and " if isinstance(condition, sp.And) else " or "
        for index, part in enumerate(sorted(condition.args, key=sp.default_sort_key)):
            if index:
                yield word
            yield from _when(part, notation)
    elif getattr(condition, "is_Relational", False):
        turned = condition.reversed if condition.rhs.is_Symbol and not condition.lhs.is_Symbol else condition
        point = typical_point(notation)
        yield turned.func(tidy(turned.lhs, point), tidy(turned.rhs, point), evaluate=False)
    else:
        yield condition
