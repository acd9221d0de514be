"""Commitment: the terms of neutrality, and the speed at which power shifts.

While Russia re-arms, its chance of prevailing in a war fought out grows, so what Kyiv would get by fighting falls. Russia
offers a share of the peace at every moment, at most what it can concede in a deal now, and cannot bind itself later; Kyiv
accepts or fights a decisive and costly war. Peace holds only if power shifts more slowly than a limit; a guarantee of strength
sigma stops that share of the shift. War is a lottery here, where it is attrition in the territory model; the shift is linear in time.
The strengths compared are those of the guarantees model: neutrality (N, 0), a 1994-type memorandum (M, 0.12), firm bilateral commitments (B, 0.35),
these with European troops (P, 0.55), the West German model (W, 0.75) and immediate Article 5 (A, 0.85).

Source: Powell (2006), International Organization 60:169-203; Fearon (1995), International Organization 49:379-414; the case is an op-ed
on ending the war in Ukraine. All numbers are assumptions unless the source column says otherwise.
"""

import sympy as sp

from bargain import Claim, Curve, Model, Notation, Parameter, PeacefulPath, PowerShift, Quantity, RegionMap
from bargain.claims import Point

p1, Delta_p, T_re, xbar, c_U, c_R, r_U, r_R, sig, e_s, Delta_a, t = sp.symbols(
    "p1 Delta_p T_re xbar c_U c_R r_U r_R sig e_s Delta_a t", real=True)

ASSUMED, TO_T = "assumption", "linked to territory"
NOTATION = Notation((
    Parameter(p1, "Russia's chance of prevailing if the war is fought out now", "prob", "(0, 1)", "0.35", ("0.2", "0.5"), ASSUMED),
    Parameter(Delta_p, "growth of Russia's chance of prevailing while it re-arms unhindered", "prob", ">=0", "0.3", ("0.1", "0.45"), "op-ed (qualitative)"),
    Parameter(T_re, "time that Russia takes to re-arm", "yr", ">0", 4, (2, 10), ASSUMED),
    Parameter(xbar, "largest share that Russia can leave to Kyiv in a deal now", "share", "(0, 1]", "0.81", ("0.7", "0.9"), "linked to territory (front line w)"),
    Parameter(c_U, "cost of war to Ukraine", "pie-flow", ">=0", "0.12", ("0.05", "0.25"), TO_T),
    Parameter(c_R, "cost of war to Russia", "pie-flow", ">=0", "0.08", ("0.02", "0.2"), TO_T),
    Parameter(r_U, "Ukraine's discount rate", "1/yr", ">0", "0.15", ("0.08", "0.25"), TO_T),
    Parameter(r_R, "Russia's discount rate", "1/yr", ">0", "0.1", ("0.05", "0.2"), TO_T),
    Parameter(sig, "strength of the arrangement: share of the shift it stops", "share", "[0, 1]", 0, (0, 1), "linked to guarantees"),
    Parameter(e_s, "cost to Russia of a full-strength guarantee", "pie-flow", ">0", "0.25", ("0.1", "0.5"), ASSUMED),
    Parameter(Delta_a, "rise in Russia's chance of prevailing if US aid is cut", "prob", ">=0", "0.25", ("0.05", "0.4"), "op-ed (qualitative)"),
))
STRENGTHS = {"N": "0", "M": "0.12", "B": "0.35", "P": "0.55", "W": "0.75", "A": "0.85"}  # of the arrangements of the guarantees model

speed = (1 - sig) * Delta_p / T_re
chance_at = p1 + speed * t

game = PowerShift(
    title="Peace while Russia re-arms",
    players=("R", "U"),
    time=t,
    war={"R": chance_at - c_R, "U": 1 - chance_at - c_U},
    last=T_re,
    patience={"R": r_R, "U": r_U},
    most=xbar,
    burden=e_s * sig,
    continuous=True,
    notation=NOTATION,
)

war_U, war_R = game.at_war("U", 0), game.at_war("R", 0)
least = war_U + speed / r_U  # the share that keeps Kyiv indifferent at once
limit = r_U * (xbar - war_U)
weakest = 1 - limit * T_re / Delta_p  # the strength at which peace just holds
strongest = sp.Min(1, (c_U + c_R) / e_s)  # the strength whose cost to Russia is the cost of the war
exchange = sp.diff(least, sig)
after = 1 - p1 - Delta_p * (1 - sig) - c_U


def peace(at: Point, strength: object = None) -> bool:
    """Whether peace holds from the start, at the point's strength or at another one."""
    if strength is None:
        return at.equilibrium("shift").outcome == "peace"
    return at.elsewhere({sig: sp.Rational(str(strength))}).equilibrium("shift").outcome == "peace"


def sufficient(at: Point) -> list[str]:
    """The arrangements strong enough to keep the peace."""
    return [name for name, strength in STRENGTHS.items() if peace(at, strength)]


def overlap(at: Point) -> bool:
    """Whether some strength is enough for Kyiv and not too much for Russia."""
    return bool(at["sigma_min"] <= at["sigma_max"])


model = Model(
    "ukraine/commitment",
    problems={"shift": (game, PeacefulPath())},
    quantities=(
        Quantity("speed", speed, "growth of Russia's chance of prevailing per year"),
        Quantity("limit", limit, "fastest growth of Russia's chance under which peace holds"),
        Quantity("sigma_min", sp.Max(0, weakest), "weakest arrangement that Kyiv can accept"),
        Quantity("sigma_max", strongest, "strongest arrangement that Russia can accept"),
        Quantity("slack", limit - speed, "limit less growth: peace holds where it is not negative"),
        Quantity("xmin", least, "least share that Kyiv accepts", within=(0, 1)),
        Quantity("mrs", exchange, "change in the least share that Kyiv accepts per unit of strength"),
        Quantity("longrun_U", sp.Max(0, after), "Kyiv's value once the shift is over"),
        Quantity("longrun_U_cut", sp.Max(0, after - Delta_a), "Kyiv's value once the shift is over and US aid is cut"),
        Quantity("R_peace", p1 + c_U - e_s * sig, "what is left to Russia in a peace worth Kyiv's war value"),
        Quantity("R_war", war_R, "Russia's value of war"),
        Quantity("war_U", war_U, "Ukraine's value of war"),
        Quantity("peace_now", lambda at: peace(at), "whether peace holds at this strength"),
        Quantity("range_nonempty", overlap, "whether both sides can accept some strength"),
        Quantity("sufficient", sufficient, "arrangements strong enough to keep the peace"),
    ),
    claims=(
        Claim("C1 under neutrality Kyiv would rather fight on than accept the front line", lambda at: not peace(at, 0), "K20"),
        Claim("C2 neutrality alone leads to complete defeat in the long run", after.subs(sig, 0) <= 0, "K2"),
        Claim("C2b neutrality plus an aid cut leads to complete defeat in the long run", after.subs(sig, 0) - Delta_a <= 0, "K2"),
        Claim("C3 firm bilateral commitments are strong enough (sigma 0.35)", lambda at: peace(at, STRENGTHS["B"]), "K24"),
        Claim("C4 bilateral plus troops are strong enough (sigma 0.55)", lambda at: peace(at, STRENGTHS["P"]), "K24"),
        Claim("C5 Russia too gains from a guarantee (range non-empty)", overlap, "K21"),
        Claim("C6 some territory can buy some security: |dx/dsigma| > 0.25", -exchange > sp.Rational(1, 4), "K19"),
    ),
    outputs=("sigma_min",),
    summary=__doc__ or "",
    exhibits=(
        Curve("Territory for security", sig, (0, 1), {"least territory Kyiv takes": least}, reference=("most Russia can concede", xbar),
              threshold=("strongest Russia accepts", strongest), ordinate="share of the pie to Kyiv"),
        RegionMap("Peace or war: strength of the arrangement against time to re-arm", "shift", (sig, 0, 1), (T_re, 1, 10)),
    ),
)
