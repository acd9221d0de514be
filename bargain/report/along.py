"""Expressions and equilibria along one parameter, or at the points of some columns, as arrays."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import sympy as sp

from bargain.errors import BadInput
from bargain.expressions import exact
from bargain.regions.cells import EQ, GT, LT, Region
from bargain.report.tracing import Numbers
from bargain.sensitivity.formulas import Formulas, Signs
from bargain.solution import Equilibrium, Solution


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
