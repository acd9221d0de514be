"""The table of measured tasks: for the terminal, for a paper, as a picture, and as a line of history."""

import json
import platform
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.measure import Measured

__all__ = ["append", "environment", "latex", "picture", "printed"]

_PEERS = ("nashpy", "quantecon", "pygambit", "numpy", "scipy", "networkx", "sympy")


def environment() -> dict[str, Any]:
    """What the figures depend on: interpreter, machine and versions."""
    found: dict[str, Any] = {"python": platform.python_version(), "machine": platform.machine(), "processor": _processor()}
    for name in ("bargain-solver", *_PEERS):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return found


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.processor())


def printed(rows: Sequence[Measured]) -> None:
    """The table on standard output."""
    from rich.console import Console
    from rich.table import Table

    columns = ("task", "ours", "cold", "peer", "its time", "ratio (95 % interval)", "promised", "")
    table = Table(*columns, title="Processor time an item; ratio = peer / ours in the same run")
    for row in rows:
        verdict = {True: "met", False: "[bold]not met[/bold]", None: ""}[row.met]
        table.add_row(row.name, time(row.ours), time(row.ours_cold), row.peer_name, time(row.peer), f"{short(row.ratio)} ({short(row.low)}-{short(row.high)})",
                      "" if row.target is None else short(row.target), verdict)
    width = None if sys.stdout.isatty() else 190
    Console(width=width).print(table)
    for row in rows:
        if row.note:
            Console().print(f"{row.name}: {row.note}")


def time(value: float) -> str:
    """Seconds in a readable unit.

    >>> time(0.0000021), time(3.0)
    ('2.1 us', '3 s')
    """
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value / 1e-9:.3g} ns"


def short(value: float) -> str:
    """A ratio in three figures.

    >>> short(1234.5), short(0.0512)
    ('1,230', '0.0512')
    """
    return f"{float(f'{value:.3g}'):,.0f}" if value >= 100 else f"{value:.3g}"


def latex(rows: Sequence[Measured], path: Path) -> None:
    """A booktabs table."""
    lines = [r"\begin{tabular}{@{}lllrrl@{}}", r"\toprule", r"Task & Ours & Peer & Its time & Ratio & 95\,\% interval\\", r"\midrule"]
    for row in rows:
        cells = (row.name, time(row.ours), row.peer_name, time(row.peer), short(row.ratio), f"{short(row.low)}--{short(row.high)}")
        lines.append(" & ".join(_escaped(cell) for cell in cells) + r"\\")
    path.write_text("\n".join([*lines, r"\bottomrule", r"\end{tabular}", ""]))


def _escaped(text: str) -> str:
    return text.replace("_", r"\_").replace("%", r"\%").replace(" us", r" $\mu$s")


def picture(rows: Sequence[Measured], path: Path) -> None:
    """Ratios with their intervals on a logarithmic axis; a tick marks what is promised."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 0.35 * len(rows) + 1), layout="constrained")
    axes = figure.subplots()
    places = range(len(rows))
    beside = [[row.ratio - row.low for row in rows], [row.high - row.ratio for row in rows]]
    axes.errorbar([row.ratio for row in rows], places, xerr=beside, fmt="o", color="black", ms=4)
    for place, row in zip(places, rows, strict=True):
        if row.target is not None:
            axes.plot([row.target] * 2, [place - 0.3, place + 0.3], color="#D55E00")
    axes.set(xscale="log", xlabel="peer's time over ours, per item", yticks=list(places), yticklabels=[f"{row.name}\nvs {row.peer_name}" for row in rows])
    axes.tick_params(axis="y", labelsize=6)
    axes.axvline(1, color="grey", lw=0.8)
    axes.invert_yaxis()
    figure.savefig(path, dpi=200)


def append(rows: Sequence[Measured], path: Path) -> None:
    """One line of JSON for this run, added to a history."""
    record = {"when": datetime.now(UTC).isoformat(timespec="seconds"), "environment": environment(), "tasks": [row.row() for row in rows]}
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as history:
        history.write(json.dumps(record) + "\n")
