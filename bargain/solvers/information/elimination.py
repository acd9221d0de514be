"""Solving a system of polynomial conditions for its unknowns, over free parameters, by cases.

Equations are taken one at a time: factors of known sign are dropped, the others make cases; an equation that
is linear in some unknown is solved for it (with a case where its coefficient vanishes), a quadratic one by
radicals, a univariate one with rational coefficients by its real roots. What is left are inequalities.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import sympy as sp

from bargain.notation import Notation
from bargain.regions import EQ, GE, NE, Cell, canonical
from bargain.regions.explore import number_sign
from bargain.solvers.information.conditions import Conditions, Unsolved, affine


@dataclass(frozen=True)
class Case:
    """A case of a system: equations still to be solved, conditions on parameters and unknowns, unknowns already found."""

    equations: tuple[sp.Expr, ...]
    cell: Cell
    values: dict[sp.Symbol, sp.Expr] = field(default_factory=dict)


class Elimination(Conditions):
    """Solves systems over one parameter space.

    degenerate: keep cases that bind the parameters by an equation; otherwise such an equation is noted in `strata`
    and the case is left.
    """

    def __init__(self, notation: Notation, *, degenerate: bool, timeout_ms: int = 3000) -> None:
        super().__init__(notation, timeout_ms=timeout_ms)
        self.degenerate = degenerate
        self.strata: dict[Cell, None] = {}

    def solve(self, equations: Sequence[sp.Expr], cell: Cell, unknowns: Sequence[sp.Symbol]) -> Iterator[Case]:
        """All cases in which the equations hold and the cell is not proved empty.

        In each case `values` are the unknowns determined, and `cell` the conditions on all that is left. Cases with
        different branches may share points. `Unsolved` if some equation resists.
        """
        stack = [Case(tuple(equations), cell)]
        while stack:
            case = self._reduced(stack.pop())
            if case is None:
                continue
            if not case.equations:
                pins = {body for body, mask in case.cell.atoms if mask == EQ and _any_affine(body, unknowns)}  # two inequalities that meet
                if pins:
                    rest = Cell(tuple(atom for atom in case.cell.atoms if atom[0] not in pins))
                    stack.append(replace(case, equations=tuple(sorted(pins, key=str)), cell=rest))
                elif self.feasible(case.cell):
                    yield case
                continue
            stack.extend(reversed(list(self._step(case, unknowns))))

    def _reduced(self, case: Case) -> Case | None:
        """The case without equations that hold anyway; None if it is empty."""
        left: dict[sp.Expr, None] = {}
        for equation in case.equations:
            if equation.is_number:
                if number_sign(equation) != 0:
                    return None
                continue
            body, orientation = canonical(equation)
            if not body.is_Number:
                left[body] = None
            elif orientation != 0:
                return None
        return replace(case, equations=tuple(left)) if not case.cell.trivially_empty else None

    def _step(self, case: Case, unknowns: Sequence[sp.Symbol]) -> Iterator[Case]:
        """Cases that together are the case, each with one equation less or simpler."""
        split = [(number, self._factors(equation, case.cell)) for number, equation in enumerate(case.equations)]
        if any(not factors for _, factors in split):
            return
        number, factors = min(split, key=lambda item: self._rank(item[1], case, unknowns))
        others = case.equations[:number] + case.equations[number + 1:]
        for k, factor in enumerate(factors):
            cell = case.cell
            for earlier in factors[:k]:
                cell = self.where(cell, earlier, NE)
            yield from self._settle(replace(case, equations=others, cell=cell), factor, unknowns)

    def _factors(self, equation: sp.Expr, cell: Cell) -> list[sp.Expr]:
        """The factors of an equation that can vanish on the cell."""
        return [factor for factor, _ in sp.factor_list(equation)[1] if self.sign(factor, cell) & EQ]

    def _rank(self, factors: list[sp.Expr], case: Case, unknowns: Sequence[sp.Symbol]) -> tuple[int, int, int, str]:
        """Conditions on parameters first, then equations linear in an unknown whose coefficient cannot vanish."""
        if len(factors) == 1 and not factors[0].free_symbols & set(unknowns):
            return 0, 0, 0, str(factors[0])
        sure = all(self._linear(f, case.cell, unknowns) is not None or not f.free_symbols & set(unknowns) for f in factors)
        return 1 if sure else 2, len(factors), max(len(f.args) for f in factors), str(factors)

    def _linear(self, equation: sp.Expr, cell: Cell, unknowns: Sequence[sp.Symbol], *, sure: bool = True) -> tuple[sp.Symbol, sp.Expr, sp.Expr] | None:
        """An unknown in which the equation is linear, with coefficient and rest; `sure`: the coefficient cannot vanish."""
        found = []
        for unknown in unknowns:
            if unknown not in equation.free_symbols:
                continue
            parts = affine(equation, unknown)
            if parts is None:
                continue
            safe = not self.sign(parts[0], cell) & EQ
            if safe or not sure:
                found.append((not safe, bool(parts[0].free_symbols & set(unknowns)), len(str(parts[0])), str(unknown), (unknown, *parts)))
        return min(found)[-1] if found else None

    def _settle(self, case: Case, equation: sp.Expr, unknowns: Sequence[sp.Symbol]) -> Iterator[Case]:
        inside = [u for u in unknowns if u in equation.free_symbols]
        if not inside:
            if self.sign(equation, case.cell) == EQ:
                yield case
            elif self.degenerate:
                yield replace(case, cell=self.where(case.cell, equation, EQ))
            else:
                self.strata[Cell().where(equation, EQ)] = None
            return
        linear = self._linear(equation, case.cell, inside, sure=False)
        if linear is not None:
            unknown, slope, rest = linear
            if self.sign(slope, case.cell) & EQ:
                yield replace(case, equations=(slope, rest, *case.equations))
                case = replace(case, cell=self.where(case.cell, slope, NE))
            yield self._put(case, unknown, sp.cancel(-rest / slope))
        elif not equation.free_symbols - set(inside) and len(inside) == 1:
            for root in dict.fromkeys(sp.Poly(equation, inside[0]).real_roots()):
                yield self._put(case, inside[0], root)
        elif (square := next((parts for u in inside if (parts := _quadratic(equation, u)) is not None), None)) is not None:
            yield from self._radicals(case, *square)
        elif not equation.free_symbols - set(inside):
            yield from self._numeric(case, equation, unknowns)
        else:
            raise Unsolved(f"{equation} = 0")

    def _radicals(self, case: Case, unknown: sp.Symbol, a: sp.Expr, b: sp.Expr, c: sp.Expr) -> Iterator[Case]:
        """The two roots of a quadratic equation, and the case in which its leading coefficient vanishes."""
        if self.sign(a, case.cell) & EQ:
            yield replace(case, equations=(a, b * unknown + c, *case.equations))
            case = replace(case, cell=self.where(case.cell, a, NE))
        discriminant = sp.expand(b**2 - 4 * a * c)
        case = replace(case, cell=self.where(case.cell, discriminant, GE))
        if self.feasible(case.cell):
            for side in (1, -1):
                yield self._put(case, unknown, (-b + side * sp.sqrt(discriminant)) / (2 * a))

    def _numeric(self, case: Case, equation: sp.Expr, unknowns: Sequence[sp.Symbol]) -> Iterator[Case]:
        """A system with rational coefficients: triangular form; a curve of solutions stays a condition on the unknowns."""
        system = [equation, *case.equations]
        inside = [u for u in unknowns if any(u in e.free_symbols for e in system)]
        basis = [sp.expand(e) for e in sp.groebner(system, *inside, order="lex").exprs]
        if basis == [1]:
            return
        if set(basis) != set(map(sp.expand, system)) and any(len(e.free_symbols) == 1 or _any_affine(e, inside) for e in basis):
            yield replace(case, equations=tuple(basis))
            return
        cell = case.cell
        for e in basis:
            cell = self.where(cell, e, EQ)
        yield replace(case, equations=(), cell=cell)

    def _put(self, case: Case, unknown: sp.Symbol, value: sp.Expr) -> Case:
        """The case with an unknown replaced by its value."""
        def put(e: sp.Expr) -> sp.Expr:
            return sp.fraction(sp.together(e.subs(unknown, value)))[0] if unknown in e.free_symbols else e

        cell = Cell()
        for body, mask in case.cell.atoms:
            cell = self.where(cell, sp.together(body.subs(unknown, value)), mask) if unknown in body.free_symbols else cell & Cell(((body, mask),))
        values = {u: sp.cancel(v.subs(unknown, value)) if unknown in v.free_symbols else v for u, v in case.values.items()}
        return Case(tuple(sp.expand(put(e)) for e in case.equations), cell, {**values, unknown: value})


def _quadratic(expression: sp.Expr, unknown: sp.Symbol) -> tuple[sp.Symbol, sp.Expr, sp.Expr, sp.Expr] | None:
    if not expression.is_polynomial(unknown):
        return None
    poly = sp.Poly(expression, unknown)
    return (unknown, poly.coeff_monomial(unknown**2), poly.coeff_monomial(unknown), poly.coeff_monomial(1)) if poly.degree() == 2 else None


def _any_affine(expression: sp.Expr, unknowns: Iterable[sp.Symbol]) -> bool:
    return any(u in expression.free_symbols and affine(expression, u) is not None for u in unknowns)


__all__ = ["Case", "Elimination"]
