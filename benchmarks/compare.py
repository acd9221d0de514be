"""Another revision against this one: the same rounds in two processes that take turns, so that noise of the machine hits both.

A task counts as slower if the 99 % interval of the median ratio lies beyond what is tolerated, and does so again in as many
fresh rounds: one unlucky interval is no verdict.
"""

import io
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measure import interval
from benchmarks.task import Task

__all__ = ["Compared", "compared", "exported"]

ROOT = Path(__file__).parent.parent
TOLERATED = 1.10
_LEVEL = 0.99


@dataclass(frozen=True)
class Compared:
    """Seconds of this revision over those of the other: the median over the rounds and its interval. failed: the other revision could not run the task."""

    name: str
    ratio: float
    low: float
    high: float
    slower: bool
    failed: str = ""


@contextmanager
def exported(revision: str) -> Iterator[Path]:
    """A folder in which ``import bargain`` finds the package as it is in a revision, built if it has an extension and there is a compiler."""
    archive = subprocess.run(["git", "archive", revision], cwd=ROOT, check=True, capture_output=True).stdout
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
            packed.extractall(folder, filter="data")
        place = Path(folder)
        if (place / "setup.py").exists():
            subprocess.run([sys.executable, "setup.py", "-q", "build_ext", "--inplace"], cwd=place, check=False, capture_output=True)
        (place / "models").rename(place / "bargain" / "models")
        (place / "benchmarks").rename(place / "their_benchmarks")
        yield place


def compared(tasks: Sequence[Task], base: Path, here: Path | None, rounds: int, quick: bool = False) -> Iterator[Compared]:
    """Time each task on both; `here` None means the working tree."""
    for task in tasks:
        try:
            first = _ratios(task, base, here, rounds, quick)
            slower = interval(first, _LEVEL)[0] > TOLERATED
            if slower:
                first = _ratios(task, base, here, rounds, quick)
                slower = interval(first, _LEVEL)[0] > TOLERATED
        except _Unable as error:
            yield Compared(task.name, float("nan"), float("nan"), float("nan"), False, str(error))
            continue
        yield Compared(task.name, median(first), *interval(first, _LEVEL), slower)


class _Unable(Exception):
    """A revision that cannot run a task."""


def _ratios(task: Task, base: Path, here: Path | None, rounds: int, quick: bool) -> list[float]:
    with ExitStack() as stack:
        theirs, ours = (stack.enter_context(_worker(task, place, quick)) for place in (base, here))
        found = []
        for number in range(rounds + 1):
            order = (theirs, ours) if number % 2 == 0 else (ours, theirs)
            spent = {id(side): _round(side, number) for side in order}
            found.append(spent[id(ours)] / max(spent[id(theirs)], 1e-9))
    return found[1:]


@contextmanager
def _worker(task: Task, place: Path | None, quick: bool) -> Iterator[Any]:
    path = os.pathsep.join(map(str, (place or ROOT, ROOT)))
    environment = {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-P", "-m", "benchmarks.worker", task.name, *(["quick"] if quick else [])]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        said = process.stdout.readline().strip() if process.stdout else ""
        if not said:
            raise _Unable(_last_line(process))
        assert place is None or Path(said).is_relative_to(place), f"{said} was timed instead of {place}"
        yield process
        if process.stdin:
            process.stdin.close()


def _round(process: Any, number: int) -> float:
    process.stdin.write(f"{number}\n")
    process.stdin.flush()
    said = process.stdout.readline()
    if not said:
        raise _Unable(_last_line(process))
    return float(said)


def _last_line(process: Any) -> str:
    lines = process.communicate()[1].strip().splitlines()
    return lines[-1] if lines else "no answer"
