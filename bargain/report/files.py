"""Writing files whole or not at all, and refusing a place that cannot be written to."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bargain.errors import BadInput
from bargain.sweeping.store import running


@contextmanager
def refusing(place: Path) -> Iterator[None]:
    """Turn a refusal of the file system into a `BadInput` that names the place and the remedy."""
    try:
        yield
    except OSError as error:
        where = error.filename if isinstance(error.filename, str) else str(place)
        raise BadInput(f"cannot be written ({(error.strerror or 'unknown error').lower()})", place=where,
                       remedy="choose a directory that exists or can be made, is writable, and has room") from error


def write(path: Path, content: str | bytes) -> Path:
    """Write a file under a temporary name and move it into place.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write(Path(folder) / "a.txt", "text").read_text()
    'text'
    """
    data = content.encode() if isinstance(content, str) else content
    temporary = path.with_name(f".{path.name}.part{os.getpid()}")
    try:
        temporary.write_bytes(data)
        temporary.chmod(0o644)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def tidy(folder: Path) -> None:
    """Remove what a process that was killed had not finished writing (its number is in the name); files that a live process writes stay."""
    for path in folder.glob(".*.part*"):
        writer = path.name.rpartition(".part")[2]
        if writer.isdigit() and not running(int(writer)):
            path.unlink(missing_ok=True)
