"""Demands in the shadow of war: three lines each, chosen at once.

Two sides divide a pie of size one. Each takes a soft, an even or a hard line: it demands 1 - h,
one half or h, with h above one half. Demands that fit together are met, and what is left over is
lost; demands that do not fit lead to war, which A wins with probability p, at costs c_A and c_B.
Every division that both sides like at least as well as war is an equilibrium, and between two such
divisions there are mixed ones, in which war happens by accident. Two hard lines are an equilibrium
if neither side gains by giving in. Where a side would rather fight than split evenly, the other's even
and hard lines lead to the same war, which makes continua of equilibria.

Source: the demand game of Nash (1953), Two-Person Cooperative Games, Econometrica 21(1):128-140, with
war as disagreement as in Fearon (1995), Rationalist Explanations for War, International Organization 49(3):379-414.
"""

from sympy import Expr, Rational, symbols

from bargain import Claim, MatrixGame, Model, Nash, Notation, Parameter, Quantity, RegionMap
from bargain.claims import Point

h, p, c_A, c_B = symbols("h p c_A c_B", real=True)

NOTATION = Notation((
    Parameter(h, "hard demand (the soft one is 1 - h)", "pie", "(1/2, 1)", "2/3", ("0.55", "0.9"), "illustration"),
    Parameter(p, "A's chance of winning a war", "probability", "[0, 1]", "1/2", ("0.2", "0.8"), "illustration"),
    Parameter(c_A, "cost of war to A", "pie", ">=0", "1/10", (0, "0.4"), "illustration"),
    Parameter(c_B, "cost of war to B", "pie", ">=0", "1/5", (0, "0.4"), "illustration"),
))

LINES = ("soft", "even", "hard")
demand: dict[str, Expr] = {"soft": 1 - h, "even": Rational(1, 2), "hard": h}
FIT = {("soft", "soft"), ("soft", "even"), ("soft", "hard"), ("even", "soft"), ("even", "even"), ("hard", "soft")}
war = (p - c_A, 1 - p - c_B)

matrix = MatrixGame(
    title="Demands in the shadow of war",
    players=("A", "B"),
    actions=(LINES, LINES),
    payoffs={(i, j): (demand[i], demand[j]) if (i, j) in FIT else war for i in LINES for j in LINES},
    notation=NOTATION,
    source="after Nash (1953) and Fearon (1995)",
)


def outcomes(at: Point) -> list[str]:
    """The pure equilibria."""
    return [e.outcome for e in at.solution("matrix").extreme if "+" not in e.outcome]


model = Model(
    "classics/crisis_demands",
    problems={"matrix": (matrix, Nash(partition=True))},
    quantities=(
        Quantity("pure_nash", outcomes, "pure Nash equilibria"),
        Quantity("war_A", war[0], "A's value of war"),
        Quantity("war_B", war[1], "B's value of war"),
    ),
    claims=(
        Claim("the even split is an equilibrium", lambda at: "even,even" in at["pure_nash"], "Nash (1953)"),
        Claim("two hard lines are an equilibrium", lambda at: "hard,hard" in at["pure_nash"], "Fearon (1995)"),
        Claim("some division is better than war for both sides", c_A + c_B > 0, "Fearon (1995)"),
    ),
    exhibits=(RegionMap("Equilibria of the demand game", "matrix", (p, 0, 1), (h, "0.5", 1)),),
    summary=__doc__ or "",
)
