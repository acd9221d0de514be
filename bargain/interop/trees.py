"""From a Gambit tree to a `Game` and back.

Reading: payoffs on the way are added to those at the end; blank or repeated names of players, actions and
information sets become distinct ones as in Gambit ("_1", "L_2"), and ":" stands for "/" in an action,
which separates the actions of a history here. An information set of one node without a label stays
unnamed, one of several is called after its player and her count of sets. Writing: simultaneous moves become
successive ones that are not observed; equal ends share an outcome.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import sympy as sp

from bargain.errors import BadInput, NotApplicable, TooLarge
from bargain.games.game import Game
from bargain.games.nodes import Bargain, Chance, Decision, History, Node, Offer, Simultaneous, Terminal, show
from bargain.interop.efg import EfgFile, EfgNode, Moves, Payment
from bargain.interop.gambit_words import distinct, numeral, value
from bargain.notation import Notation

_DEEPEST = 2_000  # moves on one path: histories make a Game quadratic in its depth


def efg_to_game(file: EfgFile) -> Game:
    """The game that a file describes, exactly; at most 2,000 moves deep.

    >>> from bargain.interop.efg_reader import parse_efg
    >>> game = efg_to_game(parse_efg('EFG 2 R "Toll" { "A" } p "" 1 1 "" { "stay" "go" } 1 "toll" { -0.5 } t "" 0 t "" 2 "win" { 2/3 }'))
    >>> [node.payoffs["A"] for _, node in game.nodes() if isinstance(node, Terminal)]
    [-1/2, 1/6]
    """
    if not file.players:
        raise BadInput("the file names no players", place=f"game {file.title!r}", remedy="name at least one")
    players = distinct(file.players)
    sets = file.sets()
    actions = {key: distinct(name.replace("/", ":") for name in moves.actions) for key, moves in sets.items()}
    chances = {key: [value(text) for text in moves.probabilities] for key, moves in sets.items()}
    children = _children(file, actions)
    names = _set_names(file, players, actions, children)
    totals = _totals(file, children)
    built: list[Node] = []
    for k in range(len(file.nodes) - 1, -1, -1):
        entry = file.nodes[k]
        key = entry.player, entry.information_set
        below = [built.pop() for _ in children[k]]
        if entry.kind == "t":
            built.append(totals.end(k, entry, players))
        elif entry.kind == "c":
            built.append(Chance(tuple(zip(actions[key], chances[key], below, strict=True))))
        else:
            built.append(Decision(players[entry.player - 1], tuple(zip(actions[key], below, strict=True)), names[key]))
    return Game(file.title, tuple(players), Notation(), built[0], file.comment or "")


def _children(file: EfgFile, actions: dict[tuple[int, int], list[str]]) -> list[list[int]]:
    """The indices of the nodes below each node; a tree that is too deep is refused."""
    children: list[list[int]] = [[] for _ in file.nodes]
    waiting: list[tuple[int, int]] = []  # nodes on the path with the number of children still to come
    for k, entry in enumerate(file.nodes):
        if waiting:
            parent, left = waiting.pop()
            children[parent].append(k)
            if left > 1:
                waiting.append((parent, left - 1))
        if entry.kind != "t":
            waiting.append((k, len(actions[entry.player, entry.information_set])))
    depth = [0] * len(file.nodes)
    for k, below in enumerate(children):
        for child in below:
            depth[child] = depth[k] + 1
    deepest = max(depth, default=0)
    if deepest > _DEEPEST:
        raise TooLarge(f"a tree of {deepest} successive moves (limit {_DEEPEST})", place=f"game {file.title!r}",
                       remedy="cut the tree into subgames; parse_efg reads the file itself whatever its depth")
    return children


def _set_names(file: EfgFile, players: list[str], actions: dict[tuple[int, int], list[str]], children: list[list[int]]) -> dict[tuple[int, int], str]:
    """A name for every information set that has a label or several nodes; none is the path of an unnamed node."""
    members = Counter((entry.player, entry.information_set) for entry in file.nodes if entry.kind == "p")
    sets, rank = file.sets(), Counter[int]()
    labels = {}
    for key, count in members.items():
        rank[key[0]] += 1
        labels[key] = sets[key].label or (f"{players[key[0] - 1]} {rank[key[0]]}" if count > 1 else "")
    named = {key: label for key, label in labels.items() if label}
    index = {key: {name: k for k, name in enumerate(names)} for key, names in actions.items()}

    def unnamed_node(name: str) -> bool:
        here = 0
        for action in [] if name == "(start)" else name.split("/"):
            entry = file.nodes[here]
            choices = {} if entry.kind == "t" else index[entry.player, entry.information_set]
            if action not in choices:
                return False
            here = children[here][choices[action]]
        return labels.get((file.nodes[here].player, file.nodes[here].information_set)) == ""

    avoided: set[str] = set()
    while True:
        chosen = distinct(named.values(), avoided)
        clashes = {name for name in chosen if unnamed_node(name)}
        if not clashes:
            return {**labels, **dict(zip(named, chosen, strict=True))}
        avoided |= clashes


class _Totals:
    """What each end pays: its own outcome and those on the way to it."""

    def __init__(self, file: EfgFile) -> None:
        self.outcomes = {number: tuple(value(text) for text in payment.payoffs) for number, payment in file.outcomes().items()}
        self.labels = {number: payment.label for number, payment in file.outcomes().items()}
        self.outcomes[0] = (sp.Integer(0),) * len(file.players)
        self.labels[0] = ""
        self.way: dict[int, tuple[sp.Expr, ...]] = {}  # node to the payoffs before it, where there are any
        self._shared: dict[int, Terminal] = {}

    def end(self, k: int, entry: EfgNode, players: list[str]) -> Terminal:
        own, label = self.outcomes[entry.outcome], self.labels[entry.outcome]
        if k in self.way:
            return Terminal({player: a + b for player, a, b in zip(players, self.way[k], own, strict=True)}, label)
        if entry.outcome not in self._shared:
            self._shared[entry.outcome] = Terminal(dict(zip(players, own, strict=True)), label)
        return self._shared[entry.outcome]


def _totals(file: EfgFile, children: list[list[int]]) -> _Totals:
    totals = _Totals(file)
    for k, entry in enumerate(file.nodes):
        before = totals.way.get(k)
        if entry.kind != "t" and (before is not None or entry.outcome):
            own = totals.outcomes[entry.outcome]
            after = own if before is None else tuple(a + b for a, b in zip(before, own, strict=True))
            totals.way.update(dict.fromkeys(children[k], after))
    return totals


@dataclass(frozen=True)
class _Turn:
    """One of several simultaneous movers, the choices of those before her being made."""

    node: Simultaneous
    place: str
    chosen: tuple[str, ...] = ()

    @property
    def player(self) -> str:
        return self.node.players[len(self.chosen)]

    @property
    def information_set(self) -> str:
        return f"{self.player} at {self.place}"

    @property
    def moves(self) -> "tuple[tuple[str, Node | _Turn], ...]":
        last = len(self.chosen) + 1 == len(self.node.players)
        chosen = [(*self.chosen, action) for action in self.node.actions[len(self.chosen)]]
        return tuple((cell[-1], self.node.cells[cell] if last else _Turn(self.node, self.place, cell)) for cell in chosen)


def game_to_efg(game: Game) -> EfgFile:
    """The file of a game without free symbols; `EfgFile.text` is what Gambit reads.

    Every information set and outcome is described wherever it is used, as Gambit's own writer does.

    >>> from bargain import decision, payoffs
    >>> print(game_to_efg(Game("Choice", ("A",), (), decision("A", stay=payoffs(A=0, label="S"), go=payoffs(A="1/3", label="G")))).text, end="")
    EFG 2 R "Choice" { "A" }
    ""
    <BLANKLINE>
    p "" 1 1 "" { "stay" "go" } 0
    t "" 1 "S" { 0 }
    t "" 2 "G" { 1/3 }
    """
    return EfgFile(game.title, game.players, tuple(_Writer(game).entries()), game.source)


class _Writer:
    """The numbering of the information sets and outcomes met so far."""

    def __init__(self, game: Game) -> None:
        self.game = game
        self.sets: dict[tuple[str, object], tuple[int, Moves]] = {}
        self.numbers: Counter[str] = Counter()
        self.outcomes: dict[tuple[str, tuple[str, ...]], int] = {}

    def entries(self) -> Iterator[EfgNode]:
        stack: list[tuple[History, Node | _Turn]] = [((), self.game.root)]
        while stack:
            history, node = stack.pop()
            if isinstance(node, Simultaneous):
                node = _Turn(node, show(history))
            if isinstance(node, Terminal):
                yield self._end(node, history)
                continue
            if isinstance(node, Offer | Bargain):
                raise NotApplicable(f"Gambit's trees have no {type(node).__name__} nodes", place=f"node {show(history)}",
                                    remedy="replace it by a decision among finitely many offers")
            below = dict(node.moves)
            entry = self._chance(node, history) if isinstance(node, Chance) else self._decision(node, history)
            yield entry
            assert entry.moves is not None
            stack.extend(((*history, name), below[name]) for name in reversed(entry.moves.actions))

    def _end(self, node: Terminal, history: History) -> EfgNode:
        paid = tuple(_rational(node.payoffs[player], f"the payoff of {player}", history) for player in self.game.players)
        number = self.outcomes.setdefault((node.label, paid), len(self.outcomes) + 1)
        return EfgNode("t", outcome=number, payment=Payment(node.label, paid))

    def _chance(self, node: Chance, history: History) -> EfgNode:
        self.numbers[""] += 1
        names = tuple(name for name, _, _ in node.draws)
        chances = tuple(_rational(p, f"the probability of {name!r}", history) for name, p, _ in node.draws)
        return EfgNode("c", information_set=self.numbers[""], moves=Moves("", names, chances))

    def _decision(self, node: Decision | _Turn, history: History) -> EfgNode:
        name = node.information_set
        key = (node.player, name or history)
        if key not in self.sets:
            self.numbers[node.player] += 1
            self.sets[key] = (self.numbers[node.player], Moves(name, tuple(action for action, _ in node.moves)))
        number, moves = self.sets[key]
        if {action for action, _ in node.moves} != set(moves.actions):
            raise BadInput(f"the information set {name!r} has other actions elsewhere", place=f"node {show(history)}",
                           remedy="offer the same actions at every node of a set")
        return EfgNode("p", player=self.game.players.index(node.player) + 1, information_set=number, moves=moves)


def _rational(given: sp.Expr, what: str, history: History) -> str:
    """A number of the game in the file's notation."""
    place = f"node {show(history)}"
    if given.free_symbols:
        raise BadInput(f"{what}, {given}, is symbolic", place=place, remedy="put numbers in first: game.at({...})")
    if not given.is_Rational:
        raise BadInput(f"{what}, {given}, is not rational", place=place, remedy="replace it by a rational approximation")
    if not numeral(str(given)):
        raise BadInput(f"{what} has more than 400 digits", place=place, remedy="round it")
    return str(given)
