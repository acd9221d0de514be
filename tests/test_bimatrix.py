"""The exact bimatrix kernels: recorded degenerate games, independent solvers, invariances."""

import json
import random
from fractions import Fraction
from itertools import product
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
import sympy as sp

from bargain.errors import BadInput
from bargain.kernels import polytope
from bargain.kernels.bimatrix import (
    components,
    extreme_equilibria,
    lemke_howson,
    max_regret,
    maximal_nash_subsets,
)
from bargain.kernels.packed import Packed
from bargain.kernels.polytope import best_response_vertices
from bargain.kernels.undominated import undominated

DEGENERATE = json.loads((Path(__file__).parent / "data" / "degenerate_games.json").read_text())
TIED_PAYOFFS = ((0, 1), (-1, 0, 1), (0, 1, 2, 3), tuple(range(-9, 10)))


def random_game(seed, m=None, n=None, payoffs=None):
    """A seeded game with few distinct payoffs, hence often degenerate."""
    draw = random.Random(seed)
    m, n = m or draw.randint(1, 4), n or draw.randint(1, 4)
    payoffs = payoffs or draw.choice(TIED_PAYOFFS)
    a, b = ([[draw.choice(payoffs) for _ in range(n)] for _ in range(m)] for _ in range(2))
    return a, b


def point(text):
    return tuple(Fraction(entry) for entry in text.split())


def vertices_by_bases(gains):
    """Vertices of {x >= 0, sum x = 1, gains^T x <= v}, by trying every set of binding inequalities."""
    d, k = len(gains), len(gains[0])
    inequalities = [[int(i == j) for j in range(d)] + [0] for i in range(d)]
    inequalities += [[-gains[i][reply] for i in range(d)] + [1] for reply in range(k)]
    found = {}
    for chosen in product((0, 1), repeat=d + k):
        if sum(chosen) != d:
            continue
        kernel = sp.Matrix([row for row, used in zip(inequalities, chosen, strict=True) if used]).nullspace()
        if len(kernel) != 1 or sum(kernel[0][:d]) == 0:
            continue
        ray = kernel[0] / sum(kernel[0][:d])
        slacks = [sum(p * q for p, q in zip(row, ray, strict=True)) for row in inequalities]
        if min(slacks) >= 0:
            found[tuple(map(Fraction, map(str, ray[:d])))] = sum(1 << i for i, slack in enumerate(slacks) if slack == 0)
    return found


def rational_solutions(a, b):
    """Gambit's extreme equilibria, as a set of exact pairs."""
    gambit = pytest.importorskip("pygambit")
    game = gambit.Game.from_arrays(np.array(a, dtype=object), np.array(b, dtype=object))
    profiles = gambit.nash.enummixed_solve(game, rational=True).equilibria
    rows, columns = ([s for s in player.strategies] for player in game.players)
    return {tuple(tuple(Fraction(str(e[s])) for s in side) for side in (rows, columns)) for e in profiles}


# Refusals


@pytest.mark.parametrize("a, b", [([], []), ([[]], [[]]), ([[1, 2]], [[1]]), ([[1, 2], [3]], [[1, 2], [3]])])
def test_payoffs_that_are_not_two_matrices_of_one_shape_are_refused(a, b):
    with pytest.raises(BadInput, match="one shape"):
        extreme_equilibria(a, b)


@pytest.mark.parametrize("label", [-1, 4])
def test_a_label_outside_the_game_is_refused(label):
    with pytest.raises(BadInput, match="take 0 to 3"):
        lemke_howson([[1, 0], [0, 1]], [[1, 0], [0, 1]], label)


# Trivial games and families with a formula


def test_the_game_with_one_cell_has_one_equilibrium():
    assert extreme_equilibria([[7]], [[-2]]) == [((1,), (1,))]
    assert lemke_howson([[7]], [[-2]], 1) == ((1,), (1,))


@pytest.mark.parametrize("m, n", [(1, 3), (3, 1), (2, 3), (4, 4)])
def test_if_all_payoffs_are_equal_every_profile_is_an_equilibrium(m, n):
    extremes = extreme_equilibria([[5] * n] * m, [[5] * n] * m)
    assert len(extremes) == m * n
    assert [(len(x), len(y)) for x, y in maximal_nash_subsets(extremes)] == [(m, n)]


@pytest.mark.parametrize("n", range(1, 7))
def test_a_coordination_game_has_one_equilibrium_for_every_support(n):
    payoff = [[Fraction(2, 7) if i == j else 0 for j in range(n)] for i in range(n)]
    extremes = extreme_equilibria(payoff, payoff)
    assert len(extremes) == 2**n - 1
    assert all(x == y and len({p for p in x if p}) == 1 for x, y in extremes)


def test_extreme_equilibria_come_in_descending_order():
    extremes = extreme_equilibria(*random_game(5, 4, 4, (0, 1)))
    assert len(extremes) > 3
    assert extremes == sorted(set(extremes), reverse=True)


# Published and recorded games


@pytest.mark.parametrize("game", DEGENERATE, ids=[game["name"] for game in DEGENERATE])
def test_recorded_degenerate_games_have_their_extremes_subsets_and_components(game):
    expected = {(frozenset(map(point, left)), frozenset(map(point, right))) for left, right in game["subsets"]}
    extremes = extreme_equilibria(game["a"], game["b"])
    subsets = maximal_nash_subsets(extremes)
    assert len(extremes) == game["extremes"]
    assert set(extremes) == {pair for left, right in expected for pair in product(left, right)}
    assert len(subsets) == len(expected)
    assert {(frozenset(left), frozenset(right)) for left, right in subsets} == expected
    assert len(components(subsets)) == game["components"]


def test_the_nondegenerate_game_for_which_nashpy_returns_nothing_has_its_equilibrium():
    a, b = [[0, 1, 2], [5, 0, 7], [7, 6, 6]], [[1, 6, 5], [8, 0, 2], [0, 4, 8]]
    expected = (point("0 4/7 3/7"), point("1/3 0 2/3"))
    assert extreme_equilibria(a, b) == [expected]
    assert lemke_howson(a, b) == expected


# Independent routes agree


@pytest.mark.parametrize("seed", range(40))
def test_vertices_and_labels_are_those_found_by_trying_every_basis(seed):
    gains, _ = random_game(seed, payoffs=(0, 1, 2) if seed % 2 else None)
    found = best_response_vertices(gains)
    weights = [tuple(Fraction(w, sum(x)) for w in x) for x in found.points[1:]]
    assert not any(found.points[0])
    assert len(found) == len(set(weights)) + 1
    assert dict(zip(weights, found.labels[1:], strict=True)) == vertices_by_bases(gains)


@pytest.mark.parametrize("payoffs, packed", [((0, 1, 2, 3), {False}), (tuple(range(25)), {False, True}), (tuple(range(-999, 1000)), {True})])
def test_packed_rays_are_the_plain_ones_also_after_one_with_a_further_label(monkeypatch, payoffs, packed):
    packed_to_the_end = set()
    for seed in range(12):
        gains, _ = random_game(seed, 2 + seed % 5, 3 + seed % 6, payoffs)
        both = []
        for plain in (0, 10**9):
            monkeypatch.setattr(polytope, "_PLAIN", plain)
            found = best_response_vertices(gains)
            both.append({mask: tuple(Fraction(w, max(1, sum(x))) for w in x) for x, mask in zip(found.points, found.labels, strict=True)})
            packed_to_the_end |= {isinstance(found.points, Packed)} if plain == 0 else set()
        assert both[0] == both[1] and len(both[0]) == len(found)
    assert packed_to_the_end == packed


@pytest.mark.parametrize("seed", range(60))
def test_removing_dominated_actions_changes_no_equilibrium(seed):
    a, b = random_game(seed, 2 + seed % 3, 2 + seed % 4, (0, 1, 2, 3) if seed % 2 else None)
    kept = undominated(a, list(zip(*b, strict=True)))[:2]
    xs, ys = best_response_vertices(b), best_response_vertices(list(zip(*a, strict=True)))
    pairs = {(tuple(Fraction(w, sum(x)) for w in x), tuple(Fraction(w, sum(y)) for w in y)) for x in xs.points[1:] for y in ys.points[1:]}
    assert set(extreme_equilibria(a, b)) == {(x, y) for x, y in pairs if max_regret(a, b, x, y) == 0}
    assert all(not any(w for k, w in enumerate(mixed) if k not in own) for pair in extreme_equilibria(a, b) for mixed, own in zip(pair, kept, strict=True))


@pytest.mark.parametrize("seed", range(300))
def test_extreme_equilibria_are_those_of_gambit(seed):
    a, b = random_game(seed, *((2, 2) if seed < 20 else (None, None)))
    extremes = extreme_equilibria(a, b)
    assert set(extremes) == rational_solutions(a, b)
    assert len(extremes) == len(set(extremes))


@pytest.mark.parametrize("payoffs", [(0, 1, 2), tuple(range(25)), tuple(range(1000))])
def test_extreme_equilibria_of_larger_games_are_those_of_gambit(payoffs):
    a, b = random_game(3, 7, 8, payoffs)
    assert set(extreme_equilibria(a, b)) == rational_solutions(a, b)


def products_by_trying_every_set(edges):
    """Maximal complete bipartite subgraphs, by closing every set of left vertices."""
    partners = {x: {y for z, y in edges if z == x} for x, _ in edges}
    found = set()
    for chosen in product((False, True), repeat=len(partners)):
        lists = [mine for mine, used in zip(partners.values(), chosen, strict=True) if used]
        right = set.intersection(*lists) if lists else set()
        if right:
            found.add((frozenset(x for x, mine in partners.items() if mine >= right), frozenset(right)))
    return found


@pytest.mark.parametrize("seed", range(80))
def test_maximal_nash_subsets_are_the_maximal_products_of_extreme_equilibria(seed):
    extremes = extreme_equilibria(*random_game(seed, payoffs=(0, 1, 2)))
    subsets = maximal_nash_subsets(extremes)
    assert len(subsets) == len(set(subsets))
    expected = products_by_trying_every_set(set(extremes))
    assert {(frozenset(left), frozenset(right)) for left, right in subsets} == expected


@pytest.mark.parametrize("seed", range(80))
def test_components_are_those_of_the_graph_of_extreme_equilibria(seed):
    extremes = extreme_equilibria(*random_game(seed, payoffs=(0, 1)))
    subsets = maximal_nash_subsets(extremes)
    graph = nx.Graph((("x", x), ("y", y)) for x, y in extremes)
    found = [{v for i in group for v in _tagged(subsets[i])} for group in components(subsets)]
    assert sorted(i for group in components(subsets) for i in group) == list(range(len(subsets)))
    assert {frozenset(part) for part in nx.connected_components(graph)} == {frozenset(part) for part in found}


def _tagged(subset):
    return [("x", x) for x in subset[0]] + [("y", y) for y in subset[1]]


@pytest.mark.parametrize("seed", range(80))
def test_every_lemke_howson_path_of_a_tied_game_ends_at_an_extreme_equilibrium(seed):
    a, b = random_game(seed, payoffs=(0, 1, 2))
    extremes = extreme_equilibria(a, b)
    for label in range(len(a) + len(a[0])):
        x, y = lemke_howson(a, b, label)
        assert max_regret(a, b, x, y) == 0
        assert (x, y) in extremes


@pytest.mark.parametrize("payoffs", [(0, 1), (-1, 0, 1), tuple(range(1000))])
def test_lemke_howson_has_no_regret_in_games_of_25_strategies(payoffs):
    a, b = random_game(11, 25, 25, payoffs)
    for label in (0, 30):
        x, y = lemke_howson(a, b, label)
        assert max_regret(a, b, x, y) == 0


def test_lemke_howson_finds_different_equilibria_from_different_labels():
    a, b = [[3, 0, 0], [0, 2, 0], [0, 0, 1]], [[1, 0, 0], [0, 2, 0], [0, 0, 3]]
    assert {lemke_howson(a, b, label)[0] for label in range(3)} == {(1, 0, 0), (0, 1, 0), (0, 0, 1)}


def test_regret_is_positive_away_from_the_equilibria():
    a, b = [[1, -1], [-1, 1]], [[-1, 1], [1, -1]]
    x, y = extreme_equilibria(a, b)[0]
    assert max_regret(a, b, x, y) == 0
    assert max_regret(a, b, (Fraction(501, 1000), Fraction(499, 1000)), y) == Fraction(1, 500)
    assert max_regret(a, b, x, (Fraction(501, 1000), Fraction(499, 1000))) == Fraction(1, 500)


# Invariances


@pytest.mark.parametrize("seed", range(40))
def test_shifting_and_scaling_payoffs_changes_no_equilibrium(seed):
    a, b = random_game(seed)
    far = 10**6 + 1
    shifted = [[far + Fraction(3, 7) * entry + j**2 for j, entry in enumerate(row)] for row in a]
    scaled = [[Fraction(entry, 11) - i for entry in row] for i, row in enumerate(b)]
    assert extreme_equilibria(shifted, scaled) == extreme_equilibria(a, b)


@pytest.mark.parametrize("seed", range(40))
def test_exchanging_the_players_exchanges_the_equilibria(seed):
    a, b = random_game(seed)
    exchanged = extreme_equilibria(list(zip(*b, strict=True)), list(zip(*a, strict=True)))
    assert {(x, y) for y, x in exchanged} == set(extreme_equilibria(a, b))


@pytest.mark.parametrize("seed", range(40))
def test_reordering_strategies_reorders_the_equilibria(seed):
    a, b = random_game(seed)
    draw = random.Random(seed)
    rows, columns = (draw.sample(range(size), size) for size in (len(a), len(a[0])))
    permuted = extreme_equilibria(*([[p[i][j] for j in columns] for i in rows] for p in (a, b)))
    original = extreme_equilibria(a, b)
    assert {(tuple(x[i] for i in rows), tuple(y[j] for j in columns)) for x, y in original} == set(permuted)
