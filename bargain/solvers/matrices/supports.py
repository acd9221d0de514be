"""Extreme Nash equilibria of a bimatrix game whose payoffs may be symbolic.

The vertices of the best-response polytopes are the basic solutions of equal-size supports
(I, J): A_IJ y = u, sum y = 1, y >= 0, and no other row above u. A pair of vertices is an
equilibrium iff every action is either unplayed or a best reply. Rational games go to the
exact vertex enumeration of `bargain.kernels.bimatrix`.
Source: Mangasarian (1964), SIAM Journal 12:778-780; Avis, Rosenberg, Savani and von Stengel
(2010), Economic Theory 42:9-37.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import comb

import sympy as sp

from bargain.errors import TooLarge
from bargain.kernels.bimatrix import extreme_equilibria
from bargain.regions import Oracle

Matrix = Sequence[Sequence[sp.Expr]]
Profile = tuple[tuple[sp.Expr, ...], tuple[sp.Expr, ...]]
_LIMIT = 300  # pairs of equal-size supports with symbolic payoffs (5 x 5 has 251)


@dataclass(frozen=True)
class _Vertex:
    """A mixed strategy, its zero entries, and the opponent's best replies to it."""

    weights: tuple[sp.Expr, ...]
    played: frozenset[int]
    replies: frozenset[int]


def extreme_points(oracle: Oracle, a: Matrix, b: Matrix) -> list[Profile]:
    """All extreme equilibria (x, y) of the game with row payoffs `a` and column payoffs `b`."""
    if all(value.is_Rational for row in (*a, *b) for value in row):
        return [(_numbers(x), _numbers(y)) for x, y in extreme_equilibria(_fractions(a), _fractions(b))]
    pairs = sum(comb(len(a), k) * comb(len(a[0]), k) for k in range(1, min(len(a), len(a[0])) + 1))
    if pairs > _LIMIT:
        raise TooLarge(f"a {len(a)}x{len(a[0])} game with symbolic payoffs has {pairs} pairs of supports", place="Nash",
                       remedy=f"fix all parameters (free=[]); at most {_LIMIT} pairs are solved symbolically")
    columns = _vertices(oracle, a)
    rows = _vertices(oracle, [list(column) for column in zip(*b, strict=True)])
    return [(x.weights, y.weights) for x in rows for y in columns if x.played <= y.replies and y.played <= x.replies]


def _fractions(matrix: Matrix) -> list[list[Fraction]]:
    return [[Fraction(int(value.p), int(value.q)) for value in row] for row in matrix]


def _numbers(values: Sequence[Fraction]) -> tuple[sp.Expr, ...]:
    return tuple(sp.Rational(value.numerator, value.denominator) for value in values)


def _vertices(oracle: Oracle, a: Matrix) -> list[_Vertex]:
    """Vertices (y, u) of {A y <= u, y >= 0, sum y = 1}; `replies` are the tight rows."""
    m, n = len(a), len(a[0])
    found: dict[tuple[frozenset[int], frozenset[int]], _Vertex] = {}
    for size in range(1, min(m, n) + 1):
        for support in combinations(range(n), size):
            for tight in combinations(range(m), size):
                vertex = _basic(oracle, a, support, tight)
                if vertex is not None:
                    found.setdefault((vertex.played, vertex.replies), vertex)
    return list(found.values())


def _basic(oracle: Oracle, a: Matrix, support: tuple[int, ...], tight: tuple[int, ...]) -> _Vertex | None:
    """The basic solution with the given support and tight rows, if it is unique and feasible."""
    size = len(support)
    bordered = sp.Matrix([[*(a[i][j] for j in support), -1] for i in tight] + [[1] * size + [0]])
    right = sp.Matrix([0] * size + [1])
    numerators = []
    for column in range(size + 1):
        replaced = bordered.copy()
        replaced[:, column] = right
        numerators.append(sp.expand(replaced.det(method="berkowitz")))
    # The determinant is the sum of the weights' numerators: their common sign is its sign.
    orientation, played = 0, set()
    for j, numerator in zip(support, numerators[:-1], strict=True):
        sign = oracle.sign(numerator)
        if sign * orientation < 0:
            return None
        if sign:
            orientation = sign
            played.add(j)
    if orientation == 0:
        return None
    determinant = sp.expand(sp.Add(*numerators[:-1]))
    replies = set(tight)
    for i in set(range(len(a))) - replies:
        gap = sp.expand(sp.Add(*(a[i][j] * numerators[k] for k, j in enumerate(support))) - numerators[-1])
        sign = orientation * oracle.sign(gap)
        if sign > 0:
            return None
        if sign == 0:
            replies.add(i)
    weights = [sp.Integer(0)] * len(a[0])
    for j, numerator in zip(support, numerators[:-1], strict=True):
        weights[j] = sp.factor(numerator / determinant) if j in played else sp.Integer(0)
    return _Vertex(tuple(weights), frozenset(played), frozenset(replies))
