"""One equilibrium of a large game, the value of a zero-sum game, and the index of an equilibrium: refusals, formulas, proofs."""

from fractions import Fraction
from random import Random
from typing import Any

import pytest
import sympy as sp

from bargain import BadInput, Equilibrium, LemkeHowson, MatrixGame, Nash, NotApplicable, Notation, NotDecided, Parameter, Status, ZeroSum, equilibrium_index, solve
from bargain.kernels.bimatrix import extreme_equilibria, max_regret, refined_lemke_howson
from bargain.kernels.refined_path import path_supports, solved_supports

R = sp.Rational
s = sp.Symbol("s", real=True)


def random_game(seed: int, m: int, n: int, largest: int) -> MatrixGame:
    random = Random(seed)
    return MatrixGame.from_arrays(*([[random.randint(0, largest) for _ in range(n)] for _ in range(m)] for _ in range(2)))


def weights(equilibrium: Equilibrium) -> list[list[sp.Expr]]:
    return [list(nodes[""].values()) for nodes in equilibrium.strategies.values()]


# One path

@pytest.mark.parametrize(("problem", "solver"), [
    (MatrixGame.from_arrays([[s]], [[1]], notation=Notation((Parameter(s, "s"),))), LemkeHowson()),
    (MatrixGame("Three", ("A", "B", "C"), (("u",), ("l",), ("s",)), {("u", "l", "s"): (1, 1, 1)}), LemkeHowson()),  # type: ignore[dict-item]
    (MatrixGame.from_arrays([[1, 0]], [[0, 0]]), ZeroSum()),
    ("no game", ZeroSum()),
])
def test_what_does_not_fit_is_refused(problem: Any, solver: Any) -> None:
    with pytest.raises(NotApplicable):
        solve(problem, solver)


def test_a_label_that_no_action_has_is_refused() -> None:
    with pytest.raises(BadInput, match="take 0 to 3"):
        solve(random_game(1, 2, 2, 5), LemkeHowson(label=4))


def test_labels_lead_to_different_equilibria_and_none_claims_to_be_the_only_one() -> None:
    game = MatrixGame.from_arrays([[3, 0, 0], [0, 2, 0], [0, 0, 1]], [[1, 0, 0], [0, 2, 0], [0, 0, 3]])
    solutions = [solve(game, LemkeHowson(label=label)) for label in range(3)]
    assert [x.outcomes for x in solutions] == [("r1,c1",), ("r2,c2",), ("r3,c3",)]
    assert all(x.status is Status.INCOMPLETE and x.certificate.passed for x in solutions)


@pytest.mark.parametrize("seed", range(120))
def test_paths_in_floats_end_at_exact_extreme_equilibria(seed: int) -> None:
    random = Random(seed)
    m, n, largest = random.randint(1, 5), random.randint(1, 5), random.choice([1, 2, 100])
    a, b = ([[random.randint(0, largest) for _ in range(n)] for _ in range(m)] for _ in range(2))
    assert refined_lemke_howson(a, b, random.randrange(m + n)) in extreme_equilibria(a, b)


def test_most_large_games_are_solved_without_the_exact_path() -> None:
    for seed in range(6):
        random = Random(seed)
        a, b = ([[random.randint(0, 1000) for _ in range(80)] for _ in range(80)] for _ in range(2))
        supports = path_supports(a, b, 0)
        assert supports is not None
        y, x = solved_supports(a, *supports), solved_supports(list(zip(*b, strict=True)), *supports[::-1])
        assert x is not None and y is not None and min(*x, *y) >= 0 and max_regret(a, b, x, y) == 0


def test_payoffs_beyond_floats_are_left_to_the_exact_path() -> None:
    huge = 10**400
    assert path_supports([[huge, 0], [0, huge]], [[1, 0], [0, 1]], 0) is None
    assert refined_lemke_howson([[huge, 0], [0, 1]], [[0, 1], [1, 0]])[1] == (Fraction(1, huge + 1), Fraction(huge, huge + 1))


@pytest.mark.parametrize("seed", [4, 8, 11])
def test_a_large_game_whose_first_path_does_not_end_soon_is_solved_by_another(seed: int) -> None:
    random = Random(seed)
    a, b = ([[random.randrange(10**6) for _ in range(300)] for _ in range(300)] for _ in range(2))
    assert path_supports(a, b, 0) is None
    x, y = refined_lemke_howson(a, b)
    assert min(*x, *y) >= 0 and sum(x) == sum(y) == 1 and max_regret(a, b, x, y) == 0


def test_a_game_too_large_for_an_exact_path_is_refused() -> None:
    a = [[10**400 if i == j else 0 for j in range(101)] for i in range(101)]
    with pytest.raises(NotDecided, match="101 x 101"):
        refined_lemke_howson(a, a)


def test_an_equilibrium_of_forty_by_forty_actions_is_certified() -> None:
    solution = solve(random_game(3, 40, 40, 1000), LemkeHowson())
    assert solution.certificate.passed and solution.certificate.max_regret == 0


# Zero-sum games

def test_rock_paper_scissors_with_a_heavier_stone() -> None:
    a = [[0, -1, 2], [1, 0, -1], [-2, 1, 0]]
    (found,) = solve(MatrixGame.from_arrays(a, [[-u for u in row] for row in a]), ZeroSum()).equilibria
    assert isinstance(found, Equilibrium) and found.quantities == {"value": 0} and weights(found) == [[R(1, 4), R(1, 2), R(1, 4)]] * 2


@pytest.mark.parametrize("seed", range(30))
def test_the_value_is_what_every_equilibrium_pays(seed: int) -> None:
    random = Random(seed)
    m, n, constant = random.randint(1, 5), random.randint(1, 5), random.randint(-3, 3)
    a = [[R(random.randint(-4, 4), random.choice([1, 3])) for _ in range(n)] for _ in range(m)]
    game = MatrixGame.from_arrays(a, [[constant - u for u in row] for row in a])
    solution = solve(game, ZeroSum())
    (found,) = solution.extreme
    assert solution.status is Status.INCOMPLETE and solution.certificate.passed
    assert {e.payoffs["row"] for e in solve(game, Nash()).extreme} == {found.quantities["value"]} == {found.payoffs["row"]}


def test_a_large_zero_sum_game_is_solved_exactly() -> None:
    random = Random(9)
    a = [[random.randint(-1000, 1000) for _ in range(30)] for _ in range(45)]
    solution = solve(MatrixGame.from_arrays(a, [[-u for u in row] for row in a]), ZeroSum())
    x, y = weights(solution.extreme[0])
    value = solution.extreme[0].quantities["value"]
    assert max(sum(u * w for u, w in zip(row, y, strict=True)) for row in a) == value == min(sum(row[j] * w for row, w in zip(a, x, strict=True)) for j in range(30))


# Index

def test_indices_of_nondegenerate_games_add_up_to_one() -> None:
    for seed in range(40):
        random = Random(seed)
        game = random_game(seed, random.randint(2, 4), random.randint(2, 4), 1000)
        found = solve(game, Nash()).equilibria
        indices = [equilibrium_index(game, e) for e in found if isinstance(e, Equilibrium)]
        assert len(indices) == len(found) and sum(indices) == 1, f"seed {seed}"
        assert all(index == 1 for index, e in zip(indices, found, strict=True) if all(max(side) == 1 for side in weights(e)))


def test_in_a_coordination_game_the_index_is_the_parity_of_the_support() -> None:
    game = MatrixGame.from_arrays(sp.eye(4).tolist(), sp.eye(4).tolist())
    for equilibrium in solve(game, Nash()).extreme:
        assert equilibrium_index(game, equilibrium) == (-1) ** (sum(w != 0 for w in weights(equilibrium)[0]) + 1)


def test_a_path_from_the_artificial_equilibrium_ends_at_index_plus_one() -> None:
    for seed in range(20):
        game = random_game(seed, 3, 3, 1000)
        found = [equilibrium_index(game, e) for e in solve(game, Nash()).extreme]
        assert found.count(1) == found.count(-1) + 1
        for label in range(6):
            assert equilibrium_index(game, solve(game, LemkeHowson(label=label)).extreme[0]) == 1


def test_ties_and_continua_have_no_index() -> None:
    game = MatrixGame.from_arrays([[1, 1], [0, 2]], [[1, 1], [1, 2]])
    for equilibrium in solve(game, Nash()).extreme:
        if weights(equilibrium) == [[0, 1], [0, 1]]:
            assert equilibrium_index(game, equilibrium) == 1
        else:
            with pytest.raises(NotApplicable):
                equilibrium_index(game, equilibrium)


def test_with_a_parameter_the_index_holds_on_a_region_or_is_not_decided() -> None:
    game = MatrixGame.from_arrays([[s, 0], [0, 1]], [[1, 0], [0, 1]], notation=Notation((Parameter(s, "stake"),)))
    solution = solve(game, Nash(partition=False))
    by_outcome = {r.equilibria[0].outcome: (r.equilibria[0], r.condition) for r in solution.regimes}  # type: ignore[union-attr]
    assert {name: equilibrium_index(game, e, where) for name, (e, where) in by_outcome.items() if isinstance(e, Equilibrium)} == {  # type: ignore[arg-type]
        "r1,c1": 1, "r2,c2": 1, "1/2 r1 + 1/2 r2, 1/(s + 1) c1 + s/(s + 1) c2": -1}
    mixed = next(e for name, (e, _) in by_outcome.items() if "+" in name)
    with pytest.raises(NotDecided):
        equilibrium_index(game, mixed)  # type: ignore[arg-type]
