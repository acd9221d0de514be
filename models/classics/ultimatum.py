"""Ultimatum with outside options.

A demands a share x of a pie of size one; B accepts, or rejects and both take their outside
options, which may be worth anything. A offers B just what rejection is worth to it (nothing,
if that is less than nothing), unless rejection is worth more to A, or no share in the unit interval
can move B at all.

Source: the take-it-or-leave-it game of the bargaining textbooks; Osborne and Rubinstein
(1990), Bargaining and Markets, ch. 3.
"""

from sympy import symbols

from bargain import Game, Model, Notation, Parameter, RegionMap, SubgamePerfect, decision, offer, payoffs

x, w_A, w_B = symbols("x w_A w_B", real=True)

NOTATION = Notation((
    Parameter(w_A, "worth of A's outside option", "pie", baseline="1/5", source="illustration"),
    Parameter(w_B, "worth of B's outside option", "pie", baseline="3/10", source="illustration"),
))

game = Game(
    title="Ultimatum with outside options",
    players=("A", "B"),
    notation=NOTATION,
    source="Osborne and Rubinstein (1990)",
    root=offer(
        "A", x, between=(0, 1),
        answer=decision("B", accept=payoffs(A=x, B=1 - x, label="agreement"), reject=payoffs(A=w_A, B=w_B, label="outside options")),
    ),
)

model = Model("classics/ultimatum", problems={"game": (game, SubgamePerfect(exact=True))},
              exhibits=(RegionMap("Regimes of the ultimatum game", "game", (w_A, "-1/2", "3/2"), (w_B, "-1/2", "3/2")),), summary=__doc__ or "")
