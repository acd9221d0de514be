"""Exact numbers, text read by a whitelist, and exact evaluation."""

from fractions import Fraction
from random import Random

import numpy as np
import pytest
import sympy as sp

from bargain.errors import BadInput
from bargain.exponentials import exponentials_apart
from bargain.expressions import Evaluator, exact, number, parse

R = sp.Rational
w, p, q = sp.symbols("w p q", real=True)
NAMES = {"w": w, "p": p, "q": q}


@pytest.mark.parametrize("text", ["", "one", "1/0", "1/2/3", "0x10", "1_000", "nan", "inf", "1e9999", "--1", "1 2", "٣"])
def test_text_that_is_no_number_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(BadInput) as refusal:
        number(text)
    assert refusal.value.remedy


@pytest.mark.parametrize("value", [True, False, float("nan"), float("inf"), None, "x", [1]])
def test_values_that_are_no_numbers_are_refused(value: object) -> None:
    with pytest.raises(BadInput):
        exact(value)


@pytest.mark.parametrize("text", [
    "__import__('os').system('true')", "w.__class__", "w[0]", "lambda: w", "w if p else q", "[w]", "'w'", "True", "w == p", "f(w)",
    "exp", "exp(w, evaluate=False)", "(w := 1)", "1j", "w % 2", "w // 2", "w @ p", "~w", "w +", "", "unknown + 1", "2**100", "w**-65", "w/0",
    "((9**64)**64)**64", "9" * 5000, "-" * 100 + "w", "1" + "+(1" * 100 + ")" * 100,
])
def test_text_outside_the_grammar_is_refused_and_never_run(text: str) -> None:
    with pytest.raises(BadInput) as refusal:
        parse(text, NAMES)
    assert refusal.value.remedy


@pytest.mark.parametrize(("value", "expected"), [
    ("3/7", R(3, 7)), (" -0.05 ", R(-1, 20)), ("1e-7", R(1, 10**7)), (".5", R(1, 2)), ("1.5/4.5", R(1, 3)), (0.1, R(1, 10)), (7, 7),
    (Fraction(5, 9), R(5, 9)), (np.float64(0.81), R(81, 100)), (np.int64(3), 3), (w + 1, w + 1), (sp.sqrt(2), sp.sqrt(2)),
])
def test_a_number_means_the_decimal_or_ratio_that_is_written(value: object, expected: sp.Expr) -> None:
    assert exact(value) == expected and not exact(value).has(sp.Float)


@pytest.mark.parametrize(("text", "expected"), [
    ("(1 - w)/2 + 0.5", 1 - w / 2), ("-p**3*q", -(p**3) * q), ("Min(w, Max(p, 0.25))", sp.Min(w, sp.Max(p, R(1, 4)))),
    ("exp(-p*q)/sqrt(2)", sp.exp(-p * q) / sp.sqrt(2)), ("abs(w) - log(p)", sp.Abs(w) - sp.log(p)), ("+1e-3", R(1, 1000)), ("w**p", w**p),
    ("4**0.5", sp.Integer(2)), ("2**-3", R(1, 8)),
])
def test_expressions_are_read_exactly(text: str, expected: sp.Expr) -> None:
    assert sp.simplify(parse(text, NAMES) - expected) == 0


def test_what_is_printed_is_read_back() -> None:
    random = Random(41)
    for _ in range(50):
        terms = [R(random.randint(-9, 9), random.randint(1, 9)) * random.choice([w, p, q, w * p, w**2 / (1 + q**2)]) for _ in range(4)]
        expression = sp.Add(*terms)
        assert sp.expand(parse(str(expression), NAMES) - expression) == 0


def test_evaluation_at_a_point_is_exact_and_agrees_with_substitution() -> None:
    random = Random(42)
    for _ in range(60):
        point = {symbol: R(random.randint(-20, 20), random.randint(1, 9)) for symbol in (w, p, q)}
        at = Evaluator(point)
        for expression in ((w - p) ** 3 / (1 + q**2), sp.Min(w, p * q, R(1, 3)) - sp.Max(w, q), w * (p - q) + R(2, 7), sp.sqrt(2) * w + sp.exp(0)):
            assert sp.expand(at(expression) - expression.subs(point)) == 0


def test_evaluation_keeps_what_is_not_replaced_and_what_is_irrational() -> None:
    assert Evaluator({w: "1/3"})(w * p + w) == p / 3 + R(1, 3)
    assert Evaluator({w: 2, p: 3})(sp.exp(-w * p)) == sp.exp(-6)
    assert Evaluator({w: p, p: w})(w - 2 * p) == p - 2 * w  # simultaneous


@pytest.mark.parametrize("exponents", [
    (R(1, 2), R(1, 3), R(5, 6)), (R(3, 10), R(1, 5), R(1, 2)), (R(1, 80), R(1, 120), R(1, 48)),
    (R(24999999999999999, 2 * 10**18), R(8333333333333333, 10**18), R(41666666666666665, 2 * 10**18)),  # decimals of 1/80, 1/120, their sum
])
def test_products_of_exponentials_of_numbers_cancel(exponents: tuple[sp.Rational, ...]) -> None:
    first, second, both = exponents
    assert first + second == both
    mixed = sp.exp(-first) * p + sp.exp(-second) * q + sp.exp(-both) * w
    plain, back = exponentials_apart(mixed)
    assert not plain.has(sp.exp) and plain.xreplace(back) == mixed
    assert sp.expand(plain.coeff(p) * plain.coeff(q) - plain.coeff(w)) == 0


def test_products_of_exponentials_of_symbols_cancel() -> None:
    r, s, t = sp.symbols("r s t", positive=True)
    plain, back = exponentials_apart(sp.exp(-r * t) * p + sp.exp(-s * t / 2) * q + sp.exp(-(2 * r + s) * t) * w)
    assert sp.expand(plain.coeff(p) ** 2 * plain.coeff(q) ** 2 - plain.coeff(w)) == 0
    assert plain.xreplace(back).equals(sp.exp(-r * t) * p + sp.exp(-s * t / 2) * q + sp.exp(-(2 * r + s) * t) * w)
