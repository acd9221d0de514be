"""The PDF of the report: pdflatex, until contents and references stand still, no shell escape, its complaints read back."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

LIMIT = 1.0  # an overfull box wider than this, in points, is reported
_SECONDS = 150
_RUNS = 4  # contents of several pages move what they list: three runs; more only if something keeps moving
_OVERFULL = re.compile(r"Overfull \\([hv])box \((\d+(?:\.\d+)?)pt too (?:wide|high)\)([^\n]*)")
_ERROR = re.compile(r"^(?:!|[^\n:]+:\d+:) ([^\n]+)", re.MULTILINE)


def overfull(log: str) -> list[str]:
    r"""The overfull boxes over the limit that a run of TeX reports.

    >>> overfull("Overfull \\hbox (12.5pt too wide) in alignment at lines 3--9\nOverfull \\hbox (0.9pt too wide) in paragraph")
    ['overfull hbox, 12.5 pt, in alignment at lines 3--9']
    """
    found = dict.fromkeys((kind, float(size), where.strip()) for kind, size, where in _OVERFULL.findall(log))
    return [f"overfull {kind}box, {size:g} pt, {where}" for kind, size, where in found if size > LIMIT]


def compiled(folder: Path, name: str) -> tuple[bytes | None, list[str]]:
    """The PDF of ``folder/name.tex`` (None without TeX, or if it does not compile) and what there is to say about it."""
    program = shutil.which("pdflatex")
    if program is None:
        return None, ["no pdflatex on this machine: report.tex is complete, the PDF was not made"]
    settings = {**os.environ, "SOURCE_DATE_EPOCH": "0", "FORCE_SOURCE_DATE": "1", "max_print_line": "10000"}
    with tempfile.TemporaryDirectory() as work:
        command = [program, "-no-shell-escape", "-interaction=nonstopmode", "-file-line-error", f"-output-directory={work}", f"{name}.tex"]
        log, before = "", dict[str, bytes]()
        for _ in range(_RUNS):
            try:
                run = subprocess.run(command, cwd=folder, env=settings, capture_output=True, timeout=_SECONDS, check=False, stdin=subprocess.DEVNULL)
            except subprocess.TimeoutExpired:
                return None, [f"pdflatex did not end within {_SECONDS} seconds; the PDF was not made"]
            log = run.stdout.decode("utf-8", "replace")
            if run.returncode:
                first = _ERROR.search(log)
                return None, ["pdflatex failed: " + (first[1] if first else f"exit code {run.returncode}")]
            after = {path.name: path.read_bytes() for path in Path(work).iterdir() if path.suffix in (".aux", ".toc")}
            if after == before:
                break
            before = after
        made = Path(work) / f"{name}.pdf"
        return made.read_bytes() if made.exists() else None, overfull(log)
