"""The linear equilibrium of the double auction with uniform values and costs, and what incentives cost in any auction.

With asks s = c0 + c1 t and bids b = a0 + a1 v the first-order conditions of both sides are linear in the type; comparing coefficients gives four
equations. Bids that cannot win and asks that cannot be met are replaced by the nearest ones that just can, so that trade needs v - t at least a gap. Other
equilibria exist (step functions, and differentiable ones: Leininger, Linhart and Radner 1989). The subsidy that efficient trade needs is minus the
expected virtual surplus (2 v - 1) - 2 t over v >= t. Sources: Chatterjee and Samuelson (1983); Myerson and Satterthwaite (1983).
"""

from dataclasses import dataclass
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable
from bargain.games.mechanisms import DoubleAuction
from bargain.regions import Region
from bargain.solution import Equilibrium, Regime, Solution, Status


@dataclass(frozen=True)
class LinearBids:
    """The equilibrium in linear bids, with the chance and gains of trade.

    >>> import bargain as bg
    >>> found = bg.solve(DoubleAuction("Talks"), LinearBids()).equilibria[0].quantities
    >>> found["buyer's bid at 0"], found["buyer's slope"], found["expected gains"]
    (1/12, 2/3, 9/64)
    """

    @property
    def concept(self) -> str:
        """The concept's name."""
        return "linear equilibrium of a double auction"

    def accepts(self, problem: Any) -> None:
        """Refuse other problems."""
        if not isinstance(problem, DoubleAuction):
            raise NotApplicable(f"a {type(problem).__name__} is not a double auction", place="LinearBids", remedy="give DoubleAuction")

    def run(self, problem: DoubleAuction) -> Solution:
        """Compare coefficients of the first-order conditions."""
        k = problem.split
        v, t, bid, ask = sp.symbols("v t bid ask", real=True)
        unknown = sp.symbols("a0 a1 c0 c1", real=True)
        a0, a1, c0, c1 = unknown
        buyer = sp.integrate((v - k * bid - (1 - k) * ask) / c1, (ask, c0, bid))
        seller = sp.integrate((k * bid + (1 - k) * ask - t) / a1, (bid, ask, a0 + a1))
        conditions = []
        for payoff, own, line, kind in ((buyer, bid, a0 + a1 * v, v), (seller, ask, c0 + c1 * t, t)):
            slope = sp.numer(sp.together(sp.diff(payoff, own).subs(own, line)))
            conditions += sp.Poly(sp.expand(slope), kind).coeffs()
        (solution,) = [found for found in sp.solve(conditions, unknown, dict=True) if found[a1] > 0 and found[c1] > 0]
        least = (solution[c0] - solution[a0]) / solution[a1]                       # the lowest value that trades
        most = (solution[a0] + solution[a1] * v - solution[c0]) / solution[c1]           # the highest cost that trades with value v
        chance = sp.integrate(most, (v, least, 1))
        gains = sp.integrate(sp.integrate(v - t, (t, 0, most)), (v, least, 1))
        subsidy = -sp.integrate(sp.integrate(2 * v - 1 - 2 * t, (t, 0, v)), (v, 0, 1))
        quantities = {"buyer's bid at 0": solution[a0], "buyer's slope": solution[a1], "seller's ask at 0": solution[c0], "seller's slope": solution[c1],
                      "chance of trade": chance, "expected gains": gains, "subsidy for efficient trade": subsidy}
        value, cost = (sp.integrate(e, (t, 0, most)) for e in (v - k * (solution[a0] + solution[a1] * v) - (1 - k) * (solution[c0] + solution[c1] * t),
                                                                k * (solution[a0] + solution[a1] * v) + (1 - k) * (solution[c0] + solution[c1] * t) - t))
        payoffs = {"buyer": sp.integrate(value, (v, least, 1)), "seller": sp.integrate(cost, (v, least, 1))}
        if solution[a1] == solution[c1]:
            quantities["least surplus that trades"] = least
        found = Equilibrium(self.concept, {}, payoffs, (), "trade if the bid is at least the ask", quantities=quantities)
        return Solution(problem, self, Status.INCOMPLETE, (Regime(Region.everything(), (found,)),))
