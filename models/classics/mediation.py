"""What a mediator can do at best: two sides that may be strong or weak, and a war that destroys.

Each side is strong with chance 1/5 and knows it. War leaves 7/10 of the pie; equals win with chance 1/2, the strong beats the weak with chance
9/10. A known weak side would accept less, so that each weak side gains by claiming to be strong. An arbitrator who must leave every type at least its war
payoff, and to whom honest reports must pay, can keep the peace with chance 896/1025; no protocol of any kind does better. If war payoffs are private to each
side instead, some protocol always keeps the peace if and only if the pie is enough for both strongest types.

Source: after Hörner, Morelli and Squintani (2015), "Mediation and Peace", Review of Economic Studies 82(4):1483-1501; Fey and Ramsay (2011), "Uncertainty and
Incentives in Crisis Bargaining", American Journal of Political Science 55(1):149-169.
"""

from sympy import Rational

from bargain import BestMechanism, Claim, Model, PrivateInformation, Quantity

TYPES = {"strong": "1/5", "weak": "4/5"}
LEFT, WINS = Rational(7, 10), Rational(9, 10)


def war(first, second):
    """What war pays: the strong beats the weak with chance 9/10, equals with chance 1/2."""
    chance = Rational(1, 2) if first == second else WINS if first == "strong" else 1 - WINS
    return LEFT * chance, LEFT * (1 - chance)


def private(strongest):
    """The same dispute with a war payoff that depends on the own type only: 3/10 or 3/5 for A, 1/5 or `strongest` for B."""
    return PrivateInformation.war("Private war payoffs", ("A", "B"), TYPES, TYPES, lambda a, b: (
        "3/5" if a == "strong" else "3/10", strongest if b == "strong" else "1/5"), "after Fey and Ramsay (2011)")


dispute = PrivateInformation.war("Mediation", ("A", "B"), TYPES, TYPES, war, "after Hörner, Morelli and Squintani (2015)")

model = Model(
    "classics/mediation",
    problems={"arbitration": (dispute, BestMechanism()), "enough": (private("39/100"), BestMechanism()), "too little": (private("41/100"), BestMechanism())},
    quantities=(Quantity("chance of peace", lambda at: at.equilibrium().quantities["chance of agreement"], "with the best arbitrator"),),
    claims=(
        Claim("peace can always be kept", lambda at: at["chance of peace"] == 1, "Hörner, Morelli and Squintani (2015)"),
        Claim("peace can always be kept if the strongest types' war payoffs are at most the pie",
              lambda at: at.solution("enough").outcomes == ("always agreement",), "Fey and Ramsay (2011)"),
        Claim("peace cannot always be kept if they are more", lambda at: at.solution("too little").outcomes != ("always agreement",), "Fey and Ramsay (2011)"),
    ),
    summary=__doc__ or "",
)
