"""Screening and the Coase conjecture: a seller who can cut her price cannot resist doing so.

S sells to B, who values the good at h with chance mu and at l otherwise; both discount by delta. With two offers S asks for l at once if high types are rare,
skims if they are more likely (a first price that a high type just takes, then l), and if they are very likely insists on h in both rounds: just so many high
types take h at once that asking h again is as good as asking l of those who are left. Without an end S cannot insist: prices fall to l in finitely many
steps, h - delta^k (h - l) with k offers to go, and each step is used only if high types are likely enough. With h = 3, l = 1 and delta = 1/2 one offer is
made for mu up to 1/3, two are made up to 2/3 and three up to 11/12; there the problem without an end is cut off, as further offers follow ever more closely.

If the value is uniform on [0, h], the price is proportional to the highest value that is left. Without an end the first price is
h s/(1 + s) with s the square root of 1 - delta: as delta tends to 1 it tends to the lowest value, here 0. That is the Coase conjecture.

Source: Fudenberg and Tirole (1983), "Sequential Bargaining with Incomplete Information", Review of Economic Studies 50(2):221-247; Gul, Sonnenschein and
Wilson (1986), "Foundations of Dynamic Monopoly and the Coase Conjecture", Journal of Economic Theory 39(1):155-190.
"""

from sympy import sqrt, symbols

from bargain import Claim, LinearSkimming, Model, Notation, Parameter, Quantity, Screening, Skimming, UniformScreening

mu, delta, h, low = symbols("mu delta h l", real=True)

SHARE = Parameter(mu, "chance that B has the high value", "probability", "(0, 1)", "1/2", (0, 1), "illustration")
PATIENCE = Parameter(delta, "discount factor", "per round", "(0, 1)", "1/2", (0, 1), "illustration")
HIGH = Parameter(h, "high value of the good to B (the highest, where values are uniform)", "money", ">0", 3, (2, 4), "illustration")
LOW = Parameter(low, "low value of the good to B", "money", ">0", 1, (0, 2), "illustration")

two_offers = Screening("Two offers", ("S", "B"), {"high": mu, "low": 1 - mu}, {"high": h, "low": low}, delta, horizon=2,
                       notation=Notation((SHARE, PATIENCE, HIGH, LOW), (low < h,)), source="after Fudenberg and Tirole (1983)")
endless = Screening("No end, three offers at most", ("S", "B"), {"high": mu, "low": 1 - mu}, {"high": 3, "low": 1}, "1/2", horizon=None,
                    notation=Notation((SHARE,), (12 * mu < 11,)), source="after Gul, Sonnenschein and Wilson (1986)")
uniform = UniformScreening("Uniform values, two offers", ("S", "B"), h, delta, horizon=2,
                           notation=Notation((PATIENCE, HIGH)), source="after Sobel and Takahashi (1983)")
coase = UniformScreening("Uniform values, no end", ("S", "B"), h, delta, horizon=None, notation=Notation((PATIENCE, HIGH)), source="after Gul and others (1986)")

model = Model(
    "classics/screening",
    problems={"two_offers": (two_offers, Skimming()), "endless": (endless, Skimming()), "uniform": (uniform, LinearSkimming()), "coase": (coase, LinearSkimming())},
    quantities=(
        Quantity("pooling up to", low / h, "the chance of the high value up to which S asks for the low one at once, with two offers"),
        Quantity("opening price without an end", h * sqrt(1 - delta) / (1 + sqrt(1 - delta)), "where values are uniform"),
    ),
    claims=(
        Claim("S asks for the low value at once", lambda at: at.solution("two_offers").outcomes == ("round 1: high, low",), "Fudenberg and Tirole (1983)"),
        Claim("without an end every type buys",
              lambda at: all("no agreement" not in outcome for outcome in at.solution("endless").outcomes), "Gul and others (1986)"),
        Claim("two offers are worth more than no end", lambda at: at.equilibrium("uniform").payoffs["S"] > at.equilibrium("coase").payoffs["S"], "Coase (1972)"),
    ),
    summary=__doc__ or "",
)
