"""Learning on the battlefield: an offer, a battle, another offer, and the battle that decides.

A makes an offer to B, who may be strong (chance phi) or weak. A refusal costs both sides k and leads to a battle that a strong B survives
with chance 4/5, a weak one with 2/5; a B that does not survive loses everything. After a second refusal and a second battle survived B has the
pie. B knows its strength; A learns from the refusal, because the weak have more to fear, and from the battle, because the strong survive more often.

If strength is likely, A satisfies both types at once. If it is less likely, A offers what a weak B expects from posing as strong, fights the
strong in the first battle and then meets the terms of the survivor. If strength is unlikely, A does better than that: it offers a weak B only what
fighting on is worth to it, some of the weak refuse, and the second offer again satisfies only the weak, so that the strong fight to the end. The offer
that separates the types is thus not the best one when strength is unlikely. With k = 1/10 the cut-offs are phi = 4/13 and 7/12.

Source: after Powell (2004), "Bargaining and Learning While Fighting", American Journal of Political Science 48(2):344-361; Slantchev (2003), "The Principle of
Convergence in Wartime Negotiations", American Political Science Review 97(4):621-632; a small model with their structure, not theirs.
"""

from sympy import Rational, symbols

from bargain import Claim, Model, Notation, Parameter, Quantity, Screening, Skimming
from bargain.claims import Point

phi, k = symbols("phi k", real=True)
STRONG, WEAK = Rational(4, 5), Rational(2, 5)

NOTATION = Notation((
    Parameter(phi, "chance that B is strong", "probability", "(0, 1)", "1/5", (0, 1), "illustration"),
    Parameter(k, "cost of a battle to either side", "pie", "(0, 2/5)", "1/10", (0, "2/5"), "illustration"),
))

war = Screening("Learning on the battlefield", ("A", "B"), {"weak": 1 - phi, "strong": phi}, {"weak": 1, "strong": 1}, 1, horizon=2,
                lasting={"weak": WEAK, "strong": STRONG}, ended={"A": 1}, costs={"A": k, "B": k}, default={"weak": 1, "strong": 1},
                notation=NOTATION, source="after Powell (2004)")


def offer(at: Point) -> object:
    """What the first demand leaves to B."""
    return 1 - at.equilibrium("war").quantities["demand in round 1"]


model = Model(
    "classics/battlefield_learning",
    problems={"war": (war, Skimming())},
    quantities=(
        Quantity("first offer", offer, "share of the pie that A leaves to B in the first round"),
        Quantity("chance that a survivor is strong", phi * STRONG / (phi * STRONG + (1 - phi) * WEAK), "after a first battle that both types fight"),
    ),
    claims=(
        Claim("both types settle at once", lambda at: at.solution("war").outcomes == ("round 1: weak, strong",), "after Powell (2004)"),
        Claim("the strong may fight to the end", lambda at: any("no agreement" in o for o in at.solution("war").outcomes), "after Powell (2004)"),
    ),
    summary=__doc__ or "",
)
