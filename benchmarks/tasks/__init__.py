"""The benchmarks themselves, one module per kind of problem, each with a function `tasks(quick)`."""

from importlib import import_module

from benchmarks.task import Task

__all__ = ["MODULES", "tasks"]

MODULES = ("start", "matrices", "players", "trees", "offers", "large")


def tasks(quick: bool = False) -> list[Task]:
    """All tasks, in the order of the table; quick: smaller ones that only check answers."""
    return [task for name in MODULES for task in import_module(f"benchmarks.tasks.{name}").tasks(quick)]
