"""The trade-off between risk and return: an ultimatum to an opponent whose cost of war is unknown.

A demands a share of a pie of size one; B accepts or fights. A wins a war with chance p and pays c_A; B pays a cost known to it alone, uniform
on [0, C]. The more A demands, the more often B fights. If A's own cost is above C, A demands p, which nobody fights; otherwise it demands
p + (C - c_A)/2, as far as the pie goes, and runs a risk of war of (C - c_A)/(2 C). The more uncertain A is, the greater the risk; the dearer
war is to A, the smaller. With two possible costs, c_l of a tough B, which has chance q, and c_h of a weak one, A runs the risk iff q is below
(c_h - c_l)/(c_h + c_A), where p + c_h < 1.

Source: Fearon (1995), "Rationalist Explanations for War", International Organization 49(3):379-414; Powell (1999), In the Shadow of Power, ch. 3.
"""

from sympy import symbols

from bargain import Claim, Costs, Model, Notation, Parameter, Quantity, RiskReturn, UncertainWar

p, c_A, C, q, c_l, c_h = symbols("p c_A C q c_l c_h", real=True)

FIRST = (
    Parameter(p, "A's chance of winning a war", "probability", "(0, 1)", "1/2", (0, 1), "illustration"),
    Parameter(c_A, "cost of war to A", "pie", "(0, 1)", "1/10", (0, 1), "illustration"),
)
NOTATION = Notation((*FIRST, Parameter(C, "greatest cost of war to B, where it is uniform", "pie", "(0, 1)", "3/10", (0, 1), "illustration")))
TYPES = Notation(
    (
        *FIRST,
        Parameter(q, "chance that B is tough, where it has two types", "probability", "(0, 1)", "1/4", (0, 1), "illustration"),
        Parameter(c_l, "cost of war to a tough B", "pie", "(0, 1)", "1/10", (0, 1), "illustration"),
        Parameter(c_h, "cost of war to a weak B", "pie", "(0, 1)", "2/5", (0, 1), "illustration"),
    ),
    assumptions=(c_l < c_h, p + c_h < 1),
)

uniform = UncertainWar("Unknown cost", ("A", "B"), p, c_A, Costs.uniform(0, C), notation=NOTATION, source="after Fearon (1995)")
two_types = UncertainWar("Tough or weak", ("A", "B"), p, c_A, Costs(atoms={c_l: q, c_h: 1 - q}), notation=TYPES, source="after Fearon (1995)")

model = Model(
    "classics/risk_return",
    problems={"uniform": (uniform, RiskReturn()), "two_types": (two_types, RiskReturn())},
    quantities=(Quantity("least risky uncertainty", c_A, "greatest cost of war to B up to which there is no war"),),
    claims=(Claim("A runs a risk of war", lambda at: "risk of war" in at.solution("uniform").outcomes, "Fearon (1995)"),),
    notation=Notation((*NOTATION.parameters, *(TYPES[symbol] for symbol in (q, c_l, c_h))), TYPES.assumptions),
    summary=__doc__ or "",
)
