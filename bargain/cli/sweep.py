"""``bargain sweep``: a model at many parameter points; the frequencies on standard output, all numbers in a file or a folder."""

import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bargain.cli.output import as_json, as_tables, counted
from bargain.cli.values import checked, given_values, known_names
from bargain.errors import BadInput
from bargain.expressions import number
from bargain.loading import load, placed

if TYPE_CHECKING:
    import xarray

_LARGEST = 10_000_000  # values on one axis
_SUFFIXES = (".nc", ".csv")


def run_sweep(options: Namespace) -> int:
    """Compute, store, and say how often each outcome or regime occurs."""
    from bargain.games import Game, MatrixGame
    from bargain.solving import solve
    from bargain.sweeping import sweep

    model = load(options.model)
    assert model.notation is not None
    axes = dict(_axis(text) for text in options.over)
    known_names((*axes, *options.free), model.notation, "--over and --free")
    given = given_values(options.at)
    values = checked(given, model.notation)
    out = _place(options.out)
    name = options.problem or next(iter(model.problems))
    if name not in model.problems:
        raise BadInput(f"{model.name} has no problem {name!r}", place="--problem", remedy="problems: " + ", ".join(model.problems))
    what, solver = model.problems[name]
    if callable(what):
        raise BadInput("is built from the solution of another problem at each point", place=f"problem {name}", remedy="name another one with --problem")
    notation = what.notation
    if options.by_regimes or not isinstance(what, Game | MatrixGame):
        what = solve(what, solver, free=[*axes, *options.free], at={symbol: value for symbol, value in values.items() if symbol in notation.symbols})
        held: dict[Any, Any] = {}
    else:
        moving = {*axes, *(options.free or (notation.names if options.draws else ()))}
        held = {symbol: value for symbol, value in values.items() if symbol in notation.symbols and (symbol.name not in moving or symbol.name in given)}
    folder = out if out is not None and not out.suffix else None
    try:
        with counted("sweep, chunk") as progress:
            data = sweep(what, draws=options.draws, seed=options.seed, at=held, chunk=options.chunk, processes=options.processes, out=folder,
                         device=options.device, progress=progress, **axes)
    except KeyboardInterrupt:
        if folder:
            print(f"bargain: what was computed is in {folder}; the same command goes on from there", file=sys.stderr)
        raise
    if out is not None and folder is None:
        _write(data, out)
    found = _frequencies(data)
    print(as_json({"model": options.model, **found}) if options.format == "json" else as_tables([_table(options.model, found)], options.format, title=options.model))
    return 0


def _axis(text: str) -> tuple[str, Any]:
    """``k=0:1:101`` (first, last, how many) or ``k=0.1,0.2``."""
    name, equals, values = text.partition("=")
    place = f"--over {text[:80]}"
    form = "write name=first:last:count or name=value,value"
    if not equals or not name.isidentifier():
        raise BadInput("names no parameter", place=place, remedy=form)
    if ":" not in values:
        return name, np.array([float(_number(part, place)) for part in values.split(",")])
    parts = values.split(":")
    if len(parts) != 3 or not parts[2].isdigit() or not 2 <= int(parts[2]) <= _LARGEST:
        raise BadInput("is no grid", place=place, remedy=f"{form}, with a count from 2 to {_LARGEST:,}")
    return name, np.linspace(float(_number(parts[0], place)), float(_number(parts[1], place)), int(parts[2]))


def _number(text: str, place: str) -> Any:
    try:
        return number(text)
    except BadInput as error:
        raise placed(error, place) from error


def _place(out: Path | None) -> Path | None:
    if out is not None and out.suffix and out.suffix not in _SUFFIXES:
        raise BadInput(f"has the unknown suffix {out.suffix}", place=f"--out {out}", remedy="give FILE.nc, FILE.csv, or a folder, which can be resumed")
    if out is not None and not out.parent.is_dir():
        raise BadInput("its folder does not exist", place=f"--out {out}", remedy="make it first")
    return out


def _write(data: "xarray.Dataset", out: Path) -> None:
    try:
        if out.suffix == ".nc":
            data.to_netcdf(out, engine="scipy")
        else:
            data.to_dataframe().to_csv(out)
    except OSError as error:
        raise BadInput(f"cannot be written ({error.strerror or error})", place=f"--out {out}", remedy="choose another file") from error


def _frequencies(data: "xarray.Dataset") -> dict[str, Any]:
    """How often each outcome, regime or number of equilibria occurs."""
    name = next(key for key in ("outcome", "regime", "equilibria") if key in data)
    meanings = data[name].attrs.get("flag_meanings", [])
    numbers, counts = np.unique(data[name].values, return_counts=True)
    rows = [{name: int(number), "meaning": meanings[number] if 0 <= number < len(meanings) else _SPECIAL.get((name, int(number)), ""), "points": int(count)}
            for number, count in zip(numbers, counts, strict=True)]
    return {"points": int(counts.sum()), "by": name, "status": data.attrs["status"], "rows": sorted(rows, key=lambda row: -row["points"])}


_SPECIAL = {("regime", -1): "on a boundary that the solution leaves out", ("regime", -2): "outside the assumptions", ("outcome", -1): "decided by chance"}


def _table(title: str, found: dict[str, Any]) -> Any:
    from bargain.tables import Table

    rows = tuple((str(row[found["by"]]), row["meaning"], f"{row['points'] / found['points']:.4f}") for row in found["rows"])
    return Table(f"{title} at {found['points']:,} points", (found["by"].capitalize(), "Meaning", "Share"), rows, label="sweep", stub=1).without_empty()
