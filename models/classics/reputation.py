"""Reputation for toughness: who gives in first when either side may be unable to.

A and B both demand a share d of a pie of size one, more than one half, and discount at the rate r. With chance z_A (z_B) a side is committed to
its demand and never gives in; otherwise it may concede at any time. A side that waits must be paid for waiting by the other's concession:
each concedes at the hazard r (1 - d)/(2 d - 1), until all that are not committed have conceded. The side less likely to be
committed is behind in reputation and must concede at once with chance 1 - z_A/z_B (A, if z_A < z_B), however small both chances are;
a small difference in reputation thus decides who gets the better part.

With audience costs that mount in time the same holds without commitment: two sides that can escalate or back down, losing 2 t (A) or t (B) by
backing down at t, with private values of war uniform on [-1, 0]. Those who find war better than backing down hold out; at the horizon only they are
left, and there is war. The side whose audience costs mount faster is never the one that backs down at once.

Source: Abreu and Gul (2000), "Bargaining and Reputation", Econometrica 68(1):85-117; after Fearon (1994), "Domestic Political Audiences and the
Escalation of International Disputes", American Political Science Review 88(3):577-592.
"""

from sympy import Symbol, symbols

from bargain import Attrition, Claim, Model, Notation, Parameter, Quantity, WarOfAttrition

d, r, z_A, z_B = symbols("d r z_A z_B", real=True)
t = Symbol("t", nonnegative=True)

NOTATION = Notation(
    (
        Parameter(d, "share that each side demands", "pie", "(0, 1)", "3/5", ("3/5", "9/10"), "illustration"),
        Parameter(r, "discount rate", "per unit of time", ">0", "1/10", (0, 1), "illustration"),
        Parameter(z_A, "chance that A is committed to its demand", "probability", "(0, 1)", "1/10", (0, 1), "illustration"),
        Parameter(z_B, "chance that B is committed to its demand", "probability", "(0, 1)", "1/5", (0, 1), "illustration"),
    ),
    assumptions=(2 * d > 1,),
)

reputation = WarOfAttrition.reputational("Reputation", ("A", "B"), {"A": d, "B": d}, {"A": r, "B": r}, {"A": z_A, "B": z_B}, NOTATION,
                                         "after Abreu and Gul (2000)")
audiences = WarOfAttrition("Mounting audience costs", ("A", "B"), t, {"A": 1, "B": 1}, {"A": -2 * t, "B": -t}, {"A": 2 * t, "B": t},
                           source="after Fearon (1994)")

model = Model(
    "classics/reputation",
    problems={"reputation": (reputation, Attrition()), "audiences": (audiences, Attrition())},
    quantities=(Quantity("hazard", r * (1 - d) / (2 * d - 1), "rate at which either side concedes"),),
    claims=(Claim("A is behind in reputation", z_A < z_B, "Abreu and Gul (2000)"),),
    summary=__doc__ or "",
)
