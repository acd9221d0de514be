"""Screening of a uniform worth checked from the claimed prices and cut-offs."""

from collections.abc import Iterator
from typing import Any

import sympy as sp

from bargain.certify.check import Violation, paired
from bargain.solution import Component, Equilibrium


def violations(problem: Any, solver: Any, found: Equilibrium | Component) -> Iterator[Violation]:
    """Prices and cut-offs proportional to the greatest worth left: indifference at the cut-off, and no better cut-off for the side that offers."""
    assert isinstance(found, Equilibrium)
    first, second = (problem.discount[player] for player in problem.players)
    claimed = found.quantities
    endless = problem.horizon is None
    left, coefficients = problem.top, []
    for number in range(1, 2 if endless else problem.horizon + 1):
        after = claimed[f"least worth that accepts in round {number}"]
        coefficients.append((claimed[f"demand in round {number}"] / left, after / left))
        left = after
    if endless:
        yield from _plain("factor: the cut-off does not fall by it", claimed["factor from round to round"] - coefficients[0][1])
    else:
        yield from _plain("path: the chance of no agreement", claimed["chance of no agreement"] - left / problem.top)
    later: tuple[sp.Expr, sp.Expr, sp.Expr] | None = None
    for price, cut in reversed(coefficients):
        if endless:
            later = (price, price * (1 - cut) / (1 - first * cut**2), ((1 - cut**2) / 2 - price * (1 - cut)) / (1 - second * cut**2))
        keep = second * (1 - later[0]) * cut if later else sp.Integer(0)
        yield from _plain("answer: the type at the cut-off is not indifferent", cut - price - keep)
        worth = later[1] if later else sp.Integer(0)
        slope = price / cut
        yield from _plain("offer: another cut-off is better", slope * (1 - 2 * cut) + 2 * first * worth * cut)
        yield Violation("offer: the cut-off is a minimum", sp.simplify(first * worth - slope))
        yield Violation("offer: nobody accepts", sp.simplify(cut - 1))
        yield Violation("offer: everybody accepts", sp.simplify(-cut))
        surplus = later[2] if later else sp.Integer(0)
        later = (price, price * (1 - cut) + first * worth * cut**2, (1 - cut**2) / 2 - price * (1 - cut) + second * surplus * cut**2)
    assert later is not None
    for player, value in paired(problem.players, later[1:]):
        yield from _plain(f"payoff: of {player}", found.payoffs[player] - value * problem.top)


def _plain(what: str, gap: sp.Expr) -> Iterator[Violation]:
    plain = sp.simplify(gap)
    yield from (Violation(what, side) for side in (plain, -plain))
