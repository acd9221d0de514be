"""The ring of polynomials modulo a zero-dimensional ideal, as a finite-dimensional vector space.

Its basis are the standard monomials, those that no leading monomial of a reduced Groebner basis divides; multiplication
by an unknown is a matrix, filled in from the basis and from the normal forms of smaller monomials.
Reference: Cox, Little and O'Shea (2005), Using Algebraic Geometry, 2nd ed., ch. 2.
"""

from collections.abc import Sequence

from flint import fmpq, fmpq_mat, fmpz_mpoly

__all__ = ["LARGEST", "Exponents", "Quotient", "lead"]

LARGEST = 80  # dimension: the zeros, with multiplicity

Exponents = tuple[int, ...]


def lead(polynomial: fmpz_mpoly) -> Exponents:
    """The leading monomial."""
    return tuple(int(e) for e in polynomial.monomial(0))


class Quotient:
    """The ring of polynomials modulo a zero-dimensional ideal, as a vector space over its standard monomials."""

    def __init__(self, basis: Sequence[fmpz_mpoly]) -> None:
        self.leads: dict[Exponents, dict[Exponents, fmpq]] = {}
        for g in basis:
            first, leading = lead(g), g.leading_coefficient()
            self.leads[first] = {tuple(map(int, m)): fmpq(-c, leading) for m, c in g.to_dict().items() if tuple(map(int, m)) != first}
        self.unknowns = len(next(iter(self.leads)))
        self.monomials = self._standard()
        self.place = {m: k for k, m in enumerate(self.monomials)}
        self._forms: dict[Exponents, dict[Exponents, fmpq]] = {}

    def _standard(self) -> list[Exponents]:
        start = (0,) * self.unknowns
        found, queue = {start}, [start]
        while queue and len(found) <= LARGEST:
            monomial = queue.pop()
            for v in range(self.unknowns):
                larger = _times(monomial, v)
                if larger not in found and not any(_divides(first, larger) for first in self.leads):
                    found.add(larger)
                    queue.append(larger)
        return sorted(found, key=lambda m: (sum(m), m))

    def form(self, monomial: Exponents) -> dict[Exponents, fmpq]:
        """The normal form of a monomial that is an unknown times a standard one, or less."""
        if monomial in self.place:
            return {monomial: fmpq(1)}
        if monomial in self.leads:
            return self.leads[monomial]
        if monomial not in self._forms:
            v = next(v for v, e in enumerate(monomial) if e and _divided(monomial, v) not in self.place)
            total: dict[Exponents, fmpq] = {}
            for standard, c in self.form(_divided(monomial, v)).items():
                for m, d in self.form(_times(standard, v)).items():
                    total[m] = total.get(m, fmpq(0)) + c * d
            self._forms[monomial] = total
        return self._forms[monomial]

    def multiplication(self, v: int) -> fmpq_mat:
        """The matrix that multiplies by an unknown."""
        size = len(self.monomials)
        matrix = fmpq_mat(size, size)
        for column, monomial in enumerate(self.monomials):
            for m, c in self.form(_times(monomial, v)).items():
                matrix[self.place[m], column] = c
        return matrix


def _times(monomial: Exponents, v: int) -> Exponents:
    return (*monomial[:v], monomial[v] + 1, *monomial[v + 1 :])


def _divided(monomial: Exponents, v: int) -> Exponents:
    return (*monomial[:v], monomial[v] - 1, *monomial[v + 1 :])


def _divides(first: Exponents, second: Exponents) -> bool:
    return all(a <= b for a, b in zip(first, second, strict=True))
