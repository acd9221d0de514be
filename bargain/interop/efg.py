"""Extensive games as Gambit writes them (.efg, "EFG 2 R"): the file itself, before it is a game.

An `EfgFile` keeps what a file says: labels (blank, repeated, of any node), numbers digit by digit, the
numbering of information sets and outcomes, what is stated again and what is left out. Only the layout
(blanks, commas) is not kept: it is written as Gambit 16.7 writes it.
Source: the format as documented by the Gambit project, https://gambitproject.readthedocs.io.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from bargain.errors import InvalidModel
from bargain.interop.gambit_words import numeral, quoted


@dataclass(frozen=True, slots=True)
class Moves:
    """What an information set is called, its actions and, at a chance node, their probabilities."""

    label: str
    actions: tuple[str, ...]
    probabilities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Payment:
    """What an outcome is called and pays, a number per player."""

    label: str
    payoffs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EfgNode:
    """One entry: `kind` is c (chance), p (a player) or t (terminal).

    `moves` and `payment` are None where the file only refers to an information set or an outcome by number.
    """

    kind: str
    label: str = ""
    player: int = 0
    information_set: int = 0
    moves: Moves | None = None
    outcome: int = 0
    payment: Payment | None = None


@dataclass(frozen=True)
class EfgFile:
    """A file whose tree closes, and in which every reference and every repetition agrees with the first statement.

    nodes: in the order of the file, parents before children. comment: None if the file has none.

    >>> file = EfgFile("Choice", ("A",), (EfgNode("p", player=1, information_set=1, moves=Moves("", ("stay", "go"))),
    ...                                   EfgNode("t", outcome=1, payment=Payment("", ("1/3",))), EfgNode("t")))
    >>> print(file.text, end="")
    EFG 2 R "Choice" { "A" }
    p "" 1 1 "" { "stay" "go" } 0
    t "" 1 "" { 1/3 }
    t "" 0
    """

    title: str
    players: tuple[str, ...]
    nodes: tuple[EfgNode, ...]
    comment: str | None = None
    data: str = "R"

    def __post_init__(self) -> None:
        ledger = _Ledger(self.players)
        for k, node in enumerate(self.nodes):
            broken = ledger.enter(node)
            if broken:
                raise BrokenNode(broken[1], node=k, part=broken[0])
        if ledger.open:
            raise BrokenNode(f"the tree is not complete: {ledger.open} more {'node' if ledger.open == 1 else 'nodes'} must follow", node=len(self.nodes))

    @property
    def text(self) -> str:
        """The file, in the layout of Gambit's own writer; reading it gives this value back."""
        return "".join(_lines(self))

    def outcomes(self) -> dict[int, Payment]:
        """Every outcome by its number, in the order of first mention."""
        return {node.outcome: node.payment for node in reversed(self.nodes) if node.payment is not None}

    def sets(self) -> dict[tuple[int, int], Moves]:
        """Every information set by player (0 for chance) and number, in the order of first mention."""
        found: dict[tuple[int, int], Moves] = {}
        for node in self.nodes:
            if node.moves is not None:
                found.setdefault((node.player, node.information_set), node.moves)
        return found


class BrokenNode(InvalidModel):
    """The rule that a node breaks: `node` is its index, `part` says which of its words (`_START` to `_PAYMENT`)."""

    def __init__(self, rule: str, *, place: str = "", remedy: str = "correct that node", node: int = 0, part: int = 0) -> None:
        self.node, self.part = node, part
        super().__init__(rule, place=place or f"node {node + 1} of the file", remedy=remedy)


_START, _PLAYER, _SET, _MOVES, _OUTCOME, _PAYMENT = range(6)


class _Ledger:
    """What has been said so far: information sets, outcomes, and the number of branches still open."""

    def __init__(self, players: tuple[str, ...]) -> None:
        self.count, self.open = len(players), 1
        self.sets: dict[tuple[int, int], Moves] = {}
        self.outcomes: dict[int, Payment] = {}

    def enter(self, node: EfgNode) -> tuple[int, str] | None:
        """Record a node; the part and the rule it breaks, if it does."""
        if not self.open:
            return _START, "the tree is complete before this node"
        self.open -= 1
        if node.kind == "t":
            if node.moves or node.player or node.information_set:
                return _START, "a terminal node has no moves"
        elif node.kind in ("c", "p"):
            broken = self._moves(node)
            if broken:
                return broken
        else:
            return _START, f"unknown kind of node {node.kind!r}"
        return self._outcome(node)

    def _moves(self, node: EfgNode) -> tuple[int, str] | None:
        if not 1 - (node.kind == "c") <= node.player <= self.count * (node.kind == "p"):
            return _PLAYER, f"player {node.player} does not exist: the file names {self.count}"
        if node.information_set < 1:
            return _SET, "information sets are numbered from 1"
        key = node.player, node.information_set
        known, moves = self.sets.get(key), node.moves
        if moves is None:
            if known is None:
                return _SET, f"information set {node.information_set} has not been described yet"
            moves = known
        elif known is None:
            wrong = _wrong(moves, node.kind)
            if wrong:
                return _MOVES, wrong
            self.sets[key] = moves
        elif moves != known:
            return _MOVES, f"information set {node.information_set} was described differently before"
        self.open += len(moves.actions)
        return None

    def _outcome(self, node: EfgNode) -> tuple[int, str] | None:
        payment = node.payment
        if payment is None:
            if node.outcome and node.outcome not in self.outcomes:
                return _OUTCOME, f"outcome {node.outcome} is not described before or here"
            return None
        if node.outcome < 1:
            return _PAYMENT, "outcome 0 is the one that pays nothing: it has no label and no payoffs"
        known = self.outcomes.setdefault(node.outcome, payment)
        if known is payment and (len(payment.payoffs) != self.count or not all(map(_is_numeral, payment.payoffs))):
            return _PAYMENT, "an outcome pays every player one number"
        return None if known == payment else (_PAYMENT, f"outcome {node.outcome} was described differently before")


def _is_numeral(text: str) -> bool:
    return bool(text) and numeral(text) == text


def _wrong(moves: Moves, kind: str) -> str | None:
    """What is wrong with the first description of an information set."""
    if not moves.actions:
        return "an information set needs at least one action"
    if kind == "p":
        return "only chance has probabilities" if moves.probabilities else None
    if len(moves.probabilities) != len(moves.actions) or not all(map(_is_numeral, moves.probabilities)):
        return "chance needs one probability per action"
    chances = [Fraction(text) for text in moves.probabilities]
    if min(chances) < 0:
        return f"the probability {min(chances)} is negative"
    return None if sum(chances) == 1 else f"the probabilities sum to {sum(chances)}, not to 1"


def _lines(file: EfgFile) -> Iterator[str]:
    yield f"EFG 2 {file.data} {quoted(file.title)} {_braced([quoted(player) for player in file.players])}\n"
    if file.comment is not None:
        yield quoted(file.comment) + "\n\n"
    for node in file.nodes:
        words = [node.kind, quoted(node.label)]
        if node.kind == "p":
            words.append(str(node.player))
        if node.kind != "t":
            words.append(str(node.information_set))
        if node.moves is not None:
            names = [quoted(name) for name in node.moves.actions]
            if node.kind == "c":
                names = [f"{name} {chance}" for name, chance in zip(names, node.moves.probabilities, strict=True)]
            words += [quoted(node.moves.label), _braced(names)]
        words.append(str(node.outcome))
        if node.payment is not None:
            words += [quoted(node.payment.label), _braced([", ".join(node.payment.payoffs)])]
        yield " ".join(words) + "\n"


def _braced(words: list[str]) -> str:
    return " ".join(["{", *words, "}"])
