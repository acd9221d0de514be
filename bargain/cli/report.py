"""``bargain report``: everything models declare, as a folder of files."""

import os
import sys
from argparse import Namespace
from pathlib import Path

from bargain.claims import Model
from bargain.errors import BadInput
from bargain.loading import groups, load, load_group, shipped


def run_report(options: Namespace) -> int:
    """Write the report of some models."""
    out: Path = options.out
    models = _models(options.models)
    if os.path.exists(out) and not os.path.isdir(out):
        raise BadInput("is a file", place=f"--out {out}", remedy="give a folder")
    from bargain.report import write_report  # loads matplotlib

    shown = options.verbose or sys.stderr.isatty()
    try:
        write_report(models, out, progress=_say if shown else _silent)
    except OSError as error:
        if error.filename is None:
            raise
        raise BadInput(f"{error.filename} cannot be written ({error.strerror})", place=f"--out {out}", remedy="choose another folder") from error
    print(out)
    return 0


def _models(names: list[str]) -> list[Model]:
    """The models named, groups replaced by their members; everything shipped if none is named."""
    known, found = groups(), []
    for name in names or shipped():
        found += load_group(name) if name in known else [load(name)]
    return list({model.name: model for model in found}.values())


def _say(text: str) -> None:
    print(f"bargain: {text}", file=sys.stderr, flush=True)


def _silent(text: str) -> None:
    """Progress that nobody reads."""
