"""Cover of the parameter space proved by cases, where one question about all cells at once is too hard.

Each part of the space is asked for a point. None: the part is empty. Otherwise some cell that holds at the point takes its
share of the part, and what is left falls into one smaller part per condition of the cell, in which the conditions before it
hold and it does not. So every question is a conjunction, which nlsat (Jovanovic and de Moura 2012) decides far more readily
than the negation of a long disjunction, and about as many are asked as there are cells. Hypersurfaces that are covered as a
whole are left out throughout, which keeps the conditions strict.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import sympy as sp

from bargain.expressions import Evaluator
from bargain.regions.cells import ANY, EQ, GT, LT, Cell
from bargain.regions.space import Space, Verdict

_PARTS = 4000
_TIMEOUT = 60_000  # for one conjunction, which takes milliseconds


def uncovered_by_cases(space: Space, cells: Sequence[Cell]) -> Verdict:
    """A point outside every cell: answer False proves the cover; None where a part or the number of parts was too much.

    >>> from bargain.notation import Notation, Parameter
    >>> p = sp.Symbol("p", real=True)
    >>> space = Space(Notation((Parameter(p, "chance", domain="[0, 1]"),)))
    >>> uncovered_by_cases(space, [Cell.of(p > 0), Cell.of(p <= 0)]).answer, uncovered_by_cases(space, [Cell.of(p > 0)]).answer
    (False, True)
    """
    patient = Space(space.notation, timeout_ms=max(_TIMEOUT, space.timeout_ms))
    surfaces = {cell.atoms[0][0] for cell in cells if len(cell.atoms) == 1 and cell.has_equality}
    listed = [{body: _off(surfaces, body, mask) for body, mask in cell.atoms} for cell in cells]
    listed = [atoms for atoms in listed if all(atoms.values())]
    stack = [Cell()]
    for _ in range(_PARTS):
        if not stack:
            return Verdict(False, reason="proved by cases")
        part = stack.pop()
        allowed = dict(part.atoms)
        left = [_open(atoms, allowed, surfaces) for atoms in listed if all(allowed.get(body, ANY) & mask for body, mask in atoms.items())]
        if not all(left):
            continue
        verdict = patient.feasible(part)
        if verdict.answer is False:
            continue
        if verdict.witness is None:
            if not left:
                return verdict
            stack += _split(part, _shared(left), surfaces)
            continue
        signs = _Signs(verdict.witness)
        holding = [atoms for atoms in left if all(signs[body] & mask or (signs[body] == EQ and body in surfaces) for body, mask in atoms.items())]
        if holding:
            stack += _outside(part, min(holding, key=lambda atoms: (len(atoms), *_simple(atoms))), surfaces)
            continue
        through = next((body for body in sorted(surfaces, key=str) if signs[body] == EQ), None)
        if through is None:
            return Verdict(True, verdict.witness)
        stack += _split(part, through, surfaces)
    return Verdict(None, reason=f"cover not decided with {_PARTS} parts")


class _Signs(dict[sp.Expr, int]):
    """The sign, as a bit, of each polynomial at one point."""

    def __init__(self, point: Mapping[sp.Symbol, sp.Expr]) -> None:
        super().__init__()
        self._at = Evaluator(point)

    def __missing__(self, body: sp.Expr) -> int:
        value = self._at(body)
        self[body] = LT if value < 0 else GT if value > 0 else EQ
        return self[body]


def _off(surfaces: set[sp.Expr], body: sp.Expr, mask: int) -> int:
    """The signs in the mask, without zero where the zeros of the body are covered."""
    return mask & ~EQ if body in surfaces else mask


def _open(atoms: Mapping[sp.Expr, int], allowed: Mapping[sp.Expr, int], surfaces: set[sp.Expr]) -> dict[sp.Expr, int]:
    """The conditions of a cell that are not settled on the part."""
    return {body: mask for body, mask in atoms.items() if _off(surfaces, body, allowed.get(body, ANY)) & ~mask}


def _outside(part: Cell, atoms: Mapping[sp.Expr, int], surfaces: set[sp.Expr]) -> Iterator[Cell]:
    """The part without a cell, as disjoint parts; the simplest conditions are denied first."""
    for body in sorted(atoms, key=lambda body: (len(str(body)), str(body))):
        denied = _off(surfaces, body, ANY & ~atoms[body])
        if denied:
            yield part & Cell(((body, denied),))
        part = part & Cell(((body, atoms[body]),))


def _split(part: Cell, body: sp.Expr, surfaces: set[sp.Expr]) -> Iterator[Cell]:
    for bit in (EQ, LT, GT):
        if _off(surfaces, body, bit):
            yield part & Cell(((body, bit),))


def _shared(left: Sequence[Mapping[sp.Expr, int]]) -> sp.Expr:
    """The polynomial on which the most cells depend."""
    uses = Counter(body for atoms in left for body in atoms)
    return min(uses, key=lambda body: (-uses[body], len(str(body)), str(body)))


def _simple(atoms: Mapping[sp.Expr, int]) -> tuple[int, str]:
    names = sorted(map(str, atoms))
    return sum(map(len, names)), " ".join(names)
