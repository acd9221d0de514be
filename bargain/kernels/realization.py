"""The sequence form of a two-player game as numbers, and all its extreme equilibria, exactly.

Player 1 has sequences 0 (empty), 1, ..., each belonging to an information set but the empty one; a
realization plan x has x_0 = 1, x >= 0 and the weights at an information set add up to the weight of
the sequence before it. With v_J the value of player 2's set J, the best-response polyhedron is

    {(x, v) : x a realization plan,  v_J >= (x B)_t + sum of v_K over sets K after t,  t at J},

and (x, y) is an equilibrium if and only if every sequence of either player is either not played
or tight on the other side. Only vertices at which every set has a tight sequence can take part; their
number is that of realization plans, not of the mixed strategies equivalent to them.
Source: von Stengel (1996), Games and Economic Behavior 14:220-246; Audet, Belhaiza and Hansen
(2009), A new sequence form approach for the enumeration and refinement of all extreme Nash
equilibria for extensive form games, International Game Theory Review 11(4):437-451.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from math import gcd, lcm

from flint import fmpz_mat

from bargain.errors import TooLarge
from bargain.kernels.bimatrix import maximal_nash_subsets
from bargain.kernels.exact_lp import LinearProgram, Optimal, solve_lp
from bargain.kernels.polytope import cut

__all__ = ["RealizationForm", "cone_rays", "extreme_realizations"]

Weights = tuple[Fraction, ...]
Sets = tuple[tuple[int, tuple[int, ...]], ...]
_RAYS = 20_000


@dataclass(frozen=True)
class RealizationForm:
    """sets: per player, (the sequence before the set, the sequences at it), parents first; payoffs: (s, t) -> both players' payoffs.

    Sequences are numbered set by set from 1; 0 is the empty one. Absent pairs pay nothing. chances: for the same pairs,
    nature's chance of the ends that they lead to (needed by `bargain.kernels.lemke` only).
    """

    sets: tuple[Sets, Sets]
    payoffs: Mapping[tuple[int, int], tuple[Fraction, Fraction]]
    chances: Mapping[tuple[int, int], Fraction] = field(default_factory=dict)

    @property
    def sizes(self) -> tuple[int, int]:
        """The number of sequences of each player, the empty one included."""
        first, second = (1 + sum(len(own) for _, own in side) for side in self.sets)
        return first, second

    def transposed(self) -> "RealizationForm":
        """The same game with the players exchanged."""
        return RealizationForm((self.sets[1], self.sets[0]), {(t, s): (b, a) for (s, t), (a, b) in self.payoffs.items()},
                               {(t, s): chance for (s, t), chance in self.chances.items()})

    def best_reply(self, player: int, other: Sequence[Fraction]) -> Fraction:
        """The most that player 0 or 1 gets against a realization plan of the other: dynamic programming over her sets."""
        value = [Fraction(0)] * self.sizes[player]
        for pair, paid in self.payoffs.items():
            value[pair[player]] += paid[player] * other[pair[1 - player]]
        for before, sequences in reversed(self.sets[player]):
            value[before] += max(value[s] for s in sequences)
        return value[0]

    def expected(self, x: Sequence[Fraction], y: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
        """What two realization plans pay."""
        weights = [(x[s] * y[t], paid) for (s, t), paid in self.payoffs.items() if x[s] and y[t]]
        return sum((w * a for w, (a, _) in weights), Fraction(0)), sum((w * b for w, (_, b) in weights), Fraction(0))


def extreme_realizations(form: RealizationForm) -> list[tuple[Weights, Weights]]:
    """Every extreme equilibrium, as realization plans; the convex hulls of `maximal_nash_subsets` are all equilibria.

    More than 20,000 rays in an intermediate cone are refused.

    >>> pennies = {(1, 1): (1, -1), (1, 2): (-1, 1), (2, 1): (-1, 1), (2, 2): (1, -1)}
    >>> one = ((0, (1, 2)),)
    >>> extreme_realizations(RealizationForm((one, one), {cell: (Fraction(a), Fraction(b)) for cell, (a, b) in pennies.items()}))
    [((Fraction(1, 1), Fraction(1, 2), Fraction(1, 2)), (Fraction(1, 1), Fraction(1, 2), Fraction(1, 2)))]
    """
    xs, ys = _vertices(form), _vertices(form.transposed())
    found = []
    for x, unused, tight in xs:
        for y, idle, best in ys:
            if not (~unused & ~best or ~idle & ~tight):
                found.append((x, y))
    kept: set[tuple[Weights, Weights]] = set()
    for left, right in maximal_nash_subsets(found):
        kept |= set(product(_corners(left), _corners(right)))
    return sorted(kept, reverse=True)


def _corners(points: Sequence[Weights]) -> list[Weights]:
    """The points that are no mixture of the others: vertices that differ only by values of sets nobody reaches may be."""
    kept = list(points)
    for point in points if len(points) > 2 else ():
        others = [other for other in kept if other != point]
        equations = [*zip(*others, strict=True), [1] * len(others)]
        if isinstance(solve_lp(LinearProgram([0] * len(others), a_eq=equations, b_eq=[*point, 1])), Optimal):
            kept = others
    return kept


def _vertices(form: RealizationForm) -> list[tuple[Weights, int, int]]:
    """Realization plans x of player 1 at a vertex: weights, and the sequences of x that are zero and of player 2 that are tight, as bit sets.

    Bits from the number of sequences on are set in both, so that their complements compare.
    """
    (mine, yours), (n, m) = form.sets, form.sizes
    own, width = _coordinates(mine, n, len(yours))
    value = {t: k for k, (_, sequences) in enumerate(yours) for t in sequences}
    scale = lcm(*(b.denominator for _, b in form.payoffs.values()), 1)
    slack = [[0] * width for _ in range(m)]
    for (s, t), (_, b) in form.payoffs.items():
        if t and b:
            slack[t] = [have - int(b * scale) * part for have, part in zip(slack[t], own[s], strict=True)]
    for t, k in value.items():
        slack[t][width - len(yours) + k] += 1
    for k, (before, _) in enumerate(yours):
        if before:
            slack[before][width - len(yours) + k] -= 1
    rays = cone_rays([*own[1:], *slack[1:]] if n > 1 else [own[0], *slack[1:]])
    found = []
    first = n - 1 if n > 1 else 1
    for ray, labels in rays:
        if ray[0] == 0:
            continue
        unused, tight = (labels & ((1 << first) - 1)) << 1 if n > 1 else 0, (labels >> first) << 1
        if all(any(tight >> t & 1 for t in sequences) for _, sequences in yours):
            x = tuple(Fraction(sum(a * b for a, b in zip(row, ray, strict=True)), ray[0]) for row in own)
            found.append((x, unused | -1 << n, tight | 1 | -1 << m))
    return found


def _coordinates(sets: Sets, size: int, values: int) -> tuple[list[list[int]], int]:
    """Every weight as a linear form in free coordinates: the scale, all but the last weight of each set, then the other side's values."""
    width = size - len(sets) + values
    own = [[0] * width for _ in range(size)]
    own[0][0] = 1
    free = 1
    for before, sequences in sets:
        *others, last = sequences
        own[last] = list(own[before])
        for s in others:
            own[s][free] = 1
            own[last][free] -= 1
            free += 1
    return own, width


def cone_rays(rows: Sequence[Sequence[int]]) -> list[tuple[list[int], int]]:
    """The extreme rays of the pointed cone {z : rows z >= 0}: primitive integer coordinates, and the bit set of the rows that are tight.

    Double description, as in `bargain.kernels.polytope`, from the cone of independent rows.

    >>> cone_rays([[1, 0], [0, 1], [2, -1]])
    [([1, 0], 2), ([1, 2], 4)]
    """
    width = len(rows[0])
    basis = _independent(rows, width)
    inverse, scale = fmpz_mat([list(rows[r]) for r in basis]).inv().numer_denom()
    pending = [r for r in range(len(rows)) if r not in set(basis)][::-1]
    points, labels = [], []
    every = sum(1 << r for r in basis)
    for column, r in enumerate(basis):
        ray = [int(inverse[i, column]) * (1 if scale > 0 else -1) for i in range(width)]
        content = gcd(*ray)
        ray = [entry // content for entry in ray]
        points.append(ray + [sum(a * b for a, b in zip(rows[k], ray, strict=True)) for k in pending])
        labels.append(every ^ 1 << r)
    for r in reversed(pending):
        points, labels = cut(points, labels, width - 1, 1 << r)
        if len(points) > _RAYS:
            raise TooLarge(f"more than {_RAYS} rays of a best-response cone", place="all equilibria in the sequence form",
                           remedy="use Lemke() for one equilibrium, or Minimax() for a zero-sum game")
    return sorted(zip(points, labels, strict=True))


def _independent(rows: Sequence[Sequence[int]], width: int) -> list[int]:
    """The first rows that span the space."""
    reduced, _, rank = fmpz_mat([list(column) for column in zip(*rows, strict=True)]).rref()
    assert rank == width, "the cone contains a line"
    return [next(c for c in range(len(rows)) if reduced[r, c] != 0) for r in range(width)]
