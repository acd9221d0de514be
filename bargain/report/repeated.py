"""What a model and another version of it have in common is printed once: the later table or figure refers to the earlier one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bargain.latex import latex
from bargain.report.content import Block, Heading, Picture, Prose, Section, Tabular

_KINDS = ("-equilibria", "-payoffs", "-problem", "-rules", "-size")
_BASE = re.compile(r"[,(:]|\. ")  # ends the name that versions of a problem share


def repeated(sections: Sequence[Section]) -> Iterator[Section]:
    """The sections with a sentence in place of a table or figure that equals an earlier one of the same problem in another version of it."""
    printed: list[tuple[str, Tabular | Picture]] = []
    for section in sections:
        title = section.title.partition(":")[0]
        blocks, details = (_unheaded([_said(block, title, printed) for block in some], some) for some in (section.blocks, section.details))
        printed += [(title, block) for block in (*blocks, *details) if isinstance(block, Tabular | Picture)]
        yield replace(section, blocks=tuple(blocks), details=tuple(details))


def _unheaded(blocks: Sequence[Block], before: Sequence[Block]) -> list[Block]:
    """The blocks without a heading over a sentence that names its problem itself."""
    new = [isinstance(block, Prose) and block is not old for block, old in zip(blocks, before, strict=True)]
    return [block for block, follows in zip(blocks, (*new[1:], False), strict=False) if not (isinstance(block, Heading) and follows)]


def _said(block: Block, title: str, printed: Sequence[tuple[str, Tabular | Picture]]) -> Block:
    for where, other in printed:
        if where == title:
            continue
        if isinstance(block, Tabular) and isinstance(other, Tabular) and _same_table(block, other):
            (mine, _, what), (theirs, _, _) = block.caption.rpartition(": "), other.caption.rpartition(": ")
            same = what.removeprefix("the ").replace(", every", " with every").replace(",", "")
            return Prose((f"{mine}: the same {same} as {_of(mine, theirs)}in the section “{where}”.",))
        if isinstance(block, Picture) and isinstance(other, Picture) and _same_figure(block, other):
            mine, theirs = (one.caption.partition(". ")[0].removesuffix(".") for one in (block, other))
            return Prose((f"{mine}: the same figure as {_of(mine, theirs)}in the section “{where}”.",))
    return block


def _of(mine: str, theirs: str) -> str:
    return "" if mine == theirs else f"for {theirs}, "


def _same_table(block: Tabular, other: Tabular) -> bool:
    whose, what = block.caption.rpartition(": ")[::2]
    before, same = other.caption.rpartition(": ")[::2]
    if not block.name.endswith(_KINDS) or what != same or _base(whose) != _base(before):
        return False
    return latex(block.content, caption=what) == latex(other.content, caption=what)  # cells may differ in what does not show


def _same_figure(block: Picture, other: Picture) -> bool:
    from matplotlib.text import Text

    if _base(block.caption) != _base(other.caption) or block.alt.partition(". ")[2] != other.alt.partition(". ")[2]:
        return False
    words = [[text.get_text() for text in one.figure.findobj(Text)] for one in (block, other)]
    return words[0] == words[1] and _drawn(block) == _drawn(other)


def _base(caption: str) -> str:
    return _BASE.split(caption, maxsplit=1)[0].removesuffix(".").strip()


def _drawn(picture: Picture) -> bytes:
    from bargain.figures import save

    with TemporaryDirectory() as folder:
        (path,) = save(picture.figure, Path(folder) / "figure.svg")
        return path.read_bytes()
