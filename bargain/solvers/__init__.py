"""Solution concepts, by family: every solver is a frozen value named after its concept.

Names load on first use; this table is the one place where they are listed.
"""

from importlib import import_module
from typing import Any

_PUBLIC = {
    "alternating.curved_frontier": ("CurvedFrontier",),
    "alternating.finite_horizon": ("FiniteHorizon",),
    "alternating.package": ("Agenda", "Package"),
    "alternating.perpetual": ("never_agreeing",),
    "alternating.rotating": ("Rotating",),
    "alternating.rubinstein": ("Rubinstein",),
    "alternating.shaked_sutton": ("ShakedSutton",),
    "alternating.talks": ("ConflictBounds", "Optimists"),
    "axiomatic.frontier_path": ("Egalitarian", "EqualArea", "EqualLoss", "PerlesMaschler"),
    "axiomatic.frontier_sums": ("DiscreteRaiffa", "Utilitarian"),
    "axiomatic.kalai_smorodinsky": ("KalaiSmorodinsky",),
    "axiomatic.nash_bargaining": ("NashBargaining",),
    "axiomatic.raiffa": ("ContinuousRaiffa",),
    "coalitions.coalitional": ("BanzhafValue", "Core", "Nucleolus", "ShapleyValue", "TauValue"),
    "coalitions.rationing": ("Rule", "rationed"),
    "conflict.attrition": ("Attrition",),
    "conflict.attrition_private": ("QuittingTimes", "RoundByRound"),
    "conflict.audience": ("CrisisBluff",),
    "conflict.bargaining_range": ("BargainingRange",),
    "conflict.battlefield": ("RangeByState",),
    "conflict.double_auction": ("LinearBids",),
    "conflict.markov": ("MarkovPerfect",),
    "conflict.mechanisms": ("BestMechanism",),
    "conflict.open_rule": ("Seconding",),
    "conflict.peaceful_path": ("PeacefulPath",),
    "conflict.positions": ("WeightedPositions",),
    "conflict.risk_return": ("RiskReturn",),
    "conflict.setter": ("SetterProposal",),
    "conflict.spatial": ("NoDelay",),
    "conflict.stationary": ("Stationary",),
    "conflict.stochastic_agreement": ("StochasticAgreement",),
    "conflict.stream": ("SelfEnforcingPeace",),
    "information.agent_quantal": ("AgentQuantalResponse", "LimitingLogit", "QuantalFit", "fit_quantal", "quantal_branch"),
    "information.extensive_correlated": ("ExtensiveFormCorrelatedEquilibrium",),
    "information.extensive_perfect": ("ExtensiveFormPerfect",),
    "information.sequence_form": ("CounterfactualRegret", "Lemke", "Minimax"),
    "information.sequential": ("PerfectBayesian", "Sequential"),
    "information.signalling": ("D1", "IntuitiveCriterion", "UniversalDivinity"),
    "information.linear_skimming": ("LinearSkimming",),
    "information.skimming": ("Skimming",),
    "matrices.correlated": ("CoarseCorrelatedEquilibrium", "CorrelatedEquilibrium", "correlated_vertices", "obedience"),
    "matrices.index": ("equilibrium_index",),
    "matrices.iterated_dominance": ("IteratedDominance", "Rationalizability"),
    "matrices.lemke_howson": ("LemkeHowson",),
    "matrices.nash": ("Nash",),
    "matrices.one_nash": ("OneNash",),
    "matrices.quantal_response": ("QuantalResponse", "fit_logit", "logit_branch"),
    "matrices.refinements": ("Perfect", "Proper"),
    "matrices.security": ("SecurityLevels",),
    "matrices.selection": ("PayoffDominance", "RiskDominance"),
    "matrices.threats": ("Coco", "VariableThreats"),
    "matrices.zero_sum": ("ZeroSum",),
    "regimes.possible": ("PossibleOutcome", "PossibleOutcomes", "possible_outcomes"),
    "trees.coexisting": ("SubgamePerfectOutcomes",),
    "trees.subgame_perfect": ("SubgamePerfect",),
}
WHERE = {name: f"bargain.solvers.{module}" for module, names in _PUBLIC.items() for name in names}
__all__ = sorted(WHERE)


def __getattr__(name: str) -> Any:
    if name not in WHERE:
        raise AttributeError(f"module 'bargain.solvers' has no attribute {name!r}")
    return getattr(import_module(WHERE[name]), name)
