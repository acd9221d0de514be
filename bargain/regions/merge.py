"""Merging cells with the same result into fewer, larger conjunctions.

Each leaf of an exploration is a vector of signs over the compared expressions. A box is a
set of allowed signs per expression. A box grows, one expression at a time, as long as every
*non-empty* leaf inside it has the same result; sign vectors that occur nowhere are free.
"""

from collections.abc import Sequence
from typing import TypeVar

import sympy as sp

from bargain.regions.cells import ANY, EQ, GT, LT, Cell, _sorted
from bargain.regions.space import Space

Result = TypeVar("Result")
_GROWTH = {LT: (ANY, LT | EQ), EQ: (ANY, LT | EQ, EQ | GT), GT: (ANY, EQ | GT), LT | EQ: (ANY,), EQ | GT: (ANY,)}


def merge_cells(space: Space, leaves: Sequence[tuple[Cell, Result]], *, same: Sequence[int]) -> list[tuple[Cell, int]]:
    """Conjunctions covering the leaves, each inside one class of `same` (a class number per leaf).

    Leaves keep their order; a leaf already inside an earlier box of its class is absorbed.
    Redundant atoms are removed by proof.
    """
    boxes: list[tuple[Cell, int]] = []
    for index, (cell, _) in enumerate(leaves):
        if any(kind == same[index] and _inside(cell, box) for box, kind in boxes):
            continue
        others = [leaf for leaf, kind in zip((cell for cell, _ in leaves), same, strict=True) if kind != same[index]]
        boxes.append((_grow(space, cell, others), same[index]))
    kept = [(box, kind) for number, (box, kind) in enumerate(boxes)
            if not any(kind == other_kind and _inside(box, other) and (box != other or position < number)
                       for position, (other, other_kind) in enumerate(boxes) if position != number)]
    return [(space.reduced(box), kind) for box, kind in kept]


def _inside(cell: Cell, box: Cell) -> bool:
    signs = dict(cell.atoms)
    return all(body in signs and signs[body] & ~mask == 0 for body, mask in box.atoms)


def _grow(space: Space, cell: Cell, others: list[Cell]) -> Cell:
    """Relax the atoms of a cell while it still meets no leaf of another class."""
    changed = True
    while changed:
        changed = False
        for body, mask in sorted(cell.atoms, key=lambda atom: (atom[1] != EQ, len(str(atom[0])), str(atom[0]))):
            for wider in _GROWTH.get(mask, ()):
                trial = _sorted({**dict(cell.atoms), body: wider})
                if all(_disjoint(space, trial, other) for other in others):
                    cell, changed = trial, True
                    break
    return cell


def _disjoint(space: Space, left: Cell, right: Cell) -> bool:
    both = left & right
    return both.trivially_empty or space.feasible(both).answer is False


def expressions(cells: Sequence[Cell]) -> list[sp.Expr]:
    """All compared expressions of some cells, sorted."""
    return sorted({body for cell in cells for body, _ in cell.atoms}, key=str)
