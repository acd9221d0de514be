"""An outside option for the responder: a threat that matters only if it is better than going on.

A and B take turns in proposing a division of a pie of size one, and value the next period by a common factor d. Instead of
answering A's offer, B may walk away to an outside option worth b; A then gets nothing. While b is at most what waiting is
worth to B anyway, d / (1 + d), the option changes nothing; from there on A gives B exactly b. An option never adds
to a bargaining position, it only bounds it from below.

If B may leave only after an offer of its own was refused, things differ: then there is a range of b with a continuum of equilibrium payoffs,
which bounds on payoffs show.

Source: Binmore, Shaked and Sutton (1989), "The Outside Option", Quarterly Journal of Economics 104(4):753-770; Osborne and
Rubinstein (1990), Bargaining and Markets, sec. 3.12.
"""

from sympy import symbols

from bargain import AlternatingOffers, Claim, Model, Notation, Parameter, Quantity, Rubinstein, ShakedSutton

x, d, b = symbols("x d b", real=True)

NOTATION = Notation(
    (
        Parameter(b, "worth of B's outside option", "pie", "(0, 1)", "3/5", (0, 1), "illustration"),
        Parameter(d, "discount factor", "per period", "(0, 1)", "9/10", (0, 1), "illustration"),
    ),
)

table = AlternatingOffers("Outside option", ("A", "B"), x, {"A": x, "B": 1 - x}, {"A": d, "B": d}, NOTATION, outside={"A": 0, "B": b},
                          leaves={"B": "answering"}, source="after Binmore, Shaked and Sutton (1989)")

model = Model(
    "classics/outside_option",
    problems={"table": (table, Rubinstein()), "bounds": (table, ShakedSutton())},
    quantities=(Quantity("critical option", d / (1 + d), "what B gets without the option; one worth less does not matter"),),
    claims=(
        Claim("the outside option matters", b > d / (1 + d), "Binmore, Shaked and Sutton (1989)"),
        Claim("payoffs are unique", lambda at: at.solution("bounds").outcomes == ("unique subgame-perfect payoffs",), "Shaked and Sutton (1984)"),
    ),
    summary=__doc__ or "",
)
