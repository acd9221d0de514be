"""Preventive war over a shift of power, in two periods.

A and B divide a pie of size one in each of two periods; A's chance of winning a war rises
from p_1 to p_2. In each period A demands a share; B accepts, or fights a war that decides the
rest of the game and costs c_A and c_B once. A cannot promise B more tomorrow than tomorrow's
war is worth to B, so B may fight today while it is strong, although peace is better for both.
There is war iff even the whole pie of today is too little:

    (1 + delta)(1 - p_1) - c_B > 1 + delta max(0, 1 - p_2 - c_B).

Where B has something to fight for tomorrow this is delta p_2 - (1 + delta) p_1 > (1 - delta) c_B;
where it has not (p_2 + c_B > 1) the cut-off is another one, delta - (1 + delta) p_1 > c_B.
With lump-sum costs the number of periods matters: for ever, A making all offers, it is
delta p_2 - p_1 > (1 - delta)^2 c_B in the first case.

Source: Fearon (1995), "Rationalist Explanations for War", International Organization
49(3):379-414, pp. 404-408; Powell (2006),
"War as a Commitment Problem", International Organization 60(1):169-203.
"""

from sympy import symbols

from bargain import Claim, Game, Model, Notation, Parameter, Quantity, RegionMap, SubgamePerfect, decision, offer, payoffs

x_1, x_2, p_1, p_2, c_A, c_B, delta = symbols("x_1 x_2 p_1 p_2 c_A c_B delta", real=True)

NOTATION = Notation(
    (
        Parameter(p_1, "A's chance of winning in period 1", "probability", "[0, 1]", "1/10", (0, 1), "illustration"),
        Parameter(p_2, "A's chance of winning in period 2", "probability", "[0, 1]", "3/4", (0, 1), "illustration"),
        Parameter(c_A, "cost of war to A, once", "pie", ">0", "1/5", (0, "1/2"), "illustration"),
        Parameter(c_B, "cost of war to B, once", "pie", ">0", "1/5", (0, "1/2"), "illustration"),
        Parameter(delta, "discount factor", "per period", "(0, 1)", "9/10", (0, 1), "illustration"),
    ),
    assumptions=(p_1 < p_2,),
)

tomorrow = offer(
    "A", x_2, between=(0, 1),
    answer=decision(
        "B",
        accept=payoffs(A=x_1 + delta * x_2, B=1 - x_1 + delta * (1 - x_2), label="peace"),
        fight=payoffs(A=x_1 + delta * (p_2 - c_A), B=1 - x_1 + delta * (1 - p_2 - c_B), label="war in period 2"),
    ),
)

game = Game(
    title="Power shift",
    players=("A", "B"),
    notation=NOTATION,
    source="after Fearon (1995) and Powell (2006)",
    root=offer(
        "A", x_1, between=(0, 1),
        answer=decision(
            "B",
            accept=tomorrow,
            fight=payoffs(A=(1 + delta) * p_1 - c_A, B=(1 + delta) * (1 - p_1) - c_B, label="war in period 1"),
        ),
    ),
)

model = Model(
    "classics/power_shift",
    problems={"game": (game, SubgamePerfect(exact=True))},
    quantities=(
        Quantity("shift", delta * p_2 - (1 + delta) * p_1, "what war now is worth to B beyond today's pie and war tomorrow, before costs"),
        Quantity("critical cost", (delta * p_2 - (1 + delta) * p_1) / (1 - delta), "B's cost below which it fights, where p_2 + c_B is at most 1"),
        Quantity("critical cost, capped", delta - (1 + delta) * p_1, "B's cost below which it fights, where p_2 + c_B is at least 1"),
    ),
    claims=(
        Claim("there is preventive war", lambda at: "war in period 1" in at.solution().outcomes, "Fearon (1995)"),
        Claim("war is inefficient", c_A + c_B > 0, "Fearon (1995)"),
    ),
    exhibits=(RegionMap("Preventive war", "game", (p_2, "1/10", 1), (c_B, 0, 1)),),
    summary=__doc__ or "",
)
