"""The frame of every certificate, and covers by cases: what counts as refuted, undecided, checked; signs of factors; gaps and overlaps of regimes."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
import sympy as sp

from bargain import (
    AlternatingOffers,
    Cell,
    Equilibrium,
    FlowUnderThreat,
    Game,
    MatrixGame,
    Nash,
    Notation,
    Parameter,
    Regime,
    Region,
    SelfEnforcingPeace,
    Solution,
    Space,
    Status,
    SubgamePerfect,
    chance,
    decision,
    payoffs,
    solve,
)
from bargain.certify import check
from bargain.certify.check import Violation, _positive, _possible, certify, read
from bargain.certify.cover import _off, _open, _outside, _shared, _Signs, _simple, _split, uncovered_by_cases
from bargain.certify.many_players import _Field
from bargain.certify.payoff_bounds import _left
from bargain.certify.ranges import Ranges
from bargain.regions import ANY, EQ, GE, GT, LE, LT, NE
from bargain.solvers.regimes.discovery import discover

R = sp.Rational
a, b, p = sp.symbols("a b p", real=True)
PLANE = Notation((Parameter(a, "a"), Parameter(b, "b")))
UNIT = Notation((Parameter(p, "p", domain="[0, 1]"),))
HERE = Regime(Region.everything(), ())


def claimed(*violations: Violation, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The certificate of an answer about which a checker finds these violations."""
    def found(problem: Any, solver: Any, equilibrium: Any) -> Iterator[Violation]:
        yield from violations

    monkeypatch.setattr(check, "_checker", lambda concept, problem: found)
    game = MatrixGame.from_arrays([[1]], [[1]])
    return certify(replace(Nash().run(game), status=Status.INCOMPLETE))


def test_a_gain_refutes_a_loss_or_a_tie_does_not_and_the_greatest_gain_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    gains = [Violation(f"gain: {name}", R(size)) for name, size in (("one", 2), ("two", 3), ("three", 1))]
    told = claimed(*gains, Violation("loss: one", R(-5)), Violation("tie: one", R(0)), monkeypatch=monkeypatch)
    assert told.refuted == ("gain: one (gain 2)", "gain: two (gain 3)", "gain: three (gain 1)") and told.max_regret == 3 and told.undecided == ()
    assert told.checks[:3] == ("gain: 3 checked", "loss: 1 checked", "tie: 1 checked")


def test_a_gain_under_an_assumption_is_undecided_and_no_regret_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told = claimed(Violation("gain: one", R(2), open=True), Violation("loss: one", R(-2), open=True), monkeypatch=monkeypatch)
    assert told.undecided == ("gain: one (gain 2)",) and told.refuted == () and told.max_regret is None and not told.passed
    assert claimed(Violation("loss: one", R(-2)), monkeypatch=monkeypatch).max_regret == 0


def test_numbers_are_compared_within_their_condition() -> None:
    space = Space(Notation())
    for value, mask, possible in ((1, GT, True), (0, GT, False), (0, GE, True), (-1, LT, True), (-1, GE, False), (0, EQ, True), (1, NE, True), (0, NE, False)):
        where = Cell(((sp.Integer(value), mask),))
        assert _possible(space, HERE, Violation("x", R(3), where)) == (possible, R(3) if possible else 0)
        assert _possible(space, HERE, Violation("x", R(0), where)) == (False, 0) and _possible(space, HERE, Violation("x", R(-3), where)) == (False, 0)
    assert _possible(space, HERE, Violation("x", R(3), Cell.of(False))) == (False, 0)


def test_symbols_are_decided_on_the_cells_of_the_regime() -> None:
    space, q = Space(UNIT), sp.Symbol("q", real=True)
    low = Regime(Region((Cell.of(p < R(1, 4)), Cell.of(p > R(3, 4)))), ())
    for excess, where, answer in ((p - R(1, 2), Cell(), True), (p - 1, Cell(), False), (p - R(1, 2), Cell.of(p < R(1, 2)), False), (R(1, 4) - p, Cell(), True),
                                  ((p - R(1, 4)) * (R(3, 4) - p), Cell(), False), ((p - R(1, 4)) * (p - R(3, 4)), Cell(), True), (q - p, Cell.of(q < 0), False),
                                  (q - p, Cell(), True), (sp.Integer(1), Cell.of(p > 2), False), (sp.Integer(1), Cell.of(p > R(9, 10)), True)):
        assert _possible(space, low, Violation("x", excess, where)) == (answer, None), excess
    assert _possible(Space(UNIT), HERE, Violation("x", sp.Integer(1), Cell.of(sp.Eq(sp.exp(p), 2)))) == (None, None)


@pytest.mark.parametrize(("excess", "signs"), [
    (a * b, {(1, 1), (-1, -1)}), (-a * b, {(1, -1), (-1, 1)}), (a / b, {(1, 1), (-1, -1)}), (-a / b, {(1, -1), (-1, 1)}), (a**2 * b, set()), (a, set()),
    (a**3 * b, {(1, 1), (-1, -1)}), (-2 * a / (3 * b), {(1, -1), (-1, 1)}), (sp.exp(a) * b, set()), (sp.Integer(3), set()),
])
def test_signs_of_factors_with_which_a_product_is_positive(excess: sp.Expr, signs: set[tuple[int, int]]) -> None:
    found = [dict(case) for case in _positive(excess)]
    assert {tuple(1 if case[s] == GT else -1 for s in (a, b)) for case in found} == signs
    assert all(set(case) == {a, b} and set(case.values()) <= {GT, LT} for case in found)


def test_products_of_five_factors_are_asked_as_a_whole() -> None:
    names = sp.symbols("x1:6", real=True)
    assert len(_positive(sp.prod(names[:4]))) == 8 and _positive(sp.prod(names)) == []


def test_names_of_actions_are_read_with_the_symbols_given() -> None:
    assert read("2*p + 1", {"p": p}) == 2 * p + 1 and read("2*q", {"p": p}) is None


def parts(*cells: Cell, status: Status = Status.PROVED, boundary: tuple[Cell, ...] = (), overlapping: bool = False) -> Any:
    """The certificate of a game of one cell whose only equilibrium is listed (twice differently, at the second regime) on these cells."""
    game = MatrixGame.from_arrays([[p]], [[p]], notation=UNIT)
    right = Nash().run(game).regimes[0].equilibria[0]
    assert isinstance(right, Equilibrium)
    regimes = tuple(Regime(Region((cell,)), (replace(right, outcome=f"{number}"),)) for number, cell in enumerate(cells))
    return certify(Solution(game, Nash(), status, regimes, boundary=Region(boundary), overlapping=overlapping))


def test_regimes_cover_the_space_are_apart_and_not_empty() -> None:
    half = R(1, 2)
    right = parts(Cell.of(p < half), Cell.of(p >= half))
    assert right.passed and right.checks[-3:] == ("regimes: 2 cells non-empty", "regimes: 2 apart", "cover of the parameter space: proved")
    assert any("leave out the point" in said and "1/2" in said for said in parts(Cell.of(p < half), Cell.of(p > half)).refuted)
    assert parts(Cell.of(p < half), Cell.of(p > half), boundary=(Cell.of(sp.Eq(p, half)),)).passed
    assert any("share the point" in said for said in parts(Cell.of(p <= half), Cell.of(p >= half)).refuted)
    assert parts(Cell.of(p <= half), Cell.of(p >= half), overlapping=True).passed
    assert any("is empty" in said for said in parts(Cell(), Cell.of(p > 1)).refuted)
    short = parts(Cell.of(p < half), status=Status.INCOMPLETE)
    assert short.passed and short.checks[-1] == "regimes: 1 cells non-empty"


def test_one_answer_on_two_regimes_may_share_points_and_a_regime_must_list_something() -> None:
    game = MatrixGame.from_arrays([[p]], [[p]], notation=UNIT)
    solution = Nash().run(game)
    twice = tuple(replace(solution.regimes[0], condition=Region((cell,))) for cell in (Cell.of(p >= 0), Cell.of(p <= 1)))
    assert certify(replace(solution, regimes=twice)).passed
    assert any("no equilibrium is listed" in said for said in certify(replace(solution, regimes=(replace(solution.regimes[0], equilibria=()),))).refuted)


# covers by cases

def test_covers_are_proved_or_missed_by_cases() -> None:
    space, half = Space(UNIT), R(1, 2)
    assert uncovered_by_cases(space, [Cell.of(p < half), Cell.of(p >= half)]).answer is False and uncovered_by_cases(space, [Cell()]).answer is False
    missed = uncovered_by_cases(space, [Cell.of(p < half), Cell.of(p > half)])
    assert missed.answer is True and missed.witness == {p: half}
    assert uncovered_by_cases(space, [Cell.of(p < half), Cell.of(p > half), Cell.of(sp.Eq(p, half))]).answer is False
    assert uncovered_by_cases(space, []).answer is True and uncovered_by_cases(space, [Cell.of(p > 2)]).answer is True
    plane = Space(PLANE)
    quarters = [Cell.of(x, y) for x in (a > 0, a < 0) for y in (b > 0, b < 0)]
    lines = [Cell.of(sp.Eq(a, 0)), Cell.of(sp.Eq(b, 0))]
    assert uncovered_by_cases(plane, [*quarters, *lines]).answer is False
    for left in range(6):
        every = [*quarters, *lines]
        assert uncovered_by_cases(plane, every[:left] + every[left + 1:]).answer is True
    assert uncovered_by_cases(plane, [Cell.of(a >= b), Cell.of(a <= b, a * b > 0), Cell.of(a < b, a * b <= 0)]).answer is False


def test_the_steps_of_a_cover() -> None:
    surfaces = {a}
    assert [_off(surfaces, a, mask) for mask in (GE, LE, EQ, GT, ANY)] == [GT, LT, 0, GT, NE] and _off(surfaces, b, GE) == GE
    assert _open({a: GT, b: GE}, {b: GT}, surfaces) == {a: GT} and _open({a: GT}, {a: GE}, surfaces) == {} and _open({b: GT}, {b: GE}, surfaces) == {b: GT}
    assert list(_outside(Cell(), {a: GT, b: GE}, surfaces)) == [Cell.of(a < 0), Cell.of(a > 0, b < 0)]
    assert list(_outside(Cell(), {a - b: GT, b: LT}, set())) == [Cell.of(b >= 0), Cell.of(b < 0, a - b <= 0)] and list(_outside(Cell(), {a: NE}, surfaces)) == []
    assert list(_split(Cell(), a, surfaces)) == [Cell.of(a < 0), Cell.of(a > 0)]
    assert list(_split(Cell(), b, surfaces)) == [Cell.of(sp.Eq(b, 0)), Cell.of(b < 0), Cell.of(b > 0)]
    assert _shared([{a: GT, b: GT}, {b: LT}]) == b and _shared([{a - b: GT, b: GT}]) == b and _shared([{b: GT, a: LT}]) == a
    assert _simple({a - b: GT, b: GT}) == (6, "a - b b")
    signs = _Signs({a: R(1), b: R(-2)})
    assert (signs[a], signs[b], signs[a + b + 1], signs[2 * a + b]) == (GT, LT, EQ, EQ) and LE == LT | EQ


# outcomes of trees with parameters

def test_sums_are_bounded_by_the_domains() -> None:
    x, y, z = sp.symbols("x y z", real=True)
    ranges = Ranges(Notation((Parameter(x, "x", domain="[1, 3]"), Parameter(y, "y", domain=">2"), Parameter(z, "z"))))
    one = sp.Integer(1)
    for terms, expected in (([], (0, 0)), ([(x, R(2))], (2, 6)), ([(x, R(-2))], (-6, -2)), ([(y, R(1))], (2, None)), ([(y, R(-1))], (None, -2)),
                            ([(z, R(1))], (None, None)), ([(one, R(5)), (x, R(1))], (6, 8)), ([(x * y, R(1))], (2, None)), ([(x * y, R(-1))], (None, -2)),
                            ([(x**2, R(1))], (1, 9)),
                            ([(x * z, R(1))], (None, None)), ([(1 / x, R(1))], (None, None)), ([(x**2 * y, R(3))], (6, None)), ([(y, R(1)), (x, R(1))], (3, None)),
                            ([(y, R(1)), (y, R(-1))], (None, None)), ([(x**3, R(1)), (x, R(-1))], (-2, 26))):
        assert ranges.total(terms) == expected, terms


def surge() -> Game:
    grab = decision("B", share=payoffs(A=1, B=R(1, 2)), grab=payoffs(A=-3, B=a))
    root = decision("A", stay=payoffs(A=-R(1, 2), B=-2), go=chance(good=(R(1, 3), grab), bad=(R(2, 3), payoffs(A=b, B=-1))))
    return Game("Surge", ("A", "B"), Notation((Parameter(a, "a", domain="[-1, 1]"), Parameter(b, "b", domain="[-1, 1]"))), root)


def test_outcomes_of_a_tree_hold_on_their_cells_and_nowhere_else() -> None:
    solution = discover(surge(), SubgamePerfect(), limit=100)
    right = certify(solution)
    assert right.passed and len(solution.regimes) > 1
    for number, regime in enumerate(solution.regimes):
        others = solution.regimes[:number] + solution.regimes[number + 1:]
        assert any("cover" in said for said in certify(replace(solution, regimes=others)).refuted)
        item = regime.equilibria[0]
        assert isinstance(item, Equilibrium)
        for wrong in (replace(item, payoffs={**item.payoffs, "A": item.payoffs["A"] + R(1, 97)}), replace(item, path=("nowhere",))):
            assert certify(replace(solution, regimes=(*others, replace(regime, equilibria=(wrong,))))).refuted
        for body, _ in regime.cell.atoms:
            wide = replace(regime, condition=Region((regime.cell.without(body),)))
            assert any("is subgame perfect on" in said for said in certify(replace(solution, regimes=(*others, wide))).refuted)
        empty = replace(regime, condition=Region((*regime.condition.cells, Cell.of(a > 2))))
        assert any("is empty" in said for said in certify(replace(solution, regimes=(*others, empty))).refuted)
    swapped = tuple(replace(regime, equilibria=solution.regimes[number - 1].equilibria) for number, regime in enumerate(solution.regimes))
    told = certify(replace(solution, regimes=swapped)).refuted
    assert any("only where it is listed" in said for said in told) and any("is subgame perfect on" in said for said in told)


def test_the_sign_of_a_number_that_cancels_in_256_bits_is_pursued() -> None:
    field, (m, n) = _Field.of([sp.sqrt(2)]), (1, 1)
    for _ in range(200):  # m - n sqrt(2) is 1/(m + n sqrt(2)) in size, with alternating sign
        m, n = m + 2 * n, m + n
    for top, bottom, sign in ((m, n, -1), (m + 2 * n, m + n, 1)):
        bound = field.bound(field.element(top - bottom * sp.sqrt(2)))
        size = abs(top**2 - 2 * bottom**2) / sp.Integer(2 * top)  # within a factor of two
        assert sp.sign(bound) == sign and size / 4 < abs(bound) < 2 * size
    assert field.bound(field.element(sp.sqrt(2)) * field.element(sp.sqrt(2)) - 2) == 0


def test_every_case_of_who_leaves_is_looked_at_ties_included() -> None:
    """Leaving pays A, who proposes, 1/9 and B 3/5: B goes on if that is never worse, leaves if it is always worse, and else either may happen to A."""
    x = sp.Symbol("x", real=True)
    table = AlternatingOffers("Pie", ("A", "B"), x, {"A": x, "B": 1 - x}, {"A": "9/10", "B": "9/10"}, outside={"A": "1/9", "B": "3/5"})
    ends, pairs = (("A", "least"), ("A", "most"), ("B", "least"), ("B", "most")), [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)]
    for (i, j), (k, m) in product(pairs, pairs):
        low, high = (R(1, 12), R(1, 9), R(1, 6)), (R(1, 2), R(3, 5), R(7, 10))
        refused = dict(zip(ends, (low[i], low[j], high[k], high[m]), strict=True))
        (case,) = [found for found, where in _left(table, {}, ("talks", 0, "A"), refused) if not where.trivially_empty]
        mixed = (min(low[i], R(1, 9)), max(low[j], R(1, 9)), R(3, 5), high[m])
        assert case == (refused if k >= 1 else dict(zip(ends, (R(1, 9), R(1, 9), R(3, 5), R(3, 5)) if m == 0 else mixed, strict=True)))


def test_a_range_of_peaceful_payoffs_too_narrow_is_told_with_its_side() -> None:
    solution = solve(FlowUnderThreat.shifting("Rise", ("A", "B"), ["1/2", "3/5"], {"A": 1, "B": 1}, "9/10"), SelfEnforcingPeace())
    (regime,) = solution.regimes
    found = regime.equilibria[0]
    assert isinstance(found, Equilibrium) and "least for A" in found.quantities
    for name, step, word in (("least for A", R(1, 97), "less"), ("most for A", -R(1, 97), "more")):
        wrong = replace(found, quantities={**found.quantities, name: found.quantities[name] + step})
        told = certify(replace(solution, regimes=(replace(regime, equilibria=(wrong,)),))).refuted
        assert any(said.startswith(f"range: A can get {word} in peace") for said in told) and len(told) == 1
