"""Solution concepts: one module each, every solver a frozen value."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

_WHERE = {
    "AgentQuantalResponse": "bargain.solvers.agent_quantal",
    "KalaiSmorodinsky": "bargain.solvers.kalai_smorodinsky",
    "LimitingLogit": "bargain.solvers.agent_quantal",
    "Nash": "bargain.solvers.nash",
    "NashBargaining": "bargain.solvers.nash_bargaining",
    "Rubinstein": "bargain.solvers.rubinstein",
    "SubgamePerfect": "bargain.solvers.subgame_perfect",
}
__all__ = ["AgentQuantalResponse", "KalaiSmorodinsky", "LimitingLogit", "Nash", "NashBargaining", "Rubinstein", "SubgamePerfect"]

if TYPE_CHECKING:
    from bargain.solvers.agent_quantal import AgentQuantalResponse, LimitingLogit
    from bargain.solvers.kalai_smorodinsky import KalaiSmorodinsky
    from bargain.solvers.nash import Nash
    from bargain.solvers.nash_bargaining import NashBargaining
    from bargain.solvers.rubinstein import Rubinstein
    from bargain.solvers.subgame_perfect import SubgamePerfect


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'bargain.solvers' has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)
