"""What has no portable certificate, and why; docs/trust.md repeats the list."""

from typing import Any

from bargain.errors import NotApplicable
from bargain.games.alternating import AlternatingOffers
from bargain.games.bargaining import BargainingProblem
from bargain.games.coalitional import CoalitionalGame
from bargain.games.game import Game
from bargain.games.information import imperfect
from bargain.games.matrix import MatrixGame
from bargain.games.stochastic import StochasticGame
from bargain.solution import Solution
from bargain.verify import CONCEPTS, HIDDEN

REMEDY = "leave --certificate out; the answer itself is certified in this run"
_LIMITS = "its evidence is a limit or an interval, not a finite list of polynomial conditions"
_OWN = "its conditions are those of one model family, which the verifier does not hold"

REFUSED = {
    "logit quantal response equilibrium": _LIMITS, "agent quantal response equilibrium": _LIMITS, "limit of agent quantal response equilibria": _LIMITS,
    "continuous Raiffa solution": _LIMITS,
}
_TREES = (MatrixGame, Game)
_WANTED: dict[str, tuple[type, ...]] = {"correlated": (MatrixGame,), "coalitions": (CoalitionalGame,), "bargaining": (BargainingProblem,)}


def refuse_unless_portable(solution: Solution, *, reduced: bool) -> None:
    """`NotApplicable`, with the reason, for a solution that cannot be written; `reduced`: its problem is written as stages."""
    problem, concept = solution.problem, solution.solver.concept
    reason = _known(solution) if reduced else _reason(solution, problem, concept)
    if reason:
        raise NotApplicable(f"no portable certificate for the {concept} of a {type(problem).__name__}: {reason}", place="certificate", remedy=REMEDY)


def _reason(solution: Solution, problem: Any, concept: str) -> str:
    if concept not in CONCEPTS:
        return REFUSED.get(concept, _OWN)
    kinds = {"Markov perfect equilibrium": (StochasticGame,), "Rubinstein equilibrium": (AlternatingOffers,), "Nash equilibrium": (MatrixGame,)}
    if not isinstance(problem, _WANTED.get(CONCEPTS[concept], kinds.get(concept, _TREES))):
        return "private costs make it a continuum of types" if hasattr(problem, "costs") else "regret against every plan is not re-derived"
    return _known(solution) or _shape(solution, problem, concept)


def _known(solution: Solution) -> str:
    if solution.stats.get("method") in ("discovery", "coexistence"):
        return "regimes of outcomes have no strategies that hold on the whole of them (add --at to get strategies)"
    if not all(regime.equilibria for regime in solution.regimes):
        return "it does not exist, and non-existence is not re-proved"
    return "it is known by an enclosure only" if any("radius" in e.quantities for regime in solution.regimes for e in regime.extreme()) else ""


def _shape(solution: Solution, problem: Any, concept: str) -> str:
    if isinstance(problem, Game):
        return "its moves are hidden" if imperfect(problem) and concept not in HIDDEN else ""
    if isinstance(problem, AlternatingOffers):
        rules = {"a drifting state that is not given": set(problem.drift) - set(problem.start), "a limit of short periods": getattr(solution.solver, "limit", False),
                 "an unbounded share and moments without agreement": problem.between is None and _silent(solution),
                 "fixed costs of delay that is not discounted": problem.costs and any(d == 1 for d in problem.discount.values()),
                 "a protocol of its own": problem.order or problem.recognition or problem.horizon,
                 "leaving after an own offer": problem.leavers("refused")}
        return next((f"it has {rule}" for rule, given in rules.items() if given), "")
    return "a finite set has no supporting line" if isinstance(problem, BargainingProblem) and problem.kind == "finite" else ""


def _silent(solution: Solution) -> bool:
    """Whether some offer at a table is accepted by nobody."""
    rules = [rule for regime in solution.regimes for e in regime.extreme() for own in e.strategies.values() for place, rule in own.items()
             if place.startswith("respond[")]
    return any("accept" not in rule for rule in rules)
