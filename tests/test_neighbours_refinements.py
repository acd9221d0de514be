"""Perfect and proper equilibria, risk and payoff dominance: published games, continua, brute force, symbols, certificates."""

from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pytest
import sympy as sp
from scipy.optimize import linprog

from bargain import (
    Cell,
    Component,
    MatrixGame,
    Nash,
    NotApplicable,
    Notation,
    Parameter,
    PayoffDominance,
    Perfect,
    Proper,
    RiskDominance,
    Solution,
    Status,
    TooLarge,
    solve,
)
from bargain.certify import certify
from bargain.kernels.refinements import orders
from bargain.models.classics import deterrence

R = sp.Rational
s = sp.Symbol("s", real=True)
MYERSON = [[1, 0, -9], [0, 0, -7], [-9, -7, -7]]
HUNT = MatrixGame.from_arrays([[4, 0], [3, 3]], [[4, 3], [0, 3]], actions=(("Stag", "Hare"), ("Stag", "Hare")))
SYMBOLIC = MatrixGame.from_arrays([[s, 0], [3, 3]], [[s, 3], [0, 3]], actions=(("Stag", "Hare"), ("Stag", "Hare")),
                                  notation=Notation((Parameter(s, "value of a stag", domain=">0"),)))


def outcomes(problem: MatrixGame, solver: Any) -> list[str]:
    """The outcomes of the (extreme) equilibria kept."""
    return [equilibrium.outcome for equilibrium in solve(problem, solver).extreme]


def transposed(matrix: Any) -> list[Any]:
    return [list(column) for column in zip(*matrix, strict=True)]


@pytest.mark.parametrize("solver", [Perfect(), Proper(), RiskDominance(), PayoffDominance()])
def test_other_problems_are_refused_with_a_remedy(solver: Any) -> None:
    three = MatrixGame("Three", ("A", "B", "C"), (("u",), ("l",), ("s",)), {("u", "l", "s"): (1, 1, 1)})  # type: ignore[dict-item]
    for problem in (deterrence.game, three):
        with pytest.raises(NotApplicable) as refusal:
            solve(problem, solver)
        assert refusal.value.remedy
    if isinstance(solver, Proper):
        with pytest.raises(NotApplicable, match="rational"):
            solve(SYMBOLIC, solver)


def test_ties_and_too_many_orders_are_refused() -> None:
    with pytest.raises(NotApplicable, match="indifferent"):
        solve(MatrixGame.from_arrays([[1, 0], [1, 1]], [[1, 0], [0, 1]]), RiskDominance())
    with pytest.raises(NotApplicable, match="3x2"):
        solve(MatrixGame.from_arrays([[1, 0], [1, 1], [0, 0]], [[1, 0], [0, 1], [0, 0]]), RiskDominance())
    with pytest.raises(TooLarge):
        orders([Fraction(0)] * 9, [0])


# Perfect and proper

def test_myersons_game_has_three_equilibria_two_perfect_one_proper() -> None:
    game = MatrixGame.from_arrays(MYERSON, MYERSON)                                                                         # PP1.1
    assert [len(outcomes(game, solver)) for solver in (Nash(), Perfect(), Proper())] == [3, 2, 1]
    perfect, proper = solve(game, Perfect()), solve(game, Proper())
    assert perfect.status is proper.status is Status.CERTIFIED and outcomes(game, Proper()) == ["r1,c1"]
    fallen = dict(proper.extreme[0].dropped)  # type: ignore[attr-defined]
    assert "dominated by" in fallen["r3,c3"] and "order of payoffs" in fallen["r2,c2"]


def test_an_incredible_threat_is_not_perfect() -> None:
    entry = MatrixGame.from_arrays([[0, 0], [-1, 1]], [[2, 2], [-1, 1]], actions=(("out", "in"), ("fight", "share")))
    assert outcomes(entry, Perfect()) == outcomes(entry, Proper()) == ["in,share"]


def test_a_continuum_keeps_its_undominated_faces() -> None:
    whole = solve(MatrixGame.from_arrays([[1, 1], [0, 0]], [[1, 1], [0, 0]]), Perfect())
    assert isinstance(whole.equilibria[0], Component) and whole.equilibria[0].subsets == ((0, 1),)
    part = MatrixGame.from_arrays([[1, 1, 1], [0, 0, 0]], [[1, 1, 1], [5, 5, 0]])
    assert len(outcomes(part, Nash())) == 3 and outcomes(part, Perfect()) == ["r1,c1", "r1,c2"]
    apart = MatrixGame.from_arrays([[1, 1, 1], [0, 0, 0]], [[1, 1, 1], [5, 0, 2]])
    assert outcomes(apart, Perfect()) == ["r1,c1"]
    assert solve(part, Proper()).status is Status.INCOMPLETE and solve(apart, Proper()).status is Status.CERTIFIED


COST, SHARE, HURT = sp.symbols("cost share hurt", positive=True)
ENTRY = MatrixGame.from_arrays([[0, 0], [-COST, SHARE]], [[2, 2], [-HURT, SHARE]], actions=(("out", "in"), ("fight", "share")),
                               notation=Notation(tuple(Parameter(x, "payoff", domain=">0") for x in (COST, SHARE, HURT))))


def test_an_incredible_threat_is_perfect_for_no_parameters() -> None:
    """Selten (1978), Theory and Decision 9:127-159: the incumbent's tie after `out` holds everywhere. Regimes differ in the beliefs that are stated."""
    nash, perfect = solve(ENTRY, Nash()), solve(ENTRY, Perfect())
    assert {len(list(regime.extreme())) for regime in nash.regimes} == {3}
    assert perfect.status is Status.PROVED
    for regime in perfect.regimes:
        (found,) = regime.extreme()
        assert found.outcome == "in,share" and "out,fight" in dict(found.dropped)  # type: ignore[attr-defined]
    exact = solve(ENTRY, Perfect(exact=True))
    assert exact.status is Status.PROVED and not exact.boundary.cells and {e.outcome for r in exact.regimes for e in r.extreme()} == {"in,share"}


@pytest.mark.parametrize("seed", [5, 6, 9])
def test_perfect_equilibria_by_regimes_are_those_of_the_numbers(seed: int) -> None:
    """Seed 5: at s = 0 the beliefs of the regime next to it lose an action; seed 9: a component."""
    from test_existence import points, random_game

    random = Random(seed)
    game = random_game(300 + seed, random.randint(2, 3), random.randint(2, 3), random.randint(1, 2))
    symbolic = solve(game, Perfect())
    assert symbolic.status is Status.PROVED
    for point in points(game, random, 6):
        assert kept(symbolic.at(point)) == kept(solve(game, Perfect(), at=point)), point


def kept(solution: Solution) -> list[tuple[list[str], Any]]:
    """The groups of a one-regime solution: their extreme equilibria, and how many products they consist of."""
    groups = [(item.vertices, item.subsets) if isinstance(item, Component) else ((item,), ()) for item in solution.equilibria]
    return sorted((sorted(str([[sp.cancel(w) for w in nodes[""].values()] for nodes in e.strategies.values()]) for e in vertices), len(subsets))
                  for vertices, subsets in groups)


def test_corrupted_symbolic_perfection_is_refuted() -> None:
    solution = solve(ENTRY, Perfect())
    (found,) = solution.regimes[0].extreme()
    threat = next(e for e in solve(ENTRY, Nash()).regimes[0].extreme() if e.outcome == "out,fight")
    epsilon = sp.Symbol("epsilon", positive=True)
    assert corrupted(solution, replace(found, strategies=threat.strategies, payoffs=threat.payoffs))
    assert corrupted(solution, replace(found, beliefs={**found.beliefs, "column": {"out": R(1), "in": R(0)}}))
    afraid = {"fight": 2 * SHARE / (2 * SHARE + COST), "share": COST / (2 * SHARE + COST)}  # to these beliefs `out` is better
    assert corrupted(solution, replace(found, beliefs={**found.beliefs, "row": afraid}))
    assert corrupted(solution, replace(found, trembles={**found.trembles, "row": {"out": epsilon**2, "in": 1 - epsilon**2}}))


def test_a_dominated_row_changes_what_is_proper_but_not_what_is_perfect_here() -> None:
    """Adding dominated actions can make an equilibrium proper's rival fall (Myerson 1978): in the 2 x 2 part both refinements agree."""
    small = [row[:2] for row in MYERSON[:2]]
    game = MatrixGame.from_arrays(small, small)
    assert outcomes(game, Perfect()) == outcomes(game, Proper()) == ["r1,c1"]


def undominated(own: Any, weights: Any) -> bool:
    """Whether no mixture does at least as well everywhere and better in sum, in floating point."""
    table = np.array(own, dtype=float)
    paid = np.array([float(w) for w in weights]) @ table
    best = linprog(-table.sum(axis=1), -table.T, -paid + 1e-12, np.ones((1, len(table))), [1.0])
    return bool(-best.fun <= paid.sum() + 1e-7)


def test_random_degenerate_games_keep_the_undominated_and_have_a_proper_equilibrium() -> None:
    random = Random(951)
    for trial in range(40):
        m, n = random.choice([2, 3]), random.choice([2, 3])
        first, second = ([[random.randint(0, 2) for _ in range(n)] for _ in range(m)] for _ in range(2))
        game = MatrixGame.from_arrays(first, second)
        extremes = {e.outcome: e for e in solve(game, Nash()).extreme}
        expected = {name for name, e in extremes.items() if undominated(first, e.strategies["row"][""].values())
                    and undominated(transposed(second), e.strategies["column"][""].values())}
        assert set(outcomes(game, Perfect())) == expected, f"seed 951, trial {trial}"
        assert set() < set(outcomes(game, Proper())) <= expected, f"seed 951, trial {trial}"


@pytest.mark.parametrize("shape", [(3, 3), (2, 4)])
def test_all_equilibria_of_generic_games_are_proper(shape: tuple[int, int]) -> None:
    """In almost all games every equilibrium is regular, hence proper (van Damme 1991, 2.5 and 2.6)."""
    random = Random(952)
    for trial in range(10):
        second = [random.sample(range(-99, 99), shape[1]) for _ in range(shape[0])]
        game = MatrixGame.from_arrays(transposed([random.sample(range(-99, 99), shape[0]) for _ in range(shape[1])]), second)
        assert sorted(outcomes(game, Proper())) == sorted(outcomes(game, Perfect())) == sorted(outcomes(game, Nash())), f"seed 952, trial {trial}"


def test_rescaling_payoffs_changes_no_refinement() -> None:
    scaled = [[7 * value - 3 for value in row] for row in MYERSON]
    for solver in (Perfect(), Proper()):
        assert outcomes(MatrixGame.from_arrays(scaled, MYERSON), solver) == outcomes(MatrixGame.from_arrays(MYERSON, MYERSON), solver)


# Selection

def test_the_stag_hunt_divides_the_two_criteria() -> None:
    risk, payoff = solve(HUNT, RiskDominance()).extreme[0], solve(HUNT, PayoffDominance()).extreme[0]
    assert risk.outcome == "Hare,Hare" and risk.quantities == {"loss product": 9, "other loss product": 1}                  # RD1.1
    assert payoff.outcome == "Stag,Stag" and payoff.reason.startswith("payoff-dominant")  # type: ignore[attr-defined]


def test_selection_by_regimes_of_the_value_of_a_stag() -> None:
    risk, payoff = solve(SYMBOLIC, RiskDominance()), solve(SYMBOLIC, PayoffDominance())
    assert risk.status is payoff.status is Status.PROVED
    assert {r.cell: r.equilibria[0].outcome for r in risk.regimes} == {  # type: ignore[union-attr]
        Cell.of(s < 3): "Hare,Hare", Cell.of(s > 3, s < 6): "Hare,Hare", Cell.of(s > 6): "Stag,Stag"}
    assert {e.outcome for r in payoff.regimes for e in r.extreme()} == {"Hare,Hare", "Stag,Stag"}
    assert len(solve(SYMBOLIC, RiskDominance(exact=True)).regimes[-1].equilibria) >= 1


def test_equal_loss_products_keep_both_equilibria() -> None:
    tied = solve(SYMBOLIC.at({s: 6}), RiskDominance())
    assert [e.outcome for e in tied.extreme] == ["Stag,Stag", "Hare,Hare"] and "tie" in tied.extreme[0].reason  # type: ignore[attr-defined]


def test_games_with_one_equilibrium_select_it() -> None:
    for game in (MatrixGame.from_arrays([[3, 0], [5, 1]], [[3, 5], [0, 1]]), MatrixGame.from_arrays([[9, 0], [0, 1]], [[0, 1], [1, 0]])):
        assert outcomes(game, RiskDominance()) == outcomes(game, PayoffDominance()) == outcomes(game, Nash())


def test_several_equilibria_may_be_payoff_undominated() -> None:
    battle = MatrixGame.from_arrays([[3, 0], [0, 1]], [[1, 0], [0, 3]])
    assert outcomes(battle, PayoffDominance()) == ["r1,c1", "r2,c2"]


# Certificates

def corrupted(solution: Solution, answer: Any) -> bool:
    """Whether the certificate refuses an answer put in place of the first."""
    rest = solution.regimes[0].equilibria[1:]
    return bool(certify(replace(solution, regimes=(replace(solution.regimes[0], equilibria=(answer, *rest)),))).refuted)


def test_corrupted_refinements_are_refuted() -> None:
    game = MatrixGame.from_arrays(MYERSON, MYERSON)
    worst = next(e for e in solve(game, Nash()).extreme if e.outcome == "r3,c3")
    middle = next(e for e in solve(game, Perfect()).extreme if e.outcome == "r2,c2")
    perfect, proper = solve(game, Perfect()), solve(game, Proper())
    right: Any = perfect.equilibria[0]
    epsilon = sp.Symbol("epsilon", positive=True)
    assert corrupted(perfect, replace(right, strategies=worst.strategies, payoffs=worst.payoffs))
    assert corrupted(perfect, replace(right, beliefs={**right.beliefs, "row": {"c1": R(1), "c2": R(0), "c3": R(0)}}))
    assert corrupted(perfect, replace(right, trembles={**right.trembles, "row": {"r1": 1 - epsilon, "r2": epsilon, "r3": R(0)}}))
    found: Any = proper.equilibria[0]
    assert corrupted(proper, replace(found, strategies=middle.strategies, payoffs=middle.payoffs, trembles=middle.trembles))
    assert corrupted(proper, replace(found, trembles={**found.trembles, "row": {"r1": 1 - 2 * epsilon, "r2": epsilon, "r3": epsilon}}))
    assert not corrupted(proper, found)


def test_the_wrong_selection_is_refuted() -> None:
    equilibria = {e.outcome: e for e in solve(HUNT, Nash()).extreme}
    for solver, other in ((RiskDominance(), "Stag,Stag"), (PayoffDominance(), "Hare,Hare"), (RiskDominance(), "3/4 Stag + 1/4 Hare, 3/4 Stag + 1/4 Hare")):
        solution = solve(HUNT, solver)
        wrong = equilibria[other]
        assert corrupted(solution, replace(solution.extreme[0], strategies=wrong.strategies, payoffs=wrong.payoffs)), (solver, other)
