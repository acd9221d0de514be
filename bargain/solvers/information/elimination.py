"""Solving a system of polynomial conditions for its unknowns, over free parameters, by cases.

Equations are taken one at a time: factors of known sign are dropped, the others make cases; an equation that
is linear in some unknown is solved for it (with a case where its coefficient vanishes), a quadratic one by
radicals, a univariate one with rational coefficients by its real roots. What is left are
inequalities; unknowns that occur linearly are projected out by Fourier and Motzkin's elimination, with a case
for every sign of a coefficient that is not settled.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import sympy as sp

from bargain.notation import Domain, Notation, Parameter
from bargain.regions import ANY, EQ, GE, GT, LE, LT, NE, Cell, Space, canonical
from bargain.regions.explore import number_sign

_UNIT = Domain.parse("[0, 1]")
_EVERYWHERE = Cell()
_BITS = {-1: LT, 0: EQ, 1: GT}


class Unsolved(Exception):  # noqa: N818 - a control signal: this case is reported as left open, never dropped
    """An equation, or a projection, that the methods here do not settle."""


@dataclass(frozen=True)
class Case:
    """A case of a system: equations still to be solved, conditions on parameters and unknowns, unknowns already found."""

    equations: tuple[sp.Expr, ...]
    cell: Cell
    values: dict[sp.Symbol, sp.Expr] = field(default_factory=dict)


class Elimination:
    """Solves systems over one parameter space.

    degenerate: keep cases that bind the parameters by an equation; otherwise such an equation is noted in `strata`
    and the case is left. A variable that is not a parameter is an unknown of [0, 1].
    """

    def __init__(self, notation: Notation, *, degenerate: bool, timeout_ms: int = 3000) -> None:
        self.notation, self.degenerate, self.timeout_ms = notation, degenerate, timeout_ms
        self.parameters = set(notation.symbols)
        self.strata: dict[Cell, None] = {}
        self.undecided = 0
        self._spaces: dict[frozenset[sp.Symbol], Space] = {}

    @property
    def queries(self) -> int:
        """How many questions were put to the decider."""
        return sum(space.queries for space in self._spaces.values())

    def space(self, symbols: Iterable[sp.Symbol]) -> Space:
        """The parameter space widened by the unknowns among some symbols."""
        unknowns = frozenset(symbols) - self.parameters
        if unknowns not in self._spaces:
            rows = (Parameter(symbol, "unknown", domain=_UNIT) for symbol in sorted(unknowns, key=str))
            self._spaces[unknowns] = Space(Notation((*self.notation.parameters, *rows), self.notation.assumptions), timeout_ms=self.timeout_ms)
        return self._spaces[unknowns]

    def feasible(self, cell: Cell) -> bool:
        """False only where the cell is proved empty."""
        if cell.trivially_empty:
            return False
        if not cell.atoms:
            return True
        answer = self.space(cell.symbols).feasible(cell).answer
        self.undecided += answer is None
        return answer is not False

    def sign(self, expression: sp.Expr, cell: Cell = _EVERYWHERE) -> int:
        """The signs that an expression can take on a cell, as a mask."""
        if expression.is_number:
            return _BITS[number_sign(expression)]
        return self.space(expression.free_symbols | cell.symbols).sign(expression, cell)

    def where(self, cell: Cell, expression: sp.Expr, mask: int) -> Cell:
        """The cell with one more condition; factors of known sign are dropped."""
        expression = sp.sympify(expression, strict=True)
        if expression.is_number:
            return cell if _BITS[number_sign(expression)] & mask else Cell(((sp.Integer(1), 0),))
        body, orientation = self.space(expression.free_symbols).essential(expression)
        return cell.where(orientation * body, mask)

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
            parts = _affine(equation, unknown)
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

    # Projection of the unknowns left

    def project(self, cell: Cell) -> list[Cell]:
        """Cells over the parameters whose union is the projection of a cell; `Unsolved` if some unknown occurs in no linear way."""
        stack, done = [cell], []
        while stack:
            here = stack.pop()
            left = sorted(here.symbols - self.parameters, key=lambda u: (sum(u in body.free_symbols for body, _ in here.atoms), str(u)))
            if not self.feasible(here):
                continue
            if not left:
                done.append(here)
                continue
            unknown = next((u for u in left if all(_affine(body, u) is not None for body, _ in here.atoms if u in body.free_symbols)), None)
            if unknown is None:
                raise Unsolved("projection of " + ", ".join(map(str, left)))
            stack.extend(self._without(here, unknown))
        return done

    def _without(self, cell: Cell, unknown: sp.Symbol) -> Iterator[Cell]:
        """Fourier-Motzkin elimination of one unknown that occurs linearly."""
        rest = Cell(tuple(atom for atom in cell.atoms if unknown not in atom[0].free_symbols))
        bounds: list[tuple[sp.Expr, sp.Expr, int]] = []
        for body, mask in cell.atoms:
            if unknown not in body.free_symbols:
                continue
            slope, intercept = _affine(body, unknown) or (sp.Integer(0), body)
            signs = self.sign(slope, rest)
            if signs not in (LT, EQ, GT):
                for bit in (LT, EQ, GT):
                    if signs & bit:
                        yield self.where(cell, slope, bit)
                return
            if signs == EQ:
                rest = self.where(rest, intercept, mask)
                continue
            if mask == NE:
                yield cell & Cell(((body, LT),))
                yield cell & Cell(((body, GT),))
                return
            turned = mask if signs == GT else (mask & EQ) | (LT if mask & GT else 0) | (GT if mask & LT else 0)
            bounds.append((sp.cancel(-intercept / slope), slope, turned))
        equal = next((value for value, _, mask in bounds if mask == EQ), None)
        if equal is not None:
            for value, _, mask in bounds:
                rest = self.where(rest, sp.together(equal - value), mask)
            yield rest
            return
        for low, _, lower in ((v, s, m) for v, s, m in bounds if m & GT):
            for high, _, upper in ((v, s, m) for v, s, m in bounds if m & LT):
                rest = self.where(rest, sp.together(high - low), GE if lower & upper & EQ else GT)
        yield rest


def within(cell: Cell, unknowns: Iterable[sp.Symbol], *, closed: bool) -> Cell:
    """The cell with every unknown in the unit interval, its ends included or not."""
    for unknown in unknowns:
        cell = cell.where(unknown, GE if closed else GT).where(unknown - 1, LE if closed else LT)
    return cell


def _affine(expression: sp.Expr, unknown: sp.Symbol) -> tuple[sp.Expr, sp.Expr] | None:
    """(a, b) with expression = a*unknown + b, or None."""
    if not expression.is_polynomial(unknown):
        return None
    poly = sp.Poly(expression, unknown)
    return (poly.coeff_monomial(unknown), poly.coeff_monomial(1)) if poly.degree() == 1 else None


def _quadratic(expression: sp.Expr, unknown: sp.Symbol) -> tuple[sp.Symbol, sp.Expr, sp.Expr, sp.Expr] | None:
    if not expression.is_polynomial(unknown):
        return None
    poly = sp.Poly(expression, unknown)
    return (unknown, poly.coeff_monomial(unknown**2), poly.coeff_monomial(unknown), poly.coeff_monomial(1)) if poly.degree() == 2 else None


def _any_affine(expression: sp.Expr, unknowns: Iterable[sp.Symbol]) -> bool:
    return any(u in expression.free_symbols and _affine(expression, u) is not None for u in unknowns)


__all__ = ["ANY", "Case", "Elimination", "Unsolved", "within"]
