"""Sets of parameter points: canonical conditions, decisions with witnesses, exploration and merging."""

from itertools import product
from random import Random

import pytest
import sympy as sp

from bargain import BadInput, Cell, InvalidModel, NotApplicable, Notation, NotDecided, Parameter, Region, Space, TooLarge
from bargain.regions import ANY, EQ, GE, GT, LE, LT, NE, Oracle, canonical, explore, merge_cells, strata
from bargain.regions.cells import flip
from bargain.regions.explore import number_sign
from bargain.regions.space import _is_linear

R = sp.Rational
a, b, c, p, w = sp.symbols("a b c p w", real=True)
PLANE = Notation((Parameter(a, "first"), Parameter(b, "second"), Parameter(c, "third")))
CRISIS = Notation((Parameter(p, "chance", domain="[0, 1]"), Parameter(c, "cost", domain=">0"), Parameter(w, "war")), (w <= p - c,))
MASKS = {"<": LT, "<=": LE, "=": EQ, ">=": GE, ">": GT, "!=": NE}


def bit(value: sp.Expr) -> int:
    """The mask of one sign."""
    return GT if value > 0 else LT if value < 0 else EQ


def polynomial(random: Random) -> sp.Expr:
    """A small polynomial in a, b, c with rational coefficients."""
    monomials = [sp.Integer(1), a, b, c, a * b, a**2, b * c]
    return sp.Add(*(R(random.randint(-3, 3), random.randint(1, 3)) * monomial for monomial in random.sample(monomials, 3)))


def point(random: Random, coarse: bool = False) -> dict[sp.Symbol, sp.Expr]:
    """A rational point; a coarse one often lies on a boundary."""
    return {s: sp.Integer(random.randint(-2, 2)) if coarse else R(random.randint(-40, 40), random.randint(7, 19)) for s in (a, b, c)}


# Refusals

@pytest.mark.parametrize("condition", [sp.Or(a > 0, b > 0), sp.Not(sp.Or(a > 0, b > 0), evaluate=False), a + b, 3])
def test_a_condition_that_is_no_conjunction_of_comparisons_is_refused(condition: object) -> None:
    with pytest.raises(BadInput) as refusal:
        Cell.of(condition)
    assert refusal.value.place and refusal.value.remedy


def test_a_symbol_without_a_domain_is_refused() -> None:
    with pytest.raises(InvalidModel, match="x has no domain"):
        Space(PLANE).feasible(Cell.of(sp.Symbol("x", real=True) > a))


def test_more_cases_than_the_limit_are_refused() -> None:
    with pytest.raises(TooLarge):
        explore(Space(PLANE), lambda oracle: [oracle.sign(e) for e in (a, b, c)], boundaries=True, limit=10)


# The canonical form

@pytest.mark.parametrize(("left", "right"), [
    (w < 1, 1 - w > 0), (2 * a <= 2 * b, b - a >= 0), (a / b > 0, a * b > 0), ((a - b) / 3 > 0, b / 2 - a / 2 < 0), (sp.Eq(a, b), sp.Eq(b, a)),
    (a**3 > 0, a > 0), (a**2 * b > 0, b * a**2 / 7 > 0),
    (sp.Ne(a, b), sp.Ne(3 * b, 3 * a)), (1 / a > 0, a > 0), (-a / (b - c) >= 0, a / (c - b) >= 0),
])
def test_equal_conditions_have_equal_cells(left: object, right: object) -> None:
    assert Cell.of(left) == Cell.of(right)


def test_the_canonical_form_keeps_the_sign_at_random_points() -> None:
    random = Random(31)
    for _ in range(40):
        expression = polynomial(random) * polynomial(random) ** random.randint(1, 3) / random.choice([1, -2, 1 + a**2, b - c, (b - c) ** 2])
        here = point(random, coarse=random.random() < 0.3)
        if sp.fraction(sp.together(expression))[1].subs(here) == 0:
            continue
        body, orientation = canonical(expression)
        assert sp.sign(expression.subs(here)) == orientation * sp.sign(body.subs(here))
        assert canonical(-5 * expression) == (body, -orientation) and canonical(body) == (body, 1)


def test_masks_are_sets_of_signs() -> None:
    assert {text: flip(mask) for text, mask in MASKS.items()} == {"<": GT, "<=": GE, "=": EQ, ">=": LE, ">": LT, "!=": NE}
    cell = Cell.of(a <= b)
    assert cell.mask(b - a) == GE and cell.mask(a - b) == LE and cell.mask(a - c) == ANY and cell.mask(sp.Integer(-2)) == LT
    assert (cell & Cell.of(a >= b)) == Cell.of(sp.Eq(a, b)) and (cell & Cell.of(sp.Ne(a, b))) == Cell.of(a < b)
    assert (cell & Cell.of(a > b)).trivially_empty and Cell.of(sp.false).trivially_empty and Cell.of(True) == Cell()
    assert Cell.of(a < b).closure() == cell and cell.without(a - b) == Cell() and Cell.of(sp.Eq(a, b)).has_equality
    assert cell.holds_at({a - b: 0}) and not cell.holds_at({a - b: 1}) and Cell.of(sp.And(a > 0, b > 0)) == Cell.of(a > 0, b > 0)


def test_relations_rebuild_the_cell() -> None:
    cell = Cell.of(a * b < 1, sp.Ne(c, 0), a >= R(1, 3), sp.Eq(b, c))
    assert Cell.of(*cell.relations()) == cell and repr(Cell.of(a < b)) == "Cell.of(a - b < 0)"
    assert Region.union([cell, Region((cell,)), Region.everything()]).is_everything and len(Region.union([cell, cell]).cells) == 1


# Decisions

@pytest.mark.parametrize(("cell", "answer"), [
    (Cell.of(p < 0), False), (Cell.of(w > p), False), (Cell.of(sp.Eq(w, p - c), p > R(2, 3)), True), (Cell.of(c > 1, w > 0), False),
    (Cell.of(p * c > 2, w > -1), False), (Cell.of(p * c > R(1, 2), w > -R(1, 2)), True), (Cell.of(p**2 > 1), False),
])
def test_emptiness_is_decided_with_a_witness(cell: Cell, answer: bool) -> None:
    space = Space(CRISIS)
    verdict = space.feasible(cell)
    assert verdict.answer is answer and (verdict.witness is not None) == answer
    assert not answer or space.contains(verdict.witness or {}, cell)


def test_the_ends_of_a_domain_bound_the_space() -> None:
    """Ends that are not zero, on both sides, open and closed."""
    space = Space(Notation((Parameter(a, "share", domain="[2, 3)"), Parameter(b, "loss", domain="(-5, -4]"))))
    outside, inside = (a < 2, sp.Eq(a, 3), a > 3, b > -4, sp.Eq(b, -5), b < -5), (sp.Eq(a, 2), a > R(5, 2), sp.Eq(b, -4), b < R(-9, 2))
    assert [space.feasible(Cell.of(condition)).answer for condition in (*outside, *inside)] == [False] * 6 + [True] * 4


def test_linear_formulas_are_told_from_products_and_quotients_of_variables() -> None:
    """What is linear goes to the simplex, all else to the solver of polynomials; a part that occurs twice is walked once."""
    import z3

    x, y = z3.Reals("x y")
    linear, other = [x + y < 3, 2 * x - y / 3 > 0, z3.Or(x > 1, z3.And(y > 1, x > 1))], [x * y > 1, x * x > 1, x / y > 1, z3.Or(x > 1, x + y * x > 1)]
    assert _is_linear([*linear, *linear]) and not any(_is_linear([*linear, formula]) for formula in other)


def test_the_only_point_is_found_and_an_irrational_one_is_claimed_without_witness() -> None:
    assert Space(CRISIS).feasible(Cell.of(c >= 1, w >= 0)).witness == {p: 1, c: 1, w: 0}
    verdict = Space(CRISIS).feasible(Cell.of(sp.Eq(p**2, R(1, 2))))
    assert verdict.answer is True and verdict.witness is None


def test_implication_is_a_proof_or_a_counterexample() -> None:
    space = Space(CRISIS)
    assert space.implies(Cell.of(w > 0), Cell.of(c < 1)).answer is True
    verdict = space.implies(Cell.of(c < 1), Cell.of(w > 0))
    assert verdict.answer is False and verdict.witness is not None and verdict.witness[w] <= 0 and verdict.witness[c] < 1
    assert space.implies(Cell.of(p < 0), Cell.of(sp.false)).answer is True and space.implies(Cell(), Cell.of(sp.false)).answer is False


def test_a_cover_is_proved_or_a_point_outside_is_shown() -> None:
    space = Space(CRISIS)
    assert space.uncovered([Cell.of(p < R(1, 3)), Cell.of(p >= R(1, 3))]).answer is False
    verdict = space.uncovered([Cell.of(p < R(1, 3)), Cell.of(p > R(1, 3))])
    assert verdict.answer is True and verdict.witness is not None and verdict.witness[p] == R(1, 3)
    assert space.uncovered([Cell.of(c <= 1)], within=Cell.of(w > 0)).answer is False
    assert space.uncovered([]).answer is True


def test_signs_are_the_signs_taken_on_the_space() -> None:
    space = Space(CRISIS)
    assert (space.sign(p), space.sign(c), space.sign(w - p), space.sign(p - c)) == (GE, GT, LT, ANY)
    assert space.sign(p - c, Cell.of(w >= 0)) == GE and space.sign(c - 1, Cell.of(w > 0)) == LT and space.sign(sp.Integer(-3)) == LT
    assert space.sign(p**2 - 2 * p + 1) in (GE, ANY) and space.sign(1 + w**2) == GT


def test_factors_of_known_sign_are_dropped() -> None:
    space = Space(CRISIS)
    assert space.essential(c * (p - w / 2 - R(1, 3))) == canonical(p - w / 2 - R(1, 3))
    assert space.essential(c * (p - w / 2)) == (sp.Integer(1), 1)
    assert space.essential((w - p) * (2 * p - 1)) == (2 * p - 1, -1)
    assert space.essential(c**2 * (1 - 2 * p)) == (2 * p - 1, -1)
    assert space.essential(c * (1 + p)) == (sp.Integer(1), 1)
    body, orientation = space.essential(p * (p - w - 1))  # p may be zero, so it stays
    assert sp.expand(orientation * body - p * (p - w - 1)) == 0


def test_redundant_conditions_are_removed_by_proof() -> None:
    space = Space(CRISIS)
    assert space.reduced(Cell.of(w > 0, c < 1, p > 0)) == Cell.of(w > 0)
    assert space.reduced(Cell.of(c < 1, p > 0)) == Cell.of(c < 1, p > 0)


@pytest.mark.parametrize(("cell", "answer"), [
    (Cell.of(sp.exp(a) <= 0), False), (Cell.of(a > 0, sp.exp(a) < 1), False), (Cell.of(sp.exp(a) < 1 + a), False), (Cell.of(a > 1, sp.log(a) <= 0), False),
    (Cell.of(a > 0, sp.sqrt(a) < 0), False), (Cell.of(a > 4, sp.sqrt(a) < 2), False), (Cell.of(sp.Min(a, b) > b), False), (Cell.of(sp.Max(a, b) < a), False),
    (Cell.of(a > 0, sp.exp(a) < 1 + a + a**2 / 4), None), (Cell.of(a > 1, sp.exp(a) < 2), False), (Cell.of(a > 1, sp.exp(a) < R(5, 2)), None),
    (Cell.of(sp.Min(a, b) < b), True),
])
def test_what_is_not_polynomial_is_proved_or_left_undecided_never_guessed(cell: Cell, answer: bool | None) -> None:
    verdict = Space(PLANE, timeout_ms=2000).feasible(cell)
    assert verdict.answer is answer and verdict.unknown == (answer is None)
    assert verdict.reason or verdict.witness


# Exploration

@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_leaves_of_an_exploration_partition_the_space(seed: int) -> None:
    random = Random(seed)
    values = [polynomial(random) for _ in range(3)]
    space = Space(PLANE)
    leaves, skipped = explore(space, lambda oracle: tuple(oracle.greatest(values)), boundaries=True)
    assert not skipped
    for trial in range(200):
        here = point(random, coarse=trial % 2 == 0)
        inside = [result for cell, result in leaves if space.contains(here, cell)]
        numbers = [value.subs(here) for value in values]
        assert inside == [tuple(k for k, number in enumerate(numbers) if number == max(numbers))]


def test_without_boundaries_the_rest_is_the_skipped_strata() -> None:
    random = Random(4)
    values = [a, b, a * b]
    space = Space(PLANE)
    leaves, skipped = explore(space, lambda oracle: tuple(oracle.greatest(values)), boundaries=False)
    boundary = strata(space, skipped)
    assert all(cell.has_equality for cell in boundary) and len(boundary) <= len(skipped)
    for trial in range(200):
        here = point(random, coarse=trial % 2 == 0)
        inside = [result for cell, result in leaves if space.contains(here, cell)]
        assert len(inside) + any(space.contains(here, cell) for cell in boundary) == 1 and all(len(result) == 1 for result in inside)


def test_an_algorithm_that_does_not_apply_somewhere_is_refused_there_only_on_a_boundary() -> None:
    def only_generic(oracle: Oracle) -> int:
        sign = oracle.sign(a - b)
        if sign == 0:
            raise NotApplicable("a tie")
        return sign

    leaves, skipped = explore(Space(PLANE), only_generic, boundaries=True)
    assert [result for _, result in leaves] == [-1, 1] and skipped == [Cell.of(sp.Eq(a, b))]
    with pytest.raises(NotApplicable):
        explore(Space(PLANE), lambda oracle: 1 if oracle.sign(c) > 0 else only_generic(Oracle(oracle.space, Cell.of(sp.Eq(a, b)))), boundaries=False)


def test_an_oracle_equates_without_forking() -> None:
    oracle = Oracle(Space(CRISIS), Cell.of(sp.Eq(p, 2 * c)))
    assert oracle.equal(p / 2, c) and not oracle.equal(p, c) and oracle.equal(w, w) and oracle.sign(p - 2 * c) == 0


@pytest.mark.parametrize(("value", "expected"), [
    (sp.exp(-1) - R(3679, 10000), -1), (sp.sqrt(2) * sp.sqrt(3) - sp.sqrt(6), 0), (sp.sqrt(2) + sp.sqrt(3) - sp.sqrt(5 + 2 * sp.sqrt(6)), 0),
    (sp.exp(1) * sp.exp(-1) - 1, 0), (sp.sqrt(10001) - 100 - R(1, 200), -1), (R(-3, 7), -1),
])
def test_signs_of_irrational_numbers_are_certified(value: sp.Expr, expected: int) -> None:
    try:
        assert number_sign(value) == expected
    except NotDecided:
        assert expected == 0


# Merging

@pytest.mark.parametrize(("seed", "closed"), [(5, True), (6, False), (7, True)])
def test_merging_joins_cells_of_a_class_and_keeps_classes_apart(seed: int, closed: bool) -> None:
    random = Random(seed)
    space = Space(PLANE)
    compared = [a - b, c - 1, a + c]
    leaves, _ = explore(space, lambda oracle: tuple(oracle.sign(e) for e in compared), boundaries=closed)
    kinds = {signs: random.randint(0, 2) for signs in product((-1, 0, 1), repeat=3)}
    same = [kinds[result] for _, result in leaves]
    merged = merge_cells(space, leaves, same=same, closed=closed)
    assert len(merged) < len(leaves)
    for trial in range(150):
        here = point(random, coarse=trial % 2 == 0)
        classes = {kind for cell, kind in merged if space.contains(here, cell)}
        truth = kinds[tuple(int(sp.sign(e.subs(here))) for e in compared)]
        assert classes == {truth} or (not closed and any(e.subs(here) == 0 for e in compared) and classes <= {0, 1, 2})


def test_cells_that_do_not_exist_do_not_hinder_merging() -> None:
    space = Space(CRISIS)
    leaves, _ = explore(space, lambda oracle: (oracle.sign(w), oracle.sign(c - 1)), boundaries=True)
    merged = merge_cells(space, leaves, same=[0 if result[0] > 0 else 1 for _, result in leaves])
    assert {kind: cell for cell, kind in merged} == {0: Cell.of(w > 0), 1: Cell.of(w <= 0)}
