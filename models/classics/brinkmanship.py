"""Brinkmanship: a threat of disaster with a chance, great enough to frighten and small enough to be made.

A may threaten B with a confrontation that gets out of hand with chance q. B is hard-line with chance p, which only B knows. If A does nothing it loses 2 and B
gains 2. If B withdraws A gains 1; a moderate B then loses 4, a hard-line B 8. If B defies and nothing happens it is as if A had done nothing; in
a disaster A loses 10, a moderate B 8 and a hard-line B 4. A hard-line B defies whatever the risk. A moderate B withdraws iff q is at least 3/5. A makes the
threat iff q is at most (3/8)(1 - p)/p, given that the moderate withdraw. So there is a window of risks that work, from 3/5 to (3/8)(1 - p)/p, which closes where
hard-liners have a chance of 5/13. Where they have more than 3/11 a threat of certain disaster would frighten more, but would not be made.

Source: Dixit and Skeath (1999), Games of Strategy, chapter on brinkmanship (the Cuban missile crisis), with payoffs like those there; Schelling (1960),
The Strategy of Conflict, chapter 8.
"""

from sympy import Rational, symbols

from bargain import Claim, Game, Model, Notation, Parameter, Quantity, SubgamePerfect, chance, decision, payoffs
from bargain.games.nodes import Node

p, q = symbols("p q", real=True)

NOTATION = Notation((
    Parameter(p, "chance that B is hard-line", "probability", "(0, 1)", "3/10", (0, 1), "illustration"),
    Parameter(q, "chance that a confrontation gets out of hand", "probability", "(0, 1)", "7/10", (0, 1), "illustration"),
))


def confrontation(withdrawing: int, disaster: int) -> Node:
    """B's answer to the threat, by what withdrawal and disaster cost its type."""
    out_of_hand = chance(disaster=(q, payoffs(A=-10, B=-disaster)), luck=(1 - q, payoffs(A=-2, B=2)))
    return decision("B", withdraw=payoffs(A=1, B=-withdrawing), defy=out_of_hand)


game = Game(
    title="Brinkmanship",
    players=("A", "B"),
    notation=NOTATION,
    source="after Dixit and Skeath (1999)",
    root=decision(
        "A",
        threaten=chance(hard=(p, confrontation(withdrawing=8, disaster=4)), moderate=(1 - p, confrontation(withdrawing=4, disaster=8))),
        abstain=payoffs(A=-2, B=2),
    ),
)

model = Model(
    "classics/brinkmanship",
    problems={"game": (game, SubgamePerfect())},
    quantities=(
        Quantity("least risk that frightens", Rational(3, 5), "a moderate B into withdrawing"),
        Quantity("greatest risk that is taken", Rational(3, 8) * (1 - p) / p, "by A, where a moderate B withdraws"),
        Quantity("greatest chance of hard-liners", Rational(5, 13), "for which some risk works"),
    ),
    claims=(
        Claim("the threat is made and frightens the moderate", lambda at: any("moderate/withdraw" in o for o in at.solution().outcomes), "Schelling (1960)"),
        Claim("some risk would work", p <= Rational(5, 13), "Dixit and Skeath (1999)"),
    ),
    summary=__doc__ or "",
)
