"""Burden sharing: a compact can lower the American bill or change the American belief, and it can do the first without the second.

Europe is willing or a slacker, which it knows; it signs a compact that raises its share of the common capabilities and its
defence pledge, or does not. A slacker that signs delivers only the part of the compact that is sunk. The United States sees
whether the compact is signed, then leads or walks away.

Signing and not signing can both be equilibria; quantities and claims are those of an equilibrium in which the compact is signed, where there is one.
Claims B2 and B2b take the European share of collective defence under the compact (b5_1, at least one half) and count it as enough where the United
States leads at it or leads already; B2' and B2b' ask whether it leads at one half exactly. Both agree at the baseline; on a twentieth of the prior only
the first holds, because the compact gives more than one half, or because European effort makes a United States that leads now leave (eta > C_tot).

Source: Spence (1973), Quarterly Journal of Economics 87:355-374, with a partly sunk signal; Olson and Zeckhauser (1966), Review of
Economics and Statistics 48:266-279, on the burden; the case is an op-ed on ending the war in Ukraine. All numbers are assumptions unless
the source column says otherwise.
"""

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp

from bargain import Claim, Curve, Equilibrium, Model, Notation, Parameter, Quantity, RegionMap
from bargain.claims import Point, Reduction
from bargain.models.ukraine import burden_core
from bargain.solvers import Sequential

nu, v_L, C_tot, eta, o_US, b5_0, b5_1, bn_0, bn_1, omega, gdp0, gdp1, kappa_w, kappa_s, f_s, V_E = sp.symbols(
    "nu v_L C_tot eta o_US b5_0 b5_1 bn_0 bn_1 omega gdp0 gdp1 kappa_w kappa_s f_s V_E", real=True)

ASSUMED = "assumption"
NOTATION = Notation((
    Parameter(nu, "US belief that Europe is willing", "prob", "(0, 1)", "0.25", ("0.05", "0.6"), "op-ed (qualitative)"),
    Parameter(v_L, "US value of leading", "US-stake", ">=0", "0.6", ("0.4", "0.9"), ASSUMED),
    Parameter(C_tot, "total cost of the Western effort, split by the European share", "US-stake", ">0", 1, None, "normalisation"),
    Parameter(eta, "fall in the US value of leading per unit of European share", "US-stake", ">=0", "0.1", (0, "1.2"), ASSUMED),
    Parameter(o_US, "US payoff from walking away", "US-stake", "real", "0.1", ("-0.05", "0.25"), "assumption; not linked to abandonment"),
    Parameter(b5_0, "European share of collective-defence capabilities now", "share", "[0, 1]", "0.35", ("0.25", "0.45"), ASSUMED),
    Parameter(b5_1, "European share of collective-defence capabilities under the compact", "share", "[0, 1]", "0.5", ("0.5", "0.65"), "op-ed; lower bound"),
    Parameter(bn_0, "European share of non-Article 5 capabilities now", "share", "[0, 1]", "0.35", ("0.2", "0.6"), ASSUMED),
    Parameter(bn_1, "European share of non-Article 5 capabilities under the compact", "share", "[0, 1]", 1, None, "op-ed"),
    Parameter(omega, "weight of collective defence in the European share of the burden", "share", "(0, 1)", "0.8", ("0.6", "0.95"), ASSUMED),
    Parameter(gdp0, "European defence pledge now", "share of GDP", ">0", "0.02", None, "op-ed"),
    Parameter(gdp1, "European defence pledge under the compact", "share of GDP", ">0", "0.03", ("0.03", "0.035"), "op-ed"),
    Parameter(kappa_w, "cost of the pledge to a willing Europe per point of GDP", "EU-stake/pp", ">0", "0.2", ("0.05", "0.35"), ASSUMED),
    Parameter(kappa_s, "cost of the pledge to a slacker Europe per point of GDP", "EU-stake/pp", ">0", "0.8", ("0.4", "1.2"), ASSUMED),
    Parameter(f_s, "part of the compact that is sunk (front-loaded, not reversible)", "share", "(0, 1)", "0.5", ("0.2", "0.9"), ASSUMED),
    Parameter(V_E, "European value of US leadership", "EU-stake", ">0", "0.5", ("0.3", "0.8"), ASSUMED),
), (kappa_w < kappa_s, gdp0 < gdp1))

share_now = omega * b5_0 + (1 - omega) * bn_0
share_full = omega * b5_1 + (1 - omega) * bn_1
share_slacker = share_now + f_s * (share_full - share_now)
points = 100 * (gdp1 - gdp0)
half = sp.Rational(1, 2)


def leading(share: sp.Expr) -> sp.Expr:
    """What leading is worth to the United States when Europe carries that share: its value, less what Europe can do alone, less the rest of the cost."""
    return v_L - eta * (share - share_now) - C_tot * (1 - share)


game = burden_core.signing("Burden-sharing compact", NOTATION, willing=nu, value=V_E, walk=o_US,
                           lead={"none": leading(share_now), "willing": leading(share_full), "slacker": leading(share_slacker)},
                           cost={"willing": kappa_w * points, "slacker": f_s * kappa_s * points})
composites: Mapping[Any, sp.Expr] = dict(zip(burden_core.NOTATION.symbols, (
    nu, o_US, *(leading(share) - o_US for share in (share_now, share_full, share_slacker)), kappa_w * points, f_s * kappa_s * points, V_E), strict=True))


def reported(at: Point) -> Equilibrium:
    """The equilibrium that is reported: one in which the compact is signed, where there is one.

    Nobody signing, because a signature would be taken for a slacker's, can be an equilibrium at the same point.
    """
    signed = (e for e in at.solution().extreme if any(e.strategies["EU"][f"{kind} Europe"]["compact"] != 0 for kind in ("willing", "slacker")))
    return next(signed, at.solution().extreme[0])


def played(player: str, place: str, action: str) -> Callable[[Point], Any]:
    """A probability in the reported equilibrium; where a tie leaves it free on the path, the largest it can be."""
    return lambda at: largest(reported(at), reported(at).strategies[player][place][action])


def largest(e: Equilibrium, chance_: Any) -> Any:
    """A number as it is; a chance that is free between bounds, at its upper bound.

    It is free only where the United States is indifferent after a compact, a knife edge; the tie is broken in favour of leading. Off the path
    it may be free without bounds, and then it stays a symbol that no quantity depends on.
    """
    if not isinstance(chance_, sp.Symbol):
        return chance_
    gaps = [body for body, _ in e.free.atoms if body.free_symbols == {chance_}]
    ends = [root for gap_ in gaps for root in sp.solve(gap_, chance_)]
    return max(ends) if len(ends) > 1 else chance_


def regime(at: Point) -> str:
    """The regime of the reported equilibrium, in words."""
    if at["lead_none"] >= at.values[o_US]:
        return "US leads anyway"
    if at["lead_full"] < at.values[o_US]:
        return "compact cannot work"
    if at["pr_compact"] == 0:
        return "compact too dear"
    return {0: "separating", 1: "pooling"}.get(at["t"], "semi-separating")


def pr_compact(at: Point) -> Any:
    """The chance that the compact is signed."""
    return at.values[nu] * played("EU", "willing Europe", "compact")(at) + (1 - at.values[nu]) * at["t"]


def pr_lead(at: Point) -> Any:
    """The chance that the United States leads."""
    return at["pr_compact"] * at["l"] + (1 - at["pr_compact"]) * played("US", "after none", "lead")(at)


def posterior(at: Point) -> Any:
    """The belief that Europe is willing after the compact; None if it is never signed."""
    return reported(at).beliefs["after compact"]["willing/compact"] if at["pr_compact"] != 0 else None


def enough_at(share: sp.Expr) -> Callable[[Point], bool]:
    """Whether the United States leads at a European share, or leads already at the present one."""
    return lambda at: bool(at["lead_none"] >= at.values[o_US] or at.evaluate(leading(share)) >= at.values[o_US])


gap = o_US - leading(share_now)
half_alone = omega * b5_1 + (1 - omega) * bn_0
enough = leading(share_full) - o_US, leading(share_slacker) - o_US

model = Model(
    "ukraine/burden",
    problems={"compact": (game, Sequential())},
    reductions={"compact": Reduction(burden_core.game, Sequential(), composites)},
    quantities=(
        Quantity("b0", share_now, "European share of the burden now"),
        Quantity("b1", share_full, "European share of the burden under a compact delivered in full"),
        Quantity("b_slacker", share_slacker, "European share of the burden under a compact that a slacker delivers"),
        Quantity("gap", gap, "what leading without a compact falls short of walking away for the US"),
        Quantity("slope", C_tot - eta, "rise in the US value of leading, net of cost, per unit of European share"),
        Quantity("kw_max", V_E / points, "greatest cost per point of GDP at which a willing Europe signs if the US then leads"),
        Quantity("lead_none", leading(share_now), "US value of leading without a compact"),
        Quantity("lead_full", leading(share_full), "US value of leading with a compact delivered in full"),
        Quantity("lead_slacker", leading(share_slacker), "US value of leading with a compact that a slacker delivers"),
        Quantity("dG", points, "rise in the defence pledge, in points of GDP"),
        Quantity("b_star", share_now + gap / (C_tot - eta), "European share of the burden that makes the US indifferent"),
        Quantity("Phi_prior", nu * enough[0] + (1 - nu) * enough[1], "gain of the US from leading over walking away if both kinds sign"),
        Quantity("Phi_0", enough[1], "gain of the US from leading over walking away if only a slacker signs"),
        Quantity("Phi_1", enough[0], "gain of the US from leading over walking away if only a willing Europe signs"),
        Quantity("pi_star", -enough[1] / (enough[0] - enough[1]), "belief in a willing Europe that makes the US indifferent"),
        Quantity("t", played("EU", "slacker Europe", "compact"), "chance that a slacker signs"),
        Quantity("l", played("US", "after compact", "lead"), "chance that the US leads after the compact"),
        Quantity("posterior", posterior, "belief that Europe is willing after the compact"),
        Quantity("regime", regime, "in which regime the reported equilibrium lies"),
        Quantity("pr_compact", pr_compact, "chance that the compact is signed"),
        Quantity("pr_lead", pr_lead, "chance that the US leads"),
    ),
    claims=(
        Claim("B1 the compact raises the chance that the US leads", lambda at: at["pr_lead"] > int(bool(at["lead_none"] >= at.values[o_US])), "K35"),
        Claim("B2 a bare majority of capabilities (0.50) plus all non-Article 5 missions is enough", enough_at(share_full), "K36, Q5, Q14"),
        Claim("B2' at exactly 0.50, with those missions, the US leads", leading(omega * half + (1 - omega) * bn_1) >= o_US, "K36"),
        Claim("B2b 50% of collective defence alone, non-Article 5 unchanged, is enough", enough_at(half_alone), "K36, Q14"),
        Claim("B2b' at exactly 50%, without them, the US leads", leading(omega * half + (1 - omega) * bn_0) >= o_US, "K36"),
        Claim("B3 the compact changes the US belief about slackers", lambda at: at["regime"] in ("separating", "semi-separating"), "K37"),
        Claim("B3b it settles that belief (posterior 1)", lambda at: at["regime"] == "separating", "K37"),
        Claim("B4 European effort is a complement, not an excuse to leave (C > eta)", C_tot > eta, "K35"),
        Claim("B5 moving to 3% is worth it for a willing Europe", kappa_w * points <= V_E, "K38, Q4"),
    ),
    outputs=("pr_lead",),
    selection="an equilibrium in which the compact is signed, if there is one",
    summary=__doc__ or "",
    exhibits=(
        Curve("European share that makes the US indifferent", o_US, ("-0.05", "0.25"), {"needed": share_now + gap / (C_tot - eta)},
              reference=("under the compact", share_full), ordinate="European share of the burden"),
        RegionMap("Who signs: belief against the sunk part of the compact", "compact", (nu, "0.05", "0.6"), (f_s, "0.2", "0.9")),
    ),
)
