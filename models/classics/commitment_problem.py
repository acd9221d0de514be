"""The commitment problem: a rising side cannot promise to be modest when it is strong.

A and B divide a flow of one in every period. Either can go to war: A wins with chance p_1 at the first date and p_2 > p_1 from the second on, and
the winner has the whole flow for ever; war costs c_A and c_B once. From the second date on A must get at least its prospects in war, and before that it cannot
give up more than the whole flow of one period. So B gets at most 1 at the first date and what A's later strength leaves it. If that is less than war
is worth to it now, B fights at once, although war wastes c_A + c_B: no rule of bargaining, and no division, prevents it. There is
war iff delta c_A + c_B < (delta p_2 - p_1)/(1 - delta): only a shift of power that is large relative to the costs, and not too far in
the future, makes it. A slower shift to the same power, in more steps, need not.

Source: Powell (2004), "The Inefficient Use of Power: Costly Conflict with Complete Information", American Political Science Review 98(2):231-241; (2006), "War
as a Commitment Problem", International Organization 60(1):169-203.
"""

from sympy import symbols

from bargain import Claim, FlowUnderThreat, Model, Notation, Parameter, Quantity, SelfEnforcingPeace

p_1, p_2, delta, c_A, c_B = symbols("p_1 p_2 delta c_A c_B", real=True)

NOTATION = Notation((
    Parameter(p_1, "A's chance of winning at the first date", "probability", "(0, 1)", "3/10", (0, 1), "illustration"),
    Parameter(p_2, "A's chance of winning from the second date on", "probability", "(0, 1)", "7/10", (0, 1), "illustration"),
    Parameter(delta, "discount factor", "per period", "(0, 1)", "9/10", (0, 1), "illustration"),
    Parameter(c_A, "cost of war to A, once", "flow of a period", ">0", 1, (0, 4), "illustration"),
    Parameter(c_B, "cost of war to B, once", "flow of a period", ">0", 1, (0, 4), "illustration"),
), assumptions=(p_1 < p_2,))

shift = FlowUnderThreat.shifting("Shift of power", ("A", "B"), (p_1, p_2), {"A": c_A, "B": c_B}, delta, NOTATION, "after Powell (2004)")

model = Model(
    "classics/commitment_problem",
    problems={"shift": (shift, SelfEnforcingPeace())},
    quantities=(
        Quantity("critical cost", (delta * p_2 - p_1) / (1 - delta), "value of delta c_A + c_B below which there is war"),
        Quantity("waste", c_A + c_B, "what war costs both together"),
    ),
    claims=(
        Claim("there is war", lambda at: "war at date 0" in at.solution("shift").outcomes, "Powell (2004)"),
        Claim("the shift is large relative to the costs", delta * c_A + c_B < (delta * p_2 - p_1) / (1 - delta), "Powell (2004)"),
    ),
    summary=__doc__ or "",
)
