"""Values of parameters given on the command line: exact, and never executed.

``--at`` takes ``name=value`` pairs, the word ``baseline`` and JSON or TOML files. A later file or
pair replaces what an earlier one says. Numbers are integers, decimals or ratios.
"""

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bargain.errors import BadInput, BargainError
from bargain.expressions import number
from bargain.loading import placed
from bargain.notation import Notation

_LONGEST = 1000  # characters of one pair
_FORM = "write name=value, the word baseline, or a .json or .toml file"


def given_values(words: Sequence[str]) -> dict[str, Any]:
    """The values that the words after ``--at`` give, by parameter name.

    >>> given_values(["baseline", "p=0.4", "q=1/3"])
    {'p': 2/5, 'q': 1/3}
    """
    values: dict[str, Any] = {}
    named: set[str] = set()
    for word in words:
        if Path(word).suffix.lower() in (".json", ".toml") and "=" not in word:
            values.update(_from_file(Path(word)))
        elif word != "baseline":
            name, value = _pair(word)
            if name in named:
                raise BadInput(f"{name} is given twice", place="--at", remedy="give it once")
            named.add(name)
            values[name] = value
    return values


def checked(values: Mapping[str, Any], notation: Notation) -> Mapping[Any, Any]:
    """The values as a full point of the notation; the message of a wrong one names ``--at``."""
    try:
        return notation.point(values)
    except BargainError as error:
        raise placed(error, "--at") from error


def known_names(names: Iterable[str], notation: Notation, option: str) -> tuple[str, ...]:
    """The names, each a parameter of the notation; the message of an unknown one names the option."""
    try:
        return tuple(notation[name].name for name in names)
    except BargainError as error:
        raise placed(error, option) from error


def _pair(word: str) -> tuple[str, Any]:
    name, equals, text = (part.strip() for part in word.partition("="))
    if not equals or not name.isidentifier() or len(word) > _LONGEST:
        raise BadInput(f"{word[:60]!r} is not a value of a parameter", place="--at", remedy=_FORM)
    return name, _number(name, text, "--at")


def _number(name: str, value: Any, place: str) -> Any:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise BadInput(f"the value of {name[:60]} is not a number", place=place, remedy="write a number, or a ratio in quotes such as \"3/7\"")
    try:
        return number(str(value))
    except BadInput as error:
        raise placed(error, f"{place} {name[:60]}") from error


def _from_file(path: Path) -> dict[str, Any]:
    place = f"--at {path}"
    try:
        text = path.read_text(encoding="utf-8")
        data = _json(text) if path.suffix.lower() == ".json" else tomllib.loads(text, parse_float=str)
    except OSError as error:
        raise BadInput(f"the file cannot be read ({error.strerror or error})", place=place, remedy="check the path") from error
    except (ValueError, RecursionError) as error:
        kind = path.suffix[1:].upper()
        raise BadInput(f"the file is not valid {kind} ({error})", place=place, remedy='correct it; for example {"p": 0.4} or p = 0.4') from error
    if not isinstance(data, dict):
        raise BadInput("the file does not hold an object", place=place, remedy='write names and values, such as {"p": 0.4}')
    return {name: _number(name, value, place) for name, value in data.items()}


def _json(text: str) -> Any:
    """JSON with its numbers left as text, so that they stay exact."""
    return json.loads(text, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    repeated = next((name for name in names if names.count(name) > 1), None)
    if repeated is not None:
        raise ValueError(f"{repeated!r} is given twice")
    return dict(pairs)
