"""Values of parameters given on the command line: exact, and never executed.

``--at`` takes ``name=value`` pairs, the word ``baseline`` and JSON or TOML files. A later file or
pair replaces what an earlier one says. Numbers are integers, decimals or ratios.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bargain.errors import BadInput, BargainError
from bargain.expressions import number
from bargain.inputs import plain, text_of, toml
from bargain.loading import placed
from bargain.notation import Notation

_LONGEST = 1000  # characters of one pair
_BYTES = 2**20
_BITS = 4096
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
    return name, number_of(name, text, "--at")


def number_of(name: str, value: Any, place: str) -> Any:
    """An exact number; the message of what is none names the parameter."""
    if isinstance(value, bool) or not isinstance(value, str | int) or (isinstance(value, int) and value.bit_length() > _BITS):
        raise BadInput(f"the value of {name[:60]} is not a number", place=place, remedy="write a number, or a ratio in quotes such as \"3/7\"")
    try:
        return number(str(value))
    except BadInput as error:
        raise placed(error, f"{place} {name[:60]}") from error


def _from_file(path: Path) -> dict[str, Any]:
    place = f"--at {path}"
    return {name: number_of(name, value, place) for name, value in file_data(path, "--at").items()}


def file_data(path: Path, option: str) -> dict[str, Any]:
    """What a JSON or TOML file holds, its numbers left as text; messages name the option and the file."""
    try:
        text = text_of(path, _BYTES, path.suffix[1:].upper())
    except BadInput as error:
        raise BadInput(error.rule, place=f"{option} {path}", remedy=error.remedy) from error
    data = plain(text, f"{option} {path}") if path.suffix.lower() == ".json" else toml(text, f"{option} {path}")
    if not isinstance(data, dict):
        raise BadInput("the file does not hold an object", place=f"{option} {path}", remedy='write names and values, such as {"p": 0.4}')
    return data
