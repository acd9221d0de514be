"""The value of never agreeing: a table's flows for ever, discounted.

V_s(z) = (1 - d) flow_s(z) + d * sum over s' of p(s, s') V_s'(z'), with z' the drifted variable;
affine in the drifting variables, so that matching coefficients gives a linear system. This is
the inside option, or disagreement point, of the bargaining range.
"""

from collections.abc import Mapping
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable
from bargain.games.alternating import AlternatingOffers
from bargain.solvers.alternating.short_periods import limit_at_zero


def never_agreeing(table: AlternatingOffers, *, limit: bool = True) -> Mapping[str, sp.Expr]:
    """What each side expects if talks never succeed; with `limit`, as the period tends to zero.

    >>> import bargain as bg
    >>> x, r, c, t = sp.symbols("x r c t", positive=True)
    >>> rates = {"A": sp.exp(-r*t), "B": sp.exp(-2*r*t)}
    >>> war = bg.State("war", flow={"A": 1 - c, "B": -c})
    >>> table = bg.AlternatingOffers("War", ("A", "B"), x, {"A": x, "B": 1 - x}, rates, between=None, states=(war,), period=t)
    >>> never_agreeing(table)["A"]
    1 - c
    """
    if table.lags or table.costs or table.horizon is not None:
        raise NotApplicable("lags, fixed costs and a last offer are not covered", place=f"alternating offers {table.title!r}", remedy="state flows instead")
    if table.outside or table.breakdown:
        raise NotApplicable("talks that a side may leave can end", place=f"alternating offers {table.title!r}", remedy="drop outside= and breakdown=")
    return {player: _value(table, player, limit) for player in table.players}


def _value(table: AlternatingOffers, player: str, limit: bool) -> sp.Expr:
    functions: dict[Any, sp.Symbol] = {f: sp.Dummy() for f in set().union(*(e.atoms(sp.exp) for e in table.expressions()))}
    back = {symbol: f for f, symbol in functions.items()}
    variables = tuple(table.drift)
    unknowns: list[sp.Symbol] = []
    value = {}
    for state in table.states:
        own = [sp.Dummy() for _ in range(1 + len(variables))]
        unknowns += own
        value[state.name] = own[0] + sp.Add(*(c * z for c, z in zip(own[1:], variables, strict=True)))
    equations: list[sp.Expr] = []
    factor = table.discount[player].xreplace(functions)
    for state in table.states:
        later = sp.Add(*(p.xreplace(functions) * value[name].subs(table.drift, simultaneous=True) for name, p in state.moves.items()))
        gap = sp.expand((1 - factor) * state.flow[player].xreplace(functions) + factor * later - value[state.name])
        equations += sp.Poly(gap, *variables).coeffs() if variables else [gap]
    found = dict(zip(unknowns, next(iter(sp.linsolve(equations, unknowns))), strict=True))
    answer = sp.cancel(sp.together(value[table.states[0].name].subs(found))).xreplace(back)
    return sp.factor(limit_at_zero(answer, table.period)) if limit and table.period is not None else answer
