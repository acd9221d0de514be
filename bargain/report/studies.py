"""The studies of several models, divided among processes.

A process is given the name of a shipped model and what was changed in it, and sends back findings as plain data; a model that is not
shipped is studied here. The findings are those of one process: nothing depends on the order in which models are done.
"""

import os
import pickle
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any

import sympy as sp

from bargain.claims import Model
from bargain.loading import load, shipped
from bargain.sensitivity.assessment import Assessment, Known, Plan, assess, studied

Told = Callable[[str, int, int], None]  # model, draws done, draws to do
_messages: Any = None


class Studies:
    """Studies that run beside the caller; `found` waits for one of them, and does others meanwhile.

    >>> from bargain.models.ukraine import leverage as m
    >>> with begun([m.model], Plan(draws=200, points=16)) as studies:
    ...     studies.found(m.model).study.draws
    200
    """

    def __init__(self, plan: Plan, told: Told | None, pool: ProcessPoolExecutor | None) -> None:
        self._plan, self._told, self._pool = plan, told, pool
        self._running: dict[str, tuple[Model, Known, Future[Any]]] = {}
        self._known: dict[str, Known] = {}
        self._found: dict[str, Assessment] = {}

    def start(self, model: Model, known: Known | None = None) -> None:
        """Begin the study of a model, once, unless there is nothing to study; known: what need not be found again."""
        if model.name in self._known or not studied(model):
            return
        self._known[model.name] = known = known or Known()
        changes = _changes(model) if self._pool is not None else None
        if self._pool is not None and changes is not None:
            self._running[model.name] = model, known, self._pool.submit(_work, model.name, changes, self._plan, pickle.dumps(known))

    def found(self, model: Model) -> Assessment:
        """The findings of one model."""
        while model.name in self._running and not self._running[model.name][2].done() and self._lent_a_hand():
            pass
        if model.name in self._running:
            self._found[model.name] = _restored(self._running.pop(model.name)[2].result(), model)
        if model.name not in self._found:
            self._assess(model, self._known.get(model.name))
        return self._found[model.name]

    def _lent_a_hand(self) -> bool:
        """Do the study here that was begun last, of those that no process has taken up; False if all are taken."""
        for model, known, future in reversed(list(self._running.values())):
            if future.cancel():
                del self._running[model.name]
                self._assess(model, known)
                return True
        return False

    def _assess(self, model: Model, known: Known | None) -> None:
        told = self._told
        self._found[model.name] = assess(model, self._plan, None if told is None else lambda done, total: told(model.name, done, total), known)


@contextmanager
def begun(models: Sequence[Model], plan: Plan, told: Told | None = None, *, later: Sequence[Model] = ()) -> Any:
    """Start the studies of the models that have claims and priors; they are stopped when the block is left. later: those that the block starts.

    Of the processes of the plan one is the caller.
    """
    chosen = [model for model in models if studied(model)]
    if plan.jobs == 1 or len(chosen) + sum(map(studied, later)) < 2:
        yield Studies(plan, told, None)
        return
    context = get_context("spawn")
    messages = context.Queue()
    listener = Thread(target=_listen, args=(messages, told), daemon=True)
    listener.start()
    pool = ProcessPoolExecutor(min(plan.jobs, len(chosen) + sum(map(studied, later))) - 1, context, _enlist, (messages,))
    try:
        studies = Studies(plan, told, pool)
        for model in sorted(chosen, key=_effort):
            studies.start(model)
        yield studies
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        messages.put(None)
        listener.join()
        messages.close()


def _effort(model: Model) -> tuple[bool, int]:
    """The longest studies first: those that are solved for all parameters before they draw."""
    assert model.notation is not None
    return not model.reductions, -len(model.notation.parameters)


def _listen(messages: Any, told: Told | None) -> None:
    for message in iter(messages.get, None):
        if told is not None:
            told(*message)


def _enlist(messages: Any) -> None:
    """Where a process learns whom to tell; it ends when the process that began it is gone, however that ended."""
    global _messages  # noqa: PLW0603 - the one thing a process of a pool keeps
    _messages = messages
    parent = parent_process()
    if parent is not None:
        Thread(target=_outlived, args=(parent,), daemon=True).start()


def _outlived(parent: Any) -> None:
    parent.join()
    os._exit(1)


def _changes(model: Model) -> Mapping[str, Mapping[str, Any]] | None:
    """What was changed in a shipped model; None if it is not one."""
    if model.name not in shipped():
        return None
    original = load(model.name)
    assert model.notation is not None and original.notation is not None
    if model is original:
        return {"values": {}, "prior": {}}
    if replace(model, notation=original.notation) != original:
        return None
    rows = [(row, original.notation[row.name]) for row in model.notation]
    return {"values": {row.name: row.baseline for row, old in rows if row.baseline != old.baseline},
            "prior": {row.name: row.prior for row, old in rows if row.prior != old.prior}}


def _work(name: str, changes: Mapping[str, Mapping[str, Any]], plan: Plan, known: bytes) -> Any:
    model = load(name).recalibrated(changes["values"], changes["prior"])
    found = assess(model, plan, lambda done, total: _messages.put((name, done, total)), _as_it_was(known))
    findings = tuple(replace(finding, claim=finding.claim.name) for finding in found.study.findings)  # type: ignore[arg-type]
    return replace(found, study=replace(found.study, model=None, findings=findings))  # type: ignore[arg-type]


def _as_it_was(known: bytes) -> Known:
    """What was sent to a process, every expression in the form in which it was found."""
    with sp.evaluate(False):
        found: Known = pickle.loads(known)
    return found


def _restored(found: Any, model: Model) -> Assessment:
    """Findings that came from a process, with the model and its claims put back."""
    claims = {claim.name: claim for claim in model.claims}
    findings = tuple(replace(finding, claim=claims[finding.claim]) for finding in found.study.findings)
    study = replace(found.study, model=model, findings=findings)
    result: Assessment = replace(found, study=study)
    return result
