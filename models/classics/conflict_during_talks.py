"""Fighting during talks: a truce that one side may break at will.

A and B divide a flow of one by alternating offers, A first. Until they agree, A chooses in every period between a truce, in which A gets w_0 and B the rest, and
a fight, in which both get nothing. Agreement on the truce's division at once is always an equilibrium. If w_0 is at most delta^2, however, A can threaten to
fight whenever B refuses its demand, because fighting is rewarded: B then concedes more than the truce gives. Every share of A between
w_0 and (1 + delta w_0)/(1 + delta) is the outcome of some equilibrium. So talks under a truce that is bad for A have no definite outcome, and those under a good
one end where they began: A's right to fight is worth nothing when the truce gives it much.

Optimists may not agree at once. If each believes that it will be the one to propose more often than the other believes, and a deadline is near, both prefer to wait:
with two dates left and beliefs that add up to 1 + y they agree at once only if delta (1 + y) is at most one.

Source: Fernandez and Glazer (1991), "Striking for a Bargain between Two Completely Informed Agents", American Economic Review 81(1):240-252; Haller
and Holden (1990), "A Letter to the Editor on Wage Bargaining", Journal of Economic Theory 51(1):232-236; Yildiz (2003), "Bargaining without a Common
Prior", Econometrica 71(3):793-811.
"""

from sympy import symbols

from bargain import Claim, ConflictBounds, ConflictDuringTalks, Model, Notation, OptimisticTalks, Optimists, Parameter, Quantity

w_0, delta, p_A, p_B = symbols("w_0 delta p_A p_B", real=True)

PATIENCE = Parameter(delta, "discount factor", "per period", "(0, 1)", "9/10", (0, 1), "illustration")
NOTATION = Notation((Parameter(w_0, "A's share of the flow in a truce", "flow", "(0, 1)", "1/5", (0, 1), "illustration"), PATIENCE))
BELIEFS = Notation((
    Parameter(p_A, "A's belief in being the one to propose, at every date", "probability", "(0, 1)", "9/10", (0, 1), "illustration"),
    Parameter(p_B, "B's belief in being the one to propose, at every date", "probability", "(0, 1)", "9/10", (0, 1), "illustration"),
    PATIENCE,
))

talks = ConflictDuringTalks("Fighting during talks", ("A", "B"), w_0, delta, notation=NOTATION, source="after Fernandez and Glazer (1991)")
optimists = OptimisticTalks("Optimists before a deadline", ("A", "B"), {"A": p_A, "B": p_B}, delta, dates=2, notation=BELIEFS, source="after Yildiz (2003)")

model = Model(
    "classics/conflict_during_talks",
    problems={"talks": (talks, ConflictBounds()), "optimists": (optimists, Optimists())},
    quantities=(
        Quantity("most that A can get", (1 + delta * w_0) / (1 + delta), "share of the flow, where a fight is credible"),
        Quantity("best truce under which a fight is credible", delta**2, "A's share of the flow in that truce"),
    ),
    claims=(
        Claim("the outcome of the talks is not determined", lambda at: len(at.solution("talks").extreme) > 1, "Haller and Holden (1990)"),
        Claim("a fight is credible", w_0 <= delta**2, "Fernandez and Glazer (1991)"),
    ),
    notation=Notation((*NOTATION.parameters, BELIEFS[p_A], BELIEFS[p_B])),
    summary=__doc__ or "",
)
