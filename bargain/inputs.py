"""Plain data from files: bounded in size and depth, every key once, nothing executed.

JSON and TOML are read here and nowhere else; expressions inside them stay text, for `bargain.expressions` to parse.
"""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bargain.errors import BadInput

_BYTES = 32 * 2**20
_DEPTH = 400


def read_json(path: Path, *, most: int = _BYTES) -> Any:
    """The data of a JSON file, its numbers left as text; `BadInput` if it cannot be read or is not JSON."""
    return plain(text_of(path, most), str(path))


def plain(text: str, place: str) -> Any:
    """JSON text as data, its numbers left as text so that they stay exact; `BadInput` if a key is given twice.

    >>> plain('{"p": 0.10, "deep": [true, null]}', "example")
    {'p': '0.10', 'deep': [True, None]}
    """
    try:
        return json.loads(text, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise _invalid("JSON", place, error) from error


def toml(text: str, place: str) -> Any:
    """TOML text as data, its numbers left as text where they have a point; `BadInput` if it is not TOML.

    >>> toml("p = 0.10", "example")
    {'p': '0.10'}
    """
    try:
        return tomllib.loads(text, parse_float=str)
    except (ValueError, RecursionError) as error:
        raise _invalid("TOML", place, error) from error


def text_of(path: Path, most: int = _BYTES, kind: str = "JSON") -> str:
    """The text of a file of at most so many bytes; `BadInput` if it is larger or cannot be read as UTF-8."""
    try:
        if not path.is_file():
            raise BadInput(f"the file cannot be read ({'it is no file' if path.exists() else 'there is none'})", place=_shown(str(path)), remedy="check the path")
        with path.open("rb") as file:
            data = file.read(most + 1)
        if len(data) > most:
            raise BadInput(f"the file is larger than {most} bytes", place=_shown(str(path)), remedy="shorten it")
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _invalid(kind, str(path), error) from error
    except (OSError, ValueError) as error:
        raise BadInput(f"the file cannot be read ({str(error)[:80]})", place=_shown(str(path)), remedy="check the path; files are UTF-8 text") from error


def each(value: Any, change: Callable[[Any, str], Any], place: str = "file", depth: int = 0) -> Any:
    """Nested objects and lists (as tuples) with what is in them changed; the change is told the place.

    >>> each({"a": ["1", "2"]}, lambda text, place: int(text))
    {'a': (1, 2)}
    """
    if depth > _DEPTH:
        raise BadInput(f"nested more than {_DEPTH} levels deep", place=place[:80], remedy="write flatter data")
    if isinstance(value, dict):
        return {name: each(part, change, f"{place}/{name[:40]}", depth + 1) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return tuple(each(part, change, f"{place}/{k + 1}", depth + 1) for k, part in enumerate(value))
    return change(value, place)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"{name[:40]!r} is given twice")
        found[name] = value
    return found


def _invalid(kind: str, place: str, error: Exception) -> BadInput:
    return BadInput(f"not valid {kind} ({str(error)[:120] or type(error).__name__})", place=_shown(place), remedy='correct it; for example {"p": 0.4} or p = 0.4')


def _shown(place: str) -> str:
    return place if len(place) <= 120 else "..." + place[-117:]
