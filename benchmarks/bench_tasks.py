"""Every task under pytest-benchmark, with its ratio to the peer in ``extra_info``; ``--benchmark-disable`` checks answers only."""

from typing import Any

import pytest

from benchmarks.measure import measured, rounds_of
from benchmarks.task import Task
from benchmarks.tasks import tasks

pytest.importorskip("pytest_benchmark")
pytest.importorskip("quantecon")
pytest.importorskip("pygambit")


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("task", tasks(quick=True), ids=lambda task: task.name)
def test_ours_and_the_peer_agree(benchmark: Any, task: Task) -> None:
    if not benchmark.enabled:
        next(rounds_of(task))
        return
    benchmark.pedantic(task.ours, setup=_inputs(task), rounds=5)
    benchmark.extra_info.update(measured(task, 3).row())


def _inputs(task: Task) -> Any:
    numbers = iter(range(1000, 10_000))
    return lambda: ((task.fresh(next(numbers)),), {})
