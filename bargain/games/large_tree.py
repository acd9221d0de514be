"""Game trees of millions of nodes: arrays in breadth-first order, so that the children of a node, and those of a level, are contiguous."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bargain.errors import BadInput, InvalidModel

__all__ = ["CHANCE", "END", "LargeTree"]

END, CHANCE = -1, -2  # who moves where no player does

_Integers = NDArray[np.int64]
_Floats = NDArray[np.float64]


@dataclass(frozen=True)
class LargeTree:
    """A tree of perfect information with payoffs in floats, as arrays over its nodes in breadth-first order; the root is node 0.

    mover: the index of the player who moves, `END`, or `CHANCE`. count: the number of children; they follow those of the node before.
    payoffs: (ends, players), in the order of the ends among the nodes. chances: the probability of each child of a chance node, in the
    order of those children among the nodes. Arrays are checked: InvalidModel says which rule fails.

    >>> tree = LargeTree(("A", "B"), mover=[0, 1, -1, -1, -1], count=[2, 2, 0, 0, 0], payoffs=[[1, 1], [0, 3], [2, 0]])
    >>> tree.nodes, tree.depth, tree.children(1).tolist()
    (5, 2, [3, 4])
    """

    players: tuple[str, ...]
    mover: Any = field(repr=False)
    count: Any = field(repr=False)
    payoffs: Any = field(repr=False)
    chances: Any = field(default=(), repr=False)

    def __post_init__(self) -> None:
        for name, kind in (("mover", np.int8), ("count", np.int32), ("payoffs", np.float64), ("chances", np.float64)):
            object.__setattr__(self, name, np.ascontiguousarray(getattr(self, name), dtype=kind))
        if self.mover.ndim != 1 or not self.mover.size or self.count.shape != self.mover.shape:
            raise InvalidModel(f"count has shape {self.count.shape}, mover {self.mover.shape}", place="LargeTree", remedy="give one of each a node")
        nodes, ends = len(self.mover), int((self.mover == END).sum())
        drawn = int(self.count[self.mover == CHANCE].sum())
        rules = (
            (self.payoffs.shape == (ends, len(self.players)), f"payoffs have shape {self.payoffs.shape} for {ends} ends and {len(self.players)} players"),
            (self.chances.shape == (drawn,), f"{self.chances.size} chances for {drawn} children of chance nodes"),
            (bool(((self.mover >= CHANCE) & (self.mover < len(self.players))).all()), "a mover is neither a player, nor END, nor CHANCE"),
            (bool(((self.count == 0) == (self.mover == END)).all()) and bool((self.count >= 0).all()), "ends have no children, all other nodes have some"),
            (int(self.count.sum()) == nodes - 1, f"the children add up to {int(self.count.sum())}, not to the {nodes - 1} nodes below the root"),
        )
        for holds, problem in rules:
            if not holds:
                raise InvalidModel(problem, place="LargeTree", remedy="see its docstring for the order of nodes")
        if bool((self.first[self.count > 0] <= np.flatnonzero(self.count > 0)).any()):
            raise InvalidModel("a node would be its own descendant", place="LargeTree", remedy="list nodes breadth first")
        if not np.isfinite(self.payoffs).all():
            raise InvalidModel("a payoff is not finite", place="LargeTree", remedy="correct it")
        sums = np.add.reduceat(self.chances, self._draws) if drawn else np.zeros(0)
        if bool((self.chances < 0).any()) or not np.allclose(sums, 1, rtol=0, atol=1e-9):
            raise InvalidModel("chances at a node are negative or do not add up to 1", place="LargeTree", remedy="correct them")

    @cached_property
    def first(self) -> _Integers:
        """The first child of each node (where the next child would be, for an end)."""
        return 1 + np.concatenate([[0], np.cumsum(self.count[:-1], dtype=np.int64)])

    @cached_property
    def parent(self) -> _Integers:
        """The parent of each node; -1 for the root."""
        return np.concatenate([[-1], np.repeat(np.arange(self.nodes), self.count)])

    @cached_property
    def levels(self) -> _Integers:
        """Where each level of the tree starts; the last entry is the number of nodes."""
        starts = [0, 1]
        while starts[-1] < self.nodes:
            starts.append(int(self.first[starts[-1] - 1] + self.count[starts[-1] - 1]))
        return np.array(starts)

    @cached_property
    def row(self) -> _Integers:
        """The row of `payoffs` of each end; -1 elsewhere."""
        return np.where(self.mover == END, np.cumsum(self.mover == END) - 1, -1)

    @cached_property
    def _draws(self) -> _Integers:
        counts = self.count[self.mover == CHANCE]
        return np.concatenate([[0], np.cumsum(counts[:-1], dtype=np.int64)])

    @cached_property
    def weight(self) -> _Integers:
        """The place in `chances` of the first child of each chance node; -1 elsewhere."""
        places = np.full(self.nodes, -1, dtype=np.int64)
        places[self.mover == CHANCE] = self._draws
        return places

    @property
    def nodes(self) -> int:
        """The number of nodes."""
        return len(self.mover)

    @property
    def depth(self) -> int:
        """The number of moves on the longest play."""
        return len(self.levels) - 2

    def children(self, node: int) -> _Integers:
        """The children of a node."""
        return np.arange(self.first[node], self.first[node] + self.count[node])

    def moves(self, node: int) -> tuple[int, ...]:
        """The moves, numbered from 0 at every node, that lead from the root to a node."""
        taken = []
        while node:
            above = int(self.parent[node])
            taken.append(node - int(self.first[above]))
            node = above
        return tuple(reversed(taken))

    @classmethod
    def expanded(cls, players: Sequence[str], start: ArrayLike, expand: Callable[[Any, int], tuple[Any, Any, Any, Any]]) -> "LargeTree":
        """A tree grown level by level by a vectorised rule.

        start: the state of the root, an array (1, ...). expand: from the states (N, ...) of a level and its depth to the movers (N,), the numbers
        of children (N,), the states of all children in order, and the payoffs (ends of the level, players). Chance moves with equal
        chances for its children; give other ones by `dataclasses.replace`.

        >>> def rule(totals, depth):
        ...     last = depth == 3
        ...     counts = np.full(len(totals), 0 if last else 2)
        ...     movers = np.full(len(totals), END if last else depth % 2)
        ...     below = np.repeat(totals, counts) + np.tile([0, 1 + depth], counts.sum() // 2)
        ...     return movers, counts, below, np.column_stack([totals, -totals])[: len(totals) * last]
        >>> LargeTree.expanded(("A", "B"), [0], rule).nodes
        15
        """
        states, depth = np.asarray(start), 0
        movers, counts, payoffs = [], [], []
        while len(states):
            mover, count, below, paid = expand(states, depth)
            mover, count = np.asarray(mover), np.asarray(count)
            if mover.shape != (len(states),) or count.shape != mover.shape or len(below) != count.sum():
                raise BadInput(f"{len(states)} states gave {mover.shape} movers, {count.shape} counts and {len(below)} children", place=f"expand, depth {depth}",
                               remedy="return one mover and one count a state, and all children in order")
            movers.append(mover)
            counts.append(count)
            payoffs.append(np.asarray(paid, dtype=float).reshape(-1, len(players)))
            states, depth = np.asarray(below), depth + 1
        mover, count = np.concatenate(movers), np.concatenate(counts)
        drawn = count[mover == CHANCE]
        return cls(tuple(players), mover, count, np.concatenate(payoffs), np.repeat(1 / np.maximum(drawn, 1), drawn))

    @classmethod
    def grown(cls, players: Sequence[str], start: Any, describe: Callable[[Any], tuple[Any, Any]]) -> "LargeTree":
        """A tree grown from any Python states by a rule for one state.

        describe: from a state to (player, list of states that her moves lead to), (None, payoffs by player) at an end, or
        ("chance", list of (probability, state)). "chance" is chance unless a player has that name.

        >>> rule = lambda left: (None, (left, 3 - left)) if left == 1 else ("A" if left % 2 else "B", [left - 1, 1])
        >>> LargeTree.grown(("A", "B"), 3, rule).payoffs.tolist()
        [[1.0, 2.0], [1.0, 2.0], [1.0, 2.0]]
        """
        index = {player: number for number, player in enumerate(players)}
        mover, count, payoffs, chances = [], [], [], []
        level = [start]
        while level:
            below: list[Any] = []
            for state in level:
                who, what = describe(state)
                if who is None:
                    mover.append(END)
                    count.append(0)
                    payoffs.append([float(x) for x in (what.values() if isinstance(what, dict) else what)])
                    continue
                if who not in index and who != "chance":
                    known = f"players: {', '.join(players)}; None at an end, 'chance' for chance"
                    raise BadInput(f"{who!r} moves at state {state!r}"[:200], place="describe", remedy=known)
                mover.append(index.get(who, CHANCE))
                count.append(len(what))
                chances += [] if who in index else [float(probability) for probability, _ in what]
                below += what if who in index else [state for _, state in what]
            level = below
        return cls(tuple(players), mover, count, np.array(payoffs).reshape(-1, len(players)), chances)
