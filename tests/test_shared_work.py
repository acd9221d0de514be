"""Work that is done once: known points instead of questions, solutions handed to other processes, series multiplied out in a ring."""

import pickle
from typing import Any

import numpy as np
import pytest
import sympy as sp

from bargain.models.classics import audience_costs
from bargain.notation import Notation, Parameter
from bargain.regions import ANY, EQ, GE, GT, LT, NE, Cell, Space
from bargain.regions.points import Points
from bargain.report.problems import shown_free
from bargain.report.studies import _as_it_was
from bargain.sensitivity.assessment import Known, Plan, assess
from bargain.sensitivity.formulas import Formulas
from bargain.sensitivity.points import Vectorised
from bargain.sensitivity.routes import cases_of
from bargain.solvers.alternating.exponential_sums import exponential_sum
from bargain.solvers.alternating.short_periods import leading_term
from bargain.solving import solve

a, b, t, r, s = sp.symbols("a b t r s", real=True)
FREE = Notation((Parameter(a, "a"), Parameter(b, "b")))


def _singly(space: Space, body: sp.Expr, within: Cell) -> int:
    """The signs by three questions, each to a space that knows nothing."""
    return sum(bit for bit in (LT, EQ, GT) if Space(space.notation).feasible(within & Cell(((body, bit),))).answer is not False)


@pytest.mark.parametrize("within", [Cell(), Cell.of(a > 0), Cell.of(a >= 0, b <= 0), Cell.of(sp.Ne(a, b)), Cell.of(a * b > 1), Cell.of(sp.Eq(a, b)),
                                    Cell.of(a > 0, a < 0), Cell.of(a > 1, a < b, b < 1), Cell.of(sp.Eq(a**2, 2))])
def test_signs_with_known_points_are_those_of_single_questions(within: Cell) -> None:
    space = Space(FREE)
    bodies = (a, b, a - b, a + b, a * b - 1, a**2 + b**2, a**2 - 2, a**2 + 1, (a - b) ** 2, a - 1)
    for body in (*bodies, *reversed(bodies)):
        assert space.sign(body, within) == _singly(space, body, within), body


def test_a_zero_between_two_points_is_shown_only_where_the_cell_is_convex() -> None:
    space = Space(FREE)
    assert space.sign(a, Cell.of(a**2 > 1)) == NE and space.sign(a, Cell.of(sp.Ne(a, 0))) == NE and space.sign(a, Cell.of(b > 1)) == ANY
    assert space.sign(a, Cell.of(a >= 0)) == GE


def test_what_a_known_point_refutes_is_not_asked() -> None:
    space = Space(FREE)
    assert not space.empty(Cell.of(a > 0)) and space.queries == 1 and not space.empty(Cell.of(a >= 0)) and space.queries == 1
    assert not space.proves(Cell(), Cell.of(a <= 0)) and space.queries == 1 and space.proves(Cell.of(a > 1), Cell.of(a > 0)) and space.empty(Cell.of(a**2 < 0))


def test_points_say_nothing_about_symbols_that_they_lack() -> None:
    points = Points((a,))
    points.add({a: sp.Integer(2)})
    assert points.signs(b, 1) == 0 and points.inside(Cell.of(b > 0)) == 0 and points.signs(sp.exp(a), 1) == 0 and points.signs(a - 2, 1) == EQ


@pytest.mark.parametrize("e", [(1 - sp.exp(-r * t)) * (r * t - s * t**2) + t**3, (1 - sp.exp(-(r + s) * t)) ** 2 - (r + s) ** 2 * t**2,
                               t**2 * (sp.exp(a * t) - 1) / 3, sp.exp(-r * t) * sp.exp(s * t) - sp.exp(2 * r * t)])
def test_leading_terms_are_those_of_taylor_series(e: Any) -> None:
    coefficient, order = leading_term(e, t)
    series = [sp.expand(sp.diff(e, t, n).subs(t, 0) / sp.factorial(n)) for n in range(order + 1)]
    assert not any(series[:-1]) and series[-1] == sp.expand(coefficient) != 0 and exponential_sum(e, t) is not None


def test_what_is_no_sum_of_exponentials_is_left_to_sympy() -> None:
    assert exponential_sum(sp.exp(-r * t**2) - 1, t) is None and exponential_sum(sp.sqrt(r) * sp.exp(-r * t), t) is None
    assert exponential_sum(sp.exp(-r * t - s), t) is None and leading_term(sp.sqrt(r) * t, t) == (sp.sqrt(r), 1)


def test_solutions_reach_another_process_in_the_form_in_which_they_were_found() -> None:
    problem, solver = audience_costs.model.problems["crisis"]
    known = Known({"crisis": cases_of(solve(problem, solver))}, tuple(holds for _, holds in audience_costs.model.at().claims()))
    sent = _as_it_was(pickle.dumps(known))
    assert sent == known and repr(sent) == repr(known) and shown_free(audience_costs.model)
    plan = Plan(300, points=16)
    assert repr(assess(audience_costs.model, plan, known=sent)) == repr(assess(audience_costs.model, plan))


def test_a_point_that_is_solved_exactly_serves_every_block() -> None:
    source = Vectorised(audience_costs.model)
    values = {symbol: float(value) for symbol, value in audience_costs.model.at().values.items()}
    assert source.exactly(values) is source.exactly(dict(values))


def test_a_value_depends_on_its_own_point_alone() -> None:
    """A value without bounds elsewhere in the block makes no other value zero; what is left of terms that cancel is zero."""
    y, z = sp.symbols("y z", real=True)
    formulas = Formulas({y: np.array([1e-20, 0.5, 0.1 + 0.2]), z: np.array([1.0, 1.0, 0.3])})
    assert list(formulas(1 / y)[1:]) == [2.0, 1 / (0.1 + 0.2)]
    assert formulas(y - z)[2] == 0.0 and formulas(y - z)[1] == -0.5
