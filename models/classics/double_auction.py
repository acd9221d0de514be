"""Sealed offers: why deals that are worth making fail.

A buyer's value and a seller's cost are uniform on [0, 1] and private. Both bid at once; if the bid is at least the ask they trade halfway between. In the linear
equilibrium each shades, and there is trade only if the value exceeds the cost by a quarter: gains of 9/64 out of 1/6. Other rules do not help: that value is
the most that any mechanism achieves without a subsidy, and efficient trade needs a subsidy of 1/6. On grids of types the best mechanism
is a linear program whose value comes down to 9/64.

Source: Chatterjee and Samuelson (1983), "Bargaining under Incomplete Information", Operations Research 31(5):835-851; Myerson and Satterthwaite (1983),
"Efficient Mechanisms for Bilateral Trading", Journal of Economic Theory 29(2):265-281.
"""

from sympy import Rational

from bargain import BestMechanism, Claim, DoubleAuction, LinearBids, Model, PrivateInformation, Quantity


def grid(size):
    """Midpoints of `size` equal parts of [0, 1], equally likely."""
    return {Rational(2 * k + 1, 2 * size): Rational(1, size) for k in range(size)}


auction = DoubleAuction("Double auction", "1/2", "Chatterjee and Samuelson (1983)")

model = Model(
    "classics/double_auction",
    problems={"auction": (auction, LinearBids()), "mechanism": (PrivateInformation.trade("Trade on a grid", grid(8), grid(8)), BestMechanism("gains"))},
    quantities=(
        Quantity("gains of the auction", lambda at: at.equilibrium().quantities["expected gains"], "expected; 1/6 if every deal worth making were made"),
        Quantity("gains of the best mechanism", lambda at: at.equilibrium("mechanism").quantities["expected gains"],
                 "expected, with eight types on each side"),
    ),
    claims=(
        Claim("efficient trade pays for itself", lambda at: at.equilibrium().quantities["subsidy for efficient trade"] <= 0, "Myerson and Satterthwaite (1983)"),
        Claim("on a grid a mechanism does better than the auction", lambda at: at["gains of the best mechanism"] > at["gains of the auction"],
              "Myerson and Satterthwaite (1983): the difference vanishes with the grid"),
    ),
    summary=__doc__ or "",
)
