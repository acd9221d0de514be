"""Dominance and rationalizability: published games, order dependence, n players, symbols, and certificates that refute."""

from dataclasses import replace
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest
import sympy as sp
from scipy.optimize import linprog

from bargain import IteratedDominance, MatrixGame, NotApplicable, Notation, Parameter, Rationalizability, Space, Status, solve
from bargain.certify import certify
from bargain.findings.strategic import Survivors
from bargain.models.classics import deterrence

a, b, c = sp.symbols("a b c", real=True)
STRICT, WEAK = IteratedDominance(), IteratedDominance(weak=True)


def game(first: Any, second: Any, **more: Any) -> MatrixGame:
    """A game from two matrices."""
    return MatrixGame.from_arrays(first, second, **more)


def random_game(random: Random, shape: tuple[int, ...], values: int = 4) -> MatrixGame:
    """Integer payoffs in a small range, so that ties occur."""
    actions = tuple(tuple(f"{'abc'[k]}{i}" for i in range(m)) for k, m in enumerate(shape))
    cells = {cell: tuple(sp.Integer(random.randrange(values)) for _ in shape) for cell in product(*actions)}
    return MatrixGame("random", tuple("ABC"[: len(shape)]), actions, cells)


def found(problem: MatrixGame, solver: Any) -> Survivors:
    """The one answer of a game without parameters."""
    solution = solve(problem, solver)
    assert solution.status is Status.CERTIFIED and isinstance(solution.equilibria[0], Survivors)
    return solution.equilibria[0]


def travellers(highest: int) -> MatrixGame:
    """The traveller's dilemma (Basu 1994): claims 2, ..., highest; the lower claim is paid, two more to its author, two less to the other."""
    claims = range(2, highest + 1)
    own = [[min(i, j) + 2 * ((i < j) - (i > j)) for j in claims] for i in claims]
    names = [str(i) for i in claims]
    return game(own, [list(column) for column in zip(*own, strict=True)], actions=(names, names))


# Refusals

@pytest.mark.parametrize("solver", [STRICT, Rationalizability()])
def test_trees_are_refused_with_a_remedy(solver: Any) -> None:
    with pytest.raises(NotApplicable) as refusal:
        solve(deterrence.game, solver)
    assert refusal.value.remedy


def test_less_than_one_round_is_refused() -> None:
    with pytest.raises(NotApplicable, match="rounds"):
        solve(game([[1]], [[1]]), IteratedDominance(rounds=0))


# Published games

def test_the_prisoners_dilemma_leaves_one_cell_and_its_payoffs() -> None:
    left = found(game([[3, 0], [5, 1]], [[3, 5], [0, 1]]), STRICT)
    assert left.survivors == {"row": ("r2",), "column": ("c2",)} and left.payoffs == {"row": 1, "column": 1}


def test_a_mixture_dominates_where_no_pure_action_does() -> None:
    table = game([[3, 0], [0, 3], [1, 1]], [[0, 1], [1, 0], [5, 0]])
    step = found(table, STRICT).eliminated[0]
    assert (step.action, sum(step.by.values())) == ("r3", 1) and len(step.by) == 2
    assert found(table, IteratedDominance(mixed=False)).eliminated == ()


@pytest.mark.parametrize("highest", [4, 7])
def test_the_travellers_dilemma_falls_claim_by_claim(highest: int) -> None:
    left = found(travellers(highest), WEAK)
    assert left.survivors == {"row": ("2",), "column": ("2",)} and left.eliminated[-1].round == highest - 2
    assert found(travellers(highest), IteratedDominance(weak=True, rounds=1)).survivors["row"] == tuple(str(i) for i in range(2, highest))


def test_the_order_of_weak_elimination_may_matter_and_is_then_said() -> None:
    table = game([[1, 0], [1, 2], [0, 2]], [[1, 0], [1, 1], [0, 1]], actions=(("U", "M", "D"), ("L", "R")))
    left = found(table, WEAK)
    assert left.survivors == {"row": ("M",), "column": ("L", "R")}
    assert left.others is not None and {tuple(map(len, other.values())) for other in left.others} >= {(2, 1)}
    assert "order of elimination matters" in left.notion
    assert found(travellers(5), WEAK).others == ()
    assert found(table, STRICT).others == ()


def test_rationalizable_actions_are_best_replies_to_their_conjectures() -> None:
    table = random_game(Random(911), (4, 4), 9)
    left = found(table, Rationalizability())
    assert left.survivors == found(table, STRICT).survivors
    assert {action for own in left.conjectures.values() for action in own} == {action for names in left.survivors.values() for action in names}
    assert "correlated" in left.notion


# Against other programs

def never_best(problem: MatrixGame, kept: tuple[tuple[str, ...], ...], index: int, action: str) -> bool:
    """Whether no lottery over the others' cells makes the action optimal, by a floating-point program."""
    cells = list(product(*(names for k, names in enumerate(kept) if k != index)))
    paid = np.array([[float(problem.payoffs[(*cell[:index], name, *cell[index:])][index]) for cell in cells] for name in kept[index]])
    gaps = paid - paid[kept[index].index(action)]
    result = linprog([*([0.0] * len(cells)), 1.0], np.column_stack([gaps, -np.ones(len(gaps))]), np.zeros(len(gaps)),
                     [[*([1.0] * len(cells)), 0.0]], [1.0], [*([(0, None)] * len(cells)), (None, None)])
    return bool(result.fun > 1e-9)


@pytest.mark.parametrize("shape", [(3, 3), (4, 3), (2, 3, 2)])
def test_random_games_lose_exactly_what_is_never_a_best_reply(shape: tuple[int, ...]) -> None:
    random = Random(912)
    for trial in range(25):
        problem = random_game(random, shape)
        kept = problem.actions
        while True:
            left = tuple(tuple(action for action in names if not never_best(problem, kept, k, action)) for k, names in enumerate(kept))
            if left == kept:
                break
            kept = left
        assert tuple(found(problem, Rationalizability()).survivors.values()) == kept, f"seed 912, trial {trial}"


@pytest.mark.parametrize(("solver", "strict"), [(IteratedDominance(mixed=False), True), (IteratedDominance(weak=True, mixed=False), False)])
def test_pure_dominance_agrees_with_gambit(solver: IteratedDominance, strict: bool) -> None:
    gambit = pytest.importorskip("pygambit")
    random = Random(913)
    for trial in range(30):
        problem = random_game(random, (3, 3, 2) if trial % 2 else (4, 4))
        arrays = [np.array([int(problem.payoffs[cell][k]) for cell in problem]).reshape(problem.shape) for k in range(len(problem.players))]
        form = gambit.Game.from_arrays(*arrays)
        support = form.strategy_support_profile()
        while True:
            smaller = gambit.supports.undominated_strategies_solve(support, strict=strict, external=False)
            if smaller == support:
                break
            support = smaller
        theirs = tuple(tuple(problem.actions[k][j] for j, s in enumerate(player.strategies) if s in list(support)) for k, player in enumerate(form.players))
        assert tuple(found(problem, solver).survivors.values()) == theirs, f"seed 913, trial {trial}"


# Symbols

def test_a_mixture_dominates_exactly_where_the_frontier_says() -> None:
    notation = Notation(tuple(Parameter(s, "payoff", domain=">0") for s in (a, b, c)))
    table = game([[a, 0], [0, b], [c, c]], [[0, 1], [1, 0], [0, 0]], notation=notation)
    solution = solve(table, STRICT)
    assert solution.status is Status.PROVED and len(solution.regimes) == 5
    (dominated,) = (r for r in solution.regimes if r.equilibria[0].survivors["row"] == ("r1", "r2"))  # type: ignore[union-attr]
    assert Space(notation).implies(dominated.cell, dominated.cell.of(a * b > c * (a + b))).answer
    random, weakly = Random(914), solve(table, WEAK)
    for trial in range(20):
        point = {s: sp.Rational(random.randint(1, 6), random.randint(1, 3)) for s in (a, b, c)}
        for solver, symbolic in ((STRICT, solution), (WEAK, weakly)):
            assert symbolic.at(point).equilibria[0].survivors == found(table.at(point), solver).survivors, f"seed 914, trial {trial}"  # type: ignore[union-attr]


def test_boundaries_are_solved_on_request() -> None:
    table = game([[a, 0], [0, 1]], [[1, 0], [0, 1]], notation=Notation((Parameter(a, "payoff"),)))
    solution = solve(table, IteratedDominance(weak=True, exact=True))
    assert solution.status is Status.PROVED and not solution.boundary.cells
    assert any(Space(table.notation).contains({a: sp.Integer(0)}, cell) for regime in solution.regimes for cell in regime.condition)
    assert solve(table, WEAK).boundary.cells


# Certificates

@pytest.mark.parametrize("solver", [STRICT, WEAK, Rationalizability()])
def test_corrupted_eliminations_are_refuted(solver: Any) -> None:
    solution = solve(game([[3, 0], [0, 3], [1, 1]], [[0, 1], [1, 0], [5, 0]]), solver)
    right = solution.equilibria[0]
    assert isinstance(right, Survivors)
    step, half = right.eliminated[0], sp.Rational(1, 2)
    lottery = {cell: half for cell in right.conjectures["row"]["r1"]}
    wrong = [
        replace(right, eliminated=()),
        replace(right, eliminated=(replace(step, by={"r1": sp.Integer(1)}),)),
        replace(right, eliminated=(replace(step, by={"r1": half, "r2": sp.Rational(1, 3)}),)),
        replace(right, eliminated=(*right.eliminated, replace(step, action="r2", by={"r1": sp.Integer(1)}))),
        replace(right, survivors={**right.survivors, "column": ("c1",)}),
        replace(right, conjectures={**right.conjectures, "column": {**right.conjectures["column"], "c1": {("r1",): sp.Integer(1), ("r2",): sp.Integer(0)}}}),
        replace(right, conjectures={"row": {"r1": lottery}, "column": {"c1": {("r1",): half}}}),
    ]
    assert certify(solution).passed
    for number, answer in enumerate(wrong):
        corrupted = replace(solution, regimes=(replace(solution.regimes[0], equilibria=(answer,)),))
        assert certify(corrupted).refuted, f"corruption {number}"


def test_renaming_and_rescaling_change_nothing_else() -> None:
    random = Random(915)
    problem = random_game(random, (3, 4))
    scaled = {tuple(f"x{name}" for name in cell): (3 * values[0] - 7, values[1] / 5 + Fraction(1, 3)) for cell, values in problem.payoffs.items()}
    renamed = MatrixGame("renamed", problem.players, tuple(tuple(f"x{name}" for name in names) for names in problem.actions), scaled)
    for solver in (STRICT, WEAK):
        left = found(problem, solver).survivors
        assert {player: tuple(f"x{name}" for name in names) for player, names in left.items()} == found(renamed, solver).survivors
