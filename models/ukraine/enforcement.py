"""Enforcement: noise and bad faith in a ceasefire, and the window before an accession.

In the repeated ceasefire each side keeps it or breaks it for a gain at once. A break is seen with some chance, a false
alarm comes with some chance, and either ends in war for good. Peacekeepers raise the first chance, lower the second and
cut the temptation. In the window before accession Russia may attack or wait; accession arrives at a hazard and costs it
something for ever. Both are stochastic games; what is reported is when peace can be an equilibrium, not that it will be:
war every year is always another equilibrium of the repeated game.

Source: repeated games with imperfect monitoring after Green and Porter (1984), Econometrica 52:87-100; preventive war after Levy (1987),
World Politics 40:82-107; the case is an op-ed on ending the war in Ukraine. All numbers are assumptions unless the source column says otherwise.
"""

from itertools import product

import sympy as sp

from bargain import Claim, Curve, MarkovPerfect, Model, Notation, Parameter, Quantity, Result, Stage, StochasticGame
from bargain.claims import Point

c_Rc, t_R, w_R, t_U, w_U, m0, m1, eps0, eps1, tau_pk, r_R, r_U, acc, e_acc, p, k_n, q, D, sig_0, sig_k, sig_acc, r_E, m_pk, L_E = sp.symbols(
    "c_Rc t_R w_R t_U w_U m0 m1 eps0 eps1 tau_pk r_R r_U acc e_acc p k_n q D sig_0 sig_k sig_acc r_E m_pk L_E", real=True)

ASSUMED, TO_T, TO_G = "assumption", "linked to territory", "linked to guarantees"
NOTATION = Notation((
    Parameter(c_Rc, "value of a kept ceasefire per period (a freeze of the front)", "own stake", "real", 0, None, "normalisation"),
    Parameter(t_R, "Russia's one-period gain from breaking the ceasefire, no peacekeepers", "R-stake", ">0", "0.2", ("0.05", "0.3"), ASSUMED),
    Parameter(w_R, "Russia's value of renewed war, relative to a freeze", "R-stake", "real", "-0.02", ("-0.2", "-0.005"), TO_T),
    Parameter(t_U, "Ukraine's one-period gain from breaking the ceasefire", "U-stake", ">0", "0.05", ("0.01", "0.15"), ASSUMED),
    Parameter(w_U, "Ukraine's value of renewed war, relative to a freeze", "U-stake", "real", "-0.16", ("-0.3", "-0.05"), TO_T),
    Parameter(m0, "chance that a break is detected without peacekeepers", "prob", "(0, 1]", "0.7", ("0.5", "0.9"), ASSUMED),
    Parameter(m1, "chance that a break is detected with peacekeepers", "prob", "(0, 1]", "0.95", ("0.9", 1), ASSUMED),
    Parameter(eps0, "chance of a false alarm (a spiral) per year without peacekeepers", "prob", "[0, 1)", "0.1", ("0.05", "0.2"), "op-ed (qualitative)"),
    Parameter(eps1, "chance of a false alarm per year with peacekeepers", "prob", "[0, 1)", "0.03", (0, "0.05"), ASSUMED),
    Parameter(tau_pk, "cut in Russia's gain from a break by peacekeepers", "R-stake", ">=0", "0.1", (0, "0.2"), "op-ed (qualitative)"),
    Parameter(r_R, "Russia's discount rate", "1/yr", ">0", "0.1", ("0.05", "0.2"), TO_T),
    Parameter(r_U, "Ukraine's discount rate", "1/yr", ">0", "0.15", ("0.08", "0.25"), TO_T),
    Parameter(acc, "hazard of accession", "1/yr", ">=0", "0.2", ("0.08", "0.5"), "op-ed (qualitative)"),
    Parameter(e_acc, "Russia's net yearly cost of Ukraine in NATO (West German form)", "R-stake", ">0", "0.14", ("0.05", "0.3"), TO_G),
    Parameter(p, "Russia's chance of success in a renewed war on an unaided Ukraine", "prob", "[0, 1]", "0.5", ("0.3", "0.7"), TO_G),
    Parameter(k_n, "cost to Russia of starting a new war", "R-stake", ">=0", "0.25", ("0.1", "0.4"), TO_G),
    Parameter(q, "fall in Russia's chance of success if the guarantor fights", "prob", "[0, 1]", "0.35", ("0.15", "0.5"), TO_G),
    Parameter(D, "extra cost to Russia of fighting the guarantor", "R-stake", ">=0", "0.6", ("0.2", "1.2"), TO_G),
    Parameter(sig_0, "chance that a guarantor fights before accession, bilateral commitments", "prob", "[0, 1]", "0.35", ("0.2", "0.5"), TO_G),
    Parameter(sig_k, "chance that a guarantor fights before accession, with troops", "prob", "[0, 1]", "0.55", ("0.4", "0.7"), TO_G),
    Parameter(sig_acc, "chance that a guarantor fights after accession", "prob", "[0, 1]", "0.75", ("0.6", "0.95"), TO_G),
    Parameter(r_E, "Europe's discount rate", "1/yr", ">0", "0.05", ("0.02", "0.1"), ASSUMED),
    Parameter(m_pk, "yearly cost of the peacekeeping force to Europe", "EU-stake/yr", ">=0", "0.03", ("0.01", "0.08"), ASSUMED),
    Parameter(L_E, "European loss from renewed war", "EU-stake", ">=0", "0.5", ("0.2", "0.8"), "assumption (V_E of burden sharing)"),
), (w_R < 0, w_U < 0, eps0 < m0, eps1 < m1))

KEEP, BREAK, PEACE = "keep", "break", "ceasefire"
delta = {"R": sp.exp(-r_R), "U": sp.exp(-r_U)}
war = {"R": w_R, "U": w_U}


def ceasefire(title: str, temptation: dict[str, sp.Expr], seen: sp.Expr, alarm: sp.Expr) -> StochasticGame:
    """The repeated ceasefire: breaks are seen independently, and war is for good."""
    results = {}
    for moves in product((KEEP, BREAK), repeat=2):
        breaks = moves.count(BREAK)
        flows = {side: temptation[side] if move == BREAK else c_Rc for side, move in zip("RU", moves, strict=True)}
        results[moves] = Result(flows, {"war": 1 - (1 - seen) ** breaks if breaks else alarm})
    peace = Stage({"R": (KEEP, BREAK), "U": (KEEP, BREAK)}, results)
    return StochasticGame(title, ("R", "U"), {PEACE: peace, "war": Stage.fixed(war)}, delta, PEACE, notation=NOTATION)


temptations = ({"R": t_R, "U": t_U}, {"R": t_R - tau_pk, "U": t_U})
detection, alarms = (m0, m1), (eps0, eps1)
plain, monitored = (ceasefire(title, temptations[k], detection[k], alarms[k]) for k, title in enumerate(("Ceasefire", "Ceasefire with peacekeepers")))


def attack(strength: sp.Expr) -> sp.Expr:
    """Russia's value of a renewed attack on a Ukraine guaranteed with that strength."""
    return p - k_n - strength * (q + D)


def window(title: str, strength: sp.Expr, hazard: sp.Expr) -> StochasticGame:
    """Russia in the years before accession: attack, or wait until it arrives."""
    wait, strike = Result({"R": 0}, {"member": hazard}), Result({"R": attack(strength)})
    states = {"window": Stage({"R": ("wait", "attack")}, {("wait",): wait, ("attack",): strike}), "member": Stage.fixed({"R": -e_acc})}
    return StochasticGame(title, ("R",), states, r_R, "window", continuous=True, notation=NOTATION)


waiting = -e_acc * acc / (r_R + acc)
margins = {"ok_bilateral": waiting - attack(sig_0), "ok_troops": waiting - attack(sig_k), "ok_after": -e_acc - attack(sig_acc)}


def keeping(side: str, k: int) -> sp.Expr:
    """The average value to a side of a ceasefire that both keep."""
    return ((1 - delta[side]) * c_Rc + delta[side] * alarms[k] * war[side]) / (1 - delta[side] * (1 - alarms[k]))


def violating(side: str, k: int) -> sp.Expr:
    """The average value of one violation."""
    return (1 - delta[side]) * temptations[k][side] + delta[side] * (detection[k] * war[side] + (1 - detection[k]) * keeping(side, k))


def patience(side: str, k: int) -> sp.Expr:
    """The discount factor at which a side is indifferent."""
    t, m, e = temptations[k][side] - c_Rc, detection[k], alarms[k]
    return t / ((m - e) * (c_Rc - war[side]) + (1 - e) * t)


def noise(side: str, k: int) -> sp.Expr:
    """The false-alarm chance at which a side is indifferent."""
    t, loss, d = temptations[k][side] - c_Rc, c_Rc - war[side], delta[side]
    return (d * (detection[k] * loss + t) - t) / (d * (loss + t))


def peaceful(at: Point, problem: str) -> bool:
    """Whether keeping the ceasefire is an equilibrium."""
    return any(all(e.strategies[side][PEACE][KEEP] == 1 for side in "RU") for e in at.solution(problem).extreme)


def waits(at: Point, problem: str) -> bool:
    """Whether Russia waits in the window."""
    return any(e.strategies["R"]["window"]["wait"] == 1 for e in at.solution(problem).extreme)


def troops(at: Point) -> str:
    """What keeps Russia from attacking in the window."""
    if waits(at, "window, bilateral"):
        return "no troops needed"
    return "troops needed and sufficient" if waits(at, "window, with troops") else "troops not sufficient"


SIDES = [(side, k) for side in "RU" for k in (0, 1)]
NAMES = {"R": "Russia", "U": "Ukraine"}
WITH = {(side, k): f"{NAMES[side]}, {('no', 'with')[k]} peacekeepers" for side, k in SIDES}
WHEN = ("in the window under bilateral commitments", "in the window with troops", "after accession")
model = Model(
    "ukraine/enforcement",
    problems={
        "ceasefire": (plain, MarkovPerfect()), "with peacekeepers": (monitored, MarkovPerfect()),
        "window, bilateral": (window("Accession window, bilateral commitments", sig_0, acc), MarkovPerfect()),
        "window, with troops": (window("Accession window, with troops", sig_k, acc), MarkovPerfect()),
    },
    quantities=(
        *(Quantity(f"V_{side}{k}", keeping(side, k), f"value of a kept ceasefire to {WITH[side, k]}") for side, k in SIDES),
        *(Quantity(f"dev_{side}{k}", violating(side, k), f"value of a single break to {WITH[side, k]}") for side, k in SIDES),
        *(Quantity(f"dstar_{side}{k}", patience(side, k), f"least discount factor at which the ceasefire is kept by {WITH[side, k]}", within=(0, 1))
          for side, k in SIDES),
        *(Quantity(f"ic_{side}{k}", lambda at, side=side, k=k: bool(at[f"V_{side}{k}"] >= at[f"dev_{side}{k}"]), f"whether the ceasefire is kept by {WITH[side, k]}")
          for side, k in SIDES),
        *(Quantity(f"epsmax_{side}{k}", noise(side, k), f"greatest chance of a false alarm borne by {WITH[side, k]}", within=(0, 1)) for side, k in SIDES),
        *(Quantity(f"delta_{side}", delta[side], f"yearly discount factor of {NAMES[side]}") for side in "RU"),
        Quantity("ceasefire_without_pk", lambda at: peaceful(at, "ceasefire"), "whether peace is an equilibrium without peacekeepers"),
        Quantity("ceasefire_with_pk", lambda at: peaceful(at, "with peacekeepers"), "whether peace is an equilibrium with peacekeepers"),
        Quantity("dur0", 1 / eps0, "expected length of a kept ceasefire without peacekeepers, in years"),
        Quantity("dur1", 1 / eps1, "expected length of a kept ceasefire with peacekeepers, in years"),
        Quantity("wait", waiting, "Russia's value of sitting out the window"),
        Quantity("att_0", attack(sig_0), "Russia's value of attacking under bilateral commitments"),
        Quantity("att_k", attack(sig_k), "Russia's value of attacking with troops in place"),
        Quantity("att_acc", attack(sig_acc), "Russia's value of attacking after accession"),
        *(Quantity(name, margin, f"Russia's gain from peace over attacking, {when}") for (name, margin), when in zip(margins.items(), WHEN, strict=True)),
        Quantity("pk_cost", m_pk / (r_E + acc), "Europe's expected discounted cost of staying until accession"),
        Quantity("acc_star", r_R * -attack(sig_0) / (e_acc + attack(sig_0)), "hazard of accession above which troops are needed"),
        Quantity("window", troops, "what keeps Russia from attacking in the window"),
        Quantity("europe_deploys", lambda at: troops(at) == "troops needed and sufficient" and bool(at["pk_cost"] <= at.values[L_E]),
                 "whether Europe sends the force"),
        Quantity("years", 1 / acc, "expected years until accession, the length of the deployment"),
    ),
    claims=(
        Claim("E1 the ceasefire cannot be kept without peacekeepers", lambda at: not peaceful(at, "ceasefire"), "K26, K34"),
        Claim("E1b peacekeepers make it self-enforcing", lambda at: not peaceful(at, "ceasefire") and peaceful(at, "with peacekeepers"), "K26"),
        Claim("E2 peacekeepers are needed until accession", lambda at: troops(at) == "troops needed and sufficient", "K27"),
        Claim("E2b they would be needed even with no prospect of accession", attack(sig_0) > 0, "K27"),
        Claim("E2c it is the prospect of accession that makes them needed",
              lambda at: not waits(at, "window, bilateral") and at["att_0"] <= 0, "K27"),
        Claim("E3 the force is worth its cost to Europe until accession", lambda at: bool(at["europe_deploys"]), "K27"),
        Claim("E4 membership, once reached, deters", margins["ok_after"] >= 0, "K22"),
        Claim("E5 Ukraine too keeps the ceasefire (no peacekeepers)", lambda at: bool(at["ic_U0"]), "K34"),
    ),
    outputs=("ok_bilateral",),
    summary=__doc__ or "",
    among=(q <= p, sig_0 <= sig_k, sig_k <= sig_acc),
    exhibits=(
        Curve("The accession window: waiting against attacking", acc, ("0.02", "0.5"),
              {"wait": waiting, "attack, bilateral commitments": attack(sig_0), "attack, with troops": attack(sig_k)},
              threshold=("troops needed from here on", r_R * -attack(sig_0) / (e_acc + attack(sig_0))), ordinate="payoff of Russia"),
        Curve("Patience that keeps the ceasefire against noise, without peacekeepers", eps0, (0, "0.3"), {"Russia": patience("R", 0), "Ukraine": patience("U", 0)},
              reference=("above it no patience suffices", 1), ordinate="least discount factor"),
    ),
)
