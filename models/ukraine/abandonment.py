"""Abandonment: what a sell-out teaches two observers.

The United States is tough, and stays in Ukraine, or flexible, and stays or sells out. Russia, over its other neighbours (N),
and China, over Taiwan (X), see what happens and attack or not, each at a cost that only it knows, uniform on [0, 1].
Whether the United States would defend j depends on its type with chance rho_j, and on other grounds (s0_j) otherwise; with
rho_j = 0 Ukraine teaches nothing. A flexible United States weighs the gain of a sell-out against the attacks it invites;
if sell-outs are common, staying says more, so that the equilibrium is unique outside ties.

Source: reputation after Kreps and Wilson (1982), Journal of Economic Theory 27:253-279; private costs after Harsanyi (1973), International
Journal of Game Theory 2:1-23; the case is an op-ed on ending the war in Ukraine. All numbers are assumptions unless the source column
says otherwise.
"""

from collections.abc import Mapping
from typing import Any

from sympy import Expr, Integer, Symbol, symbols

from bargain import Claim, Curve, Equilibrium, Model, Notation, Parameter, Quantity, RegionMap
from bargain.claims import Point, Reduction
from bargain.models.ukraine import abandonment_core
from bargain.models.ukraine.abandonment_core import THEATRES
from bargain.solvers import Sequential

mu_A, a_pc, k_aid, r_y, delta_US, H_ord, L_Afg = symbols("mu_A a_pc k_aid r_y delta_US H_ord L_Afg", real=True)
H, rho, s0, b, D = ({j: Symbol(f"{letter}_{j}", real=True) for j in THEATRES} for letter in ("H", "rho", "s0", "b", "D"))

ASSUMED, QUALITATIVE = "assumption", "op-ed (qualitative)"
NOTATION = Notation((
    Parameter(mu_A, "prior that the US is tough", "prob", "(0, 1)", "0.5", ("0.2", "0.8"), ASSUMED),
    Parameter(a_pc, "US gain, as a peace candidate, from a sell-out", "US-stake", ">=0", "0.15", (0, "0.3"), QUALITATIVE),
    Parameter(k_aid, "cost of continued aid to the US", "US-stake", ">=0", "0.1", ("0.05", "0.2"), ASSUMED),
    Parameter(r_y, "yearly cost to the US of the image of a loser", "US-stake/yr", ">=0", "0.02", (0, "0.06"), QUALITATIVE),
    Parameter(delta_US, "US discount factor", "per year", "(0, 1)", "0.9", ("0.8", "0.98"), ASSUMED),
    Parameter(H_ord, "damage to the US of an international order upset by a sell-out", "US-stake", ">=0", 0, (0, "0.2"), QUALITATIVE),
    Parameter(H["N"], "US loss if another neighbour of Russia is attacked", "US-stake", ">=0", "0.3", ("0.1", "0.6"), ASSUMED),
    Parameter(H["X"], "US loss if Taiwan is attacked", "US-stake", ">=0", 1, ("0.5", "1.5"), "normalisation"),
    Parameter(rho["N"], "informativeness of Ukraine for Russia's other neighbours", "share", "[0, 1]", "0.7", ("0.3", 1), ASSUMED),
    Parameter(rho["X"], "informativeness of Ukraine for Taiwan", "share", "[0, 1]", "0.25", (0, "0.6"), "assumption; contested"),
    Parameter(s0["N"], "belief that the US would defend another neighbour on other grounds", "prob", "[0, 1]", "0.4", ("0.2", "0.6"), ASSUMED),
    Parameter(s0["X"], "belief that the US would defend Taiwan on other grounds", "prob", "[0, 1]", "0.6", ("0.4", "0.8"), ASSUMED),
    Parameter(b["N"], "gain to Russia from an attack on another neighbour", "greatest attack cost", "[0, 1]", "0.5", ("0.4", "0.6"), ASSUMED),
    Parameter(D["N"], "fall in Russia's gain from an attack on a neighbour that is defended", "greatest attack cost", "[0, 1]", "0.6", ("0.4", "0.7"), ASSUMED),
    Parameter(b["X"], "gain to China from an attack on Taiwan", "greatest attack cost", "[0, 1]", "0.4", ("0.3", "0.5"), ASSUMED),
    Parameter(D["X"], "fall in China's gain from an attack on Taiwan if it is defended", "greatest attack cost", "[0, 1]", "0.5", ("0.4", "0.6"), ASSUMED),
    Parameter(L_Afg, "cost to the US of the 2021 withdrawal from Afghanistan", "US-stake", ">=0", "0.1", ("0.02", "0.25"), ASSUMED),
))

image = sum((r_y * delta_US**year for year in range(4)), Integer(0))  # image cost over the four-year term
sell_out_pays, staying_pays = a_pc - image - H_ord, -k_aid


def defended(j: str, kind: str) -> Expr:
    """The chance that a United States of this type defends j."""
    return (1 - rho[j]) * s0[j] + (rho[j] if kind == "tough" else Integer(0))


game = abandonment_core.reputation("Abandonment", NOTATION, tough=mu_A, sell=sell_out_pays, stay=staying_pays, loss=H,
                  tempted={(j, kind): b[j] - D[j] * defended(j, kind) for j in THEATRES for kind in ("tough", "flexible")})

def chosen(at: Point) -> Equilibrium:
    """The equilibrium (unique outside ties)."""
    return at.solution().extreme[0]


def attack(j: str, moved: str) -> Any:
    """The chance of an attack on j after what the US did."""
    return lambda at: chosen(at).strategies[j][f"{j} after {moved}"]["attack"]


MOVES = (("sell", "sell out", "a sell-out"), ("stay", "stay", "the US stayed"))


def emboldened(j: str) -> Any:
    """By how much a sell-out raises the chance of an attack on j."""
    return lambda at: at[f"att_sell_{j}"] - at[f"att_stay_{j}"]


def regime(at: Point) -> str:
    """Stay, sell out, or mixed."""
    return "stay" if at["q"] == 0 else "sell out" if at["q"] == 1 else "mixed"


spill_over = sum((H[j] * D[j] * rho[j] for j in THEATRES), Integer(0))
need_at_stake = sell_out_pays - staying_pays

# The composite parameters of `abandonment_core` in terms of those above, where every chance of attack is interior.
composites: Mapping[Any, Expr] = dict(zip(abandonment_core.NOTATION.symbols, (
    mu_A, need_at_stake, *(b[j] - D[j] * defended(j, "flexible") for j in THEATRES), *(D[j] * rho[j] for j in THEATRES), *(H[j] for j in THEATRES)), strict=True))

model = Model(
    "ukraine/abandonment",
    problems={"game": (game, Sequential())},
    reductions={"game": Reduction(abandonment_core.game, Sequential(), composites)},
    quantities=(
        Quantity("r", image, "image cost of a sell-out over the four-year term"),
        Quantity("Gamma", spill_over, "loss from attacks that a sure reputation for toughness saves"),
        Quantity("need", need_at_stake, "gain from a sell-out before attacks, which reputation has to outweigh"),
        Quantity("rho_star_X", (need_at_stake / mu_A - H["N"] * D["N"] * rho["N"]) / (H["X"] * D["X"]),
                 "informativeness for Taiwan from which nobody sells out"),
        Quantity("U_sell", lambda at: at.evaluate(sell_out_pays) - sum(at.values[H[j]] * at[f"att_sell_{j}"] for j in THEATRES),
                 "value of selling out to a flexible US"),
        Quantity("regime", regime, "what a flexible US does"),
        Quantity("q", lambda at: chosen(at).strategies["US"]["flexible"]["sell out"], "chance that a flexible US sells out"),
        Quantity("mu_plus", lambda at: chosen(at).beliefs["N after stay"]["tough"], "belief that the US is tough after it stayed"),
        Quantity("pr_sellout", lambda at: (1 - at.values[mu_A]) * at["q"], "chance of a sell-out"),
        *(Quantity(f"att_{short}_{j}", attack(j, moved), f"chance of an attack on {name} after {said}")
          for j, name in THEATRES.items() for short, moved, said in MOVES),
        *(Quantity(f"embolden_{j}", emboldened(j), f"what a sell-out adds to the chance of an attack on {name}") for j, name in THEATRES.items()),
        Quantity("spill", lambda at: sum(at.values[H[j]] * at[f"embolden_{j}"] for j in THEATRES), "loss of the US from the attacks that a sell-out adds"),
        Quantity("total_cost_sell", lambda at: at["r"] + at["spill"] + at.values[H_ord], "total cost of a sell-out: image, added attacks and order"),
        Quantity("interior", lambda at: all(0 < at[f"att_{short}_{j}"] < 1 for j in THEATRES for short in ("sell", "stay")),
                 "whether no chance of attack is 0 or 1"),
    ),
    claims=(
        Claim("A1 a sell-out emboldens Russia against other neighbours", lambda at: at["embolden_N"] > 0, "K7"),
        Claim("A2 a sell-out makes a move on Taiwan more likely", lambda at: at["embolden_X"] > 0, "K8"),
        Claim("A2b by more than 10 percentage points", lambda at: 10 * at["embolden_X"] > 1, "K8"),
        Claim("A3 the consequences are much worse than Afghanistan (at least twice)", lambda at: at["total_cost_sell"] >= 2 * at.values[L_Afg], "K5"),
        Claim("A4 an unresolved US would sell out at least sometimes", lambda at: at["q"] > 0, "K3"),
        Claim("A5 image costs alone deter a sell-out (no spill-over needed)", need_at_stake <= 0, "K9"),
    ),
    outputs=("q",),
    exhibits=(
        RegionMap("Sell out, mix or stay: the link to Taiwan against the gain of a peace candidate", "game", (rho["X"], 0, "0.6"), (a_pc, 0, "0.3")),
        Curve("Sell-out and the link to Taiwan", rho["X"], (0, 1),
              {"chance that a flexible US sells out": "q", "added chance of an attack on Taiwan": "embolden_X"}, ordinate="chance"),
    ),
    summary=__doc__ or "",
)
