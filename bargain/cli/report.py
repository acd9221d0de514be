"""``bargain report``: everything models declare, as a folder of files."""

import os
import sys
from argparse import Namespace
from pathlib import Path

from bargain.claims import Model
from bargain.cli.calibration import recalibrated
from bargain.cli.options import jobs
from bargain.cli.output import bars
from bargain.errors import BadInput
from bargain.inventory import Inventory
from bargain.loading import groups, inventory, load, load_group, shipped
from bargain.sensitivity.assessment import Plan


def run_report(options: Namespace) -> int:
    """Write the report of some models."""
    out: Path = options.out
    models = recalibrated(_models(options.models), options.at, options.prior)
    plan = Plan(options.draws, options.seed, cache=options.cache or out / "draws", jobs=jobs(options)) if options.draws else None
    if os.path.exists(out) and not os.path.isdir(out):
        raise BadInput("is a file", place=f"--out {out}", remedy="give a folder")
    from bargain.report import write_report  # loads matplotlib

    shown = options.verbose or sys.stderr.isatty()
    try:
        with bars(shown) as told:
            written = write_report(models, out, progress=_say if shown else _silent, plan=plan, inventories=_inventories(models), told=told)
    except OSError as error:
        if error.filename is None:
            raise
        raise BadInput(f"{error.filename} cannot be written ({error.strerror})", place=f"--out {out}", remedy="choose another folder") from error
    for warning in () if shown else written.warnings:  # progress has told them otherwise
        _say(warning)
    print(out)
    return 0


def _models(names: list[str]) -> list[Model]:
    """The models named, groups replaced by their members; everything shipped if none is named."""
    known, found = groups(), []
    for name in names or shipped():
        found += load_group(name) if name in known else [load(name)]
    return list({model.name: model for model in found}.values())


def _inventories(models: list[Model]) -> list[Inventory]:
    """The inventories of the groups that are reported whole."""
    names = {model.name for model in models}
    found = [(group, inventory(group)) for group in groups() if {model.name for model in load_group(group)} <= names]
    return [one for _, one in found if one is not None]


def _say(text: str) -> None:
    print(f"bargain: {text}", file=sys.stderr, flush=True)


def _silent(text: str) -> None:
    """Progress that nobody reads."""
