"""Exhibits as numbers: what a model asks to be drawn, evaluated on a grid.

A line of a `Curve` that is an expression is lambdified once. A line (problem, quantity) is
solved once with the curve's parameter left free on the curve's interval, and the quantity is
evaluated regime by regime; where the parameter stands inside an exponential, or the symbolic
answer is not certified, the problem is solved exactly at each of a few points instead. A line
that is the name of a quantity of the model is evaluated exactly at a few points as well.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import sympy as sp

from bargain.claims import Model, Point
from bargain.errors import BadInput, NotApplicable, NotCertified, NotDecided
from bargain.exhibits import Curve
from bargain.expressions import exact
from bargain.notation import Domain, Notation
from bargain.report.along import by_regime, over
from bargain.report.tracing import Numbers, Sampled, Trace, differences, everywhere, joined, sampled
from bargain.solution import Equilibrium, Solution
from bargain.solving import solve

Progress = Callable[[str], None]
_FINE, _COARSE = 201, 21


@dataclass(frozen=True)
class CurveData:
    """The lines of a curve: arrays over the parameter, nan where the quantity does not exist.

    points: at how many points a line was solved for; 0 where formulas give every point. bands: the lowest and the highest of each line as another
    parameter takes its two values. broken: whether a line jumps. chosen: which of several equilibria is shown, where there are several.
    """

    across: Numbers
    lines: Mapping[str, Numbers]
    reference: Numbers | None
    threshold: float | None
    points: int = 0
    bands: Mapping[str, tuple[Numbers, Numbers]] = field(default_factory=dict)
    broken: bool = False
    chosen: str = ""


@dataclass
class Evaluation:
    """Evaluates the curves of one model; solutions with one free parameter are kept."""

    point: Point
    progress: Progress
    _solved: dict[tuple[str, sp.Symbol], Any] = field(default_factory=dict)
    _points: dict[tuple[sp.Symbol, sp.Expr], Point] = field(default_factory=dict)
    _places: dict[str, int] = field(default_factory=dict)

    @property
    def model(self) -> Model:
        """The model evaluated."""
        return self.point.model

    def place(self, outcome: str) -> int:
        """The place of an outcome among those of all maps of the model, so that it looks the same in each."""
        return self._places.setdefault(outcome, len(self._places))

    def curve(self, curve: Curve) -> CurveData:
        """All lines of a curve over a fine grid, broken where they jump."""
        traced = self._traces(curve)
        beside = [] if curve.around is None else [Evaluation(self.point.elsewhere({curve.around[0]: end}), self.progress)._traces(curve) for end in curve.around[1:]]
        across = joined(np.array([float(point) for point in _points(curve, _FINE)]), [trace for some in (traced, *beside) for trace in some.values()])
        low, high = ({name: trace.on(across) for name, trace in some.items()} for some in beside) if beside else ({}, {})
        bands = {name: (np.minimum(low[name], high[name]), np.maximum(low[name], high[name])) for name in traced if name in low and name in high}
        reference = None if curve.reference is None else self._expression(curve.reference[1], curve.parameter)(across)[0]
        threshold = None if curve.threshold is None else float(self.point.evaluate(exact(curve.threshold[1])))
        solved = [self._solved.get((line[0], curve.parameter)) for line in curve.lines.values() if isinstance(line, tuple)]
        counts = [len(found) for found in solved if isinstance(found, dict)] + [_COARSE for line in curve.lines.values() if isinstance(line, str)]
        return CurveData(across, {name: trace.on(across) for name, trace in traced.items()}, reference, threshold, min(counts, default=0), bands,
                         any(trace.breaks for trace in traced.values()), self._chosen(curve))

    def _chosen(self, curve: Curve) -> str:
        """Which of several equilibria the lines are of, where a line is of one only and there are several; else empty."""
        solved = [self._solved.get((line[0], curve.parameter)) for line in curve.lines.values() if isinstance(line, tuple)]
        if any(isinstance(found, dict) and any(len(several) > 1 for several in found.values()) for found in solved):
            return Model.selection
        named = any(isinstance(line, str) for line in curve.lines.values())
        return self.model.selection if named and any(at.several for (symbol, _), at in self._points.items() if symbol == curve.parameter) else ""

    def _traces(self, curve: Curve) -> dict[str, Trace]:
        """The lines by name; one for each equilibrium of a problem that is solved for all values of the parameter."""
        found = {}
        for name, line in curve.lines.items():
            for number, trace in enumerate(sampled(*self._line(curve, line))):
                found[name if number == 0 else f"{name}, equilibrium {number + 1}"] = trace
        return found

    def _line(self, curve: Curve, line: Any) -> Sampled:
        """The numbers of a line at some points, one per equilibrium, and how to find those at another point."""
        if isinstance(line, str):
            return self._quantity(line, curve)
        if not isinstance(line, tuple):
            return everywhere(self._expression(line, curve.parameter), _points(curve, _FINE))
        if isinstance(line[0], tuple):
            (first, more), (second, others) = (self._line(curve, part) for part in line)
            return ({point: differences(first[point], second[point]) for point in first if point in second}, lambda point: differences(more(point), others(point)))
        problem, quantity = line
        solved = self._solution(problem, curve)
        if isinstance(solved, Solution):
            return everywhere(lambda across: by_regime(solved, quantity, curve.parameter, across), _points(curve, _FINE))

        def first_listed(point: sp.Rational) -> list[float]:
            return [float(e.quantities.get(quantity, np.nan)) for e in self._there(problem, curve, point)[:1]]

        return {point: first_listed(point) for point in solved}, first_listed

    def at(self, parameter: sp.Symbol, value: sp.Expr) -> Point:
        """The model with one parameter moved from the baseline."""
        if (parameter, value) not in self._points:
            self._points[parameter, value] = self.model.at({**self.point.values, parameter: value})
        return self._points[parameter, value]

    def _quantity(self, name: str, curve: Curve) -> Sampled:
        """A quantity of the model, evaluated exactly at a few points."""
        if curve.parameter not in self.point.values or name not in {quantity.name for quantity in self.model.quantities}:
            raise BadInput(f"{self.model.name} has no parameter {curve.parameter} or no quantity {name!r}", place=f"exhibit {curve.title!r}",
                           remedy="name a parameter and a quantity of the model")

        def exactly(point: sp.Rational) -> list[float]:
            value = self.at(curve.parameter, point)[name]
            return [np.nan if value is None else float(value)]

        return {point: exactly(point) for point in _points(curve, _COARSE)}, exactly

    def _expression(self, line: Any, parameter: sp.Symbol) -> Callable[[Numbers], list[Numbers]]:
        formula = self._fixed(exact(line(self.model) if callable(line) and not isinstance(line, sp.Basic) else line), parameter)
        return lambda across: [over(formula, parameter, across)]

    def _fixed(self, formula: sp.Expr, parameter: sp.Symbol) -> sp.Expr:
        return formula.subs({symbol: value for symbol, value in self.point.values.items() if symbol != parameter})

    def _solution(self, name: str, curve: Curve) -> Any:
        """The solution with one parameter free, or the equilibria at each of some points."""
        key = name, curve.parameter
        if key not in self._solved:
            self._solved[key] = self._symbolic(name, self._problem(name), curve) or self._pointwise(name, curve)
        return self._solved[key]

    def _problem(self, name: str) -> Any:
        problem = self.model.problems[name][0]
        return problem(self.point) if callable(problem) else problem

    def _symbolic(self, name: str, problem: Any, curve: Curve) -> Solution | None:
        solver = self.model.problems[name][1]
        if transcendental(problem, curve.parameter) and not getattr(solver, "limit", False):
            return None
        others = self._others(problem, curve)
        self.progress(f"{self.model.name}: solving {name!r} with {curve.parameter} free")
        try:
            return solve(on_interval(problem, curve.parameter, curve.interval), solver, free=[curve.parameter], at=others)
        except (NotCertified, NotDecided, NotApplicable) as error:
            self.progress(f"{self.model.name}: {curve.title!r} is solved point by point ({error.rule[:60]})")
            return None

    def _pointwise(self, name: str, curve: Curve) -> dict[sp.Rational, tuple[Equilibrium, ...]]:
        self.progress(f"{self.model.name}: solving {name!r} at {_COARSE} values of {curve.parameter}")
        found: dict[sp.Rational, tuple[Equilibrium, ...]] = {}
        self._solved[name, curve.parameter] = found
        for point in _points(curve, _COARSE):
            self._there(name, curve, point)
        if len(found) < 2:
            raise NotDecided("cannot be drawn: hardly any point could be solved", place=f"exhibit {curve.title!r}", remedy="choose another interval")
        return found

    def _there(self, name: str, curve: Curve, point: sp.Rational) -> tuple[Equilibrium, ...]:
        """The equilibria at a point, solved once; none where the solution is not certified."""
        found = self._solved[name, curve.parameter]
        if point not in found:
            problem, solver = self._problem(name), self.model.problems[name][1]
            try:
                found[point] = solve(problem, solver, at={**self._others(problem, curve), curve.parameter: point}).extreme
            except (NotCertified, NotDecided) as error:
                self.progress(f"{self.model.name}: {name!r} left out at {curve.parameter} = {float(point):g} ({error.rule[:60]})")
                return ()
        return tuple(found[point])

    def _others(self, problem: Any, curve: Curve) -> dict[sp.Symbol, sp.Expr]:
        if curve.parameter not in problem.notation.symbols:
            raise BadInput(f"{curve.parameter} is not a parameter of {problem.title!r}", place=f"exhibit {curve.title!r}",
                           remedy="parameters: " + ", ".join(problem.notation.names))
        return {symbol: value for symbol, value in self.point.values.items() if symbol in problem.notation.symbols and symbol != curve.parameter}


def _points(curve: Curve, count: int) -> list[sp.Rational]:
    """Equidistant points of the interval of a curve, its ends included."""
    low, high = (exact(end) for end in curve.interval)
    return [low + (high - low) * sp.Rational(k, count - 1) for k in range(count)]


def on_interval(problem: Any, symbol: sp.Symbol, interval: tuple[Any, Any]) -> Any:
    """The problem with the domain of one parameter cut down to an interval."""
    low, high = (exact(end) for end in interval)
    domain = problem.notation[symbol].domain
    opens = domain.low_open and low <= domain.low, domain.high_open and high >= domain.high
    cut = Domain(max(low, domain.low), min(high, domain.high), *opens)
    rows = tuple(replace(row, domain=cut) if row.symbol == symbol else row for row in problem.notation)
    return replace(problem, notation=Notation(rows, problem.notation.assumptions))


def transcendental(problem: Any, symbol: sp.Symbol) -> bool:
    """Whether the parameter stands inside an exponential of a bargaining table."""
    expressions = problem.expressions() if hasattr(problem, "expressions") else ()
    return any(symbol in part.free_symbols for e in expressions for part in e.atoms(sp.exp))
