"""The equilibrium table of a solution as a paper prints it: what several cells share is said once."""

from collections.abc import Iterable

import sympy as sp

from bargain.latex.wording import Wording, fixed, listed
from bargain.regions.cells import EQ
from bargain.solution import Regime, Solution
from bargain.tables.solutions import roman, solution_rows
from bargain.tables.table import Phrase, Table, Verbatim


def regime_table(solution: Solution, by: Iterable[str | sp.Symbol] = ()) -> Table:
    """The rows of `solution_rows`; a cell whose equilibria are those of other cells, put together, refers to them in one row.

    >>> import bargain as bg
    >>> from bargain.models.classics import ultimatum as m
    >>> table = regime_table(bg.solve(*m.model.problems["game"]))
    >>> [(row[2].latex, str(row[4]) if isinstance(row[4], sp.Basic) else row[4].parts) for row in table.rows[4:]]
    [('II and III', 'w_A'), ('II and III', (1, ' or ', w_A)), ('II and III', (0, ' or ', w_A))]
    """
    full = solution_rows(solution, by)
    profile = next((place for place, column in enumerate(full.columns) if column == "Equilibrium profile"), None)
    if profile is None or full.stub < 2 or len(full.rows) != sum(len(list(regime.extreme())) for regime in solution.regimes):
        return full
    wording, rows, start = Wording(solution), list[tuple[object, ...]](), 0
    for regime in solution.regimes:
        group = full.rows[start : start + len(list(regime.extreme()))]
        start += len(group)
        elsewhere = wording.elsewhere(regime)
        if not elsewhere:
            rows += group
            continue
        names = [solution.regimes[k].label or roman(k + 1) for k in elsewhere]
        head = [group[0][place] if place < 2 else "" for place in range(profile)]
        rest = [_values(wording, regime, [row[place] for row in group]) for place in range(profile + 1, len(full.columns))]
        rows.append((*head, Verbatim(listed(names)), *rest))
    return Table(full.title, full.columns, tuple(rows), full.notes, full.label, full.stub).without_empty()


def _values(wording: Wording, regime: Regime, values: list[object]) -> object:
    """What the equilibria have in one column: the common value where the equations of the cell make them equal, else all."""
    known = fixed(regime.condition)
    if not all(isinstance(value, sp.Basic) for value in values):
        return "either" if len(set(map(str, values))) > 1 else values[0]
    zero = [body for cell in regime.condition for body, mask in cell.atoms if mask == EQ]
    short = [sp.expand(value.subs(known)) for value in values]  # type: ignore[attr-defined]
    if len(regime.condition.cells) == 1 and all(_vanishes(value - short[0], zero) for value in short):
        return min(values, key=sp.count_ops)
    return Phrase.join(" or ", dict.fromkeys(short))


def _vanishes(gap: sp.Expr, zero: list[sp.Expr]) -> bool:
    """Whether a difference is zero wherever the given polynomials are (a sufficient test: it lies in their ideal)."""
    above = sp.fraction(sp.together(gap))[0]
    symbols = sorted(set().union(above.free_symbols, *(body.free_symbols for body in zero)), key=str)
    if above == 0 or not zero or not above.is_polynomial(*symbols):
        return bool(above == 0)
    return bool(sp.reduced(above, sp.groebner(zero, *symbols).exprs, *symbols)[1] == 0)
