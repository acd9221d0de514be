"""Comparative statics: how the equilibrium moves with each parameter, inside the regimes and across their borders.

Inside a regime every payoff, quantity and probability y is an expression of the parameters; the
sign of dy/dtheta is proved on the whole regime. Across a border the equilibrium jumps; the sign of
the jump is that of y(above) - y(below) on the surface where the two regimes meet.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sympy as sp

from bargain.analysis.borders import Border, borders
from bargain.analysis.measures import Measure, measures
from bargain.analysis.signs import Sign, sign_on, smooth_pieces
from bargain.errors import BadInput
from bargain.notation import Notation
from bargain.regions.cells import EQ, Cell, Region
from bargain.regions.space import Space
from bargain.solution import Component, Regime, Solution

if TYPE_CHECKING:
    from bargain.tables.table import Table


@dataclass(frozen=True)
class Derivative:
    """The derivative of a measure in a parameter on one regime (by index; `equilibrium` counts those of the regime), and its sign there.

    With kinks (Min, Max) inside the regime the sign is that of the derivative wherever it exists, and `value` has no closed form.
    """

    regime: int
    equilibrium: int
    measure: Measure
    parameter: sp.Symbol
    sign: Sign
    value: sp.Expr | None


@dataclass(frozen=True)
class Jump:
    """The change of a measure on crossing a border from `below` to `above`: its sign and its size on the surface."""

    border: Border
    measure: Measure
    sign: Sign
    size: sp.Expr | None

    def as_rises(self, parameter: sp.Symbol) -> Sign:
        """The sign of the change as the parameter rises across the border."""
        return self.sign * self.border.crossing.get(parameter, Sign.UNDEFINED)


@dataclass(frozen=True)
class ComparativeStatics:
    """Signs of derivatives by regime, and of jumps by border; printable as two tables."""

    solution: Solution
    parameters: tuple[sp.Symbol, ...]
    derivatives: tuple[Derivative, ...]
    borders: tuple[Border, ...]
    jumps: tuple[Jump, ...]

    def sign(self, regime: int, measure: str, parameter: str | sp.Symbol, *, equilibrium: int = 0) -> Sign:
        """The sign of d measure / d parameter on a regime; the measure by its text, such as ``u_A``."""
        for found in self.derivatives:
            if (found.regime, found.equilibrium, str(found.measure), str(found.parameter)) == (regime, equilibrium, measure, str(parameter)):
                return found.sign
        known = ", ".join(dict.fromkeys(str(found.measure) for found in self.derivatives if found.regime == regime))
        raise BadInput(f"nothing is recorded for d {measure} / d {parameter} on regime {regime}", place="comparative statics",
                       remedy=f"measures there: {known or 'none'}")

    def table(self) -> "Table":
        """One row per regime, equilibrium and measure; one column of signs per parameter."""
        from bargain.tables.statics import derivative_rows

        return derivative_rows(self)

    def jump_table(self) -> "Table":
        """One row per border: the regimes, where they meet, what leads across, and the sign of every jump."""
        from bargain.tables.statics import jump_rows

        return jump_rows(self)

    def to_latex(self) -> str:
        """Both tables as LaTeX fragments."""
        from bargain.latex import latex

        return latex(self.table()) + ("\n" + latex(self.jump_table()) if self.borders else "")

    def __str__(self) -> str:
        from bargain.tables.text import to_text

        return to_text(self.table()) + ("\n" + to_text(self.jump_table()) if self.borders else "")

    def _repr_html_(self) -> str:
        from bargain.tables.html import to_html

        return to_html(self.table()) + (to_html(self.jump_table()) if self.borders else "")


def comparative_statics(solution: Solution, *, parameters: Iterable[str | sp.Symbol] | None = None, across: bool = True) -> ComparativeStatics:
    """The sign of the derivative of every payoff, quantity and probability in every free parameter on every regime, proved.

    parameters: those to vary (all free ones by default). ``across=False`` leaves out the borders. A jump between regimes of which
    one has several equilibria is ``not defined``; regimes that overlap have no borders.

    >>> import bargain as bg
    >>> from bargain.models.classics import deterrence as m
    >>> found = comparative_statics(bg.solve(m.game, bg.SubgamePerfect()))
    >>> print(found.sign(3, "u_C", "w_C"), found.sign(3, "u_C", "a"), found.sign(1, "u_D", "l"))
    + 0 -
    """
    notation: Notation = solution.problem.notation
    chosen = tuple(notation.symbols if parameters is None else (notation[name].symbol for name in parameters))
    if not chosen:
        raise BadInput("no parameter is free", place="comparative statics", remedy="solve with some parameters left free")
    space = Space(notation)
    values = [[measures(solution.problem, equilibrium) for equilibrium in regime.extreme()] for regime in solution.regimes]
    inside = tuple(derivative for number, regime in enumerate(solution.regimes) for derivative in _inside(space, number, regime, values[number], chosen))
    met = borders(solution, space) if across else ()
    return ComparativeStatics(solution, chosen, inside, met, tuple(jump for border in met for jump in _jumps(space, border, solution, values)))


def _inside(space: Space, number: int, regime: Regime, values: list[dict[Measure, sp.Expr]], chosen: tuple[sp.Symbol, ...]) -> Iterable[Derivative]:
    cells, held = _free_part(space, regime.condition)
    for index, found in enumerate(values):
        for measure, value in found.items():
            for parameter in chosen:
                if parameter in held:
                    yield Derivative(number, index, measure, parameter, Sign.UNDEFINED, None)
                else:
                    yield Derivative(number, index, measure, parameter, *_slope(space, value, parameter, cells))


def _free_part(space: Space, condition: Region) -> tuple[Region, set[sp.Symbol]]:
    """The cells with an interior; if there are none, all cells with the parameters that cannot move alone on them.

    A weak condition of which only the equation is possible (an end of a domain) ties its parameters as an equation does.
    """
    tied = [[body for body, mask in cell.atoms if mask == EQ or (mask & EQ and space.feasible(cell & Cell(((body, mask & ~EQ),))).answer is False)]
            for cell in condition.cells]
    full = tuple(cell for cell, bodies in zip(condition.cells, tied, strict=True) if not bodies)
    return (Region(full), set()) if full else (condition, set().union(*(body.free_symbols for bodies in tied for body in bodies)))


def _slope(space: Space, value: sp.Expr, parameter: sp.Symbol, cells: Region) -> tuple[Sign, sp.Expr | None]:
    pieces = list(smooth_pieces(value))
    slopes = [sp.diff(smooth, parameter) for _, smooth in pieces]
    if len(pieces) == 1:
        return sign_on(space, slopes[0], cells), slopes[0]
    parts = [sign_on(space, slope, Region(tuple(cell & where for cell in cells))) for (where, _), slope in zip(pieces, slopes, strict=True)]
    return _together([part for part in parts if part is not Sign.UNDEFINED]), None


def _together(parts: list[Sign]) -> Sign:
    """The sign over several parts of a region."""
    if len(set(parts)) == 1:
        return parts[0]
    rises, falls = ({Sign.POSITIVE, Sign.WEAKLY_POSITIVE, Sign.ZERO}, {Sign.NEGATIVE, Sign.WEAKLY_NEGATIVE, Sign.ZERO})
    if set(parts) <= rises:
        return Sign.WEAKLY_POSITIVE
    if set(parts) <= falls:
        return Sign.WEAKLY_NEGATIVE
    both = Sign.CHANGES in parts or {Sign.POSITIVE, Sign.NEGATIVE} <= set(parts)
    return Sign.CHANGES if both else Sign.NOT_DECIDED


def _jumps(space: Space, border: Border, solution: Solution, values: list[list[dict[Measure, sp.Expr]]]) -> Iterable[Jump]:
    sides = [values[border.below], values[border.above]]
    alone = all(len(side) == 1 for side in sides) and not any(isinstance(item, Component) for regime in (border.below, border.above)
                                                              for item in solution.regimes[regime].equilibria)
    before, after = (side[0] if side else {} for side in sides)
    for measure in before:
        if measure not in after:
            continue
        if not alone:
            yield Jump(border, measure, Sign.UNDEFINED, None)
            continue
        size = sp.expand(after[measure] - before[measure])
        yield Jump(border, measure, _jump_sign(space, size, border.where), size)


def _jump_sign(space: Space, size: sp.Expr, where: Region) -> Sign:
    pieces = list(smooth_pieces(size))
    parts = [sign_on(space, smooth, Region(tuple(_weak(cell, more) for cell in where))) for more, smooth in pieces]
    return _together([part for part in parts if part is not Sign.UNDEFINED])


def _weak(cell: Cell, more: Cell) -> Cell:
    return cell & more.closure()


