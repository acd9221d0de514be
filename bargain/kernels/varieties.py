"""The zeros of a small system of polynomial equations, exactly.

A Groebner basis (FLINT's, with limits on its growth) tells the dimension. In dimension zero the
quotient ring is a vector space; with t a linear form that separates the zeros, the powers of t
are a basis of it, so that t is a root of one polynomial p and every unknown a polynomial in t (rational
univariate representation): the real zeros of the factors of p give the real solutions. A ring with
nilpotents is first made reduced by adding the squarefree part of each unknown's minimal polynomial
(Seidenberg's lemma). In positive dimension the system is split along the factors of the basis.

References: Cox, Little and O'Shea (2005), Using Algebraic Geometry, 2nd ed., ch. 2 and 4;
Rouillier (1999), Applicable Algebra in Engineering, Communication and Computing 9, 433-461.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import lcm

from flint import fmpq, fmpq_mat, fmpq_mpoly_ctx, fmpq_poly, fmpz_mpoly, fmpz_mpoly_vec, fmpz_poly

from bargain.kernels.algebraic import RATIONAL, RealRoot, real_roots
from bargain.kernels.quotient import LARGEST, Quotient, lead

__all__ = ["Point", "Variety", "belongs", "factors", "variety"]

_LIMITS = (300, 3000, 20_000)  # elements of a basis, terms and bits of an element
_PIECES = 400  # systems that one is split into


@dataclass(frozen=True)
class Point:
    """A real zero: the unknowns as numbers of the field of a root."""

    root: RealRoot
    coordinates: tuple[fmpq_poly, ...]


@dataclass(frozen=True)
class Variety:
    """Real points, and Groebner bases of the pieces of positive (complex) dimension, which may hold some of the points."""

    points: tuple[Point, ...]
    families: tuple[tuple[fmpz_mpoly, ...], ...]


def variety(equations: Sequence[fmpz_mpoly], nonzero: Iterable[fmpz_mpoly] = ()) -> Variety | None:
    """All real zeros at which no polynomial of `nonzero` vanishes (these are irreducible); None if the limits were reached.

    >>> from flint import fmpz_mpoly_ctx
    >>> ring = fmpz_mpoly_ctx.get(("x", "y"), "degrevlex")
    >>> x, y = ring.gens()
    >>> found = variety([x * y - 1, x - 2 * y])
    >>> [(p.root.coefficients, p.root.index) for p in found.points], found.families
    ([((-1, 0, 2), 0), ((-1, 0, 2), 1)], ())
    """
    ring = equations[0].context()
    excluded = [_normal(polynomial) for polynomial in nonzero]
    stack = [[e for e in equations if not e.is_zero()]]
    points: list[Point] = []
    families: list[tuple[fmpz_mpoly, ...]] = []
    pieces = 0
    while stack:
        pieces += 1
        system = stack.pop()
        basis = _basis(system) if system else ()
        if basis is None or pieces > _PIECES:
            return None
        if any(g.is_constant() for g in basis):
            continue
        if _finite(basis, ring.nvars()):
            found = _points(basis, ring)
            if found is None:
                return None
            points += [point for point in found if point not in points]
            continue
        split = _split(basis, excluded)
        if split is not None:
            stack += [[*basis, factor] for factor in split]
        elif basis not in families:
            families.append(basis)
    return Variety(tuple(points), tuple(families))


def factors(polynomial: fmpz_mpoly) -> list[tuple[fmpz_mpoly, int]]:
    """The irreducible factors, primitive with positive leading coefficient, and their powers.

    Over the rationals: python-flint 0.9 fails to sort integer factors of equal length with large coefficients.
    """
    ring = polynomial.context()
    field = fmpq_mpoly_ctx.get(ring.names(), ring.ordering())
    found = []
    for factor, power in field.from_dict({m: fmpq(c) for m, c in polynomial.to_dict().items()}).factor()[1]:
        terms = factor.to_dict()
        common = lcm(*(int(c.q) for c in terms.values()))
        found.append((_normal(ring.from_dict({m: int(c.p) * (common // int(c.q)) for m, c in terms.items()})), int(power)))
    return found


def belongs(polynomial: fmpz_mpoly, basis: Sequence[fmpz_mpoly]) -> bool:
    """Whether a polynomial is in the ideal of a reduced Groebner basis: with it the basis is the same. False also if the limits were reached."""
    larger = _basis([*basis, polynomial])
    return larger is not None and len(larger) == len(basis) and all(g in basis for g in larger)


def _normal(polynomial: fmpz_mpoly) -> fmpz_mpoly:
    """The primitive associate with positive leading coefficient."""
    primitive = polynomial.primitive()[1]
    return primitive if primitive.leading_coefficient() > 0 else -primitive


def _basis(system: Sequence[fmpz_mpoly]) -> tuple[fmpz_mpoly, ...] | None:
    """The reduced Groebner basis, or None if the limits were reached."""
    ring = system[0].context()
    found, complete = fmpz_mpoly_vec([_normal(e) for e in system], ring).buchberger_naive(limits=_LIMITS)
    if not complete:
        return None
    return tuple(_normal(g) for g in found.autoreduction())


def _split(basis: Sequence[fmpz_mpoly], excluded: list[fmpz_mpoly]) -> list[fmpz_mpoly] | None:
    """The distinct factors of a basis element, one of which must vanish; None if every element is irreducible.

    A pure power of a factor, or a product with an excluded factor, is also replaced.
    """
    for g in basis:
        parts = factors(g)
        kept = [f for f, _ in parts if f not in excluded]
        if len(parts) > 1 or len(kept) < len(parts) or any(power > 1 for _, power in parts):
            return kept
    return None


def _finite(basis: Sequence[fmpz_mpoly], unknowns: int) -> bool:
    """Whether some power of every unknown is a leading monomial."""
    pure = {next(v for v, e in enumerate(first) if e) for first in map(lead, basis) if sum(map(bool, first)) == 1}
    return len(pure) == unknowns


def _points(basis: Sequence[fmpz_mpoly], ring: object, *, reduced: bool = False) -> list[Point] | None:
    """The real zeros of a zero-dimensional ideal."""
    quotient = Quotient(basis)
    size, unknowns = len(quotient.monomials), quotient.unknowns
    if size > LARGEST:
        return None
    matrices = [quotient.multiplication(v) for v in range(unknowns)]
    for form in _linear_forms(unknowns, size):
        matrix = sum((c * m for c, m in zip(form, matrices, strict=True) if c), fmpq_mat(size, size))
        powers = _powers(matrix, size)
        solved = _combinations(powers[:size], [powers[size], *(_unknown(matrices[v]) for v in range(unknowns))])
        if solved is None:
            continue
        polynomial = fmpq_poly([*(-c for c in solved[0]), 1])
        if polynomial.gcd(polynomial.derivative()).degree() > 0:
            break
        coordinates = [fmpq_poly(c) for c in solved[1:]]
        return [point for factor, _ in polynomial.numer().factor()[1] for point in _real_points(factor, coordinates)]
    if reduced:
        return None
    squarefree = [_squarefree(matrices[v], size, ring.gens()[v]) for v in range(unknowns)]  # type: ignore[attr-defined]
    smaller = _basis([*basis, *squarefree])
    return None if smaller is None else _points(smaller, ring, reduced=True)


def _combinations(basis: Sequence[fmpq_mat], vectors: Sequence[fmpq_mat]) -> list[list[fmpq]] | None:
    """The coordinates of every vector in the basis; None if it is none."""
    size = len(basis)
    try:
        solved = fmpq_mat(size, size, [v[row, 0] for row in range(size) for v in basis]).solve(
            fmpq_mat(size, len(vectors), [v[row, 0] for row in range(size) for v in vectors]))
    except ZeroDivisionError:  # FLINT's name for a singular matrix
        return None
    return solved.transpose().tolist()  # type: ignore[no-any-return]


def _unknown(matrix: fmpq_mat) -> fmpq_mat:
    """The first column: the unknown itself, as one times the unknown."""
    return fmpq_mat(matrix.nrows(), 1, [matrix[row, 0] for row in range(matrix.nrows())])


def _powers(matrix: fmpq_mat, count: int) -> list[fmpq_mat]:
    """1, t, ..., t^count as vectors."""
    vector = fmpq_mat(matrix.nrows(), 1, [1] + [0] * (matrix.nrows() - 1))
    found = [vector]
    for _ in range(count):
        found.append(matrix * found[-1])
    return found


def _linear_forms(unknowns: int, size: int) -> Iterable[tuple[int, ...]]:
    """Single unknowns first (they make readable answers), then forms of which all but finitely many separate."""
    for v in reversed(range(unknowns)):
        yield tuple(int(v == w) for w in range(unknowns))
    for c in range(1, unknowns * size * size // 2 + 2):
        yield tuple(c**w for w in range(unknowns))


def _squarefree(matrix: fmpq_mat, size: int, unknown: fmpz_mpoly) -> fmpz_mpoly:
    """The squarefree part of the minimal polynomial of an unknown, as a polynomial in it."""
    powers = _powers(matrix, size)
    for degree in range(1, size + 1):
        rows = fmpq_mat(degree + 1, size, [powers[k][row, 0] for k in range(degree + 1) for row in range(size)])
        if rows.rank() <= degree:
            break
    # the last power is a combination of the others: coefficients by least squares over Q, exact because consistent
    others = fmpq_mat(size, degree, [powers[k][row, 0] for row in range(size) for k in range(degree)])
    combination = (others.transpose() * others).solve(others.transpose() * powers[degree])
    minimal = fmpq_poly([*(-c for c in combination.entries()), 1])
    part = (minimal // minimal.gcd(minimal.derivative())).numer()
    total = 0 * unknown
    for k, c in enumerate(part.coeffs()):
        total += c * unknown**k
    return total


def _real_points(factor: fmpz_poly, coordinates: Sequence[fmpq_poly]) -> list[Point]:
    """The real zeros on one irreducible factor, in terms of the first linear form that generates their field: equal points are equal values."""
    if factor.degree() == 1:
        value = fmpq(-factor[0], factor[1])
        return [Point(RATIONAL, tuple(fmpq_poly([g(value)]) for g in coordinates))]
    modulus, size = fmpq_poly(factor), factor.degree()
    for form in _linear_forms(len(coordinates), size):
        element = sum((c * g for c, g in zip(form, coordinates, strict=True) if c), fmpq_poly([0])) % modulus
        powers = [fmpq_poly([1])]
        for _ in range(size):
            powers.append(powers[-1] * element % modulus)
        columns = _combinations([_column(power, size) for power in powers[:size]], [_column(g % modulus, size) for g in (powers[size], *coordinates)])
        if columns is not None:
            break
    else:
        raise AssertionError("some form generates the field")
    polynomial = fmpq_poly([*(-c for c in columns[0]), 1])
    values = tuple(fmpq_poly(column) for column in columns[1:])
    return [Point(root, values) for root in real_roots(polynomial.numer())]


def _column(value: fmpq_poly, size: int) -> fmpq_mat:
    return fmpq_mat(size, 1, [value[row] for row in range(size)])
