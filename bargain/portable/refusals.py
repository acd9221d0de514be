"""What has no portable certificate, and why; docs/trust.md repeats the list."""

from typing import Any

from bargain.errors import NotApplicable
from bargain.games.alternating import AlternatingOffers
from bargain.games.bargaining import BargainingProblem
from bargain.games.coalitional import CoalitionalGame
from bargain.games.game import Game
from bargain.games.information import imperfect
from bargain.games.matrix import MatrixGame
from bargain.games.nodes import Bargain, show
from bargain.games.stochastic import StochasticGame
from bargain.solution import Solution
from bargain.verify import CONCEPTS, HIDDEN

REMEDY = "leave --certificate out; the answer itself is certified in this run"
_LIMITS = "its evidence is a limit or an interval, not a finite list of polynomial conditions"
_LISTS = "it is defined by comparison with all other equilibria, so its evidence is a complete list"
_OWN = "its conditions are those of one model family, which the verifier does not hold"
_LONG = "re-deriving its conditions takes more than the verifier's 300 lines leave"

REFUSED = {
    "logit quantal response equilibrium": _LIMITS, "agent quantal response equilibrium": _LIMITS, "limit of agent quantal response equilibria": _LIMITS,
    "trembling-hand perfect equilibrium": _LIMITS, "extensive-form perfect equilibrium": _LIMITS, "proper equilibrium": _LIMITS,
    "epsilon-equilibrium": _LIMITS, "stationary equilibrium on a curved frontier": _LIMITS,
    "risk-dominant equilibrium": _LISTS, "payoff-undominated equilibrium": _LISTS,
    "subgame-perfect equilibrium payoffs of alternating offers": _LISTS,
    "bargaining range": _OWN, "proposal of an agenda setter": _OWN, "range of settlements by state": _OWN, "optimal demand under uncertainty": _OWN,
    "equilibrium of a war of attrition": _OWN, "subgame-perfect path of a power shift": _OWN, "stationary equilibrium over a stochastic pie": _OWN,
    "stationary equilibrium under unanimity": _OWN, "stationary equilibrium of package bargaining": _OWN, "subgame-perfect equilibrium of an agenda": _OWN,
    "stationary subgame-perfect equilibrium": _OWN, "subgame-perfect equilibrium of a finite horizon": _OWN,
    "Kalai-Smorodinsky solution": _LONG, "equal loss solution": _LONG, "equal area solution": _LONG, "Perles-Maschler solution": _LONG,
    "continuous Raiffa solution": _LONG,
    "discrete Raiffa solution": _LONG, "nucleolus": _LONG, "prenucleolus": _LONG, "tau value": _LONG, "security levels": _LONG, "coco value": _LONG,
    "Nash variable-threat solution": _LONG, "iterated strict dominance": _LONG, "iterated weak dominance": _LONG, "rationalizability": _LONG,
    "extensive-form correlated equilibrium": _LONG, "extensive-form coarse correlated equilibrium": _LONG,
}
_TREES = (MatrixGame, Game)
_WANTED: dict[str, tuple[type, ...]] = {"correlated": (MatrixGame,), "coalitions": (CoalitionalGame,), "bargaining": (BargainingProblem,)}


def refuse_unless_portable(solution: Solution) -> None:
    """`NotApplicable`, with the reason, for a solution that cannot be written."""
    problem, concept = solution.problem, solution.solver.concept
    reason = _reason(solution, problem, concept)
    if reason:
        raise NotApplicable(f"no portable certificate for the {concept} of a {type(problem).__name__}: {reason}", place="certificate", remedy=REMEDY)


def _reason(solution: Solution, problem: Any, concept: str) -> str:
    if concept not in CONCEPTS:
        return REFUSED.get(concept, _OWN)
    kinds = {"Markov perfect equilibrium": (StochasticGame,), "Rubinstein equilibrium": (AlternatingOffers,), "Nash equilibrium": (MatrixGame,)}
    if not isinstance(problem, _WANTED.get(CONCEPTS[concept], kinds.get(concept, _TREES))):
        return "private costs make it a continuum of types" if hasattr(problem, "costs") else "regret against every plan is not re-derived"
    if solution.stats.get("method") in ("discovery", "coexistence"):
        return "regimes of outcomes have no strategies that hold on the whole of them (add --at to get strategies)"
    if not all(regime.equilibria for regime in solution.regimes):
        return "it does not exist, and non-existence is not re-proved"
    if any("radius" in e.quantities for regime in solution.regimes for e in regime.extreme()):
        return "it is known by an enclosure only"
    return _shape(solution, problem, concept)


def _shape(solution: Solution, problem: Any, concept: str) -> str:
    if isinstance(problem, Game):
        tables = [show(history) for history, node in problem.nodes() if isinstance(node, Bargain)]
        if tables:
            return f"the bargaining table at {tables[0]} stands inside a tree"
        return "its moves are hidden" if imperfect(problem) and concept not in HIDDEN else ""
    if isinstance(problem, AlternatingOffers):
        rules = {"a drifting state": problem.drift, "a limit of short periods": getattr(solution.solver, "limit", False),
                 "an unbounded share": problem.between is None,
                 "fixed costs of delay": problem.costs, "a protocol of its own": problem.order or problem.recognition or problem.horizon,
                 "leaving after an own offer": problem.leavers("refused")}
        return next((f"it has {rule}" for rule, given in rules.items() if given), "")
    return "a finite set has no supporting line" if isinstance(problem, BargainingProblem) and problem.kind == "finite" else ""
