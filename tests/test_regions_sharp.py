"""Every function of `regions` at its edges: ties, zero, signs of either orientation, what is not proved, what is asked of z3 and how often."""

from functools import partial
from typing import Any

import pytest
import sympy as sp
import z3

import bargain.regions.space as spaces
from bargain import BadInput, Cell, InvalidModel, NotApplicable, Notation, NotDecided, Parameter, Region, Space, TooLarge
from bargain.limits import Stopped
from bargain.regions import ANY, EQ, GE, GT, LE, LT, NE, Oracle, Verdict, canonical, explore, merge_cells, strata
from bargain.regions.cells import _oriented, _relation, _sorted, _term_key, flip, text, turned
from bargain.regions.explore import Undecided, number_sign
from bargain.regions.merge import _GROWTH, _OPEN_GROWTH, _apart, _disjoint, _grow, _inside
from bargain.regions.space import _is_linear
from bargain.regions.translate import Translator

R = sp.Rational
a, b, c, p = sp.symbols("a b c p", real=True)
POSITIVE = sp.Symbol("k", positive=True)
FREE = Notation((Parameter(a, "a"), Parameter(b, "b"), Parameter(c, "c")))
UNIT = Notation((Parameter(p, "p", domain="[0, 1]"), Parameter(c, "c", domain=">0")))
ONE = sp.Integer(1)


# cells

def test_masks_turn_over() -> None:
    assert [flip(mask) for mask in range(8)] == [0, 4, 2, 6, 1, 5, 3, 7]
    assert [turned(GE, sign) for sign in (1, -1)] == [GE, LE]


@pytest.mark.parametrize(("expression", "expected"), [
    (sp.Integer(0), (ONE, 0)), (sp.Integer(7), (ONE, 1)), (R(-2, 3), (ONE, -1)), (a - a, (ONE, 0)), (-3 * a, (a, -1)), (a / 2, (a, 1)),
    (a**2, (a**2, 1)), (-(a**2), (a**2, -1)), (a**3, (a, 1)), (a**4, (a**2, 1)), (a**2 * b, (a**2 * b, 1)), (a * b**3, (a * b, 1)),
    (1 / a, (a, 1)), (-1 / a, (a, -1)), (a / b, (a * b, 1)), (a / b**2, (a * b**2, 1)), (a / a, (ONE, 1)), ((a - b) / -2, (a - b, -1)),
    (sp.exp(a) * b, (b, 1)), (-sp.exp(a), (ONE, -1)), (sp.exp(a) * 2, (ONE, 1)), (2 / sp.exp(a), (ONE, 1)), (b - a, (a - b, -1)), (1 - 2 * a, (2 * a - 1, -1)),
    (a**2 + 2 * a + 1, (a**2 + 2 * a + 1, 1)), (sp.Integer(-1) / (a - b), (a - b, -1)), (b / a - 1, (a**2 - a * b, -1)), (-2 / (3 * a**2), (a**2, -1)),
    (a * (b + 1) - a * b - a, (ONE, 0)), ((a * (b + 1) - a * b - a) / (b + 2), (ONE, 0)), (POSITIVE * a, (POSITIVE * a, 1)),
    (sp.sqrt(2) * a**2, (a**2, 1)), (a / (a * b + a), (b + 1, 1)),
], ids=str)
def test_the_canonical_form(expression: sp.Expr, expected: tuple[sp.Expr, int]) -> None:
    body, orientation = canonical(expression)
    assert (sp.expand(body - expected[0]), orientation) == (0, expected[1])


def test_the_leading_term_is_made_positive_and_constants_come_last() -> None:
    assert _oriented(2 - a) == (-1, a - 2) and _oriented(a - 2) == (1, a - 2) and _oriented(-a * b + b) == (-1, a * b - b)
    assert _term_key(sp.Integer(3)) == (1, "1") and _term_key(-5 * a * b) == (0, "a*b")
    assert _oriented(-b + a) == (1, a - b) and _oriented(b - a) == (-1, a - b)


def test_conditions_become_atoms() -> None:
    assert Cell.of(True, sp.true) == Cell() and Cell.of(False).atoms == Cell.of(sp.false).atoms == ((ONE, 0),)
    assert Cell.of(a > 1, a <= 2).atoms == ((a - 1, GT), (a - 2, LE)) and Cell.of(sp.And(a > 1, b < 0), c >= 0).atoms == ((a - 1, GT), (b, LT), (c, GE))
    assert Cell.of(a < 1).atoms == ((a - 1, LT),) and Cell.of(sp.Ne(a, b)).atoms == ((a - b, NE),) and Cell.of(True, a > 0, True, b > 0).atoms == ((a, GT), (b, GT))
    for wrong in (1, 0, a, sp.Or(a > 0, b > 0)):
        with pytest.raises(BadInput, match="not a conjunction"):
            Cell.of(wrong)
    assert Cell.of(sp.And(a > 0, b > 0), True, c > 0).atoms == ((a, GT), (b, GT), (c, GT)) and Cell.of(False, a > 0).trivially_empty


@pytest.mark.parametrize(("number", "holding"), [(-2, {LT, LE, NE}), (0, {EQ, LE, GE}), (R(1, 2), {GT, GE, NE})])
def test_a_condition_on_a_number_holds_or_empties(number: Any, holding: set[int]) -> None:
    for mask in (LT, EQ, LE, GT, NE, GE):
        found = Cell.of(a > 0).where(sp.sympify(number), mask)
        assert (found == Cell.of(a > 0)) is (mask in holding) and found.trivially_empty is (mask not in holding)
    assert Cell().mask(sp.sympify(number)) == {-1: LT, 0: EQ, 1: GT}[int(sp.sign(number))]


def test_atoms_are_joined_turned_and_left_out() -> None:
    cell = Cell.of(a >= b)
    assert cell.where(b - a, GE).atoms == ((a - b, EQ),) and cell.where(a - b, LE).atoms == ((a - b, EQ),) and cell.where(b - a, GT).atoms == ((a - b, 0),)
    assert cell.mask(b - a) == LE and cell.mask(2 * a - 2 * b) == GE and cell.mask(a) == ANY
    assert (cell & Cell.of(a <= b, c > 0)).atoms == ((a - b, EQ), (c, GT)) and Cell.of(a > 0).where(a, ANY) == Cell.of(a > 0)
    assert Cell.of(a > 0, b > 0).without(a) == Cell.of(b > 0) and Cell.of(a > 0).without(b) == Cell.of(a > 0)
    assert Cell.of(a > 0, sp.Ne(b, 0), sp.Eq(c, 0)).closure().atoms == ((a, GE), (c, EQ)) and Cell.of(a < 0).closure().atoms == ((a, LE),)
    assert Cell.of(a > b).symbols == {a, b} and Cell().symbols == set() and not Cell().trivially_empty and not Cell.of(a > 0).has_equality
    assert not Cell.of(a >= 0, b <= 0).has_equality and Cell.of(a > 0, sp.Eq(b, 0)).has_equality
    assert _sorted({b: GT, a: ANY, c: EQ}).atoms == ((b, GT), (c, EQ)) and text(a - b) == "a - b"


def test_a_cell_holds_where_all_its_signs_do() -> None:
    cell = Cell.of(a > 0, b <= 0)
    assert [(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1) if cell.holds_at({a: x, b: y})] == [(1, -1), (1, 0)]


def test_atoms_are_written_as_relations() -> None:
    assert [_relation(a, mask) for mask in (LT, EQ, LE, GT, NE, GE)] == [a < 0, sp.Eq(a, 0), a <= 0, a > 0, sp.Ne(a, 0), a >= 0]
    assert _relation(a, 0) is sp.false and Cell.of(a > 0, b <= 0).relations() == (a > 0, b <= 0)
    assert repr(Cell(((ONE, 0),))) == "Cell.of(1 never 0)" and repr(Cell.of(a > 0, b <= 0)) == "Cell.of(a > 0, b <= 0)" and repr(Cell()) == "Cell.of()"


def test_regions_are_unions() -> None:
    left, right = Cell.of(a > 0), Cell.of(b > 0)
    assert Region.union([left, Region((right, left))]).cells == (left, right) and list(Region((left, right))) == [left, right]
    assert Region.everything().is_everything and not Region((left,)).is_everything and not Region().is_everything and Region((left, Cell())).is_everything


# translation

def _models(formula: Any, **values: Any) -> bool:
    solver = z3.Solver()
    solver.add(formula, *(z3.Real(name) == z3.RealVal(str(value)) for name, value in values.items()))
    return bool(solver.check() == z3.sat)


@pytest.mark.parametrize(("expression", "value"), [
    (R(-7, 3), R(-7, 3)), (a, R(2)), (a + b - 1, R(4)), (a * b, R(6)), (a**2, R(4)), (a**3, R(8)), (1 / a, R(1, 2)), (a**-2, R(1, 4)), (b / a, R(3, 2)),
    (sp.Min(a, b, 5), R(2)), (sp.Max(a, b, R(1, 2)), R(3)), (sp.Min(7, b), R(3)), (sp.Max(a, 7), R(7)), (a**5, R(32)), (2 * a + 1, R(5)),
    (sp.Pow(a, 0, evaluate=False), ONE), (sp.Pow(a, 1, evaluate=False), R(2)), (sp.Pow(a, -1, evaluate=False), R(1, 2)),
], ids=str)
def test_terms_have_the_value_of_the_expression(expression: sp.Expr, value: sp.Expr) -> None:
    translator = Translator()
    term = translator.term(expression)
    for other, expected in ((value, True), (value + R(1, 100), False), (value - R(1, 100), False)):
        assert _models(term == z3.RealVal(str(other)), a=2, b=3) is expected
    assert not translator.abstracted and not translator.facts and translator.term(expression) is term


@pytest.mark.parametrize(("expression", "at", "possible", "impossible"), [
    (sp.exp(a), -1, ["1/2", "1/1000"], ["0", "-1", "1", "2"]), (sp.exp(a), 0, ["1"], ["9/10", "11/10"]), (sp.exp(a), 1, ["2", "3"], ["1", "19/10"]),
    (sp.log(a), 1, ["0"], ["1/10", "-1/10"]), (sp.log(a), "1/2", ["-1/2", "-1"], ["0", "-4/10", "1"]), (sp.log(a), 3, ["1", "2"], ["0", "21/10", "-1"]),
    (sp.log(a), -1, ["5", "-5"], []), (sp.log(a), 0, ["5", "-5"], []), (sp.sqrt(a), 4, ["2"], ["-2", "3"]), (sp.sqrt(a), 0, ["0"], ["1", "-1"]),
    (sp.sqrt(a), "1/4", ["1/2"], ["-1/2", "1/8", "1"]),
    (sp.sqrt(a), -1, ["5", "-5"], []), (a**R(1, 3), 8, ["2", "5"], ["0", "-1"]), (a**R(1, 3), "1/8", ["1/2"], ["0", "-1/2"]),
    (a**R(1, 3), -1, ["-1"], []), (a**R(1, 3), 0, ["-1"], []),
], ids=str)
def test_facts_about_what_is_abstracted_hold_and_bound_it(expression: sp.Expr, at: Any, possible: list[str], impossible: list[str]) -> None:
    translator = Translator()
    term = translator.term(expression)
    assert list(translator.abstracted) == [expression] and str(term).startswith("_0_")
    for value, expected in [*((value, True) for value in possible), *((value, False) for value in impossible)]:
        assert _models(z3.And(term == z3.RealVal(value), *translator.facts), a=at) is expected, value


def test_two_abstractions_have_two_names_and_what_is_not_real_is_refused() -> None:
    translator = Translator()
    assert str(translator.term(sp.exp(a))) != str(translator.term(sp.exp(b))) and len(translator.abstracted) == 2
    with pytest.raises(NotApplicable, match="not real"):
        Translator().term(sp.I)
    assert Translator().term(sp.Function("f")(a)) is not None and Translator().term(sp.Abs(a)) is not None


def test_atoms_and_cells_are_conjunctions_of_signs() -> None:
    for mask in (LT, EQ, LE, GT, NE, GE):
        for value, sign in ((-1, LT), (0, EQ), (1, GT)):
            assert _models(Translator().atom(a, mask), a=value) is bool(mask & sign)
    assert _models(Translator().cell(Cell.of(a > 0, b < 0)), a=1, b=-1) and not _models(Translator().cell(Cell.of(a > 0, b < 0)), a=1, b=1)
    assert _models(Translator().cell(Cell())) and not _models(Translator().cell(Cell.of(False)))


def test_text_is_no_expression() -> None:
    space = Space(FREE)
    for ask in (lambda: Cell().where("a", GT), lambda: Cell().mask("a"), lambda: space.sign("a"), lambda: space.essential("a"),  # type: ignore[arg-type]
                lambda: Oracle(space, Cell()).sign("a"), lambda: Oracle(space, Cell()).equal("a", a),  # type: ignore[arg-type]
                lambda: Oracle(space, Cell()).equal(a, "a")):  # type: ignore[arg-type]
        with pytest.raises(sp.SympifyError):
            ask()


# the space

def test_questions_are_asked_once_and_what_contradicts_itself_not_at_all() -> None:
    space = Space(FREE)
    assert space.queries == 0 and space.feasible(Cell.of(False)).answer is False and space.queries == 0
    assert space.feasible(Cell.of(a > 0)).answer is True and space.feasible(Cell.of(a > 0)).answer is True and space.queries == 1
    assert space.sign(a - b) == space.sign(a - b) == ANY and 1 < space.queries <= 3
    assert not Verdict(True).unknown and Verdict(None).unknown and not Verdict(False).unknown and Space(FREE).timeout_ms == 5000


@pytest.mark.parametrize(("domain", "inside", "outside"), [("[0, 1)", [0, R(1, 2)], [-1, 1, 2]), ("(0, 1]", [1, R(1, 2)], [-1, 0, 2]), (">0", [1, 9], [0, -1]),
                                                          ("(-oo, 2]", [2, -9], [3]), ("real", [-9, 0, 9], [])])
def test_a_space_contains_the_points_of_its_domain(domain: str, inside: list[Any], outside: list[Any]) -> None:
    space = Space(Notation((Parameter(a, "a", domain=domain),)))
    for value in inside:
        assert space.contains({a: sp.sympify(value)}) and space.feasible(Cell.of(sp.Eq(a, value))).answer is True
    for value in outside:
        assert not space.contains({a: sp.sympify(value)}) and space.feasible(Cell.of(sp.Eq(a, value))).answer is False
    assert not space.contains({a: R(1, 2)}, Cell.of(False)) and space.contains({a: R(1, 2)}, Cell.of(a <= R(1, 2)))
    for value, sign in ((-1, LT), (0, EQ), (1, GT)):
        for mask in (LT, EQ, LE, GT, NE, GE):
            assert Space(FREE).contains({a: R(value)}, Cell(((a, mask),))) is bool(mask & sign)
    assert not space.contains({a: R(1, 2)}, Cell.of(a < R(1, 2))) and not space.contains({a: R(1, 2)}, Cell.of(a > R(1, 2)))


def test_assumptions_bound_the_space() -> None:
    space = Space(Notation((Parameter(a, "a"), Parameter(b, "b")), (a < b,)))
    assert space.sign(a - b) == LT and space.sign(b - a) == GT and space.sign(a) == ANY and space.sign(sp.Integer(-3)) == LT
    assert space.sign(a - b, Cell.of(a > 0)) == LT and space.sign(b, Cell.of(a > 0)) == GT and space.sign(b, Cell.of(a >= 0)) == GT
    assert space.sign(a, Cell.of(b <= 0)) == LT and space.sign(-b, Cell.of(a >= 0)) == LT and space.sign((a - b) * 0) == EQ


def test_implication_is_proved_or_refuted_by_a_point() -> None:
    space = Space(FREE)
    assert space.implies(Cell.of(a > 1), Cell.of(a > 0)) == Verdict(True) and space.implies(Cell(), Cell()) == Verdict(True)
    found = space.implies(Cell.of(a >= 0), Cell.of(a > 0))
    assert found.answer is False and found.witness is not None and found.witness[a] == 0
    assert space.implies(Cell.of(a > 1), Cell.of(a > 0, b > 0)).answer is False and space.implies(Cell.of(a > 1), Cell.of(b > 0, a > 0)).answer is False
    assert space.implies(Cell.of(a > 0), Cell.of(False)).answer is False and space.implies(Cell.of(a > 0, a < 0), Cell.of(False)).answer is True
    assert space.implies(Cell.of(a > 0, b > a), Cell.of(b > 0, a > 0)).answer is True


def test_covers_are_proved_within_a_cell() -> None:
    space = Space(UNIT)
    assert space.uncovered([Cell.of(p < R(1, 2)), Cell.of(p >= R(1, 2))]).answer is False
    left = space.uncovered([Cell.of(p < R(1, 2)), Cell.of(p > R(1, 2))])
    assert left.answer is True and left.witness is not None and left.witness[p] == R(1, 2)
    assert space.uncovered([Cell.of(p < R(1, 2))], Cell.of(p < R(1, 3))).answer is False and space.uncovered([], Cell.of(p > 2)).answer is False
    assert space.uncovered([]).answer is True and space.uncovered([Cell()]).answer is False


def test_what_has_no_domain_is_refused_by_its_name() -> None:
    for cell, name in ((Cell.of(a > 0, p > 0), "a"), (Cell.of(b > a), "a"), (Cell.of(b > c), "b")):
        with pytest.raises(InvalidModel, match=f"symbol {name} has no domain"):
            Space(UNIT).feasible(cell)


def test_values_of_unknowns_are_found_everywhere_or_missed_somewhere() -> None:
    space, q = Space(UNIT), sp.Symbol("q", real=True)
    assert space.unmatched(Cell(), Cell.of(q > p, q < p + c), [q]).answer is False and space.unmatched(Cell(), Cell.of(q > p, q < 2 * p), [q]).answer is True
    assert space.unmatched(Cell.of(p > 0), Cell.of(q > p, q < 2 * p), [q]).answer is False and space.unmatched(Cell(), Cell.of(p >= 0), []).answer is False
    assert space.unmatched(Cell(), Cell.of(p > 0), []).answer is True and space.queries == 5
    found = space.unmatched(Cell(), Cell.of(q > sp.exp(p)), [q])
    assert found.answer is None and "abstracted" in found.reason


def test_factors_of_known_sign_are_dropped() -> None:
    space = Space(UNIT)
    assert space.essential(c * (p - c)) == (c - p, -1) and space.essential((p - 2) * (p - c)) == (c - p, 1) and space.essential(sp.Integer(-4)) == (ONE, -1)
    assert space.essential((p - 2) ** 2 * (p - c)) == (c - p, -1) and space.essential(p - c) == (c - p, -1) and space.essential(c * (p - 2)) == (ONE, -1)
    assert space.essential(p - 2) == (p - 2, 1) and space.essential(-c) == (c, -1)  # a single factor stays
    assert space.essential(c - p) == (c - p, 1) and space.essential(p * (p - c)) == (canonical(p * (p - c))[0], canonical(p * (p - c))[1])
    assert space.essential((2 - p) * c * (p + 1)) == (ONE, 1) and space.essential(-c * (p - 2) * (c - p)) == (c - p, 1)
    body = sp.expand(p**2 * (c - p))  # p may vanish, so its square stays
    assert space.essential(body)[0] == canonical(body)[0] and space.essential(body)[1] == 1
    assert space.essential((p - 3) * (p - 2) * (c - p)) == (c - p, 1) and space.essential((p - 3) * (c - p)) == (c - p, -1)


def test_conditions_implied_by_the_others_are_dropped() -> None:
    space = Space(UNIT)
    assert space.reduced(Cell.of(p < c, p < c + 1)) == Cell.of(p < c) and space.reduced(Cell.of(p >= 0, c > 0)) == Cell()
    assert space.reduced(Cell.of(p > 0, c > 1)) == Cell.of(p > 0, c > 1) and space.reduced(Cell.of(sp.Eq(p, c), p > 0)) == Cell.of(sp.Eq(p, c))
    # of two conditions that say the same the longer goes, then the first in the alphabet, and equations go last
    assert space.reduced(Cell.of(p > 0, p**2 + p > 0)) == Cell.of(p > 0) and space.reduced(Cell.of(sp.Eq(p, 0), p**2 <= 0)) == Cell.of(sp.Eq(p, 0))
    twins = Space(Notation((Parameter(a, "a"), Parameter(b, "b")), (sp.Eq(a, b),)))
    assert twins.reduced(Cell.of(a > 0, b > 0)) == Cell.of(b > 0) and twins.reduced(Cell.of(sp.Eq(a, 0), sp.Eq(b, 0))) == Cell.of(sp.Eq(b, 0))
    assert space.reduced(Cell.of(sp.Eq(p, 0), p < c)) == Cell.of(sp.Eq(p, 0)) and space.reduced(Cell.of(p >= 1)) == Cell.of(p >= 1)


def test_a_question_beyond_the_time_is_not_answered() -> None:
    names = sp.symbols("x0:9", real=True)
    space = Space(Notation(tuple(Parameter(s, "x") for s in names)), timeout_ms=1)
    hard = Cell.of(sp.Eq(sum(s**5 for s in names) - sp.prod(names), 7), sp.Eq(sum(s**3 for s in names), 11), sum(s**7 for s in names) < -100, sp.prod(names) > 3)
    verdict = space.feasible(hard)
    assert verdict.answer is None and verdict.unknown and "not decided within 1 ms" in verdict.reason
    told = space.implies(hard.without(hard.atoms[0][0]), Cell((hard.atoms[0],)))
    assert told.answer is None


def test_a_point_that_is_not_confirmed_does_not_count_where_something_was_abstracted() -> None:
    space = Space(Notation((Parameter(a, "a"),)))
    assert space.feasible(Cell.of(sp.Eq(sp.exp(a), 3))).answer is None and space.feasible(Cell.of(sp.exp(a) > 3, a < 0)).answer is False
    found = Space(Notation((Parameter(a, "a"),))).feasible(Cell.of(sp.Eq(a**2, 2)))
    assert found.answer is True and found.witness is None


def test_an_irrational_witness_is_rounded_only_where_the_rounded_point_still_lies_inside() -> None:
    space = Space(Notation((Parameter(a, "a"), Parameter(b, "b"))))
    found = space.feasible(Cell.of(sp.Eq(a**3, 2), b > a))
    assert found.answer is True and found.witness is None
    sampled = space.feasible(Cell.of(a**3 > 2, b > a))
    assert sampled.witness is not None and set(sampled.witness) == {a, b} and sampled.witness[b] > sampled.witness[a]


@pytest.mark.parametrize(("make", "linear"), [
    (lambda x, y: x + 2 * y > 0, True), (lambda x, y: x * y > 0, False), (lambda x, y: 2 * x * 3 > 0, True), (lambda x, y: x / 2 > 0, True),
    (lambda x, y: 2 / x > 0, False),
    (lambda x, y: x / y > 0, False), (lambda x, y: x**2 > 0, True), (lambda x, y: x * x > 0, False), (lambda x, y: z3.And(x > 0, z3.Or(y > 0, x * y > 1)), False),
    (lambda x, y: x**y > 0, False),
])
def test_what_is_linear(make: Any, linear: bool) -> None:
    assert _is_linear([z3.Real("x") > 0, make(z3.Real("x"), z3.Real("y"))]) is linear


def test_linear_questions_go_to_the_simplex_and_others_to_the_polynomial_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    before = z3.SolverFor
    monkeypatch.setattr(z3, "SolverFor", lambda logic: (asked.append(logic), before(logic))[1])
    space = spaces.Space(FREE)
    assert space.feasible(Cell.of(a + b > 1)).answer is True and asked == []
    assert space.feasible(Cell.of(a * b > 1)).answer is True and asked == ["QF_NRA"]


# exploring

@pytest.mark.parametrize(("value", "sign"), [(R(0), 0), (R(3, 7), 1), (R(-3, 7), -1), (sp.sqrt(2) - R(3, 2), -1), (sp.pi - 3, 1), (sp.sqrt(8) - 2 * sp.sqrt(2), 0),
                                             (sp.sqrt(2) + sp.sqrt(3) - sp.sqrt(5 + 2 * sp.sqrt(6)), 0), (sp.exp(-2), 1), (sp.exp(-1000), 1)])
def test_signs_of_numbers(value: sp.Expr, sign: int) -> None:
    assert number_sign(value) == sign and Oracle(Space(Notation()), Cell()).sign(value) == sign
    assert number_sign(-value) == -sign


def test_a_number_whose_sign_is_not_certified_is_not_decided() -> None:
    for value in (sp.Symbol("n", real=True), sp.oo, sp.I, sp.exp(sp.exp(-2000)) - 1 - sp.exp(-2000)):
        with pytest.raises(NotDecided):
            number_sign(value)


def test_an_oracle_answers_turns_and_asks() -> None:
    space = Space(UNIT)
    oracle = Oracle(space, Cell.of(p < c))
    assert [oracle.sign(e) for e in (c - p, p - c, c * (p - c), R(0), R(-5), R(5), c, -c, p - 2)] == [1, -1, -1, 0, -1, 1, 1, -1, -1]
    with pytest.raises(Undecided) as asked:
        oracle.sign(1 - 2 * p)
    assert asked.value.body == 2 * p - 1 and asked.value.mask == ANY
    with pytest.raises(Undecided) as asked:
        oracle.sign(-p)
    assert asked.value.body == p and asked.value.mask == GE
    assert Oracle(space, Cell.of(sp.Eq(p, c))).sign(p - c) == 0
    assert oracle.equal(p, p) and not oracle.equal(p, c) and Oracle(space, Cell.of(sp.Eq(p, c))).equal(2 * p, 2 * c)
    assert not oracle.equal(R(1), R(2)) and not oracle.equal(R(2), R(1))
    assert oracle.equal(sp.Integer(2), R(4, 2)) and not oracle.equal(a, p) and Oracle(Space(Notation()), Cell()).equal(sp.sqrt(8), 2 * sp.sqrt(2))
    assert oracle.equal(p + (1 - p), ONE) and not Oracle(Space(Notation()), Cell()).equal(sp.sqrt(8), sp.sqrt(2))


def test_greatest_values_with_ties() -> None:
    oracle = Oracle(Space(Notation()), Cell())
    for values, best in (([1], [0]), ([1, 2], [1]), ([2, 1], [0]), ([2, 2], [0, 1]), ([1, 3, 2, 3], [1, 3]), ([3, 3, 4], [2]), ([0, -1, 0], [0, 2])):
        assert oracle.greatest([sp.Integer(value) for value in values]) == best


def test_every_sign_is_explored_and_boundaries_only_on_request() -> None:
    space = Space(FREE)
    assert explore(space, lambda oracle: oracle.sign(a), boundaries=True) == ([(Cell.of(a < 0), -1), (Cell.of(sp.Eq(a, 0)), 0), (Cell.of(a > 0), 1)], [])
    assert explore(space, lambda oracle: oracle.sign(a), boundaries=False) == ([(Cell.of(a < 0), -1), (Cell.of(a > 0), 1)], [Cell.of(sp.Eq(a, 0))])
    assert explore(Space(UNIT), lambda oracle: oracle.sign(p), boundaries=True)[0] == [(Cell.of(sp.Eq(p, 0)), 0), (Cell.of(p > 0), 1)]


def test_a_boundary_to_which_the_algorithm_does_not_apply_is_skipped_and_an_open_cell_is_not() -> None:
    def refusing(bad: int, oracle: Oracle) -> int:
        sign = oracle.sign(a)
        if sign == bad:
            raise NotApplicable("no answer", place="here", remedy="none")
        return sign

    assert explore(Space(FREE), partial(refusing, 0), boundaries=True) == ([(Cell.of(a < 0), -1), (Cell.of(a > 0), 1)], [Cell.of(sp.Eq(a, 0))])
    for bad in (-1, 1):
        with pytest.raises(NotApplicable, match="no answer"):
            explore(Space(FREE), partial(refusing, bad), boundaries=True)


def test_the_limit_counts_leaves_and_what_is_waiting() -> None:
    space = Space(FREE)
    assert len(explore(space, lambda oracle: oracle.sign(a), boundaries=True, limit=3)[0]) == 3
    runs: list[Cell] = []
    with pytest.raises(TooLarge, match="more than 2"):
        explore(space, lambda oracle: (runs.append(oracle.cell), oracle.sign(a)), boundaries=True, limit=2)
    assert len(runs) == 1


def test_what_was_complete_is_kept_where_work_is_stopped_and_other_errors_pass() -> None:
    def stopped(oracle: Oracle) -> int:
        if oracle.sign(a) > 0:
            raise Stopped("enough")
        return 5

    with pytest.raises(Stopped, match="enough") as error:
        explore(Space(FREE), stopped, boundaries=True)
    assert error.value.found == ((Cell.of(a < 0), 5), (Cell.of(sp.Eq(a, 0)), 5))

    def exhausted(oracle: Oracle) -> int:
        raise MemoryError

    with pytest.raises(Stopped, match="a limit of time or memory"):
        explore(Space(FREE), exhausted, boundaries=True)

    def wrong(oracle: Oracle) -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        explore(Space(FREE), wrong, boundaries=True)


# merging

def test_a_cell_lies_in_a_box_by_its_atoms_or_by_proof() -> None:
    space = Space(FREE)
    assert _inside(space, Cell.of(a > 0, b > 0), Cell.of(a >= 0)) and _inside(space, Cell.of(a > 1), Cell.of(a > 0)) and _inside(space, Cell.of(a > 0), Cell())
    assert not _inside(space, Cell.of(a >= 0), Cell.of(a > 0)) and not _inside(space, Cell.of(b > 0), Cell.of(a > 0))
    asked = space.queries
    assert _inside(space, Cell.of(a > 0, b < 0), Cell.of(a >= 0, b <= 0)) and not _inside(space, Cell.of(a > 0), Cell.of(a < 0))
    assert space.queries == asked
    assert not _inside(space, Cell.of(a > 0, c > 0), Cell.of(a > 0, b > 0))


def test_cells_are_apart_by_their_atoms_or_by_proof() -> None:
    space = Space(FREE)
    assert _disjoint(space, Cell.of(a > 0), Cell.of(a < 0)) and space.queries == 0 and _disjoint(space, Cell.of(a > 0), Cell.of(a < -1))
    assert not _disjoint(space, Cell.of(a > 0), Cell.of(b > 0)) and not _disjoint(space, Cell.of(a >= 0), Cell.of(a <= 0))


def test_boxes_grow_until_they_meet_another_class() -> None:
    space = Space(FREE)
    assert _grow(space, Cell.of(a > 0, b > 0), [Cell.of(a < 0)], _GROWTH) == Cell.of(a >= 0)
    assert _grow(space, Cell.of(a > 0, b > 0), [Cell.of(a <= 0)], _GROWTH) == Cell.of(a > 0)
    assert _grow(space, Cell.of(a > 0, b > 0), [Cell.of(a < 0)], _OPEN_GROWTH) == Cell.of(a > 0)
    assert _grow(space, Cell.of(sp.Eq(a, 0), b > 0), [Cell.of(a > 0, b < 0)], _GROWTH) == Cell.of(b >= 0)
    assert _grow(space, Cell.of(a > 0, b > 0), [], _GROWTH) == Cell()
    # where either of two conditions can go: the equation, else the shorter, else the first
    assert _grow(space, Cell.of(a > 0, sp.Eq(b, 0)), [Cell.of(a <= 0, sp.Ne(b, 0))], _GROWTH) == Cell.of(a > 0)
    assert _grow(space, Cell.of(a**2 - a - 3 > 0, b > 0), [Cell.of(a**2 - a - 3 <= 0, b <= 0)], _GROWTH) == Cell.of(a**2 - a - 3 > 0)
    assert _grow(space, Cell.of(a > 0, b < 0), [Cell.of(a <= 0, b >= 0)], _GROWTH) == Cell.of(b < 0)
    assert _grow(space, Cell.of(sp.Eq(a, 0), b > 0), [Cell.of(a < 0)], _GROWTH) == Cell.of(a >= 0)


def test_merged_cells_of_one_class_are_one_and_reduced() -> None:
    space = Space(FREE)
    leaves, _ = explore(space, lambda oracle: (oracle.sign(a), oracle.sign(b)), boundaries=True)
    assert merge_cells(space, leaves, same=[0] * 9) == [(Cell(), 0)]
    halves = merge_cells(space, leaves, same=[int(result[0] > 0) for _, result in leaves])
    assert {kind: cell for cell, kind in halves} == {0: Cell.of(a <= 0), 1: Cell.of(a > 0)} and len(halves) == 2
    ties = merge_cells(space, leaves, same=[int(result[0] == 0) for _, result in leaves])
    assert ties[-1] == (Cell.of(sp.Eq(a, 0)), 1) and [kind for _, kind in ties] == [0, 0, 1] and {cell for cell, _ in ties[:2]} == {Cell.of(a < 0), Cell.of(a > 0)}
    corner = merge_cells(space, leaves, same=[int(result == (1, 1)) for _, result in leaves])
    inside = [cell for cell, kind in corner if kind == 1]
    assert inside == [Cell.of(a > 0, b > 0)] and all(not space.feasible(inside[0] & cell).answer for cell, kind in corner if kind == 0)


def test_a_box_inside_a_later_one_is_left_out_and_every_leaf_has_a_class() -> None:
    space = Space(FREE)
    leaves = [(Cell.of(a > 1), 0), (Cell.of(a > 0, b < 0), 0), (Cell.of(a <= 0), 0)]
    assert merge_cells(space, leaves, same=[0, 0, 1]) == [(Cell.of(a > 0), 0), (Cell.of(a <= 0), 1)]
    with pytest.raises(ValueError, match="longer"):
        merge_cells(space, leaves[:1], same=[0, 0])
    with pytest.raises(ValueError, match="longer"):
        merge_cells(space, [], same=[0])


def test_open_merging_keeps_strict_conditions() -> None:
    space = Space(FREE)
    leaves, _ = explore(space, lambda oracle: (oracle.sign(a), oracle.sign(b)), boundaries=False)
    assert merge_cells(space, leaves, same=[int(result[0] > 0) for _, result in leaves], closed=False) == [(Cell.of(a < 0), 0), (Cell.of(a > 0), 1)]
    assert merge_cells(space, leaves, same=[0, 0, 0, 1], closed=False) in ([(Cell.of(a < 0), 0), (Cell.of(b < 0), 0), (Cell.of(a > 0, b > 0), 1)],
                                                                           [(Cell.of(b < 0), 0), (Cell.of(a < 0), 0), (Cell.of(a > 0, b > 0), 1)])


def test_boxes_of_one_class_do_not_share_a_boundary_that_either_covers() -> None:
    space = Space(FREE)
    leaves = [(Cell.of(a < 0), 0), (Cell.of(sp.Eq(a, 0)), 0), (Cell.of(a > 0), 0)]
    assert _apart(space, [(Cell.of(a <= 0), 0), (Cell.of(a >= 0), 0)], leaves) == [(Cell.of(a < 0), 0), (Cell.of(a >= 0), 0)]
    other = [(Cell.of(a <= 0), 0), (Cell.of(a > 0), 1)]
    assert _apart(space, [(Cell.of(a <= 0), 0), (Cell.of(a >= 0), 1)], other) == [(Cell.of(a <= 0), 0), (Cell.of(a > 0), 1)]
    assert _apart(space, [(Cell.of(a <= 0), 0), (Cell.of(sp.Eq(a, 0)), 0)], leaves[:2]) == [(Cell.of(a < 0), 0), (Cell.of(sp.Eq(a, 0)), 0)]
    assert _apart(space, [(Cell.of(a <= 0), 0)], leaves[:2]) == [(Cell.of(a <= 0), 0)]


def test_strata_are_not_empty_reduced_and_not_inside_one_another() -> None:
    space = Space(UNIT)
    line, point = Cell.of(sp.Eq(p, c)), Cell.of(sp.Eq(p, c), sp.Eq(c, R(1, 2)))
    assert strata(space, [Cell.of(sp.Eq(p, 2)), line, point, Cell.of(sp.Eq(p, c), p <= 1)]) == (line,)
    assert strata(space, [point, line]) == (line,) and strata(space, []) == () and strata(space, [line, Cell.of(sp.Eq(p, 0))]) == (line, Cell.of(sp.Eq(p, 0)))
    twin = Cell.of(sp.Eq(p**2, c**2))  # the same points on the domain, in other words
    assert strata(space, [line, twin]) == (space.reduced(line),) and strata(space, [twin, line]) == (space.reduced(twin),)
