"""How answers leave the program: tables in the formats of the command line, files, and progress on standard error."""

import json
import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bargain.errors import BadInput

if TYPE_CHECKING:
    from bargain.tables import Table

_PATIENCE = 1.0  # seconds of silence
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<style>body{{font-family:serif;margin:2em}}table{{border-collapse:collapse;margin:1em 0}}caption{{text-align:left;font-weight:bold}}
th,td{{text-align:left;vertical-align:top;padding:.2em .8em .2em 0}}thead th{{border-bottom:1px solid}}</style></head>
<body>
{body}
</body></html>"""


def as_json(data: Any) -> str:
    """Plain data as a JSON document."""
    return json.dumps(data, indent=2, allow_nan=False)


def as_tables(tables: Sequence["Table"], form: str, *, title: str, prose: str = "") -> str:
    """Tables, after some prose, as text, LaTeX or HTML; as CSV the first table alone."""
    if form == "csv":
        from bargain.tables import to_csv

        return to_csv(tables[0])
    if form == "latex":
        return _as_latex(tables, prose)
    if form == "html":
        return _as_html(tables, title, prose)
    from bargain.tables import to_text

    width = shutil.get_terminal_size((100, 24)).columns if sys.stdout.isatty() else 100
    return "\n\n".join([*filter(None, [prose]), *(to_text(table, width=max(width, 60)) for table in tables)])


def _as_latex(tables: Sequence["Table"], prose: str) -> str:
    from bargain.latex import latex
    from bargain.tables.mathematics import LATEX

    return "\n".join([*filter(None, [LATEX.words(prose)]), *(latex(table) for table in tables)])


def _as_html(tables: Sequence["Table"], title: str, prose: str) -> str:
    from bargain.tables import to_html

    paragraphs = [f"<p>{escape(part)}</p>" for part in prose.split("\n\n") if part]
    return _PAGE.format(title=escape(title), body="\n".join([*paragraphs, *map(to_html, tables)]))


def check_out(out: Path | None) -> None:
    """Refuse an impossible ``--out FILE`` before any work is done."""
    if out is not None and (os.path.isdir(out) or not os.path.isdir(out.parent)):
        rule = "is a folder" if os.path.isdir(out) else "its folder does not exist"
        raise BadInput(rule, place=f"--out {out}", remedy="give the path of a file in an existing folder")


def emit(text: str, out: Path | None) -> None:
    """Print the answer, or write it to a file."""
    text = text.rstrip("\n") + "\n"
    try:
        if out is not None:
            _write(text, out)
        else:
            sys.stdout.write(text)
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        if out is None:
            abandon_stdout()
        place = "standard output" if out is None else f"--out {out}"
        raise BadInput(f"cannot be written ({error.strerror or error})", place=place, remedy="choose another file") from error


def _write(text: str, out: Path) -> None:
    """The file appears whole or not at all; a device or pipe is written to as it is."""
    if out.exists() and not out.is_file():
        out.write_text(text, encoding="utf-8", newline="\n")
        return
    target = out.resolve()
    beside = target.with_name(f".{target.name[:100]}.{os.getpid()}.part")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        if target.exists():
            shutil.copymode(target, beside)
        os.replace(beside, target)
    finally:
        beside.unlink(missing_ok=True)


def abandon_stdout() -> None:
    """Nobody takes what is left to print; the interpreter's own flush at exit is to be silent about it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def counted(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """A function that says on standard error how far a study is, on one line; None if nobody is there to read it."""
    if not sys.stderr.isatty():
        yield None
        return

    def say(done: int, total: int) -> None:
        print(f"\rbargain: {what} {done}/{total}", end="", file=sys.stderr, flush=True)

    say(0, 1)
    try:
        yield say
    finally:
        print(file=sys.stderr)


@contextmanager
def bars(shown: bool) -> Iterator[Callable[[str, int, int], None] | None]:
    """A function that says on standard error how far the studies of several models are, one bar each; None if nobody is there to read it."""
    if not shown:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("draws"), TimeElapsedColumn())
    tasks: dict[str, Any] = {}
    with Progress(*columns, console=Console(stderr=True)) as progress:
        def say(model: str, done: int, total: int) -> None:
            if model not in tasks:
                tasks[model] = progress.add_task(model, total=total)
            progress.update(tasks[model], completed=done)

        yield say


@contextmanager
def patience(what: str, *, verbose: bool = False) -> Iterator[None]:
    """Say on standard error what is being done, once it has taken a second (if somebody is there to read it)."""
    if not (verbose or sys.stderr.isatty()):
        yield
        return
    timer = threading.Timer(_PATIENCE, print, (f"bargain: {what} ...",), {"file": sys.stderr, "flush": True})
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
