"""Products of polytopes of mixed strategies on which the indifference conditions hold throughout.

Where the equations on a support reduce to linear ones, each in the weights of one player, the equilibria
are the points of a product of polytopes that also satisfy the conditions on outside actions. These
are multilinear: on a product they range between their values at the combinations of vertices.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product

from flint import fmpq, fmpq_mat, fmpq_poly, fmpz_mpoly

from bargain.kernels.indifference import Support, System, weights
from bargain.kernels.varieties import Point

__all__ = ["Polytope", "contains", "product_of", "single", "touching", "within"]

Row = tuple[fmpq, ...]  # coefficients of the weights of all actions, then a constant


@dataclass(frozen=True)
class Polytope:
    """The mixed strategies with zero value in every row of `equal` and at least zero in every row of `least`; bounded because weights are."""

    size: int
    equal: tuple[Row, ...]
    least: tuple[Row, ...]

    @cached_property
    def vertices(self) -> tuple[Row, ...]:
        """All vertices, in descending order."""
        found: set[tuple[fmpq, ...]] = set()
        fixed = _rank(self.equal)
        for tight in combinations(self.least, self.size - fixed):
            point = _solved([*self.equal, *tight], self.size)
            if point is not None and all(_value(row, point) >= 0 for row in self.least):
                found.add(point)
        return tuple(sorted(found, reverse=True))

    def cut(self, rows: Iterable[Row]) -> "Polytope":
        """The part where the rows are also at least zero."""
        return Polytope(self.size, self.equal, (*self.least, *rows))

    def meets(self, other: "Polytope") -> bool:
        """Whether some strategy lies in both."""
        return bool(Polytope(self.size, (*self.equal, *other.equal), (*self.least, *other.least)).vertices)

    def covers(self, other: "Polytope") -> bool:
        """Whether every vertex of the other polytope lies in this one."""
        return all(all(_value(row, v) == 0 for row in self.equal) and all(_value(row, v) >= 0 for row in self.least) for v in other.vertices)


def _value(row: Row, point: Sequence[fmpq]) -> fmpq:
    return sum((c * w for c, w in zip(row[:-1], point, strict=True) if c != 0 and w != 0), row[-1])


def _rank(rows: Sequence[Row]) -> int:
    return fmpq_mat(len(rows), len(rows[0]) - 1, [c for row in rows for c in row[:-1]]).rank() if rows else 0


def _solved(rows: Sequence[Row], size: int) -> Row | None:
    """The one point at which all rows are zero; None if there is none or more than one."""
    matrix, rank = fmpq_mat(len(rows), size + 1, [c for row in rows for c in row]).rref()
    if rank != size or any(matrix[k, k] == 0 for k in range(size)):
        return None
    return tuple(-matrix[k, size] for k in range(size))


def face(size: int, own: Sequence[int]) -> Polytope:
    """All mixed strategies over the given actions."""
    unit = [tuple(fmpq(int(a == b)) for b in range(size)) for a in range(size)]
    zero = fmpq(0)
    total = (*(fmpq(1) for _ in range(size)), fmpq(-1))
    return Polytope(size, (total, *((*unit[a], zero) for a in range(size) if a not in own)), tuple((*unit[a], zero) for a in own))


def product_of(system: System, basis: Sequence[fmpz_mpoly]) -> tuple[Polytope, ...] | None:
    """The closure of the equilibria with the system's support among the zeros of `basis`, one polytope a player.

    None if it is no product of polytopes; a factor without vertices if there are no such equilibria.
    """
    polytopes = _linear(system, basis)
    if polytopes is None:
        return None
    while all(p.vertices for p in polytopes):
        cuts, shared = _cuts(system, polytopes)
        if not any(cuts):
            if shared:
                return None
            break
        polytopes = [p.cut(rows) for p, rows in zip(polytopes, cuts, strict=True)]
    inside = all(any(v[a] > 0 for v in p.vertices) for p, own in zip(polytopes, system.support, strict=True) for a in own)
    return tuple(polytopes) if inside else tuple(p.cut([_nowhere(p.size)]) for p in polytopes)


def _linear(system: System, basis: Sequence[fmpz_mpoly]) -> list[Polytope] | None:
    """The faces of the support cut by the basis, if every element is linear in the weights of one player."""
    found = [face(payoff.shape[j], own) for j, (payoff, own) in enumerate(zip(system.payoffs, system.support, strict=True))]
    for g in basis:
        terms = {tuple(map(int, m)): c for m, c in g.to_dict().items()}
        used = {system.unknowns[v] for m in terms for v, e in enumerate(m) if e}
        players = {j for j, _ in used}
        if g.total_degree() > 1 or len(players) != 1:
            return None
        (j,) = players
        row = [fmpq(0)] * (found[j].size + 1)
        for m, c in terms.items():
            places = [system.unknowns[v][1] for v, e in enumerate(m) if e]
            row[system.support[j][places[0]] if places else -1] += fmpq(c)
        found[j] = Polytope(found[j].size, (*found[j].equal, tuple(row)), found[j].least)
    return found


def _cuts(system: System, polytopes: Sequence[Polytope]) -> tuple[list[list[Row]], bool]:
    """The conditions on outside actions that fail at a vertex: those that one player's strategy decides, by player; whether there are others."""
    cuts: list[list[Row]] = [[] for _ in polytopes]
    shared = False
    for i, own in enumerate(system.support):
        others = [j for j in range(len(polytopes)) if j != i]
        for b in (b for b in range(polytopes[i].size) if b not in own):
            table = system.differences(i, b, own[0])
            values = {}
            for chosen in product(*(range(len(polytopes[j].vertices)) for j in others)):
                values[chosen] = _mean(table, [[polytopes[j].vertices[v][a] for a in system.support[j]] for j, v in zip(others, chosen, strict=True)])
            if all(value <= 0 for value in values.values()):
                continue
            varying = [k for k in range(len(others)) if any(value != values[(*c[:k], 0, *c[k + 1 :])] for c, value in values.items())]
            if len(varying) > 1:
                shared = True
            elif varying:
                cuts[others[varying[0]]].append(_condition(system, polytopes, table, others, varying[0]))
            else:
                cuts[i].append(_nowhere(polytopes[i].size))
    return cuts, shared


def _nowhere(size: int) -> Row:
    """A condition that no strategy meets."""
    return (*[fmpq(0)] * size, fmpq(-1))


def _condition(system: System, polytopes: Sequence[Polytope], table: object, others: Sequence[int], k: int) -> Row:
    """Minus the gain from an outside action as a function of one player's weights, the others at their first vertices."""
    row = [fmpq(0)] * (polytopes[others[k]].size + 1)
    for place, a in enumerate(system.support[others[k]]):
        unit = [fmpq(int(place == q)) for q in range(len(system.support[others[k]]))]
        strategies = [unit if q == k else [polytopes[j].vertices[0][c] for c in system.support[j]] for q, j in enumerate(others)]
        row[a] = -_mean(table, strategies)
    return tuple(row)


def _mean(table: object, strategies: Sequence[Sequence[fmpq]]) -> fmpq:
    if not strategies:
        return fmpq(int(table))  # type: ignore[call-overload]
    first, *rest = strategies
    return sum((w * _mean(part, rest) for w, part in zip(first, table, strict=True) if w != 0), fmpq(0))  # type: ignore[call-overload]


def touching(first: Sequence[Polytope], second: Sequence[Polytope]) -> bool:
    """Whether two products share a point."""
    return all(p.meets(q) for p, q in zip(first, second, strict=True))


def within(first: Sequence[Polytope], second: Sequence[Polytope]) -> bool:
    """Whether the first product lies in the second."""
    return all(q.covers(p) for p, q in zip(first, second, strict=True))


def contains(polytopes: Sequence[Polytope], support: Support, point: Point) -> bool:
    """Whether an exact zero on a support lies in a product."""
    for polytope, own, strategy in zip(polytopes, support, weights(support, point), strict=True):
        for row in (*polytope.equal, *polytope.least):
            sign = point.root.sign(sum((row[a] * w for a, w in zip(own, strategy, strict=True)), fmpq_poly([row[-1]])))
            if sign < 0 or (sign and row in polytope.equal):
                return False
    return True


def single(support: Support, sizes: Sequence[int]) -> tuple[Polytope, ...]:
    """All profiles with supports in the given ones, a pure profile for example, as a product."""
    return tuple(face(size, own) for size, own in zip(sizes, support, strict=True))
