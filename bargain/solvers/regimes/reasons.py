"""Which plays are subgame perfect at a point, and why: a small set of conditions that make a play an equilibrium.

At a rational point the subgame-perfect plays of every subtree are computed exactly, ties included.
`reasons` then collects weak inequalities between payoffs that by themselves make a play z subgame
perfect: wherever they hold, z is an equilibrium outcome. What holds on the whole parameter space, and
branches that do not matter, leave no trace.
"""

from itertools import product
from math import prod

from bargain.errors import TooLarge
from bargain.solvers.regimes.levels import Levels, Lifted, Point
from bargain.solvers.regimes.outcomes import OutcomeTree, Vertex

_PLAYS = 4096  # equilibrium plays of one chance node at one point


class AtPoint:
    """The subgame-perfect plays of every subtree at one rational point (or for one choice of levels), and the reasons for one of them."""

    def __init__(self, tree: OutcomeTree, point: Point | Lifted) -> None:
        self.tree, self.comparisons = tree, tree.comparisons
        self.levels = point if isinstance(point, Lifted) else Levels(tree.comparisons, point)
        self.plays: list[list[int]] = []
        self._paid: list[list[tuple[int, ...]]] = []  # what each of those plays pays
        for number, vertex in enumerate(tree.vertices):
            if vertex.kind == "end":
                self.plays.append([0])
                self._paid.append([vertex.payoffs])
            elif vertex.kind == "choose":
                self._choose(vertex)
            else:
                self._draw(number, vertex)
        self._bounds: dict[tuple[int, int, int], int | None] = {}
        self._reasons: dict[tuple[int, int], int] = {}

    @property
    def outcomes(self) -> list[int]:
        """The subgame-perfect plays of the whole tree."""
        return self.plays[self.tree.root]

    def _choose(self, vertex: Vertex) -> None:
        """Plays through a move that are worth at least what every other move can be held down to."""
        levels, mover = self.levels, vertex.mover
        worth = [[levels[paid[mover]] for paid in self._paid[child]] for child in vertex.children]
        level = max(values[0] if len(values) == 1 else min(values) for values in worth)
        first, plays, kept = 0, list[int](), list[tuple[int, ...]]()
        for child, values in zip(vertex.children, worth, strict=True):
            for play, paid, value in zip(self.plays[child], self._paid[child], values, strict=True):
                if value >= level:
                    plays.append(first + play)
                    kept.append(paid)
            first += self.tree.vertices[child].count
        self.plays.append(plays)
        self._paid.append(kept)

    def _draw(self, number: int, vertex: Vertex) -> None:
        branches = [self.plays[child] for child in vertex.children]
        total = prod(len(branch) for branch in branches)
        if total > _PLAYS:
            raise TooLarge(f"{total} equilibrium plays at a chance move", place="outcome discovery", remedy="fix more parameters")
        plays = [self.tree.whole(number, parts) for parts in product(*branches)]
        self.plays.append(plays)
        self._paid.append([self.tree.payoffs(number, play) for play in plays])

    def reasons(self, number: int, play: int) -> int:
        """Conditions that make a play subgame perfect in the subtree at a node, where it is so at the point."""
        key = (number, play)
        if key not in self._reasons:
            vertex = self.tree.vertices[number]
            found = 0
            if vertex.kind == "chance":
                for child, part in zip(vertex.children, self.tree.parts(number, play), strict=True):
                    found |= self.reasons(child, part)
            elif vertex.kind == "choose":
                move, below = self.tree.chosen(number, play)
                chosen = vertex.children[move]
                target = self.tree.payoffs(chosen, below)[vertex.mover]
                found = self.reasons(chosen, below)
                for child in vertex.children:
                    if child != chosen:
                        bound = self.bound(child, vertex.mover, target)
                        assert bound is not None
                        found |= bound
            self._reasons[key] = found
        return self._reasons[key]

    def bound(self, number: int, player: int, target: int) -> int | None:
        """Conditions that give the subtree an equilibrium worth at most `target` to a player; None if it has none at the point."""
        key = (number, player, target)
        if key not in self._bounds:
            self._bounds[key] = self._bound(number, player, target)
        return self._bounds[key]

    def _bound(self, number: int, player: int, target: int) -> int | None:
        vertex = self.tree.vertices[number]
        if vertex.kind == "end":
            return self._below(vertex.payoffs[player], target)
        if vertex.kind == "chance":
            return self._cheapest(number, vertex, player, target, None)
        parts = [self.bound(child, player, target) for child in vertex.children]
        everywhere: int | None = 0
        for part in parts:
            everywhere = None if part is None or everywhere is None else everywhere | part
        return everywhere if vertex.mover == player else self._cheapest(number, vertex, player, target, everywhere)

    def _cheapest(self, number: int, vertex: Vertex, player: int, target: int, best: int | None) -> int | None:
        """The fewest conditions: `best`, or those for one of the equilibrium plays that are worth no more than the target."""
        for play in self.plays[number]:
            if best is not None and best.bit_count() <= 1:
                break
            below = self._below(self.tree.payoffs(number, play)[player], target)
            if below is not None:
                whole = below | (self._supported(number, vertex, play, player, target) if vertex.kind == "choose" else self.reasons(number, play))
                best = whole if best is None or whole.bit_count() < best.bit_count() else best
        return best

    def _supported(self, number: int, vertex: Vertex, play: int, player: int, target: int) -> int:
        """Conditions under which a decision by another leads to this play, or to one that is worth no more than the target either."""
        move, below = self.tree.chosen(number, play)
        chosen = vertex.children[move]
        gained = self.tree.payoffs(chosen, below)[vertex.mover]
        found = self.reasons(chosen, below)
        for child in vertex.children:
            if child == chosen:
                continue
            either = [bound for bound in (self.bound(child, player, target), self.bound(child, vertex.mover, gained)) if bound is not None]
            found |= min(either, key=int.bit_count)
        return found

    def _below(self, left: int, right: int) -> int | None:
        if self.levels[left] > self.levels[right]:
            return None
        condition = self.comparisons.below(left, right)
        if condition is False:  # only at levels that no point has
            return None
        return 0 if condition is True else 1 << condition
