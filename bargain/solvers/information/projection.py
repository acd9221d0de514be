"""Projection of a cell onto the parameters: Fourier and Motzkin's elimination of unknowns that occur linearly.

A coefficient whose sign is not settled makes a case for each of its signs, so that the result is a union of cells.
"""

from collections.abc import Iterator

import sympy as sp

from bargain.regions import EQ, GE, GT, LT, NE, Cell
from bargain.solvers.information.conditions import Conditions, Unsolved, affine


def project(work: Conditions, cell: Cell) -> list[Cell]:
    """Cells over the parameters whose union is the projection of a cell; `Unsolved` if some unknown occurs in no linear way."""
    stack, done = [cell], []
    while stack:
        here = stack.pop()
        left = sorted(here.symbols - work.parameters, key=lambda u: (sum(u in body.free_symbols for body, _ in here.atoms), str(u)))
        if not work.feasible(here):
            continue
        if not left:
            done.append(here)
            continue
        unknown = next((u for u in left if all(affine(body, u) is not None for body, _ in here.atoms if u in body.free_symbols)), None)
        if unknown is None:
            raise Unsolved("projection of " + ", ".join(map(str, left)))
        stack.extend(_without(work, here, unknown))
    return done


def _without(work: Conditions, cell: Cell, unknown: sp.Symbol) -> Iterator[Cell]:
    """Fourier-Motzkin elimination of one unknown that occurs linearly."""
    rest = Cell(tuple(atom for atom in cell.atoms if unknown not in atom[0].free_symbols))
    bounds: list[tuple[sp.Expr, sp.Expr, int]] = []
    for body, mask in cell.atoms:
        if unknown not in body.free_symbols:
            continue
        slope, intercept = affine(body, unknown) or (sp.Integer(0), body)
        signs = work.sign(slope, rest)
        if signs not in (LT, EQ, GT):
            for bit in (LT, EQ, GT):
                if signs & bit:
                    yield work.where(cell, slope, bit)
            return
        if signs == EQ:
            rest = work.where(rest, intercept, mask)
            continue
        if mask == NE:
            yield cell & Cell(((body, LT),))
            yield cell & Cell(((body, GT),))
            return
        turned = mask if signs == GT else (mask & EQ) | (LT if mask & GT else 0) | (GT if mask & LT else 0)
        bounds.append((sp.cancel(-intercept / slope), slope, turned))
    equal = next((value for value, _, mask in bounds if mask == EQ), None)
    if equal is not None:
        for value, _, mask in bounds:
            rest = work.where(rest, sp.together(equal - value), mask)
        yield rest
        return
    for low, _, lower in ((v, s, m) for v, s, m in bounds if m & GT):
        for high, _, upper in ((v, s, m) for v, s, m in bounds if m & LT):
            rest = work.where(rest, sp.together(high - low), GE if lower & upper & EQ else GT)
    yield rest


__all__ = ["project"]
