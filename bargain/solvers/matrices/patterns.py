"""Disjoint regimes from overlapping existence regions: the sign patterns that occur of the few boundary polynomials.

Each object (an equilibrium) exists on a union of cells. The space is split on the sign of one polynomial at a time,
the one that the most objects still depend on, until for every object it is settled whether it exists; patterns with no
admissible point are never entered, and a sign that is implied costs no split. Ties are left out.
"""

from collections import Counter
from collections.abc import Sequence

import sympy as sp

from bargain.errors import TooLarge
from bargain.regions import GT, LT, Cell, Space

Atoms = dict[sp.Expr, int]


def patterns(space: Space, regions: Sequence[Sequence[Cell]], *, limit: int) -> list[tuple[Cell, tuple[int, ...]]]:
    """Cells that partition the space off the zeros of the atoms, each with the numbers of the regions that contain it.

    >>> from bargain.notation import Notation, Parameter
    >>> p = sp.Symbol("p", real=True)
    >>> space = Space(Notation((Parameter(p, "chance", domain="[0, 1]"),)))
    >>> patterns(space, [[Cell.of(2*p > 1)], [Cell.of(p > -1)]], limit=10)
    [(Cell.of(2*p - 1 > 0), (0, 1)), (Cell.of(2*p - 1 < 0), (1,))]
    """
    found: list[tuple[Cell, tuple[int, ...]]] = []
    always = tuple(number for number, cells in enumerate(regions) if Cell() in cells)
    stack = [(Cell(), {number: [dict(cell.atoms) for cell in cells] for number, cells in enumerate(regions) if number not in always}, always)]
    while stack:
        cell, open_, inside = stack.pop()
        while open_:
            body = _busiest(open_)
            parts = [(bit, cell & Cell(((body, bit),))) for bit in (GT, LT)]
            possible = [(bit, part) for bit, part in parts if space.feasible(part).answer is not False]
            if len(possible) != 1:
                stack += [(part, *_settled(open_, inside, body, bit)) for bit, part in reversed(possible)]
                break
            open_, inside = _settled(open_, inside, body, possible[0][0])
        else:
            found.append((cell, tuple(sorted(inside))))
        if len(found) + len(stack) > limit:
            raise TooLarge(f"more than {limit} cases", place="parametric solution",
                           remedy="fix some parameters (free=...), ask for partition=False or raise the limit")
    return found


def _busiest(open_: dict[int, list[Atoms]]) -> sp.Expr:
    """The polynomial in the most regions not yet settled; the shortest of these."""
    uses: Counter[sp.Expr] = Counter()
    for cells in open_.values():
        uses.update({body for atoms in cells for body in atoms})
    return min(uses, key=lambda body: (-uses[body], len(str(body)), str(body)))


def _settled(open_: dict[int, list[Atoms]], inside: tuple[int, ...], body: sp.Expr, bit: int) -> tuple[dict[int, list[Atoms]], tuple[int, ...]]:
    """What is open, and which regions are entered, once the sign of one polynomial is known."""
    left: dict[int, list[Atoms]] = {}
    for number, cells in open_.items():
        rest = [{other: mask for other, mask in atoms.items() if other != body} for atoms in cells if atoms.get(body, bit) & bit]
        if any(not atoms for atoms in rest):
            inside = (*inside, number)
        elif rest:
            left[number] = rest
    return left, inside
