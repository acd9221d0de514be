"""Supports of an n-player game, and their indifference conditions as exact polynomials.

Player i has payoffs u_i in integers (a positive multiple of the game's). On a support S the unknowns are
the weights of all actions in S but the first of each player, whose weight is one minus the others'; the
equations u_i(a, x) = u_i(a_0, x) for a in S_i are multilinear, and so are the conditions on actions outside.

Reference: Porter, Nudelman and Shoham (2008), Games and Economic Behavior 63(2), 642-662.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product
from typing import Any

import numpy as np
from flint import arb, ctx, fmpq_poly, fmpz_mpoly, fmpz_mpoly_ctx
from numpy.typing import NDArray

from bargain.kernels.algebraic import RealRoot
from bargain.kernels.varieties import Point

__all__ = ["Support", "System", "is_pure_equilibrium", "supports", "weights"]

Support = tuple[tuple[int, ...], ...]
Table = NDArray[Any]  # integers: int64, or Python's where these are too large
_PRECISION = 128


def supports(payoffs: Sequence[Table]) -> Iterator[Support]:
    """The supports in which no action is strictly dominated by another, given the supports of the others; small ones first."""
    sizes = payoffs[0].shape
    choices = [[own for size in range(1, m + 1) for own in combinations(range(m), size)] for m in sizes]
    for support in sorted(product(*choices), key=lambda chosen: [len(own) for own in chosen]):
        if all(_undominated(payoff, player, support) for player, payoff in enumerate(payoffs)):
            yield support


def _undominated(payoff: Table, player: int, support: Support) -> bool:
    others = [list(own) if j != player else list(range(payoff.shape[player])) for j, own in enumerate(support)]
    rows = np.moveaxis(payoff[np.ix_(*others)], player, 0).reshape(payoff.shape[player], -1)
    return not any((rows > rows[a]).all(axis=1).any() for a in support[player])


def is_pure_equilibrium(payoffs: Sequence[Table], cell: Sequence[int]) -> bool:
    """Whether no player gains by another action at a pure profile."""
    return all(bool((np.moveaxis(payoff, i, -1)[tuple(a for j, a in enumerate(cell) if j != i)] <= payoff[tuple(cell)]).all())
               for i, payoff in enumerate(payoffs))


@dataclass(frozen=True)
class System:
    """The conditions for an equilibrium with exactly these supports."""

    payoffs: tuple[Table, ...]
    support: Support

    @cached_property
    def unknowns(self) -> tuple[tuple[int, int], ...]:
        """The unknown weights, as (player, place in the support); places start at one."""
        return tuple((j, k) for j, own in enumerate(self.support) for k in range(1, len(own)))

    @cached_property
    def ring(self) -> fmpz_mpoly_ctx:
        """Integer polynomials in the unknowns."""
        return fmpz_mpoly_ctx.get(tuple(f"x{j}_{k}" for j, k in self.unknowns), "degrevlex")

    @cached_property
    def equations(self) -> tuple[fmpz_mpoly, ...]:
        """What vanishes where every player is indifferent among the actions of the support."""
        return tuple(self._gap(i, a, own[0]) for i, own in enumerate(self.support) for a in own[1:])

    @cached_property
    def outside(self) -> tuple[fmpz_mpoly, ...]:
        """What is at most zero where no action outside the supports pays more."""
        return tuple(self._gap(i, b, own[0]) for i, own in enumerate(self.support) for b in range(self.payoffs[i].shape[i]) if b not in own)

    @cached_property
    def positive(self) -> tuple[fmpz_mpoly, ...]:
        """The weights of mixing players, all positive."""
        gens = dict(zip(self.unknowns, self.ring.gens(), strict=True))
        mixing = [[gens[j, k] for k in range(1, len(own))] for j, own in enumerate(self.support) if len(own) > 1]
        one = self.ring.constant(1)
        return tuple(w for own in mixing for w in (one - sum(own[1:], own[0]), *own))

    def _gap(self, i: int, a: int, b: int) -> fmpz_mpoly:
        """u_i(a, x) - u_i(b, x): a difference along each mixing player's axis per unknown of that player."""
        found = self.differences(i, a, b)
        others = [j for j in range(len(self.support)) if j != i]
        for axis in range(len(others)):
            found = np.moveaxis(found, axis, 0).copy()
            found[1:] = found[1:] - found[0]
            found = np.moveaxis(found, 0, axis)
        place = {unknown: k for k, unknown in enumerate(self.unknowns)}
        terms = {}
        for index in product(*(range(n) for n in found.shape)):
            value = int(found[index])
            if value:
                exponents = [0] * len(place)
                for j, k in zip(others, index, strict=True):
                    if k:
                        exponents[place[j, k]] = 1
                terms[tuple(exponents)] = value
        return self.ring.from_dict(terms)

    def differences(self, i: int, a: int, b: int) -> Table:
        """u_i(a, .) - u_i(b, .) at the pure profiles of the others' supports."""
        payoff = np.moveaxis(self.payoffs[i], i, 0)
        others = [own for j, own in enumerate(self.support) if j != i]
        first, second = (payoff[np.ix_([action], *others)].astype(object)[0] for action in (a, b))
        return np.asarray(first - second, dtype=object)

    def holds(self, point: Point) -> bool:
        """Whether a zero of the equations is an equilibrium with exactly this support."""
        strategies = weights(self.support, point)
        if any(point.root.sign(w) <= 0 for own in strategies for w in own):
            return False
        return all(self._gap_sign(i, b, point.root, strategies) <= 0
                   for i, own in enumerate(self.support) for b in range(self.payoffs[i].shape[i]) if b not in own)

    def _gap_sign(self, i: int, b: int, root: RealRoot, strategies: Sequence[Sequence[fmpq_poly]]) -> int:
        """The sign of u_i(b, x) - u_i(a_0, x): by intervals, and exactly where these do not tell."""
        table = self.differences(i, b, self.support[i][0])
        others = [own for j, own in enumerate(strategies) if j != i]
        with ctx.workprec(_PRECISION):
            near = mean(table, [[root.value(w, _PRECISION) for w in own] for own in others], arb)
            if near > 0:
                return 1
            if near < 0:
                return -1
        return root.sign(mean(table, others, lambda value: fmpq_poly([value]), root.reduced))


def mean(table: Table, strategies: Sequence[Sequence[Any]], number: Any, reduced: Any = lambda value: value) -> Any:
    """The expectation of a table of integers (one axis per strategy); `number` makes an integer one of the weights' kind."""
    if not strategies:
        return number(int(table))
    first, *rest = strategies
    total = number(0)
    for w, part in zip(first, table, strict=True):
        total = total + reduced(w * mean(part if rest else np.asarray(part, dtype=object), rest, number, reduced))
    return total


def weights(support: Support, point: Point) -> list[list[fmpq_poly]]:
    """Every player's weights on the support, the first one minus the others'."""
    found, start = [], 0
    for own in support:
        rest = list(point.coordinates[start : start + len(own) - 1])
        start += len(rest)
        found.append([fmpq_poly([1]) - sum(rest, fmpq_poly([0])), *rest])
    return found
