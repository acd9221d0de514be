"""Wars of attrition: waiting for the other side to give in, with private values and by rounds.

A and B contest a prize; a round, or a unit of time, in which both wait costs each c, and whoever gives in first loses it. With known worths both may mix: in
every round A gives in with chance c/(V_B + c) and B with chance c/(V_A + c), so that the side that values the prize more gives in more often, and
nobody gains anything. In two further equilibria one side gives in at once.

If worths are drawn from [0, a] and known only to their owners, a side to which the prize is worth v holds out until (a ln(a/(a - v)) - v)/c: the side that
values the prize more wins. On average each side keeps a/6, out of a prize that is worth 2a/3 to the winner; the rest, a/3, is spent on waiting.

Source: Maynard Smith (1974), "The Theory of Games and the Evolution of Animal Conflicts", Journal of Theoretical Biology 47(1):209-221; Riley (1980), "Strong
Evolutionary Equilibrium and the War of Attrition", Journal of Theoretical Biology 82(3):385-400.
"""

from sympy import Symbol, symbols

from bargain import AttritionByRounds, Claim, Model, Notation, Parameter, PrivateAttrition, Quantity, QuittingTimes, RoundByRound

a, c = symbols("a c", positive=True)
V_A, V_B = symbols("V_A V_B", real=True)
v = Symbol("v", positive=True)

COST = Parameter(c, "cost of waiting to either side", "prize per round", ">0", 1, (0, 2), "illustration")
NOTATION = Notation((Parameter(a, "greatest worth of the prize, where worths are private", "prize", ">0", 1, (0, 2), "illustration"), COST))
KNOWN = Notation((
    Parameter(V_A, "worth of the prize to A, where worths are known", "prize", ">0", 3, (1, 5), "illustration"),
    Parameter(V_B, "worth of the prize to B, where worths are known", "prize", ">0", 3, (1, 5), "illustration"),
    COST,
))

private = PrivateAttrition("Private worths", ("A", "B"), v, v / a, top=a, cost=c, notation=NOTATION, source="after Riley (1980)")
rounds = AttritionByRounds("Known worths", ("A", "B"), {"A": V_A, "B": V_B}, {"A": c, "B": c}, 1, KNOWN, "after Maynard Smith (1974)")

model = Model(
    "classics/attrition",
    problems={"rounds": (rounds, RoundByRound()), "private": (private, QuittingTimes())},
    quantities=(
        Quantity("chance that A gives in", c / (V_B + c), "in every round, where both mix"),
        Quantity("chance that B gives in", c / (V_A + c), "in every round, where both mix"),
    ),
    claims=(
        Claim("A gives in more often", V_A > V_B, "Hendricks, Weiss and Wilson (1988)"),
        Claim("waiting uses up the prize", lambda at: all(value == 0 for value in at.solution("rounds").extreme[0].payoffs.values()), "Maynard Smith (1974)"),
    ),
    notation=Notation((*KNOWN.parameters, NOTATION[a])),
    summary=__doc__ or "",
)
