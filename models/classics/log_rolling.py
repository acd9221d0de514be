"""Two issues at once: each side gives way on what matters less to it.

A and B negotiate over territory and sanctions. A values all of the sanctions at 1 and all of the territory at more, a; B the other way round. Offers
alternate, and both discount by d. If every offer covers both issues, the frontier of agreements has one corner, at which each side
gets all of what it values more (log-rolling), and proposals lie near it. Settled one issue after the other, with A opening each,
each issue is split on its own, and gains from the exchange are lost.

Source: Fershtman (1990), "The Importance of the Agenda in Bargaining", Games and Economic Behavior 2(3):224-238; Raiffa (1982), The Art
and Science of Negotiation, Harvard University Press.
"""

from sympy import symbols

from bargain import Agenda, Claim, Issue, Issues, Model, Notation, Package, Parameter, Quantity

a, d = symbols("a d", real=True)

NOTATION = Notation(
    (
        Parameter(a, "worth to either side of all of the issue that it favours", "the other issue", ">1", 2, (1, 4), "illustration"),
        Parameter(d, "discount factor", "per period", "(0, 1)", "4/5", (0, 1), "illustration"),
    ),
)

talks = Issues("Log-rolling", ("A", "B"), (Issue("territory", {"A": a, "B": 1}), Issue("sanctions", {"A": 1, "B": a})), {"A": d, "B": d},
               notation=NOTATION, source="after Fershtman (1990)")

model = Model(
    "classics/log_rolling",
    problems={"package": (talks, Package()), "agenda": (talks, Agenda())},
    quantities=(Quantity("gain from linkage", (a - 1) / 2, "what each side gains at the corner over splitting both issues in half"),),
    claims=(Claim("a package leaves more to share", lambda at: sum(at.solution("package").extreme[0].payoffs.values())
                  > sum(at.solution("agenda").extreme[0].payoffs.values()), "Raiffa (1982)"),),
    summary=__doc__ or "",
)
