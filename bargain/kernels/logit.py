"""Logit responses in a game in strategic form, n players, as a curve in (log-probabilities, rationality).

With x the logarithms of all players' action probabilities and u_i(a) the expected payoff of a against the others,

    sum_a exp(x_a) = 1   and   x_a - x_b = rationality * (u_i(a) - u_i(b))   for every action a of i, b the first of i.

The principal branch starts at the uniform profile at rationality 0 and is followed by predictor and corrector in both x and
the rationality, so that it may turn back. Logarithms keep probabilities far below the smallest float. The compiled twin is csource/logit.h.
Sources: McKelvey and Palfrey (1995), Games and Economic Behavior 10:6-38; Turocy (2005), Games and Economic Behavior 51:243-263.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from bargain.errors import NotDecided
from bargain.kernels.continuation import Curve, Floats
from bargain.kernels.core import compiled

__all__ = ["LogitGame"]

_FIRST, _MOST = 16, 20_000  # points asked of the compiled twin at first, and in all


@dataclass(frozen=True)
class LogitGame:
    """payoffs: one array per player, of the shape of the game. A point z is (x, rationality), all players' actions in order."""

    payoffs: tuple[Floats, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of actions of each player."""
        return self.payoffs[0].shape

    @property
    def blocks(self) -> list[slice]:
        """Where each player's actions stand in x."""
        ends = np.cumsum((0, *self.shape))
        return [slice(int(low), int(high)) for low, high in zip(ends, ends[1:], strict=False)]

    @property
    def start(self) -> Floats:
        """The uniform profile at rationality 0."""
        return np.concatenate([*(np.full(m, -np.log(m)) for m in self.shape), [0.0]])

    def utilities(self, weights: Floats) -> Floats:
        """Expected payoff of every action against the others' mixtures; weights and result (K,)."""
        return np.concatenate([self._contracted(k, (k,), weights) for k in range(len(self.shape))])

    def marginals(self, player: int, other: int, weights: Floats) -> Floats:
        """A player's payoff from each action against each of one other player's, averaged over the rest; (own actions, the other's)."""
        return self._contracted(player, (player, other), weights)

    def residual(self, z: Floats) -> Floats:
        """The equations, (K,)."""
        x, weights = z[:-1], np.exp(z[:-1])
        utilities, found = self.utilities(weights), np.empty(len(x))
        for block in self.blocks:
            found[block] = x[block] - x[block.start] - z[-1] * (utilities[block] - utilities[block.start])
            found[block.start] = weights[block].sum() - 1
        return found

    def jacobian(self, z: Floats) -> Floats:
        """Their derivatives in x and the rationality, (K, K + 1)."""
        weights, size = np.exp(z[:-1]), len(z) - 1
        utilities, found = self.utilities(weights), np.zeros((size, size + 1))
        for i, own in enumerate(self.blocks):
            for j, other in enumerate(self.blocks):
                if i != j:
                    marginal = self.marginals(i, j, weights) * weights[other]
                    found[own, other] = -z[-1] * (marginal - marginal[0])
            found[own, own] = np.eye(self.shape[i])
            found[own, own.start] -= 1
            found[own, -1] = utilities[own.start] - utilities[own]
            found[own.start] = 0
            found[own.start, own] = weights[own]
        return found

    def branch(self) -> Iterator[Floats]:
        """Points of the principal branch, from rationality 0 on, without end; `NotDecided` where it is lost or after 20,000 points.

        Where the branch crosses another one (a bifurcation, as symmetric games have), it is followed straight on. The compiled twin, where it is in
        use, adapts its steps by the same rules: its points lie on the same curve, to the same accuracy, but need not be the same points.
        """
        module = compiled()
        return Curve(self.residual, self.jacobian).points(self.start, most=_MOST) if module is None else self._compiled_branch(module)

    def _compiled_branch(self, module: Any) -> Iterator[Floats]:
        tables = np.ascontiguousarray(np.stack(self.payoffs), dtype=np.float64)
        size = sum(self.shape) + 1
        state, shape, room, total = np.zeros(2 * size + 1), np.array(self.shape, dtype=np.int32), _FIRST, 0
        while True:
            points = np.empty((room, size))
            found = module.logit_points(len(self.shape), shape, tables, state, points)
            yield from points[:found]
            total += found
            if found < room or total > _MOST:
                raise NotDecided(f"the curve could not be followed beyond {state[size - 1]:.6g}", place="continuation", remedy="ask for a smaller value")
            room = min(2 * room, 1024)

    def first(self, rationality: float) -> Floats:
        """The point at which the principal branch first reaches a rationality.

        >>> pennies = LogitGame((np.array([[9.0, 0.0], [0.0, 1.0]]), np.array([[0.0, 1.0], [1.0, 0.0]])))
        >>> print(np.exp(pennies.first(1.0)[:-1]).round(6))
        [0.893576 0.106424 0.31278  0.68722 ]
        """
        before = self.start
        if rationality == 0:
            return before
        for point in self.branch():
            if point[-1] >= rationality:
                share = (rationality - before[-1]) / (point[-1] - before[-1])
                return self.at(rationality, before + share * (point - before))
            before = point
        raise AssertionError("the branch has no end")

    def at(self, rationality: float, guess: Floats) -> Floats:
        """The point at a rationality near a guess, by Newton's method."""
        return Curve(self.residual, self.jacobian).at(rationality, guess)

    def slope(self, z: Floats) -> Floats:
        """The derivative of x in the rationality along the curve, (K,)."""
        jacobian = self.jacobian(z)
        return np.asarray(np.linalg.solve(jacobian[:, :-1], -jacobian[:, -1]))

    def _contracted(self, player: int, keep: tuple[int, ...], weights: Floats) -> Floats:
        """A player's payoffs averaged over the mixtures of all players not in `keep`; axes in the order of `keep`."""
        axes = list(range(len(self.shape)))
        others = [k for k in axes if k not in keep]
        table = np.transpose(self.payoffs[player], (*keep, *others)).reshape(*(self.shape[k] for k in keep), prod(self.shape[k] for k in others))
        joint = np.ones(1)
        for k in others:
            joint = np.multiply.outer(joint, weights[self.blocks[k]]).ravel()
        return table @ joint
