"""Conditions as z3 formulas, and points out of z3 models.

One incremental solver serves many queries: each query is a set of assumed literals. Linear
conditions are settled by exact rational simplex, products by z3's nonlinear extension of it.
"""

from collections.abc import Iterable
from fractions import Fraction
from math import prod
from typing import Any

import z3

from bargain.regions import Space
from bargain.regions.translate import Translator
from bargain.solvers.regimes.comparisons import Comparisons, bits
from bargain.solvers.regimes.levels import Point

_DIGITS = 4000  # of a number in a model that is of use
_FINE = 10**6  # largest denominator of a parameter that is fixed
_FIRST = 2000  # milliseconds for a question about products before it is asked afresh


class Decider:
    """z3 formulas of the numbered conditions of one parameter space.

    With `lifted`, products of parameters are variables of their own, tied to their factors by the linear
    inequalities that follow from the factors' domains (McCormick 1976): every query is linear, "cannot hold"
    remains a proof, and a model need not be a point.
    """

    def __init__(self, space: Space, comparisons: Comparisons, *, lifted: bool = False) -> None:
        self.space, self.comparisons, self.lifted = space, comparisons, lifted
        self.translator = Translator()
        self.variables = [z3.Real(str(symbol.name)) for symbol in comparisons.symbols]
        self._monomials: dict[tuple[int, ...], Any] = {}
        self._conditions: dict[int, Any] = {}

    def condition(self, literal: int) -> Any:
        """The formula of a condition."""
        if literal not in self._conditions:
            left = self._term(self.comparisons.atoms[literal >> 1])
            self._conditions[literal] = left <= 0 if literal % 2 == 0 else left >= 0
        return self._conditions[literal]

    def conditions(self, conditions: int) -> list[Any]:
        """The formulas of a set of conditions."""
        return [self.condition(literal) for literal in bits(conditions)]

    def _term(self, key: Any) -> Any:
        if not isinstance(key, tuple):
            return self.translator.term(key)
        return z3.Sum([coefficient * self._monomial(which) if which else z3.RealVal(coefficient) for which, coefficient in key])

    def _monomial(self, which: tuple[int, ...]) -> Any:
        if which not in self._monomials:
            if len(which) == 1:
                self._monomials[which] = self.variables[which[0]]
            elif self.lifted:
                self._monomials[which] = self._envelope(which)
            else:
                self._monomials[which] = z3.Product([self.variables[k] for k in which])
        return self._monomials[which]

    def _envelope(self, which: tuple[int, ...]) -> Any:
        """A variable for a product u·v, with (u - a)(v - b) >= 0 or <= 0 for all finite ends a of u and b of v."""
        left, right = which[:-1], which[-1:]
        u, v, name = self._monomial(left), self._monomial(right), z3.Real("·".join(str(self.comparisons.symbols[k]) for k in which))
        first, second = self.comparisons.range(left), self.comparisons.range(right)
        for side, a in enumerate(first):
            for other, b in enumerate(second):
                if a is not None and b is not None:
                    gap = name - _real(b) * u - _real(a) * v + _real(a * b)
                    self.translator.facts.append(gap >= 0 if side == other else gap <= 0)
        if left == right:
            self.translator.facts.append(name >= 0)
        return name

    @property
    def products(self) -> list[tuple[int, ...]]:
        """The products of parameters met so far."""
        return [which for which in self._monomials if len(which) > 1]

    def slice(self, anchor: Point) -> list[Any]:
        """Linear equations that fix some parameters near their values in a point, so that each product has at most one other factor, and make products exact."""
        fixed: set[int] = set()
        left = self.products
        while left := [which for which in left if sum(k not in fixed for k in which) > 1]:
            count = {k: sum(which.count(k) for which in left) for which in left for k in which if k not in fixed}
            fixed.add(max(count, key=lambda k: (count[k], -k)))
        at = {k: anchor[k].limit_denominator(_FINE) for k in sorted(fixed)}
        equations = [self.variables[k] == _real(value) for k, value in at.items()]
        for which in self.products:
            factor = prod((at[k] for k in which if k in fixed), start=Fraction(1))
            rest = [self.variables[k] for k in which if k not in fixed]
            equations.append(self._monomials[which] == (_real(factor) * rest[0] if rest else _real(factor)))
        return equations

    def values(self, model: Any) -> dict[tuple[int, ...], Fraction]:
        """The values of the products in a model."""
        return {which: value for which, term in self._monomials.items() if (value := _rational(model.eval(term, model_completion=True))) is not None}


class Incremental:
    """A solver that keeps its assertions, and what it learnt from them, between queries.

    Where products of parameters are multiplied out, what was learnt can lead a search astray for good: a query that is not decided soon is
    asked again of a fresh solver with another seed, each time for twice as long, up to the time limit.
    """

    def __init__(self, decider: Decider, timeout_ms: int) -> None:
        self.decider = decider
        self.queries = 0
        self._timeout, self._restarts = timeout_ms, 0
        self._formulas: list[Any] = [decider.translator.cell(decider.space.domain)]
        self._solver = self._fresh()

    def _fresh(self) -> Any:
        solver = z3.SimpleSolver()
        solver.set("random_seed", self._restarts)
        solver.set("arith.nl.grobner", False)  # its rounds cannot be interrupted and settle nothing here that nlsat does not
        solver.add(*self._formulas, *self.decider.translator.facts)
        self._told = len(self.decider.translator.facts)
        return solver

    def add(self, *formulas: Any) -> None:
        """Assert formulas for all later queries."""
        self._formulas += formulas
        self._solver.add(*formulas)

    def limit(self, timeout_ms: int) -> None:
        """Set the time limit of a query."""
        self._timeout = max(1, timeout_ms)

    def check(self, assumed: Iterable[Any] = ()) -> bool | None:
        """Whether the assertions can hold together with the assumed literals; None if not decided."""
        facts = self.decider.translator.facts
        if self._told < len(facts):
            self._solver.add(*facts[self._told :])
            self._told = len(facts)
        self.queries += 1
        literals, left = list(assumed), self._timeout
        patience = left if self.decider.lifted or not self.decider.products else _FIRST
        while True:
            self._solver.set("timeout", min(patience, left))
            outcome = self._solver.check(*literals)
            left -= patience
            if outcome != z3.unknown:
                return bool(outcome == z3.sat)
            self._restarts += 1
            self._solver = self._fresh()
            if left <= 0:
                return None
            patience *= 2

    def core(self) -> list[Any]:
        """The assumed literals that the last refutation rests on."""
        return list(self._solver.unsat_core())

    def point(self) -> Point | None:
        """A rational point near the last model's (the model's own where it is rational); None if there is none."""
        model = self._solver.model()
        point = [_rational(model.eval(variable, model_completion=True)) for variable in self.decider.variables]
        return None if None in point else tuple(value for value in point if value is not None)

    def values(self) -> dict[tuple[int, ...], Fraction]:
        """The last model's values of the products of parameters."""
        return self.decider.values(self._solver.model())


def _rational(value: Any) -> Fraction | None:
    if z3.is_algebraic_value(value):
        value = value.approx(20)
    if not z3.is_rational_value(value) or len(value.as_string()) > _DIGITS:
        return None
    return Fraction(value.numerator_as_long(), value.denominator_as_long())


def _real(value: Fraction) -> Any:
    return z3.RealVal(f"{value.numerator}/{value.denominator}")
