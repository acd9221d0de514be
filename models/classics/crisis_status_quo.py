"""Crisis bargaining over a status quo that one side may fight to change.

A holds a share q of a pie of size one. B leaves things as they are or challenges; A then
demands a share x, which B accepts or answers with war. War gives A the pie with chance p and
costs c_A and c_B. B challenges iff war is worth more to it than the status quo, and A then
gives up just what keeps the peace: A's payoff is min(q, p + c_B), and war never happens.

In the second form, an ultimatum, A demands at once and B may also answer by keeping the
status quo. The payoffs are the same.

Source: after Fearon (1995), "Rationalist Explanations for War", International Organization
49(3):379-414, and Powell (1999), In the Shadow of Power, Princeton University Press, ch. 3.
"""

from sympy import Min, symbols

from bargain import Claim, Game, Model, Notation, Parameter, Quantity, RegionMap, SubgamePerfect, decision, offer, payoffs

x, q, p, c_A, c_B = symbols("x q p c_A c_B", real=True)

NOTATION = Notation((
    Parameter(q, "A's share in the status quo", "pie", "[0, 1]", "7/10", (0, 1), "illustration"),
    Parameter(p, "chance that A wins a war", "probability", "[0, 1]", "2/5", (0, 1), "illustration"),
    Parameter(c_A, "A's cost of war", "pie", ">0", "1/10", (0, "1/2"), "illustration"),
    Parameter(c_B, "B's cost of war", "pie", ">0", "1/10", (0, "1/2"), "illustration"),
))

accept = payoffs(A=x, B=1 - x, label="agreement")
keep = payoffs(A=q, B=1 - q, label="status quo")
war = payoffs(A=p - c_A, B=1 - p - c_B, label="war")

game = Game(
    title="Crisis with a status quo",
    players=("A", "B"),
    notation=NOTATION,
    source="after Fearon (1995) and Powell (1999)",
    root=decision(
        "B",
        keep=keep,
        challenge=offer("A", x, between=(0, 1), answer=decision("B", accept=accept, fight=war)),
    ),
)

ultimatum = Game(
    title="Ultimatum with a status quo",
    players=("A", "B"),
    notation=NOTATION,
    source="after Fearon (1995) and Powell (1999)",
    root=offer("A", x, between=(0, 1), answer=decision("B", accept=accept, keep=keep, fight=war)),
)

model = Model(
    "classics/crisis_status_quo",
    problems={"game": (game, SubgamePerfect(exact=True)), "ultimatum": (ultimatum, SubgamePerfect(exact=True))},
    quantities=(
        Quantity("A's payoff", lambda at: at.equilibrium().payoffs["A"], "in equilibrium"),
        Quantity("what B leaves to A", Min(q, p + c_B), "the smaller of the status quo and B's price of peace"),
    ),
    claims=(
        Claim("A gets the smaller of the status quo and B's price of peace",
              lambda at: all(e.payoffs["A"] == at["what B leaves to A"] for name in at.model.problems for e in at.solution(name).extreme), "Fearon (1995)"),
        Claim("there is no war", lambda at: "war" not in at.solution().outcomes, "Fearon (1995)"),
        Claim("B is dissatisfied with the status quo", q > p + c_B, "Powell (1999)"),
    ),
    exhibits=(RegionMap("Regimes of the crisis with a status quo", "game", (q, 0, 1), (p, 0, 1)),),
    summary=__doc__ or "",
)
