"""Small problems with answers, at least one for every certificate: what the sharp tests of `certify` corrupt, and mutation testing runs."""

from collections.abc import Callable
from functools import cache
from typing import Any

import sympy as sp
from certified_cases_a import MORE as MORE_A
from certified_cases_b import MORE

import bargain as bg
from bargain import Actor, Breakdown, Costs, Game, Issue, Notation, Parameter, State, chance, decision, payoffs, simultaneous
from bargain.games.power_shift import PowerShift
from bargain.games.stochastic import Result, Stage, StochasticGame
from bargain.loading import load
from bargain.solution import Solution
from bargain.solvers import ExtensiveFormPerfect
from bargain.solvers.information.agent_quantal import AgentQuantalResponse
from bargain.solvers.information.extensive_correlated import ExtensiveFormCorrelatedEquilibrium

R = sp.Rational
x, w, a, b, d = sp.symbols("x w a b d", real=True)
t = sp.Symbol("t", real=True)
v = sp.Symbol("v", positive=True)
AB = ("A", "B")
HALF = {"weak": "1/2", "strong": "1/2"}
KINK = ((0, 0), (0, 3), (2, 2), (4, 0))
CHICKEN = bg.MatrixGame.from_arrays([[6, 2], [7, 0]], [[6, 7], [2, 0]])
HUNT = bg.MatrixGame.from_arrays([[4, 0], [3, 3]], [[4, 3], [0, 3]])
ABCD = bg.CoalitionalGame("Four", ("A", "B", "C", "D"), {("A", "B"): 4, ("A", "C"): 3, ("B", "C"): 2, ("A", "B", "C"): 6, ("A", "B", "C", "D"): 9, ("C", "D"): 1})
THREE = bg.CoalitionalGame("Three", ("A", "B", "C"), {("A", "B"): 4, ("A", "C"): 3, ("B", "C"): 2, ("A", "B", "C"): 6})


def rows(*symbols: sp.Symbol, domain: str = "real") -> Notation:
    return Notation(tuple(Parameter(symbol, "parameter", domain=domain, baseline="1/3") for symbol in symbols))


def table(first: Any = "9/10", second: Any = "4/5", agreement: Any = None, **more: Any) -> bg.AlternatingOffers:
    return bg.AlternatingOffers("Pie", AB, x, agreement or {"A": x, "B": 1 - x}, {"A": first, "B": second}, **more)


def cut(vertices: Any = KINK, disagreement: tuple[Any, Any] = (0, "1/7")) -> bg.BargainingProblem:
    return bg.BargainingProblem("Kink", AB, dict(zip(AB, disagreement, strict=True)), vertices=vertices)


PARABOLA = bg.BargainingProblem("Curve", AB, {"A": "1/9", "B": 0}, curve=(x, (0, 1), {"A": x, "B": 1 - x**2}))
POINTS = bg.BargainingProblem("Points", AB, {"A": 0, "B": 0}, points=((1, 3), (2, 2), ("7/2", 1)))
SOLID = bg.BargainingProblem("Solid", ("A", "B", "C"), {"A": 0, "B": "1/9", "C": 0}, vertices=((0, 0, 0), (2, 0, 0), (0, 3, 0), (0, 0, 1), (1, 1, "1/2")))


def beer_quiche(strong: Any, notation: Any = ()) -> Game:
    def message(kind: str, drink: str) -> Any:
        likes = int((kind, drink) in (("strong", "beer"), ("weak", "quiche")))
        return decision("R", {"duel": payoffs(S=likes, R=1 if kind == "weak" else -1), "not": payoffs(S=likes + 2, R=0)}, information_set=f"after {drink}")

    return Game("Beer and quiche", ("S", "R"), notation, chance({kind: (p, decision("S", {drink: message(kind, drink) for drink in ("beer", "quiche")},
                information_set=kind)) for kind, p in (("strong", strong), ("weak", 1 - strong))}))


def card_game() -> Game:
    def hand(sign: int) -> Any:
        meet = decision("B", {"meet": payoffs(A=2 * sign, B=-2 * sign), "pass": payoffs(A=1, B=-1)}, information_set="b")
        return decision("A", {"raise": meet, "fold": payoffs(A=sign, B=-sign)})

    return Game("Cards", AB, (), chance(red=("1/2", hand(1)), black=("1/2", hand(-1))))


def horse() -> Game:
    third = {k: decision("C", L=payoffs(A=p[0], B=p[1], C=p[2]), R=payoffs(A=q[0], B=q[1], C=q[2]), information_set="C's") for k, p, q in
             [("D", (3, 3, 2), (0, 0, 0)), ("d", (4, 4, 0), (0, 0, 1))]}
    return Game("Horse", ("A", "B", "C"), (), decision("A", C=decision("B", c=payoffs(A=1, B=1, C=1), d=third["d"]), D=third["D"]))


def stage() -> Game:
    cells = {("u", "l"): payoffs(A=3, B=1), ("u", "r"): payoffs(A="1/3", B=0), ("d", "l"): payoffs(A=0, B="1/2"), ("d", "r"): payoffs(A=1, B=2)}
    return Game("Meeting", AB, (), decision("A", out=payoffs(A="1/9", B=0), play=simultaneous({"A": ("u", "d"), "B": ("l", "r")}, cells)))


def bet(*more: Any) -> Game:
    """A tree with a parameter, chance and two movers."""
    grab = decision("B", share=payoffs(A=1, B="1/2"), grab=payoffs(A=-3, B=w))
    return Game("Bet", AB, rows(w, domain="[-1, 1]"), decision("A", stay=payoffs(A="-1/2", B=-2), go=chance(good=("1/3", grab), bad=("2/3", payoffs(A=-w, B=-1)))))


def ceasefire() -> StochasticGame:
    peace = Stage({"A": ("keep", "break")}, {("keep",): Result({"A": 0}, {"war": "1/10"}), ("break",): Result({"A": "1/5"}, {"war": "1/2"})})
    return StochasticGame("Ceasefire", ("A",), {"peace": peace, "war": Stage.fixed({"A": -1})}, "9/10", start="peace")


def skimmed(shares: Any, worth: Any, discount: Any, horizon: int | None) -> bg.Screening:
    names = [f"t{i}" for i in range(len(shares))]
    return bg.Screening("sale", ("S", "B"), dict(zip(names, shares, strict=True)), dict(zip(names, worth, strict=True)), discount, horizon)


def border(worth: Any = x, **more: Any) -> bg.CostlyWar:
    return bg.CostlyWar("border", AB, x, {"A": worth, "B": 1 - x}, {"A": "1/2", "B": "1/5"}, **more)


def crisis(values: tuple[str, ...], audience: Any, war: Any) -> bg.AudienceCosts:
    return bg.AudienceCosts("types", AB, Costs(atoms={value: R(1, len(values)) for value in values}), audience, war)


def three_players() -> bg.MatrixGame:
    cells = {(i, j, k): (int(i == "u") + 2 * int(j == "l") * int(k == "s"), int(i != "u") + int(k == "s"), 3 * int(i == "u") * int(j == "r") + int(k == "n"))
             for i in ("u", "d") for j in ("l", "r") for k in ("s", "n")}
    return bg.MatrixGame("Three", ("A", "B", "C"), (("u", "d"), ("l", "r"), ("s", "n")), cells)


def irrational() -> bg.MatrixGame:
    """Nau, Gomez Canovas and Hansen (2004): the only equilibrium has irrational weights."""
    paid = {(0, 0, 0): (3, 0, 2), (0, 0, 1): (1, 0, 0), (1, 1, 0): (1, 0, 0), (1, 1, 1): (2, 0, 3), (0, 1, 0): (0, 2, 0), (0, 1, 1): (0, 1, 0),
            (1, 0, 0): (0, 1, 0), (1, 0, 1): (0, 3, 0)}
    return bg.MatrixGame("Nau", ("A", "B", "C"), (("u", "d"), ("l", "r"), ("s", "n")),
                         {("ud"[i], "lr"[j], "sn"[k]): value for (i, j, k), value in paid.items()})


_TRADE = {"land": {"A": 2, "B": 1}, "money": {"A": 1, "B": 2}}
MAKERS: dict[str, Callable[[], tuple[Any, Any]]] = {
    "subgame: bet": lambda: (bet(), bg.SubgamePerfect()),
    "subgame: meeting": lambda: (stage(), bg.SubgamePerfect()),
    "nash: chicken": lambda: (CHICKEN, bg.Nash()),
    "nash: symbols": lambda: (bg.MatrixGame.from_arrays([[a, "1/3"], ["1/2", b]], [["1/5", 1], [b, "2/7"]], notation=rows(a, b)), bg.Nash()),
    "nash: component": lambda: (bg.MatrixGame.from_arrays([[1, 1, 0], [0, 2, 2]], [[1, 1, 0], [0, 2, 2]]), bg.Nash()),
    "nash: three players": lambda: (three_players(), bg.Nash()),
    "nash: irrational": lambda: (irrational(), bg.Nash()),
    "bounds: answering": lambda: (table("9/10", "9/10", outside={"A": "1/9", "B": "3/5"}), bg.ShakedSutton()),
    "tree nash": lambda: (card_game(), bg.Lemke()),
    "within": lambda: (card_game(), bg.CounterfactualRegret(iterations=60)),
    "rubinstein": lambda: (table(), bg.Rubinstein()),
    "rubinstein: outside": lambda: (table("9/10", "9/10", outside={"A": "1/9", "B": "3/5"}), bg.Rubinstein()),
    "rubinstein: states": lambda: (table(states=(State("war", {"A": "-1/5"}, {"lull": "1/3", "war": "2/3"}), State("lull"))), bg.Rubinstein()),
    "rubinstein: breakdown": lambda: (table(1, "9/10", breakdown=Breakdown("1/10", {"A": "1/5", "B": "1/10"})), bg.Rubinstein()),
    "rubinstein: never": lambda: (table(states=(State("talks", {"A": "4/5", "B": "3/10"}),)), bg.Rubinstein()),
    "rubinstein: lags": lambda: (table(lags={"A": 1, "B": 2}), bg.Rubinstein()),
    "rubinstein: costs": lambda: (table(1, 1, costs={"A": "1/10", "B": "1/5"}), bg.Rubinstein()),
    "bounds": lambda: (table(), bg.ShakedSutton()),
    "bounds: outside": lambda: (table("9/10", "9/10", outside={"A": "1/9", "B": "3/5"}, leaves={"A": "refused", "B": "refused"}), bg.ShakedSutton()),
    "finite": lambda: (table(horizon=3), bg.FiniteHorizon()),
    "finite: states": lambda: (table(states=(State("war", {"A": "-1/5"}, {"lull": "1/3", "war": "2/3"}), State("lull")), horizon=4), bg.FiniteHorizon()),
    "finite: symbols": lambda: (table(d, "4/5", notation=rows(d, domain="(0, 1)"), horizon=2), bg.FiniteHorizon()),
    "curved": lambda: (table("81/100", "81/100", {"A": sp.sqrt(x), "B": 1 - x}), bg.CurvedFrontier()),
    "package": lambda: (bg.Issues("Trade", AB, tuple(Issue(k, u) for k, u in _TRADE.items()), {"A": "4/5", "B": "9/10"}), bg.Package()),
    "agenda": lambda: (bg.Issues("Trade", AB, tuple(Issue(k, u) for k, u in _TRADE.items()), {"A": "4/5", "B": "9/10"}), bg.Agenda()),
    "unanimity": lambda: (bg.Unanimity("Three", ("A", "B", "C"), {"A": "9/10", "B": "4/5", "C": "7/10"}), bg.Rotating()),
    "unanimity: exit": lambda: (bg.Unanimity("Three", ("A", "B", "C"), {"A": "9/10", "B": "4/5", "C": "7/10"}, exit=True), bg.Rotating()),
    "product": lambda: (cut(), bg.NashBargaining(weights={"A": "3/5"})),
    "product: curve": lambda: (PARABOLA, bg.NashBargaining()),
    "product: points": lambda: (POINTS, bg.NashBargaining()),
    "product: solid": lambda: (SOLID, bg.NashBargaining()),
    "product: solid, weighted": lambda: (SOLID, bg.NashBargaining(weights={"A": "1/2", "B": "1/3"})),
    "product: no gains": lambda: (cut(disagreement=(4, 0)), bg.NashBargaining()),
    "ray": lambda: (cut(), bg.KalaiSmorodinsky()),
    "ray: curve": lambda: (PARABOLA, bg.KalaiSmorodinsky()),
    "ray: solid": lambda: (SOLID, bg.KalaiSmorodinsky()),
    "egalitarian": lambda: (cut(), bg.Egalitarian()),
    "proportional": lambda: (cut(), bg.Egalitarian(weights={"A": 2, "B": 1})),
    "egalitarian: curve": lambda: (PARABOLA, bg.Egalitarian()),
    "equal loss": lambda: (cut(), bg.EqualLoss()),
    "equal loss: curve": lambda: (PARABOLA, bg.EqualLoss()),
    "equal area": lambda: (cut(), bg.EqualArea()),
    "equal area: curve": lambda: (PARABOLA, bg.EqualArea()),
    "Perles-Maschler": lambda: (cut(), bg.PerlesMaschler()),
    "Perles-Maschler: curve": lambda: (PARABOLA, bg.PerlesMaschler()),
    "steps": lambda: (cut(), bg.DiscreteRaiffa()),
    "steps: curve": lambda: (cut(), bg.ContinuousRaiffa()),
    "sum": lambda: (cut(), bg.Utilitarian()),
    "sum: curve": lambda: (PARABOLA, bg.Utilitarian()),
    "Shapley": lambda: (ABCD, bg.ShapleyValue()),
    "Banzhaf": lambda: (THREE, bg.BanzhafValue()),
    "Banzhaf: normalised": lambda: (THREE, bg.BanzhafValue(normalised=True)),
    "nucleolus": lambda: (ABCD, bg.Nucleolus()),
    "prenucleolus": lambda: (ABCD, bg.Nucleolus(individually_rational=False)),
    "core": lambda: (THREE, bg.Core()),
    "core: empty": lambda: (bg.CoalitionalGame("Empty", ("A", "B", "C"), {("A", "B"): 5, ("A", "C"): 4, ("B", "C"): 4, ("A", "B", "C"): 6}), bg.Core()),
    "tau": lambda: (THREE, bg.TauValue()),
    "shift": lambda: (PowerShift("Rise", AB, t, {"A": "2/5 + 3*t/50", "B": "1/2 - 3*t/50"}, 1, "9/10"), bg.PeacefulPath()),
    "Markov": lambda: (ceasefire(), bg.MarkovPerfect()),
    "random proposer": lambda: (bg.RandomProposer("Parties", ("A", "B", "C"), {"A": "1/2", "B": "1/4", "C": "1/4"}, "4/5", quota=2), bg.Stationary()),
    "setter": lambda: (bg.AgendaSetting("Budget", "setter", {"setter": 1, "median": 0, "far": "-1/2"}, {"median": 1, "far": 1}, 1, "-2/5"),
                       bg.SetterProposal()),
    "forts": lambda: (bg.BattlefieldWar.forts("War", AB, 5, "3/5", {"A": "1/50", "B": "3/100"}), bg.RangeByState()),
    "pie": lambda: (bg.StochasticPie("Wait", AB, {"low": 1, "high": 2}, {"low": "A", "high": "B"}, {"low": {"high": 1}, "high": {"low": 1}}, "9/10"),
                    bg.StochasticAgreement()),
    "siege": lambda: (bg.WarOfAttrition.reputational("Siege", AB, {"A": "3/5", "B": "3/5"}, {"A": "1/10", "B": "1/10"}, {"A": "1/10", "B": "1/5"}), bg.Attrition()),
    "stream": lambda: (bg.FlowUnderThreat.shifting("Rise", AB, ["3/10", "7/10"], {"A": 1, "B": 1}, "9/10"), bg.SelfEnforcingPeace()),
    "stream: peace": lambda: (bg.FlowUnderThreat.shifting("Rise", AB, ["1/2", "3/5"], {"A": 1, "B": 1}, "9/10"), bg.SelfEnforcingPeace()),
    "strike": lambda: (bg.ConflictDuringTalks("Strike", ("U", "F"), truce="1/5", discount="9/10"), bg.ConflictBounds()),
    "optimists": lambda: (bg.OptimisticTalks("Deadline", AB, {"A": "9/10", "B": "9/10"}, "3/5", dates=2), bg.Optimists()),
    "crisis": lambda: (bg.AudienceCosts("Crisis", AB, Costs.uniform("-3/2", "1/2"), audience="1/2", war="-1/2"), bg.CrisisBluff()),
    "crisis: types": lambda: (crisis(("-2", "-1/4"), 1, "-3"), bg.CrisisBluff()),
    "crisis: resisted": lambda: (crisis(("-2", "1/2"), 1, "1/4"), bg.CrisisBluff()),
    "crisis: nobody would back down": lambda: (crisis(("-1/2", "-1/4"), 1, "1/4"), bg.CrisisBluff()),
    "quitting": lambda: (bg.PrivateAttrition("Siege", AB, v, v**2, top=1, cost="1/2"), bg.QuittingTimes()),
    "rounds": lambda: (bg.AttritionByRounds("Strike", AB, {"A": 3, "B": 5}, {"A": 1, "B": 2}, "9/10"), bg.RoundByRound()),
    "open rule": lambda: (bg.OpenRule("Committee", ("A", "B", "C"), "7/10"), bg.Seconding()),
    "line": lambda: (bg.SpatialBargaining("Council", ("L", "M", "R"), {"L": 0, "M": "1/2", "R": 1}, "9/10", quota=2), bg.NoDelay()),
    "skimming": lambda: (skimmed(["3/4", "1/4"], [3, 1], "1/2", None), bg.Skimming()),
    "skimming: two offers": lambda: (skimmed(["1/2", "1/2"], [3, 1], "1/2", 2), bg.Skimming()),
    "skimming: learning": lambda: (skimmed(["1/4", "1/4", "1/2"], [4, 2, 1], "1/2", 3), bg.Skimming()),
    "uniform": lambda: (bg.UniformScreening("u", ("S", "B"), 1, "1/2", 2), bg.LinearSkimming()),
    "uniform: endless": lambda: (bg.UniformScreening("u", ("S", "B"), 1, "1/2", None), bg.LinearSkimming()),
    "range": lambda: (border(), bg.BargainingRange()),
    "range: averse": lambda: (border(sp.sqrt(x)), bg.BargainingRange()),
    "range: shares": lambda: (border(shares=(0, "1/2", "11/20", 1)), bg.BargainingRange()),
    "range: empty": lambda: (bg.CostlyWar("border", AB, x, {"A": x**2, "B": 1 - x}, {"A": "9/20", "B": "9/20"}), bg.BargainingRange()),
    "demand": lambda: (bg.UncertainWar("Crisis", AB, "1/2", "1/10", Costs.uniform(0, "3/10")), bg.RiskReturn()),
    "demand: types": lambda: (bg.UncertainWar("Crisis", AB, "1/2", "1/10", Costs(atoms={"1/10": R(1, 3), "2/5": R(2, 3)})), bg.RiskReturn()),
    "positions": lambda: (bg.Positions("Issue", {"A": Actor(0, 2, 1), "B": Actor(10, 1, "1/2"), "C": Actor(4, 1, 1)}), bg.WeightedPositions()),
    "mechanism": lambda: (bg.PrivateInformation.war("Dispute", AB, HALF, HALF, lambda p, q: ["3/5" if k == "strong" else "3/10" for k in (p, q)]),
                          bg.BestMechanism()),
    "mechanism: trade": lambda: (bg.PrivateInformation.trade("Trade", {"1/4": "1/2", "3/4": "1/2"}, {"1/4": "1/2", "3/4": "1/2"}), bg.BestMechanism("gains")),
    "auction": lambda: (bg.DoubleAuction("Talks", "1/3"), bg.LinearBids()),
    "agents": lambda: (card_game(), AgentQuantalResponse(1)),
    "logit": lambda: (bg.MatrixGame.from_arrays([[9, 0], [0, 1]], [[0, 1], [1, 0]]), bg.QuantalResponse(1)),
    "strict": lambda: (bg.MatrixGame.from_arrays([[3, 0], [0, 3], [1, 1]], [[0, 1], [1, 0], [5, 0]]), bg.IteratedDominance()),
    "weak": lambda: (bg.MatrixGame.from_arrays([[1, 1, 0], [1, 0, 0], [0, 1, 2]], [[1, 1, 0], [0, 1, 0], [1, 0, 1]]), bg.IteratedDominance(weak=True)),
    "rational": lambda: (bg.MatrixGame.from_arrays([[1, -1, -3], [-1, 1, -3]], [[-1, 1, 0], [1, -1, 0]]), bg.Rationalizability()),
    "mediator": lambda: (CHICKEN, bg.CorrelatedEquilibrium()),
    "mediator: coarse": lambda: (CHICKEN, bg.CoarseCorrelatedEquilibrium({"row": 1})),
    "mediator: tree": lambda: (card_game(), ExtensiveFormCorrelatedEquilibrium()),
    "mediator: tree, coarse": lambda: (horse(), ExtensiveFormCorrelatedEquilibrium(coarse=True)),
    "security": lambda: (bg.MatrixGame.from_arrays([[3, 0], [0, 1]], [[1, 0], [0, 3]]), bg.SecurityLevels()),
    "security: three": lambda: (three_players(), bg.SecurityLevels()),
    "coco": lambda: (bg.MatrixGame.from_arrays([[2, 10], [4, 0]], [[6, 5], [8, 0]]), bg.Coco()),
    "threats": lambda: (bg.MatrixGame.from_arrays([[1, "-4/3"], [-3, 4]], [[4, -4], [-1, 1]]), bg.VariableThreats()),
    "perfect": lambda: (bg.MatrixGame.from_arrays([[1, 0], [0, 0]], [[1, 0], [0, 0]]), bg.Perfect()),
    "proper": lambda: (bg.MatrixGame.from_arrays([[1, 0, -9], [0, 0, -7], [-9, -7, -7]], [[1, 0, -9], [0, 0, -7], [-9, -7, -7]]), bg.Proper()),
    "perfect: tree": lambda: (horse(), ExtensiveFormPerfect()),
    "risk": lambda: (HUNT, bg.RiskDominance()),
    "undominated": lambda: (HUNT, bg.PayoffDominance()),
    "beliefs": lambda: (beer_quiche(R(9, 10)), bg.Sequential()),
    "beliefs: horse": lambda: (horse(), bg.Sequential()),
    "beliefs: weak": lambda: (beer_quiche(R(9, 10)), bg.PerfectBayesian()),
    "coexisting": lambda: (Game("Two", AB, rows(w, domain="[-1, 1]"), decision("A", l=decision("B", u=payoffs(A=1, B=w), v=payoffs(A=0, B=0)),
                                                                              r=payoffs(A="1/2", B=1))), bg.SubgamePerfectOutcomes()),
}
MAKERS |= MORE_A | MORE
for _name in ("agenda_setter", "commitment_problem", "log_rolling", "mediation", "outside_option", "power_shift", "reputation", "risk_return", "unanimity",
              "war_range", "deterrence", "two_by_two"):
    for _key in load(f"classics/{_name}").problems:
        def _at(name: str = _name, key: str = _key) -> tuple[Any, Any]:
            problem, solver = load(f"classics/{name}").problems[key]
            return problem.at(problem.notation.baseline), solver
        MAKERS[f"{_name}: {_key}"] = _at


@cache
def solved(name: str) -> Solution:
    """The answer to a case, found once a process."""
    problem, solver = MAKERS[name]()
    return bg.solve(problem, solver)
