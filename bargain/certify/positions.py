"""The numbers of a static expected-utility block, checked by what defines them."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import sympy as sp

from bargain.certify.check import Violation
from bargain.games.positions import Positions
from bargain.solution import Component, Equilibrium


def violations(problem: Positions, solver: Any, found: Equilibrium | Component) -> Iterator[Violation]:
    """The balance of the mean, the halves of the median, the pairwise votes behind the winner, the flows of the chain."""
    assert isinstance(found, Equilibrium)
    actors = [(Fraction(str(a.position)), Fraction(str(a.capability)) * Fraction(str(a.salience))) for a in problem.actors.values()]
    given = {name: Fraction(str(value)) for name, value in found.quantities.items()}
    yield _off("mean: not in balance", sum(weight * (x - given["weighted mean"]) for x, weight in actors))
    for name in ("weighted median", "upper weighted median"):
        if name in given:
            below = sum((weight for x, weight in actors if x < given[name]), Fraction(0))
            above = sum((weight for x, weight in actors if x > given[name]), Fraction(0))
            yield Violation("median: more than half on one side", _number(max(below, above) - sum((weight for _, weight in actors), Fraction(0)) / 2))
            yield Violation("median: not a position", sp.Integer(int(all(x != given[name] for x, _ in actors))))
    if "upper weighted median" in given:
        yield Violation("median: the upper one is lower", _number(given["weighted median"] - given["upper weighted median"]))
    if "upper weighted median" in given:
        yield Violation("median: the upper one is not above the other", _number(given["weighted median"] - given["upper weighted median"]))
    line = sorted({x for x, _ in actors})
    balance = {(x, y): sum(weight * (abs(z - y) - abs(z - x)) for z, weight in actors) for x in line for y in line}
    unbeaten = [str(x) for x in line if all(balance[x, y] >= 0 for y in line)]
    stated = found.outcome.partition(" beats every")[0].partition(" are beaten")[0].split(" and ") if unbeaten else []
    yield Violation("winner: not the unbeaten positions", sp.Integer(int(stated != unbeaten)))
    chances = [given[f"stationary chance of {x}"] for x in line]
    yield _off("chain: chances do not sum to 1", sum(chances) - 1)
    for i, x in enumerate(line):
        flow = Fraction(0)
        for j, y in enumerate(line):
            if i != j:
                stands = sum((weight * max(abs(z - y) - abs(z - x), Fraction(0)) for z, weight in actors), Fraction(0))
                either = sum((weight * abs(abs(z - y) - abs(z - x)) for z, weight in actors), Fraction(0))
                wins = stands / either  # whoever stands at x is not indifferent
                flow += chances[j] * wins - chances[i] * (1 - wins)
        yield _off(f"chain: the chance of {x} changes", flow)


def _off(what: str, gap: Fraction | int) -> Violation:
    return Violation(what, abs(_number(Fraction(gap))))


def _number(value: Fraction) -> sp.Expr:
    return sp.Rational(value.numerator, value.denominator)
