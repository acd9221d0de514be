"""``--time-limit`` and ``--memory-limit``: what is left when a limit stops a command."""

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

from bargain.errors import BadInput, BargainError, NotCertified, NotDecided
from bargain.limits import Stopped, check_memory, memory_limit, time_limit
from bargain.regions.cells import Cell, Region
from bargain.solution import Component, Equilibrium, Regime, Solution, Status

_SEARCH = 0.7  # of the time, for a search that can stop by itself; the rest is for certifying what it found


def confined(options: Namespace, run: Callable[[Namespace], int]) -> int:
    """Run a command, in a process of its own if memory is limited: what a library cannot survive ends that process only."""
    if options.memory_limit is None:
        return _timed_run(options, run)
    if not hasattr(os, "fork"):
        raise BadInput("memory cannot be limited on this system", place="--memory-limit", remedy="leave it out")
    check_memory(options.memory_limit)
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            with memory_limit(options.memory_limit):
                status = _timed_run(options, run)
            sys.stdout.flush()
        except (MemoryError, ImportError, SystemError):  # the last two: a library that could not be loaded or fitted
            status = _out_of_memory(options)
        except BargainError as error:
            print(f"bargain: {' '.join(str(error).split())}", file=sys.stderr)
            status = 1 if isinstance(error, NotDecided | NotCertified) else 2
        except KeyboardInterrupt:
            status = 130
        except Exception as error:
            if "memory" not in str(error).lower():
                sys.excepthook(type(error), error, error.__traceback__)
            status = 1 if "memory" not in str(error).lower() else _out_of_memory(options)
        finally:
            sys.stderr.flush()
            os._exit(status)
    while True:
        try:
            _, status = os.waitpid(child, 0)
            break
        except KeyboardInterrupt:  # the terminal interrupts the child as well
            continue
    return _out_of_memory(options) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def _timed_run(options: Namespace, run: Callable[[Namespace], int]) -> int:
    """Solving and judging claims show what was found when the time is up, and have clocks of their own; a report stops, and keeps what it has written."""
    if run.__name__ in ("run_solve", "run_claims"):
        return run(options)
    with time_limit(options.time_limit):
        return run(options)


def _out_of_memory(options: Namespace) -> int:
    print(f"bargain: status: not complete: the memory limit of {options.memory_limit} MiB was reached; raise it, or make the task smaller with --at or --free",
          file=sys.stderr, flush=True)
    return 1


def timed(solver: Any, seconds: float | None) -> Any:
    """The solver, told about the time if it has a limit of its own and none is set: then it stops by itself, with certified regimes."""
    known = is_dataclass(solver) and any(field.name == "time_limit" for field in fields(solver)) and getattr(solver, "time_limit", 0) is None
    return replace(solver, time_limit=_SEARCH * seconds) if seconds is not None and known else solver


def unfinished(stop: Stopped, problem: Any, solver: Any) -> Solution:
    """What an exploration had found when it was stopped, uncertified; the stop itself again if that is nothing."""
    leaves: Sequence[Any] = [leaf for leaf in stop.found if _leaf(leaf)]
    if not leaves:
        raise stop
    regimes = tuple(Regime(Region((cell,)), tuple(equilibria)) for cell, equilibria in leaves)
    return Solution(problem, solver, Status.NOT_DECIDED, regimes, stats={"stopped": stop.rule})


def _leaf(leaf: Any) -> bool:
    cell, found = leaf if isinstance(leaf, tuple) and len(leaf) == 2 else (None, None)
    return isinstance(cell, Cell) and isinstance(found, tuple) and bool(found) and all(isinstance(e, Equilibrium | Component) for e in found)
