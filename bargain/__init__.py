"""bargain: the complete parametric solution of a negotiation, proved and printed.

Public names load on first use, so that ``import bargain`` stays light.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_PUBLIC = {
    "bargain.errors": ("BadInput", "BargainError", "InvalidModel", "NotApplicable", "NotCertified", "NotDecided", "TooLarge"),
    "bargain.notation": ("Domain", "Notation", "Parameter"),
    "bargain.regions": ("Cell", "Region", "Space"),
    "bargain.games": ("AlternatingOffers", "BargainingProblem", "Breakdown", "Game", "MatrixGame", "State", "bargain_node", "chance",
                      "decision", "offer", "payoffs", "simultaneous"),
    "bargain.games.disturbed": ("DisturbedGame", "UniformCost"),
    "bargain.solution": ("Component", "Equilibrium", "Regime", "Solution", "Status"),
    "bargain.solvers": ("KalaiSmorodinsky", "Nash", "NashBargaining", "Rubinstein", "SubgamePerfect"),
    "bargain.solvers.correlated": ("CoarseCorrelatedEquilibrium", "CorrelatedEquilibrium", "correlated_vertices", "obedience"),
    "bargain.games.coalitional": ("CoalitionalGame", "airport_game", "bankruptcy_game", "voting_game"),
    "bargain.games.legislative": ("RandomProposer",),
    "bargain.games.issues": ("Issue", "Issues"),
    "bargain.games.agenda": ("AgendaSetting",),
    "bargain.solvers.setter": ("SetterProposal",),
    "bargain.games.attrition": ("WarOfAttrition",),
    "bargain.games.costly_war": ("CostlyWar", "Costs", "UncertainWar"),
    "bargain.solvers.attrition": ("Attrition",),
    "bargain.solvers.bargaining_range": ("BargainingRange",),
    "bargain.solvers.risk_return": ("RiskReturn",),
    "bargain.games.stochastic_pie": ("BattlefieldWar", "StochasticPie"),
    "bargain.solvers.battlefield": ("RangeByState",),
    "bargain.solvers.stochastic_agreement": ("StochasticAgreement",),
    "bargain.games.power_shift": ("PowerShift",),
    "bargain.games.unanimity": ("Unanimity",),
    "bargain.solvers.curved_frontier": ("CurvedFrontier",),
    "bargain.solvers.finite_horizon": ("FiniteHorizon",),
    "bargain.solvers.package": ("Agenda", "Package"),
    "bargain.solvers.shaked_sutton": ("ShakedSutton",),
    "bargain.solvers.rotating": ("Rotating",),
    "bargain.solvers.peaceful_path": ("PeacefulPath",),
    "bargain.games.stochastic": ("Result", "Stage", "StochasticGame"),
    "bargain.solvers.agent_quantal": ("AgentQuantalResponse", "LimitingLogit", "QuantalFit", "fit_quantal", "quantal_branch"),
    "bargain.solvers.coalitional": ("BanzhafValue", "Core", "Nucleolus", "ShapleyValue", "TauValue"),
    "bargain.solvers.extensive_correlated": ("ExtensiveFormCorrelatedEquilibrium",),
    "bargain.solvers.frontier_path": ("Egalitarian", "EqualArea", "EqualLoss", "PerlesMaschler"),
    "bargain.solvers.frontier_sums": ("DiscreteRaiffa", "Utilitarian"),
    "bargain.solvers.markov": ("MarkovPerfect",),
    "bargain.solvers.one_nash": ("OneNash",),
    "bargain.solvers.rationing": ("Rule", "rationed"),
    "bargain.solvers.sequential": ("PerfectBayesian", "Sequential"),
    "bargain.solvers.signalling": ("D1", "IntuitiveCriterion", "UniversalDivinity"),
    "bargain.solvers.stationary": ("Stationary",),
    "bargain.solvers.coexisting": ("SubgamePerfectOutcomes",),
    "bargain.solvers.index": ("equilibrium_index",),
    "bargain.solvers.lemke_howson": ("LemkeHowson",),
    "bargain.solvers.iterated_dominance": ("IteratedDominance", "Rationalizability"),
    "bargain.solvers.perpetual": ("never_agreeing",),
    "bargain.solvers.quantal_response": ("QuantalResponse", "fit_logit", "logit_branch"),
    "bargain.solvers.refinements": ("Perfect", "Proper"),
    "bargain.solvers.security": ("SecurityLevels",),
    "bargain.solvers.selection": ("PayoffDominance", "RiskDominance"),
    "bargain.solvers.sequence_form": ("CounterfactualRegret", "Lemke", "Minimax"),
    "bargain.solvers.threats": ("Coco", "VariableThreats"),
    "bargain.solvers.zero_sum": ("ZeroSum",),
    "bargain.solvers.possible": ("PossibleOutcome", "PossibleOutcomes", "possible_outcomes"),
    "bargain.solving": ("solve",),
    "bargain.analysis.shares": ("Share", "outcome_shares", "regime_shares", "share"),
    "bargain.analysis.cutpoints": ("CutPoints", "cut_points"),
    "bargain.analysis.statics": ("ComparativeStatics", "comparative_statics"),
    "bargain.analysis.signs": ("Sign",),
    "bargain.analysis.arrays": ("CompiledSolution", "compile_solution"),
    "bargain.claims": ("Claim", "Model", "Quantity"),
    "bargain.exhibits": ("Curve", "OutcomeMap", "Plane", "RegionMap"),
    "bargain.latex": ("Proposition", "latex", "proposition", "statics_proposition"),
    "bargain.interop.gambit": ("read_gambit", "write_gambit"),
}
_WHERE = {name: module for module, names in _PUBLIC.items() for name in names}
__all__ = sorted([*_WHERE, "__version__"])

if TYPE_CHECKING:
    from bargain.analysis.arrays import CompiledSolution, compile_solution
    from bargain.analysis.cutpoints import CutPoints, cut_points
    from bargain.analysis.shares import Share, outcome_shares, regime_shares, share
    from bargain.analysis.signs import Sign
    from bargain.analysis.statics import ComparativeStatics, comparative_statics
    from bargain.claims import Claim, Model, Quantity
    from bargain.errors import BadInput, BargainError, InvalidModel, NotApplicable, NotCertified, NotDecided, TooLarge
    from bargain.exhibits import Curve, OutcomeMap, Plane, RegionMap
    from bargain.games import (
        AlternatingOffers,
        BargainingProblem,
        Breakdown,
        Game,
        MatrixGame,
        State,
        bargain_node,
        chance,
        decision,
        offer,
        payoffs,
        simultaneous,
    )
    from bargain.games.agenda import AgendaSetting
    from bargain.games.attrition import WarOfAttrition
    from bargain.games.coalitional import CoalitionalGame, airport_game, bankruptcy_game, voting_game
    from bargain.games.costly_war import CostlyWar, Costs, UncertainWar
    from bargain.games.disturbed import DisturbedGame, UniformCost
    from bargain.games.issues import Issue, Issues
    from bargain.games.legislative import RandomProposer
    from bargain.games.power_shift import PowerShift
    from bargain.games.stochastic import Result, Stage, StochasticGame
    from bargain.games.stochastic_pie import BattlefieldWar, StochasticPie
    from bargain.games.unanimity import Unanimity
    from bargain.interop.gambit import read_gambit, write_gambit
    from bargain.latex import Proposition, latex, proposition, statics_proposition
    from bargain.notation import Domain, Notation, Parameter
    from bargain.regions import Cell, Region, Space
    from bargain.solution import Component, Equilibrium, Regime, Solution, Status
    from bargain.solvers import KalaiSmorodinsky, Nash, NashBargaining, Rubinstein, SubgamePerfect
    from bargain.solvers.agent_quantal import AgentQuantalResponse, LimitingLogit, QuantalFit, fit_quantal, quantal_branch
    from bargain.solvers.attrition import Attrition
    from bargain.solvers.bargaining_range import BargainingRange
    from bargain.solvers.battlefield import RangeByState
    from bargain.solvers.coalitional import BanzhafValue, Core, Nucleolus, ShapleyValue, TauValue
    from bargain.solvers.coexisting import SubgamePerfectOutcomes
    from bargain.solvers.correlated import CoarseCorrelatedEquilibrium, CorrelatedEquilibrium, correlated_vertices, obedience
    from bargain.solvers.curved_frontier import CurvedFrontier
    from bargain.solvers.extensive_correlated import ExtensiveFormCorrelatedEquilibrium
    from bargain.solvers.finite_horizon import FiniteHorizon
    from bargain.solvers.frontier_path import Egalitarian, EqualArea, EqualLoss, PerlesMaschler
    from bargain.solvers.frontier_sums import DiscreteRaiffa, Utilitarian
    from bargain.solvers.index import equilibrium_index
    from bargain.solvers.iterated_dominance import IteratedDominance, Rationalizability
    from bargain.solvers.lemke_howson import LemkeHowson
    from bargain.solvers.markov import MarkovPerfect
    from bargain.solvers.one_nash import OneNash
    from bargain.solvers.package import Agenda, Package
    from bargain.solvers.peaceful_path import PeacefulPath
    from bargain.solvers.perpetual import never_agreeing
    from bargain.solvers.possible import PossibleOutcome, PossibleOutcomes, possible_outcomes
    from bargain.solvers.quantal_response import QuantalResponse, fit_logit, logit_branch
    from bargain.solvers.rationing import Rule, rationed
    from bargain.solvers.refinements import Perfect, Proper
    from bargain.solvers.risk_return import RiskReturn
    from bargain.solvers.rotating import Rotating
    from bargain.solvers.security import SecurityLevels
    from bargain.solvers.selection import PayoffDominance, RiskDominance
    from bargain.solvers.sequence_form import CounterfactualRegret, Lemke, Minimax
    from bargain.solvers.sequential import PerfectBayesian, Sequential
    from bargain.solvers.setter import SetterProposal
    from bargain.solvers.shaked_sutton import ShakedSutton
    from bargain.solvers.signalling import D1, IntuitiveCriterion, UniversalDivinity
    from bargain.solvers.stationary import Stationary
    from bargain.solvers.stochastic_agreement import StochasticAgreement
    from bargain.solvers.threats import Coco, VariableThreats
    from bargain.solvers.zero_sum import ZeroSum
    from bargain.solving import solve


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'bargain' has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)


def __dir__() -> list[str]:
    return list(__all__)
