"""A trip-wire alliance: a guarantee made credible by troops in harm's way.

A challenger C attacks an ally of the patron P or refrains. With chance q the patron can act
when the attack comes, and then fights or abandons the ally; otherwise nothing can be done.
Fighting saves a stake V at a cost k; abandoning T troops deployed forward costs as many times a.
The patron fights iff the deployment is at least (k - V)/a, and C is deterred iff moreover
the guarantee is reliable enough, q at least G/(G + L). More troops than that change nothing.

Source: Schelling (1966), Arms and Influence, Yale University Press, ch. 2; the tree is the
textbook form of extended deterrence.
"""

from sympy import symbols

from bargain import Claim, Game, Model, Notation, Parameter, Quantity, RegionMap, SubgamePerfect, chance, decision, payoffs

k, V, a, T, q, G, L = symbols("k V a T q G L", real=True)

NOTATION = Notation((
    Parameter(T, "troops deployed forward", "units", ">=0", 12, (0, 20), "illustration"),
    Parameter(a, "patron's cost of abandoning one unit", "patron's stake", ">0", "1/2", ("1/10", 1), "illustration"),
    Parameter(k, "patron's cost of fighting", "patron's stake", ">0", 8, (2, 12), "illustration"),
    Parameter(V, "patron's stake in the ally", "patron's stake", ">0", 3, (1, 6), "illustration"),
    Parameter(q, "chance that the patron can act", "probability", "[0, 1]", "1/2", (0, 1), "illustration"),
    Parameter(G, "challenger's gain from an attack that stands", "challenger's stake", ">0", 3, (1, 5), "illustration"),
    Parameter(L, "challenger's loss if the patron fights", "challenger's stake", ">0", 5, (1, 10), "illustration"),
))

called = decision(
    "P",
    fight=payoffs(C=-L, P=V - k, label="war"),
    abandon=payoffs(C=G, P=-a * T, label="conquest"),
)

game = Game(
    title="Trip-wire alliance",
    players=("C", "P"),
    notation=NOTATION,
    source="after Schelling (1966)",
    root=decision(
        "C",
        refrain=payoffs(C=0, P=0, label="status quo"),
        attack=chance(able=(q, called), unable=(1 - q, payoffs(C=G, P=-a * T, label="conquest"))),
    ),
)

model = Model(
    "classics/trip_wire",
    problems={"game": (game, SubgamePerfect())},
    quantities=(
        Quantity("deployment needed", (k - V) / a, "number of troops from which the guarantee is credible"),
        Quantity("reliability needed", G / (G + L), "chance that the patron can act from which a credible guarantee deters"),
    ),
    claims=(
        Claim("the guarantee is credible", a * T >= k - V, "Schelling (1966)"),
        Claim("the attack is deterred", lambda at: at.solution().outcomes == ("status quo",), "Schelling (1966)"),
    ),
    exhibits=(RegionMap("Deterrence by deployment and reliability", "game", (T, 0, 20), (q, 0, 1)),),
    summary=__doc__ or "",
)
