"""Numbers of an answer that lie outside what is possible: said below the table, so that nobody takes them for offers that are made."""

from typing import Any

import sympy as sp

from bargain.games.power_shift import PowerShift
from bargain.solution import Solution
from bargain.tables import Phrase
from bargain.tables.listing import decimal


def unmet(solution: Solution) -> Any:
    """The note on the offers of a shift of power that are larger than what can be given; None if there are none.

    >>> import bargain as bg
    >>> t = sp.Symbol("t", real=True)
    >>> shift = PowerShift("Rise", ("A", "B"), t, {"A": "2/5 + 3*t/50", "B": "1/2 - 3*t/50"}, 1, "9/10")
    >>> unmet(bg.solve(shift, bg.PeacefulPath())).parts[0]
    'Peace would need the offer at 0, which cannot be made: the most that can be given is '
    """
    problem = solution.problem
    if not isinstance(problem, PowerShift) or not isinstance(problem.most, sp.Expr) or not problem.most.is_number:
        return None
    names = [name for equilibrium in solution.extreme for name, value in equilibrium.quantities.items()
             if name.startswith("offer ") and value.is_number and value > problem.most]
    if not names:
        return None
    said = " and the ".join(dict.fromkeys(names))
    return Phrase.of(f"Peace would need the {said}, which cannot be made: the most that can be given is ", decimal(problem.most), ".")
