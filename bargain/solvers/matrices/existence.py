"""Every extreme equilibrium of a symbolic bimatrix game with the exact region of parameters in which it exists.

A vertex of the best-reply polyhedron {(y, u): A y <= u 1, y >= 0, sum y = 1} is a basic solution: strategies J are
played, replies I of the same number are tight, and the bordered minors of (I, J) share one sign (`minors`). Each
minor is a polynomial in the parameters, so each vertex is solved once, and its region is a conjunction of signs. An
extreme equilibrium is a pair of vertices in which every action is unplayed or a best reply (Mangasarian 1964); its
region is the intersection of theirs, and is dropped where `Space` proves it empty.

Completeness. Let p be a point at which no factor of a minor vanishes unless it vanishes everywhere. Let (x, y) be an
extreme equilibrium at p. The tight inequalities at the vertex y have full rank, so some I among its best replies, as
many as its support J, makes the system of (I, J) regular; its weights are positive and its shortfalls not negative at
p. A shortfall that is zero at p is zero everywhere, by the choice of p, so the best replies of y at p are those of the
vertex (I, J) found here, and p lies in its region; likewise x. So the list is complete off the zero sets of the
factors, each of measure zero, and these are returned. A factor matters only if it occurs in a pair (I, J) that the
signs which are constant on the whole space do not exclude. Actions strictly dominated at every point are removed
first, repeatedly; no equilibrium plays them, and their shortfalls are implied.
That the regions and the zero sets cover the space is Nash (1951), and is left to the certificate to prove.

Source: Mangasarian (1964), SIAM Journal 12:778-780; Dickhaut and Kaplan (1991), The Mathematica Journal 1(4):87-93;
Nash (1951), Annals of Mathematics 54:286-295.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import sympy as sp

from bargain.regions import EQ, GT, LT, Cell
from bargain.solvers.matrices.minors import Generic, Minors, Ring, Rows
from bargain.solvers.matrices.witnesses import RememberingSpace

Matrix = Sequence[Sequence[sp.Expr]]
Profile = tuple[tuple[sp.Expr, ...], tuple[sp.Expr, ...]]


@dataclass(frozen=True)
class Existing:
    """An extreme equilibrium (x, y), its payoffs, and the cells in which it exists."""

    profile: Profile
    payoffs: tuple[sp.Expr, sp.Expr]
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class _Vertex:
    """A mixed strategy over `weights`, what it is worth to the opponent, the actions played and replied with, as bits."""

    weights: tuple[sp.Expr, ...]
    value: sp.Expr
    played: int
    replies: int
    cells: tuple[Cell, ...]


def existence_regions(space: RememberingSpace, a: Matrix, b: Matrix) -> tuple[list[Existing], tuple[Cell, ...]]:
    """The extreme equilibria that exist somewhere, and the strata of measure zero off which the list is complete."""
    ring = Ring(e for matrix in (a, b) for row in matrix for e in row)
    transposed = [list(column) for column in zip(*b, strict=True)]
    rows, columns = _undominated(Minors(space, ring, a), Minors(space, ring, transposed))
    zeros: dict[sp.Expr, None] = {}
    ys = _vertices(Minors(space, ring, [[a[i][j] for j in columns] for i in rows]), zeros)
    xs = _vertices(Minors(space, ring, [[b[i][j] for i in rows] for j in columns]), zeros)
    found = []
    for x, y in product(xs, ys):
        if x.played & ~y.replies or y.played & ~x.replies:
            continue
        cells = tuple(cell for cell in dict.fromkeys(p & q for p in x.cells for q in y.cells)
                      if not cell.trivially_empty and space.feasible(cell).answer is not False)
        if cells:
            profile = (_spread(x.weights, rows, len(a)), _spread(y.weights, columns, len(a[0])))
            found.append(Existing(profile, (y.value, x.value), cells))
    return found, tuple(Cell(((body, EQ),)) for body in sorted(zeros, key=str))


def _spread(weights: tuple[sp.Expr, ...], places: list[int], size: int) -> tuple[sp.Expr, ...]:
    at = dict(zip(places, weights, strict=True))
    return tuple(at.get(k, sp.Integer(0)) for k in range(size))


def _undominated(first: Minors, second: Minors) -> tuple[list[int], list[int]]:
    """The actions of each player that survive the repeated removal of actions strictly dominated on the whole space."""
    sides = [(first, list(range(first.replies))), (second, list(range(second.replies)))]
    while True:
        kept = [_alive(minors, own, sides[1 - k][1]) for k, (minors, own) in enumerate(sides)]
        if kept == [own for _, own in sides]:
            return kept[0], kept[1]
        sides = [(first, kept[0]), (second, kept[1])]


def _alive(minors: Minors, replies: Sequence[int], against: Sequence[int]) -> list[int]:
    """The replies that no other one beats against each of some strategies, at every point."""
    return [i for i in replies if not any(i != k and all(_beats(minors, k, i, j) for j in against) for k in replies)]


def _beats(minors: Minors, winner: int, loser: int, strategy: int) -> bool:
    pair = (min(winner, loser), max(winner, loser))
    return minors.generic(pair, (strategy,)).strict == (1 if winner < loser else -1)


def _vertices(minors: Minors, zeros: dict[sp.Expr, None]) -> list[_Vertex]:
    """The vertices that are feasible somewhere; `zeros` collects the factors that matter."""
    found: dict[tuple[int, int], _Vertex] = {}
    for size in range(1, min(minors.replies, minors.strategies) + 1):
        for support in combinations(range(minors.strategies), size):
            for tight in combinations(_alive(minors, range(minors.replies), support), size):
                for vertex in _basic(minors, tight, support, zeros):
                    found.setdefault((vertex.played, vertex.replies), vertex)
    return list(found.values())


def _basic(minors: Minors, tight: Rows, support: Rows, zeros: dict[sp.Expr, None]) -> Iterator[_Vertex]:
    conditions = minors.conditions(tight, support)
    strict = {condition.strict for condition in conditions} - {0}
    if len(strict) > 1:
        return
    zeros.update(dict.fromkeys(factor for condition in conditions for factor in condition.factors))
    size = len(support)
    if not all(condition.sign for condition in conditions[:size]):
        return
    cells = tuple(cell for sign in (1, -1) if -sign not in strict for cell in _agreeing(minors.space, conditions, sign))
    if not cells:
        return
    others = sorted(set(range(minors.replies)) - set(tight))
    replies = [*tight, *(i for i, condition in zip(others, conditions[size:], strict=True) if condition.sign == 0)]
    parts, total, (paid, scale) = minors.weights(tight, support)
    weights = dict(zip(support, (minors.ring.ratio(part, total) for part in parts), strict=True))
    yield _Vertex(tuple(weights.get(j, sp.Integer(0)) for j in range(minors.strategies)), minors.ring.ratio(paid, scale),
                  sum(1 << j for j in support), sum(1 << i for i in replies), cells)


def _agreeing(space: RememberingSpace, conditions: list[Generic], sign: int) -> Iterator[Cell]:
    """The cell on which all conditions have the sign (those that are zero everywhere aside), unless it is empty."""
    signs: dict[sp.Expr, int] = {}
    for condition in conditions:
        if condition.body is None:
            if condition.sign == -sign:
                return
            continue
        mask = GT if condition.sign == sign else LT
        if signs.setdefault(condition.body, mask) != mask:
            return
    cell = Cell(tuple(sorted(signs.items(), key=lambda atom: str(atom[0]))))
    if space.feasible(cell).answer is not False:
        yield cell
