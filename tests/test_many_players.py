"""Nash equilibria of games with any number of players: published games, two routes against each other, ties and continua proved complete."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import permutations, product
from typing import Any

import numpy as np
import pytest
import sympy as sp
from flint import fmpz_mpoly_ctx

from bargain import BargainError, Component, Equilibrium, MatrixGame, Nash, NotApplicable, Notation, NotDecided, Parameter, Status, TooLarge, solve
from bargain.certify import certify
from bargain.kernels.cubes import all_equilibria_of_cubes
from bargain.kernels.indifference import System, supports
from bargain.kernels.refinement import count_of_zeros, decided, refined
from bargain.kernels.subdivision import isolate
from bargain.kernels.varieties import factors
from bargain.solution import Solution
from bargain.solvers.matrices.many_players import integer_payoffs
from bargain.solvers.matrices.one_nash import OneNash

R = sp.Rational
Tables = Sequence[Any]


def game(tables: Tables, notation: Notation | None = None) -> MatrixGame:
    """A game from one payoff array a player."""
    shape = np.shape(tables[0])
    actions = tuple(tuple(f"{'abcdefgh'[j]}{k + 1}" for k in range(m)) for j, m in enumerate(shape))
    cells = {tuple(actions[j][k] for j, k in enumerate(cell)): tuple(_exact(np.asarray(u)[cell]) for u in tables)
             for cell in product(*map(range, shape))}
    return MatrixGame("drawn", tuple(f"P{j + 1}" for j in range(len(shape))), actions, cells, notation or Notation())


def _exact(value: Any) -> Any:
    return int(value) if isinstance(value, np.integer) else value


def drawn(shape: Sequence[int], largest: int, seed: int) -> list[Any]:
    """Payoffs 0..largest."""
    random = np.random.default_rng([seed, largest, *shape])
    return [random.integers(0, largest + 1, size=tuple(shape)) for _ in shape]


def profile(equilibrium: Equilibrium) -> tuple[tuple[sp.Expr, ...], ...]:
    """The mixed strategies."""
    return tuple(tuple(nodes[""].values()) for nodes in equilibrium.strategies.values())


def decimals(equilibrium: Equilibrium) -> list[float]:
    """All probabilities, in order."""
    return [float(w) for strategy in profile(equilibrium) for w in strategy]


def isolated(solution: Solution) -> list[Equilibrium]:
    """The equilibria that are no part of a listed continuum."""
    return [e for e in solution.equilibria if isinstance(e, Equilibrium) and not e.free.atoms]


def listed(solution: Solution) -> set[Any]:
    """Isolated equilibria and vertices of components, exactly."""
    return {profile(e) for e in solution.extreme if not e.free.atoms}


def solved(tables: Tables) -> Solution:
    """All equilibria, asserted to be complete and certified."""
    solution = solve(game(tables), Nash())
    assert solution.status is Status.CERTIFIED and solution.certificate.passed and solution.certificate.max_regret == 0
    return solution


# Refusals

def test_too_many_supports_are_refused_with_another_way() -> None:
    with pytest.raises(TooLarge, match="OneNash"):
        solve(game(drawn((6, 6, 6), 9, 1)), Nash())


def test_free_parameters_need_values_where_mixing_is_unavoidable() -> None:
    a = sp.Symbol("a", real=True)
    pennies = [[[[1, 1], [0, 0]], [[0, 0], [1, 1]]], [[[0, 0], [1, 1]], [[1, 1], [0, 0]]], [[[a, 0], [a, 0]], [[a, 0], [a, 0]]]]
    tables = [np.array(u, dtype=object) for u in pennies]
    free = game(tables, Notation((Parameter(a, "bonus", domain=">0"),)))
    with pytest.raises(NotDecided, match="pure"):
        solve(free, Nash())
    with pytest.raises(NotApplicable):
        solve(free, OneNash())
    (mixed,) = solve(free, Nash(), at={a: 3}).equilibria
    assert isinstance(mixed, Equilibrium) and profile(mixed) == ((R(1, 2), R(1, 2)), (R(1, 2), R(1, 2)), (1, 0))


# Small and published games

def test_one_player_takes_a_best_action_or_any_mixture_of_several() -> None:
    assert [e.outcome for e in solved([np.array([1, 5, 2])]).extreme] == ["a2"]
    (ties,) = solved([np.array([5, 1, 5])]).equilibria
    assert isinstance(ties, Component) and {e.outcome for e in ties.vertices} == {"a1", "a3"}


@pytest.mark.parametrize("seed", range(12))
def test_a_player_with_one_action_leaves_the_equilibria_of_the_two_others(seed: int) -> None:
    first, second = drawn((3, 3), 2, seed)
    three = [first[:, None, :], 0 * first[:, None, :], second[:, None, :]]
    two = solve(MatrixGame.from_arrays(first.tolist(), second.tolist()), Nash())
    assert {(x, z) for x, _, z in listed(solved(three))} == {profile(e) for e in two.extreme}


def test_a_unique_equilibrium_may_be_irrational() -> None:
    """Nau, Gomez Canovas and Hansen (2004), International Journal of Game Theory 32:443-453, section 4."""
    u1, u2, u3 = np.zeros((3, 2, 2, 2), dtype=int)
    u1[0, 0], u1[1, 1] = (3, 1), (1, 2)
    u2[0, 1], u2[1, 0] = (2, 1), (1, 3)
    u3[0, 0, 0], u3[1, 1, 1] = 2, 3
    (equilibrium,) = isolated(solved([u1, u2, u3]))
    root = sp.sqrt(601)
    assert [strategy[0] for strategy in profile(equilibrium)] == [R(53, 46) - root / 46, root / 24 - R(13, 24), root / 4 - R(23, 4)]


def test_three_players_with_two_actions_may_have_nine_equilibria() -> None:
    """McKelvey and McLennan (1997), Journal of Economic Theory 72:411-425: nine is the most for isolated ones."""
    tables = np.zeros((3, 2, 2, 2), dtype=int)
    tables[:, 0, 0, 0], tables[:, 1, 1, 0], tables[:, 0, 1, 1], tables[:, 1, 0, 1] = (9, 8, 12), (9, 8, 2), (3, 4, 6), (3, 4, 4)
    found = isolated(solved(tables))
    assert len(found) == 9 and sum(all(w > 0 for strategy in profile(e) for w in strategy) for e in found) == 2


def test_a_curve_of_completely_mixed_equilibria_is_described() -> None:
    """Nau, Gomez Canovas and Hansen (2004), section 5."""
    u1, u2, u3 = np.zeros((3, 2, 2, 2), dtype=int)
    u1[0, 0, 1], u1[1, 0, 0] = 1, 3
    u2[0, 0, 1], u2[0, 1, 0] = 1, 3
    u3[0, 0, 0], u3[1, 1, 1] = 2, 3
    solution = solved([u1, u2, u3])
    (curve,) = [e for e in solution.equilibria if isinstance(e, Equilibrium) and e.free.atoms]
    x, y = (strategy[0] for strategy in profile(curve)[:2])
    assert sp.cancel(2 * x * y - 3 * (1 - x) * (1 - y)) == 0 and profile(curve)[2] == (R(1, 4), R(3, 4))


def test_selten_s_horse_has_two_continua_of_nash_equilibria() -> None:
    """Selten (1975), International Journal of Game Theory 4:25-55, figure 1."""
    u1, u2, u3 = np.zeros((3, 2, 2, 2), dtype=int)
    u1[0, 0], u1[0, 1], u1[1] = (1, 1), (4, 0), 0
    u2[0, 0], u2[0, 1] = (1, 1), (4, 0)
    u3[0, 0], u3[0, 1] = (1, 1), (0, 1)
    u1[1], u2[1], u3[1] = [[3, 0], [3, 0]], [[2, 0], [2, 0]], [[2, 0], [2, 0]]
    found = {frozenset(e.outcome for e in item.vertices) for item in solved([u1, u2, u3]).equilibria if isinstance(item, Component)}
    assert found == {frozenset({"a1,b1,c2", "a1, b1, 1/4 c1 + 3/4 c2"}), frozenset({"a2,b1,c1", "a2, 1/3 b1 + 2/3 b2, c1"})}


# Against Gambit

GAMBIT = [((2, 2, 2), 12), ((2, 2, 3), 4), ((3, 3, 3), 2), ((2, 2, 2, 2), 4), pytest.param((3, 3, 3), 20, marks=pytest.mark.slow),
          pytest.param((2, 2, 2, 2), 40, marks=pytest.mark.slow), pytest.param((2, 2, 2, 3), 8, marks=pytest.mark.slow)]


@pytest.mark.parametrize(("shape", "games"), GAMBIT)
def test_every_equilibrium_that_enumpoly_finds_is_found_and_the_count_is_odd(shape: tuple[int, ...], games: int) -> None:
    gambit = pytest.importorskip("pygambit")
    for seed in range(games):
        tables = drawn(shape, 1000, seed)
        ours = [decimals(e) for e in isolated(solved(tables))]
        theirs = gambit.nash.enumpoly_solve(gambit.Game.from_arrays(*tables)).equilibria
        for found in theirs:
            probabilities = [float(found[s]) for p in found.game.players for s in p.strategies]
            assert min(max(abs(x - y) for x, y in zip(probabilities, e, strict=True)) for e in ours) < 1e-6, f"seed {seed}"
        assert len(ours) % 2 == 1 and len(ours) >= len(theirs), f"seed {seed}"


def test_enumpoly_misses_a_totally_mixed_equilibrium_that_is_found() -> None:
    gambit = pytest.importorskip("pygambit")
    short = 0
    for seed in range(40):
        tables = drawn((2, 2, 2), 1000, 100 + seed)
        ours = all_equilibria_of_cubes(np.array(tables)[None])
        theirs = gambit.nash.enumpoly_solve(gambit.Game.from_arrays(*tables)).equilibria
        if len(theirs) < len(ours.game):
            short += 1
            assert len(isolated(solved(tables))) == len(ours.game)
    assert short > 0


def test_every_catalogued_game_of_three_or_four_players_is_solved_completely_and_holds_gambit_s_equilibria() -> None:
    """Trees in their reduced strategic form. Enumpoly does not stop on the continua of Nau, Gomez Canovas and Hansen (2004), section 6."""
    gambit = pytest.importorskip("pygambit")
    solutions = {}
    for slug in gambit.catalog.games()["Game"]:
        other = gambit.catalog.load(slug)
        if len(other.players) < 3:
            continue
        tables = [np.array([R(str(value)) for value in np.ravel(u)], dtype=object).reshape(np.shape(u)) for u in other.to_arrays(dtype=gambit.Rational)]
        solutions[slug] = solution = solved(tables)
        ours = [decimals(e) for e in solution.extreme if not e.free.atoms]
        for found in () if slug.endswith("sec6") else gambit.nash.enumpoly_solve(other, use_strategic=True).equilibria:
            probabilities = [float(found[s]) for p in other.players for s in p.strategies]
            assert min(max(abs(x - y) for x, y in zip(probabilities, e, strict=True)) for e in ours) < 1e-6, slug
    assert len(solutions) >= 6 and sum(any(e.free.atoms for e in s.extreme) for s in solutions.values()) >= 2


# Two routes: exact algebra against certified bisection; all equilibria against z3

@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 3, 2), (2, 2, 2, 2), pytest.param((3, 3, 3), marks=pytest.mark.slow)])
def test_bisection_finds_the_supports_that_algebra_finds(shape: tuple[int, ...]) -> None:
    for seed in range(2):
        tables = drawn(shape, 100, 50 + seed)
        exact = isolated(solved(tables))
        carried = [tuple(tuple(k for k, w in enumerate(strategy) if w != 0) for strategy in profile(e)) for e in exact]
        mixed = [s for s in supports(tables) if any(len(own) > 1 for own in s)]
        balls, unsettled = isolate([u.astype(float) for u in tables], mixed)
        assert not unsettled
        accepted = []
        for ball in balls:
            system = System(tuple(tables), ball.support)
            zero = refined(system, ball, 200)
            assert zero is not None
            if decided(system, zero):
                accepted.append(ball.support)
        assert sorted(accepted) == sorted(s for s in carried if any(len(own) > 1 for own in s))


@pytest.mark.parametrize("largest", [1, 2])
def test_no_equilibrium_of_a_tied_game_is_missing(largest: int) -> None:
    """z3 proves that no profile outside the listed points, boxes and families is an equilibrium of a 2 x 2 x 2 game."""
    continua = 0
    for seed in range(12):
        tables = drawn((2, 2, 2), largest, seed)
        solution = solved(tables)
        continua += any(isinstance(e, Component) or bool(e.free.atoms) for e in solution.equilibria)
        assert unlisted(tables, solution) == "unsat", f"seed {seed}"
    assert continua > 4


def test_the_proof_of_completeness_notices_a_missing_equilibrium() -> None:
    tables = drawn((2, 2, 2), 1000, 2)
    solution = solved(tables)
    (regime,) = solution.regimes
    fewer = replace(solution, regimes=(replace(regime, equilibria=regime.equilibria[1:]),))
    assert unlisted(tables, solution) == "unsat" and unlisted(tables, fewer) == "sat"


def unlisted(tables: Tables, solution: Solution) -> str:
    """z3's answer to: is there an equilibrium that the solution does not list?"""
    import z3

    x = [z3.Real(f"w_{j + 1}") for j in range(3)]  # the weights of the second actions
    solver = z3.SolverFor("QF_NRA")
    for i in range(3):
        gap = sum(int(np.take(tables[i], 1, i)[c] - np.take(tables[i], 0, i)[c]) * z3.Product([w if k else 1 - w for k, w in zip(c, _without(x, i), strict=True)])
                  for c in product(range(2), repeat=2))
        solver.add(x[i] >= 0, x[i] <= 1, z3.Or(gap == 0, z3.And(x[i] == 0, gap < 0), z3.And(x[i] == 1, gap > 0)))
    for item in solution.equilibria:
        if isinstance(item, Component):
            for subset in item.subsets:
                weights = [[profile(item.vertices[k])[j][1] for k in subset] for j in range(3)]
                solver.add(z3.Not(z3.And([z3.And(w >= str(min(own)), w <= str(max(own))) for w, own in zip(x, weights, strict=True)])))
        elif item.free.atoms:
            mixing = [j for j in range(3) if all(w != 0 for w in profile(item)[j])]
            named = {f"w_{k + 1}": x[j] for k, j in enumerate(mixing)}
            inside = [_number(body, named) * sign > 0 if strict else _number(body, named) * sign >= 0 for body, sign, strict in _signs(item.free)]
            for j in range(3):
                numerator, denominator = sp.fraction(sp.together(profile(item)[j][1]))
                inside.append(x[j] * _number(denominator, named) == _number(numerator, named))
            solver.add(z3.Not(z3.And(inside)))
        else:
            near = [(sp.Rational(w[1]) if w[1].is_Rational else w[1].evalf(30), R(0) if w[1].is_Rational else R(1, 10**12)) for w in profile(item)]
            bounds = [(R(str(value)) - slack, R(str(value)) + slack) for value, slack in near]
            solver.add(z3.Not(z3.And([z3.And(w >= str(low), w <= str(high)) for w, (low, high) in zip(x, bounds, strict=True)])))
    return str(solver.check())


def _without(values: Sequence[Any], index: int) -> list[Any]:
    return [value for k, value in enumerate(values) if k != index]


def _signs(cell: Any) -> Iterator[tuple[sp.Expr, int, bool]]:
    """The conditions of a cell as sign * body > 0 or >= 0; a condition != 0 only removes limit points and is left out."""
    for body, mask in cell.atoms:
        if mask in (1, 3, 4, 6):
            yield body, 1 if mask in (4, 6) else -1, mask in (1, 4)


def _number(expression: sp.Expr, named: dict[str, Any]) -> Any:
    """A polynomial for z3."""
    import z3

    symbols = sorted(named, key=str)
    total = z3.RealVal(0)
    for powers, coefficient in sp.Poly(expression, *(sp.Symbol(name, real=True) for name in symbols)).terms():
        term = z3.RealVal(str(coefficient))
        for name, power in zip(symbols, powers, strict=True):
            for _ in range(power):
                term = term * named[name]
        total = total + term
    return total


# Invariance

def test_the_order_of_players_and_positive_affine_payoffs_change_nothing_else() -> None:
    for seed, largest in ((1, 2), (2, 2), (3, 50)):
        tables = drawn((2, 3, 2), largest, seed)
        plain = {tuple(map(str, p)) for p in listed(solved(tables))}
        for order in list(permutations(range(3)))[1:4]:
            moved = [np.transpose(tables[j], order) for j in order]
            assert {tuple(str(p[order.index(j)]) for j in range(3)) for p in listed(solved(moved))} == plain
        scaled = [np.array([R(3, 7) * int(v) - 11 for v in u.flat], dtype=object).reshape(u.shape) for u in tables]
        assert {tuple(map(str, p)) for p in listed(solved(scaled))} == plain


# Certificates

def corrupted(solution: Solution, change: sp.Expr) -> Solution:
    """The solution with some probability of its last isolated equilibrium moved to another action."""
    (regime,) = solution.regimes
    equilibrium = next(e for e in reversed(isolated(solution)) if any(0 < w < 1 for strategy in profile(e) for w in strategy))
    player = next(p for p, nodes in equilibrium.strategies.items() if sum(w != 0 for w in nodes[""].values()) > 1)
    first, second = (a for a, w in list(equilibrium.strategies[player][""].items()) if w != 0)
    own = {**equilibrium.strategies[player][""]}
    own[first], own[second] = own[first] + change, own[second] - change
    wrong = replace(equilibrium, strategies={**equilibrium.strategies, player: {"": own}})
    return replace(solution, regimes=(replace(regime, equilibria=tuple(wrong if e is equilibrium else e for e in regime.equilibria)),))


@pytest.mark.parametrize("seed", [0, 3])  # rational and quadratic; of degree nine
def test_a_probability_that_is_off_is_refuted(seed: int) -> None:
    solution = solved(drawn((2, 2, 2, 2), 1000, seed))
    assert certify(solution).passed
    assert certify(corrupted(solution, R(1, 10**30))).refuted


def test_algebraic_probabilities_of_high_degree_are_certified_exactly() -> None:
    found = [e for e in isolated(solved(drawn((2, 2, 2, 2), 1000, 12))) if any(w.atoms(sp.CRootOf) for w in profile(e)[0])]
    assert found and all(root.poly.degree() == 9 for e in found for root in profile(e)[0][0].atoms(sp.CRootOf))


def test_an_enclosed_equilibrium_is_proved_to_exist_within_its_radius() -> None:
    solution = solve(game(drawn((4, 4, 4, 4), 100, 2)), OneNash())
    assert solution.status is Status.WITHIN
    (equilibrium,) = isolated(solution)
    assert equilibrium.quantities["radius"] == R(1, 2**100) and solution.certificate.passed
    wrong = corrupted(solution, R(1, 2**80)) if sum(w != 0 for w in profile(equilibrium)[0]) == 2 else _moved(solution, R(1, 2**80))
    assert not certify(wrong).passed


def _moved(solution: Solution, change: sp.Expr) -> Solution:
    (regime,) = solution.regimes
    (equilibrium,) = regime.equilibria
    assert isinstance(equilibrium, Equilibrium)
    own = dict(equilibrium.strategies["P1"][""])
    first, second = [a for a, w in own.items() if w != 0][:2]
    own[first], own[second] = own[first] + change, own[second] - change
    return replace(solution, regimes=(replace(regime, equilibria=(replace(equilibrium, strategies={**equilibrium.strategies, "P1": {"": own}}),)),))


# Symbolic payoffs, one equilibrium, batches

def test_pure_equilibria_come_with_the_regions_where_they_exist() -> None:
    """A volunteer's dilemma: one of three must pay c to give everyone v."""
    v, c = sp.symbols("v c", positive=True)
    tables = [np.empty((2, 2, 2), dtype=object) for _ in range(3)]
    for cell in product(range(2), repeat=3):
        for j in range(3):
            tables[j][cell] = (v if any(cell) else 0) - (c if cell[j] else 0)
    notation = Notation((Parameter(v, "value", domain=">0"), Parameter(c, "cost", domain=">0")))
    solution = solve(game(tables, notation), Nash())
    assert solution.status is Status.INCOMPLETE and solution.overlapping and solution.certificate.passed
    assert {e.outcome for e in solution.at({v: 2, c: 1}).extreme} == {"a1,b1,c2", "a1,b2,c1", "a2,b1,c1"}
    assert {e.outcome for e in solution.at({v: 1, c: 2}).extreme} == {"a1,b1,c1"}
    assert len(solution.at({v: 1, c: 1}).extreme) == 4


@pytest.mark.parametrize(("shape", "seed"), [((2, 2), 1), ((3, 3, 3), 1), ((10, 10, 10), 1), ((3, 3, 3, 3, 3), 0)])
def test_one_equilibrium_of_a_game_of_any_size(shape: tuple[int, ...], seed: int) -> None:
    solution = solve(game(drawn(shape, 100, seed)), OneNash())
    assert solution.status in (Status.INCOMPLETE, Status.WITHIN) and solution.certificate.passed and len(solution.equilibria) == 1


def test_one_equilibrium_is_among_all_of_them_even_in_tied_games() -> None:
    for seed in range(6):
        tables = drawn((2, 2, 2), 3, seed)
        (one,) = isolated(solve(game(tables), OneNash()))
        (regime,) = solve(game(tables), Nash()).regimes
        assert unlisted(tables, replace(solve(game(tables), OneNash()), regimes=(regime,))) == "unsat" and one.outcome


def test_a_path_that_is_too_short_is_said_to_be() -> None:
    with pytest.raises(BargainError, match="steps"):
        solve(game(drawn((3, 3, 3), 100, 1)), OneNash(steps=2))


def test_a_batch_of_cubes_agrees_with_the_exact_solver_and_flags_ties() -> None:
    tables = np.array([drawn((2, 2, 2), 30, seed) for seed in range(60)])
    found = all_equilibria_of_cubes(tables)
    for number in range(60):
        rows = found.first[found.game == number]
        if found.flagged[number]:
            assert not len(rows)
            continue
        exact = sorted([float(strategy[0]) for strategy in profile(e)] for e in isolated(solved(tables[number])))
        assert np.allclose(sorted(rows.tolist()), exact, atol=1e-9)
    assert 0 < found.flagged.sum() < 40


def test_a_hundred_thousand_cubes_have_an_odd_number_of_equilibria_without_regret() -> None:
    payoffs = np.random.default_rng(7).normal(size=(100_000, 3, 2, 2, 2))
    found = all_equilibria_of_cubes(payoffs)
    counts = np.bincount(found.game, minlength=100_000)
    assert not found.flagged.any() and (counts % 2 == 1).all() and counts.max() <= 9
    x, y, z = (np.stack([found.first[:, j], 1 - found.first[:, j]], axis=1) for j in range(3))
    u = payoffs[found.game]
    for player, (values, own) in enumerate([(np.einsum("kxyz,ky,kz->kx", u[:, 0], y, z), x), (np.einsum("kxyz,kx,kz->ky", u[:, 1], x, z), y),
                                            (np.einsum("kxyz,kx,ky->kz", u[:, 2], x, y), z)]):
        assert (values.max(axis=1) - (values * own).sum(axis=1)).max() < 1e-9, player


def test_the_number_of_complex_zeros_is_known_for_small_supports() -> None:
    assert [count_of_zeros(s) for s in ((2, 2, 2), (3, 3, 3), (2, 2, 2, 2), (2, 2, 2, 2, 2), (1, 2, 2), (1, 1, 2))] == [2, 10, 9, 44, 1, 0]


def test_a_continuum_at_irrational_points_is_named_and_the_list_not_called_complete() -> None:
    tables = drawn((2, 3, 2), 49, 1)
    solution = solve(game([*tables[:2], 0 * tables[2]]), Nash())
    assert solution.status is Status.INCOMPLETE and solution.status.complete is None and solution.certificate.passed
    assert solution.stats["unsettled"] == ("{a1, a2} x {b1, b2, b3} x {c1, c2}",)


def test_polynomials_with_large_coefficients_are_factored() -> None:
    x, _ = fmpz_mpoly_ctx.get(("x", "y"), "degrevlex").gens()
    assert {(str(f), power) for f, power in factors(-3 * (x + 2**70) * (x + 3**60) ** 2)} == {(f"x + {2**70}", 1), (f"x + {3**60}", 2)}


def test_large_denominators_and_large_numbers_stay_exact() -> None:
    tables = [np.array([R(int(v), 10**25 + 13) + 10**20 for v in u.flat], dtype=object).reshape(u.shape) for u in drawn((2, 2, 2), 50, 3)]
    assert listed(solved(tables)) == listed(solved(drawn((2, 2, 2), 50, 3)))
    assert integer_payoffs(game(tables))[0].dtype == object
