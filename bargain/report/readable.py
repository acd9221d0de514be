"""Cells that a reader can take in: fractions and coefficients too long to read become decimals of four digits, and a note says so; mathematics in texts.

The exact values stay in the JSON files of the report.
"""

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal
from typing import Any

import sympy as sp

from bargain.claims import Point
from bargain.tables import Condition, Phrase, Table
from bargain.tables.conditions import Chain
from bargain.tables.writing import Written

__all__ = ["letters", "rounded", "written"]

_DIGITS = 4  # significant digits of a decimal
_OPERATIONS = 8  # of an irrational number that is still read
_READ = 7  # characters of a fraction that is still read as one
_LONG = 10_000  # an expression with a whole number from here on is not read
_SAID = "Long numbers are rounded to four significant digits."


def rounded(table: Table) -> Table:
    """The table with long numbers as decimals of four digits, alone and inside formulas and conditions.

    >>> x = sp.Symbol("x", real=True)
    >>> print(rounded(Table("", ("A", "B", "C"), ((sp.Rational(12345, 67891), (535000 * x - 102039) / (1250000 * x + 315000), sp.sqrt(24661) / 200),))).rows[0])
    (0.1818, (0.428*x - 0.08163)/(x + 0.252), 0.7852)
    """
    rows = tuple(tuple(map(_near, row)) for row in table.rows)
    return table if rows == table.rows else replace(table, rows=rows, notes=(*table.notes, _SAID))


def written(table: Table, columns: Collection[str], names: Collection[str] = ()) -> Table:
    """The table with the texts of some columns as an author writes them, their mathematics spelled as such.

    >>> written(Table("", ("Claim",), (("x > w_pre/2",),)), ("Claim",)).rows
    ((Written(text='x > w_pre/2', names=frozenset()),),)
    """
    places, known = {place for place, column in enumerate(table.columns) if column in columns}, frozenset(names)
    rows = tuple(tuple(Written(cell, known) if place in places and isinstance(cell, str) and cell else cell for place, cell in enumerate(row)) for row in table.rows)
    return replace(table, rows=rows)


def letters(at: Point) -> frozenset[str]:
    """The parameters of one letter that is not also a player: symbols wherever they stand in a text about the model."""
    assert at.model.notation is not None
    players = {player for name in at.model.problems for player in at.solution(name).problem.players}
    return frozenset(name for name in at.model.notation.names if len(name) == 1) - players


def _near(value: Any) -> Any:
    if isinstance(value, Phrase):
        return Phrase(tuple(map(_near, value.parts)))
    if isinstance(value, Condition):
        return replace(value, cases=tuple(tuple(map(_chain, case)) for case in value.cases))
    if isinstance(value, Decimal):
        return float(f"{value:.4g}") if len(value.as_tuple().digits) > _DIGITS else value
    if isinstance(value, sp.Rational):
        return float(f"{float(value):.4g}") if not value.is_Integer and len(str(value)) > _READ else value
    if isinstance(value, sp.Expr) and value.is_number and value.is_real and (_unread(value) or value.count_ops() > _OPERATIONS):
        return float(f"{float(value):.4g}")
    if isinstance(value, sp.core.relational.Relational):
        return value.func(*(sp.Float(str(_near(side))) if _near(side) is not side else side for side in value.args), evaluate=False)
    return _formula(value) if isinstance(value, sp.Expr) and _unread(value) else value


def _unread(value: sp.Expr) -> bool:
    return any(max(abs(number.p), number.q) >= _LONG for number in value.atoms(sp.Rational))


def _chain(chain: Chain) -> Chain:
    """Sides rounded; a chain in which no side is a single symbol is first divided by its largest coefficient."""
    if not any(map(_unread, chain.terms)):
        return chain
    terms = chain.terms
    if sp.Integer(0) in terms:
        return replace(chain, terms=tuple(sp.Mul(*(_factor(part)[1] for part in sp.Mul.make_args(term))) if term else term for term in terms))
    if not any(term.is_Symbol for term in terms):
        largest = max(map(_largest, terms))
        terms = tuple(sp.expand(term / largest) for term in terms)
    return replace(chain, terms=tuple(map(_formula, terms)))


def _formula(value: sp.Expr) -> sp.Expr:
    """The formula with rounded coefficients; in a product each factor has one as its largest, but for a single sum above the line."""
    if value.is_Add:
        return sp.Add(*(_term(part) if _is_term(part) else _formula(part) if _unread(part) else part for part in value.args))
    scale, factors = sp.Integer(1), []
    for part in sp.Mul.make_args(value):
        own, factor = _factor(part)
        scale *= own
        factors.append(factor)
    sums = [k for k, factor in enumerate(factors) if factor.is_Add]
    if len(sums) != 1:
        return sp.Mul(_decimal(scale), *factors)
    own, _ = _factor(sp.Mul.make_args(value)[sums[0]])
    factors[sums[0]] = sp.Add(*(_term(term * scale / own) for term in sp.Mul.make_args(value)[sums[0]].args))
    return sp.Mul(*factors)


def _factor(part: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """A positive number, or a number for a number, and the factor divided by it, its coefficients rounded."""
    if part.is_Rational:
        return part, sp.Integer(1)
    base, exponent = part.as_base_exp()
    if not base.is_Add or not exponent.is_Integer:
        return sp.Integer(1), part
    size = _largest(base)
    return size**exponent, sp.Add(*(_term(term / size) for term in base.args)) ** exponent


def _term(term: sp.Expr) -> sp.Expr:
    coefficient, rest = term.as_coeff_Mul()
    return _decimal(coefficient) * rest


def _is_term(part: sp.Expr) -> bool:
    """Whether a summand is a number times powers of symbols."""
    return all(factor.is_Number or factor.as_base_exp()[0].is_Symbol for factor in sp.Mul.make_args(part))


def _largest(value: sp.Expr) -> sp.Expr:
    """The largest coefficient of a sum, in absolute value; one for zero."""
    return max((abs(term.as_coeff_Mul()[0]) for term in sp.Add.make_args(value)), default=sp.Integer(1)) or sp.Integer(1)


def _decimal(number: sp.Expr) -> sp.Expr:
    if not number.is_Rational or number.is_Integer and abs(number) < _LONG:
        return number
    near = f"{float(number):.4g}"
    return sp.Integer(int(float(near))) if number.is_Integer else sp.Float(near)
