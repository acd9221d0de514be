"""One revision of the package, timing our side of one task on request: ``python -P -m benchmarks.worker TASK [quick]``.

Every line read is the number of a round; every line written is its processor seconds a call, after
as many calls as take long enough. The first line written says which package is timed.
"""

import sys
from pathlib import Path

import bargain
from benchmarks.measure import seconds
from benchmarks.task import Task
from benchmarks.tasks import tasks

__all__ = ["main"]

_LEAST = 0.05  # processor seconds of a round: shorter ones measure the machine, not the code
_MOST = 1000


def main(name: str, quick: bool) -> None:
    """Serve rounds until the input ends."""
    task = _named(name, quick)
    print(Path(bargain.__file__).parent, flush=True)
    calls = 1
    for line in sys.stdin:
        given = task.fresh(int(line))
        start = seconds()
        for _ in range(calls):
            answer = task.ours(given)
        spent = (seconds() - start) / calls
        assert answer is not None or task.unit == "process"
        print(spent, flush=True)
        calls = max(calls, min(_MOST, int(_LEAST / max(spent, 1e-9)) + 1))


def _named(name: str, quick: bool) -> Task:
    return next(task for task in tasks(quick) if task.name == name)


if __name__ == "__main__":
    main(sys.argv[1], "quick" in sys.argv[2:])
