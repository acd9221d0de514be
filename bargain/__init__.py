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
    "bargain.solution": ("Component", "Equilibrium", "Regime", "Solution", "Status"),
    "bargain.solvers": ("KalaiSmorodinsky", "Nash", "NashBargaining", "Rubinstein", "SubgamePerfect"),
    "bargain.solvers.perpetual": ("never_agreeing",),
    "bargain.solving": ("solve",),
    "bargain.claims": ("Claim", "Model", "Quantity"),
    "bargain.exhibits": ("Curve", "OutcomeMap", "Plane", "RegionMap"),
    "bargain.latex": ("latex",),
}
_WHERE = {name: module for module, names in _PUBLIC.items() for name in names}
__all__ = sorted([*_WHERE, "__version__"])

if TYPE_CHECKING:
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
    from bargain.latex import latex
    from bargain.notation import Domain, Notation, Parameter
    from bargain.regions import Cell, Region, Space
    from bargain.solution import Component, Equilibrium, Regime, Solution, Status
    from bargain.solvers import KalaiSmorodinsky, Nash, NashBargaining, Rubinstein, SubgamePerfect
    from bargain.solvers.perpetual import never_agreeing
    from bargain.solving import solve


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'bargain' has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)


def __dir__() -> list[str]:
    return list(__all__)
