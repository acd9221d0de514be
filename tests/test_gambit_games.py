"""Extreme equilibria of bimatrix games against Gambit's rational enumeration: random games, deliberately degenerate ones, its catalogue.

Zero differences are expected: the sets of exact extreme equilibria are compared, not their number. The slow tests take
the full 2,000 + 2,000 games; ordinary runs take every twentieth.
"""

from fractions import Fraction
from random import Random

import numpy as np
import pytest

from bargain.kernels.bimatrix import components, extreme_equilibria, max_regret, maximal_nash_subsets

gambit = pytest.importorskip("pygambit")

Table = list[list[Fraction]]
GAMES, STEP = 2000, 20


def theirs(a: Table, b: Table) -> set[tuple[tuple[Fraction, ...], ...]]:
    """Gambit's extreme equilibria, exactly."""
    exact = [np.array([[gambit.Rational(entry.numerator, entry.denominator) for entry in row] for row in table], dtype=object) for table in (a, b)]
    game = gambit.Game.from_arrays(*exact)
    profiles = gambit.nash.enummixed_solve(game, rational=True).equilibria
    sides = [list(player.strategies) for player in game.players]
    return {tuple(tuple(Fraction(str(profile[s])) for s in side) for side in sides) for profile in profiles}


def compare(a: Table, b: Table, name: str) -> None:
    ours = extreme_equilibria(a, b)
    assert set(ours) == theirs(a, b), name
    assert len(ours) == len(set(ours)) and all(max_regret(a, b, x, y) == 0 for x, y in ours), name
    assert sorted(k for group in components(maximal_nash_subsets(ours)) for k in group) == list(range(len(maximal_nash_subsets(ours))))


def generic(seed: int) -> tuple[Table, Table]:
    """Up to 6 x 6, payoffs that rarely tie."""
    random = Random(seed)
    m, n, largest = random.randint(1, 6), random.randint(1, 6), random.choice([9, 100, 10**6])
    a, b = ([[Fraction(random.randint(-largest, largest), random.choice([1, 1, 3])) for _ in range(n)] for _ in range(m)] for _ in range(2))
    return a, b


def degenerate(seed: int) -> tuple[Table, Table]:
    """Up to 6 x 6, payoffs in few values, with rows and columns repeated, made constant or made zero."""
    random = Random(10**6 + seed)
    m, n, values = random.randint(2, 6), random.randint(2, 6), random.choice([(0, 1), (-1, 0, 1), (0, 1, 2), (0, 1, 2, 3)])
    tables = []
    for _ in range(2):
        table = [[Fraction(random.choice(values)) for _ in range(n)] for _ in range(m)]
        for _ in range(random.randint(0, 2)):
            i, k, j, h = random.randrange(m), random.randrange(m), random.randrange(n), random.randrange(n)
            change = random.choice(["repeat row", "repeat column", "zero row", "zero column", "constant row"])
            if change == "repeat row":
                table[i] = list(table[k])
            elif change == "zero row":
                table[i] = [Fraction(0)] * n
            elif change == "constant row":
                table[i] = [Fraction(max(values))] * n
            else:
                for row in table:
                    row[j] = row[h] if change == "repeat column" else Fraction(0)
        tables.append(table)
    return tables[0], tables[1]


def test_random_games_have_gambits_extreme_equilibria() -> None:
    for seed in range(0, GAMES, STEP):
        compare(*generic(seed), f"generic, seed {seed}")


def test_degenerate_games_have_gambits_extreme_equilibria() -> None:
    tied = 0
    for seed in range(0, GAMES, STEP):
        a, b = degenerate(seed)
        compare(a, b, f"degenerate, seed {seed}")
        tied += len(maximal_nash_subsets(extreme_equilibria(a, b))) < len(extreme_equilibria(a, b))
    assert tied > GAMES // STEP // 3  # most of them do have continua


@pytest.mark.slow
def test_two_thousand_random_games_have_gambits_extreme_equilibria() -> None:
    for seed in range(GAMES):
        compare(*generic(seed), f"generic, seed {seed}")


@pytest.mark.slow
def test_two_thousand_degenerate_games_have_gambits_extreme_equilibria() -> None:
    for seed in range(GAMES):
        compare(*degenerate(seed), f"degenerate, seed {seed}")


@pytest.mark.parametrize("slug", sorted(gambit.catalog.games(n_players=2)["Game"]))
def test_every_two_player_game_of_the_catalogue_has_gambits_extreme_equilibria(slug: str) -> None:
    """Strategic games as they are, trees in their reduced strategic form."""
    a, b = (np.array(table) for table in gambit.catalog.load(slug).to_arrays(dtype=gambit.Rational))
    first, second = ([[Fraction(str(entry)) for entry in row] for row in table] for table in (a, b))
    compare(first, second, slug)
