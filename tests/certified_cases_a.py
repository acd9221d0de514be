"""More small problems with answers: what the certificates from `agenda` to `nash` check beyond the cases of `certified_cases.py`."""

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import sympy as sp
from certified_cases_b import rows, table

import bargain as bg
from bargain import Breakdown, Costs, Game, State, chance, decision, payoffs, simultaneous
from bargain.solvers import ExtensiveFormPerfect
from bargain.solvers.information.extensive_correlated import ExtensiveFormCorrelatedEquilibrium
from bargain.solvers.matrices.one_nash import OneNash

R = sp.Rational
x, a, b, d, y = sp.symbols("x a b d y", real=True)
t = sp.Symbol("t", nonnegative=True)
AB, ABC = ("A", "B"), ("A", "B", "C")
CHICKEN = bg.MatrixGame.from_arrays([[6, 2], [7, 0]], [[6, 7], [2, 0]])
COSTS = bg.CoalitionalGame("Costs", ABC, {("A",): 3, ("B",): 4, ("C",): 5, ("A", "B"): 5, ("A", "C"): 6, ("B", "C"): 7, ABC: 8}, costs=True)
FLOWS = (State("one", {"A": "4/5", "B": "1/2"}, {"one": "1/3", "two": "2/3"}), State("two", {"A": "-1/9"}))
BENT = {"A": x * (3 - x) / 2, "B": (1 - x) * (2 + x) / 2}


def polygon(vertices: Any, disagreement: Any = (0, 0)) -> bg.BargainingProblem:
    return bg.BargainingProblem("Polygon", AB, dict(zip(AB, disagreement, strict=True)), vertices=vertices)


def curve(first: Any, second: Any, disagreement: Any = (0, 0), interval: Any = (0, 1)) -> bg.BargainingProblem:
    return bg.BargainingProblem("Arc", AB, dict(zip(AB, disagreement, strict=True)), curve=(x, interval, {"A": first, "B": second}))


def solid(disagreement: Any) -> bg.BargainingProblem:
    return bg.BargainingProblem("Solid", ABC, dict(zip(ABC, disagreement, strict=True)), vertices=((0, 0, 0), (2, 0, 0), (0, 3, 0), (0, 0, 1), (1, 1, "1/2")))


def drawn(shape: tuple[int, ...], seed: int) -> bg.MatrixGame:
    """Integer payoffs from 0 to 9."""
    random = np.random.default_rng([seed, 9, *shape])
    tables = [random.integers(0, 10, size=shape) for _ in shape]
    actions = tuple(tuple(f"{'abcd'[k]}{j}" for j in range(size)) for k, size in enumerate(shape))
    cells = {tuple(actions[k][j] for k, j in enumerate(cell)): tuple(int(paid[cell]) for paid in tables) for cell in product(*map(range, shape))}
    return bg.MatrixGame("Drawn", tuple(f"P{k}" for k in range(len(shape))), actions, cells)


def with_a_curve() -> bg.MatrixGame:
    """Nau, Gomez Canovas and Hansen (2004), section 5: a curve of completely mixed equilibria."""
    paid = {(0, 0, 1): (1, 1, 0), (1, 0, 0): (3, 0, 0), (0, 1, 0): (0, 3, 0), (0, 0, 0): (0, 0, 2), (1, 1, 1): (0, 0, 3)}
    return bg.MatrixGame("Nau", ABC, (("u", "d"), ("l", "r"), ("s", "n")),
                         {("ud"[i], "lr"[j], "sn"[k]): paid.get((i, j, k), (0, 0, 0)) for i, j, k in product((0, 1), repeat=3)})


def care() -> Game:
    """B's answer r is never perfect: A could err afterwards."""
    again = decision("A", x=payoffs(A=0, B=1), y=payoffs(A=-1, B=0))
    return Game("Care", AB, (), decision("A", out=payoffs(A=2, B=2), enter=decision("B", l=payoffs(A=1, B=1), r=again)))


def signals() -> Game:
    """A is told the chance move, B is not; which of B's actions pays depends on it."""
    def told(sign: int) -> Any:
        guess = decision("B", left=payoffs(A=sign, B=1 + sign), right=payoffs(A=-sign, B="1/2"), information_set="b")
        return decision("A", stay=payoffs(A="1/5", B=0), go=guess)

    return Game("Signals", AB, (), chance(good=("2/3", told(1)), bad=("1/3", told(-1))))


def later() -> Game:
    """Chance after both have moved, and a set of A's behind it that does not tell them apart."""
    draw = chance(a=("1/3", decision("A", l=payoffs(A=3, B=0), r=payoffs(A=0, B=2), information_set="late")),
                  b=("2/3", decision("A", l=payoffs(A=0, B=1), r=payoffs(A=2, B=0), information_set="late")))
    return Game("Later", AB, (), decision("A", go=decision("B", m=draw, n=payoffs(A="1/2", B="2/3")), stop=payoffs(A="1/4", B="1/5")))


def told_later() -> Game:
    """B does not see what A did; where they do not meet, A learns it and chooses once more."""
    again = decision("A", take=payoffs(A=2, B="1/4"), leave=payoffs(A="1/3", B=3))
    cells = {"u": decision("B", l=payoffs(A=3, B=1), r=again, information_set="b"),
             "d": decision("B", l=payoffs(A="1/2", B=2), r=payoffs(A=1, B="5/2"), information_set="b")}
    return Game("Told later", AB, (), decision("A", cells))


def meeting() -> Game:
    """A may go out, or both choose at once; after (u, l) B may spoil it."""
    cells = {("u", "l"): decision("B", keep=payoffs(A=3, B=1), spoil=payoffs(A=0, B="1/3")), ("u", "r"): payoffs(A="1/3", B=0),
             ("d", "l"): payoffs(A=0, B="1/2"), ("d", "r"): payoffs(A=1, B=2)}
    return Game("Meeting", AB, (), decision("A", out=payoffs(A="2/3", B=0), play=simultaneous({"A": ("u", "d"), "B": ("l", "r")}, cells)))


def search() -> Game:
    """B hides, A seeks with less to find at one place than at the other, unless A stays out."""
    cells = {("u", "l"): payoffs(A=y, B=0), ("u", "r"): payoffs(A=0, B=1), ("d", "l"): payoffs(A=0, B=1), ("d", "r"): payoffs(A=1, B=0)}
    return Game("Search", AB, rows(y, domain="(0, 1)"), decision("A", out=payoffs(A=-1, B=2), play=simultaneous({"A": ("u", "d"), "B": ("l", "r")}, cells)))


def crisis(low: Any, high: Any, audience: Any, war: Any, **more: Any) -> bg.AudienceCosts:
    return bg.AudienceCosts("Crisis", AB, Costs.uniform(low, high), audience, war, **more)


def setter(ideals: Any, quota: Any, quo: Any, weights: Any = (1, 1, 1)) -> bg.AgendaSetting:
    names = ("setter", "median", "far")
    return bg.AgendaSetting("Budget", "setter", dict(zip(names, ideals, strict=True)), dict(zip(names, weights, strict=True)), quota, quo)


def border(first: Any = x, second: Any = 1 - x, costs: Any = ("1/5", "1/10"), **more: Any) -> bg.CostlyWar:
    return bg.CostlyWar("Border", AB, x, {"A": first, "B": second}, {"A": R(1, 2) - sp.sympify(costs[0]), "B": R(1, 2) - sp.sympify(costs[1])}, **more)


MORE: dict[str, Callable[[], tuple[Any, Any]]] = {
    # attrition
    "siege: known": lambda: (bg.WarOfAttrition("Siege", AB, t, {"A": 4 - t, "B": 2 - t}, {"A": -t, "B": -t}), bg.Attrition()),
    "siege: audiences": lambda: (bg.WarOfAttrition("Siege", AB, t, {"A": 1, "B": 1}, {"A": -2 * t, "B": -t}, {"A": 2 * t, "B": t}), bg.Attrition()),
    "rounds: unequal patience": lambda: (bg.AttritionByRounds("Strike", AB, {"A": 2, "B": 7}, {"A": "1/2", "B": 3}, {"A": "4/5", "B": "2/3"}), bg.RoundByRound()),
    # alternating offers
    "curved: box": lambda: (table("9/10", "4/5", {"A": 1 - sp.exp(-2 * x), "B": 1 - x}), bg.CurvedFrontier()),
    "curved: falling box": lambda: (table("4/5", "9/10", {"A": 1 - x, "B": 1 - sp.exp(-x)}), bg.CurvedFrontier()),
    "curved: option": lambda: (table("9/10", "9/10", {"A": x, "B": sp.sqrt(1 - x)}, outside={"A": 0, "B": "4/5"}), bg.CurvedFrontier()),
    "curved: flows": lambda: (table("9/10", "4/5", {"A": x, "B": 1 - x}, states=(State("war", {"A": "1/10", "B": "1/7"}),)), bg.CurvedFrontier()),
    "finite: everything": lambda: (table("9/10", "4/5", horizon=3, costs={"A": "1/10", "B": "1/20"}, lags={"B": 2},
                                         breakdown=Breakdown("1/10", {"A": "1/5", "B": "1/10"})), bg.FiniteHorizon()),
    "finite: exits": lambda: (table("9/10", "4/5", horizon=3, outside={"A": "1/3", "B": "1/2"}, leaves={"A": "answering", "B": "refused"},
                                    default={"A": "1/10", "B": "1/20"}), bg.FiniteHorizon()),
    "finite: no deal": lambda: (table("9/10", "4/5", horizon=2, outside={"A": "3/5", "B": "1/2"}), bg.FiniteHorizon()),
    "finite: no deal, lines": lambda: (
        table("9/10", "4/5", {"A": x, "B": 1 - 2 * x}, horizon=3, between=None, outside={"A": "3/5", "B": "1/2"}), bg.FiniteHorizon()),
    "finite: flows": lambda: (table("9/10", "4/5", horizon=3, states=FLOWS), bg.FiniteHorizon()),
    "finite: chance": lambda: (table("9/10", "4/5", horizon=3, recognition={"A": "1/3", "B": "2/3"}), bg.FiniteHorizon()),
    "finite: order": lambda: (table("9/10", "4/5", {"A": 1 - x, "B": x}, horizon=4, order=("A", "B", "B")), bg.FiniteHorizon()),
    "finite: exits, symbols": lambda: (table(d, "4/5", notation=rows(d, domain="(0, 1)"), horizon=2, outside={"A": 0, "B": "1/2"}), bg.FiniteHorizon()),
    # perfection
    "perfect: dropped": lambda: (care(), ExtensiveFormPerfect()),
    "perfect: tree, signals": lambda: (signals(), ExtensiveFormPerfect()),
    # dominance
    "pure dominance": lambda: (bg.MatrixGame.from_arrays([[3, 0, 1], [0, 3, 1], [1, 1, 0]], [[0, 1, 0], [1, 0, 0], [5, 0, 0]]), bg.IteratedDominance(mixed=False)),
    "pure weak dominance": lambda: (bg.MatrixGame.from_arrays([[2, 0, 1], [1, 1, 1], [0, 2, 0]], [[1, 2, 0], [2, 1, 0], [1, 1, 1]]),
                                    bg.IteratedDominance(weak=True, mixed=False)),
    "one round": lambda: (bg.MatrixGame.from_arrays([[4, 1], [3, 0]], [[3, 1], [0, 2]]), bg.IteratedDominance(rounds=1)),
    "weak: nothing": lambda: (bg.MatrixGame.from_arrays([[4, 0], [0, 1]], [[3, 0], [0, 2]]), bg.IteratedDominance(weak=True)),
    "strict: three": lambda: (drawn((2, 3, 2), 4), bg.IteratedDominance()),
    "strict: symbols": lambda: (bg.MatrixGame.from_arrays([[a, 1], [0, "1/2"]], [[1, 2], [b, 0]], notation=rows(a, b)), bg.IteratedDominance()),
    # mediators
    "mediator: one cell": lambda: (CHICKEN, bg.CorrelatedEquilibrium({("r1", "c1"): 1, ("r2", "c2"): "-1/3"})),
    "mediator: against one": lambda: (CHICKEN, bg.CorrelatedEquilibrium({"row": -1, "column": "1/2"})),
    "mediator: three": lambda: (drawn((2, 2, 2), 3), bg.CorrelatedEquilibrium()),
    "mediator: tree, later": lambda: (later(), ExtensiveFormCorrelatedEquilibrium()),
    "mediator: tree, signals": lambda: (signals(), ExtensiveFormCorrelatedEquilibrium({"A": 1, "B": "-1/2"})),
    # many players
    "nash: enclosed": lambda: (drawn((3, 3, 3, 2), 12), OneNash()),
    "nash: curve": lambda: (with_a_curve(), bg.Nash()),
    "nash: four": lambda: (drawn((2, 2, 2, 2), 5), bg.Nash()),
    "nash: block": lambda: (bg.MatrixGame.from_arrays([[2, 2, 0], [2, 2, 0], [0, 0, 1]], [[3, 3, 0], [3, 3, 0], [0, 0, 1]]), bg.Nash()),
    # trees
    "tree nash: meeting": lambda: (meeting(), bg.Nash()),
    "tree nash: symbols": lambda: (search(), bg.Nash()),
    "subgame: search, symbols": lambda: (search(), bg.SubgamePerfect()),
    "subgame: sets": lambda: (signals(), bg.SubgamePerfect()),
    "subgame: told later": lambda: (told_later(), bg.SubgamePerfect()),
    # bargaining sets
    "no gains: curve": lambda: (curve(x, 1 - x**2, (1, 0)), bg.NashBargaining()),
    "no gains: ray": lambda: (polygon(((0, 0), (0, 3), (2, 2), (4, 0)), (4, 0)), bg.KalaiSmorodinsky()),
    "no gains: losses": lambda: (polygon(((0, 0), (0, 3), (2, 2), (4, 0)), (4, 0)), bg.EqualLoss()),
    "no gains: below": lambda: (polygon(((1, 1), (1, 2), (2, 1)), (2, 1)), bg.Egalitarian()),
    "product: kept whole": lambda: (polygon(((0, 0), (0, 5), (1, 5), (4, 2), (4, 0)), (1, "1/2")), bg.NashBargaining(weights={"A": "1/5"})),
    "product: symbols": lambda: (
        bg.BargainingProblem("Kink", AB, {"A": 0, "B": 0}, vertices=((0, 0), (0, 3), (a, a), (4, 0)), notation=rows(a, domain="(2, 3)", baseline="5/2")),
        bg.NashBargaining()),
    "product: division": lambda: (bg.BargainingProblem("Pie", ABC, dict.fromkeys(ABC, 0), division=(x, 1, {"A": x, "B": 2 * x, "C": x / 3})), bg.NashBargaining()),
    "ray: below": lambda: (polygon(((0, 0), (0, 5), (1, 5), (4, 2), (4, 0)), (1, "1/2")), bg.KalaiSmorodinsky()),
    "ray: falling curve": lambda: (curve(1 - x, 2 * x - x**2, ("1/10", "9/25")), bg.KalaiSmorodinsky()),
    "egalitarian: solid": lambda: (solid((0, "1/9", 0)), bg.Egalitarian()),
    "ray: other solid": lambda: (solid(("1/7", 0, "1/10")), bg.KalaiSmorodinsky()),
    "equal loss: curve, falling": lambda: (curve(1 - x, 2 * x - x**2, ("1/10", "9/25")), bg.EqualLoss()),
    "equal area: curve, falling": lambda: (curve(1 - x, 2 * x - x**2, ("1/10", "9/25")), bg.EqualArea()),
    "sum: weights": lambda: (polygon(((0, 0), (0, 3), (2, 2), (4, 0))), bg.Utilitarian(weights={"A": 1, "B": 3})),
    # coalitions
    "core: costs": lambda: (COSTS, bg.Core()),
    "tau: costs": lambda: (COSTS, bg.TauValue()),
    "nucleolus: costs": lambda: (COSTS, bg.Nucleolus()),
    "Shapley: costs": lambda: (COSTS, bg.ShapleyValue()),
    "Shapley: symbols": lambda: (bg.CoalitionalGame("Three", ABC, {("A", "B"): a, ("A", "C"): "1/2", ABC: 1}, notation=rows(a)), bg.ShapleyValue()),
    # conflict
    "crisis: high values": lambda: (crisis("-1/2", "3/2", "1/4", "-1/3"), bg.CrisisBluff()),
    "crisis: cheap talk": lambda: (crisis(-2, "1/5", "1/10", "1/4"), bg.CrisisBluff()),
    "setter: gridlock": lambda: (setter((1, 0, "-1/2"), 2, "1/5"), bg.SetterProposal()),
    "setter: weighted": lambda: (setter((0, 1, 2), 3, "9/5", (1, 2, 1)), bg.SetterProposal()),
    "setter: unanimity": lambda: (setter((1, "1/2", "1/3"), 3, 0), bg.SetterProposal()),
    "setter: symbols": lambda: (bg.AgendaSetting("Budget", "setter", {"setter": 1, "median": 0}, {"median": 1}, 1, a, notation=rows(a, domain="(-2, 2)")),
                                bg.SetterProposal()),
    "range: symbols": lambda: (border(costs=(a, b), notation=rows(a, b, domain="(0, 1)")), bg.BargainingRange()),
    "range: all shares": lambda: (border(costs=("3/5", "11/20")), bg.BargainingRange()),
    "range: no share": lambda: (border(shares=(0, "1/4", 1), costs=("1/10", "1/10")), bg.BargainingRange()),
    "demand: steps": lambda: (bg.UncertainWar("Crisis", AB, "2/5", "1/10", Costs(pieces=((0, "1/5", 3), ("1/5", "3/5", 1)))), bg.RiskReturn()),
    "demand: certain": lambda: (bg.UncertainWar("Crisis", AB, "1/2", "3/10", Costs.uniform("1/10", "1/5")), bg.RiskReturn()),
    "mechanism: three types": lambda: (
        bg.PrivateInformation.trade("Trade", {"1/3": "1/2", "1": "1/2"}, {"0": "1/3", "1/2": "1/3", "3/4": "1/3"}), bg.BestMechanism()),
    "auction: sellers": lambda: (bg.DoubleAuction("Talks", 0), bg.LinearBids()),
    "random proposer: veto": lambda: (bg.RandomProposer("Parties", ABC, {"A": "1/2", "B": "1/4", "C": "1/4"}, {"A": "4/5", "B": "9/10", "C": "7/10"}, quota=2,
                                                        vetoes=("B",)), bg.Stationary()),
    "uniform: three offers": lambda: (bg.UniformScreening("u", ("S", "B"), 2, {"S": "3/5", "B": "1/2"}, 3), bg.LinearSkimming()),
}
