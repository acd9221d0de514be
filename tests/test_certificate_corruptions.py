"""Corrupted answers that are consistent in themselves, each of which one check alone can see; found by mutating the checks."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
import sympy as sp

from bargain import (
    BanzhafValue,
    Cell,
    CoalitionalGame,
    Core,
    Game,
    MatrixGame,
    Notation,
    Nucleolus,
    Parameter,
    ShapleyValue,
    Space,
    TauValue,
    VariableThreats,
    chance,
    decision,
    payoffs,
    solve,
)
from bargain.certify import certify
from bargain.certify.deviations import expected, plan_payoffs

KALAI = MatrixGame.from_arrays([[2, 10], [4, 0]], [[6, 5], [8, 0]])
POSITIVE = MatrixGame.from_arrays([[3, 7], [5, 2]], [[9, 4], [1, 6]])


@pytest.mark.parametrize("game", [KALAI, POSITIVE], ids=["Kalai", "positive"])
def test_worse_threats_with_their_own_disagreement_are_refuted(game: Any) -> None:
    """The settlement stays right and the disagreement fits the threats; but a reply to a worse threat gains from it."""
    solution = solve(game, VariableThreats())
    right: Any = solution.equilibria[0]
    best = {player: right.strategies[player][""] for player in game.players}
    refuted = 0
    for rows, columns in product((best["row"], *_pure(game.actions[0])), (best["column"], *_pure(game.actions[1]))):
        met = [sp.Add(*(rows.get(i, 0) * columns.get(j, 0) * game.payoffs[i, j][k] for i, j in game.payoffs)) for k in (0, 1)]
        quantities = {**right.quantities, "disagreement of row": met[0], "disagreement of column": met[1]}
        wrong = replace(right, strategies={"row": {"": rows}, "column": {"": columns}}, quantities=quantities)
        told = certify(replace(solution, regimes=(replace(solution.regimes[0], equilibria=(wrong,)),)))
        changed = {"row": rows != best["row"], "column": columns != best["column"]}
        accused = {player for player in changed if any(claim.startswith(f"threat: of {player} fails") for claim in told.refuted)}
        assert accused <= {player for player, other in changed.items() if other}
        refuted += bool(accused)
    assert refuted >= 4


def _pure(actions: tuple[str, ...]) -> list[dict[str, sp.Expr]]:
    return [{name: sp.Integer(name == chosen) for name in actions} for chosen in actions]


def test_plans_in_symbols_pay_the_products_of_their_chances() -> None:
    """A wins v with chance p if B answers yes, which B does with weight q; each player's other plan pays what the tree says."""
    p, q, v = sp.symbols("p q v", real=True)
    unit = (Parameter(p, "chance", domain="[0, 1]"), Parameter(q, "weight", domain="[0, 1]"), Parameter(v, "prize"))
    ask = decision("A", ask=decision("B", yes=payoffs(A=v, B=1 - v), no=payoffs(A=0, B=p)), rest=payoffs(A=q, B=0))
    game = Game("Asking", ("A", "B"), unit, chance(on=(p, ask), off=(1 - p, payoffs(A=1, B=2))))
    strategies = {"A": {"on": {"ask": sp.Integer(1), "rest": sp.Integer(0)}}, "B": {"on/ask": {"yes": q, "no": 1 - q}}}
    paid = expected(game, strategies)
    assert sp.expand(paid["A"] - (p * q * v + 1 - p)) == 0
    assert sp.expand(paid["B"] - (p * (q * (1 - v) + (1 - q) * p) + 2 * (1 - p))) == 0
    plans = {sp.expand(value) for value in plan_payoffs(game, (), {}, strategies, "A")}
    assert plans == {sp.expand(p * q * v + 1 - p), sp.expand(p * q + 1 - p)}


@pytest.mark.parametrize("solver", [ShapleyValue(), BanzhafValue(), TauValue(), Nucleolus(), Core()], ids=lambda solver: type(solver).__name__)
@pytest.mark.parametrize("step", [sp.Rational(1, 97), -sp.Rational(1, 97)], ids=["more", "less"])
def test_one_share_moved_either_way_is_refuted(solver: Any, step: sp.Expr) -> None:
    game = CoalitionalGame("Three", ("A", "B", "C"), {("A", "B"): 4, ("A", "C"): 3, ("B", "C"): 2, ("A", "B", "C"): 6})
    solution = solve(game, solver)
    for item in solution.regimes[0].equilibria:
        vertices = getattr(item, "vertices", (item,))
        moved = replace(vertices[0], payoffs={**vertices[0].payoffs, "B": vertices[0].payoffs["B"] + step})
        wrong = replace(item, vertices=(moved, *vertices[1:])) if hasattr(item, "vertices") else moved
        assert certify(replace(solution, regimes=(replace(solution.regimes[0], equilibria=(wrong,)),))).refuted


def test_a_logarithm_lies_below_its_tangent_and_an_exponential_above() -> None:
    """log u <= u - 1 and exp u >= 1 + u, and no stronger bound: both sides of each are decided as they are."""
    w = sp.Symbol("w", real=True)
    space = Space(Notation((Parameter(w, "w", domain="(0, 9)"),)))
    assert space.feasible(Cell.of(sp.log(w) > w - 1)).answer is False and space.feasible(Cell.of(sp.exp(w) < 1 + w)).answer is False
    assert space.feasible(Cell.of(sp.log(w) > w - 2)).answer is not False and space.feasible(Cell.of(sp.exp(w) < 2 + w)).answer is not False
