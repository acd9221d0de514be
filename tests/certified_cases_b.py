"""More small problems with answers: what the certificates from `open_rule` to `waiting` check beyond the cases of `certified_cases.py`."""

from collections.abc import Callable
from typing import Any

import sympy as sp

import bargain as bg
from bargain import Actor, Breakdown, Costs, Game, Issue, Notation, Parameter, State, bargain_node, chance, decision, offer, payoffs, simultaneous
from bargain.games.disturbed import DisturbedGame, UniformCost
from bargain.games.power_shift import PowerShift
from bargain.solvers.information.agent_quantal import AgentQuantalResponse, LimitingLogit

R = sp.Rational
x, w, s = sp.symbols("x w s", real=True)
t = sp.Symbol("t", real=True)
r1, r2, period = sp.symbols("r1 r2 Delta", positive=True)
AB, ABC = ("A", "B"), ("A", "B", "C")
PIE = {"A": x, "B": 1 - x}
REVERSED = {"A": 1 - x, "B": x}


def rows(*symbols: sp.Symbol, domain: str = "real", baseline: Any = "1/3") -> Notation:
    return Notation(tuple(Parameter(symbol, "parameter", domain=domain, baseline=baseline) for symbol in symbols))


def table(first: Any = "9/10", second: Any = "4/5", agreement: Any = None, **more: Any) -> bg.AlternatingOffers:
    return bg.AlternatingOffers("Pie", AB, x, agreement or PIE, {"A": first, "B": second}, **more)


def fast(**more: Any) -> bg.AlternatingOffers:
    """Rates of 1/20 and 1/7 in continuous time, the period as a symbol."""
    return table(sp.exp(-period / 20), sp.exp(-period / 7), notation=rows(period, domain=">0"), period=period, **more)


def speed(**changes: Any) -> PowerShift:
    given = {"war": {"A": "27/100 + t/40", "B": "53/100 - t/40"}, "patience": {"A": R(1, 10), "B": R(3, 20)}, "most": R(81, 100), **changes}
    return PowerShift("Re-arming", AB, t, last=4, continuous=True, **given)


def issues(*, divisible: bool = True, **more: Any) -> bg.Issues:
    worth = {"land": {"A": 3, "B": 1}, "money": {"A": 1, "B": 2}, "post": {"A": 2, "B": 2}}
    return bg.Issues("Trade", AB, tuple(Issue(name, each, divisible) for name, each in worth.items()), {"A": "4/5", "B": "9/10"}, **more)


def solid(*vertices: tuple[Any, ...], disagreement: tuple[Any, ...] = (0, 0, 0)) -> bg.BargainingProblem:
    return bg.BargainingProblem("Solid", ABC, dict(zip(ABC, disagreement, strict=True)), vertices=vertices)


CAPPED = ((0, 0, 0), ("1/3", 0, 0), (0, 1, 0), (0, 0, 1), ("1/3", "2/3", 0), ("1/3", 0, "2/3"))
FLAT = solid((1, 0, 1), (0, 1, 1))


def talks(**more: Any) -> Game:
    """A bargaining table inside a tree: B may walk away into a decision, and C looks on."""
    fight = decision("B", fight=payoffs(A="1/10", B="2/5", C=-1), submit=payoffs(A=1, B=0, C=0))
    return Game("Talks", ABC, (), decision("C", stop=payoffs(A=0, B=0, C="1/9"), talk=bargain_node(table(**more), spectators={"C": x / 3}, outside={"B": fight})))


def failing(first: Any, second: Any, **more: Any) -> Game:
    """The same without C: what B's walking away pays may leave nothing to agree on."""
    leave = decision("B", fight=payoffs(A=first, B=second), submit=payoffs(A=1, B=0))
    return Game("Talks", AB, (), decision("A", stop=payoffs(A=0, B=0), talk=bargain_node(table(**more), outside={"B": leave})))


def proposals(refusal: Any = "3/10") -> Game:
    """Two offers of the same share, one at each node."""
    def proposed(first: str, second: str) -> Any:
        return offer(first, x, between=(0, 1), answer=decision(second, accept=payoffs({first: x, second: 1 - x}), reject=payoffs(A="1/5", B=refusal)))

    return Game("Proposals", AB, (), decision("A", mine=proposed("A", "B"), yours=proposed("B", "A")))


def subgame() -> Game:
    """A matrix after an announcement, written with an information set, whose two pure equilibria and mixture all lead on to a last move of B."""
    def second(first: str) -> Any:
        paid = {"u": ((3, 1), (0, 0)), "d": ((0, 0), (1, 3))}[first]
        more = decision("B", keep=payoffs(A=paid[0][0], B=paid[0][1]), burn=payoffs(A=paid[0][0], B=paid[0][1] - 1)) if first == "u" else payoffs(A=0, B=0)
        return decision("B", {"l": more, "r": payoffs(A=paid[1][0], B=paid[1][1])}, information_set="b")

    return Game("Announced", AB, (), decision("A", out=payoffs(A="1/9", B=0), play=decision("A", u=second("u"), d=second("d"))))


def indifferent() -> Game:
    """B is indifferent after A's move, and his replies make A's moves equally good: a component."""
    return Game("Gift", AB, (), decision("A", ask=decision("B", give=payoffs(A=2, B=1), keep=payoffs(A=0, B=1)), leave=payoffs(A=1, B=0)))


def at_once() -> Game:
    cells = {("u", "l"): payoffs(A=3, B=1), ("u", "r"): payoffs(A="1/3", B=2), ("d", "l"): payoffs(A=1, B="1/2"), ("d", "r"): payoffs(A=1, B=0)}
    meet = simultaneous({"A": ("u", "d"), "B": ("l", "r")}, cells)
    return Game("Toss", AB, (), chance(heads=("2/5", meet), tails=("3/5", payoffs(A=-1, B=1))))


def raid() -> DisturbedGame:
    """A raids at a private cost; B, who does not see it, guards or sleeps."""
    def guard(raided: bool) -> Any:
        paid = {"guard": (0, "-1/5"), "sleep": (1, -1)} if raided else {"guard": ("1/9", "-1/5"), "sleep": ("1/9", 0)}
        return decision("B", {answer: payoffs(A=first, B=second) for answer, (first, second) in paid.items()}, information_set="b")

    return DisturbedGame(Game("Raid", AB, (), decision("A", raid=guard(True), stay=guard(False))), {"(start)": UniformCost("raid", "1/4", "3/4")})


def battles(phi: str) -> tuple[Any, Any]:
    from bargain.models.classics import battlefield_learning

    return battlefield_learning.war.at({**battlefield_learning.war.notation.baseline, "phi": phi, "k": "1/10"}), bg.Skimming()


MORE: dict[str, Callable[[], tuple[Any, Any]]] = {
    "open rule: one": lambda: (bg.OpenRule("Committee", ABC, "9/10"), bg.Seconding()),
    "open rule: two": lambda: (bg.OpenRule("Committee", ABC, "1/2"), bg.Seconding()),
    "package: three": lambda: (issues(disagreement={"A": "1/5", "B": "1/7"}), bg.Package()),
    "package: indivisible": lambda: (issues(divisible=False, lotteries=False, disagreement={"A": "1/5", "B": "1/7"}), bg.Package()),
    "agenda: three": lambda: (issues(), bg.Agenda()),
    "positions: even": lambda: (bg.Positions("Issue", {"A": Actor(-2, 2, 1), "B": Actor(10, 1, 1), "C": Actor(4, 2, "1/2")}),
                                bg.WeightedPositions()),
    "shift: speed": lambda: (speed(), bg.PeacefulPath()),
    "shift: too fast": lambda: (speed(war={"A": "27/100 + 3*t/40", "B": "53/100 - 3*t/40"}), bg.PeacefulPath()),
    "shift: worthless": lambda: (speed(war={"A": "27/100 + t/40", "B": "-1/50 - t/40"}), bg.PeacefulPath()),
    "shift: worthless in the end": lambda: (speed(war={"A": "27/100 + t/40", "B": "1/25 - t/40"}), bg.PeacefulPath()),
    "shift: on the edge": lambda: (speed(war={"A": "27/100 + t/40", "B": "-t/40"}), bg.PeacefulPath()),
    "shift: still": lambda: (speed(war={"A": "27/100", "B": "53/100"}, burden="1/50"), bg.PeacefulPath()),
    "shift: peace": lambda: (PowerShift("Rise", AB, t, {"A": "1/4 + t/50", "B": "1/2 - t/50"}, 2, {"A": "9/10", "B": "4/5"}, "9/10", "1/50"), bg.PeacefulPath()),
    "shift: peace, war": lambda: (PowerShift("Rise", AB, t, {"A": "1/4 + t**2/24", "B": "1/2 - t**2/24"}, 3, {"A": "9/10", "B": "4/5"}, "9/10", "1/50"),
                                  bg.PeacefulPath()),
    "shift: late": lambda: (PowerShift("Rise", AB, t, {"A": "1/4 + t**2/12", "B": "7/10 - t**2/12"}, 3, {"A": "9/10", "B": "4/5"}, "9/10", "1/50"),
                            bg.PeacefulPath()),
    "path: no gains": lambda: (bg.BargainingProblem("Kink", AB, {"A": 2, "B": 2}, vertices=((0, 0), (0, 3), (2, 2), (4, 0))), bg.ContinuousRaiffa()),
    "solid: equal loss": lambda: (solid(*CAPPED), bg.EqualLoss()),
    "solid: egalitarian": lambda: (solid(*CAPPED), bg.Egalitarian({"A": 2, "B": 1, "C": 3})),
    "solid: flat": lambda: (FLAT, bg.KalaiSmorodinsky()),
    "solid: no gains": lambda: (solid((0, 0, 0), (1, 0, 0), (0, 1, 0), disagreement=("1/2", "1/2", 0)), bg.Egalitarian()),
    "division": lambda: (bg.BargainingProblem("Division", ABC, dict.fromkeys(ABC, 0), division=(x, 1, {"A": sp.sqrt(x), "B": x, "C": x})), bg.NashBargaining()),
    "line: unequal": lambda: (bg.SpatialBargaining("Council", ("L", "M", "R"), {"L": 0, "M": "1/4", "R": 1}, {"L": "9/10", "M": "4/5", "R": "3/4"}, 3,
                                                   {"L": "1/3", "M": "1/6", "R": "1/2"}), bg.NoDelay()),
    "pie: three": lambda: (bg.StochasticPie("Wait", ABC, {"low": 1, "high": 2, "none": 0}, {"low": "A", "high": "B", "none": "C"},
                                            {"low": {"high": "1/2", "none": "1/2"}, "high": {"low": 1}, "none": {"low": "1/3", "high": "2/3"}},
                                            {"A": "9/10", "B": "4/5", "C": "7/10"}), bg.StochasticAgreement()),
    "stream: later": lambda: (bg.FlowUnderThreat.shifting("Rise", AB, ["2/5", "3/10", "9/10"], {"A": 1, "B": 1}, "4/5"), bg.SelfEnforcingPeace()),
    "stream: three": lambda: (bg.FlowUnderThreat.shifting("Rise", AB, ["2/5", "1/2", "3/5"], {"A": 1, "B": 1}, "4/5"), bg.SelfEnforcingPeace()),
    "stream: dear war": lambda: (bg.FlowUnderThreat.shifting("Rise", AB, ["1/10", "1/5"], {"A": 3, "B": 1}, "4/5"), bg.SelfEnforcingPeace()),
    "strike: none": lambda: (bg.ConflictDuringTalks("Strike", AB, "3/10", "1/2"), bg.ConflictBounds()),
    "strike: none, costly": lambda: (bg.ConflictDuringTalks("Strike", AB, "7/10", "3/5", fighting={"A": "1/20", "B": "1/4"}), bg.ConflictBounds()),
    "strike: costly": lambda: (bg.ConflictDuringTalks("Strike", AB, "2/5", "4/5", fighting={"A": "1/10", "B": "1/5"}), bg.ConflictBounds()),
    "optimists: three": lambda: (bg.OptimisticTalks("Deadline", AB, {"A": "4/5", "B": "9/10"}, "4/5", dates=3), bg.Optimists()),
    "tree nash: at once": lambda: (at_once(), bg.Nash()),
    "tree nash: gift": lambda: (indifferent(), bg.Nash()),
    "bounds: reversed": lambda: (table("9/10", "4/5", REVERSED, states=(State("talks", {"A": "1/9", "B": "-1/7"}),)), bg.ShakedSutton()),
    "bounds: equal costs": lambda: (table(1, 1, costs={"A": "1/5", "B": "1/5"}), bg.ShakedSutton()),
    "bounds: breakdown": lambda: (table(1, "9/10", breakdown=Breakdown("1/10", {"A": "1/5", "B": "1/10"}), recognition={"A": "1/3", "B": "2/3"}), bg.ShakedSutton()),
    "bounds: order": lambda: (table("9/10", "4/5", order=("A", "A", "B")), bg.ShakedSutton()),
    "bounds: waiting": lambda: (table("1/2", "1/2", states=(State("talks", {"A": "6/5", "B": "-1/2"}),)), bg.ShakedSutton()),
    "rubinstein: reversed": lambda: (table("9/10", "4/5", REVERSED), bg.Rubinstein()),
    "rubinstein: corner": lambda: (table(states=(State("talks", {"A": 0, "B": -9}),)), bg.Rubinstein()),
    "rubinstein: unbounded": lambda: (table(states=(State("talks", {"A": 0, "B": -9}),), between=None), bg.Rubinstein()),
    "rubinstein: delay": lambda: (table("1/2", "1/2", states=(State("good", {"A": "3/5", "B": "3/5"}, {"bad": 1}), State("bad", {"B": "1/5"}))), bg.Rubinstein()),
    "rubinstein: walk": lambda: (table(outside={"A": "7/10", "B": "1/2"}), bg.Rubinstein()),
    "rubinstein: front": lambda: (table(between=None, states=(State("war", flow={"A": w - R(1, 10), "B": R(4, 5) - w}),), drift={w: w - R(1, 50)},
                                        start={w: R(1, 2)}), bg.Rubinstein()),
    "rubinstein: limit": lambda: (fast(), bg.Rubinstein(limit=True)),
    "rubinstein: limit, outside": lambda: (fast(outside={"A": "1/9", "B": "4/5"}), bg.Rubinstein(limit=True)),
    "rubinstein: limit, never": lambda: (fast(states=(State("talks", {"A": "4/5", "B": "3/10"}),)), bg.Rubinstein(limit=True)),
    "agents: twice as rational": lambda: (at_once(), AgentQuantalResponse(2)),
    "agents: limit": lambda: (at_once(), LimitingLogit()),
    "perfect: component": lambda: (bg.MatrixGame.from_arrays([[1, 1], [0, 0]], [[1, 1], [0, 0]]), bg.Perfect()),
    "risk: mixed": lambda: (bg.MatrixGame.from_arrays([[9, 0], [0, 1]], [[0, 1], [1, 0]]), bg.RiskDominance()),
    "risk: unequal": lambda: (bg.MatrixGame.from_arrays([[4, 0], [3, 5]], [[5, 3], [0, 1]]), bg.RiskDominance()),
    "risk: symbols": lambda: (bg.MatrixGame.from_arrays([[s, 0], [3, 3]], [[s, 3], [0, 3]], notation=rows(s, domain="(3, 9)", baseline=5)), bg.RiskDominance()),
    "undominated: symbols": lambda: (bg.MatrixGame.from_arrays([[s, 0], [3, 3]], [[s, 3], [0, 3]], notation=rows(s, domain=">0")), bg.PayoffDominance()),
    "skimming: battle, part": lambda: battles("1/5"),
    "skimming: battle, apart": lambda: battles("2/5"),
    "skimming: battle, pool": lambda: battles("7/10"),
    "beliefs: raid": lambda: (raid(), bg.Sequential()),
    "beliefs: raid, weak": lambda: (raid(), bg.PerfectBayesian()),
    "subgame: talks": lambda: (talks(), bg.SubgamePerfect()),
    "subgame: talks, never": lambda: (failing("1/10", "1/10", states=(State("talks", {"A": "4/5", "B": "3/10"}),)), bg.SubgamePerfect()),
    "subgame: talks, walk": lambda: (failing("7/10", "1/2"), bg.SubgamePerfect()),
    "subgame: proposals": lambda: (proposals(), bg.SubgamePerfect()),
    "subgame: announced": lambda: (subgame(), bg.SubgamePerfect()),
    "subgame: gift": lambda: (indifferent(), bg.SubgamePerfect()),
    "risk_return: range": lambda: (bg.UncertainWar("Crisis", AB, "1/2", "1/10", Costs.uniform(0, "1/20")), bg.RiskReturn()),
}
