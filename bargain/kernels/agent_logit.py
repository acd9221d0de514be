"""Agent logit responses on a tree: every information set answers the others with noise.

The agent at an information set plays action a with probability proportional to
exp(rationality * expected payoff of a given that the set is reached). Strategies are kept as
logarithms x, so that probabilities far below the smallest float still have definite beliefs.
Source: McKelvey and Palfrey (1998), Experimental Economics 1:9-41; tracing after
Turocy (2010), Economic Theory 42:255-269.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from bargain.kernels.continuation import Curve, Floats

Integers = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class AgentTree:
    """A tree as arrays, nodes numbered parents first, n nodes, K actions over all information sets.

    parent: (n,), -1 at the root. action: (n,) the action that leads to the node, -1 after chance.
    chance: (n,) the probability of the move to the node, 1 after a decision. depth: (n,).
    payoffs: (players, n), zero at inner nodes. owner: (K,) the player whose action it is.
    sets: (K,) the information set of each action, numbered so that actions of a set are consecutive.
    """

    parent: Integers
    action: Integers
    chance: Floats
    depth: Integers
    payoffs: Floats
    owner: Integers
    sets: Integers

    def __post_init__(self) -> None:
        levels = [np.flatnonzero(self.depth == d) for d in range(1, int(self.depth.max(initial=0)) + 1)]
        object.__setattr__(self, "_levels", levels)
        object.__setattr__(self, "_moves", np.flatnonzero(self.action >= 0))
        object.__setattr__(self, "_first", np.searchsorted(self.sets, np.arange(int(self.sets.max(initial=-1)) + 1)))

    def log_reach(self, x: Any) -> Any:
        """Logarithm of the probability that each node is reached, (n, B), and of the move to it, (n, B)."""
        edge = np.zeros((self.parent.size, x.shape[1]), dtype=x.dtype)
        with np.errstate(divide="ignore"):
            edge += np.log(self.chance)[:, None]
        moves = self._moves  # type: ignore[attr-defined]
        edge[moves] += x[self.action[moves]]
        reach = np.zeros_like(edge)
        for level in self._levels:  # type: ignore[attr-defined]
            reach[level] = reach[self.parent[level]] + edge[level]
        return reach, edge

    def utilities(self, x: Any) -> Any:
        """Expected payoff of each action given that its set is reached, (K, B), for log-probabilities x of shape (K, B), real or complex."""
        levels, moves = self._levels, self._moves  # type: ignore[attr-defined]
        reach, edge = self.log_reach(x)
        values = np.zeros((self.payoffs.shape[0], *edge.shape), dtype=x.dtype) + self.payoffs[:, :, None]
        weight = np.exp(edge)
        for level in reversed(levels):
            for own in values:
                np.add.at(own, self.parent[level], weight[level] * own[level])
        into = self.action[moves]
        log = reach[self.parent[moves]]
        top = np.full(x.shape, -np.inf)
        np.maximum.at(top, into, log.real)
        believed = np.exp(log - np.where(np.isfinite(top), top, 0.0)[into])
        mass, worth = np.zeros(x.shape, dtype=x.dtype), np.zeros(x.shape, dtype=x.dtype)
        np.add.at(mass, into, believed)
        np.add.at(worth, into, believed * values[self.owner[into], moves])
        return worth / mass

    def residual(self, z: Floats) -> Floats:
        """F(x, rationality): log-odds minus rationality times payoff differences; one equation per set says that probabilities sum to one."""
        return np.asarray(self._equations(z[:-1, None], z[-1])[:, 0])

    def jacobian(self, z: Floats) -> Floats:
        """The derivative of F, (K, K + 1), by complex steps (exact to rounding; Squire and Trapp 1998)."""
        size = z.size - 1
        x = np.repeat(z[:-1, None], size, axis=1).astype(complex)
        x[np.arange(size), np.arange(size)] += 1e-30j
        left = self._equations(x, z[-1]).imag / 1e-30
        utilities = self.utilities(z[:-1, None])[:, 0]
        last = -(utilities - utilities[self._first[self.sets]])  # type: ignore[attr-defined]
        return np.column_stack([left, last])

    def _equations(self, x: Any, rationality: float) -> Any:
        first = self._first  # type: ignore[attr-defined]
        utilities = self.utilities(x)
        base = first[self.sets]
        found = x - x[base] - rationality * (utilities - utilities[base])
        total = np.zeros((first.size, x.shape[1]), dtype=x.dtype)
        np.add.at(total, self.sets, np.exp(x))
        found[first] = total - 1
        return found

    @property
    def uniform(self) -> Floats:
        """The point of the branch at rationality 0: every action of a set equally likely."""
        counts = np.bincount(self.sets)
        return np.append(-np.log(counts[self.sets]), 0.0)

    @property
    def curve(self) -> Curve:
        """The graph of the correspondence, to be followed from `uniform`."""
        return Curve(self.residual, self.jacobian)
