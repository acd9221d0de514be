"""Sympy expressions as z3 terms; what is not polynomial becomes a bounded fresh variable.

Sound abstraction: exp, log, sqrt and symbolic powers are replaced by fresh reals with
facts that hold for every value (``exp(u) > 0``, ``u < 0 <=> exp(u) < 1`` ...), so an
"empty" answer stays a proof while a witness must be confirmed by exact evaluation.
"""

import operator
from functools import reduce
from typing import Any

import sympy as sp
import z3

from bargain.errors import NotApplicable
from bargain.regions.cells import EQ, GE, GT, LE, LT, NE, Cell


class Translator:
    """Translates expressions into z3 reals and collects the facts about abstracted parts."""

    def __init__(self) -> None:
        self.facts: list[Any] = []
        self.abstracted: dict[sp.Expr, Any] = {}
        self._terms: dict[sp.Basic, Any] = {}

    def term(self, e: sp.Expr) -> Any:
        """The z3 term of an expression."""
        if e not in self._terms:
            self._terms[e] = self._translate(e)
        return self._terms[e]

    def _translate(self, e: sp.Expr) -> Any:
        if e.is_Rational:
            return z3.RealVal(f"{int(e.p)}/{int(e.q)}")
        if isinstance(e, sp.Symbol):
            return z3.Real(str(e.name))
        if e.is_Add:
            return z3.Sum([self.term(argument) for argument in e.args])
        if e.is_Mul:
            return z3.Product([self.term(argument) for argument in e.args])
        if e.is_Pow and e.args[1].is_Integer:
            if e.args[1].is_negative:
                return 1 / self.term(1 / e)
            return z3.Product([self.term(e.args[0])] * int(e.args[1])) if e.args[1] else z3.RealVal(1)
        if isinstance(e, sp.Min | sp.Max):
            return self._extreme(e)
        return self._abstract(e)

    def _extreme(self, e: sp.Expr) -> Any:
        better = operator.le if isinstance(e, sp.Min) else operator.ge
        return reduce(lambda best, other: z3.If(better(other, best), other, best), map(self.term, e.args))

    def _abstract(self, e: sp.Expr) -> Any:
        fresh = z3.Real(f"_{len(self.abstracted)}_{type(e).__name__}")
        self.abstracted[e] = fresh
        if isinstance(e, sp.exp):
            u = self.term(e.args[0])
            self.facts += [fresh > 0, (u < 0) == (fresh < 1), (u == 0) == (fresh == 1), fresh >= 1 + u]
        elif isinstance(e, sp.log):
            u = self.term(e.args[0])
            self.facts += [z3.Implies(u > 0, z3.And((u < 1) == (fresh < 0), (u == 1) == (fresh == 0), fresh <= u - 1))]
        elif e.is_Pow and e.args[1] == sp.Rational(1, 2):
            u = self.term(e.args[0])
            self.facts += [z3.Implies(u >= 0, z3.And(fresh >= 0, fresh * fresh == u))]
        elif e.is_Pow:
            self.facts += [z3.Implies(self.term(e.args[0]) > 0, fresh > 0)]
        elif e.is_real is False and not e.is_extended_real:
            raise NotApplicable(f"{e} is not real", place="condition", remedy="restate the payoff over the reals")
        return fresh

    def atom(self, body: sp.Expr, mask: int) -> Any:
        """The z3 formula of one sign condition."""
        left = self.term(body)
        return {LT: left < 0, LE: left <= 0, EQ: left == 0, GT: left > 0, GE: left >= 0, NE: left != 0}[mask]

    def cell(self, cell: Cell) -> Any:
        """The z3 formula of a cell."""
        if cell.trivially_empty:
            return z3.BoolVal(False)
        return z3.And([self.atom(body, mask) for body, mask in cell.atoms]) if cell.atoms else z3.BoolVal(True)
