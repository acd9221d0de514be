"""Cold start: whole processes, as a user meets them."""

import subprocess
import sys
from typing import Any

from benchmarks.task import Task, nothing


def tasks(quick: bool = False) -> list[Task]:
    """Importing the package, with numpy as the yardstick."""
    ours, theirs = "import bargain", "import numpy"
    return [Task(ours, "process", lambda number: None, lambda _: _run(ours), 1, lambda _: _run(theirs), theirs, 1, nothing, target=1 / 1.5)]


def _run(program: str) -> Any:
    return subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
