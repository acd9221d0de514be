"""The parameter space: decides emptiness, implication and cover, with witnesses.

Linear conditions are settled by z3's exact rational simplex, polynomial ones by its
nlsat procedure (cylindrical algebraic decomposition driven by conflicts; Jovanovic and
de Moura 2012). A time-out is an answer (`Verdict.unknown`), never a guess.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sympy as sp

from bargain.errors import InvalidModel
from bargain.expressions import Evaluator
from bargain.notation import Notation
from bargain.regions.cells import ANY, BIT, EQ, GE, GT, LE, LT, NE, Cell, canonical, text, turned

if TYPE_CHECKING:
    from bargain.regions.points import Points
    from bargain.regions.translate import Translator


@dataclass(frozen=True)
class Verdict:
    """Answer to "is there such a point?": True with a witness where one was confirmed, False (proved), or None (not decided)."""

    answer: bool | None
    witness: Mapping[sp.Symbol, sp.Expr] | None = None
    reason: str = ""

    @property
    def unknown(self) -> bool:
        """Whether the question was left undecided."""
        return self.answer is None


class Space:
    """All admissible parameter points of a notation.

    >>> from bargain.notation import Parameter
    >>> p, c = sp.symbols("p c", real=True)
    >>> space = Space(Notation((Parameter(p, "chance", domain="[0, 1]"), Parameter(c, "cost", domain=">0"))))
    >>> space.sign(p + c), space.sign(p - c)
    (4, 7)
    >>> space.implies(Cell.of(p > c), Cell.of(c < 1)).answer
    True
    """

    def __init__(self, notation: Notation, *, timeout_ms: int = 5000) -> None:
        self.notation = notation
        self.timeout_ms = timeout_ms
        self.domain = _domain_cell(notation)
        self._translator: Translator | None = None
        self._verdicts: dict[Cell, Verdict] = {}
        self._signs: dict[tuple[sp.Expr, Cell], int] = {}
        self._essential: dict[sp.Expr, tuple[sp.Expr, int]] = {}
        self.queries = 0

    def feasible(self, cell: Cell) -> Verdict:
        """Whether the cell contains an admissible point; the answer is cached."""
        if cell.trivially_empty:
            return Verdict(False, reason="an atom contradicts itself")
        if cell not in self._verdicts:
            verdict = self._verdicts[cell] = self._decide([self._formula(cell)], cell)
            if verdict.witness is not None:
                self.points.add(verdict.witness)
        return self._verdicts[cell]

    def implies(self, cell: Cell, conclusion: Cell) -> Verdict:
        """Whether every admissible point of `cell` satisfies `conclusion`: True is a proof, False carries the counterexample."""
        for body, mask in conclusion.atoms:
            verdict = self.feasible(cell & Cell(((body, ANY & ~mask),)))
            if verdict.answer is not False:
                return Verdict(None if verdict.unknown else False, verdict.witness, verdict.reason)
        return Verdict(True)

    def empty(self, cell: Cell) -> bool:
        """Whether the cell is proved to contain no admissible point; a known point settles that it does."""
        return not self.points.inside(cell) and self.feasible(cell).answer is False

    def proves(self, cell: Cell, conclusion: Cell) -> bool:
        """Whether every admissible point of `cell` is proved to satisfy `conclusion`; a known point settles that one does not."""
        here = self.points.inside(cell)
        if here and any(self.points.where(body, ANY & ~mask, here) for body, mask in conclusion.atoms):
            return False
        return self.implies(cell, conclusion).answer is True

    def uncovered(self, cells: Iterable[Cell], within: Cell = Cell()) -> Verdict:
        """A point of `within` outside every cell: answer False proves the cover."""
        import z3

        translator = self._translate()
        outside = [z3.Not(translator.cell(cell)) for cell in cells]
        return self._decide([self._formula(within), *outside], within)

    def unmatched(self, cell: Cell, inner: Cell, unknowns: Iterable[sp.Symbol]) -> Verdict:
        """A point of `cell` at which no values of the unknowns satisfy `inner`: answer False proves that values exist everywhere.

        The question has a quantifier inside and goes to nlqsat (Jovanovic and de Moura's procedure in alternation).
        """
        import z3

        translator = self._translate()
        bound = [z3.Real(str(symbol.name)) for symbol in unknowns]
        refused = z3.ForAll(bound, z3.Not(translator.cell(inner))) if bound else z3.Not(translator.cell(inner))
        outside = [translator.cell(self.domain), self._formula(cell)]
        if translator.abstracted:
            return Verdict(None, reason="an abstracted function under a quantifier")
        solver = z3.Tactic("nlqsat").solver()
        solver.set("timeout", self.timeout_ms)
        solver.add(*outside, refused)
        self.queries += 1
        outcome = solver.check()
        if outcome == z3.unknown:
            return Verdict(None, reason=f"not decided within {self.timeout_ms} ms")
        return Verdict(outcome == z3.sat, reason="decided with a quantifier")

    def sign(self, expression: sp.Expr, within: Cell = Cell()) -> int:
        """The set of signs (bit mask) that `expression` can take on `within`; undecided signs count as possible."""
        body, orientation = canonical(sp.sympify(expression, strict=True))
        if body.is_Number:
            return BIT[orientation]
        key = (body, within)
        if key not in self._signs:
            self._signs[key] = self._possible_signs(body, within)
        return turned(self._signs[key], orientation)

    def essential(self, expression: sp.Expr) -> tuple[sp.Expr, int]:
        """Canonical body and orientation of an expression once factors of known strict sign are dropped."""
        body, orientation = canonical(sp.sympify(expression, strict=True))
        if body.is_Number:
            return body, orientation
        if body not in self._essential:
            self._essential[body] = self._without_signed_factors(body)
        reduced, turn = self._essential[body]
        return reduced, turn * orientation

    def contains(self, point: Mapping[sp.Symbol, sp.Expr], cell: Cell = Cell()) -> bool:
        """Exact membership of a rational point in the cell and in the space."""
        at = Evaluator(point)
        for body, mask in (cell & self.domain).atoms:
            value = at(body)
            if not mask & (LT if value < 0 else EQ if value == 0 else GT):
                return False
        return True

    def reduced(self, cell: Cell) -> Cell:
        """The cell without atoms that the space and the remaining atoms already imply (proved, one at a time).

        Equations and short atoms are tried last; among equals the order of the cell decides.
        """
        for body, mask in sorted(cell.atoms, key=lambda atom: (atom[1] == EQ, -len(text(atom[0])))):
            rest = cell.without(body)
            if self.proves(rest, Cell(((body, mask),))):
                cell = rest
        return cell

    def _without_signed_factors(self, body: sp.Expr) -> tuple[sp.Expr, int]:
        constant, factors = sp.factor_list(body)
        if len(factors) == 1:
            return body, 1
        kept, sign = [], int(sp.sign(constant))
        for factor, power in factors:
            mask = self.sign(factor)
            if mask not in (LT, GT):
                kept.append(factor**power)
            elif mask == LT and power % 2:
                sign = -sign
        reduced, turn = canonical(sp.Mul(*kept))
        return reduced, turn * sign

    def _possible_signs(self, body: sp.Expr, within: Cell) -> int:
        """The signs shown by points that are known to lie in the cell, and those that cannot be excluded: two at a time first."""
        allowed, known = dict((within & self.domain).atoms).get(body, ANY), self.points
        if self.empty(within):
            return 0
        shown = allowed & known.signs(body, known.inside(within))
        if shown & LT and shown & GT and known.polynomial(body) is not None and known.convex(within & self.domain):
            shown |= allowed & EQ  # on the segment between the two points
        left = allowed & ~shown
        while left in (LE, NE, GE):
            if self.feasible(within & Cell(((body, left),))).answer is False:
                return shown
            more = left & known.signs(body, known.inside(within))
            if not more:  # its point is not rational, or it was not decided
                break
            shown, left = shown | more, left & ~more
        for bit in (LT, EQ, GT):
            if left & bit and self.feasible(within & Cell(((body, bit),))).answer is not False:
                shown |= bit
        return shown

    @cached_property
    def points(self) -> "Points":
        """The points that are known to lie in the space."""
        from bargain.regions.points import Points

        return Points(self.notation.symbols)

    def _translate(self) -> "Translator":
        if self._translator is None:
            from bargain.regions.translate import Translator

            self._translator = Translator()
        return self._translator

    def _formula(self, cell: Cell) -> Any:
        unknown = cell.symbols - set(self.notation.symbols)
        if unknown:
            raise InvalidModel(f"symbol {sorted(map(str, unknown))[0]} has no domain", place="condition",
                               remedy="declare it in the notation")
        return self._translate().cell(cell)

    def _decide(self, formulas: list[Any], cell: Cell) -> Verdict:
        import z3

        translator = self._translate()
        domain = translator.cell(self.domain)
        solver = z3.SolverFor("QF_NRA") if not _is_linear(formulas) else z3.Solver()
        solver.set("timeout", self.timeout_ms)
        solver.add(domain, *formulas, *translator.facts)
        self.queries += 1
        outcome = solver.check()
        if outcome == z3.unsat:
            return Verdict(False, reason="proved empty")
        if outcome != z3.sat:
            return Verdict(None, reason=f"not decided within {self.timeout_ms} ms")
        witness = self._witness(solver.model())
        confirmed = witness is not None and self.contains(witness, cell)
        if not confirmed and translator.abstracted:
            return Verdict(None, reason="a candidate point rests on an abstracted function")
        return Verdict(True, witness if confirmed else None)

    def _witness(self, model: Any) -> dict[sp.Symbol, sp.Expr] | None:
        import z3

        point = {}
        for symbol in self.notation.symbols:
            value = model.eval(z3.Real(str(symbol.name)), model_completion=True)
            if z3.is_algebraic_value(value):
                value = value.approx(30)
            if not z3.is_rational_value(value):
                return None
            point[symbol] = sp.Rational(value.numerator_as_long(), value.denominator_as_long())
        return point


def _domain_cell(notation: Notation) -> Cell:
    cell = Cell.of(*notation.assumptions)
    for parameter in notation:
        domain = parameter.domain
        if domain.low.is_finite:
            cell = cell.where(parameter.symbol - domain.low, GT if domain.low_open else GE)
        if domain.high.is_finite:
            cell = cell.where(parameter.symbol - domain.high, LT if domain.high_open else LE)
    return cell


def _is_linear(formulas: list[Any]) -> bool:
    """Whether no product or quotient of two variables occurs (a z3 walk with memo)."""
    import z3

    seen: set[int] = set()
    stack = list(formulas)
    while stack:
        node = stack.pop()
        if node.get_id() in seen:
            continue
        seen.add(node.get_id())
        kind = node.decl().kind()
        children = node.children()
        if kind in (z3.Z3_OP_MUL, z3.Z3_OP_POWER) and sum(not z3.is_rational_value(child) for child in children) > 1:
            return False
        if kind == z3.Z3_OP_DIV and not z3.is_rational_value(children[1]):
            return False
        stack.extend(children)
    return True
