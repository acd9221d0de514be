"""Limits of time and memory for a piece of work: what stops carries what was found.

The work runs in the main thread; a second thread watches the clock, interrupts z3 and has the main thread raise `Stopped`. Work that cannot be
interrupted any more (a long computation inside a library) is ended after a further grace period.
"""

import os
import resource
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bargain.errors import BadInput, NotDecided

_GRACE = 5.0  # seconds, beyond a tenth of the limit
_AGAIN = 0.5  # seconds until a stop that some library swallowed is repeated
_RANG = threading.Event()  # the clock belongs to the process, like the signal


class Stopped(NotDecided):
    """A limit of time or memory was reached; `found` holds what was complete by then (leaves of an exploration, or nothing)."""

    def __init__(self, rule: str, found: tuple[Any, ...] = ()) -> None:
        super().__init__(rule, place="status: not complete", remedy="raise the limit, or make the task smaller with --at or --free")
        self.found = found


@contextmanager
def time_limit(seconds: float | None) -> Iterator[None]:
    """Raise `Stopped` in the main thread after so many seconds of real time; None: no limit.

    >>> with time_limit(60):
    ...     done = True
    """
    if seconds is None:
        yield
        return
    if not 0 < seconds <= 10**7:
        raise BadInput(f"a time limit of {seconds} seconds", place="--time-limit", remedy="give a positive number of seconds")
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        raise BadInput("a time limit needs the main thread of a system with timers", place="--time-limit", remedy="leave it out")

    rule = f"the time limit of {seconds:g} seconds was reached"

    def ring(number: int, frame: Any) -> None:
        _RANG.set()
        raise Stopped(rule)

    over = threading.Event()
    watch = threading.Thread(target=_watch, args=(over, seconds), daemon=True)
    before = signal.signal(signal.SIGALRM, ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
        watch.start()
        yield
    except Stopped:
        raise
    except Exception as error:  # a library may turn the stop into an error of its own
        if not stopping(error):
            raise
        raise Stopped(rule) from error
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        _RANG.clear()
        over.set()


def stopping(error: BaseException) -> bool:
    """Whether an error is due to a limit: it says so, or it came up after the clock rang."""
    return isinstance(error, Stopped | MemoryError) or _RANG.is_set()


def _watch(over: threading.Event, seconds: float) -> None:
    """Interrupt z3 once the time is up, and end the process if that does not help."""
    if over.wait(seconds):
        return
    for _ in range(int((_GRACE + seconds / 10) / _AGAIN)):
        if "z3" in sys.modules:
            sys.modules["z3"].main_ctx().interrupt()
        if over.wait(_AGAIN):
            return
    sys.stderr.write(f"bargain: status: not complete: the time limit of {seconds:g} seconds was reached; nothing was found that could be shown\n")
    sys.stderr.flush()
    os._exit(1)


def check_memory(mebibytes: int | None) -> None:
    """`BadInput` for a limit that is none."""
    if mebibytes is not None and not 1 <= mebibytes <= 2**30:
        raise BadInput(f"a memory limit of {mebibytes} MiB", place="--memory-limit", remedy="give a positive number of MiB")


@contextmanager
def memory_limit(mebibytes: int | None) -> Iterator[None]:
    """Let the process have so many MiB of data, its libraries included; what asks for more fails with `MemoryError`. None: no limit."""
    check_memory(mebibytes)
    if mebibytes is None:
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = mebibytes * 2**20
    resource.setrlimit(resource.RLIMIT_DATA, (wanted if before[1] == resource.RLIM_INFINITY else min(wanted, before[1]), before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)
