"""The linear equilibrium of a double auction, written as proposals of a type and a bid by each side, against the bids of the other side.

The four coefficients of the bids are recorded as what stages are worth. Each side then proposes any own type and any bid, and is paid what that bid gains over the
bid on the line: nothing, whatever the type, where the line is optimal. What trade is worth is integrated over both types here, as long as the proposed
coefficients are such that trade begins at a value and reaches a cost in between. Sources: Chatterjee and Samuelson (1983), Operations Research
31:835-851; Myerson and Satterthwaite (1983), Journal of Economic Theory 29:265-281.
"""

from typing import Any

import sympy as sp

from bargain.equilibrium import Equilibrium
from bargain.games.mechanisms import DoubleAuction
from bargain.portable.records import Records
from bargain.portable.stages import Staged, bounds
from bargain.regions.cells import GT

_NAMES = ("buyer's bid at 0", "buyer's slope", "seller's ask at 0", "seller's slope")
_V, _T, _BID = sp.symbols("value cost bid", real=True)


def linear(problem: DoubleAuction, solver: Any, e: Equilibrium) -> Staged:
    """The coefficients, the gains from other bids and asks, and the numbers that are reported of trade."""
    records, k, q = Records(problem.players), problem.split, e.quantities
    lines = a0, a1, c0, c1 = sp.symbols("a0 a1 c0 c1", real=True)
    same, taken = records.tied({name: (symbol, q[name]) for name, symbol in zip(_NAMES, lines, strict=True)})
    rising = (*same, (a1, GT), (c1, GT))

    def bought(bid: sp.Expr) -> sp.Expr:
        """What a value expects from a bid: asks up to it are met."""
        met = sp.Min(sp.Max((bid - c0) / c1, 0), 1)
        return met * (_V - k * bid - (1 - k) * c0) - (1 - k) * c1 * met**2 / 2

    def sold(ask: sp.Expr) -> sp.Expr:
        """What a cost expects from an ask: bids from it on meet it."""
        missed = sp.Min(sp.Max((ask - a0) / a1, 0), 1)
        return (1 - missed) * (k * a0 + (1 - k) * ask - _T) + k * a1 * (1 - missed**2) / 2

    surest = {"buyer": (_V, sp.Integer(1), a0 + a1 * _V, bought), "seller": (_T, sp.Integer(0), c0 + c1 * _T, sold)}
    for player, (own, best, line, worth) in surest.items():
        bid = line.subs({**{symbol: value for symbol, value in taken.values()}, own: best})
        records.propose(f"{player}'s gain by another bid", player, {**taken, "type": (own, best), "bid": (_BID, bid)}, (*rising, *bounds(own, 1 - own)),
                        {player: worth(_BID) - worth(line)}, {})
    least, most = (c0 - a0) / a1, (a0 + a1 * _V - c0) / c1
    inside = (*rising, *bounds(least, 1 - least, most.subs(_V, 1), 1 - most.subs(_V, 1)))

    def traded(worth: sp.Expr) -> sp.Expr:
        """The integral over the pairs of types that trade."""
        return sp.cancel(sp.integrate(sp.expand(sp.integrate(sp.expand(worth), (_T, 0, most))), (_V, least, 1)))

    price = k * (a0 + a1 * _V) + (1 - k) * (c0 + c1 * _T)
    subsidy = -sp.integrate(sp.integrate(2 * _V - 1 - 2 * _T, (_T, 0, _V)), (_V, 0, 1))
    for name, formula in {"chance of trade": traded(sp.Integer(1)), "expected gains": traded(_V - _T), "subsidy for efficient trade": subsidy,
                          "least surplus that trades": least}.items():
        if name in q:
            records.report(name, formula, q[name], taken, inside)
    records.propose("trade", records.clerk, taken, inside, {"buyer": traded(_V - price), "seller": traded(price - _T)}, dict(e.payoffs))
    return records.staged("each side proposes a type and a bid and is paid what it gains over the line", "trade")
