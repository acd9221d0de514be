"""Five offers, and then nothing.

A and B take turns in proposing a division of a pie of size one; A makes the first, third and fifth offer. If the fifth is refused both
get nothing. Each values the next period by its discount factor. The last proposer keeps everything, the one before leaves it what
waiting is worth, and so on backwards. With a common factor d, A gets 1 - d + d^2 - d^3 + d^4, and as the number of offers
grows this tends to the share without a last offer, 1 / (1 + d).

Source: Ståhl (1972), Bargaining Theory, Stockholm School of Economics; Osborne and Rubinstein (1990), Bargaining and Markets, ch. 3.
"""

from sympy import symbols

from bargain import AlternatingOffers, Claim, FiniteHorizon, Model, Notation, Parameter, Quantity

x, d_A, d_B = symbols("x d_A d_B", real=True)

NOTATION = Notation(
    (
        Parameter(d_A, "A's discount factor", "per period", "(0, 1)", "9/10", (0, 1), "illustration"),
        Parameter(d_B, "B's discount factor", "per period", "(0, 1)", "4/5", (0, 1), "illustration"),
    ),
)

table = AlternatingOffers("Five offers", ("A", "B"), x, {"A": x, "B": 1 - x}, {"A": d_A, "B": d_B}, NOTATION, horizon=5, source="after Ståhl (1972)")

model = Model(
    "classics/finite_horizon",
    problems={"table": (table, FiniteHorizon())},
    quantities=(Quantity("without a last offer", (1 - d_B) / (1 - d_A * d_B), "A's share if offers went on for ever"),),
    claims=(Claim("the last offer helps A", lambda at: at.solution().extreme[0].payoffs["A"] > at.evaluate((1 - d_B) / (1 - d_A * d_B)), "Ståhl (1972)"),),
    summary=__doc__ or "",
)
