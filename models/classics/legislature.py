"""Legislatures: dividing a pie by closed and open rule, and choosing a policy on a line.

Three members divide a pie by majority, each with equal chance to propose, and discount by delta. Under a closed rule the proposer buys one vote for delta/3
and keeps the rest. Under an open rule another member may amend. A proposer who satisfies both others passes at once and keeps
1/(1 + 2 delta); with one partner she keeps more but is amended half of the time. In Baron and Ferejohn's equilibrium patient members (delta above
sqrt(3) - 1) take one partner, which delays agreement; impatient ones (delta below (sqrt(5) - 1)/2) satisfy everybody; between, where neither is a best
reply to itself, they mix, so that delay rises steadily with patience. Amendments make the division more equal and cost time.

On a line, with ideal policies 0, 1/2 and 1, the median's patience confines policy to a band around her ideal policy: where delta
is above 3/4 half of it is (1 - delta)/(1 - 2 delta/3) wide. Patience gives her everything.

Source: Baron and Ferejohn (1989), "Bargaining in Legislatures", American Political Science Review 83(4):1181-1206; Banks and Duggan (2000), "A Bargaining
Model of Collective Choice", American Political Science Review 94(1):73-88.
"""

from sympy import Rational, symbols

from bargain import Claim, Model, NoDelay, Notation, OpenRule, Parameter, Quantity, RandomProposer, Seconding, SpatialBargaining, Stationary

delta = symbols("delta", real=True)
MEMBERS = ("A", "B", "C")

NOTATION = Notation((Parameter(delta, "discount factor", "per period", "(0, 1)", "9/10", (0, 1), "illustration"),))

open_rule = OpenRule("Open rule", MEMBERS, delta, NOTATION, "after Baron and Ferejohn (1989)")
closed_rule = RandomProposer("Closed rule", MEMBERS, dict.fromkeys(MEMBERS, Rational(1, 3)), delta, quota=2, notation=NOTATION,
                             source="Baron and Ferejohn (1989)")
line = SpatialBargaining("Policy on a line", ("Left", "Median", "Right"), {"Left": 0, "Median": "1/2", "Right": 1}, delta, quota=2, notation=NOTATION,
                         source="after Banks and Duggan (2000)")

model = Model(
    "classics/legislature",
    problems={"open_rule": (open_rule, Seconding()), "closed_rule": (closed_rule, Stationary()), "line": (line, NoDelay())},
    quantities=(
        Quantity("kept under the closed rule", 1 - delta / 3, "by the first proposer"),
        Quantity("half of the band", (1 - delta) / (1 - 2 * delta / 3), "of policies that pass, where delta is above 3/4"),
    ),
    claims=(
        Claim("agreement may be delayed under the open rule", lambda at: at.equilibrium("open_rule").quantities["expected amendments"] > 0,
              "Baron and Ferejohn (1989)"),
        Claim("the open rule divides more equally", lambda at: at.equilibrium("open_rule").quantities["kept with one partner"] < at["kept under the closed rule"],
              "Baron and Ferejohn (1989)"),
    ),
    summary=__doc__ or "",
)
