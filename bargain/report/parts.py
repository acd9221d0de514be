"""The parts of a report: what a reader of a short paper wants first, then textbook models, then the supplement."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bargain.claims import Model
from bargain.inventory import Inventory
from bargain.report.content import Section

STUDY, OTHERS, SUPPLEMENT = "The study", "Other models", "Supplement"


def group(model: str) -> str:
    """The group of a model: its name up to the last slash.

    >>> group("ukraine/territory"), group("mine")
    ('ukraine', 'mine')
    """
    return model.rpartition("/")[0] or model


def studied_first(models: Sequence[Model], inventories: Iterable[Inventory]) -> tuple[list[Model], list[Model]]:
    """The models of the groups that an inventory is about, and the others; without an inventory all are of the first kind."""
    groups = {group(place.model) for inventory in inventories for item in inventory.items for place in item.places}
    if not groups:
        return list(models), []
    return [model for model in models if group(model.name) in groups], [model for model in models if group(model.name) not in groups]


def arranged(study: Sequence[Section], others: Sequence[Section], appendix: Sequence[Section], before: Sequence[Section] = ()) -> Iterator[Section]:
    """The sections in order: the study, other models, and the supplement with the details of each between those `before` them and the appendix."""
    for section in study:
        yield replace(section, part=STUDY if others else "", details=())
    for section in others:
        yield replace(section, part=OTHERS, details=())
    for section in before:
        yield replace(section, part=SUPPLEMENT)
    for section in (*study, *others):
        if section.details:
            yield Section(f"{section.name}-details", f"Details: {_lowered(section.title)}", section.details, SUPPLEMENT)
    for section in appendix:
        yield replace(section, part=SUPPLEMENT, details=())


def _lowered(title: str) -> str:
    """The title up to its colon, without a capital that only opened it."""
    first, second = (*title.partition(":")[0].split(" ", 1), "")[:2]
    word = first if first[1:] and not first[1:].islower() else first.lower()  # the article is no name
    return f"{word} {second}".strip()
