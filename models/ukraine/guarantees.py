"""Guarantees: which arrangements deter, and which Russia accepts.

Ukraine picks an arrangement: neutrality (N), a 1994-type memorandum (M), firm bilateral
commitments (B), these with European troops (P), the West German model (W) or Article 5 (A).
Russia complies (C), violates later (V) or fights on (F). If attacked, a guarantor whose cost of
fighting is uniform on [0, M_G] honours its promise if that cost is below its stake plus the cost
of breaking its word and, with troops, their tripwire effect. Played at once it is a 6 x 3 matrix;
played in turn, Kyiv proposes, the US approves or lets the proposal shrink to a memorandum, and
Russia answers. An outcome is two letters: under BF bilateral commitments are on the table and
Russia fights on.

Source: extended deterrence after Huth (1988), American Political Science Review 82:423-443, with
commitments that tie hands after Fearon (1997), Journal of Conflict Resolution 41:68-90; the case
is an op-ed on ending the war in Ukraine. All numbers are assumptions unless the source column says
otherwise.
"""

from itertools import pairwise

from sympy import Eq, Expr, Integer, Min, Symbol, symbols

from bargain import (
    Claim,
    Game,
    MatrixGame,
    Model,
    Nash,
    Notation,
    OutcomeMap,
    Parameter,
    Plane,
    Quantity,
    SubgamePerfect,
    decision,
    payoffs,
)
from bargain.claims import Point

ARRANGEMENTS = ("N", "M", "B", "P", "W", "A")
ANSWERS = ("C", "V", "F")
NAMES = {"N": "neutrality (N)", "M": "a 1994-type memorandum (M)", "B": "firm bilateral commitments (B)",
         "P": "bilateral commitments with European troops (P)", "W": "the West German model (W)", "A": "immediate Article 5 (A)"}

p, k_n, q, D, k_UA, b_G, M_G, tau_P, f, d, a_d, F_R, F_U, v_G, b_s = symbols("p k_n q D k_UA b_G M_G tau_P f d a_d F_R F_U v_G b_s", real=True)
alpha, e, s, z = ({j: Symbol(f"{letter}_{j}", real=True) for j in ARRANGEMENTS} for letter in ("alpha", "e", "s", "z"))

ASSUMED, QUALITATIVE = "assumption", "op-ed (qualitative)"
FAMILIES = (  # symbols, meaning, unit, domain, source, (baseline, prior) by arrangement
    (alpha, "cost to a guarantor of not honouring {}", "G-cost unit", ">=0", ASSUMED,
     ((0, None), ("0.02", (0, "0.08")), ("0.25", ("0.1", "0.4")), ("0.25", ("0.1", "0.4")), ("0.65", ("0.45", "0.85")), ("0.75", ("0.55", "0.95")))),
    (e, "cost to Russia of {}", "R-stake", ">=0", ASSUMED,
     ((0, None), (0, (0, "0.02")), ("0.06", ("0.02", "0.12")), ("0.11", ("0.05", "0.2")), ("0.17", ("0.08", "0.3")), ("0.28", ("0.15", "0.5")))),
    (s, "value to Ukraine of {}, beyond safety", "U-stake", "real", "assumption; order from op-ed",
     (("-0.1", ("-0.25", 0)), (0, (0, "0.02")), ("0.02", (0, "0.05")), ("0.03", (0, "0.08")), ("0.1", ("0.03", "0.2")), ("0.15", ("0.05", "0.3")))),
    (z, "political cost to the US of {}", "US-stake", ">=0", "assumption; that of A from op-ed",
     ((0, None), (0, None), ("0.05", (0, "0.15")), ("0.06", (0, "0.15")), ("0.3", ("0.1", "0.5")), ("0.5", ("0.3", "0.8")))),
)
NOTATION = Notation((
    Parameter(p, "Russia's chance of success in a renewed war on an unaided Ukraine", "prob", "[0, 1]", "0.5", ("0.3", "0.7"), ASSUMED),
    Parameter(k_n, "cost to Russia of starting a new war", "R-stake", ">=0", "0.25", ("0.1", "0.4"), ASSUMED),
    Parameter(q, "fall in Russia's chance of success if the guarantor fights", "prob", "[0, 1]", "0.35", ("0.15", "0.5"), ASSUMED),
    Parameter(D, "extra cost to Russia of fighting the guarantor", "R-stake", ">=0", "0.6", ("0.2", "1.2"), ASSUMED),
    Parameter(k_UA, "cost to Ukraine of a new war", "U-stake", ">=0", "0.2", ("0.1", "0.4"), ASSUMED),
    Parameter(b_G, "guarantor's own stake in Ukraine", "G-cost unit", ">=0", "0.1", (0, "0.2"), ASSUMED),
    Parameter(M_G, "upper bound of the guarantor's cost of fighting", "G-cost unit", ">0", 1, None, "normalisation"),
    Parameter(tau_P, "tripwire effect of troops: what being among the attacked adds to the stake", "G-cost unit", ">=0", "0.2", ("0.05", "0.35"), QUALITATIVE),
    Parameter(f, "Russia's value of being able to declare victory", "R-stake", ">=0", "0.03", (0, "0.08"), QUALITATIVE),
    Parameter(d, "damage to Russia of the surge that follows refusal", "R-stake", ">=0", 0, (0, "0.36"), "linked to surge threat"),
    Parameter(a_d, "gain to Ukraine from the surge that follows refusal", "U-stake", ">=0", 0, (0, "0.2"), ASSUMED),
    Parameter(F_R, "Russia's value of fighting on, relative to a freeze", "R-stake", "real", "-0.02", ("-0.1", "0.05"), "linked to territory"),
    Parameter(F_U, "Ukraine's value of fighting on, relative to a freeze", "U-stake", "real", "-0.16", ("-0.3", "-0.05"), "linked to territory"),
    Parameter(v_G, "US value of a settlement that a guarantee makes possible", "US-stake", ">=0", "0.25", ("0.1", "0.4"), ASSUMED),
    Parameter(b_s, "European share of the burden", "share", "[0, 1]", "0.35", ("0.25", "0.7"), "linked to burden sharing"),
    *(Parameter(family[j], meaning.format(NAMES[j]), unit, domain, baseline, prior, source)
      for family, meaning, unit, domain, source, rows in FAMILIES for j, (baseline, prior) in zip(ARRANGEMENTS, rows, strict=True)),
), (q <= p,))

# The chance that the guarantor fights: its cost, uniform on [0, M_G], is below its stake and the cost of breaking its word.
tripwire = {j: tau_P if j == "P" else Integer(0) for j in ARRANGEMENTS}
sigma: dict[str, Expr] = {j: Min(1, (b_G + alpha[j] + tripwire[j]) / M_G) for j in ARRANGEMENTS}
sigma["N"] = Integer(0)  # neutrality carries no promise


def after_violation(reliability: Expr) -> Expr:
    """Russia's payoff from accepting and attacking later, if the guarantor fights with the given probability."""
    return p - k_n - reliability * (q + D)


# Payoffs relative to an end of the war on the front line without any arrangement.
ukraine = {(j, "C"): s[j] for j in ARRANGEMENTS} | {(j, "V"): -p + sigma[j] * q - k_UA for j in ARRANGEMENTS} | {(j, "F"): F_U + a_d for j in ARRANGEMENTS}
russia = {(j, "C"): f - e[j] for j in ARRANGEMENTS} | {(j, "V"): after_violation(sigma[j]) for j in ARRANGEMENTS} | {(j, "F"): F_R - d for j in ARRANGEMENTS}
approval = {j: v_G - (1 - b_s) * z[j] for j in ARRANGEMENTS}

matrix = MatrixGame(
    title="Guarantees, chosen at once",
    players=("U", "R"),
    actions=(ARRANGEMENTS, ANSWERS),
    payoffs={cell: (ukraine[cell], russia[cell]) for cell in ukraine},
    notation=NOTATION,
)


def answered(j: str, us: Expr) -> object:
    """Russia's answer to an arrangement on the table."""
    return decision("R", {k: payoffs(U=ukraine[j, k], R=russia[j, k], US=us, label=f"{j}{k}") for k in ANSWERS})


game = Game(
    title="Guarantees, proposed in turn",
    players=("U", "US", "R"),
    notation=NOTATION,
    root=decision("U", {
        j: decision("US", approve=answered(j, approval[j]), decline=answered("M", Integer(0))) for j in ARRANGEMENTS
    }),
)


def threshold(j: str) -> Expr:
    """The reliability at which Russia is indifferent between complying and violating."""
    reliability = Symbol("reliability", real=True)
    gap = russia[j, "C"] - after_violation(reliability)
    return -gap.subs(reliability, 0) / gap.diff(reliability)


deter = {j: russia[j, "C"] - russia[j, "V"] for j in ARRANGEMENTS}
accept = {j: russia[j, "C"] - russia[j, "F"] for j in ARRANGEMENTS}


def pure_nash(at: Point) -> list[str]:
    """The pure equilibria of the matrix, in the order of the arrangements."""
    found = {e.outcome.replace(",", "") for e in at.solution("matrix").extreme}
    return [j + k for j in ARRANGEMENTS for k in ANSWERS if j + k in found]


def russian_answers(at: Point) -> dict[str, str]:
    """Russia's answer to each approved arrangement, on and off the path."""
    strategy = at.equilibrium("proposal").strategies["R"]
    return {j: next(k for k, weight in strategy[f"{j}/approve"].items() if weight == 1) for j in ARRANGEMENTS}


def in_range(at: Point) -> list[str]:
    """The arrangements that both deter and are acceptable."""
    return [j for j in ARRANGEMENTS if at["dm"][j] >= 0 and at["am"][j] >= 0]


model = Model(
    "ukraine/guarantees",
    problems={"matrix": (matrix, Nash()), "proposal": (game, SubgamePerfect())},
    quantities=(
        Quantity("sigma", sigma, "chance that the guarantee is honoured"),
        Quantity("sigma_star", lambda at: {j: threshold(j) for j in ARRANGEMENTS}, "least reliability that deters"),
        Quantity("dm", deter, "deterrence margin: Russia's payoff from complying less that from violating"),
        Quantity("am", accept, "acceptance margin: Russia's payoff from complying less that from fighting on"),
        Quantity("um", approval, "approval margin: the US payoff from approving less that from declining"),
        Quantity("U", [[ukraine[j, k] for k in ANSWERS] for j in ARRANGEMENTS], "Ukraine's payoffs: arrangements in rows, Russia's answers in columns"),
        Quantity("R", [[russia[j, k] for k in ANSWERS] for j in ARRANGEMENTS], "Russia's payoffs: arrangements in rows, its answers in columns"),
        Quantity("pure_nash", pure_nash, "pure Nash equilibria of the matrix"),
        Quantity("br", russian_answers, "Russia's answer to each approved arrangement"),
        Quantity("approved", lambda at: {j: bool(at["um"][j] >= 0) for j in ARRANGEMENTS}, "whether the US approves"),
        Quantity("spe_proposals", lambda at: [e.path[0] for e in at.solution("proposal").extreme], "proposals in the subgame-perfect equilibria"),
        Quantity("spe_value_U", lambda at: at.equilibrium("proposal").payoffs["U"], "Ukraine's payoff in the first subgame-perfect equilibrium"),
        Quantity("spe_value_R", lambda at: at.equilibrium("proposal").payoffs["R"], "Russia's payoff in the first subgame-perfect equilibrium"),
        Quantity("spe_outcomes", lambda at: list(at.solution("proposal").outcomes), "outcomes of the subgame-perfect equilibria"),
        Quantity("Jstar", in_range, "arrangements that deter and are acceptable"),
        Quantity("Jstar_approved", lambda at: [j for j in at["Jstar"] if at["approved"][j]], "arrangements that deter, are acceptable and are approved"),
        Quantity("margin", lambda at: max(min(at["dm"][j], at["am"][j]) for j in ARRANGEMENTS),
                 "width of the security range: the best of the smaller of the deterrence and acceptance margins"),
    ),
    claims=(
        Claim("G1 a 1994-type memorandum fails to deter", deter["M"] < 0, "K25"),
        Claim("G2 firm bilateral commitments deter where the memorandum does not", lambda at: at["dm"]["M"] < 0 <= at["dm"]["B"], "K24"),
        Claim("G3 troops add deterrence net of provocation (P margin > B margin)", deter["P"] > deter["B"], "K26"),
        Claim("G4 some arrangement both deters and is acceptable", lambda at: bool(at["Jstar"]), "K21"),
        Claim("G5 Article 5 is Kyiv's first choice among arrangements that would hold",
              lambda at: at["dm"]["A"] >= 0 and all(at.values[s["A"]] >= at.values[s[j]] for j in ARRANGEMENTS if at["dm"][j] >= 0), "K22"),
        Claim("G6 Article 5 is blocked by Russia or by the US", lambda at: at["am"]["A"] < 0 or at["um"]["A"] < 0, "K23"),
        Claim("G7 the West German model is in the range", lambda at: "W" in at["Jstar_approved"], "O13"),
        Claim("G8 neutrality invites a new attack", deter["N"] < 0, "K20"),
        Claim("G9 only arrangements too weak to deter are acceptable to Russia",
              lambda at: all(at["am"][j] < 0 for j in ARRANGEMENTS if at["dm"][j] >= 0), "K21"),
    ),
    summary=__doc__ or "",
    among=(Eq(alpha["P"], alpha["B"]), *(family[i] <= family[j] for family in (e, s, alpha, z) for i, j in pairwise(ARRANGEMENTS))),
    exhibits=(
        Plane("What deters against what is acceptable", ("chance that the guarantee is honoured", "cost of the arrangement to Russia"),
              lambda at: [(j, at["sigma"][j], at.values[e[j]]) for j in ARRANGEMENTS],
              lambda at: [("deters to the right", at.evaluate(q + D), at.evaluate(k_n + f - p)),
                          ("acceptable below", Integer(0), at.evaluate(f - F_R + d))]),
        OutcomeMap("Proposal game: surge damage against the cost of troops", "proposal", (d, 0, "0.36"), (e["P"], "0.05", "0.2"),
                   lambda path: path[0] + ("" if path[1] == "approve" else "*") + path[2], (("", {a_d: "0.1"}),),
                   'Code: the proposal ("N" neutrality, "M" memorandum, "B" bilateral commitments, "P" these with European troops, "W" West German model, '
                   '"A" Article 5), with a star if the US declines it; then "C" Russia complies, "V" violates or "F" fights on. '
                   'At the baseline itself Ukraine gains nothing from a surge.'),
    ),
)
