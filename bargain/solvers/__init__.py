"""Solution concepts: one module each, every solver a frozen value."""

from importlib import import_module
from typing import Any

_WHERE = {
    "AgentQuantalResponse": "bargain.solvers.agent_quantal",
    "Attrition": "bargain.solvers.attrition",
    "BanzhafValue": "bargain.solvers.coalitional",
    "BargainingRange": "bargain.solvers.bargaining_range",
    "RangeByState": "bargain.solvers.battlefield",
    "RiskReturn": "bargain.solvers.risk_return",
    "SetterProposal": "bargain.solvers.setter",
    "StochasticAgreement": "bargain.solvers.stochastic_agreement",
    "CoarseCorrelatedEquilibrium": "bargain.solvers.correlated",
    "Coco": "bargain.solvers.threats",
    "Agenda": "bargain.solvers.package",
    "Core": "bargain.solvers.coalitional",
    "CurvedFrontier": "bargain.solvers.curved_frontier",
    "FiniteHorizon": "bargain.solvers.finite_horizon",
    "Package": "bargain.solvers.package",
    "Rotating": "bargain.solvers.rotating",
    "ShakedSutton": "bargain.solvers.shaked_sutton",
    "CorrelatedEquilibrium": "bargain.solvers.correlated",
    **dict.fromkeys(("Egalitarian", "EqualArea", "EqualLoss", "PerlesMaschler"), "bargain.solvers.frontier_path"),
    **dict.fromkeys(("DiscreteRaiffa", "Utilitarian"), "bargain.solvers.frontier_sums"),
    **dict.fromkeys(("CounterfactualRegret", "Lemke", "Minimax"), "bargain.solvers.sequence_form"),
    "ExtensiveFormCorrelatedEquilibrium": "bargain.solvers.extensive_correlated",
    "IteratedDominance": "bargain.solvers.iterated_dominance",
    "KalaiSmorodinsky": "bargain.solvers.kalai_smorodinsky",
    "LemkeHowson": "bargain.solvers.lemke_howson",
    "LimitingLogit": "bargain.solvers.agent_quantal",
    "MarkovPerfect": "bargain.solvers.markov",
    "Nash": "bargain.solvers.nash",
    "NashBargaining": "bargain.solvers.nash_bargaining",
    "Nucleolus": "bargain.solvers.coalitional",
    "PeacefulPath": "bargain.solvers.peaceful_path",
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
    "SubgamePerfectOutcomes": "bargain.solvers.coexisting",
    "TauValue": "bargain.solvers.coalitional",
    "VariableThreats": "bargain.solvers.threats",
    "ZeroSum": "bargain.solvers.zero_sum",
}
__all__ = sorted(_WHERE)


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'bargain.solvers' has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)
