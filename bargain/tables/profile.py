"""The short form of strategies: ``hold; resist; press``, mixtures, proposals and acceptance rules."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sympy as sp

from bargain.errors import BadInput
from bargain.expressions import parse
from bargain.games import AlternatingOffers, Game, Offer
from bargain.games.disturbed import DisturbedGame
from bargain.games.nodes import show
from bargain.notation import Notation
from bargain.solution import Equilibrium
from bargain.tables.mathematics import tidy, typical_point
from bargain.tables.table import Phrase

_NO_PARAMETERS = Notation()
SHORT = 8  # with more decision points than this, the profile column gives the path of play
_EQUATION = re.compile(r"\b(\w+) = ([^;,=]+?)(?=$|[;,]| \((?=[a-z_ ]+\)))")
_RANGE = re.compile(r"(\w+) in \[(.+), (.+)\]")
_OFFER = re.compile(r"offer (\w+)")  # the move of a proposer in a history
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
    """An action as words and formulas: what stands after ``name =`` is read as a formula where it is one; what is offered is a symbol."""
    offered = _OFFER.fullmatch(action)
    if offered:
        return Phrase.of("offer ", sp.Symbol(offered[1]))
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
    return Phrase(tuple(_sequence(_tokens(outcome), notation)))


def _tokens(path: str) -> list[str]:
    return [token for token in _STEP.split(path) if token]


def _visited(tokens: list[str], before: tuple[str, ...] = ()) -> Iterator[str]:
    """The names of the nodes on a path that may fork.

    >>> list(_visited(_tokens("resist/{win | lose/{x | y}}")))
    ['(start)', 'resist', 'resist/win', 'resist/lose', 'resist/lose/x', 'resist/lose/y']
    """
    if not before:
        yield "(start)"
    while tokens and tokens[0] not in (" | ", "}"):
        token = tokens.pop(0)
        if token == "{":
            yield from _visited(tokens, before)
            while tokens and tokens.pop(0) == " | ":
                yield from _visited(tokens, before)
        elif token != "/":
            before = (*before, token)
            yield "/".join(before)


def _mixed(listed: Sequence[tuple[str, str, Mapping[str, sp.Expr]]], notation: Notation) -> Iterator[Phrase]:
    """What is mixed, by node."""
    by: dict[str, list[Phrase]] = {}
    for name, player, actions in listed:
        by.setdefault(name, []).append(Phrase.of(f"{player} ", *mixture(actions, notation).parts))
    for name, found in by.items():
        where = "at the start" if name == "(start)" else Phrase.of("after ", *played(name, notation).parts)
        yield Phrase.of(*Phrase.join("", ("mixed ", where, ": ")).parts, *Phrase.join(", ", found).parts)


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
        visited = set(_visited(_tokens("/".join(equilibrium.path))))
        mixed = [item for item in listed if item[0] in visited and sum(value != 0 for value in item[2].values()) > 1]
        return Phrase.join("; ", (Phrase.of("on the path: ", *path.parts), *_mixed(mixed, problem.notation)))
    place = {name: index for index, name in enumerate(known)}
    listed.sort(key=lambda item: (place.get(item[0], len(place)), item[0].startswith("respond[")))
    named = any(getattr(known.get(name), "information_set", "") for name, _, _ in listed)
    return Phrase.join("; ", (_choice(problem, equilibrium, item, known.get(item[0]), named) for item in listed))


def _points(game: Any) -> dict[str, Any]:
    """The nodes of a game, with or without private costs, by the name that strategies use, in the order of the tree."""
    found: dict[str, Any] = {}
    for history, node in game.nodes() if isinstance(game, Game | DisturbedGame) else ():
        found.setdefault(getattr(node, "information_set", "") or show(history), node)
    return found


def _choice(problem: Any, equilibrium: Equilibrium, item: tuple[str, str, Mapping[str, sp.Expr]], node: Any, named: bool) -> Phrase:
    """What is done at one point; named: with the name of the point, as where some information sets have names."""
    name, player, actions = item
    slot = _SLOT.fullmatch(name)
    if slot and isinstance(problem, AlternatingOffers):
        where = f" ({readable(slot[2])})" if len(problem.states) > 1 else ""
        return Phrase.of(f"{player}{where}: ", *_move(problem, equilibrium, actions, _agreed(equilibrium, problem, player, slot[2])).parts)
    move = _move(problem, equilibrium, actions, _proposed(equilibrium, problem, node))
    return Phrase.of(f"{readable(name.strip('()').replace('/', ', '))}: ", *move.parts) if named else move


def _move(problem: Any, equilibrium: Equilibrium, actions: Mapping[str, sp.Expr], proposal: Phrase | None) -> Phrase:
    if any(isinstance(value, sp.Piecewise) for value in actions.values()):
        return _rule(actions, problem.notation)
    if proposal is not None and len(actions) == 1 and " = " in next(iter(actions)):
        return proposal
    return _one_of_two(actions, problem.notation) or mixture(actions, problem.notation)


def _one_of_two(actions: Mapping[str, sp.Expr], notation: Notation) -> Phrase | None:
    """A choice between two actions with probabilities that are formulas: the shorter one is stated."""
    played = [(action, value) for action, value in actions.items() if value != 0]
    if len(played) != 2 or not all(value.free_symbols for _, value in played):
        return None
    point = typical_point(notation)
    (action, chance), (other, _) = sorted(((action, _unsigned(tidy(value, point))) for action, value in played), key=lambda one: len(str(one[1])))
    return Phrase.of(*described(action, notation).parts, " with probability ", chance, ", else ", *described(other, notation).parts)


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
    value = _unsigned(tidy(value, typical_point(notation))) if isinstance(value, sp.Expr) else value
    return ("(", value, ")") if isinstance(value, sp.Add) else (value,)


def _unsigned(weight: sp.Expr) -> sp.Expr:
    """A probability without a sign before it: the sign goes into its longest factor that is a sum.

    >>> p, q = sp.symbols("p q")
    >>> _unsigned(-(p - q) * (p + q - 1) / q)
    (-p + q)*(p + q - 1)/q
    """
    number, rest = weight.as_coeff_Mul()
    sums = [factor for factor in sp.Mul.make_args(rest) if factor.is_Add]
    if not number.is_negative or not sums:
        return weight
    longest = max(sums, key=lambda factor: len(factor.args))
    return sp.Mul(-number, -longest, *(factor for factor in sp.Mul.make_args(rest) if factor is not longest))


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
        known = set(notation.symbols)
        offered = condition.rhs.is_Symbol and (not condition.lhs.is_Symbol or condition.lhs in known and condition.rhs not in known)
        turned = condition.reversed if offered else condition
        point = typical_point(notation)
        yield turned.func(tidy(turned.lhs, point), tidy(turned.rhs, point), evaluate=False)
    else:
        yield condition
