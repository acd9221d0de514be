"""Writing files whole or not at all, and refusing a place that cannot be written to."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bargain.errors import BadInput


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

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write(Path(folder) / "a.txt", "text").read_text()
    'text'
    """
    data = content.encode() if isinstance(content, str) else content
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=path.suffix)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    finally:
        Path(temporary).unlink(missing_ok=True)
    return path
