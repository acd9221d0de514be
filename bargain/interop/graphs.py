"""Game trees to and from networkx graphs and GraphML files.

A graph of a game is an arborescence. A node has a `kind` (terminal, decision, chance); a decision a
`player` and perhaps an `information_set`, an end its `payoffs` by player and perhaps a `label`. An edge
has an `action`, its `position` among its siblings and, below chance, a `probability`. In GraphML payoffs
are keys of their own, "payoff:<player>", and every number or expression is text.
"""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sympy as sp

from bargain.errors import BadInput, NotApplicable
from bargain.expressions import exact, parse
from bargain.games.build import chance, decision, payoffs
from bargain.games.game import Game
from bargain.games.information import successive
from bargain.games.nodes import Bargain, Chance, Decision, Node, Offer, Simultaneous, Terminal, show
from bargain.notation import Notation, Parameter

if TYPE_CHECKING:
    import networkx as nx

_PAYOFF = "payoff:"
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_networkx(game: Game) -> "nx.DiGraph[Any]":
    """The tree as a graph of plain attributes that may be edited; nodes are histories. Simultaneous moves become successive ones.

    >>> from bargain import decision, payoffs
    >>> graph = to_networkx(Game("Entry", ("E", "I"), (), decision("E", out=payoffs(E=0, I=2), enter=payoffs(E=1, I=1))))
    >>> graph.nodes["out",]["payoffs"], graph.edges[(), ("out",)]["action"]
    ({'E': 0, 'I': 2}, 'out')
    """
    import networkx as nx

    if any(isinstance(node, Simultaneous) for _, node in game.nodes()):
        game = successive(game)
    graph: nx.DiGraph[Any] = nx.DiGraph(title=game.title, players=game.players, source=game.source)
    for history, node in game.nodes():
        if isinstance(node, Offer | Bargain):
            raise NotApplicable(f"a graph has no {type(node).__name__} nodes", place=f"node {show(history)}",
                                remedy="replace it by a decision among finitely many offers, or use game.tree")
        graph.add_node(history, **_attributes(node))
        if isinstance(node, Terminal):
            continue
        for position, (action, _) in enumerate(node.moves):
            extra = {"probability": node.draws[position][1]} if isinstance(node, Chance) else {}
            graph.add_edge(history, (*history, action), action=action, position=position, **extra)
    return graph


def _attributes(node: Node) -> dict[str, Any]:
    if isinstance(node, Terminal):
        return {"kind": "terminal", "payoffs": dict(node.payoffs), **({"label": node.label} if node.label else {})}
    if isinstance(node, Decision):
        return {"kind": "decision", "player": node.player, **({"information_set": node.information_set} if node.information_set else {})}
    return {"kind": "chance"}


def from_networkx(graph: "nx.DiGraph[Any]", *, notation: Notation | Iterable[Parameter] = ()) -> Game:
    """The game that a graph describes; see the module for its attributes. Numbers may be text, expressions of `notation` too.

    Without positions the actions keep the order of the edges. The players are those of ``graph.graph["players"]``, or in
    the order in which payoffs name them. What does not add up is `BadInput` or `InvalidModel`, with the node.
    """
    table = notation if isinstance(notation, Notation) else Notation(tuple(notation))
    order = _prefix(graph)
    built: dict[Any, Node] = {}
    players: dict[str, None] = {}
    for name in order:
        players.update(dict.fromkeys(_payoffs(graph.nodes[name])))
    for name in reversed(order):
        built[name] = _node(graph, name, built, table)
    named = _players(graph.graph.get("players") or tuple(players))
    return Game(str(graph.graph.get("title", "")), named, table, built[order[0]], str(graph.graph.get("source", "")))


def _players(given: Any) -> tuple[str, ...]:
    try:
        named = json.loads(given) if isinstance(given, str) else list(given)
    except (ValueError, TypeError) as error:
        raise BadInput(f"players {given!r} is not a list of names", place="graph", remedy='write ["A", "B"]') from error
    if not isinstance(named, list) or not all(isinstance(player, str) for player in named):
        raise BadInput(f"players {given!r} is not a list of names", place="graph", remedy='write ["A", "B"]')
    return tuple(named)


def _prefix(graph: "nx.DiGraph[Any]") -> list[Any]:
    """The nodes of an arborescence, parents before children."""
    if not graph.is_directed() or graph.is_multigraph():
        raise BadInput("a game is a DiGraph", place="graph", remedy="direct every edge from a node to what follows an action")
    roots = [name for name in graph if graph.in_degree(name) == 0]
    merged = [name for name in graph if graph.in_degree(name) > 1]
    if len(roots) != 1 or merged:
        what = f"node {merged[0]!r} can be reached in two ways" if merged else f"{len(roots)} nodes have no predecessor"
        raise BadInput(what, place="graph", remedy="a tree has one start and one way to every other node")
    order, stack = [], [roots[0]]
    while stack:
        name = stack.pop()
        order.append(name)
        stack.extend(graph.successors(name))
    if len(order) != len(graph):
        raise BadInput("some nodes are on a cycle", place="graph", remedy="a tree has one start and one way to every other node")
    return order


def _node(graph: "nx.DiGraph[Any]", name: Any, built: Mapping[Any, Node], notation: Notation) -> Node:
    record, place = graph.nodes[name], f"node {name!r} of the graph"
    edges = [(child, graph.edges[name, child]) for child in graph.successors(name)]
    if not all(isinstance(edge.get("position", 0), int) for _, edge in edges):
        raise BadInput("a position that is no whole number", place=place, remedy="number the edges below a node 0, 1, 2, ...")
    edges.sort(key=lambda pair: pair[1].get("position", 0))
    kind = record.get("kind") or ("terminal" if not edges else "decision" if record.get("player") else "chance")
    actions = [str(edge.get("action", "")) for _, edge in edges]
    if len(set(actions)) != len(actions):
        raise BadInput("two edges have the same action, or none", place=place, remedy="name every edge below a node differently: action=...")
    below = {action: built[child] for action, (child, _) in zip(actions, edges, strict=True)}
    if kind == "terminal" and not edges:
        return payoffs({player: _number(value, notation, place) for player, value in _payoffs(record).items()}, label=str(record.get("label", "")))
    if kind == "decision" and edges and record.get("player"):
        return decision(str(record["player"]), below, information_set=str(record.get("information_set", "")))
    if kind == "chance" and edges:
        missing = [action for action, (_, edge) in zip(actions, edges, strict=True) if "probability" not in edge]
        if missing:
            raise BadInput(f"the edge {missing[0]!r} below chance has no probability", place=place, remedy="add probability=... (or a player to the node)")
        chances = [_number(edge["probability"], notation, place) for _, edge in edges]
        return chance({action: (p, below[action]) for action, p in zip(actions, chances, strict=True)})
    raise BadInput(f"a node of kind {kind!r} with {len(edges)} edges and player {record.get('player')!r}", place=place,
                   remedy="ends have no edges; decisions have edges and a player; chance has edges with probabilities")


def _payoffs(record: Mapping[str, Any]) -> dict[str, Any]:
    given = record.get("payoffs") or {}
    return {**given, **{key[len(_PAYOFF):]: value for key, value in record.items() if str(key).startswith(_PAYOFF)}}


def _number(value: Any, notation: Notation, place: str) -> sp.Expr:
    try:
        return parse(value, notation.names) if isinstance(value, str) else exact(value)
    except BadInput as error:
        raise BadInput(error.rule, place=place, remedy=error.remedy) from error


def to_graphml(game: Game) -> str:
    """The tree as GraphML text; the same game gives the same text.

    Symbolic payoffs are written as expressions; reading them back needs the notation, which GraphML does not hold.
    """
    import networkx as nx

    graph = to_networkx(game)
    players, source = json.dumps(game.players, ensure_ascii=False), game.source.replace("\r\n", "\n")
    plain: nx.DiGraph[str] = nx.DiGraph(title=_xml(game.title), players=_xml(players), source=_xml(source))
    names = {history: f"n{k}" for k, history in enumerate(graph)}
    for history, record in graph.nodes(data=True):
        place = f"node {show(history)}"
        paid = {f"{_PAYOFF}{_xml(player)}": _text(value, game.notation, place) for player, value in record.pop("payoffs", {}).items()}
        plain.add_node(names[history], **{key: _xml(value) for key, value in record.items()}, **paid)
    for start, end, record in graph.edges(data=True):
        place = f"node {show(start)}"
        extra = {"probability": _text(record["probability"], game.notation, place)} if "probability" in record else {}
        plain.add_edge(names[start], names[end], action=_xml(record["action"]), position=record["position"], **extra)
    return "\n".join(nx.generate_graphml(plain)) + "\n"


def _text(value: sp.Expr, notation: Notation, place: str) -> str:
    text = str(value)
    if parse(text, notation.names) != value:
        raise NotApplicable(f"the expression {text} cannot be written as text", place=place, remedy="put numbers in first: game.at({...})")
    return text


def _xml(text: str) -> str:
    if _NOT_XML.search(text):
        raise BadInput("XML has no such control characters", place=f"text {text[:40]!r}", remedy="rename it")
    return text


def from_graphml(text: str, *, notation: Notation | Iterable[Parameter] = ()) -> Game:
    """The game in a GraphML text; see `from_networkx`."""
    from xml.etree.ElementTree import ParseError

    import networkx as nx

    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise BadInput("document type declarations are not read", place="GraphML", remedy="leave them out")
    try:
        graph = nx.parse_graphml(text)
    except ParseError as error:
        line, column = error.position
        raise BadInput(f"not XML: {error.msg}", place=f"GraphML, line {line}, column {column + 1}", remedy="correct it there") from error
    except (nx.NetworkXException, KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        raise BadInput(f"not a graph: {error}", place="GraphML", remedy="write it by to_graphml or by networkx.write_graphml") from error
    return from_networkx(graph, notation=notation)


def write_graphml(game: Game, path: str | Path) -> None:
    """Write the tree as a GraphML file."""
    Path(path).write_text(to_graphml(game), encoding="utf-8")


def read_graphml(path: str | Path, *, notation: Notation | Iterable[Parameter] = ()) -> Game:
    """The game in a GraphML file."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"cannot be read ({error})", place=f"file {path}", remedy="check the path; GraphML is UTF-8") from error
    return from_graphml(text, notation=notation)
