"""Territory: alternating offers over a moving front, with a chip that can be lost.

Ukraine and Russia take turns to offer a line: the share x of its 1991 territory that Ukraine
keeps. A refusal costs one more period of war: the front moves by g a year, and Kyiv may lose
its foothold in Kursk with hazard h. A settlement fixes the line and returns Kursk. The deal
lies near the front. As offers follow each other at once and without Kursk it is off the front
by (r_R c_R - r_U c_U - 2 g)/(r_R + r_U): the difference of the war costs, each weighted by its
side's impatience, less twice the drift. A chip that can be lost is worth little.

Source: Rubinstein (1982) with flows while talks go on, after Binmore, Rubinstein and Wolinsky
(1986), RAND Journal of Economics 17:176-188; the case is an op-ed on ending the war in Ukraine.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sympy import Expr, Integer, Rational, exp, symbols

from bargain import AlternatingOffers, Claim, Curve, Listing, MatrixGame, Model, Nash, Notation, Parameter, Quantity, Rubinstein, State, never_agreeing
from bargain.claims import Point, Reduction
from bargain.models.ukraine import territory_core
from bargain.models.ukraine.territory_core import x

w, c_U, kappa, N_cas, nk, b_R, cn, r_U, r_R, Delta, g = symbols("w c_U kappa N_cas nk b_R cn r_U r_R Delta g", real=True)
k_R, k_U, c_K, h, lam_U, lam_R, m_c, w_pre, o_U, o_R = symbols("k_R k_U c_K h lam_U lam_R m_c w_pre o_U o_R", real=True)

ASSUMED, STATED = "assumption", "op-ed"
NOTATION = Notation((
    Parameter(w, "share of Ukraine's 1991 territory that Kyiv controls at the start", "share", "(0, 1)", "0.81", ("0.78", "0.84"), "external, rounded"),
    Parameter(c_U, "cost of war to Ukraine", "pie-flow/yr", ">=0", "0.12", ("0.05", "0.25"), ASSUMED),
    Parameter(kappa, "value that Moscow puts on one casualty", "pie/casualty", ">0", "1e-7", ("2e-8", "3e-7"), "assumption (free scale)"),
    Parameter(N_cas, "Russian-side casualties per day", "1/day", ">=0", 1500, (1000, 1800), "op-ed (1,500 a day)"),
    Parameter(nk, "share of casualties borne by North Korean troops", "share", "[0, 1)", 0, (0, "0.15"), "op-ed (qualitative); 0 = absorbed"),
    Parameter(b_R, "cost of war to Russia from sanctions and to its economy", "pie-flow/yr", ">=0", "0.02525", (0, "0.06"), ASSUMED),
    Parameter(cn, "relief of Russia's war cost by China", "pie-flow/yr", ">=0", 0, (0, "0.02"), "op-ed (qualitative); 0 = absorbed"),
    Parameter(r_U, "Ukraine's (patron-driven) discount rate", "1/yr", ">0", "0.15", ("0.08", "0.25"), "op-ed (qualitative)"),
    Parameter(r_R, "Russia's discount rate", "1/yr", ">0", "0.1", ("0.05", "0.2"), ASSUMED),
    Parameter(Delta, "time between offers", "yr", ">0", "1/12", ("0.01923", "0.5"), "normalisation (one offer a month)"),
    Parameter(g, "share of territory that Kyiv loses a year while war goes on", "share/yr", ">=0", "0.006", (0, "0.015"), "op-ed (qualitative)"),
    Parameter(k_R, "Russia's flow value of getting Kursk back", "pie-flow", ">=0", "0.02", (0, "0.05"), ASSUMED),
    Parameter(k_U, "Ukraine's flow value of holding Kursk", "pie-flow", ">=0", 0, (0, "0.005"), ASSUMED),
    Parameter(c_K, "Ukraine's flow cost of holding Kursk", "pie-flow", ">=0", "0.004", (0, "0.02"), ASSUMED),
    Parameter(h, "hazard that Kyiv loses Kursk", "1/yr", ">=0", "0.7", ("0.1", 2), ASSUMED),
    Parameter(lam_U, "value to Ukraine of keeping the legal claim", "pie", ">=0", "0.05", (0, "0.1"), "op-ed (qualitative)"),
    Parameter(lam_R, "value to Russia of de jure recognition", "pie", ">=0", "0.03", (0, "0.1"), ASSUMED),
    Parameter(m_c, "land beyond the front line that a capitulation demand asks for", "share", ">=0", "0.05", ("0.02", "0.1"), ASSUMED),
    Parameter(w_pre, "share of territory that Kyiv controlled before the 2022 invasion", "share", "(0, 1]", "0.93", None, "external, rounded"),
    Parameter(o_U, "Ukraine's outside option", "pie", "[0, 1]", "0.55", ("0.4", "0.7"), ASSUMED),
    Parameter(o_R, "Russia's outside option (fight for capitulation)", "pie", "[0, 1]", "0.15", ("0.05", "0.45"), "op-ed (qualitative)"),
), (w < w_pre,))

c_R = kappa * 365 * N_cas * (1 - nk) + b_R - cn  # Russia's war cost a year, in shares of the pie
freeze_gap = r_R * c_R - g  # a freeze on the line suits Russia where this is not negative; linear in casualties
game = territory_core.talks(
    "Territory", NOTATION, front=w, held={"U": c_U - k_U + c_K, "R": c_R + k_R}, lost={"U": c_U, "R": c_R}, rates={"U": r_U, "R": r_R},
    drift=g, hazard=h, period=Delta)
war = {"U": w - c_U, "R": 1 - w - c_R}
composites: Mapping[Any, Expr] = dict(zip(territory_core.NOTATION.symbols, (
    w, c_U, c_R, c_U - k_U + c_K, c_R + k_R, r_U, r_R, g, h, Delta), strict=True))
reduced = {"": territory_core.game, " without Kursk": territory_core.without_kursk}
without_kursk = game.without("Kursk held")
war_for_ever = never_agreeing(game)


# Recognition sold: Ukraine gives up its legal claim, Russia gains de jure recognition.
recognition_sold = replace(game, agreement={"U": x - lam_U, "R": 1 - x + lam_R})


LINES = ("capitulation line", "front line", "pre-2022 line", "1991 borders")
line = dict(zip(LINES, (w - m_c, w, w_pre, Integer(1)), strict=True))


def demands(at: Point) -> MatrixGame:
    """The demand game on the menu of lines: both name a line at once; unequal demands mean war."""
    fight = (at["W_U"], at["W_R"])
    cells = {}
    for own in LINES:
        for other in LINES:
            share = at.evaluate(line[own])
            cells[own, other] = (share, 1 - share) if own == other else fight
    return MatrixGame("Menu of lines", ("U", "R"), (LINES, LINES), cells, NOTATION)


def table_with_exits(at: Point) -> AlternatingOffers:
    """The settlement the talks lead to, when either side may walk away to its outside option."""
    rates = {"U": exp(-at.values[r_U] * Delta), "R": exp(-at.values[r_R] * Delta)}
    going_on = State("talks", flow={"U": at["x_lim"], "R": 1 - at["x_lim"]})
    period = Notation((Parameter(Delta, "time between offers", domain="(0, 1)", baseline="1/12"),))
    return AlternatingOffers("Talks with outside options", ("U", "R"), x, {"U": x, "R": 1 - x}, rates, period, (0, 1), (going_on,),
                             outside={"U": at.values[o_U], "R": at.values[o_R]}, period=Delta)


def exits(at: Point) -> str:
    """Which outside option decides the settlement."""
    if at["x_lim"] is None:
        return "no deal"
    solution = at.equilibrium("exits")
    if "x" not in solution.quantities:
        return "no deal"
    share = solution.quantities["x"]
    if share == at["x_lim"]:
        return "neither binds"
    return "U binds" if share > at["x_lim"] else "R binds"


def agreed(at: Point, problem: str) -> Any:
    """The line of a settlement; None where talks come to nothing, because war is worth more to the two sides together."""
    return at.equilibrium(problem).quantities.get("x")


def gap(more: Any, less: Any) -> Any:
    """A difference of two lines; None where there is no settlement."""
    return None if more is None or less is None else more - less


def above(value: Any, bound: Any) -> bool:
    """Whether a line or a premium exceeds a bound; it does not where there is no settlement."""
    return value is not None and bool(value > bound)


def menu(at: Point) -> list[str]:
    """The lines on which both may insist: pure equilibria of the demand game in which the demands agree."""
    profiles = [[next(iter(e.strategies[player].values())) for player in ("U", "R")] for e in at.solution("menu").extreme]
    return [name for name in LINES if any(own[name] == other[name] == 1 for own, other in profiles)]


def legal_formula(at: Point) -> str:
    """Who holds the claim in the deal that both prefer: the arrangement with the larger joint value."""
    return "de facto" if at.values[lam_U] >= at.values[lam_R] else "de jure"


model = Model(
    "ukraine/territory",
    problems={
        "talks": (game, Rubinstein()),
        "talks without Kursk": (without_kursk, Rubinstein()),
        "limit": (game, Rubinstein(limit=True)),
        "limit without Kursk": (without_kursk, Rubinstein(limit=True)),
        "limit, recognition sold": (recognition_sold, Rubinstein(limit=True)),
        "exits": (table_with_exits, Rubinstein(limit=True)),
        "menu": (demands, Nash()),
    },
    reductions={kind + chip: Reduction(table, Rubinstein(limit=kind == "limit"), composites) for kind in ("talks", "limit") for chip, table in reduced.items()},
    quantities=(
        Quantity("c_R", c_R, "cost of war to Russia a year"),
        Quantity("x_U", lambda at: at.equilibrium("talks").quantities["x_U"], "line that Ukraine proposes"),
        Quantity("x_R", lambda at: at.equilibrium("talks").quantities["x_R"], "line that Russia proposes"),
        Quantity("x_U_noK", lambda at: at.equilibrium("talks without Kursk").quantities["x_U"], "line that Ukraine proposes without Kursk"),
        Quantity("x_R_noK", lambda at: at.equilibrium("talks without Kursk").quantities["x_R"], "line that Russia proposes without Kursk"),
        Quantity("prem_U", lambda at: at["x_U"] - at["x_U_noK"], "what Kursk adds to the line that Ukraine proposes"),
        Quantity("prem_R", lambda at: at["x_R"] - at["x_R_noK"], "what Kursk adds to the line that Russia proposes"),
        Quantity("x_lim", lambda at: agreed(at, "limit"), "line as offers follow each other at once"),
        Quantity("shift", lambda at: gap(agreed(at, "limit without Kursk"), at.values[w]),
                 "line without Kursk, as offers follow each other at once, less the front line"),
        Quantity("premK", lambda at: gap(at["x_lim"], agreed(at, "limit without Kursk")), "what Kursk adds to the line as offers follow each other at once"),
        Quantity("W_U", lambda at: at.evaluate(war_for_ever["U"]), "Ukraine's value of war for ever"),
        Quantity("W_R", lambda at: at.evaluate(war_for_ever["R"]), "Russia's value of war for ever"),
        Quantity("zopa_lo", lambda at: at["W_U"], "least line that Ukraine accepts"),
        Quantity("zopa_hi", lambda at: 1 - at["W_R"], "greatest line that Russia accepts"),
        Quantity("width", lambda at: at["zopa_hi"] - at["zopa_lo"], "width of the bargaining range"),
        Quantity("N_star", -freeze_gap.subs(N_cas, 0) / freeze_gap.diff(N_cas), "daily casualties above which a freeze without Kursk is acceptable to Russia"),
        Quantity("x_dejure", lambda at: agreed(at, "limit, recognition sold"), "line as offers follow each other at once if recognition is sold"),
        Quantity("formula", legal_formula, "legal formula with the larger joint value: the claim kept (de facto) or sold (de jure)"),
        Quantity("x_legal", lambda at: at["x_lim"] if at["formula"] == "de facto" else at["x_dejure"], "line under the legal formula with the larger joint value"),
        Quantity("outside", exits, "which outside option binds (no deal: none, talks fail)"),
        Quantity("x_out", lambda at: None if at["x_lim"] is None else agreed(at, "exits"), "line once either side may walk away to its outside option"),
        Quantity("menu", menu, "lines that are equilibria of the demand game"),
        Quantity("deal", lambda at: at["outside"] != "no deal", "whether a deal is reached"),
    ),
    claims=(
        Claim("T1 territorial bargaining range is non-empty", lambda at: at["width"] >= 0, "K12"),
        Claim("T2 a freeze on the front line is acceptable to Russia (no Kursk): g <= r_R c_R", g <= r_R * c_R, "K14, K15"),
        Claim("T3 Kursk is a chip worth holding (premium > 0)", lambda at: above(at["premK"], 0), "K18"),
        Claim("T3b the Kursk premium is worth more than 0.5% of territory", lambda at: above(at["premK"], Rational(5, 1000)), "K18"),
        Claim("T4 the deal restores land beyond the front line (x > w)", lambda at: above(at["x_lim"], at.values[w]), "K34"),
        Claim("T4b Kyiv keeps most of its pre-invasion territory (x > w_pre/2)", lambda at: above(at["x_lim"], at.values[w_pre] / 2), "K34"),
        Claim("T4c the pre-2022 line is in the range", lambda at: at["zopa_lo"] <= at.values[w_pre] <= at["zopa_hi"], "K34"),
        Claim("T7 more than one line on the menu is an equilibrium", lambda at: len(at["menu"]) > 1, "Q11"),
        Claim("T5 de facto occupation with the claim kept is efficient", lam_U >= lam_R, "K17"),
        Claim("T6 Russia holds out for more than the range allows (o_R > 1-x_lo)", lambda at: at.values[o_R] > 1 - at["zopa_lo"], "K13"),
    ),
    exhibits=(
        Curve("Bargaining range and the drifting front", g, (0, "0.015"),
              {"agreed line": ("limit", "x"), "least Ukraine accepts": lambda m: war_for_ever["U"],
               "most Russia accepts": lambda m: 1 - war_for_ever["R"]},
              band=("least Ukraine accepts", "most Russia accepts"), reference=("front line", w),
              threshold=("a freeze without Kursk suits Russia up to here", r_R * c_R),
              ordinate="share of territory to Ukraine"),
        Curve("Worth of the Kursk chip", h, (0, 3), {"what Kursk adds to the share": (("limit", "x"), ("limit without Kursk", "x"))},
              reference=("nothing", 0), around=(k_R, 0, "0.05"), ordinate="share of territory"),
        Listing("Territorial equilibrium by the time between offers", Delta, ("1/52", "1/12", "1/4", "1/2", 1),
                {"Ukraine proposes": "x_U", "Russia proposes": "x_R", "what Kursk adds": "prem_U"},
                limit=("limit", {"Ukraine proposes": "x_lim", "Russia proposes": "x_lim", "what Kursk adds": "premK"})),
        Curve("Proposals and the time between offers, once Kursk is lost", Delta, ("0.02", 1),
              {"Ukraine proposes": ("talks without Kursk", "x_U"), "Russia proposes": ("talks without Kursk", "x_R")}, ordinate="share of territory to Ukraine"),
    ),
    outputs=("x_lim", "width"),
    summary=__doc__ or "",
)
