"""Backward induction on one tree of millions of nodes: level by level in numpy, node by node from the last in C."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bargain.games.large_tree import CHANCE, END, LargeTree
from bargain.kernels.core import compiled

__all__ = ["Induced", "induced"]


@dataclass(frozen=True)
class Induced:
    """A subgame-perfect equilibrium: payoffs (nodes, players) of every subgame, and the move taken at every node, -1 where no player moves."""

    values: NDArray[np.float64]
    choice: NDArray[np.int32]

    def play(self, tree: LargeTree) -> tuple[int, ...]:
        """The moves on the path from the root to the first end or chance node."""
        node, moves = 0, []
        while self.choice[node] >= 0:
            moves.append(int(self.choice[node]))
            node = int(tree.first[node] + self.choice[node])
        return tuple(moves)


def induced(tree: LargeTree) -> Induced:
    """Backward induction; among equally good moves the first.

    >>> tree = LargeTree(("A", "B"), mover=[0, 1, -1, -1, -1], count=[2, 2, 0, 0, 0], payoffs=[[1, 1], [0, 3], [2, 0]])
    >>> found = induced(tree)
    >>> found.values[0].tolist(), found.play(tree)
    ([1.0, 1.0], (1,))
    """
    values = np.empty((tree.nodes, len(tree.players)))
    choice = np.full(tree.nodes, -1, dtype=np.int32)
    core = compiled()
    if core is not None:
        core.large_induction(len(tree.players), tree.mover, tree.count, tree.payoffs, tree.chances, values, choice)
        return Induced(values, choice)
    values[tree.mover == END] = tree.payoffs
    for start, stop in zip(tree.levels[-3::-1], tree.levels[-2:0:-1], strict=True):
        _level(tree, int(start), int(stop), values, choice)
    return Induced(values, choice)


def _level(tree: LargeTree, start: int, stop: int, values: NDArray[np.float64], choice: NDArray[np.int32]) -> None:
    """Payoffs and moves of the nodes from start to stop, whose children have theirs."""
    nodes = np.arange(start, stop)
    inner = nodes[tree.mover[start:stop] >= 0]
    if inner.size:
        best, value = np.zeros(len(inner), dtype=np.int32), values[tree.first[inner], tree.mover[inner]]
        for move in range(1, int(tree.count[inner].max())):
            there = np.flatnonzero(tree.count[inner] > move)
            other = values[tree.first[inner[there]] + move, tree.mover[inner[there]]]
            better = there[other > value[there]]
            best[better], value[better] = move, values[tree.first[inner[better]] + move, tree.mover[inner[better]]]
        choice[inner], values[inner] = best, values[tree.first[inner] + best]
    drawn = nodes[tree.mover[start:stop] == CHANCE]
    if drawn.size:
        total = np.zeros((len(drawn), len(tree.players)))
        for move in range(int(tree.count[drawn].max())):
            there = np.flatnonzero(tree.count[drawn] > move)
            total[there] += tree.chances[tree.weight[drawn[there]] + move][:, None] * values[tree.first[drawn[there]] + move]
        values[drawn] = total
