"""Running a sweep: chunk by chunk here, in several processes, or on a Dask cluster, with the same numbers everywhere."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cached_property
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp

from bargain.errors import BadInput
from bargain.kernels.devices import device as device_named
from bargain.solution import Solution
from bargain.sweeping.design import Design, designed
from bargain.sweeping.evaluate import Variable, evaluator, labels, outcomes
from bargain.sweeping.store import Store

if TYPE_CHECKING:
    import xarray

__all__ = ["assembled", "sweep"]

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Job:
    """All that is needed to compute any chunk anywhere."""

    what: Any
    design: Design
    device: str = "cpu"

    @property
    def held(self) -> tuple[tuple[sp.Symbol, sp.Expr], ...]:
        """Values of the parameters that do not vary, where they are not at their baseline."""
        return tuple(self.design.held.items())

    @cached_property
    def evaluate(self) -> Callable[[Mapping[sp.Symbol, Any]], dict[str, Variable]]:
        """The vectorised function, compiled once in every process."""
        return evaluator(self.what, self.design.free, self.held, device_named(self.device))

    def __reduce__(self) -> Any:
        return Job, (self.what, self.design, self.device)

    def chunk(self, number: int) -> "xarray.Dataset":
        """The parameters that vary and what was found, along the outer dimension and the axes."""
        import xarray

        design, shape = self.design, self.design.shape(number)
        found = self.evaluate(design.columns(number))
        inner = [str(symbol) for symbol in design.axes] if design.outer != "node" else []
        data: dict[str, Any] = {f"parameter_{symbol}": (design.outer, column) for symbol, column in design.varied(number).items()}
        for name, variable in found.items():
            along = [variable.along] if variable.along else []
            values = variable.values.astype(np.int32) if variable.values.dtype.kind in "iu" else variable.values
            data[name] = ((design.outer, *inner, *along), values.reshape(*shape, *values.shape[1:]))
        return xarray.Dataset(data)

    def note(self) -> dict[str, Any]:
        """What identifies the sweep, and what its dataset says about itself."""
        design = self.design
        source = self.what.problem if isinstance(self.what, Solution) else self.what
        return {
            "format": 1,
            "title": str(getattr(source, "title", type(source).__name__)),
            "of": repr(self.what.solver) if isinstance(self.what, Solution) else type(self.what).__name__,
            "content": hashlib.sha256(_content(self.what).encode()).hexdigest(),
            "points": design.fingerprint,
            "chunks": design.chunks,
            "outer": design.outer,
            "axes": {str(symbol): values.tolist() for symbol, values in design.axes.items()},
            "labels": {name: labels(self.what, name) for name in self._dimensions()},
            "outcomes": outcomes(self.what, design.free),
            "conditions": [str(regime.condition) for regime in self.what.regimes] if isinstance(self.what, Solution) else [],
            "answer": str(self.what.status) if isinstance(self.what, Solution) else "",
            "held": {str(symbol): str(value) for symbol, value in {**design.notation.baseline, **design.held}.items() if symbol not in design.free},
        } | ({} if self.device == "cpu" else {"device": self.device})

    def _dimensions(self) -> list[str]:
        return ["player"] if isinstance(self.what, Solution) or not hasattr(self.what, "actions") else ["player", "profile"]


def _content(what: Any) -> str:
    """A text that is the same for equal problems in every process."""
    if isinstance(what, Solution):
        return repr([(str(regime.condition), [str(e) for e in regime.extreme()]) for regime in what.regimes])
    return repr(what)


def sweep(what: Any, /, *, points: Any = None, draws: int = 0, seed: int = 0, at: Mapping[Any, Any] | None = None, chunk: int = 65_536, out: Any = None,
          processes: int = 1, client: Any = None, progress: Progress | None = None, device: str = "cpu", **axes: Any) -> "xarray.Dataset":
    """A solution or a game at many points, as an `xarray.Dataset`.

    what: a symbolic `Solution` (the equilibrium of each point is looked up: variables `regime`, `equilibria`, `payoff`, quantities), a tree
    of decisions and chance moves (backward induction in floats, first-listed action on a tie: `outcome`, `payoff`), or a
    two-player matrix (all equilibria: `equilibria` lists how many extreme ones, `degenerate`, `pure`, `least_payoff`, `greatest_payoff`).
    axes: parameters by name with their grid values, each a dimension. points: a mapping or data frame of columns, the dimension `point`.
    draws: that many draws from the priors of all parameters not given otherwise, the dimension `draw`; the same draws at each node of a grid.
    at: values of parameters that stay fixed; those not named stay at their baseline. chunk: points computed at a time.
    out: a folder to which every finished chunk is written at once; run again, the sweep goes on where it stopped, and ends with the same
    numbers. processes: how many to use. client: a `dask.distributed.Client` to use instead. progress: called with (chunks done, chunks).
    device: where a tree or a matrix is computed: "cpu"; "cuda" or "cuda:1", a GPU that torch or else CuPy finds; "torch", on the CPU. There payoffs are
    made from the columns and results reduced; only those travel. Sums are rounded in another order, so that payoffs may differ in their last
    bit, and with them what happens at an exact tie. Give a GPU large chunks, of 10^5 points and more.

    Regime -1 is a boundary that the solution leaves out, -2 a point that violates an assumption. Raises BadInput for an unknown
    parameter, a device that is not there or a folder that holds another sweep, NotApplicable for a problem without a vectorised solver.

    >>> import bargain as bg
    >>> from bargain.models.classics import deterrence as m
    >>> found = sweep(bg.solve(m.game, bg.SubgamePerfect()), w_C=[-1, -0.2, 0.3], w_D=[-0.5, 0.1])
    >>> found.regime.dims, found.regime.values.tolist()
    (('w_C', 'w_D'), [[0, 0], [2, 2], [3, 3]])
    """
    notation = (what.problem if isinstance(what, Solution) else what).notation
    job = Job(what, designed(notation, axes, points=points, draws=draws, seed=seed, at=at or {}, chunk=chunk), device)
    if processes > 1 and device != "cpu":
        raise BadInput(f"{processes} processes would share it", place=f"device {device!r}", remedy="leave processes at 1")
    if isinstance(what, Solution):
        _must_be_free(what, job.design)
    job.evaluate  # noqa: B018  # refuses what cannot be swept before a folder is made
    note = job.note()
    store = None if out is None else Store(out, note)
    numbers = list(range(job.design.chunks)) if store is None else store.missing(job.design.chunks)
    done = job.design.chunks - len(numbers)
    kept: dict[int, xarray.Dataset] = {}
    for number, data in _computed(job, numbers, processes, client):
        if store is None:
            kept[number] = data
        else:
            store.keep(number, data)
        done += 1
        if progress is not None:
            progress(done, job.design.chunks)
    return assembled([kept[number] if store is None else store.chunk(number) for number in range(job.design.chunks)], note, complete=True)


def _must_be_free(solution: Solution, design: Design) -> None:
    """A parameter that was fixed before solving cannot vary afterwards."""
    fixed = sorted(str(symbol) for symbol in (*design.axes, *design.listed) if symbol not in set(solution.problem.notation.symbols))
    if fixed:
        raise BadInput(f"{', '.join(fixed)} was fixed when the game was solved", place="sweep", remedy="solve with it among the free parameters")


def _computed(job: Job, numbers: Sequence[int], processes: int, client: Any) -> Iterator[tuple[int, Any]]:
    """Chunks with their numbers, in the order in which they are finished."""
    if client is not None:
        yield from _on_cluster(job, numbers, client)
    elif processes > 1 and len(numbers) > 1:
        with ProcessPoolExecutor(min(processes, len(numbers)), mp_context=get_context("spawn"), initializer=_start, initargs=(job,)) as pool:
            waiting = {pool.submit(_chunk_here, number): number for number in numbers}
            try:
                for finished in as_completed(waiting):
                    yield waiting[finished], finished.result()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    else:
        for number in numbers:
            yield number, job.chunk(number)


_JOB: list[Job] = []


def _start(job: Job) -> None:
    _JOB[:] = [job]


def _chunk_here(number: int) -> Any:
    return _JOB[0].chunk(number)


def _on_cluster(job: Job, numbers: Iterable[int], client: Any) -> Iterator[tuple[int, Any]]:
    """A chunk whose worker dies is computed again by another one."""
    from dask.distributed import as_completed as finished_first

    shared = client.scatter(job, broadcast=True)
    waiting = {client.submit(Job.chunk, shared, number, pure=False, retries=3): number for number in numbers}
    for finished in finished_first(list(waiting)):
        yield waiting[finished], finished.result()


def assembled(parts: "Sequence[xarray.Dataset]", note: Mapping[str, Any], *, complete: bool) -> "xarray.Dataset":
    """One dataset with coordinates, from chunks in order."""
    import xarray

    outer, axes = note["outer"], {name: np.array(values) for name, values in note["axes"].items()}
    data = xarray.concat(parts, outer, data_vars="all") if len(parts) > 1 else parts[0]
    if outer == "node":
        if complete:
            data = data.drop_vars([f"parameter_{name}" for name in axes])
            data = xarray.Dataset({name: _on_grid(variable, axes) for name, variable in data.items()}, coords=axes)
    else:
        data = data.assign_coords({name: values for name, values in axes.items()})
    moved = {name: name.removeprefix("parameter_") for name in map(str, data.variables) if name.startswith("parameter_")}
    data = data.rename(moved).set_coords(list(moved.values()))
    data = data.assign_coords({name: values for name, values in note["labels"].items() if name in data.dims})
    described = {key: note[key] for key in ("title", "of", "answer") if note[key]}
    data.attrs = {**described, "status": "complete" if complete else "not complete", **{f"held {name}": value for name, value in note["held"].items()}}
    for name, meaning in (("outcome", note["outcomes"]), ("regime", note["conditions"])):
        if name in data and meaning:
            data[name].attrs["flag_meanings"] = meaning
    return data


def _on_grid(variable: Any, axes: Mapping[str, Any]) -> Any:
    shape = tuple(len(values) for values in axes.values())
    return ((*axes, *variable.dims[1:]), variable.values.reshape(*shape, *variable.shape[1:]))
