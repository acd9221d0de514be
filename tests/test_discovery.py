"""Regimes by discovery: the same partition as the case-by-case route, and the same answers as arrays."""

import random

import numpy as np
import pytest
import sympy as sp

from bargain import Game, Notation, Parameter, SubgamePerfect, TooLarge, decision, payoffs, solve
from bargain.compile import compile_game
from bargain.games.nodes import Node
from bargain.models.ukraine import grand_bargain as grand
from bargain.regions import Space
from bargain.solution import Solution
from bargain.solvers.discovery import discover

a, b, c = sp.symbols("a b c", real=True)
NOTATION = Notation(tuple(Parameter(s, "free", domain="[-2, 2]", prior=(-2, 2), baseline="1/3") for s in (a, b, c)))
PLAYERS = ("A", "B", "C")


def tree(draw: random.Random, depth: int) -> Node:
    if depth == 0:
        return payoffs({player: sum(draw.randint(-3, 3) * s for s in (a, b, c)) + sp.Rational(draw.randint(-7, 7), 3) for player in PLAYERS})
    return decision(draw.choice(PLAYERS), {name: tree(draw, depth - draw.choice((1, 1, 2)) if depth > 1 else 0) for name in ("l", "r")})


def by_outcome(solution: Solution) -> dict[tuple[str, ...], list[object]]:
    cells: dict[tuple[str, ...], list[object]] = {}
    for regime in solution.regimes:
        for equilibrium in regime.extreme():
            cells.setdefault(equilibrium.path, []).extend(regime.condition.cells)
    return cells


def test_a_large_tree_with_many_free_parameters_is_refused_with_what_to_do() -> None:
    with pytest.raises(TooLarge, match="at most 8 free"):
        solve(grand.game, SubgamePerfect())


@pytest.mark.parametrize("seed", range(12))
def test_discovery_and_cases_give_the_same_partition(seed: int) -> None:
    game = Game(f"random {seed}", PLAYERS, NOTATION, tree(random.Random(seed), 3))
    cases, found = SubgamePerfect().run(game), discover(game, SubgamePerfect(), limit=500)
    assert found.status.complete
    space = Space(game.notation)
    left, right = by_outcome(cases), by_outcome(found)
    assert set(left) == set(right)
    for path, cells in left.items():
        closed = [cell.closure() for cell in cells]
        for cell in right[path]:
            assert space.uncovered(closed, cell).answer is False, (path, cell)
        for cell in closed:
            assert space.uncovered(right[path], cell).answer is False, (path, cell)


def test_the_grand_tree_over_three_parameters_is_proved_and_agrees_with_arrays() -> None:
    names = ("v_US", "a_pc", "d")
    solution = solve(grand.game, SubgamePerfect(), free=names)
    assert solution.status.certified and solution.status.complete and solution.certificate.passed
    symbols = [grand.X[name] for name in names]
    draws = np.random.default_rng(5)
    values = {s: draws.uniform(float(grand.NOTATION[s].prior[0]), float(grand.NOTATION[s].prior[1]), 5000) for s in symbols}
    compiled = compile_game(solution.problem)
    reached = np.array(["/".join(compiled.paths[k]) for k in compiled.outcomes(values)])
    covered = np.zeros(5000, dtype=bool)
    for regime in solution.regimes:
        for cell in regime.condition.cells:
            inside = np.ones(5000, dtype=bool)
            for relation in cell.relations():
                inside &= np.broadcast_to(sp.lambdify(symbols, relation)(*values.values()), (5000,))
            assert set(reached[inside]) <= {regime.equilibria[0].outcome}
            covered |= inside
    assert covered.all()


def test_the_regimes_give_the_baseline_answer() -> None:
    solution = solve(grand.game, SubgamePerfect(), free=("F_R",))
    assert solution.at().outcomes == ("Compact/TalksFirst/P/Swap/Accept/Comply",)
    assert solution.at(F_R="0.05").outcomes == solve(grand.game, SubgamePerfect(), at={**grand.NOTATION.baseline, grand.F_R: "0.05"}).outcomes


@pytest.mark.slow
def test_the_grand_tree_over_five_parameters_is_proved() -> None:
    solution = solve(grand.game, SubgamePerfect(), free=("v_US", "a_pc", "d", "F_R", "eta"))
    assert solution.status.complete and solution.certificate.passed
