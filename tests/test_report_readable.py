"""Rounded formulas of the report stay close to the exact ones, and only long numbers are touched."""

from random import Random

import pytest
import sympy as sp

from bargain.regions.cells import Cell
from bargain.report.readable import rounded
from bargain.tables import Condition, Phrase, Table

a, r = sp.symbols("a r", real=True)
LONG = [
    (50000 * a - 15000 * r - 19979) / 100000, (535000 * r + 102039 - 1050000 * a) / (1250000 * r + 315000),
    -((3 * r + 1) ** 2) / 400 + sp.Rational(12345, 678910),
    (15000 * r + 9739 - 50000 * a) * (50000 * a - 15000 * r - 3439) / (25000 * a + 1),
    sp.Rational(31, 70001) * a**2 + 1, sp.Integer(123456) * a * r,
    sp.sqrt(a + 2) * sp.Rational(12347, 99991), 17 * a / (30001 * (a + r + 3) ** 2),
]


def only(value: object) -> object:
    return rounded(Table("", ("Value",), ((value,),))).rows[0][0]


@pytest.mark.parametrize("exact", LONG)
def test_a_rounded_formula_is_near_the_exact_one_and_short(exact: sp.Expr) -> None:
    near, random = only(exact), Random(7)
    assert isinstance(near, sp.Expr) and near != exact
    assert all(float(f"{float(number):.4g}") == float(number) for number in near.atoms(sp.Number))
    for _ in range(20):
        at = {a: sp.Rational(random.randint(1, 99), 37), r: sp.Rational(random.randint(1, 99), 41)}
        above, below = sp.fraction(sp.together(exact))
        size = sum(abs(float(term.subs(at))) for term in sp.Add.make_args(sp.expand(above))) / abs(float(below.subs(at)))
        assert abs(float(near.subs(at)) - float(exact.subs(at))) <= 3e-3 * size


@pytest.mark.parametrize("exact", [sp.Rational(1, 3), 3 * a / 7 + sp.Rational(1, 40), (a + r) ** 2 / 9, sp.Integer(264), "in words", None])
def test_what_can_be_read_stays_as_it_is(exact: object) -> None:
    table = Table("", ("Value", "Other"), ((exact, "x"),))
    assert rounded(table) is table


def test_conditions_are_divided_by_a_positive_number_and_phrases_part_by_part() -> None:
    where = Condition.of(Cell.of((15000 * r + 9739 - 50000 * a) * (50000 * a - 15000 * r - 3439) > 0, 50000 * a * r - 15000 * r**2 - 7219 * r >= 1260))
    near = only(where)
    assert isinstance(near, Condition)
    for old, new in zip(where.cases[0], near.cases[0], strict=True):
        assert old.signs == new.signs
        for at in ({a: 0.15, r: 0.1}, {a: 0.3, r: 0.2}, {a: 0.02, r: 0.9}):
            (left, right), (near_left, near_right) = ([float(term.subs(at)) for term in terms] for terms in (old.terms, new.terms))
            assert (left - right > 0) == (near_left - near_right > 0)
    assert str(only(Phrase.of("stay ", sp.Rational(12345, 67891), ", else ", a))) == str(Phrase.of("stay ", 0.1818, ", else ", a))
