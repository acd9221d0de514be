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
            met = [value for value, condition in probability.args if condition == sp.true or _holds(condition, share, proposal)]
            weights[name] = next(iter(met), probability)
    return weights


def _holds(condition: Any, share: sp.Symbol, proposal: sp.Expr) -> bool:
    """Whether a condition is known to hold."""
    gap = sp.simplify((condition.lhs - condition.rhs).subs(share, proposal))
    return bool(condition.func(gap, 0) == sp.true)


def constant_pieces(rule: Mapping[str, sp.Expr], share: sp.Symbol) -> list[tuple[Cell, dict[str, sp.Expr]]]:
    """Cells of the share on which the whole rule is constant, with the reply there; a cell may be empty, and what is said of it void."""
    conditions: list[Any] = []
    for probability in rule.values():
        if isinstance(probability, sp.Piecewise):
            conditions += [condition for _, condition in probability.args if condition not in (sp.true, *conditions)]
    pieces = []
    for signs in product(*(((condition, True), (condition, False)) for condition in conditions)):
        cell = Cell.of(*(condition if holds else condition.negated for condition, holds in signs))
        if cell.trivially_empty:
            continue
        truth = {sp.true: True, **dict(signs)}
        weights = {}
        for name, probability in rule.items():
            parts = probability.args if isinstance(probability, sp.Piecewise) else [(probability, sp.true)]
            weights[name] = next(value for value, condition in parts if truth[condition])
        pieces.append((cell, weights))
    return pieces
