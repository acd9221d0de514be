"""A proposal to a median voter against a status quo.

A setter proposes a policy on a line; the voters accept it or keep the status quo q, and the median voter, at 0, is decisive. The setter, at s,
above 0, gets its ideal if the status quo is at least as far from the median. Otherwise it proposes the median's point of indifference, -q, if the status quo
lies below 0, and leaves things as they are if it lies between 0 and s: gridlock. The worse the status quo for the median, the more the setter gets.

Source: Romer and Rosenthal (1978), "Political Resource Allocation, Controlled Agendas, and the Status Quo", Public Choice 33(4):27-43.
"""

from sympy import symbols

from bargain import AgendaSetting, Claim, Model, Notation, Parameter, Quantity, SetterProposal

q, s = symbols("q s", real=True)

NOTATION = Notation(
    (
        Parameter(q, "status quo", "policy", "real", "-2/5", (-2, 2), "illustration"),
        Parameter(s, "ideal policy of the setter (the median's is 0)", "policy", ">0", "1", (0, 2), "illustration"),
    )
)

vote = AgendaSetting("Agenda setter", "setter", {"setter": s, "median": 0}, {"median": 1}, 1, q, NOTATION, "after Romer and Rosenthal (1978)")

model = Model(
    "classics/agenda_setter",
    problems={"vote": (vote, SetterProposal())},
    quantities=(Quantity("indifference", -q, "the policy that the median likes as much as the status quo"),),
    claims=(Claim("policy changes", lambda at: "change" in at.solution().outcomes, "Romer and Rosenthal (1978)"),),
    summary=__doc__ or "",
)
