"""A logit response proved by interval arithmetic: an exact solution lies within 1e-10 of the reported strategies.

With p_a = exp(x_a) and b the first action of a player, F_a(x) = x_a - x_b - r (u(a) - u(b)) and F_b(x) = sum exp(x) - 1. If, on a box X
around the reported point m, Krawczyk's operator

    K = m - Y F(m) + (I - Y F'(X)) (X - m),      Y an approximate inverse of F'(m),

maps X into its interior, then X contains exactly one solution. Payoffs are summed cell by cell, in ball arithmetic of 200 bits
that encloses every rounding. Reference: Krawczyk (1969), Computing 4:187-201; Johansson (2017), IEEE Transactions on Computers 66.
"""

from collections.abc import Iterator
from typing import Any

import sympy as sp
from flint import arb, arb_mat, ctx

from bargain.certify.check import Violation, paired
from bargain.games.matrix import MatrixGame
from bargain.solution import Component, Equilibrium

_TOLERANCE = sp.Rational(1, 10**10)
_BITS = 200
Places = list[tuple[int, str]]


def violations(problem: MatrixGame, solver: Any, found: Equilibrium | Component) -> Iterator[Violation]:
    """The reported probabilities are a logit response up to 1e-10, and the payoffs are theirs."""
    assert isinstance(found, Equilibrium)
    before = ctx.prec
    ctx.prec = _BITS
    try:
        checks = list(_checked(problem, solver, found))
    finally:
        ctx.prec = before
    yield from checks


def _checked(game: MatrixGame, solver: Any, found: Equilibrium) -> Iterator[Violation]:
    places: Places = [(k, action) for k, names in enumerate(game.actions) for action in names]
    stated = [_ball(found.strategies[game.players[k]][""][action]) for k, action in places]
    tables = [{cell: _ball(values[k]) for cell, values in game.payoffs.items()} for k in range(len(game.players))]
    rate = _ball(solver.rationality)
    for gap in (found.quantities["rationality"] - solver.rationality, solver.rationality - found.quantities["rationality"]):
        yield Violation("rationality: not the one asked for", gap)
    if any(not weight > 0 for weight in stated):
        yield Violation("probability: not positive", sp.Integer(1), open=all(weight >= 0 for weight in stated))
        return
    logs, proved = _refined(game, places, tables, rate, [weight.log() for weight in stated])
    if not proved:  # a wrong answer is told how far off it is, if Newton's steps lead anywhere
        logs, proved = _refined(game, places, tables, rate, [weight.log() for weight in stated], near=False)
    if not proved:
        yield Violation("logit response: no solution was proved near the reported one", sp.Integer(1), open=True)
        return
    for (k, action), weight, log in paired(places, stated, logs):
        yield Violation(f"logit response: {game.players[k]}'s {action}", _upper(abs(weight - log.exp())) - _TOLERANCE)
    weights = dict(paired(places, (log.exp() for log in logs)))
    for k, player in enumerate(game.players):
        paid = _mean(game, weights, tables[k], ())
        yield Violation(f"payoff: {player}", _upper(abs(paid - _ball(found.payoffs[player])) / (1 + abs(paid))) - _TOLERANCE)


def _refined(game: MatrixGame, places: Places, tables: list[Any], rate: arb, logs: list[arb], near: bool = True) -> tuple[list[arb], bool]:
    """Newton steps from the stated point, then Krawczyk's test on a small box around the last; the box, and whether it passed."""
    middle = [arb(log.mid()) for log in logs]
    for _ in range(3 if near else 12):
        value, slope = _system(game, places, tables, rate, middle)
        try:
            step = slope.mid().solve(value.mid())
        except ZeroDivisionError:
            return middle, False
        middle = [arb((m - step[k, 0]).mid()) for k, m in enumerate(middle)]
    radius = arb("1e-30")
    box = [arb(m, radius) for m in middle]
    value, slope = _system(game, places, tables, rate, middle)
    wide = _system(game, places, tables, rate, box)[1]
    n = len(middle)
    try:
        inverse = arb_mat(slope.mid().inv()).mid()
    except ZeroDivisionError:
        return box, False
    identity = arb_mat(n, n, [int(i == j) for i in range(n) for j in range(n)])
    moved = (identity - inverse * wide) * arb_mat(n, 1, [arb(0, radius)] * n) - inverse * value
    return box, all(abs(moved[k, 0]) < radius for k in range(n))


def _system(game: MatrixGame, places: Places, tables: list[Any], rate: arb, logs: list[arb]) -> tuple[arb_mat, arb_mat]:
    """F and its derivative at a point or a box."""
    n = len(places)
    weights = dict(paired(places, (log.exp() for log in logs)))
    first = {k: next(row for row, place in enumerate(places) if place[0] == k) for k, _ in places}
    value, slope = arb_mat(n, 1), arb_mat(n, n)
    for row, (k, action) in enumerate(places):
        base = first[k]
        if row == base:
            value[row, 0] = sum(weights[place] for place in places if place[0] == k) - 1
            for column, place in enumerate(places):
                slope[row, column] = weights[place] if place[0] == k else arb(0)
            continue
        start = places[base][1]
        gain = _mean(game, weights, tables[k], ((k, action),)) - _mean(game, weights, tables[k], ((k, start),))
        value[row, 0] = logs[row] - logs[base] - rate * gain
        for column, (j, other) in enumerate(places):
            if j == k:
                slope[row, column] = arb(int(column == row) - int(column == base))
            else:
                change = _mean(game, weights, tables[k], ((k, action), (j, other))) - _mean(game, weights, tables[k], ((k, start), (j, other)))
                slope[row, column] = -rate * weights[j, other] * change
    return value, slope


def _mean(game: MatrixGame, weights: dict[tuple[int, str], arb], table: dict[tuple[str, ...], arb], fixed: tuple[tuple[int, str], ...]) -> arb:
    """The expectation of a table over cells, some players' actions fixed (and not weighed)."""
    total, held = arb(0), dict(fixed)
    for cell, value in table.items():
        if all(cell[k] == action for k, action in fixed):
            weight = arb(1)
            for k, action in enumerate(cell):
                if k not in held:
                    weight *= weights[k, action]
            total += weight * value
    return total


def _ball(value: Any) -> arb:
    """An enclosure of an exact number (a float counts as the decimal it prints)."""
    value = sp.sympify(value, strict=True)
    if value.is_Rational:
        return arb(int(value.p)) / arb(int(value.q))
    return arb(str(value)) if value.is_Float else arb(str(sp.N(value, 50))) + arb(0, "1e-45") * (1 + abs(arb(str(sp.N(value, 20)))))


def _upper(value: arb) -> sp.Rational:
    """A rational at least as large as the ball."""
    mantissa, exponent = arb(value.abs_upper()).mid().man_exp()
    return sp.Rational(int(mantissa)) * sp.Integer(2) ** int(exponent)
