"""Solution concepts: one module each, every solver a frozen value."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

_WHERE = {
    "AgentQuantalResponse": "bargain.solvers.agent_quantal",
    "BanzhafValue": "bargain.solvers.coalitional",
    "CoarseCorrelatedEquilibrium": "bargain.solvers.correlated",
    "Coco": "bargain.solvers.threats",
    "Core": "bargain.solvers.coalitional",
    "CorrelatedEquilibrium": "bargain.solvers.correlated",
    **dict.fromkeys(("Egalitarian", "EqualArea", "EqualLoss", "PerlesMaschler"), "bargain.solvers.frontier_path"),
    **dict.fromkeys(("DiscreteRaiffa", "Utilitarian"), "bargain.solvers.frontier_sums"),
    **dict.fromkeys(("CounterfactualRegret", "Lemke", "Minimax"), "bargain.solvers.sequence_form"),
    "ExtensiveFormCorrelatedEquilibrium": "bargain.solvers.extensive_correlated",
    "IteratedDominance": "bargain.solvers.iterated_dominance",
    "KalaiSmorodinsky": "bargain.solvers.kalai_smorodinsky",
    "LimitingLogit": "bargain.solvers.agent_quantal",
    "MarkovPerfect": "bargain.solvers.markov",
    "Nash": "bargain.solvers.nash",
    "NashBargaining": "bargain.solvers.nash_bargaining",
    "Nucleolus": "bargain.solvers.coalitional",
    "PayoffDominance": "bargain.solvers.selection",
    "Perfect": "bargain.solvers.refinements",
    "PerfectBayesian": "bargain.solvers.sequential",
    "Proper": "bargain.solvers.refinements",
    "QuantalResponse": "bargain.solvers.quantal_response",
    "Rationalizability": "bargain.solvers.iterated_dominance",
    "RiskDominance": "bargain.solvers.selection",
    "Rubinstein": "bargain.solvers.rubinstein",
    "SecurityLevels": "bargain.solvers.security",
    "Sequential": "bargain.solvers.sequential",
    "ShapleyValue": "bargain.solvers.coalitional",
    "Stationary": "bargain.solvers.stationary",
    "SubgamePerfect": "bargain.solvers.subgame_perfect",
    "TauValue": "bargain.solvers.coalitional",
    "VariableThreats": "bargain.solvers.threats",
}
__all__ = sorted(_WHERE)

if TYPE_CHECKING:
    from bargain.solvers.agent_quantal import AgentQuantalResponse, LimitingLogit
    from bargain.solvers.coalitional import BanzhafValue, Core, Nucleolus, ShapleyValue, TauValue
    from bargain.solvers.correlated import CoarseCorrelatedEquilibrium, CorrelatedEquilibrium
    from bargain.solvers.iterated_dominance import IteratedDominance, Rationalizability
    from bargain.solvers.kalai_smorodinsky import KalaiSmorodinsky
    from bargain.solvers.nash import Nash
    from bargain.solvers.nash_bargaining import NashBargaining
    from bargain.solvers.quantal_response import QuantalResponse
    from bargain.solvers.refinements import Perfect, Proper
    from bargain.solvers.rubinstein import Rubinstein
    from bargain.solvers.security import SecurityLevels
    from bargain.solvers.selection import PayoffDominance, RiskDominance
    from bargain.solvers.sequence_form import CounterfactualRegret, Lemke, Minimax
    from bargain.solvers.sequential import PerfectBayesian, Sequential
    from bargain.solvers.subgame_perfect import SubgamePerfect
    from bargain.solvers.threats import Coco, VariableThreats


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'bargain.solvers' has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)
