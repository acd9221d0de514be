"""Perfect-information trees by outcome: which plays are subgame perfect at a point, and why.

A play is an end node, or one play per branch of a chance move. At a rational point the set of
subgame-perfect plays of every subtree is computed exactly, ties included. `reasons` then
extracts a small set of weak inequalities u_i(w) <= u_i(z) that by themselves make the play z
subgame perfect: wherever they hold, z is an equilibrium outcome. Inequalities that hold on the
whole parameter space, and branches that do not matter, leave no trace.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import sympy as sp

from bargain.errors import NotApplicable, TooLarge
from bargain.expressions import Evaluator
from bargain.games.game import Game
from bargain.games.nodes import Chance, Decision, History, Node, Terminal, show
from bargain.regions.cells import EQ, GT, LE, LT, canonical, flip

Play = int | tuple["Play", ...]  # the number of an end node, or one play per branch of a chance move
Atom = tuple[sp.Expr, int]
Reasons = frozenset[Atom]
_LIMIT = 4096


@dataclass(frozen=True)
class Vertex:
    """A node by number: kind, mover (or -1), its children and, for chance, their probabilities."""

    kind: str
    mover: int
    children: tuple[int, ...]
    names: tuple[str, ...] = ()
    chances: tuple[sp.Expr, ...] = ()


class OutcomeTree:
    """A finite perfect-information tree with payoffs per play, and what is known of their differences."""

    def __init__(self, game: Game, box: Mapping[sp.Symbol, tuple[Fraction | None, Fraction | None]]) -> None:
        self.game, self.box = game, box
        self.vertices: list[Vertex] = []
        self.ends: dict[int, tuple[sp.Expr, ...]] = {}
        self._payoffs: dict[Play, tuple[sp.Expr, ...]] = {}
        self._atoms: dict[tuple[int, Play, Play], Atom | bool] = {}
        self._signs: dict[sp.Expr, int] = {}
        self.root = self._add(game.root, ())

    def _add(self, node: Node, history: History) -> int:
        if isinstance(node, Terminal):
            self.vertices.append(Vertex("end", -1, ()))
            number = len(self.vertices) - 1
            self.ends[number] = tuple(node.payoffs[player] for player in self.game.players)
            return number
        if not isinstance(node, Decision | Chance):
            raise NotApplicable(f"a {type(node).__name__} node", place=f"node {show(history)}", remedy="discovery needs a finite tree with perfect information")
        names = tuple(name for name, _ in node.moves)
        children = tuple(self._add(child, (*history, name)) for name, child in node.moves)
        if isinstance(node, Decision):
            self.vertices.append(Vertex("choose", self.game.players.index(node.player), children, names))
        else:
            self.vertices.append(Vertex("chance", -1, children, names, tuple(p for _, p, _ in node.draws)))
        return len(self.vertices) - 1

    def payoffs(self, number: int, play: Play) -> tuple[sp.Expr, ...]:
        """Symbolic payoffs of a play of the subtree at a node."""
        if isinstance(play, int):
            return self.ends[play]
        if play not in self._payoffs:
            vertex = self.vertices[self.chance_of(number, play)]
            parts = [self.payoffs(child, part) for child, part in zip(vertex.children, play, strict=True)]
            self._payoffs[play] = tuple(sp.expand(sp.Add(*(p * part[i] for p, part in zip(vertex.chances, parts, strict=True))))
                                        for i in range(len(self.game.players)))
        return self._payoffs[play]

    def chance_of(self, number: int, play: Play) -> int:
        """The chance node that a lottery play of the subtree belongs to."""
        while self.vertices[number].kind == "choose":
            number = next(child for child in self.vertices[number].children if self.holds(child, play))
        return number

    def holds(self, number: int, play: Play) -> bool:
        """Whether a play belongs to the subtree at a node (numbers are in post-order)."""
        first = play
        while not isinstance(first, int):
            first = first[0]
        return self.lowest(number) <= first <= number and (isinstance(play, int) or self.vertices[number].kind != "end")

    def lowest(self, number: int) -> int:
        """The least node number in a subtree."""
        while self.vertices[number].children:
            number = self.vertices[number].children[0]
        return number

    def atom(self, player: int, left: tuple[sp.Expr, Play], right: tuple[sp.Expr, Play]) -> Atom | bool:
        """The condition left <= right: True or False where that is certain on the space, else a canonical atom."""
        key = (player, left[1], right[1])
        if key not in self._atoms:
            body, orientation = canonical(left[0] - right[0])
            if body.is_Number:
                self._atoms[key] = orientation <= 0
            else:
                sign = self._sign(body) if orientation > 0 else flip(self._sign(body))
                self._atoms[key] = True if sign & ~LE == 0 else False if sign == GT else (body, LE if orientation > 0 else flip(LE))
        return self._atoms[key]

    def _sign(self, body: sp.Expr) -> int:
        """Signs that a polynomial can take on the box, by interval arithmetic (sound, not sharp)."""
        if body not in self._signs:
            low, high = _range(body, self.box)
            mask = LT | EQ | GT
            if low is not None and low >= 0:
                mask &= ~LT
            if high is not None and high <= 0:
                mask &= ~GT
            if (low is not None and low > 0) or (high is not None and high < 0):
                mask &= ~EQ
            self._signs[body] = mask
        return self._signs[body]

    def path(self, play: Play) -> tuple[str, ...]:
        """The moves of a play, branches of chance in braces."""
        number, moves = self.root, []
        while self.vertices[number].kind != "end":
            vertex = self.vertices[number]
            if vertex.kind == "chance":
                assert not isinstance(play, int)
                parts = [OutcomeTree._below(self, child, part) for child, part in zip(vertex.children, play, strict=True)]
                moves.append("{" + " | ".join("/".join((name, *part)) for name, part in zip(vertex.names, parts, strict=True)) + "}")
                break
            k = next(k for k, child in enumerate(vertex.children) if self.holds(child, play))
            moves.append(vertex.names[k])
            number = vertex.children[k]
        return tuple(moves)

    def _below(self, number: int, play: Play) -> tuple[str, ...]:
        kept, self.root = self.root, number
        try:
            return self.path(play)
        finally:
            self.root = kept


def _range(body: sp.Expr, box: Mapping[sp.Symbol, tuple[Fraction | None, Fraction | None]]) -> tuple[Fraction | None, Fraction | None]:
    low: Fraction | None = Fraction(0)
    high: Fraction | None = Fraction(0)
    for term in sp.Add.make_args(body):
        coefficient, rest = term.as_coeff_Mul()
        if not coefficient.is_Rational:
            return None, None
        a, b = Fraction(1), Fraction(1)
        ends: tuple[Fraction | None, Fraction | None] = (a, b)
        for base, power in rest.as_powers_dict().items():
            if base == 1:
                continue
            if base not in box or not power.is_Integer or power < 0:
                return None, None
            for _ in range(int(power)):
                ends = _times(ends, box[base])
        ends = _times(ends, (Fraction(int(coefficient.p), int(coefficient.q)),) * 2)
        low = None if low is None or ends[0] is None else low + ends[0]
        high = None if high is None or ends[1] is None else high + ends[1]
    return low, high


def _times(left: tuple[Fraction | None, Fraction | None], right: tuple[Fraction | None, Fraction | None]) -> tuple[Fraction | None, Fraction | None]:
    """Product of intervals; None is an infinite end."""
    if None not in left and None not in right:
        corners = [a * b for a in left for b in right]  # type: ignore[operator]
        return min(corners), max(corners)
    if left[0] is not None and left[0] >= 0 and right[0] is not None and right[0] >= 0:
        return left[0] * right[0], None
    if left[0] is not None and left[0] == left[1] and left[0] < 0:
        return (None if right[1] is None else left[0] * right[1]), (None if right[0] is None else left[0] * right[0])
    if right[0] is not None and right[0] == right[1]:
        return _times(right, left) if right[0] < 0 or (left[0] is not None and left[0] >= 0) else _scaled(left, right[0])
    return None, None


def _scaled(interval: tuple[Fraction | None, Fraction | None], factor: Fraction) -> tuple[Fraction | None, Fraction | None]:
    return (None if interval[0] is None else interval[0] * factor), (None if interval[1] is None else interval[1] * factor)


class AtPoint:
    """The subgame-perfect plays of every subtree at one rational point, and the reasons for one of them."""

    def __init__(self, tree: OutcomeTree, point: Mapping[sp.Symbol, sp.Expr]) -> None:
        self.tree, self.at = tree, Evaluator(point)
        self._values: dict[Play, tuple[sp.Expr, ...]] = {}
        self.plays: list[list[Play]] = []
        for number, vertex in enumerate(tree.vertices):
            self.plays.append(self._plays(number, vertex))
        self._bounds: dict[tuple[int, int, Play], Reasons | None] = {}
        self._proofs: dict[tuple[int, Play], Reasons] = {}

    def value(self, number: int, play: Play) -> tuple[sp.Expr, ...]:
        """Payoffs of a play at the point."""
        if play not in self._values:
            self._values[play] = tuple(self.at(u) for u in self.tree.payoffs(number, play))
        return self._values[play]

    def _plays(self, number: int, vertex: Vertex) -> list[Play]:
        if vertex.kind == "end":
            return [number]
        branches = [self.plays[child] for child in vertex.children]
        if vertex.kind == "chance":
            total = 1
            for branch in branches:
                total *= len(branch)
            if total > _LIMIT:
                raise TooLarge(f"{total} equilibrium plays at a chance move", place="outcome discovery", remedy="fix more parameters")
            return [tuple(play) for play in product(*branches)]
        mover = vertex.mover
        floors = [min(self.value(child, play)[mover] for play in branch) for child, branch in zip(vertex.children, branches, strict=True)]
        level = max(floors)
        return [play for child, branch in zip(vertex.children, branches, strict=True) for play in branch if self.value(child, play)[mover] >= level]

    def reasons(self, number: int, play: Play) -> Reasons:
        """Inequalities that make a play subgame perfect in the subtree at a node."""
        key = (number, play)
        if key not in self._proofs:
            vertex = self.tree.vertices[number]
            found: Reasons = frozenset()
            if vertex.kind == "chance":
                assert not isinstance(play, int)
                for child, part in zip(vertex.children, play, strict=True):
                    found |= self.reasons(child, part)
            elif vertex.kind == "choose":
                chosen = next(child for child in vertex.children if self.tree.holds(child, play))
                found = self.reasons(chosen, play)
                target = (self.tree.payoffs(chosen, play)[vertex.mover], play)
                for child in vertex.children:
                    if child != chosen:
                        bound = self.bound(child, vertex.mover, target, self.value(chosen, play)[vertex.mover])
                        assert bound is not None
                        found |= bound
            self._proofs[key] = found
        return self._proofs[key]

    def bound(self, number: int, player: int, target: tuple[sp.Expr, Play], level: sp.Expr) -> Reasons | None:
        """Inequalities that give the subtree an equilibrium worth at most `target` to a player; None if it has none here."""
        key = (number, player, target[1])
        if key not in self._bounds:
            self._bounds[key] = self._bound(number, player, target, level)
        return self._bounds[key]

    def _bound(self, number: int, player: int, target: tuple[sp.Expr, Play], level: sp.Expr) -> Reasons | None:
        vertex = self.tree.vertices[number]
        if vertex.kind == "end":
            return self._below(number, number, player, target, level)
        parts = [self.bound(child, player, target, level) for child in vertex.children]
        everywhere = None if any(part is None for part in parts) else frozenset().union(*(part for part in parts if part is not None))
        if vertex.kind == "choose" and vertex.mover == player:
            return everywhere
        best = everywhere
        for play in self.plays[number]:
            if best is not None and len(best) <= 1:
                break
            below = self._below(number, play, player, target, level)
            if below is not None:
                whole = below | self.reasons(number, play)
                best = whole if best is None or len(whole) < len(best) else best
        return best

    def _below(self, number: int, play: Play, player: int, target: tuple[sp.Expr, Play], level: sp.Expr) -> Reasons | None:
        if self.value(number, play)[player] > level:
            return None
        atom = self.tree.atom(player, (self.tree.payoffs(number, play)[player], play), target)
        return frozenset() if atom is True else None if atom is False else frozenset((atom,))
