"""Optimal mechanisms checked from their definition: honesty and participation type by type, and weak duality.

For every type the expected payoff of each report is computed from the mechanism. Prices p >= 0 of these constraints prove optimality: adding price times slack to
the objective must leave every transfer without weight and every chance of agreement with no more than the price of its own bound, and those prices must
sum to the value claimed.
"""

from collections.abc import Iterator
from typing import Any

import sympy as sp

from bargain.certify.check import Violation
from bargain.findings.settlements import Mechanism
from bargain.games.mechanisms import DoubleAuction, PrivateInformation
from bargain.regions.cells import GE, Cell
from bargain.solution import Component, Equilibrium

Weights = dict[tuple[str, str], sp.Expr]


def violations(problem: PrivateInformation, solver: Any, found: Equilibrium | Component) -> Iterator[Violation]:
    """Every constraint of the mechanism, what it pays, and the dual bound."""
    assert isinstance(found, Mechanism)
    on_agreement, on_transfer = _objective(problem, solver)
    bound = sp.Integer(0)
    for pair in problem.pairs:
        q, x = found.agreement[pair], found.transfer[pair]
        yield from (Violation(f"feasibility: the chance of agreement of {', '.join(pair)}", gap) for gap in (-q, q - 1))
        limits = () if problem.transfer is None else (("at least the lowest", x - problem.transfer[0] * q), ("at most the highest", problem.transfer[1] * q - x))
        for name, slack in limits:
            yield Violation(f"feasibility: the transfer of {', '.join(pair)}", -slack)
            price, side = found.prices.get(f"transfer {name} {' '.join(pair)}", sp.Integer(0)), 1 if name.endswith("lowest") else -1
            yield Violation("prices: one is negative", -price)
            assert problem.transfer is not None
            on_transfer[pair] += side * price
            on_agreement[pair] -= side * price * problem.transfer[0 if side == 1 else 1]
    paid = dict.fromkeys(problem.players, sp.Integer(0))
    for i, player in enumerate(problem.players):
        for true, weight in problem.types[player].items():
            honest = _report(problem, found, i, true, true)
            paid[player] += weight * honest
            for report in (None, *(name for name in problem.types[player] if name != true)):
                other = _conflict(problem, i, true) if report is None else _report(problem, found, i, report, true)
                yield Violation(f"honesty: {player} {true} " + ("prefers conflict" if report is None else f"reports {report}"), other - honest)
                name = f"{player} {true} takes part" if report is None else f"{player} {true} not as {report}"
                price = found.prices.get(name, sp.Integer(0))
                yield Violation("prices: one is negative", -price)
                for told, side in ((true, 1), (report, -1)):
                    if price != 0 and told is not None:
                        _add(problem, i, told, true, side * price, on_agreement, on_transfer)
    for pair in problem.pairs:
        own = found.prices.get("chance at most 1 " + " ".join(pair), sp.Integer(0))
        bound += own
        yield Violation("prices: one is negative", -own)
        yield Violation("prices: an agreement is worth more than its price", on_agreement[pair] - own)
        yield from (Violation("prices: a transfer has weight", gap) for gap in (on_transfer[pair], -on_transfer[pair]))
    named = {"chance of agreement": sum((problem.chance(pair) * found.agreement[pair] for pair in problem.pairs), sp.Integer(0)),
             "expected gains": sum((problem.chance(pair) * found.agreement[pair] * _gain(problem, pair) for pair in problem.pairs), sp.Integer(0))}
    value = named["expected gains" if solver.objective == "gains" else "chance of agreement"]
    for what, gap in (*((f"payoff: of {p}", found.payoffs[p] - paid[p]) for p in problem.players),
                      *((f"quantity: {name}", found.quantities[name] - number) for name, number in named.items()), ("optimum: not the dual bound", bound - value)):
        yield from (Violation(what, side) for side in (gap, -gap))


def _gain(problem: PrivateInformation, pair: tuple[str, str]) -> sp.Expr:
    return sum(problem.agreement[pair], sp.Integer(0)) - sum(problem.conflict[pair], sp.Integer(0))


def _objective(problem: PrivateInformation, solver: Any) -> tuple[Weights, Weights]:
    wanted = {pair: problem.chance(pair) * (_gain(problem, pair) if solver.objective == "gains" else 1) for pair in problem.pairs}
    return wanted, dict.fromkeys(problem.pairs, sp.Integer(0))


def _against(problem: PrivateInformation, i: int, told: str, true: str) -> Iterator[tuple[sp.Expr, tuple[str, str], tuple[str, str]]]:
    """The other side's types: probability, pair of reports, true pair."""
    for name, chance in problem.types[problem.players[1 - i]].items():
        yield chance, (told, name) if i == 0 else (name, told), (true, name) if i == 0 else (name, true)


def _report(problem: PrivateInformation, found: Mechanism, i: int, told: str, true: str) -> sp.Expr:
    total = sp.Integer(0)
    for chance, report, real in _against(problem, i, told, true):
        q, moved = found.agreement[report], found.transfer[report] * (1 if i == 0 else -1)
        total += chance * (q * problem.agreement[real][i] + (1 - q) * problem.conflict[real][i] + moved)
    return total


def _conflict(problem: PrivateInformation, i: int, true: str) -> sp.Expr:
    return sum((chance * problem.conflict[real][i] for chance, _, real in _against(problem, i, true, true)), sp.Integer(0))


def _add(problem: PrivateInformation, i: int, told: str, true: str, price: sp.Expr, on_agreement: Weights, on_transfer: Weights) -> None:
    for chance, report, real in _against(problem, i, told, true):
        on_agreement[report] += price * chance * (problem.agreement[real][i] - problem.conflict[real][i])
        on_transfer[report] += price * chance * (1 if i == 0 else -1)


def auction_violations(problem: DoubleAuction, solver: Any, found: Equilibrium | Component) -> Iterator[Violation]:
    """No bid is better than the linear one for any value or cost; the chance and gains of trade as areas of the unit square."""
    assert isinstance(found, Equilibrium)
    value, b = (sp.Symbol(name, real=True) for name in ("value_of_the_check", "bid_of_the_check"))
    a, slope, c, rise = (found.quantities[name] for name in ("buyer's bid at 0", "buyer's slope", "seller's ask at 0", "seller's slope"))
    k, low, high = problem.split, c, a + slope
    yield Violation("bids: not increasing", sp.Max(-slope, -rise))
    unit = Cell().where(value, GE).where(1 - value, GE)
    inside = unit.where(b - low, GE).where(c + rise - b, GE)
    for mine, domain in ((a + slope * value, unit.where(a + slope * value - low, GE)), (low, unit.where(low - a - slope * value, GE))):
        cell = inside & domain
        gain = _buyer(k, value, b, low, rise) - _buyer(k, value, mine, low, rise)
        yield Violation("bid: the buyer gains by another", sp.expand(gain), cell)
    inside = unit.where(high - b, GE).where(b - a, GE)
    for mine, domain in ((c + rise * value, unit.where(high - c - rise * value, GE)), (high, unit.where(c + rise * value - high, GE))):
        cell = inside & domain
        gain = _seller(k, value, b, high, slope) - _seller(k, value, mine, high, slope)
        yield Violation("ask: the seller gains by another", sp.expand(gain), cell)
    start = (low - a) / slope                                   # the least value that trades
    trade = (1 - start) * (high - c) / rise / 2                 # a triangle, if high - c = rise (cost 0 ... value 1)
    corner = (start, (high - c) / rise)
    gains = trade * (sp.Rational(1, 3) * (start + 2) - sp.Rational(1, 3) * corner[1])  # the triangle's area times v - c at its centroid
    t = sp.Symbol("cost_of_the_check", real=True)
    rents = sp.integrate(sp.integrate(2 * value - 1 - 2 * t, (value, t, 1)), (t, 0, 1))
    buyer = corner[1] * (1 - start) ** 2 / 6                     # the chance of trade is the slope of the buyer's payoff in the value
    for player, number in (("buyer", buyer), ("seller", gains - buyer)):
        yield from (Violation(f"payoff: of {player}", gap) for gap in (found.payoffs[player] - number, number - found.payoffs[player]))
    least = [("least surplus that trades", start)] if "least surplus that trades" in found.quantities else []
    for name, number in (("chance of trade", trade), ("expected gains", gains), ("subsidy for efficient trade", -rents), *least):
        yield from (Violation(f"quantity: {name}", gap) for gap in (found.quantities[name] - number, number - found.quantities[name]))


def _buyer(k: sp.Expr, value: sp.Expr, bid: sp.Expr, low: sp.Expr, rise: sp.Expr) -> sp.Expr:
    """The buyer's expected gain from a bid against asks uniform from `low`, times their density's inverse."""
    return (bid - low) * (value - k * bid - (1 - k) * (bid + low) / 2) / rise


def _seller(k: sp.Expr, cost: sp.Expr, ask: sp.Expr, high: sp.Expr, slope: sp.Expr) -> sp.Expr:
    return (high - ask) * (k * (high + ask) / 2 + (1 - k) * ask - cost) / slope
