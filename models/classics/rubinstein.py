"""Alternating offers over a pie of size one.

A and B take turns in proposing a division until one accepts. Delay costs each a part of what it gets: a pie agreed on one
period later is worth the factor d_A or d_B as much. Whatever a responder would get by refusing is discounted, so that the
proposer can keep some of it. Bounds on what each side can get close in on one number: the least and the greatest
subgame-perfect payoff of A are both

    (1 - d_B) / (1 - d_A d_B),

so that the equilibrium payoffs are unique. Patience raises what a side gets, and so does proposing first.

Source: Rubinstein (1982), "Perfect Equilibrium in a Bargaining Model", Econometrica 50(1):97-109; the proof of uniqueness by bounds is
that of Shaked and Sutton (1984), Econometrica 52(6):1351-1364.
"""

from sympy import symbols

from bargain import AlternatingOffers, Claim, Model, Notation, Parameter, Quantity, Rubinstein, ShakedSutton

x, d_A, d_B = symbols("x d_A d_B", real=True)

NOTATION = Notation(
    (
        Parameter(d_A, "A's discount factor", "per period", "(0, 1)", "9/10", (0, 1), "illustration"),
        Parameter(d_B, "B's discount factor", "per period", "(0, 1)", "4/5", (0, 1), "illustration"),
    ),
)

pie = AlternatingOffers("Pie", ("A", "B"), x, {"A": x, "B": 1 - x}, {"A": d_A, "B": d_B}, NOTATION, source="after Rubinstein (1982)")

model = Model(
    "classics/rubinstein",
    problems={"pie": (pie, Rubinstein()), "bounds": (pie, ShakedSutton())},
    quantities=(
        Quantity("advantage of the first offer", (1 - d_A) * (1 - d_B) / (1 - d_A * d_B), "A's share when A proposes first less its share when B does"),
    ),
    claims=(
        Claim("payoffs are unique", lambda at: at.solution("bounds").outcomes == ("unique subgame-perfect payoffs",), "Shaked and Sutton (1984)"),
        Claim("A gets more than half", d_B < 1 / (2 - d_A), "Rubinstein (1982)"),
    ),
    summary=__doc__ or "",
)
