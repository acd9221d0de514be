"""Merging cells with the same result into fewer, larger conjunctions.

Each leaf of an exploration is a vector of signs over the compared expressions. A box is a
set of allowed signs per expression. A box grows, one expression at a time, as long as every
*non-empty* leaf inside it has the same result; sign vectors that occur nowhere are free.
"""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from bargain.regions.cells import ANY, EQ, GT, LT, Cell, _sorted, text
from bargain.regions.space import Space

Result = TypeVar("Result")
_GROWTH = {LT: (ANY, LT | EQ), EQ: (ANY, LT | EQ, EQ | GT), GT: (ANY, EQ | GT), LT | EQ: (ANY,), EQ | GT: (ANY,)}
_OPEN_GROWTH = {LT: (ANY,), GT: (ANY,)}


def merge_cells(space: Space, leaves: Sequence[tuple[Cell, Result]], *, same: Sequence[int], closed: bool = True) -> list[tuple[Cell, int]]:
    """Conjunctions covering the leaves, each inside one class of `same` (a class number per leaf).

    With ``closed=False`` strict inequalities stay strict or go. Leaves keep their order; a leaf already inside an earlier box of its class is absorbed.
    Redundant atoms are removed by proof.
    """
    boxes: list[tuple[Cell, int]] = []
    for index, (cell, _) in enumerate(leaves):
        if any(kind == same[index] and _inside(space, cell, box) for box, kind in boxes):
            continue
        others = [leaf for leaf, kind in zip((cell for cell, _ in leaves), same, strict=True) if kind != same[index]]
        boxes.append((_grow(space, cell, others, _GROWTH if closed else _OPEN_GROWTH), same[index]))
    kept = [(box, kind) for number, (box, kind) in enumerate(boxes)
            if not any(kind == other_kind and _inside(space, box, other) and (box != other or position < number)
                       for position, (other, other_kind) in enumerate(boxes) if position != number)]
    if closed:
        kept = _apart(space, kept, [(cell, kind) for (cell, _), kind in zip(leaves, same, strict=True)])
    kept.sort(key=lambda item: item[0].has_equality)
    return [(space.reduced(box), kind) for box, kind in kept]


def _apart(space: Space, boxes: list[tuple[Cell, int]], leaves: list[tuple[Cell, int]]) -> list[tuple[Cell, int]]:
    """Make weak inequalities strict where the leaves lost are in another box of the class: smallest boxes first."""
    def members(box: Cell, kind: int) -> set[int]:
        return {number for number, (cell, own) in enumerate(leaves) if own == kind and _inside(space, cell, box)}

    order = sorted(range(len(boxes)), key=lambda k: len(members(*boxes[k])))
    for k in order:
        box, kind = boxes[k]
        elsewhere = set().union(*(members(other, kind) for j, (other, own) in enumerate(boxes) if own == kind and j != k))
        for body, mask in box.atoms:
            if mask in (LT | EQ, EQ | GT):
                trial = _sorted({**dict(box.atoms), body: mask & ~EQ})
                if members(box, kind) - members(trial, kind) <= elsewhere and members(trial, kind):
                    box = trial
        boxes[k] = (box, kind)
    return boxes


def _inside(space: Space, cell: Cell, box: Cell) -> bool:
    """Whether the cell lies in the box: by its own atoms, else by proof."""
    signs = dict(cell.atoms)
    if all(body in signs and signs[body] & ~mask == 0 for body, mask in box.atoms):
        return True
    return not (cell & box).trivially_empty and space.implies(cell, box).answer is True


def _grow(space: Space, cell: Cell, others: list[Cell], growth: Mapping[int, tuple[int, ...]]) -> Cell:
    """Relax the atoms of a cell while it still meets no leaf of another class."""
    changed = True
    while changed:
        changed = False
        for body, mask in sorted(cell.atoms, key=lambda atom: (atom[1] != EQ, len(text(atom[0])), text(atom[0]))):
            for wider in growth.get(mask, ()):
                trial = _sorted({**dict(cell.atoms), body: wider})
                if all(_disjoint(space, trial, other) for other in others):
                    cell, changed = trial, True
                    break
    return cell


def _disjoint(space: Space, left: Cell, right: Cell) -> bool:
    both = left & right
    return both.trivially_empty or space.feasible(both).answer is False


def strata(space: Space, skipped: Sequence[Cell]) -> tuple[Cell, ...]:
    """The skipped boundary strata that are not empty, without redundant atoms and without those inside another."""
    kept: dict[Cell, None] = {}
    for cell in skipped:
        if space.feasible(cell).answer is not False:
            kept[space.reduced(cell)] = None
    cells = list(kept)
    return tuple(cell for number, cell in enumerate(cells)
                 if not any(position != number and space.implies(cell, other).answer is True
                            and (position < number or space.implies(other, cell).answer is not True) for position, other in enumerate(cells)))
