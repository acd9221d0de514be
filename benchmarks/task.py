"""What a benchmark is: fresh input for every round, ours, a peer, and a check that the two agree."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["Task", "nothing"]


@dataclass(frozen=True)
class Task:
    """One benchmark. The peer may take fewer items of the same input than ours does; ratios are per item.

    fresh: the input of a round, from its number; made before the clock starts, never twice the same. ours: a function of that input.
    peer: a function of that input that does its first `sample` items the way a user of `peer_name` would write it. agree: raises
    AssertionError unless the two answers (ours, the peer's) are the same, or ours is proved right. target: the least ratio, peer's
    time over ours, that is promised; None for a task that is only watched. note: why a target is not reached, if it is not.
    """

    name: str
    unit: str
    fresh: Callable[[int], Any]
    ours: Callable[[Any], Any]
    items: int
    peer: Callable[[Any], Any]
    peer_name: str
    sample: int
    agree: Callable[[Any, Any], None]
    target: float | None = None
    slow: bool = False
    note: str = ""


def nothing(*_: Any) -> None:
    """No answers to compare: both sides only take time."""
