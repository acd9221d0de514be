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
import numpy.typing as npt
import sympy as sp

from bargain.claims import Model, Point
from bargain.errors import BadInput, NotApplicable, NotCertified, NotDecided
from bargain.exhibits import Curve
from bargain.expressions import exact
from bargain.notation import Domain, Notation
from bargain.regions.cells import EQ, GT, LT, Region
from bargain.sensitivity.formulas import Formulas, Signs
from bargain.solution import Equilibrium, Solution
from bargain.solving import solve

Numbers = npt.NDArray[np.float64]
Progress = Callable[[str], None]
_FINE, _COARSE = 201, 21


@dataclass(frozen=True)
class CurveData:
    """The lines of a curve: arrays over the parameter, nan where the quantity does not exist.

    points: at how many points a line was solved for; 0 where formulas give every point. bands: the lowest and the highest of each line as another
    parameter takes its two values.
    """

    across: Numbers
    lines: Mapping[str, Numbers]
    reference: Numbers | None
    threshold: float | None
    points: int = 0
    bands: Mapping[str, tuple[Numbers, Numbers]] = field(default_factory=dict)


@dataclass
class Evaluation:
    """Evaluates the curves of one model; solutions with one free parameter are kept."""

    point: Point
    progress: Progress
    _solved: dict[tuple[str, sp.Symbol], Any] = field(default_factory=dict)
    _points: dict[tuple[sp.Symbol, sp.Expr], Point] = field(default_factory=dict)

    @property
    def model(self) -> Model:
        """The model evaluated."""
        return self.point.model

    def curve(self, curve: Curve) -> CurveData:
        """All lines of a curve over a fine grid."""
        low, high = (float(exact(end)) for end in curve.interval)
        across = np.linspace(low, high, _FINE)
        lines: dict[str, Numbers] = {}
        for name, line in curve.lines.items():
            for number, values in enumerate(self._line(curve, line, across)):
                lines[name if number == 0 else f"{name}, equilibrium {number + 1}"] = values
        reference = None if curve.reference is None else self._expression(curve.reference[1], curve.parameter, across)
        threshold = None if curve.threshold is None else float(self.point.evaluate(exact(curve.threshold[1])))
        solved = [self._solved.get((line[0], curve.parameter)) for line in curve.lines.values() if isinstance(line, tuple)]
        counts = [len(found[0]) for found in solved if isinstance(found, tuple)] + [_COARSE for line in curve.lines.values() if isinstance(line, str)]
        points = min(counts, default=0)
        return CurveData(across, lines, reference, threshold, points, self._bands(curve))

    def _bands(self, curve: Curve) -> dict[str, tuple[Numbers, Numbers]]:
        """Each line at the two values of the parameter that makes the bands."""
        if curve.around is None:
            return {}
        symbol, *ends = curve.around
        plain = replace(curve, around=None, reference=None, threshold=None)
        low, high = (Evaluation(self.point.elsewhere({symbol: end}), self.progress).curve(plain).lines for end in ends)
        return {name: (np.minimum(low[name], high[name]), np.maximum(low[name], high[name])) for name in low.keys() & high.keys()}

    def _line(self, curve: Curve, line: Any, across: Numbers) -> list[Numbers]:
        if isinstance(line, str):
            return self._quantity(line, curve, across)
        if not isinstance(line, tuple):
            return [self._expression(line, curve.parameter, across)]
        if isinstance(line[0], tuple):
            return [first - second for first, second in zip(*(self._line(curve, part, across) for part in line), strict=True)]
        problem, quantity = line
        solved = self._solution(problem, curve)
        if isinstance(solved, Solution):
            return by_regime(solved, quantity, curve.parameter, across)
        at, found = solved
        values = [float(row[0].quantities.get(quantity, np.nan)) for row in found]
        return [np.interp(across, at, values)]

    def at(self, parameter: sp.Symbol, value: sp.Expr) -> Point:
        """The model with one parameter moved from the baseline."""
        if (parameter, value) not in self._points:
            self._points[parameter, value] = self.model.at({**self.point.values, parameter: value})
        return self._points[parameter, value]

    def _quantity(self, name: str, curve: Curve, across: Numbers) -> list[Numbers]:
        """A quantity of the model, evaluated exactly at a few points."""
        if curve.parameter not in self.point.values or name not in {quantity.name for quantity in self.model.quantities}:
            raise BadInput(f"{self.model.name} has no parameter {curve.parameter} or no quantity {name!r}", place=f"exhibit {curve.title!r}",
                           remedy="name a parameter and a quantity of the model")
        low, high = (exact(end) for end in curve.interval)
        at = [low + (high - low) * sp.Rational(k, _COARSE - 1) for k in range(_COARSE)]
        values = [self.at(curve.parameter, value)[name] for value in at]
        return [np.interp(across, [float(value) for value in at], [np.nan if value is None else float(value) for value in values])]

    def _expression(self, line: Any, parameter: sp.Symbol, across: Numbers) -> Numbers:
        formula = exact(line(self.model) if callable(line) and not isinstance(line, sp.Basic) else line)
        return over(self._fixed(formula, parameter), parameter, across)

    def _fixed(self, formula: sp.Expr, parameter: sp.Symbol) -> sp.Expr:
        return formula.subs({symbol: value for symbol, value in self.point.values.items() if symbol != parameter})

    def _solution(self, name: str, curve: Curve) -> Any:
        """The solution with one parameter free, or (points, equilibria at each point)."""
        key = name, curve.parameter
        if key not in self._solved:
            problem = self.model.problems[name][0]
            if callable(problem):
                problem = problem(self.point)
            self._solved[key] = self._symbolic(name, problem, curve) or self._pointwise(name, problem, curve)
        return self._solved[key]

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

    def _pointwise(self, name: str, problem: Any, curve: Curve) -> tuple[Numbers, list[tuple[Equilibrium, ...]]]:
        self.progress(f"{self.model.name}: solving {name!r} at {_COARSE} values of {curve.parameter}")
        low, high = (exact(end) for end in curve.interval)
        at = [low + (high - low) * sp.Rational(k, _COARSE - 1) for k in range(_COARSE)]
        solver = self.model.problems[name][1]
        found = {}
        for value in at:
            try:
                found[value] = solve(problem, solver, at={**self._others(problem, curve), curve.parameter: value}).extreme
            except (NotCertified, NotDecided) as error:
                self.progress(f"{self.model.name}: {name!r} left out at {curve.parameter} = {float(value):g} ({error.rule[:60]})")
        if len(found) < 2:
            raise NotDecided("cannot be drawn: hardly any point could be solved", place=f"exhibit {curve.title!r}", remedy="choose another interval")
        return np.array([float(value) for value in found]), list(found.values())

    def _others(self, problem: Any, curve: Curve) -> dict[sp.Symbol, sp.Expr]:
        if curve.parameter not in problem.notation.symbols:
            raise BadInput(f"{curve.parameter} is not a parameter of {problem.title!r}", place=f"exhibit {curve.title!r}",
                           remedy="parameters: " + ", ".join(problem.notation.names))
        return {symbol: value for symbol, value in self.point.values.items() if symbol in problem.notation.symbols and symbol != curve.parameter}


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


def over(formula: sp.Expr, symbol: sp.Symbol, across: Numbers) -> Numbers:
    """An expression of one symbol on a grid.

    >>> x = sp.Symbol("x")
    >>> over(x**2, x, np.array([1.0, 3.0])).tolist()
    [1.0, 9.0]
    """
    with np.errstate(all="ignore"):
        values = sp.lambdify([symbol], formula, "numpy")(across)
    return np.array(np.broadcast_to(np.asarray(values, dtype=float), across.shape))


def by_regime(solution: Solution, quantity: str, symbol: sp.Symbol, across: Numbers) -> list[Numbers]:
    """A quantity along one parameter: one array per equilibrium that coexists somewhere, nan where it does not exist."""
    lines: list[Numbers] = []
    for weak in (True, False):  # closed regimes first, so that a border takes the value of an adjacent regime
        for regime in solution.regimes:
            here = inside(regime.condition, symbol, across, weak=weak)
            carrying = [e for e in regime.extreme() if quantity in e.quantities]
            for number, equilibrium in enumerate(carrying):
                if number == len(lines):
                    lines.append(np.full(across.shape, np.nan))
                lines[number] = np.where(here, over(equilibrium.quantities[quantity], symbol, across), lines[number])
    if not lines:
        raise BadInput(f"no equilibrium has a quantity {quantity!r}", place="curve", remedy="name a quantity of the equilibrium")
    return lines


def inside(region: Region, symbol: sp.Symbol, across: Numbers, *, weak: bool) -> npt.NDArray[np.bool_]:
    """Where a region holds along one parameter; `weak` lets a zero pass for either sign."""
    held = np.zeros(across.shape, dtype=bool)
    for cell in region:
        here = np.ones(across.shape, dtype=bool)
        for body, mask in cell.atoms:
            allowed = mask | EQ if weak else mask
            signs = np.sign(over(body, symbol, across))
            here &= np.isin(signs, [sign for sign, bit in ((-1, LT), (0, EQ), (1, GT)) if bit & allowed])
        held |= here
    return held


def largest(solution: Solution, number: Callable[[Equilibrium], Any], columns: Mapping[sp.Symbol, Numbers]) -> Numbers:
    """A number of the equilibria at every point of some columns: the largest where there are several, nan where there is none."""
    formulas = Formulas(columns)
    found = np.full(formulas.size, np.nan)
    for regime in solution.regimes:
        here = np.logical_or.reduce([Signs(formulas).inside(cell) for cell in regime.condition])
        for equilibrium in regime.extreme():
            value = exact(number(equilibrium))
            if here.any() and formulas.closed(value):
                found = np.where(here, np.fmax(found, formulas(value)), found)
    return found
