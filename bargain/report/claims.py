"""What a study found, as blocks of the report: claims over the prior, what would have to be true, swings and indices, the ledger of all claims."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bargain.inventory import Inventory
from bargain.report.content import Block, Picture, Prose, Section, Tabular
from bargain.report.readable import written
from bargain.report.supplement import changes, cutoffs, influence
from bargain.sensitivity.assessment import Assessment
from bargain.sensitivity.indices import SobolIndex, Tornado
from bargain.tables import Table
from bargain.tables.claims import DECIDED, REGIONS, decided, placed, sampled
from bargain.tables.mathematics import TEXT
from bargain.tables.profile import readable
from bargain.tables.table import render

_CODE = re.compile(r"\b[A-Z]\d+\b")  # K28, of an item of the text
_JOINED = re.compile(r"\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\b")  # LeverageFirst
_BARS = 10  # bars of a tornado
_DOTS = 42  # claims of one figure
_SEEN = 0.005  # an index below this has no bar that could be seen
_CAUTION = "share of an arbitrary box, not a probability"


def assessed(name: str, found: Assessment, title: str) -> Iterator[Block]:
    """The study of one model."""
    study = found.study
    assert study.model.notation is not None
    found_changes = changes(study)
    if found_changes is not None:
        yield Tabular(f"{name}-flips", written(found_changes, ("Claim",)), f"{title}: what decides the claims, and where they change")
    cuts = cutoffs(found.thresholds, study.model.notation)
    if cuts is not None:
        yield Tabular(f"{name}-thresholds", written(cuts, ("Claim",)), f"{title}: what would have to be true")
    said = {quantity.name: quantity.meaning or quantity.name.replace("_", " ") for quantity in study.model.quantities}
    for number, quantity in enumerate(dict.fromkeys((*found.courses, *found.indices)), 1):
        table = influence(found.courses.get(quantity, ()), found.indices.get(quantity, ()))
        what = "comparative statics and Sobol indices" if quantity in found.indices else "comparative statics"
        yield Tabular(f"{name}-statics-{number}", table, f"{title}: {what}, {said[quantity]}")
    for number, swings in enumerate(found.tornados, 1):
        of = f" Where there are several equilibria, the number is that of {study.model.selection}." if swings.quantity in found.several else ""
        yield _tornado(f"{name}-tornado-{number}", swings, title, said[swings.quantity], of)
        if swings.quantity in found.indices:
            yield _indices(f"{name}-indices-{number}", said[swings.quantity], found.indices[swings.quantity], title, of)


def _tornado(name: str, found: Tornado, title: str, said: str, of: str) -> Picture:
    from bargain.figures import Labels, tornado_figure

    widest = replace(found, swings=tuple(swing for swing in found.swings if swing.size > 0)[:_BARS])
    told = "; ".join(f"{swing.parameter} from {swing.low:.3g} to {swing.high:.3g}" for swing in widest.swings[:5])
    caption = (f"{title}: {said}, with one parameter at the ends of its prior, the others at the baseline "
               f"({_minus(f'{found.base:.4g}')} there)" + _all_or("widest swings", len(widest.swings), len(found.swings)))
    return Picture(name, tornado_figure(widest, labels=Labels(said)), f"{caption}.{of}", f"Bars, {said}: {told}.")


def _indices(name: str, quantity: str, found: Sequence[SobolIndex], title: str, of: str) -> Picture:
    from bargain.figures import index_figure

    largest = [index for index in sorted(found, key=lambda index: -index.total)[:_BARS] if index.total >= _SEEN]
    told = "; ".join(f"{index.parameter} {index.first:.2f} and {index.total:.2f}" for index in largest[:5])
    if any(index.first > index.total + _SEEN for index in largest):
        of += " A bar of first order that is longer than the total one is an error of sampling."
    return Picture(name, index_figure(largest), f"{title}: Sobol indices, {quantity}, first order and total{_all_or('largest', len(largest), len(found))}.{of}",
                   f"Bars of first-order and total indices: {told}.")


def _all_or(kind: str, shown: int, there: int) -> str:
    """How many of the parameters are shown, unless all are."""
    return f"; the {shown} {kind}" if shown < there else ""


def _minus(number: str) -> str:
    return number.replace("-", "−", 1)


def ledgers(found: Sequence[Assessment]) -> Iterator[Block]:
    """The claims of all models: verdict at the baseline, share of the prior, region, what decides."""
    studies = [one.study for one in found]
    findings = [finding for study in studies for finding in study.findings]
    if not findings:
        return
    yield Prose(("A share is the fraction of draws from independent uniform priors at which a claim holds. It measures how much of the chosen box supports "
                 "the claim; it is not the probability that the claim is true.",))
    yield Tabular("claims-ledger", _all(found), f"Ledger of claims ({_CAUTION})")
    yield from _dots(found)


def _all(found: Sequence[Assessment]) -> Table:
    rows = []
    for one in found:
        for finding in one.study.findings:
            rows.append((finding.claim.source, finding.claim.name, finding.model.rpartition("/")[2].replace("_", " "), "holds" if finding.holds else "fails",
                         sampled(finding), placed(finding), decided(finding)))
    notes = (f"Share: of the draws, with standard errors in parentheses. {REGIONS} {DECIDED}",)
    columns = ("Source", "Claim", "Model", "Baseline", "Share", "In the prior", "Decided by")
    return written(Table("", columns, tuple(rows), notes, stub=1).without_empty(), ("Claim",))


def _dots(found: Sequence[Assessment]) -> Iterator[Picture]:
    """Shares from the largest down, on as many figures as they need."""
    from bargain.figures import Bar, share_figure

    names = _distinct([(_short(finding.claim.name, finding.model), finding.model) for one in found for finding in one.study.findings])
    shares = [finding.share for one in found for finding in one.study.findings]
    bars = [Bar(name, float(share), share.error) for name, share in zip(names, shares, strict=True)]
    bars.sort(key=lambda bar: (-bar.first, bar.name))
    parts = -(-len(bars) // _DOTS)
    size = -(-len(bars) // parts)
    for part in range(parts):
        shown = bars[part * size : (part + 1) * size]
        spoken = "; ".join(f"{bar.name} {bar.first:.2f}" for bar in shown[:5])
        which = f", part {part + 1} of {parts}" if parts > 1 else ""
        yield Picture("claims-shares" + (f"-{part + 1}" if part else ""), share_figure(shown),
                      f"Shares of the prior boxes in which claims hold, with standard errors ({_CAUTION}){which}.",
                      f"Dots for {len(shown)} claims; the largest shares: {spoken}.")


def _distinct(claims: Sequence[tuple[str, str]]) -> list[str]:
    """The names of claims; one that two models share is followed by its model."""
    names = [name for name, _ in claims]
    return [name if names.count(name) == 1 else f"{name} ({model.rpartition('/')[2].replace('_', ' ')})" for name, model in claims]


def _short(claim: str, model: str) -> str:
    """The number of a claim, with its model where the number alone is not one."""
    first = claim.split()[0]
    if any(letter.isdigit() for letter in first):
        return first if not model.endswith("_linked") else f"{first}, linked"
    return claim


def explained(section: Section, inventories: Sequence[Inventory], *, printed: bool) -> Section:
    """The section with a note below every table whose sources are numbers of items of a text. printed: whether the report lists the items."""
    return replace(section, blocks=tuple(_coded(block, inventories, printed) for block in section.blocks),
                   details=tuple(_coded(block, inventories, printed) for block in section.details))


def _coded(block: Block, inventories: Sequence[Inventory], printed: bool) -> Block:
    if not isinstance(block, Tabular) or not isinstance(block.content, Table) or "Source" not in block.content.columns:
        return block
    table, place = block.content, block.content.columns.index("Source")
    found = {code for row in table.rows for code in _CODE.findall(render(row[place], TEXT))}
    notes = []
    for inventory in inventories:
        kinds = {letter: kind for letter, (kind, _) in inventory.series.items() if any(code[0] == letter for code in found)}
        if found & {item.code for item in inventory.items} and kinds:
            where = ", listed in “The text and the models”" if printed else ""
            said = ", ".join(f"{letter} are its {kind}" for letter, kind in kinds.items())
            example = min(found & {item.code for item in inventory.items}, key=lambda code: (len(code), code))
            notes.append(f"A source such as {example} is an item of the text{where}: {said}.")
    return replace(block, content=replace(table, notes=(*table.notes, *notes))) if notes else block


def opened(inventory: Inventory) -> Section:
    """What comes first: how to read the study, and how its numbers came about."""
    blocks: list[Block] = [Prose(inventory.preface)]
    names = {place.name for item in inventory.items for place in item.places if place.kind == "parameter"}
    for place, (title, columns, rows) in enumerate(inventory.tables, 1):
        blocks.append(Tabular(f"reading-{place}", written(Table("", columns, rows), columns, names), title))
    return Section("reading", "How to read this study", tuple(blocks))


def listed(inventory: Inventory) -> Iterator[Block]:
    """Every item of the text with its places in the models."""
    counts = ", ".join(f"{count} {kind}" for kind, count in inventory.series.values())
    yield Prose((f"The text contains {counts}. Each is a player, move, problem, parameter, quantity or claim of some model, or the note says why it is not.",))
    names = {place.name for item in inventory.items for place in item.places if place.kind == "parameter"}
    rows = tuple((code, text, _JOINED.sub(lambda found: readable(found[0]), where), note) for code, text, where, note in inventory.rows())
    table = Table("", ("Item", "In the text", "Where it lives", "Note"), rows, stub=1)
    yield Tabular("inventory", written(table, ("Where it lives",), names), inventory.title)
