"""The grand tree: Europe, the United States, Ukraine and Russia, all options in one game.

Europe offers a burden-sharing compact or not; the US sells out, talks first or builds leverage
first; it proposes one of five security packages: neutrality (N), bilateral commitments (B), these
with European troops (P), the West German model (W) or Article 5 (A). Ukraine trades Kursk, holds
it or refuses; Russia accepts (and complies or violates, and then the guarantor, Europe for P and
the US for B, W and A, honours its promise or abandons it) or rejects (and faces a surge or sees the
US back down). The compact matters when the US is near indifference, leverage first when Russia
tolerates costs; outside that band the op-ed's package is unnecessary or not enough.

Four versions: perfect information (X1, 264 end nodes) or chance moves for the guarantor's cost and
the US resolve (X2, 240); and the line on the front (focal), or drawn by bargaining over territory
(Rubinstein), which lets land pay for security. The claims are about X1 with the line on the front.

The baseline was not chosen blind. A first draft (v_US = 0.4, no cost of effort, z_P = 0.05) made
the compact unnecessary; the values here (0.6, C_eff = 1, eta = 0.1, z_P = 0.06) are those of the
burden-sharing model and make it pivotal. Baseline verdicts illustrate a mechanism; the regimes are
the result.
"""

from functools import cache
from itertools import pairwise

from sympy import Eq, Expr, Integer, Symbol, exp, symbols

from bargain import (
    AlternatingOffers,
    Claim,
    Game,
    Model,
    Notation,
    OutcomeMap,
    Parameter,
    Quantity,
    Rubinstein,
    State,
    SubgamePerfect,
    chance,
    decision,
    payoffs,
    solve,
)
from bargain.claims import Point
from bargain.models.ukraine.grand_notation import GUARANTOR, NOTATION, PACKAGES, X

PLAYERS = ("EU", "US", "UA", "RU")


def share(compact: int) -> Expr:
    """Europe's share of the burden."""
    return X["b_1"] if compact else X["b_0"]


def ends(eu: Expr, us: Expr, ua: Expr, ru: Expr) -> object:
    """An end node: payoffs relative to an end of the war on the front line without any arrangement."""
    return payoffs(EU=eu, US=us, UA=ua, RU=ru)


@cache
def territory() -> tuple[Expr, dict[str, Symbol]]:
    """Where the line moves when land may pay for security: the alternating-offers table over territory, solved.

    Symbols stand for each side's value of the deal beyond land and its war cost; the answer is an expression.
    """
    y, z, t = symbols("y z t", real=True)
    names = {name: Symbol(name, real=True) for name in ("deal_U", "deal_R", "cost_U", "cost_R")}
    rates = {side: exp(-X[r] * t) for side, r in (("UA", "r_U"), ("RU", "r_R"))}
    rows = [Parameter(symbol, "value beyond land") for symbol in names.values()]
    notation = Notation((*rows, *(NOTATION[r] for r in ("r_U", "r_R", "g")), Parameter(z, "front"), Parameter(t, "time between offers", domain=">0")),
                        (names["deal_U"] + names["deal_R"] + names["cost_U"] + names["cost_R"] > X["g"] / X["r_R"] - X["g"] / X["r_U"],))
    table = AlternatingOffers(
        "Line of the settlement", ("UA", "RU"), y, {"UA": y + names["deal_U"], "RU": names["deal_R"] - y}, rates, notation, None,
        (State("war", flow={"UA": z - names["cost_U"], "RU": -z - names["cost_R"]}),), {z: z - X["g"] * t}, period=t)
    solution = solve(table, Rubinstein(limit=True), at={z: 0})
    agreed = next(e for regime in solution.regimes for e in regime.extreme() if "y" in e.quantities)
    return agreed.quantities["y"], names


@cache
def moved(j: str, leverage: int, swap: int) -> Expr:
    """Territory that moves to Kyiv with package j."""
    line, names = territory()
    return line.xreplace({
        names["deal_U"]: X["s_" + j] + swap * (X["t_K"] - X["k_U"] + X["c_K"]),
        names["deal_R"]: X["f"] - X["e_" + j] + swap * (X["k_R"] - X["t_K"]),
        names["cost_U"]: X["c_U"] - leverage * X["a_L"],
        names["cost_R"]: X["c_R"] + leverage * X["h_L"],
    })


class Tree:
    """Builds one version of the tree; each method is one stage, in the order of play."""

    def __init__(self, chancy: bool, linked: bool) -> None:
        self.chancy, self.linked = chancy, linked

    def root(self) -> object:
        """Europe offers the compact or not."""
        return decision("EU", {"Compact": self.washington(1), "NoCompact": self.washington(0)})

    def washington(self, compact: int) -> object:
        """The US sells out, talks first or builds leverage first."""
        return decision("US", {"SellOut": self.sold(compact), "TalksFirst": self.talks(compact, 0), "LeverageFirst": self.talks(compact, 1)})

    def before(self, compact: int, leverage: int) -> tuple[Expr, Expr]:
        """What Europe and the US have spent when talks start."""
        return -compact * X["kw_dG"], -leverage * X["kappa_L"] * (1 - share(compact))

    def sold(self, compact: int) -> object:
        """After a sell-out: capitulate (Russia stops or pushes on), or fight on with or without more from Europe."""
        eu, _ = self.before(compact, 0)
        us = X["a_pc"] - X["A_r"] - X["Lam"]
        return decision("UA", {
            "Capitulate": decision("RU", {
                "Stop": ends(eu - X["L_cap"], us, -X["Y_U"], X["Y_R"] + X["f"]),
                "PushOn": ends(eu - X["L_push"], us - X["lam_push"], -X["Y_U"] - X["p"] - X["Delta_a"], X["Y_R"] + X["p"] + X["Delta_a"] - X["k_n"]),
            }),
            "FightOn": decision("EU", {"StepUp": self.alone(compact, 1), "StandAside": self.alone(compact, 0)}),
        })

    def alone(self, compact: int, helped: int) -> object:
        """Ukraine fights on without the US; Russia freezes the front or goes on."""
        eu, _ = self.before(compact, 0)
        us = X["half"] * X["a_pc"] - X["A_r"] - X["Lam"]
        loss = X["Delta_a"] * (1 - helped * share(compact))
        return decision("RU", {
            "Freeze": ends(eu - helped * X["c_E"] - (1 - helped) * X["L_h"] / 2, us, X["s_0"], X["f"]),
            "War": ends(eu - X["c_E"] * (1 + helped) - (1 - helped) * X["L_h"], us, X["F_U"] - loss, X["F_R"] + loss),
        })

    def talks(self, compact: int, leverage: int) -> object:
        """The US proposes a package; Ukraine trades Kursk, holds it, or refuses."""
        options = (("Agree", 1),) if self.chancy else (("Swap", 1), ("Hold", 0))
        refused = self.refused(compact, leverage, 0)
        return decision("US", {
            j: decision("UA", {**{name: self.russia(compact, leverage, j, swap) for name, swap in options}, "Refuse": refused}) for j in PACKAGES
        })

    def refused(self, compact: int, leverage: int, backed: int) -> object:
        """The war goes on; `backed` if the US backs down from a threat."""
        eu, us = self.before(compact, leverage)
        return ends(eu - X["c_E"], us - X["k_aid"] * (1 - share(compact)) - backed * leverage * X["alpha_S"],
                    X["F_U"] + leverage * X["a_L"], X["F_R"] - leverage * X["h_L"] + backed * leverage * X["b_bd"])

    def russia(self, compact: int, leverage: int, j: str, swap: int) -> object:
        """Russia accepts or rejects the package."""
        accept = decision("RU", {"Comply": self.settled(compact, leverage, j, swap, Integer(0)), "Violate": self.violated(compact, leverage, j, swap)})
        if not self.chancy:
            reject = self.surge(compact, leverage, j, swap, X["K_S"])
        else:
            reject = chance({"Resolved": (X["pi_K"], self.surge(compact, leverage, j, swap, X["K_lo"])),
                             "Unresolved": (1 - X["pi_K"], self.surge(compact, leverage, j, swap, X["K_hi"]))})
        return decision("RU", {"Accept": accept, "Reject": reject})

    def settled(self, compact: int, leverage: int, j: str, swap: int, surge: Expr) -> object:
        """A settlement that holds; `surge` is the cost of a surge that came first (0 for none)."""
        eu, us = self.before(compact, leverage)
        b, late = share(compact), 0 if surge == 0 else 1
        line = moved(j, leverage, swap) if self.linked else Integer(0)
        return ends(
            eu + X["V_E"] - (X["m_PK"] if j == "P" else 0) - late * X["psi"] * surge * b,
            us + X["v_US"] - X["eta"] * (b - X["b_0"]) - (X["C_eff"] + X["z_" + j]) * (1 - b) - late * X["psi"] * surge * (1 - b),
            X["s_" + j] + swap * (X["t_K"] - X["k_U"] + X["c_K"]) + line - late * X["w_s"],
            X["f"] - X["e_" + j] + swap * (X["k_R"] - X["t_K"]) - line - late * X["psi"] * X["d"])

    def violated(self, compact: int, leverage: int, j: str, swap: int) -> object:
        """Russia attacks again; the guarantor, if there is one, honours its promise or abandons it."""
        if j == "N":
            return self.renewed(compact, leverage, j, swap, None, Integer(0))
        if not self.chancy:
            return self.called(compact, leverage, j, swap, X["m_G"])
        return chance({"CostLow": (X["pi_m"], self.called(compact, leverage, j, swap, X["m_lo"])),
                       "CostHigh": (1 - X["pi_m"], self.called(compact, leverage, j, swap, X["m_hi"]))})

    def called(self, compact: int, leverage: int, j: str, swap: int, cost: Expr) -> object:
        """The guarantor's choice at a given cost of fighting."""
        return decision(GUARANTOR[j], {"Honour": self.renewed(compact, leverage, j, swap, True, cost),
                                       "Abandon": self.renewed(compact, leverage, j, swap, False, cost)})

    def renewed(self, compact: int, leverage: int, j: str, swap: int, honoured: bool | None, cost: Expr) -> object:
        """Payoffs of a renewed war; `honoured` is None where there is no guarantor."""
        eu, us = self.before(compact, leverage)
        tie = Integer(0) if honoured is None else X["alpha_" + j] + (X["tau_P"] if j == "P" else 0)
        paid = X["b_G"] - cost if honoured else -tie
        guarantor = GUARANTOR.get(j) if honoured is not None else None
        return ends(
            eu - X["L_h"] + (paid if guarantor == "EU" else 0),
            us - X["z_" + j] * (1 - share(compact)) - X["l_US"] + (paid if guarantor == "US" else 0),
            -X["p"] - X["k_UA"] + (X["q"] if honoured else 0) + swap * (X["t_K"] - X["k_U"] + X["c_K"]),
            X["p"] - X["k_n"] - (X["q"] + X["D"] if honoured else 0) + swap * (X["k_R"] - X["t_K"]))

    def surge(self, compact: int, leverage: int, j: str, swap: int, cost: Expr) -> object:
        """Russia rejected: the US surges (Russia cuts its losses or fights on) or backs down."""
        eu, us = self.before(compact, leverage)
        b = share(compact)
        fights = ends(eu - X["c_E"] - cost * b, us - X["k_aid"] * (1 - b) + X["G_s"] - cost * (1 - b),
                      X["F_U"] + leverage * X["a_L"] + X["a_d"], X["F_R"] - leverage * X["h_L"] - X["d"])
        return decision("US", {
            "Surge": decision("RU", {"CutLosses": self.settled(compact, leverage, j, swap, cost), "FightOn": fights}),
            "BackDown": self.refused(compact, leverage, 1),
        })


@cache
def version(chancy: bool, linked: bool) -> Game:
    """One of the four versions of the game."""
    title = f"Grand tree, {'chance moves' if chancy else 'perfect information'}, line {'bargained' if linked else 'on the front'}"
    return Game(title, PLAYERS, NOTATION, Tree(chancy, linked).root())


game = version(False, False)

FIRST_MOVES = (("Compact",), ("NoCompact",), ("Compact", "SellOut"), ("Compact", "TalksFirst"), ("Compact", "LeverageFirst"),
               ("NoCompact", "SellOut"), ("NoCompact", "TalksFirst"), ("NoCompact", "LeverageFirst"))


def described(name: str, at: Point) -> dict[str, object]:
    """Path, payoffs and ties of a version, and of the subgames after the first moves."""
    solution, whole = at.solution(name), at.equilibrium(name)
    on_path = {"/".join(whole.path[:k]) or "(start)" for k in range(len(whole.path))}
    parts = {"/".join(history): outcome(solution.problem.subgame(*history)) for history in FIRST_MOVES}
    return {"path": "/".join(whole.path), "payoffs": dict(whole.payoffs), "ties": len(whole.ties),
            "ties_on_path": [place for place in whole.ties if place in on_path], "sub": parts}


def outcome(subgame: Game) -> dict[str, object]:
    """Path and payoffs of the first equilibrium of a subgame."""
    equilibrium = SubgamePerfect().run(subgame).extreme[0]
    return {"path": "/".join(equilibrium.path), "payoffs": dict(equilibrium.payoffs)}


def outcomes(at: Point, name: str = "X1_focal") -> list[list[object]]:
    """Every subgame-perfect outcome with its payoffs."""
    return [["/".join(e.path), [e.payoffs[player] for player in PLAYERS]] for e in at.solution(name).extreme]


def path(at: Point, *after: str, name: str = "X1_focal") -> list[str]:
    """The equilibrium path, or that of the subgame after some moves."""
    return list(at.play(name, *after))


def holds(moves: list[str]) -> bool:
    """Whether a path ends in a settlement that holds."""
    return moves[-1] in ("Comply", "CutLosses")


def leverage_decides(at: Point, name: str = "X1_focal") -> bool:
    """On the branch Europe chose, a settlement that holds after leverage first and none after talks first."""
    compact = path(at, name=name)[0]
    return holds(path(at, compact, "LeverageFirst", name=name)) and not holds(path(at, compact, "TalksFirst", name=name))


def propositions(name: str) -> tuple[Claim, ...]:
    """The claims, about one version of the tree."""
    def whole(at: Point) -> list[str]:
        return path(at, name=name)

    return (
        Claim("X1 the equilibrium is the op-ed's package (compact, leverage first, settlement that holds)",
              lambda at: whole(at)[:2] == ["Compact", "LeverageFirst"] and holds(whole(at)), "K10, K28, K35"),
        Claim("X2 a settlement that holds is reached", lambda at: holds(whole(at)), "K34"),
        Claim("X3 the US sells Ukraine out", lambda at: whole(at)[1] == "SellOut", "K41"),
        Claim("X4 the compact is pivotal: a settlement that holds with it, none without",
              lambda at: holds(path(at, "Compact", name=name)) and not holds(path(at, "NoCompact", name=name)), "K35"),
        Claim("X4b without the compact the US sells out", lambda at: path(at, "NoCompact", name=name)[0] == "SellOut", "K41"),
        Claim("X5 leverage first is pivotal on the equilibrium branch", lambda at: leverage_decides(at, name), "K10, K28"),
        Claim("X6 the agreed package includes European troops or more (P, W, A)",
              lambda at: holds(whole(at)) and whole(at)[2] in ("P", "W", "A"), "K26"),
        Claim("X7 Kursk is traded", lambda at: holds(whole(at)) and "Swap" in whole(at), "K18"),
    )


def code(moves: tuple[str, ...]) -> str:
    """Short label of a path: compact or not; talks, leverage or sell-out; package; how it ends."""
    end = "x" if moves[1] == "SellOut" else "V" if "Violate" in moves else "S" if holds(list(moves)) else "w"
    return moves[0][0] + moves[1][0] + moves[2][0] + end


KEY = ('Code: "C" compact or "N" none; "T" talks first, "L" leverage first or "S" sell-out; the package ("N" neutrality, "B" bilateral commitments, '
       '"P" these with European troops, "W" West German model, "A" Article 5), or after a sell-out "F" if Ukraine fights on and "C" if it capitulates; '
       'last "S" a settlement that holds, "w" the war goes on, "x" sold out, "V" violated.')
VERSIONS = {"X1_focal": (False, False), "X1_rubinstein": (False, True), "X2_focal": (True, False), "X2_rubinstein": (True, True)}
WORDS = {name: f"{('perfect information', 'chance moves')[chancy]}, line {('on the front', 'bargained')[linked]}" for name, (chancy, linked) in VERSIONS.items()}
a_pc, v_US, d, F_R = X["a_pc"], X["v_US"], X["d"], X["F_R"]

model = Model(
    "ukraine/grand_bargain",
    problems={name: (game if name == "X1_focal" else (lambda at, kinds=kinds: version(*kinds)), SubgamePerfect()) for name, kinds in VERSIONS.items()},
    quantities=(
        *(Quantity(name, lambda at, name=name: described(name, at), f"{words}: path, payoffs and ties, and those of the subgames after the first moves")
          for name, words in WORDS.items()),
        Quantity("n_leaves", lambda at: {"X1": game.count["ends"], "X2": version(True, False).count["ends"]},
                 "number of end nodes (X1: perfect information, X2: chance moves)"),
        Quantity("spe_outcomes_X1_focal", outcomes, "all subgame-perfect outcomes under perfect information, line on the front"),
    ),
    claims=propositions("X1_focal"),
    among=(Eq(X["alpha_P"], X["alpha_B"]), *(X[f"{letter}_{i}"] <= X[f"{letter}_{j}"] for letter in "es" for i, j in pairwise(PACKAGES))),
    summary=__doc__ or "",
    exhibits=(
        OutcomeMap("Peace-candidate gain against the value of leading", "X1_focal", (v_US, "0.2", "0.9"), (a_pc, 0, "0.6"), code,
                   (("sensitive Russia", {}), ("tolerant Russia", {d: "0.045"})), KEY),
        OutcomeMap("Russia's war value against surge damage", "X1_focal", (d, 0, "0.36"), (F_R, "-0.1", "0.04"), code, key=KEY),
    ),
)
