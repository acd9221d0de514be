"""The command line: ``bargain list | show | solve | claims | report``.

Answers go to standard output, messages to standard error. Exit status: 0 solved and certified,
1 solved but not certified or not decided, 2 bad input.
"""

import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from bargain.errors import BargainError, NotCertified, NotDecided

__all__ = ["main"]

_INTERRUPTED = 130  # as a shell reports SIGINT
_BROKEN_PIPE = 141  # as a shell reports SIGPIPE


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the result is the exit status.

    >>> main(["list", "--format", "json"])  # doctest: +ELLIPSIS
    [
      {
        "model": "classics/...
    0
    """
    from bargain.cli.options import parser

    options = None
    try:
        _tolerate_any_terminal()
        options = parser().parse_args(argv)
        status = _run(options)
        sys.stdout.flush()
        return status
    except BargainError as error:
        _say(str(error))
        return 1 if isinstance(error, NotDecided | NotCertified) else 2
    except KeyboardInterrupt:
        _say("interrupted" + _resumption(options))
        return _INTERRUPTED
    except MemoryError:
        _say("status: not complete: the memory is used up; make the task smaller with --at or --free")
        return 1
    except BrokenPipeError:
        from bargain.cli.output import abandon_stdout

        abandon_stdout()
        return _BROKEN_PIPE


def _run(options: Any) -> int:
    """The command; an exception that comes from the user's model file becomes a message."""
    from bargain.loading import MISTAKES, blame

    try:
        if getattr(options, "memory_limit", None) is not None or getattr(options, "time_limit", None) is not None:
            from bargain.cli.limits import confined

            return confined(options, options.run)
        return int(options.run(options))
    except BrokenPipeError:
        raise
    except MISTAKES as error:
        name = getattr(options, "model", "")
        mistake = blame(error, Path(name)) if isinstance(name, str) and name.endswith(".py") else None
        if mistake is None:
            raise
        raise mistake from error


def _resumption(options: Any) -> str:
    """How to go on after an interruption."""
    if getattr(options, "cache", None) is not None:
        return f"; finished draws are kept in {options.cache}: run the same command again to go on"
    if getattr(options, "draws", None) is not None:
        return "; nothing was kept: with --cache DIR the same command goes on where it stopped"
    return "; every file written is whole: run the same command again" if hasattr(options, "time_limit") else ""


def _say(text: str) -> None:
    print("bargain: " + " ".join(text.split()), file=sys.stderr)


def _tolerate_any_terminal() -> None:
    """Characters that the terminal's encoding lacks are spelled out, not an error."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
