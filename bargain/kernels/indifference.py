"""Supports of an n-player game, and their indifference conditions as exact polynomials.

Player i has payoffs u_i in integers (a positive multiple of the game's). On a support S the unknowns are
the weights of all actions in S but the first of each player, whose weight is one minus the others'; the
equations u_i(a, x) = u_i(a_0, x) for a in S_i are multilinear, and so are the conditions on actions outside.

Reference: Porter, Nudelman and Shoham (2008), Games and Economic Behavior 63(2), 642-662.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, combinations, product
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
    listed, others = _plan(payoffs[0].shape)
    dominated = [_dominated(payoff, player, those) for player, (payoff, those) in enumerate(zip(payoffs, others, strict=True))]
    for support, places in listed:
        for played, (bits, number) in zip(dominated, places, strict=True):
            if bits & played[number]:
                break
        else:
            yield support


@lru_cache(maxsize=16)
def _plan(shape: tuple[int, ...]) -> tuple[list[tuple[Support, list[tuple[int, int]]]], list[list[int]]]:
    """All supports in order, each with every player's actions as bits and the number of the others' supports; and these by number, as sets of profiles.

    A set of the others' profiles is the bits of an integer, the last of them varying fastest.
    """
    choices = [[own for size in range(1, m + 1) for own in combinations(range(m), size)] for m in shape]
    places = [[[k for k, own in enumerate(listed) if len(own) == size] for size in range(1, m + 1)] for m, listed in zip(shape, choices, strict=True)]
    bits = [[sum(1 << a for a in own) for own in listed] for listed in choices]
    others, numbers = [], []
    for i in range(len(shape)):
        cells = 1
        profiles: dict[tuple[int, ...], int] = {(): 1}
        for j in (j for j in reversed(range(len(shape))) if j != i):
            spread = [sum(1 << a * cells for a in own) for own in choices[j]]
            profiles = {(k, *rest): steps * inner for k, steps in enumerate(spread) for rest, inner in profiles.items()}
            cells *= shape[j]
        others.append(list(profiles.values()))
        numbers.append({which: number for number, which in enumerate(profiles)})
    order = chain.from_iterable(product(*alike) for alike in product(*places))
    return [(tuple(own[k] for own, k in zip(choices, which, strict=True)),
             [(bits[i][k], numbers[i][which[:i] + which[i + 1:]]) for i, k in enumerate(which)]) for which in order], others


def _dominated(payoff: Table, player: int, others: Sequence[int]) -> list[int]:
    """The player's actions, as bits, that another one strictly dominates, for every set of the others' profiles: none is left at which it is as good."""
    rows = np.moveaxis(payoff, player, 0).reshape(payoff.shape[player], -1).tolist()
    as_good = [[sum(1 << c for c, (u, v) in enumerate(zip(row, other, strict=True)) if u >= v) for other in rows if other is not row] for row in rows]
    found = [0] * len(others)
    for a, masks in enumerate(as_good):
        for mask in masks:
            for number, those in enumerate(others):
                if not mask & those:
                    found[number] |= 1 << a
    return found


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
        place = {unknown: k for k, unknown in enumerate(self.unknowns)}
        terms = [((0,) * len(place), self.differences(i, a, b))]
        for j in (j for j in range(len(self.support)) if j != i):
            terms = [(tuple(e + (k > 0 and n == place[j, k]) for n, e in enumerate(exponents)), part if k == 0 else _minus(part, parts[0]))
                     for exponents, parts in terms for k, part in enumerate(parts)]
        return self.ring.from_dict({exponents: value for exponents, value in terms if value})

    def differences(self, i: int, a: int, b: int) -> Any:
        """u_i(a, .) - u_i(b, .) at the pure profiles of the others' supports, as nested lists."""
        others = [own for j, own in enumerate(self.support) if j != i]
        payoff = np.moveaxis(self.payoffs[i], i, 0)
        return _minus(_chosen(payoff[a].tolist(), others), _chosen(payoff[b].tolist(), others))

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


def _chosen(table: Any, rows: Sequence[Sequence[int]]) -> Any:
    """The entries of a nested list at the given places along each axis."""
    if not rows:
        return table
    return [_chosen(table[k], rows[1:]) for k in rows[0]]


def _minus(first: Any, second: Any) -> Any:
    """The difference of two nested lists of one shape."""
    if isinstance(first, list):
        return [_minus(a, b) for a, b in zip(first, second, strict=True)]
    return first - second


def mean(table: Any, strategies: Sequence[Sequence[Any]], number: Any, reduced: Any = lambda value: value) -> Any:
    """The expectation of nested lists of integers (one axis per strategy); `number` makes an integer one of the weights' kind."""
    if not strategies:
        return number(table)
    first, *rest = strategies
    total = number(0)
    for w, part in zip(first, table, strict=True):
        total = total + reduced(w * mean(part, rest, number, reduced))
    return total


def weights(support: Support, point: Point) -> list[list[fmpq_poly]]:
    """Every player's weights on the support, the first one minus the others'."""
    found, start = [], 0
    for own in support:
        rest = list(point.coordinates[start : start + len(own) - 1])
        start += len(rest)
        found.append([fmpq_poly([1]) - sum(rest, fmpq_poly([0])), *rest])
    return found
