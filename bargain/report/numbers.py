"""Quantities and claims of a model as tables: exact where that is short, decimal beside it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import sympy as sp
from sympy.logic.boolalg import BooleanAtom

from bargain.claims import Point, Quantity
from bargain.games import MatrixGame
from bargain.notation import Notation
from bargain.report.content import Tabular, stem
from bargain.report.problems import number
from bargain.report.readable import letters, written
from bargain.tables import Phrase, Table
from bargain.tables.profile import played
from bargain.tables.profile import readable as spelled
from bargain.tables.symbols import is_word, split
from bargain.tables.writing import Written

_DIGITS = 4  # significant digits of a decimal: more would claim a precision that assumed numbers do not have
_EXACT = 9  # characters up to which an exact number is printed


def quantities(name: str, at: Point, title: str) -> Iterator[Tabular]:
    """The declared quantities: one table of numbers, one per shared set of keys, one per table-like value."""
    single: list[tuple[Any, ...]] = []
    keyed: dict[tuple[str, ...], list[Quantity]] = {}
    nested: list[Quantity] = []
    for quantity in at.model.quantities:
        value = at[quantity.name]
        if _flat(value):
            single.append((*_named(_bounded(quantity, value), at), *_numbers(value)))
        elif isinstance(value, Mapping) and all(map(_flat, value.values())):
            keyed.setdefault(tuple(map(str, value)), []).append(quantity)
        elif not _printed(at, value):
            nested.append(quantity)
    if single:
        yield Tabular(f"{name}-quantities", _singles(single), f"{title}: quantities at the baseline")
    for count, (keys, group) in enumerate(keyed.items()):
        yield Tabular(f"{name}-quantities-by-{count + 1}", _by_key(keys, group, at), f"{title}: quantities at the baseline, by case")
    for quantity in nested:
        said = quantity.meaning or quantity.name.replace("_", " ")
        yield Tabular(f"{name}-quantity-{stem(quantity.name)}", _nested(at[quantity.name]), f"{title}: {said}")


def _printed(at: Point, value: Any) -> bool:
    """Whether rows of numbers are what one side gets in a two-player matrix of the model, which is a table already."""
    games = (at.solution(name).problem for name in at.model.problems)
    return isinstance(value, list | tuple) and any(
        [list(row) for row in value] == [[game[(mine, yours)][side] for yours in game.actions[1]] for mine in game.actions[0]]
        for game in games if isinstance(game, MatrixGame) and len(game.players) == 2 for side in (0, 1))


def claims(name: str, at: Point, title: str) -> Tabular:
    """Every claim with its source and its verdict at the baseline."""
    rows = tuple((claim.name, claim.source, verdict(holds)) for claim, holds in at.claims())
    notes = ("Verdicts at the baseline illustrate a mechanism; they are not findings about the world.",)
    table = Table("", ("Claim", "Source", "At the baseline"), rows, notes).without_empty()
    return Tabular(f"{name}-claims", written(table, ("Claim", "Source")), f"{title}: claims")


def verdict(holds: bool) -> str:
    """How a truth value is reported."""
    return "holds" if holds else "fails"


def symbol(name: str) -> Any:
    """The name of a quantity: a symbol where it is spelled like one, else words.

    >>> symbol("x_U"), symbol("pure_nash")
    (x_U, 'pure nash')
    """
    return name.replace("_", " ") if is_word(split(name)[0]) else sp.Symbol(name)


def _bounded(quantity: Quantity, value: Any) -> Quantity:
    """The quantity, its meaning with a remark where the value lies outside what is possible."""
    remark = quantity.beyond(value)
    return replace(quantity, meaning=f"{quantity.meaning or quantity.name.replace('_', ' ')} ({remark})") if remark else quantity


def _named(quantity: Quantity, at: Point) -> tuple[Any, Any]:
    """A symbol, or nothing, and what it stands for: a name in words is explained by the meaning, a name for programs is replaced by it."""
    letter, names = symbol(quantity.name), letters(at)
    if isinstance(letter, sp.Symbol):
        return letter, Written(quantity.meaning, names)
    coded = not quantity.name.islower() or "_" in quantity.name or any(map(str.isdigit, quantity.name))
    said = quantity.meaning if quantity.meaning and coded and quantity.name.isidentifier() else ": ".join(filter(None, (letter, quantity.meaning)))
    return "", Written(said, names)


def _flat(value: Any) -> bool:
    """Whether a value fits in one cell: a number, a word, a truth value, or a list of them."""
    if isinstance(value, Mapping):
        return False
    return not isinstance(value, list | tuple) or all(not isinstance(item, list | tuple | Mapping) for item in value)


def _numbers(value: Any) -> tuple[Any, Any]:
    """The exact value, if short, and a decimal where the exact value is not one."""
    if not isinstance(value, sp.Expr):
        return inline(value), ""
    precise = number(value) if value.is_Rational and len(str(value)) <= _EXACT else ""
    ends = isinstance(precise, Decimal) or value.is_Integer
    return precise, "" if ends else rounded(value)


def rounded(value: sp.Expr) -> Any:
    """A number to four significant digits; an integer as it is."""
    if value.is_Integer or not value.is_number or value.is_finite is False:
        return value
    return float(f"{float(value):.{_DIGITS}g}")


def _singles(rows: Sequence[tuple[Any, ...]]) -> Table:
    blank = any(row[2] == "" for row in rows)
    notes = ("Where only a decimal is given, the exact value is irrational or long; the solution holds it.",) if blank else ()
    return Table("", ("Symbol", "Quantity", "Value", "Decimal"), tuple(rows), notes).without_empty()


def _by_key(keys: tuple[str, ...], group: Sequence[Quantity], at: Point) -> Table:
    rows = tuple((key, *(cell(list(at[quantity.name].values())[place]) for quantity in group)) for place, key in enumerate(keys))
    heads = {quantity.name: _heading(quantity) for quantity in group}
    notes = tuple(Written(f"{quantity.meaning}.") if isinstance(head, str) else Phrase.of(head, ": ", Written(f"{quantity.meaning}."))
                  for quantity, head in zip(group, heads.values(), strict=True) if quantity.meaning and head != quantity.meaning)
    return Table("", ("Case", *heads.values()), rows, notes)


def _heading(quantity: Quantity) -> Any:
    """What stands over a column: a symbol, else the meaning up to a colon, else the name in words."""
    spelled = symbol(quantity.name)
    return spelled if isinstance(spelled, sp.Symbol) or not quantity.meaning else quantity.meaning.partition(":")[0]


def _nested(value: Any) -> Table:
    """A table-like value: records by key, or rows of a list."""
    if isinstance(value, Mapping):
        return _records(value)
    items = [tuple(item) if isinstance(item, list | tuple) else (item,) for item in value]
    wide = max(map(len, items), default=0)
    heads = [_kind([item[k] for item in items if k < len(item)]) for k in range(wide)]
    several = [head if heads.count(head) == 1 else f"{head} {heads[: k + 1].count(head)}" for k, head in enumerate(heads)]
    rows = tuple((k + 1 if len(items) > 1 else "", *map(inline, item), *[""] * (wide - len(item))) for k, item in enumerate(items))
    return Table("", ("No.", *several), rows).without_empty()


def _kind(values: Sequence[Any]) -> str:
    """What a column of a list holds."""
    if all(isinstance(value, str) for value in values):
        return "Outcome"
    return "Payoffs" if all(isinstance(value, list | tuple) for value in values) else "Value"


def _records(value: Mapping[str, Any]) -> Table:
    """One row per record: the value's own entries first, then the records inside it, by key."""
    inner = {key: item for key, item in value.items() if isinstance(item, Mapping) and all(isinstance(part, Mapping) for part in item.values())}
    outer = {key: item for key, item in value.items() if key not in inner}
    records = {"the whole": outer} if inner and not all(isinstance(item, Mapping) for item in outer.values()) else dict(outer)
    for parts in inner.values():
        records.update(parts)
    if not all(isinstance(record, Mapping) for record in records.values()):
        return Table("", ("Part", "Value"), tuple((key.replace("_", " "), inline(item)) for key, item in value.items()))
    columns = tuple(dict.fromkeys(column for record in records.values() for column in record))
    rows = tuple((readable(str(key)), *(inline(record.get(column, "")) for column in columns)) for key, record in records.items())
    heads = (column.replace("_", " ") for column in columns)
    return Table("", ("Part", *(head[:1].upper() + head[1:] for head in heads)), rows).without_empty()


def cell(value: Any) -> Any:
    """One value of a table: a short exact number, else its decimal."""
    if not isinstance(value, sp.Expr):
        return inline(value)
    precise, near = _numbers(value)
    return near if precise == "" else precise


def inline(value: Any) -> Any:
    """Any value in one cell.

    >>> from bargain.tables.mathematics import TEXT
    >>> from bargain.tables.table import render
    >>> render(inline({"A": sp.Rational(1, 4), "B": [1, 2]}), TEXT)
    'A 0.25; B 1, 2'
    >>> render(inline("Talks/{Agree | B,Violate/agree on y = -7/67}"), TEXT)
    'Talks, then (Agree; or (B, Violate), agree on y = -7/67)'
    """
    if isinstance(value, Mapping):
        return Phrase.join("; ", (Phrase.of(f"{key} ", inline(item)) for key, item in value.items()))
    if isinstance(value, list | tuple):
        return Phrase.join(", ", map(inline, value)) if value else "none"
    if isinstance(value, sp.Expr):
        return cell(value)
    if isinstance(value, bool | BooleanAtom):
        return "yes" if value else "no"
    if isinstance(value, str):
        return played(value, Notation(())) if "/{" in value or " = " in value else readable(value)
    return value


def readable(text: str) -> str:
    """A path or an identifier as words that can break across lines.

    >>> readable("TalksFirst/N/Refuse")
    'Talks first, N, Refuse'
    """
    return spelled(text.replace("/", ", "))
