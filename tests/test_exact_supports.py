"""Exact equilibria on single supports, by routes that must agree: closed forms and conjugates against Groebner bases, the compiled kernels against numpy."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
import sympy as sp
from flint import fmpq, fmpq_poly, fmpz_poly

from bargain import Equilibrium, MatrixGame, Nash, solve
from bargain.certify import certify
from bargain.kernels.algebraic import real_roots
from bargain.kernels.conjugates import conjugate_points
from bargain.kernels.core import compiled
from bargain.kernels.indifference import System, supports
from bargain.kernels.small_supports import SmallSupports
from bargain.kernels.tracking import complex_zeros, tracked, tracked_on
from bargain.kernels.varieties import Point, variety
from bargain.solvers.matrices.field_numbers import number, shown
from bargain.solvers.matrices.many_players import Found, solved_exactly
from bargain.solvers.matrices.one_nash import OneNash

R = sp.Rational
DRAWN = [((2, 2, 2), 1000, 20), ((2, 2, 2), 2, 30), ((2, 2, 2), 6, 30), ((3, 3, 3), 9, 2), ((3, 3, 3), 2, 2), ((2, 3, 4), 5, 3), ((2, 2, 2, 2), 3, 4)]
needs_compiled = pytest.mark.skipif(compiled() is None, reason="needs the compiled kernels")


def drawn(shape: Sequence[int], largest: int, seed: int) -> list[Any]:
    """Payoffs 0..largest."""
    random = np.random.default_rng([seed, largest, *shape])
    return [random.integers(0, largest + 1, size=tuple(shape)) for _ in shape]


def game(tables: Sequence[Any]) -> MatrixGame:
    actions = tuple(tuple(f"{'abcd'[j]}{k + 1}" for k in range(m)) for j, m in enumerate(tables[0].shape))
    cells = {tuple(actions[j][k] for j, k in enumerate(cell)): tuple(int(u[cell]) for u in tables) for cell in product(*map(range, tables[0].shape))}
    return MatrixGame("drawn", tuple(f"P{j + 1}" for j in range(len(actions))), actions, cells)


def in_order(points: Sequence[Point]) -> list[str]:
    return sorted(map(str, points))


def floats(tables: Sequence[Any]) -> np.ndarray[Any, Any]:
    return np.array(tables, dtype=np.float64)


# Supports

@pytest.mark.parametrize(("shape", "largest"), [((2, 2, 2), 1), ((2, 1, 3), 3), ((3, 2, 2), 2), ((3, 3), 3), ((2, 2, 2, 2), 1), ((3,), 2)])
def test_supports_are_those_without_an_action_that_another_beats_at_all_profiles_of_the_others(shape: tuple[int, ...], largest: int) -> None:
    tables = drawn(shape, largest, 4)
    every = product(*([own for size in range(1, m + 1) for own in combinations(range(m), size)] for m in shape))

    def beaten(i: int, a: int, support: Any) -> bool:
        cells = list(product(*([0] if j == i else own for j, own in enumerate(support))))
        return any(all(tables[i][(*c[:i], a, *c[i + 1 :])] < tables[i][(*c[:i], b, *c[i + 1 :])] for c in cells) for b in range(shape[i]))

    kept = [s for s in every if not any(beaten(i, a, s) for i, own in enumerate(s) for a in own)]
    assert list(supports(tables)) == sorted(kept, key=lambda s: [len(own) for own in s])


# Closed forms and conjugates against exact algebra

@pytest.mark.parametrize(("shape", "largest", "games"), DRAWN)
def test_linear_and_quadratic_supports_agree_with_exact_algebra_ties_included(shape: tuple[int, ...], largest: int, games: int) -> None:
    solved = 0
    for seed in range(games):
        tables = tuple(drawn(shape, largest, seed))
        small = SmallSupports(tables)
        for support in supports(tables):
            points = small.points(support)
            if points is not None:
                found = Found()
                assert solved_exactly(System(tables, support), found)
                assert in_order(points) == in_order([p for _, p in found.points]) and not (found.products or found.families or found.open), (seed, support)
                solved += 1
    assert solved > 10


def test_supports_of_other_kinds_and_singular_ones_are_left_to_exact_algebra() -> None:
    tables = drawn((3, 3, 3), 9, 1)
    assert SmallSupports(tables).points(((0, 1), (0, 1), (0, 1, 2))) is None
    assert SmallSupports([0 * u for u in tables]).points(((0, 1), (0, 1), (0,))) is None
    assert SmallSupports([0 * u for u in tables]).points(((0, 1), (0, 1), (0, 1))) is None


@needs_compiled
@pytest.mark.parametrize(("shape", "seeds"), [((2, 2, 3), range(60)), ((2, 3, 3), range(40)), ((2, 2, 2, 2), range(25))])
def test_conjugates_give_the_same_numbers_as_a_groebner_basis(shape: tuple[int, ...], seeds: range) -> None:
    compared = 0
    for seed in seeds:
        tables = tuple(drawn(shape, 60, 10 + seed))
        system = System(tables, tuple(tuple(range(m)) for m in shape))
        zeros = complex_zeros(floats(tables), system.support)
        assert zeros is not None
        points, exact = conjugate_points(system, zeros), variety(system.equations, system.positive)
        assert points is not None and exact is not None
        found, real = ([p for p in listed if all(p.root.sign(w) > 0 for w in _every_weight(system, p))] for listed in (points, exact.points))
        assert in_order(found) == in_order(real), seed
        compared += len(real)
    assert compared > 0


def _every_weight(system: System, point: Point) -> list[fmpq_poly]:
    found, rest = [], list(point.coordinates)
    for own in system.support:
        ws, rest = rest[: len(own) - 1], rest[len(own) - 1 :]
        found += [*ws, 1 - sum(ws, fmpq_poly([0]))]
    return found


@needs_compiled
def test_conjugates_from_too_few_zeros_are_not_believed() -> None:
    tables = tuple(drawn((2, 3, 3), 60, 10))
    system = System(tables, ((0, 1), (0, 1, 2), (0, 1, 2)))
    zeros = complex_zeros(floats(tables), system.support)
    assert zeros is not None and len(zeros) == 4
    real = [k for k, zero in enumerate(zeros) if not zero.imag.any()]
    assert conjugate_points(system, np.delete(zeros, real[:1] or [0], axis=0)) is None


# Path tracking

@needs_compiled
def test_paths_settle_the_same_on_some_supports_as_on_all_and_zeros_far_away_are_enclosed() -> None:
    for seed in range(8):
        random = np.random.default_rng([2024, seed, 3, 3, 3])
        tables = [random.integers(-1000, 1001, size=(3, 3, 3)) for _ in range(3)]
        rows, _, (left,) = tracked(floats(tables)[None])
        assert not left, seed  # some zeros lie hundreds of units from the simplices
        chosen = [s for s in supports(tables) if all(len(own) > 1 for own in s)]
        some, open_ = tracked_on(floats(tables), chosen)
        full = [row for row in rows.tolist() if all(sum(w > 0 for w in part) > 1 for part in (row[:3], row[3:6], row[6:9]))]
        assert not open_ and sorted(some.tolist()) == sorted(full)


@needs_compiled
@pytest.mark.parametrize(("shape", "seed"), [((2, 2, 2, 2), 3), ((2, 3, 3), 1), ((3, 3, 3), 0), ((2, 2, 3), 7)])
def test_the_answer_is_the_same_without_the_compiled_kernels(shape: tuple[int, ...], seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with_paths = solve(game(drawn(shape, 100, seed)), Nash())
    monkeypatch.setenv("BARGAIN_CORE", "numpy")
    assert solve(game(drawn(shape, 100, seed)), Nash()).equilibria == with_paths.equilibria


# Numbers

QUADRATIC = [(-1, 1, 1), (-8, 0, 1), (-(7**3) * 12, 0, 5), (-((10**9 + 7) ** 2) * 3, 0, 1), (-3, 5, 11)]
HIGHER = [(-3, 1, 0, 1), (5, -11, 0, 1, 3), (-16, 0, 0, 2, 7)]


@pytest.mark.parametrize("coefficients", QUADRATIC + HIGHER)
def test_numbers_of_a_field_are_what_sympy_makes_of_them(coefficients: tuple[int, ...]) -> None:
    t = sp.Symbol("t")
    for root in real_roots(fmpz_poly(list(coefficients))):
        if root.degree == 2:
            c, b, a = coefficients
            generator = (-b + (1 if root.index else -1) * sp.sqrt(b * b - 4 * a * c) * sp.sign(a)) / (2 * a)
        else:
            generator = sp.CRootOf(sp.Poly(list(reversed(coefficients)), t), root.index, radicals=False)
        for parts in ([fmpq(2, 3)], [fmpq(0), fmpq(1)], [fmpq(1, 7), fmpq(-5, 3)], [fmpq(-1), fmpq(1), fmpq(3, 4)]):
            value = root.reduced(fmpq_poly(parts))
            written = number(root, value)
            made = sp.expand(sp.Add(*(R(int(c.p), int(c.q)) * generator**k for k, c in enumerate(value.coeffs()))))
            assert written == made and sp.srepr(written) == sp.srepr(made) and number(root, value).is_real
            assert float(made) == pytest.approx(float(root.value(value, 60).mid()), abs=1e-12)


def test_a_root_is_enclosed_as_closely_as_wanted_and_short_numbers_are_spelled_out() -> None:
    roots = list(real_roots(fmpz_poly([-7, 3, -11, 2, 5, 0, 1])))
    for root in roots:
        for bits in (64, 500, 4000):
            around = root.enclosure(bits)
            assert float(around.rad()) < 2.0 ** -min(bits - 20, 900) and root.enclosure(64).contains(around.mid())
    assert roots[0].enclosure(500) < roots[1].enclosure(500)
    (low, high) = real_roots(fmpz_poly([-5, 0, 1]))
    assert shown(high, fmpq_poly([fmpq(1, 2), fmpq(1, 2)])) == "(1/2 + sqrt(5)/2)"
    assert shown(low, fmpq_poly([fmpq(10**6, 97), fmpq(10**5, 70001)])) == format(float(R(10**6, 97) - R(10**5, 70001) * sp.sqrt(5)), ".6f")


# Certificates and single equilibria

def test_a_claim_of_another_kind_of_number_is_refuted_too() -> None:
    solution = solve(game(drawn((2, 2, 2), 1000, 0)), Nash())
    (regime,) = solution.regimes
    equilibrium = regime.equilibria[0]
    assert isinstance(equilibrium, Equilibrium) and certify(solution).passed
    for change in (sp.sqrt(2) / 10**9, sp.pi / 10**9, R(1, 10**40)):
        wrong = replace(equilibrium, payoffs={**equilibrium.payoffs, "P1": equilibrium.payoffs["P1"] + change})
        assert certify(replace(solution, regimes=(replace(regime, equilibria=(wrong, *regime.equilibria[1:])),))).refuted


def test_one_equilibrium_with_ties_is_found_where_newton_s_method_comes_to_the_edge() -> None:
    for shape, largest, seed in (((2, 2, 2), 3, 5), ((2, 2, 2), 3, 13), ((2, 2, 3), 2, 8), ((2, 2, 2, 2), 2, 2)):
        one = solve(game(drawn(shape, largest, seed)), OneNash())
        assert one.certificate.passed and len(one.equilibria) == 1


@pytest.mark.parametrize("seed", range(4))
def test_one_equilibrium_of_a_game_without_ties_is_one_of_all(seed: int) -> None:
    tables = drawn((3, 3, 3), 1000, seed)
    (one,) = solve(game(tables), OneNash()).equilibria
    assert isinstance(one, Equilibrium)
    assert one.strategies in [e.strategies for e in solve(game(tables), Nash()).extreme]
