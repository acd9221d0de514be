"""Which concepts are written as another game, of the verifier's vocabulary, and by which function of this package.

A reduction takes a problem, the solver and one equilibrium, and returns a `Staged`; or a problem and its answer, and returns a `Restated`: another concept of
the same set. That what is written stands for the problem is argued in the module concerned and is not checked again by ``bargain verify``.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any, cast

from bargain.equilibrium import Equilibrium
from bargain.games.bargaining import BargainingProblem
from bargain.games.game import Game
from bargain.portable.ideals import Restated
from bargain.portable.stages import Staged

Reduction = Callable[[Any, Any, Equilibrium], Staged]

REDUCED = {
    "proposal of an agenda setter": "votes.setter",
    "stationary equilibrium without delay of spatial bargaining": "votes.line",
    "stationary subgame-perfect equilibrium": "votes.closed_rule",
    "stationary equilibrium under unanimity": "turns.unanimity",
    "stationary equilibrium over a stochastic pie": "turns.moving_pie",
    "stationary equilibrium of package bargaining": "turns.package",
    "subgame-perfect equilibrium of an agenda": "turns.agenda",
    "subgame-perfect equilibrium of a finite horizon": "horizon.finite_horizon",
    "bargaining range": "ultimata.war_range",
    "range of settlements by state": "ultimata.battlefield",
    "optimal demand under uncertainty": "ultimata.demand",
    "static expected-utility values": "positions.static",
    "self-enforcing division of a flow": "flows.division",
    "subgame-perfect path of a power shift": "shifts.path",
    "subgame-perfect equilibrium payoffs of alternating offers": "payoff_bounds.extreme_plays",
    "stationary equilibrium on a curved frontier": "frontier.curved",
    "linear equilibrium of a double auction": "auction.linear",
    "equilibrium of a war of attrition": "hazards.ending",
    "symmetric equilibrium of a war of attrition with private values": "hazards.private",
    "Baron and Ferejohn's equilibrium under the open rule": "amendments.seconded",
    "perfect Bayesian equilibrium in skimming strategies": "plans.rounds",
    "perfect Bayesian equilibrium in linear skimming strategies": "skimming.linear",
    "perfect Bayesian equilibrium of a crisis with audience costs": "audiences.crisis",
    "optimal incentive-compatible mechanism": "arbiter.mechanism",
    "subgame-perfect payoffs of talks with conflict": "talks.conflict",
    "subgame-perfect equilibrium of talks of optimists": "talks.optimists",
    "stationary equilibrium of a war of attrition by rounds": "matrices.rounds",
    "security levels": "matrices.security",
    "coco value": "matrices.coco",
    "Nash variable-threat solution": "threats.variable",
    "discrete Raiffa solution": "steps.raiffa",
    "equal area solution": "halves.halves",
    "Perles-Maschler solution": "halves.halves",
    "Kalai-Smorodinsky solution": "ideals.kalai_smorodinsky",
    "equal loss solution": "ideals.equal_loss",
    "nucleolus": "coalitional.nucleolus",
    "prenucleolus": "coalitional.nucleolus",
    "tau value": "coalitional.tau",
    "iterated strict dominance": "dominance.survivors",
    "iterated weak dominance": "dominance.survivors",
    "rationalizability": "dominance.survivors",
    "risk-dominant equilibrium": "comparisons.risk",
    "payoff-undominated equilibrium": "comparisons.payoff",
    "trembling-hand perfect equilibrium": "trembles.perfect",
    "proper equilibrium": "trembles.proper",
    "epsilon-equilibrium": "regret.near",
    "extensive-form perfect equilibrium": "agents.perfect",
    "extensive-form correlated equilibrium": "mediators.mediated",
    "extensive-form coarse correlated equilibrium": "mediators.mediated",
}
_RESTATED = ("Kalai-Smorodinsky solution", "equal loss solution")


def reduction(problem: Any, concept: str) -> Reduction | None:
    """The function that writes a concept of a problem as stages; None if it is written as it is, or not at all."""
    if concept == "Nash bargaining solution" and getattr(problem, "kind", "") == "finite":
        return cast(Reduction, _named("arbiter.alternatives"))
    if concept == "subgame-perfect equilibrium" and isinstance(problem, Game) and _named("composed.with_tables")(problem):
        return cast(Reduction, _named("composed.tree"))
    if isinstance(problem, Game) and (wanted := _named("regret.written")(problem, concept)):
        return cast(Reduction, _named(f"regret.{wanted}"))
    return cast(Reduction, _named(REDUCED[concept])) if concept in REDUCED and concept not in _RESTATED else None


def restated(problem: BargainingProblem, concept: str, e: Equilibrium) -> Restated | None:
    """The other concept of the same set that a bargaining solution is written as; None if there is none."""
    return cast(Restated, _named(REDUCED[concept])(problem, e)) if concept in _RESTATED else None


def _named(path: str) -> Callable[..., Any]:
    module, _, name = path.partition(".")
    return cast(Callable[..., Any], getattr(import_module(f"bargain.portable.{module}"), name))
