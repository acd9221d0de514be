"""Audience costs: a threat that is costly to take back is believed more often, and bluffed.

A may challenge B, who holds the prize. If B resists, A fights or backs down, at a cost in front of its audience, a. War is worth between -3/2 and 1/2 to A,
uniformly, and only A knows how much; it is worth w_B to B. Those who would fight rather than back down challenge; some of those who would back down bluff, just as
many as make B indifferent between conceding and resisting, and B concedes with chance a/(1 + a), which makes bluffing just worthwhile.
The greater the audience costs, the more challenges are serious and the more often B concedes. If they are so great, or war so bad for B, that B would
concede even if everybody challenged, everybody does and there is never war. If B likes war better than conceding, only those challenge who like
war, and every challenge leads to war.

Source: after Fearon (1994), "Domestic Political Audiences and the Escalation of International Disputes", American Political Science Review 88(3):577-592;
Schultz (2001), "Looking for Audience Costs", Journal of Conflict Resolution 45(1):32-60. One stage of the crisis, not a model of theirs.
"""

from sympy import symbols

from bargain import AudienceCosts, Claim, Costs, CrisisBluff, Model, Notation, Parameter, Quantity

a, w_B = symbols("a w_B", real=True)

NOTATION = Notation((
    Parameter(a, "audience cost to A of backing down", "prize", ">0", "1/2", (0, 2), "illustration"),
    Parameter(w_B, "worth of war to B", "prize", "(-10, 1)", "-1/2", (-2, "1/2"), "illustration"),
))

crisis = AudienceCosts("Audience costs", ("A", "B"), Costs.uniform("-3/2", "1/2"), audience=a, war=w_B, notation=NOTATION, source="after Fearon (1994)")

model = Model(
    "classics/audience_costs",
    problems={"crisis": (crisis, CrisisBluff())},
    quantities=(Quantity("chance that a bluff succeeds", a / (1 + a), "where B is indifferent between conceding and resisting"),),
    claims=(
        Claim("some challenges are bluffs", lambda at: at.equilibrium("crisis").quantities["chance of a bluff"] > 0, "after Fearon (1994)"),
        Claim("there may be war", lambda at: at.equilibrium("crisis").quantities["chance of war"] > 0, "after Fearon (1994)"),
    ),
    summary=__doc__ or "",
)
