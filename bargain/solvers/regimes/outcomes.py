"""Perfect-information trees by plays: which end, or which end per chance branch, is reached.

The plays of a subtree are numbered from 0: those of an end node are (0,); a decision node lists the
plays of its first move, then those of its second, ...; a chance node takes one play per branch, in
mixed radix with the last branch quickest. Payoffs are numbers of `Comparisons`.
"""

from dataclasses import dataclass

from bargain.errors import NotApplicable
from bargain.games.game import Game
from bargain.games.nodes import Chance, Decision, History, Node, Terminal, show
from bargain.solvers.regimes.comparisons import Comparisons


@dataclass(frozen=True)
class Vertex:
    """A node by number: kind, mover (or -1), its children, their names, chance probabilities, number of plays, payoffs of an end."""

    kind: str
    mover: int
    children: tuple[int, ...]
    names: tuple[str, ...]
    chances: tuple[int, ...]
    count: int
    payoffs: tuple[int, ...]


class OutcomeTree:
    """A finite perfect-information tree, its nodes in post-order, with the payoffs of each play as numbered values."""

    def __init__(self, game: Game, comparisons: Comparisons) -> None:
        self.game, self.comparisons = game, comparisons
        self.vertices: list[Vertex] = []
        self._payoffs: dict[tuple[int, int], tuple[int, ...]] = {}
        self._kinds: dict[int, int] = {}
        self._vectors: dict[tuple[int, ...], int] = {}
        self.root = self._add(game.root, ())

    def _add(self, node: Node, history: History) -> int:
        if isinstance(node, Terminal):
            payoffs = tuple(self.comparisons.value(node.payoffs[player]) for player in self.game.players)
            self.vertices.append(Vertex("end", -1, (), (), (), 1, payoffs))
            return len(self.vertices) - 1
        if not isinstance(node, Decision | Chance):
            raise NotApplicable(f"a {type(node).__name__} node", place=f"node {show(history)}", remedy="discovery needs a finite tree with perfect information")
        names = tuple(name for name, _ in node.moves)
        children = tuple(self._add(child, (*history, name)) for name, child in node.moves)
        counts = [self.vertices[child].count for child in children]
        if isinstance(node, Decision):
            self.vertices.append(Vertex("choose", self.game.players.index(node.player), children, names, (), sum(counts), ()))
        else:
            total = 1
            for count in counts:
                total *= count
            chances = tuple(self.comparisons.value(probability) for _, probability, _ in node.draws)
            self.vertices.append(Vertex("chance", -1, children, names, chances, total, ()))
        return len(self.vertices) - 1

    @property
    def plays(self) -> int:
        """The number of plays of the whole tree."""
        return self.vertices[self.root].count

    def chosen(self, number: int, play: int) -> tuple[int, int]:
        """The move of a decision node that a play starts with, and the play of the subtree that follows."""
        for k, child in enumerate(self.vertices[number].children):
            if play < self.vertices[child].count:
                return k, play
            play -= self.vertices[child].count
        raise IndexError(play)

    def first(self, number: int, move: int) -> int:
        """The number, at a decision node, of the first play of a move."""
        return sum(self.vertices[child].count for child in self.vertices[number].children[:move])

    def parts(self, number: int, play: int) -> tuple[int, ...]:
        """The plays of a chance node's branches."""
        result = []
        for child in reversed(self.vertices[number].children):
            play, part = divmod(play, self.vertices[child].count)
            result.append(part)
        return tuple(reversed(result))

    def whole(self, number: int, parts: tuple[int, ...]) -> int:
        """The play of a chance node made of plays of its branches."""
        play = 0
        for child, part in zip(self.vertices[number].children, parts, strict=True):
            play = play * self.vertices[child].count + part
        return play

    def payoffs(self, number: int, play: int) -> tuple[int, ...]:
        """The payoffs of a play of the subtree at a node, one numbered value per player."""
        vertex = self.vertices[number]
        if vertex.kind == "end":
            return vertex.payoffs
        key = (number, play)
        if key not in self._payoffs:
            if vertex.kind == "choose":
                move, below = self.chosen(number, play)
                self._payoffs[key] = self.payoffs(vertex.children[move], below)
            else:
                parts = [self.payoffs(child, part) for child, part in zip(vertex.children, self.parts(number, play), strict=True)]
                self._payoffs[key] = tuple(self.comparisons.mixture(vertex.chances, [part[i] for part in parts]) for i in range(len(self.game.players)))
        return self._payoffs[key]

    def kind(self, play: int) -> int:
        """A number shared by the plays of the whole tree that pay every player the same."""
        if play not in self._kinds:
            self._kinds[play] = self._vectors.setdefault(self.payoffs(self.root, play), len(self._vectors))
        return self._kinds[play]

    def path(self, play: int) -> tuple[str, ...]:
        """The moves of a play of the whole tree, the branches of chance in braces."""
        return self._path(self.root, play)

    def _path(self, number: int, play: int) -> tuple[str, ...]:
        vertex = self.vertices[number]
        if vertex.kind == "end":
            return ()
        if vertex.kind == "choose":
            move, below = self.chosen(number, play)
            return (vertex.names[move], *self._path(vertex.children[move], below))
        below_each = [self._path(child, part) for child, part in zip(vertex.children, self.parts(number, play), strict=True)]
        return ("{" + " | ".join("/".join((name, *path)) for name, path in zip(vertex.names, below_each, strict=True)) + "}",)
