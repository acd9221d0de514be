"""Coalitional games: published values, two routes to each, and certificates that refuse wrong answers."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
import sympy as sp

import bargain as bg
from bargain import BadInput, InvalidModel, NotApplicable, Parameter
from bargain.certify import certify
from bargain.games.coalitional import CoalitionalGame, airport_game, bankruptcy_game, coalitions, voting_game
from bargain.solution import Component
from bargain.solvers.coalitions.coalitional import BanzhafValue, Core, Nucleolus, ShapleyValue, TauValue
from bargain.solvers.coalitions.rationing import Rule, rationed

R = sp.Rational
GLOVES = CoalitionalGame("Gloves", ("L", "R1", "R2"), {("L", "R1"): 1, ("L", "R2"): 1, ("L", "R1", "R2"): 1})
MAJORITY = CoalitionalGame.of("Majority", "ABC", lambda s: int(len(s) >= 2))


def shares(game: CoalitionalGame, solver: object) -> list[sp.Expr]:
    solution = bg.solve(game, solver)
    assert solution.certificate.passed and solution.status.certified
    return list(solution.equilibria[0].payoffs.values())


def test_a_player_alone_gets_what_it_is_worth() -> None:
    for solver in (Nucleolus(), Nucleolus(individually_rational=False), ShapleyValue(), TauValue()):
        assert shares(CoalitionalGame("Alone", ("Al",), {("Al",): 3}), solver) == [3]


def random_game(seed: int, n: int = 4) -> CoalitionalGame:
    rng = np.random.default_rng(seed)
    names = "ABCDE"[:n]
    return CoalitionalGame(f"random {seed}", tuple(names), {s: R(int(rng.integers(-6, 13)) + 6 * (len(s) == n), 5) for s in coalitions(names) if s})


def test_published_values() -> None:
    assert shares(GLOVES, ShapleyValue()) == [R(2, 3), R(1, 6), R(1, 6)]
    assert shares(airport_game("runway", {"a": 1, "b": 2, "c": 3}), ShapleyValue()) == [R(1, 3), R(5, 6), R(11, 6)]
    assert shares(GLOVES, Nucleolus()) == [1, 0, 0]
    for estate, expected in [(100, [R(100, 3)] * 3), (200, [50, 75, 75]), (300, [50, 100, 150])]:
        claims = {"a": 100, "b": 200, "c": 300}
        assert shares(bankruptcy_game("Talmud", estate, claims), Nucleolus()) == expected == list(rationed(estate, claims, Rule.TALMUD).values())


def test_security_council() -> None:
    weights = {**{f"P{k}": 1 for k in range(5)}, **{f"N{k}": 1 for k in range(10)}}
    council = voting_game("Security Council", weights, 9, vetoes=[f"P{k}" for k in range(5)])
    value = ShapleyValue().run(council).equilibria[0].payoffs
    assert (value["P0"], value["N0"]) == (R(421, 2145), R(4, 2145))


@pytest.mark.parametrize("seed", range(6))
def test_values_by_orders_of_arrival(seed: int) -> None:
    game = random_game(seed)
    average = dict.fromkeys(game.players, sp.Integer(0))
    for order in permutations(game.players):
        for k, player in enumerate(order):
            average[player] += (game.worth[frozenset(order[: k + 1])] - game.worth[frozenset(order[:k])]) / 24
    assert dict(zip(game.players, shares(game, ShapleyValue()), strict=True)) == average


def test_shapley_value_for_all_parameters() -> None:
    g = sp.Symbol("g", real=True)
    notation = bg.Notation((Parameter(g, "gain", domain="[0, 1]", baseline="1/3"),))
    game = CoalitionalGame("Gains", ("A", "B", "C"), {("A", "B"): g, ("A", "B", "C"): 1, ("B", "C"): g**2}, notation)
    solution = bg.solve(game, ShapleyValue())
    assert solution.status is bg.Status.PROVED
    assert solution.at(g=R(1, 3)).equilibria[0].payoffs == bg.solve(game, ShapleyValue(), at={g: R(1, 3)}).equilibria[0].payoffs
    with pytest.raises(NotApplicable, match="not a rational number"):
        bg.solve(game, Nucleolus())


def test_core_of_gloves_is_one_point_and_of_majority_empty_with_a_proof() -> None:
    assert shares(GLOVES, Core()) == [1, 0, 0]
    empty = bg.solve(MAJORITY, Core())
    assert empty.equilibria == () and empty.certificate.passed
    assert set(empty.stats["balanced weights"].values()) == {R(1, 2)}
    wrong = {s: w / 2 for s, w in empty.stats["balanced weights"].items()}
    assert certify(replace(empty, stats={"balanced weights": wrong})).refuted
    least = bg.solve(MAJORITY, Nucleolus()).equilibria[0]
    assert least.quantities["excess"] == R(1, 3)


@pytest.mark.parametrize("seed", range(30))
def test_core_vertices_are_those_of_brute_force(seed: int) -> None:
    game = random_game(seed)
    solution = bg.solve(game, Core())
    found = {tuple(e.payoffs.values()) for e in solution.extreme}
    assert found == _brute_core(game) and solution.certificate.passed


def _brute_core(game: CoalitionalGame) -> set[tuple[sp.Expr, ...]]:
    from itertools import combinations

    rows = [([int(p in s) for p in game.players], game.worth[s]) for s in coalitions(game.players) if 0 < len(s) < 4]
    points = set()
    for tight in combinations(rows, 3):
        system = sp.Matrix([[1] * 4, *(row for row, _ in tight)])
        if system.rank() < 4:
            continue
        point = system.LUsolve(sp.Matrix([game.worth[game.everyone], *(value for _, value in tight)]))
        if all(sum(a * b for a, b in zip(row, point, strict=True)) >= value for row, value in rows):
            points.add(tuple(point))
    return points


@pytest.mark.parametrize("seed", range(30))
def test_nucleolus_is_certified_and_in_the_core(seed: int) -> None:
    game = random_game(seed)
    solution = bg.solve(game, Nucleolus(individually_rational=False))
    assert solution.certificate.passed
    point = solution.equilibria[0].payoffs
    if bg.solve(game, Core()).equilibria:
        assert all(sum(point[p] for p in s) >= game.worth[s] for s in coalitions(game.players) if s)
    moved = replace(solution.equilibria[0], payoffs={**point, "A": point["A"] + R(1, 7), "B": point["B"] - R(1, 7)})
    assert certify(replace(solution, regimes=(replace(solution.regimes[0], equilibria=(moved,)),))).refuted


def test_tau_value_and_banzhaf() -> None:
    talmud = bankruptcy_game("Talmud", 200, {"a": 100, "b": 200, "c": 300})
    assert shares(talmud, TauValue()) == [40, 80, 80]  # utopia payoffs (100, 200, 200), minimal rights 0: proportional
    assert shares(MAJORITY, BanzhafValue()) == [R(1, 2)] * 3 and shares(MAJORITY, BanzhafValue(normalised=True)) == [R(1, 3)] * 3
    with pytest.raises(NotApplicable, match="quasi-balanced"):
        bg.solve(MAJORITY, TauValue())


def test_burden_sharing_rules_agree_with_duality() -> None:
    claims = {"a": R(7, 2), "b": 5, "c": R(31, 3)}
    total = sum(claims.values())
    for amount in (0, R(11, 4), 9, R(25, 2), total):
        dual = rationed(total - amount, claims, Rule.EQUAL_AWARDS)
        assert rationed(amount, claims, Rule.EQUAL_LOSSES) == {p: claims[p] - dual[p] for p in claims}
        assert list(rationed(amount, claims, Rule.TALMUD).values()) == shares(bankruptcy_game("t", amount, claims), Nucleolus())
        assert sum(rationed(amount, claims, Rule.PROPORTIONAL).values()) == amount
    with pytest.raises(BadInput, match="cannot be shared"):
        rationed(total + 1, claims, Rule.TALMUD)


def test_bad_games_are_refused() -> None:
    with pytest.raises(InvalidModel, match="unknown player 'D'"):
        CoalitionalGame("bad", ("A", "B"), {("A", "D"): 1})
    with pytest.raises(InvalidModel, match="quota"):
        voting_game("bad", {"A": 1, "B": 1}, 3)
    with pytest.raises(bg.TooLarge):
        CoalitionalGame("big", tuple(map(str, range(20))), {})
    selfish = CoalitionalGame("own worth", ("A", "B"), {("A",): 2, ("B",): 2, ("A", "B"): 1})
    with pytest.raises(NotApplicable, match="no imputations"):
        bg.solve(selfish, Nucleolus())
    assert bg.solve(selfish, Nucleolus(individually_rational=False)).equilibria[0].payoffs == {"A": R(1, 2), "B": R(1, 2)}
    assert isinstance(bg.solve(CoalitionalGame("sum", ("A", "B"), {("A", "B"): 2}), Core()).equilibria[0], Component)
