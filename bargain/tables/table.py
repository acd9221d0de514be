"""A table is data until the last step: a title, columns, rows of values, notes.

Cells are words, numbers, sympy formulas and relations, truth values, tuples of these, and
the small values defined here. `render` spells one value in one `Style`; the writers
(text, HTML, CSV, LaTeX) differ in layout only.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import sympy as sp

from bargain.errors import BadInput
from bargain.notation import Domain
from bargain.showing import Shown
from bargain.tables.conditions import Condition, relation
from bargain.tables.mathematics import TEXT, Style
from bargain.tables.symbols import html_name
from bargain.tables.writing import Written

_BETWEEN = re.compile(r"any \$([^$]*)\$ in \[\$([^$]*)\$, \$([^$]*)\$\]")  # an interval written in pieces: in LaTeX it is one formula


@dataclass(frozen=True)
class Phrase:
    """Words and formulas in one cell, in order."""

    parts: tuple[Any, ...]

    @classmethod
    def of(cls, *parts: Any) -> "Phrase":
        """The phrase made of these parts."""
        return cls(parts)

    @classmethod
    def join(cls, separator: str, phrases: Iterable[Any]) -> "Phrase":
        """The phrases with a separator between them."""
        parts: list[Any] = []
        for phrase in phrases:
            parts += [separator] if parts else []
            parts += phrase.parts if isinstance(phrase, Phrase) else (phrase,)
        return cls(tuple(parts))


@dataclass(frozen=True)
class Verbatim:
    """LaTeX as it stands, for cells with marks that only LaTeX has; other styles do not print it."""

    latex: str

    def render(self, style: Style) -> str:
        """The text in LaTeX; nothing elsewhere."""
        return self.latex if style.name == "latex" else ""


@dataclass(frozen=True)
class Utility:
    """The heading of a column of payoffs; `star` marks payoffs in equilibrium."""

    player: str
    star: bool = False

    def render(self, style: Style) -> str:
        """``u_C``, starred where the style can show it."""
        if style.name == "text":
            return f"u_{self.player}"
        star = "^*" if self.star and style.name == "latex" else "<sup>*</sup>" if self.star else ""
        if style.name == "html":
            return html_name(f"u_{self.player}" if "_" not in self.player else "u") + star
        name = self.player if len(self.player) == 1 and self.player.isascii() or self.player.isdigit() else rf"\textup{{{style.words(self.player)}}}"
        return style.inline(f"u_{{{name}}}{star}")


@dataclass(frozen=True)
class Table(Shown):
    """Title, columns, rows and notes; every row has one value per column.

    `stub` counts the leading columns that identify a group of rows: writers leave them blank where
    they repeat the row above.

    >>> table = Table("Squares", ("n", "square"), ((1, sp.Integer(1)), (2, sp.Rational(9, 2))))
    >>> table.records()
    [{'n': 1, 'square': 1}, {'n': 2, 'square': '9/2'}]
    """

    title: str
    columns: tuple[Any, ...]
    rows: tuple[tuple[Any, ...], ...]
    notes: tuple[Any, ...] = ()
    label: str = ""
    stub: int = 0

    def __post_init__(self) -> None:
        for name in ("columns", "rows", "notes"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        object.__setattr__(self, "rows", tuple(map(tuple, self.rows)))
        for number, row in enumerate(self.rows):
            if len(row) != len(self.columns):
                raise BadInput(f"row {number + 1} has {len(row)} values for {len(self.columns)} columns", place=f"table {self.title!r}",
                               remedy="give one value per column")

    def records(self) -> list[dict[str, Any]]:
        """The rows as plain numbers, truth values and strings, by column heading."""
        names = self.headings()
        return [dict(zip(names, map(_plain, row), strict=True)) for row in self.rows]

    def headings(self) -> list[str]:
        """The column headings in plain characters."""
        return [render(column, TEXT) for column in self.columns]

    def without_empty(self) -> "Table":
        """The table without the columns that are empty in every row."""
        kept = [i for i in range(len(self.columns)) if any(render(row[i], TEXT) for row in self.rows) or not self.rows]
        rows = tuple(tuple(row[i] for i in kept) for row in self.rows)
        stub = sum(i < self.stub for i in kept)
        return Table(self.title, tuple(self.columns[i] for i in kept), rows, self.notes, self.label, stub)

    def printed(self, style: Style) -> list[list[str]]:
        """The rows spelled in a style, repeated leading cells left blank."""
        printed = [[render(value, style) for value in row] for row in self.rows]
        shown = [list(row) for row in printed]
        for above, row, visible in zip(printed, printed[1:], shown[1:], strict=False):
            for i in range(self.stub):
                if above[: i + 1] != row[: i + 1]:
                    break
                visible[i] = ""
        return shown


def render(value: Any, style: Style) -> str:
    """One value spelled in one style.

    >>> render(Phrase.of("share ", sp.Rational(2, 3)), TEXT)
    'share 2/3'
    """
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return style.words(value)
    if isinstance(value, Phrase):
        text = "".join(render(part, style) for part in value.parts)
        return _BETWEEN.sub(_interval, text).replace("$ = $", " = ").replace(" = $", " $= ") if style.name == "latex" else text
    if isinstance(value, Condition | Utility | Verbatim | Written):
        return value.render(style)
    if isinstance(value, Domain):
        return style.inline(_domain(value, style))
    if isinstance(value, tuple | list):
        return ", ".join(render(part, style) for part in value)
    if isinstance(value, sp.Symbol) and not value.name.replace("_", "").isalnum():
        return Written(value.name).render(style)  # a quantity named in words
    return style.inline(_formula(value, style))


def _interval(found: re.Match[str]) -> str:
    share, low, high = found.groups()
    return f"${share} = {low}$" if low == high else rf"any ${share} \in [{low}, {high}]$"


def _formula(value: Any, style: Style) -> str:
    if isinstance(value, int | Fraction):
        return style.formula(sp.Rational(value))
    if isinstance(value, float | Decimal):
        return _decimal(format(value, ".6g") if isinstance(value, float) else str(value), style)
    if getattr(value, "is_Relational", False):
        return relation(value).render(style)
    if isinstance(value, sp.Basic):
        return style.formula(value)
    return style.words(str(value))


def _decimal(text: str, style: Style) -> str:
    mantissa, mark, exponent = text.lower().partition("e")
    text, mantissa = (text.replace("-", "−"), mantissa.replace("-", "−")) if style.name == "html" else (text, mantissa)
    if not mark or style.name == "text":
        return text
    power = str(int(exponent))
    return rf"{mantissa}\times 10^{{{power}}}" if style.name == "latex" else f"{mantissa}×10<sup>{power}</sup>"


def _domain(domain: Domain, style: Style) -> str:
    if domain.low == -sp.oo and domain.high == sp.oo:
        return style.symbols["reals"]
    if domain.high == sp.oo:
        return f"{style.signs['>' if domain.low_open else '>=']} {style.formula(domain.low)}"
    low = "-" + style.symbols["infinity"] if domain.low == -sp.oo else style.formula(domain.low)
    return f"{'(' if domain.low_open else '['}{low}, {style.formula(domain.high)}{')' if domain.high_open else ']'}"


def _plain(value: Any) -> Any:
    """A value as a number, a truth value or a string; exact fractions stay exact, as text."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, sp.Integer):
        return int(value)
    return float(value) if isinstance(value, sp.Float) else render(value, TEXT)
