"""Risk aversion as a curved frontier: the more risk-averse side gets less.

A and B take turns in proposing a division of a pie of size one. B's utility is its share, A's is the square root of its share; both
discount utility by 81/100 per period. The proposals that leave the other side just what waiting is worth are found as the only
zeros of the two conditions on the interval: A proposes 10000/24661 for itself, less than half although it
proposes first. As offers follow each other faster the share tends to 1/3, the Nash solution.

Source: Binmore, Rubinstein and Wolinsky (1986), "The Nash Bargaining Solution in Economic Modelling", RAND Journal of Economics
17(2):176-188; Roth (1979), Axiomatic Models of Bargaining, Springer.
"""

from sympy import Rational, sqrt, symbols

from bargain import AlternatingOffers, Claim, CurvedFrontier, Model

x = symbols("x", real=True)

table = AlternatingOffers("Risk aversion", ("A", "B"), x, {"A": sqrt(x), "B": 1 - x}, {"A": "81/100", "B": "81/100"},
                          source="after Binmore, Rubinstein and Wolinsky (1986)")

model = Model(
    "classics/risk_aversion",
    problems={"table": (table, CurvedFrontier())},
    claims=(Claim("A gets less than half", lambda at: at.solution().extreme[0].quantities["x"] < Rational(1, 2), "Roth (1979)"),),
    summary=__doc__ or "",
)
