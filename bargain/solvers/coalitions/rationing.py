"""Rules that share an amount among claims on it: proportional, equal awards, equal losses, Talmud.

Piecewise linear in the claims; each is found as the point where a rising function of one number meets the
amount. Source: Aumann and Maschler (1985), Journal of Economic Theory 36:195-213; Thomson (2003), Mathematical
Social Sciences 45:249-297.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from fractions import Fraction
from typing import Any

import sympy as sp

from bargain.errors import BadInput, NotApplicable
from bargain.expressions import exact


class Rule(Enum):
    """How to share too little."""

    PROPORTIONAL = "proportional"
    EQUAL_AWARDS = "constrained equal awards"
    EQUAL_LOSSES = "constrained equal losses"
    TALMUD = "Talmud"


def rationed(amount: Any, claims: Mapping[str, Any], rule: Rule) -> dict[str, sp.Expr]:
    """The award of every claimant: between 0 and the claim, awards sum to the amount.

    amount and claims: rational numbers, 0 <= amount <= sum of claims. For burden sharing, claims are
    capacities and awards are contributions.

    >>> rationed(200, {"a": 100, "b": 200, "c": 300}, Rule.TALMUD)
    {'a': 50, 'b': 75, 'c': 75}
    """
    total, needs = _number(amount, "amount"), {name: _number(value, f"claim of {name}") for name, value in claims.items()}
    if min(needs.values(), default=Fraction(0)) < 0 or not 0 <= total <= sum(needs.values()):
        raise BadInput(f"{amount} cannot be shared among claims of {sum(needs.values())}", place="rationed",
                       remedy="claims are not negative, and the amount lies between 0 and their sum")
    awards = _shared(total, needs, rule)
    return {name: sp.Rational(value.numerator, value.denominator) for name, value in awards.items()}


def _number(value: Any, what: str) -> Fraction:
    number = exact(value)
    if not number.is_Rational:
        raise NotApplicable(f"the {what}, {number}, is not a rational number", place="rationed", remedy="put numbers in first")
    return Fraction(int(number.p), int(number.q))


def _shared(total: Fraction, needs: Mapping[str, Fraction], rule: Rule) -> dict[str, Fraction]:
    everything = sum(needs.values(), Fraction(0))
    if rule is Rule.PROPORTIONAL:
        return {name: need * total / everything if everything else Fraction(0) for name, need in needs.items()}
    if rule is Rule.EQUAL_AWARDS:
        return _levelled(total, needs, lambda need, level: min(need, level))
    if rule is Rule.EQUAL_LOSSES:
        losses = _levelled(everything - total, needs, lambda need, level: min(need, level))
        return {name: needs[name] - losses[name] for name in needs}
    half = {name: need / 2 for name, need in needs.items()}
    if 2 * total <= everything:
        return _shared(total, half, Rule.EQUAL_AWARDS)
    return {name: half[name] + award for name, award in _shared(total - everything / 2, half, Rule.EQUAL_LOSSES).items()}


def _levelled(total: Fraction, needs: Mapping[str, Fraction], award: Callable[[Fraction, Fraction], Fraction]) -> dict[str, Fraction]:
    """Awards at the level at which they sum to the total: linear between the claims, so found exactly."""
    low, below = Fraction(0), Fraction(0)
    for level in sorted(set(needs.values())):
        reached = sum((award(need, level) for need in needs.values()), Fraction(0))
        if reached >= total:
            step = (total - below) / (reached - below) if reached > below else Fraction(0)
            return {name: award(need, low + step * (level - low)) for name, need in needs.items()}
        low, below = level, reached
    return dict(needs)
