"""The surge threat: a threat works through belief.

The United States, resolved (H) or not (L), threatens a surge of aid, strikes and sanctions unless Russia, cost-sensitive
or tolerant, accepts the terms on the table. Russia acquiesces or resists; a United States that is resisted surges for
T years or backs down, at an audience cost. Resolve is read from the aid block of 2024, Russian sensitivity from
the Iraq analogy. Whether Russia cuts its losses is a product of resolve, audience cost and its own type; a longer surge hurts
more and is believed less. Making no threat, backed by the belief that a threat would come from an unresolved United States, can be an
equilibrium beside others; quantities and claims are those of an equilibrium with a threat, where there is one.

Source: a two-sided version of the crisis game of Fearon (1994), American Political Science Review 88(3):577-592; the case
is an op-ed on ending the war in Ukraine. All numbers are assumptions unless the source column says otherwise.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sympy import Expr, Max, symbols

from bargain import Claim, Curve, Equilibrium, Game, Model, Notation, Parameter, Quantity, RegionMap
from bargain.claims import Point, Reduction
from bargain.models.ukraine import surge_core
from bargain.solvers import Sequential

(mu0, lam_H, lam_L, theta0, LR, v, alpha, G_s, k_H, k_L, K_esc, T, D_aid, D_strike, D_sanc, D_lo, ell, f, F_R, b, pi_T, mu_B) = symbols(
    "mu0 lam_H lam_L theta0 LR v alpha G_s k_H k_L K_esc T D_aid D_strike D_sanc D_lo ell f F_R b pi_T mu_B", real=True)

ASSUMED, QUALITATIVE, NORMAL = "assumption", "op-ed (qualitative)", "normalisation"
NOTATION = Notation((
    Parameter(mu0, "prior that the US is resolved (H)", "prob", "(0, 1)", "0.5", ("0.2", "0.8"), ASSUMED),
    Parameter(lam_H, "chance that a resolved US would have blocked aid in the election year", "prob", "(0, 1]", "2/3", ("0.3", 1), QUALITATIVE),
    Parameter(lam_L, "chance that an unresolved US (L) would have blocked aid in the election year", "prob", "(0, 1]", 1, None, NORMAL),
    Parameter(theta0, "prior that Russia is cost-sensitive", "prob", "(0, 1)", "0.5", ("0.2", "0.8"), QUALITATIVE),
    Parameter(LR, "likelihood ratio of the Iraq analogy (1: no information)", "ratio", ">0", 1, (1, "1.5"), QUALITATIVE),
    Parameter(v, "US value of a settlement", "US-stake", ">0", "0.4", ("0.2", "0.6"), ASSUMED),
    Parameter(alpha, "audience cost to the US of backing down", "US-stake", ">=0", "0.15", ("0.02", "0.3"), QUALITATIVE),
    Parameter(G_s, "US gain from a surge while the war goes on", "US-stake", ">=0", "0.1", (0, "0.2"), ASSUMED),
    Parameter(k_H, "cost a year of a surge to a resolved US", "US-stake/yr", ">=0", "0.2", ("0.05", "0.35"), ASSUMED),
    Parameter(k_L, "cost a year of a surge to an unresolved US", "US-stake/yr", ">=0", "0.6", ("0.4", "0.9"), ASSUMED),
    Parameter(K_esc, "expected loss of the US from escalation if strike caveats are lifted", "US-stake", ">=0", 0, (0, "0.1"), ASSUMED),
    Parameter(T, "length of the surge", "yr", ">0", "0.75", ("0.5", 1), "op-ed"),
    Parameter(D_aid, "damage a year to a cost-sensitive Russia from extra aid", "R-stake/yr", ">=0", "0.12", ("0.05", "0.2"), ASSUMED),
    Parameter(D_strike, "damage a year to a cost-sensitive Russia from lifted strike caveats", "R-stake/yr", ">=0", "0.06", (0, "0.1"), QUALITATIVE),
    Parameter(D_sanc, "damage a year to a cost-sensitive Russia from surged sanctions", "R-stake/yr", ">=0", "0.06", (0, "0.1"), QUALITATIVE),
    Parameter(D_lo, "damage a year of the whole surge to a cost-tolerant Russia", "R-stake/yr", ">=0", "0.06", (0, "0.08"), ASSUMED),
    Parameter(ell, "cost to Russia of the terms on the table", "R-stake", ">0", "0.11", ("0.05", "0.2"), "linked to guarantees (e_P)"),
    Parameter(f, "Russia's value of being able to declare victory", "R-stake", ">=0", "0.03", (0, "0.08"), "linked to guarantees"),
    Parameter(F_R, "Russia's value of fighting on, relative to a freeze", "R-stake", "real", "-0.02", ("-0.1", "0.05"), "linked to territory and guarantees"),
    Parameter(b, "gain of Russia if the US backs down", "R-stake", ">=0", "0.05", (0, "0.15"), QUALITATIVE),
    Parameter(pi_T, "chance, before the election, of the outcome that occurred", "prob", "[0, 1]", "0.5", ("0.3", "0.7"), ASSUMED),
    Parameter(mu_B, "chance that the US would have been resolved after the other outcome, as Russia saw it", "prob", "[0, 1]", "0.6", ("0.2", "0.9"), ASSUMED),
), (k_H < k_L, D_lo < D_aid + D_strike + D_sanc))

# Beliefs after the aid block and the Iraq analogy, and what the moves are worth relative to "no threat, the war goes on".
mu = mu0 * lam_H / (mu0 * lam_H + (1 - mu0) * lam_L)
theta = theta0 * LR / (theta0 * LR + 1 - theta0)
n_H, n_L = G_s - k_H * T - K_esc, G_s - k_L * T - K_esc
damage_rate = D_aid + D_strike + D_sanc
d_hi, d_lo = damage_rate * T, D_lo * T
loss = ell - f + F_R

game: Game = surge_core.crisis("Surge threat", NOTATION, resolve=mu, sensitive=theta, net={"H": n_H, "L": n_L},
                               damage={"sensitive": d_hi, "tolerant": d_lo}, give=loss, gain=b, value=v, audience=alpha)
composites: Mapping[Any, Expr] = dict(zip(surge_core.NOTATION.symbols, (mu, theta, n_H, n_L, d_hi, d_lo, loss, b, v, alpha), strict=True))


def indifferent(damage: Expr) -> Expr:
    """The belief in a surge at which a Russian type with this damage is indifferent: -loss = b - belief*(b + damage)."""
    return (b + loss) / (b + damage)


def resisting(belief: Expr) -> Expr:
    """What the cost-sensitive type gets from its better reply when a surge has this probability."""
    return Max(-loss, b - belief * (b + d_hi))


def chances(e: Equilibrium) -> dict[str, Expr]:
    """Threat by H and L, acquiescence by the sensitive and the tolerant type, surge by H and L."""
    us, russia = e.strategies["US"], e.strategies["R"]
    return {"t_H": us["H"]["threat"], "t_L": us["L"]["threat"], "a_hi": russia["sensitive threatened"]["acquiesce"],
            "a_lo": russia["tolerant threatened"]["acquiesce"], "s_H": us["H resisted"]["surge"], "s_L": us["L resisted"]["surge"]}


def threatening(at: Point) -> Iterator[Equilibrium]:
    """The equilibria in which a threat is made with positive probability."""
    return (e for e in at.solution().extreme if any(e.strategies["US"][kind]["threat"] != 0 for kind in ("H", "L")))


def reported(at: Point) -> Equilibrium:
    """The equilibrium that is reported: one with a threat where there is one.

    Making no threat, backed by the belief that a threat would come from an unresolved United States, is an equilibrium
    too at many points (`no_threat_pbe_also`); there it fails D1.
    """
    return next(threatening(at), at.solution().extreme[0])


def value(name: str) -> Any:
    """One of the chances in the reported equilibrium."""
    return lambda at: chances(reported(at))[name]


def believed(at: Point) -> Any:
    """Russia's belief that a threat comes from a resolved United States."""
    return reported(at).beliefs["sensitive threatened"]["H sensitive/threat"]


def regime(at: Point) -> str:
    """The regime of the reported equilibrium, in words."""
    c = chances(reported(at))
    if at["b + loss"] <= 0:
        return "terms acceptable anyway"
    if c["t_H"] == 0 and c["t_L"] == 0:
        return "never works" if not at["credible_H"] or at["d_hi"] < at["loss"] else "no threat"
    if c["a_hi"] == 0 and c["a_lo"] == 0:
        return "surge as policy"
    if c["s_L"] == 1:
        return "offer cannot be refused" if c["a_lo"] == 1 else "always credible" if c["t_L"] == 1 else "always credible, only H threatens"
    if c["t_L"] in (0, 1):
        return "pooling" if c["t_L"] == 1 else "separating"
    return "semi-separating, tolerant type mixes" if c["a_hi"] == 1 else "semi-separating"


def pr_threat(at: Point) -> Expr:
    """The chance that a threat is made."""
    return at["mu"] * at["t_H"] + (1 - at["mu"]) * at["t_L"]


def pr_cut(at: Point) -> Expr:
    """The chance that a threat is made and Russia acquiesces."""
    return at["pr_threat"] * (at["theta"] * at["a_hi"] + (1 - at["theta"]) * at["a_lo"])


def no_threat_too(at: Point) -> bool:
    """Whether making no threat is an equilibrium beside the one reported."""
    quiet = [e for e in at.solution().extreme if chances(e)["t_H"] == 0 and chances(e)["t_L"] == 0]
    return bool(quiet) and any(True for _ in threatening(at))


T_star = ((b + loss) / mu - b) / damage_rate

model = Model(
    "ukraine/surge_threat",
    problems={"game": (game, Sequential())},
    reductions={"game": Reduction(surge_core.game, Sequential(), composites)},
    quantities=(
        Quantity("mu", mu, "belief that the US is resolved, after the aid block"),
        Quantity("theta", theta, "belief that Russia is cost-sensitive, after the Iraq analogy"),
        Quantity("n_H", n_H, "net value of a surge to a resolved US"),
        Quantity("n_L", n_L, "net value of a surge to an unresolved US"),
        Quantity("d_hi", d_hi, "damage of the surge to a cost-sensitive Russia"),
        Quantity("d_lo", d_lo, "damage of the surge to a cost-tolerant Russia"),
        Quantity("loss", loss, "Russia's loss from acquiescing"),
        Quantity("b + loss", b + loss, "what resisting gains Russia over acquiescing if the US backs down"),
        Quantity("beta_star", indifferent(d_hi), "belief in a surge at which the cost-sensitive type is indifferent"),
        Quantity("theta_star", alpha / (v + alpha), "chance of acquiescence at which a bluff breaks even"),
        Quantity("credible_H", lambda at: bool(at["n_H"] >= -at.values[alpha]), "whether a resolved US carries the threat out"),
        Quantity("credible_L", lambda at: bool(at["n_L"] >= -at.values[alpha]), "whether an unresolved US carries the threat out"),
        Quantity("beta_star_lo", indifferent(d_lo), "belief in a surge at which the cost-tolerant type is indifferent (above 1: it never acquiesces)"),
        Quantity("regime", regime, "in which regime the reported equilibrium lies"),
        Quantity("t_H", value("t_H"), "chance that a resolved US threatens"),
        Quantity("t_L", value("t_L"), "chance that an unresolved US threatens: a bluff, unless it would surge"),
        Quantity("post", believed, "Russia's belief, after the threat, that the US is resolved"),
        Quantity("a_hi", value("a_hi"), "chance that a cost-sensitive Russia acquiesces"),
        Quantity("a_lo", value("a_lo"), "chance that a cost-tolerant Russia acquiesces"),
        Quantity("s_H", value("s_H"), "chance that a resolved US surges when resisted"),
        Quantity("s_L", value("s_L"), "chance that an unresolved US surges when resisted"),
        Quantity("pr_threat", pr_threat, "chance of a threat"),
        Quantity("pr_cut", pr_cut, "chance that Russia cuts its losses"),
        Quantity("T_star", T_star, "shortest surge, in years, that makes pooling work"),
        Quantity("wait_value", pi_T * resisting(mu) + (1 - pi_T) * resisting(mu_B) - resisting(pi_T * mu + (1 - pi_T) * mu_B),
                 "value to Russia of waiting for the election"),
        Quantity("no_threat_pbe_also", no_threat_too, "whether making no threat is an equilibrium as well"),
    ),
    claims=(
        Claim("S1 the surge threat creates some chance that Putin cuts his losses", lambda at: at["pr_cut"] > 0 and at["b + loss"] > 0, "K28, K32"),
        Claim("S1b that chance exceeds one half", lambda at: 2 * at["pr_cut"] > 1, "K28"),
        Claim("S2 the threat is an offer that cannot be refused", lambda at: at["regime"] == "offer cannot be refused", "O4"),
        Claim("S3 six months is long enough for the threat to work on a sensitive Russia at current beliefs (T* <= 0.5)", 2 * T_star <= 1, "Q3"),
        Claim("S3b a year is long enough (T* <= 1)", T_star <= 1, "Q3"),
        Claim("S4 waiting for the election was worth something to Russia", lambda at: at["wait_value"] > 0, "K31"),
        Claim("S5 the audience cost makes even an unresolved US carry it out", n_L >= -alpha, "K9"),
    ),
    outputs=("pr_cut",),
    selection="an equilibrium in which the threat is made, if there is one",
    exhibits=(
        RegionMap("The threat by regime: Russian sensitivity against the audience cost", "game", (theta0, "0.2", "0.8"), (alpha, "0.02", "0.3")),
        Curve("Length of the surge", T, ("0.25", "1.5"), {"chance that Russia cuts its losses": "pr_cut"},
              threshold=("shortest surge that makes pooling work", T_star), span=("six to twelve months", "0.5", 1), ordinate="chance"),
    ),
    summary=__doc__ or "",
)
