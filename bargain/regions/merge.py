"""Merging cells with the same result into fewer, larger conjunctions.

Each leaf of an exploration is a vector of signs over the compared expressions. A box is a
set of allowed signs per expression. A box grows, one expression at a time, as long as every
*non-empty* leaf inside it has the same result; sign vectors that occur nowhere are free.
"""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from bargain.regions.cells import ANY, EQ, GE, GT, LE, LT, Cell, _sorted, text
from bargain.regions.space import Space

Result = TypeVar("Result")
_GROWTH = {LT: (ANY, LE), EQ: (ANY, LE, GE), GT: (ANY, GE), LE: (ANY,), GE: (ANY,)}
_OPEN_GROWTH = {LT: (ANY,), GT: (ANY,)}


def merge_cells(space: Space, leaves: Sequence[tuple[Cell, Result]], *, same: Sequence[int], closed: bool = True) -> list[tuple[Cell, int]]:
    """Conjunctions covering the leaves, each inside one class of `same` (a class number per leaf).

    With ``closed=False`` strict inequalities stay strict or go. Leaves keep their order; a leaf already inside an earlier box of its class is absorbed.
    Redundant atoms are removed by proof.
    """
    classed = [(cell, kind) for (cell, _), kind in zip(leaves, same, strict=True)]
    boxes: list[tuple[Cell, int]] = []
    for cell, own in classed:
        if any(kind == own and _inside(space, cell, box) for box, kind in boxes):
            continue
        others = [leaf for leaf, kind in classed if kind != own]
        boxes.append((_grow(space, cell, others, _GROWTH if closed else _OPEN_GROWTH), own))
    kept = list(boxes)
    for item in boxes:
        if any(kind == item[1] and _inside(space, item[0], box) for box, kind in kept if box != item[0]):
            kept.remove(item)
    if closed:
        kept = _apart(space, kept, classed)
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
            if mask in (LE, GE):
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
    return not (cell & box).trivially_empty and space.proves(cell, box)


def _grow(space: Space, cell: Cell, others: list[Cell], growth: Mapping[int, tuple[int, ...]]) -> Cell:
    """Relax the atoms of a cell, equations and short ones first, where it still meets no leaf of another class.

    Once is enough: what the smaller cell did not allow, the grown one does not.
    """
    for body, mask in sorted(cell.atoms, key=lambda atom: (atom[1] != EQ, len(text(atom[0])))):
        for wider in growth.get(mask, ()):
            trial = _sorted({**dict(cell.atoms), body: wider})
            if all(_disjoint(space, trial, other) for other in others):
                cell = trial
                break
    return cell


def _disjoint(space: Space, left: Cell, right: Cell) -> bool:
    both = left & right
    return both.trivially_empty or space.empty(both)


def strata(space: Space, skipped: Sequence[Cell]) -> tuple[Cell, ...]:
    """The skipped boundary strata that are not empty, without redundant atoms and without those inside another."""
    kept: dict[Cell, None] = {}
    for cell in skipped:
        if not space.empty(cell):
            kept[space.reduced(cell)] = None
    for cell in reversed(list(kept)):
        if any(cell != other and space.proves(cell, other) for other in kept):
            del kept[cell]
    return tuple(kept)
