"""Alternating offers with curved payoffs, written as the offers themselves: two stages that lead to each other, in which any share may be proposed.

Exact shares, and payoffs made of rational functions and square roots only: the middle of a box that holds the equilibrium satisfies no equation. Sources:
Rubinstein (1982), Econometrica 50:97-109; Binmore, Rubinstein and Wolinsky (1986), RAND Journal of Economics 17:176-188.
"""

from typing import Any

import sympy as sp

from bargain.equilibrium import Equilibrium
from bargain.errors import NotApplicable
from bargain.games.alternating import AlternatingOffers
from bargain.games.nodes import Node, Terminal
from bargain.portable.refusals import REMEDY
from bargain.portable.stages import Proposal, Rules, Stage, Staged, ask, bounds, value_of


def curved(table: AlternatingOffers, solver: Any, e: Equilibrium) -> Staged:
    """The two offers of a stationary equilibrium, with the flows and options of the table."""
    assert table.between is not None
    name, (first, second), stages, values, choices = str(table.share), table.players, dict[str, Stage](), dict[str, dict[str, sp.Expr]](), Rules()
    if f"{name} from" in e.quantities or any(value.has(sp.CRootOf) for value in (*e.quantities.values(), *e.payoffs.values())):
        raise NotApplicable("no portable certificate: the shares are known by an enclosure only, or by a polynomial of which they are a root",
                            place="certificate", remedy=REMEDY)
    roots = {power.exp for value in table.agreement.values() for power in value.atoms(sp.Pow) if power.has(table.share) and not power.exp.is_Integer}
    if roots - {sp.Rational(1, 2)} or any(value.atoms(sp.Function) for value in table.agreement.values()):
        raise NotApplicable("no portable certificate: payoffs are neither rational functions nor square roots of the share", place="certificate", remedy=REMEDY)
    flow = table.states[0].flow
    for by, other in ((first, second), (second, first)):
        here, share = f"{by} proposes", e.quantities[f"{name}_{by}"]
        on = {p: (1 - d) * flow[p] + d * value_of(f"{other} proposes", p) for p, d in table.discount.items()}
        moves: dict[str, Node] = {"accept": Terminal(table.agreement), "refuse": Terminal(on)}
        if other in table.leavers():
            moves["leave"] = Terminal(table.outside)
        stages[here] = Proposal(by, {"share": table.share}, bounds(table.share - table.between[0], table.between[1] - table.share), ask(other, moves))
        values[here] = {p: sp.simplify(value.subs(table.share, share)) for p, value in table.agreement.items()}
        choices[by, here] = {"share": share}
    values[f"{first} proposes"] = dict(e.payoffs)
    return Staged("offers in turn, of any share", table.players, stages, values, f"{first} proposes", choices)
