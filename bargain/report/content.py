"""A report before it is written: sections of blocks, as plain data.

A block is prose, a table or a figure; the LaTeX and the HTML writer walk the same blocks, so
that the two documents cannot differ in what they say.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bargain.games import MatrixGame
from bargain.tables import Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from bargain.latex.proposition import Proposition


@dataclass(frozen=True)
class Prose:
    """Paragraphs of plain text; `names`: parameters that are symbols in them wherever they stand."""

    paragraphs: tuple[str, ...]
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Heading:
    """The heading of a part of a section; with `settled`, every figure before it is placed before it. In print only one over prose."""

    text: str
    settled: bool = False


@dataclass(frozen=True)
class Tabular:
    """A table, or a two-player matrix to be printed as one; `name` is the stem of its file."""

    name: str
    content: Table | MatrixGame
    caption: str


@dataclass(frozen=True)
class Statement:
    """A proposition, or its proof; `table` says the same by regime, for the page and as a file."""

    name: str
    proposition: "Proposition"
    table: Tabular
    proof: bool = False


@dataclass(frozen=True)
class Picture:
    """A figure with the words that belong to it; `alt` says what it shows to those who cannot see it."""

    name: str
    figure: "Figure"
    caption: str
    alt: str


@dataclass(frozen=True)
class Explorer:
    """A solution to move about in, for the page alone; `html` needs the program of `bargain.report.explorer` before it."""

    name: str
    html: str


Block = Prose | Heading | Tabular | Statement | Picture | Explorer


@dataclass(frozen=True)
class Section:
    """A titled run of blocks; `name` is a file stem and an anchor, `part` the part of the report, `details` what goes into its supplement."""

    name: str
    title: str
    blocks: tuple[Block, ...]
    part: str = ""
    details: tuple[Block, ...] = ()

    @property
    def every(self) -> tuple[Block, ...]:
        """The blocks, those for the supplement last."""
        return self.blocks + self.details

    @property
    def tables(self) -> Iterator[Tabular]:
        """The tables of the section, in order, those behind propositions included."""
        return (block.table if isinstance(block, Statement) else block for block in self.every
                if isinstance(block, Tabular) or isinstance(block, Statement) and not block.proof)

    @property
    def statements(self) -> Iterator[Statement]:
        """The propositions of the section, or in an appendix their proofs, in order."""
        return (block for block in self.every if isinstance(block, Statement))

    @property
    def pictures(self) -> Iterator[Picture]:
        """The figures of the section, in order."""
        return (block for block in self.every if isinstance(block, Picture))


def stem(name: str) -> str:
    """A name as part of a file name: lower-case letters, digits and hyphens.

    >>> stem("ukraine/grand_bargain"), stem("limit, recognition sold")
    ('ukraine-grand-bargain', 'limit-recognition-sold')
    """
    words = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in name.lower()).split()
    return "-".join(words) or "unnamed"
