"""A threat to escalate, when everything is known.

A sponsor S threatens to surge its support unless the other side R accepts terms; R acquiesces
or resists; S then surges for a time T or backs down. A surge gains S an amount g and costs k
per year; it damages R by D per year. Backing down costs S face, alpha, and emboldens R by b.
Acquiescing costs R the terms, net of what it gains by ending the war. Unless R likes the terms
better than being emboldened, the threat works iff a surge is both believed and feared: long enough
to hurt more than the terms, short enough to be carried out rather than backed away from.

Source: the surge-threat model of the Ukraine study with known types; audience costs after
Fearon (1994), American Political Science Review 88(3):577-592.
"""

from sympy import symbols

from bargain import Claim, Game, Model, Notation, Parameter, Quantity, RegionMap, SubgamePerfect, decision, payoffs

v, alpha, g, k, T, D, loss, b = symbols("v alpha g k T D loss b", real=True)

NOTATION = Notation((
    Parameter(v, "sponsor's value of a settlement", "sponsor's stake", ">0", "2/5", ("1/5", "3/5"), "assumption"),
    Parameter(alpha, "audience cost to the sponsor of backing down", "sponsor's stake", ">0", "0.15", ("0.02", "0.3"), "assumption"),
    Parameter(g, "sponsor's gain from a surge while war goes on", "sponsor's stake", ">=0", "0.1", (0, "0.2"), "assumption"),
    Parameter(k, "sponsor's cost of a surge a year", "sponsor's stake per year", ">0", "0.2", ("0.05", "0.35"), "assumption"),
    Parameter(T, "length of the surge", "years", ">0", "0.75", ("0.5", 1), "assumption"),
    Parameter(D, "damage to R of a surge a year", "R's stake per year", ">0", "0.24", ("0.05", "0.4"), "assumption"),
    Parameter(loss, "R's loss from accepting the terms", "R's stake", "real", "0.06", ("-0.1", "0.2"), "assumption"),
    Parameter(b, "R's gain if the sponsor backs down", "R's stake", ">=0", "0.05", (0, "0.15"), "assumption"),
))

called = decision(
    "S",
    surge=payoffs(S=g - k * T, R=-D * T, label="surge"),
    back_down=payoffs(S=-alpha, R=b, label="climb-down"),
)

game = Game(
    title="Surge threat, known types",
    players=("S", "R"),
    notation=NOTATION,
    source="the surge-threat model with complete information",
    root=decision(
        "S",
        wait=payoffs(S=0, R=0, label="no threat"),
        threaten=decision("R", acquiesce=payoffs(S=v, R=-loss, label="settlement"), resist=called),
    ),
)

model = Model(
    "classics/surge",
    problems={"game": (game, SubgamePerfect())},
    quantities=(
        Quantity("shortest surge that is feared", loss / D, "length in years from which being surged is worse for R than the terms"),
        Quantity("longest surge that is believed", (g + alpha) / k, "length in years up to which a surge is better for the sponsor than backing down"),
    ),
    claims=(
        Claim("the surge is believed", g - k * T >= -alpha, "the study's surge threat"),
        Claim("the surge is feared", loss <= D * T, "the study's surge threat"),
        Claim("the threat brings a settlement", lambda at: at.solution().outcomes == ("settlement",), "op-ed: the threat of a surge gets Putin to agree"),
    ),
    exhibits=(RegionMap("When a surge threat works", "game", (T, 0, 2), (loss, "-1/10", "1/5")),),
    summary=__doc__ or "",
)
