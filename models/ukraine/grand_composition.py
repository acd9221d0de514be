"""The grand composition: matrices and bargaining tables inside one tree.

Europe offers a compact or not; the United States sells out or talks. Talks begin with a race: the United States and Russia at once build
leverage or wait. Then, again at once, Ukraine names a security arrangement, bilateral commitments
(B), these with European troops (P) or the West German model (W), and Russia complies, violates it later or fights on. Where Russia
complies, the two draw the line by alternating offers over territory, in which each side's value of the arrangement and its
cost of war, leverage included, enter; where it violates, the guarantor honours its promise or abandons it. Nash equilibrium in the matrices and
the Rubinstein solution at the tables meet in one subgame-perfect equilibrium. A period is discounted at a simple rate, so that every number is rational.

The single offers of `grand_bargain` become tables and matrices; all payoffs elsewhere are those of that tree. Source: Nash (1951), Annals of
Mathematics 54:286-295; Rubinstein (1982), Econometrica 50:97-109; Selten (1975), International Journal of Game Theory 4:25-55; the case is an op-ed
on ending the war in Ukraine. All numbers are assumptions unless the source column says otherwise.
"""

from sympy import Expr, Integer, symbols

from bargain import AlternatingOffers, Game, Model, Notation, Parameter, Quantity, State, SubgamePerfect, bargain_node, decision, simultaneous
from bargain.claims import Point
from bargain.models.ukraine.grand_bargain import PLAYERS, Tree, ends, share
from bargain.models.ukraine.grand_notation import GUARANTOR, NOTATION, X

y, Delta, kappa_R, a_R, h_W = symbols("y Delta kappa_R a_R h_W", real=True)
ARRANGEMENTS = ("B", "P", "W")
ANSWERS = ("Comply", "Violate", "FightOn")

ADDED = Notation((
    *NOTATION.parameters,
    Parameter(Delta, "time between offers", "yr", ">0", "1/12", None, "normalisation (one offer a month)"),
    Parameter(kappa_R, "cost to Russia of building counter-leverage", "R-stake", ">=0", "0.02", ("0.01", "0.05"), "leverage (scaled)"),
    Parameter(a_R, "rise in Russia's value of war from counter-leverage", "R-stake", ">=0", "0.015", (0, "0.05"), "leverage (scaled)"),
    Parameter(h_W, "fall in Ukraine's value of war from counter-leverage", "U-stake", ">=0", "0.015", (0, "0.05"), "leverage (scaled)"),
), NOTATION.assumptions)
TREE = Tree(chancy=False, linked=False)


def race(compact: int) -> object:
    """The United States and Russia build leverage or wait, at once."""
    return simultaneous({"US": ("Build", "Wait"), "RU": ("Build", "Wait")}, {
        (ours, theirs): guarantees(compact, int(ours == "Build"), int(theirs == "Build")) for ours in ("Build", "Wait") for theirs in ("Build", "Wait")})


def guarantees(compact: int, leverage: int, counter: int) -> object:
    """Ukraine names an arrangement, Russia its answer, at once."""
    def after(j: str, answer: str) -> object:
        if answer == "FightOn":
            return fought(compact, leverage, counter)
        return territory(compact, leverage, counter, j) if answer == "Comply" else violated(compact, leverage, counter, j)

    return simultaneous({"UA": ARRANGEMENTS, "RU": ANSWERS}, {(j, answer): after(j, answer) for j in ARRANGEMENTS for answer in ANSWERS})


def spent(counter: int) -> Expr:
    """What Russia has paid for counter-leverage."""
    return counter * kappa_R


def fought(compact: int, leverage: int, counter: int) -> object:
    """The war goes on."""
    eu, us = TREE.before(compact, leverage)
    return ends(eu - X["c_E"], us - X["k_aid"] * (1 - share(compact)), X["F_U"] + leverage * X["a_L"] - counter * h_W,
                X["F_R"] - leverage * X["h_L"] + counter * a_R - spent(counter))


def violated(compact: int, leverage: int, counter: int, j: str) -> object:
    """Russia attacks later; the guarantor's choice."""
    def end(honoured: bool) -> object:
        node = TREE.renewed(compact, leverage, j, 0, honoured, X["m_G"])
        paid = dict(node.payoffs)  # type: ignore[attr-defined]
        return ends(paid["EU"], paid["US"], paid["UA"], paid["RU"] - spent(counter))

    return decision(GUARANTOR[j], {"Honour": end(True), "Abandon": end(False)})


def territory(compact: int, leverage: int, counter: int, j: str) -> object:
    """The line under arrangement j, relative to the front, by alternating offers while the war goes on.

    A front that moves by g a year is worth g/r to a side that discounts at the simple rate r, so the drift is part of the flow of war.
    """
    eu, us = TREE.before(compact, leverage)
    b, security = share(compact), X["V_E"] - (X["m_PK"] if j == "P" else Integer(0))
    table = AlternatingOffers(
        f"Line with {j}", ("UA", "RU"), y,
        {"UA": y + X["s_" + j], "RU": X["f"] - X["e_" + j] - y - spent(counter)},
        {"UA": 1 / (1 + X["r_U"] * Delta), "RU": 1 / (1 + X["r_R"] * Delta)},
        ADDED, None,
        (State("war", flow={"UA": -X["c_U"] - X["g"] / X["r_U"] + leverage * X["a_L"] - counter * h_W,
                            "RU": -X["c_R"] + X["g"] / X["r_R"] - leverage * X["h_L"] + counter * a_R - spent(counter)}),), period=Delta)
    american = us + X["v_US"] - X["eta"] * (b - X["b_0"]) - (X["C_eff"] + X["z_" + j]) * (1 - b)
    return bargain_node(table, spectators={"EU": eu + security, "US": american})


def washington(compact: int) -> object:
    """Sell out or talk."""
    return decision("US", {"SellOut": TREE.sold(compact), "Talks": race(compact)})


game = Game("Grand composition", PLAYERS, ADDED, decision("EU", {"Compact": washington(1), "NoCompact": washington(0)}))


def at_table(at: Point, *after: str) -> dict[str, object]:
    """Moves at the nodes where sides act at once, in the subgame after some moves: the weight of every action."""
    place, strategies = "/".join(after), at.equilibrium().strategies
    return {player: dict(strategies[player][place]) for player in PLAYERS if place in strategies[player]}


RACE = ("Compact", "Talks")

model = Model(
    "ukraine/grand_composition",
    problems={"game": (game, SubgamePerfect())},
    quantities=(
        Quantity("outcomes", lambda at: [e.outcome for e in at.solution().extreme], "subgame-perfect outcomes"),
        Quantity("payoffs", lambda at: dict(at.equilibrium().payoffs), "payoffs in the first equilibrium"),
        Quantity("race", lambda at: at_table(at, *RACE), "what the US and Russia do in the race, after a compact"),
        Quantity("guarantees", lambda at: at_table(at, *RACE, "Wait,Wait"), "arrangement and answer, after a race in which both wait"),
    ),
    summary=__doc__ or "",
)
