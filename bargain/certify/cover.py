"""Cover of the parameter space proved by cases, where one question about all cells at once is too hard.

The space is split on the sign of one polynomial at a time, three ways. A part is covered once all conditions of some cell
are settled on it; parts without a point are dropped. Every question is then a conjunction, which nlsat (Jovanovic and de
Moura 2012) decides far more readily than the negation of a long disjunction.
"""

from collections import Counter
from collections.abc import Sequence

import sympy as sp

from bargain.regions.cells import EQ, GT, LT, Cell
from bargain.regions.space import Space, Verdict

_PARTS = 4000


def uncovered_by_cases(space: Space, cells: Sequence[Cell]) -> Verdict:
    """A point outside every cell: answer False proves the cover; None where a part or the number of parts was too much.

    >>> from bargain.notation import Notation, Parameter
    >>> p = sp.Symbol("p", real=True)
    >>> space = Space(Notation((Parameter(p, "chance", domain="[0, 1]"),)))
    >>> uncovered_by_cases(space, [Cell.of(p > 0), Cell.of(p <= 0)]).answer, uncovered_by_cases(space, [Cell.of(p > 0)]).answer
    (False, True)
    """
    listed = [dict(cell.atoms) for cell in cells if not cell.trivially_empty]
    if not listed:
        return space.feasible(Cell())
    stack = [(Cell(), listed)]
    for _ in range(_PARTS):
        if not stack:
            return Verdict(False, reason="proved by cases")
        part, left = stack.pop()
        if any(not atoms for atoms in left):
            continue
        body = _shared(left)
        for bit in (EQ, LT, GT):
            rest = [{other: mask for other, mask in atoms.items() if other != body} for atoms in left if atoms.get(body, bit) & bit]
            here = part & Cell(((body, bit),))
            verdict = Verdict(False) if any(not atoms for atoms in rest) else space.feasible(here)
            if verdict.unknown or (verdict.answer and not rest):
                return verdict
            if verdict.answer:
                stack.append((here, rest))
    return Verdict(None, reason=f"cover not decided with {_PARTS} parts")


def _shared(left: Sequence[dict[sp.Expr, int]]) -> sp.Expr:
    """The polynomial on which the most cells depend."""
    uses = Counter(body for atoms in left for body in atoms)
    return min(uses, key=lambda body: (-uses[body], len(str(body)), str(body)))
