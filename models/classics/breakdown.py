"""Bargaining under the risk that talks break down.

A and B take turns in proposing a division of a pie of size one. After each refusal talks may end for good; in continuous time
they do so at the hazard rate h, and then the sides get b_A and b_B. Both also discount, at rates r_A and r_B. As offers follow each
other ever faster, each side gets its threat point t_i = h b_i / (h + r_i) and a part of the gain from agreement:

    A gets t_A + (r_B + h) / (r_A + r_B + 2 h) (1 - t_A - t_B).

When the risk of breakdown, not impatience, is what drives agreement, this is the Nash solution with breakdown as disagreement.

Source: Binmore, Rubinstein and Wolinsky (1986), "The Nash Bargaining Solution in Economic Modelling", RAND Journal of Economics
17(2):176-188.
"""

from sympy import exp, symbols

from bargain import AlternatingOffers, Breakdown, Claim, Model, Notation, Parameter, Quantity, Rubinstein

x, r_A, r_B, h, b_A, b_B, Delta = symbols("x r_A r_B h b_A b_B Delta", real=True)

NOTATION = Notation(
    (
        Parameter(r_A, "A's discount rate", "per year", ">0", "1/10", (0, 1), "illustration"),
        Parameter(r_B, "B's discount rate", "per year", ">0", "1/5", (0, 1), "illustration"),
        Parameter(h, "hazard rate of breakdown", "per year", ">0", "3/10", (0, 1), "illustration"),
        Parameter(b_A, "A's payoff after breakdown", "pie", "[0, 1]", "1/5", (0, "1/2"), "illustration"),
        Parameter(b_B, "B's payoff after breakdown", "pie", "[0, 1]", "1/4", (0, "1/2"), "illustration"),
        Parameter(Delta, "time between offers", "years", ">0", "1/100", (0, 1), "illustration"),
    ),
    assumptions=(b_A + b_B < 1,),
)

table = AlternatingOffers(
    "Breakdown", ("A", "B"), x, {"A": x, "B": 1 - x}, {"A": exp(-r_A * Delta), "B": exp(-r_B * Delta)}, NOTATION,
    breakdown=Breakdown(1 - exp(-h * Delta), {"A": b_A, "B": b_B}), period=Delta, source="after Binmore, Rubinstein and Wolinsky (1986)",
)

threat_A, threat_B = h * b_A / (h + r_A), h * b_B / (h + r_B)

model = Model(
    "classics/breakdown",
    problems={"table": (table, Rubinstein(limit=True))},
    quantities=(
        Quantity("threat point of A", threat_A, "what A expects if nothing is ever agreed"),
        Quantity("threat point of B", threat_B, "what B expects if nothing is ever agreed"),
        Quantity("weight of A", (r_B + h) / (r_A + r_B + 2 * h), "A's part of the gain from agreement"),
    ),
    claims=(Claim("A has the greater weight", r_A < r_B, "Binmore, Rubinstein and Wolinsky (1986)"),),
    summary=__doc__ or "",
)
