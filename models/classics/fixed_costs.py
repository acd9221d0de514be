"""Fixed costs of delay: a continuum of equilibrium payoffs when they are equal.

A and B take turns in proposing a division of a pie of size one; every refusal costs each side one fifth of it, whatever is agreed
later. With different costs the side with the lower cost would get everything (or, as responder, all but its own cost). With equal costs nothing settles
who can wait longer: every share of A between the cost and the whole pie is the outcome of a subgame-perfect equilibrium.

Source: Rubinstein (1982), "Perfect Equilibrium in a Bargaining Model", Econometrica 50(1):97-109, conclusion I.
"""

from sympy import symbols

from bargain import AlternatingOffers, Claim, Model, ShakedSutton

x = symbols("x", real=True)

table = AlternatingOffers("Fixed costs", ("A", "B"), x, {"A": x, "B": 1 - x}, {"A": 1, "B": 1}, costs={"A": "1/5", "B": "1/5"},
                          source="after Rubinstein (1982)")

model = Model(
    "classics/fixed_costs",
    problems={"table": (table, ShakedSutton())},
    claims=(Claim("payoffs are not unique", lambda at: at.solution().outcomes == ("a continuum of subgame-perfect payoffs",), "Rubinstein (1982)"),),
    summary=__doc__ or "",
)
