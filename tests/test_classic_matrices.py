"""Matrix games with free payoffs: the textbook classifications, complete on every stratum, and the study's matrix as disjoint regimes."""

import random
from itertools import product

import pytest
import sympy as sp

from bargain import Nash, Status, solve
from bargain.models.classics import crisis_demands, two_by_two
from bargain.models.ukraine import guarantees
from bargain.regions import GT, LT, Cell, Region, Space


def test_sixteen_sign_patterns_give_one_two_or_three_equilibria() -> None:
    m = two_by_two
    solution = solve(m.matrix, m.model.main[1])
    assert solution.status is Status.PROVED and len(solution.problem.notation.symbols) == 8
    space = Space(m.NOTATION)
    for signs in product((1, -1), repeat=4):
        gains = dict(zip((m.a - m.c, m.b - m.d, m.e - m.f, m.g - m.h), signs, strict=True))
        cell = Cell()
        for gain, sign in gains.items():
            cell = cell.where(gain, GT if sign > 0 else LT)
        here = [r for r in solution.regimes if any(space.feasible(cell & part).answer for part in r.condition)]
        assert here and all(any(space.implies(cell, part).answer for part in r.condition) for r in here)
        r_dominant, c_dominant = signs[0] == signs[1], signs[2] == signs[3]
        mixed = not r_dominant and not c_dominant
        expected = 1 if not mixed or signs[0] != signs[2] else 3
        assert {len(list(r.extreme())) for r in here} == {expected}
        if mixed:
            inner = [e for e in here[0].extreme() if e.strategies["R"][""]["up"] not in (0, 1)]
            assert sp.simplify(inner[0].strategies["R"][""]["up"] - (m.h - m.g) / (m.h - m.g + m.e - m.f)) == 0


@pytest.mark.slow
def test_the_two_by_two_game_is_solved_on_every_stratum_of_its_eight_payoffs() -> None:
    m = two_by_two
    solution = solve(m.matrix, Nash(exact=True))
    assert solution.status is Status.PROVED and solution.boundary == Region()
    draw = random.Random(5)
    for _ in range(300):  # payoffs from {0, 1, 2}: most games are degenerate
        point = {symbol: sp.Integer(draw.randint(0, 2)) for symbol in m.NOTATION.symbols}
        listed, alone = solution.at(point), solve(m.matrix, Nash(), at=point)
        assert sorted(repr(e.strategies) for e in listed.extreme) == sorted(repr(e.strategies) for e in alone.extreme), point
        assert len(listed.equilibria) == len(alone.equilibria)  # as many components


@pytest.mark.slow
def test_the_three_by_three_game_is_solved_on_every_stratum_of_its_four_parameters() -> None:
    m = crisis_demands
    solution = solve(m.matrix, Nash(exact=True))
    assert solution.status is Status.PROVED and solution.boundary == Region() and len(solution.problem.notation.symbols) == 4
    draw, edges = random.Random(7), 0
    for number in range(120):
        h, p = sp.Rational(draw.randint(6, 9), 10), sp.Rational(draw.randint(1, 9), 10)
        c_A = p - 1 + h if number % 3 == 0 and p + h > 1 else sp.Rational(draw.randint(0, 4), 10)  # A as well off in war as with a soft line
        c_B = sp.Rational(1, 2) - p if number % 4 == 0 and p <= sp.Rational(1, 2) else sp.Rational(draw.randint(0, 4), 10)
        point = {m.h: h, m.p: p, m.c_A: c_A, m.c_B: c_B}
        listed, alone = solution.at(point), solve(m.matrix, Nash(), at=point)
        assert sorted(repr(e.strategies) for e in listed.extreme) == sorted(repr(e.strategies) for e in alone.extreme), point
        assert len(listed.equilibria) == len(alone.equilibria)  # as many components
        edges += any(regime.cell.has_equality and Space(m.NOTATION).contains(point, regime.cell) for regime in solution.regimes)
    assert edges >= 20


@pytest.mark.slow
def test_the_guarantees_matrix_over_three_parameters_falls_into_disjoint_regimes() -> None:
    solution = solve(guarantees.matrix, Nash(partition=True), free=["d", "e_P", "F_R"])
    assert solution.status is Status.PROVED and not solution.overlapping and len(solution.regimes) == 48
    assert f"regimes: {len(solution.regimes)} apart" in solution.certificate.checks and "cover of the parameter space: proved" in solution.certificate.checks
    space, draw = Space(solution.problem.notation), random.Random(3)
    for _ in range(12):
        point = {p.symbol: sp.Rational(draw.randint(1, 30), 100) * (-1 if p.name == "F_R" and draw.random() < 0.5 else 1) for p in solution.problem.notation}
        if not any(space.contains(point, cell) for cell in solution.boundary):
            listed, alone = solution.at(point), solve(solution.problem, Nash(), at=point)
            assert sorted(repr(e.strategies) for e in listed.extreme) == sorted(repr(e.strategies) for e in alone.extreme), point
