"""``python -m benchmarks``: time the tasks beside their peers, or this revision beside another one."""

import argparse
import os
import sys
import warnings
from pathlib import Path

for _threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):  # before numpy starts: one core for every side
    os.environ[_threads] = "1"

from benchmarks.compare import TOLERATED, Compared, compared, exported  # noqa: E402
from benchmarks.measure import measured  # noqa: E402
from benchmarks.printed import append, latex, picture, printed, short  # noqa: E402
from benchmarks.task import Task  # noqa: E402
from benchmarks.tasks import tasks  # noqa: E402


def main(arguments: list[str] | None = None) -> int:
    """0 if every promise is kept (or nothing is slower than the other revision), 1 otherwise, 2 for a wrong option."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Solver speed beside the peers.")
    parser.add_argument("--task", action="append", help="only tasks whose name contains this; may be given several times")
    parser.add_argument("--rounds", type=int, help="warm rounds of each task (7; 15 with --compare)")
    parser.add_argument("--quick", action="store_true", help="small inputs: the answers, not the times")
    parser.add_argument("--slow", action="store_true", help="also the tasks that take minutes")
    parser.add_argument("--list", action="store_true", help="name the tasks and stop")
    parser.add_argument("--history", type=Path, help="append the figures to this file, one line of JSON a run")
    parser.add_argument("--latex", type=Path, help="write the table here")
    parser.add_argument("--picture", type=Path, help="draw the ratios here (.png or .pdf)")
    parser.add_argument("--compare", metavar="REVISION", help="time this git revision of the package against the working tree; exit 1 if the tree is slower")
    options = parser.parse_args(arguments)
    words = options.task or [""]
    chosen = [task for task in tasks(options.quick) if any(word in task.name for word in words) and (options.slow or not task.slow)]
    if not chosen:
        print(f"no task's name contains {' or '.join(map(repr, words))}; see --list", file=sys.stderr)
        return 2
    if options.list:
        print("\n".join(f"{task.name} (vs {task.peer_name})" for task in chosen))
        return 0
    if options.compare:
        return _against(options.compare, chosen, options.rounds or 15, options.quick)
    rows = []
    warnings.simplefilter("ignore", RuntimeWarning)  # nashpy's, where it lists an even number of equilibria
    for task in chosen:
        print(task.name, file=sys.stderr)
        rows.append(measured(task, options.rounds or 7))
    printed(rows)
    if options.history:
        append(rows, options.history)
    if options.latex:
        latex(rows, options.latex)
    if options.picture:
        picture(rows, options.picture)
    return 0 if options.quick or all(row.met is not False for row in rows) else 1


def _against(revision: str, chosen: list[Task], rounds: int, quick: bool) -> int:
    slower = False
    with exported(revision) as base:
        for found in compared(chosen, base, None, rounds, quick):
            figures = f"time here / there {short(found.ratio)} ({short(found.low)}-{short(found.high)})"
            print(f"{found.name}: {_verdict(found)}" if found.failed else f"{found.name}: {figures}: {_verdict(found)}", flush=True)
            slower |= found.slower
    return int(slower)


def _verdict(found: Compared) -> str:
    if found.failed:
        return f"not timed in that revision ({found.failed})"
    return "SLOWER" if found.slower else "as before" if found.high > 1 / TOLERATED else "faster"


if __name__ == "__main__":
    sys.exit(main())
