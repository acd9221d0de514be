"""What models share is said once in the supplement: symbols of an earlier model, equal rules, sizes of trees, and what was checked."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from bargain.report.content import Block, Prose, Section, Tabular
from bargain.solution import Status
from bargain.tables import Phrase, Table

CHECKED = "What was checked"
_SYMBOLS = 6  # symbols that two models must share before a table refers to another
_KINDS = ("-rules", "-problem", "-payoffs")
_SHORT = {"end nodes": "ends", "decision nodes": "decisions", "chance nodes": "chance", "offers, simultaneous moves and tables": "others",
          "nodes in all": "all", "longest play, in moves": "longest play"}
_COVER = re.compile(r"regimes (\d+) cells non-empty(; regimes \d+ apart)?(; cover of the parameter space proved)?")


def shared(sections: Sequence[Section]) -> Iterator[Section]:
    """The sections; their details name symbols of an earlier model only where they differ, and give rules once."""
    printed: list[tuple[str, Table]] = []
    for section in sections:
        details: list[Block] = []
        for block in section.details:
            if isinstance(block, Tabular) and isinstance(block.content, Table) and block.name.endswith("-notation"):
                table = _whole(block.content)
                details.append(_beside(replace(block, content=table), table, printed))
                printed.append((section.title.partition(":")[0], table))
            else:
                details.append(_brief(block))
        yield replace(section, details=tuple(_sizes(_once(details))))


def _beside(block: Tabular, table: Table, printed: Sequence[tuple[str, Table]]) -> Block:
    """The notation without the rows that an earlier model has, where those are many."""
    title, other = max(printed, key=lambda one: len(_common(table, one[1])), default=("", Table("", (), ())))
    same = _common(table, other)
    if len(same) < _SYMBOLS:
        return block
    if len(same) == len(table.rows):
        return Prose((f"The notation is that of the model “{title}”.",))
    rest = tuple(row for row in table.rows if row not in same)
    note = f"The other {len(same)} symbols are those of the model “{title}”."
    return replace(block, content=replace(table, rows=rest, notes=(note, *table.notes)).without_empty())


def _whole(table: Table) -> Table:
    """The notation with ranges that no line breaks."""
    def unbroken(value: Any) -> Any:
        return Phrase(tuple(",\u00a0" if part == ", " else part for part in value.parts)) if isinstance(value, Phrase) else value

    return replace(table, rows=tuple(tuple(map(unbroken, row)) for row in table.rows))


def _common(table: Table, other: Table) -> list[tuple[Any, ...]]:
    return [row for row in table.rows if row in other.rows] if table.columns == other.columns else []


def _brief(block: Block) -> Block:
    """Rules that are alike for several sides in one row; a full grid of rules and sides as a grid."""
    if not isinstance(block, Tabular) or not isinstance(block.content, Table) or block.content.columns != ("Rule", "For", "Value"):
        return block
    table = block.content
    rules, sides = (list(dict.fromkeys(row[place] for row in table.rows)) for place in (0, 1))
    grid = {row[:2]: row[2] for row in table.rows}
    if len(rules) > 1 and len(sides) > 2 and len(grid) == len(table.rows) == len(rules) * len(sides):
        rows = tuple((side, *(grid[rule, side] for rule in rules)) for side in sides)
        return replace(block, content=replace(table, columns=("Side", *rules), rows=rows))
    joined = []
    for _, run in groupby(table.rows, key=lambda row: (row[0], str(row[2]), row[1] == "")):
        same = list(run)
        joined.append((same[0][0], ", ".join(dict.fromkeys(str(row[1]) for row in same)), same[0][2]))
    return replace(block, content=replace(table, rows=tuple(joined)))


def _once(details: Sequence[Block]) -> list[Block]:
    """Equal tables of rules as one, under the titles of all."""
    kept: list[Block] = []
    for block in details:
        place = next((k for k, other in enumerate(kept) if _equal(block, other)), None)
        if place is None:
            kept.append(block)
        else:
            first = kept[place]
            assert isinstance(first, Tabular) and isinstance(block, Tabular)
            title, _, what = first.caption.rpartition(": ")
            kept[place] = replace(first, caption=f"{title}; {block.caption.rpartition(': ')[0]}: {what}")
    return kept


def _equal(block: Block, other: Block) -> bool:
    if not (isinstance(block, Tabular) and isinstance(other, Tabular) and block.name.endswith(_KINDS)):
        return False
    return block.content == other.content and block.caption.rpartition(": ")[2] == other.caption.rpartition(": ")[2]


def _sizes(details: Sequence[Block]) -> Iterator[Block]:
    """The sizes of several trees as one table, a row each."""
    sizes = [block for block in details if isinstance(block, Tabular) and block.name.endswith("-size") and isinstance(block.content, Table)]
    for block in details:
        if len(sizes) < 2 or block not in sizes:
            yield block
        elif block is sizes[0]:
            tables = [one.content for one in sizes if isinstance(one.content, Table)]
            counted = [place for place, row in enumerate(tables[0].rows) if row[0] != "players"]
            rows = tuple((one.caption.rpartition(": ")[0], *(table.rows[place][1] for place in counted)) for one, table in zip(sizes, tables, strict=True))
            columns = ("Tree", *(_SHORT.get(tables[0].rows[place][0], tables[0].rows[place][0]) for place in counted))
            yield replace(sizes[0], content=Table("", columns, rows), caption="Sizes of the trees, in nodes; the longest play in moves")


def checked(sections: Sequence[Section]) -> tuple[list[Section], Section | None]:
    """The sections without their tables of checks, and one section with all of them."""
    found = [(section.title.partition(":")[0], block.content) for section in sections for block in section.tables if _is_check(block)]
    rest = [replace(section, details=tuple(block for block in section.details if not _is_check(block))) for section in sections]
    rows = [row for title, table in found if isinstance(table, Table) for row in _strongest(title, table)]
    if not rows:
        return rest, None
    table = _keyed(Table("", ("Model", "Problem", "Where", "Concept", "Status", "Checks"), tuple(rows), stub=1))
    said = ("A number counts the conditions of one kind that were checked, exactly, by a route independent of the solver. “Point” is the baseline; “all” is every "
            "value of the parameters, and a problem listed so was solved and checked at the baseline as well.")
    return rest, Section("checks", CHECKED, (Prose((said,)), Tabular("checks", table, "What was checked, by model and problem")))


def _is_check(block: Block) -> bool:
    return isinstance(block, Tabular) and block.name.endswith("-checks")


def _strongest(title: str, table: Table) -> Iterator[tuple[Any, ...]]:
    """The rows of one model, without those at the baseline of a problem of which as much is said for all parameters."""
    general = {(row[0], row[3]) for row in table.rows if row[1] != "baseline"}
    for problem, where, concept, status, done in table.rows:
        if where != "baseline" or not {(problem, status), (problem, Status.PROVED.value)} & general:
            yield title, problem, "point" if where == "baseline" else "all", concept, status, _COVER.sub(_covering, done)


def _covering(found: re.Match[str]) -> str:
    count = int(found[1])
    words = [word for word, held in (("disjoint", found[2]), ("covering", found[3])) if held]
    return f"{count} regimes" + "".join(f", {word}" for word in words) if count > 1 else "one regime"


def _keyed(table: Table) -> Table:
    """The table with letters for its sentences of status, and a note that says them."""
    place = table.columns.index("Status")
    said = {text: letter for text, letter in zip(dict.fromkeys(row[place] for row in table.rows), "abcdefgh", strict=False)}
    rows = tuple((*row[:place], said[row[place]], *row[place + 1 :]) for row in table.rows)
    return replace(table, rows=rows, notes=(*table.notes, *(f"Status {letter}: {text}." for text, letter in said.items())))
