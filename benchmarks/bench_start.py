"""Cold start: whole processes, as a user meets them; the peer is ``import numpy``."""

import subprocess
import sys
import time
from typing import Any


def _cold(*arguments: str) -> float:
    start = time.perf_counter()
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True)
    assert "Traceback" not in done.stderr
    return time.perf_counter() - start


def test_importing_the_package(benchmark: Any) -> None:
    benchmark.pedantic(lambda: _cold("-c", "import bargain"), rounds=3)
    if benchmark.stats is not None:
        benchmark.extra_info["ratio to import numpy"] = benchmark.stats.stats.median / min(_cold("-c", "import numpy") for _ in range(3))


def test_solving_the_grand_tree_as_a_process(benchmark: Any) -> None:
    benchmark.pedantic(lambda: _cold("-m", "bargain", "solve", "ukraine/grand_bargain", "--at", "baseline", "--format", "json"), rounds=3)
