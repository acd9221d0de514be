"""What a study found, as blocks of the report: claims over the prior, what would have to be true, swings and indices, the ledger of all claims."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import sympy as sp

from bargain.inventory import Inventory
from bargain.report.content import Block, Heading, Picture, Prose, Section, Tabular
from bargain.sensitivity.assessment import Assessment
from bargain.sensitivity.indices import SobolIndex, Tornado
from bargain.tables import Phrase, Table
from bargain.tables.claims import course_rows, details, ledger, sobol_rows, threshold_rows

_BARS = 10  # bars of a tornado
_DOTS = 42  # claims of one figure
_CAUTION = "share of an arbitrary box, not a probability"


def assessed(name: str, found: Assessment, title: str) -> Iterator[Block]:
    """The study of one model."""
    study = found.study
    yield Heading("Claims over the prior, and what decides them", settled=True)
    yield Prose((f"Of {study.draws:,} draws from the priors (seed {study.seed}), {study.audited} were also solved and certified one by one, with the same "
                 f"verdict on every claim; {study.solved} fell where no formula reaches and were solved exactly.",))
    assert study.model.notation is not None
    names = list(study.model.notation.names)
    yield Tabular(f"{name}-ledger", _spelled(_own(ledger([study])), ("Decided by",), names), f"{title}: claims over the prior ({_CAUTION})")
    yield Tabular(f"{name}-flips", _spelled(_own(details([study])), ("Nearest flip",), names), f"{title}: where claims change")
    held = {finding.claim.name: finding.holds for finding in study.findings}
    yield Tabular(f"{name}-thresholds", threshold_rows(found.thresholds, held), f"{title}: what would have to be true")
    said = {quantity.name: quantity.meaning or quantity.name.replace("_", " ") for quantity in study.model.quantities}
    for number, (quantity, rows) in enumerate(found.courses.items(), 1):
        yield Tabular(f"{name}-statics-{number}", course_rows(quantity, rows), f"{title}: comparative statics, {said[quantity]}")
    for number, swings in enumerate(found.tornados, 1):
        yield _tornado(f"{name}-tornado-{number}", swings, title, said[swings.quantity])
        if swings.quantity in found.indices:
            indices = found.indices[swings.quantity]
            yield _indices(f"{name}-indices-{number}", said[swings.quantity], indices, title)
            yield Tabular(f"{name}-sobol-{number}", sobol_rows(swings.quantity, indices), f"{title}: Sobol indices, {said[swings.quantity]}")


def _own(table: Table) -> Table:
    """A table of one model without the column that names it."""
    return replace(table, columns=table.columns[1:], rows=tuple(row[1:] for row in table.rows))


def _tornado(name: str, found: Tornado, title: str, said: str) -> Picture:
    from bargain.figures import Labels, tornado_figure

    widest = replace(found, swings=tuple(swing for swing in found.swings if swing.size > 0)[:_BARS])
    told = "; ".join(f"{swing.parameter} from {swing.low:.3g} to {swing.high:.3g}" for swing in widest.swings[:5])
    caption = (f"{title}: {said}, with one parameter at the ends of its prior, the others at the baseline "
               f"({found.base:.4g} there); the {len(widest.swings)} widest swings")
    return Picture(name, tornado_figure(widest, labels=Labels(said)), caption + ".", f"Bars, {said}: {told}.")


def _indices(name: str, quantity: str, found: Sequence[SobolIndex], title: str) -> Picture:
    from bargain.figures import index_figure

    largest = sorted(found, key=lambda index: -index.total)[:_BARS]
    told = "; ".join(f"{index.parameter} {index.first:.2f} and {index.total:.2f}" for index in largest[:5])
    return Picture(name, index_figure(largest), f"{title}: Sobol indices, {quantity}, first order and total; the {len(largest)} largest.",
                   f"Bars of first-order and total indices: {told}.")


def _spelled(table: Table, columns: Sequence[str], names: Sequence[str]) -> Table:
    """The table with the names of parameters as symbols in some columns."""
    known = re.compile(r"\b(" + "|".join(sorted(map(re.escape, names), key=len, reverse=True)) + r")\b")
    places = {place for place, column in enumerate(table.columns) if column in columns}

    def spelled(text: Any) -> Any:
        parts = known.split(text) if isinstance(text, str) else []
        return Phrase(tuple(sp.Symbol(part) if number % 2 else part for number, part in enumerate(parts) if part)) if len(parts) > 1 else text

    return replace(table, rows=tuple(tuple(spelled(value) if place in places else value for place, value in enumerate(row)) for row in table.rows))


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
            region = finding.region if isinstance(finding.region, str) else "on a part"
            decisive = Phrase.join(", ", (sp.Symbol(name) for name, _ in finding.decisive[:2])) if finding.decisive else ""
            rows.append((finding.claim.source, finding.claim.name, finding.model.rpartition("/")[2].replace("_", " "), "holds" if finding.holds else "fails",
                         f"{float(finding.share):.3f} ({finding.share.error:.3f})", region, decisive))
    notes = ("Standard errors in parentheses. Region: everywhere or nowhere in the prior box (proved), on a part of it (a draw on either side), or not decided.",)
    columns = ("Source", "Claim", "Model", "Baseline", "Share", "In the prior", "Decided by")
    return Table("", columns, tuple(rows), notes, stub=1).without_empty()


def _dots(found: Sequence[Assessment]) -> Iterator[Picture]:
    """Shares from the largest down, on as many figures as they need."""
    from bargain.figures import Bar, share_figure

    bars = [Bar(_short(finding.claim.name, finding.model), float(finding.share), finding.share.error) for one in found for finding in one.study.findings]
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


def _short(claim: str, model: str) -> str:
    """The number of a claim, with its model where the number alone is not one."""
    first = claim.split()[0]
    if any(letter.isdigit() for letter in first):
        return first if not model.endswith("_linked") else f"{first}, linked"
    return claim


def opened(inventory: Inventory) -> Section:
    """What comes first: how to read the study, and how its numbers came about."""
    blocks: list[Block] = [Prose(inventory.preface)]
    for place, (title, columns, rows) in enumerate(inventory.tables, 1):
        blocks.append(Tabular(f"reading-{place}", Table("", columns, rows), title))
    return Section("reading", "How to read this study", tuple(blocks))


def listed(inventory: Inventory) -> Iterator[Block]:
    """Every item of the text with its places in the models."""
    counts = ", ".join(f"{count} {kind}" for kind, count in inventory.series.values())
    yield Prose((f"The text contains {counts}. Each is a player, move, problem, parameter, quantity or claim of some model, or the note says why it is not.",))
    table = Table("", ("Item", "In the text", "Where it lives", "Note"), tuple(inventory.rows()), stub=1)
    yield Tabular("inventory", table, inventory.title)
