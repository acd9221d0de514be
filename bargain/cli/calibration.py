"""Another calibration of a whole study: values and prior ranges from the command line or from files, put into the models.

A name stands for the parameter of every model that has it, ``leverage.kappa`` for that of one model; where models give a name different
meanings, which shows in different baselines, the model has to be named. A JSON or TOML file holds names at its top level or, by model, in
tables; a file with tables ``values`` and ``prior`` serves both ``--at`` and ``--prior``.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bargain.claims import Model
from bargain.cli.values import file_data, number_of
from bargain.errors import BadInput, BargainError
from bargain.loading import placed

_PAIR, _RANGE = "write name=value, the word baseline, or a .json or .toml file", "write name=low:high, or a .json or .toml file"
_LONGEST = 1000  # characters of one pair


def recalibrated(models: Sequence[Model], at: Sequence[str], prior: Sequence[str]) -> list[Model]:
    """The models with the values and the ranges that the words after ``--at`` and ``--prior`` give.

    >>> from bargain.models.ukraine import leverage as m
    >>> (model,) = recalibrated([m.model], ["chi=0.6"], ["leverage.tau=0.1:0.5"])
    >>> model.notation["chi"].baseline, model.notation["tau"].prior
    (3/5, (1/10, 1/2))
    """
    values = _given(at, "--at", "values", models)
    ranges = _given(prior, "--prior", "prior", models)
    changed = []
    for model in models:
        own = [{name: value for (owner, name), (value, _) in given.items() if owner == model.name} for given in (values, ranges)]
        try:
            changed.append(model.recalibrated(*own))
        except BargainError as error:
            raise placed(error, _blamed(error, model, values, ranges)) from error
    return changed


def _blamed(error: BargainError, model: Model, values: Mapping[Any, Any], ranges: Mapping[Any, Any]) -> str:
    """Which option or file gave what was refused."""
    for kind, given in (("prior of", ranges), ("parameter", values)):
        for (owner, name), (_, place) in given.items():
            if owner == model.name and error.place == f"{kind} {name}":
                return f"{place} (model {model.name})"
    return f"--at, --prior (model {model.name})"


def _given(words: Sequence[str], option: str, table: str, models: Sequence[Model]) -> dict[tuple[str, str], tuple[Any, str]]:
    """What was given, by model and parameter, each with the place that gave it; later files and pairs replace earlier ones."""
    found: dict[tuple[str, str], tuple[Any, str]] = {}
    named: set[str] = set()
    for word in words:
        if Path(word).suffix.lower() in (".json", ".toml") and "=" not in word:
            place = f"{option} {word}"
            entries = dict(_entries(file_data(Path(word), option), table, place))
        elif word == "baseline" and option == "--at":
            continue
        else:
            place = option
            name, value = _pair(word, option)
            if name in named:
                raise BadInput(f"{name} is given twice", place=option, remedy="give it once")
            named.add(name)
            entries = {name: value}
        for name, value in entries.items():
            read = _range(name, value, place) if table == "prior" else number_of(name, value, place)
            found.update({key: (read, place) for key in _owners(name, models, place)})
    return found


def _pair(word: str, option: str) -> tuple[str, Any]:
    name, equals, text = (part.strip() for part in word.partition("="))
    remedy = _RANGE if option == "--prior" else _PAIR
    if not equals or not all(part.isidentifier() for part in name.split(".")) or len(word) > _LONGEST:
        raise BadInput(f"{word[:60]!r} is not a {'range' if option == '--prior' else 'value'} of a parameter", place=option, remedy=remedy)
    return name, text.split(":") if option == "--prior" else text


def _range(name: str, value: Any, place: str) -> tuple[Any, Any]:
    if not isinstance(value, list) or len(value) != 2:
        raise BadInput(f"the range of {name[:60]} is not a pair", place=place, remedy="write name=low:high, or [low, high] in a file")
    low, high = (number_of(name, end, place) for end in value)
    if low >= high:
        raise BadInput(f"the range of {name[:60]} is empty", place=place, remedy="write the low end first")
    return low, high


def _entries(data: Mapping[str, Any], table: str, place: str) -> Any:
    """Names with what a file gives them; tables of models are opened."""
    if "values" in data or "prior" in data:
        unknown = set(data) - {"values", "prior"}
        if unknown:
            raise BadInput(f"key {min(unknown)!r} is not known beside values and prior", place=place, remedy="put it under one of them")
        inner = data.get(table, {})
        if not isinstance(inner, dict):
            raise BadInput(f"key {table!r} is not a table", place=place, remedy=f"write [{table}] and names below it")
        yield from _entries({f"{name}": value for name, value in inner.items()}, table, place) if not {"values", "prior"} & set(inner) else ()
        return
    for name, value in data.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{inner}", one) for inner, one in value.items())
        else:
            yield name, value


def _owners(name: str, models: Sequence[Model], place: str) -> list[tuple[str, str]]:
    """The models that a name is about, each with the name of the parameter there."""
    short, dot, parameter = name.rpartition(".")
    owners = [model for model in models if model.notation is not None and parameter in model.notation.names
              and (not dot or short in (model.name, model.name.rpartition("/")[2]))]
    if not owners:
        known = dict.fromkeys(known for model in models if model.notation is not None for known in model.notation.names)
        raise BadInput(f"unknown parameter {name!r}", place=place, remedy="known: " + ", ".join(known))
    baselines = {model.notation[parameter].baseline for model in owners if model.notation is not None}
    if not dot and len(baselines) > 1:
        choices = ", ".join(f"{model.name.rpartition('/')[2]}.{parameter}" for model in owners)
        raise BadInput(f"{parameter} has different baselines in several models", place=place, remedy="say which: " + choices)
    return [(model.name, parameter) for model in owners]
