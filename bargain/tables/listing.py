"""Tables that list: the notation of a paper, and the claims of a model."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import sympy as sp

from bargain.notation import Notation
from bargain.tables.conditions import relation
from bargain.tables.mathematics import TEXT
from bargain.tables.table import Phrase, Table

_DIGITS = 8


def notation_rows(notation: Notation) -> Table:
    """The notation table: symbol, meaning, unit, domain, baseline, prior, source; joint assumptions as a note.

    >>> from bargain.notation import Parameter
    >>> p = sp.Symbol("p", real=True)
    >>> notation_rows(Notation((Parameter(p, "chance", domain="[0, 1]", baseline="0.35"),))).records()
    [{'Symbol': 'p', 'Meaning': 'chance', 'Domain': '[0, 1]', 'Baseline': '0.35'}]
    """
    rows = tuple((p.symbol, p.meaning, p.unit, p.domain, decimal(p.baseline), _range(p.prior), p.source) for p in notation)
    notes = (Phrase.of("Assumptions: ", tuple(notation.assumptions), "."),) if notation.assumptions else ()
    columns = ("Symbol", "Meaning", "Unit", "Domain", "Baseline", "Prior", "Source")
    return Table("Notation", columns, rows, notes, "notation").without_empty()


def decimal(value: Any) -> Any:
    """A rational as the decimal a person would write, if it has one of at most eight digits; else the value itself.

    >>> decimal(sp.Rational(7, 20)), decimal(sp.Rational(3, 7)), decimal(sp.Rational(1, 10**7))
    (Decimal('0.35'), 3/7, Decimal('1E-7'))
    """
    if not isinstance(value, sp.Rational) or value.is_Integer:
        return value
    for digits in range(1, 2 * _DIGITS):
        scaled = value * 10**digits
        if scaled.is_Integer and len(str(abs(scaled))) <= _DIGITS:
            return Decimal(int(scaled)).scaleb(-digits)
    return value


def claims_rows(results: Sequence[Any]) -> Table:
    """One row per claim: what it says, whether it holds, and the remark that belongs to it.

    A result is a mapping or a record with `claim` (text, or a record with a `statement` or `name`), `holds` and `note`.

    >>> claims_rows([{"claim": "war is costly", "holds": None, "note": ""}]).records()
    [{'Claim': 'war is costly', 'Holds': 'not decided'}]
    """
    rows = []
    for result in results:
        claim, holds, note = (_get(result, name) for name in ("claim", "holds", "note"))
        verdict = "not decided" if holds is None else "holds" if holds else "fails"
        rows.append((_claim(claim), verdict, note or ""))
    return Table("Claims", ("Claim", "Holds", "Note"), tuple(rows), label="claims").without_empty()


def _get(result: Any, name: str) -> Any:
    return result.get(name) if isinstance(result, Mapping) else getattr(result, name, None)


def _claim(claim: Any) -> Any:
    if isinstance(claim, str | Phrase):
        return claim
    if getattr(claim, "is_Relational", False):
        return relation(claim).render(TEXT)
    return getattr(claim, "statement", None) or getattr(claim, "name", None) or str(claim)


def _range(prior: Any) -> Any:
    return "" if prior is None else Phrase.of("[", decimal(prior[0]), ", ", decimal(prior[1]), "]")
