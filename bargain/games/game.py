"""A game in extensive form: title, players, notation and the tree, validated on construction."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import sympy as sp

from bargain.errors import BadInput, InvalidModel, NotApplicable
from bargain.expressions import Evaluator
from bargain.games.alternating import substituted
from bargain.games.nodes import Bargain, Chance, Decision, History, Node, Offer, Simultaneous, Terminal, show, walk
from bargain.notation import Notation, Parameter
from bargain.showing import Shown

if TYPE_CHECKING:
    import networkx as nx

    from bargain.games.matrix import MatrixGame


@dataclass(frozen=True, repr=False)
class Game(Shown):
    """A negotiation as a tree of frozen nodes with symbolic payoffs.

    Every end node pays every player, probabilities sum to one, every symbol is in the notation,
    an offer names its interval; otherwise `InvalidModel` names the node and the rule.

    >>> from bargain import Game, Parameter, decision, payoffs
    >>> g = sp.Symbol("g", real=True)
    >>> game = Game("Entry", ("E", "I"), (Parameter(g, "gain", domain=">0", baseline=1),),
    ...             decision("E", out=payoffs(E=0, I=2), enter=decision("I", share=payoffs(E=g, I=1), fight=payoffs(E=-1, I=0))))
    >>> game.count
    {'nodes': 5, 'ends': 3, 'decisions': 2, 'chance': 0}
    """

    title: str
    players: tuple[str, ...]
    notation: Notation
    root: Node
    source: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "players", tuple(self.players))
        if not isinstance(self.notation, Notation):
            object.__setattr__(self, "notation", Notation(tuple(_parameters(self.notation))))
        if len(set(self.players)) != len(self.players) or not self.players:
            raise InvalidModel("players must be named once each", place=f"game {self.title!r}", remedy="list each player once")
        _validate(self)
        from bargain.games.information import check_information

        check_information(self)

    def nodes(self) -> Iterator[tuple[History, Node]]:
        """Every node with its history, parents first."""
        return walk(self.root)

    @property
    def count(self) -> dict[str, int]:
        """Number of nodes, end nodes, decision nodes and chance nodes."""
        kinds = [type(node) for _, node in self.nodes()]
        return {"nodes": len(kinds), "ends": kinds.count(Terminal), "decisions": kinds.count(Decision), "chance": kinds.count(Chance)}

    def node(self, *history: str) -> Node:
        """The node that a history leads to."""
        node = self.root
        for depth, name in enumerate(history):
            moves = {} if isinstance(node, Terminal) else dict(node.moves)
            if name not in moves:
                raise BadInput(f"no move {name!r}", place=f"history {show(history[:depth])}", remedy="moves: " + ", ".join(moves))
            node = moves[name]
        return node

    def subgame(self, *history: str) -> "Game":
        """The game that starts after `history`."""
        return replace(self, title=f"{self.title}: after {show(history)}", root=self.node(*history))

    def at(self, values: Mapping[Any, Any]) -> "Game":
        """This game with parameters replaced by exact numbers (checked against their domains)."""
        point = self.notation.values(values)
        return replace(self, notation=self.notation.substitute(point), root=_substitute(self.root, Evaluator(point)))

    @property
    def tree(self) -> "nx.DiGraph[History]":
        """A frozen networkx view: one graph node per history, its record under ``node``; edges carry ``action`` (and ``probability``)."""
        import networkx as nx

        graph: nx.DiGraph[History] = nx.DiGraph(title=self.title, players=self.players)
        for history, node in self.nodes():
            kind = type(node).__name__.lower()
            graph.add_node(history, node=node, kind=kind, player=getattr(node, "player", None),
                           payoffs=dict(node.payoffs) if isinstance(node, Terminal) else None)
            if history:
                graph.add_edge(history[:-1], history, action=history[-1], **_probability(self.node(*history[:-1]), history[-1]))
        return nx.freeze(graph)

    def strategic_form(self, *, reduced: bool = False) -> "MatrixGame":
        """The strategic form of a finite tree: one action per plan over the player's information sets.

        reduced: plans that differ only at sets which they themselves rule out count as one.
        """
        from bargain.games.strategic import strategic_form

        return strategic_form(self, reduced=reduced)

    def __repr__(self) -> str:
        source = f", source={self.source!r}" if self.source else ""
        return f"Game(title={self.title!r}, players={self.players!r}, notation={self.notation!r}, root={self.root!r}{source})"


def _parameters(given: Any) -> Iterator[Parameter]:
    for parameter in given:
        if not isinstance(parameter, Parameter):
            raise InvalidModel(f"{parameter!r} is not a Parameter", place="notation", remedy="declare Parameter(symbol, meaning, ...)")
        yield parameter


def _probability(node: Node, action: str) -> dict[str, sp.Expr]:
    return {"probability": next(p for name, p, _ in node.draws if name == action)} if isinstance(node, Chance) else {}


def _validate(game: Game) -> None:
    known = set(game.notation.symbols)
    offered: dict[History, frozenset[sp.Symbol]] = {}
    for history, node in game.nodes():
        place = f"node {show(history)}"
        scope = offered.get(history[:-1], frozenset()) if history else frozenset()
        offered[history] = scope | {node.share} if isinstance(node, Offer) else scope
        for expression in _expressions(node):
            unknown = expression.free_symbols - known - offered[history]
            if unknown:
                raise InvalidModel(f"symbol {sorted(map(str, unknown))[0]} is not in the notation", place=place, remedy="declare it as a Parameter")
        _check_node(game, node, place, known)


def _check_node(game: Game, node: Node, place: str, known: set[sp.Symbol]) -> None:
    if isinstance(node, Terminal):
        if set(node.payoffs) != set(game.players):
            wrong = sorted(set(game.players) ^ set(node.payoffs))
            raise InvalidModel(f"payoffs must name every player exactly: check {', '.join(wrong)}", place=place,
                               remedy="pay each of " + ", ".join(game.players))
        return
    names = [name for name, _ in node.moves]
    if len(set(names)) != len(names):
        raise InvalidModel("two moves share a name", place=place, remedy="histories must be unique")
    movers = {node.player} if isinstance(node, Decision | Offer) else set(node.players) if isinstance(node, Simultaneous) else set()
    if not movers <= set(game.players):
        raise InvalidModel(f"unknown player {sorted(movers - set(game.players))[0]!r}", place=place, remedy="players: " + ", ".join(game.players))
    if isinstance(node, Chance):
        total = sp.simplify(sum(probability for _, probability, _ in node.draws) - 1)
        if total != 0:
            raise InvalidModel(f"probabilities sum to {sp.simplify(total + 1)}, not to 1", place=place, remedy="complete the last one as 1 - ...")
        for name, probability, _ in node.draws:
            if probability.is_negative:
                raise InvalidModel(f"the probability {probability} of {name!r} is negative", place=place, remedy="choose it in [0, 1]")
    if isinstance(node, Offer) and (node.between[1] - node.between[0]).is_negative:
        raise InvalidModel(f"the interval [{node.between[0]}, {node.between[1]}] is empty", place=place, remedy="swap its ends")
    if isinstance(node, Offer) and node.share in known:
        raise InvalidModel(f"{node.share} is both offered and a parameter", place=place, remedy="use another symbol for the offer")
    if isinstance(node, Bargain):
        watching = set(game.players) - set(node.table.players)
        if set(node.spectators) != watching or not set(node.table.players) <= set(game.players):
            raise InvalidModel("every player outside the table needs a payoff in the agreement", place=place,
                               remedy="spectators: " + (", ".join(sorted(watching)) or "none"))


def _expressions(node: Node) -> Iterator[sp.Expr]:
    if isinstance(node, Terminal):
        yield from node.payoffs.values()
    elif isinstance(node, Chance):
        yield from (probability for _, probability, _ in node.draws)
    elif isinstance(node, Offer):
        yield from node.between
    elif isinstance(node, Bargain):
        yield from (e for e in node.table.expressions())
        yield from (e.subs(node.table.share, 0) for e in node.spectators.values())


def _substitute(root: Node, at: Evaluator) -> Node:
    """The tree with an evaluator applied to every expression."""
    return rebuilt(root, lambda node, below: _rebuilt(node, below, at))


def rebuilt(root: Node, build: Callable[[Node, list[Node]], Node]) -> Node:
    """The tree made again from the ends up: `build` gets a node and its children made again. By an explicit stack, whatever the depth."""
    built: list[Node] = []
    stack: list[tuple[Node, bool]] = [(root, False)]
    while stack:
        node, done = stack.pop()
        below = () if isinstance(node, Terminal) else tuple(child for _, child in node.moves)
        if below and not done:
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(below))
            continue
        start = len(built) - len(below)
        built[start:] = [build(node, built[start:])]
    return built[0]


def _rebuilt(node: Node, below: list[Node], at: Evaluator) -> Node:
    """A node over its substituted children (in the order of its moves)."""
    if isinstance(node, Terminal):
        return replace(node, payoffs={player: at(payoff) for player, payoff in node.payoffs.items()})
    if isinstance(node, Decision):
        return replace(node, moves=tuple((name, child) for (name, _), child in zip(node.moves, below, strict=True)))
    if isinstance(node, Chance):
        return Chance(tuple((name, at(probability), child) for (name, probability, _), child in zip(node.draws, below, strict=True)))
    if isinstance(node, Offer):
        assert isinstance(below[0], Decision)
        return replace(node, between=(at(node.between[0]), at(node.between[1])), answer=below[0])
    if isinstance(node, Simultaneous):
        return replace(node, cells=dict(zip(node.cells, below, strict=True)))
    if any(at(symbol) != symbol for symbol in node.table.drift):
        raise NotApplicable("a table inside a tree loses the drift of a variable that is given a value", place=f"alternating offers {node.table.title!r}",
                            remedy="measure the share relative to that variable, and put its drift into flows or costs")
    return Bargain(substituted(node.table, at), {player: at(e) for player, e in node.spectators.items()}, dict(zip(node.outside, below, strict=True)))
