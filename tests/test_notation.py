"""The notation table: domains, baselines, priors, joint assumptions."""

import pytest
import sympy as sp

from bargain import BadInput, BargainError, Domain, InvalidModel, Notation, Parameter

R = sp.Rational
p, q, c = sp.symbols("p q c", real=True)
TABLE = Notation((Parameter(p, "high", domain="[0, 1]", baseline="3/5"), Parameter(q, "low", domain="[0, 1]", baseline="0.35", prior=("0.1", "0.4")),
                  Parameter(c, "cost", unit="pie", domain=">0")), (q < p,))


@pytest.mark.parametrize("text", ["", "positive", "[0, 1", "(0; 1)", "[2, 1]", "[a, b]", "<1", ">x", "(0, 1, 2)"])
def test_a_domain_that_is_not_an_interval_is_refused(text: str) -> None:
    with pytest.raises(BargainError) as refusal:
        Domain.parse(text)
    assert refusal.value.remedy


@pytest.mark.parametrize(("row", "rule"), [
    (lambda: Parameter("p", "text instead of a symbol"), "needs a sympy Symbol"),  # type: ignore[arg-type]
    (lambda: Parameter(p, "chance", domain="[0, 1]", baseline="1.2"), "outside the domain"),
    (lambda: Parameter(p, "chance", domain="(0, 1)", baseline=0), "outside the domain"),
    (lambda: Parameter(p, "chance", prior=("0.4", "0.1")), "prior range is empty"),
    (lambda: Notation((Parameter(p, "once"), Parameter(p, "twice"))), "declared twice"),
    (lambda: Notation((Parameter(p, "alone"),), (p < q,)), "unknown symbol q"),
    (lambda: Notation((Parameter(p, "high", baseline="1/3"), Parameter(q, "low", baseline="2/5")), (q < p,)), "does not hold"),
])
def test_an_inconsistent_row_is_refused_with_place_and_remedy(row: object, rule: str) -> None:
    with pytest.raises(InvalidModel, match=rule) as refusal:
        row()  # type: ignore[operator]
    assert refusal.value.place and refusal.value.remedy


@pytest.mark.parametrize(("values", "rule"), [
    ({"x": 1}, "unknown parameter 'x'"), ({"p": 2, "c": 1}, "outside the domain"), ({"c": 0}, "outside the domain"), ({}, "no value given"),
    ({"c": 1, "q": "4/5"}, "assumption"), ({"c": "cheap"}, "not a number"), ({"c": True}, "truth value"), ({"c": p}, "not a real number"),
    ({"c": sp.I}, "not a real number"),
])
def test_a_point_outside_the_table_is_refused_with_place_and_remedy(values: dict[str, object], rule: str) -> None:
    with pytest.raises(BadInput, match=rule) as refusal:
        TABLE.point(values)
    assert refusal.value.remedy


@pytest.mark.parametrize(("text", "inside", "outside"), [
    ("real", (-7, 0, 7), ()), (">0", (R(1, 9),), (0, -1)), (">=0", (0, 3), (-R(1, 9),)), ("(0, 1]", (R(1, 3), 1), (0, R(4, 3))),
    ("[-1/2, oo)", (-R(1, 2), 9), (-1,)), ("(-oo, 2)", (-9,), (2,)), (">-0.25", (0,), (-R(1, 4),)), ("[3, 3]", (3,), (2, 4)),
])
def test_a_domain_contains_its_closed_ends_only(text: str, inside: tuple[sp.Expr, ...], outside: tuple[sp.Expr, ...]) -> None:
    domain = Domain.parse(text)
    assert all(domain.contains(sp.sympify(value)) for value in inside)
    assert not any(domain.contains(sp.sympify(value)) for value in outside)
    assert eval(repr(domain), {"Domain": Domain}) == domain  # a repr rebuilds the value


def test_a_point_is_the_baseline_overridden_and_exact_in_table_order() -> None:
    assert TABLE.point({"c": 0.1}) == {p: R(3, 5), q: R(7, 20), c: R(1, 10)}
    assert list(TABLE.point({c: "1/3", "q": 0})) == [p, q, c]
    assert TABLE["q"].prior == (R(1, 10), R(2, 5)) and TABLE[c].unit == "pie" and [row.name for row in TABLE] == ["p", "q", "c"]
    assert TABLE.baseline == {p: R(3, 5), q: R(7, 20)} and TABLE.names["p"] is p


def test_an_assumption_that_holds_with_equality_is_enough_only_if_weak() -> None:
    rows = (Parameter(p, "high", domain="[0, 1]"), Parameter(q, "low", domain="[0, 1]"))
    assert Notation(rows, (q <= p,)).point({"p": "1/3", "q": "1/3"})
    with pytest.raises(BadInput):
        Notation(rows, (q < p,)).point({"p": "1/3", "q": "1/3"})


def test_putting_values_in_leaves_the_rest_with_its_assumptions() -> None:
    left = TABLE.substitute({q: R(1, 4)})
    assert left.symbols == (p, c) and left.assumptions == (R(1, 4) < p,)
    assert TABLE.substitute({p: R(1, 2), q: R(1, 4)}).assumptions == ()
    with pytest.raises(BadInput, match="contradict"):
        TABLE.substitute({p: R(1, 4), q: R(1, 2)})


def test_a_restriction_keeps_the_assumptions_it_can_state() -> None:
    assert TABLE.restricted({p, q}).assumptions == (q < p,)
    assert TABLE.restricted({p, c}).assumptions == () and TABLE.restricted({p, c}).symbols == (p, c)
