"""War as a chain of battles, and what can be settled between them.

A and B fight over three (or five) forts, one battle for each in turn; A wins a battle with chance p, and each battle costs A k_A and B k_B. With
five forts the numbers are those of the baseline. The war ends
when one side holds all forts, and its winner takes a pie of size one. A's chance of winning, w, and the expected number of battles, n, depend on the
forts that A holds. Between battles every share of A from w - k_A n to w + k_B n, within the pie, is at least as good for both as fighting on, so that
the range of settlements moves with the front and narrows as the end of the war comes near. The tables list the range for every number of forts that A
may hold; the payoffs beside it are those of fighting to the end when A holds one fort.

Source: Smith and Stam (2004), "Bargaining and the Nature of War", Journal of Conflict Resolution 48(6):783-813.
"""

from sympy import symbols

from bargain import BattlefieldWar, Claim, Model, Notation, Parameter, Quantity, RangeByState

p, k_A, k_B = symbols("p k_A k_B", real=True)

NOTATION = Notation(
    (
        Parameter(p, "A's chance of winning a battle", "probability", "(0, 1)", "3/5", (0, 1), "illustration"),
        Parameter(k_A, "A's cost of a battle", "pie", "(0, 1)", "1/50", (0, "1/10"), "illustration"),
        Parameter(k_B, "B's cost of a battle", "pie", "(0, 1)", "3/100", (0, "1/10"), "illustration"),
    ),
)

short = BattlefieldWar.forts("Three forts", ("A", "B"), 3, p, {"A": k_A, "B": k_B}, NOTATION, "after Smith and Stam (2004)")
long = BattlefieldWar.forts("Five forts", ("A", "B"), 5, "3/5", {"A": "1/50", "B": "3/100"}, source="after Smith and Stam (2004)")

model = Model(
    "classics/forts",
    problems={"three": (short, RangeByState()), "five": (long, RangeByState())},
    quantities=(Quantity("cost of a battle", k_A + k_B, "to both sides together"),),
    claims=(Claim("A is the stronger side", 2 * p > 1, "Smith and Stam (2004)"),),
    summary=__doc__ or "",
)
