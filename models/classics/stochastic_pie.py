"""Waiting for a better moment: a pie that changes while two sides bargain.

In every period the pie is 1 or g with equal chances, and chance also picks who proposes; both must agree, and both discount by d. With a pie
of g they agree at once. With a pie of 1 they agree iff waiting is worth no more to both together, that is iff d (1 + g) is at most
2; otherwise they wait, which is efficient, for two periods on average. Delay thus need not be a failure of bargaining.

Source: Merlo and Wilson (1995), "A Stochastic Model of Sequential Bargaining with Complete Information", Econometrica 63(2):371-399.
"""

from sympy import symbols

from bargain import Claim, Model, Notation, Parameter, Quantity, StochasticAgreement, StochasticPie

d, g = symbols("d g", real=True)

NOTATION = Notation(
    (
        Parameter(d, "discount factor", "per period", "(0, 1)", "9/10", (0, 1), "illustration"),
        Parameter(g, "size of the larger pie", "smaller pie", "> 1", "2", (1, 3), "illustration"),
    )
)
chances = dict.fromkeys(("(low, A)", "(low, B)", "(high, A)", "(high, B)"), "1/4")

pie = StochasticPie(
    "Stochastic pie", ("A", "B"),
    pie={"(low, A)": 1, "(low, B)": 1, "(high, A)": g, "(high, B)": g},
    proposer={"(low, A)": "A", "(low, B)": "B", "(high, A)": "A", "(high, B)": "B"},
    moves=dict.fromkeys(chances, chances), discount=d, notation=NOTATION, source="after Merlo and Wilson (1995)",
)

model = Model(
    "classics/stochastic_pie",
    problems={"pie": (pie, StochasticAgreement())},
    quantities=(Quantity("patience from which they wait", 2 / (1 + g), "discount factor above which the smaller pie is left undivided"),),
    claims=(Claim("they wait for the larger pie", d * (1 + g) > 2, "Merlo and Wilson (1995)"),),
    summary=__doc__ or "",
)
