"""Information sets of a game tree: who cannot tell which nodes apart, perfect recall, proper subgames.

A decision node without an `information_set` is a set of its own, named after its history. Simultaneous
moves are information sets too, once `successive` has written them as one decision after another.
Source: Kuhn (1953), Contributions to the Theory of Games II; Selten (1975).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bargain.errors import InvalidModel, NotApplicable
from bargain.games.game import Game
from bargain.games.nodes import Bargain, Chance, Decision, History, Node, Offer, Simultaneous, Terminal, show


@dataclass(frozen=True)
class InformationSet:
    """Decision nodes that `player` cannot tell apart, with the actions there; `members` are their histories in tree order."""

    player: str
    name: str
    actions: tuple[str, ...]
    members: tuple[History, ...]


def place(node: Decision, history: History) -> str:
    """The name under which strategies speak of a decision node: its information set, or its history."""
    return node.information_set or show(history)


def information_sets(game: Game) -> tuple[InformationSet, ...]:
    """Every information set in the order in which play can meet them (first member first, parents before children).

    >>> from bargain import Game, decision, payoffs
    >>> reply = lambda u, v: decision("B", L=payoffs(A=u, B=v), R=payoffs(A=v, B=u), information_set="B's")
    >>> [(s.name, len(s.members)) for s in information_sets(Game("pennies", ("A", "B"), (), decision("A", l=reply(1, 0), r=reply(0, 1))))]
    [('(start)', 1), ("B's", 2)]
    """
    first: dict[str, Decision] = {}
    members: dict[str, list[History]] = {}
    for history, node in game.nodes():
        if isinstance(node, Decision):
            name = place(node, history)
            first.setdefault(name, node)
            members.setdefault(name, []).append(history)
    return tuple(InformationSet(node.player, name, tuple(action for action, _ in node.moves), tuple(members[name])) for name, node in first.items())


def own_history(game: Game) -> dict[History, tuple[tuple[str, str], ...]]:
    """For every decision node, what its player did before: the (information set, action) pairs on the way there."""
    return {history: done[node.player] for history, node, done in _with_pasts(game) if isinstance(node, Decision)}


def _with_pasts(game: Game) -> Iterator[tuple[History, Node, dict[str, tuple[tuple[str, str], ...]]]]:
    stack: list[tuple[History, Node, dict[str, tuple[tuple[str, str], ...]]]] = [((), game.root, {player: () for player in game.players})]
    while stack:
        history, node, done = stack.pop()
        yield history, node, done
        if isinstance(node, Terminal):
            continue
        for name, child in reversed(node.moves):
            after = done
            if isinstance(node, Decision):
                after = {**done, node.player: (*done[node.player], (place(node, history), name))}
            stack.append(((*history, name), child, after))


def forgotten(game: Game) -> str | None:
    """Where a player forgets what she did or knew, in words; None with perfect recall.

    Perfect recall: at all nodes of an information set the player has met the same own information
    sets and taken the same actions there, in the same order (Kuhn 1953).
    """
    first: dict[str, tuple[History, tuple[tuple[str, str], ...]]] = {}
    for history, node, done in _with_pasts(game):
        if not isinstance(node, Decision):
            continue
        name, past = place(node, history), done[node.player]
        if any(name == met for met, _ in past):
            return f"{node.player} meets the information set {name!r} twice on one path ({show(history)})"
        seen, before = first.setdefault(name, (history, past))
        if past != before:
            return f"in the information set {name!r} {node.player} came by different own moves: {show(seen)} and {show(history)}"
    return None


def require_recall(game: Game, concept: str) -> None:
    """Refuse a game in which a player forgets."""
    reason = forgotten(game)
    if reason is not None:
        raise NotApplicable(f"imperfect recall: {reason}", place=f"game {game.title!r}",
                            remedy=f"{concept} needs perfect recall; split the information set, or use Nash() on the strategic form")


def subgame_roots(game: Game) -> tuple[History, ...]:
    """The histories at which a subgame starts, the whole game first; end nodes are left out.

    A subgame starts at a chance node, an offer, a table, simultaneous moves or a singleton information
    set, and contains every information set that it meets whole. Linear in the number of nodes.
    """
    order = [(history, node) for history, node in game.nodes()]
    number = {history: k for k, (history, _) in enumerate(order)}
    reach = {s.name: (number[s.members[0]], number[s.members[-1]]) for s in information_sets(game)}
    low, high, last = list(range(len(order))), list(range(len(order))), list(range(len(order)))
    for k in range(len(order) - 1, -1, -1):
        history, node = order[k]
        if isinstance(node, Decision):
            start, stop = reach[place(node, history)]
            low[k], high[k] = min(low[k], start), max(high[k], stop)
        if history:
            above = number[history[:-1]]
            low[above], high[above], last[above] = min(low[above], low[k]), max(high[above], high[k]), max(last[above], last[k])
    return tuple(history for k, (history, node) in enumerate(order) if not isinstance(node, Terminal) and low[k] >= k and high[k] <= last[k]
                 and not (isinstance(node, Decision) and reach[place(node, history)] != (k, k)))


def imperfect(game: Game) -> bool:
    """Whether some information set holds more than one node (stops at the first)."""
    seen: set[str] = set()
    for _, node in game.nodes():
        if isinstance(node, Decision) and node.information_set:
            if node.information_set in seen:
                return True
            seen.add(node.information_set)
    return False


def successive(game: Game) -> Game:
    """The same game with simultaneous moves written as successive decisions that nobody observes.

    A cell (a, b) becomes the history ("a", "b"); the later mover's information set is named
    "<player> at <history>". Outcomes, payoffs and information are unchanged.
    """
    return replace(game, root=_successive(game.root, ()))


def _successive(node: Node, history: History) -> Node:
    if isinstance(node, Decision):
        return replace(node, moves=tuple((name, _successive(child, (*history, name))) for name, child in node.moves))
    if isinstance(node, Chance):
        return Chance(tuple((name, p, _successive(child, (*history, name))) for name, p, child in node.draws))
    if isinstance(node, Simultaneous):
        return _unrolled(node, history, history, ())
    if isinstance(node, Offer | Bargain) and any(isinstance(below, Simultaneous) for _, child in node.moves for _, below in _below(child)):
        raise NotApplicable(f"simultaneous moves below a {type(node).__name__} node", place=f"node {show(history)}", remedy="solve the tree by SubgamePerfect()")
    return node


def _below(node: Node) -> Iterator[tuple[History, Node]]:
    from bargain.games.nodes import walk

    return walk(node)


def _unrolled(node: Simultaneous, start: History, history: History, chosen: tuple[str, ...]) -> Node:
    if len(chosen) == len(node.players):
        return _successive(node.cells[chosen], history)
    player, actions = node.players[len(chosen)], node.actions[len(chosen)]
    moves = tuple((action, _unrolled(node, start, (*history, action), (*chosen, action))) for action in actions)
    return Decision(player, moves, f"{player} at {show(start)}")


def check_information(game: Game) -> None:
    """One player and one list of actions per information set; names that cannot be mistaken for one another."""
    sets: dict[str, tuple[str, tuple[str, ...], History]] = {}
    alone: dict[str, History] = {}
    for history, node in game.nodes():
        if not isinstance(node, Decision):
            continue
        where = f"node {show(history)}"
        actions = tuple(name for name, _ in node.moves)
        if not node.information_set:
            alone[show(history)] = history
            continue
        player, known, first = sets.setdefault(node.information_set, (node.player, actions, history))
        if player != node.player:
            raise InvalidModel(f"the information set {node.information_set!r} belongs to {player} (node {show(first)}), not to {node.player}", place=where,
                               remedy="give each player's sets names of their own")
        if set(known) != set(actions):
            raise InvalidModel(f"the information set {node.information_set!r} has the actions {', '.join(known)} at {show(first)}, here {', '.join(actions)}",
                               place=where, remedy="offer the same actions at every node of a set")
    for name, (_, _, first) in sets.items():
        if name in alone and alone[name] != first:
            raise InvalidModel(f"the information set {name!r} is named like the node {name}, which is not in it", place=f"node {show(first)}",
                               remedy="rename the information set")
