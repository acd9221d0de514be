"""Leverage first or talks first: a claim about credibility.

The West (W) may build leverage before it negotiates with Russia (R): it pays, the war goes on meanwhile, and then its own
prospects without a deal are better and Russia's are worse. Or it negotiates at once under the threat of leverage to come, which
Russia believes with some chance. Settlements are asymmetric Nash solutions over a pie. A second game is the race: each
side builds leverage or not, and what one gains in the settlement the other loses.

Source: Nash (1950), Econometrica 18:155-162, and Harsanyi and Selten (1972), Management Science 18:P80-P106, for the settlement; the case is
an op-ed on ending the war in Ukraine. All numbers are assumptions unless the source column says otherwise.
"""

import sympy as sp

from bargain import (
    BargainingProblem,
    Claim,
    Curve,
    Game,
    MatrixGame,
    Model,
    Nash,
    NashBargaining,
    Notation,
    Parameter,
    Quantity,
    RegionMap,
    SubgamePerfect,
    chance,
    decision,
    payoffs,
)
from bargain.claims import Point

beta, S_pie, d_W, d_R, a_W, h_R, kappa, chi, phi, tau, r_W, omega_w, kappa_R, a_R, h_W = sp.symbols(
    "beta S_pie d_W d_R a_W h_R kappa chi phi tau r_W omega_w kappa_R a_R h_W", real=True)

ASSUMED = "assumption"
NOTATION = Notation((
    Parameter(beta, "bargaining weight of the West (with Ukraine)", "share", "(0, 1)", "0.5", ("0.3", "0.7"), "normalisation (symmetric)"),
    Parameter(S_pie, "size of the settlement pie", "pie", ">0", 1, None, "normalisation"),
    Parameter(d_W, "disagreement value of the West", "pie", ">=0", "0.2", ("0.1", "0.35"), ASSUMED),
    Parameter(d_R, "disagreement value of Russia", "pie", ">=0", "0.3", ("0.15", "0.45"), ASSUMED),
    Parameter(a_W, "rise in the West's disagreement value from leverage", "pie", ">=0", "0.15", ("0.05", "0.25"), ASSUMED),
    Parameter(h_R, "fall in Russia's disagreement value from leverage", "pie", ">=0", "0.25", ("0.1", "0.4"), ASSUMED),
    Parameter(kappa, "cost to the West of building leverage", "pie", ">=0", "0.05", ("0.01", "0.12"), ASSUMED),
    Parameter(chi, "chance, as Russia sees it, that leverage is built if talks fail", "prob", "[0, 1]", "0.4", (0, 1), "linked to surge threat (posterior resolve)"),
    Parameter(phi, "share of the leverage that Russia offsets", "share", "[0, 1)", "0.2", (0, "0.6"), "op-ed (qualitative)"),
    Parameter(tau, "time that building leverage takes", "yr", ">0", "0.25", ("0.1", 1), "assumption; upper end from op-ed"),
    Parameter(r_W, "discount rate of the West", "1/yr", ">0", "0.15", ("0.08", "0.25"), "op-ed (qualitative)"),
    Parameter(omega_w, "loss a year of the West and Ukraine while leverage is built", "pie/yr", ">=0", "0.04", ("0.01", "0.15"), ASSUMED),
    Parameter(kappa_R, "cost to Russia of building counter-leverage", "pie", ">=0", "0.05", ("0.01", "0.12"), ASSUMED),
    Parameter(a_R, "rise in Russia's disagreement value from counter-leverage", "pie", ">=0", "0.1", ("0.02", "0.25"), ASSUMED),
    Parameter(h_W, "fall in the West's disagreement value from counter-leverage", "pie", ">=0", "0.1", ("0.02", "0.25"), ASSUMED),
), (d_W + (1 - phi) * a_W + d_R < S_pie,))

PLAYERS = ("W", "R")
rise, fall = (1 - phi) * a_W, (1 - phi) * h_R  # leverage net of what Russia offsets


def talks(title: str, west: sp.Expr, russia: sp.Expr) -> BargainingProblem:
    """Negotiations over the pie with the given disagreement values."""
    return BargainingProblem(title, PLAYERS, {"W": west, "R": russia}, vertices=((0, S_pie), (S_pie, 0)), notation=NOTATION)


def settled(west: sp.Expr, russia: sp.Expr) -> dict[str, sp.Expr]:
    """What the negotiations bring where the pie exceeds the disagreement values: each side's own, and its weight's share of the rest."""
    surplus = S_pie - west - russia
    return {"W": west + beta * surplus, "R": russia + (1 - beta) * surplus}


plain, threatened, built = settled(d_W, d_R), settled(d_W + rise - kappa, d_R - fall), settled(d_W + rise, d_R - fall)
patience = sp.exp(-r_W * tau)
gain, gain_threat = built["W"] - plain["W"], threatened["W"] - plain["W"]

game = Game(
    title="Leverage or talks first",
    players=PLAYERS,
    notation=NOTATION,
    root=decision("W", {
        "build first": payoffs(W=-kappa - omega_w * tau + patience * built["W"], R=built["R"], label="leverage"),
        "talk first": chance({"believed": (chi, payoffs(threatened, label="talks")), "doubted": (1 - chi, payoffs(plain, label="talks"))}),
    }),
)

# The race: building is worth own_W to the West, own_R to Russia, and costs the other side as much.
RACE = {"build": "B", "do not": "N"}  # the actions, and the letters of the outcomes on record
own_W, own_R = (1 - beta) * a_W + beta * h_R, beta * a_R + (1 - beta) * h_W
race = MatrixGame(
    title="Leverage race",
    players=PLAYERS,
    actions=(tuple(RACE), tuple(RACE)),
    payoffs={(w, r): (plain["W"] + int(w == "build") * (own_W - kappa) - int(r == "build") * own_R,
                      S_pie - plain["W"] - int(w == "build") * own_W + int(r == "build") * (own_R - kappa_R)) for w in RACE for r in RACE},
    notation=NOTATION,
)

first, second = (game.root.moves[0][1].payoffs["W"], plain["W"] + chi * gain_threat)  # type: ignore[union-attr]
advantage = first - second


def longest(at: Point) -> sp.Expr | None:
    """The build-up time at which the West is indifferent; None if even an instant one does not pay."""
    values = {symbol: value for symbol, value in at.values.items() if symbol != tau}
    gap = advantage.subs(values)
    if gap.subs(tau, 0) < 0:
        return None
    high = sp.Integer(1)
    while gap.subs(tau, high) > 0:
        high *= 2
    return sp.nsolve(gap, tau, (0, high), solver="bisect", tol=1e-14, prec=30)


def at_time(years: object) -> sp.Expr:
    """The advantage of leverage first if it takes so long to build."""
    return advantage.subs(tau, sp.Rational(str(years)))


def equilibria(at: Point) -> list[str]:
    """The pure equilibria of the race."""
    sure = [[action for nodes in e.strategies.values() for mixture in nodes.values() for action, weight in mixture.items() if weight == 1]
            for e in at.solution("race").extreme]
    return ["".join(RACE[action] for action in moves) for moves in sure if len(moves) == len(PLAYERS)]


def dilemma(at: Point) -> bool:
    """Whether both build in the only equilibrium although both would rather that neither did."""
    both, neither = (at.solution("race").problem[cell, cell] for cell in RACE)
    return equilibria(at) == ["BB"] and all(a < b for a, b in zip(both, neither, strict=True))


model = Model(
    "ukraine/leverage",
    problems={
        "sequence": (game, SubgamePerfect()), "race": (race, Nash()),
        "without leverage": (talks("Talks without leverage", d_W, d_R), NashBargaining({"W": beta})),
        "under a threat": (talks("Talks under a believed threat", d_W + rise - kappa, d_R - fall), NashBargaining({"W": beta})),
        "with leverage": (talks("Talks with leverage in hand", d_W + rise, d_R - fall), NashBargaining({"W": beta})),
    },
    quantities=(
        Quantity("N0", lambda at: at.equilibrium("without leverage").payoffs["W"], "the West's share of the settlement without leverage"),
        Quantity("gain", lambda at: at.equilibrium("with leverage").payoffs["W"] - at["N0"], "what leverage in hand adds to the West's share"),
        Quantity("gain_threat", lambda at: at.equilibrium("under a threat").payoffs["W"] - at["N0"], "what a believed threat of leverage adds to the West's share"),
        Quantity("TF", second, "value to the West of talking first"),
        Quantity("LF", first, "value to the West of building first"),
        Quantity("LF_minus_TF", advantage, "gain of the West from building first over talking first"),
        Quantity("chi_star", (first - plain["W"]) / gain_threat, "belief in the threat above which the West talks first"),
        Quantity("room_LF", S_pie - (d_W + rise) - (d_R - fall), "width of the bargaining range after the build-up"),
        Quantity("mW", own_W, "the West's gain from building in the race"),
        Quantity("mR", own_R, "Russia's gain from building in the race"),
        Quantity("first", lambda at: "leverage" if at.equilibrium("sequence").path[0] == "build first" else "talks", "what comes first"),
        Quantity("tau_max", longest, "longest build-up worth waiting for, in years"),
        Quantity("race_W", [[race[w, r][0] for r in RACE] for w in RACE], "the West's payoffs in the race: the West in rows, Russia in columns, building first"),
        Quantity("race_R", [[race[w, r][1] for r in RACE] for w in RACE], "Russia's payoffs in the race: the West in rows, Russia in columns, building first"),
        Quantity("race_nash", equilibria, "pure equilibria of the race (B builds, N does not; the West first)"),
        Quantity("race_PD", dilemma, "whether the race is a prisoner's dilemma"),
    ),
    claims=(
        Claim("L1 leverage should be generated before negotiating", advantage >= 0, "K10"),
        Claim("L1b even if the threat of later leverage were fully believed (chi = 1)", advantage.subs(chi, 1) >= 0, "K10"),
        Claim("L1c when the threat of later leverage is not believed (chi = 0)", advantage.subs(chi, 0) >= 0, "K10"),
        Claim("L2 a build-up of six months is still worth waiting for", at_time("1/2") >= 0, "K10"),
        Claim("L2b a build-up of a year is still worth waiting for", at_time(1) >= 0, "K10"),
        Claim("L3 the leverage race is a prisoner's dilemma", dilemma, "K10"),
        Claim("L4 leverage leaves room for a deal", S_pie - (d_W + rise) - (d_R - fall) >= 0, "K10"),
    ),
    outputs=("LF_minus_TF",),
    summary=__doc__ or "",
    exhibits=(
        RegionMap("Leverage or talks: belief in the threat against time to build", "sequence", (chi, 0, 1), (tau, "0.05", 1)),
        Curve("Value of talking first and of building first", chi, (0, 1), {"talks first": second, "leverage first": first}, ordinate="payoff of the West"),
    ),
)
