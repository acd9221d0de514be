"""An inventory: what a source text contains, item by item, and where each item lives in the models.

Actors, options, quantities and causal claims of a text are numbered; each is mapped to players, moves, problems, parameters, quantities or
claims of models, or says why it is left out. `Inventory.check` refuses an item that names something no model has.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bargain.claims import Model
from bargain.errors import InvalidModel

KINDS = ("model", "player", "move", "problem", "parameter", "quantity", "claim")


@dataclass(frozen=True)
class Place:
    """Where an item lives: a model, the kind of thing, and its name there (the first word of a claim's name will do).

    >>> Place.of("ukraine/surge_threat: claim S1, S1b")[1]
    Place(model='ukraine/surge_threat', kind='claim', name='S1b')
    """

    model: str
    kind: str
    name: str

    @classmethod
    def of(cls, text: str) -> "tuple[Place, ...]":
        """Places written as ``model: kind name, name``."""
        model, _, rest = text.partition(": ")
        kind, _, names = rest.partition(" ")
        if kind not in KINDS or not names:
            raise InvalidModel(f"{text!r} names no place", place="inventory", remedy="write 'model: kind name', with a kind among " + ", ".join(KINDS))
        return tuple(cls(model, kind, name.strip()) for name in names.split(","))


@dataclass(frozen=True)
class Item:
    """One numbered item of the text: what it says, its places, and a note (needed if it has no place)."""

    code: str
    text: str
    places: tuple[Place, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        if not self.places and not self.note:
            raise InvalidModel("is mapped to nothing", place=f"inventory item {self.code}", remedy="give a place in a model, or a note that says why there is none")


@dataclass(frozen=True)
class Inventory:
    """The items of one text; `series` says how many items each letter has, so that none can be left out.

    preface: paragraphs on how to read the study. tables: (title, columns, rows) that belong to it, such as how a calibration came about.
    """

    title: str
    items: tuple[Item, ...]
    series: Mapping[str, tuple[str, int]]
    preface: tuple[str, ...] = ()
    tables: tuple[tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]], ...] = ()

    def __post_init__(self) -> None:
        wanted = [f"{letter}{k + 1}" for letter, (_, count) in self.series.items() for k in range(count)]
        codes = [item.code for item in self.items]
        if codes != wanted:
            odd = sorted(set(codes) ^ set(wanted)) or ["their order"]
            raise InvalidModel(f"items differ from the series: {', '.join(odd[:5])}", place=f"inventory {self.title!r}", remedy="list every item once, in order")

    def check(self, models: Iterable[Model]) -> None:
        """Refuse an item whose place is not in the models."""
        known = {model.name: dict(named(model)) for model in models}
        for item in self.items:
            for place in item.places:
                if place.name not in known.get(place.model, {}).get(place.kind, ()):
                    raise InvalidModel(f"{place.model} has no {place.kind} {place.name!r}", place=f"inventory item {item.code}", remedy="correct the place")

    def rows(self) -> Iterator[tuple[str, str, str, str]]:
        """Number, what the text says, where it lives, and the note."""
        for item in self.items:
            yield item.code, item.text, "; ".join(_joined(item.places)), item.note


def _joined(places: Sequence[Place]) -> Iterator[str]:
    groups: dict[tuple[str, str], list[str]] = {}
    for place in places:
        groups.setdefault((place.model, place.kind), []).append(place.name)
    for (model, kind), names in groups.items():
        short = model.rpartition("/")[2].replace("_", " ")
        yield short if kind == "model" else f"{short}: {kind} {', '.join(names)}"


def named(model: Model) -> Iterator[tuple[str, frozenset[str]]]:
    """What a model has of each kind."""
    assert model.notation is not None
    problems = [getattr(problem, "game", problem) for problem, _ in model.problems.values() if not callable(problem)]
    yield "model", frozenset({model.name.rpartition("/")[2]})
    yield "player", frozenset(player for problem in problems for player in problem.players)
    yield "move", frozenset(move for problem in problems for move in _moves(problem))
    yield "problem", frozenset(model.problems)
    yield "parameter", frozenset(model.notation.names)
    yield "quantity", frozenset(quantity.name for quantity in model.quantities)
    yield "claim", frozenset(word for claim in model.claims for word in (claim.name, claim.name.split()[0]))


def _moves(problem: Any) -> Iterator[str]:
    if hasattr(problem, "nodes"):
        yield from (move for history, _ in problem.nodes() for move in history)
    for actions in getattr(problem, "actions", ()):
        yield from actions
