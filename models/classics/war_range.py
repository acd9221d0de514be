"""The range of settlements that both sides prefer to war.

A and B can divide a pie of size one or fight. A wins a war with chance p; war costs A c_A and B c_B. B's utility is its share; A's is
its share too, or the square root of it if A is averse to risk. Everything that leaves both at least what they expect from war is a
possible settlement: A's share lies between p - c_A and p + c_B, as far as that is in [0, 1]. An ultimatum by A takes the upper end, an
ultimatum by B the lower, and the Nash solution with war as disagreement p + (c_B - c_A)/2, or the end of the pie beyond which that lies.
A's risk aversion lowers the lower end to (p - c_A)^2. The range is never empty, so that war needs a reason beyond its cost.
Advantages of striking first are such a reason: if A wins with chance p_f when it strikes first and p_s when it is struck, no settlement
satisfies both iff p_f - p_s > c_A + c_B.

Payoffs in tables and propositions are those of an ultimatum by A, and those of war where there is no settlement.

Source: Fearon (1995), "Rationalist Explanations for War", International Organization 49(3):379-414.
"""

from sympy import sqrt, symbols

from bargain import BargainingRange, Claim, CostlyWar, Model, Notation, Parameter, Quantity

x, p, p_f, p_s, c_A, c_B = symbols("x p p_f p_s c_A c_B", real=True)

COSTS = (
    Parameter(c_A, "cost of war to A", "pie", "(0, 1)", "1/10", (0, 1), "illustration"),
    Parameter(c_B, "cost of war to B", "pie", "(0, 1)", "1/5", (0, 1), "illustration"),
)
NOTATION = Notation((Parameter(p, "A's chance of winning a war", "probability", "(0, 1)", "3/5", (0, 1), "illustration"), *COSTS))
FIRST = Notation(
    (
        Parameter(p_f, "A's chance of winning a war in which it strikes first", "probability", "(0, 1)", "3/5", (0, 1), "illustration"),
        Parameter(p_s, "A's chance of winning a war in which it is struck first", "probability", "(0, 1)", "2/5", (0, 1), "illustration"),
        *COSTS,
    ),
    assumptions=(p_s < p_f, p_s - c_A > 0, 1 - p_f - c_B > 0),
)
war = {"A": p - c_A, "B": 1 - p - c_B}

neutral = CostlyWar("Range of settlements", ("A", "B"), x, {"A": x, "B": 1 - x}, war, notation=NOTATION, source="after Fearon (1995)")
averse = CostlyWar("Range of settlements, A averse to risk", ("A", "B"), x, {"A": sqrt(x), "B": 1 - x}, war, notation=NOTATION, source="after Fearon (1995)")
strike = CostlyWar("Striking first", ("A", "B"), x, {"A": x, "B": 1 - x}, {"A": p_f - c_A, "B": 1 - p_s - c_B}, notation=FIRST, source="after Fearon (1995)")

model = Model(
    "classics/war_range",
    problems={"neutral": (neutral, BargainingRange()), "averse": (averse, BargainingRange()), "strike": (strike, BargainingRange())},
    quantities=(Quantity("surplus of peace", c_A + c_B, "what war costs both together"),),
    claims=(Claim("there is a settlement that both prefer to war", lambda at: "settlement" in at.solution("neutral").outcomes, "Fearon (1995)"),),
    notation=Notation((*NOTATION.parameters, FIRST[p_f], FIRST[p_s]), FIRST.assumptions),
    summary=__doc__ or "",
)
