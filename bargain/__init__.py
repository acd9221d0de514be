"""bargain: the complete parametric solution of a negotiation, proved and printed.

Public names load on first use, so that ``import bargain`` stays light.
"""

import sys
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bargain.solvers import WHERE

__version__ = "0.1.0"

_beside = Path(__path__[0]).with_name("models")
if not Path(__path__[0], "models").exists() and (_beside / "classics").is_dir():  # a checkout: its folder models is bargain.models, as setup.cfg says
    _found = spec_from_file_location("bargain.models", _beside / "__init__.py", submodule_search_locations=[str(_beside)])
    if _found is not None and _found.loader is not None:
        models = sys.modules["bargain.models"] = module_from_spec(_found)
        _found.loader.exec_module(models)

_PUBLIC = {
    "bargain.errors": ("BadInput", "BargainError", "InvalidModel", "NotApplicable", "NotCertified", "NotDecided", "TooLarge"),
    "bargain.notation": ("Domain", "Notation", "Parameter"),
    "bargain.regions": ("Cell", "Region", "Space"),
    "bargain.games": ("AlternatingOffers", "BargainingProblem", "Breakdown", "Game", "MatrixGame", "State", "bargain_node", "chance",
                      "decision", "offer", "payoffs", "simultaneous"),
    "bargain.games.disturbed": ("DisturbedGame", "UniformCost"),
    "bargain.solution": ("Component", "Equilibrium", "Regime", "Solution", "Status"),
    "bargain.games.coalitional": ("CoalitionalGame", "airport_game", "bankruptcy_game", "voting_game"),
    "bargain.games.legislative": ("RandomProposer",),
    "bargain.games.large_tree": ("LargeTree",),
    "bargain.interop.large": ("graph_view", "large_tree", "tree_of_graph"),
    "bargain.kernels.large_induction": ("induced",),
    "bargain.kernels.support_path": ("one_equilibrium",),
    "bargain.kernels.interior": ("zero_sum",),
    "bargain.kernels.batch": ("all_equilibria",),
    "bargain.games.issues": ("Issue", "Issues"),
    "bargain.games.agenda": ("AgendaSetting",),
    "bargain.games.attrition": ("WarOfAttrition",),
    "bargain.games.attrition_private": ("AttritionByRounds", "PrivateAttrition"),
    "bargain.games.audience": ("AudienceCosts",),
    "bargain.games.costly_war": ("CostlyWar", "Costs", "UncertainWar"),
    "bargain.games.mechanisms": ("DoubleAuction", "PrivateInformation"),
    "bargain.games.open_rule": ("OpenRule",),
    "bargain.games.spatial": ("SpatialBargaining",),
    "bargain.games.screening": ("Screening", "UniformScreening"),
    "bargain.games.stochastic_pie": ("BattlefieldWar", "StochasticPie"),
    "bargain.games.positions": ("Actor", "Positions"),
    "bargain.games.power_shift": ("PowerShift",),
    "bargain.games.unanimity": ("Unanimity",),
    "bargain.games.stream": ("FlowUnderThreat",),
    "bargain.games.talks": ("ConflictDuringTalks", "OptimisticTalks"),
    "bargain.games.stochastic": ("Result", "Stage", "StochasticGame"),
    "bargain.solving": ("solve",),
    "bargain.analysis.shares": ("Share", "outcome_shares", "regime_shares", "share"),
    "bargain.sweeping": ("read_sweep", "sweep"),
    "bargain.analysis.cutpoints": ("CutPoints", "cut_points"),
    "bargain.analysis.statics": ("ComparativeStatics", "comparative_statics"),
    "bargain.analysis.signs": ("Sign",),
    "bargain.analysis.axioms": ("AxiomReport", "axioms"),
    "bargain.analysis.arrays": ("CompiledSolution", "compile_solution"),
    "bargain.claims": ("Claim", "Model", "Quantity"),
    "bargain.exhibits": ("Curve", "Listing", "OutcomeMap", "Plane", "RegionMap"),
    "bargain.latex": ("Proposition", "latex", "proposition", "statics_proposition"),
    "bargain.kernels.core": ("core_info",),
    "bargain.interop.gambit": ("read_gambit", "write_gambit"),
    "bargain.tables.renaming": ("renamed",),
}
_WHERE = {name: module for module, names in _PUBLIC.items() for name in names} | WHERE
__all__ = sorted([*_WHERE, "__version__"])

if TYPE_CHECKING:
    from bargain.analysis.arrays import CompiledSolution, compile_solution
    from bargain.analysis.axioms import AxiomReport, axioms
    from bargain.analysis.cutpoints import CutPoints, cut_points
    from bargain.analysis.shares import Share, outcome_shares, regime_shares, share
    from bargain.analysis.signs import Sign
    from bargain.analysis.statics import ComparativeStatics, comparative_statics
    from bargain.claims import Claim, Model, Quantity
    from bargain.errors import BadInput, BargainError, InvalidModel, NotApplicable, NotCertified, NotDecided, TooLarge
    from bargain.exhibits import Curve, Listing, OutcomeMap, Plane, RegionMap
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
    from bargain.games.attrition_private import AttritionByRounds, PrivateAttrition
    from bargain.games.audience import AudienceCosts
    from bargain.games.coalitional import CoalitionalGame, airport_game, bankruptcy_game, voting_game
    from bargain.games.costly_war import CostlyWar, Costs, UncertainWar
    from bargain.games.disturbed import DisturbedGame, UniformCost
    from bargain.games.issues import Issue, Issues
    from bargain.games.large_tree import LargeTree
    from bargain.games.legislative import RandomProposer
    from bargain.games.mechanisms import DoubleAuction, PrivateInformation
    from bargain.games.open_rule import OpenRule
    from bargain.games.positions import Actor, Positions
    from bargain.games.power_shift import PowerShift
    from bargain.games.screening import Screening, UniformScreening
    from bargain.games.spatial import SpatialBargaining
    from bargain.games.stochastic import Result, Stage, StochasticGame
    from bargain.games.stochastic_pie import BattlefieldWar, StochasticPie
    from bargain.games.stream import FlowUnderThreat
    from bargain.games.talks import ConflictDuringTalks, OptimisticTalks
    from bargain.games.unanimity import Unanimity
    from bargain.interop.gambit import read_gambit, write_gambit
    from bargain.interop.large import graph_view, large_tree, tree_of_graph
    from bargain.kernels.batch import all_equilibria
    from bargain.kernels.core import core_info
    from bargain.kernels.interior import zero_sum
    from bargain.kernels.large_induction import induced
    from bargain.kernels.support_path import one_equilibrium
    from bargain.latex import Proposition, latex, proposition, statics_proposition
    from bargain.notation import Domain, Notation, Parameter
    from bargain.regions import Cell, Region, Space
    from bargain.solution import Component, Equilibrium, Regime, Solution, Status
    from bargain.solvers import KalaiSmorodinsky, Nash, NashBargaining, Rubinstein, SubgamePerfect
    from bargain.solvers.alternating.curved_frontier import CurvedFrontier
    from bargain.solvers.alternating.finite_horizon import FiniteHorizon
    from bargain.solvers.alternating.package import Agenda, Package
    from bargain.solvers.alternating.perpetual import never_agreeing
    from bargain.solvers.alternating.rotating import Rotating
    from bargain.solvers.alternating.shaked_sutton import ShakedSutton
    from bargain.solvers.alternating.talks import ConflictBounds, Optimists
    from bargain.solvers.axiomatic.frontier_path import Egalitarian, EqualArea, EqualLoss, PerlesMaschler
    from bargain.solvers.axiomatic.frontier_sums import DiscreteRaiffa, Utilitarian
    from bargain.solvers.coalitions.coalitional import BanzhafValue, Core, Nucleolus, ShapleyValue, TauValue
    from bargain.solvers.coalitions.rationing import Rule, rationed
    from bargain.solvers.conflict.attrition import Attrition
    from bargain.solvers.conflict.attrition_private import QuittingTimes, RoundByRound
    from bargain.solvers.conflict.audience import CrisisBluff
    from bargain.solvers.conflict.bargaining_range import BargainingRange
    from bargain.solvers.conflict.battlefield import RangeByState
    from bargain.solvers.conflict.double_auction import LinearBids
    from bargain.solvers.conflict.markov import MarkovPerfect
    from bargain.solvers.conflict.mechanisms import BestMechanism
    from bargain.solvers.conflict.open_rule import Seconding
    from bargain.solvers.conflict.peaceful_path import PeacefulPath
    from bargain.solvers.conflict.positions import WeightedPositions
    from bargain.solvers.conflict.risk_return import RiskReturn
    from bargain.solvers.conflict.setter import SetterProposal
    from bargain.solvers.conflict.spatial import NoDelay
    from bargain.solvers.conflict.stationary import Stationary
    from bargain.solvers.conflict.stochastic_agreement import StochasticAgreement
    from bargain.solvers.conflict.stream import SelfEnforcingPeace
    from bargain.solvers.information.agent_quantal import AgentQuantalResponse, LimitingLogit, QuantalFit, fit_quantal, quantal_branch
    from bargain.solvers.information.extensive_correlated import ExtensiveFormCorrelatedEquilibrium
    from bargain.solvers.information.extensive_perfect import ExtensiveFormPerfect
    from bargain.solvers.information.linear_skimming import LinearSkimming
    from bargain.solvers.information.sequence_form import CounterfactualRegret, Lemke, Minimax
    from bargain.solvers.information.sequential import PerfectBayesian, Sequential
    from bargain.solvers.information.signalling import D1, IntuitiveCriterion, UniversalDivinity
    from bargain.solvers.information.skimming import Skimming
    from bargain.solvers.matrices.correlated import CoarseCorrelatedEquilibrium, CorrelatedEquilibrium, correlated_vertices, obedience
    from bargain.solvers.matrices.index import equilibrium_index
    from bargain.solvers.matrices.iterated_dominance import IteratedDominance, Rationalizability
    from bargain.solvers.matrices.lemke_howson import LemkeHowson
    from bargain.solvers.matrices.one_nash import OneNash
    from bargain.solvers.matrices.quantal_response import QuantalResponse, fit_logit, logit_branch
    from bargain.solvers.matrices.refinements import Perfect, Proper
    from bargain.solvers.matrices.security import SecurityLevels
    from bargain.solvers.matrices.selection import PayoffDominance, RiskDominance
    from bargain.solvers.matrices.threats import Coco, VariableThreats
    from bargain.solvers.matrices.zero_sum import ZeroSum
    from bargain.solvers.regimes.possible import PossibleOutcome, PossibleOutcomes, possible_outcomes
    from bargain.solvers.trees.coexisting import SubgamePerfectOutcomes
    from bargain.solving import solve
    from bargain.sweeping import read_sweep, sweep
    from bargain.tables.renaming import renamed


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'bargain' has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)


def __dir__() -> list[str]:
    return list(__all__)
