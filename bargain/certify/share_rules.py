"""A reply to offers as a function of the offered share: its value at one share, and the cells on which it is constant."""

from collections.abc import Mapping
from itertools import product
from typing import Any

import sympy as sp

from bargain.regions.cells import Cell


def reply_at(rule: Mapping[str, sp.Expr], share: sp.Symbol, proposal: sp.Expr) -> dict[str, sp.Expr]:
    """The reply to one proposal; a cut equal to it as an expression counts as met."""
    weights = {}
    for name, probability in rule.items():
        weights[name] = probability
        if isinstance(probability, sp.Piecewise):
            for value, condition in probability.args:
                test = True if condition in (True, sp.true) else _holds(condition, share, proposal)
                if test is None:
                    continue
                if test:
                    weights[name] = value
                    break
    return weights


def _holds(condition: Any, share: sp.Symbol, proposal: sp.Expr) -> bool | None:
    gap = sp.simplify((condition.lhs - condition.rhs).subs(share, proposal))
    verdict = condition.func(gap, 0)
    return bool(verdict) if verdict in (sp.true, sp.false) else None


def constant_pieces(rule: Mapping[str, sp.Expr], share: sp.Symbol) -> list[tuple[Cell, dict[str, sp.Expr]]]:
    """Cells of the share on which the whole rule is constant, with the reply there; a cell may be empty, and what is said of it void."""
    conditions: list[Any] = []
    for probability in rule.values():
        if isinstance(probability, sp.Piecewise):
            conditions += [condition for _, condition in probability.args if condition not in (True, sp.true, *conditions)]
    pieces = []
    for signs in product((True, False), repeat=len(conditions)):
        cell = Cell.of(*(c if sign else c.negated for c, sign in zip(conditions, signs, strict=True)))
        if cell.trivially_empty:
            continue
        truth = dict(zip(conditions, signs, strict=True))
        weights = {}
        for name, probability in rule.items():
            parts = probability.args if isinstance(probability, sp.Piecewise) else [(probability, True)]
            weights[name] = next(value for value, condition in parts if truth.get(condition, condition in (True, sp.true)))
        pieces.append((cell, weights))
    return pieces
