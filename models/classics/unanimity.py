"""Three sides, a pie, and the right of each to refuse.

A, B and C propose in rotation; a division needs the consent of all, and all discount by d. Where whoever accepts may leave with the
accepted share, a side that refuses can hold up only its own part, and the shares are 1, d, d over 1 + 2 d. Where all wait for
the last to accept, a refusal holds up everything: with d of at least one half every division is then the outcome of some
subgame-perfect equilibrium. The one that is stationary gives the sides 1, d, d^2 over 1 + d + d^2, in the order in which they propose.

Source: Krishna and Serrano (1996), "Multilateral Bargaining", Review of Economic Studies 63(1):61-80; Osborne and Rubinstein (1990),
Bargaining and Markets, sec. 3.13.
"""

from sympy import symbols

from bargain import Claim, Model, Notation, Parameter, Quantity, Rotating, Unanimity

d = symbols("d", real=True)

NOTATION = Notation((Parameter(d, "discount factor", "per period", "(0, 1)", "9/10", (0, 1), "illustration"),))
factors = dict.fromkeys(("A", "B", "C"), d)

leaving = Unanimity("Three sides with exit", ("A", "B", "C"), factors, exit=True, notation=NOTATION, source="after Krishna and Serrano (1996)")
waiting = Unanimity("Three sides", ("A", "B", "C"), factors, notation=NOTATION, source="after Osborne and Rubinstein (1990)")

model = Model(
    "classics/unanimity",
    problems={"exit": (leaving, Rotating()), "waiting": (waiting, Rotating())},
    quantities=(Quantity("advantage of the first offer", (1 - d) / (1 + 2 * d), "share of A less that of B, where whoever accepts may leave"),),
    claims=(Claim("any division can be an outcome without exit", 2 * d >= 1, "Herrero (1985)"),),
    summary=__doc__ or "",
)
