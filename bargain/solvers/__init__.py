"""Solution concepts: one module each, every solver a frozen value."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

_WHERE = {
    "AgentQuantalResponse": "bargain.solvers.agent_quantal",
    "BanzhafValue": "bargain.solvers.coalitional",
    "Core": "bargain.solvers.coalitional",
    "KalaiSmorodinsky": "bargain.solvers.kalai_smorodinsky",
    "LimitingLogit": "bargain.solvers.agent_quantal",
    "Nash": "bargain.solvers.nash",
    "NashBargaining": "bargain.solvers.nash_bargaining",
    "Nucleolus": "bargain.solvers.coalitional",
    "PerfectBayesian": "bargain.solvers.sequential",
    "Rubinstein": "bargain.solvers.rubinstein",
    "Sequential": "bargain.solvers.sequential",
    "ShapleyValue": "bargain.solvers.coalitional",
    "Stationary": "bargain.solvers.stationary",
    "SubgamePerfect": "bargain.solvers.subgame_perfect",
    "TauValue": "bargain.solvers.coalitional",
}
__all__ = sorted(_WHERE)

if TYPE_CHECKING:
    from bargain.solvers.agent_quantal import AgentQuantalResponse, LimitingLogit
    from bargain.solvers.coalitional import BanzhafValue, Core, Nucleolus, ShapleyValue, TauValue
    from bargain.solvers.kalai_smorodinsky import KalaiSmorodinsky
    from bargain.solvers.nash import Nash
    from bargain.solvers.nash_bargaining import NashBargaining
    from bargain.solvers.rubinstein import Rubinstein
    from bargain.solvers.sequential import PerfectBayesian, Sequential
    from bargain.solvers.subgame_perfect import SubgamePerfect


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'bargain.solvers' has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)
