"""Territory or security: which is easier to agree on.

The territory and the guarantees model are put side by side, with the values of fighting on in the second taken from the war of the
first. Half the width of the bargaining range without Kursk, the distance of its midpoint from either end, measures how easily territory
is settled; security is measured by the arrangement for which the smaller of its margins of deterring and of being acceptable is greatest. A surge
that follows a refusal adds its damage to Russia's war cost, and takes Ukraine's gain off hers, in both. Land can be traded, credibility
cannot; a credible surge narrows the gap because it works on acceptance, which is what blocks security.

The comparison uses one Russian scale for both and is a normalisation. Source: the two models; the case is an op-ed on ending the war in Ukraine.
"""

from collections.abc import Iterable
from dataclasses import replace

import sympy as sp

from bargain import Claim, Model, Nash, Notation, Quantity, Rubinstein, never_agreeing
from bargain.games import AlternatingOffers, MatrixGame
from bargain.models.ukraine import guarantees, territory
from bargain.models.ukraine.guarantees import ARRANGEMENTS, F_R, F_U, a_d, d
from bargain.models.ukraine.territory import c_R, c_U, g, r_R, r_U

LINKS = {F_R: -c_R + g / r_R, F_U: -c_U - g / r_U}  # fighting on, relative to a freeze on the front line
SURGE = {d: "0.18", a_d: "0.1"}  # baseline of the surge, from the surge-threat model: damage and gain

rows = (*territory.NOTATION.parameters, *(replace(row, baseline=SURGE[row.symbol]) if row.symbol in SURGE else row
                                          for row in guarantees.NOTATION.parameters if row.symbol not in LINKS))
NOTATION = Notation(rows, (*territory.NOTATION.assumptions, *guarantees.NOTATION.assumptions))

war = {side: territory.war[side] - cost for side, cost in {"U": -a_d, "R": d}.items()}
talks: AlternatingOffers = replace(
    territory.without_kursk, title="Territory, after a surge", notation=NOTATION,
    states=tuple(replace(state, flow=war) for state in territory.without_kursk.states))
matrix: MatrixGame = replace(guarantees.matrix, notation=NOTATION, title="Guarantees, linked to territory",
                             payoffs={cell: tuple(value.xreplace(LINKS) for value in pair) for cell, pair in guarantees.matrix.payoffs.items()})

value_of_war = never_agreeing(talks)
width = sp.expand(1 - value_of_war["R"] - value_of_war["U"])
deter, accept = ({j: margin.xreplace(LINKS) for j, margin in margins.items()} for margins in (guarantees.deter, guarantees.accept))
security = sp.Max(*(sp.Min(deter[j], accept[j]) for j in ARRANGEMENTS))
half = width / 2


def comparison(title: str, values: dict[sp.Symbol, sp.Expr]) -> Iterable[Claim]:
    """The claims with or without a surge."""
    land, margin = (expression.xreplace(values) for expression in (half, security))
    yield Claim(f"{title}: territory easier", land > margin, "K16")
    yield Claim(f"{title}: territorial range exists", land >= 0, "K12")
    yield Claim(f"{title}: security range exists", margin >= 0, "K21")


model = Model(
    "ukraine/territory_or_security",
    problems={"talks": (talks, Rubinstein(limit=True)), "guarantees": (matrix, Nash())},
    quantities=(
        Quantity("F_R", LINKS[F_R], "Russia's value of fighting on, from the territory model"),
        Quantity("F_U", LINKS[F_U], "Ukraine's value of fighting on, from the territory model"),
        Quantity("width_T", width, "width of the territorial bargaining range, without Kursk"),
        Quantity("half_T", half, "half of the width of the territorial range: how far its midpoint is from either end"),
        Quantity("margin_G", security, "greatest, over arrangements, of the smaller of the margins of deterring and of being acceptable"),
        Quantity("territory_range", lambda at: at["width_T"] >= 0, "whether a territorial range exists"),
        Quantity("security_range", lambda at: at["margin_G"] >= 0, "whether a security range exists"),
        Quantity("easier", lambda at: at["half_T"] > at["margin_G"], "whether territory is easier to agree on than security"),
    ),
    claims=(*comparison("no surge", {d: sp.Integer(0), a_d: sp.Integer(0)}), *comparison("surge", {})),
    summary=__doc__ or "",
    notation=NOTATION,
    among=guarantees.model.among,
)
